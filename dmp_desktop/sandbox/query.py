"""TD3.1: stored queries on the registry (ITI-18)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from lxml import etree

from dmp_desktop.domain import oids
from dmp_desktop.domain.rights import Action
from dmp_desktop.sandbox import ebrim, sight
from dmp_desktop.sandbox.refusals import Code, Refusal
from dmp_desktop.sandbox.registry import Entry, Link
from dmp_desktop.sandbox.request import Done, Request
from dmp_desktop.sandbox.store import Dossier
from dmp_desktop.sandbox.xmlio import Element, Maker, attribute, children, need, text

ACTION: Final = "urn:ihe:iti:2007:RegistryStoredQuery"
_answer = Maker(oids.NS_QUERY, "query")
_ENTRY, _SET = "$XDSDocumentEntry", "$XDSSubmissionSet"
_CODED: Final = {
    f"{_ENTRY}ClassCode": oids.XDS_ENTRY_CLASS,
    f"{_ENTRY}TypeCode": oids.XDS_ENTRY_TYPE,
    f"{_ENTRY}PracticeSettingCode": oids.XDS_ENTRY_PRACTICE,
    f"{_ENTRY}HealthcareFacilityTypeCode": oids.XDS_ENTRY_FACILITY,
    f"{_ENTRY}EventCodeList": oids.XDS_ENTRY_EVENT,
    f"{_ENTRY}ConfidentialityCode": oids.XDS_ENTRY_CONFIDENTIALITY,
    f"{_ENTRY}FormatCode": oids.XDS_ENTRY_FORMAT,
}
_TIMES: Final = {
    f"{_ENTRY}CreationTime": "creationTime",
    f"{_ENTRY}ServiceStartTime": "serviceStartTime",
    f"{_ENTRY}ServiceStopTime": "serviceStopTime",
}
_VALUE: Final = re.compile(r"'((?:[^']|'')*)'|([^\s,()']+)")


@dataclass(frozen=True, slots=True)
class _Query:
    """What is asked: each slot with its alternatives; slots of one name must all be met."""

    id: str
    slots: tuple[tuple[str, tuple[str, ...]], ...]

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, values in self.slots if key == name for value in values)

    def one(self, name: str) -> str:
        values = self.all(name)
        if not values:
            raise Refusal(Code.MISSING_PARAMETER, f"Paramètre absent : {name}")
        if len(values) > 1:
            raise Refusal(Code.PARAMETER_COUNT, f"Paramètre répété : {name}")
        return values[0]


@dataclass(frozen=True, slots=True)
class _Found:
    """Objects by uuid, and how they are written when whole."""

    items: tuple[tuple[str, Callable[[], Element]], ...]


def answer_query(request: Request) -> Done:
    """Answer a stored query.

    :raises Refusal: the matrix, a block or a missing authorisation says no.
    """
    if request.body.tag != f"{{{oids.NS_QUERY}}}AdhocQueryRequest":
        raise Refusal(Code.INVALID_MESSAGE, "Le corps n’est pas celui de l’action annoncée")
    option = need(request.body, "ResponseOption", oids.NS_QUERY)
    whole = attribute(option, "returnType") == "LeafClass"
    asked = _read(need(request.body, "AdhocQuery", ebrim.RIM))
    dossier = request.gate.active()
    if request.gate.may(Action.FIND):
        request.gate.consult(dossier)
    else:
        _check_reference(request, asked, whole=whole)
        request.gate.enter(dossier)
    try:
        found = _QUERIES[asked.id](request, asked, dossier) if asked.id in _QUERIES else None
        if found is None:
            raise Refusal(Code.UNKNOWN_QUERY, "Requête inconnue")
    except Refusal as refusal:
        body = _answer("AdhocQueryResponse", {"status": ebrim.FAILURE}, ebrim.errors([refusal]))
        body.append(ebrim.rim("RegistryObjectList"))
        return Done(body, f"{ACTION}Response", refusal.store_code)
    objects = [write() if whole else ebrim.reference(uuid) for uuid, write in found.items]
    head = {"status": ebrim.SUCCESS, "totalResultCount": str(len(objects)), "startIndex": "0"}
    return Done(_answer("AdhocQueryResponse", head, ebrim.rim("RegistryObjectList", *objects)), f"{ACTION}Response")


def _check_reference(request: Request, asked: _Query, *, whole: bool) -> None:
    """Whoever may not consult may look for the reference of a document they know (footnote 5, TD3.1b).

    :raises Refusal: they look for more.
    """
    request.gate.check(Action.FIND_REFERENCE)
    if whole or not asked.all(f"{_ENTRY}UniqueId"):
        raise Refusal(Code.ACCESS_DENIED, "Recherche de la référence d’un document connu seulement")


def _read(element: Element) -> _Query:
    slots = []
    for slot in children(element, "Slot", ebrim.RIM):
        written = " ".join(text(value) for value in children(slot, "ValueList/Value", ebrim.RIM))
        values = tuple(a.replace("''", "'") or b for a, b in _VALUE.findall(written))
        slots.append((attribute(slot, "name"), values))
    return _Query(attribute(element, "id"), tuple(slots))


def _whole(entries: Iterable[Entry]) -> tuple[tuple[str, Callable[[], Element]], ...]:
    return tuple((entry.uuid, partial(ebrim.describe, entry)) for entry in entries)


def _links(links: Iterable[Link]) -> tuple[tuple[str, Callable[[], Element]], ...]:
    return tuple((link.uuid, partial(etree.fromstring, link.xml)) for link in links)


def _patient(request: Request, asked: _Query, name: str) -> None:
    ins = request.ins
    if "^".join(asked.one(name).split("^")[:5]) != f"{ins.value}^^^&{ins.oid}&ISO^NH":
        raise Refusal(Code.OTHER_PATIENT, "Patient du VIHF différent de celui de la requête")


def _find_documents(request: Request, asked: _Query, dossier: Dossier) -> _Found:
    _patient(request, asked, f"{_ENTRY}PatientId")
    statuses = asked.all(f"{_ENTRY}Status")
    if not statuses:
        raise Refusal(Code.MISSING_PARAMETER, f"Paramètre absent : {_ENTRY}Status")
    kept = [
        entry
        for entry in request.store.registry.entries(request.ins.value)
        if entry.status in statuses and _matches(entry, asked) and sight.sees(request, entry, dossier)
    ]
    return _Found(_whole(kept))


def _matches(entry: Entry, asked: _Query) -> bool:
    said = ebrim.facts_of(entry.xml)
    for name, values in asked.slots:
        if name in _CODED and not _coded(said.classified.get(_CODED[name], ()), values):
            return False
        base, end = (name[:-4], "From") if name.endswith("From") else (name[:-2], "To")
        if base in _TIMES and not _within(said.times[_TIMES[base]], values, start=end == "From"):
            return False
        if name == f"{_ENTRY}UniqueId" and entry.unique_id not in values:
            return False
        if name == f"{_ENTRY}AuthorPerson" and not any(_like(p, v) for p in said.author_names for v in values):
            return False
        if name.endswith("ReferenceIdList") and not any(_refers(r, v) for r in said.references for v in values):
            return False
    return True


def _coded(held: tuple[tuple[str, str], ...], wanted: tuple[str, ...]) -> bool:
    """Whether one of ``code^^system`` (or a bare code) is held."""
    for value in wanted:
        code, _, system = value.partition("^^")
        if any(code == held_code and system in {"", held_system} for held_code, held_system in held):
            return True
    return False


def _within(held: str, values: tuple[str, ...], *, start: bool) -> bool:
    """From its bound included, up to its bound excluded; times shorter than the second are filled with zeros."""
    bound = values[0].ljust(14, "0") if values else ""
    time = held.ljust(14, "0") if held else ""
    return bool(time) and (time >= bound if start else time < bound)


def _like(person: str, pattern: str) -> bool:
    return re.fullmatch(".*".join(re.escape(part) for part in pattern.split("%")), person) is not None


def _refers(held: str, wanted: str) -> bool:
    return held == wanted or held.split("^")[0] == wanted


def _find_sets(request: Request, asked: _Query, _: Dossier) -> _Found:
    _patient(request, asked, f"{_SET}PatientId")
    if ebrim.APPROVED not in asked.all(f"{_SET}Status"):
        raise Refusal(Code.MISSING_PARAMETER, f"Paramètre absent : {_SET}Status")
    since, until = asked.all(f"{_SET}SubmissionTimeFrom"), asked.all(f"{_SET}SubmissionTimeTo")
    items: list[tuple[str, Callable[[], Element]]] = []
    for package in request.store.registry.packages(request.ins.value):
        time = datetime.fromisoformat(package.submitted_at).strftime("%Y%m%d%H%M%S")
        early, late = since and not _within(time, since, start=True), until and not _within(time, until, start=False)
        if not (early or late):
            items.append((package.uuid, partial(etree.fromstring, package.xml)))
    return _Found(tuple(items))


def _get_associations(request: Request, asked: _Query, _: Dossier) -> _Found:
    uuids = asked.all("$uuid")
    if not uuids:
        raise Refusal(Code.MISSING_PARAMETER, "Paramètre absent : $uuid")
    own = {package.uuid for package in request.store.registry.packages(request.ins.value)}
    own |= {entry.uuid for entry in request.store.registry.by_uuid(uuids) if entry.ins == request.ins.value}
    return _Found(_links(request.store.registry.links(uuid for uuid in uuids if uuid in own)))


def _documents(request: Request, asked: _Query, dossier: Dossier) -> list[Entry]:
    uuids, unique_ids = asked.all(f"{_ENTRY}EntryUUID"), asked.all(f"{_ENTRY}UniqueId")
    if bool(uuids) == bool(unique_ids):
        raise Refusal(Code.PARAMETER_COUNT, "EntryUUID ou UniqueId attendu, et un seul des deux")
    registry = request.store.registry
    found = registry.by_uuid(uuids) if uuids else registry.by_unique_id(unique_ids)
    return [entry for entry in found if sight.sees(request, entry, dossier)]


def _get_documents(request: Request, asked: _Query, dossier: Dossier) -> _Found:
    return _Found(_whole(_documents(request, asked, dossier)))


def _get_documents_and_links(request: Request, asked: _Query, dossier: Dossier) -> _Found:
    entries = _documents(request, asked, dossier)
    links = request.store.registry.links(entry.uuid for entry in entries)
    return _Found(_whole(entries) + _links(links))


_QUERIES: Final[dict[str, Callable[[Request, _Query, Dossier], _Found]]] = {
    oids.QUERY_FIND_DOCUMENTS: _find_documents,
    oids.QUERY_FIND_SUBMISSION_SETS: _find_sets,
    oids.QUERY_GET_ASSOCIATIONS: _get_associations,
    oids.QUERY_GET_DOCUMENTS: _get_documents,
    oids.QUERY_GET_DOCUMENTS_AND_ASSOCIATIONS: _get_documents_and_links,
    oids.QUERY_FIND_BY_REFERENCE: _find_documents,
}
