"""Provisional receipt: the opening waits, nothing is confirmed, and the paper says so before anything else."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from dmp_desktop.printing import sheet, words
from dmp_desktop.printing.layout import A4, MM, Column, fit, page, plain
from dmp_desktop.printing.papers import ReceiptPaper


def receipt(paper: ReceiptPaper) -> bytes:
    """The PDF/A of the receipt: one A4 page that never claims a dossier exists."""
    opening = paper.opening
    what, the_act = ("Réactivation", "la réactivation") if opening.reactivation else ("Ouverture", "l’ouverture")
    version = plain(opening.consent.text_version, 20)

    def status(column: Column) -> None:
        column.text("Ce papier n’est pas une attestation.", "heading")
        column.space(3)
        because = f" : {plain(paper.reason)}" if paper.reason else ""
        column.text(
            f"Le DMP n’a pas encore confirmé{because}. Tant qu’il ne l’a pas fait, ce papier ne prouve pas que le "
            "dossier existe. La demande ci-dessous est en attente."
        )

    def identity(column: Column) -> None:
        sheet.holder(column, paper.traits, birth_place=paper.birth_place, provisional=opening.ins is None)
        sheet.received_by(column, "Demande reçue par", paper.author, paper.role, paper.responsible)

    def compose(column: Column) -> None:
        sheet.letterhead(
            paper.structure,
            ("Référence de la demande", opening.reference),
            ("Enregistrée le", words.date_and_hour(paper.captured_at)),
        )(column)
        column.space(12)
        column.text("Récépissé provisoire", "title")
        column.space(3)
        column.text(f"{what} en attente de confirmation – Dossier Médical Partagé (DMP)", "subtitle")
        column.space(10)
        column.panel(status)
        column.heading("La demande")
        column.panel(identity)
        column.heading("Consentement")
        column.text(_consent(paper, the_act))
        column.space(2)
        column.text(
            f"Recueilli le {words.date_and_hour(opening.consent.given_at)} (heure de Paris), après information "
            f"(texte {version})."
        )
        column.heading("Et maintenant")
        column.bullets(_next_steps(paper, the_act))

    def foot(column: Column) -> None:
        column.text("Gardez ce récépissé jusqu’à la remise de l’attestation.", "heading")
        column.space(3)
        column.text(
            f"Imprimé le {words.date_and_hour(paper.printed_at)}. Le code ci-contre ne contient que la référence "
            f"{plain(opening.reference, 40)}.",
            "small",
        )

    def draw(canvas: Canvas) -> None:
        fit(canvas, compose, left=sheet.LEFT, top=sheet.TOP, width=sheet.WIDTH, bottom=sheet.FOOT + 4 * MM)
        sheet.foot(canvas, opening.reference, foot)

    return page(
        f"Récépissé provisoire {opening.reference}",
        A4,
        draw,
        dated=paper.printed_at,
        demonstration=paper.demonstration,
    )


def _consent(paper: ReceiptPaper, the_act: str) -> str:
    person = f"<b>{plain(words.called(paper.traits))}</b>"
    representative = paper.opening.representative
    if representative is None:
        return f"{person} a consenti à {the_act} de son dossier."
    name = plain(f"{representative.family} {representative.given}")
    return (
        f"<b>{name}</b> ({words.QUALITY[representative.quality]}) a consenti à {the_act} du dossier de {person}. "
        f"Document présenté : {words.PROOF[representative.proof]}."
    )


def _next_steps(paper: ReceiptPaper, the_act: str) -> list[str]:
    steps = ["Vous n’avez rien à faire : la demande est gardée, chiffrée, et transmise dès que possible."]
    if paper.opening.ins is None:
        steps.append(
            "Votre identité est d’abord vérifiée auprès de l’Assurance Maladie. Si un point diffère, nous vous "
            "demandons un document avant tout envoi."
        )
    steps += [
        "Le DMP peut accepter, refuser, ou répondre qu’un dossier existe déjà : nous vous le dirons.",
        f"Après confirmation de {the_act}, nous vous remettons l’attestation et l’autocollant pour la carte.",
        "Vous pouvez changer d’avis : dites-le à l’accueil. Un refus est sans effet sur vos soins et remboursements.",
        "Une question sur Mon espace santé : <b>3422</b> ou <b>monespacesante.fr</b>.",
    ]
    return steps
