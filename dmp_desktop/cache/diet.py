"""What the copy may hold, and for how long: only people recently received or booked, within a quota.

CNIL 2020-081 and 2022-067 (practices, pharmacies): what is not needed any more is not kept. A shelf lives from its last
legitimate access (refreshed, read, closed). Drafts are unsent work: the diet never looks at them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from dmp_desktop.cache.database import Database
from dmp_desktop.cache.purge import Purge
from dmp_desktop.cache.rows import stamp
from dmp_desktop.domain.clock import Clock

# Bytes a shelf takes: its contents, and what its rows say of them.
_SIZES = (
    "SELECT s.id, s.dossier, s.used_at, count(e.id) AS documents,"
    " coalesce(sum(length(e.described) + length(t.body) + coalesce(c.size, 0)), 0) AS bytes"
    " FROM shelves s LEFT JOIN entries e ON e.shelf = s.id LEFT JOIN texts t ON t.entry = e.id"
    " LEFT JOIN contents c ON c.entry = e.id GROUP BY s.id ORDER BY s.used_at"
)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was purged, in numbers: nobody is named.

    :ivar documents: those of each professional, since each has their own copy.
    """

    dossiers: int = 0
    documents: int = 0
    bytes: int = 0

    @classmethod
    def of(cls, shelves: Collection[Any]) -> Self:
        """The sum of these shelves."""
        return cls(
            len({row["dossier"] for row in shelves}),
            sum(row["documents"] for row in shelves),
            sum(row["bytes"] for row in shelves),
        )


@dataclass(frozen=True, slots=True)
class DietReport:
    """What one run purged, by reason."""

    expired: Forgotten = Forgotten()
    over_quota: Forgotten = Forgotten()


class CopyDiet:
    """Puts the copy on its diet, or empties it. Cache lane."""

    def __init__(self, database: Database, purge: Purge, clock: Clock) -> None:
        self._database = database
        self._purge = purge
        self._clock = clock

    def run(self, days: int, quota: int, booked: Collection[str] = ()) -> DietReport:
        """Purge what was not used for ``days``, then the least recently used beyond ``quota`` bytes.

        Once a day, the first run also gives free pages back to the disk if something left some.

        :param booked: keys of dossiers with an appointment to come: they do not expire, and go last for the quota.
        """
        now = self._clock.now()
        with self._purge.transaction() as files:
            # A clock that was ahead one day must not keep a shelf for ever.
            self._database.execute("UPDATE shelves SET used_at = ? WHERE used_at > ?", (stamp(now), stamp(now)))
            limit = stamp(now - timedelta(days=days))
            shelves = self._database.rows(_SIZES)
            expired = [row for row in shelves if row["used_at"] < limit and row["dossier"] not in booked]
            kept = [row for row in shelves if row not in expired]
            over = _beyond(quota, sorted(kept, key=lambda row: row["dossier"] in booked))
            for row in (*expired, *over):
                self._purge.shelf(row["id"], files)
        if self._purge.is_due() and self._a_day_went_by(stamp(now)[:10]):
            self._purge.scrub()
        return DietReport(Forgotten.of(expired), Forgotten.of(over))

    def _a_day_went_by(self, today: str) -> bool:
        """Whether every page was last written anew another day; then today is noted."""
        with self._database.transaction():
            row = self._database.row("SELECT value FROM meta WHERE name = 'diet-day'")
            self._database.execute("INSERT OR REPLACE INTO meta VALUES ('diet-day', ?)", (today,))
        return row is None or row["value"] != today

    def held(self) -> Forgotten:
        """What emptying the copy would purge."""
        return Forgotten.of(self._database.rows(_SIZES))

    def empty(self) -> Forgotten:
        """Purge everything but drafts."""
        with self._purge.transaction() as files:
            shelves = self._database.rows(_SIZES)
            for row in shelves:
                self._purge.shelf(row["id"], files)
        if self._purge.is_due():
            self._purge.scrub()
        return Forgotten.of(shelves)

    @property
    def overwritten(self) -> bool:
        """Whether nothing purged is left in free pages or in the log; else the next opening sees to it."""
        return not self._purge.is_due()

    def forget(self, dossier: str, professional: str | None = None) -> int:
        """Purge the shelves of a dossier, of one professional or of all; give the number of documents."""
        with self._purge.transaction() as files:
            rows = self._database.rows(
                "SELECT id FROM shelves WHERE dossier = ? AND coalesce(?, professional) = professional",
                (dossier, professional),
            )
            return sum(self._purge.shelf(row["id"], files) for row in rows)


def _beyond(quota: int, shelves: Sequence[Any]) -> list[Any]:
    """The first of ``shelves`` that must go for the others to hold in ``quota`` bytes."""
    over = []
    excess = sum(row["bytes"] for row in shelves) - quota
    for row in shelves:
        if excess <= 0:
            break
        over.append(row)
        excess -= row["bytes"]
    return over
