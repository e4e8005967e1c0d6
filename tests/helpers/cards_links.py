"""A wire between the client and a simulated chip, with a hand on it."""

from __future__ import annotations

from collections.abc import Callable

from dmp_desktop.cards.apdu import converse
from dmp_desktop.domain.identifiers import nir_key
from dmp_desktop.sandbox.cards.plastic import Chip
from dmp_desktop.sandbox.cards.virtual_vitale import Holder


class ChipLink:
    """A card link straight to a chip (:class:`dmp_desktop.domain.readers.CardLink`).

    :param spoil: receives the number of the exchange (from 1) and the raw answer, gives the answer to deliver; an empty
        one is a card that left.
    """

    def __init__(self, chip: Chip, spoil: Callable[[int, bytes], bytes] | None = None) -> None:
        self.chip = chip
        self.exchanges = 0
        self.closed = 0
        self._spoil = spoil
        chip.reset()

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        return converse(self._exchange, apdu)

    def close(self) -> None:
        self.closed += 1

    def _exchange(self, command: bytes) -> bytes:
        self.exchanges += 1
        answer = self.chip.exchange(command)
        return self._spoil(self.exchanges, answer) if self._spoil else answer


def number(body: str) -> str:
    """A fictional number with its key."""
    return body + nir_key(body)


ODILE_NUMBER = number("2790599000123")
FAMILY = (
    Holder("LAVANDIN", "ODILE", "19790523", ODILE_NUMBER),
    Holder("CORNICHE", "GASPARD", "19771111", number("1771199000456")),
    Holder("CORNICHE", "CAPUCINE", "20160902", ODILE_NUMBER),
    Holder("CORNICHE", "CLEMENTINE", "20160902", ODILE_NUMBER),
)
