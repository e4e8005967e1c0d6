"""One program at a time on a profile: a lock held by the operating system, let go by itself after a crash or a kill."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Self

from dmp_desktop.cache.errors import ProfileInUse
from dmp_desktop.cache.files import claim, private_folder

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Instance:
    """Holds the profile until :meth:`release`; the file is empty: it tells nothing about anybody."""

    def __init__(self, handle: int) -> None:
        self._handle: int | None = handle

    @classmethod
    def acquire(cls, folder: Path) -> Self:
        """Take the profile, making its folder if needed.

        :raises ProfileInUse: another program holds it.
        :raises StorageError: the folder cannot be written.
        """
        private_folder(folder)
        path = folder / "lock"
        claim(path)
        handle = os.open(path, os.O_RDWR)
        try:
            _lock(handle)
        except OSError:
            os.close(handle)
            raise ProfileInUse("profile held by another program") from None
        return cls(handle)

    def release(self) -> None:
        """Let the profile go."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.release()
