"""What a registry holds, read into domain values (TD3.1). Unknown codes, statuses and links are kept as they came."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeVar

from lxml import etree

from dmp_desktop.domain import oids, terminology
from dmp_desktop.domain.document import (
    Association,
    AssociationKind,
    DocumentEntry,
    DocumentStatus,
    SubmissionSet,
)
from dmp_desktop.domain.oids import NS_QUERY
from dmp_desktop.domain.terminology import Code
from dmp_desktop.sync import xds, xds_response
from dmp_desktop.sync.errors import UnexpectedAnswer
from dmp_desktop.sync.xds import RIM

RESPONSE: Final = f"{{{NS_QUERY}}}AdhocQueryResponse"
_REFERENCES: Final = ("urn:ihe:iti:xds:2013:referenceIdList", "urn:iti:xds:2013:referenceIdList")
_UNKNOWN: Final = Code("", "")
_Member = TypeVar("_Member", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Found:
    """What a query gave.

    :ivar references: identifiers alone, when only references were asked for.
    """

    entries: tuple[DocumentEntry, ...] = ()
    sets: tuple[SubmissionSet, ...] = ()
    associations: tuple[Association, ...] = ()
    references: tuple[str, ...] = ()
    raw: dict[str, etree._Element] = field(default_factory=dict, repr=False)


def read(answer: etree._Element) -> Found:
    """The objects of an ``AdhocQueryResponse``.

    :raises RefusedByStore: the store refused the query.
    :raises UnexpectedAnswer: another message, or an object without the identifiers that make it usable: nothing of
        such an answer is applied.
    """
    if answer.tag != RESPONSE:
        raise UnexpectedAnswer("not the answer to a query", part="AdhocQueryResponse")
    xds_response.check(answer)
    entries, sets, associations, references = [], [], [], []
    raw: dict[str, etree._Element] = {}
    for item in answer.iterfind(f"{RIM}RegistryObjectList/{RIM}*"):
        if item.tag == f"{RIM}ExtrinsicObject":
            entry = _entry(item)
            raw[entry.entry_uuid] = item
            entries.append(entry)
        elif item.tag == f"{RIM}RegistryPackage":
            sets.append(_set(item))
        elif item.tag == f"{RIM}Association":
            associations.append(_association(item))
        elif item.tag == f"{RIM}ObjectRef":
            references.append(_required(item.get("id"), "id"))
    return Found(tuple(entries), tuple(sets), tuple(associations), tuple(references), raw)


def _entry(item: etree._Element) -> DocumentEntry:
    entry_uuid = _required(item.get("id"), "id")
    held = xds.slots(item)
    status = item.get("status", "")
    authenticator = xds.first(held, "legalAuthenticator")
    classified = xds.classifications(item)

    def codes(scheme: str) -> tuple[Code, ...]:
        return xds.codes(classified.get(scheme, ()))

    facility, practice = codes(oids.XDS_ENTRY_FACILITY), codes(oids.XDS_ENTRY_PRACTICE)
    return DocumentEntry(
        entry_uuid=entry_uuid,
        logical_id=item.get("lid") or entry_uuid,
        unique_id=_required(xds.identifier(item, oids.XDS_ENTRY_UNIQUE_ID), "uniqueId"),
        status=_member(DocumentStatus, status),
        status_text=status,
        type_code=_one(codes(oids.XDS_ENTRY_TYPE), terminology.TYPE),
        class_code=_one(codes(oids.XDS_ENTRY_CLASS), terminology.CLASS),
        format_code=_one(codes(oids.XDS_ENTRY_FORMAT), terminology.FORMAT),
        title=xds.text(item, "Name"),
        comments=xds.text(item, "Description"),
        mime_type=item.get("mimeType", ""),
        version=_version(item),
        created_at=xds.moment(xds.first(held, "creationTime")),
        service_start=xds.moment(xds.first(held, "serviceStartTime")),
        service_stop=xds.moment(xds.first(held, "serviceStopTime")),
        language=xds.first(held, "languageCode"),
        authors=xds.authors(classified.get(oids.XDS_ENTRY_AUTHOR, ())),
        legal_authenticator=xds.read_author(authenticator) if authenticator else None,
        confidentiality=codes(oids.XDS_ENTRY_CONFIDENTIALITY),
        facility=_one(facility, terminology.FACILITY) if facility else None,
        practice=_one(practice, terminology.PRACTICE) if practice else None,
        events=codes(oids.XDS_ENTRY_EVENT),
        patient_id=xds.identifier(item, oids.XDS_ENTRY_PATIENT_ID),
        source_patient_id=xds.first(held, "sourcePatientId"),
        source_patient_info=held.get("sourcePatientInfo", ()),
        repository_id=xds.first(held, "repositoryUniqueId"),
        hash=xds.first(held, "hash").lower(),
        size=_number(xds.first(held, "size")),
        references=next((held[name] for name in _REFERENCES if name in held), ()),
    )


def _set(item: etree._Element) -> SubmissionSet:
    held = xds.slots(item)
    classified = xds.classifications(item)
    content = xds.codes(classified.get(oids.XDS_SET_CONTENT_TYPE, ()))
    return SubmissionSet(
        entry_uuid=_required(item.get("id"), "id"),
        unique_id=xds.identifier(item, oids.XDS_SET_UNIQUE_ID),
        source_id=xds.identifier(item, oids.XDS_SET_SOURCE_ID),
        submitted_at=xds.moment(xds.first(held, "submissionTime")),
        title=xds.text(item, "Name"),
        comments=xds.text(item, "Description"),
        content_type=content[0] if content else None,
        authors=xds.authors(classified.get(oids.XDS_SET_AUTHOR, ())),
        status_text=item.get("status", ""),
    )


def _association(item: etree._Element) -> Association:
    kind = item.get("associationType", "")
    return Association(
        id=item.get("id", ""),
        kind=_member(AssociationKind, kind),
        kind_text=kind,
        source=_required(item.get("sourceObject"), "sourceObject"),
        target=_required(item.get("targetObject"), "targetObject"),
        previous_version=_number(xds.first(xds.slots(item), "PreviousVersion")),
    )


def _one(found: tuple[Code, ...], table: str) -> Code:
    """The code, named as the store names it; by our table when it does not."""
    if not found:
        return _UNKNOWN
    received = found[0]
    return received if received.label else terminology.table(table).code(received.value, received.system)


def _version(item: etree._Element) -> int:
    found = item.find(f"{RIM}VersionInfo")
    return _number(found.get("versionName", "") if found is not None else "") or 1


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else None


def _member(kind: type[_Member], text: str) -> _Member | None:
    return next((member for member in kind if member.value == text), None)


def _required(value: str | None, part: str) -> str:
    if not value or not value.strip():
        raise UnexpectedAnswer("an object without an identifier", part=part)
    return value.strip()
