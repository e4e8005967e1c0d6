"""One piece of slow work at a time for the opening; whatever comes back after it was given up is dropped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from dmp_desktop.domain.clock import Clock
from dmp_desktop.errors import Cancelled, DmpError
from dmp_desktop.ui.opening.port import Lanes, Running
from dmp_desktop.ui.tasks import Lane

T = TypeVar("T")


class Work(StrEnum):
    """What the screen is waiting for."""

    NONE = ""
    READING = "reading"
    INSI = "insi"
    EXISTENCE = "existence"
    REREADING = "rereading"
    WRITING = "writing"
    SENDING = "sending"
    AUTHORISING = "authorising"


class Errands:
    """The slow work under way, and since when.

    Starting another gives up the one before. An answer is handed on only if its errand is still the one awaited: a
    generation number decides, since a lane may have posted the answer before it was cancelled.
    """

    def __init__(self, lanes: Lanes, clock: Clock) -> None:
        self._lanes = lanes
        self._clock = clock
        self._generation = 0
        self._running: Running | None = None
        self.work = Work.NONE
        self.since: datetime | None = None

    def start(
        self,
        work: Work,
        lane: Lane,
        job: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[DmpError], None],
    ) -> None:
        """Run ``job`` in ``lane``; hand its answer or its failure on if it is still awaited by then."""
        self.drop()
        generation = self._generation
        self.work, self.since = work, self._clock.now()

        def arrived(answer: T) -> None:
            if self._settle(generation):
                done(answer)

        def broke(error: DmpError) -> None:
            if self._settle(generation) and not isinstance(error, Cancelled):
                failed(error)

        self._running = self._lanes.run(lane, job, arrived, broke)

    def drop(self) -> None:
        """Give up what is under way: its answer will not be heard."""
        self._generation += 1
        running, self._running = self._running, None
        self.work, self.since = Work.NONE, None
        if running is not None:
            running.cancel()

    def _settle(self, generation: int) -> bool:
        if generation != self._generation:
            return False
        self._running = None
        self.work, self.since = Work.NONE, None
        return True
