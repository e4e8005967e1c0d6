"""A short report written in place, as the document that is deposited: PDF/A-1b, as many pages as it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from dmp_desktop.config import StructureSettings
from dmp_desktop.domain.events import Author
from dmp_desktop.domain.identity import Traits
from dmp_desktop.errors import UserError
from dmp_desktop.printing import sheet, words
from dmp_desktop.printing.layout import A4, HAIR, MM, Column, pages, paragraph, plain, register_fonts
from dmp_desktop.printing.pdfa import DEPOSITED

TITLE: Final = "Document déposé au DMP"
"""Title of every file that is deposited: it names nobody."""

LONGEST: Final = 60_000
"""Characters: some thirty pages; what is longer was pasted by mistake, or is a document of its own."""

_FOOT: Final = 16 * MM
_GAP: Final = 5.0


class ReportTooLong(UserError):
    """More text than a short report holds. ``facts["limit"]`` tells the most characters."""

    code = "report-too-long"


@dataclass(frozen=True, slots=True, repr=False)
class ReportPaper:
    """What a report says.

    :ivar kind: label of its type of document; ``at``: when the act it tells of took place (aware).
    :ivar written_at: when it was finished (aware); the only thing besides its words that changes its bytes.
    :ivar role: profession of the author, ``""`` when it is not told.
    """

    structure: StructureSettings
    author: Author
    traits: Traits
    birth_place: str
    title: str
    kind: str
    at: datetime
    written_at: datetime
    text: str
    role: str = ""
    demonstration: bool = False

    def __repr__(self) -> str:
        return f"ReportPaper({len(self.text)} characters)"


def report(paper: ReportPaper) -> bytes:
    """The PDF/A-1b of the report.

    :raises ReportTooLong: beyond :data:`LONGEST` characters.
    """
    if len(paper.text) > LONGEST:
        raise ReportTooLong("too long", limit=LONGEST)
    register_fonts()
    head = Column(None, sheet.LEFT, sheet.TOP, sheet.WIDTH)
    _head(paper)(head)
    placed = _paginate(_paragraphs(paper.text), head.y - 12, sheet.TOP - 12 * MM)

    def draw(number: int, items: list[tuple[Paragraph, float]]) -> Callable[[Canvas], None]:
        def page(canvas: Canvas) -> None:
            column = Column(canvas, sheet.LEFT, sheet.TOP, sheet.WIDTH)
            if number == 1:
                _head(paper)(column)
            else:
                column.text(f"{plain(paper.title)} – {plain(words.called(paper.traits))}", "small")
                column.space(3)
                column.rule()
            for words_, bottom in items:
                words_.drawOn(canvas, sheet.LEFT, bottom)
            canvas.setStrokeColor(HAIR)
            canvas.setLineWidth(0.6)
            canvas.line(sheet.LEFT, _FOOT, sheet.LEFT + sheet.WIDTH, _FOOT)
            foot = Column(canvas, sheet.LEFT, _FOOT - 2 * MM, sheet.WIDTH)
            foot.text(
                f"{plain(paper.author.display_name)}, {plain(paper.structure.name)} – écrit le "
                f"{words.date_and_hour(paper.written_at)} – page {number} sur {len(placed)}",
                "small",
            )

        return page

    return pages(
        TITLE,
        A4,
        [draw(number, items) for number, items in enumerate(placed, 1)],
        dated=paper.written_at,
        demonstration=paper.demonstration,
        flavour=DEPOSITED,
    )


def laid_out(text: str, dated: datetime | None) -> bytes:
    """A plain text file as PDF/A-1b: its lines, nothing added.

    :raises ReportTooLong: beyond :data:`LONGEST` characters.
    """
    if len(text) > LONGEST:
        raise ReportTooLong("too long", limit=LONGEST)
    register_fonts()
    placed = _paginate(_paragraphs(text), sheet.TOP, sheet.TOP)

    def draw(items: list[tuple[Paragraph, float]]) -> Callable[[Canvas], None]:
        def page(canvas: Canvas) -> None:
            for words_, bottom in items:
                words_.drawOn(canvas, sheet.LEFT, bottom)

        return page

    return pages(TITLE, A4, [draw(items) for items in placed], dated=dated, flavour=DEPOSITED)


def _head(paper: ReportPaper) -> Callable[[Column], None]:
    def compose(column: Column) -> None:
        sheet.letterhead(paper.structure, ("Date de l’acte", words.long_date(paper.at)), ("Document", paper.kind))(
            column
        )
        column.space(10)
        column.text(plain(paper.title), "title")
        column.space(8)

        def identity(inner: Column) -> None:
            sheet.holder(inner, paper.traits, birth_place=paper.birth_place)
            sheet.received_by(inner, "Écrit par", paper.author, paper.role, "")

        column.panel(identity)

    return compose


def _paragraphs(text: str) -> list[Paragraph]:
    """One paragraph a line; an empty line is a gap."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [paragraph(plain(line, LONGEST) or "\u00a0", "value") for line in lines]


def _paginate(items: list[Paragraph], first: float, others: float) -> list[list[tuple[Paragraph, float]]]:
    """Where each paragraph stands: pages of (paragraph, its bottom); one that is too long goes on overleaf."""
    placed: list[list[tuple[Paragraph, float]]] = [[]]
    y, bottom = first, _FOOT + 4 * MM
    waiting = list(reversed(items))
    while waiting:
        item = waiting.pop()
        _, height = item.wrap(sheet.WIDTH, 1e6)
        if y - height < bottom:
            parts = item.split(sheet.WIDTH, y - bottom)
            if len(parts) > 1:
                waiting += reversed(parts)
                continue
            if placed[-1] or y < others:
                placed.append([])
                y = others
                waiting.append(item)
                continue
        y -= height
        placed[-1].append((item, y))
        y -= _GAP if height > 0 else 0
    return placed
