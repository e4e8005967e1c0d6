"""Changing the keys of the stores, in two phases that a power cut may part at any place.

First the vault takes the keys to come beside those in force, in the slots that can be re-made: the passphrase just
typed, the keyring, the card just presented, and a new recovery page. Then each file is written anew under its key to
come, at its next opening, and the vault forgets the former key of that file. Until then both keys can be had, and the
file itself tells which one it is under: it begins with the salt of its key.

Cards that are not there keep their slots until the desk's file has changed; they are then let in anew by an invitation:
nobody can wrap a key for a card that is not there to sign.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from dmp_desktop.cache.cardtags import Proof
from dmp_desktop.cache.codes import new_code
from dmp_desktop.cache.keys import DESK, Keys
from dmp_desktop.cache.oskeyring import KeyringUnavailable
from dmp_desktop.cache.slots import DatabaseKey, Slot, SlotKind, derived_kek
from dmp_desktop.cache.vault import Vault, passphrase_kek_of
from dmp_desktop.cache.vault_errors import WrongPassphrase
from dmp_desktop.cache.vaultfile import KeyRecord
from dmp_desktop.cache.ways import label, relabelled
from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.errors import FlowError

Reseal = Callable[[DatabaseKey, DatabaseKey], None]
"""Write one file anew, from the key in force to the key to come. Asked again after a kill, it must see that the file
is already under the second and do nothing."""


def begin(
    vault: Vault, keys: Keys, passphrase: Secret, proofs: Iterable[Proof], name: str, now: datetime
) -> tuple[Keys, Secret]:
    """First phase: one write of the vault. Gives the keys, with those to come, and the code of the new recovery page.

    :param keys: of somebody whose card opens both stores.
    :raises FlowError: they open one only, or a change is not finished yet.
    :raises WrongPassphrase: nothing changed.
    """
    if keys.clinical is None or keys.coming:
        raise FlowError("both stores must be open, and no change of keys under way")
    coming = {key: DatabaseKey.random() for key in keys.by_database}
    both = Keys(keys.by_database, coming)
    keks = _keks(vault, passphrase, proofs)
    vault_id, code = vault.content.id, new_code()
    slots: list[Slot] = []
    for slot in vault.content.slots:
        if slot.kind in {SlotKind.RECOVERY, SlotKind.INVITATION}:
            continue
        kek = keks.get(slot.id)
        if kek is None:
            slots.append(slot)
            continue
        opens = [n for n, key in keys.by_database.items() if key.id in slot.sealed]
        sealed = [key for n in opens for key in (keys.by_database[n], coming[n])]
        slots.append(Slot.seal(vault_id, slot.id, SlotKind(slot.kind), slot.settings, kek, sealed, slot.label))
    slots.append(vault.code_slot(SlotKind.RECOVERY, {}, code, both, label=label(vault, keys.desk, name, now)))
    databases = {n: (KeyRecord.of(n, key), KeyRecord.of(n, coming[n])) for n, key in keys.by_database.items()}
    vault.write(both, slots, databases)
    return both, code


def under_way(vault: Vault) -> bool:
    """Whether a change of keys is not finished."""
    return any(len(records) > 1 for records in vault.content.databases.values())


def finish(vault: Vault, keys: Keys, name: str, reseal: Reseal) -> Keys:
    """Second phase, for one file that nobody has open: the file first, the vault after.

    Without a change under way for this file, nothing happens. A way in made before the change and not re-made does not
    have the key to come: it opens the file under its former key as long as the file is, and nothing changes.

    :raises StorageError: the file or the vault could not be written; asked again later, it goes on from there.
    """
    after = keys.coming.get(name)
    if after is None:
        return keys
    before = keys.by_database[name]
    reseal(before, after)
    coming = {n: key for n, key in keys.coming.items() if n != name}
    changed = Keys({**keys.by_database, name: after}, coming)
    records = {**vault.content.databases, name: (KeyRecord.of(name, after),)}
    slots = [
        replace(slot, sealed={key: text for key, text in slot.sealed.items() if key != before.id})
        for slot in vault.content.slots
    ]
    if name == DESK:
        slots = [relabelled(vault, slot, before, after) for slot in slots if after.id in slot.sealed]
    vault.write(changed, slots, records)
    return changed


def _keks(vault: Vault, passphrase: Secret, proofs: Iterable[Proof]) -> dict[str, bytes]:
    found = {
        proof.challenge.slot: derived_kek(proof.signature, vault.content.id, proof.challenge.slot) for proof in proofs
    }
    known = False
    for slot in vault.content.slots:
        if slot.kind == SlotKind.PASSPHRASE:
            kek = passphrase_kek_of(passphrase, slot)
            if slot.unseal(vault.content.id, kek) is not None:
                found[slot.id], known = kek, True
        elif slot.kind == SlotKind.KEYRING:
            try:
                kept = vault.keyring_kek(slot)
            except KeyringUnavailable:
                continue
            if kept is not None and slot.unseal(vault.content.id, kept) is not None:
                found[slot.id] = kept
    if not known:
        raise WrongPassphrase("no slot opened")
    return found
