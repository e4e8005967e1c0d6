"""TD2.1 and TD2.2: documents filed with their submission and its signature (ITI-41, MTOM)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from dmp_desktop.domain import oids
from dmp_desktop.domain.habilitations import IdentityMode
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.rights import Action
from dmp_desktop.sandbox import ebrim, mtom, signatures
from dmp_desktop.sandbox.cda import check_document, moment
from dmp_desktop.sandbox.refusals import TEXT_INSTITUTION, Code, Refusal
from dmp_desktop.sandbox.registry import Batch, Content, Entry, Link, Package
from dmp_desktop.sandbox.request import Done, Request
from dmp_desktop.sandbox.xmlio import Element, attribute, children, need, parse

ACTION: Final = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"
_ANSWER_ACTION: Final = f"{ACTION}Response"
# The real limit is not published (November 2026).
MAX_DOCUMENT: Final = 60_000_000
_SIGNATURE_TYPE: Final = "E1762"


@dataclass(frozen=True, slots=True)
class _Submitted:
    """One document of the message: its description, its bytes."""

    id: str
    entry: Element
    unique_id: str
    content: bytes
    facts: ebrim.Facts

    @property
    def is_signature(self) -> bool:
        return self.facts.type_code == _SIGNATURE_TYPE


def provide(request: Request) -> Done:
    """File a submission whole, or nothing of it.

    :raises Refusal: the matrix says no, or there is no active dossier.
    """
    if request.body.tag != f"{{{oids.NS_XDSB}}}ProvideAndRegisterDocumentSetRequest":
        raise Refusal(Code.INVALID_MESSAGE, "Le corps n’est pas celui de l’action annoncée")
    desk = request.caller.desk_staff
    request.gate.check(Action.DEPOSIT_BY_DESK if desk else Action.DEPOSIT)
    dossier = request.gate.active()
    request.gate.enter(dossier)
    try:
        request.store.registry.file(_batch(request))
    except Refusal as refusal:
        return Done(ebrim.response(refusal), _ANSWER_ACTION, refusal.store_code)
    return Done(ebrim.response(), _ANSWER_ACTION, act="TD2.2" if desk else "")


def check_set(request: Request, objects: Element) -> tuple[Element, str, str]:
    """The one submission of a message: its element, its uniqueId, its time as an ISO date.

    :raises Refusal: it is not about the person of the VIHF, was filed already, or its author is not of the structure.
    """
    packages = children(objects, "RegistryPackage", ebrim.RIM)
    if len(packages) != 1:
        raise Refusal(Code.METADATA, "Un seul lot de soumission attendu")
    (package,) = packages
    check_patient(package, oids.XDS_SET_PATIENT_ID, request.ins)
    unique_id = ebrim.identifier(package, oids.XDS_SET_UNIQUE_ID)
    ebrim.identifier(package, oids.XDS_SET_SOURCE_ID)
    if request.store.registry.has_submission(unique_id):
        raise Refusal(Code.DUPLICATE, "Lot déjà soumis")
    if ebrim.authors(package, oids.XDS_SET_AUTHOR).structures != {request.caller.structure}:
        raise Refusal(Code.AUTHOR_INSTITUTION, TEXT_INSTITUTION)
    submitted = moment(ebrim.slot(package, "submissionTime"))
    return package, unique_id, submitted.isoformat()


def check_patient(element: Element, scheme: str, ins: Ins) -> None:
    """:raises Refusal: a description of somebody else than the person of the VIHF."""
    if ebrim.patient_of(element, scheme) != f"{ins.value}^^^&{ins.oid}&ISO^NH":
        raise Refusal(Code.OTHER_PATIENT, "Patient du VIHF différent de celui du lot")


def _batch(request: Request) -> Batch:
    objects = need(request.body, "SubmitObjectsRequest", oids.NS_LCM)
    objects = need(objects, "RegistryObjectList", ebrim.RIM)
    package, set_id, _ = check_set(request, objects)
    documents = _documents(request, objects)
    links = [
        (attribute(a, "associationType"), attribute(a, "sourceObject"), attribute(a, "targetObject"))
        for a in children(objects, "Association", ebrim.RIM)
    ]
    symbol = attribute(package, "id")
    for document in documents:
        if (ebrim.HAS_MEMBER, symbol, document.id) not in links:
            raise Refusal(Code.METADATA, "Document hors du lot")
    roots, latest = _check_contents(request, documents)
    _check_signature(request, documents, links, symbol, signatures.Expected(set_id, roots, latest))
    return _filed(request, package, set_id, documents, links)


def _documents(request: Request, objects: Element) -> list[_Submitted]:
    parts = {attribute(d, "id").lower(): d for d in children(request.body, "Document", oids.NS_XDSB)}
    documents = []
    for entry in children(objects, "ExtrinsicObject", ebrim.RIM):
        name = attribute(entry, "id")
        holder = parts.pop(name.lower(), None)
        if holder is None:
            raise Refusal(Code.MISSING_DOCUMENT, "Document décrit mais absent")
        content = mtom.part_of(holder, request.parts)
        if len(content) > MAX_DOCUMENT:
            raise Refusal(Code.TOO_BIG, "Document trop volumineux")
        unique_id = ebrim.identifier(entry, oids.XDS_ENTRY_UNIQUE_ID)
        documents.append(_Submitted(name, entry, unique_id, content, ebrim.facts(entry)))
    if parts:
        raise Refusal(Code.METADATA, "Document joint mais non décrit")
    if not any(not document.is_signature for document in documents):
        raise Refusal(Code.METADATA, "Aucun document dans le lot")
    return documents


def _check_contents(request: Request, documents: list[_Submitted]) -> tuple[dict[str, Element], datetime]:
    """Check every description against its document; the roots of the documents, and the latest of their dates."""
    registry, roots = request.store.registry, {}
    latest = datetime.min.replace(tzinfo=UTC)
    for document in documents:
        if registry.by_unique_id([document.unique_id]) or document.unique_id in roots:
            raise Refusal(Code.DUPLICATE, "Document déjà présent")
        check_patient(document.entry, oids.XDS_ENTRY_PATIENT_ID, request.ins)
        _check_size_and_hash(document)
        _check_author(request, document.facts.authors)
        latest = max(latest, moment(document.facts.times["creationTime"]))
        if document.is_signature:
            continue
        _check_visibility(request, document.facts.confidentiality)
        root = parse(document.content, MAX_DOCUMENT, comments=True)
        check_document(root, document.entry, document.facts, request.ins)
        roots[document.unique_id] = root
    return roots, latest


def _check_size_and_hash(document: _Submitted) -> None:
    held = ebrim.slots(document.entry)
    digest = hashlib.sha1(document.content, usedforsecurity=False).hexdigest()
    if held.get("hash", [digest])[0].lower() != digest:
        raise Refusal(Code.HASH_DIFFERS, "Empreinte différente de celle du document")
    if held.get("size", [str(len(document.content))])[0] != str(len(document.content)):
        raise Refusal(Code.CONTENT_DIFFERS, "Taille différente de celle du document")


def _check_author(request: Request, authors: ebrim.Authors) -> None:
    """Who signs in is who writes; reception and structures file for their own people (EX_2.1-1140, footnote 4)."""
    caller = request.caller
    if authors.structures != {caller.structure}:
        raise Refusal(Code.AUTHOR_INSTITUTION, TEXT_INSTITUTION)
    own = caller.identity is IdentityMode.DIRECT and not caller.desk_staff
    if own and authors.people != {caller.professional}:
        raise Refusal(Code.CONTENT_DIFFERS, "Auteur différent de l’utilisateur du VIHF")
    known = {p.professional.id.value: p.situations for p in request.around.professionals}
    for person in authors.people:
        if person in known and caller.structure not in {s.structure.value for s in known[person]}:
            raise Refusal(Code.AUTHOR_INSTITUTION, TEXT_INSTITUTION)


def _check_visibility(request: Request, confidentiality: frozenset[str]) -> None:
    if "N" not in confidentiality:
        raise Refusal(Code.METADATA, "confidentialityCode N attendu")
    if {ebrim.MASKED, ebrim.NOT_PATIENT} <= confidentiality:
        raise Refusal(Code.VISIBILITY, "Un document ne peut être masqué aux professionnels et non visible du patient")
    if request.caller.secret and ebrim.NOT_REPRESENTATIVES not in confidentiality:
        raise Refusal(Code.VISIBILITY, "Connexion secrète : documents non visibles des représentants légaux seulement")


def _check_signature(
    request: Request,
    documents: list[_Submitted],
    links: list[tuple[str, str, str]],
    symbol: str,
    expected: signatures.Expected,
) -> None:
    signed = [document for document in documents if document.is_signature]
    if len(signed) != 1 or (ebrim.SIGNS, signed[0].id, symbol) not in links:
        raise Refusal(Code.SIGNATURE_MISSING, "Signature du lot absente")
    content = signed[0].content
    signatures.check_signature(content, expected, request.caller, request.around.authorities, request.now)


def _filed(
    request: Request, package: Element, set_id: str, documents: list[_Submitted], links: list[tuple[str, str, str]]
) -> Batch:
    ins, at = request.ins.value, request.now.isoformat()
    uuid, xml = ebrim.register_package(package)
    names = {attribute(package, "id"): uuid}
    entries, contents = [], []
    for document in documents:
        sha1 = hashlib.sha1(document.content, usedforsecurity=False).hexdigest()
        entry_uuid, entry_xml = ebrim.register(document.entry, lid="", version=1, size=len(document.content), sha1=sha1)
        names[document.id] = entry_uuid
        entries.append(Entry(entry_uuid, entry_uuid, 1, document.unique_id, ins, ebrim.APPROVED, True, at, entry_xml))
        contents.append(Content(document.unique_id, attribute(document.entry, "mimeType"), document.content))
    made, replaced = [], {}
    for kind, source, target in links:
        if kind == ebrim.REPLACES:
            replaced[target] = ebrim.DEPRECATED
            _check_replaced(request, target)
        elif target not in names:
            raise Refusal(Code.METADATA, "Association vers un objet étranger au lot")
        if source not in names:
            raise Refusal(Code.METADATA, "Association depuis un objet étranger au lot")
        held = [ebrim.make_slot("SubmissionSetStatus", "Original")] if kind == ebrim.HAS_MEMBER else []
        ends = (names[source], names.get(target, target))
        link_uuid, link_xml = ebrim.link(kind, *ends, *held)
        made.append(Link(link_uuid, kind, *ends, link_xml))
    filed = Package(uuid, set_id, ins, at, xml)
    return Batch(tuple(entries), (filed,), tuple(made), tuple(contents), replaced)


def _check_replaced(request: Request, target: str) -> None:
    found = request.store.registry.by_uuid([target])
    if not found or found[0].ins != request.ins.value:
        raise Refusal(Code.REPLACEMENT, "Document à remplacer introuvable")
    if not found[0].latest or found[0].status != ebrim.APPROVED:
        raise Refusal(Code.REPLACEMENT, "Document à remplacer déjà remplacé, archivé ou supprimé")
