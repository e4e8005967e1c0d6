"""PDFs as the program sees them: opened, asked, closed. Slow: called from a lane, never from the screen's thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any, Final

from dmp_desktop.pdfium.frames import Frame
from dmp_desktop.pdfium.wall import WALL, Fresh, Stopped

STEP_SECONDS: Final = 8.0
"""For one thing asked of a document: one that takes longer was made to."""

DOCUMENT_SECONDS: Final = 60.0
"""For all that is asked of a document between its opening and its closing."""

MOST_PIXELS: Final = 50_000_000
"""Of one page drawn: A4 at more than 600 dots an inch."""

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points from the bottom left."""


class BadPdf(ValueError):
    """Bytes that are not a PDF that opens, or a part of it that is damaged. ``locked``: it asks for a password."""

    def __init__(self, locked: bool) -> None:
        super().__init__("locked" if locked else "not a PDF")
        self.locked = locked


class StoppedPdf(BadPdf):
    """It took too long, or too much memory, or felled the engine; or nobody waits for it any more."""

    def __init__(self) -> None:
        super().__init__(locked=False)


@dataclass(frozen=True, slots=True)
class Places:
    """Where runs of a page's text stand: the box of the page, and those of each run."""

    page: Box
    runs: tuple[tuple[Box, ...], ...]


def _never() -> bool:
    return False


class Pdf:
    """A document that is open. Made by :func:`pdf_opened`.

    Another document may have felled the worker meanwhile: it is opened again in the next one, unseen.

    Every method raises :class:`BadPdf` when the document is damaged there, :class:`StoppedPdf` when it was given up:
    the document is then over.
    """

    def __init__(self, data: bytes, give_up: Callable[[], bool]) -> None:
        self._data = data
        self._give_up = give_up
        self._left = DOCUMENT_SECONDS
        self._stopped = False
        self._open()

    def __len__(self) -> int:
        return self._pages

    def sizes(self, first: int, count: int) -> tuple[tuple[float, float], ...]:
        """Width and height of ``count`` pages at most from page ``first`` on, as they are seen, in points."""
        answer = self._ask(ask="sizes", page=first, count=count)
        with _believed():
            return tuple((float(across), float(down)) for across, down in answer.values["sizes"][:count])

    def size(self, number: int) -> tuple[float, float]:
        """Width and height of page ``number`` (from 0)."""
        for size in self.sizes(number, 1):
            return size
        raise BadPdf(locked=False)

    def texts(self, count: int, most: int) -> Iterator[str]:
        """The text of each of the first ``count`` pages, ``most`` characters of each; a damaged page has none."""
        page, count = 0, min(count, self._pages)
        while page < count:
            answer = self._ask(ask="texts", page=page, count=count - page, most=most)
            with _believed():
                ends = (0, *accumulate(int(length) for length in answer.values["lengths"]))
                words = [bytes(answer.data[a:b]).decode("utf-8", "replace") for a, b in pairwise(ends)]
            if not words or ends[-1] != len(answer.data) or sorted(ends) != list(ends):
                raise StoppedPdf
            yield from words[: count - page]
            page += len(words)

    def places(self, number: int, runs: Sequence[tuple[int, int]]) -> Places:
        """Where runs of the text of page ``number`` stand, each told by its first character and its length."""
        told = self._ask(ask="places", page=number, runs=list(runs)).values
        with _believed():
            boxes = tuple(tuple(_box(box) for box in run) for run in told["boxes"])
            return Places(_box(told["box"]), boxes)

    def drawn(self, number: int, width: int, height: int, turned: int = 0) -> bytes:
        """Page ``number`` drawn on white as 8-bit RGB, line after line without padding.

        :param turned: quarter turns clockwise; ``width`` and ``height`` are those of the page once turned.
        """
        if width < 1 or height < 1 or width * height > MOST_PIXELS:
            raise BadPdf(locked=False)
        answer = self._ask(ask="draw", page=number, width=width, height=height, turned=turned % 4)
        if len(answer.data) != width * height * 3:
            raise StoppedPdf
        return bytes(answer.data)

    def close(self) -> None:
        """Forget it. Nothing is waited for."""
        WALL.forget(self._generation, self._document)

    def _open(self) -> None:
        answer = self._timed(None, self._data, ask="open")
        with _believed():
            self._document, self._pages = int(answer.values["document"]), max(0, int(answer.values["pages"]))

    def _ask(self, **values: Any) -> Frame:
        while True:
            try:
                return self._timed(self._generation, b"", document=self._document, **values)
            except Fresh:
                self._open()

    def _timed(self, generation: int | None, data: bytes, **values: Any) -> Frame:
        if self._stopped or self._left <= 0:
            raise StoppedPdf
        begun = time.monotonic()
        try:
            self._generation, answer = WALL.ask(
                generation, min(STEP_SECONDS, self._left), self._give_up, data, **values
            )
        except Stopped:
            self._stopped = True
            raise StoppedPdf from None
        finally:
            self._left -= time.monotonic() - begun
        if answer.values.get("is") == "bad":
            raise BadPdf(answer.values.get("locked") is True)
        if answer.values.get("is") != "done":
            raise StoppedPdf
        return answer


@contextmanager
def pdf_opened(data: bytes, give_up: Callable[[], bool] = _never) -> Iterator[Pdf]:
    """A document, closed after.

    :param give_up: asked every few hundredths of a second while something is awaited.
    :raises BadPdf: it does not open; :class:`StoppedPdf` when it does not in time.
    :raises dmp_desktop.pdfium.wall.NoPdfEngine: no PDF can be read on this post.
    :raises dmp_desktop.errors.Cancelled: the program is closing.
    """
    document = Pdf(data, give_up)
    try:
        yield document
    finally:
        document.close()


def warm_pdf() -> None:
    """Make ready to read PDFs, ahead of the first one.

    :raises dmp_desktop.pdfium.wall.NoPdfEngine: it cannot be.
    """
    WALL.warm()


def pdf_shut() -> AbstractContextManager[None]:
    """Inside, nothing is asked of a PDF, and what is being asked ends at once: the program closes."""
    return WALL.shut()


@contextmanager
def _believed() -> Iterator[None]:
    """Around what reads an answer: one that has not its shape comes from a worker that was taken over, or fell ill."""
    try:
        yield
    except (KeyError, TypeError, ValueError, OverflowError):
        raise StoppedPdf from None


def _box(told: Sequence[float]) -> Box:
    left, bottom, right, top = (float(side) for side in told)
    return left, bottom, right, top
