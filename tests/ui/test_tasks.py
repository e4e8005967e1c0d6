"""Lanes: slow work off the screen's thread, its result back on it, nothing after the end."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator

import pytest
from helpers.house_guards import LogWatch
from pytestqt.qtbot import QtBot

from dmp_desktop.domain.readers import CardServiceDown
from dmp_desktop.errors import BugError, Cancelled, DmpError
from dmp_desktop.ui.tasks import Lane, TaskLanes, UnforeseenFailure


class Heard:
    """What came back, and on which thread."""

    def __init__(self) -> None:
        self.results: list[object] = []
        self.errors: list[DmpError] = []
        self.threads: set[threading.Thread] = set()

    def done(self, result: object) -> None:
        self.results.append(result)
        self.threads.add(threading.current_thread())

    def failed(self, error: DmpError) -> None:
        self.errors.append(error)
        self.threads.add(threading.current_thread())


@pytest.fixture
def lanes(qtbot: QtBot) -> Iterator[TaskLanes]:
    made = TaskLanes()
    yield made
    made.close()
    made.deleteLater()


def fail() -> None:
    raise CardServiceDown("no answer")


def burst() -> None:
    raise ZeroDivisionError("LAVANDIN")


def test_work_runs_in_its_lane_and_comes_back_on_the_screens_thread(lanes: TaskLanes, qtbot: QtBot) -> None:
    """Each lane is one thread of its own; callbacks run on the thread of the screen."""
    heard = Heard()
    for lane in Lane:
        lanes.run(lane, threading.current_thread, heard.done, heard.failed)
    qtbot.waitUntil(lambda: len(heard.results) == len(Lane))
    names = {thread.name for thread in heard.results if isinstance(thread, threading.Thread)}
    assert names == {f"lane-{lane}" for lane in Lane}
    assert heard.threads == {threading.main_thread()}


def test_a_lane_keeps_its_order(lanes: TaskLanes, qtbot: QtBot) -> None:
    """What is asked first is done and told first."""
    heard = Heard()
    for number in range(50):
        lanes.run(Lane.CACHE, lambda n=number: n, heard.done, heard.failed)  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(heard.results) == 50)
    assert heard.results == list(range(50))


def test_an_error_of_the_program_is_told_as_it_is(lanes: TaskLanes, qtbot: QtBot) -> None:
    """Typed, with its incident, once; never both callbacks."""
    heard = Heard()
    lanes.run(Lane.SYNC, fail, heard.done, heard.failed)
    qtbot.waitUntil(lambda: bool(heard.errors))
    assert isinstance(heard.errors[0], CardServiceDown)
    assert heard.results == []


def test_an_unforeseen_one_is_a_fault_of_ours_without_its_words(
    lanes: TaskLanes, qtbot: QtBot, expected_logs: LogWatch
) -> None:
    """The lane lives on, the log holds the type and the id, never the text, which could name someone."""
    heard = Heard()
    lanes.run(Lane.CACHE, burst, heard.done, heard.failed)
    lanes.run(Lane.CACHE, lambda: "next", heard.done, heard.failed)
    qtbot.waitUntil(lambda: bool(heard.errors) and heard.results == ["next"])
    assert isinstance(heard.errors[0], UnforeseenFailure)
    assert heard.errors[0].incident in expected_logs.text
    assert "ZeroDivisionError" in expected_logs.text
    assert "LAVANDIN" not in expected_logs.text


def test_cancelled_before_it_starts_it_never_starts(lanes: TaskLanes, qtbot: QtBot) -> None:
    """A lane still busy with something else skips it."""
    gate, ran, heard = threading.Event(), threading.Event(), Heard()
    lanes.run(Lane.CARDS, gate.wait, heard.done, heard.failed)
    later = lanes.run(Lane.CARDS, ran.set, heard.done, heard.failed)
    later.cancel()
    gate.set()
    lanes.run(Lane.CARDS, lambda: "end", heard.done, heard.failed)
    qtbot.waitUntil(lambda: "end" in heard.results)
    assert not ran.is_set()
    assert len(heard.results) == 2


def test_cancelled_while_it_runs_it_is_cut_and_not_heard(qtbot: QtBot) -> None:
    """The network lane is interrupted by whoever owns its sockets; what it still says goes nowhere."""
    began, cut, heard = threading.Event(), threading.Event(), Heard()
    lanes = TaskLanes({Lane.SYNC: cut.set})

    def call() -> str:
        began.set()
        assert cut.wait(10)
        raise Cancelled("cut")

    task = lanes.run(Lane.SYNC, call, heard.done, heard.failed)
    assert began.wait(10)
    task.cancel()
    lanes.run(Lane.SYNC, lambda: "end", heard.done, heard.failed)
    qtbot.waitUntil(lambda: heard.results == ["end"])
    assert heard.errors == []
    lanes.close()
    lanes.deleteLater()


def test_closing_joins_the_threads_and_silences_them(qtbot: QtBot) -> None:
    """No callback comes after the close, and no thread outlives it."""
    began, cut, heard = threading.Event(), threading.Event(), Heard()
    lanes = TaskLanes({Lane.SYNC: cut.set})

    def call() -> str:
        began.set()
        assert cut.wait(10)
        return "late"

    lanes.run(Lane.SYNC, call, heard.done, heard.failed)
    lanes.run(Lane.SYNC, lambda: "never", heard.done, heard.failed)
    assert began.wait(10)
    assert lanes.busy
    lanes.close()
    assert not lanes.busy
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("lane-")]
    assert (heard.results, heard.errors) == ([], [])
    with pytest.raises(BugError):
        lanes.run(Lane.CACHE, lambda: None, heard.done, heard.failed)
    lanes.deleteLater()


def test_an_idle_lane_keeps_nothing_of_what_it_did(lanes: TaskLanes, qtbot: QtBot) -> None:
    """A document read for a record closed since is not held by the thread that read it."""

    class Document:
        """What is read, and forgotten."""

        def read(self) -> None:
            """Quickly."""

    heard, document = Heard(), Document()
    held = weakref.ref(document)
    lanes.run(Lane.CACHE, document.read, heard.done, heard.failed)
    qtbot.waitUntil(lambda: bool(heard.results))
    del document
    qtbot.waitUntil(lambda: held() is None)
