"""What can be found in this process: a search of live objects; and a keyring in a file, as the system's outlives it."""

from __future__ import annotations

import gc
import json
from pathlib import Path

from dmp_desktop.cache.oskeyring import KeyringUnavailable


class FileKeyring:
    """A keyring whose secrets are in no object of the process; ``broken`` stands for a computer without one."""

    def __init__(self, path: Path, *, broken: bool = False) -> None:
        self._path, self._broken = path, broken

    def get(self, name: str) -> str | None:
        """What is kept under that name."""
        found = self._kept().get(name)
        return None if found is None else str(found)

    def set(self, name: str, secret: str) -> None:
        """Keep."""
        self._path.write_text(json.dumps({**self._kept(), name: secret}), "utf-8")

    def delete(self, name: str) -> None:
        """Forget."""
        self._path.write_text(json.dumps({n: s for n, s in self._kept().items() if n != name}), "utf-8")

    def _kept(self) -> dict[str, str]:
        if self._broken:
            raise KeyringUnavailable("no keyring")
        kept: dict[str, str] = json.loads(self._path.read_text("utf-8")) if self._path.exists() else {}
        return kept


def reachable(backwards: bytes) -> list[str]:
    """Types of what holds the bytes (told in reverse) or their hexadecimal digits, in anything Python can reach."""
    key = backwards[::-1]
    digits = key.hex()
    found: list[str] = []
    seen: set[int] = set()
    for holder in gc.get_objects():
        for each in gc.get_referents(holder):
            if id(each) in seen or each is key or each is digits:
                continue
            if isinstance(each, bytes | bytearray):
                if key in each or digits.encode() in each:
                    found.append(type(holder).__name__)
            elif isinstance(each, str) and digits in each:
                found.append(type(holder).__name__)
            else:
                continue
            seen.add(id(each))
    return found
