"""A page as pixels, for the preview on screen and for printers that take no PDF. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass

from dmp_desktop.errors import BugError
from dmp_desktop.pdfium import BadPdf, pdf_opened


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
    """
    try:
        with pdf_opened(pdf) as document:
            sizes = [document.get_page_size(number) for number in range(len(document))]
    except BadPdf:
        raise UnreadablePaper("not a PDF") from None
    return tuple((width * 25.4 / 72, height * 25.4 / 72) for width, height in sizes)


def rasterise(pdf: bytes, dpi: float, page: int = 0) -> Raster:
    """Page ``page`` (from 0) at ``dpi`` dots an inch.

    :raises UnreadablePaper: not a PDF, or no such page.
    """
    try:
        with pdf_opened(pdf) as document:
            if not 0 <= page < len(document):
                raise UnreadablePaper("no such page")
            bitmap = document[page].render(scale=dpi / 72, rev_byteorder=True)
            line = bitmap.width * 3
            pixels = memoryview(bitmap.buffer)
            data = b"".join(bytes(pixels[y * bitmap.stride : y * bitmap.stride + line]) for y in range(bitmap.height))
            return Raster(bitmap.width, bitmap.height, data)
    except BadPdf:
        raise UnreadablePaper("not a PDF") from None
