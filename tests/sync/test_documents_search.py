"""Searches and changes of documents over real mutual TLS."""

from __future__ import annotations

from dataclasses import replace

import pytest
from helpers import documents_registry as registry
from helpers import wire_world
from helpers.documents_desk import INS, described, documents, pki, signer, store
from helpers.documents_registry import Registry
from helpers.wire_store import Seen, Store

from dmp_desktop.domain import oids
from dmp_desktop.domain.document import DocumentStatus, ForbiddenVisibility, Visibility
from dmp_desktop.domain.terminology import Code
from dmp_desktop.errors import DmpError, RefusedByStore
from dmp_desktop.sync.documents import Documents
from dmp_desktop.sync.errors import (
    DocumentNotFound,
    TooManyResults,
    UnexpectedAnswer,
    VersionOutdated,
)
from dmp_desktop.sync.query import FindDocuments

__all__ = ["documents", "pki", "signer", "store"]

SIGNS = "urn:ihe:iti:2007:AssociationType:signs"


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
            assert registry.values(seen, "$XDSSubmissionSetSubmissionTimeFrom") == ["20260331230000"]
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
    documents.set_status(INS, described("7"), new)
    (link,) = registry.body(store.seen[0]).iter(f"{{{oids.NS_RIM}}}Association")
    assert link.get("targetObject") == "urn:uuid:7"
    assert registry.values(store.seen[0], "OriginalStatus") == [DocumentStatus.APPROVED.value]
    assert registry.values(store.seen[0], "NewStatus") == [new.value]


def test_an_outdated_version_is_told(documents: Documents, store: Store) -> None:
    """Someone changed the description in between."""
    refusal = registry.response(registry.FAILURE, registry.errors(("XDSMetadataVersionError", "")))
    store.answer = Registry(lambda seen: refusal)
    with pytest.raises(VersionOutdated):
        documents.set_status(INS, described("7"), DocumentStatus.ARCHIVED)
    with pytest.raises(UnexpectedAnswer):
        documents.set_status(INS, replace(described("7"), status=None), DocumentStatus.ARCHIVED)
