"""Deposits over real mutual TLS: what leaves, what is believed, what is refused before it leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from helpers import documents_registry as registry
from helpers import documents_world as world
from helpers import wire_world
from helpers.documents_desk import INS, documents, pki, signer, store
from helpers.documents_registry import Registry
from helpers.wire_store import Store
from lxml import etree

from dmp_desktop.domain import oids
from dmp_desktop.domain.document import ForbiddenVisibility, Replaced, Visibility
from dmp_desktop.domain.habilitations import Access
from dmp_desktop.errors import DmpError, RefusedByStore
from dmp_desktop.reading import cda_source
from dmp_desktop.sync import mtom
from dmp_desktop.sync.documents import Documents
from dmp_desktop.sync.errors import (
    ClockDrift,
    DuplicateDocument,
    MessageRefused,
    ReplacementRefused,
    StoreUnavailable,
    UnexpectedAnswer,
    UnsendableValue,
)
from dmp_desktop.sync.submission import DocumentTooLarge, SecretNotKept

__all__ = ["documents", "pki", "signer", "store"]


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
    assert cda_source.read(incoming.parts["Document01@dmp-desktop"]).content == data
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
