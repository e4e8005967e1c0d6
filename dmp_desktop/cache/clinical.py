"""``clinical.db`` and the contents beside it, opened and closed together: the copy of the doctors' documents.

It has its own key, which a reception never holds. In an emergency or a secret connection the same parts work on a
memory that ends with the access.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from dmp_desktop.cache.contents import FOLDER, Contents, FolderHolder, MemoryHolder
from dmp_desktop.cache.database import Database, MemoryDatabase, migrations
from dmp_desktop.cache.diet import CopyDiet
from dmp_desktop.cache.drafts import KeptDrafts
from dmp_desktop.cache.purge import Purge
from dmp_desktop.cache.shelf import KeptShelf
from dmp_desktop.cache.slots import DatabaseKey
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.shelf import ForgetReason
from dmp_desktop.errors import StorageError
from dmp_desktop.log import LOGGER

FILE: Final = "clinical.db"
SCRIPTS: Final = "dmp_desktop.cache.migrations_clinical"


@dataclass(frozen=True, slots=True)
class ClinicalStore:
    """The copy. Every part may be used from any lane."""

    database: Database
    contents: Contents
    shelf: KeptShelf
    drafts: KeptDrafts
    diet: CopyDiet

    @classmethod
    def open(cls, folder: Path, key: DatabaseKey, clock: Clock, *, create: bool = False) -> Self:
        """Open the copy of a profile, and finish what a kill interrupted.

        :param create: make it when it is not there.
        :raises StorageError: see :meth:`Database.open`; everything is closed again.
        """
        database = Database.open(folder / FILE, key, create=create, scripts=migrations(SCRIPTS))
        try:
            contents = Contents(FolderHolder(folder / FOLDER))
            rows = database.rows("SELECT file FROM contents UNION ALL SELECT file FROM drafts WHERE file IS NOT NULL")
            contents.sweep({row["file"] for row in rows})
            purge = Purge(database, contents)
            if purge.is_due("revoked"):
                purge.scrub()
            return cls._joined(database, contents, purge, clock)
        except StorageError:
            database.close()
            raise

    @classmethod
    def in_memory(cls, clock: Clock) -> Self:
        """A copy that never touches the disk and ends with :meth:`close`."""
        database, contents = MemoryDatabase(migrations(SCRIPTS)), Contents(MemoryHolder())
        return cls._joined(database, contents, Purge(database, contents), clock)

    @classmethod
    def _joined(cls, database: Database, contents: Contents, purge: Purge, clock: Clock) -> Self:
        return cls(
            database,
            contents,
            KeptShelf(database, contents, purge, clock),
            KeptDrafts(database, contents, purge),
            CopyDiet(database, purge, clock),
        )

    def forget(self, dossier: str, reason: ForgetReason, professional: str | None = None) -> None:
        """Purge what is known of a dossier: descriptions, words, contents, reading marks; drafts stay.

        :param professional: for this one alone, ``None`` for everybody.
        :raises StorageError: nothing was purged.
        """
        documents = self.diet.forget(dossier, professional)
        LOGGER.info("clinical copy: %d documents forgotten (%s)", documents, reason.value)

    def close(self) -> None:
        """Close every connection; a copy in memory is no more, the key of the other is dropped."""
        self.database.close_for_good()
        self.contents.close()
