"""Attestation of the opening, or of the reactivation, of a dossier: one A4 page the person keeps.

Content: information duty of decree 2016-914 (purposes, access, closure, destruction), EX_1.1-1010 (consent as stored),
EX_1.1-1050 (Centre 15, bris de glace), EX_0.3-1010 (authorised professionals). It names no clinical fact, and the INS
matricule only when asked.
"""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from dmp_desktop.domain.dossier import Representative, RepresentativeQuality
from dmp_desktop.printing import sheet, words
from dmp_desktop.printing.layout import A4, MM, Column, fit, page, plain
from dmp_desktop.printing.papers import OpeningPaper

_RIGHTS_LEFT = (
    "Ce dossier est gratuit et n’est pas obligatoire. Il est sans effet sur vos remboursements.",
    "Vous choisissez les professionnels qui le consultent, et vous pouvez en bloquer.",
    "Vous pouvez masquer ou supprimer des documents.",
)
_RIGHTS_RIGHT = (
    "Vous voyez chaque accès et son motif, et un message peut vous en avertir.",
    "À tout moment, vous changez ces choix, fermez le dossier ou demandez sa destruction.",
    "Les assureurs, mutuelles, employeurs et banques n’y ont pas accès.",
)


def attestation(paper: OpeningPaper) -> bytes:
    """The PDF/A of the attestation: always one A4 page, the same bytes for the same paper."""
    opening = paper.opening
    kind = "de réactivation" if opening.reactivation else "d’ouverture"

    def identity(column: Column) -> None:
        sheet.holder(column, paper.traits, birth_place=paper.birth_place, matricule=paper.matricule)
        sheet.received_by(column, "Réalisée par", paper.author, paper.role, paper.responsible)

    def compose(column: Column) -> None:
        sheet.letterhead(
            paper.structure, ("Référence", opening.reference), ("Confirmée le", words.date_and_hour(paper.confirmed_at))
        )(column)
        column.space(12)
        column.text(f"Attestation {kind} d’un Dossier Médical Partagé", "title")
        column.space(5)
        act = "Réactivation confirmée" if opening.reactivation else "Ouverture confirmée"
        column.text(f"{act} par le DMP le {words.date_and_hour(paper.confirmed_at)} (heure de Paris).", "subtitle")
        column.space(8)
        column.panel(identity)
        column.heading("Consentement")
        for sentence in _consent(paper):
            column.text(sentence)
            column.space(2)
        column.heading("Choix exprimés")
        _choices(column, paper)
        column.heading("Vos droits")
        column.side_by_side(
            (1.0, lambda part: part.bullets(_RIGHTS_LEFT)), (1.0, lambda part: part.bullets(_RIGHTS_RIGHT))
        )
        column.heading("Vous connecter")
        column.text(
            "Sur <b>monespacesante.fr</b> ou dans l’application Mon espace santé, avec un code à usage unique reçu sur "
            "votre téléphone ou par courriel. Aide gratuite par téléphone : <b>3422</b>."
        )
        column.heading("Vos données")
        column.text(
            f"Pour exercer vos droits sur vos données : {plain(paper.structure.name) or 'la structure'}, à l’adresse "
            "en tête de page, ou Mon espace santé (3422). Réclamation possible auprès de la CNIL, cnil.fr."
        )

    def foot(column: Column) -> None:
        town = words.place(paper.structure)
        made = f"Fait à {plain(town, 60)}, le " if town else "Fait le "
        column.text("Conservez ce document.", "heading")
        column.space(2)
        column.text(f"{made}{words.long_date(paper.confirmed_at)}.")
        column.space(2)
        column.text(
            f"Imprimé le {words.date_and_hour(paper.printed_at)}. Le code ci-contre ne contient que la référence "
            f"{plain(opening.reference, 40)}.",
            "small",
        )

    def draw(canvas: Canvas) -> None:
        fit(canvas, compose, left=sheet.LEFT, top=sheet.TOP, width=sheet.WIDTH, bottom=sheet.FOOT + 4 * MM)
        sheet.foot(canvas, opening.reference, foot)

    return page(
        f"Attestation {kind} {opening.reference}",
        A4,
        draw,
        dated=paper.printed_at,
        demonstration=paper.demonstration,
    )


def _consent(paper: OpeningPaper) -> list[str]:
    """Who consented to what, and when; the sentence never says « ce jour » of another day."""
    opening, traits = paper.opening, paper.traits
    given = opening.consent.given_at
    same_day = words.local_day(given) == words.local_day(paper.confirmed_at)
    when = "ce jour" if same_day else f"le {words.long_date(given)}"
    act = "sa réactivation" if opening.reactivation else "son ouverture"
    purposes = "des finalités du dossier, de ses modalités d’accès, de clôture et de destruction"
    person = f"<b>{plain(words.called(traits))}</b>"
    if opening.representative is None:
        sentences = [f"{person}, {words.informed(traits)} {purposes}, a consenti {when} à {act}."]
    else:
        sentences = _represented(opening.representative, person, purposes, f"{when} à {act}")
    if words.is_minor(traits.birth_date, given):
        sentences.append("L’avis de la personne mineure est recherché selon sa maturité.")
    version = plain(opening.consent.text_version, 20)
    sentences.append(f"Recueilli le {words.date_and_hour(given)}, après information (texte {version}).")
    return sentences


def _represented(representative: Representative, person: str, purposes: str, what: str) -> list[str]:
    quality = words.QUALITY[representative.quality]
    name = plain(f"{representative.family} {representative.given}")
    informed = words.representative_informed(representative)
    if representative.quality is RepresentativeQuality.CURATOR:
        first = f"{person}, avec l’assistance de <b>{name}</b> ({quality}), {informed} {purposes}, a consenti {what}."
    else:
        first = f"<b>{name}</b> ({quality}), {informed} {purposes}, a consenti {what}, pour {person}."
    return [
        first,
        f"Consentement du représentant légal recueilli préalablement, sur présentation de son document d’identité : "
        f"{words.PROOF[representative.proof]}.",
    ]


def _choices(column: Column, paper: OpeningPaper) -> None:
    consent = paper.opening.consent
    if consent.centre_15:
        column.tick(True, "<b>Centre 15 : oui.</b> Le médecin du Samu peut consulter le dossier lors d’un appel.")
    else:
        column.tick(False, "<b>Centre 15 : non.</b> Le médecin du Samu ne consulte pas le dossier lors d’un appel.")
    if consent.break_glass:
        column.tick(True, "<b>Bris de glace : oui.</b> Un professionnel peut consulter en cas de risque immédiat.")
    else:
        column.tick(False, "<b>Bris de glace : non.</b> Même en urgence, l’accord de la personne est nécessaire.")
    column.text(f"<b>Professionnels autorisés :</b> {plain(words.access(paper.opening.access, paper.author))}.")
