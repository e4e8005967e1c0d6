"""Words shared by the opening's screens: dates, people, blockers, causes of a stop.

Typography: no-break space (U+00A0) before a colon and inside guillemets, narrow no-break space (U+202F) before ; ? and
!, typographic apostrophe.
"""

from __future__ import annotations

from datetime import datetime

from dmp_desktop.domain.clock import PARIS
from dmp_desktop.domain.dossier import AccessChoice, DossierState, Protection, RepresentativeQuality
from dmp_desktop.domain.events import Author
from dmp_desktop.domain.identity import InsStatus, ProofDocument, Sex, Trait, Traits
from dmp_desktop.services.opening import StopCause
from dmp_desktop.services.opening_form import Blocker
from dmp_desktop.services.papers import PaperKind

_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")

NOT_KNOWN = "Non renseigné"

SEX = {Sex.FEMALE: "Féminin", Sex.MALE: "Masculin", Sex.UNKNOWN: NOT_KNOWN}

INS_STATUS = {
    InsStatus.UNVERIFIED: "Non vérifiée",
    InsStatus.PROVISIONAL: "Provisoire",
    InsStatus.RETRIEVED: "Récupérée",
    InsStatus.VALIDATED: "Validée",
    InsStatus.QUALIFIED: "Qualifiée",
}

TRAIT = {
    Trait.BIRTH_NAME: "Nom de naissance",
    Trait.GIVEN_NAME: "Premier prénom",
    Trait.BIRTH_DATE: "Date de naissance",
    Trait.SEX: "Sexe",
    Trait.BIRTH_PLACE: "Lieu de naissance",
    Trait.MATRICULE: "Matricule INS",
}

PROOF = {
    ProofDocument.IDENTITY_CARD: "Carte d’identité",
    ProofDocument.PASSPORT: "Passeport",
    ProofDocument.RESIDENCE_PERMIT: "Titre de séjour",
    ProofDocument.FAMILY_BOOKLET: "Livret de famille",
    ProofDocument.BIRTH_CERTIFICATE: "Acte de naissance",
}

QUALITY = {
    RepresentativeQuality.MOTHER: "Mère",
    RepresentativeQuality.FATHER: "Père",
    RepresentativeQuality.OTHER_PARENT: "Autre titulaire de l’autorité parentale",
    RepresentativeQuality.GUARDIAN: "Tuteur, tutrice",
    RepresentativeQuality.CURATOR: "Curateur, curatrice",
}

PROTECTION = {
    Protection.NONE: "Aucune",
    Protection.MINOR: "Minorité",
    Protection.GUARDIANSHIP: "Tutelle",
    Protection.CURATORSHIP: "Curatelle",
}

BLOCKER = {
    Blocker.REPRESENTATIVE: "Le représentant légal vient d’abord\u00a0:\nnom, prénom, lien, pièce, accord.",
    Blocker.NOT_INFORMED: "Donnez l’information,\npuis cochez-la.",
    Blocker.NO_CONSENT: "Sans la case du consentement,\nl’ouverture est impossible.",
    Blocker.BAD_MOBILE: "Corrigez le téléphone mobile,\nou effacez-le.",
    Blocker.BAD_EMAIL: "Corrigez l’adresse électronique,\nou effacez-la.",
    Blocker.IDENTITY_CANNOT_SEND: "L’identité ne permet aucun envoi\u00a0:\nelle est douteuse ou fictive.",
    Blocker.CARD_ABSENT: "Remettez la carte Vitale\u00a0:\nelle est relue avant l’envoi.",
    Blocker.STALE_READING: "La carte a été lue il y a plus de 20\u00a0min.\nRelisez-la avec F4.",
    Blocker.DEFERRED_REASON: "Dites pourquoi l’ouverture\nest différée.",
}

STATE_CHIP = {
    DossierState.NONE: ("folder-plus", "À ouvrir"),
    DossierState.ACTIVE: ("folder", "DMP actif"),
    DossierState.CLOSED: ("archive", "DMP fermé"),
    DossierState.OPPOSED: ("secret", "Opposition"),
    DossierState.BLOCKED: ("lock", "Accès bloqué"),
}

STEP_STOPPED = {
    StopCause.BY_HAND: "Arrêtée par vous",
    StopCause.CARD_SWAPPED: "La carte a changé",
    StopCause.STALE_READING: "Lecture trop ancienne",
    StopCause.DIFFERENCE: "Arrêtée\u00a0: traits différents",
    StopCause.REFUSED: "La personne refuse",
    StopCause.HESITATES: "La personne réfléchit",
}

PAPER = {
    PaperKind.ATTESTATION: "Attestation d’ouverture",
    PaperKind.RECEIPT: "Récépissé provisoire",
    PaperKind.STICKER: "Autocollant pour la carte",
    PaperKind.LEAFLET: "Information en gros caractères",
}
PAPER_SHORT = {
    PaperKind.ATTESTATION: "Attestation",
    PaperKind.RECEIPT: "Récépissé",
    PaperKind.STICKER: "Autocollant",
    PaperKind.LEAFLET: "Information",
}


def hour(moment: datetime) -> str:
    """``09:13``, in Paris as on the papers."""
    return moment.astimezone(PARIS).strftime("%H:%M")


def day(moment: datetime) -> str:
    """``14 avr. 2026``."""
    local = moment.astimezone(PARIS)
    return f"{local.day:02d} {_MONTHS[local.month - 1]} {local.year}"


def plain_day(raw: str) -> str:
    """``14 avr. 2026`` from ``AAAAMMJJ``; anything else as it is."""
    try:
        return f"{int(raw[6:8]):02d} {_MONTHS[int(raw[4:6]) - 1]} {int(raw[:4])}"
    except (ValueError, IndexError):
        return raw


def count(number: int, singular: str, plural: str) -> str:
    """``1 personne``, ``4 personnes``; the space does not break."""
    return f"{number} {singular if number < 2 else plural}"


def age(years: int | None) -> str:
    """``46 ans``; an age that cannot be told stays so."""
    return NOT_KNOWN if years is None else count(years, "an", "ans")


def full_name(traits: Traits) -> str:
    """``NOM, Prénom`` as the banner shows it."""
    return f"{traits.birth_name}, {capital(traits.first_given_name)}"


def capital(text: str) -> str:
    """A given name as read on a card (upper case) in ordinary case."""
    return text.title() if text.isupper() else text


def polite(traits: Traits, age_years: int | None) -> str:
    """How a sentence names the person: ``Mme Lavandin-Genêt``, a child's given name, else ``la personne``."""
    if age_years is not None and age_years < 18:
        return capital(traits.first_given_name)
    if traits.sex is Sex.UNKNOWN:
        return "la personne"
    return f"{traits.civility} {capital(traits.birth_name)}"


def sentence_start(text: str) -> str:
    """The same words at the head of a sentence."""
    return text[:1].upper() + text[1:]


def of(text: str) -> str:
    """``de Mme X``, ``d’Odile``."""
    return f"d’{text}" if text[:1].upper() in "AEIOUYÀÂÉÈÊËÎÏÔÛÙHŒ" else f"de {text}"


def access(choice: AccessChoice, author: Author) -> str:
    """One choice of access, naming who it is about."""
    return {
        AccessChoice.NOBODY: "Personne pour l’instant",
        AccessChoice.THIS_PROFESSIONAL: author.display_name,
        AccessChoice.STRUCTURE: author.structure_name,
        AccessChoice.TREATING: f"{author.display_name}, médecin traitant",
    }[choice]
