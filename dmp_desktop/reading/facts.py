"""What a document says, for the synthesis: its coded sections (CDA of level 3) as :class:`Facts`.

Strict about structure, tolerant about vocabulary: an unknown code is told by its label. A document that cannot be read
gives no fact and a note that says why; nothing is raised to the caller.

Sources: CI-SIS volets VSM 2022.01, LDL-SES 2022.01, VAC-NOTE 2023.01, CR-BIO 2024.01, eP-MED-DM 2024.01,
CNAM-HR 2021.01; JDV_AbsentOrUnknownAllergy_CISIS (22/12/2021).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Final

from lxml import etree

from dmp_desktop.domain.document import RetrievedDocument
from dmp_desktop.domain.facts import (
    AllergyKnowledge,
    ContactRole,
    Fact,
    FactKind,
    Facts,
    Immunization,
    NoteCode,
    Observation,
    PersonToWarn,
    Reimbursement,
    Treatment,
)
from dmp_desktop.reading import cda_source, facts_paid, facts_statements
from dmp_desktop.reading.cda_words import N, child, children, label, name_of, squeezed
from dmp_desktop.reading.errors import UnreadableDocument
from dmp_desktop.reading.facts_words import Narrative, at_of

MAX_BYTES: Final = 24_000_000
"""Bound of a document that is read for its facts. The largest official example has 0.5 MB."""

MAX_ENTRIES: Final = 2_000
"""Bound of the entries read of one document."""

_INS: Final = "1.2.250.1.213.1.4."
_REIMBURSEMENTS: Final = "REMB"
_NO_VALUES: Final = frozenset({"18748-4"})
"""Imaging: its numbers are doses received, not values of the person."""

_ROLES: Final = {"ECON": ContactRole.EMERGENCY, "NOK": ContactRole.TRUSTED, "CAREGIVER": ContactRole.HELPER}


@dataclass(slots=True)
class Gathered:
    """What is found on the way.

    :ivar narrative: words of the narrative by the id that entries name.
    """

    key: str
    at: datetime | None
    by_patient: bool
    narrative: Narrative
    none_said: AllergyKnowledge | None = None
    facts: list[Fact] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    treatments: list[Treatment] = field(default_factory=list)
    immunizations: list[Immunization] = field(default_factory=list)
    reimbursements: list[Reimbursement] = field(default_factory=list)


_Reader = Callable[[etree._Element, Gathered], None]
_SECTIONS: Final[dict[str, _Reader]] = {
    "48765-2": facts_statements.allergy,
    "11450-4": facts_statements.problem,
    "11348-0": facts_statements.past,
    "47519-4": facts_statements.procedure,
    "10160-0": facts_statements.treatment,
    "10183-2": facts_statements.treatment,
    "57828-6": facts_statements.treatment,
    "11369-6": facts_statements.vaccine,
    "18776-5": facts_statements.due,
    "42348-3": facts_statements.directive,
}
_PAID: Final[dict[str, _Reader]] = {
    "10160-0": facts_paid.medicine,
    "11369-6": facts_paid.vaccine,
    "46264-8": facts_paid.device,
    "46240-8": facts_paid.stay,
    "67803-7": facts_paid.care,
    "18726-0": facts_paid.imaging,
    "26436-6": facts_paid.biology,
    "29554-3": facts_paid.other,
}


def facts_of(document: RetrievedDocument, key: str) -> Facts:
    """Everything a document says that the program understands.

    :param key: its logical id, kept in each fact.
    """
    if len(document.content) > MAX_BYTES:
        return Facts(key, notes=(NoteCode.TOO_LARGE,))
    try:
        root = cda_source.read(document.content).root
    except UnreadableDocument:
        return Facts(key, notes=(NoteCode.UNREADABLE,))
    found = Gathered(key, at_of(child(root, "effectiveTime")), _by_patient(root), Narrative(root))
    body = child(root, "component", "structuredBody")
    notes = _read(root, body, found) if body is not None else (NoteCode.NOT_STRUCTURED,)
    allergies = found.none_said
    if any(fact.kind is FactKind.ALLERGY for fact in found.facts):
        allergies = AllergyKnowledge.KNOWN
    return Facts(
        key,
        allergies,
        tuple(found.facts),
        tuple(found.observations),
        tuple(found.treatments),
        tuple(found.immunizations),
        tuple(found.reimbursements),
        _contacts(root, found),
        notes,
    )


def _read(root: etree._Element, body: etree._Element, found: Gathered) -> tuple[NoteCode, ...]:
    code = child(root, "code")
    kind = code.get("code", "") if code is not None else ""
    paid = kind == _REIMBURSEMENTS
    readers = _PAID if paid else _SECTIONS
    left = MAX_ENTRIES
    for section in body.iter(f"{N}section"):
        reader = next((readers[code] for code in _codes(section) if code in readers), None)
        if reader is None and not paid and kind not in _NO_VALUES:
            reader = facts_statements.values
        if reader is None:
            continue
        entries = children(section, "entry")
        for entry in islice(entries, left):
            reader(entry, found)
        if len(entries) > left:
            return (NoteCode.CUT,)
        left -= len(entries)
    return ()


def _codes(section: etree._Element) -> tuple[str, ...]:
    """The translation first: CNAM-HR cuts its acts by it."""
    code = child(section, "code")
    if code is None:
        return ()
    return (*(one.get("code", "") for one in children(code, "translation")), code.get("code", ""))


def _by_patient(root: etree._Element) -> bool:
    ids = children(root, "author", "assignedAuthor", "id")
    return any((one.get("root") or "").startswith(_INS) for one in ids)


def _contacts(root: etree._Element, found: Gathered) -> tuple[PersonToWarn, ...]:
    told = []
    for holder in islice(children(root, "informant", "relatedEntity"), 20):
        role, name = _ROLES.get(holder.get("classCode") or ""), name_of(child(holder, "relatedPerson"))
        if role is None or not name:
            continue
        numbers = tuple(
            squeezed((one.get("value") or "").removeprefix("tel:"))
            for one in children(holder, "telecom")
            if (one.get("value") or "").startswith("tel:")
        )
        told.append(PersonToWarn(name, role, label(child(holder, "code")), numbers[:3], found.at, found.key))
    return tuple(told)
