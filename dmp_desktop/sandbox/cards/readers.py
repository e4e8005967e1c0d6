"""Two simulated slots behind the same seam as PC/SC, with every way a reader can misbehave.

Events reach the listener from a thread of their own, as the real watcher's do. Orders (insert, remove, faults) may come
from any thread; the cards themselves are spoken to from the cards lane only.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from dmp_desktop.domain.professional import ProfessionalCard
from dmp_desktop.domain.readers import (
    CardFamily,
    CardLink,
    CardMute,
    CardRemoved,
    CardServiceDown,
    NoCard,
    ReaderBusy,
    ReaderChange,
    ReaderEvent,
    ReaderGone,
    UnknownCard,
)
from dmp_desktop.sandbox.cards.plastic import Chip
from dmp_desktop.sandbox.cards.professional import SimulatedProfessionalCard
from dmp_desktop.sandbox.cards.virtual_vitale import VITALE_1_ATR, VITALE_2_ATR

LEFT: Final = "Lecteur simulé, fente de gauche"
RIGHT: Final = "Lecteur simulé, fente de droite"

Plastic = Chip | SimulatedProfessionalCard


@dataclass(slots=True)
class _Slot:
    card: Plastic | None = None
    plugged: bool = True
    mute: bool = False
    busy: int = 0
    garble_at: int = 0
    garble_times: int = 0
    pull_at: int = 0
    stay: int = 0


class SimulatedReaders:
    """A card system of one process (:class:`dmp_desktop.domain.readers.CardSystem`).

    The usual place of the professional card is :data:`LEFT`, that of the Vitale :data:`RIGHT`; each takes any card.
    """

    def __init__(self) -> None:
        self._slots = {LEFT: _Slot(), RIGHT: _Slot()}
        self._running = True
        self._lock = threading.RLock()
        self._news = threading.Condition(self._lock)
        self._queue: deque[ReaderEvent] = deque()
        self._thread: threading.Thread | None = None
        self._stopping = False

    # -- the seam -----------------------------------------------------------------------------------------------------
    def start(self, listener: Callable[[ReaderEvent], None]) -> None:
        """Begin to tell events, first what is already there."""
        with self._lock:
            self._queue.clear()
            self._stopping = False
            self._tell_all()
            self._thread = threading.Thread(target=self._deliver, args=(listener,), name="simulated-readers")
            self._thread.start()

    def stop(self) -> None:
        """Stop telling and join the thread; events not yet told are dropped."""
        with self._news:
            self._stopping = True
            self._news.notify_all()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()

    def connect(self, reader: str) -> CardLink:
        """Open the card of ``reader``."""
        with self._lock:
            slot, card = self._open(reader)
            if isinstance(card, SimulatedProfessionalCard):
                raise UnknownCard("the simulated professional card speaks no raw commands")
            card.reset()
            return _Link(self, reader, slot.stay, card)

    def professional_card(self, reader: str) -> ProfessionalCard:
        """Open the professional card of ``reader``."""
        with self._lock:
            slot, card = self._open(reader)
            if not isinstance(card, SimulatedProfessionalCard):
                raise UnknownCard("not a professional card")
            stay = slot.stay
            return card.opened(lambda: self._present(reader, stay))

    # -- hands on the readers -----------------------------------------------------------------------------------------
    def insert(self, reader: str, card: Plastic) -> None:
        """Put a card in; one already there is pulled first."""
        with self._lock:
            self.remove(reader)
            slot = self._slots[reader]
            slot.card = card
            slot.stay += 1
            if self._seen(slot):
                self._tell_card(reader, slot)

    def remove(self, reader: str) -> None:
        """Pull the card out, if any. A fault of the card (:meth:`mute`) leaves with it."""
        with self._lock:
            slot = self._slots[reader]
            if slot.card is None:
                return
            slot.card = None
            slot.mute = False
            slot.garble_at = slot.garble_times = slot.pull_at = 0
            slot.stay += 1
            if self._seen(slot):
                self._tell(ReaderChange.CARD_OUT, reader)

    def inserted(self, reader: str) -> Plastic | None:
        """The card in the slot."""
        with self._lock:
            return self._slots[reader].card

    # -- faults -------------------------------------------------------------------------------------------------------
    def mute(self, reader: str, card: Plastic) -> None:
        """Put a card in upside down: present, silent."""
        with self._lock:
            self.remove(reader)
            slot = self._slots[reader]
            slot.card, slot.mute = card, True
            slot.stay += 1
            if self._seen(slot):
                self._tell_card(reader, slot)

    def busy(self, reader: str, times: int) -> None:
        """Have another program hold the card for the next ``times`` openings."""
        with self._lock:
            self._slots[reader].busy = times

    def garble(self, reader: str, command: int, times: int = 1) -> None:
        """Spoil the answers to ``times`` commands from the n-th next one (from 1); the client heals a single one."""
        with self._lock:
            slot = self._slots[reader]
            slot.garble_at, slot.garble_times = command, times

    def pull_at(self, reader: str, command: int) -> None:
        """Pull the card out during the n-th next command (from 1)."""
        with self._lock:
            self._slots[reader].pull_at = command

    def service(self, running: bool) -> None:
        """Stop or start the card service; readers and cards stay where they are."""
        with self._lock:
            if running == self._running:
                return
            if not running:
                for reader, slot in self._slots.items():
                    self._tell_gone(reader, slot)
                    slot.stay += 1
                self._tell(ReaderChange.SERVICE_DOWN)
            self._running = running
            if running:
                self._tell_all()

    def plug(self, reader: str, plugged: bool) -> None:
        """Unplug a reader or plug it back, its card still inside."""
        with self._lock:
            slot = self._slots[reader]
            if plugged == slot.plugged:
                return
            if plugged:
                slot.plugged = True
                if self._running:
                    self._tell_reader(reader, slot)
                return
            if self._running:
                self._tell_gone(reader, slot)
            slot.plugged = False
            slot.stay += 1

    # -- inside -------------------------------------------------------------------------------------------------------
    def carry(self, reader: str, stay: int, chip: Chip, command: bytes) -> bytes:
        """One raw exchange of a link, with the faults asked for.

        :raises CardRemoved: the card is no longer the one the link was opened on.
        """
        with self._lock:
            slot = self._slots[reader]
            if not self._present(reader, stay):
                raise CardRemoved("the simulated card was pulled")
            pulled, garbled = slot.pull_at == 1, slot.garble_at <= 1 and slot.garble_times > 0
            slot.pull_at, slot.garble_at = max(0, slot.pull_at - 1), max(0, slot.garble_at - 1)
            slot.garble_times -= garbled
            if pulled:
                self.remove(reader)
                raise CardRemoved("the simulated card was pulled")
            answer = chip.exchange(command)
            return _spoilt(answer) if garbled else answer

    def _open(self, reader: str) -> tuple[_Slot, Plastic]:
        if not self._running:
            raise CardServiceDown("the simulated card service is stopped")
        slot = self._slots.get(reader)
        if slot is None or not slot.plugged:
            raise ReaderGone("the simulated reader is unplugged")
        if slot.card is None:
            raise NoCard("the simulated slot is empty")
        if slot.mute:
            raise CardMute("the simulated card is silent")
        if slot.busy:
            slot.busy -= 1
            raise ReaderBusy("another program holds the simulated card")
        return slot, slot.card

    def _present(self, reader: str, stay: int) -> bool:
        with self._lock:
            return self._slots[reader].stay == stay

    def _seen(self, slot: _Slot) -> bool:
        return self._running and slot.plugged

    def _tell_all(self) -> None:
        if not self._running:
            self._tell(ReaderChange.SERVICE_DOWN)
            return
        self._tell(ReaderChange.SERVICE_UP)
        for reader, slot in self._slots.items():
            if slot.plugged:
                self._tell_reader(reader, slot)

    def _tell_reader(self, reader: str, slot: _Slot) -> None:
        self._tell(ReaderChange.READER_ADDED, reader)
        if slot.card is not None:
            self._tell_card(reader, slot)

    def _tell_card(self, reader: str, slot: _Slot) -> None:
        if slot.mute or slot.card is None:
            self._tell(ReaderChange.CARD_MUTE, reader)
            return
        self._tell(ReaderChange.CARD_IN, reader, slot.card.atr, _family(slot.card))

    def _tell_gone(self, reader: str, slot: _Slot) -> None:
        if not self._seen(slot):
            return
        if slot.card is not None:
            self._tell(ReaderChange.CARD_OUT, reader)
        self._tell(ReaderChange.READER_GONE, reader)

    def _tell(
        self, change: ReaderChange, reader: str = "", atr: bytes = b"", family: CardFamily = CardFamily.UNKNOWN
    ) -> None:
        with self._news:
            self._queue.append(ReaderEvent(change, reader, atr, family))
            self._news.notify_all()

    def _deliver(self, listener: Callable[[ReaderEvent], None]) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._stopping or self._queue)
                if self._stopping:
                    return
                event = self._queue.popleft()
            listener(event)


class _Link:
    def __init__(self, readers: SimulatedReaders, reader: str, stay: int, chip: Chip) -> None:
        self._readers, self._reader, self._stay, self._chip = readers, reader, stay, chip

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        answer = self._carry(apdu)
        if answer[-2] == 0x6C:
            answer = self._carry(apdu[:-1] + answer[-1:])
        data = answer[:-2]
        while answer[-2] == 0x61:
            answer = self._carry(bytes([0x00, 0xC0, 0x00, 0x00, answer[-1]]))
            data += answer[:-2]
        return data, int.from_bytes(answer[-2:], "big")

    def close(self) -> None:
        self._chip.reset()

    def _carry(self, command: bytes) -> bytes:
        return self._readers.carry(self._reader, self._stay, self._chip, command)


def _spoilt(answer: bytes) -> bytes:
    """Data with wrong bits under a good status word; an answer without data becomes a status word of nowhere."""
    return bytes(byte ^ 0x55 for byte in answer[:-2]) + answer[-2:] if len(answer) > 2 else b"\x6f\x00"


def _family(card: Plastic) -> CardFamily:
    if isinstance(card, SimulatedProfessionalCard):
        return CardFamily.CPS
    return {VITALE_2_ATR: CardFamily.VITALE_2, VITALE_1_ATR: CardFamily.VITALE_1}.get(card.atr, CardFamily.UNKNOWN)
