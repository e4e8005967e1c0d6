"""The day's appointments, in the encrypted file, for a few days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from dmp_desktop.cache.database import Database
from dmp_desktop.domain.appointments import Appointment, Expected
from dmp_desktop.domain.identity import BirthDate
from dmp_desktop.domain.people import plain


class Appointments:
    """Who is expected. Cache lane."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_day(self, day: date) -> tuple[Appointment, ...]:
        """The lines of a day, in order."""
        rows = self._database.rows("SELECT * FROM appointments WHERE day = ? ORDER BY minute, id", (day.isoformat(),))
        return tuple(_appointment(row) for row in rows)

    def booked(self, since: date) -> frozenset[str]:
        """Keys of the dossiers of people expected that day or later."""
        rows = self._database.rows(
            "SELECT DISTINCT dossier FROM appointments WHERE day >= ? AND dossier IS NOT NULL", (since.isoformat(),)
        )
        return frozenset(row["dossier"] for row in rows)

    def put(self, expected: Iterable[Expected], cancelled: Iterable[str] = ()) -> int:
        """Keep these lines, all or none; give how many are new or changed.

        A line already there stays as it is, whoever it was linked to; one that its agenda moved (same id) moves, and
        keeps its link while it is about the same person.

        :param cancelled: the agenda's ids of lines to take out.
        """
        changed = 0
        with self._database.transaction():
            for uid in cancelled:
                changed += self._database.execute("DELETE FROM appointments WHERE uid = ?", (uid,))
            for one in expected:
                changed += self._put(one)
        return changed

    def link(self, appointment: int, dossier: str) -> None:
        """Say who a line is about."""
        self._database.execute("UPDATE appointments SET dossier = ? WHERE id = ?", (dossier, appointment))

    def remove(self, appointment: int) -> None:
        """Take one line out."""
        self._database.execute("DELETE FROM appointments WHERE id = ?", (appointment,))

    def purge(self, before: date) -> int:
        """Forget the days before that one; give how many lines went."""
        return self._database.execute("DELETE FROM appointments WHERE day < ?", (before.isoformat(),))

    def _put(self, one: Expected) -> int:
        folded = " ".join(plain(one.label))
        place = (one.day.isoformat(), one.minute, folded)
        born = one.birth_date.raw if one.birth_date else ""
        if one.uid:
            old = self._database.row("SELECT * FROM appointments WHERE uid = ?", (one.uid,))
            if old is not None and (old["day"], old["minute"], old["folded"]) == place:
                return 0
            if old is not None:
                self._database.execute("DELETE FROM appointments WHERE id = ?", (old["id"],))
                kept = old["dossier"] if (old["folded"], old["birth_date"]) == (folded, born) else None
                return self._insert(place, one, born, kept)
        return self._insert(place, one, born, None)

    def _insert(self, place: tuple[str, int, str], one: Expected, born: str, dossier: str | None) -> int:
        return self._database.execute(
            "INSERT OR IGNORE INTO appointments (day, minute, folded, label, birth_date, uid, dossier)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*place, one.label, born, one.uid, dossier),
        )


def _appointment(row: Any) -> Appointment:
    born = BirthDate(row["birth_date"]) if row["birth_date"] else None
    return Appointment(
        row["id"], date.fromisoformat(row["day"]), row["minute"], row["label"], born, row["dossier"] or ""
    )
