"""How the papers of Hortense Sauge-Verveine are made: her values, her treatments, her people to call. All invented."""

from __future__ import annotations

from typing import Final

from dmp_desktop.sandbox.outsiders import ASSURANCE, LABORATOIRE
from dmp_desktop.sandbox.paper import ANS, PATIENT, SECTIONS, Contact, Paper, Section, Statement, Topic
from dmp_desktop.sandbox.professionals import BRINDILLE, OFFICINAL

ME: Final = "hortense"
_CIM10: Final = "2.16.840.1.113883.6.3"

POTASSIUM = ("2823-3", "Potassium", "mmol/L", "3.5", "5.1")
CREATININE = ("14682-9", "Créatinine", "umol/L", "45", "84")
DFG = ("62238-1", "DFG estimé", "mL/min/{1.73_m2}", "60", "")
HEMOGLOBINE = ("718-7", "Hémoglobine", "g/dL", "12.0", "16.0")
HBA1C = ("4548-4", "HbA1c", "%", "", "6.0")
GLUCOSE = ("14749-6", "Glycémie à jeun", "mmol/L", "3.9", "6.1")
GLUCOSE_MASS = ("2345-7", "Glycémie à jeun", "g/L", "0.70", "1.10")
LDL = ("22748-8", "Cholestérol LDL", "mmol/L", "", "4.1")
LDL_MASS = ("2089-1", "Cholestérol LDL", "g/L", "", "1.60")
_Line = tuple[tuple[str, str, str, str, str], str]


def lab(key: str, days: int, *lines: _Line, title: str = "Bilan biologique", words: str = "") -> Paper:
    """A blood test, coded."""
    results = tuple(
        Statement(label, days, code=code, value=value, unit=unit, low=low, high=high)
        for (code, label, unit, low, high), value in lines
    )
    told = Section(Topic.RESULTS, "Biochimie", results, (words,) if words else ())
    return Paper(key, ME, days, "11502-2", title, LABORATOIRE, (), SECTIONS, coded=(told,))


def visit(days: int, title: str, *lines: str, author: str = BRINDILLE, **more: str) -> Paper:
    """A consultation, as a page."""
    return Paper(f"h-visite-{days}", ME, days, "11488-4", title, author, lines, lot=more.get("lot", ""))


def prescription(days: int, title: str, *drugs: tuple[str, str, int, int | None], lot: str = "") -> Paper:
    """A prescription: label, dose, ages of its beginning and of its end."""
    told = Section(
        Topic.PRESCRIPTION,
        "Prescription de médicaments",
        tuple(Statement(label, start, until, detail=dose) for label, dose, start, until in drugs),
    )
    return Paper(f"h-ordo-{days}", ME, days, "57833-6", title, BRINDILLE, (), SECTIONS, coded=(told,), lot=lot)


def vaccine(days: int, label: str, target: str, rank: str = "1") -> Paper:
    """A note of vaccination."""
    done = Statement(label, days, detail=target, rank=rank, lot=f"EX-{days}")
    told = Section(Topic.VACCINES, "Note de vaccination", (done,))
    return Paper(f"h-vac-{days}", ME, days, "87273-9", f"Vaccination, {label}", OFFICINAL, (), SECTIONS, coded=(told,))


def tension(days: int, high: str, low: str, weight: str) -> Paper:
    """What she measured at home, filed by herself."""
    told = Section(
        Topic.VITALS,
        "Mesures faites par la personne",
        (
            Statement("Pression artérielle systolique", days, code="8480-6", value=high, unit="mm[Hg]", high="140"),
            Statement("Pression artérielle diastolique", days, code="8462-4", value=low, unit="mm[Hg]", high="90"),
            Statement("Poids", days, code="29463-7", value=weight, unit="kg"),
        ),
    )
    return Paper(
        f"h-tension-{days}", ME, days, "DOCPAT03", "Mesures de tension", PATIENT, (), SECTIONS, ANS, coded=(told,)
    )


def reimbursements(key: str, days: int, replaces: str = "", shift: int = 0) -> Paper:
    """The history of the insurance, its ages moved by ``shift``."""
    medicines = tuple(
        Statement(label, age, detail="Pharmacie du Grand-Chêne", quantity=quantity)
        for age in range(shift + 22, 730, 90)
        for label, quantity in (("RAMIPRIL 5MG CPR 30", "3"), ("ATORVASTATINE 20MG CPR 90", "1"))
        if label.startswith("RAMIPRIL") or age < 620
    )
    sections = (
        Section(Topic.MEDICINES_PAID, "Médicaments", medicines),
        Section(
            Topic.VACCINES_PAID,
            "Vaccinations",
            tuple(
                Statement("VACCIN GRIPPAL SUSP INJ", age, detail="Pharmacie du Grand-Chêne", quantity="1")
                for age in (shift + 40, shift + 404)
            ),
        ),
        Section(
            Topic.DEVICES_PAID,
            "Dispositifs médicaux",
            (
                Statement("Chaussure de décharge de l’avant-pied", 545, detail="Orthopédie du Parc", quantity="1"),
                Statement("Autotensiomètre", 366, detail="Pharmacie du Grand-Chêne", quantity="1"),
            ),
        ),
        Section(
            Topic.STAYS_PAID,
            "Hospitalisations",
            (Statement("Chirurgie du pied, séjour de 2 jours", 560, 558, detail="Hôpital de l’Exemple"),),
        ),
        Section(
            Topic.CARE_PAID,
            "Soins médicaux et dentaires",
            tuple(Statement("CONSULTATION MÉDECINE GÉNÉRALE", age, code="G") for age in (95, 215, 300, 430, 610)),
        ),
        Section(
            Topic.IMAGING_PAID,
            "Radiologie",
            (
                Statement("Échographie transthoracique du cœur", 110, code="DZQM006"),
                Statement("Radiographie du pied", 615, code="NDQK001"),
            ),
        ),
        Section(
            Topic.BIOLOGY_PAID,
            "Biologie",
            tuple(Statement("SANG : POTASSIUM", age, code="1608") for age in (160, 300, 470, 640)),
        ),
    )
    title = "Historique de remboursements"
    return Paper(key, ME, days, "REMB", title, ASSURANCE, (), SECTIONS, ANS, replaces=replaces, coded=sections)


RAMIPRIL = "Ramipril 5 mg"
ATORVASTATINE = "Atorvastatine 20 mg"
_HTA = Statement("Hypertension artérielle", 2400, code="I10", system=_CIM10)
_CHOLESTEROL = Statement("Hypercholestérolémie", 640, code="E78.0", system=_CIM10)
_PENICILLINE = Statement("Pénicilline", 9800, detail="Réaction sévère")
_LATEX = Statement("Latex", 720, detail="Eczéma de contact")
SON = Contact("ECON", "SON", "Fils", "SAUGE", "Anatole", "0639980011")
TRUSTED = Contact("NOK", "SIS", "Sœur", "VERVEINE", "Garance", "0639980012")


def synthesis(key: str, days: int, replaces: str, *, complete: bool) -> Paper:
    """The synthesis of her médecin traitant, ``complete`` in its second version."""
    allergies = (_PENICILLINE, _LATEX) if complete else (_PENICILLINE,)
    taken = [Statement(RAMIPRIL, 2300, detail="1 comprimé le matin")]
    if complete:
        taken.append(Statement(ATORVASTATINE, 600, detail="1 comprimé le soir"))
    sections = (
        Section(Topic.ALLERGIES, "Allergies et hypersensibilités", allergies),
        Section(Topic.PROBLEMS, "Pathologies en cours", (_HTA, _CHOLESTEROL) if complete else (_HTA,)),
        Section(
            Topic.HISTORY, "Antécédents", (Statement("Appendicectomie", 15000, 14990, code="K35.9", system=_CIM10),)
        ),
        Section(Topic.TREATMENTS, "Traitement au long cours", tuple(taken)),
        Section(Topic.WORDS, "Points de vigilance", (), ("Contrôler la tension et le potassium à chaque visite.",)),
    )
    return Paper(
        key,
        ME,
        days,
        "60591-5",
        "Volet de synthèse médicale",
        BRINDILLE,
        (),
        SECTIONS,
        replaces=replaces,
        coded=sections,
        contacts=(SON, TRUSTED),
    )
