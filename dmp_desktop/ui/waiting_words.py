"""« À traiter » in words: what was done, where it stands, why, since when; the two versions of a conflict.

Nothing of a person's health: the title of a document stands only where its author is signed in and the copy is open.
"""

from __future__ import annotations

from datetime import datetime

from dmp_desktop.cache.outbox import HELD_BY_AUTHOR
from dmp_desktop.domain.acts import ContactChange, Deposit, StatusChange, VisibilityChange
from dmp_desktop.domain.clock import PARIS
from dmp_desktop.domain.conflicts import Found
from dmp_desktop.domain.document import DocumentStatus, Visibility
from dmp_desktop.domain.dossier import Contact
from dmp_desktop.domain.events import AuthorisationAct, AuthorisationChange, Event, EventState, Opening
from dmp_desktop.services.attention import NextStep, Turn, Waiting
from dmp_desktop.sync.policy import LAST_ATTEMPT
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.sentences import sentence_of

GROUPS = {
    Turn.PERSON: "À faire par vous",
    Turn.PROGRAM: "Le programme s’en occupe",
    Turn.NOBODY: "Confirmé aujourd’hui",
}

STEPS = {
    NextStep.RETRY: "Essayer maintenant",
    NextStep.RELEASE: "Relâcher",
    NextStep.DECIDE: "Décider l’identité",
    NextStep.CHOOSE: "Choisir la valeur",
    NextStep.ACKNOWLEDGE: "J’en ai pris note",
    NextStep.PRINT: "Imprimer",
}


def state_of(row: Waiting, now: datetime) -> tuple[str, str, str]:
    """Icon, words and colour of where an act stands."""
    event = row.event
    if event.state is EventState.HELD and event.cause == HELD_BY_AUTHOR:
        return "pause", "Retenu" if row.other_author else "Retenu par vous", "text-2"
    if row.other_author and event.state in {EventState.WAITING, EventState.SENDING}:
        return "card-pro", "Carte attendue", "warning"
    match event.state:
        case EventState.REFUSED if event.cause == "given-up":
            return "x", "Abandonné", "text-2"
        case EventState.REFUSED:
            return "danger", "Refusé par le DMP", "danger"
        case EventState.HELD:
            return "warning", "Décision attendue", "warning"
        case EventState.STUCK:
            return "warning", "À reprendre", "warning"
        case EventState.CONFIRMED if row.step is NextStep.PRINT:
            return "printer", "À imprimer", "warning"
        case EventState.CONFIRMED:
            at = event.answered_at or event.created_at
            return "success", f"Confirmé à {texts.hour(at)}", "success"
        case EventState.SENDING:
            return "send", "En cours d’envoi", "info"
        case _:
            if event.due_at is not None and event.due_at > now:
                return "clock", f"Nouvel essai à {texts.hour(event.due_at)}", "info"
            return "clock", "En attente", "info"


def kind_of(row: Waiting) -> str:
    """What was done."""
    payload = row.event.payload
    match payload:
        case Opening():
            return "Réactivation du dossier" if payload.reactivation else "Ouverture du dossier"
        case AuthorisationChange(act=AuthorisationAct.REMOVE):
            return "Retrait de l’autorisation"
        case AuthorisationChange():
            return "Autorisation d’accès"
        case Deposit():
            return row.title or "Dépôt d’un document"
        case VisibilityChange():
            return _visibility_change(payload)
        case StatusChange(wanted=DocumentStatus.DELETED):
            return "Suppression d’un document"
        case StatusChange(wanted=DocumentStatus.ARCHIVED):
            return "Archivage d’un document"
        case StatusChange():
            return "Retour d’un document archivé"
        case ContactChange():
            return "Coordonnées de la personne"


def _visibility_change(change: VisibilityChange) -> str:
    if change.wanted.from_professionals != change.before.from_professionals:
        return "Document à masquer" if change.wanted.from_professionals else "Document à démasquer"
    return "Document à rendre visible"


def cause_of(row: Waiting) -> str:
    """Why it stands there, in plain words."""
    event = row.event
    if row.other_author and event.state in {EventState.WAITING, EventState.SENDING}:
        return f"Au nom de {row.other_author}\u00a0: partira quand sa carte sera là."
    if row.other_author and event.cause == HELD_BY_AUTHOR:
        return f"Retenu par {row.other_author}."
    if event.state is EventState.CONFIRMED:
        reference = event.payload.reference if isinstance(event.payload, Opening) else ""
        if row.step is NextStep.PRINT:
            return f"Confirmée au DMP, jamais imprimée. Référence {reference}."
        return f"Référence {reference}." if reference else "Le DMP l’a enregistrée."
    if not event.cause:
        return "Partira à la prochaine occasion."
    words = sentence_of(event.cause).what
    if event.cause_text:
        words = f"{words} «\u00a0{event.cause_text}\u00a0»"
    return f"{words} Essai {event.attempts} sur {LAST_ATTEMPT}." if _tried(event) else words


def _tried(event: Event) -> bool:
    return event.state is EventState.WAITING and event.attempts > 0


def since_of(row: Waiting, now: datetime) -> str:
    """Since when: the hour today, the day before."""
    at = row.event.created_at.astimezone(PARIS)
    return f"{at:%H:%M}" if at.date() == now.astimezone(PARIS).date() else texts.day(row.event.created_at)


def versions_of(event: Event) -> tuple[str, str, str] | None:
    """The value the act was made on, the store's and ours, in words; ``None`` when there is no conflict."""
    payload, found = event.payload, event.found
    match payload:
        case ContactChange() if found is not None:
            return value_of(payload.base), value_of(found), value_of(payload.wanted)
        case VisibilityChange() | StatusChange() if found is not None:
            return value_of(payload.before), value_of(found), value_of(payload.wanted)
        case _:
            return None


def value_of(value: Found) -> str:
    """A contact, a visibility or a state in words."""
    match value:
        case Contact():
            mobile = " ".join(value.mobile[i : i + 2] for i in range(0, len(value.mobile), 2))
            return f"{mobile or 'aucun mobile'}, {value.email or 'aucun courriel'}"
        case Visibility():
            hidden = [
                words
                for words, held in (
                    ("masqué aux professionnels", value.from_professionals),
                    ("non visible du patient", value.from_patient),
                    ("non visible des représentants", value.from_representatives),
                )
                if held
            ]
            return ", ".join(hidden) or "visible de tous"
        case DocumentStatus():
            return _STATUS[value]


_STATUS = {
    DocumentStatus.APPROVED: "en vigueur",
    DocumentStatus.ARCHIVED: "archivé",
    DocumentStatus.DEPRECATED: "remplacé par une nouvelle version",
    DocumentStatus.DELETED: "supprimé",
}
