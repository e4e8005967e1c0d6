"""The program's card system in front of a private daemon, and what it told."""

from __future__ import annotations

import queue

from dmp_desktop.cards.pcsc import PcscSystem
from dmp_desktop.domain.readers import ReaderChange, ReaderEvent


class WatchedDesk:
    """A card system and its events, taken in order.

    :ivar told: events not yet taken.
    """

    def __init__(self, system: PcscSystem) -> None:
        self.system = system
        self.told: queue.Queue[ReaderEvent] = queue.Queue()

    def wait(self, *changes: ReaderChange) -> list[ReaderEvent]:
        """The next events, which must be these changes in this order."""
        events = [self.told.get(timeout=10) for _ in changes]
        assert [event.change for event in events] == list(changes)
        return events
