"""The ground under every test does catch what it promises to catch."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from helpers import house_world

_DIRTY = """
import logging, threading
import pytest
from PySide6.QtCore import QLocale, QThread, QTimer, qWarning
from PySide6.QtWidgets import QWidget
from dmp_desktop.log import LOGGER

kept = []

def test_thread():
    never = threading.Event()
    threading.Thread(target=never.wait, name="lost", daemon=True).start()

def test_log():
    logging.getLogger("some.library").warning("stray")

def test_own_log():
    LOGGER.propagate = False
    LOGGER.getChild("sync").error("stray of ours")

def test_announced_log(expected_logs):
    assert LOGGER.propagate
    LOGGER.getChild("sync").warning("announced")
    assert expected_logs.text == "WARNING dmp_desktop.sync: announced"

def test_timer(qapp):
    kept.append(QTimer())
    kept[0].start(1000)

def test_window(qapp):
    kept.append(QWidget(objectName="orphan"))

def test_qt_thread(qapp):
    kept.append(QThread())
    kept[-1].start()

def test_qt_warning(qapp):
    qWarning("bad geometry")

def test_tidy(qtbot):
    window = QWidget()
    window.itself = window
    qtbot.addWidget(window)
    QTimer(window).start(10)
    window.show()
    window.raise_()
    assert QLocale().name() == "fr_FR"

def test_stop(qapp):
    kept[-1].quit()
    assert kept[-1].wait(5000)

@pytest.mark.hardware
def test_reader():
    raise AssertionError("ran without being asked for")
"""


def test_a_dirty_test_fails_and_says_what_it_left(pytester: pytest.Pytester) -> None:
    """A thread, a timer, a window, a Qt thread, a log or a Qt warning left by a test is an error with its name."""
    root = house_world.ROOT
    pytester.mkdir("tests")
    for name in ("pyproject.toml", "tests/conftest.py", "tests/helpers"):
        (pytester.path / name).symlink_to(root / name)
    (pytester.path / "tests" / "test_dirty.py").write_text(_DIRTY, "utf-8")

    result = pytester.runpytest_subprocess("-q")

    result.assert_outcomes(passed=9, failed=1, errors=6, skipped=1)
    said = result.stdout.str()
    for sentence in (
        "threads left running: lost",
        "WARNING some.library: stray",
        "ERROR dmp_desktop.sync: stray of ours",
        "left alive after the test: QTimer",
        "left alive after the test: QWidget 'orphan'",
        "left alive after the test: QThread",
        "bad geometry",
    ):
        assert sentence in said


def test_nothing_is_written_outside_the_run() -> None:
    """Home and the desktop's folders are the run's own, and the person's keyring is out of reach."""
    home = Path.home()
    assert home.name.startswith("dmp-tests-")
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
        assert Path(os.environ[name]).parent == home
    assert "DBUS_SESSION_BUS_ADDRESS" not in os.environ
    assert os.environ["PYTHON_KEYRING_BACKEND"] == "keyring.backends.fail.Keyring"


def test_the_desk_is_in_paris() -> None:
    """Local times are those of the desk, summer time included, wherever the suite runs."""
    assert (time.localtime(1_782_900_000).tm_gmtoff, time.localtime(1_767_225_600).tm_gmtoff) == (7200, 3600)


@pytest.mark.parametrize("address", [("192.0.2.1", 443), ("store.example", 443), ("2001:db8::1", 443)])
def test_no_connection_leaves_the_machine(address: tuple[str, int]) -> None:
    """A connection to elsewhere fails at once, as with the cable out; names are not even asked for."""
    with pytest.raises(OSError, match="stay on this machine"):
        socket.create_connection(address)


def test_the_loopback_stays_open() -> None:
    """The sandbox, in the same process or another, can be reached."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()[:2]) as client:
        assert client.getpeername() == server.getsockname()


_SCREEN = """
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
size, window = app.primaryScreen().size(), QWidget()
window.resize(100, 50)
window.show()
print(size.width(), size.height(), window.grab().width())
"""


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_screen_asked_for_is_the_screen_given(scale: float, tmp_path: Path) -> None:
    """Another process gets a desk of 1366 by 768 at the pixel ratio it asks for."""
    environment = os.environ | house_world.offscreen(tmp_path, scale=scale)
    command = [sys.executable, "-c", _SCREEN]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    assert said.split() == ["1366", "768", str(round(100 * scale))]
