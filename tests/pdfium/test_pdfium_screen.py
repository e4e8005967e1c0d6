"""The pages on the screen and the closing of the window, with a PDF made to hold whoever opens it."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest
from helpers import hostile_documents as documents
from helpers import pdf_hostile as hostile
from helpers.sandbox_world import sandbox_pki_folder
from helpers.window import Window, window
from pytestqt.qtbot import QtBot

from dmp_desktop.domain.readable import PdfPart
from dmp_desktop.pdfium import documents as door
from dmp_desktop.pdfium.wall import WALL
from dmp_desktop.reading.pdf import pdf_facts, pdf_page
from dmp_desktop.ui.tasks import Lane, TaskLanes
from dmp_desktop.ui.viewer.pages import Pages

__all__ = ["sandbox_pki_folder", "window"]

_SIZE = ((595.0, 842.0),)
HOSTILE = PdfPart(hostile.recursive(), _SIZE)
ORDINARY = PdfPart(documents.pdf(), _SIZE)


@pytest.fixture
def lanes(qapp: object) -> Iterator[TaskLanes]:
    made = TaskLanes()
    yield made
    made.close()


def test_a_hostile_page_says_so_and_the_next_document_shows(
    lanes: TaskLanes, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lane is free again."""
    monkeypatch.setattr(door, "STEP_SECONDS", 0.5)
    pages = Pages(lanes)
    pages.image(HOSTILE, 0, 300, 0)
    qtbot.waitUntil(lambda: pages.fault(HOSTILE, 0) is not None, timeout=10_000)
    fault = pages.fault(HOSTILE, 0)
    assert fault is not None
    assert (fault.code, fault.facts) == ("document-page-unreadable", {"page": 1})
    pages.image(ORDINARY, 0, 300, 0)
    qtbot.waitUntil(lambda: pages.image(ORDINARY, 0, 300, 0) is not None, timeout=10_000)


def test_leaving_a_hostile_document_frees_the_lane(lanes: TaskLanes, qtbot: QtBot) -> None:
    """Whoever closes it does not wait for its deadline to read another one."""
    pages = Pages(lanes)
    pdf_facts(ORDINARY.data)
    os.kill(WALL.pid or 0, signal.SIGSTOP)
    begun = time.monotonic()
    pages.image(HOSTILE, 0, 900, 0)
    pages.clear()
    pages.image(ORDINARY, 0, 300, 0)
    qtbot.waitUntil(lambda: pages.image(ORDINARY, 0, 300, 0) is not None, timeout=10_000)
    assert time.monotonic() - begun < door.STEP_SECONDS / 2


def test_the_window_closes_at_once_whatever_is_drawn(window: Window) -> None:
    """The reader of PDFs was made ready as the session opened; a page without end, here a reader that hangs, does not
    keep the program alive.
    """
    WALL.stop()
    window.sign("brindille")
    window.until(lambda: WALL.pid)
    os.kill(WALL.pid or 0, signal.SIGSTOP)
    begun = threading.Event()

    def work() -> object:
        begun.set()
        return pdf_page(ORDINARY.data, 0, 900)

    window.program.lanes.run(Lane.PRINT, work, lambda _done: None, lambda _error: None)
    assert begun.wait(10)
    start = time.monotonic()
    window.program.close()
    assert time.monotonic() - start < door.STEP_SECONDS / 2
