"""How many PIN tries a CPS has left, told by the card itself without asking the PIN.

PKCS#11 has only flags for it ("a try was spent", "last one"), which a module may leave unset.
"""

from __future__ import annotations

from typing import Final

from dmp_desktop.cards.apdu import GET_DATA, Apdu, Sw, select_application
from dmp_desktop.cards.tlv import walk
from dmp_desktop.domain.readers import CardLink, UnreadableCard

# IAS-ECC face of a CPS3, as named by the published drivers.
AID_CPS3: Final = bytes.fromhex("E828BD080F8025000001FF0010")
# GET DATA of the security object of PIN 1, as the official library asks it.
_COUNTER: Final = bytes(Apdu(GET_DATA, 0x3F, 0xFF, bytes.fromhex("4D087006BF810102A080"), le=256))
_TRIES_LEFT: Final = 0x9B


def read_counter(link: CardLink) -> int | None:
    """The tries left, or ``None`` when this card does not say.

    :raises dmp_desktop.errors.CardError: removed meanwhile.
    """
    answer, sw = link.transmit(_COUNTER)
    if sw != Sw.OK:
        # Nothing selected yet: the security object belongs to the application.
        _, sw = link.transmit(select_application(AID_CPS3))
        if sw != Sw.OK:
            return None
        answer, sw = link.transmit(_COUNTER)
    if sw != Sw.OK:
        return None
    try:
        left = next((item.value for item in walk(answer) if item.tag == _TRIES_LEFT), b"")
    except UnreadableCard:
        return None
    return left[0] if len(left) == 1 and left[0] <= 15 else None
