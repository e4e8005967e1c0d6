"""The vault's file: JSON, with a checksum that tells damage apart from a wrong passphrase."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from typing import Any

from dmp_desktop.cache.slots import SALT_BYTES, SEALED_BYTES, Slot
from dmp_desktop.errors import StorageError

LARGEST = 256 * 1024
_FORMAT = 1


class NewerVault(StorageError):
    """A later version of the program wrote this vault."""

    code = "newer-vault"


class VaultBroken(StorageError):
    """The vault file is damaged; no passphrase was tried."""

    code = "vault-broken"


@dataclass(frozen=True, slots=True)
class VaultContent:
    """The file, read: ``databases`` maps a name to its salt and key-check value."""

    id: str
    databases: dict[str, tuple[bytes, str]]
    slots: tuple[Slot, ...]

    def to_bytes(self) -> bytes:
        """The file as written: JSON with a checksum of the rest."""
        body = {
            "format": _FORMAT,
            "id": self.id,
            "databases": {n: {"salt": salt.hex(), "check": check} for n, (salt, check) in self.databases.items()},
            "slots": [asdict(slot) for slot in self.slots],
        }
        return json.dumps({**body, "sum": checksum(body)}, indent=1).encode()


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
            {
                _name(n): (fixed_hex(d["salt"], SALT_BYTES), fixed_hex(d["check"], 32).hex())
                for n, d in body["databases"].items()
            },
            tuple(
                Slot(
                    fixed_hex(slot["id"], 8).hex(),
                    str(slot["kind"]),
                    dict(slot["settings"]),
                    {_name(name): fixed_hex(text, SEALED_BYTES).hex() for name, text in slot["sealed"].items()},
                )
                for slot in body["slots"]
            ),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise VaultBroken(type(error).__name__) from None


def _name(text: str) -> str:
    if not (text.isascii() and text.isidentifier()):
        raise ValueError("name of a database")
    return text


def checksum(body: dict[str, Any]) -> str:
    """Digest of the canonical form of everything but the sum itself: it tells damage, it does not stop a forger."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def fixed_hex(text: str, size: int) -> bytes:
    """The bytes of ``text``.

    :raises ValueError: not hexadecimal, or not ``size`` bytes.
    """
    value = bytes.fromhex(text)
    if len(value) != size:
        raise ValueError("length")
    return value
