"""TD1.1 and TD1.2: open a dossier, or open it again (``PRPA_IN201311UV02``, ``PRPA_IN201314UV02``).

Contents after the official kit (v2.06.01) and the NE2009 schemas, whose order is kept. The traits of the Carte Vitale
travel exactly as they were read (EX_GEN-1265); the consent travels with the moment it was given (EX_1.1-1010).
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from dmp_desktop.domain import oids
from dmp_desktop.domain.dossier import Confirmation, Contact, Representative
from dmp_desktop.domain.events import Opening
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import CardTraits, Sex, Traits
from dmp_desktop.domain.oids import NS_GDP, NS_HL7
from dmp_desktop.domain.professional import Professional, Situation
from dmp_desktop.sync.credentials import Credentials
from dmp_desktop.sync.errors import IdentityNotRetrieved, UnexpectedAnswer
from dmp_desktop.sync.hl7v3 import Frame, accepted, check_patient, control_act, find, message, nil, stamp, typed
from dmp_desktop.sync.soap import node

CREATE_ACTION: Final = "urn:hl7-org:v3:PRPA_IN201311UV02"
CREATE_ANSWER_ACTION: Final = "urn:hl7-org:v3:PRPA_IN201311ResponseUV02"
REVISE_ACTION: Final = "urn:hl7-org:v3:PRPA_IN201314UV02"
REVISE_ANSWER_ACTION: Final = "urn:hl7-org:v3:PRPA_IN201314ResponseUV02"
# Authors' specialities: JDV_J01-XdsAuthorSpecialty.
_AUTHOR_SPECIALITY: Final = "1.2.250.1.213.1.1.4.5"
_AUTHOR_DESK: Final = "1.2.250.1.213.1.1.4.6"
_TS: Final = re.compile(r"\d{1,8}")
_GENDERS: Final = {Sex.FEMALE: "F", Sex.MALE: "M", Sex.UNKNOWN: "UN"}
_PREFIXES: Final = {Sex.FEMALE: "Mme", Sex.MALE: "M"}


def creation_request(frame: Frame, opening: Opening, credentials: Credentials) -> etree._Element:
    """TD1.1, reason ``CREA_RD``.

    :raises IdentityNotRetrieved: the opening has no INS yet.
    """
    root = message(frame, "PRPA_IN201311UV02")
    request = _registration(control_act(root, "CREA_RD", "Création de dossier"))
    patient = _patient(request, _ins(opening))
    person = _person(patient, opening)
    _card(person, opening.card)
    _representative(person, opening.representative)
    nil(patient, "providerOrganization", classCode="ORG", determinerCode="INSTANCE")
    given_at = stamp(opening.consent.given_at)
    _observation(patient, "CONSENTEMENT_OUVERTURE_DMP", "Consentement à l'ouverture du DMP", True, given_at)
    _oppositions(patient, opening)
    _author(request, credentials.professional, credentials.situation)
    return root


def reactivation_request(frame: Frame, opening: Opening, credentials: Credentials) -> etree._Element:
    """TD1.2, reason ``REAC``.

    :raises IdentityNotRetrieved: the opening has no INS yet.
    """
    root = message(frame, "PRPA_IN201314UV02")
    request = _registration(control_act(root, "REAC", "Réactivation de dossier"))
    patient = _patient(request, _ins(opening))
    person = _person(patient, opening)
    _card(person, opening.card)
    _representative(person, opening.representative)
    given_at = stamp(opening.consent.given_at)
    _observation(patient, "CONSENTEMENT_REACTIVATION_DMP", "Consentement à la réactivation du DMP", True, given_at)
    _oppositions(patient, opening)
    _author(request, credentials.professional, credentials.situation)
    return root


def read_creation(element: etree._Element, frame: Frame, ins: Ins) -> Confirmation:
    """The answer to TD1.1: ``PRPA_IN201312UV02`` accepts, ``PRPA_IN201313UV02`` refuses.

    :raises AlreadyOpen: a dossier exists already (``DMPFound``).
    :raises RefusedByStore: another refusal; ``BadAnswer``: not the answer to this request.
    """
    return _read(element, frame, ins, "PRPA_IN201311UV02_Response", "PRPA_IN201312UV02", "PRPA_IN201313UV02")


def read_reactivation(element: etree._Element, frame: Frame, ins: Ins) -> Confirmation:
    """The answer to TD1.2: ``PRPA_IN201315UV02`` accepts, ``PRPA_IN201316UV02`` refuses."""
    return _read(element, frame, ins, "PRPA_IN201314UV02_Response", "PRPA_IN201315UV02", "PRPA_IN201316UV02")


def _read(element: etree._Element, frame: Frame, ins: Ins, wrapper: str, acceptance: str, refusal: str) -> Confirmation:
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


# -- parts of a request -----------------------------------------------------------------------------------------------


def _ins(opening: Opening) -> Ins:
    if opening.ins is None:
        raise IdentityNotRetrieved("an opening without INS cannot leave")
    return opening.ins


def _registration(act: etree._Element) -> etree._Element:
    subject = node(act, "subject", None, typeCode="SUBJ", contextConductionInd="false")
    request = node(subject, "registrationRequest", None, classCode="REG", moodCode="RQO")
    node(request, "statusCode", None, code="active")
    return request


def _patient(request: etree._Element, ins: Ins) -> etree._Element:
    patient = node(node(request, "subject1", None, typeCode="SBJ"), "patient", None, classCode="PAT")
    node(patient, "id", None, root=ins.oid, extension=ins.value)
    node(patient, "statusCode", None, code="active")
    return patient


def _person(patient: etree._Element, opening: Opening) -> etree._Element:
    traits = opening.traits
    person = node(patient, "patientPerson", None, classCode="PSN", determinerCode="INSTANCE")
    _name(person, traits)
    _telecom(person, opening.contact)
    node(person, "administrativeGenderCode", None, code=_GENDERS[traits.sex])
    _birth(person, traits.birth_date.raw)
    return person


def _name(person: etree._Element, traits: Traits) -> None:
    name = node(person, "name")
    if traits.sex in _PREFIXES:
        node(name, "prefix", _PREFIXES[traits.sex])
    # The interface expects a used name (SP): the birth name is also the used one when no other is known.
    node(name, "family", traits.used_name or traits.birth_name, qualifier="SP")
    node(name, "family", traits.birth_name, qualifier="BR")
    for given in traits.given_names:
        node(name, "given", given)


def _telecom(person: etree._Element, contact: Contact) -> None:
    if contact.mobile:
        node(person, "telecom", None, use="MC", value=f"tel:{contact.mobile}")
    if contact.email:
        node(person, "telecom", None, value=f"mailto:{contact.email}")


def _birth(person: etree._Element, raw: str) -> None:
    """A date on no calendar passes as it is (HL7's TS takes any digits); what is not digits has no place there."""
    if _TS.fullmatch(raw):
        node(person, "birthTime", None, value=raw)
    else:
        node(person, "birthTime", None, nullFlavor="UNK")


def _card(person: etree._Element, card: CardTraits) -> None:
    """Whom the Carte Vitale names, as read. The schema wants a telecom, which a card does not hold."""
    party = node(person, "contactParty", None, classCode="CON")
    node(party, "code", None, code="CARTE_SESAM_VITALE", codeSystem=oids.DMP_CARD_CONTACT)
    node(party, "telecom", None, nullFlavor="NA")
    holder = node(party, "contactPerson")
    name = node(holder, "name")
    node(name, "family", card.name, qualifier="BR")
    node(name, "given", card.given_name)
    _birth(holder, card.birth_date.raw)


def _representative(person: etree._Element, representative: Representative | None) -> None:
    if representative is None:
        return
    relation = node(person, "personalRelationship", None, classCode="PRS")
    node(relation, "code", None, code=representative.quality.value, codeSystem=oids.ROLE_CODE)
    holder = node(relation, "relationshipHolder1", None, classCode="PSN", determinerCode="INSTANCE")
    name = node(holder, "name")
    node(name, "family", representative.family)
    node(name, "given", representative.given)


def _oppositions(patient: etree._Element, opening: Opening) -> None:
    """The two emergency accesses: the person lets, the message says whether they oppose (EX_1.1-1050)."""
    consent = opening.consent
    _observation(patient, "OPPOSITION_BRIS_DE_GLACE", "opposition au mode bris de glace", not consent.break_glass)
    _observation(patient, "OPPOSITION_ACCES_URGENCE", "opposition à l'accès au mode urgence", not consent.centre_15)


def _observation(patient: etree._Element, code: str, label: str, value: bool, when: str = "") -> None:
    subject = node(patient, "subjectOf", None, typeCode="SBJ")
    observation = node(subject, "administrativeObservation", None, classCode="OBS", moodCode="EVN")
    node(observation, "code", None, code=code, codeSystem=oids.DMP_OBSERVATION, displayName=label)
    if when:
        node(observation, "effectiveTime", None, value=when)
    typed(observation, "value", "BL", value="true" if value else "false")


def _author(request: etree._Element, person: Professional, situation: Situation) -> None:
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
