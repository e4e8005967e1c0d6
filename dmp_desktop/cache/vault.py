"""The vault: random database keys, wrapped once per way in, in one small file beside the stores.

Changing a passphrase re-wraps 32 bytes; the stores themselves are never re-encrypted for it. The file tells nothing of
anybody: ids, salts, wrapped keys, a checksum that tells damage from a wrong passphrase before anything is asked, and a
seal that tells an edited file as soon as a way in has opened.

The passphrase, the keyring and reception cards open the desk's store alone: the clinical key is in none of their slots.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Self

from dmp_desktop.cache.cardtags import Challenge, Proof, card_settings, challenge_of, fresh_challenge
from dmp_desktop.cache.codes import code_bytes
from dmp_desktop.cache.errors import from_os_error
from dmp_desktop.cache.files import private_folder, write_whole
from dmp_desktop.cache.keys import CLINICAL, DESK, Keys
from dmp_desktop.cache.oskeyring import Keyring, SystemKeyring
from dmp_desktop.cache.slots import (
    KEY_BYTES,
    Argon2Cost,
    DatabaseKey,
    Slot,
    SlotKind,
    derived_kek,
    passphrase_kek,
    passphrase_settings,
)
from dmp_desktop.cache.vault_errors import (
    CardNotEnrolled,
    CardRenewed,
    InvitationExpired,
    KeyringChanged,
    NoSuchSlot,
    SlotDamaged,
    VaultEdited,
    VaultExists,
    VaultMissing,
    WeakPassphrase,
    WrongCode,
    WrongPassphrase,
)
from dmp_desktop.cache.vaultfile import LARGEST, KeyRecord, VaultBroken, VaultContent, fixed_hex, parse
from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.domain.professional import Professional

FILE: Final = "vault"
MINIMUM_PASSPHRASE: Final = 8
INVITATION_LASTS: Final = timedelta(hours=24)


class Vault:
    """The vault of one profile. Use from one lane at a time."""

    def __init__(self, folder: Path, content: VaultContent, keyring: Keyring | None = None) -> None:
        self._folder = folder
        self.content = content
        self.keyring: Keyring = keyring or SystemKeyring()

    @classmethod
    def create(
        cls,
        folder: Path,
        passphrase: Secret,
        keyring: Keyring | None = None,
        cost: Argon2Cost | None = None,
        recovery: Secret | None = None,
    ) -> tuple[Self, Keys]:
        """Make a vault with fresh random keys, a passphrase slot and a recovery slot, in one write.

        :param recovery: the code of the page to lock away; without it nothing but the keys given back opens the
            clinical store, until a card is enrolled with them.
        :raises VaultExists: there is one.
        :raises WeakPassphrase: under eight characters. :raises MistypedCode: ``recovery`` is no code.
        :raises StorageError: the file could not be written.
        """
        _demand_strength(passphrase)
        private_folder(folder)
        if (folder / FILE).exists():
            raise VaultExists("a vault is already here")
        keys = Keys({DESK: DatabaseKey.random(), CLINICAL: DatabaseKey.random()})
        records = {name: (KeyRecord.of(name, key),) for name, key in keys.by_database.items()}
        vault = cls(folder, VaultContent(os.urandom(16).hex(), 0, records, ()), keyring)
        slots = [vault._passphrase_slot(passphrase, keys, cost or Argon2Cost())]
        if recovery is not None:
            slots.append(vault.code_slot(SlotKind.RECOVERY, {}, recovery, keys))
        vault.write(keys, slots)
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
        return tuple(known.get(slot.kind) for slot in self.content.slots)

    # -- unlocking ----------------------------------------------------------------------------------------------------

    def unlock_with_passphrase(self, passphrase: Secret) -> Keys:
        """The desk's key, tried against every passphrase slot (about 0.4 s each).

        :raises WrongPassphrase: it opens none. :raises NoSuchSlot: there is none.
        :raises VaultBroken: a slot opened and did not hold the keys of this vault. :raises VaultEdited: see there.
        """
        for slot in self._of_kind(SlotKind.PASSPHRASE):
            if (raw := slot.unseal(self.content.id, passphrase_kek_of(passphrase, slot))) is not None:
                return self._verified(self._keys(raw))
        raise WrongPassphrase("no slot opened")

    def unlock_with_keyring(self) -> Keys:
        """The desk's key, through the secret kept by the operating system.

        :raises KeyringUnavailable: no keyring answers. :raises NoSuchSlot: it was never set up here.
        :raises KeyringChanged: it answers, without the right secret.
        """
        for slot in self._of_kind(SlotKind.KEYRING):
            kek = self.keyring_kek(slot)
            raw = slot.unseal(self.content.id, kek) if kek else None
            if raw is not None:
                return self._verified(self._keys(raw))
        raise KeyringChanged("no slot opened")

    def challenges(self, holder: Professional) -> tuple[Challenge, ...]:
        """What a card signs to find its slot; usually one. Nobody else's slot is asked, by its tag.

        :raises CardNotEnrolled: no slot is that person's.
        :raises VaultBroken: a slot that no program of ours wrote.
        """
        try:
            found = [
                challenge
                for slot in self.content.slots
                if slot.kind == SlotKind.CARD and (challenge := challenge_of(self.content.id, slot, holder))
            ]
        except (ValueError, KeyError, TypeError) as error:
            raise VaultBroken(type(error).__name__) from None
        if not found:
            raise CardNotEnrolled("no slot for this card")
        return tuple(found)

    def unlock_with_card(self, proofs: Iterable[Proof]) -> Keys:
        """The keys of whoever holds the card that made ``proofs``.

        :raises CardRenewed: the slot was made with another card of that person.
        :raises SlotDamaged: it was made with this one and no longer opens. :raises VaultEdited: see there.
        """
        same = False
        for proof in proofs:
            slot = self._slot(proof.challenge.slot)
            raw = slot.unseal(self.content.id, self._proof_kek(proof))
            if raw is not None:
                return self._verified(self._keys(raw))
            same = same or proof.challenge.same_card
        raise SlotDamaged("a card no longer opens its slot") if same else CardRenewed("another card of that person")

    def unlock_with_code(self, code: Secret, now: datetime, *, mend: bool = False) -> tuple[Keys, str]:
        """The keys, by the recovery page or by an invitation; and the id of the slot that opened.

        :param mend: take an edited vault back: only the way in that has just opened stays. For the recovery page.
        :raises MistypedCode: no code. :raises WrongCode: it opens nothing here.
        :raises InvitationExpired: it opened something until a moment ago. :raises VaultEdited: see there.
        """
        secret = code_bytes(code)
        for slot in self.content.slots:
            if slot.kind not in {SlotKind.RECOVERY, SlotKind.INVITATION}:
                continue
            raw = slot.unseal(self.content.id, derived_kek(secret, self.content.id, slot.id))
            if raw is None:
                continue
            if expired(slot, now):
                raise InvitationExpired("after its time")
            keys = self._keys(raw)
            if mend and slot.kind == SlotKind.RECOVERY and not self._is_sealed(keys):
                self.write(keys, [slot])
            return self._verified(keys), slot.id
        raise WrongCode("no slot opened")

    # -- ways in ------------------------------------------------------------------------------------------------------

    def add_keyring_slot(self, keys: Keys) -> None:
        """Let the operating system's session open the desk's store; a former keyring slot is replaced.

        :raises KeyringUnavailable: nothing changed.
        """
        kek, slot_id = os.urandom(KEY_BYTES), os.urandom(8).hex()
        self.keyring.set(self._entry(slot_id), kek.hex())
        former = [slot for slot in self.content.slots if slot.kind == SlotKind.KEYRING]
        slot = Slot.seal(self.content.id, slot_id, SlotKind.KEYRING, {}, kek, keys.desk_only.every())
        try:
            self.write(keys, [*(s for s in self.content.slots if s not in former), slot])
        except BaseException:
            self.keyring.delete(self._entry(slot_id))
            raise
        for old in former:
            self.keyring.delete(self._entry(old.id))

    def change_passphrase(self, keys: Keys, passphrase: Secret, cost: Argon2Cost | None = None) -> None:
        """Replace the passphrase slots by one for ``passphrase``, in one write.

        :raises WeakPassphrase: nothing changed.
        """
        _demand_strength(passphrase)
        others = [slot for slot in self.content.slots if slot.kind != SlotKind.PASSPHRASE]
        self.write(keys, [self._passphrase_slot(passphrase, keys, cost or Argon2Cost()), *others])

    def add_card(self, keys: Keys, proof: Proof, holder: Professional, label: str, gone: Collection[str] = ()) -> None:
        """A slot for a card; a reception card's holds the desk's key alone.

        :param label: its enciphered name (see :mod:`dmp_desktop.cache.ways`).
        :param gone: slots removed by the same write: the invitation that let the card in, the person's former slots.
        """
        sealed = keys.desk_only if holder.is_desk_staff else keys
        settings = card_settings(self.content.id, proof.challenge, holder)
        kek = self._proof_kek(proof)
        slot = Slot.seal(
            self.content.id, proof.challenge.slot, SlotKind.CARD, settings, kek, sealed.every(), label=label
        )
        self.write(keys, [*(s for s in self.content.slots if s.id not in gone and s.id != slot.id), slot])

    def remove(self, keys: Keys, slot_id: str) -> None:
        """Take one way in away. What the keyring kept for it is forgotten last, when the vault no longer needs it.

        :raises NoSuchSlot: it is gone already.
        """
        slot = self._slot(slot_id)
        self.write(keys, [s for s in self.content.slots if s.id != slot_id])
        if slot.kind == SlotKind.KEYRING:
            self.keyring.delete(self._entry(slot.id))

    # -- parts for the modules that change the vault ------------------------------------------------------------------

    def write(
        self, keys: Keys, slots: Iterable[Slot], databases: Mapping[str, tuple[KeyRecord, ...]] | None = None
    ) -> None:
        """Replace the file, sealed under ``keys.desk``; the former content stands when it cannot be written."""
        content = replace(
            self.content,
            generation=self.content.generation + 1,
            slots=tuple(slots),
            databases=self.content.databases if databases is None else databases,
        )
        content = replace(content, seal=content.sealed_with(keys.desk))
        write_whole(self._folder / FILE, content.to_bytes())
        self.content = content

    def code_slot(self, kind: SlotKind, settings: dict[str, str], code: Secret, keys: Keys, label: str = "") -> Slot:
        """A slot that a typed code opens."""
        slot_id = os.urandom(8).hex()
        kek = derived_kek(code_bytes(code), self.content.id, slot_id)
        return Slot.seal(self.content.id, slot_id, kind, settings, kek, keys.every(), label=label)

    def keyring_kek(self, slot: Slot) -> bytes | None:
        """What the keyring keeps for a slot, or ``None`` when it is not a key of ours."""
        try:
            return fixed_hex(self.keyring.get(self._entry(slot.id)) or "", KEY_BYTES)
        except ValueError:
            return None

    def _passphrase_slot(self, passphrase: Secret, keys: Keys, cost: Argon2Cost) -> Slot:
        settings = passphrase_settings(cost)
        kek = passphrase_kek(passphrase, settings)
        vault, slot = self.content.id, os.urandom(8).hex()
        return Slot.seal(vault, slot, SlotKind.PASSPHRASE, settings, kek, keys.desk_only.every())

    def _proof_kek(self, proof: Proof) -> bytes:
        return derived_kek(proof.signature, self.content.id, proof.challenge.slot)

    def _of_kind(self, kind: SlotKind) -> tuple[Slot, ...]:
        found = tuple(slot for slot in self.content.slots if slot.kind == kind)
        if not found:
            raise NoSuchSlot(f"no {kind.value} slot")
        return found

    def _slot(self, slot_id: str) -> Slot:
        for slot in self.content.slots:
            if slot.id == slot_id:
                return slot
        raise NoSuchSlot("a slot that is gone")

    def _keys(self, raw: dict[str, bytes]) -> Keys:
        found: tuple[dict[str, DatabaseKey], dict[str, DatabaseKey]] = ({}, {})
        for name, place, record in self.content.records():
            if (value := raw.get(record.salt.hex())) is None:
                continue
            found[place][name] = key = DatabaseKey(value, record.salt)
            if not hmac.compare_digest(key.check(name), record.check):
                raise VaultBroken("key-check value")
        if DESK not in found[0]:
            raise VaultBroken("no desk key in the slot")
        return Keys(*found)

    def _is_sealed(self, keys: Keys) -> bool:
        return hmac.compare_digest(self.content.seal, self.content.sealed_with(keys.desk))

    def _verified(self, keys: Keys) -> Keys:
        if not self._is_sealed(keys):
            raise VaultEdited("the seal does not hold")
        return keys

    def _entry(self, slot: str) -> str:
        return f"{self.content.id}-{slot}"


def expired(slot: Slot, now: datetime) -> bool:
    """Whether an invitation's time is over; what has no end never is."""
    until = slot.settings.get("until")
    if until is None:
        return False
    try:
        return now.astimezone(UTC) >= datetime.fromisoformat(until)
    except (ValueError, TypeError) as error:
        raise VaultBroken(type(error).__name__) from None


def passphrase_kek_of(passphrase: Secret, slot: Slot) -> bytes:
    """The KEK of a passphrase for its slot.

    :raises VaultBroken: settings that no program of ours wrote.
    """
    try:
        return passphrase_kek(passphrase, slot.settings)
    except (ValueError, KeyError, TypeError) as error:
        raise VaultBroken(type(error).__name__) from None


def _demand_strength(passphrase: Secret) -> None:
    if len(passphrase.reveal().strip()) < MINIMUM_PASSPHRASE:
        raise WeakPassphrase("too short", minimum=MINIMUM_PASSPHRASE)


__all__ = ["CLINICAL", "DESK", "FILE", "INVITATION_LASTS", "Challenge", "Keys", "Proof", "Vault", "fresh_challenge"]
