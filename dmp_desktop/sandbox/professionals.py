"""The professionals of the sandbox: fictional, with the numbers of their cards and where they practise."""

from __future__ import annotations

from dataclasses import dataclass, field

from dmp_desktop.domain.identifiers import CardNature, PsId, StructureId
from dmp_desktop.domain.professional import Professional, ProfessionalKind, Situation

PIN = "1234"

BRINDILLE = "899700000017"
GABARIT = "899700000025"
OFFICINAL = "899700000033"
PAPIER = "399700017/PAPIER1"


@dataclass(frozen=True, slots=True)
class ProfessionalProfile:
    """A professional, where they practise, and the code of their card."""

    key: str
    professional: Professional
    situations: tuple[Situation, ...]
    pin: str = field(default=PIN, repr=False)


_TILLEULS = "Cabinet des Trois-Tilleuls"

PROFESSIONALS: tuple[ProfessionalProfile, ...] = (
    ProfessionalProfile(
        "brindille",
        Professional(
            PsId(BRINDILLE),
            "BRINDILLE",
            "AURORE",
            ProfessionalKind.CPS,
            CardNature.TEST,
            "10",
            "Médecin",
            "SM26",
            "Qualifié en Médecine Générale (SM)",
            "8025000001/9970000017",
        ),
        (Situation(StructureId("499700000017001"), _TILLEULS, "SA07"),),
    ),
    ProfessionalProfile(
        "gabarit",
        Professional(
            PsId(GABARIT),
            "GABARIT",
            "LUCIEN",
            ProfessionalKind.CPS,
            CardNature.TEST,
            "10",
            "Médecin",
            "SM26",
            "Qualifié en Médecine Générale (SM)",
            "8025000001/9970000025",
        ),
        (
            Situation(StructureId("499700000025001"), _TILLEULS, "SA07"),
            Situation(StructureId("1997000175"), "Maison médicale de garde des Aulnes", "SA67"),
        ),
    ),
    ProfessionalProfile(
        "papier",
        Professional(
            PsId(PAPIER),
            "PAPIER",
            "SOLÈNE",
            ProfessionalKind.CPE,
            CardNature.TEST,
            card_serial="8025000001/9970000041",
        ),
        (Situation(StructureId("499700000017001"), _TILLEULS, "SA07"),),
    ),
    ProfessionalProfile(
        "officinal",
        Professional(
            PsId(OFFICINAL),
            "OFFICINAL",
            "MAUD",
            ProfessionalKind.CPS,
            CardNature.TEST,
            "21",
            "Pharmacien",
            "A",
            "Pharmacien titulaire d’officine",
            "8025000001/9970000033",
        ),
        (Situation(StructureId("1997000332"), "Pharmacie du Grand-Chêne", "SA33"),),
    ),
)

# More professions for training: they hold no card on the desk, and speak through their own readers.
COLLEAGUES: tuple[ProfessionalProfile, ...] = (
    ProfessionalProfile(
        "pansement",
        Professional(
            PsId("899700000041"),
            "PANSEMENT",
            "CÉLESTE",
            ProfessionalKind.CPS,
            CardNature.TEST,
            "60",
            "Infirmier",
            card_serial="8025000001/9970000058",
        ),
        (Situation(StructureId("499700000041001"), _TILLEULS, "SA07"),),
    ),
    ProfessionalProfile(
        "chantier",
        Professional(
            PsId("899700000058"),
            "CHANTIER",
            "HONORINE",
            ProfessionalKind.CPS,
            CardNature.TEST,
            "10",
            "Médecin",
            "SM25",
            "Médecine du travail (SM)",
            "8025000001/9970000066",
        ),
        (Situation(StructureId("1997000506"), "Service de santé au travail des Aulnes", "SA03"),),
    ),
    ProfessionalProfile(
        "sirene",
        Professional(
            PsId("899700000066"),
            "SIRENE",
            "BARNABÉ",
            ProfessionalKind.CPS,
            CardNature.TEST,
            "10",
            "Médecin",
            "SM26",
            "Qualifié en Médecine Générale (SM)",
            "8025000001/9970000074",
        ),
        (Situation(StructureId("1997000605"), "Centre de réception des appels des Aulnes", "SA01"),),
    ),
)


def everyone() -> tuple[ProfessionalProfile, ...]:
    """Every professional the directory of the sandbox knows."""
    return PROFESSIONALS + COLLEAGUES


def profile(key: str) -> ProfessionalProfile:
    """A professional of the sandbox.

    :raises KeyError: nobody has this key.
    """
    for candidate in everyone():
        if candidate.key == key:
            return candidate
    raise KeyError(key)
