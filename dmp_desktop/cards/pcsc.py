"""The only door to PC/SC (pyscard, raw calls).

Results are codes turned into the errors of :mod:`dmp_desktop.domain.readers`; no byte of an exchange reaches a log.
The system watches from a thread of its own; everything else is to be called from the cards lane only.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

import smartcard.scard as scard

from dmp_desktop.cards.apdu import converse
from dmp_desktop.cards.cps import open_card
from dmp_desktop.cards.pin_counter import read_counter
from dmp_desktop.cards.watcher import ReaderWatcher, SlotState
from dmp_desktop.config import CardSettings
from dmp_desktop.domain.professional import ProfessionalCard
from dmp_desktop.domain.readers import (
    CardLink,
    CardMute,
    CardRemoved,
    CardServiceDown,
    NoCard,
    ReaderBusy,
    ReaderEvent,
    ReaderGone,
    UnknownCard,
    UnreadableCard,
)
from dmp_desktop.errors import Cancelled, DmpError

# The pseudo-reader that wakes a wait when a reader comes or goes.
_PNP: Final = "\\\\?PnP?\\Notification"
# Where the pseudo-reader is not known (macOS), the list of readers is asked again this often.
_RELIST_MS: Final = 500
_WAIT_MS: Final = 60_000
BUSY_STEP_SECONDS: Final = 0.25
BUSY_STEPS: Final = 20

_ERRORS: Final[dict[int, type[DmpError]]] = {
    scard.SCARD_E_NO_SMARTCARD: NoCard,
    scard.SCARD_E_UNKNOWN_READER: ReaderGone,
    scard.SCARD_E_READER_UNAVAILABLE: ReaderGone,
    scard.SCARD_E_NO_READERS_AVAILABLE: ReaderGone,
    # Measured: a card pulled before pcscd noticed gives NOT_TRANSACTED, after it REMOVED_CARD.
    scard.SCARD_E_NOT_TRANSACTED: CardRemoved,
    scard.SCARD_W_REMOVED_CARD: CardRemoved,
    scard.SCARD_W_UNRESPONSIVE_CARD: CardMute,
    scard.SCARD_W_UNPOWERED_CARD: CardMute,
    scard.SCARD_W_UNSUPPORTED_CARD: CardMute,
    scard.SCARD_E_SHARING_VIOLATION: ReaderBusy,
    # Another program reset the card under us: what was selected is lost, the reading must begin again.
    scard.SCARD_W_RESET_CARD: ReaderBusy,
    scard.SCARD_E_PROTO_MISMATCH: UnknownCard,
    scard.SCARD_E_CARD_UNSUPPORTED: UnknownCard,
    scard.SCARD_E_NO_SERVICE: CardServiceDown,
    scard.SCARD_E_SERVICE_STOPPED: CardServiceDown,
    scard.SCARD_E_INVALID_HANDLE: CardServiceDown,
    scard.SCARD_F_COMM_ERROR: CardServiceDown,
    scard.SCARD_F_INTERNAL_ERROR: CardServiceDown,
    scard.SCARD_E_SYSTEM_CANCELLED: CardServiceDown,
}


def _check(result: int) -> None:
    """Raise what a result code means.

    :raises UnreadableCard: for a code of no known meaning; ``facts["pcsc"]`` holds it.
    """
    if result != scard.SCARD_S_SUCCESS:
        kind = _ERRORS.get(result, UnreadableCard)
        raise kind(f"PC/SC {result & 0xFFFFFFFF:08X}", pcsc=f"{result & 0xFFFFFFFF:08X}")


def _context() -> Any:
    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    # Whatever the code, no context means no service: Windows has several codes for it.
    if result != scard.SCARD_S_SUCCESS:
        raise CardServiceDown(f"PC/SC {result & 0xFFFFFFFF:08X}")
    return context


class _Watch:
    """A connection for the watcher (:class:`dmp_desktop.cards.watcher.WatchContext`)."""

    def __init__(self) -> None:
        self._context = _context()
        self._pnp = True

    def readers(self) -> list[str]:
        result, names = scard.SCardListReaders(self._context, [])
        if result == scard.SCARD_E_NO_READERS_AVAILABLE:
            return []
        self._alive(result)
        return [name for name in names if name != _PNP]

    def wait(self, known: Mapping[str, SlotState]) -> dict[str, SlotState]:
        asked = [(name, state.token) for name, state in known.items()]
        if self._pnp:
            asked.append((_PNP, len(known) << 16))
        result, states = scard.SCardGetStatusChange(self._context, _WAIT_MS if self._pnp else _RELIST_MS, asked)
        if result == scard.SCARD_E_UNKNOWN_READER:
            # A reader that left between the list and the wait, or a system without the pseudo-reader.
            self._pnp = self._pnp and self.readers() != list(known)
            return {}
        if result in (scard.SCARD_E_TIMEOUT, scard.SCARD_E_CANCELLED):
            return {}
        self._alive(result)
        return {name: _state(flags, bytes(atr)) for name, flags, atr in states if name != _PNP}

    def cancel(self) -> None:
        scard.SCardCancel(self._context)

    def release(self) -> None:
        scard.SCardReleaseContext(self._context)

    @staticmethod
    def _alive(result: int) -> None:
        if result != scard.SCARD_S_SUCCESS:
            raise CardServiceDown(f"PC/SC {result & 0xFFFFFFFF:08X}")


def _state(flags: int, atr: bytes) -> SlotState:
    mute = bool(flags & scard.SCARD_STATE_PRESENT) and bool(flags & scard.SCARD_STATE_MUTE)
    # A card just pushed in, not powered yet, has no ATR: it is told when it has one.
    present = bool(flags & scard.SCARD_STATE_PRESENT) and (mute or bool(atr))
    return SlotState(
        present, mute, atr if present and not mute else b"", flags >> 16, flags & ~scard.SCARD_STATE_CHANGED
    )


class _Link:
    """One card in shared mode, inside one transaction, so that another program cannot select a file under us."""

    def __init__(self, reader: str, *, at_close: int) -> None:
        self._at_close = at_close
        self._context = _context()
        self._handle: Any = None
        try:
            protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
            result, handle, protocol = scard.SCardConnect(self._context, reader, scard.SCARD_SHARE_SHARED, protocols)
            _check(result)
            self._handle = handle
            self._protocol = scard.SCARD_PCI_T1 if protocol == scard.SCARD_PROTOCOL_T1 else scard.SCARD_PCI_T0
            result = scard.SCardBeginTransaction(handle)
            if result == scard.SCARD_W_RESET_CARD:
                result, _ = scard.SCardReconnect(handle, scard.SCARD_SHARE_SHARED, protocols, scard.SCARD_LEAVE_CARD)
                _check(result)
                result = scard.SCardBeginTransaction(handle)
            _check(result)
        except DmpError:
            self.close()
            raise

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        try:
            return converse(self._exchange, apdu)
        except CardRemoved:
            # Resetting a card that left makes pcscd call the slot empty before its own watch has seen it: the next
            # card, pushed in at once, would then never be told.
            self._at_close = scard.SCARD_LEAVE_CARD
            raise

    def close(self) -> None:
        """Never fails: what could be closed is closed, a card or a service already gone is let go."""
        handle, self._handle = self._handle, None
        if handle is not None:
            scard.SCardDisconnect(handle, self._at_close)
        context, self._context = self._context, None
        if context is not None:
            scard.SCardReleaseContext(context)

    def _exchange(self, apdu: bytes) -> bytes:
        if self._handle is None:
            raise CardRemoved("the card was let go")
        result, answer = scard.SCardTransmit(self._handle, self._protocol, list(apdu))
        _check(result)
        return bytes(byte & 0xFF for byte in answer)


def _stay(reader: str) -> int | None:
    """A number that changes when a card comes or goes; ``None`` when there is none, nor a reader, nor a service."""
    try:
        context = _context()
    except CardServiceDown:
        return None
    try:
        result, states = scard.SCardGetStatusChange(context, 0, [(reader, scard.SCARD_STATE_UNAWARE)])
    finally:
        scard.SCardReleaseContext(context)
    if result != scard.SCARD_S_SUCCESS:
        return None
    _, flags, atr = states[0]
    state = _state(flags, bytes(atr))
    return state.counter if state.present else None


class PcscSystem:
    """Real readers (:class:`dmp_desktop.domain.readers.CardSystem`).

    :param wait: waits that many seconds and tells whether to give up; only tests hand in another.
    """

    def __init__(self, settings: CardSettings, wait: Callable[[float], bool] | None = None) -> None:
        self._settings = settings
        self._stopping = threading.Event()
        self._wait = wait or self._stopping.wait
        self._watcher: ReaderWatcher | None = None
        self._witness: Any = None

    def start(self, listener: Callable[[ReaderEvent], None]) -> None:
        """Begin to watch; see :class:`dmp_desktop.domain.readers.CardSystem`."""
        self._stopping.clear()
        self._watcher = ReaderWatcher(_Watch, listener)
        self._watcher.start()

    def stop(self) -> None:
        """Stop watching, join the thread, and give up any wait for a busy reader."""
        self._stopping.set()
        watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.stop()
        witness, self._witness = self._witness, None
        if witness is not None:
            scard.SCardReleaseContext(witness)

    def connect(self, reader: str) -> CardLink:
        """Open the card; closing resets it, so that the next reading starts clean.

        A card held by another program (billing software) is waited for, five seconds at most.

        :raises ReaderBusy: still held after that.
        :raises Cancelled: the program is closing.
        """
        return self._open(reader, scard.SCARD_RESET_CARD)

    def professional_card(self, reader: str) -> ProfessionalCard:
        """Open the professional card through PKCS#11; the tries left are asked of the card itself first.

        The card is left as it is afterwards: a reset would log out another program of the post.
        """
        stay = _stay(reader)
        link = self._open(reader, scard.SCARD_LEAVE_CARD)
        try:
            tries = read_counter(link)
        finally:
            link.close()
        afresh = self._service_restarted()
        return open_card(self._settings.pkcs11_module, reader, tries, lambda: _stay(reader) == stay, afresh=afresh)

    def _service_restarted(self) -> bool:
        """Whether the card service is another one than at the last call: a connection made then no longer answers."""
        if self._witness is not None:
            result, _ = scard.SCardListReaders(self._witness, [])
            if result in (scard.SCARD_S_SUCCESS, scard.SCARD_E_NO_READERS_AVAILABLE):
                return False
            scard.SCardReleaseContext(self._witness)
        self._witness = _context()
        return True

    def _open(self, reader: str, at_close: int) -> _Link:
        for _ in range(BUSY_STEPS):
            try:
                return _Link(reader, at_close=at_close)
            except ReaderBusy:
                if self._wait(BUSY_STEP_SECONDS):
                    raise Cancelled("closing while a reader is busy") from None
        return _Link(reader, at_close=at_close)
