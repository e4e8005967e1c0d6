"""What the A4 papers share: margins, letterhead, identity of the holder, foot with the QR code of the reference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from dmp_desktop.config import StructureSettings
from dmp_desktop.domain.events import Author
from dmp_desktop.domain.identity import Traits
from dmp_desktop.printing import words
from dmp_desktop.printing.layout import A4, HAIR, MM, Column, fit, plain, qr

LEFT: Final = 20 * MM
WIDTH: Final = A4[0] - 40 * MM
TOP: Final = A4[1] - 15 * MM
FOOT: Final = 38 * MM
_BOTTOM: Final = 12 * MM
_QR: Final = 25 * MM
_ADDRESS_LINES: Final = 6
_PER_ROW: Final = 3


def letterhead(structure: StructureSettings, *right: tuple[str, str]) -> Callable[[Column], None]:
    """The structure at left; at right, small labels over values."""

    def sender(column: Column) -> None:
        column.text(plain(structure.name), "strong")
        for line in structure.address[:_ADDRESS_LINES]:
            column.text(plain(line, 80))
        label, number = words.structure_identifier(structure)
        if number:
            column.space(1)
            column.text(f"{label} : {plain(number, 40)}", "small")

    def about(column: Column) -> None:
        for label, value in right:
            column.text(label, "label")
            column.text(plain(value), "strong")
            column.space(3)

    return lambda column: column.side_by_side((1.75, sender), (1.0, about))


def holder(column: Column, traits: Traits, *, birth_place: str, matricule: str = "", provisional: bool = False) -> None:
    """The traits, birth name first; what is not known says so.

    :param provisional: traits of the card only, before INSi answered: the sex and the place are not asked of a card.
    """
    born_at = birth_place or (f"Code INSEE {traits.birth_place}" if traits.birth_place else "Non communiqué")
    rows = [
        [
            ("Nom de naissance", traits.birth_name),
            ("Prénoms de naissance", words.given_names(traits)),
            ("Nom utilisé", " ".join(p for p in (traits.used_name, traits.used_given_name) if p)),
        ],
        [("Date de naissance", traits.birth_date.text or "Non communiquée")],
    ]
    if provisional:
        rows[1].append(("Identité", "Lue sur la carte Vitale"))
    else:
        rows[1] += [("Lieu de naissance", born_at), ("Sexe", words.SEX[traits.sex])]
    if matricule:
        rows.append([("Matricule INS", words.grouped(matricule))])
    column.facts(rows, per_row=_PER_ROW)


def received_by(column: Column, label: str, author: Author, role: str, responsible: str) -> None:
    """Who received the person: name, profession and RPPS, or name, function and who answers for them."""
    number = words.rpps(author)
    facts = [(label, author.display_name)]
    if role:
        facts.append(("Profession" if number else "Fonction", role[:1].upper() + role[1:]))
    if number:
        facts.append(("N° RPPS", number))
    if responsible:
        facts.append(("Sous la responsabilité de", responsible))
    column.space(7)
    column.rule()
    column.space(6)
    rows = [facts[start : start + _PER_ROW] for start in range(0, len(facts), _PER_ROW)]
    column.facts(rows, per_row=_PER_ROW)


def foot(canvas: Canvas, reference: str, compose: Callable[[Column], None]) -> None:
    """The foot of the page: a rule, the text of ``compose``, the QR code that holds the reference and nothing else."""
    canvas.setStrokeColor(HAIR)
    canvas.setLineWidth(0.6)
    canvas.line(LEFT, FOOT, LEFT + WIDTH, FOOT)
    room = WIDTH
    if reference:
        room -= _QR + 4 * MM
        # The quiet zone of the code is inside its square: its ink lines up with the right margin.
        qr(canvas, reference, LEFT + WIDTH - _QR + 2.4 * MM, FOOT - _QR - 0.5 * MM, _QR)
    fit(canvas, compose, left=LEFT, top=FOOT - 2.5 * MM, width=room, bottom=_BOTTOM)
