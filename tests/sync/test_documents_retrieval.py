"""Documents read over real mutual TLS: in parts, checked, and whatever else may come."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from helpers import documents_registry as registry
from helpers import wire_world
from helpers.documents_desk import INS, described, documents, pki, signer, store
from helpers.documents_registry import Registry
from helpers.wire_store import Seen, Store, Told

from dmp_desktop.domain import oids
from dmp_desktop.errors import BadAnswer, DmpError
from dmp_desktop.sync.documents import Documents
from dmp_desktop.sync.errors import (
    DocumentNotFound,
    HtmlAnswer,
    MalformedAnswer,
    StoreUnavailable,
    TruncatedAnswer,
    UnexpectedAnswer,
    WrongMessage,
)
from dmp_desktop.sync.retrieve import DocumentAltered

__all__ = ["documents", "pki", "signer", "store"]


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


def test_documents_are_retrieved(documents: Documents, store: Store) -> None:
    """By the OID of the document, several at once, by XOP or within the message; each checked against its hash."""
    content = b"\x00\xff\r\n--y"
    digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    answer = _retrieved(("1.2.2", "MQ=="), ("1.2.1", _xop("a")))
    store.answer = Registry(lambda seen: answer, {"a": content})
    first = replace(described("1", hash=digest, repository_id="1.9"), size=len(content))
    got = documents.retrieve(INS, [first, described("2")])
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
    got = documents.retrieve(INS, [described("1"), described("2")])
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
        documents.retrieve(INS, [replace(described("1"), size=1)])


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
        documents.retrieve(INS, [described("1")])


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
        documents.retrieve(INS, [described("1")])


def test_an_answer_to_another_message_is_refused(documents: Documents, store: Store) -> None:
    """In parts too."""
    answering = Registry(lambda seen: _retrieved(("1.2.1", "MQ==")), as_multipart=True)

    def answer(seen: Seen) -> Told:
        told = answering(seen)
        return replace(told, content=told.content.replace(b"urn:uuid:", b"urn:uuid:0"))

    store.answer = answer
    with pytest.raises(WrongMessage):
        documents.retrieve(INS, [described("1")])
