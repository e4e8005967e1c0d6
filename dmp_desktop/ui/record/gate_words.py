"""Words of the way into a record. Typography: see :mod:`dmp_desktop.ui.opening.texts`."""

from __future__ import annotations

from typing import Final

from dmp_desktop.domain.dossier import Authorisation
from dmp_desktop.services.gate import AccessGate, GateReason, GateState
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.sentences import sentence, sentence_of

REASONS: Final[tuple[tuple[GateReason, str, str], ...]] = (
    (GateReason.CARE, "Je prends en charge cette personne", "Elle est là, ou elle m’a choisi pour la suivre."),
    (GateReason.TEAM, "Je fais partie de son équipe de soins", "Je la suis avec d’autres soignants."),
    (GateReason.ADVICE, "On me demande un avis", "Un confrère me l’adresse, avec son accord."),
)

CONNECTIONS: Final[tuple[tuple[bool, str, str], ...]] = (
    (
        False,
        "Connexion ordinaire",
        "Les représentants légaux voient cet accès et ce que vous déposez.",
    ),
    (
        True,
        "Connexion secrète, demandée par le mineur",
        "Les représentants légaux n’en voient rien. Ce que vous déposez leur reste invisible. Rien n’est gardé sur ce"
        " poste.",
    ),
)

AGREEMENT_NOTE: Final = "Recueilli par vous, ou par qui vous demande un avis."
TREATING_NOTE: Final = "Le DMP l’enregistre avec l’autorisation\u00a0; la personne le voit."
MISSING: Final = {
    "gate-reason": "Choisissez d’abord le motif.",
    "gate-agreement": "Cochez d’abord l’accord\nde la personne.",
}


def agreement(person: str) -> str:
    """What is ticked."""
    return f"{texts.sentence_start(person)} accepte que je consulte son dossier."


def treating(person: str) -> str:
    """What may be ticked."""
    return f"Je suis le médecin traitant {texts.of(person)}."


def consequences(person: str) -> tuple[tuple[str, str], ...]:
    """What is said before the gesture."""
    return (
        (
            "Ce que voit la personne",
            f"{texts.sentence_start(person)} est informée de votre premier accès, et le retrouve"
            " dans l’historique de son dossier.",
        ),
        ("Ce qui part au DMP", "Votre autorisation, à votre nom. La liste des documents n’est demandée qu’ensuite."),
        (
            "Ensuite",
            "L’autorisation dure tant que la personne ne la retire pas\u00a0; vous pouvez y renoncer vous-même.",
        ),
    )


def title(gate: AccessGate, person: str) -> tuple[str, str]:
    """Title of the screen and the line under it."""
    match gate.state:
        case GateState.ASKING:
            return "Accès au dossier", "Existence et autorisation d’abord\u00a0: la liste des documents attend."
        case GateState.CHOOSING:
            return "Une personne mineure", "Elle peut demander le secret à l’égard de ses représentants légaux."
        case GateState.GESTURE:
            expired = gate.existence is not None and gate.existence.authorisation is Authorisation.EXPIRED
            said = "Votre autorisation a expiré" if expired else "Première consultation de ce dossier"
            return said, "Rien n’a encore été lu de ce dossier."
        case GateState.AUTHORISING:
            return "Votre autorisation part au DMP", "Le dossier s’ouvre dès qu’elle est confirmée."
        case GateState.AWAITING:
            return "L’autorisation attend le DMP", "Elle est gardée sur ce poste et partira d’elle-même."
        case GateState.UNREACHABLE:
            return "Le dossier n’est pas sur ce poste", "Et le DMP ne répond pas."
        case GateState.NO_DOSSIER:
            return "Cette personne n’a pas de dossier", ""
        case GateState.CLOSED:
            return "Ce dossier est fermé", ""
        case GateState.OPPOSED:
            return "La personne s’est opposée au dossier", ""
        case GateState.BLOCKED:
            return "Votre accès à ce dossier est bloqué", ""
        case GateState.FORBIDDEN:
            return "Votre profession ne lit pas ce dossier", ""
        case _:
            return "Le DMP a refusé l’autorisation", ""


def strip(gate: AccessGate, person: str) -> tuple[str, str, str]:
    """State, bold sentence, and what follows."""
    match gate.state:
        case GateState.AWAITING:
            return "offline", "Rien n’est perdu.", "Tant que le DMP n’a pas confirmé, aucun document n’est demandé."
        case GateState.UNREACHABLE:
            what = sentence(gate.fault).what if gate.fault else ""
            return "offline", "Pas de copie sur ce poste, et le DMP ne répond pas.", what
        case GateState.NO_DOSSIER:
            return "info", f"{texts.sentence_start(person)} n’a pas de DMP.", "Vous pouvez l’ouvrir avec son accord."
        case GateState.CLOSED:
            known = gate.existence
            day = f"le {texts.plain_day(known.closed_on)}" if known and known.closed_on else "à une date non renseignée"
            return "info", f"Fermé {day}.", known.close_reason if known else ""
        case GateState.OPPOSED:
            return "info", f"{texts.sentence_start(person)} ne veut pas de DMP.", "Ce choix lui appartient."
        case GateState.BLOCKED:
            return "warning", "La personne a bloqué votre accès.", "La copie gardée sur ce poste a été effacée."
        case GateState.FORBIDDEN:
            profession = gate.professional.profession_label or gate.professional.practice
            return "info", f"{profession}\u00a0: la liste des documents n’est pas ouverte.", ""
        case _:
            text = gate.event.cause_text if gate.event else ""
            return "danger", "Rien n’a été lu de ce dossier.", f"«\u00a0{text}\u00a0»" if text else ""


def explained(gate: AccessGate, person: str) -> tuple[tuple[str, str], ...]:
    """What it means, and what remains possible."""
    match gate.state:
        case GateState.AWAITING:
            return (("Ce qui reste possible", "Déposer un document. Réessayer dans un instant."),)
        case GateState.UNREACHABLE:
            return (("Ce qui reste possible", "Réessayer avec F5. Les actes faits ici attendent et partiront."),)
        case GateState.NO_DOSSIER:
            return (("Ce qui reste possible", "Ouvrir son dossier, en sa présence et avec son consentement."),)
        case GateState.CLOSED:
            return (
                ("Effet sur le dossier", "Les documents sont conservés dix ans après la fermeture, sans accès."),
                ("Ce qui reste possible", "Le réactiver, si la personne le demande."),
            )
        case GateState.OPPOSED:
            return (("Ce qui reste possible", "Rien au DMP. La personne peut changer d’avis à tout moment."),)
        case GateState.BLOCKED:
            return (("Ce qui reste possible", "En parler avec la personne\u00a0: elle seule peut lever ce blocage."),)
        case GateState.FORBIDDEN:
            return (("Ce qui reste possible", "Déposer un document dans ce dossier."),)
        case _:
            return (("Ce qui reste possible", "Déposer un document. Demander à nouveau avec F5."),)


def cause(gate: AccessGate) -> str:
    """Code of the cause told by the store, ``""`` when there is none."""
    known = gate.event.cause if gate.event and gate.state in (GateState.REFUSED, GateState.AWAITING) else ""
    return known if known and sentence_of(known).what else ""
