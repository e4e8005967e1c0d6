"""Documents over real mutual TLS: what is asked, what is believed, what is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from helpers import documents_registry as registry
from helpers import documents_world as world
from helpers import wire_world
from helpers.clocks import HandClock
from helpers.documents_registry import Registry
from helpers.wire_store import Seen, Store, Told
from lxml import etree

from dmp_desktop.config import StoreSettings
from dmp_desktop.domain import oids
from dmp_desktop.domain.document import DocumentEntry, DocumentStatus, ForbiddenVisibility, Replaced, Visibility
from dmp_desktop.domain.habilitations import Access
from dmp_desktop.domain.terminology import Code
from dmp_desktop.errors import BadAnswer, DmpError, RefusedByStore
from dmp_desktop.sync import cda_reading, mtom
from dmp_desktop.sync.disputed import Disputed
from dmp_desktop.sync.documents import Documents
from dmp_desktop.sync.errors import (
    ClockDrift,
    DocumentNotFound,
    DuplicateDocument,
    HtmlAnswer,
    MalformedAnswer,
    MessageRefused,
    ReplacementRefused,
    StoreUnavailable,
    TooManyResults,
    TruncatedAnswer,
    UnexpectedAnswer,
    UnsendableValue,
    VersionOutdated,
    WrongMessage,
)
from dmp_desktop.sync.gateway import Gateway
from dmp_desktop.sync.query import FindDocuments
from dmp_desktop.sync.retrieve import DocumentAltered
from dmp_desktop.sync.submission import DocumentTooLarge, SecretNotKept

INS = world.ins()
ANSWER = registry.found
SIGNS = "urn:ihe:iti:2007:AssociationType:signs"


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> wire_world.Pki:
    """Certificates of the module."""
    return wire_world.make_pki(tmp_path_factory.mktemp("pki"))


@pytest.fixture
def store(pki: wire_world.Pki) -> Iterator[Store]:
    """A store that listens."""
    with Store(pki).running() as running:
        yield running


@pytest.fixture
def signer() -> wire_world.SoftSigner:
    """The card's signature key."""
    return wire_world.signer()


@pytest.fixture
def documents(pki: wire_world.Pki, store: Store, signer: wire_world.SoftSigner) -> Iterator[Documents]:
    """Signed in as Dr Brindille."""
    settings = StoreSettings(
        base_url=store.url,
        authority=pki.authority,
        ins_oid=oids.INS_NIR_TEST,
        software_oid=world.SOURCE,
        timeout_seconds=5,
    )
    gateway = Gateway(settings, HandClock(wire_world.NOW), Disputed(document_bytes=1_000_000), address=("4 rue",))
    gateway.sign_in(replace(wire_world.credentials(), signer=signer, install_tls_key=pki.install_tls_key))
    yield gateway.documents
    gateway.close()


def _described(name: str = "1", **held: str) -> DocumentEntry:
    code = Code("11488-4", oids.LOINC)
    made = DocumentEntry(
        f"urn:uuid:{name}", f"urn:uuid:{name}", f"1.2.{name}", DocumentStatus.APPROVED, "", code, code, code
    )
    return replace(made, **held)  # type: ignore[arg-type]


def _retrieved(*documents: tuple[str, str], status: str = registry.SUCCESS, listed: str = "") -> str:
    inside = "".join(
        f"<DocumentResponse><RepositoryUniqueId>1.9</RepositoryUniqueId><DocumentUniqueId>{name}</DocumentUniqueId>"
        f"<mimeType>text/xml</mimeType><Document>{content}</Document></DocumentResponse>"
        for name, content in documents
    )
    answer = registry.response(status, listed)
    return f'<RetrieveDocumentSetResponse xmlns="{oids.NS_XDSB}">{answer}{inside}</RetrieveDocumentSetResponse>'


def _xop(name: str) -> str:
    return f'<x:Include xmlns:x="{oids.NS_XOP}" href="cid:{name}"/>'


# -- deposit ----------------------------------------------------------------------------------------------------------


def test_a_deposit_leaves_whole(documents: Documents, store: Store) -> None:
    """An envelope, each document as it was written, one signature; the patient of the assertion is theirs."""
    store.answer = Registry(lambda seen: registry.response())
    sent = world.submission(world.document(), world.document("60591-5", number=2))
    confirmation = documents.deposit(sent, world.ODILE, wire_world.author())
    (seen,) = store.seen
    assert seen.path == "/repository"
    assert int(seen.headers["Content-Length"]) == len(seen.content)
    parts = registry.parts(seen)
    assert [part["Content-ID"] for part in parts] == [
        "<root@dmp-desktop>",
        "<Document01@dmp-desktop>",
        "<Document02@dmp-desktop>",
        "<Signature01@dmp-desktop>",
    ]
    assert f"{INS.value}^^^&amp;{INS.oid}&amp;ISO^NH".encode() in seen.content
    assert b"<streetAddressLine>4 rue</streetAddressLine>" in seen.content
    assert confirmation.at == wire_world.NOW


def test_a_large_document_leaves_in_pieces(documents: Documents, store: Store) -> None:
    """Its length is announced, and it arrives as it was, content and all."""
    store.answer = Registry(lambda seen: registry.response())
    data = world.PDF + bytes(range(256)) * 3_900
    documents.deposit(world.submission(world.document(body=world.content(data))), world.ODILE)
    (seen,) = store.seen
    incoming = mtom.read(seen.headers["Content-Type"], [seen.content])
    assert cda_reading.read(incoming.parts["Document01@dmp-desktop"]).content == data
    assert "Transfer-Encoding" not in seen.headers


def test_the_assertion_is_made_after_the_signature(
    documents: Documents, store: Store, signer: wire_world.SoftSigner
) -> None:
    """One assertion for any number of searches, one more for a deposit: times go up from document to assertion."""
    store.answer = Registry(lambda seen: registry.found(""))
    documents.find(INS)
    documents.find(INS)
    assert signer.signatures == 1
    store.answer = Registry(lambda seen: registry.response())
    documents.deposit(world.submission(), world.ODILE)
    assert signer.signatures == 3


def test_a_replacement_names_the_old_document_twice(documents: Documents, store: Store) -> None:
    """By its entryUUID in the association, by its uniqueId in the CDA; same set of versions, one version further."""
    store.answer = Registry(lambda seen: registry.response())
    new = world.document(number=2, replaces=Replaced("urn:uuid:old", "1.2.3", "1.2.2", 4))
    documents.deposit(world.submission(new), world.ODILE)
    links = registry.body(store.seen[0]).iter(f"{{{oids.NS_RIM}}}Association")
    replacing = [link for link in links if link.get("associationType") == registry.REPLACES]
    assert [(link.get("sourceObject"), link.get("targetObject")) for link in replacing] == [
        ("Document01", "urn:uuid:old")
    ]
    payload = registry.parts(store.seen[0])[1].get_payload(decode=True)
    assert isinstance(payload, bytes)
    cda = etree.fromstring(payload.strip())
    prefix = {"h": oids.NS_HL7}
    assert (
        cda.xpath("string(h:relatedDocument[@typeCode='RPLC']/h:parentDocument/h:id/@root)", namespaces=prefix)
        == "1.2.3"
    )
    assert cda.xpath("string(h:setId/@root)", namespaces=prefix) == "1.2.2"
    assert cda.xpath("string(h:versionNumber/@value)", namespaces=prefix) == "5"


def test_an_echo_is_recognised(documents: Documents, store: Store) -> None:
    """Every document is there already: a typed refusal that confirms the first sending."""
    twice = registry.errors(("XDSDuplicateUniqueIdInRegistry", "1.2"), ("XDSDuplicateUniqueIdInRegistry", "1.3"))
    store.answer = Registry(lambda seen: registry.response(registry.FAILURE, twice))
    with pytest.raises(DuplicateDocument) as caught:
        documents.deposit(world.submission(), world.ODILE)
    assert caught.value.store_text == "1.2 / 1.3"


@pytest.mark.parametrize(
    ("codes", "error", "kept"),
    [
        ((("XDSReplaceFailed", "obsolète"),), ReplacementRefused, "XDSReplaceFailed"),
        (
            (("XDSDuplicateUniqueIdInRegistry", ""), ("XDSRegistryMetadataError", "")),
            MessageRefused,
            "XDSRegistryMetadataError",
        ),
        ((("CISIS_StructurationCommuneCDAr2", "titre"),), MessageRefused, "CISIS_StructurationCommuneCDAr2"),
        ((("XDSRegistryMetadataError", ""), ("XDSReplaceFailed", "")), ReplacementRefused, "XDSReplaceFailed"),
        ((("urn:x:NeverSeen", "texte du serveur"),), RefusedByStore, "NeverSeen"),
        ((("XDSRepositoryBusy", ""),), StoreUnavailable, None),
        ((), UnexpectedAnswer, None),
    ],
)
def test_a_refusal_is_typed_and_nothing_is_swallowed(
    documents: Documents, store: Store, codes: tuple[tuple[str, str], ...], error: type[DmpError], kept: str | None
) -> None:
    """The most telling of the errors, its code and text as received; a failure without a reason is not believed."""
    store.answer = Registry(lambda seen: registry.response(registry.FAILURE, registry.errors(*codes)))
    with pytest.raises(error) as caught:
        documents.deposit(world.submission(), world.ODILE)
    if kept is not None:
        assert isinstance(caught.value, RefusedByStore)
        assert caught.value.store_code == kept


def test_a_warning_is_no_refusal(documents: Documents, store: Store) -> None:
    """A success with warnings is a success."""
    listed = registry.errors(("XDSExtraMetadataNotSaved", ""), severity="Warning")
    store.answer = Registry(lambda seen: registry.response(registry.SUCCESS, listed))
    documents.deposit(world.submission(), world.ODILE)


@pytest.mark.parametrize(
    ("submission", "access", "error"),
    [
        (world.submission(world.document(visibility=Visibility(True, True))), Access(), ForbiddenVisibility),
        (world.submission(world.document()), Access(secret=True), SecretNotKept),
        (world.submission(world.document(title=" ")), Access(), UnsendableValue),
        (world.submission(world.document(title="é" * 1025)), Access(), UnsendableValue),
        (
            world.submission(world.document(body=world.content(world.PDF + bytes(1_000_000)))),
            Access(),
            DocumentTooLarge,
        ),
        (
            world.submission(replace(world.document(), created_at=wire_world.NOW + timedelta(seconds=1))),
            Access(),
            ClockDrift,
        ),
    ],
)
def test_what_may_not_leave_is_told_before_anything_is_sent(
    documents: Documents, store: Store, submission: object, access: Access, error: type[DmpError]
) -> None:
    """Forbidden visibility, secret not kept, no title or too long a one, too large, dated later than now."""
    with pytest.raises(error):
        documents.deposit(submission, world.ODILE, access=access)  # type: ignore[arg-type]
    assert store.seen == []


def test_a_secret_deposit_is_hidden_from_the_representatives(documents: Documents, store: Store) -> None:
    """The visibility code is there, after ``N``."""
    store.answer = Registry(lambda seen: registry.response())
    kept = world.submission(world.document(visibility=Visibility(from_representatives=True)))
    documents.deposit(kept, world.ODILE, access=Access(secret=True))
    codes = [
        item.get("nodeRepresentation") for item in registry.body(store.seen[0]).iter(f"{{{oids.NS_RIM}}}Classification")
    ]
    assert codes[codes.index("N") + 1] == "INVISIBLE_REPRESENTANTS_LEGAUX"


# -- search -----------------------------------------------------------------------------------------------------------


def test_a_search_gives_documents_without_their_signatures(documents: Documents, store: Store) -> None:
    """The signature of a submission is no document to show; the patient of an entry is not looked at."""
    store.answer = Registry(lambda seen: registry.found(registry.entry("1") + registry.entry("2", type_code="E1762")))
    found = documents.find(INS, FindDocuments(types=(Code("11488-4", oids.LOINC),)))
    assert [entry.entry_uuid for entry in found] == ["urn:uuid:1"]
    assert registry.values(store.seen[0], "$XDSDocumentEntryTypeCode") == [f"11488-4^^{oids.LOINC}"]


def test_a_type_is_looked_for_under_its_former_code_too(documents: Documents, store: Store) -> None:
    """A search for prescriptions finds those of before the codes were renewed."""
    store.answer = Registry(lambda seen: registry.found(""))
    documents.find(INS, FindDocuments(types=(Code("57833-6", oids.LOINC),)))
    asked = registry.values(store.seen[0], "$XDSDocumentEntryTypeCode")
    assert asked == [f"57833-6^^{oids.LOINC}", f"29551-9^^{oids.LOINC}"]


def test_the_first_search_is_of_two_years(documents: Documents, store: Store) -> None:
    """By date of the act, in force only."""
    store.answer = Registry(lambda seen: registry.found(registry.entry("1")))
    found = documents.first_search(INS)
    assert registry.values(store.seen[0], "$XDSDocumentEntryServiceStartTimeFrom") == ["20240414083000"]
    assert registry.values(store.seen[0], "$XDSDocumentEntryStatus") == [DocumentStatus.APPROVED.value]
    assert (len(found.entries), found.until) == (1, wire_world.NOW)


def test_changes_are_found_by_the_chain(documents: Documents, store: Store) -> None:
    """Submissions since, their members, then documents and links twenty at a time, each asked for once."""
    members = [str(number) for number in range(45)]

    def tell(seen: Seen) -> str:
        query = registry.body(seen).find(f"{{{oids.NS_RIM}}}AdhocQuery")
        assert query is not None
        if query.get("id") == oids.QUERY_FIND_SUBMISSION_SETS:
            assert registry.values(seen, "$XDSSubmissionSetSubmissionTimeFrom") == ["20260401000000"]
            return registry.found(registry.package("s1") + registry.package("s2"))
        if query.get("id") == oids.QUERY_GET_ASSOCIATIONS:
            assert registry.values(seen, "$uuid") == ["urn:uuid:s1", "urn:uuid:s2"]
            links = [registry.association(registry.HAS_MEMBER, "s1", name) for name in [*members, "0"]]
            links.append(registry.association(SIGNS, "9", "s1"))
            return registry.found("".join(links))
        asked = [value.removeprefix("urn:uuid:") for value in registry.values(seen, "$XDSDocumentEntryEntryUUID")]
        assert len(asked) <= 20
        link = registry.association(registry.REPLACES, "new", "old")
        return registry.found("".join(registry.entry(name) for name in asked) + link)

    store.answer = Registry(tell)
    found = documents.changes(INS, wire_world.NOW.replace(day=1, hour=0, minute=0))
    assert [entry.unique_id for entry in found.entries] == [f"1.2.{name}" for name in members]
    assert [link.target for link in found.associations] == ["urn:uuid:old"]
    assert len(store.seen) == 2 + 3


def test_a_chain_that_breaks_gives_nothing(documents: Documents, store: Store) -> None:
    """The whole fails when one of its answers does."""
    answers = [
        registry.found(registry.package("s1")),
        registry.found(registry.association(registry.HAS_MEMBER, "s1", "1")),
        registry.found("", registry.FAILURE, registry.errors(("XDSTooManyResults", ""))),
    ]
    store.answer = Registry(lambda seen: answers.pop(0))
    with pytest.raises(TooManyResults):
        documents.changes(INS, wire_world.NOW)


def test_descriptions_are_found_by_the_document(documents: Documents, store: Store) -> None:
    """TD3.1b: references alone are asked for."""
    store.answer = Registry(lambda seen: registry.found('<ObjectRef id="urn:uuid:7"/>'))
    assert documents.entry_uuids(INS, ["1.2.3"]) == ("urn:uuid:7",)
    option = registry.body(store.seen[0])[0]
    assert option.get("returnType") == "ObjectRef"


def test_documents_are_found_by_an_order(documents: Documents, store: Store) -> None:
    """FindDocumentsByReferenceId."""
    store.answer = Registry(lambda seen: registry.found(registry.entry("1")))
    assert len(documents.by_reference(INS, ["A^^^&1.2&ISO"])) == 1
    assert registry.values(store.seen[0], "$XDSDocumentEntryReferenceIdList") == ["A^^^&1.2&ISO"]


@pytest.mark.parametrize(
    ("told", "error"),
    [
        (registry.found("<ExtrinsicObject/>"), UnexpectedAnswer),
        (registry.found('<ExtrinsicObject id="urn:uuid:1"/>'), UnexpectedAnswer),
        (registry.found('<Association associationType="x"/>'), UnexpectedAnswer),
        (registry.found("<ObjectRef/>"), UnexpectedAnswer),
        (registry.found("", "urn:unknown"), UnexpectedAnswer),
        (registry.found("", registry.PARTIAL, registry.errors(("XDSRegistryError", "x"))), RefusedByStore),
        (registry.response(), UnexpectedAnswer),
    ],
)
def test_an_answer_that_lacks_something_is_not_applied(
    documents: Documents, store: Store, told: str, error: type[DmpError]
) -> None:
    """Objects without identifiers, unknown statuses, half answers, other messages."""
    store.answer = Registry(lambda seen: told)
    with pytest.raises(error):
        documents.find(INS)


# -- reading ----------------------------------------------------------------------------------------------------------


def test_documents_are_retrieved(documents: Documents, store: Store) -> None:
    """By the OID of the document, several at once, by XOP or within the message; each checked against its hash."""
    content = b"\x00\xff\r\n--y"
    digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    answer = _retrieved(("1.2.2", "MQ=="), ("1.2.1", _xop("a")))
    store.answer = Registry(lambda seen: answer, {"a": content})
    first = replace(_described("1", hash=digest, repository_id="1.9"), size=len(content))
    got = documents.retrieve(INS, [first, _described("2")])
    assert [(document.unique_id, document.content) for document in got.documents] == [
        ("1.2.1", content),
        ("1.2.2", b"1"),
    ]
    asked = registry.body(store.seen[0])
    assert [item[1].text for item in asked] == ["1.2.1", "1.2.2"]
    assert [item[0].text for item in asked] == ["1.9", oids.DMP_REPOSITORY]


def test_what_is_missing_is_told(documents: Documents, store: Store) -> None:
    """A partial success gives what there is, and why the rest is not there."""
    listed = registry.errors(("XDSDocumentUniqueIdError", "1.2.2"))
    answer = _retrieved(("1.2.1", "MQ=="), status=registry.PARTIAL, listed=listed)
    store.answer = Registry(lambda seen: answer, as_multipart=True)
    got = documents.retrieve(INS, [_described("1"), _described("2")])
    assert [document.unique_id for document in got.documents] == ["1.2.1"]
    assert [type(error) for error in got.refused] == [DocumentNotFound]


@pytest.mark.parametrize(
    ("told", "attached", "error"),
    [
        (_retrieved(("1.2.1", _xop("missing"))), {"a": b"1"}, MalformedAnswer),
        (_retrieved(("9.9.9", "MQ==")), {}, UnexpectedAnswer),
        (_retrieved(("1.2.1", "MQ=="), ("1.2.1", "MQ==")), {}, UnexpectedAnswer),
        (_retrieved(), {}, UnexpectedAnswer),
        (_retrieved(("1.2.1", "MTI=")), {}, DocumentAltered),
        (registry.response(), {}, UnexpectedAnswer),
        (f'<RetrieveDocumentSetResponse xmlns="{oids.NS_XDSB}"/>', {}, UnexpectedAnswer),
        (
            _retrieved(status=registry.FAILURE, listed=registry.errors(("XDSDocumentUniqueIdError", ""))),
            {},
            DocumentNotFound,
        ),
    ],
)
def test_a_retrieval_that_is_not_what_was_asked_gives_nothing(
    documents: Documents, store: Store, told: str, attached: dict[str, bytes], error: type[DmpError]
) -> None:
    """Missing parts, other documents, one twice, none, altered bytes, other messages, refusals."""
    store.answer = Registry(lambda seen: told, attached, as_multipart=True)
    with pytest.raises(error):
        documents.retrieve(INS, [replace(_described("1"), size=1)])


def test_a_fault_comes_in_parts_too(documents: Documents, store: Store) -> None:
    """The store answers in parts even to refuse; an HTTP 500 with it changes nothing."""
    fault = (
        '<s:Fault xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Code><s:Value>s:Sender</s:Value><s:Subcode>'
        "<s:Value>XDSDocumentUniqueIdError</s:Value></s:Subcode></s:Code><s:Reason>"
        "<s:Text xml:lang='fr'>inconnu</s:Text></s:Reason></s:Fault>"
    )
    answering = Registry(lambda seen: fault, as_multipart=True)

    def answer(seen: Seen) -> Told:
        return replace(answering(seen), status=500)

    store.answer = answer
    with pytest.raises(DocumentNotFound):
        documents.retrieve(INS, [_described("1")])


@pytest.mark.parametrize(
    ("content", "kind", "status", "error"),
    [
        (b"<html>portail</html>", "text/html", 200, HtmlAnswer),
        (b"", "multipart/related; boundary=x", 200, TruncatedAnswer),
        (b"--x\r\n\r\n<a/>", "multipart/related; boundary=x", 200, TruncatedAnswer),
        (b"--x\r\n\r\n<a/>\r\n--x--", "multipart/related; boundary=y", 200, BadAnswer),
        (b"--x\r\n\r\n\r\n--x--", "multipart/related; boundary=x", 200, BadAnswer),
        (b"<html/>", "text/html", 503, StoreUnavailable),
    ],
)
def test_an_answer_that_is_no_message_is_refused(
    documents: Documents, store: Store, content: bytes, kind: str, status: int, error: type[DmpError]
) -> None:
    """Web pages, cut multiparts, wrong boundaries."""
    store.answer = lambda seen: Told(content, status, {"Content-Type": kind}, wire_world.NOW)
    with pytest.raises(error):
        documents.retrieve(INS, [_described("1")])


def test_an_answer_to_another_message_is_refused(documents: Documents, store: Store) -> None:
    """In parts too."""
    answering = Registry(lambda seen: _retrieved(("1.2.1", "MQ==")), as_multipart=True)

    def answer(seen: Seen) -> Told:
        told = answering(seen)
        return replace(told, content=told.content.replace(b"urn:uuid:", b"urn:uuid:0"))

    store.answer = answer
    with pytest.raises(WrongMessage):
        documents.retrieve(INS, [_described("1")])


# -- management -------------------------------------------------------------------------------------------------------


def _managing(*entries: str) -> Registry:
    def tell(seen: Seen) -> str:
        updating = registry.body(seen).tag.endswith("SubmitObjectsRequest")
        return registry.response() if updating else registry.found("".join(entries))

    return Registry(tell)


def test_a_change_of_visibility_files_the_whole_description_anew(documents: Documents, store: Store) -> None:
    """Read first, then filed with its logical id, every slot it had, its new codes and the version it follows."""
    slots = registry.slot("hash", "abc") + registry.slot("urn:unknown", "kept")
    store.answer = _managing(
        registry.entry("7", lid="urn:uuid:lid", version=3, codes=("N", "V", "MASQUE_PS"), slots=slots)
    )
    documents.set_visibility(INS, "urn:uuid:7", Visibility(from_patient=True))
    assert [seen.path for seen in store.seen] == ["/registry", "/registry"]
    filed = next(registry.body(store.seen[1]).iter(f"{{{oids.NS_RIM}}}ExtrinsicObject"))
    assert filed.get("lid") == "urn:uuid:lid"
    assert filed.get("id") not in {"urn:uuid:7", "urn:uuid:lid"}
    codes = [item.get("nodeRepresentation") for item in filed.iter(f"{{{oids.NS_RIM}}}Classification")]
    assert codes == ["11488-4", "N", "V", "INVISIBLE_PATIENT"]
    assert {item.get("classifiedObject") for item in filed.iter(f"{{{oids.NS_RIM}}}Classification")} == {
        filed.get("id")
    }
    assert registry.values(store.seen[1], "urn:unknown") == ["kept"]
    assert registry.values(store.seen[1], "PreviousVersion") == ["3"]


def test_a_forbidden_visibility_is_not_asked(documents: Documents, store: Store) -> None:
    """Hidden from the professionals and from the person at once."""
    with pytest.raises(ForbiddenVisibility):
        documents.set_visibility(INS, "urn:uuid:7", Visibility(True, True))
    assert store.seen == []


def test_a_description_that_is_gone_is_not_changed(documents: Documents, store: Store) -> None:
    """Nothing is filed when the store does not give the description."""
    store.answer = _managing()
    with pytest.raises(DocumentNotFound):
        documents.set_visibility(INS, "urn:uuid:7", Visibility())
    assert len(store.seen) == 1


@pytest.mark.parametrize("new", [DocumentStatus.ARCHIVED, DocumentStatus.DELETED])
def test_a_status_is_changed_by_the_description(documents: Documents, store: Store, new: DocumentStatus) -> None:
    """From what it is to what it becomes; the card signs the assertion alone."""
    store.answer = _managing()
    documents.set_status(INS, _described("7"), new)
    (link,) = registry.body(store.seen[0]).iter(f"{{{oids.NS_RIM}}}Association")
    assert link.get("targetObject") == "urn:uuid:7"
    assert registry.values(store.seen[0], "OriginalStatus") == [DocumentStatus.APPROVED.value]
    assert registry.values(store.seen[0], "NewStatus") == [new.value]


def test_an_outdated_version_is_told(documents: Documents, store: Store) -> None:
    """Someone changed the description in between."""
    refusal = registry.response(registry.FAILURE, registry.errors(("XDSMetadataVersionError", "")))
    store.answer = Registry(lambda seen: refusal)
    with pytest.raises(VersionOutdated):
        documents.set_status(INS, _described("7"), DocumentStatus.ARCHIVED)
    with pytest.raises(UnexpectedAnswer):
        documents.set_status(INS, replace(_described("7"), status=None), DocumentStatus.ARCHIVED)
