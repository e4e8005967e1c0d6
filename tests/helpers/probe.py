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
_LOOK_AFTER = 0.03
_OURS = "dmp_desktop/"


@dataclass(frozen=True, slots=True)
class Stall:
    """One turn that was late: for how long, and the lines of the program that ran meanwhile (none seen: ``()``)."""

    milliseconds: float
    where: tuple[str, ...]


class LoopProbe(QObject):
    """Counts the stalls of the loop of the thread it is made in, between ``with`` and its end.

    A timer beats every few milliseconds; a thread looks at what the screen's thread is doing whenever a beat is late.
    """

    def __init__(self) -> None:
        super().__init__()
        self.beats = 0
        self.longest = Stall(0.0, ())
        self._last = time.monotonic()
        self._seen: tuple[str, ...] = ()
        self._main = threading.get_ident()
        self._stop = threading.Event()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._beat)
        self._thread = threading.Thread(target=self._watch, name="probe", daemon=True)

    def __enter__(self) -> Self:
        self._last = time.monotonic()
        self._timer.start()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._timer.stop()
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        now = time.monotonic()
        late = (now - self._last) * 1000 - _EVERY_MS
        if late > self.longest.milliseconds:
            self.longest = Stall(late, self._seen)
        self._last, self._seen = now, ()
        self.beats += 1

    def _watch(self) -> None:
        looked = 0.0
        while not self._stop.wait(0.01):
            last = self._last
            if time.monotonic() - last < _LOOK_AFTER or looked == last:
                continue
            looked = last
            frame = sys._current_frames().get(self._main)
            if frame is not None:
                lines = traceback.extract_stack(frame)
                self._seen = tuple(
                    f"{line.filename.rpartition(_OURS)[2]}:{line.lineno} {line.name}"
                    for line in lines
                    if _OURS in line.filename
                )[-6:]

    def __str__(self) -> str:
        where = " < ".join(reversed(self.longest.where)) or "nothing of the program seen"
        return f"longest stall {self.longest.milliseconds:.0f} ms over {self.beats} turns ({where})"
