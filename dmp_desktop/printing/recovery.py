"""The page to lock away: the code that opens a post when nothing else does. Printed once, kept nowhere else.

It names nobody: whoever finds it must not learn from it whose computer it opens.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.printing import sheet, words
from dmp_desktop.printing.layout import A4, MM, Column, fit, page, plain

TITLE: Final = "Page de secours"
_PER_LINE: Final = 4


@dataclass(frozen=True, slots=True)
class RecoveryPaper:
    """What the page says.

    :ivar reference: tells this post's vault from another's; ``printed_at``: aware.
    """

    code: Secret = field(repr=False)
    reference: str
    printed_at: datetime
    demonstration: bool = False


def recovery(paper: RecoveryPaper) -> bytes:
    """The PDF/A of the page."""
    groups = paper.code.reveal().split("-")
    lines = [groups[start : start + _PER_LINE] for start in range(0, len(groups), _PER_LINE)]

    def compose(column: Column) -> None:
        column.text("Page de secours du poste", "large-title")
        column.space(6)
        column.text("À garder sous clé, hors de l’ordinateur. Ne la photographiez pas, ne la copiez pas.", "large")
        column.space(20)
        column.facts(
            [[("Référence du coffre", paper.reference), ("Imprimée le", words.long_date(paper.printed_at))]],
            per_row=2,
        )
        column.space(20)
        column.panel(lambda inside: _code(inside, lines))
        column.space(20)
        column.text("À quoi elle sert", "large-heading")
        column.space(4)
        column.bullets(
            [
                "La phrase de passe est oubliée\u00a0: au démarrage, choisissez «\u00a0Page de secours\u00a0».",
                "Aucune carte n’ouvre plus la copie des documents\u00a0: tapez ce code quand le programme le demande.",
                "Les caractères se ressemblent\u202f? Il n’y a ni O, ni I, ni L, ni U\u00a0: ce sont 0 et 1.",
            ],
            "large",
            indent=14,
            gap=4,
        )
        column.space(14)
        column.text("Ce qu’il faut savoir", "large-heading")
        column.space(4)
        column.bullets(
            [
                "Qui la détient, avec l’ordinateur, lit les documents gardés sur ce poste.",
                "Perdue, ou vue par un autre\u00a0: une nouvelle, imprimée dans Réglages, la rend sans effet.",
                "Les dossiers eux-mêmes restent au DMP, avec ou sans cette page.",
            ],
            "large",
            indent=14,
            gap=4,
        )

    def draw(canvas: Canvas) -> None:
        fit(canvas, compose, left=sheet.LEFT, top=sheet.TOP, width=sheet.WIDTH, bottom=18 * MM)

    # No reference in the metadata either: a file saved by mistake tells less.
    return page(TITLE, A4, draw, dated=paper.printed_at, demonstration=paper.demonstration)


def _code(column: Column, lines: list[list[str]]) -> None:
    column.text("Code", "label")
    column.space(4)
    for line in lines:
        column.text("\u00a0\u00a0\u00a0".join(plain(group, 8) for group in line), "large-title")
        column.space(4)
