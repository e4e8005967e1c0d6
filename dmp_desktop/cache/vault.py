"""The vault: random database keys, wrapped once per way in, in one small file beside the stores.

Changing a passphrase re-wraps 32 bytes; the stores themselves are never re-encrypted for it. The file tells nothing of
anybody: ids, salts, wrapped keys, and a checksum that tells damage from a wrong passphrase before anything is asked.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from dmp_desktop.cache.errors import from_os_error
from dmp_desktop.cache.files import private_folder, write_whole
from dmp_desktop.cache.oskeyring import Keyring, SystemKeyring
from dmp_desktop.cache.slots import (
    KEY_BYTES,
    Argon2Cost,
    DatabaseKey,
    Slot,
    SlotKind,
    passphrase_kek,
    passphrase_settings,
)
from dmp_desktop.cache.vaultfile import LARGEST, VaultBroken, VaultContent, fixed_hex, parse
from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.errors import StorageError, UserError

FILE = "vault"
DESK = "desk"
CLINICAL = "clinical"
MINIMUM_PASSPHRASE = 8


class WrongPassphrase(UserError):
    """The passphrase opens no slot of this vault."""

    code = "wrong-passphrase"


class WeakPassphrase(UserError):
    """Too short to protect anything. ``facts["minimum"]`` tells the shortest length."""

    code = "weak-passphrase"


class VaultMissing(StorageError):
    """No vault here. ``facts["stores"]`` counts the encrypted files that it alone could open."""

    code = "vault-missing"


class VaultExists(StorageError):
    """A vault is already here and is never overwritten."""

    code = "vault-exists"


class NoSuchSlot(StorageError):
    """This vault has no way in of the kind that was asked."""

    code = "no-such-slot"


class KeyringChanged(StorageError):
    """The system keyring no longer holds this vault's secret, or holds another: the passphrase remains."""

    code = "keyring-changed"


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """Unlocked keys, one per store this way in may open. Keep them short-lived; they never print."""

    by_database: dict[str, DatabaseKey]

    @property
    def desk(self) -> DatabaseKey:
        """Key of ``desk.db``."""
        return self.by_database[DESK]

    @property
    def clinical(self) -> DatabaseKey | None:
        """Key of ``clinical.db``; ``None`` when this way in does not open it (reception, passphrase, keyring)."""
        return self.by_database.get(CLINICAL)

    def __repr__(self) -> str:
        return "Keys(…)"


class Vault:
    """The vault of one profile. Use from one lane at a time."""

    def __init__(self, folder: Path, content: VaultContent, keyring: Keyring | None = None) -> None:
        self._folder = folder
        self._content = content
        self._keyring: Keyring = keyring or SystemKeyring()

    @classmethod
    def create(
        cls, folder: Path, passphrase: Secret, keyring: Keyring | None = None, cost: Argon2Cost | None = None
    ) -> tuple[Self, Keys]:
        """Make a vault with fresh random keys and one passphrase slot.

        :raises VaultExists: there is one.
        :raises WeakPassphrase: under eight characters.
        :raises StorageError: the file could not be written.
        """
        _demand_strength(passphrase)
        private_folder(folder)
        if (folder / FILE).exists():
            raise VaultExists("a vault is already here")
        keys = Keys({DESK: DatabaseKey.random()})
        checks = {name: (key.salt, key.check(name)) for name, key in keys.by_database.items()}
        vault = cls(folder, VaultContent(os.urandom(16).hex(), checks, ()), keyring)
        vault._store(slots=(vault._passphrase_slot(passphrase, keys, cost or Argon2Cost()),))
        return vault, keys

    @classmethod
    def open(cls, folder: Path, keyring: Keyring | None = None) -> Self:
        """Read the vault of ``folder``; nothing is unlocked yet.

        :raises VaultMissing: there is none.
        :raises VaultBroken: damaged. :raises NewerVault: of a later version.
        :raises StorageError: the file could not be read.
        """
        path = folder / FILE
        try:
            with path.open("rb") as file:
                data = file.read(LARGEST + 1)
        except FileNotFoundError:
            raise VaultMissing("no vault", stores=len(list(folder.glob("*.db")))) from None
        except OSError as error:
            raise from_os_error(error) from None
        return cls(folder, parse(data), keyring)

    @property
    def slots(self) -> tuple[SlotKind | None, ...]:
        """The ways in, in order; ``None`` stands for one that only another version of the program knows."""
        known = {kind.value: kind for kind in SlotKind}
        return tuple(known.get(slot.kind) for slot in self._content.slots)

    def unlock_with_passphrase(self, passphrase: Secret) -> Keys:
        """The keys, tried against every passphrase slot (about 0.4 s each).

        :raises WrongPassphrase: it opens none. :raises NoSuchSlot: there is none.
        :raises VaultBroken: a slot opened and did not hold the keys of this vault.
        """
        for slot in self._of_kind(SlotKind.PASSPHRASE):
            kek = _kek(passphrase, slot)
            if (raw := slot.unseal(self._content.id, kek)) is not None:
                return self._keys(raw)
        raise WrongPassphrase("no slot opened")

    def unlock_with_keyring(self) -> Keys:
        """The keys, through the secret kept by the operating system.

        :raises KeyringUnavailable: no keyring answers. :raises NoSuchSlot: it was never set up here.
        :raises KeyringChanged: it answers, without the right secret.
        """
        for slot in self._of_kind(SlotKind.KEYRING):
            secret = self._keyring.get(self._entry(slot.id))
            raw = slot.unseal(self._content.id, kek) if (kek := _parse_kek(secret)) else None
            if raw is not None:
                return self._keys(raw)
        raise KeyringChanged("no slot opened")

    def add_keyring_slot(self, keys: Keys) -> None:
        """Let the operating system's session open the vault; a former keyring slot is replaced.

        :raises KeyringUnavailable: nothing changed.
        """
        kek, slot_id = os.urandom(KEY_BYTES), os.urandom(8).hex()
        self._keyring.set(self._entry(slot_id), kek.hex())
        former = [slot for slot in self._content.slots if slot.kind == SlotKind.KEYRING]
        slot = Slot.seal(self._content.id, slot_id, SlotKind.KEYRING, {}, kek, keys.by_database)
        try:
            self._store(slots=(*(s for s in self._content.slots if s not in former), slot))
        except StorageError:
            self._keyring.delete(self._entry(slot_id))
            raise
        for old in former:
            self._keyring.delete(self._entry(old.id))

    def remove_keyring_slot(self) -> None:
        """Forget the operating system's way in; the passphrase alone remains.

        :raises KeyringUnavailable: the vault no longer accepts the secret, though the keyring may still hold it.
        """
        former = self._of_kind(SlotKind.KEYRING)
        self._store(slots=tuple(slot for slot in self._content.slots if slot not in former))
        for slot in former:
            self._keyring.delete(self._entry(slot.id))

    def change_passphrase(self, keys: Keys, passphrase: Secret, cost: Argon2Cost | None = None) -> None:
        """Replace the passphrase slots by one for ``passphrase``, in one write.

        :raises WeakPassphrase: nothing changed.
        """
        _demand_strength(passphrase)
        others = tuple(slot for slot in self._content.slots if slot.kind != SlotKind.PASSPHRASE)
        self._store(slots=(self._passphrase_slot(passphrase, keys, cost or Argon2Cost()), *others))

    def _passphrase_slot(self, passphrase: Secret, keys: Keys, cost: Argon2Cost) -> Slot:
        settings = passphrase_settings(cost)
        kek = passphrase_kek(passphrase, settings)
        vault, slot = self._content.id, os.urandom(8).hex()
        return Slot.seal(vault, slot, SlotKind.PASSPHRASE, settings, kek, keys.by_database)

    def _of_kind(self, kind: SlotKind) -> tuple[Slot, ...]:
        found = tuple(slot for slot in self._content.slots if slot.kind == kind)
        if not found:
            raise NoSuchSlot(f"no {kind.value} slot")
        return found

    def _keys(self, raw: dict[str, bytes]) -> Keys:
        keys = {}
        for name, key in raw.items():
            salt, check = self._content.databases.get(name, (b"", ""))
            keys[name] = DatabaseKey(key, salt)
            if not hmac.compare_digest(keys[name].check(name), check):
                raise VaultBroken("key-check value")
        if DESK not in keys:
            raise VaultBroken("no desk key in the slot")
        return Keys(keys)

    def _entry(self, slot: str) -> str:
        return f"{self._content.id}-{slot}"

    def _store(self, slots: tuple[Slot, ...]) -> None:
        content = replace(self._content, slots=slots)
        write_whole(self._folder / FILE, content.to_bytes())
        self._content = content


def _kek(passphrase: Secret, slot: Slot) -> bytes:
    try:
        return passphrase_kek(passphrase, slot.settings)
    except (ValueError, KeyError, TypeError) as error:
        raise VaultBroken(type(error).__name__) from None


def _parse_kek(secret: str | None) -> bytes | None:
    try:
        return fixed_hex(secret or "", KEY_BYTES)
    except ValueError:
        return None


def _demand_strength(passphrase: Secret) -> None:
    if len(passphrase.reveal().strip()) < MINIMUM_PASSPHRASE:
        raise WeakPassphrase("too short", minimum=MINIMUM_PASSPHRASE)
