"""The hand that draws every paper: fonts, ink, columns of text, the letterhead, the DÉMONSTRATION band.

reportlab measures and draws; lengths are in points unless a name ends in ``_mm``, the origin is the bottom left corner.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from dmp_desktop.config import resource
from dmp_desktop.errors import BugError
from dmp_desktop.printing.pdfa import FLAVOUR, archive

MM: Final = 72 / 25.4
A4: Final = (210 * MM, 297 * MM)
INK: Final = HexColor(0x161616)
GREY: Final = HexColor(0x4A4A4A)
HAIR: Final = HexColor(0x8C8C8C)
GHOST: Final = HexColor(0xE4E4E4)
DEMONSTRATION: Final = "DÉMONSTRATION"

REGULAR: Final = "NotoSans-Regular"
BOLD: Final = "NotoSans-Bold"
_FACES: Final = (REGULAR, BOLD, "NotoSans-Italic", "NotoSans-BoldItalic")

# name → face, size, leading, colour
_STYLES: Final[dict[str, tuple[str, float, float, HexColor]]] = {
    "title": (BOLD, 16.7, 21, INK),
    "subtitle": (REGULAR, 11, 15, INK),
    "heading": (BOLD, 11, 14, INK),
    "body": (REGULAR, 9.8, 13.6, INK),
    "label": (REGULAR, 8, 10.5, GREY),
    "value": (REGULAR, 10.5, 13.5, INK),
    "strong": (BOLD, 10.5, 13.5, INK),
    "small": (REGULAR, 8, 10.5, GREY),
    "large-title": (BOLD, 27, 32, INK),
    "large-heading": (BOLD, 18, 23, INK),
    "large": (REGULAR, 16.5, 22.5, INK),
}
# A paper is first tried at its full size; only the longest names and addresses go under 0.92.
_SCALES: Final = (1.04, 1.0, 0.98, 0.96, 0.94, 0.92, 0.9, 0.88, 0.85, 0.82, 0.78, 0.74, 0.7, 0.62, 0.55)
_ALIGNMENTS: Final = {"LEFT": 0, "CENTER": 1, "RIGHT": 2}
_BREAKING: Final = re.compile(r"[^\S\u00a0\u202f]+")


class PaperOverflow(BugError):
    """A paper does not hold on its page even at the smallest size."""

    code = "paper-overflow"


def register_fonts() -> None:
    """Give reportlab the four faces of Noto Sans, once per process (its own table remembers them)."""
    known = set(pdfmetrics.getRegisteredFontNames())
    if not known.issuperset(_FACES):
        for face in _FACES:
            pdfmetrics.registerFont(TTFont(face, str(resource("fonts", f"{face}.ttf"))))
        pdfmetrics.registerFontFamily(REGULAR, *_FACES)


def plain(text: str, limit: int = 160) -> str:
    """Data made fit for a paragraph: composed, on one line, escaped, cut at ``limit`` characters; no-break spaces stay.

    No trait, name or address of the trade reaches the limit; it only keeps a corrupt value from pushing the rest off
    the page.
    """
    text = _BREAKING.sub(" ", unicodedata.normalize("NFC", text)).strip()
    return escape(text if len(text) <= limit else text[: limit - 1] + "…")


def drawable(markup: str, face: str) -> str:
    """Only what the face can draw: a missing glyph would be an empty box, taken for a letter of the name.

    reportlab breaks lines at U+202F, a no-break space; the wider U+00A0 stands for it on paper.
    """
    glyphs = pdfmetrics.getFont(face).face.charToGlyph
    return "".join(c if ord(c) in glyphs else "?" for c in markup.replace("\u202f", "\u00a0"))


@cache
def named_style(name: str, scale: float = 1.0, *, indent: float = 0.0, align: str = "LEFT") -> ParagraphStyle:
    """A style of the papers, ``indent`` in points; ``align``: ``LEFT``, ``CENTER`` or ``RIGHT``."""
    face, size, leading, colour = _STYLES[name]
    return ParagraphStyle(
        name,
        fontName=face,
        fontSize=size * scale,
        leading=leading * scale,
        textColor=colour,
        leftIndent=indent,
        alignment=_ALIGNMENTS[align],
        # A double-barrelled name breaks after its hyphen, and anywhere only when it must.
        embeddedHyphenation=1,
        splitLongWords=1,
    )


def paragraph(markup: str, style: str = "body", scale: float = 1.0) -> Paragraph:
    """A paragraph ready to be measured, cut between two pages, or drawn."""
    return Paragraph(drawable(markup, _STYLES[style][0]), named_style(style, scale))


class Column:
    """Lays text downwards. Without a canvas it only measures, so that what fits is known before anything is drawn."""

    def __init__(self, canvas: Canvas | None, x: float, y: float, width: float, scale: float = 1.0) -> None:
        self.canvas = canvas
        self.x = x
        self.y = y
        self.width = width
        self.scale = scale

    def text(self, markup: str, style: str = "body", *, indent: float = 0.0) -> None:
        """One paragraph; ``markup`` knows ``<b>`` and ``<i>``, data in it come through :func:`plain`."""
        if not markup:
            return
        words = paragraph(markup, style, self.scale)
        _, height = words.wrap(self.width - indent * self.scale, 1e6)
        self.y -= height
        if self.canvas is not None:
            words.drawOn(self.canvas, self.x + indent * self.scale, self.y)

    def space(self, points: float) -> None:
        """Leave a gap."""
        self.y -= points * self.scale

    def rule(self, weight: float = 0.6, colour: Any = HAIR) -> None:
        """A line across the column."""
        if self.canvas is not None:
            self.canvas.setStrokeColor(colour)
            self.canvas.setLineWidth(weight)
            self.canvas.line(self.x, self.y, self.x + self.width, self.y)

    def heading(self, text: str) -> None:
        """Name of a part, with its air."""
        self.space(10)
        self.text(text, "heading")
        self.space(3)

    def side_by_side(self, *parts: tuple[float, Callable[[Column], None]], gap: float = 14.0) -> None:
        """Columns of the given shares of the width; the next line starts under the longest."""
        room = self.width - gap * (len(parts) - 1)
        total = sum(share for share, _ in parts)
        x, lowest = self.x, self.y
        for share, compose in parts:
            part = Column(self.canvas, x, self.y, room * share / total, self.scale)
            compose(part)
            x += part.width + gap
            lowest = min(lowest, part.y)
        self.y = lowest

    def facts(self, rows: Sequence[Sequence[tuple[str, str]]], *, per_row: int, gap: float = 6.0) -> None:
        """A grid of labels over values, escaped here, in ``per_row`` columns; its first value is the strongest."""
        for number, row in enumerate(rows):
            if number:
                self.space(gap)
            cells = [_fact(label, value, strong=number == 0 and not i) for i, (label, value) in enumerate(row)]
            cells += [_nothing] * (per_row - len(row))
            self.side_by_side(*((1.0, cell) for cell in cells))

    def bullets(self, items: Sequence[str], style: str = "body", *, gap: float = 1.5, indent: float = 9.0) -> None:
        """A list; the mark hangs in the margin of its paragraph."""
        for item in items:
            top = self.y
            self.text(item, style, indent=indent)
            if self.canvas is not None:
                size = _STYLES[style][1] * self.scale
                self.canvas.setFillColor(INK)
                self.canvas.circle(self.x + 0.2 * size, top - 0.8 * size, 0.14 * size, stroke=0, fill=1)
            self.space(gap)

    def tick(self, on: bool, markup: str) -> None:
        """A drawn box, crossed or empty, and its text: legible without colour, and the text says it too."""
        top, side = self.y, 8.5 * self.scale
        self.text(markup, indent=15)
        if self.canvas is not None:
            bottom = top - 11 * self.scale
            self.canvas.setStrokeColor(INK)
            self.canvas.setLineWidth(0.8)
            self.canvas.rect(self.x, bottom, side, side, stroke=1, fill=0)
            if on:
                path = self.canvas.beginPath()
                for dx, dy, ex, ey in ((0.2, 0.2, 0.8, 0.8), (0.2, 0.8, 0.8, 0.2)):
                    path.moveTo(self.x + dx * side, bottom + dy * side)
                    path.lineTo(self.x + ex * side, bottom + ey * side)
                self.canvas.setLineWidth(1.3)
                self.canvas.drawPath(path)
        self.space(2)

    def panel(self, compose: Callable[[Column], None]) -> None:
        """What ``compose`` lays, in a frame with a bar at its left; no ground, it would cost toner and legibility."""
        pad = 9 * self.scale
        probe = Column(None, self.x + 1.4 * pad, self.y - pad, self.width - 2.4 * pad, self.scale)
        compose(probe)
        bottom = probe.y - pad
        if self.canvas is not None:
            self.canvas.setStrokeColor(HAIR)
            self.canvas.setLineWidth(0.6)
            self.canvas.rect(self.x, bottom, self.width, self.y - bottom, stroke=1, fill=0)
            self.canvas.setFillColor(INK)
            self.canvas.rect(self.x - 0.3, bottom - 0.3, 3, self.y - bottom + 0.6, stroke=0, fill=1)
            compose(Column(self.canvas, probe.x, self.y - pad, probe.width, self.scale))
        self.y = bottom


def _nothing(column: Column) -> None:
    """An empty cell."""


def _fact(label: str, value: str, *, strong: bool) -> Callable[[Column], None]:
    def compose(column: Column) -> None:
        column.text(label, "label")
        column.text(plain(value) or "—", "strong" if strong else "value")

    return compose


def fit(
    canvas: Canvas,
    compose: Callable[[Column], None],
    *,
    left: float,
    top: float,
    width: float,
    bottom: float,
) -> float:
    """Lay ``compose`` between ``top`` and ``bottom`` at the largest size that holds; gives where it ended.

    :raises PaperOverflow: when none does.
    """
    for scale in _SCALES:
        probe = Column(None, left, top, width, scale)
        compose(probe)
        if probe.y >= bottom:
            column = Column(canvas, left, top, width, scale)
            compose(column)
            return column.y
    raise PaperOverflow("a paper is longer than its page")


def page(
    title: str,
    size: tuple[float, float],
    draw: Callable[[Canvas], None],
    *,
    dated: datetime | None = None,
    demonstration: bool = False,
) -> bytes:
    """One page as PDF/A: see :func:`pages`."""
    return pages(title, size, (draw,), dated=dated, demonstration=demonstration)


def pages(
    title: str,
    size: tuple[float, float],
    draws: Sequence[Callable[[Canvas], None]],
    *,
    dated: datetime | None = None,
    demonstration: bool = False,
    flavour: str = FLAVOUR,
) -> bytes:
    """Pages as PDF/A: fonts embedded, French, no identity in its metadata.

    :param title: kind of paper and reference, never a name.
    :param draws: draws each page in turn.
    :param dated: when it is printed; the only thing besides ``draw`` that changes the bytes.
    :param demonstration: write DÉMONSTRATION under the text, and above it where the page has the room.
    """
    register_fonts()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, invariant=1, pageCompression=1, initialFontName=REGULAR, lang="fr-FR")
    canvas.setTitle(title)
    canvas.setCreator("dmp_desktop")
    for draw in draws:
        if demonstration:
            stamp_demonstration(canvas, size)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return archive(out.getvalue(), dated, flavour)


def stamp_demonstration(canvas: Canvas, size: tuple[float, float], *, under: bool = True) -> None:
    """Pale letters across the page, and a line in black at its head: a black and white printer drops the pale ones.

    :param under: what is written comes over the stamp; over it, the letters would hide what is written.
    """
    width, height = size
    if under:
        _ghost(canvas, width, height)
    canvas.setFillColor(INK)
    canvas.setFont(BOLD, 8)
    canvas.drawCentredString(width / 2, height - 9 * MM, f"{DEMONSTRATION} – personne fictive, papier sans valeur")


def _ghost(canvas: Canvas, width: float, height: float) -> None:
    canvas.saveState()
    canvas.setFillColor(GHOST)
    letters = 0.115 * min(width, height) * 1.12
    canvas.translate(width / 2, height / 2)
    canvas.rotate(52)
    canvas.setFont(BOLD, letters)
    canvas.drawCentredString(0, -0.36 * letters, DEMONSTRATION)
    canvas.restoreState()


def qr(canvas: Canvas, text: str, x: float, y: float, side: float) -> None:
    """A QR code (medium correction) as one path, its quiet zone inside ``side``."""
    import segno

    matrix = [list(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=4)]
    module = side / len(matrix)
    path = canvas.beginPath()
    for line, row in enumerate(matrix):
        start = 0
        while start < len(row):
            end = start
            while end < len(row) and row[end]:
                end += 1
            if end > start:
                path.rect(x + start * module, y + side - (line + 1) * module, (end - start) * module, module)
            start = end + 1
    canvas.setFillColor(INK)
    canvas.drawPath(path, stroke=0, fill=1)
