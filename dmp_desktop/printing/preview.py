"""A page as pixels, for the preview on screen and for printers that take no PDF. No Qt here.

The way to PDFium is imported where it is taken: the settings know this module before the window is painted.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Final

from dmp_desktop.errors import BugError

_LARGEST: Final = 14_400
"""Points of a side: the limit of the format."""


class UnreadablePaper(BugError):
    """Bytes that are not a PDF of ours, or a page it does not have."""

    code = "unreadable-paper"


@dataclass(frozen=True, slots=True, repr=False)
class Raster:
    """A page on white, three bytes (red, green, blue) a pixel, lines one after the other without padding."""

    width: int
    height: int
    data: bytes

    def __repr__(self) -> str:
        return f"Raster({self.width}, {self.height})"


def page_sizes(pdf: bytes) -> tuple[tuple[float, float], ...]:
    """Width and height of each page, in millimetres.

    :raises UnreadablePaper: not a PDF.
    :raises dmp_desktop.pdfium.wall.NoPdfEngine: no PDF can be read on this post.
    """
    from dmp_desktop.pdfium.documents import BadPdf, pdf_opened

    try:
        with pdf_opened(pdf) as document:
            sizes = document.sizes(0, len(document))
    except BadPdf:
        raise UnreadablePaper("not a PDF") from None
    return tuple((width * 25.4 / 72, height * 25.4 / 72) for width, height in sizes)


def rasterise(pdf: bytes, dpi: float, page: int = 0) -> Raster:
    """Page ``page`` (from 0) at ``dpi`` dots an inch.

    :raises UnreadablePaper: not a PDF, no such page, or one that is too large.
    :raises dmp_desktop.pdfium.wall.NoPdfEngine: no PDF can be read on this post.
    """
    from dmp_desktop.pdfium.documents import BadPdf, pdf_opened

    try:
        with pdf_opened(pdf) as document:
            if not 0 <= page < len(document):
                raise UnreadablePaper("no such page")
            across, down = document.size(page)
            if not (1 <= across <= _LARGEST and 1 <= down <= _LARGEST):
                raise UnreadablePaper("no size of a paper")
            width, height = ceil(across * dpi / 72), ceil(down * dpi / 72)
            return Raster(width, height, document.drawn(page, width, height))
    except BadPdf:
        raise UnreadablePaper("not a PDF") from None
