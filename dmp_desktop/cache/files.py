"""Files of the profile: a folder for the owner alone, files written whole or not at all."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from dmp_desktop.cache.errors import from_os_error

FOLDER_MODE = 0o700
FILE_MODE = 0o600
_BINARY = getattr(os, "O_BINARY", 0)  # Windows would turn line feeds into two bytes


def private_folder(folder: Path) -> None:
    """Make ``folder`` (and its parents), and close it to everybody else.

    :raises StorageError: when it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
        mode = folder.stat().st_mode & 0o777
        if mode & ~FOLDER_MODE:
            folder.chmod(mode & FOLDER_MODE)
    except OSError as error:
        raise from_os_error(error) from None


def claim(path: Path) -> None:
    """Make an empty private file if there is none, so that whoever fills it inherits its mode (SQLite does).

    :raises StorageError: when it cannot be made.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, FILE_MODE))
    except OSError as error:
        raise from_os_error(error) from None


def write_whole(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data``: temporary file, fsync, rename, fsync of the folder.

    :raises StorageError: nothing changed, the former content stands.
    """
    temporary = path.with_name(path.name + ".new")
    try:
        with os.fdopen(os.open(temporary, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | _BINARY, FILE_MODE), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise from_os_error(error) from None


def take_place(new: Path, old: Path) -> None:
    """Put the closed file ``new`` in the place of ``old``, for good: fsync, rename, fsync of the folder.

    :raises StorageError: ``old`` stands as it was.
    """
    try:
        with new.open("rb+") as file:
            os.fsync(file.fileno())
        new.replace(old)
        _sync_folder(old.parent)
    except OSError as error:
        raise from_os_error(error) from None


def discard(database: Path) -> None:
    """Remove a database file that is of no use any more, its logs included; nothing happens when there is none."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        with contextlib.suppress(OSError):
            database.with_name(database.name + suffix).unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder for fsync; NTFS journals the rename itself.
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
