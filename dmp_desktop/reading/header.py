"""The header of a CDA: who, about whom, when, for whom (CI-SIS, volet structuration minimale; shown, EX_3.2-1030)."""

from __future__ import annotations

from datetime import datetime, timedelta

from lxml import etree

from dmp_desktop.domain import oids, terminology
from dmp_desktop.domain.identity import BirthDate, Traits, fold
from dmp_desktop.domain.readable import Header, Participant, Patient
from dmp_desktop.errors import DmpError
from dmp_desktop.reading.cda_words import (
    N,
    address_of,
    child,
    children,
    label,
    moment,
    name_of,
    period,
    squeezed,
    when,
    words_of,
)
from dmp_desktop.reading.errors import FutureDate, MissingDate, NoPerson, OtherPerson

_SEXES = {"F": "féminin", "M": "masculin"}
_BORN = {"féminin": "née le", "masculin": "né le"}
_INS = {oids.INS_NIR, oids.INS_NIA, oids.INS_NIR_TEST, oids.INS_NIR_DEMO, oids.INS_C}
_CONFIDENTIALITY = {"N": "normale", "R": "restreinte", "V": "très restreinte"}
_MOST = 40
"""Bound of each list of participants: beyond it, a hostile header would push the document out of sight."""

_AHEAD = timedelta(days=1)
"""How far ahead of this post's clock a document may be dated: clocks differ, and so do the zones written."""


def read_header(root: etree._Element) -> Header:
    """The header; whatever is missing is empty."""
    custodian = child(root, "custodian", "assignedCustodian", "representedCustodianOrganization")
    event = child(root, "documentationOf", "serviceEvent")
    return Header(
        title=words_of(child(root, "title")),
        kind=_kind(child(root, "code")),
        acted=period(child(event, "effectiveTime")),
        created=_time(child(root, "effectiveTime")),
        patient=_patient(root),
        authors=tuple(_author(one) for one in children(root, "author")[:_MOST]),
        custodian=tuple(line for line in (name_of(custodian), *address_of(custodian)) if line),
        facts=tuple(_facts(root)),
    )


def check_header(root: etree._Element, header: Header, person: Traits | None, now: datetime | None) -> list[DmpError]:
    """What must be known before trusting the header.

    :param person: whose dossier is open; without it, whom the document is about is not checked.
    """
    warnings: list[DmpError] = []
    if person is not None:
        patient = header.patient
        if not (patient.family or patient.used):
            warnings.append(NoPerson("no name in the document"))
        elif not _same(patient, person):
            warnings.append(OtherPerson("another name or birth date"))
    made = child(root, "effectiveTime")
    created = moment(made.get("value")) if made is not None else None
    if created is None:
        warnings.append(MissingDate("no date"))
    elif now is not None and created > now + _AHEAD:
        warnings.append(FutureDate("dated after now"))
    return warnings


def _same(patient: Patient, person: Traits) -> bool:
    """Whether the document may be about ``person``: the birth date when both are known, and one of the family names.

    A used name on one side and a birth name on the other are no difference: many documents hold one of them only.
    """
    theirs, ours = patient.birth[:8], person.birth_date.raw
    if len(theirs) == 8 and len(ours) == 8 and theirs != ours:
        return False
    names = {fold(name) for name in (patient.family, patient.used) if name}
    known = {fold(name) for name in (person.birth_name, person.used_name) if name}
    return any(a == b or a in b.split() or b in a.split() for a in names for b in known)


def _kind(code: etree._Element | None) -> str:
    if code is None:
        return ""
    concept = terminology.table(terminology.TYPE).concept(code.get("code", ""))
    return concept.code.label if concept else label(code)


def _time(element: etree._Element | None) -> str:
    return when(element.get("value")) if element is not None and element.get("value") else ""


def _patient(root: etree._Element) -> Patient:
    role = child(root, "recordTarget", "patientRole")
    patient = child(role, "patient")
    name = child(patient, "name")
    families = {one.get("qualifier", ""): words_of(one) for one in reversed(children(name, "family"))}
    givens = {one.get("qualifier", ""): words_of(one) for one in reversed(children(name, "given"))}
    family = families.get("BR") or families.get("") or next(iter(families.values()), "")
    used = families.get("CL") or families.get("SP") or ""
    given = givens.get("") or givens.get("BR") or next(iter(givens.values()), "")
    born = child(patient, "birthTime")
    birth = squeezed(born.get("value")) if born is not None else ""
    gender = child(patient, "administrativeGenderCode")
    sex = _SEXES.get(gender.get("code", ""), label(gender)) if gender is not None else ""
    numbers = [one for one in children(role, "id") if one.get("root") in _INS and one.get("extension")]
    # Given names in capitals, as on a card, are read as the banner above shows them.
    words = ", ".join(part for part in (family, given.title() if given.isupper() else given) if part)
    if used and fold(used) != fold(family):
        words += f" (nom utilisé\u00a0: {used})"
    if birth:
        words += f", {_BORN.get(sex, 'né(e) le')} {BirthDate(birth[:8]).text}"
    if sex:
        words += f", sexe {sex}"
    return Patient(family, used, given, birth, sex, tuple(squeezed(one.get("extension")) for one in numbers), words)


def _author(author: etree._Element) -> Participant:
    assigned = child(author, "assignedAuthor")
    device = child(assigned, "assignedAuthoringDevice")
    made = [words_of(child(device, part)) for part in ("manufacturerModelName", "softwareName")]
    return Participant(
        name=name_of(child(assigned, "assignedPerson"))
        or " ".join(part for part in made if any(c.isalnum() for c in part)),
        role=label(child(assigned, "code")) or label(child(author, "functionCode")),
        organisation=name_of(child(assigned, "representedOrganization")),
        at=_time(child(author, "time")),
    )


def _entity(holder: etree._Element, entity: str, person: str, organisation: str = "representedOrganization") -> str:
    found = child(holder, entity)
    parts = (
        name_of(child(found, person)),
        label(child(found, "code")),
        name_of(child(found, organisation)),
    )
    told = ", ".join(part for part in parts if part)
    at = _time(child(holder, "time"))
    return f"{told}, le {at}" if told and at else told


def _facts(root: etree._Element) -> list[tuple[str, str]]:
    """Everything else, label and value."""
    facts: list[tuple[str, str]] = []

    def tell(name: str, value: str) -> None:
        if value and (name, value) not in facts:
            facts.append((name, value))

    for author in children(root, "author")[:_MOST]:
        one = _author(author)
        tell("Auteur", f"{one.words}, le {one.at}" if one.at and one.words else one.words)
    for holder in children(root, "legalAuthenticator"):
        tell("Responsable", _entity(holder, "assignedEntity", "assignedPerson"))
    for holder in children(root, "authenticator")[:_MOST]:
        tell("Validé par", _entity(holder, "assignedEntity", "assignedPerson"))
    for holder in children(root, "informationRecipient")[:_MOST]:
        tell("Destinataire", _entity(holder, "intendedRecipient", "informationRecipient", "receivedOrganization"))
    for event in children(root, "documentationOf", "serviceEvent")[:_MOST]:
        told = ", ".join(part for part in (label(child(event, "code")), period(child(event, "effectiveTime"))) if part)
        tell("Acte", told)
        for performer in children(event, "performer")[:_MOST]:
            tell("Exécutant", _entity(performer, "assignedEntity", "assignedPerson"))
    for holder in children(root, "participant")[:_MOST]:
        role = {"INF": "Informateur", "REF": "Adressé par", "ATTPHYS": "Médecin"}.get(holder.get("typeCode", ""))
        tell(role or "Participant", _entity(holder, "associatedEntity", "associatedPerson", "scopingOrganization"))
    for holder in children(root, "informant")[:_MOST]:
        tell("Informateur", _entity(holder, "relatedEntity", "relatedPerson"))
        tell("Informateur", _entity(holder, "assignedEntity", "assignedPerson"))
    encounter = child(root, "componentOf", "encompassingEncounter")
    place = child(encounter, "location", "healthCareFacility")
    stay = (label(child(encounter, "code")), period(child(encounter, "effectiveTime")), label(child(place, "code")))
    tell("Prise en charge", ", ".join(part for part in stay if part))
    enterer = child(root, "dataEnterer")
    if enterer is not None:
        tell("Saisi par", _entity(enterer, "assignedEntity", "assignedPerson"))
    code = child(root, "confidentialityCode")
    level = code.get("code", "") if code is not None else ""
    tell("Confidentialité", _CONFIDENTIALITY.get(level, label(code)))
    version = child(root, "versionNumber")
    tell("Version", squeezed(version.get("value")) if version is not None else "")
    for parent in root.iterfind(f"{N}relatedDocument[@typeCode='RPLC']"):
        replaced = child(parent, "parentDocument", "id")
        tell("Remplace", squeezed(replaced.get("root")) if replaced is not None else "")
    tell("Matricule INS", ", ".join(_patient(root).matricules))
    identifier = child(root, "id")
    tell("Référence", squeezed(identifier.get("root")) if identifier is not None else "")
    return facts
