"""Whole processes: the program until its window is painted, and until a person can sign in, against a bare window.

Each process ends itself at its milestone. The profile and the sandbox's certificates exist already, as on any day but
the first.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.harness import Case, Work, process
from helpers import house_world

_BARE = """
import os
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, lambda: os._exit(0))

application = QApplication([])
window = Window()
window.setCentralWidget(QLabel("…"))
window.resize(1366, 768)
window.show()
application.exec()
"""

_OURS = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication
from dmp_desktop.app import Options
from dmp_desktop.app.program import Program

class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, lambda: os._exit(0))
        return False

application = QApplication([])
program = Program(application, Options(sandbox=True, profile=Path(sys.argv[2])))
if sys.argv[1] == "ready":
    program.ready.connect(lambda: os._exit(0))
else:
    painted = Painted()
    program.shell.installEventFilter(painted)
program.begin()
application.exec()
"""


@contextmanager
def _prepare(milestone: str) -> Iterator[tuple[Work, Work]]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        environment = os.environ | house_world.environment(home) | house_world.offscreen(home)
        environment["PYTHONPATH"] = str(house_world.ROOT)
        profile = str(home / "profile")
        process("-c", _OURS, "ready", profile, environment=environment)()
        ours = process("-c", _OURS, milestone, profile, environment=environment)
        yield ours, process("-c", _BARE, environment=environment)


_LEAST = "a bare PySide6 window, painted"
PAINT = Case("paint", "from nothing to the first paint", _LEAST, lambda: _prepare("paint"), rounds=9)
START = Case(
    "start",
    "from nothing to a usable sign-in, embedded store started",
    _LEAST,
    lambda: _prepare("ready"),
    rounds=9,
)
