"""What the copy may hold, and for how long: only people recently received or booked, within a quota.

CNIL 2020-081 and 2022-067 (practices, pharmacies): what is not needed any more is not kept. A shelf lives from its last
legitimate access (refreshed, read, closed). Drafts are unsent work: the diet never looks at them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta

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

    :ivar dossiers: shelves, one per dossier and professional.
    """

    dossiers: int = 0
    documents: int = 0
    bytes: int = 0

    def plus(self, documents: int, size: int) -> Forgotten:
        """With one more shelf."""
        return replace(self, dossiers=self.dossiers + 1, documents=self.documents + documents, bytes=self.bytes + size)


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

        :param booked: keys of dossiers with an appointment to come: they do not expire, and go last for the quota.
        """
        now = self._clock.now()
        expired = over = Forgotten()
        with self._purge.transaction() as files:
            # A clock that was ahead one day must not keep a shelf for ever.
            self._database.execute("UPDATE shelves SET used_at = ? WHERE used_at > ?", (stamp(now), stamp(now)))
            kept = []
            limit = stamp(now - timedelta(days=days))
            for row in self._database.rows(_SIZES):
                if row["used_at"] < limit and row["dossier"] not in booked:
                    self._purge.shelf(row["id"], files)
                    expired = expired.plus(row["documents"], row["bytes"])
                else:
                    kept.append(row)
            room = quota - sum(row["bytes"] for row in kept)
            for row in sorted(kept, key=lambda row: row["dossier"] in booked):
                if room >= 0:
                    break
                self._purge.shelf(row["id"], files)
                over = over.plus(row["documents"], row["bytes"])
                room += row["bytes"]
        if self._purge.is_due():
            self._purge.scrub()
        return DietReport(expired, over)

    def held(self) -> Forgotten:
        """What emptying the copy would purge."""
        held = Forgotten()
        for row in self._database.rows(_SIZES):
            held = held.plus(row["documents"], row["bytes"])
        return held

    def empty(self) -> Forgotten:
        """Purge everything but drafts."""
        gone = Forgotten()
        with self._purge.transaction() as files:
            for row in self._database.rows(_SIZES):
                self._purge.shelf(row["id"], files)
                gone = gone.plus(row["documents"], row["bytes"])
        return gone

    def forget(self, dossier: str, professional: str | None = None) -> int:
        """Purge the shelves of a dossier, of one professional or of all; give the number of documents."""
        with self._purge.transaction() as files:
            rows = self._database.rows(
                "SELECT id FROM shelves WHERE dossier = ? AND coalesce(?, professional) = professional",
                (dossier, professional),
            )
            return sum(self._purge.shelf(row["id"], files) for row in rows)
