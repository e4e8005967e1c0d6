"""French words several papers share: dates, civility, agreement, labels of choices."""

from __future__ import annotations

import re
from datetime import date, datetime
from itertools import pairwise
from typing import Final

from dmp_desktop.config import StructureSettings
from dmp_desktop.domain.clock import PARIS
from dmp_desktop.domain.dossier import AccessChoice, Representative, RepresentativeQuality
from dmp_desktop.domain.events import Author
from dmp_desktop.domain.identifiers import BadIdentifier, PsId
from dmp_desktop.domain.identity import BirthDate, ProofDocument, Sex, Traits

NBSP: Final = "\u00a0"

_MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
SEX: Final = {Sex.FEMALE: "Féminin", Sex.MALE: "Masculin", Sex.UNKNOWN: "Non communiqué"}
_INFORMED: Final = {Sex.FEMALE: "informée", Sex.MALE: "informé", Sex.UNKNOWN: "informé(e)"}
QUALITY: Final = {
    RepresentativeQuality.FATHER: "père",
    RepresentativeQuality.MOTHER: "mère",
    RepresentativeQuality.GUARDIAN: "tuteur ou tutrice",
    RepresentativeQuality.CURATOR: "curateur ou curatrice",
    RepresentativeQuality.OTHER_PARENT: "autre titulaire de l’autorité parentale",
}
_QUALITY_SEX: Final = {RepresentativeQuality.FATHER: Sex.MALE, RepresentativeQuality.MOTHER: Sex.FEMALE}
PROOF: Final = {
    ProofDocument.IDENTITY_CARD: "carte nationale d’identité",
    ProofDocument.PASSPORT: "passeport",
    ProofDocument.RESIDENCE_PERMIT: "titre de séjour",
    ProofDocument.FAMILY_BOOKLET: "livret de famille",
    ProofDocument.BIRTH_CERTIFICATE: "acte de naissance",
}
_PREFIXED: Final = (
    (re.compile(r"1(\w{9})"), "FINESS"),
    (re.compile(r"2(\d{9})"), "SIREN"),
    (re.compile(r"3(\d{14})"), "SIRET"),
)


def local_day(moment: datetime) -> date:
    """The day in Paris of an aware moment."""
    return moment.astimezone(PARIS).date()


def long_date(moment: datetime) -> str:
    """``1er janvier 2026`` in Paris, held together by no-break spaces."""
    day = local_day(moment)
    number = "1er" if day.day == 1 else str(day.day)
    return NBSP.join((number, _MONTHS[day.month - 1], str(day.year)))


def hour(moment: datetime) -> str:
    """``09:13`` in Paris."""
    return moment.astimezone(PARIS).strftime("%H:%M")


def date_and_hour(moment: datetime) -> str:
    """``14 avril 2026 à 09:13`` in Paris."""
    return f"{long_date(moment)} à{NBSP}{hour(moment)}"


def month_year(moment: datetime) -> str:
    """``04/2026`` in Paris."""
    return moment.astimezone(PARIS).strftime("%m/%Y")


def given_names(traits: Traits) -> str:
    """Every birth given name, in order."""
    return ", ".join(name.strip() for name in traits.given_names if name.strip())


def grouped(matricule: str) -> str:
    """A matricule as a person reads it: sex, year, month, department, commune, order, key."""
    cuts = (0, 1, 3, 5, 7, 10, 13, 15)
    return NBSP.join(matricule[start:end] for start, end in pairwise(cuts))


def called(traits: Traits) -> str:
    """``Mme LAVANDIN-GENÊT Odile``: civility, birth name, first given name."""
    return " ".join(part for part in (traits.civility, traits.birth_name, traits.first_given_name) if part)


def informed(traits: Traits) -> str:
    """``informé``, agreeing with the sex when it is known."""
    return _INFORMED[traits.sex]


def representative_informed(representative: Representative) -> str:
    """``informé``, agreeing with a father or a mother."""
    return _INFORMED[_QUALITY_SEX.get(representative.quality, Sex.UNKNOWN)]


def is_minor(birth: BirthDate, moment: datetime) -> bool:
    """Whether the person was under 18 on that day in Paris; an unreadable date says nothing."""
    age = birth.age_on(local_day(moment))
    return age is not None and age < 18


def rpps(author: Author) -> str:
    """The 11 digits of the author's RPPS number, ``""`` for who has none."""
    try:
        return PsId(author.professional).rpps or ""
    except BadIdentifier:
        return ""


def structure_identifier(structure: StructureSettings) -> tuple[str, str]:
    """Label and number: FINESS, SIREN or SIRET when the prefix of Struct_IdNat says so, else as it is."""
    for pattern, label in _PREFIXED:
        if found := pattern.fullmatch(structure.identifier.strip()):
            return label, found.group(1)
    return "Identifiant national de structure", structure.identifier.strip()


def place(structure: StructureSettings) -> str:
    """The town of the structure: the last line of its address without its postcode nor its CEDEX."""
    lines = [line.strip() for line in structure.address if line.strip()]
    return re.sub(r"^\d{5}\s+|\s+CEDEX\b.*$", "", lines[-1], flags=re.IGNORECASE) if lines else ""


def access(choice: AccessChoice, author: Author) -> str:
    """Who the person authorises to consult, as a clause."""
    return {
        AccessChoice.NOBODY: "aucun pour l’instant",
        AccessChoice.THIS_PROFESSIONAL: author.display_name,
        AccessChoice.STRUCTURE: f"les professionnels de la structure {author.structure_name}",
        AccessChoice.TREATING: f"{author.display_name}, comme médecin traitant",
    }[choice]
