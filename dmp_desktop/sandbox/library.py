"""The documents that stand in the fictional dossiers when a sandbox is new: titles, authors, contents. All invented."""

from __future__ import annotations

from dataclasses import dataclass

from dmp_desktop.sandbox.people import BRINDILLE, GABARIT, OFFICINAL

PATIENT = ""
LOINC, ANS = "2.16.840.1.113883.6.1", "1.2.250.1.213.1.1.4.12"
PDF, TEXT, SECTIONS = "pdf", "text", "sections"


@dataclass(frozen=True, slots=True)
class Paper:
    """One document.

    :ivar days: age of the act it tells of, in days.
    :ivar type: code of JDV_J07 and, when it is none of LOINC, ``system``.
    :ivar author: PS_IdNat, ``""`` for the person.
    :ivar lines: its text; for ``sections``, ``# title`` opens one and ``a | b`` is a line of a table.
    :ivar body: ``pdf``, ``text`` (level 1) or ``sections`` (level 3).
    :ivar hidden: visibility codes besides ``N``; ``status``: ``archived``, ``deleted`` or ``""``.
    :ivar lot: papers of one lot were filed together; ``replaces``: key of the paper it takes the place of.
    """

    key: str
    owner: str
    days: int
    type: str
    title: str
    author: str
    lines: tuple[str, ...]
    body: str = PDF
    system: str = LOINC
    hidden: tuple[str, ...] = ()
    status: str = ""
    lot: str = ""
    replaces: str = ""
    events: tuple[tuple[str, str, str], ...] = ()


_ERNEST: tuple[Paper, ...] = (
    Paper(
        "vsm-1",
        "ernest",
        520,
        "60591-5",
        "Volet de synthèse médicale",
        GABARIT,
        ("# Antécédents", "Hypertension artérielle | depuis 2009", "# Traitements au long cours", "À compléter"),
        SECTIONS,
    ),
    Paper(
        "vsm-2",
        "ernest",
        160,
        "60591-5",
        "Volet de synthèse médicale",
        GABARIT,
        (
            "# Antécédents",
            "Hypertension artérielle | depuis 2009",
            "Prothèse de hanche droite | 2021",
            "# Allergies",
            "Pénicilline | éruption, 1988",
            "# Traitements au long cours",
            "Médicament d’exemple A, 5 mg | un comprimé le matin",
            "Médicament d’exemple B, 20 mg | un comprimé le soir",
            "# Points de vigilance",
            "Marche limitée à 500 mètres, contrôle de la tension à chaque visite.",
        ),
        SECTIONS,
        replaces="vsm-1",
    ),
    Paper(
        "consultation",
        "ernest",
        34,
        "11488-4",
        "Compte rendu de consultation",
        GABARIT,
        ("Motif : suivi de la tension artérielle.", "Tension : 13/8.", "Traitement poursuivi, contrôle à trois mois."),
        lot="visite",
    ),
    Paper(
        "ordonnance",
        "ernest",
        34,
        "57833-6",
        "Ordonnance de médicaments",
        GABARIT,
        ("Médicament d’exemple A, 5 mg : un comprimé le matin.", "Médicament d’exemple B, 20 mg : un le soir."),
        lot="visite",
    ),
    Paper(
        "biologie",
        "ernest",
        41,
        "11502-2",
        "Bilan sanguin",
        BRINDILLE,
        (
            "# Biochimie",
            "Examen | Résultat | Valeurs usuelles",
            "Créatinine | 82 µmol/L | 60 à 105",
            "Potassium | 4,2 mmol/L | 3,5 à 5,0",
            "Glycémie à jeun | 5,1 mmol/L | 3,9 à 6,1",
            "# Hématologie",
            "Hémoglobine | 14,1 g/dL | 13 à 17",
        ),
        SECTIONS,
    ),
    Paper(
        "imagerie",
        "ernest",
        190,
        "18748-4",
        "Radiographie du genou gauche",
        BRINDILLE,
        ("Indication : douleur à la marche.", "Pincement fémoro-tibial interne.", "Conclusion : arthrose débutante."),
        events=(("DX", "1.2.250.1.213.1.1.5.618", "Radiographie"),),
    ),
    Paper(
        "hospitalisation",
        "ernest",
        700,
        "34112-3",
        "Compte rendu hospitalier",
        BRINDILLE,
        ("Séjour du service d’orthopédie fictif.", "Suites simples.", "Sortie au domicile avec rééducation."),
        status="archived",
    ),
    Paper(
        "vaccins",
        "ernest",
        75,
        "11369-6",
        "Historique de vaccination",
        GABARIT,
        (
            "# Vaccinations",
            "Date | Vaccin",
            "14/10/2025 | Grippe saisonnière",
            "03/05/2019 | Tétanos, polio",
        ),
        SECTIONS,
    ),
    Paper(
        "dispensation",
        "ernest",
        33,
        "60593-1",
        "Dispensation médicamenteuse",
        OFFICINAL,
        ("Médicament d’exemple A, 5 mg : trois boîtes.", "Médicament d’exemple B, 20 mg : trois boîtes."),
        TEXT,
    ),
    Paper(
        "plan",
        "ernest",
        230,
        "18776-5",
        "Plan personnalisé de soins",
        GABARIT,
        ("Objectif : marcher trente minutes par jour.", "Kinésithérapie : douze séances.", "Bilan à six mois."),
    ),
    Paper(
        "certificat",
        "ernest",
        28,
        "89601-9",
        "Certificat médical de non contre-indication",
        GABARIT,
        ("Établi à la demande de l’intéressé,", "pour la pratique de la marche en groupe."),
    ),
    Paper(
        "masque",
        "ernest",
        60,
        "11488-4",
        "Consultation spécialisée",
        BRINDILLE,
        (
            "Document masqué aux professionnels à la demande du patient.",
            "Seuls son auteur et le médecin traitant le lisent.",
        ),
        hidden=("MASQUE_PS",),
    ),
    Paper(
        "annonce",
        "ernest",
        12,
        "60568-3",
        "Résultat d’anatomie pathologique",
        GABARIT,
        ("Résultat à annoncer en consultation.", "Non visible du patient jusque-là."),
        hidden=("INVISIBLE_PATIENT",),
    ),
    Paper(
        "erreur",
        "ernest",
        90,
        "11488-4",
        "Document déposé par erreur",
        BRINDILLE,
        ("Ce document concernait une autre visite.",),
        TEXT,
        status="deleted",
    ),
    Paper(
        "remboursements",
        "ernest",
        20,
        "REMB",
        "Données de remboursement",
        BRINDILLE,
        ("Relevé fictif des douze derniers mois.",),
        TEXT,
        ANS,
    ),
    Paper(
        "directives",
        "ernest",
        300,
        "EXPPAT_3",
        "Directives anticipées",
        PATIENT,
        ("Mes souhaits sont écrits ici.", "La personne de confiance en a une copie."),
        PDF,
        ANS,
        lot="espace",
    ),
    Paper(
        "cahier",
        "ernest",
        15,
        "DOCPAT03",
        "Cahier de tension",
        PATIENT,
        ("Lundi : 13/8.", "Mercredi : 13/7.", "Vendredi : 14/8."),
        TEXT,
        ANS,
    ),
)

PAPERS: tuple[Paper, ...] = (
    *_ERNEST,
    Paper(
        "nadege-consultation",
        "nadege",
        100,
        "11488-4",
        "Compte rendu de consultation",
        BRINDILLE,
        ("Examen normal.", "Prochaine visite dans un an."),
    ),
    Paper(
        "nadege-ordonnance",
        "nadege",
        100,
        "57832-8",
        "Prescription de soins infirmiers",
        BRINDILLE,
        ("Pansement simple, trois fois par semaine.",),
        TEXT,
    ),
    Paper(
        "camille-lettre",
        "camille-1986",
        210,
        "11490-0",
        "Lettre de liaison à la sortie",
        GABARIT,
        ("Passage aux urgences fictives.", "Retour au domicile le jour même."),
    ),
    Paper(
        "blaise-consultation",
        "blaise",
        365,
        "11488-4",
        "Compte rendu de consultation",
        GABARIT,
        ("Suivi annuel.",),
    ),
)
