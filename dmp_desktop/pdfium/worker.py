"""The loop of the worker. It gives up what it does not need, answers one thing at a time, and ends with the program.

A thread of it does nothing but read: the pipe closed means that the program is gone, even while PDFium works.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from io import FileIO
from typing import TYPE_CHECKING, Any, Final

from dmp_desktop.pdfium.frames import Frame, receive, send

if TYPE_CHECKING:
    from dmp_desktop.pdfium.engine import Engine

_MEMORY: Final = 1_500_000_000
"""Bytes of address space: a page of A4 at 600 dots an inch, and what its images need, several times over."""

_FILES: Final = 32
"""Files open at a time: fonts of the system, looked for where a PDF has none of its own."""

_MOMENT: Final = 0.3
_ENOUGH: Final = 1_000_000
"""Seconds and bytes after which texts of further pages are left to another answer."""


class _Requests:
    """What was asked and not done yet. ``stopped``: number of the request whoever asked no longer waits for."""

    def __init__(self, stream: FileIO) -> None:
        self._stream = stream
        self._waiting: queue.SimpleQueue[Frame] = queue.SimpleQueue()
        self.stopped = 0
        threading.Thread(target=self._read, name="requests", daemon=True).start()

    def next(self) -> Frame:
        """The next one, waited for."""
        return self._waiting.get()

    def _read(self) -> None:
        try:
            while True:
                frame = receive(self._stream)
                if frame.values["ask"] == "stop":
                    self.stopped = frame.values["number"]
                else:
                    self._waiting.put(frame)
        finally:
            # The main thread may be deep in PDFium: nothing but this ends it.
            os._exit(0)


def main() -> int:
    """Serve until the program closes the pipe. Its standard streams are the pipe, and nothing else may write there."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source = FileIO(os.dup(0), "rb")
    sink = FileIO(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    requests = _Requests(source)
    from dmp_desktop.pdfium.engine import Engine

    _give_up_rights()
    with suppress(OSError):
        send(sink, Frame({"is": "ready"}))
        _serve(requests, sink, Engine())
    return 0


def _serve(requests: _Requests, sink: FileIO, engine: Engine) -> None:
    """Answer one request after the other."""
    from dmp_desktop.pdfium.engine import Locked

    while True:
        frame = requests.next()
        if frame.values["ask"] == "close":
            engine.close(frame.values["document"])
            continue
        try:
            answer = _answer(frame, engine, requests)
        except Locked:
            answer = Frame({"is": "bad", "locked": True})
        except MemoryError:
            os._exit(1)  # what PDFium holds of it is not known: a fresh worker knows
        except Exception:  # noqa: BLE001 - damaged in one of the many ways there are; no word of it may leave
            answer = Frame({"is": "bad", "locked": False})
        send(sink, answer)


def _answer(frame: Frame, engine: Engine, requests: _Requests) -> Frame:
    asked: dict[str, Any] = frame.values
    what, number = asked["ask"], asked["number"]
    if what == "open":
        document, pages = engine.open(bytes(frame.data))
        return Frame({"is": "done", "document": document, "pages": pages})
    document = asked["document"]
    if what == "sizes":
        return Frame({"is": "done", "sizes": engine.sizes(document, asked["page"], asked["count"])})
    page = asked["page"]
    if what == "texts":
        return _texts(frame, engine, lambda: requests.stopped == number)
    if what == "places":
        box, boxes = engine.places(document, page, asked["runs"])
        return Frame({"is": "done", "box": box, "boxes": boxes})
    size = asked["width"], asked["height"]
    drawn = engine.draw(document, page, *size, asked["turned"], lambda: requests.stopped == number)
    return Frame({"is": "given up"}) if drawn is None else Frame({"is": "done"}, drawn)


def _texts(frame: Frame, engine: Engine, given_up: Callable[[], bool]) -> Frame:
    """The text of a page and of as many after it as fit in a moment and in one answer: asking costs time too."""
    asked, texts, size = frame.values, list[bytes](), 0
    limit = time.monotonic() + _MOMENT
    for page in range(asked["page"], asked["page"] + asked["count"]):
        texts.append(engine.text(asked["document"], page, asked["most"]).encode("utf-8", "replace"))
        size += len(texts[-1])
        if size > _ENOUGH or time.monotonic() > limit or given_up():
            break
    return Frame({"is": "done", "lengths": [len(text) for text in texts]}, b"".join(texts))


def _give_up_rights() -> None:
    """No file written, no process started, no memory without end, no image of the memory left by a fall."""
    os.umask(0o077)
    os.chdir(os.sep)
    if sys.platform == "win32":
        return  # the deadline is what holds there
    import resource

    limits = {"RLIMIT_CORE": 0, "RLIMIT_FSIZE": 0, "RLIMIT_NPROC": 0, "RLIMIT_NOFILE": _FILES, "RLIMIT_AS": _MEMORY}
    for name, limit in limits.items():
        # A system that has no such limit, or holds a lower one, is left as it is.
        with suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (limit, limit))
