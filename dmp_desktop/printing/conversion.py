"""What a person drops, made fit to deposit: a PDF/A-1b, in memory, nothing written to disk.

The store takes PDF/A-1 (CI-SIS, volet structuration minimale §N1). A PDF that is one stays as it is; one that can be
made one without touching its pages is; else its pages become images, and that is told. Scripts and attachments never
stay. An image becomes a page, without the place and the camera that its file may tell.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from math import ceil
from typing import Final

import pikepdf
from pikepdf import pdfa
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from dmp_desktop.errors import UserError
from dmp_desktop.pdfium.documents import BadPdf, pdf_opened
from dmp_desktop.printing.converted import Change, Converted, Kind
from dmp_desktop.printing.layout import A4, MM, pages
from dmp_desktop.printing.pdfa import DEPOSITED
from dmp_desktop.printing.report import TITLE as _TITLE
from dmp_desktop.printing.report import laid_out

LARGEST: Final = 40_000_000
"""Bytes of a file that is looked at; ``sync/disputed.py`` tells the limit of what is sent."""

MOST_PAGES: Final = 60
"""Pages that are made images; a longer document would be too heavy for whoever reads it."""

_PIXELS: Final = 50_000_000
_SIDE: Final = 2480
"""Longest side kept of an image, in pixels: a page of A4 at 210 dots an inch on its height."""
_DPI: Final = 150
_MARGIN: Final = 10 * MM


class UnusableFile(UserError):
    """A file that cannot be deposited. ``facts["reason"]``: ``empty``, ``kind``, ``broken``, ``large``."""

    code = "file-unusable"


class EncryptedPdf(UserError):
    """A PDF that needs a code to be opened, or forbids that it be changed."""

    code = "pdf-encrypted"


class PdfNotConvertible(UserError):
    """A PDF that can become PDF/A in no way. ``facts["pages"]`` counts its pages, ``facts["limit"]`` the most."""

    code = "pdf-not-convertible"


def convert(data: bytes, dated: datetime | None) -> Converted:
    """A file as PDF/A-1b. Slow: print lane.

    :param dated: date written in a document that is made here, ``None`` to state none.
    :raises UnusableFile, EncryptedPdf, PdfNotConvertible, dmp_desktop.printing.report.ReportTooLong: it cannot leave.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise UnusableFile("empty", reason="empty")
    if len(data) > LARGEST:
        raise UnusableFile("too large", reason="large")
    if b"%PDF-" in data[:1024]:
        return _pdf(data, dated)
    try:
        return _image(data, dated)
    except UnidentifiedImageError:
        return _text(data, dated)


# -- PDF ---------------------------------------------------------------------------------------------------------------


def _pdf(data: bytes, dated: datetime | None) -> Converted:
    if _passes(data):
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return Converted(data, Kind.PDF, len(pdf.pages), Change.NONE)
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if pdf.is_encrypted:
                raise EncryptedPdf("encrypted")
            count = len(pdf.pages)
            prepared = _prepared(pdf)
    except pikepdf.PasswordError:
        raise EncryptedPdf("encrypted") from None
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise UnusableFile(f"pdf: {type(error).__name__}", reason="broken") from None
    if not count:
        raise UnusableFile("no page", reason="empty")
    if prepared is not None:
        return Converted(prepared, Kind.PDF, count, Change.MADE_ARCHIVABLE)
    if count > MOST_PAGES:
        raise PdfNotConvertible("too many pages to become images", pages=count, limit=MOST_PAGES)
    return Converted(_as_images(data, dated), Kind.PDF, count, Change.MADE_IMAGES)


def _passes(data: bytes) -> bool:
    # Our own validator approves only what it knows; what claims nothing is not even looked at.
    return b"pdfaid" in data and pdfa.validate_written(io.BytesIO(data), DEPOSITED).passed


def _prepared(pdf: pikepdf.Pdf) -> bytes | None:
    """The same pages as PDF/A, or ``None`` when their content does not allow it."""
    try:
        for key in ("/AA", "/OpenAction", "/Names", "/AcroForm", "/Outlines", "/OCProperties"):
            if key in pdf.Root:
                del pdf.Root[key]
        for page in pdf.pages:
            for key in ("/AA", "/Trans"):
                if key in page.obj:
                    del page.obj[key]
        pdfa.prepare(pdf, DEPOSITED)
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            if "xmp:MetadataDate" in metadata:
                del metadata["xmp:MetadataDate"]
        settings = pdfa.resolve_save_kwargs(DEPOSITED, deterministic_id=True)
        out = io.BytesIO()
        pdf.save(out, **settings)
        passed = pdfa.validate_written(out, DEPOSITED, save_kwargs=settings).passed
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError, pdfa.PdfaError):
        return None
    return out.getvalue() if passed else None


def _as_images(data: bytes, dated: datetime | None) -> bytes:
    images: list[bytes] = []
    try:
        with pdf_opened(data) as document:
            sizes = document.sizes(0, len(document))
            for index, (across, down) in enumerate(sizes):
                if not 1 <= across <= 5000 or not 1 <= down <= 5000:
                    raise UnusableFile("page size", reason="broken")
                scale = min(_DPI / 72, 2 * _SIDE / max(across, down))
                size = ceil(across * scale), ceil(down * scale)
                images.append(_jpeg(Image.frombytes("RGB", size, document.drawn(index, *size))))
    except BadPdf:
        raise UnusableFile("pdfium", reason="broken") from None
    return _bound(images, sizes, dated)


def _bound(images: Sequence[bytes], sizes: Sequence[tuple[float, float]], dated: datetime | None) -> bytes:
    """Pages of one image each, of their own sizes."""

    def draw(image: bytes, size: tuple[float, float]) -> Callable[[Canvas], None]:
        def page(canvas: Canvas) -> None:
            canvas.setPageSize(size)
            canvas.drawImage(ImageReader(io.BytesIO(image)), 0, 0, *size)

        return page

    drawn = [draw(image, size) for image, size in zip(images, sizes, strict=True)]
    return pages(_TITLE, A4, drawn, dated=dated, flavour=DEPOSITED)


# -- images and text ---------------------------------------------------------------------------------------------------


def _image(data: bytes, dated: datetime | None) -> Converted:
    try:
        with Image.open(io.BytesIO(data)) as opened:
            if opened.width * opened.height > _PIXELS:
                raise UnusableFile("pixels", reason="large")
            frames: list[bytes] = []
            for frame in ImageSequence.Iterator(opened):
                if len(frames) == MOST_PAGES:
                    raise UnusableFile("frames", reason="large")
                frames.append(_jpeg(ImageOps.exif_transpose(frame)))
    except UnidentifiedImageError:
        raise
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError, MemoryError) as error:
        raise UnusableFile(f"image: {type(error).__name__}", reason="broken") from None
    drawn = pages(_TITLE, A4, [_page_of(frame) for frame in frames], dated=dated, flavour=DEPOSITED)
    return Converted(drawn, Kind.IMAGE, len(frames), Change.IMAGE_TO_PAGE)


def _jpeg(image: Image.Image) -> bytes:
    """A flat image on white, without what its file tells beside it, no larger than a page needs."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        ground = Image.new("RGBA", image.size, "white")
        ground.alpha_composite(image.convert("RGBA"))
        image = ground
    flat = image.convert("RGB")
    flat.thumbnail((2 * _SIDE, 2 * _SIDE))
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=85)
    return out.getvalue()


def _page_of(image: bytes) -> Callable[[Canvas], None]:
    reader = ImageReader(io.BytesIO(image))
    width, height = reader.getSize()
    room = (A4[0] - 2 * _MARGIN, A4[1] - 2 * _MARGIN)
    scale = min(room[0] / width, room[1] / height, 72 / 96 * 2)
    size = (width * scale, height * scale)

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(reader, (A4[0] - size[0]) / 2, A4[1] - _MARGIN - size[1], *size)

    return draw


def _text(data: bytes, dated: datetime | None) -> Converted:
    for charset in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(charset)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise UnusableFile("unknown kind", reason="kind")
    if any(ord(c) < 32 and c not in "\t\r\n\f" for c in text) or text.lstrip().startswith(("{\\rtf", "<", "PK")):
        raise UnusableFile("unknown kind", reason="kind")
    drawn = laid_out(text, dated)
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        return Converted(drawn, Kind.TEXT, len(pdf.pages), Change.TEXT_TO_PAGES)
