"""The watcher's account of a card service that may do anything."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from dmp_desktop.cards.watcher import ReaderWatcher, SlotState, WatchContext
from dmp_desktop.domain.readers import CardFamily, CardServiceDown, ReaderChange, ReaderEvent

_VITALE = bytes.fromhex("3B751300004409EA9000")
_CPS = bytes.fromhex("3BAC00402A001225006480000310009000")
_LEFT, _RIGHT = "left", "right"


class _Service:
    """A scripted card service: what it says changes only when the test says so."""

    def __init__(self, *readers: str, up: bool = True) -> None:
        self.lock = threading.Condition()
        self.up = up
        self.slots: dict[str, SlotState] = {name: SlotState() for name in readers}
        self.cancelled = False
        self.open = 0
        self.attempts = 0

    def connect(self) -> WatchContext:
        with self.lock:
            self.attempts += 1
            self.lock.notify_all()
            if not self.up:
                raise CardServiceDown("stopped")
            self.open += 1
        return _Context(self)

    def set(self, **slots: SlotState | None) -> None:
        with self.lock:
            for name, state in slots.items():
                if state is None:
                    del self.slots[name]
                else:
                    self.slots[name] = state
            self.lock.notify_all()

    def run(self, up: bool) -> None:
        with self.lock:
            self.up = up
            self.lock.notify_all()


class _Context:
    def __init__(self, service: _Service) -> None:
        self._service = service

    def readers(self) -> list[str]:
        with self._service.lock:
            self._alive()
            return list(self._service.slots)

    def wait(self, known: Mapping[str, SlotState]) -> dict[str, SlotState]:
        service = self._service
        with service.lock:
            service.lock.wait_for(lambda: not service.up or service.cancelled or service.slots != dict(known))
            self._alive()
            return {name: state for name, state in service.slots.items() if known.get(name) != state}

    def cancel(self) -> None:
        with self._service.lock:
            self._service.cancelled = True
            self._service.lock.notify_all()

    def release(self) -> None:
        with self._service.lock:
            self._service.open -= 1

    def _alive(self) -> None:
        if not self._service.up:
            raise CardServiceDown("stopped")


class _Seen:
    """What the listener heard, one event at a time."""

    def __init__(self) -> None:
        self.events: queue.Queue[ReaderEvent] = queue.Queue()

    def next(self, count: int) -> list[str]:
        events = [self.events.get(timeout=5) for _ in range(count)]
        return [f"{event.change} {event.reader}".strip() for event in events]


@contextmanager
def _watching(service: _Service) -> Iterator[_Seen]:
    seen = _Seen()
    watcher = ReaderWatcher(service.connect, seen.events.put)
    watcher.start()
    try:
        yield seen
    finally:
        watcher.stop()
    assert service.open == 0, "every connection is released"
    assert seen.events.empty(), "nothing was told that the test did not expect"


def _card(atr: bytes, counter: int) -> SlotState:
    return SlotState(True, False, atr, counter, counter)


def test_what_is_already_there_is_told_first() -> None:
    """Service, readers and cards present at the start are told in that order, the family with the card."""
    service = _Service(_LEFT, _RIGHT)
    service.slots[_RIGHT] = _card(_VITALE, 1)
    with _watching(service) as seen:
        assert seen.next(3) == ["service-up", "reader-added left", "reader-added right"]
        event = seen.events.get(timeout=5)
    assert (event.change, event.family, event.atr) == (ReaderChange.CARD_IN, CardFamily.VITALE_2, _VITALE)


def test_a_card_comes_and_goes() -> None:
    """One insertion, one removal, one event each; the same state told again tells nothing."""
    service = _Service(_LEFT)
    with _watching(service) as seen:
        seen.next(2)
        service.set(left=_card(_CPS, 1))
        assert seen.next(1) == ["card-in left"]
        service.set(left=SlotState(True, False, _CPS, 1, 77))
        service.set(left=SlotState(counter=2, token=2))
        assert seen.next(1) == ["card-out left"]


@pytest.mark.parametrize("after", [_card(_CPS, 3), _card(_VITALE, 1)], ids=["counter", "another ATR"])
def test_a_quick_swap_is_a_removal_then_an_insertion(after: SlotState) -> None:
    """Out and in between two looks shows as two events, by the counter or by another card."""
    service = _Service(_LEFT)
    with _watching(service) as seen:
        seen.next(2)
        service.set(left=_card(_CPS, 1))
        seen.next(1)
        service.set(left=after)
        assert seen.next(2) == ["card-out left", "card-in left"]


def test_a_silent_card_is_told_apart() -> None:
    """A card upside down is mute; turned over, it is out then in."""
    service = _Service(_LEFT)
    with _watching(service) as seen:
        seen.next(2)
        service.set(left=SlotState(True, True, b"", 1, 1))
        assert seen.next(1) == ["card-mute left"]
        service.set(left=_card(_VITALE, 3))
        assert seen.next(2) == ["card-out left", "card-in left"]


def test_an_unplugged_reader_takes_its_card_along() -> None:
    """The card is out before the reader is gone; plugged back, both are told again."""
    service = _Service(_LEFT, _RIGHT)
    service.slots[_LEFT] = _card(_CPS, 1)
    with _watching(service) as seen:
        seen.next(4)
        service.set(left=None)
        assert seen.next(2) == ["card-out left", "reader-gone left"]
        service.set(left=_card(_CPS, 1))
        assert seen.next(2) == ["reader-added left", "card-in left"]


def test_the_service_may_stop_and_come_back() -> None:
    """Everything is gone when it stops; the watcher finds it again by itself."""
    service = _Service(_LEFT)
    service.slots[_LEFT] = _card(_CPS, 1)
    with _watching(service) as seen:
        seen.next(3)
        service.run(False)
        assert seen.next(3) == ["card-out left", "reader-gone left", "service-down"]
        service.run(True)
        assert seen.next(3) == ["service-up", "reader-added left", "card-in left"]


def test_a_service_that_is_absent_is_told_once() -> None:
    """Absent at the start: one event, then silence through several attempts until it runs."""
    service = _Service(_LEFT, up=False)
    with _watching(service) as seen:
        assert seen.next(1) == ["service-down"]
        with service.lock:
            assert service.lock.wait_for(lambda: service.attempts >= 3, 10)
        service.run(True)
        assert seen.next(2) == ["service-up", "reader-added left"]


def test_stopping_joins_whatever_the_watcher_waits_for() -> None:
    """Stop returns with the thread ended, blocked in the service or waiting for one."""
    for service in (_Service(_LEFT), _Service(up=False)):
        with _watching(service) as seen:
            seen.next(2 if service.up else 1)
    assert not [t for t in threading.enumerate() if t.name == "reader-watcher"]
