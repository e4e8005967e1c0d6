"""PDFs inside documents: how many pages, what they say, where a word stands, a page as pixels. Bounded.

Slow: called from a lane, never from the thread of the screen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from dmp_desktop.pdfium.documents import BadPdf, Box, Pdf, StoppedPdf, pdf_opened
from dmp_desktop.pdfium.wall import NoPdfEngine
from dmp_desktop.reading.errors import UnreadablePage
from dmp_desktop.reading.finding import flat, occurrences

MAX_PAGES: Final = 1_000
"""Pages shown of one PDF."""

MAX_PIXELS: Final = 12_000_000
"""Pixels of one page drawn: A4 at more than 300 dots an inch."""

MAX_TEXT: Final = 2_000_000
"""Characters read of one PDF."""

MAX_HITS: Final = 500
_PLAUSIBLE: Final = (1.0, 14_400.0)
"""Side of a page in points: 200 inches is the format's own limit."""


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """What a PDF is. ``sizes``: of the pages shown, in points; ``pages``: how many it has."""

    sizes: tuple[tuple[float, float], ...]
    pages: int


@dataclass(frozen=True, slots=True)
class Raster:
    """A page as 8-bit RGB, line after line without padding."""

    width: int
    height: int
    rgb: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Hit:
    """Where words stand: page from 0, boxes as shares (left, top, right, bottom) of the page that is not turned."""

    page: int
    boxes: tuple[tuple[float, float, float, float], ...]


def pdf_facts(data: bytes) -> PdfFacts:
    """What the PDF is.

    :raises BadPdf: it does not open; :class:`dmp_desktop.pdfium.documents.StoppedPdf`: not within the bounds of time.
    :raises NoPdfEngine: no PDF can be read on this post.
    """
    with pdf_opened(data) as document:
        count = len(document)
        sizes = tuple(_plausible(*size) for size in document.sizes(0, MAX_PAGES))
    if not sizes:
        raise BadPdf(locked=False)
    return PdfFacts(sizes, count)


def pdf_page(
    data: bytes, number: int, width: int, turned: int = 0, give_up: Callable[[], bool] = lambda: False
) -> Raster:
    """Page ``number`` (from 0), ``width`` pixels wide as it is seen, fewer when it would be too large.

    :param turned: quarter turns clockwise.
    :param give_up: asked while it is drawn.
    :raises UnreadablePage: no such page, or it cannot be drawn within the bounds of time.
    :raises NoPdfEngine: no PDF can be read on this post.
    """
    try:
        with pdf_opened(data, give_up) as document:
            if not 0 <= number < len(document):
                raise UnreadablePage("no such page", page=number + 1)
            across, down = _plausible(*document.size(number))
            if turned % 2:
                across, down = down, across
            width, height = _within(width, max(1, round(width * down / across)))
            return Raster(width, height, document.drawn(number, width, height, turned))
    except BadPdf:
        raise UnreadablePage("damaged, or given up", page=number + 1) from None


def pdf_text(data: bytes, limit: int = MAX_TEXT, give_up: Callable[[], bool] = lambda: False) -> tuple[str, ...]:
    """The text of each page, ``limit`` characters in all; what does not open, or not in time, says no more."""
    pages: list[str] = []
    try:
        with pdf_opened(data, give_up) as document:
            for words in document.texts(MAX_PAGES, limit):
                text = words[:limit].replace("\r\n", "\n").replace("\ufffe", "-").replace("\0", "")
                limit -= len(text)
                pages.append(text)
                if limit <= 0 or give_up():
                    break
    except (BadPdf, NoPdfEngine):
        pass
    return tuple(pages)


def pdf_find(data: bytes, words: str, give_up: Callable[[], bool] = lambda: False) -> tuple[Hit, ...]:
    """Where ``words`` stand, accents and case aside."""
    hits: list[Hit] = []
    phrases: set[int] = set()
    try:
        with pdf_opened(data, give_up) as document:
            for number, text in enumerate(document.texts(MAX_PAGES, MAX_TEXT)):
                if give_up() or len(hits) >= MAX_HITS:
                    break
                here, whole = _hits(document, number, flat(text), words)
                hits += here
                phrases.update({number} if whole else ())
    except (BadPdf, NoPdfEngine):
        pass
    # The phrase somewhere: its words alone elsewhere are not what was looked for.
    return tuple(hit for hit in hits if not phrases or hit.page in phrases)[:MAX_HITS]


def _plausible(across: float, down: float) -> tuple[float, float]:
    low, high = _PLAUSIBLE
    if not (low <= across <= high and low <= down <= high):
        return (595.0, 842.0)
    return (across, down)


def _within(width: int, height: int) -> tuple[int, int]:
    if width * height <= MAX_PIXELS:
        return max(1, width), max(1, height)
    shrink = (MAX_PIXELS / (width * height)) ** 0.5
    return max(1, int(width * shrink)), max(1, min(int(height * shrink), MAX_PIXELS))


def _hits(document: Pdf, number: int, text: str, words: str) -> tuple[list[Hit], bool]:
    """Places on one page, and whether they are those of the whole phrase."""
    runs = [(start, end - start) for start, end in islice(occurrences(text, words), MAX_HITS)]
    if not runs:
        return [], False
    try:
        places = document.places(number, runs)
    except StoppedPdf:
        raise
    except BadPdf:
        return [], False
    hits = [Hit(number, tuple(_share(places.page, box) for box in boxes)) for boxes in places.runs if boxes]
    return hits, " ".join(flat(words).split()) in text


def _share(page: Box, box: Box) -> tuple[float, float, float, float]:
    """A box as shares of the page."""
    left, bottom, right, top = page
    across, down = max(1.0, right - left), max(1.0, top - bottom)
    x0, y0, x1, y1 = box
    return ((x0 - left) / across, (top - y1) / down, (x1 - left) / across, (top - y0) / down)
