"""The vault's file: JSON, with a checksum that tells damage apart from a wrong passphrase.

The checksum stops no forger. What stops one is the seal: a MAC under a key drawn from the desk key, checked as soon as
a way in has opened.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from dmp_desktop.cache.slots import SALT_BYTES, SEALED_BYTES, DatabaseKey, Slot
from dmp_desktop.errors import StorageError

LARGEST = 256 * 1024
_FORMAT = 1


class NewerVault(StorageError):
    """A later version of the program wrote this vault."""

    code = "newer-vault"


class VaultBroken(StorageError):
    """The vault file is damaged; no passphrase was tried."""

    code = "vault-broken"


class KeyRecord(NamedTuple):
    """What is told of a key: its salt, and the value that recognises it."""

    salt: bytes
    check: str

    @classmethod
    def of(cls, name: str, key: DatabaseKey) -> KeyRecord:
        """The record of a key of the database ``name``."""
        return cls(key.salt, key.check(name))


@dataclass(frozen=True, slots=True)
class VaultContent:
    """The file, read.

    :ivar generation: grows at each write: tells a vault restored from a backup.
    :ivar databases: name → its key, then, while a change of keys is not finished, the key to come.
    :ivar seal: MAC of the rest under the desk key.
    """

    id: str
    generation: int
    databases: Mapping[str, tuple[KeyRecord, ...]]
    slots: tuple[Slot, ...]
    seal: str = ""

    def records(self) -> Iterator[tuple[str, int, KeyRecord]]:
        """Every key: name of its database, place (0 in force, 1 to come), record."""
        for name, records in self.databases.items():
            for place, record in enumerate(records):
                yield name, place, record

    def to_bytes(self) -> bytes:
        """The file as written: JSON with a checksum of the rest."""
        body = {**self._body(), "seal": self.seal}
        return json.dumps({**body, "sum": checksum(body)}, indent=1).encode()

    def sealed_with(self, desk: DatabaseKey) -> str:
        """What ``seal`` must be."""
        key = hmac.new(desk.key, b"dmp_desktop vault seal", hashlib.sha256).digest()
        return hmac.new(key, _canonical(self._body()), hashlib.sha256).hexdigest()

    def _body(self) -> dict[str, Any]:
        return {
            "format": _FORMAT,
            "id": self.id,
            "generation": self.generation,
            "databases": {
                name: [{"salt": record.salt.hex(), "check": record.check} for record in records]
                for name, records in self.databases.items()
            },
            "slots": [asdict(slot) for slot in self.slots],
        }


def parse(data: bytes) -> VaultContent:
    """Read the bytes of a vault.

    :raises VaultBroken: not a vault, or a damaged one. :raises NewerVault: of a later version.
    """
    try:
        if len(data) > LARGEST:
            raise ValueError("too large")
        body: dict[str, Any] = json.loads(data)
        written = body.pop("sum")
        if not hmac.compare_digest(written, checksum(body)):
            raise ValueError("checksum")
        if body["format"] > _FORMAT:
            raise NewerVault("vault format")
        return VaultContent(
            fixed_hex(body["id"], 16).hex(),
            _generation(body["generation"]),
            {_name(name): _records(records) for name, records in body["databases"].items()},
            tuple(_slot(slot) for slot in body["slots"]),
            fixed_hex(body["seal"], 32).hex(),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise VaultBroken(type(error).__name__) from None


def _records(records: list[dict[str, str]]) -> tuple[KeyRecord, ...]:
    if not 1 <= len(records) <= 2:
        raise ValueError("keys of a database")
    return tuple(KeyRecord(fixed_hex(r["salt"], SALT_BYTES), fixed_hex(r["check"], 32).hex()) for r in records)


def _slot(slot: dict[str, Any]) -> Slot:
    return Slot(
        fixed_hex(slot["id"], 8).hex(),
        str(slot["kind"]),
        dict(slot["settings"]),
        {fixed_hex(key, SALT_BYTES).hex(): fixed_hex(text, SEALED_BYTES).hex() for key, text in slot["sealed"].items()},
        bytes.fromhex(slot["label"]).hex(),
    )


def _generation(value: int) -> int:
    if type(value) is not int or not 0 < value < 2**53:
        raise ValueError("generation")
    return value


def _name(text: str) -> str:
    if not (text.isascii() and text.isidentifier()):
        raise ValueError("name of a database")
    return text


def _canonical(body: dict[str, Any]) -> bytes:
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


def checksum(body: dict[str, Any]) -> str:
    """Digest of the canonical form of everything but the sum itself: it tells damage, it does not stop a forger."""
    return hashlib.sha256(_canonical(body)).hexdigest()


def fixed_hex(text: str, size: int) -> bytes:
    """The bytes of ``text``.

    :raises ValueError: not hexadecimal, or not ``size`` bytes.
    """
    value = bytes.fromhex(text)
    if len(value) != size:
        raise ValueError("length")
    return value
