"""TD0.3: the caller's own authorisation on a dossier (WSDL Habilitations, functional matrix PDT-INF-526 v1.8)."""

from __future__ import annotations

from datetime import datetime

from dmp_desktop.domain import oids
from dmp_desktop.domain.dossier import Authorisation, DossierState
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.sandbox.caller import Caller
from dmp_desktop.sandbox.refusals import Code, Refusal
from dmp_desktop.sandbox.store import Store
from dmp_desktop.sandbox.xmlio import Element, Maker, child, text

ACTION = "urn:si-dmp-habilitations:HabilitationsEndPoint:setAuthorization"
ANSWER_ACTION = f"{ACTION}Response"

_ADD, _REMOVE, _TREATING = "AJOUT", "SUPPRESSION", "MEDECIN_TRAITANT"
_DENIED = "Droits insuffisants"
# Seen word for word in the official example: an authorisation asked twice is no fault.
_ALREADY = "Autorisation déjà présente aucune action effectuée"
_habilitations = Maker(oids.NS_HABILITATIONS, "ns1")


def set_authorisation(body: Element, ins: Ins, store: Store, caller: Caller, now: datetime) -> Element:
    """Give the caller, or their structure when they are desk staff, an authorisation; or take it away.

    :raises Refusal: the message is not sound, or the matrix says no.
    """
    if body.tag != f"{{{oids.NS_HABILITATIONS}}}setAuthorization":
        raise Refusal(Code.INVALID_MESSAGE, "Le corps n’est pas celui de l’action annoncée")
    act = text(child(body, "action", oids.NS_HABILITATIONS))
    role = text(child(body, "role", oids.NS_HABILITATIONS))
    if act not in {_ADD, _REMOVE} or role not in {"", _TREATING}:
        raise Refusal(Code.INVALID_MESSAGE, "Action ou rôle inconnus")
    _check_rights(act, role, caller)
    dossier = store.dossier(ins)
    if dossier is None or dossier.state is DossierState.OPPOSED:
        raise Refusal(Code.NO_DOSSIER, "Aucun DMP pour ce patient")
    if dossier.state is DossierState.CLOSED:
        raise Refusal(Code.ACCESS_DENIED, "Le DMP est fermé")
    present, _ = store.authorisation(ins, caller.grantees)
    if present is Authorisation.FORBIDDEN:
        raise Refusal(Code.ACCESS_DENIED, "Accès bloqué par le patient")
    grantee = caller.structure if caller.desk_staff else caller.professional
    if act == _ADD:
        changed = store.authorise(ins, grantee, now, treating=role == _TREATING)
        return _answer("" if changed else _ALREADY)
    changed = store.withdraw(ins, grantee)
    return _answer("" if changed else "Aucune autorisation présente aucune action effectuée")


def _check_rights(act: str, role: str, caller: Caller) -> None:
    if caller.mode != "normal":
        raise Refusal(Code.ACCESS_DENIED, _DENIED)
    if caller.desk_staff and (act == _REMOVE or role):
        raise Refusal(Code.ACCESS_DENIED, _DENIED)
    if role and not caller.doctor:
        raise Refusal(Code.ACCESS_DENIED, _DENIED)


def _answer(context: str) -> Element:
    output = _habilitations(
        "output", _habilitations("status", "DMPOk"), _habilitations("context", context) if context else None
    )
    return _habilitations("setAuthorizationResponse", output)
