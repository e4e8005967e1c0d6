"""Documents themselves (TD3.2, ITI-43): asked for by the OID of the document, never by its entryUUID."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from dmp_desktop.domain import oids
from dmp_desktop.domain.document import DocumentEntry, RetrievedDocument
from dmp_desktop.domain.oids import NS_XDSB
from dmp_desktop.errors import BadAnswer, RefusedByStore
from dmp_desktop.sync import mtom, xds_response
from dmp_desktop.sync.errors import UnexpectedAnswer
from dmp_desktop.sync.soap import element, node

SERVICE: Final = "repository"
ACTION: Final = "urn:ihe:iti:2007:RetrieveDocumentSet"
ANSWER_ACTION: Final = "urn:ihe:iti:2007:RetrieveDocumentSetResponse"
_NS: Final = f"{{{NS_XDSB}}}"
_SHA1_HEX: Final = 40


class DocumentAltered(BadAnswer):
    """The bytes are not those the registry describes: nothing of them was kept."""

    code = "document-altered"


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What a retrieval gave.

    :ivar refused: why some of the documents asked for are not there, as the store tells it.
    """

    documents: tuple[RetrievedDocument, ...]
    refused: tuple[RefusedByStore, ...] = ()


def request(entries: Sequence[DocumentEntry]) -> etree._Element:
    """RetrieveDocumentSet of these documents."""
    body = element(f"{_NS}RetrieveDocumentSetRequest", {None: NS_XDSB})
    for entry in entries:
        asked = node(body, "DocumentRequest")
        node(asked, "RepositoryUniqueId", entry.repository_id or oids.DMP_REPOSITORY)
        node(asked, "DocumentUniqueId", entry.unique_id)
    return body


def read(answer: etree._Element, incoming: mtom.Incoming, entries: Sequence[DocumentEntry]) -> Retrieved:
    """The documents of an answer.

    :raises RefusedByStore: none is given.
    :raises UnexpectedAnswer: another message, a document that was not asked for, or one missing without a word.
    :raises DocumentAltered: a document is not what its description says (size, SHA-1).
    :raises MalformedAnswer: the message names a part it does not hold.
    """
    if answer.tag != f"{_NS}RetrieveDocumentSetResponse":
        raise UnexpectedAnswer("not the answer to a retrieval", part="RetrieveDocumentSetResponse")
    status = answer.find(xds_response.RESPONSE)
    if status is None:
        raise UnexpectedAnswer("a retrieval without a status", part="RegistryResponse")
    refused = xds_response.check(status, partial=True)
    asked = {entry.unique_id: entry for entry in entries}
    documents: dict[str, RetrievedDocument] = {}
    for found in answer.iterfind(f"{_NS}DocumentResponse"):
        unique_id = (found.findtext(f"{_NS}DocumentUniqueId") or "").strip()
        holder = found.find(f"{_NS}Document")
        if unique_id not in asked or unique_id in documents or holder is None:
            raise UnexpectedAnswer("a document that was not asked for", part="DocumentUniqueId")
        content = mtom.part(incoming, holder)
        _compare(content, asked[unique_id])
        documents[unique_id] = RetrievedDocument(
            unique_id,
            (found.findtext(f"{_NS}RepositoryUniqueId") or "").strip(),
            (found.findtext(f"{_NS}mimeType") or "").strip(),
            content,
        )
    if len(documents) < len(asked) and not refused:
        raise UnexpectedAnswer("a document is missing", part="DocumentResponse")
    return Retrieved(tuple(documents[entry] for entry in asked if entry in documents), refused)


def _compare(content: bytes, entry: DocumentEntry) -> None:
    if entry.size is not None and entry.size != len(content):
        raise DocumentAltered("a document of another size than described")
    # XDS says SHA-1; a longer digest would be another algorithm's.
    if len(entry.hash) == _SHA1_HEX and hashlib.sha1(content, usedforsecurity=False).hexdigest() != entry.hash:
        raise DocumentAltered("a document of another digest than described")
