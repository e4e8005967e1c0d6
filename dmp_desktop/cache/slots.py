"""Slots of the vault: each wraps the database keys it may open under its own key-encryption key (KEK).

AES-256-GCM; the vault, the slot, its kind, its settings and the key that is wrapped are in the associated data: no
piece can be moved elsewhere, and no setting (the end of an invitation) changed, without the KEK.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.errors import StorageError

KEY_BYTES = 32
SALT_BYTES = 16
NONCE_BYTES = 12
SEALED_BYTES = NONCE_BYTES + KEY_BYTES + 16
FLOOR_KIB = 64 * 1024


class NotEnoughMemory(StorageError):
    """The computer could not lend the memory that hardens the passphrase."""

    code = "not-enough-memory"


class SlotKind(StrEnum):
    """How the KEK of a slot is found; a vault may hold kinds unknown to this version, which are kept as they are."""

    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a kind
    KEYRING = "keyring"
    CARD = "card"
    RECOVERY = "recovery"
    INVITATION = "invitation"


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """Cost of one try of a passphrase: Argon2id (RFC 9106), about 0.4 s on an office computer.

    :ivar memory_kib: 128 MiB; never under ``FLOOR_KIB`` (64 MiB), so that an edited vault cannot cheapen guessing.
    """

    memory_kib: int = 128 * 1024
    passes: int = 3
    lanes: int = 1

    def __post_init__(self) -> None:
        if not (FLOOR_KIB <= self.memory_kib <= 2**21 and 3 <= self.passes <= 16 and 1 <= self.lanes <= 8):
            raise ValueError("Argon2 cost out of bounds")


@dataclass(frozen=True, slots=True, repr=False)
class DatabaseKey:
    """Raw SQLCipher key of one file, with the salt its first sixteen bytes must show.

    Giving the salt ourselves lets a damaged file (our salt, page unreadable) be told from another vault's file.
    """

    key: bytes
    salt: bytes

    @classmethod
    def random(cls) -> Self:
        """A fresh key."""
        return cls(os.urandom(KEY_BYTES), os.urandom(SALT_BYTES))

    @property
    def id(self) -> str:
        """Tells this key from the others of a vault, and tells nothing of it: its file begins with it."""
        return self.salt.hex()

    def check(self, name: str) -> str:
        """Key-check value: tells that this is the right key without telling anything of the key."""
        return hmac.new(self.key, b"dmp_desktop key check\0" + name.encode() + self.salt, hashlib.sha256).hexdigest()

    def __repr__(self) -> str:
        return "DatabaseKey(…)"


@dataclass(frozen=True, slots=True)
class Slot:
    """One way into the vault, as stored.

    :ivar settings: what the kind needs to find its KEK (Argon2 cost and salt, challenge of a card); nothing secret.
    :ivar sealed: id of a key → nonce and wrapped key (hex).
    :ivar label: whose slot it is, enciphered under the desk key (hex), or ``""``.
    """

    id: str
    kind: str
    settings: dict[str, Any]
    sealed: dict[str, str]
    label: str = ""

    @classmethod
    def seal(
        cls,
        vault: str,
        slot: str,
        kind: SlotKind,
        settings: dict[str, Any],
        kek: bytes,
        keys: Iterable[DatabaseKey],
        label: str = "",
    ) -> Self:
        """Wrap ``keys`` under ``kek``."""
        empty = cls(slot, kind.value, settings, {}, label)
        sealed = {}
        for key in keys:
            nonce = os.urandom(NONCE_BYTES)
            sealed[key.id] = (nonce + AESGCM(kek).encrypt(nonce, key.key, empty._bound_to(vault, key.id))).hex()
        return cls(slot, kind.value, settings, sealed, label)

    def unseal(self, vault: str, kek: bytes) -> dict[str, bytes] | None:
        """The raw keys by id, or ``None`` when ``kek`` is not the right one."""
        found = {}
        for name, text in self.sealed.items():
            data = bytes.fromhex(text)
            try:
                found[name] = AESGCM(kek).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], self._bound_to(vault, name))
            except InvalidTag:
                return None
        return found

    def _bound_to(self, vault: str, key: str) -> bytes:
        settings = json.dumps(self.settings, sort_keys=True, separators=(",", ":"))
        return f"dmp_desktop vault {vault} slot {self.id} {self.kind} key {key} {settings}".encode()


def derived_kek(secret: bytes, vault: str, slot: str) -> bytes:
    """The KEK of a card's proof or of a code (HKDF-SHA-256): bound to its slot, so that no other slot shares it."""
    return HKDF(SHA256(), KEY_BYTES, None, f"dmp_desktop vault {vault} slot {slot}".encode()).derive(secret)


def passphrase_settings(cost: Argon2Cost) -> dict[str, Any]:
    """Fresh settings of a passphrase slot."""
    return {**asdict(cost), "salt": os.urandom(SALT_BYTES).hex()}


def passphrase_kek(passphrase: Secret, settings: dict[str, Any]) -> bytes:
    """The KEK of a passphrase; accents typed on another keyboard give the same one (NFC).

    :raises ValueError: settings out of bounds.
    :raises NotEnoughMemory: Argon2 could not get its memory.
    """
    cost = Argon2Cost(settings["memory_kib"], settings["passes"], settings["lanes"])
    salt = bytes.fromhex(settings["salt"])
    if len(salt) != SALT_BYTES:
        raise ValueError("salt")
    try:
        return hash_secret_raw(
            unicodedata.normalize("NFC", passphrase.reveal()).encode(),
            salt,
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            hash_len=KEY_BYTES,
            type=Type.ID,
        )
    except HashingError:
        raise NotEnoughMemory("Argon2 memory") from None
