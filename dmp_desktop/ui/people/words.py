"""How a person found is told: their name, and the state of their dossier, icon and words (F48)."""

from __future__ import annotations

from dmp_desktop.domain.dossier import Authorisation, DossierState
from dmp_desktop.domain.identity import Sex
from dmp_desktop.domain.people import PersonFound
from dmp_desktop.ui.opening import texts

_BORN = {Sex.FEMALE: "Née le", Sex.MALE: "Né le"}
_TONES = {DossierState.ACTIVE: "success", DossierState.BLOCKED: "warning", DossierState.OPPOSED: "text-2"}


def name_of(person: PersonFound) -> str:
    """``NOM, Prénom``."""
    given = texts.capital(person.given_name)
    return f"{person.birth_name}, {given}" if given else person.birth_name


def under_of(person: PersonFound) -> str:
    """The used name, when there is one."""
    return f"Nom utilisé {person.used_name}" if person.used_name else ""


def born_of(person: PersonFound) -> str:
    """``Née le 23/05/1979``."""
    return f"{_BORN.get(person.sex, 'Né(e) le')} {person.birth_date.text or texts.NOT_KNOWN.lower()}"


def state_of(person: PersonFound) -> tuple[str, str, str]:
    """Icon, words and colour of what the store last said of the dossier to whoever looks."""
    if person.opening:
        return "clock", "Ouverture en attente", "info"
    if person.state is None:
        return "help", "Pas encore demandé", "text-2"
    icon, words = texts.STATE_CHIP[person.state]
    return icon, words, _TONES.get(person.state, "text-2")


def right_of(person: PersonFound) -> str:
    """Whether whoever looks is authorised in an active dossier; ``""`` when that is not the question."""
    if person.state is not DossierState.ACTIVE or person.opening:
        return ""
    return {Authorisation.VALID: "Vous êtes autorisé(e)", Authorisation.EXPIRED: "Autorisation expirée"}.get(
        person.authorisation, "Sans autorisation"
    )
