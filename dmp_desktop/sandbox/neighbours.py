"""Two small records: a minor with a document his representatives do not see, and a man without any known allergy."""

from __future__ import annotations

from dmp_desktop.sandbox.paper import ANS, SECTIONS, TEXT, Contact, Paper, Section, Statement, Topic
from dmp_desktop.sandbox.professionals import BRINDILLE, GABARIT, OFFICINAL

BASILE: tuple[Paper, ...] = (
    Paper(
        "basile-vaccins",
        "basile",
        420,
        "87273-9",
        "Note de vaccination",
        BRINDILLE,
        (),
        SECTIONS,
        coded=(
            Section(
                Topic.VACCINES,
                "Note de vaccination",
                (
                    Statement("Vaccin papillomavirus", 420, detail="Papillomavirus humains", rank="1", lot="EX-204"),
                    Statement("Vaccin dTcaPolio", 1250, detail="Diphtérie, tétanos, coqueluche, polio", rank="5"),
                ),
            ),
        ),
    ),
    Paper(
        "basile-examen",
        "basile",
        380,
        "11488-4",
        "Consultation de suivi",
        BRINDILLE,
        ("Examen normal.", "Croissance régulière, vaccinations à jour."),
        contacts=(Contact("ECON", "MTH", "Mère", "ROMARIN", "Mélisse", "0639980021"),),
    ),
    Paper(
        "basile-ordonnance",
        "basile",
        210,
        "57833-6",
        "Ordonnance, crème d’exemple",
        BRINDILLE,
        ("Crème d’exemple : une application le soir, deux mois.",),
    ),
    Paper(
        "basile-radio",
        "basile",
        150,
        "18748-4",
        "Radiographie du poignet droit",
        GABARIT,
        ("Chute de vélo.", "Conclusion : pas de fracture visible."),
        TEXT,
    ),
    Paper(
        "basile-secret",
        "basile",
        45,
        "11488-4",
        "Consultation confidentielle",
        BRINDILLE,
        ("Entretien demandé par le mineur seul.", "Non visible de ses représentants légaux, à sa demande."),
        hidden=("INVISIBLE_REPRESENTANTS_LEGAUX",),
    ),
    Paper(
        "basile-certificat",
        "basile",
        40,
        "89601-9",
        "Certificat médical pour le sport",
        BRINDILLE,
        ("Pas de contre-indication à la pratique du handball.",),
    ),
)

FIRMIN: tuple[Paper, ...] = (
    Paper(
        "firmin-vsm",
        "firmin",
        70,
        "60591-5",
        "Volet de synthèse médicale",
        GABARIT,
        (),
        SECTIONS,
        coded=(
            Section(
                Topic.ALLERGIES,
                "Allergies et hypersensibilités",
                (
                    Statement(
                        "Pas d’allergie ni d’hypersensibilité connue",
                        70,
                        code="no-known-allergies",
                        system="2.16.840.1.113883.5.1150.1",
                    ),
                ),
            ),
            Section(
                Topic.PROBLEMS,
                "Pathologies en cours",
                (Statement("Arthrose des deux genoux", 2100, code="M17.0", system="2.16.840.1.113883.6.3"),),
            ),
        ),
    ),
    Paper(
        "firmin-consultation",
        "firmin",
        64,
        "11488-4",
        "Compte rendu de consultation",
        GABARIT,
        ("Douleurs mécaniques, marche limitée à 800 mètres.", "Kinésithérapie prescrite."),
    ),
    Paper(
        "firmin-masque",
        "firmin",
        50,
        "11488-4",
        "Consultation spécialisée",
        GABARIT,
        ("Document masqué aux professionnels à la demande du patient.",),
        hidden=("MASQUE_PS",),
    ),
    Paper(
        "firmin-kine",
        "firmin",
        63,
        "PRESC-KINE",
        "Prescription de kinésithérapie",
        GABARIT,
        ("Douze séances de rééducation des genoux.",),
        system=ANS,
    ),
    Paper(
        "firmin-grippe",
        "firmin",
        31,
        "87273-9",
        "Note de vaccination",
        OFFICINAL,
        (),
        SECTIONS,
        coded=(
            Section(
                Topic.VACCINES,
                "Note de vaccination",
                (Statement("Vaccin grippal", 31, detail="Grippe saisonnière", rank="1", lot="EX-517"),),
            ),
        ),
    ),
)
