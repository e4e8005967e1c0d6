"""A fictional document before it is written: who, when, what. Its dates are ages in days, counted from the first day of
the store, so a dossier looks as recent in ten years as today."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

PATIENT = ""
LOINC, ANS = "2.16.840.1.113883.6.1", "1.2.250.1.213.1.1.4.12"
PDF, TEXT, SECTIONS = "pdf", "text", "sections"


class Topic(StrEnum):
    """What a coded section is about; a section of the same code may be written in several ways."""

    ALLERGIES = "allergies"
    PROBLEMS = "problems"
    HISTORY = "history"
    TREATMENTS = "treatments"
    PRESCRIPTION = "prescription"
    RESULTS = "results"
    VITALS = "vitals"
    VACCINES = "vaccines"
    PLAN = "plan"
    DIRECTIVES = "directives"
    MEDICINES_PAID = "medicines-paid"
    VACCINES_PAID = "vaccines-paid"
    DEVICES_PAID = "devices-paid"
    STAYS_PAID = "stays-paid"
    CARE_PAID = "care-paid"
    IMAGING_PAID = "imaging-paid"
    BIOLOGY_PAID = "biology-paid"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Statement:
    """One line of a coded section.

    :ivar days: age in days, negative when it is ahead, ``None`` when not known; ``until``: age of its end.
    :ivar value, unit, low, high: of a result, as written; ``detail``: dose, reaction, target, who delivered.
    :ivar quantity: delivered; ``rank``: of a dose of vaccine; ``lot``: its number.
    """

    label: str
    days: int | None = None
    until: int | None = None
    code: str = ""
    system: str = LOINC
    value: str = ""
    unit: str = ""
    low: str = ""
    high: str = ""
    detail: str = ""
    quantity: str = ""
    rank: str = ""
    lot: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A coded section: a table for people, entries for programs. ``words``: paragraphs under the table."""

    topic: Topic
    title: str
    statements: tuple[Statement, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to call: ``kind`` is ``ECON`` (in emergency), ``NOK`` (personne de confiance) or ``CAREGIVER``."""

    kind: str
    relation: str
    relation_label: str
    family: str
    given: str
    phone: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One document.

    :ivar days: age of the act it tells of, in days; ``lasted``: how many days that act lasted.
    :ivar type: code of JDV_J07 and, when it is none of LOINC, ``system``.
    :ivar author: PS_IdNat, ``""`` for the person.
    :ivar lines: its text; for ``sections``, ``# title`` opens one and ``a | b`` is a line of a table.
    :ivar body: ``pdf``, ``text`` (level 1) or ``sections`` (level 3).
    :ivar coded: sections with entries, after those of ``lines``.
    :ivar hidden: visibility codes besides ``N``; ``status``: ``archived``, ``deleted`` or ``""``.
    :ivar lot: papers of one lot were filed together; ``replaces``: key of the paper it takes the place of.
    :ivar copy_of: key of a paper of which this is the same bytes, filed once more by another way.
    """

    key: str
    owner: str
    days: int
    type: str
    title: str
    author: str
    lines: tuple[str, ...] = ()
    body: str = PDF
    system: str = LOINC
    hidden: tuple[str, ...] = ()
    status: str = ""
    lot: str = ""
    replaces: str = ""
    events: tuple[tuple[str, str, str], ...] = ()
    coded: tuple[Section, ...] = ()
    contacts: tuple[Contact, ...] = ()
    lasted: int = 0
    copy_of: str = ""
