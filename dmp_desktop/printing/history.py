"""The list of accesses to a record, for the person: who, when, what, in which way and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from dmp_desktop.config import StructureSettings
from dmp_desktop.domain.identity import Traits
from dmp_desktop.printing import sheet, words
from dmp_desktop.printing.layout import A4, HAIR, MM, Column, pages, plain, register_fonts

_FOOT: Final = 18 * MM
_SHARES: Final = (1.15, 1.9, 1.5, 2.3)
MOST_LINES: Final = 2000


@dataclass(frozen=True, slots=True, repr=False)
class HistoryLine:
    """One access, in words.

    :ivar way: how the record was entered, ``""`` when ordinarily; ``motive``: its reason, ``""`` when there is none.
    """

    at: datetime
    who: str
    role: str
    act: str
    way: str = ""
    motive: str = ""

    def __repr__(self) -> str:
        return "HistoryLine(…)"


@dataclass(frozen=True, slots=True, repr=False)
class HistoryPaper:
    """What the list says.

    :ivar source: where the lines come from, in one sentence; ``printed_by``: name of who printed it.
    """

    structure: StructureSettings
    traits: Traits
    birth_place: str
    lines: Sequence[HistoryLine]
    source: str
    printed_by: str
    printed_at: datetime
    demonstration: bool = False

    def __repr__(self) -> str:
        return f"HistoryPaper({len(self.lines)} lines)"


def history(paper: HistoryPaper) -> bytes:
    """The PDF/A of the list, the latest access first; as many pages as it needs, two thousand lines at most."""
    register_fonts()
    lines = list(paper.lines[:MOST_LINES])
    placed: list[list[HistoryLine]] = [[]]
    head = Column(None, sheet.LEFT, sheet.TOP, sheet.WIDTH)
    _head(paper)(head)
    y = head.y
    for line in lines:
        probe = Column(None, sheet.LEFT, y, sheet.WIDTH)
        _line(line)(probe)
        if probe.y < _FOOT + 4 * MM and placed[-1]:
            placed.append([])
            probe = Column(None, sheet.LEFT, sheet.TOP - 14 * MM, sheet.WIDTH)
            _line(line)(probe)
        placed[-1].append(line)
        y = probe.y

    def draw(number: int, here: list[HistoryLine]) -> Callable[[Canvas], None]:
        def page(canvas: Canvas) -> None:
            column = Column(canvas, sheet.LEFT, sheet.TOP, sheet.WIDTH)
            if number == 1:
                _head(paper)(column)
            else:
                column.text(f"Accès au dossier de {plain(words.called(paper.traits))}", "small")
                column.y = sheet.TOP - 14 * MM
            for line in here:
                _line(line)(column)
            if not lines:
                column.text("Aucun accès.", "body")
            canvas.setStrokeColor(HAIR)
            canvas.setLineWidth(0.6)
            canvas.line(sheet.LEFT, _FOOT, sheet.LEFT + sheet.WIDTH, _FOOT)
            foot = Column(canvas, sheet.LEFT, _FOOT - 2 * MM, sheet.WIDTH)
            foot.text(
                f"Imprimé par {plain(paper.printed_by)} le {words.date_and_hour(paper.printed_at)} – "
                f"page {number} sur {len(placed)}",
                "small",
            )

        return page

    return pages(
        "Accès au dossier",
        A4,
        [draw(number, here) for number, here in enumerate(placed, 1)],
        dated=paper.printed_at,
        demonstration=paper.demonstration,
    )


def _head(paper: HistoryPaper) -> Callable[[Column], None]:
    def compose(column: Column) -> None:
        sheet.letterhead(paper.structure, ("Imprimé le", words.date_and_hour(paper.printed_at)))(column)
        column.space(12)
        column.text("Qui a consulté votre dossier", "title")
        column.space(3)
        column.text(plain(paper.source, 300), "body")
        column.space(8)
        column.panel(lambda inner: sheet.holder(inner, paper.traits, birth_place=paper.birth_place))
        column.space(10)
        _columns(column, ("Date et heure", "Qui", "Acte", "Manière et motif"), "label")
        column.space(2)
        column.rule()

    return compose


def _line(line: HistoryLine) -> Callable[[Column], None]:
    def compose(column: Column) -> None:
        column.space(4)
        why = " – ".join(
            part for part in (f"<b>{plain(line.way)}</b>" if line.way else "", plain(line.motive, 300)) if part
        )
        who = plain(line.who) + (f"<br/>{plain(line.role)}" if line.role else "")
        day = f"{words.local_day(line.at):%d/%m/%Y} {words.hour(line.at)}"
        _columns(column, (day, who, plain(line.act), why), "body")
        column.space(3)
        column.rule(0.3)

    return compose


def _columns(column: Column, cells: Sequence[str], style: str) -> None:
    def cell(markup: str) -> Callable[[Column], None]:
        return lambda inner: inner.text(markup, style)

    column.side_by_side(*((share, cell(markup)) for share, markup in zip(_SHARES, cells, strict=True)), gap=8)
