"""Lanes: four threads, one kind of slow work each; results come back on the UI thread.

No nested loop, no lock held across a signal. A lane runs its work in order; what is cancelled before it starts never
starts; what is cancelled while it runs gives up its result, and the network lane's sockets are shut down by whoever
handed ``interrupt``.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from dmp_desktop.errors import BugError, DmpError
from dmp_desktop.log import LOGGER, describe

T = TypeVar("T")
_TIMES_KEPT = 200


class Lane(StrEnum):
    """One thread each; a lane's work may block, the screen never waits for it."""

    CACHE = "cache"
    CARDS = "cards"
    SYNC = "sync"
    PRINT = "print"


@dataclass(frozen=True, slots=True)
class LaneTime:
    """One piece of work done: how long it waited for its lane, how long it took, in seconds."""

    waited: float
    took: float


class UnforeseenFailure(BugError):
    """Work in a lane raised something nobody foresaw; its type is in the log."""

    code = "bug"


@dataclass(slots=True, eq=False)
class Task:
    """A piece of work under way."""

    lane: Lane
    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[DmpError], None]
    interrupt: Callable[[], None] | None
    cancelled: bool = False
    started: bool = False
    result: Any = None
    error: DmpError | None = None
    asked_at: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def cancel(self) -> None:
        """Give up its result; a network call is cut."""
        with self._lock:
            already, self.cancelled = self.cancelled, True
            running = self.started
        if running and not already and self.interrupt is not None:
            self.interrupt()

    def begin(self) -> bool:
        """Whether it may start."""
        with self._lock:
            self.started = not self.cancelled
            return self.started


class TaskLanes(QObject):
    """The lanes of the program. Made, used and closed on the UI thread.

    :param interrupts: how to cut what runs in a lane (the gateway's ``cancel`` for the network).
    """

    _ready = Signal(object)

    def __init__(self, interrupts: dict[Lane, Callable[[], None]] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._interrupts = interrupts or {}
        self._queues: dict[Lane, queue.SimpleQueue[Task | None]] = {lane: queue.SimpleQueue() for lane in Lane}
        self._threads: dict[Lane, threading.Thread] = {}
        self._closed = False
        self._times: dict[Lane, deque[LaneTime]] = {lane: deque(maxlen=_TIMES_KEPT) for lane in Lane}
        self._pending: set[Task] = set()
        self._ready.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def interrupt_with(self, lane: Lane, interrupt: Callable[[], None]) -> None:
        """Say how to cut what runs in ``lane``."""
        self._interrupts[lane] = interrupt

    def run(
        self, lane: Lane, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[DmpError], None]
    ) -> Task:
        """Run ``work`` in its lane, then exactly one of the two callbacks on the UI thread, unless cancelled."""
        if self._closed:
            raise BugError("work after the lanes were closed")
        task = Task(lane, work, done, failed, self._interrupts.get(lane))
        self._pending.add(task)
        if lane not in self._threads:
            thread = threading.Thread(target=self._serve, args=(lane,), name=f"lane-{lane}")
            self._threads[lane] = thread
            thread.start()
        self._queues[lane].put(task)
        return task

    @property
    def busy(self) -> bool:
        """Whether anything is under way or not delivered yet."""
        return bool(self._pending)

    def times(self, lane: Lane) -> tuple[LaneTime, ...]:
        """The latest pieces of work of a lane, for the diagnostics page."""
        return tuple(self._times[lane])

    def close(self) -> None:
        """Cancel what runs, cut the network, join the threads; no callback comes after.

        What was asked of the cache lane is done all the same: a draft just typed is kept, a copy is closed.
        """
        self._closed = True
        for task in list(self._pending):
            if task.lane is not Lane.CACHE:
                task.cancel()
        for lane in self._threads:
            self._queues[lane].put(None)
        for thread in self._threads.values():
            thread.join()
        self._threads.clear()
        self._pending.clear()

    def _serve(self, lane: Lane) -> None:
        waiting = self._queues[lane]
        while (task := waiting.get()) is not None:
            if task.begin():
                begun = time.monotonic()
                try:
                    task.result = task.work()
                except DmpError as error:
                    task.error = error
                except Exception as error:  # noqa: BLE001 - a lane outlives any fault, and tells it
                    unforeseen = UnforeseenFailure(f"{type(error).__name__} in lane {lane}")
                    LOGGER.error("lane %s [%s]\n%s", lane, unforeseen.incident, describe(error, error.__traceback__))
                    task.error = unforeseen
                self._times[lane].append(LaneTime(begun - task.asked_at, time.monotonic() - begun))
            if not self._closed:
                self._ready.emit(task)
            # An idle lane keeps nothing of what it did last: a record closed since would stay in memory.
            del task

    @Slot(object)
    def _deliver(self, task: Task) -> None:
        self._pending.discard(task)
        if task.cancelled or self._closed:
            return
        if task.error is None:
            task.done(task.result)
        else:
            # Work that gave up by itself (:class:`Cancelled`) is told too: whoever waits must know that it ended.
            task.failed(task.error)
