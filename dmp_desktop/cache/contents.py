"""Bytes of documents: one sealed file each, of a random name, under a key that only its row in ``clinical.db`` holds.

The row is what opens a file, and ``clinical.db`` what opens the row: without the clinical key, or once the row is
purged, a file (or a copy of it in somebody's backup) is noise; and changing the clinical key re-encrypts no file. A
document stands whole in memory to be checked and shown, so that sealing it in pieces would spare nothing.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dmp_desktop.cache.errors import from_os_error
from dmp_desktop.cache.files import private_folder, write_whole
from dmp_desktop.errors import StorageError

FOLDER: Final = "contents"
_NONCE_BYTES = 12
_NAME = re.compile(r"[0-9a-f]{32}(\.new)?")


class BrokenContent(StorageError):
    """The bytes kept of a document are not those that were kept; they are forgotten and can be brought again."""

    code = "broken-content"


class Holder(Protocol):
    """Where sealed bytes lie, by name."""

    def write(self, name: str, data: bytes) -> None:
        """Whole or not at all."""
        ...

    def read(self, name: str) -> bytes | None:
        """The bytes, or ``None`` when there are none."""
        ...

    def remove(self, name: str) -> None:
        """Remove them; nothing happens when there are none."""
        ...

    def names(self) -> set[str]:
        """Every name held."""
        ...

    def close(self) -> None:
        """Let go of what only lives as long as the program wants it."""
        ...


class FolderHolder:
    """Files of a folder for the owner alone."""

    def __init__(self, folder: Path) -> None:
        private_folder(folder)
        self._folder = folder

    def write(self, name: str, data: bytes) -> None:
        """Whole or not at all. :raises StorageError: disk full, read-only."""
        write_whole(self._folder / name, data)

    def read(self, name: str) -> bytes | None:
        """The bytes, or ``None``. :raises StorageError: the disk or another program refuses them."""
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise from_os_error(error) from None

    def remove(self, name: str) -> None:
        """Remove the file. :raises StorageError: another program (an antivirus) holds it."""
        try:
            (self._folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise from_os_error(error) from None

    def names(self) -> set[str]:
        """Every file that we may have written, unfinished ones included."""
        try:
            return {path.name for path in self._folder.iterdir() if _NAME.fullmatch(path.name)}
        except OSError as error:
            raise from_os_error(error) from None

    def close(self) -> None:
        """Files stay."""


class MemoryHolder:
    """The same, nowhere but in memory."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}

    def write(self, name: str, data: bytes) -> None:
        """Hold them."""
        self._held[name] = data

    def read(self, name: str) -> bytes | None:
        """The bytes, or ``None``."""
        return self._held.get(name)

    def remove(self, name: str) -> None:
        """Let them go."""
        self._held.pop(name, None)

    def names(self) -> set[str]:
        """Every name."""
        return set(self._held)

    def close(self) -> None:
        """Forget everything."""
        self._held.clear()


@dataclass(frozen=True, slots=True, repr=False)
class Sealed:
    """Where bytes were put, and what opens them."""

    file: str
    key: bytes

    def __repr__(self) -> str:
        return "Sealed(…)"


class Contents:
    """Seals and opens; the rows that point here are its callers' business."""

    def __init__(self, holder: Holder) -> None:
        self._holder = holder
        self._left: set[str] = set()

    def seal(self, bound_to: str, data: bytes) -> Sealed:
        """Put bytes away; if their row is not written after all, :meth:`remove` them.

        :param bound_to: id of the document: the file opens for no other.
        :raises StorageError: nothing was kept.
        """
        key, nonce, name = AESGCM.generate_key(256), os.urandom(_NONCE_BYTES), secrets.token_hex(16)
        self._holder.write(name, nonce + AESGCM(key).encrypt(nonce, data, bound_to.encode()))
        return Sealed(name, key)

    def open(self, sealed: Sealed, bound_to: str) -> bytes | None:
        """The bytes, or ``None`` when the file is gone.

        :raises BrokenContent: the file is not the one that was written.
        :raises StorageError: it cannot be read now.
        """
        data = self._holder.read(sealed.file)
        if data is None:
            return None
        try:
            return AESGCM(sealed.key).decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], bound_to.encode())
        except (InvalidTag, ValueError):
            raise BrokenContent("seal of a content") from None

    def remove(self, files: Iterable[str]) -> None:
        """Remove files whose rows are gone; one that another program holds is tried again next time."""
        waiting, self._left = self._left | set(files), set()
        for name in waiting:
            try:
                self._holder.remove(name)
            except StorageError:
                self._left.add(name)

    def close(self) -> None:
        """The end: bytes held in memory are forgotten."""
        self._holder.close()

    def sweep(self, known: Collection[str]) -> None:
        """Remove every file that no row points to: what a kill left. At opening only, before anything is written."""
        with suppress(StorageError):
            self.remove(self._holder.names() - set(known))
