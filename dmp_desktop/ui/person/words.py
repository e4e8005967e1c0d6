"""« Fiche » in words: the state of a dossier and what it allows, a change of contact, the papers of an opening."""

from __future__ import annotations

from datetime import datetime

from dmp_desktop.domain.administration import PATIENT_REQUEST
from dmp_desktop.domain.dossier import DossierState, ExistenceAnswer
from dmp_desktop.domain.events import EventState, Opening
from dmp_desktop.domain.identity import Identity
from dmp_desktop.services.attention import Waiting
from dmp_desktop.services.papers import PaperKind
from dmp_desktop.services.person import PastOpening, PersonFile
from dmp_desktop.ui.identity_cells import dossier_cell, identity_cells, used_name
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.waiting_words import cause_of
from dmp_desktop.ui.widgets.banner import BannerContent

NOT_KEPT = "Lues au DMP à votre demande, jamais gardées sur ce poste. Sans cette lecture, rien ne s’y change."

_CHIPS = {
    DossierState.NONE: "info",
    DossierState.ACTIVE: "success",
    DossierState.CLOSED: "warning",
    DossierState.OPPOSED: "secret",
    DossierState.BLOCKED: "danger",
}
_MEANING = {
    DossierState.NONE: (
        "Cette personne n’a pas de dossier.",
        "Une ouverture se fait avec sa carte Vitale et son consentement.",
    ),
    DossierState.ACTIVE: ("Le dossier est actif.", "Il n’y a rien à ouvrir."),
    DossierState.CLOSED: (
        "Le dossier est fermé.",
        "Une réactivation se fait avec sa carte Vitale et un nouveau consentement.",
    ),
    DossierState.OPPOSED: (
        "La personne a dit au DMP qu’elle ne veut pas de dossier.",
        "Rien n’est créé, rien n’est demandé. Elle seule peut revenir sur son choix.",
    ),
    DossierState.BLOCKED: (
        "La personne vous a bloqué l’accès à son dossier.",
        "Rien n’est lu, rien n’est créé. Elle peut changer d’avis depuis Mon espace santé.",
    ),
}


def banner_of(identity: Identity, known: ExistenceAnswer | None, age: int | None) -> BannerContent:
    """Who the page is about; no clinical cell for anybody."""
    traits = identity.traits
    cells = identity_cells(traits, age, identity.status, identity.attributes)
    return BannerContent(texts.full_name(traits), used_name(traits), cells, dossier_cell(known))


def chip_of(file: PersonFile) -> tuple[str, str, str]:
    """State, icon and words of the dossier's chip."""
    if file.opening is not None:
        return "info", "clock", "Ouverture en attente"
    if file.existence is None:
        return "info", "help", "Pas encore demandé"
    icon, words = texts.STATE_CHIP[file.existence.state]
    return _CHIPS[file.existence.state], icon, words


def meaning_of(file: PersonFile) -> tuple[str, str]:
    """What the state means, and what may be done next."""
    known, waiting = file.existence, file.opening
    if waiting is not None:
        payload = waiting.event.payload
        again = isinstance(payload, Opening) and payload.reactivation
        what = "Une réactivation est en route." if again else "Une ouverture est en route."
        return what, cause_of(waiting)
    if known is None:
        return "Le DMP n’a pas encore dit si cette personne a un dossier.", "Demandez-le-lui, ou lisez sa carte Vitale."
    what, then = _MEANING[known.state]
    if known.state is DossierState.CLOSED:
        day = f"Le dossier est fermé depuis le {texts.plain_day(known.closed_on)}." if known.closed_on else what
        return f"{day}{_why_closed(known)}", then
    if known.state is DossierState.ACTIVE and known.attached_to_mes:
        return what, "La personne le gère depuis Mon espace santé."
    return what, then


def _why_closed(known: ExistenceAnswer) -> str:
    if PATIENT_REQUEST in {known.close_code, known.close_reason}:
        return " La personne l’avait demandé."
    return f" Motif donné par le DMP\u00a0: «\u00a0{known.close_reason}\u00a0»." if known.close_reason else ""


def asked_of(known: ExistenceAnswer | None) -> str:
    """Since when this is known."""
    return f"Selon le DMP, le {moment(known.answered_at)}." if known is not None else ""


def moment(at: datetime) -> str:
    """``14 avr. 2026 à 09:13``."""
    return f"{texts.day(at)} à {texts.hour(at)}"


def invites(file: PersonFile | None) -> str:
    """What F2 begins for this person; ``""`` when there is nothing to open."""
    if file is None or file.opening is not None:
        return ""
    if file.existence is None or file.existence.state is DossierState.NONE:
        return "Ouvrir un dossier"
    return "Réactiver le dossier" if file.existence.state is DossierState.CLOSED else ""


def outcome_of(row: Waiting) -> tuple[str, str, str]:
    """State, strong words and rest for the strip of a change of contact."""
    event = row.event
    match event.state:
        case EventState.CONFIRMED:
            at = f" à {texts.hour(event.answered_at)}" if event.answered_at else ""
            return "success", f"Changement confirmé par le DMP{at}.", ""
        case EventState.REFUSED:
            return "danger", "Le changement n’a pas été fait.", cause_of(row)
        case EventState.HELD | EventState.STUCK:
            return "warning", "Le changement attend une décision.", cause_of(row)
        case EventState.SENDING:
            return "info", "Le changement part au DMP.", ""
        case _:
            return (
                "offline",
                "Le changement est écrit ici, pas encore au DMP.",
                "Il part de lui-même, dès que le DMP répond.",
            )


def opening_line(past: PastOpening) -> str:
    """An opening of this post: what, when, its reference."""
    payload, at = past.act.event.payload, past.act.event.answered_at or past.act.event.created_at
    again = isinstance(payload, Opening) and payload.reactivation
    reference = f", référence {payload.reference}" if isinstance(payload, Opening) else ""
    return f"{'Réactivation confirmée' if again else 'Ouverture confirmée'} le {moment(at)}{reference}."


def prints_line(past: PastOpening) -> str:
    """What was printed of it."""
    if not past.prints:
        return "Aucun papier imprimé."
    told = [f"{texts.PAPER[PaperKind(one.kind)]} le {moment(one.at)}" for one in past.prints]
    return "\u202f; ".join(told) + "."
