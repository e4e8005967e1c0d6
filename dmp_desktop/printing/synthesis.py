"""The synthesis on one A4 page: every line with the date of its source, the freshness at the foot."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from dmp_desktop.config import StructureSettings
from dmp_desktop.domain.identity import Traits
from dmp_desktop.printing import sheet, words
from dmp_desktop.printing.layout import A4, MM, Column, fit, page, plain

MAX_LINES: Final = 12
"""Lines printed of one part; more are counted, so that the page holds."""

_FOOT: Final = 30 * MM


@dataclass(frozen=True, slots=True)
class SynthesisPart:
    """A part: its lines as (text, day of the source), or what is said when there is none."""

    title: str
    lines: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    nothing: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class SynthesisPaper:
    """What the page says.

    :ivar fresh_at: when the list was last read at the store, ``None`` when it never was (a copy without a date).
    :ivar gaps: what could not be read, in French, ``""`` when nothing is missing.
    :ivar printed_by: who asks for it; ``reference``: of the act, in the journal.
    """

    traits: Traits
    structure: StructureSettings
    parts: tuple[SynthesisPart, ...]
    printed_at: datetime
    printed_by: str
    fresh_at: datetime | None = None
    gaps: str = ""
    reference: str = ""
    demonstration: bool = False

    def __repr__(self) -> str:
        return f"SynthesisPaper({self.reference})"


def synthesis(paper: SynthesisPaper) -> bytes:
    """The PDF/A of the synthesis: one A4 page.

    :raises dmp_desktop.printing.layout.PaperOverflow: it does not hold even at the smallest size.
    """

    def compose(column: Column) -> None:
        sheet.letterhead(paper.structure, ("Imprimée le", words.date_and_hour(paper.printed_at)))(column)
        column.space(12)
        column.text("Synthèse du dossier", "title")
        column.space(3)
        column.text("D’après les documents du Dossier Médical Partagé (DMP) lus sur ce poste", "subtitle")
        column.space(8)
        column.panel(lambda inside: sheet.holder(inside, paper.traits, birth_place=""))
        for part in paper.parts:
            column.heading(plain(part.title))
            for text, day in part.lines[:MAX_LINES]:
                _line(column, text, day)
            if len(part.lines) > MAX_LINES:
                column.text(f"{len(part.lines) - MAX_LINES} de plus dans les documents.", "small")
            if not part.lines:
                column.text(plain(part.nothing))

    def foot(column: Column) -> None:
        fresh = f"Liste lue au DMP le {words.date_and_hour(paper.fresh_at)}." if paper.fresh_at else ""
        column.text(f"{fresh} La date de chaque ligne est celle du document qui le dit.".strip(), "small")
        if paper.gaps:
            column.text(plain(paper.gaps, 300), "small")
        column.text(
            "Le patient peut masquer des documents\u00a0: cette synthèse peut être incomplète. "
            "Elle ne remplace pas les documents.",
            "small",
        )
        column.text(f"Imprimée par {plain(paper.printed_by)}.", "small")

    def draw(canvas: Canvas) -> None:
        fit(canvas, compose, left=sheet.LEFT, top=sheet.TOP, width=sheet.WIDTH, bottom=_FOOT + 4 * MM)
        fit(canvas, foot, left=sheet.LEFT, top=_FOOT, width=sheet.WIDTH, bottom=8 * MM)

    title = f"Synthèse du dossier {paper.reference}".strip()
    return page(title, A4, draw, dated=paper.printed_at, demonstration=paper.demonstration)


def _line(column: Column, text: str, day: str) -> None:
    column.side_by_side(
        (5.0, lambda part: part.text(plain(text, 240))),
        (1.0, lambda part: part.text(plain(day), "small")),
    )
    column.space(1.5)
