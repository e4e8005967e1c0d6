"""Forgetting for good: rows, words and files go together, then what SQLite leaves behind them is overwritten.

``secure_delete`` overwrites a deleted row; the write-ahead log still holds the pages as they were, and is emptied. A
``VACUUM`` then writes every page anew: no old copy of a row was ever found without it (a thousand purged documents,
raw scan), so a large store leaves it to the diet. All this is noted as due in the transaction itself: a kill between
the two is finished at the next opening.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from dmp_desktop.cache.contents import Contents
from dmp_desktop.cache.database import Database, MemoryDatabase
from dmp_desktop.errors import StorageError
from dmp_desktop.log import LOGGER

ROWS_OF_A_SHELF: Final = 1 << 20
_AT_ONCE = 500
_SMALL = 32 << 20
"""Bytes of a store that is written anew at once (about half a second): beyond, the other lanes would wait too long."""


class Purge:
    """The one hand that removes."""

    def __init__(self, database: Database, contents: Contents) -> None:
        self._database = database
        self._contents = contents
        self._on_disk = not isinstance(database, MemoryDatabase)
        self._one_at_a_time = threading.Lock()

    @contextmanager
    def transaction(self) -> Iterator[list[str]]:
        """A transaction in which something may be purged; files put in the list given are removed once it is done.

        :raises StorageError: nothing was changed, files included.
        """
        files: list[str] = []
        with self._database.transaction():
            yield files
        self._contents.remove(files)
        if self.is_due("revoked"):
            self.scrub(whole=self._database.size() <= _SMALL)

    def entries(self, ids: Sequence[int], files: list[str]) -> None:
        """Inside :meth:`transaction`: documents, their words and their contents."""
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            rows = self._database.rows(f"SELECT file FROM contents WHERE entry IN ({marks})", some)  # noqa: S608
            files += [row["file"] for row in rows]
            for table, key in (("contents", "entry"), ("texts", "entry"), ("entries", "id")):
                self._database.execute(f"DELETE FROM {table} WHERE {key} IN ({marks})", some)  # noqa: S608
        if ids:
            self.note("revoked")

    def shelf(self, shelf: int, files: list[str]) -> int:
        """Inside :meth:`transaction`: a whole shelf; give the number of its documents."""
        ids = [
            row["id"]
            for row in self._database.rows("SELECT id FROM entries WHERE id BETWEEN ? AND ?", rows_between(shelf))
        ]
        self.entries(ids, files)
        self._database.execute("DELETE FROM shelves WHERE id = ?", (shelf,))
        self.note("revoked")
        return len(ids)

    def note(self, cause: str) -> None:
        """Inside a transaction: pages are to be overwritten, at once (``revoked``) or with the diet (``dropped``)."""
        if self._on_disk:
            self._database.execute("INSERT OR IGNORE INTO meta VALUES (?, 'due')", (f"scrub-{cause}",))

    def is_due(self, cause: str = "%") -> bool:
        """Whether pages are to be overwritten."""
        return self._database.row("SELECT 1 FROM meta WHERE name LIKE ?", (f"scrub-{cause}",)) is not None

    def scrub(self, *, whole: bool = True) -> None:
        """Overwrite what purged rows left behind them.

        What cannot be done now (no room, a lane that reads for long) stays due.

        :param whole: write every page anew too; else that stays due, for the diet.
        """
        try:
            with self._one_at_a_time:
                if whole:
                    self._database.execute("VACUUM")
                self._database.empty_log()
                with self._database.transaction():
                    self._database.execute("DELETE FROM meta WHERE name LIKE 'scrub-%'")
                    if not whole:
                        self.note("dropped")
        except StorageError as error:
            LOGGER.warning("clinical copy: overwriting put off (%s)", error.code)


def rows_between(shelf: int) -> tuple[int, int]:
    """First and last id a row of this shelf may have."""
    return shelf * ROWS_OF_A_SHELF, (shelf + 1) * ROWS_OF_A_SHELF - 1
