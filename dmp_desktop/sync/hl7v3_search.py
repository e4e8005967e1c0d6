"""TD0.5: who is this person, without an INS? For a medical regulation only (``PRPA_IN201305UV02``, PDQ V3, NE2008).

The official answer differs from its schema and from IHE here and there (its acknowledgement's code is an element, its
``queryAck`` names another query): it is read as it comes, and known to be ours by the message it acknowledges.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from dmp_desktop.domain import oids
from dmp_desktop.domain.habilitations import PatientMatch, PatientMatches, PatientQuery
from dmp_desktop.domain.identifiers import BadIdentifier, Ins, Nir
from dmp_desktop.domain.identity import BirthDate, Sex
from dmp_desktop.domain.oids import NS_HL7
from dmp_desktop.sync.errors import NothingToSearch, UnexpectedAnswer, WrongMessage, refused
from dmp_desktop.sync.hl7v3 import Frame, child, find, find_all, message
from dmp_desktop.sync.hl7v3_administration import address_of, names, sex_of, text
from dmp_desktop.sync.hl7v3_parts import GENDERS
from dmp_desktop.sync.soap import node

ACTION: Final = "urn:hl7-org:v3:PRPA_IN201305UV02"
ANSWER_ACTION: Final = "urn:hl7-org:v3:PRPA_IN201306UV02"
_PERSON: Final = "subject/registrationEvent/subject1/patient"


def search_request(frame: Frame, asked: PatientQuery) -> etree._Element:
    """Who looks like this?

    :raises NothingToSearch: not even a name.
    """
    families = [name.strip() for name in asked.names if name.strip()]
    if not families:
        raise NothingToSearch("a name is needed")
    root = message(frame, "PRPA_IN201305UV02")
    act = node(root, "controlActProcess", None, classCode="CACT", moodCode="EVN")
    node(act, "code", None, code="PRPA_TE201305UV02", codeSystem=oids.HL7_INTERACTION)
    query = node(act, "queryByParameter")
    node(query, "queryId", None, root=f"{frame.software.oid}.2", extension=frame.query)
    node(query, "statusCode", None, code="new")
    # Required by IHE (ITI-47 §3.47.4.1.2.2): answer in real time, immediately. The official example leaves them out.
    node(query, "responseModalityCode", None, code="R")
    node(query, "responsePriorityCode", None, code="I")
    parameters = node(query, "parameterList")
    if asked.sex is not Sex.UNKNOWN:
        gender = node(parameters, "livingSubjectAdministrativeGender")
        node(gender, "value", None, code=GENDERS[asked.sex])
        node(gender, "semanticsText", "LivingSubject.administrativeGender")
    if asked.birth_date is not None:
        birth = node(parameters, "livingSubjectBirthTime")
        node(birth, "value", None, value=asked.birth_date.raw)
        node(birth, "semanticsText", "LivingSubject.birthTime")
    for family in families:
        subject = node(parameters, "livingSubjectName")
        name = node(subject, "value")
        node(name, "family", family)
        if asked.given_name:
            node(name, "given", asked.given_name)
        node(subject, "semanticsText", "LivingSubject.name")
    if asked.postcode or asked.city:
        address = node(parameters, "patientAddress")
        value = node(address, "value")
        if asked.postcode:
            node(value, "postalCode", asked.postcode)
        if asked.city:
            node(value, "city", asked.city)
        node(address, "semanticsText", "Patient.addr")
    return root


def read_search(root: etree._Element, frame: Frame) -> PatientMatches:
    """Who was found, nobody included.

    :raises BadAnswer: not the answer to this query; ``RefusedByStore``: a refusal (too many answers, rights…).
    """
    if root.tag != f"{{{NS_HL7}}}PRPA_IN201306UV02":
        raise UnexpectedAnswer("another interaction than awaited", part="PRPA_IN201306UV02")
    target = child(root, "acknowledgement/targetMessage/id").get("extension", "")
    if target.lower() != frame.message.lower():
        raise WrongMessage("the answer acknowledges another message")
    _check_acknowledged(child(root, "acknowledgement"))
    control = child(root, "controlActProcess")
    response = child(control, "queryAck/queryResponseCode").get("code", "")
    if response == frame.disputed.not_found:
        return PatientMatches((), 0)
    if response != "OK":
        raise refused(response)
    matches = tuple(_match(patient) for patient in find_all(control, _PERSON))
    total = find(control, "queryAck/resultTotalQuantity")
    told = _number(total.get("value", "")) if total is not None else None
    return PatientMatches(matches, max(told or 0, len(matches)))


def _check_acknowledged(acknowledgement: etree._Element) -> None:
    # NE2008 makes a child of what NE2009 makes an attribute.
    inner = find(acknowledgement, "typeCode")
    kind = acknowledgement.get("typeCode") or (inner.get("code", "") if inner is not None else "")
    if kind == "AA":
        return
    if kind not in {"AE", "AR"}:
        raise UnexpectedAnswer("neither accepted nor refused", part="acknowledgement")
    code = find(acknowledgement, "acknowledgementDetail/code")
    why = find(acknowledgement, "acknowledgementDetail/text")
    raise refused((code.get("code", "") if code is not None else "") or kind, text(why))


def _match(patient: etree._Element) -> PatientMatch:
    person = child(patient, "patientPerson")
    used, birth = names(person)
    address, born = address_of(person), find(person, "birthTime")
    return PatientMatch(
        ins=_ins(patient),
        birth_name=birth,
        used_name=used,
        given_names=tuple(filter(None, (text(given) for given in find_all(person, "name/given")))),
        sex=sex_of(person),
        birth_date=BirthDate(born.get("value", "")[:8] if born is not None else ""),
        postcode=address.postcode,
        city=address.city,
        percentage=_percentage(patient),
        opposed_to_emergency=_opposed(patient),
    )


def _ins(patient: etree._Element) -> Ins | None:
    for found in find_all(patient, "id"):
        try:
            return Ins(Nir(found.get("extension", "")), found.get("root", ""))
        except BadIdentifier:
            continue
    return None


def _percentage(patient: etree._Element) -> int | None:
    for observation in find_all(patient, "subjectOf1/queryMatchObservation"):
        value = find(observation, "value")
        if value is not None:
            return _number(value.get("value", ""))
    return None


def _opposed(patient: etree._Element) -> bool:
    # The example hangs it on subjectOf2; TD0.2 and TD1.3a on subjectOf.
    for place in ("subjectOf2", "subjectOf"):
        for observation in find_all(patient, f"{place}/administrativeObservation"):
            code, value = find(observation, "code"), find(observation, "value")
            if code is not None and code.get("code") == "OPPOSITION_ACCES_URGENCE" and value is not None:
                return value.get("value") == "true"
    return False


def _number(digits: str) -> int | None:
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None
