"""Authors who are no users of this sandbox: they hold no card here, their names only stand on fictional documents."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outsider:
    """Who writes from elsewhere; ``speciality``: line of JDV_J01, ``sector``: of JDV_J02."""

    id: str
    family: str
    given: str
    speciality: str
    structure: str
    structure_name: str
    sector: str
    practice: str = "AMBULATOIRE"


LABORATOIRE = "899700000074"
RADIOLOGUE = "899700000082"
CARDIOLOGUE = "899700000090"
CHIRURGIEN = "899700000108"
PNEUMOLOGUE = "899700000116"
HOPITAL = "899700000124"
ASSURANCE = "899700000132"

_HOSPITAL = "Hôpital de l’Exemple"
OUTSIDERS: dict[str, Outsider] = {
    who.id: who
    for who in (
        Outsider(LABORATOIRE, "PIPETTE", "AMBRE", "G15_10/SM03", "1997000704", "Laboratoire des Deux-Rives", "SA25"),
        Outsider(RADIOLOGUE, "CONTRASTE", "SYLVAIN", "G15_10/SM74", "1997000803", "Imagerie du Parc fictif", "SA08"),
        Outsider(CARDIOLOGUE, "SYSTOLE", "IRIS", "G15_10/SM04", "1997000902", "Cabinet de cardiologie du Parc", "SA07"),
        Outsider(CHIRURGIEN, "ATTELLE", "MARIUS", "G15_10/SM08", "1997001009", _HOSPITAL, "SA01", "ETABLISSEMENT"),
        Outsider(PNEUMOLOGUE, "BRONCHE", "PAULE", "G15_10/SM41", "1997001108", "Cabinet de pneumologie fictif", "SA07"),
        Outsider(HOPITAL, "OREILLETTE", "ODON", "G15_10/SM04", "1997001009", _HOSPITAL, "SA01", "ETABLISSEMENT"),
        Outsider(ASSURANCE, "ASSURANCE", "MALADIE", "", "1997001207", "Assurance maladie fictive", "SA24", "AMO"),
    )
}
