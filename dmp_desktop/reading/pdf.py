"""PDFs inside documents: how many pages, what they say, where a word stands, a page as pixels. Bounded.

Slow: called from a lane, never from the thread of the screen.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from dmp_desktop.pdfium import BadPdf, draw_page, pdf_opened, pdf_page_opened
from dmp_desktop.reading.errors import UnreadablePage
from dmp_desktop.reading.finding import flat, occurrences

MAX_PAGES: Final = 1_000
"""Pages shown of one PDF."""

MAX_PIXELS: Final = 12_000_000
"""Pixels of one page drawn: A4 at more than 300 dots an inch."""

MAX_TEXT: Final = 2_000_000
"""Characters read of one PDF."""

MAX_HITS: Final = 500
PAGE_SECONDS: Final = 8.0
"""A page that takes longer is given up: it was made to."""

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

    :raises BadPdf: it does not open.
    """
    with pdf_opened(data) as document:
        count = len(document)
        sizes = tuple(_size(document, number) for number in range(min(count, MAX_PAGES)))
    if not sizes:
        raise BadPdf(locked=False)
    return PdfFacts(sizes, count)


def pdf_page(
    data: bytes, number: int, width: int, turned: int = 0, give_up: Callable[[], bool] = lambda: False
) -> Raster:
    """Page ``number`` (from 0), ``width`` pixels wide as it is seen, fewer when it would be too large.

    :param turned: quarter turns clockwise.
    :param give_up: asked while it is drawn.
    :raises UnreadablePage: no such page, or it cannot be drawn.
    """
    limit = time.monotonic() + PAGE_SECONDS
    try:
        with pdf_opened(data) as document:
            across, down = _size(document, number)
            if turned % 2:
                across, down = down, across
            width, height = _within(width, max(1, round(width * down / across)))
            with pdf_page_opened(document, number) as page:
                rgb = draw_page(page, width, height, turned % 4, lambda: give_up() or time.monotonic() > limit)
    except BadPdf:
        raise UnreadablePage("no such page, or damaged", page=number + 1) from None
    if rgb is None:
        raise UnreadablePage("page given up", page=number + 1)
    return Raster(width, height, rgb)


def pdf_text(data: bytes, limit: int = MAX_TEXT, give_up: Callable[[], bool] = lambda: False) -> tuple[str, ...]:
    """The text of each page, ``limit`` characters in all; what does not open says nothing."""
    pages: list[str] = []
    try:
        with pdf_opened(data) as document:
            for number in range(min(len(document), MAX_PAGES)):
                if limit <= 0 or give_up():
                    break
                text = _text(document, number)[:limit]
                limit -= len(text)
                pages.append(text)
    except BadPdf:
        return ()
    return tuple(pages)


def pdf_find(data: bytes, words: str, give_up: Callable[[], bool] = lambda: False) -> tuple[Hit, ...]:
    """Where ``words`` stand, accents and case aside."""
    hits: list[Hit] = []
    phrases: set[int] = set()
    try:
        with pdf_opened(data) as document:
            for number in range(min(len(document), MAX_PAGES)):
                if give_up() or len(hits) >= MAX_HITS:
                    break
                here, whole = _hits(document, number, words)
                hits += here
                phrases.update({number} if whole else ())
    except BadPdf:
        return ()
    # The phrase somewhere: its words alone elsewhere are not what was looked for.
    return tuple(hit for hit in hits if not phrases or hit.page in phrases)[:MAX_HITS]


def _size(document: Any, number: int) -> tuple[float, float]:
    across, down = document.get_page_size(number)
    low, high = _PLAUSIBLE
    if not (low <= across <= high and low <= down <= high):
        return (595.0, 842.0)
    return (across, down)


def _within(width: int, height: int) -> tuple[int, int]:
    if width * height <= MAX_PIXELS:
        return max(1, width), max(1, height)
    shrink = (MAX_PIXELS / (width * height)) ** 0.5
    return max(1, int(width * shrink)), max(1, min(int(height * shrink), MAX_PIXELS))


def _text(document: Any, number: int) -> str:
    try:
        with pdf_page_opened(document, number) as page:
            text: str = page.get_textpage().get_text_range(errors="replace")
    except BadPdf:
        return ""
    return text.replace("\r\n", "\n").replace("\ufffe", "-").replace("\0", "")


def _hits(document: Any, number: int, words: str) -> tuple[list[Hit], bool]:
    """Places on one page, and whether they are those of the whole phrase."""
    try:
        with pdf_page_opened(document, number) as page:
            textpage = page.get_textpage()
            text = flat(textpage.get_text_range(errors="replace"))
            box = page.get_bbox()
            hits = [
                Hit(number, boxes)
                for start, end in occurrences(text, words)
                if (boxes := tuple(_boxes(textpage, box, start, end - start)))
            ]
            return hits, " ".join(flat(words).split()) in text
    except BadPdf:
        return [], False


def _boxes(
    textpage: Any, page: tuple[float, float, float, float], start: int, length: int
) -> Iterator[tuple[float, float, float, float]]:
    """Boxes of a run of characters, as shares of the page."""
    left, bottom, right, top = page
    across, down = max(1.0, right - left), max(1.0, top - bottom)
    for at in range(textpage.count_rects(start, length)):
        x0, y0, x1, y1 = textpage.get_rect(at)
        yield ((x0 - left) / across, (top - y1) / down, (x1 - left) / across, (top - y0) / down)
