"""CDA R2 level 1: a complete header (CI-SIS, volet structuration minimale 1.16) around a PDF/A-1, a text or an image.

Author data come from the card, never from a form (EX_2.1-1140). Identifiers are OIDs alone: the DMP takes no
extension. Visibility is no part of a CDA, whose confidentiality only knows N, R and V.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from lxml import etree

from dmp_desktop.domain import oids, terminology
from dmp_desktop.domain.document import DocumentAuthor, NewDocument
from dmp_desktop.domain.identity import BirthDate, Identity, Sex, Traits
from dmp_desktop.domain.oids import NS_HL7
from dmp_desktop.domain.professional import Professional, Situation
from dmp_desktop.domain.terminology import Code
from dmp_desktop.errors import IdentityError
from dmp_desktop.sync.cda_content import CdaFile
from dmp_desktop.sync.errors import IdentityNotRetrieved
from dmp_desktop.sync.soap import element, node

_HL7_FRANCE: Final = "2.16.840.1.113883.2.8.2.1"
_CI_SIS: Final = "1.2.250.1.213.1.1.1.1"
_XDS_SD: Final = "1.3.6.1.4.1.19376.1.2.20"
_GENDERS: Final = {Sex.FEMALE: ("F", "Féminin"), Sex.MALE: ("M", "Masculin"), Sex.UNKNOWN: ("UN", "Inconnu")}


class TraitsIncomplete(IdentityError):
    """A document bears the five traits that go with the INS, and one is not known: ask INSi again."""

    code = "traits-incomplete"


@dataclass(frozen=True, slots=True)
class Custodian:
    """The structure that answers for the documents it sends.

    :ivar address: lines as on an envelope.
    """

    id: str
    name: str
    sector: str
    address: tuple[str, ...] = ()


def author_of(person: Professional, situation: Situation) -> DocumentAuthor:
    """The holder of a card as the author of documents, in the chosen practice situation."""
    if person.profession:
        value = f"G15_{person.profession}" + (f"/{person.speciality}" if person.speciality else "")
        label = " - ".join(filter(None, (person.profession_label, person.speciality_label)))
        code = terminology.table(terminology.SPECIALITY).code(value, oids.AUTHOR_SPECIALITY, label)
    else:
        code = terminology.table(terminology.SPECIALITY).require("SECRETARIAT_MEDICAL")
    return DocumentAuthor(
        id=person.id.value,
        family=person.family,
        given=person.given,
        # IDNPS is the kind of a national number; the examples show EI for one given by the structure.
        id_kind="IDNPS" if person.id.value[0] in "08" else "EI",
        speciality=code,
        structure=situation.structure.value,
        structure_name=situation.name,
    )


def author_for(document: NewDocument, sender: DocumentAuthor) -> DocumentAuthor:
    """Who wrote ``document``: the sender, or whom it names, at the sender's structure (the DMP wants one alone)."""
    if document.author is None:
        return sender
    return replace(document.author, structure=sender.structure, structure_name=sender.structure_name)


def write(document: NewDocument, identity: Identity, sender: DocumentAuthor, custodian: Custodian) -> CdaFile:
    """The CDA of ``document`` about the person of ``identity``.

    :param sender: whoever signs; they are the author too, unless the document names another (TD2.2: reception sends
        for a doctor, and appears as the one who entered it).
    :raises IdentityNotRetrieved: nothing may be sent about this identity (RNIV).
    :raises TraitsIncomplete: birth name, given name, birth date or birth place is missing.
    :raises UnsendableValue: a value holds a character that XML cannot carry.
    """
    author = author_for(document, sender)
    mark = uuid.uuid4().hex
    root = element(f"{{{NS_HL7}}}ClinicalDocument", {None: NS_HL7})
    _identification(root, document)
    _record_target(root, identity)
    _author(root, author, document.created_at, custodian)
    if document.author is not None:
        _data_enterer(root, sender, document.created_at)
    _custodian(root, custodian)
    _authenticator(root, author, document.created_at)
    _orders(root, document)
    _service(root, document, author, custodian)
    if document.replaces is not None:
        related = node(root, "relatedDocument", None, typeCode="RPLC")
        parent = node(related, "parentDocument")
        node(parent, "id", None, root=document.replaces.unique_id)
    _encounter(root, document, custodian)
    body = node(node(node(root, "component"), "nonXMLBody"), "text", mark)
    body.set("mediaType", document.content.media_type.value)
    body.set("representation", "B64")
    head, _, tail = etree.tostring(root, method="c14n", with_comments=True).partition(mark.encode())
    body.text = None
    return CdaFile(root, head, tail, document.content)


def _identification(root: etree._Element, document: NewDocument) -> None:
    node(root, "realmCode", None, code="FR")
    node(root, "typeId", None, root="2.16.840.1.113883.1.3", extension="POCD_HD000040")
    for template in (_HL7_FRANCE, _CI_SIS, _XDS_SD):
        node(root, "templateId", None, root=template)
    node(root, "id", None, root=document.unique_id)
    _code(root, "code", document.type_code)
    node(root, "title", document.title)
    node(root, "effectiveTime", None, value=local_time(document.created_at))
    normal = terminology.table(terminology.CONFIDENTIALITY).require("N")
    _code(root, "confidentialityCode", normal)
    node(root, "languageCode", None, code="fr-FR")
    node(root, "setId", None, root=document.set_id)
    node(root, "versionNumber", None, value=str(document.version))


def _record_target(root: etree._Element, identity: Identity) -> None:
    if identity.ins is None or not identity.may_send:
        raise IdentityNotRetrieved("nothing may be sent about this identity")
    traits = identity.traits
    if not traits.complete:
        raise TraitsIncomplete("a trait that goes with the INS is missing")
    role = node(node(root, "recordTarget"), "patientRole")
    node(role, "id", None, root=identity.ins.oid, extension=identity.ins.value)
    node(role, "addr", None, nullFlavor="NASK")
    node(role, "telecom", None, nullFlavor="NASK")
    patient = node(role, "patient", None, classCode="PSN")
    _patient_name(patient, identity.traits)
    gender, label = _GENDERS[identity.traits.sex]
    node(patient, "administrativeGenderCode", None, code=gender, displayName=label, codeSystem=oids.GENDER)
    node(patient, "birthTime", None, value=_known_part(identity.traits.birth_date))
    place = node(node(node(patient, "birthplace"), "place"), "addr")
    node(place, "county", identity.traits.birth_place)


def _known_part(born: BirthDate) -> str:
    """A birth date to the precision it has: a lunar date (month 19, day 00) is no timestamp, its year is one."""
    if born.calendar is not None:
        return born.raw
    return born.raw[:6] if "01" <= born.raw[4:6] <= "12" else born.raw[:4]


def _patient_name(patient: etree._Element, traits: Traits) -> None:
    name = node(patient, "name")
    node(name, "family", traits.birth_name, qualifier="BR")
    node(name, "given", " ".join(traits.given_names))
    node(name, "given", traits.first_given_name, qualifier="BR")
    if traits.used_name:
        node(name, "family", traits.used_name, qualifier="CL")
    if traits.used_given_name:
        node(name, "given", traits.used_given_name, qualifier="CL")


def _person(parent: etree._Element, tag: str, author: DocumentAuthor) -> None:
    name = node(node(parent, tag), "name")
    node(name, "given", author.given)
    node(name, "family", author.family)


def _author(root: etree._Element, author: DocumentAuthor, at: datetime, custodian: Custodian) -> None:
    holder = node(root, "author")
    node(holder, "time", None, value=local_time(at))
    assigned = node(holder, "assignedAuthor")
    node(assigned, "id", None, root=author.id_domain, extension=author.id)
    if author.speciality:
        _code(assigned, "code", author.speciality)
    _address(assigned, custodian)
    node(assigned, "telecom", None, nullFlavor="NASK")
    _person(assigned, "assignedPerson", author)
    organisation = node(assigned, "representedOrganization")
    node(organisation, "id", None, root=oids.STRUCTURE_ID, extension=author.structure)
    node(organisation, "name", author.structure_name)


def _data_enterer(root: etree._Element, sender: DocumentAuthor, at: datetime) -> None:
    enterer = node(root, "dataEnterer")
    node(enterer, "time", None, value=local_time(at))
    entity = node(enterer, "assignedEntity")
    node(entity, "id", None, root=sender.id_domain, extension=sender.id)
    if sender.speciality:
        _code(entity, "code", sender.speciality)
    _person(entity, "assignedPerson", sender)


def _custodian(root: etree._Element, custodian: Custodian) -> None:
    assigned = node(node(root, "custodian"), "assignedCustodian")
    organisation = node(assigned, "representedCustodianOrganization")
    node(organisation, "id", None, root=oids.STRUCTURE_ID, extension=custodian.id)
    node(organisation, "name", custodian.name)
    node(organisation, "telecom", None, nullFlavor="NASK")
    _address(organisation, custodian)


def _authenticator(root: etree._Element, author: DocumentAuthor, at: datetime) -> None:
    holder = node(root, "legalAuthenticator")
    node(holder, "time", None, value=local_time(at))
    node(holder, "signatureCode", None, code="S")
    entity = node(holder, "assignedEntity")
    node(entity, "id", None, root=author.id_domain, extension=author.id)
    if author.speciality:
        _code(entity, "code", author.speciality)
    _person(entity, "assignedPerson", author)


def _orders(root: etree._Element, document: NewDocument) -> None:
    for order_root, extension in document.orders:
        order = node(node(root, "inFulfillmentOf"), "order")
        node(order, "id", None, root=order_root, **({"extension": extension} if extension else {}))


def _service(root: etree._Element, document: NewDocument, author: DocumentAuthor, custodian: Custodian) -> None:
    """The main act, who did it and in which setting; then one part for each further act or condition."""
    for position, event in enumerate(document.events or (None,)):
        service = node(node(root, "documentationOf"), "serviceEvent")
        if event is not None:
            _code(service, "code", event)
        if position:
            continue
        period = node(service, "effectiveTime")
        node(period, "low", None, value=local_time(document.service_start))
        if document.service_stop is not None:
            node(period, "high", None, value=local_time(document.service_stop))
        entity = node(node(service, "performer", None, typeCode="PRF"), "assignedEntity")
        node(entity, "id", None, root=author.id_domain, extension=author.id)
        if author.speciality:
            _code(entity, "code", author.speciality)
        _person(entity, "assignedPerson", author)
        organisation = node(entity, "representedOrganization")
        node(organisation, "id", None, root=oids.STRUCTURE_ID, extension=author.structure)
        node(organisation, "name", author.structure_name)
        setting = terminology.table(terminology.PRACTICE).require(document.practice)
        _code(organisation, "standardIndustryClassCode", setting)


def _encounter(root: etree._Element, document: NewDocument, custodian: Custodian) -> None:
    encounter = node(node(root, "componentOf"), "encompassingEncounter")
    period = node(encounter, "effectiveTime")
    node(period, "low", None, value=local_time(document.service_start))
    facility = node(node(encounter, "location"), "healthCareFacility")
    node(facility, "id", None, root=oids.STRUCTURE_ID, extension=custodian.id)
    _code(facility, "code", terminology.table(terminology.FACILITY).code(custodian.sector, oids.SECTOR))


def _address(parent: etree._Element, custodian: Custodian) -> None:
    if not custodian.address:
        node(parent, "addr", None, nullFlavor="NASK")
        return
    address = node(parent, "addr")
    for line in custodian.address:
        node(address, "streetAddressLine", line)


def _code(parent: etree._Element, tag: str, code: Code) -> None:
    label = {"displayName": code.label} if code.label else {}
    node(parent, tag, None, code=code.value, **label, codeSystem=code.system)


def local_time(moment: datetime) -> str:
    """``20260414103000+0200``: local, with its offset. ``moment`` is aware."""
    return moment.astimezone().strftime("%Y%m%d%H%M%S%z")
