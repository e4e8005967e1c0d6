"""The journal: what was done here, by whom and when; it only grows, and each row carries the hash of the one before.

Ids, acts and reasons only: a dossier appears as its pseudonym, a person of the practice as their professional id.
The chain shows that nothing was changed by mistake or by an ordinary tool; it does not stop someone who holds the
store's key and rewrites every row after the one they change.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dmp_desktop.cache.database import Database
from dmp_desktop.cache.errors import TamperedJournal
from dmp_desktop.cache.journal_acts import Act
from dmp_desktop.cache.rows import stamp
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.events import Author

__all__ = ["Act", "Journal", "JournalRow", "journal_row"]


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One row, as stored. ``offset``: this computer's clock minus the store's, when an answer told it."""

    row: int
    at: datetime
    act: str
    event: str
    dossier: str
    professional: str
    structure: str
    reason: str
    offset: timedelta | None


class Journal:
    """The journal of one store."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def append(
        self,
        act: Act,
        author: Author,
        *,
        event: str = "",
        dossier: str = "",
        reason: str = "",
        store_time: datetime | None = None,
    ) -> None:
        """Write one row, in the current transaction if there is one.

        :param reason: a code or a few words chosen by the person; never an identity.
        :param store_time: the store's clock in the answer this row tells of.
        """
        now = self._clock.now()
        offset = round((now - store_time).total_seconds() * 1000) if store_time else None
        with self._database.transaction():
            head = self._database.row("SELECT row, hash FROM journal_head")
            if head is None:
                raise TamperedJournal("journal head missing", row=1)
            values = (
                head["row"] + 1,
                stamp(now),
                act.value,
                event,
                dossier,
                author.professional,
                author.structure,
                reason,
                offset,
                head["hash"],
            )
            digest = _digest(values)
            self._database.execute(
                "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, digest),
            )
            self._database.execute("UPDATE journal_head SET row = ?, hash = ?", (values[0], digest))

    def verify(self) -> int:
        """Walk the whole chain; give the number of rows.

        :raises TamperedJournal: with the first row that is changed, missing or out of place in ``facts["row"]``.
        """
        expected, previous = 1, ""
        for row in self._database.rows("SELECT * FROM journal ORDER BY row"):
            values = tuple(row)
            if values[-2] != previous or values[-1] != _digest(values[:-1]):
                raise TamperedJournal("journal chain", row=expected)
            expected, previous = expected + 1, values[-1]
        head = self._database.row("SELECT row, hash FROM journal_head")
        if head is None or (head["row"], head["hash"]) != (expected - 1, previous):
            raise TamperedJournal("journal end", row=expected)
        return expected - 1

    def last(self, count: int) -> tuple[JournalRow, ...]:
        """The latest rows, newest first."""
        rows = self._database.rows("SELECT * FROM journal ORDER BY row DESC LIMIT ?", (count,))
        return tuple(journal_row(row) for row in rows)


def journal_row(row: Any) -> JournalRow:
    """A stored row as a value."""
    return JournalRow(
        row["row"],
        datetime.fromisoformat(row["at"]),
        row["act"],
        row["event"],
        row["dossier"],
        row["professional"],
        row["structure"],
        row["reason"],
        None if row["offset_ms"] is None else timedelta(milliseconds=row["offset_ms"]),
    )


def _digest(values: tuple[object, ...]) -> str:
    canonical = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
