"""Readers and cards as the rest of the program sees them: one seam for PC/SC, the simulated readers and the tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from dmp_desktop.domain.professional import ProfessionalCard
from dmp_desktop.errors import CardError, ServiceUnavailable


class CardFamily(StrEnum):
    """What an ATR tells: the family, never test or real."""

    VITALE_2 = "vitale-2"
    VITALE_1 = "vitale-1"
    CPS = "cps"
    UNKNOWN = "unknown"


class ReaderChange(StrEnum):
    """What the watcher saw."""

    SERVICE_UP = "service-up"
    SERVICE_DOWN = "service-down"
    READER_ADDED = "reader-added"
    READER_GONE = "reader-gone"
    CARD_IN = "card-in"
    CARD_OUT = "card-out"
    CARD_MUTE = "card-mute"


@dataclass(frozen=True, slots=True)
class ReaderEvent:
    """One thing seen by the watcher, in the order it happened."""

    change: ReaderChange
    reader: str = ""
    atr: bytes = b""
    family: CardFamily = CardFamily.UNKNOWN


class CardLink(Protocol):
    """A card that answers."""

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        """Send one command; give its data and its status word (``61xx`` and ``6Cxx`` already followed).

        :raises CardRemoved: the card left during the exchange.
        """
        ...

    def close(self) -> None:
        """Let the card go, reset, so that the next reading starts clean."""
        ...


class CardSystem(Protocol):
    """Readers, whichever stands behind: PC/SC or the simulated ones."""

    def start(self, listener: Callable[[ReaderEvent], None]) -> None:
        """Begin to watch; ``listener`` is called from the watcher's thread, first for what is already there."""
        ...

    def stop(self) -> None:
        """Stop watching and join the thread."""
        ...

    def connect(self, reader: str) -> CardLink:
        """Open the card of ``reader``.

        :raises NoCard: the slot is empty.
        :raises ReaderBusy: another program holds the card.
        """
        ...

    def professional_card(self, reader: str) -> ProfessionalCard:
        """Open the professional card of ``reader``.

        :raises NoCard: the slot is empty.
        :raises ModuleMissing: no PKCS#11 module could be loaded.
        """
        ...


class NoCard(CardError):
    """No card in the slot."""

    code = "no-card"


class CardRemoved(CardError):
    """The card left while it was being read."""

    code = "card-removed"


class CardMute(CardError):
    """A card is there and does not answer (often upside down)."""

    code = "card-mute"


class ReaderBusy(CardError):
    """Another program holds the card."""

    code = "reader-busy"


class ReaderGone(CardError):
    """The reader was unplugged."""

    code = "reader-gone"


class UnknownCard(CardError):
    """A card of no family we read."""

    code = "unknown-card"


class VitaleOneUnreadable(CardError):
    """A Vitale 1: recognised, not read (no public map of its files exists)."""

    code = "vitale-one"


class UnreadableCard(CardError):
    """The card answered something that is not what such a card holds (garbled TLV, missing file)."""

    code = "unreadable-card"


class WrongPin(CardError):
    """The PIN is wrong. ``facts["tries"]`` tells how many tries are left."""

    code = "wrong-pin"

    def __init__(self, tries: int | None) -> None:
        super().__init__("wrong PIN", tries=tries)
        self.tries = tries


class PinBlocked(CardError):
    """No try left: only the card's unblocking code helps."""

    code = "pin-blocked"


class MixedNatures(CardError):
    """A real card meets a test one, or a platform of the other kind (EX_GEN-1430)."""

    code = "mixed-natures"


class CardServiceDown(ServiceUnavailable):
    """PC/SC is not running."""

    code = "card-service-down"


class ModuleMissing(ServiceUnavailable):
    """No PKCS#11 module for professional cards could be loaded."""

    code = "pkcs11-module-missing"
