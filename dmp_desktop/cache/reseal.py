"""One closed file written anew under another key, as a copy that takes its place once it is whole."""

from __future__ import annotations

from pathlib import Path

from dmp_desktop.cache.database import Database
from dmp_desktop.cache.errors import DatabaseBusy, from_os_error
from dmp_desktop.cache.files import discard, take_place
from dmp_desktop.cache.slots import DatabaseKey

COPY = ".rekey"
"""Suffix of the copy; a kill leaves one behind, the next try throws it away."""


def reseal(path: Path, before: DatabaseKey, after: DatabaseKey) -> None:
    """Bring the file from one key to the other. Already there, or no file: nothing happens.

    :raises StorageError: the file stands as it was, under ``before``.
    """
    copy = path.with_name(path.name + COPY)
    discard(copy)
    try:
        with path.open("rb") as file:
            head = file.read(len(after.salt))
    except FileNotFoundError:
        return
    except OSError as error:
        raise from_os_error(error) from None
    if not head or head == after.salt:
        return
    original, sealed, checked = Database(path, before), Database(copy, before), Database(copy, after)
    try:
        original.copy_to(copy)
        if original.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]:
            raise DatabaseBusy("the write-ahead log is in use")
        original.close()
        sealed.rows("PRAGMA journal_mode = DELETE")
        # A key cannot be bound as a parameter; both values are hexadecimal digits of our own making.
        sealed.rows(f"PRAGMA rekey = \"x'{after.key.hex()}{after.salt.hex()}'\"")
        sealed.close()
        checked.check()
        checked.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        checked.close()
        take_place(copy, path)
    finally:
        for database in (original, sealed, checked):
            database.close()
        discard(copy)
