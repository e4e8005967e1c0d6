"""Stored queries of the registry (TD3.1, ITI-18): what to look for, and how it is written.

There is no query by date of submission on documents: what is new is found by the chain submissions → associations →
documents, twenty at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from lxml import etree

from dmp_desktop.domain import oids, terminology
from dmp_desktop.domain.document import DocumentStatus
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.oids import NS_QUERY, NS_RIM
from dmp_desktop.domain.terminology import Code
from dmp_desktop.sync import xds
from dmp_desktop.sync.soap import element, node
from dmp_desktop.sync.xds import RIM

SERVICE: Final = "registry"
ACTION: Final = "urn:ihe:iti:2007:RegistryStoredQuery"
ANSWER_ACTION: Final = "urn:ihe:iti:2007:RegistryStoredQueryResponse"
BATCH: Final = 20
"""Documents asked for at once (usage published for the DMP, v0.3 of 26/05/2026)."""

_VALUE: Final = 256  # ebRIM: the longest value of a slot
_ENTRY: Final = "$XDSDocumentEntry"


@dataclass(frozen=True, slots=True)
class FindDocuments:
    """What to look for in one person's dossier. Nothing given is no filter.

    Times are aware, bounds included.

    :ivar statuses: life of the documents; those in force by default.
    :ivar types: looked for under their former codes too.
    :ivar authors: XCN patterns, ``%`` for anything.
    :ivar references_only: ask for identifiers alone (TD3.1b, for who may not read documents).
    """

    statuses: tuple[DocumentStatus, ...] = (DocumentStatus.APPROVED,)
    classes: tuple[Code, ...] = ()
    types: tuple[Code, ...] = ()
    formats: tuple[Code, ...] = ()
    events: tuple[Code, ...] = ()
    facilities: tuple[Code, ...] = ()
    practices: tuple[Code, ...] = ()
    confidentialities: tuple[Code, ...] = ()
    authors: tuple[str, ...] = field(default=(), repr=False)
    created_from: datetime | None = None
    created_to: datetime | None = None
    service_from: datetime | None = None
    service_to: datetime | None = None
    stopped_from: datetime | None = None
    stopped_to: datetime | None = None
    references_only: bool = False


def find_documents(ins: Ins, criteria: FindDocuments) -> etree._Element:
    """FindDocuments."""
    query, body = _query(oids.QUERY_FIND_DOCUMENTS, leaf=not criteria.references_only)
    _add(query, f"{_ENTRY}PatientId", [_quoted(xds.patient_id(ins))])
    _list(query, f"{_ENTRY}Status", [status.value for status in criteria.statuses])
    for name, bound in (
        ("CreationTimeFrom", criteria.created_from),
        ("CreationTimeTo", criteria.created_to),
        ("ServiceStartTimeFrom", criteria.service_from),
        ("ServiceStartTimeTo", criteria.service_to),
        ("ServiceStopTimeFrom", criteria.stopped_from),
        ("ServiceStopTimeTo", criteria.stopped_to),
    ):
        if bound is not None:
            _add(query, f"{_ENTRY}{name}", [xds.utc(bound)])
    for name, codes in (
        ("ClassCode", criteria.classes),
        ("TypeCode", tuple(form for code in criteria.types for form in terminology.forms_of(code))),
        ("FormatCode", criteria.formats),
        ("EventCodeList", criteria.events),
        ("HealthcareFacilityTypeCode", criteria.facilities),
        ("PracticeSettingCode", criteria.practices),
        ("ConfidentialityCode", criteria.confidentialities),
    ):
        _list(query, f"{_ENTRY}{name}", [f"{code.value}^^{code.system}" for code in codes])
    _list(query, f"{_ENTRY}AuthorPerson", criteria.authors)
    return body


def find_by_reference(ins: Ins, references: Sequence[str], statuses: Iterable[DocumentStatus]) -> etree._Element:
    """FindDocumentsByReferenceId: documents that answer an order, a study, an accession number."""
    query, body = _query(oids.QUERY_FIND_BY_REFERENCE)
    _add(query, f"{_ENTRY}PatientId", [_quoted(xds.patient_id(ins))])
    _list(query, f"{_ENTRY}Status", [status.value for status in statuses])
    _list(query, f"{_ENTRY}ReferenceIdList", references)
    return body


def find_submissions(ins: Ins, since: datetime | None) -> etree._Element:
    """FindSubmissionSets: what was submitted since ``since``."""
    query, body = _query(oids.QUERY_FIND_SUBMISSION_SETS)
    _add(query, "$XDSSubmissionSetPatientId", [_quoted(xds.patient_id(ins))])
    if since is not None:
        _add(query, "$XDSSubmissionSetSubmissionTimeFrom", [xds.utc(since)])
    _list(query, "$XDSSubmissionSetStatus", [DocumentStatus.APPROVED.value])
    return body


def get_associations(objects: Sequence[str]) -> etree._Element:
    """GetAssociations: the links of these submissions or documents."""
    query, body = _query(oids.QUERY_GET_ASSOCIATIONS)
    _list(query, "$uuid", objects)
    return body


def get_documents(*, entries: Sequence[str] = (), unique_ids: Sequence[str] = (), leaf: bool = True) -> etree._Element:
    """GetDocuments, by descriptions or by documents (TD3.1b: the entryUUID of a document one knows)."""
    query, body = _query(oids.QUERY_GET_DOCUMENTS, leaf=leaf)
    _list(query, f"{_ENTRY}EntryUUID", entries)
    _list(query, f"{_ENTRY}UniqueId", unique_ids)
    return body


def get_documents_and_associations(entries: Sequence[str]) -> etree._Element:
    """GetDocumentsAndAssociations: these descriptions and what links them, replacements included."""
    query, body = _query(oids.QUERY_GET_DOCUMENTS_AND_ASSOCIATIONS)
    _list(query, f"{_ENTRY}EntryUUID", entries)
    return body


def by_batch(identifiers: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Twenty at a time, each once."""
    once = tuple(dict.fromkeys(identifiers))
    for start in range(0, len(once), BATCH):
        yield once[start : start + BATCH]


def _query(identifier: str, *, leaf: bool = True) -> tuple[etree._Element, etree._Element]:
    body = element(f"{{{NS_QUERY}}}AdhocQueryRequest", {"query": NS_QUERY, None: NS_RIM})
    node(body, "ResponseOption", None, returnComposedObjects="true", returnType="LeafClass" if leaf else "ObjectRef")
    return node(body, f"{RIM}AdhocQuery", None, id=identifier), body


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _list(query: etree._Element, name: str, values: Iterable[str]) -> None:
    """Values in parentheses, over as many slot values as their length asks for (ITI-18 §3.18.4.1.2.3.5)."""
    groups: list[list[str]] = []
    for value in map(_quoted, values):
        if not groups or len(",".join([*groups[-1], value])) + 2 > _VALUE:
            groups.append([])
        groups[-1].append(value)
    if groups:
        _add(query, name, [f"({','.join(group)})" for group in groups])


def _add(query: etree._Element, name: str, values: list[str]) -> None:
    xds.add_slot(query, name, values)
