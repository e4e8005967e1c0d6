"""TD3.3: mask, make visible, archive, delete (ITI-57)."""

from __future__ import annotations

from typing import Final

from dmp_desktop.domain import oids
from dmp_desktop.domain.rights import Action
from dmp_desktop.sandbox import ebrim, sight
from dmp_desktop.sandbox.deposit import check_patient, check_set
from dmp_desktop.sandbox.faults import Transaction
from dmp_desktop.sandbox.refusals import Code, Refusal
from dmp_desktop.sandbox.registry import Batch, Entry, Link, Package
from dmp_desktop.sandbox.request import Done, Request
from dmp_desktop.sandbox.store import Dossier
from dmp_desktop.sandbox.xmlio import Element, attribute, children, need

ACTION: Final = "urn:ihe:iti:2010:UpdateDocumentSet"
_ANSWER_ACTION: Final = f"{ACTION}-Response"
_OBJECTS: Final = "RegistryObjectList"
_HIDING: Final = frozenset({ebrim.MASKED, ebrim.NOT_PATIENT, ebrim.NOT_REPRESENTATIVES})
_MOVES: Final = {
    (ebrim.APPROVED, ebrim.ARCHIVED): Action.ARCHIVE,
    (ebrim.ARCHIVED, ebrim.APPROVED): Action.ARCHIVE,
    (ebrim.APPROVED, ebrim.DELETED): Action.DELETE,
    (ebrim.ARCHIVED, ebrim.DELETED): Action.DELETE,
    (ebrim.DEPRECATED, ebrim.DELETED): Action.DELETE,
}


def which(body: Element) -> Transaction:
    """Which of the transactions an update is, for the history and the faults."""
    for found in body.iter(f"{{{ebrim.RIM}}}Association"):
        if attribute(found, "associationType") == ebrim.UPDATE_STATUS:
            deleted = ebrim.slot(found, "NewStatus") == ebrim.DELETED
            return Transaction.DELETION if deleted else Transaction.ARCHIVE
    return Transaction.VISIBILITY


def update(request: Request) -> Done:
    """Change the state or the visibility of one document.

    :raises Refusal: the matrix says no, or there is no active dossier.
    """
    if request.body.tag != f"{{{oids.NS_LCM}}}SubmitObjectsRequest":
        raise Refusal(Code.INVALID_MESSAGE, "Le corps n’est pas celui de l’action annoncée")
    dossier = request.gate.active()
    request.gate.enter(dossier)
    objects = need(request.body, _OBJECTS, ebrim.RIM)
    try:
        package, set_id, _ = check_set(request, objects)
        described = children(objects, "ExtrinsicObject", ebrim.RIM)
        if described:
            batch, act = _visibility(request, objects, package, set_id, described, dossier)
        else:
            batch, act = _status(request, objects, package, set_id, dossier), ""
    except Refusal as refusal:
        if refusal.store_code == Code.ACCESS_DENIED:
            raise
        return Done(ebrim.response(refusal), _ANSWER_ACTION, refusal.store_code)
    request.store.registry.file(batch)
    return Done(ebrim.response(), _ANSWER_ACTION, act=act)


def _package(request: Request, element: Element, set_id: str) -> Package:
    uuid, xml = ebrim.register_package(element)
    return Package(uuid, set_id, request.ins.value, request.now.isoformat(), xml)


def _status(request: Request, objects: Element, package: Element, set_id: str, dossier: Dossier) -> Batch:
    found = children(objects, "Association", ebrim.RIM)
    if len(found) != 1 or attribute(found[0], "associationType") != ebrim.UPDATE_STATUS:
        raise Refusal(Code.METADATA_UPDATE, "Un seul changement d’état attendu")
    (link,) = found
    if attribute(link, "sourceObject") != attribute(package, "id"):
        raise Refusal(Code.METADATA_UPDATE, "Changement d’état hors du lot")
    entry = sight.one(request, request.store.registry.by_uuid([attribute(link, "targetObject")]))
    if not entry.latest:
        raise Refusal(Code.METADATA_VERSION, "Une version plus récente existe")
    before, after = ebrim.slot(link, "OriginalStatus"), ebrim.slot(link, "NewStatus")
    action = _MOVES.get((before, after))
    if action is None or before != entry.status:
        raise Refusal(Code.METADATA_UPDATE, "Changement d’état impossible")
    request.gate.check(action, sight.rights_facts(request, entry, dossier))
    filed = _package(request, package, set_id)
    slots = (ebrim.make_slot("OriginalStatus", before), ebrim.make_slot("NewStatus", after))
    uuid, xml = ebrim.link(ebrim.UPDATE_STATUS, filed.uuid, entry.uuid, *slots)
    link_made = Link(uuid, ebrim.UPDATE_STATUS, filed.uuid, entry.uuid, xml)
    return Batch(packages=(filed,), links=(link_made,), statuses={entry.uuid: after})


def _visibility(
    request: Request, objects: Element, package: Element, set_id: str, described: list[Element], dossier: Dossier
) -> tuple[Batch, str]:
    """A new version of a description, its confidentiality alone changed."""
    if len(described) != 1:
        raise Refusal(Code.METADATA_UPDATE, "Une seule description attendue")
    (element,) = described
    check_patient(element, oids.XDS_ENTRY_PATIENT_ID, request.ins)
    entry = request.store.registry.by_lid(attribute(element, "lid"))
    if entry is None or entry.ins != request.ins.value or not sight.sees(request, entry, dossier):
        raise Refusal(Code.METADATA_UPDATE, "Document introuvable")
    _check_version(objects, package, element, entry)
    before, after = ebrim.facts_of(entry.xml), ebrim.facts(element)
    if _essence(ebrim.describe(entry)) != _essence(element):
        raise Refusal(Code.METADATA_UPDATE, "Seule la confidentialité peut changer")
    act = _check_change(request, entry, dossier, before.confidentiality, after.confidentiality)
    held = ebrim.slots(ebrim.describe(entry))
    uuid, xml = ebrim.register(
        element, lid=entry.lid, version=entry.version + 1, size=int(held["size"][0]), sha1=held["hash"][0]
    )
    filed = _package(request, package, set_id)
    at = request.now.isoformat()
    made = Entry(uuid, entry.lid, entry.version + 1, entry.unique_id, entry.ins, entry.status, True, at, xml)
    slots = (
        ebrim.make_slot("SubmissionSetStatus", "Original"),
        ebrim.make_slot("PreviousVersion", str(entry.version)),
    )
    link_uuid, link_xml = ebrim.link(ebrim.HAS_MEMBER, filed.uuid, uuid, *slots)
    batch = Batch(
        entries=(made,),
        packages=(filed,),
        links=(Link(link_uuid, ebrim.HAS_MEMBER, filed.uuid, uuid, link_xml),),
        statuses={entry.uuid: ebrim.DEPRECATED},
        superseded=(entry.uuid,),
    )
    return batch, act


def _check_version(objects: Element, package: Element, element: Element, entry: Entry) -> None:
    ends = (attribute(package, "id"), attribute(element, "id"))
    for link in children(objects, "Association", ebrim.RIM):
        found = (attribute(link, "sourceObject"), attribute(link, "targetObject"))
        if attribute(link, "associationType") == ebrim.HAS_MEMBER and found == ends:
            if ebrim.slot(link, "PreviousVersion") != str(entry.version):
                raise Refusal(Code.METADATA_VERSION, "Une version plus récente existe")
            return
    raise Refusal(Code.METADATA_UPDATE, "Description hors du lot")


def _check_change(
    request: Request, entry: Entry, dossier: Dossier, before: frozenset[str], after: frozenset[str]
) -> str:
    """Check each change against its row of the matrix; which transaction it was.

    :raises Refusal: a row says no, nothing changes, or what was visible would be hidden from the person.
    """
    facts = sight.rights_facts(request, entry, dossier)
    if before == after or (before ^ after) - _HIDING or "N" not in after:
        raise Refusal(Code.METADATA_UPDATE, "Aucun changement de confidentialité, ou un changement interdit")
    if (after - before) - {ebrim.MASKED}:
        raise Refusal(Code.VISIBILITY, "Un document visible ne peut plus être rendu non visible")
    if {ebrim.MASKED, ebrim.NOT_PATIENT} <= after:
        raise Refusal(Code.VISIBILITY, "Un document ne peut être masqué aux professionnels et non visible du patient")
    act = ""
    if ebrim.MASKED in after - before:
        request.gate.check(Action.MASK, facts)
    if ebrim.MASKED in before - after:
        request.gate.check(Action.UNMASK, facts)
    if (before - after) - {ebrim.MASKED}:
        request.gate.check(Action.SHOW, facts)
        act = "TD3.3b"
    return act


def _essence(element: Element) -> tuple[object, ...]:
    """What may not change in a description."""
    facts = ebrim.facts(element)
    kept = {s: sorted(pairs) for s, pairs in facts.classified.items() if s != oids.XDS_ENTRY_CONFIDENTIALITY}
    names = ("creationTime", "languageCode", "legalAuthenticator", "serviceStartTime", "serviceStopTime")
    slots = {name: ebrim.slots(element).get(name) for name in (*names, "sourcePatientId", ebrim.REFERENCES)}
    unique_id = ebrim.identifier(element, oids.XDS_ENTRY_UNIQUE_ID)
    return unique_id, ebrim.title(element), kept, slots, facts.authors, facts.author_names
