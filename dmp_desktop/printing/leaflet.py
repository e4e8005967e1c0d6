"""The information in large print: 16 points, plain words, one A4 page."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from dmp_desktop.printing import sheet, words
from dmp_desktop.printing.layout import A4, MM, Column, fit, page, plain
from dmp_desktop.printing.papers import LeafletPaper
from dmp_desktop.printing.texts import information


def leaflet(paper: LeafletPaper) -> bytes:
    """The PDF/A of the leaflet.

    :raises dmp_desktop.printing.texts.TextMissing: unknown version.
    """
    text = information(paper.text_version)

    def compose(column: Column) -> None:
        column.text(plain(text.title), "large-title")
        column.space(2)
        column.text(plain(text.lead), "large")
        for section in text.sections:
            column.space(13)
            column.text(plain(section.heading), "large-heading")
            column.space(2)
            if len(section.lines) == 1:
                column.text(plain(section.lines[0], 300), "large")
            else:
                column.bullets([plain(line, 300) for line in section.lines], "large", indent=14)

    def foot(column: Column) -> None:
        column.text(
            f"{plain(paper.structure.name)} – texte {plain(text.version, 20)}, "
            f"imprimé le {words.long_date(paper.printed_at)}",
            "small",
        )

    def draw(canvas: Canvas) -> None:
        fit(canvas, compose, left=sheet.LEFT, top=sheet.TOP, width=sheet.WIDTH, bottom=18 * MM)
        fit(canvas, foot, left=sheet.LEFT, top=15 * MM, width=sheet.WIDTH, bottom=6 * MM)

    return page(
        f"Information en gros caractères {text.version}",
        A4,
        draw,
        dated=paper.printed_at,
        demonstration=paper.demonstration,
    )
