"""TD1.5a and TD1.5b: the internet account of a person, and where their one-time codes go.

Both left the published WSDL on 11/06/2024: what is answered follows the shape of their types as the WSDL still keeps
them (``PatientAccessResponse``, ``WebServiceResponse``). A real store may not answer them any more.
"""

from __future__ import annotations

import re
import secrets

from dmp_desktop.domain import oids
from dmp_desktop.domain.dossier import DossierState
from dmp_desktop.sandbox.refusals import Code, Refusal
from dmp_desktop.sandbox.request import Done, Request
from dmp_desktop.sandbox.store import Dossier
from dmp_desktop.sandbox.xmlio import Maker, child, text

_POINT = "urn:si-dmp-patients:PatientSpecificEndPoint"
ACCOUNT_ACTION, CHANNEL_ACTION = f"{_POINT}:createPatientAccess", f"{_POINT}:patientOTPUpdate"
_patients = Maker(oids.NS_PATIENTS, "ns1")
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_COLUMNS = {"SMS": "mobile", "EMAIL": "email"}
_PATTERNS = {"SMS": r"0[67]\d{8}", "EMAIL": r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}"}


def create_account(request: Request) -> Done:
    """TD1.5a: a new account; its secrets are told here and nowhere else.

    :raises Refusal: the message is not sound, the dossier is not administered here, or there is an account.
    """
    dossier = _administered(request, "createPatientAccess")
    kind, channel = _channel(request)
    if dossier.account:
        raise Refusal(Code.ACCOUNT_EXISTS, "Un compte existe déjà pour ce patient")
    login, password = _secret(10), _secret(12)
    request.store.change(request.ins, **{"account": login, _COLUMNS[kind]: channel})
    output = _patients(
        "output", _patients("login", login), _patients("password", password), _patients("status", "DMPOk")
    )
    return Done(_patients("createPatientAccessResponse", output), f"{ACCOUNT_ACTION}Response")


def set_channel(request: Request) -> Done:
    """TD1.5b: add, change or remove the channel of the codes.

    :raises Refusal: the message is not sound, or the channel is not as the act supposes.
    """
    dossier = _administered(request, "patientOTPUpdate")
    kind, channel = _channel(request)
    act = text(child(request.body, "action", oids.NS_PATIENTS))
    if act not in {"AJOUT", "MODIFICATION", "SUPPRESSION"}:
        raise Refusal(Code.INVALID_MESSAGE, "Action inconnue")
    if not dossier.account:
        raise Refusal(Code.NO_ACCOUNT, "Ce patient n’a pas de compte")
    held = str(getattr(dossier, _COLUMNS[kind]))
    if act == "AJOUT" and held:
        raise Refusal(Code.CHANNEL_EXISTS, "Ce canal existe déjà")
    if act != "AJOUT" and not held:
        raise Refusal(Code.NO_CHANNEL, "Ce canal n’existe pas")
    request.store.change(request.ins, **{_COLUMNS[kind]: "" if act == "SUPPRESSION" else channel})
    output = _patients("output", _patients("status", "DMPOk"))
    return Done(_patients("patientOTPUpdateResponse", output), f"{CHANNEL_ACTION}Response")


def _administered(request: Request, name: str) -> Dossier:
    if request.body.tag != f"{{{oids.NS_PATIENTS}}}{name}":
        raise Refusal(Code.INVALID_MESSAGE, "Le corps n’est pas celui de l’action annoncée")
    request.gate.check_unlisted()
    dossier = request.gate.active()
    if dossier.state is not DossierState.ACTIVE or dossier.attached_to_mes:
        raise Refusal(Code.ACCESS_DENIED, "DMP rattaché à Mon espace santé : il s’y administre")
    return dossier


def _channel(request: Request) -> tuple[str, str]:
    kind = text(child(request.body, "type", oids.NS_PATIENTS))
    channel = text(child(request.body, "canal", oids.NS_PATIENTS))
    if kind not in _COLUMNS or not re.fullmatch(_PATTERNS[kind], channel):
        raise Refusal(Code.INVALID_MESSAGE, "Canal absent ou impossible")
    return kind, channel


def _secret(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
