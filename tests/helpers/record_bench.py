"""The real window in a process of its own, worked by keys and timed from the key to the paint."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from helpers.doctor_day import DoctorDay
from helpers.window import Window
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from dmp_desktop.domain.clock import SystemClock
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.library import PAPERS
from dmp_desktop.sandbox.seeds import crowd
from dmp_desktop.sandbox.store import Store

_PATIENCE = 30.0


class Impatient(Exception):
    """Something awaited never came."""


class _Hands:
    """Waits as ``QtBot`` does, by the millisecond."""

    def waitUntil(self, condition: Callable[[], object], timeout: int = 0) -> None:
        """Until it is so, however long a busy machine takes."""
        end = time.monotonic() + max(timeout / 1000, _PATIENCE)
        while not condition():
            if time.monotonic() > end:
                raise Impatient
            QTest.qWait(1)


class Paints(QObject):
    """Notices that a widget is painted, its children and viewports included.

    :param there: what must be so for a paint to count.
    :ivar count: paints of the class watched for.
    """

    def __init__(self, kind: type[QWidget], there: Callable[[], object]) -> None:
        super().__init__()
        self._kind, self._there, self.count = kind, there, 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at what is painted."""
        if isinstance(event, QPaintEvent):
            above: QObject | None = watched
            while above is not None and not isinstance(above, self._kind):
                above = above.parent()
            self.count += above is not None and bool(self._there())
        return False


class Bench:
    """One window, with Dr Brindille signed in."""

    def __init__(self, application: QApplication, window: Window) -> None:
        self._application, self.window = application, window
        self.day = DoctorDay(window)

    def until(self, condition: Callable[[], object]) -> None:
        """Wait."""
        self.window.until(condition)

    def painted(self, kind: type[QWidget], act: Callable[[], object], there: Callable[[], object]) -> float:
        """Milliseconds from an act to the end of the turn that first paints ``kind`` once ``there`` is so."""
        paints = Paints(kind, there)
        self._application.installEventFilter(paints)
        start = time.perf_counter()
        act()
        self.until(lambda: paints.count)
        spent = (time.perf_counter() - start) * 1000
        self._application.removeEventFilter(paints)
        return spent


@contextmanager
def bench(folder: Path, many: int = 0) -> Iterator[Bench]:
    """The program on its sandbox; Firmin's dossier holds so ``many`` documents more."""
    application = QApplication.instance() or QApplication([])
    sandbox = folder / "post" / "sandbox"
    # The window lays a store only beside certificates that are not there.
    (sandbox / "pki").mkdir(parents=True)
    Store(sandbox / "store.db", people.PEOPLE, SystemClock().now(), (*PAPERS, *crowd("firmin", many))).close()
    window = Window(cast(QtBot, _Hands()), cast(QApplication, application), folder / "post", sandbox / "pki")
    window.sign("brindille")
    made = Bench(cast(QApplication, application), window)
    made.day.idle()
    yield made
    window.close()
    QTest.qWait(20)
