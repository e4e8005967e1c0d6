"""A content of a document, by what it is and not by what it says it is: PDF, image, RTF or text."""

from __future__ import annotations

import io
import re
from typing import Final

from PIL import Image, UnidentifiedImageError

from dmp_desktop.domain.charsets import decode_text
from dmp_desktop.domain.readable import ImagePart, Part, PdfPart, TextPart
from dmp_desktop.errors import DmpError
from dmp_desktop.pdfium.documents import BadPdf, StoppedPdf
from dmp_desktop.pdfium.wall import NoPdfEngine
from dmp_desktop.reading.cda_source import Content
from dmp_desktop.reading.errors import OtherKind, PartDamaged, PartLocked, PartMissing, PartStopped, TooLong
from dmp_desktop.reading.narrative import MAX_CHARACTERS
from dmp_desktop.reading.pdf import pdf_facts
from dmp_desktop.reading.rtf import rtf_text

MAX_FRAMES: Final = 20
"""Pages shown of one TIFF."""

MAX_SIDE: Final = 4_000
"""Pixels of the longer side an image is brought under."""

MAX_SOURCE_PIXELS: Final = 80_000_000
"""Pixels of an image beyond which it is not even decoded: it would take a quarter of a gigabyte."""

MAX_PARAGRAPHS: Final = 20_000
_UNKNOWN: Final = "sorte inconnue"
_FORMATS: Final = ("JPEG", "TIFF", "PNG", "GIF", "BMP")
_IMAGES: Final = (b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM")
_ALIASES: Final = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/tif": "image/tiff",
    "application/rtf": "text/rtf",
    "text/richtext": "text/rtf",
    "application/x-pdf": "application/pdf",
}
_CHARSET: Final = re.compile(r"charset\s*=\s*\"?([A-Za-z0-9._-]{1,40})")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def sniffed(data: bytes) -> str:
    """The media type of ``data`` by its first bytes; ``""`` for what is not shown."""
    head = data[:1024]
    if b"%PDF-" in head:
        return "application/pdf"
    for mark in _IMAGES:
        if head.startswith(mark):
            return {b"\xff\xd8\xff": "image/jpeg", b"II*\0": "image/tiff", b"MM\0*": "image/tiff"}.get(mark, "image")
    if head.lstrip().startswith(b"{\\rtf"):
        return "text/rtf"
    return "text/plain" if _is_text(head) else ""


def parts_of(content: Content, title: str = "") -> tuple[tuple[Part, ...], list[DmpError]]:
    """What is shown of a content, and what must be said about it."""
    warnings: list[DmpError] = []
    told = content.media_type.partition(";")[0].strip().lower()
    told = _ALIASES.get(told, told)
    found = sniffed(content.data)
    if content.broken:
        warnings.append(PartDamaged("broken base64", kind=told[:60] or _UNKNOWN))
    if not content.data or not found:
        if not content.broken:
            warnings.append(PartMissing("unknown kind", kind=told[:60] or _UNKNOWN))
        return (), warnings
    if told and found != told and not (found == "image" and told.startswith("image/")):
        warnings.append(OtherKind("not what it says", kind=told[:60], found=found))
    parts: tuple[Part, ...]
    if found == "application/pdf":
        parts, more = _pdf(content.data, title)
    elif found.startswith("image"):
        parts, more = _images(content.data, title)
    elif found == "text/rtf":
        parts, more = _text(rtf_text(content.data), title)
    else:
        declared = _CHARSET.search(content.media_type)
        parts, more = _text(decode_text(content.data, declared.group(1) if declared else ""), title)
    return parts, warnings + more


def _pdf(data: bytes, title: str) -> tuple[tuple[Part, ...], list[DmpError]]:
    try:
        facts = pdf_facts(data)
    except NoPdfEngine as absent:
        return (), [absent]
    except StoppedPdf:
        return (), [PartStopped("a PDF that does not open in time")]
    except BadPdf as bad:
        kind = "application/pdf"
        return (), [PartLocked("password") if bad.locked else PartMissing("not a PDF that opens", kind=kind)]
    warnings: list[DmpError] = []
    if facts.pages > len(facts.sizes):
        warnings.append(TooLong.of("a PDF", shown=len(facts.sizes), whole=facts.pages))
    return (PdfPart(data, facts.sizes, title),), warnings


def _images(data: bytes, title: str) -> tuple[tuple[Part, ...], list[DmpError]]:
    parts: list[Part] = []
    warnings: list[DmpError] = []
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            frames = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
            for number in range(min(frames, MAX_FRAMES)):
                image.seek(number)
                if image.width * image.height > MAX_SOURCE_PIXELS:
                    raise ValueError("too many pixels")
                if image.format == "JPEG":
                    image.draft("RGB", (MAX_SIDE, MAX_SIDE))
                plain = _on_white(image)
                plain.thumbnail((MAX_SIDE, MAX_SIDE))
                parts.append(ImagePart(plain.width, plain.height, plain.tobytes(), title))
            if frames > MAX_FRAMES:
                warnings.append(TooLong.of("an image of many pages", shown=MAX_FRAMES, whole=frames))
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        TypeError,
        KeyError,
        IndexError,
        OverflowError,
        MemoryError,
        RuntimeError,
        Warning,
    ) as error:
        # A decoder fed with hostile bytes fails in any of these ways.
        warnings.append(PartMissing(f"image: {type(error).__name__}", kind="image"))
    return tuple(parts), warnings


def _on_white(image: Image.Image) -> Image.Image:
    """The image in three bytes a pixel; what is transparent is the paper."""
    if "transparency" not in image.info and "A" not in image.mode:
        return image.convert("RGB")
    seen = image.convert("RGBA")
    paper = Image.new("RGB", seen.size, "white")
    paper.paste(seen, mask=seen.getchannel("A"))
    return paper


def _text(text: str, title: str) -> tuple[tuple[Part, ...], list[DmpError]]:
    warnings: list[DmpError] = []
    lines = _CONTROL.sub("", text[:MAX_CHARACTERS]).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(text) > MAX_CHARACTERS or len(lines) > MAX_PARAGRAPHS:
        warnings.append(TooLong.of("a text", shown=min(len(lines), MAX_PARAGRAPHS), whole=len(lines)))
    shown = tuple(line.rstrip() for line in lines[:MAX_PARAGRAPHS])
    if not any(shown):
        return (), [*warnings, PartMissing("an empty text", kind="text/plain")]
    return (TextPart(shown, title),), warnings


def _is_text(head: bytes) -> bool:
    text = decode_text(head[: len(head) & ~1])
    controls = sum(c < " " and c not in "\t\r\n\f" for c in text)
    return bool(text) and controls * 20 <= len(text)
