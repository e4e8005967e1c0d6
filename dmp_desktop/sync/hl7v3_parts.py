"""Parts that every message about a dossier's registration is made of (TD1.1, TD1.2, TD1.3b, TD1.4)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from lxml import etree

from dmp_desktop.domain import oids
from dmp_desktop.domain.dossier import Confirmation
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import Sex
from dmp_desktop.domain.oids import NS_GDP, NS_HL7
from dmp_desktop.domain.professional import Professional, Situation
from dmp_desktop.sync.errors import UnexpectedAnswer
from dmp_desktop.sync.hl7v3 import Frame, accepted, check_patient, find, typed
from dmp_desktop.sync.soap import node

# Authors' specialities: JDV_J01-XdsAuthorSpecialty.
_AUTHOR_SPECIALITY: Final = "1.2.250.1.213.1.1.4.5"
_AUTHOR_DESK: Final = "1.2.250.1.213.1.1.4.6"
REVISE_ACTION: Final = "urn:hl7-org:v3:PRPA_IN201314UV02"
REVISE_ANSWER_ACTION: Final = "urn:hl7-org:v3:PRPA_IN201314ResponseUV02"
GENDERS: Final = {Sex.FEMALE: "F", Sex.MALE: "M", Sex.UNKNOWN: "UN"}
PREFIXES: Final = {Sex.FEMALE: "Mme", Sex.MALE: "M"}
_TS: Final = re.compile(r"\d{1,8}")


def registration(act: etree._Element) -> etree._Element:
    """The request to register something, below a control act."""
    subject = node(act, "subject", None, typeCode="SUBJ", contextConductionInd="false")
    request = node(subject, "registrationRequest", None, classCode="REG", moodCode="RQO")
    node(request, "statusCode", None, code="active")
    return request


def patient_of(request: etree._Element, ins: Ins, status: str = "active") -> etree._Element:
    """Whom it is about, and the state their dossier is to have."""
    patient = node(node(request, "subject1", None, typeCode="SBJ"), "patient", None, classCode="PAT")
    node(patient, "id", None, root=ins.oid, extension=ins.value)
    node(patient, "statusCode", None, code=status)
    return patient


def name_of(
    person: etree._Element, *, civility: str, birth_name: str, used_name: str, given_names: Iterable[str]
) -> None:
    """The name of a person. The interface expects a used name (SP): the birth name is it when no other is known."""
    name = node(person, "name")
    if civility:
        node(name, "prefix", civility)
    node(name, "family", used_name or birth_name, qualifier="SP")
    if birth_name:
        node(name, "family", birth_name, qualifier="BR")
    for given in given_names:
        node(name, "given", given)


def birth_time(person: etree._Element, raw: str) -> None:
    """A date on no calendar passes as it is (HL7's TS takes any digits); what is not digits has no place there."""
    if _TS.fullmatch(raw):
        node(person, "birthTime", None, value=raw)
    else:
        node(person, "birthTime", None, nullFlavor="UNK")


def oppositions(patient: etree._Element, *, break_glass: bool, emergency: bool) -> None:
    """The two emergency accesses the person opposes (EX_1.1-1050)."""
    observation(patient, "OPPOSITION_BRIS_DE_GLACE", "opposition au mode bris de glace", break_glass)
    observation(patient, "OPPOSITION_ACCES_URGENCE", "opposition à l'accès au mode urgence", emergency)


def observation(patient: etree._Element, code: str, label: str, value: bool, when: str = "") -> None:
    """One yes or no about the person."""
    subject = node(patient, "subjectOf", None, typeCode="SBJ")
    observation = node(subject, "administrativeObservation", None, classCode="OBS", moodCode="EVN")
    node(observation, "code", None, code=code, codeSystem=oids.DMP_OBSERVATION, displayName=label)
    if when:
        node(observation, "effectiveTime", None, value=when)
    typed(observation, "value", "BL", value="true" if value else "false")


def author_of(request: etree._Element, person: Professional, situation: Situation) -> None:
    """Who opens, from their card: never from the event (EX_2.1-1140 says the same of documents)."""
    author = node(request, "author", None, typeCode="AUT")
    entity = node(author, "assignedEntity", None, classCode="ASSIGNED")
    node(entity, "id", None, root=oids.PS_ID, extension=person.id.value)
    if person.profession:
        code = f"G15_{person.profession}" + (f"/{person.speciality}" if person.speciality else "")
        label = " - ".join(filter(None, (person.profession_label, person.speciality_label)))
        system = _AUTHOR_SPECIALITY
    else:
        code, label, system = "SECRETARIAT_MEDICAL", "Secrétariat médical", _AUTHOR_DESK
    node(entity, "code", None, code=code, codeSystem=system, **({"displayName": label} if label else {}))
    named = node(entity, "assignedPerson", None, classCode="PSN", determinerCode="INSTANCE")
    name = node(named, "name")
    node(name, "family", person.family)
    node(name, "given", person.given)
    organisation = node(entity, "representedOrganization", None, classCode="ORG", determinerCode="INSTANCE")
    node(organisation, "id", None, root=oids.STRUCTURE_ID, extension=situation.structure.value)
    node(organisation, "name", situation.name)
    node(organisation, "contactParty", None, classCode="CON")


def read_registration(
    element: etree._Element, frame: Frame, ins: Ins, wrapper: str, acceptance: str, refusal: str
) -> Confirmation:
    """The answer to a request: one of two interactions, inside a wrapper of the interface.

    :raises RefusedByStore: a refusal; ``BadAnswer``: not the answer to this request.
    """
    if element.tag != f"{{{NS_GDP}}}{wrapper}" or len(element) != 1:
        raise UnexpectedAnswer("another answer than awaited", part=wrapper)
    answer = element[0]
    if answer.tag == f"{{{NS_HL7}}}{refusal}":
        accepted(answer, frame, refusal)
        raise UnexpectedAnswer("a refusal that accepts", part=refusal)
    received = accepted(answer, frame, acceptance)
    patient = find(received.control, "subject/registrationEvent/subject1/patient")
    if patient is None:
        raise UnexpectedAnswer("a part is missing", part="patient")
    # The official example of such an answer names the patient without an id; the acknowledged message has one.
    check_patient(patient, ins, required=False)
    return Confirmation(received.at, received.store_id)


def read_revision(element: etree._Element, frame: Frame, ins: Ins) -> Confirmation:
    """The answer to TD1.2, TD1.3b and TD1.4: ``PRPA_IN201315UV02`` accepts, ``PRPA_IN201316UV02`` refuses."""
    return read_registration(
        element, frame, ins, "PRPA_IN201314UV02_Response", "PRPA_IN201315UV02", "PRPA_IN201316UV02"
    )
