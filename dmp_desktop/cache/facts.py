"""Figures about the files, for the diagnostics page: counts, sizes and versions, nothing of anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dmp_desktop.cache.database import Database


@dataclass(frozen=True, slots=True)
class FileFacts:
    """One encrypted file.

    :ivar version: of its schema; ``pages`` and ``free_pages`` of ``page_size`` bytes.
    """

    version: int
    pages: int
    free_pages: int
    page_size: int
    cipher: str
    sqlite: str


@dataclass(frozen=True, slots=True)
class QueueLine:
    """Acts of one kind that stand in one state, for one cause. ``oldest``: when the first of them was made, aware."""

    kind: str
    state: str
    cause: str
    count: int
    oldest: datetime


def file_facts(database: Database) -> FileFacts:
    """Figures of an open file."""

    def one(sql: str) -> str:
        row = database.row(sql)
        return str(row[0]) if row else ""

    return FileFacts(
        version=int(one("PRAGMA user_version")),
        pages=int(one("PRAGMA page_count")),
        free_pages=int(one("PRAGMA freelist_count")),
        page_size=int(one("PRAGMA page_size")),
        cipher=one("PRAGMA cipher_version"),
        sqlite=one("SELECT sqlite_version()"),
    )


def queue_lines(database: Database) -> tuple[QueueLine, ...]:
    """What waits in the outbox of ``desk.db``, by kind, state and cause."""
    rows = database.rows(
        "SELECT kind, state, cause, count(*) AS count, min(created_at) AS oldest FROM pending"
        " GROUP BY kind, state, cause ORDER BY kind, state, cause"
    )
    return tuple(
        QueueLine(row["kind"], row["state"], row["cause"], row["count"], datetime.fromisoformat(row["oldest"]))
        for row in rows
    )
