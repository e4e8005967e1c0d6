"""Words of the pages about accesses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmp_desktop.domain.clock import PARIS
from dmp_desktop.domain.dossier import Authorisation
from dmp_desktop.domain.habilitations import AccessMode, AuthorisedProfessional
from dmp_desktop.services.emergency import Ending
from dmp_desktop.services.history import AccessRow, DayOf, Deed, Review
from dmp_desktop.services.rights_view import OwnRight
from dmp_desktop.ui.opening import texts as words

if TYPE_CHECKING:
    from dmp_desktop.printing.history import HistoryLine

POST = {
    Deed.INVITED: ("invitation d’une carte", "invitations de cartes"),
    Deed.LET_IN: ("carte admise sur le poste", "cartes admises sur le poste"),
    Deed.SHUT_OUT: ("accès au poste retiré", "accès au poste retirés"),
    Deed.PASSPHRASE: ("phrase de passe changée", "phrases de passe changées"),
    Deed.RECOVERY_PAGE: ("page de secours refaite", "pages de secours refaites"),
    Deed.RECOVERED: ("ouverture par la page de secours", "ouvertures par la page de secours"),
    Deed.REKEYED: ("changement des clés", "changements des clés"),
    Deed.COPY_EMPTIED: ("copie vidée", "copies vidées"),
    Deed.COPY_BEGUN_AGAIN: ("copie recommencée", "copies recommencées"),
    Deed.BACKED_UP: ("sauvegarde", "sauvegardes"),
    Deed.RESTORED: ("restauration", "restaurations"),
}
"""What is done to the post itself: no dossier is in it."""
DEED = {
    Deed.OPENED: "Dossier ouvert",
    Deed.LISTED: "Liste des documents",
    Deed.READ: "Document lu",
    Deed.DEPOSITED: "Document déposé",
    Deed.CHANGED: "Propriétés modifiées",
    Deed.AUTHORISED: "Autorisation modifiée",
    Deed.ADMINISTERED: "Administration du dossier",
    Deed.SIGNED: "Liste des lectures signée",
    Deed.REVIEWED: "Accès en urgence relu",
} | {deed: one[:1].upper() + one[1:] for deed, (one, _more) in POST.items()}
COUNTED = {
    Deed.OPENED: ("dossier ouvert", "dossiers ouverts"),
    Deed.LISTED: ("liste lue", "listes lues"),
    Deed.READ: ("document lu", "documents lus"),
    Deed.DEPOSITED: ("dépôt", "dépôts"),
    Deed.CHANGED: ("modification", "modifications"),
    Deed.AUTHORISED: ("autorisation", "autorisations"),
    Deed.ADMINISTERED: ("acte administratif", "actes administratifs"),
    Deed.SIGNED: ("signature", "signatures"),
    Deed.REVIEWED: ("relecture", "relectures"),
} | POST
MODE = {AccessMode.NORMAL: "", AccessMode.BREAK_GLASS: "Bris de glace", AccessMode.CENTRE_15: "Régulation médicale"}
STATE = {
    Authorisation.VALID: "Vous êtes autorisé à lire ce dossier.",
    Authorisation.EXPIRED: "Votre autorisation a expiré.",
    Authorisation.FORBIDDEN: "La personne vous a bloqué l’accès à ce dossier.",
    Authorisation.NONE: "Vous n’avez pas d’autorisation sur ce dossier.",
    Authorisation.UNKNOWN: "Le DMP n’a pas encore dit si vous êtes autorisé.",
}
ENDING = {
    Ending.BY_HAND.value: "terminé à la main",
    Ending.TIME_OUT.value: "arrêté au bout de 30\u00a0min",
    Ending.LOCKED.value: "arrêté au verrouillage",
    Ending.CLOSED.value: "arrêté à la fermeture",
}

SOURCE_HERE = (
    "Ce que ce cabinet a fait dans votre dossier, d’après son journal. Mon espace santé montre tous les accès, "
    "de tous les professionnels."
)
SOURCE_BOTH = "Ce que ce cabinet a fait dans votre dossier, d’après son journal, et ce que le DMP en garde."

NOBODY = "Avant toute connexion"
ROW_HEADERS = ("Date et heure", "Qui", "Acte", "Manière", "Motif")
PEOPLE_HEADERS = ("Professionnel ou structure", "Spécialité", "État", "Depuis", "Dernier acte")
DAY_HEADERS = ("Jour", "Qui", "Actes", "Urgences")
REVIEW_HEADERS = ("Date et heure", "Qui", "Dossier", "Motif", "Documents", "Fin et signature", "Relecture")


def way(row: AccessRow) -> str:
    """How the record was entered, ``""`` when ordinarily."""
    told = [part for part in (MODE[row.mode], "connexion secrète" if row.secret else "") if part]
    if row.refused:
        told.append("refusé par le DMP")
    said = ", ".join(told)
    return said[:1].upper() + said[1:]


def moment(row: AccessRow | Review) -> str:
    """``14 avr. 2026 09:13``."""
    return f"{words.day(row.at)} {words.hour(row.at)}"


def line(row: AccessRow) -> tuple[str, ...]:
    """A line of the history."""
    who = row.name or row.professional
    return (moment(row), f"{who}, {row.role.lower()}" if row.role else who, DEED[row.deed], way(row), row.motive)


def paper_line(row: AccessRow) -> HistoryLine:
    """A line of the history on the paper for the person."""
    # The library that draws is loaded for the first paper, not with the page.
    from dmp_desktop.printing.history import HistoryLine

    return HistoryLine(row.at, row.name or row.professional, row.role, DEED[row.deed], way(row), row.motive)


def person(one: AuthorisedProfessional) -> tuple[str, ...]:
    """A line of who may read."""
    name = " ".join(part for part in (one.given.title(), one.family.upper()) if part) or one.id
    state = "Bloqué" if one.blocked else "Médecin traitant" if one.treating else "Autorisé"
    speciality = ", ".join(code.text for code in one.specialities)
    since, last = (words.day(at) if at else "" for at in (one.since, one.last_act))
    return (name, speciality, state, since, last)


def own(right: OwnRight) -> tuple[str, str]:
    """One's own authorisation: a sentence, and what is on its way."""
    told = STATE[right.state]
    if right.treating:
        told = f"{told} Vous en êtes le médecin traitant."
    return told, "Un changement est en route vers le DMP." if right.pending is not None else ""


def day(one: DayOf) -> tuple[str, ...]:
    """A line of what one person did one day."""
    counts = [words.count(number, *COUNTED[deed]) for deed, number in one.counts.items()]
    at = one.day.astimezone(PARIS)
    return (words.day(at), one.name or NOBODY, ", ".join(counts), str(one.emergencies) if one.emergencies else "")


def review(one: Review) -> tuple[str, ...]:
    """A line of an emergency to review."""
    signed = "liste signée" if one.signed else "liste non signée"
    ended = ENDING.get(one.ending, "fin inconnue")
    seen = ""
    if one.reviewed_at is not None:
        by = " par son auteur" if one.by_oneself else ""
        seen = f"Relu{by} le {words.day(one.reviewed_at)}"
    motive = one.motive or MODE[one.mode]
    return (moment(one), one.name, one.dossier, motive, str(one.documents), f"{ended}, {signed}", seen or "À relire")
