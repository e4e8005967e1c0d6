"""How a card's slot is found again without a name in the vault's file.

A tag is one byte of a keyed hash: one professional in 256 has it. It spares the card a signature per slot of the post
and names nobody: thousands of professionals of the country share it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass
from typing import Any

from dmp_desktop.cache.slots import Slot
from dmp_desktop.domain.professional import Professional

CHALLENGE_BYTES = 32


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a card is asked to sign so that a slot opens, or for a slot to be made.

    :ivar slot: id of that slot. :ivar same_card: the tag of the card agrees, not only that of the person.
    """

    slot: str
    data: bytes
    same_card: bool


@dataclass(frozen=True, slots=True, repr=False)
class Proof:
    """A card's answer to a :class:`Challenge`; as secret as a key."""

    challenge: Challenge
    signature: bytes

    def __repr__(self) -> str:
        return "Proof(…)"


def fresh_challenge() -> Challenge:
    """For a slot to be made."""
    return Challenge(os.urandom(8).hex(), os.urandom(CHALLENGE_BYTES), same_card=True)


def card_settings(vault: str, challenge: Challenge, holder: Professional) -> dict[str, Any]:
    """Settings of the slot of a card."""
    person, card = _tags(vault, holder)
    return {"challenge": challenge.data.hex(), "person": person, "card": card}


def challenge_of(vault: str, slot: Slot, holder: Professional) -> Challenge | None:
    """The challenge of a card's slot if it may be that person's, else ``None``.

    :raises ValueError, KeyError, TypeError: settings that no program of ours wrote.
    """
    person, card = _tags(vault, holder)
    data = bytes.fromhex(slot.settings["challenge"])
    if len(data) != CHALLENGE_BYTES:
        raise ValueError("challenge")
    if slot.settings["person"] != person:
        return None
    return Challenge(slot.id, data, slot.settings["card"] == card)


def _tags(vault: str, holder: Professional) -> tuple[str, str]:
    return _tag(vault, "person", holder.id.value), _tag(vault, "card", holder.card_serial)


def _tag(vault: str, what: str, value: str) -> str:
    return hmac.new(bytes.fromhex(vault), f"{what}\0{value}".encode(), hashlib.sha256).hexdigest()[:2]
