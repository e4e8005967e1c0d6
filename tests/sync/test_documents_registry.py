"""The parts of ebRIM: values written and read, queries, and whatever a registry may answer."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from helpers import documents_registry as registry
from helpers import documents_world as world
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from dmp_desktop.domain import oids
from dmp_desktop.domain.document import AssociationKind, DocumentAuthor, DocumentStatus, Visibility
from dmp_desktop.domain.terminology import Code
from dmp_desktop.errors import BadAnswer, DmpError, RefusedByStore
from dmp_desktop.sync import cda, query, xds, xds_entry, xds_reading, xds_response, xmlsafe
from dmp_desktop.sync.errors import KNOWN, Turn, UnsendableValue, turn_of

RIM = f"{{{oids.NS_RIM}}}"


def _read(inside: str, status: str = registry.SUCCESS, listed: str = "") -> xds_reading.Found:
    return xds_reading.read(xmlsafe.parse(registry.found(inside, status, listed).encode()))


def test_an_author_is_written_as_the_examples_do() -> None:
    """XCN and XON of a doctor and of their practice; an internal number is of another kind."""
    assert xds.person(world.DOCTOR) == "899700000017^BRINDILLE^AURORE^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS"
    assert xds.institution(world.DOCTOR) == (
        "Cabinet des Trois-Tilleuls^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^499700000017001"
    )
    assert world.DOCTOR.speciality is not None
    assert xds.speciality(world.DOCTOR.speciality) == (
        "G15_10/SM26^Médecin - Qualifié en Médecine Générale (SM)^1.2.250.1.213.1.1.4.5"
    )
    assert xds.person(world.DESK).endswith("^D^^^EI")
    assert world.DESK.speciality == Code("SECRETARIAT_MEDICAL", oids.AUTHOR_OTHER)


_NAMED = st.text(st.sampled_from("^&~|\\ESTRFé'- \n"), max_size=12)


@settings(max_examples=100)
@given(_NAMED, _NAMED, _NAMED)
def test_an_author_comes_back(family: str, given_name: str, structure: str) -> None:
    """Separators in names are escaped; white space is brought to one line."""
    author = DocumentAuthor(
        "1",
        " ".join(family.split()),
        " ".join(given_name.split()),
        structure="2",
        structure_name=" ".join(structure.split()),
    )
    assert xds.read_author(xds.person(author), "", xds.institution(author)) == author


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("20210604135051", datetime(2021, 6, 4, 13, 50, 51, tzinfo=UTC)),
        ("202106041350", datetime(2021, 6, 4, 13, 50, tzinfo=UTC)),
        ("20210604", datetime(2021, 6, 4, tzinfo=UTC)),
        ("202106", datetime(2021, 6, 1, tzinfo=UTC)),
        ("2021", datetime(2021, 1, 1, tzinfo=UTC)),
        ("0000", None),
        ("20211304", None),
        ("2021-06-04", None),
        ("202106041350511", None),
        ("٢٠٢١", None),
        ("", None),
    ],
)
def test_a_time_of_any_precision_is_read(text: str, moment: datetime | None) -> None:
    """UTC; what is no time is nothing."""
    assert xds.moment(text) == moment


def test_a_list_is_cut_where_a_value_ends() -> None:
    """No value of a slot exceeds what ebRIM takes, and none is lost; quotes are doubled."""
    names = [f"urn:uuid:{number:036d}" for number in range(20)] + ["it's"]
    body = query.get_associations(names)
    values = [value.text or "" for value in body.iter(f"{RIM}Value")]
    assert max(map(len, values)) <= 256
    assert len(values) > 1
    joined = ",".join(value.strip("()") for value in values)
    assert joined == ",".join("'" + name.replace("'", "''") + "'" for name in names)


def test_a_value_too_long_for_a_registry_is_refused() -> None:
    """Rather than a message its schema refuses."""
    parent = etree.Element(f"{RIM}ExtrinsicObject")
    with pytest.raises(UnsendableValue):
        xds.add_slot(parent, "hash", ["x" * 257])
    with pytest.raises(UnsendableValue):
        xds.add_text(parent, "Name", "x" * 1025)


def test_batches_are_of_twenty_each_once() -> None:
    """In order."""
    names = [str(number % 45) for number in range(90)]
    batches = list(query.by_batch(names))
    assert [len(batch) for batch in batches] == [20, 20, 5]
    assert [name for batch in batches for name in batch] == names[:45]


def test_what_is_not_known_is_kept() -> None:
    """Codes, statuses and links this software does not know stay as they came (REC_GEN-1370); labels fill in."""
    found = _read(
        registry.entry("1", type_code="99999-9", codes=("N", "NEW_CODE"))
        .replace(registry.APPROVED, "urn:new:Status")
        .replace('"text/xml"', '"application/dicom"')
        + registry.entry("2")
        + registry.association("urn:new:link", "1", "2")
    )
    first, second = found.entries
    assert (first.type_code.value, first.status, first.status_text) == ("99999-9", None, "urn:new:Status")
    assert [code.value for code in first.confidentiality] == ["N", "NEW_CODE"]
    assert first.visibility == Visibility()
    assert first.mime_type == "application/dicom"
    assert first.class_code.value == ""
    assert second.type_code.value == "11488-4"
    assert (found.associations[0].kind, found.associations[0].kind_text) == (None, "urn:new:link")


def test_a_description_says_what_it_can() -> None:
    """Slots may be missing, empty, repeated or wrong: the rest is read."""
    slots = (
        registry.slot("size", "12x")
        + registry.slot("hash", "ABC")
        + registry.slot("creationTime")
        + registry.slot("urn:ihe:iti:xds:2013:referenceIdList", "a", "b")
    )
    (entry,) = _read(registry.entry("1", slots=slots)).entries
    assert (entry.size, entry.hash, entry.created_at, entry.references) == (None, "abc", None, ("a", "b"))
    assert entry.status is DocumentStatus.APPROVED
    assert not entry.is_signature
    assert not entry.by_patient


def test_links_are_read() -> None:
    """With the version a description follows."""
    link = registry.association(registry.HAS_MEMBER, "s", "d").replace(
        "/>", f">{registry.slot('PreviousVersion', '2')}</Association>"
    )
    (found,) = _read(link).associations
    assert (found.kind, found.source, found.target, found.previous_version) == (
        AssociationKind.HAS_MEMBER,
        "urn:uuid:s",
        "urn:uuid:d",
        2,
    )


def test_a_person_s_own_documents_are_told_apart() -> None:
    """By class 90 or a type of theirs (EX_3.1-1040)."""
    (entry,) = _read(registry.entry("1", type_code="DOCPAT04")).entries
    assert entry.by_patient


@pytest.mark.parametrize("code", sorted(code for code in KNOWN if code.startswith(("XDS", "CISIS"))))
def test_every_known_code_has_its_leaf_and_its_turn(code: str) -> None:
    """Read from a registry's errors."""
    response = xmlsafe.parse(registry.response(registry.FAILURE, registry.errors((code, "texte"))).encode())
    with pytest.raises(RefusedByStore) as caught:
        xds_response.check(response)
    assert type(caught.value) is KNOWN[code].leaf
    assert (caught.value.store_code, caught.value.store_text) == (code, "texte")
    assert turn_of(caught.value) in Turn


def test_an_error_within_a_success_is_a_refusal() -> None:
    """A store that says both is believed on what it refuses."""
    answer = xmlsafe.parse(registry.response(registry.SUCCESS, registry.errors(("XDSRegistryError", "x"))).encode())
    with pytest.raises(RefusedByStore):
        xds_response.check(answer)


_NAMES = st.sampled_from(
    [f"{{{ns}}}{tag}" for ns in (oids.NS_RIM, oids.NS_QUERY, oids.NS_RS, "urn:x") for tag in (
        "AdhocQueryResponse", "RegistryObjectList", "ExtrinsicObject", "RegistryPackage", "Association", "ObjectRef",
        "Slot", "ValueList", "Value", "Classification", "ExternalIdentifier", "Name", "LocalizedString", "VersionInfo",
        "RegistryErrorList", "RegistryError",
    )]
)  # fmt: skip
_ATTRIBUTES = st.dictionaries(
    st.sampled_from(["id", "lid", "status", "name", "value", "versionName", "identificationScheme", "errorCode",
                     "classificationScheme", "nodeRepresentation", "sourceObject", "targetObject", "severity"]),
    st.sampled_from(["", "urn:uuid:1", "size", "creationTime", "20210101", "²", "9" * 30, registry.SUCCESS,
                     registry.FAILURE, oids.XDS_ENTRY_UNIQUE_ID, oids.XDS_ENTRY_TYPE, oids.XDS_ENTRY_AUTHOR, "^^^&"]),
    max_size=4,
)  # fmt: skip


def _trees() -> st.SearchStrategy[etree._Element]:
    def build(name: str, attributes: dict[str, str], text: str, children: list[etree._Element]) -> etree._Element:
        made = etree.Element(name, dict(attributes))
        made.text = text
        made.extend(children)
        return made

    texts = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=8)
    return st.recursive(
        st.builds(build, _NAMES, _ATTRIBUTES, texts, st.just([])),
        lambda inner: st.builds(build, _NAMES, _ATTRIBUTES, texts, st.lists(inner, max_size=4)),
        max_leaves=12,
    )


@settings(max_examples=200)
@given(st.lists(_trees(), max_size=4), _ATTRIBUTES)
def test_nothing_but_typed_errors(children: list[etree._Element], attributes: dict[str, str]) -> None:
    """Whatever a registry holds."""
    answer = etree.Element(xds_reading.RESPONSE, {"status": registry.SUCCESS} | attributes)
    inside = etree.SubElement(answer, f"{RIM}RegistryObjectList")
    inside.extend(children)
    try:
        xds_reading.read(answer)
    except (BadAnswer, RefusedByStore):
        pass
    except DmpError as error:
        assert error.code == "store-unavailable"


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process cannot be changed on this system")
def test_times_are_local_in_a_document_and_utc_in_the_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The document says its offset; the registry knows none (EX_3.1-1070)."""
    monkeypatch.setenv("TZ", "Europe/Paris")
    time.tzset()
    try:
        file = cda.write(world.document(), world.ODILE, world.DOCTOR, world.CUSTODIAN)
    finally:
        monkeypatch.undo()
        time.tzset()
    said = file.root.find(f"{{{oids.NS_HL7}}}effectiveTime")
    assert said is not None
    assert said.get("value") == "20260414102000+0200"
    objects = etree.Element(f"{RIM}RegistryObjectList")
    entry = xds_entry.add_document(
        objects, xds.Ids(), "Document01", file.root, world.DOCTOR, comments="", visibility=Visibility()
    )
    held = xds.slots(entry)
    times = [held[name] for name in ("creationTime", "serviceStartTime", "serviceStopTime")]
    assert times == [("20260414082000",), ("20260414075000",), ("20260414081000",)]


def test_the_author_is_the_card_s() -> None:
    """Whoever the document names writes from the sender's structure (the store wants one alone)."""
    document = world.document(by_desk=True)
    assert cda.author_for(document, world.DESK).structure == world.DESK.structure
    assert cda.author_for(document, world.DESK).family == "BRINDILLE"
    assert cda.author_for(world.document(), world.DESK) == world.DESK
