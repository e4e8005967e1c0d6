"""The one door to PDFium: it is not made for several threads, so that one document is handled at a time.

Its build has no script engine; forms are not initialised: nothing in a PDF is run, fetched or written.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_LOCK = threading.RLock()


class BadPdf(ValueError):
    """Bytes that are not a PDF that opens. ``locked``: it asks for a password."""

    def __init__(self, locked: bool) -> None:
        super().__init__("locked" if locked else "not a PDF")
        self.locked = locked


@contextmanager
def pdf_opened(data: bytes) -> Iterator[Any]:
    """A ``pypdfium2.PdfDocument`` of ``data``, closed after; other threads wait.

    :raises BadPdf: it does not open, or what is asked of it fails.
    """
    import pypdfium2

    with _LOCK:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise BadPdf("assword" in str(error)) from None
        try:
            yield document
        except pypdfium2.PdfiumError:
            # It opened, and a part of it is damaged.
            raise BadPdf(locked=False) from None
        finally:
            document.close()


@contextmanager
def pdf_page_opened(document: Any, number: int) -> Iterator[Any]:
    """Page ``number`` (from 0) of an open document, closed after.

    :raises BadPdf: no such page, or what is asked of it inside fails because it is damaged.
    """
    import pypdfium2

    try:
        page = document[number]
        try:
            yield page
        finally:
            page.close()
    except (pypdfium2.PdfiumError, RuntimeError, IndexError):
        raise BadPdf(locked=False) from None


def draw_page(page: Any, width: int, height: int, turned: int, give_up: Callable[[], bool]) -> bytes | None:
    """A page drawn on white as 8-bit RGB, line after line without padding; ``None`` when ``give_up`` said so.

    PDFium asks ``give_up`` now and then while it draws: an endless page ends too.

    :param turned: quarter turns clockwise, 0 to 3.
    """
    import pypdfium2.raw as raw
    from pypdfium2 import PdfBitmap

    bitmap = PdfBitmap.new_native(width, height, raw.FPDFBitmap_BGR, rev_byteorder=True)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
    pause = raw.IFSDK_PAUSE(version=1)
    stop = type(pause.NeedToPauseNow)(lambda _pause: int(give_up()))
    pause.NeedToPauseNow = stop
    flags = raw.FPDF_ANNOT | raw.FPDF_REVERSE_BYTE_ORDER
    state = raw.FPDF_RenderPageBitmap_Start(bitmap, page, 0, 0, width, height, turned, flags, pause)
    raw.FPDF_RenderPage_Close(page)
    if state != raw.FPDF_RENDER_DONE:
        bitmap.close()
        return None
    pixels, line = memoryview(bitmap.buffer), width * 3
    rgb = b"".join(bytes(pixels[y * bitmap.stride : y * bitmap.stride + line]) for y in range(height))
    bitmap.close()
    return rgb
