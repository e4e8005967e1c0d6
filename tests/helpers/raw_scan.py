"""What whoever holds the disk and the keys can read: every page of every store in the clear, reached by SQLite or not.

Pages are opened one by one as SQLCipher 4 writes them (AES-256-CBC, IV and HMAC in the last eighty bytes), so that free
pages, gaps inside pages and frames of the write-ahead log that no query reaches are looked at too.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from dmp_desktop.cache.slots import DatabaseKey

PAGE = 4096
_RESERVED = 80
_SALT = 16
_WAL_HEADER = 32
_FRAME_HEADER = 24


def raw_scan(folder: Path, keys: Mapping[str, DatabaseKey]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file under ``folder``, as it lies; then every page of the stores named, in the clear.

    :param keys: name of a store (``clinical.db``) → its key; its write-ahead log is read with it.
    """
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        yield path.relative_to(folder).as_posix(), data
        name = path.name.removesuffix("-wal")
        if name not in keys:
            continue
        for number, page in enumerate(_pages(data) if path.name == name else _frames(data), 1):
            yield f"{path.name}:{number}", _clear(page, keys[name])


def remnants(folder: Path, keys: Mapping[str, DatabaseKey], needles: Iterable[str]) -> dict[str, list[str]]:
    """Which of ``needles`` are still somewhere, and where.

    The end of each is looked for, whatever its case: a piece of a word is a remnant too.
    """
    found: dict[str, list[str]] = {}
    wanted = [(needle, needle.lower().encode()[-6:]) for needle in needles]
    for place, data in raw_scan(folder, keys):
        lowered = data.lower()
        for needle, tail in wanted:
            if tail in lowered:
                found.setdefault(needle, []).append(place)
    return found


def _pages(data: bytes) -> Iterator[bytes]:
    assert len(data) % PAGE == 0, "a store is made of whole pages"
    for start in range(0, len(data), PAGE):
        yield data[start : start + PAGE]


def _frames(data: bytes) -> Iterator[bytes]:
    """Every frame that lies in a write-ahead log, those that a checkpoint left behind included."""
    for start in range(_WAL_HEADER, len(data) - _FRAME_HEADER - PAGE + 1, _FRAME_HEADER + PAGE):
        yield data[start + _FRAME_HEADER : start + _FRAME_HEADER + PAGE]


def _clear(page: bytes, key: DatabaseKey) -> bytes:
    if not any(page):
        return page
    sealed = page[_SALT:] if page.startswith(key.salt) else page
    body, iv, seal = sealed[:-_RESERVED], sealed[-_RESERVED : -_RESERVED + 16], sealed[-64:]
    _check_key(sealed, seal, key)
    opener = Cipher(algorithms.AES256(key.key), modes.CBC(iv)).decryptor()
    return opener.update(body) + opener.finalize()


def _check_key(sealed: bytes, seal: bytes, key: DatabaseKey) -> None:
    """A scan with a wrong key would find nothing and prove nothing: some page number must agree with the seal."""
    salt = bytes(byte ^ 0x3A for byte in key.salt)
    mac_key = hashlib.pbkdf2_hmac("sha512", key.key, salt, 2, 32)
    signed = hmac.new(mac_key, sealed[:-64], hashlib.sha512)
    for number in range(1, 1 << 16):
        tried = signed.copy()
        tried.update(number.to_bytes(4, "little"))
        if hmac.compare_digest(tried.digest(), seal):
            return
    raise AssertionError("this key does not open this page")
