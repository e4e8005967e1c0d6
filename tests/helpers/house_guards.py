"""Guards put around every test: what it must not leave behind."""

from __future__ import annotations

import gc
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from dmp_desktop.log import LOGGER

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QWidget

_GRACE_SECONDS = 3.0


@contextmanager
def no_left_over_thread() -> Iterator[None]:
    """Fail if a thread started inside is still running; one that is ending gets a moment."""
    before = set(threading.enumerate())
    yield
    limit = monotonic() + _GRACE_SECONDS
    # A thread started by Qt leaves a dummy entry that Python 3.11 never removes; Qt threads have their own guard.
    started = [t for t in threading.enumerate() if t not in before and not isinstance(t, threading._DummyThread)]
    for thread in started:
        thread.join(max(0.0, limit - monotonic()))
    alive = sorted(t.name for t in started if t.is_alive())
    if alive:
        pytest.fail(f"threads left running: {', '.join(alive)}", pytrace=False)


class LogWatch(logging.Handler):
    """Collects the records of WARNING and above.

    :ivar records: in the order logged.
    """

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record."""
        self.records.append(record)

    @property
    def text(self) -> str:
        """One line per record: level, logger, message."""
        return "\n".join(f"{r.levelname} {r.name}: {r.getMessage()}" for r in self.records)


@contextmanager
def watch_logs(*, fail: bool) -> Iterator[LogWatch]:
    """Collect warnings of every logger; with ``fail``, one of them is a failure. Log set-up is restored after."""
    watch = LogWatch()
    root = logging.getLogger()
    loggers = (root, LOGGER)
    before = [(one, one.level, one.propagate, list(one.handlers)) for one in loggers]
    hook = sys.excepthook
    # The program's logger stops propagating once its file is open; until then the root sees its records.
    root.addHandler(watch)
    LOGGER.addHandler(_Detached(watch))
    try:
        yield watch
    finally:
        sys.excepthook = hook
        for one, level, propagate, handlers in before:
            one.setLevel(level)
            one.propagate = propagate
            one.handlers[:] = handlers
    if fail and watch.records:
        pytest.fail(f"unexpected log:\n{watch.text}", pytrace=False)


class _Detached(logging.Handler):
    """Hands over the records that do not reach the root."""

    def __init__(self, watch: LogWatch) -> None:
        super().__init__(logging.WARNING)
        self._watch = watch

    def emit(self, record: logging.LogRecord) -> None:
        if not LOGGER.propagate:
            self._watch.emit(record)


@contextmanager
def no_left_over_qt() -> Iterator[None]:
    """Fail if a timer is active, or a top-level window or a Qt thread alive, that was not there before."""
    from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QThreadPool
    from PySide6.QtWidgets import QApplication

    QLocale.setDefault(QLocale(QLocale.Language.French, QLocale.Country.France))
    old = _left_overs(set())
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if not QThreadPool.globalInstance().waitForDone(int(_GRACE_SECONDS * 1000)):
        pytest.fail("Qt's thread pool is still working", pytrace=False)
    if _left_overs(old):
        # Cycles between Python and Qt objects are garbage, not left-overs.
        gc.collect()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    kept = sorted(_describe(one) for one in _left_overs(old))
    if kept:
        # Taken away, so that the tests after this one are judged on their own.
        for widget in QApplication.topLevelWidgets():
            if widget not in old and widget.parent() is None:
                widget.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        pytest.fail(f"left alive after the test: {', '.join(kept)}", pytrace=False)


def _left_overs(old: set[QObject]) -> set[QObject]:
    from PySide6.QtCore import QThread, QTimer
    from PySide6.QtWidgets import QApplication
    from shiboken6 import Shiboken

    windows: list[QWidget] = [w for w in QApplication.topLevelWidgets() if w.parent() is None]
    found: set[QObject] = {w for w in windows if w.metaObject().className() != "QTipLabel"}
    for timer in (t for w in windows for t in w.findChildren(QTimer)):
        if timer.isActive():
            found.add(timer)
    for wrapper in Shiboken.getAllValidWrappers():
        ticking = isinstance(wrapper, QTimer) and wrapper.isActive()
        if ticking or (isinstance(wrapper, QThread) and wrapper is not QThread.currentThread() and wrapper.isRunning()):
            found.add(wrapper)
    return found - old


def _describe(one: QObject) -> str:
    name = one.objectName()
    return type(one).__name__ + (f" {name!r}" if name else "")
