"""The ground every test stands on: its own home, its own screen, French dates, and guards that fail a dirty test.

A test fails when it leaves behind a thread, a timer or a window, or when a warning was logged that it did not
announce. Python warnings and Qt warnings fail it too (``pyproject.toml``).
"""

from __future__ import annotations

import gc
import itertools
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from helpers import house_guards, house_world

pytest_plugins = ["pytester"]

_HOME = pytest.StashKey[Path]()
_COLLECTED_EVERY = 10
_TESTS = itertools.count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("dmp_desktop")
    group.addoption(
        "--hardware", action="store_true", help="also run the tests that need a real reader and a test card"
    )
    group.addoption("--scale", type=float, default=1.0, help="device pixel ratio of the offscreen screen (1366 x 768)")


def pytest_configure(config: pytest.Config) -> None:
    """Give the whole run a home of its own, before Qt, keyring or platformdirs look for one."""
    home = Path(tempfile.mkdtemp(prefix="dmp-tests-"))
    config.stash[_HOME] = home
    os.environ.update(house_world.environment(home))
    os.environ.update(house_world.offscreen(home, scale=config.getoption("--scale")))
    for name in house_world.FORBIDDEN_VARIABLES:
        os.environ.pop(name, None)
    if hasattr(time, "tzset"):
        time.tzset()
    gc.disable()
    house_world.load_hypothesis_profile()
    house_world.stay_on_this_machine()


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[_HOME], ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--hardware"):
        skip = pytest.mark.skip(reason="needs a real reader and a test card: run with --hardware")
        for item in items:
            if "hardware" in item.keywords:
                item.add_marker(skip)


@pytest.fixture(scope="session")
def reference() -> Path:
    """Folder of the official schemas and messages, which are not ours to ship."""
    folder = house_world.reference_folder()
    if folder is None:
        pytest.skip("official schemas and messages absent (../shared/reference or DMP_REFERENCE)")
    return folder


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """Garbage of Qt's is collected between two tests: never in a lane, never in the middle of a paint."""
    yield
    if next(_TESTS) % _COLLECTED_EVERY == 0:
        gc.collect()


@pytest.fixture(autouse=True)
def _no_left_over_thread() -> Iterator[None]:
    with house_guards.no_left_over_thread():
        yield


@pytest.fixture(autouse=True)
def _no_stray_log(request: pytest.FixtureRequest) -> Iterator[house_guards.LogWatch]:
    announced = {"expected_logs", "caplog"} & set(request.fixturenames)
    with house_guards.watch_logs(fail=not announced) as watch:
        yield watch


@pytest.fixture
def expected_logs(_no_stray_log: house_guards.LogWatch) -> house_guards.LogWatch:
    """Ask for it in a test that makes the program log a warning or worse; the test says which in an assert."""
    return _no_stray_log


@pytest.fixture(autouse=True)
def _no_left_over_widget(request: pytest.FixtureRequest, _no_left_over_thread: None) -> Iterator[None]:
    """French dates for widgets; no timer running, no window and no Qt thread alive once the test is over."""
    if not {"qapp", "qtbot", "qtmodeltester"} & set(request.fixturenames):
        yield
        return
    request.getfixturevalue("qapp")
    with house_guards.no_left_over_qt():
        yield
