"""How long the event loop was ever kept from its next turn, and by what."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from PySide6.QtCore import QObject, Qt, QTimer

_EVERY_MS = 4
_LOOK_EVERY = 0.005
_LATE = 0.015
_OURS = "dmp_desktop/"
_DEEP = 6


@dataclass(frozen=True, slots=True)
class Stall:
    """One turn that was late.

    :ivar milliseconds: how long it lasted; ``own``: so much of it was work of the screen's own thread. The rest is a
        busy machine, or another thread of the program that held the interpreter.
    :ivar where: the innermost lines of the program that ran then, innermost last; ``()`` when none was seen.
    """

    milliseconds: float
    own: float
    where: tuple[str, ...]

    def __str__(self) -> str:
        where = " < ".join(reversed(self.where)) or "nothing of the program seen"
        return f"{self.milliseconds:.0f} ms, {self.own:.0f} ms of it own work ({where})"


_NONE = Stall(0.0, 0.0, ())


class LoopProbe(QObject):
    """Counts the stalls of the loop of the thread it is made in, between ``with`` and its end.

    A timer beats every few milliseconds; a thread looks at what the screen's thread is doing whenever a beat is late.

    :ivar longest: the longest stall; ``heaviest``: the one with most work of the screen's own in it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.beats = 0
        self.longest = self.heaviest = _NONE
        self._seen: list[tuple[str, ...]] = []
        self._main = threading.get_ident()
        self._stop = threading.Event()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._beat)
        self._thread = threading.Thread(target=self._watch, name="probe", daemon=True)
        self._mark()

    def __enter__(self) -> Self:
        self._mark()
        self._timer.start()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._timer.stop()
        self._stop.set()
        self._thread.join()

    def _mark(self) -> None:
        self._last, self._worked = time.monotonic(), time.thread_time()
        self._seen = []

    def _beat(self) -> None:
        late = (time.monotonic() - self._last) * 1000 - _EVERY_MS
        own = (time.thread_time() - self._worked) * 1000
        if late > self.longest.milliseconds or own > self.heaviest.own:
            # What was seen in the middle of it is the best witness.
            stall = Stall(late, own, self._seen[len(self._seen) // 2] if self._seen else ())
            self.longest = stall if late > self.longest.milliseconds else self.longest
            self.heaviest = stall if own > self.heaviest.own else self.heaviest
        self.beats += 1
        self._mark()

    def _watch(self) -> None:
        while not self._stop.wait(_LOOK_EVERY):
            if time.monotonic() - self._last < _LATE:
                continue
            frame = sys._current_frames().get(self._main)
            if frame is not None:
                lines = tuple(
                    f"{line.filename.rpartition(_OURS)[2]}:{line.lineno} {line.name}"
                    for line in traceback.extract_stack(frame)
                    if _OURS in line.filename
                )
                if lines:
                    self._seen.append(lines[-_DEEP:])

    def __str__(self) -> str:
        told = f"longest stall over {self.beats} turns: {self.longest}"
        return told if self.heaviest is self.longest else f"{told}; most own work: {self.heaviest}"
