"""``desk.db`` and its parts, opened and closed together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from dmp_desktop.cache.appointments import Appointments
from dmp_desktop.cache.database import Database
from dmp_desktop.cache.journal import Journal
from dmp_desktop.cache.outbox import Outbox
from dmp_desktop.cache.papers import Papers
from dmp_desktop.cache.patients import Patients
from dmp_desktop.cache.refusals import Refusals
from dmp_desktop.cache.vault import Keys
from dmp_desktop.domain.clock import Clock
from dmp_desktop.errors import StorageError

FILE = "desk.db"


@dataclass(frozen=True, slots=True)
class DeskStore:
    """What a desk keeps. Every part may be used from any lane: each thread has its own connection underneath."""

    database: Database
    patients: Patients
    journal: Journal
    outbox: Outbox
    refusals: Refusals
    papers: Papers
    appointments: Appointments

    @classmethod
    def open(cls, folder: Path, keys: Keys, clock: Clock, *, create: bool = False) -> Self:
        """Open the store of a profile whose vault is unlocked, and verify its journal.

        :param create: make it: right after the vault was made, and only then.
        :raises StorageError: see :meth:`Database.open` and :meth:`Journal.verify`; everything is closed again.
        """
        database = Database.open(folder / FILE, keys.desk, create=create)
        try:
            journal = Journal(database, clock)
            journal.verify()
            patients = Patients(database, clock)
            patients.people.complete()
            return cls(
                database,
                patients,
                journal,
                Outbox(database, patients, journal, clock),
                Refusals(database, journal, clock),
                Papers(database, journal, clock),
                Appointments(database),
            )
        except StorageError:
            database.close()
            raise

    def close(self) -> None:
        """Close every connection."""
        self.database.close()
