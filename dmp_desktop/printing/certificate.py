"""Certificate of an emptied copy: what was erased from this post, in numbers, for whoever must account for it.

It names no patient: it says how many, when, where and by whom (CNIL 2020-081: what is not needed any more is erased).
"""

from __future__ import annotations

from typing import Final

from reportlab.pdfgen.canvas import Canvas

from dmp_desktop.printing import sheet, words
from dmp_desktop.printing.layout import A4, MM, Column, fit, page, plain
from dmp_desktop.printing.papers import CertificatePaper

TITLE: Final = "Certificat d’effacement de la copie locale"
_OVERWRITTEN: Final = "Les pages libérées du fichier, réécrites, et son journal d’écriture, vidé."
_LATER: Final = "Les pages libérées seront réécrites à la prochaine ouverture\u00a0: elles étaient occupées."
_KIB: Final = 1024


def certificate(paper: CertificatePaper) -> bytes:
    """The PDF/A of the certificate: one A4 page."""

    def counts(column: Column) -> None:
        column.facts(
            [
                [
                    ("Dossiers effacés", _number(paper.records)),
                    ("Documents effacés", _number(paper.documents)),
                    ("Volume effacé", _volume(paper.size)),
                ]
            ],
            per_row=3,
        )
        sheet.received_by(column, "Effacement demandé par", paper.author, "", "")

    def compose(column: Column) -> None:
        sheet.letterhead(
            paper.structure,
            ("Poste", paper.structure.post),
            ("Effacé le", words.date_and_hour(paper.emptied_at)),
        )(column)
        column.space(12)
        column.text("Certificat d’effacement", "title")
        column.space(3)
        column.text("Copie locale des documents – Dossier Médical Partagé (DMP)", "subtitle")
        column.space(10)
        column.panel(counts)
        column.heading("Ce qui a été effacé")
        column.bullets(
            [
                "Les descriptions des documents, leurs textes, leur index de recherche et les marques de lecture.",
                "Les contenus des documents, et les clés qui les déchiffraient.",
                _OVERWRITTEN if paper.overwritten else _LATER,
            ]
        )
        column.heading("Ce qui reste")
        column.bullets(
            [
                _drafts(paper.drafts),
                "Les dossiers eux-mêmes, au DMP\u00a0: les effacer d’ici n’y change rien.",
                "Les identités et le journal des gestes de ce poste, qui ne contiennent aucun document.",
                "Les sauvegardes faites avant cette date, qui gardent la copie d’alors, chiffrée.",
            ]
        )

    def foot(column: Column) -> None:
        column.text("Ce certificat ne contient ni nom de patient, ni titre de document.", "heading")
        column.space(3)
        column.text(f"Imprimé le {words.date_and_hour(paper.printed_at)}, heure de Paris.", "small")

    def draw(canvas: Canvas) -> None:
        fit(canvas, compose, left=sheet.LEFT, top=sheet.TOP, width=sheet.WIDTH, bottom=sheet.FOOT + 4 * MM)
        sheet.foot(canvas, "", foot)

    return page(TITLE, A4, draw, dated=paper.printed_at, demonstration=paper.demonstration)


def _number(count: int) -> str:
    return f"{count:,}".replace(",", words.NBSP)


def _volume(size: int) -> str:
    if size < _KIB * _KIB:
        return f"{_number(-(-size // _KIB))}{words.NBSP}Kio"
    return f"{size / _KIB / _KIB:.1f}".replace(".", ",") + f"{words.NBSP}Mio"


def _drafts(count: int) -> str:
    if count == 0:
        return "Aucun document en préparation ou en attente d’envoi n’était gardé ici."
    if count == 1:
        return "Un document en préparation ou en attente d’envoi\u00a0: il n’est pas encore au DMP."
    return plain(f"{count} documents en préparation ou en attente d’envoi\u00a0: ils ne sont pas encore au DMP.")
