"""TD3.2: the documents themselves (ITI-43), as parts beside the answer."""

from __future__ import annotations

from typing import Final

from dmp_desktop.domain import oids
from dmp_desktop.domain.rights import Action
from dmp_desktop.sandbox import ebrim, sight
from dmp_desktop.sandbox.refusals import Code, Refusal
from dmp_desktop.sandbox.request import Done, Request
from dmp_desktop.sandbox.store import Dossier
from dmp_desktop.sandbox.xmlio import Element, Maker, child, children, text

ACTION: Final = "urn:ihe:iti:2007:RetrieveDocumentSet"
_ANSWER_ACTION: Final = f"{ACTION}Response"
_xds = Maker(oids.NS_XDSB, "xds")
_xop = Maker(oids.NS_XOP, "xop")


def retrieve(request: Request) -> Done:
    """Every document asked for, or why not, one by one.

    :raises Refusal: the matrix, a block or a missing authorisation says no to all of them.
    """
    if request.body.tag != f"{{{oids.NS_XDSB}}}RetrieveDocumentSetRequest":
        raise Refusal(Code.INVALID_MESSAGE, "Le corps n’est pas celui de l’action annoncée")
    request.gate.check(Action.READ)
    dossier = request.gate.active()
    request.gate.consult(dossier)
    answers: list[Element] = []
    parts: list[tuple[str, str, bytes]] = []
    refusals: list[Refusal] = []
    for asked in children(request.body, "DocumentRequest", oids.NS_XDSB):
        try:
            answer, part = _one(request, asked, dossier)
            answers.append(answer)
            parts.append(part)
        except Refusal as refusal:
            refusals.append(refusal)
    if not answers and not refusals:
        raise Refusal(Code.INVALID_MESSAGE, "Aucun document demandé")
    status = ebrim.SUCCESS if not refusals else ebrim.PARTIAL if answers else ebrim.FAILURE
    registry = ebrim.rs("RegistryResponse", {"status": status}, ebrim.errors(refusals))
    body = _xds("RetrieveDocumentSetResponse", registry, *answers)
    outcome = refusals[0].store_code if refusals and not answers else "OK"
    return Done(body, _ANSWER_ACTION, outcome, tuple(parts))


def _one(request: Request, asked: Element, dossier: Dossier) -> tuple[Element, tuple[str, str, bytes]]:
    repository = text(child(asked, "RepositoryUniqueId", oids.NS_XDSB))
    unique_id = text(child(asked, "DocumentUniqueId", oids.NS_XDSB))
    if repository != oids.DMP_REPOSITORY:
        raise Refusal(Code.UNKNOWN_REPOSITORY, "Entrepôt inconnu")
    entry = sight.one(request, request.store.registry.by_unique_id([unique_id]))
    sight.check_reading(request, entry, dossier)
    content = request.store.registry.content(unique_id)
    if content is None:
        raise Refusal(Code.REPOSITORY, "Document absent de l’entrepôt")
    name = f"{unique_id}@dmp"
    answer = _xds(
        "DocumentResponse",
        _xds("RepositoryUniqueId", repository),
        _xds("DocumentUniqueId", unique_id),
        _xds("mimeType", content.mime),
        _xds("Document", _xop("Include", {"href": f"cid:{name}"})),
    )
    return answer, (name, content.mime, content.bytes)
