"""Watch readers and cards, whatever happens to the card service.

One thread waits in the service's own blocking call; nothing is polled while the service lives. The service may be
absent, stopped, killed and restarted: the watcher says so and comes back by itself. (The monitors of the PC/SC library
die for good in these cases.)
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from dmp_desktop.cards.atr import family_of
from dmp_desktop.domain.readers import CardServiceDown, ReaderChange, ReaderEvent

RETRY_SECONDS: Final = 0.25
_JOIN_STEP: Final = 0.05


@dataclass(frozen=True, slots=True)
class SlotState:
    """What the service says of one slot.

    :ivar token: opaque state to hand back at the next wait, so that only what changed since is told.
    :ivar counter: how many times a card came or went, modulo 65536.
    """

    present: bool = False
    mute: bool = False
    atr: bytes = b""
    counter: int = 0
    token: int = 0


class WatchContext(Protocol):
    """One connection to the card service, for watching. Every method may raise :class:`CardServiceDown`."""

    def readers(self) -> list[str]:
        """Names of the readers, possibly none."""
        ...

    def wait(self, known: Mapping[str, SlotState]) -> dict[str, SlotState]:
        """Block until something differs from ``known`` (a reader more or less, a card); give the states that do.

        An empty answer means that the list of readers must be asked again.
        """
        ...

    def cancel(self) -> None:
        """Wake a blocked :meth:`wait`, from another thread."""
        ...

    def release(self) -> None:
        """Close the connection."""
        ...


class ReaderWatcher:
    """The thread and what it knows. ``listener`` is called from that thread, in the order of the facts."""

    def __init__(self, connect: Callable[[], WatchContext], listener: Callable[[ReaderEvent], None]) -> None:
        self._connect = connect
        self._listener = listener
        self._quit = threading.Event()
        self._lock = threading.Lock()
        self._context: WatchContext | None = None
        self._known: dict[str, SlotState] = {}
        self._thread = threading.Thread(target=self._run, name="reader-watcher")

    def start(self) -> None:
        """Begin; what is already there is told first."""
        self._thread.start()

    def stop(self) -> None:
        """End and join. Cancelling is repeated, since a cancel that arrives just before the wait is lost."""
        self._quit.set()
        while self._thread.is_alive():
            with self._lock:
                if self._context is not None:
                    self._context.cancel()
            self._thread.join(_JOIN_STEP)

    def _run(self) -> None:
        told_down = False
        while not self._quit.is_set():
            try:
                context = self._connect()
            except CardServiceDown:
                if not told_down:
                    told_down = True
                    self._tell(ReaderChange.SERVICE_DOWN)
                self._quit.wait(RETRY_SECONDS)
                continue
            told_down = False
            self._tell(ReaderChange.SERVICE_UP)
            if not self._watch(context):
                told_down = True
                self._all_gone()
                self._tell(ReaderChange.SERVICE_DOWN)
                self._quit.wait(RETRY_SECONDS)

    def _watch(self, context: WatchContext) -> bool:
        """Follow one connection; ``False`` when the service was lost, ``True`` when asked to stop."""
        with self._lock:
            self._context = context
        try:
            while not self._quit.is_set():
                self._follow_readers(context.readers())
                for reader, state in context.wait(self._known).items():
                    if reader in self._known:
                        self._follow_card(reader, state)
        except CardServiceDown:
            return False
        finally:
            with self._lock:
                self._context = None
            context.release()
        return True

    def _follow_readers(self, names: list[str]) -> None:
        for reader in [r for r in self._known if r not in names]:
            self._gone(reader)
        for reader in names:
            if reader not in self._known:
                self._known[reader] = SlotState()
                self._tell(ReaderChange.READER_ADDED, reader)

    def _follow_card(self, reader: str, now: SlotState) -> None:
        before = self._known[reader]
        self._known[reader] = now
        # Out and in again between two looks: the counter moved twice, or the card is another.
        moved = (now.counter - before.counter) % 0x10000
        swapped = before.present and now.present and (moved >= 2 or now.atr != before.atr or now.mute != before.mute)
        if before.present and (swapped or not now.present):
            self._tell(ReaderChange.CARD_OUT, reader)
        if now.present and (swapped or not before.present):
            self._tell(ReaderChange.CARD_MUTE if now.mute else ReaderChange.CARD_IN, reader, now.atr)

    def _gone(self, reader: str) -> None:
        if self._known.pop(reader).present:
            self._tell(ReaderChange.CARD_OUT, reader)
        self._tell(ReaderChange.READER_GONE, reader)

    def _all_gone(self) -> None:
        for reader in list(self._known):
            self._gone(reader)

    def _tell(self, change: ReaderChange, reader: str = "", atr: bytes = b"") -> None:
        self._listener(ReaderEvent(change, reader, atr, family_of(atr)))
