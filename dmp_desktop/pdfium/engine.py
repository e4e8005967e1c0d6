"""The one door to PDFium, opened in the worker only: documents by number, one thing asked at a time.

Its build has no script engine; forms are not initialised: nothing in a PDF is run, fetched or written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pypdfium2
import pypdfium2.raw as raw
from pypdfium2 import PdfBitmap

Box = tuple[float, float, float, float]


class Locked(Exception):
    """It asks for a password nobody here has."""


class Engine:
    """The documents that are open. What is damaged fails with whatever PDFium and its binding raise."""

    def __init__(self) -> None:
        self._open: dict[int, Any] = {}
        self._last = 0

    def open(self, data: bytes) -> tuple[int, int]:
        """Number of the document, and how many pages it has.

        :raises Locked: it asks for a password.
        """
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if "assword" in str(error):
                raise Locked from None
            raise
        self._last += 1
        self._open[self._last] = document
        return self._last, len(document)

    def close(self, document: int) -> None:
        """Forget it."""
        self._open.pop(document).close()

    def sizes(self, document: int, first: int, count: int) -> list[tuple[float, float]]:
        """Width and height of some pages as they are seen, in points."""
        opened = self._open[document]
        return [opened.get_page_size(number) for number in range(first, min(len(opened), first + count))]

    def text(self, document: int, number: int, most: int) -> str:
        """The text of a page, ``most`` characters of it; a damaged page has none."""
        try:
            with self._page(document, number) as page, _text_of(page) as text:
                words: str = text.get_text_range(errors="replace")[:most]
        except pypdfium2.PdfiumError:
            return ""
        return words

    def places(self, document: int, number: int, runs: Sequence[Sequence[int]]) -> tuple[Box, list[list[Box]]]:
        """The page's box (left, bottom, right, top), and the boxes of each run (start, length) of its text."""
        with self._page(document, number) as page, _text_of(page) as text:
            boxes = [
                [text.get_rect(at) for at in range(text.count_rects(start, length))]  # of this run, as just counted
                for start, length in runs
            ]
            return page.get_bbox(), boxes

    def draw(
        self, document: int, number: int, width: int, height: int, turned: int, give_up: Callable[[], bool]
    ) -> memoryview | None:
        """A page drawn on white as 8-bit RGB, line after line without padding; ``None`` when ``give_up`` said so.

        PDFium asks ``give_up`` now and then while it draws.

        :param turned: quarter turns clockwise, 0 to 3.
        """
        with self._page(document, number) as page:
            bitmap = PdfBitmap.new_native(width, height, raw.FPDFBitmap_BGR, rev_byteorder=True)
            bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
            pause = raw.IFSDK_PAUSE(version=1)
            stop = type(pause.NeedToPauseNow)(lambda _pause: int(give_up()))
            pause.NeedToPauseNow = stop
            flags = raw.FPDF_ANNOT | raw.FPDF_REVERSE_BYTE_ORDER
            state = raw.FPDF_RenderPageBitmap_Start(bitmap, page, 0, 0, width, height, turned, flags, pause)
            raw.FPDF_RenderPage_Close(page)
            # Its memory is Python's own: it outlives the bitmap.
            pixels = memoryview(bitmap.buffer)
            bitmap.close()
        return pixels if state == raw.FPDF_RENDER_DONE else None

    @contextmanager
    def _page(self, document: int, number: int) -> Iterator[Any]:
        page = self._open[document][number]
        try:
            yield page
        finally:
            page.close()


@contextmanager
def _text_of(page: Any) -> Iterator[Any]:
    text = page.get_textpage()
    try:
        yield text
    finally:
        text.close()
