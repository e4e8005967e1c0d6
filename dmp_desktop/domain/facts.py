"""What the structured documents of a record say: allergies, problems, treatments, values, vaccines, reimbursements.

A fact is a statement of one document, kept with its key and its date: the synthesis never says a thing without its
source. A document that gives a day only is held at noon UTC: the same day is then shown wherever the program runs.
Times are aware, ``None`` when the document gives none. Everything is as the document says it; nothing is deduced here.

Sources: CI-SIS volets VSM, LDL-SES, VAC-NOTE, CR-BIO, eP-MED-DM, CNAM-HR (level 3 of CDA R2).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from dmp_desktop.domain.readable import Abnormal


class AllergyKnowledge(StrEnum):
    """The four honest states of what is known of allergies (guide §4.1)."""

    KNOWN = "known"
    NONE_KNOWN = "none-known"
    """Somebody wrote that there is none."""
    NOT_RECORDED = "not-recorded"
    """No document that was read says anything, or one says that it is not known."""
    UNAVAILABLE = "unavailable"
    """The documents could not be read: nothing may be concluded."""


@dataclass(frozen=True, slots=True)
class Allergies:
    """What is known of the allergies of a person.

    :ivar labels: what they are allergic to, as written; empty unless ``KNOWN``.
    :ivar at: date of the latest statement it rests on; ``cause``: why it is not available, in French, ``""`` otherwise.
    """

    knowledge: AllergyKnowledge
    labels: tuple[str, ...] = field(default=(), repr=False)
    at: datetime | None = None
    cause: str = ""


class FactKind(StrEnum):
    """What a fact is about."""

    ALLERGY = "allergy"
    CONDITION = "condition"
    PAST_CONDITION = "past-condition"
    PROCEDURE = "procedure"
    STAY = "stay"
    DIRECTIVE = "directive"
    DUE = "due"
    """Something a document asks to be done: an appointment, a control, a booster."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement of a document.

    :ivar at: when it began, took place, or is due; ``source_key``: logical id of the document; ``detail``: more words.
    """

    label: str = field(repr=False)
    kind: FactKind
    at: datetime | None
    source_key: str
    detail: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Observation:
    """A value measured.

    :ivar code: of the analyte (LOINC where the document gives it), never shown; ``label``: its name.
    :ivar value: ``None`` for a result in words, then in ``text``. :ivar unit: UCUM as written; values of two units are
        never joined. :ivar low, high: usual range, ``None`` for an open side.
    :ivar abnormal: said by its author, never seen from the range, which may be of another age or another method.
    :ivar by_patient: declared by the person.
    """

    code: str
    label: str = field(repr=False)
    value: Decimal | None = field(repr=False)
    unit: str
    low: Decimal | None = field(default=None, repr=False)
    high: Decimal | None = field(default=None, repr=False)
    at: datetime | None = None
    source_key: str = ""
    abnormal: Abnormal | None = field(default=None, repr=False)
    text: str = field(default="", repr=False)
    by_patient: bool = False


@dataclass(frozen=True, slots=True)
class Treatment:
    """A medicine prescribed, taken or delivered.

    :ivar dose: how it is taken, in words. :ivar start, stop: period, ``stop`` ``None`` while it lasts or is unknown.
    :ivar stated_at: date of the document that says so.
    """

    label: str = field(repr=False)
    start: datetime | None
    stop: datetime | None
    source_key: str
    dose: str = field(default="", repr=False)
    stated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Immunization:
    """A vaccine given, or declared not given.

    :ivar targets: what it protects from, as written. :ivar rank: rank of the dose, 0 when not said.
    """

    label: str = field(repr=False)
    at: datetime | None
    source_key: str
    targets: tuple[str, ...] = field(default=(), repr=False)
    rank: int = 0
    lot_number: str = field(default="", repr=False)
    detail: str = field(default="", repr=False)
    given: bool = True


class ReimbursementKind(StrEnum):
    """Parts of the reimbursement history (CNAM-HR)."""

    MEDICINE = "medicine"
    VACCINE = "vaccine"
    DEVICE = "device"
    BIOLOGY = "biology"
    IMAGING = "imaging"
    CARE = "care"
    STAY = "stay"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reimbursement:
    """One line of the reimbursement history.

    :ivar quantity: number delivered, ``None`` when not told; ``unit``: of that number; ``detail``: who, where.
    """

    kind: ReimbursementKind
    at: datetime | None
    label: str = field(repr=False)
    quantity: Decimal | None = None
    unit: str = ""
    detail: str = field(default="", repr=False)
    source_key: str = ""


class ContactRole(StrEnum):
    """Why somebody is to be called."""

    EMERGENCY = "emergency"
    TRUSTED = "trusted"
    """Personne de confiance (code de la santé publique L1111-6)."""
    HELPER = "helper"


@dataclass(frozen=True, slots=True)
class PersonToWarn:
    """Somebody to call about the person."""

    name: str = field(repr=False)
    role: ContactRole
    relation: str = field(default="", repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)
    at: datetime | None = None
    source_key: str = ""


class NoteCode(StrEnum):
    """Why a document told less than it might."""

    NOT_STRUCTURED = "not-structured"
    """A picture or a text (level 1): a person can read it, the program cannot."""
    NOT_HERE = "not-here"
    """Its bytes are not on this post."""
    UNREADABLE = "unreadable"
    TOO_LARGE = "too-large"
    CUT = "cut"
    """More entries than the bound: the first ones only."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything one document says that the program understands.

    :ivar allergies_said: what the document states of allergies; ``None`` when it does not speak of them.
    :ivar notes: what could not be read of it.
    """

    source_key: str
    allergies_said: AllergyKnowledge | None = None
    facts: tuple[Fact, ...] = ()
    observations: tuple[Observation, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    immunizations: tuple[Immunization, ...] = ()
    reimbursements: tuple[Reimbursement, ...] = ()
    contacts: tuple[PersonToWarn, ...] = ()
    notes: tuple[NoteCode, ...] = ()

    def of(self, kind: FactKind) -> tuple[Fact, ...]:
        """The facts of one kind, in the order of the document."""
        return tuple(fact for fact in self.facts if fact.kind is kind)
