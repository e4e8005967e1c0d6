"""Requests about documents validate and have what the official examples have; the official answer is read whole."""

from __future__ import annotations

import base64
import copy
import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from helpers import documents_world as world
from helpers import wire_schemas, wire_world
from lxml import etree

from dmp_desktop.domain import oids, terminology
from dmp_desktop.domain.document import DocumentStatus, MediaType, Replaced, Visibility
from dmp_desktop.sync import query, retrieve, submission, xds_reading, xds_response
from dmp_desktop.sync.disputed import Disputed
from dmp_desktop.sync.query import FindDocuments
from dmp_desktop.sync.submission import Sender

SENDER = Sender(world.DOCTOR, world.CUSTODIAN, wire_world.signer(), world.SOURCE)
NOW = wire_world.NOW
RIM = f"{{{oids.NS_RIM}}}"
REPRESENTATION = {
    "/Classification/@nodeRepresentation": "empty on an author, as ebRIM wants and the example of TD3.3d shows",
}
EMPTY = {f"/ExtrinsicObject{path}": why for path, why in REPRESENTATION.items()}


def _schema(reference: Path, name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(reference / "dmp/schema" / name)))


def _provided(*, text: bool = False) -> submission.Provided:
    body = world.content(b"Vu ce jour.", MediaType.TEXT) if text else None
    return submission.provide(world.submission(world.document(body=body)), world.ODILE, SENDER, NOW, Disputed())


def _inlined(body: etree._Element) -> etree._Element:
    """MTOM's abstract message: base64 where the wire has an Include."""
    alone = copy.deepcopy(body)
    for found in list(alone.iter(f"{{{oids.NS_XOP}}}Include")):
        parent = found.getparent()
        assert parent is not None
        parent.remove(found)
        parent.text = base64.b64encode(b"<a/>").decode()
    return alone


def _official_parts(reference: Path) -> tuple[etree._Element, list[bytes]]:
    """The official capture of a deposit, read with the standard library's multipart parser."""
    data = (reference / "dmp/messages/td2.1-provide-request.xml").read_bytes()
    boundary = data.split(b"\n", 1)[0].strip()[2:]
    read = message_from_bytes(b'Content-Type: multipart/related; boundary="' + boundary + b'"\r\n\r\n' + data)
    parts = [
        part.get_payload(decode=True) for part in read.walk() if isinstance(part, Message) and not part.is_multipart()
    ]
    contents = [part for part in parts if isinstance(part, bytes)]
    envelope = re.sub(r"^\s*<\?xml[^>]*\?>", "", contents[0].decode("utf-8", "replace"))
    return etree.fromstring(envelope.encode()), contents[1:]


def _explained(found: set[str], reasons: dict[str, str]) -> list[str]:
    return sorted(path for path in found if not any(path.startswith(prefix) for prefix in reasons))


def test_a_deposit_validates(reference: Path) -> None:
    """ITI-41 against the schema of the repository: several documents, a replacement, visibility codes, orders."""
    documents = (
        world.document(
            visibility=Visibility(from_patient=True), events=(terminology.Code("I10", "2.16.840.1.113883.6.3"),)
        ),
        world.document("60591-5", number=2, replaces=Replaced("urn:uuid:0-1", "1.2.3", "1.2.2")),
        world.document(number=3, orders=(("1.2.3.4", "A1"),), by_desk=True),
    )
    made = submission.provide(world.submission(*documents), world.ODILE, SENDER, NOW, Disputed())
    assert wire_schemas.validate(_schema(reference, "ebRS/lcm.xsd"), made.body[0]) == []
    whole = _inlined(made.body)
    for name in ("IHE/XDS.b_DocumentRepository.xsd", "IHE/XDS.b_DocumentRepository-MTOM_CXF.xsd"):
        assert wire_schemas.validate(_schema(reference, name), whole) == []


def test_a_deposit_has_all_that_the_example_has(reference: Path) -> None:
    """TD2.1 element by element, save values. The example's own envelope is SOAP 1.1 by mistake: bodies are compared."""
    envelope, _ = _official_parts(reference)
    theirs = next(envelope.iter(f"{{{oids.NS_XDSB}}}ProvideAndRegisterDocumentSetRequest"))
    ours = _provided(text=True).body
    for left, right in zip(ours.iter(f"{RIM}ExtrinsicObject"), theirs.iter(f"{RIM}ExtrinsicObject"), strict=True):
        more, less = wire_schemas.differences(left, right)
        assert (_explained(more, EMPTY), less) == ([], set())
    root = "/ProvideAndRegisterDocumentSetRequest"
    registry = f"{root}/SubmitObjectsRequest/RegistryObjectList"
    more, less = wire_schemas.differences(ours, theirs)
    reasons = {f"{registry}/Association/@objectType": "as in the example of TD3.3d"}
    reasons |= {
        f"{registry}/{item}{path}": why
        for item in ("RegistryPackage", "ExtrinsicObject")
        for path, why in REPRESENTATION.items()
    }
    assert _explained(more, reasons) == []
    description = f"{registry}/RegistryPackage/Description"
    assert _explained(less, {description: "the comment of a submission is optional; ours is empty here"}) == []


def test_the_classifications_are_those_of_the_example(reference: Path) -> None:
    """Schemes, names of slots and of identifiers, coding schemes: the same words as in the example."""

    def words(body: etree._Element) -> set[str]:
        found = set()
        for item in body.iter(f"{RIM}*"):
            for attribute in ("classificationScheme", "classificationNode", "identificationScheme", "associationType"):
                found.add(f"{attribute}={item.get(attribute)}")
            if item.tag == f"{RIM}Slot":
                found.add(f"slot={item.get('name')}")
            parent = item.getparent()
            if item.tag == f"{RIM}LocalizedString" and parent is not None:
                owner = parent.getparent()
                if owner is not None and owner.tag == f"{RIM}ExternalIdentifier":
                    found.add(f"identifier={item.get('value')}")
        return found

    envelope, _ = _official_parts(reference)
    assert words(_provided().body) == words(envelope)


@pytest.mark.parametrize("leaf", [True, False])
def test_a_search_validates(reference: Path, leaf: bool) -> None:
    """ITI-18: every parameter at once, one and many values, quotes within a value."""
    xsd = _schema(reference, "ebRS/query.xsd")
    types = tuple(concept.code for concept in terminology.table(terminology.TYPE).concepts.values())
    everything = FindDocuments(
        statuses=tuple(DocumentStatus),
        classes=types[:1],
        types=types,
        formats=types[:2],
        events=types[:3],
        facilities=types[:1],
        practices=types[:1],
        confidentialities=types[:1],
        authors=("%^O'HARA%",),
        created_from=NOW,
        created_to=NOW,
        service_from=NOW,
        service_to=NOW,
        stopped_from=NOW,
        stopped_to=NOW,
        references_only=not leaf,
    )
    for body in (
        query.find_documents(world.ins(), everything),
        query.find_by_reference(world.ins(), ["1^^^&1.2&ISO"], [DocumentStatus.APPROVED]),
        query.find_submissions(world.ins(), NOW),
        query.get_associations([f"urn:uuid:{n:036d}" for n in range(20)]),
        query.get_documents(entries=["urn:uuid:1"], leaf=leaf),
        query.get_documents(unique_ids=["1.2.3"], leaf=leaf),
        query.get_documents_and_associations([f"urn:uuid:{n:036d}" for n in range(20)]),
    ):
        assert wire_schemas.validate(xsd, body) == []


def test_a_search_is_the_example(reference: Path) -> None:
    """TD3.1: the same elements, the same values (one patient in quotes without parentheses, statuses with them)."""
    theirs = wire_schemas.body(wire_schemas.example(reference, "td3.1-query-request.xml"))
    ours = query.find_documents(world.ins(), FindDocuments())
    assert wire_schemas.differences(ours, theirs) == (set(), set())
    patient = f"'{world.ins().value}^^^&1.2.250.1.213.1.4.10&ISO^NH'"
    status = "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')"
    assert [value.text for value in ours.iter(f"{RIM}Value")] == [patient, status]
    assert [value.text for value in theirs.iter(f"{RIM}Value")][1] == status


def test_an_archiving_is_the_example(reference: Path) -> None:
    """TD3.3d element by element, and against the schema."""
    theirs = wire_schemas.body(wire_schemas.example(reference, "td3.3d-archive-request.xml"))
    ours = submission.change_status(
        "urn:uuid:1", DocumentStatus.APPROVED, DocumentStatus.ARCHIVED, world.ins(), SENDER, NOW
    )
    assert wire_schemas.validate(_schema(reference, "ebRS/lcm.xsd"), ours) == []
    more, less = wire_schemas.differences(ours, theirs)
    package = "/SubmitObjectsRequest/RegistryObjectList/RegistryPackage"
    assert less == set()
    assert (
        _explained(
            more,
            {
                f"{package}/Classification/@classifiedObject": "the example forgets it on the author",
                f"{package}/ExternalIdentifier/@registryObject": "required by ebRIM; the example forgets it",
            },
        )
        == []
    )


def test_a_retrieval_validates(reference: Path) -> None:
    """ITI-43."""
    found = xds_reading.read(wire_schemas.body(wire_schemas.example(reference, "td3.1-query-response.xml")))
    body = retrieve.request(found.entries)
    assert wire_schemas.validate(_schema(reference, "IHE/XDS.b_DocumentRepository.xsd"), body) == []


def test_a_change_of_visibility_validates(reference: Path) -> None:
    """TD3.3a/b on each description of the official answer: everything kept but the visibility, one version further."""
    xsd = _schema(reference, "ebRS/lcm.xsd")
    found = xds_reading.read(wire_schemas.body(wire_schemas.example(reference, "td3.1-query-response.xml")))
    for entry in found.entries:
        for visibility in (Visibility(), Visibility(from_professionals=True), Visibility(from_representatives=True)):
            filed = found.raw[entry.entry_uuid]
            body = submission.change_visibility(filed, entry, visibility, world.ins(), SENDER, NOW)
            assert wire_schemas.validate(xsd, body) == []
            refiled = next(body.iter(f"{RIM}ExtrinsicObject"))
            assert refiled.get("lid") == entry.logical_id
            codes = [c.get("nodeRepresentation") for c in refiled.iter(f"{RIM}Classification")]
            assert [
                c for c in codes if c in {"N", "MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"}
            ] == [
                "N",
                *visibility.codes,
            ]
            assert entry.entry_uuid not in etree.tostring(refiled, encoding="unicode").replace(
                f'lid="{entry.logical_id}"', ""
            )


def test_the_official_answer_is_read_field_by_field(reference: Path) -> None:
    """TD3.1's answer of 21 documents: the first one whole, and every value of the others against the XML itself."""
    answer = wire_schemas.body(wire_schemas.example(reference, "td3.1-query-response.xml"))
    found = xds_reading.read(answer)
    assert len(found.entries) == 21
    one = found.entries[0]
    assert one.entry_uuid == one.logical_id == "urn:uuid:7953af1a-ba1c-11eb-816f-0050569e422e"
    assert (one.status, one.version, one.mime_type, one.language) == (DocumentStatus.APPROVED, 1, "text/xml", "fr-FR")
    assert one.created_at == one.service_start == one.service_stop == datetime(2010, 3, 19, 18, 32, 44, tzinfo=UTC)
    assert (one.hash, one.size) == ("af326fb44feb720121d2c277ce10f87407818089", 2768)
    assert one.repository_id == oids.DMP_REPOSITORY
    assert one.title == "Titre du document de TEST KIT EDITEUR CSharp"
    assert one.comments == "commentaire du document de TEST KIT EDITEUR CSharp"
    assert one.source_patient_info == ("PID-5|MARTINQUARANTESIX^Simonquasix^^^^^L", "PID-7|19760717", "PID-8|F")
    assert one.legal_authenticator is not None
    assert (one.legal_authenticator.id, one.legal_authenticator.family) == ("00B2800585", "OPTOLUNE0058")
    (author,) = one.authors
    assert (author.id, author.family, author.given, author.id_kind) == ("899900063480", "Kit", "Editeur", "IDNPS")
    assert (author.structure, author.structure_name) == ("10B0127189", "HOPITAL DES 3 VALLEES00771")
    assert author.speciality is not None
    assert author.speciality.value == "G15_10/SM04"
    assert author.speciality.label == "Médecin - Cardiologie et maladies vasculaires (SM)"
    assert one.visibility == Visibility(from_patient=True)
    assert one.type_code.value == "27899-4"
    assert terminology.renewed(one.type_code).value == "70004-7"
    assert one.facility is not None
    assert one.practice is not None
    assert (one.facility.value, one.practice.value) == ("SA01", "ETABLISSEMENT")
    assert [event.value for event in one.events] == ["H33"]
    for entry, item in zip(found.entries, answer.iter(f"{RIM}ExtrinsicObject"), strict=True):
        said = etree.tostring(item, encoding="unicode")
        for value in (
            entry.unique_id,
            entry.patient_id.replace("&", "&amp;"),
            entry.source_patient_id.replace("&", "&amp;"),
            entry.hash,
            str(entry.size),
            *(code.value for code in (entry.type_code, entry.class_code, entry.format_code, *entry.confidentiality)),
            *(code.system for code in (entry.type_code, entry.class_code, entry.format_code, *entry.confidentiality)),
        ):
            assert value
            assert f'"{value}"' in said or f">{value}<" in said
        known = terminology.class_of(entry.type_code)
        assert known == entry.class_code, entry.type_code


def test_the_official_success_is_a_success(reference: Path) -> None:
    """TD3.3d's answer."""
    answer = wire_schemas.body(wire_schemas.example(reference, "td3.3d-archive-response.xml"))
    assert xds_response.check(answer) == ()
