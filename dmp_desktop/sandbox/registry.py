"""What the registry and the repository of the sandbox hold: descriptions of documents, submissions, links, bytes."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, fields

REGISTRY_SCHEMA = """
CREATE TABLE entry (
    uuid TEXT PRIMARY KEY, lid TEXT NOT NULL, version INTEGER NOT NULL, unique_id TEXT NOT NULL, ins TEXT NOT NULL,
    status TEXT NOT NULL, latest INTEGER NOT NULL, submitted_at TEXT NOT NULL, xml BLOB NOT NULL
) STRICT;
CREATE INDEX entry_by_ins ON entry (ins);
CREATE INDEX entry_by_unique_id ON entry (unique_id);
CREATE TABLE submission (
    uuid TEXT PRIMARY KEY, unique_id TEXT NOT NULL UNIQUE, ins TEXT NOT NULL, submitted_at TEXT NOT NULL,
    xml BLOB NOT NULL
) STRICT;
CREATE INDEX submission_by_ins ON submission (ins);
CREATE TABLE association (
    uuid TEXT PRIMARY KEY, kind TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL, xml BLOB NOT NULL
) STRICT;
CREATE INDEX association_by_source ON association (source);
CREATE INDEX association_by_target ON association (target);
CREATE TABLE content (unique_id TEXT PRIMARY KEY, mime TEXT NOT NULL, bytes BLOB NOT NULL) STRICT
"""


@dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """One version of the description of a document.

    :ivar latest: no later version of this description exists; ``submitted_at``: ISO 8601.
    :ivar xml: its ``ExtrinsicObject``; its status and version are those of the columns.
    """

    uuid: str
    lid: str
    version: int
    unique_id: str
    ins: str
    status: str
    latest: bool
    submitted_at: str
    xml: bytes

    def __repr__(self) -> str:
        return f"Entry({self.uuid}, {self.version})"


@dataclass(frozen=True, slots=True, repr=False)
class Package:
    """One submission; ``xml`` is its ``RegistryPackage``."""

    uuid: str
    unique_id: str
    ins: str
    submitted_at: str
    xml: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Link:
    """One association; ``xml`` is its element."""

    uuid: str
    kind: str
    source: str
    target: str
    xml: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Content:
    """The bytes of a document."""

    unique_id: str
    mime: str
    bytes: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """What is filed together, or not at all.

    :ivar statuses: new status of entries already there, by uuid; ``superseded``: entries that a later version follows.
    """

    entries: tuple[Entry, ...] = ()
    packages: tuple[Package, ...] = ()
    links: tuple[Link, ...] = ()
    contents: tuple[Content, ...] = ()
    statuses: dict[str, str] = field(default_factory=dict)
    superseded: tuple[str, ...] = ()


class Registry:
    """Descriptions and bytes, in the database of the store.

    :param transaction: opens a transaction of the store.
    """

    def __init__(
        self,
        database: sqlite3.Connection,
        lock: threading.RLock,
        transaction: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._db = database
        self._lock = lock
        self._transaction = transaction

    def file(self, batch: Batch) -> None:
        """File everything of ``batch`` in one transaction."""
        with self._transaction():
            self.file_within(batch)

    def file_within(self, batch: Batch) -> None:
        """As :meth:`file`, within a transaction already open."""
        for table, kind, rows in (
            ("entry", Entry, batch.entries),
            ("submission", Package, batch.packages),
            ("association", Link, batch.links),
            ("content", Content, batch.contents),
        ):
            names = [f.name for f in fields(kind)]
            marks = ", ".join("?" * len(names))
            self._db.executemany(
                f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})",  # noqa: S608 - our own names
                [[getattr(row, name) for name in names] for row in rows],
            )
        for uuid in batch.superseded:
            self._db.execute("UPDATE entry SET latest = 0 WHERE uuid = ?", (uuid,))
        for uuid, status in batch.statuses.items():
            self._db.execute("UPDATE entry SET status = ? WHERE uuid = ?", (status, uuid))

    def entries(self, ins: str) -> tuple[Entry, ...]:
        """The latest descriptions of a person's documents, in order of filing."""
        return self._entries("ins = ? AND latest = 1", (ins,))

    def by_uuid(self, uuids: Iterable[str]) -> tuple[Entry, ...]:
        """Descriptions by entryUUID, whatever their version."""
        return self._some("uuid", uuids, "")

    def by_unique_id(self, unique_ids: Iterable[str]) -> tuple[Entry, ...]:
        """The latest description of each of these documents."""
        return self._some("unique_id", unique_ids, " AND latest = 1")

    def by_lid(self, lid: str) -> Entry | None:
        """The latest description of a logical id."""
        found = self._entries("lid = ? AND latest = 1", (lid,))
        return found[0] if found else None

    def packages(self, ins: str) -> tuple[Package, ...]:
        """A person's submissions, in order."""
        with self._lock:
            rows = self._db.execute(
                "SELECT uuid, unique_id, ins, submitted_at, xml FROM submission WHERE ins = ? ORDER BY rowid", (ins,)
            ).fetchall()
        return tuple(Package(*row) for row in rows)

    def has_submission(self, unique_id: str) -> bool:
        """Whether a submission of this uniqueId was filed."""
        with self._lock:
            found = self._db.execute("SELECT 1 FROM submission WHERE unique_id = ?", (unique_id,)).fetchone()
        return found is not None

    def links(self, uuids: Iterable[str]) -> tuple[Link, ...]:
        """Every association that has one of these at an end."""
        found: dict[str, Link] = {}
        with self._lock:
            for uuid in uuids:
                for row in self._db.execute(
                    "SELECT uuid, kind, source, target, xml FROM association WHERE source = ? OR target = ?"
                    " ORDER BY rowid",
                    (uuid, uuid),
                ):
                    found.setdefault(row[0], Link(*row))
        return tuple(found.values())

    def content(self, unique_id: str) -> Content | None:
        """The bytes of a document."""
        with self._lock:
            row = self._db.execute(
                "SELECT unique_id, mime, bytes FROM content WHERE unique_id = ?", (unique_id,)
            ).fetchone()
        return Content(*row) if row is not None else None

    def _some(self, column: str, values: Iterable[str], more: str) -> tuple[Entry, ...]:
        found: list[Entry] = []
        for value in dict.fromkeys(values):
            found += self._entries(f"{column} = ?{more}", (value,))
        return tuple(found)

    def _entries(self, where: str, values: tuple[str, ...]) -> tuple[Entry, ...]:
        names = ", ".join(f.name for f in fields(Entry))
        with self._lock:
            rows = self._db.execute(
                f"SELECT {names} FROM entry WHERE {where} ORDER BY rowid",  # noqa: S608 - our own names
                values,
            ).fetchall()
        return tuple(
            Entry(row[0], row[1], row[2], row[3], row[4], row[5], bool(row[6]), row[7], row[8]) for row in rows
        )
