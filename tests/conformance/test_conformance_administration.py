"""Access and administration: requests against the official schemas, examples and the Gazelle schematron."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from helpers import wire_dossiers, wire_schemas, wire_world
from helpers.documents_schematron import Schematrons
from lxml import etree
from saxonche import PySaxonProcessor

from dmp_desktop.domain.administration import ClosingReason, PostalAddress
from dmp_desktop.domain.dossier import DossierState
from dmp_desktop.domain.habilitations import NORMAL_ACCESS, AuthorisationFilter, ListedBy, PatientQuery
from dmp_desktop.domain.identifiers import Ins, Nir
from dmp_desktop.domain.identity import BirthDate, Sex
from dmp_desktop.sync import habilitations, hl7v3_existence, patient_service, soap, vihf
from dmp_desktop.sync.disputed import Disputed
from dmp_desktop.sync.hl7v3 import Frame
from dmp_desktop.sync.hl7v3_administration import change_request, closing_request, data_request, read_data
from dmp_desktop.sync.hl7v3_parts import REVISE_ACTION
from dmp_desktop.sync.hl7v3_search import search_request

HL7 = "{urn:hl7-org:v3}"
SCH = "{http://purl.oclc.org/dsdl/schematron}"
FRAME = Frame.new(wire_world.SOFTWARE, wire_world.NOW, Disputed())
CREDENTIALS = wire_world.credentials()
TRAITS = wire_world.opening().traits
REASON = ClosingReason("Demande de la personne, reçue au cabinet")
SIGNED = "/Envelope/Header/Security/Assertion"
JUSTIFIED = {
    f"{SIGNED}/Signature": "the examples of requests carry an unsigned assertion; a real one is signed",
    f"{SIGNED}/Conditions": "the end of validity is optional; without one an assertion would never be stale",
}
CHANGES = {
    "full": wire_dossiers.FULL,
    "bare": replace(
        wire_dossiers.FULL,
        used_name="",
        civility="",
        sex=Sex.UNKNOWN,
        address=PostalAddress(),
        telecoms=(),
        representative=None,
        birth_date=BirthDate("19421901"),
    ),
    "used-name-alone": replace(wire_dossiers.FULL, birth_name=""),
}
SEARCHES = {
    "name": PatientQuery(("LAVANDIN-GENÊT",)),
    "everything": PatientQuery(
        ("LAVANDIN-GENÊT", "CORNICHE"), "ODILE", Sex.FEMALE, BirthDate("19790523"), "99000", "Villeneuve-l’Exemple"
    ),
}


def _sent(action: str, body: etree._Element) -> etree._Element:
    assertion = vihf.dmp_assertion(
        CREDENTIALS,
        wire_world.SOFTWARE,
        wire_world.ODILE,
        access=NORMAL_ACCESS,
        signed_in_at=wire_world.NOW,
        now=wire_world.NOW,
        disputed=Disputed(),
    )
    return etree.fromstring(soap.dmp_request(to="https://store", action=action, assertion=assertion, body=body).content)


def _unexplained(paths: set[str], reasons: dict[str, str]) -> list[str]:
    return sorted(path for path in paths if not any(path.startswith(prefix) for prefix in reasons))


def test_reading_administrative_data_validates(reference: Path) -> None:
    """TD1.3a, whose own example does not validate (order of its empty elements): the schema's order is sent."""
    xsd = wire_schemas.schema(reference, "PRPA_IN201307UV02")
    assert wire_schemas.validate(xsd, data_request(FRAME, wire_world.ODILE)) == []


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_validates(reference: Path, kind: str) -> None:
    """TD1.3b, signed in as a doctor or at the desk."""
    xsd = wire_schemas.schema(reference, "PRPA_IN201314UV02")
    for credentials in (CREDENTIALS, wire_world.credentials(wire_world.PAPIER)):
        assert wire_schemas.validate(xsd, change_request(FRAME, CHANGES[kind], credentials)) == []


def test_a_closing_validates(reference: Path) -> None:
    """TD1.4."""
    body = closing_request(FRAME, wire_world.ODILE, TRAITS, REASON, CREDENTIALS)
    assert wire_schemas.validate(wire_schemas.schema(reference, "PRPA_IN201314UV02"), body) == []


@pytest.mark.parametrize("kind", SEARCHES)
def test_a_search_validates(reference: Path, kind: str) -> None:
    """TD0.5, which belongs to the edition of 2008 (PDQ V3)."""
    folder = reference / "dmp/schema/HL7V3/NE2008/multicacheschemas"
    xsd = etree.XMLSchema(etree.parse(str(folder / "PRPA_IN201305UV02.xsd")))
    assert wire_schemas.validate(xsd, search_request(FRAME, SEARCHES[kind])) == []


@pytest.fixture
def gazelle(reference: Path, tmp_path: Path) -> Path:
    """Gazelle's schema, with the patterns of its phase for the search alone."""
    schema = etree.parse(str(reference / "hl7v3/schematron/gazelle-pixpdqv3.sch.xml"))
    wanted = {active.get("pattern") for active in schema.iterfind(f"{SCH}phase[@id='PRPA_IN201305UV02']/{SCH}active")}
    for pattern in schema.findall(f"{SCH}pattern"):
        if pattern.get("id") not in wanted:
            schema.getroot().remove(pattern)
    schema.write(str(tmp_path / "gazelle.sch"))
    return tmp_path / "gazelle.sch"


def test_a_search_passes_the_gazelle_schematron(gazelle: Path) -> None:
    """Gazelle's rules know, of the DMP's messages, the search of PDQ V3 only; they notice what is left out."""
    schematrons = Schematrons(PySaxonProcessor(license=False))
    for asked in SEARCHES.values():
        found = schematrons.run(gazelle, etree.tostring(search_request(FRAME, asked)))
        assert found.failed == ()
        assert found.fired == 4
    broken = search_request(FRAME, SEARCHES["name"])
    for path in ("responsePriorityCode", "responseModalityCode"):
        element = broken.find(f".//{HL7}{path}")
        assert element is not None
        element.set("code", "X")
    assert len(schematrons.run(gazelle, etree.tostring(broken)).failed) == 2


@pytest.mark.parametrize("which", AuthorisationFilter)
def test_the_list_of_professionals_validates(reference: Path, which: AuthorisationFilter) -> None:
    """TD1.6 against the schema held by its WSDL."""
    body = habilitations.professionals_request(which)
    assert wire_schemas.validate(wire_schemas.wsdl_schema(reference, "Habilitations.wsdl"), body) == []


@pytest.mark.parametrize("by", ListedBy)
def test_the_list_of_dossiers_validates(reference: Path, by: ListedBy) -> None:
    """TD0.4 likewise, with and without its options."""
    xsd = wire_schemas.wsdl_schema(reference, "PatientsSpecific.wsdl")
    for since, owner in ((None, None), (datetime(2026, 1, 1, tzinfo=UTC), wire_world.BRINDILLE.id)):
        assert wire_schemas.validate(xsd, patient_service.dossiers_request(by, since, owner)) == []


def test_reading_administrative_data_has_all_that_the_example_has(reference: Path) -> None:
    """TD1.3a. Elements that the example declares nil are left out: they say nothing."""
    ours = _sent(hl7v3_existence.ACTION, data_request(FRAME, wire_world.ODILE))
    more, less = wire_schemas.differences(ours, wire_schemas.example(reference, "td1.3a-demographics-request.xml"))
    assert less == set()
    assert _unexplained(more, JUSTIFIED) == []


def test_a_closing_has_all_that_the_example_has(reference: Path) -> None:
    """TD1.4."""
    ours = _sent(REVISE_ACTION, closing_request(FRAME, wire_world.ODILE, TRAITS, REASON, CREDENTIALS))
    more, less = wire_schemas.differences(ours, wire_schemas.example(reference, "td1.4-close-request.xml"))
    assert less == set()
    act = "/Envelope/Body/PRPA_IN201314UV02/controlActProcess/subject/registrationRequest"
    reasons = {
        f"{act}/subject1/patient/patientPerson/name": "birth name and every given name beside the used name",
        f"{act}/author/assignedEntity/code/@codeSystem": "a code has a table; the example writes the table as the code",
    }
    assert _unexplained(more, JUSTIFIED | reasons) == []


def test_the_official_administrative_data_are_read(reference: Path) -> None:
    """TD1.3a's answer, field by field: the person, their contacts, their representative, the two oppositions."""
    asked = wire_schemas.body(wire_schemas.example(reference, "td1.3a-demographics-request.xml"))
    message, query = asked.find(f"{HL7}id"), asked.find(f".//{HL7}queryId")
    patient = asked.find(f".//{HL7}patientIdentifier/{HL7}value")
    assert message is not None and query is not None and patient is not None
    frame = Frame(
        wire_world.SOFTWARE, wire_world.NOW, message.get("extension", ""), query.get("extension", ""), Disputed()
    )
    ins = Ins(Nir(patient.get("extension", "")), patient.get("root", ""))
    answer = wire_schemas.body(wire_schemas.example(reference, "td1.3a-demographics-response.xml"))
    person = answer.find(f".//{HL7}patientPerson")
    assert person is not None
    data = read_data(answer, frame, ins)
    assert (data.ins, data.state) == (ins, DossierState.ACTIVE)
    assert data.used_name == person.findtext(f"{HL7}name/{HL7}family")
    assert data.birth_name == ""
    assert data.given_names == (person.findtext(f"{HL7}name/{HL7}given"),)
    assert (data.civility, data.sex, data.birth_date.raw) == ("M", Sex.MALE, "19070525")
    assert not data.deceased
    assert [t.text for t in data.telecoms] == ["alain@gmail.com", "0102030405"]
    assert [t.is_email for t in data.telecoms] == [True, False]
    assert (data.address.lines, data.address.postcode, data.address.city, data.address.country) == (
        (person.findtext(f"{HL7}addr/{HL7}streetAddressLine"),),
        "75005",
        "Paris",
        "",
    )
    representative = data.representative
    assert representative is not None
    assert (representative.relationship.value, representative.relationship.system) == (
        "FTH",
        "2.16.840.1.113883.1.11.19579",
    )
    assert (representative.civility, representative.family, representative.given) == ("M", "REPLEG", "Jean")
    assert (representative.address.locator, representative.address.postcode) == ("Residence du Parc", "59000")
    assert [t.use for t in representative.telecoms] == ["HP", "MC", ""]
    assert (data.opposed_to_break_glass, data.opposed_to_emergency) == (False, False)
