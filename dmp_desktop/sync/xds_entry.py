"""What a registry is told of a document: computed from its CDA, never asked twice (CI-SIS, mapping CDA to XDS)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from lxml import etree

from dmp_desktop.domain import oids, terminology
from dmp_desktop.domain.document import DocumentAuthor, MediaType, Visibility
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.oids import NS_HL7
from dmp_desktop.domain.terminology import Code
from dmp_desktop.errors import BugError
from dmp_desktop.sync import xds
from dmp_desktop.sync.soap import node
from dmp_desktop.sync.xds import RIM, Ids

_NS: Final = {"h": NS_HL7}
_FORMATS: Final = {  # ASS_A12 (ANS)
    MediaType.PDF: "urn:ihe:iti:xds-sd:pdf:2008",
    MediaType.TEXT: "urn:ihe:iti:xds-sd:text:2008",
    MediaType.RTF: "urn:ihe:iti-fr:xds-sd:rtf:2010",
    MediaType.JPEG: "urn:ihe:iti-fr:xds-sd:jpeg:2010",
    MediaType.TIFF: "urn:ihe:iti-fr:xds-sd:tiff:2010",
}
_REFERENCES: Final = "urn:ihe:iti:xds:2013:referenceIdList"
_ORDER: Final = "urn:ihe:iti:xds:2013:order"
_SIGNATURE_CLASS: Final = "urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1"
_SIGNATURE_FORMAT: Final = "http://www.w3.org/2000/09/xmldsig#"
_SIGNATURE_EVENT: Final = Code("1.2.840.10065.1.12.1.14", "1.2.840.10065.1.12", "Source")


def add_document(
    parent: etree._Element,
    ids: Ids,
    owner: str,
    cda: etree._Element,
    author: DocumentAuthor,
    *,
    comments: str,
    visibility: Visibility,
) -> etree._Element:
    """The ExtrinsicObject of a CDA of ours (see :func:`dmp_desktop.sync.cda.write`).

    :param author: who wrote it, as in the CDA: XDS wants the names of the structure and of the speciality together.
    :param comments: free text; ``visibility``: who does not see it, which a CDA cannot say.
    """
    type_code = _code(cda, "h:code")
    class_code = terminology.class_of(type_code)
    if class_code is None:
        raise BugError("a type of document without a class")
    entry = _entry(parent, owner)
    xds.add_slot(entry, "creationTime", [_time(cda, "h:effectiveTime/@value")])
    xds.add_slot(entry, "languageCode", [_one(cda, "h:languageCode/@code")])
    xds.add_slot(entry, "legalAuthenticator", [xds.person(author)])
    service = "h:documentationOf[1]/h:serviceEvent/h:effectiveTime"
    xds.add_slot(entry, "serviceStartTime", [_time(cda, f"{service}/h:low/@value")])
    if cda.xpath(f"{service}/h:high", namespaces=_NS):
        xds.add_slot(entry, "serviceStopTime", [_time(cda, f"{service}/h:high/@value")])
    patient = "h:recordTarget/h:patientRole"
    number, domain = _one(cda, f"{patient}/h:id[1]/@extension"), _one(cda, f"{patient}/h:id[1]/@root")
    identified = f"{number}^^^&{domain}&ISO^NH"
    xds.add_slot(entry, "sourcePatientId", [identified])
    xds.add_slot(entry, "sourcePatientInfo", _patient_info(cda, f"{patient}/h:patient"))
    if orders := _orders(cda):
        xds.add_slot(entry, _REFERENCES, orders)
    xds.add_text(entry, "Name", _one(cda, "h:title/text()"))
    xds.add_text(entry, "Description", comments)
    xds.add_author(entry, ids, oids.XDS_ENTRY_AUTHOR, owner, author)
    media = MediaType(_one(cda, "h:component/h:nonXMLBody/h:text/@mediaType"))
    formats = terminology.table(terminology.FORMAT)
    facility = _code(cda, "h:componentOf/h:encompassingEncounter/h:location/h:healthCareFacility/h:code")
    performer = "h:documentationOf[1]/h:serviceEvent/h:performer/h:assignedEntity/h:representedOrganization"
    practice = _code(cda, f"{performer}/h:standardIndustryClassCode")
    for scheme, code in (
        (oids.XDS_ENTRY_CLASS, class_code),
        (oids.XDS_ENTRY_TYPE, type_code),
        *((oids.XDS_ENTRY_CONFIDENTIALITY, held) for held in confidentiality(visibility)),
        (oids.XDS_ENTRY_FORMAT, formats.require(_FORMATS[media])),
        (oids.XDS_ENTRY_FACILITY, facility),
        (oids.XDS_ENTRY_PRACTICE, practice),
        *((oids.XDS_ENTRY_EVENT, event) for event in _events(cda)),
    ):
        xds.add_code(entry, ids, scheme, owner, code)
    _identifiers(entry, ids, owner, identified, _one(cda, "h:id/@root"))
    return entry


def add_signature(
    parent: etree._Element,
    ids: Ids,
    owner: str,
    unique_id: str,
    at: datetime,
    ins: Ins,
    author: DocumentAuthor,
    facility: Code,
    practice: Code,
) -> etree._Element:
    """The ExtrinsicObject of the signature of a submission: nobody is shown it (N, masked, invisible)."""
    entry, now = _entry(parent, owner), xds.utc(at)
    xds.add_slot(entry, "creationTime", [now])
    xds.add_slot(entry, "languageCode", ["art"])
    xds.add_slot(entry, "legalAuthenticator", [xds.person(author)])
    xds.add_slot(entry, "serviceStartTime", [now])
    xds.add_slot(entry, "serviceStopTime", [now])
    xds.add_slot(entry, "sourcePatientId", [xds.patient_id(ins)])
    xds.add_text(entry, "Name", "Source")
    xds.add_author(entry, ids, oids.XDS_ENTRY_AUTHOR, owner, author)
    hidden = confidentiality(Visibility(from_professionals=True, from_patient=True))
    for scheme, code in (
        (oids.XDS_ENTRY_CLASS, terminology.table(terminology.CLASS).require(_SIGNATURE_CLASS)),
        (oids.XDS_ENTRY_TYPE, terminology.table(terminology.TYPE).require("E1762")),
        *((oids.XDS_ENTRY_CONFIDENTIALITY, held) for held in hidden),
        (oids.XDS_ENTRY_FORMAT, terminology.table(terminology.FORMAT).require(_SIGNATURE_FORMAT)),
        (oids.XDS_ENTRY_FACILITY, facility),
        (oids.XDS_ENTRY_PRACTICE, practice),
        (oids.XDS_ENTRY_EVENT, _SIGNATURE_EVENT),
    ):
        xds.add_code(entry, ids, scheme, owner, code)
    _identifiers(entry, ids, owner, xds.patient_id(ins), unique_id)
    return entry


def confidentiality(visibility: Visibility) -> tuple[Code, ...]:
    """``N``, always, then the visibility codes."""
    table = terminology.table(terminology.CONFIDENTIALITY)
    return tuple(table.require(code) for code in ("N", *visibility.codes))


def _entry(parent: etree._Element, owner: str) -> etree._Element:
    return node(parent, f"{RIM}ExtrinsicObject", None, id=owner, mimeType="text/xml", objectType=oids.XDS_ENTRY)


def _identifiers(entry: etree._Element, ids: Ids, owner: str, patient: str, unique_id: str) -> None:
    xds.add_identifier(entry, ids, oids.XDS_ENTRY_PATIENT_ID, owner, "XDSDocumentEntry.patientId", patient)
    xds.add_identifier(entry, ids, oids.XDS_ENTRY_UNIQUE_ID, owner, "XDSDocumentEntry.uniqueId", unique_id)


def _patient_info(cda: etree._Element, patient: str) -> list[str]:
    family = _one(cda, f"{patient}/h:name/h:family[@qualifier='BR']/text()")
    given = _one(cda, f"{patient}/h:name/h:given[@qualifier='BR']/text()")
    born = _one(cda, f"{patient}/h:birthTime/@value")
    sex = _one(cda, f"{patient}/h:administrativeGenderCode/@code")
    info = [f"PID-5|{xds.escape(family)}^{xds.escape(given)}^^^^^L"]
    return [*info, f"PID-7|{born}", f"PID-8|{sex[0]}"]


def _orders(cda: etree._Element) -> list[str]:
    """CXi of the orders the document answers (IHE ITI TF-3 §4.2.3.1.7)."""
    found = []
    for order in cda.iterfind("h:inFulfillmentOf/h:order/h:id", _NS):
        root, extension = order.get("root", ""), order.get("extension", "")
        found.append(f"{xds.escape(extension)}^^^&{root}&ISO^{_ORDER}" if extension else f"{root}^^^^{_ORDER}")
    return found


def _events(cda: etree._Element) -> list[Code]:
    return [_as_code(found) for found in cda.iterfind("h:documentationOf/h:serviceEvent/h:code", _NS)]


def _as_code(found: etree._Element) -> Code:
    return Code(found.get("code", ""), found.get("codeSystem", ""), found.get("displayName", ""))


def _code(cda: etree._Element, path: str) -> Code:
    found = cda.find(path, _NS)
    if found is None:
        raise BugError("a CDA of ours without a part")
    return _as_code(found)


def _one(cda: etree._Element, path: str) -> str:
    found = cda.xpath(path, namespaces=_NS)
    if not isinstance(found, list) or not found:
        raise BugError("a CDA of ours without a part")
    return str(found[0])


def _time(cda: etree._Element, path: str) -> str:
    return xds.utc(datetime.strptime(_one(cda, path), "%Y%m%d%H%M%S%z"))
