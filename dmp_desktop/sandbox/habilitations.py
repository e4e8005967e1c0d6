"""TD0.3: the caller's own authorisation on a dossier (WSDL Habilitations, functional matrix PDT-INF-526 v1.8)."""

from __future__ import annotations

from dmp_desktop.domain import oids
from dmp_desktop.domain.dossier import Authorisation
from dmp_desktop.domain.rights import Action
from dmp_desktop.sandbox.refusals import Code, Refusal
from dmp_desktop.sandbox.request import Done, Request
from dmp_desktop.sandbox.xmlio import Element, Maker, child, text

ACTION = "urn:si-dmp-habilitations:HabilitationsEndPoint:setAuthorization"
ANSWER_ACTION = f"{ACTION}Response"

_ADD, _REMOVE, _TREATING = "AJOUT", "SUPPRESSION", "MEDECIN_TRAITANT"
# Footnote 1 of the matrix: the authorisation is given to the structure.
_TO_STRUCTURE = "1"
# Seen word for word in the official example: an authorisation asked twice is no fault.
_ALREADY = "Autorisation déjà présente aucune action effectuée"
_habilitations = Maker(oids.NS_HABILITATIONS, "ns1")


def set_authorisation(request: Request) -> Done:
    """TD0.3: give the caller, or their structure when they are desk staff, an authorisation; or take it away.

    :raises Refusal: the message is not sound, or the matrix says no.
    """
    body, store = request.body, request.store
    if body.tag != f"{{{oids.NS_HABILITATIONS}}}setAuthorization":
        raise Refusal(Code.INVALID_MESSAGE, "Le corps n’est pas celui de l’action annoncée")
    act = text(child(body, "action", oids.NS_HABILITATIONS))
    role = text(child(body, "role", oids.NS_HABILITATIONS))
    if act not in {_ADD, _REMOVE} or role not in {"", _TREATING}:
        raise Refusal(Code.INVALID_MESSAGE, "Action ou rôle inconnus")
    caller, gate = request.caller, request.gate
    if act == _REMOVE and role:
        rule = gate.check(Action.CEASE_TREATING)
    else:
        rule = gate.check(Action.AUTHORISE if act == _ADD else Action.WITHDRAW)
    if role and not caller.doctor:
        raise Refusal(Code.ACCESS_DENIED, "Droits insuffisants")
    gate.active()
    if gate.authorisation is Authorisation.FORBIDDEN:
        raise Refusal(Code.ACCESS_DENIED, "Accès bloqué par le patient")
    grantee = caller.structure if rule == _TO_STRUCTURE else caller.professional
    if act == _ADD or role:
        # Ceasing to be médecin traitant is an addition without the role; the removal of the role means the same.
        changed = store.authorise(request.ins, grantee, request.now, treating=act == _ADD and role == _TREATING)
        return Done(_answer("" if changed else _ALREADY), ANSWER_ACTION)
    changed = store.withdraw(request.ins, grantee)
    return Done(_answer("" if changed else "Aucune autorisation présente aucune action effectuée"), ANSWER_ACTION)


def _answer(context: str) -> Element:
    output = _habilitations(
        "output", _habilitations("status", "DMPOk"), _habilitations("context", context) if context else None
    )
    return _habilitations("setAuthorizationResponse", output)
