"""What the sandbox remembers: dossiers, authorisations and the history of every act, in SQLite, durably.

It plays another organisation's machine: its folder is the sandbox's own, never the profile of the program.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path

from dmp_desktop.domain.dossier import Authorisation, DossierState
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.errors import StorageError
from dmp_desktop.sandbox.library import PAPERS
from dmp_desktop.sandbox.paper import Paper
from dmp_desktop.sandbox.people import FictionalPerson
from dmp_desktop.sandbox.registry import REGISTRY_SCHEMA, Registry
from dmp_desktop.sandbox.seeds import seed

_SCHEMA = """
CREATE TABLE dossier (
    ins TEXT PRIMARY KEY, state TEXT NOT NULL, created_at TEXT NOT NULL, created_by TEXT NOT NULL,
    consent_at TEXT NOT NULL, centre_15 INTEGER NOT NULL, break_glass INTEGER NOT NULL,
    mobile TEXT NOT NULL, email TEXT NOT NULL, representative TEXT NOT NULL, representative_quality TEXT NOT NULL,
    card_name TEXT NOT NULL, card_given TEXT NOT NULL, card_birth TEXT NOT NULL,
    attached_to_mes INTEGER NOT NULL, closed_on TEXT NOT NULL, close_reason TEXT NOT NULL
) STRICT;
CREATE TABLE authorisation (
    ins TEXT NOT NULL, grantee TEXT NOT NULL, state TEXT NOT NULL, treating INTEGER NOT NULL, since TEXT NOT NULL,
    PRIMARY KEY (ins, grantee)
) STRICT;
CREATE TABLE access (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, message_id TEXT NOT NULL, act TEXT NOT NULL,
    professional TEXT NOT NULL, structure TEXT NOT NULL, mode TEXT NOT NULL, ins TEXT NOT NULL, outcome TEXT NOT NULL
) STRICT;
CREATE INDEX access_by_ins ON access (ins);
"""
# Columns of version 2, added to a store of version 1 as to a new one.
_ADDED = {
    "dossier": (
        *(f"{name} TEXT NOT NULL DEFAULT ''" for name in ("representative_given", "home_phone", "street", "locator")),
        *(f"{name} TEXT NOT NULL DEFAULT ''" for name in ("postcode", "city", "country", "account")),
        "masked_in_urgency INTEGER NOT NULL DEFAULT 0",
    ),
    "access": tuple(f"{name} TEXT NOT NULL DEFAULT ''" for name in ("identity", "motive", "secret")),
}
_VERSION = 2
_FLAGS = frozenset({"centre_15", "break_glass", "attached_to_mes", "masked_in_urgency"})


class SandboxStoreUnreadable(StorageError):
    """The sandbox's database is damaged, foreign, or of another version."""

    code = "sandbox-store-unreadable"


@dataclass(frozen=True, slots=True, repr=False)
class Dossier:
    """One dossier of the store.

    :ivar created_at, consent_at: ISO 8601 with its zone; ``created_by``: PS_IdNat.
    :ivar centre_15, break_glass: whether the person allows these accesses.
    :ivar representative: family then given name, ``""`` when there is none; ``representative_given``: the given one.
    :ivar street: lines of the address, one a line; ``locator``: residence, floor.
    :ivar account: login of the internet account, ``""`` when there is none.
    :ivar masked_in_urgency: the person lets masked documents be read in urgency.
    :ivar card_name, card_given, card_birth: the Vitale traits as they came.
    """

    ins: Ins
    state: DossierState
    created_at: str
    created_by: str
    consent_at: str = ""
    centre_15: bool = True
    break_glass: bool = True
    mobile: str = ""
    email: str = ""
    representative: str = ""
    representative_quality: str = ""
    card_name: str = ""
    card_given: str = ""
    card_birth: str = ""
    attached_to_mes: bool = False
    closed_on: str = ""
    close_reason: str = ""
    representative_given: str = ""
    home_phone: str = ""
    street: str = ""
    locator: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    account: str = ""
    masked_in_urgency: bool = False

    def __repr__(self) -> str:
        return f"Dossier({self.state})"


@dataclass(frozen=True, slots=True, repr=False)
class Access:
    """One act, as the history keeps it.

    :ivar act: transaction; ``outcome``: ``OK`` or the code of the refusal.
    :ivar ins: matricule, or ``""`` when the message named nobody.
    :ivar identity: how the caller proved who they are; ``motive``: of a bris de glace; ``secret``: ``oui`` when the
        legal representatives must not see it.
    """

    at: str
    message_id: str
    act: str
    professional: str
    structure: str
    mode: str
    ins: str
    outcome: str
    identity: str = ""
    motive: str = ""
    secret: str = ""

    def __repr__(self) -> str:
        return f"Access({self.act}, {self.outcome})"


_ACCESS = ", ".join(f.name for f in fields(Access))


@dataclass(frozen=True, slots=True, repr=False)
class Grant:
    """An authorisation or a block.

    :ivar ins: matricule; ``grantee``: PS_IdNat or Struct_IdNat; ``since``: ISO 8601.
    """

    ins: str
    grantee: str
    state: Authorisation
    treating: bool
    since: str

    def __repr__(self) -> str:
        return f"Grant({self.state})"


class Store:
    """The database of one sandbox; safe from any thread.

    :param people: seeded when the database is new, with ``papers``, their documents.
    :raises SandboxStoreUnreadable: the file cannot be one of ours.
    """

    def __init__(
        self, path: Path, people: Iterable[FictionalPerson], now: datetime, papers: Sequence[Paper] = PAPERS
    ) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.registry = Registry(self._db, self._lock, self._transaction)
        try:
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            if not 0 <= version <= _VERSION:
                raise SandboxStoreUnreadable("sandbox store of another version")
            if version < _VERSION:
                self._prepare(version, tuple(people), papers, now)
        except sqlite3.DatabaseError as error:
            self._db.close()
            raise SandboxStoreUnreadable(f"sandbox store: {type(error).__name__}") from None
        except SandboxStoreUnreadable:
            self._db.close()
            raise

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._db.close()

    def dossier(self, ins: Ins) -> Dossier | None:
        """The dossier of a person, or ``None``."""
        names = [f.name for f in fields(Dossier)][1:]
        with self._lock:
            row = self._db.execute(
                f"SELECT {', '.join(names)} FROM dossier WHERE ins = ?",  # noqa: S608 - our own names
                (ins.value,),
            ).fetchone()
        if row is None:
            return None
        values = dict(zip(names, row, strict=True))
        values["state"] = DossierState(values["state"])
        for flag in _FLAGS:
            values[flag] = bool(values[flag])
        return Dossier(ins, **values)

    def create(self, dossier: Dossier) -> bool:
        """Add a dossier; ``False`` when there is one already, whatever its state."""
        names = [f.name for f in fields(Dossier)]
        values = [dossier.ins.value, dossier.state.value] + [getattr(dossier, name) for name in names[2:]]
        marks = ", ".join("?" * len(names))
        with self._transaction():
            cursor = self._db.execute(
                f"INSERT OR IGNORE INTO dossier ({', '.join(names)}) VALUES ({marks})",  # noqa: S608 - our own names
                values,
            )
            return cursor.rowcount == 1

    def reactivate(self, ins: Ins, consent_at: str) -> bool:
        """Make a closed dossier active; ``False`` when there is no closed one."""
        with self._transaction():
            cursor = self._db.execute(
                "UPDATE dossier SET state = 'active', consent_at = ?, closed_on = '', close_reason = ''"
                " WHERE ins = ? AND state = 'closed'",
                (consent_at, ins.value),
            )
            return cursor.rowcount == 1

    def change(self, ins: Ins, **values: str | bool) -> None:
        """Change columns of a dossier (names of :class:`Dossier`)."""
        with self._transaction():
            for name, value in values.items():
                self._db.execute(f"UPDATE dossier SET {name} = ? WHERE ins = ?", (value, ins.value))  # noqa: S608

    def grants(self, ins: Ins) -> tuple[Grant, ...]:
        """Every authorisation and block of a dossier."""
        with self._lock:
            rows = self._db.execute(
                "SELECT ins, grantee, state, treating, since FROM authorisation WHERE ins = ? ORDER BY grantee",
                (ins.value,),
            ).fetchall()
        return tuple(Grant(row[0], row[1], Authorisation(row[2]), bool(row[3]), row[4]) for row in rows)

    def granted(self, grantees: Iterable[str]) -> tuple[Grant, ...]:
        """The authorisations in force of these grantees, over all dossiers."""
        wanted = tuple(grantees)
        with self._lock:
            rows = self._db.execute(
                f"SELECT ins, grantee, state, treating, since FROM authorisation WHERE state = ?"  # noqa: S608
                f" AND grantee IN ({', '.join('?' * len(wanted))}) ORDER BY ins, grantee",
                (Authorisation.VALID.value, *wanted),
            ).fetchall()
        return tuple(Grant(row[0], row[1], Authorisation(row[2]), bool(row[3]), row[4]) for row in rows)

    def last_act(self, ins: str, professional: str) -> str:
        """When a professional last acted on a dossier, ``""`` for never."""
        with self._lock:
            (at,) = self._db.execute(
                "SELECT max(at) FROM access WHERE ins = ? AND professional = ? AND outcome = 'OK'", (ins, professional)
            ).fetchone()
        return str(at or "")

    def authorisation(self, ins: Ins, grantees: Iterable[str]) -> tuple[Authorisation, bool]:
        """The best authorisation among those of ``grantees``, and whether one of them is médecin traitant.

        A block wins over everything.
        """
        found: set[Authorisation] = set()
        treating = False
        with self._lock:
            for grantee in grantees:
                row = self._db.execute(
                    "SELECT state, treating FROM authorisation WHERE ins = ? AND grantee = ?", (ins.value, grantee)
                ).fetchone()
                if row is not None:
                    found.add(Authorisation(row[0]))
                    treating = treating or bool(row[1])
        order = (Authorisation.FORBIDDEN, Authorisation.VALID, Authorisation.EXPIRED)
        return next((state for state in order if state in found), Authorisation.NONE), treating

    def authorise(self, ins: Ins, grantee: str, at: datetime, *, treating: bool) -> bool:
        """Give, renew or change an authorisation; ``False`` when nothing changed."""
        with self._transaction():
            row = self._db.execute(
                "SELECT state, treating FROM authorisation WHERE ins = ? AND grantee = ?", (ins.value, grantee)
            ).fetchone()
            if row == (Authorisation.VALID.value, int(treating)):
                return False
            if treating:
                self._db.execute("UPDATE authorisation SET treating = 0 WHERE ins = ?", (ins.value,))
            self._grant(ins, grantee, Authorisation.VALID, treating, at)
            return True

    def withdraw(self, ins: Ins, grantee: str) -> bool:
        """Take an authorisation away; ``False`` when there was none."""
        with self._transaction():
            cursor = self._db.execute(
                "DELETE FROM authorisation WHERE ins = ? AND grantee = ? AND state <> ?",
                (ins.value, grantee, Authorisation.FORBIDDEN.value),
            )
            return cursor.rowcount == 1

    def record(self, access: Access) -> None:
        """Add an act to the history."""
        values = [getattr(access, f.name) for f in fields(Access)]
        with self._transaction():
            self._db.execute(
                f"INSERT INTO access ({_ACCESS}) VALUES ({', '.join('?' * len(values))})",  # noqa: S608
                values,
            )

    def accesses(self, ins: Ins | None = None) -> tuple[Access, ...]:
        """The history, oldest first, of one person or of everybody."""
        query = f"SELECT {_ACCESS} FROM access"  # noqa: S608 - our own names
        with self._lock:
            rows = self._db.execute(
                f"{query} WHERE ? = '' OR ins = ? ORDER BY id", (ins.value if ins else "", ins.value if ins else "")
            ).fetchall()
        return tuple(Access(*row) for row in rows)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _prepare(
        self, version: int, people: tuple[FictionalPerson, ...], papers: Sequence[Paper], now: datetime
    ) -> None:
        with self._transaction():
            if version == 0:
                for statement in filter(str.strip, _SCHEMA.split(";")):
                    self._db.execute(statement)
            for table, columns in _ADDED.items():
                for column in columns:
                    self._db.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
            for statement in filter(str.strip, REGISTRY_SCHEMA.split(";")):
                self._db.execute(statement)
            if version == 0:
                self._seed(people, now)
            self.registry.file_within(seed(people, now, papers))
            self._db.execute(f"PRAGMA user_version = {_VERSION}")

    def _grant(self, ins: Ins, grantee: str, state: Authorisation, treating: bool, at: datetime) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO authorisation (ins, grantee, state, treating, since) VALUES (?, ?, ?, ?, ?)",
            (ins.value, grantee, state.value, int(treating), at.isoformat()),
        )

    def _seed(self, people: Iterable[FictionalPerson], now: datetime) -> None:
        columns = [f.name for f in fields(Dossier)]
        for person in people:
            if person.state is DossierState.NONE:
                continue
            state = DossierState.ACTIVE if person.state is DossierState.BLOCKED else person.state
            dossier = Dossier(
                person.ins,
                state,
                now.isoformat(),
                "",
                attached_to_mes=person.attached_to_mes,
                closed_on=person.closed_on,
                close_reason=person.close_reason,
                **person.file,
            )
            values = [person.ins.value, state.value] + [getattr(dossier, name) for name in columns[2:]]
            self._db.execute(
                f"INSERT INTO dossier ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",  # noqa: S608
                values,
            )
            for state_of, grantees in (
                (Authorisation.VALID, person.authorised),
                (Authorisation.EXPIRED, person.expired),
                (Authorisation.FORBIDDEN, person.blocked_for),
            ):
                for grantee in sorted(grantees):
                    self._grant(person.ins, grantee, state_of, grantee == person.treating, now)
