"""The ways into a vault as a person sees them: whose, since when, opening what; and codes that let somebody in.

Names are enciphered under the desk's key: whoever is in session reads them, the vault's file alone tells nobody.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from dmp_desktop.cache.codes import new_code
from dmp_desktop.cache.keys import CLINICAL, Keys
from dmp_desktop.cache.slots import KEY_BYTES, NONCE_BYTES, DatabaseKey, Slot, SlotKind
from dmp_desktop.cache.vault import INVITATION_LASTS, Vault, expired
from dmp_desktop.cache.vault_errors import VaultEdited
from dmp_desktop.cache.vaultfile import KeyRecord
from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.errors import FlowError


@dataclass(frozen=True, slots=True)
class Way:
    """One way in, to be shown.

    :ivar kind: ``None`` for one that only another version of the program knows.
    :ivar clinical: whether it opens the copy of documents too.
    :ivar name: whose it is, as displayed, ``""`` for what is nobody's; ``since``, ``until``: aware.
    """

    id: str
    kind: SlotKind | None
    clinical: bool
    name: str
    since: datetime | None
    until: datetime | None


def ways(vault: Vault, keys: Keys) -> tuple[Way, ...]:
    """The ways in, in the order they were made."""
    clinical = {record.salt.hex() for record in vault.content.databases.get(CLINICAL, ())}
    kinds = {kind.value: kind for kind in SlotKind}
    found = []
    for slot in vault.content.slots:
        name, since = _read_label(vault, slot, keys.desk)
        until = slot.settings.get("until")
        found.append(
            Way(
                slot.id,
                kinds.get(slot.kind),
                not clinical.isdisjoint(slot.sealed),
                name,
                since,
                datetime.fromisoformat(until) if until else None,
            )
        )
    return tuple(found)


def label(vault: Vault, desk: DatabaseKey, name: str, now: datetime) -> str:
    """A name and a date, enciphered for a slot."""
    text = json.dumps({"name": name, "since": now.astimezone(UTC).isoformat(timespec="seconds")}).encode()
    nonce = os.urandom(NONCE_BYTES)
    return (nonce + AESGCM(_label_key(desk)).encrypt(nonce, text, vault.content.id.encode())).hex()


def invite(vault: Vault, keys: Keys, name: str, now: datetime) -> Secret:
    """A one-time code that lets one more card open what these keys open, for 24 hours; those out of date are removed.

    :param name: who invites.
    :raises FlowError: these keys do not open the clinical store.
    """
    _demand_clinical(keys)
    code, until = new_code(), (now + INVITATION_LASTS).astimezone(UTC).isoformat(timespec="seconds")
    slot = vault.code_slot(SlotKind.INVITATION, {"until": until}, code, keys, label=label(vault, keys.desk, name, now))
    vault.write(keys, [*(slot for slot in vault.content.slots if not expired(slot, now)), slot])
    return code


def drop_expired(vault: Vault, keys: Keys, now: datetime) -> None:
    """Take away the invitations out of date, if any."""
    kept = [slot for slot in vault.content.slots if not expired(slot, now)]
    if len(kept) < len(vault.content.slots):
        vault.write(keys, kept)


def new_recovery(vault: Vault, keys: Keys, name: str, now: datetime) -> Secret:
    """Another recovery code; the page printed before opens nothing from then on.

    :raises FlowError: these keys do not open the clinical store.
    """
    _demand_clinical(keys)
    code = new_code()
    slot = vault.code_slot(SlotKind.RECOVERY, {}, code, keys, label=label(vault, keys.desk, name, now))
    others = [slot for slot in vault.content.slots if slot.kind != SlotKind.RECOVERY]
    vault.write(keys, [*others, slot])
    return code


def renew_clinical(vault: Vault, keys: Keys, recovery: Secret, now: datetime) -> Keys:
    """A fresh clinical key for an empty copy, when nothing opens the former one any more.

    The ways in keep what they open at the desk; the former clinical key is in none of them afterwards, and the recovery
    page is replaced. The file of the former copy must be out of the way before.
    """
    fresh = DatabaseKey.random()
    former = {record.salt.hex() for record in vault.content.databases.get(CLINICAL, ())}
    desk = keys.desk_only
    both = Keys({**desk.by_database, CLINICAL: fresh}, desk.coming)
    slots = [
        replace(slot, sealed={key: text for key, text in slot.sealed.items() if key not in former})
        for slot in vault.content.slots
        if slot.kind not in {SlotKind.RECOVERY, SlotKind.INVITATION}
    ]
    slots.append(vault.code_slot(SlotKind.RECOVERY, {}, recovery, both, label=label(vault, keys.desk, "", now)))
    databases = {**vault.content.databases, CLINICAL: (KeyRecord.of(CLINICAL, fresh),)}
    vault.write(both, slots, databases)
    return both


def relabelled(vault: Vault, slot: Slot, former: DatabaseKey, desk: DatabaseKey) -> Slot:
    """The slot with its label under another desk key."""
    if not slot.label:
        return slot
    name, since = _read_label(vault, slot, former)
    return replace(slot, label=label(vault, desk, name, since or datetime.fromtimestamp(0, UTC)))


def _demand_clinical(keys: Keys) -> None:
    if keys.clinical is None:
        raise FlowError("these keys do not open the clinical store")


def _read_label(vault: Vault, slot: Slot, desk: DatabaseKey) -> tuple[str, datetime | None]:
    if not slot.label:
        return "", None
    data = bytes.fromhex(slot.label)
    try:
        text = AESGCM(_label_key(desk)).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], vault.content.id.encode())
        body = json.loads(text)
        return str(body["name"]), datetime.fromisoformat(body["since"])
    except (InvalidTag, ValueError, KeyError, TypeError):
        raise VaultEdited("the label of a slot") from None


def _label_key(desk: DatabaseKey) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, None, b"dmp_desktop vault label").derive(desk.key)
