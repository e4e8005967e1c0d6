"""What the journal tells of accesses: rows of one dossier, of a period, and where its chain ends.

An access to a record is one id over its rows: it is opened (with its motive, as the reason), documents are read in it
(the reason is then the id of the document), it ends, and whoever entered in emergency signs the list of what they read.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dmp_desktop.cache.database import Database
from dmp_desktop.cache.journal import Act, JournalRow, journal_row
from dmp_desktop.cache.rows import stamp

OPENINGS = (Act.RECORD_OPENED, Act.EMERGENCY_OPENED, Act.REGULATION_OPENED, Act.SECRET_OPENED)


class Traces:
    """Questions to the journal. Cache lane."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_dossier(self, dossier: str) -> tuple[JournalRow, ...]:
        """Every row of a dossier, oldest first."""
        return self._rows("WHERE dossier = ? ORDER BY row", dossier)

    def between(self, since: datetime, until: datetime) -> tuple[JournalRow, ...]:
        """Every row written from ``since`` to before ``until``, oldest first."""
        return self._rows("WHERE at >= ? AND at < ? ORDER BY row", stamp(since), stamp(until))

    def of_access(self, access: str) -> tuple[JournalRow, ...]:
        """Every row of one access, oldest first."""
        return self._rows("WHERE event = ? ORDER BY row", access)

    def deposited(self, dossier: str, mark: str) -> str:
        """Id of the last deposit of this content into this dossier, ``""`` for none.

        :param mark: what :class:`~dmp_desktop.services.deposit.DepositDesk` wrote as its reason.
        """
        row = self._database.row(
            "SELECT event FROM journal WHERE dossier = ? AND act = ? AND reason = ? ORDER BY row DESC LIMIT 1",
            (dossier, Act.DEPOSITED.value, mark),
        )
        return str(row["event"]) if row else ""

    def names(self) -> dict[str, str]:
        """Display name of each professional who acted here, by their id."""
        rows = self._database.rows("SELECT professional, display_name FROM events ORDER BY position")
        return {row["professional"]: row["display_name"] for row in rows}

    def head(self) -> tuple[int, str]:
        """Number and hash of the last row: what an export quotes, so that a later change of the journal shows."""
        row = self._database.row("SELECT row, hash FROM journal_head")
        return (row["row"], row["hash"]) if row else (0, "")

    def _rows(self, where: str, *values: object) -> tuple[JournalRow, ...]:
        rows: Any = self._database.rows(f"SELECT * FROM journal {where}", values)  # noqa: S608 - our own words
        return tuple(journal_row(row) for row in rows)
