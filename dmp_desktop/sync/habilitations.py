"""TD0.3 and TD1.6: who may read a dossier.

TD0.3 adds or removes the authorisation of the person at work, on an explicit act only (EX_0.3-1010). The patient and
the professional are those of the VIHF. Ceasing to be médecin traitant is an addition without the role: the
authorisation stays.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from lxml import etree

from dmp_desktop.domain.dossier import Confirmation
from dmp_desktop.domain.events import AuthorisationAct
from dmp_desktop.domain.habilitations import AuthorisationFilter, AuthorisedProfessional
from dmp_desktop.domain.oids import AUTHOR_SPECIALITY, NS_HABILITATIONS
from dmp_desktop.domain.terminology import Code
from dmp_desktop.sync.hl7v3 import moment
from dmp_desktop.sync.services import every, output_of, said
from dmp_desktop.sync.soap import element, node

_POINT: Final = "urn:si-dmp-habilitations:HabilitationsEndPoint"
ACTION: Final = f"{_POINT}:setAuthorization"
ANSWER_ACTION: Final = f"{_POINT}:setAuthorizationResponse"
LIST_ACTION: Final = f"{_POINT}:listAuthorizationByPatient"
LIST_ANSWER_ACTION: Final = f"{_POINT}:listAuthorizationByPatientResponse"
_TREATING: Final = "MEDECIN_TRAITANT"


def authorisation_request(act: AuthorisationAct, *, treating: bool) -> etree._Element:
    """``setAuthorization``, with the role of médecin traitant when asked."""
    root = element(f"{{{NS_HABILITATIONS}}}setAuthorization", {None: NS_HABILITATIONS})
    node(root, "action", act.value)
    if treating:
        node(root, "role", _TREATING)
    return root


def read_authorisation(root: etree._Element, at: datetime) -> Confirmation:
    """What the store did; an authorisation that was there already is confirmed too (the act is idempotent).

    :param at: the store's time, which this answer does not carry itself.
    :raises RefusedByStore: any status but ``DMPOk``.
    """
    output = output_of(root, NS_HABILITATIONS, "setAuthorizationResponse")
    return Confirmation(at, text=said(output, "context"))


def professionals_request(which: AuthorisationFilter) -> etree._Element:
    """``listAuthorizationByPatient``: the patient is the VIHF's."""
    root = element(f"{{{NS_HABILITATIONS}}}listAuthorizationByPatient", {None: NS_HABILITATIONS})
    node(root, "mode", which.value)
    return root


def read_professionals(root: etree._Element) -> tuple[AuthorisedProfessional, ...]:
    """Professionals and structures, in the store's order.

    :raises RefusedByStore: any status but ``DMPOk``.
    """
    output = output_of(root, NS_HABILITATIONS, "listAuthorizationByPatientResponse")
    return tuple(_professional(line) for line in every(output, "listOfAuthorizationByPatient"))


def _professional(line: etree._Element) -> AuthorisedProfessional:
    return AuthorisedProfessional(
        id=said(line, "nationalId"),
        id_type=said(line, "nationalIdType"),
        family=said(line, "lastName"),
        given=said(line, "firstName"),
        specialities=_specialities(line),
        blocked=said(line, "mode") == AuthorisationFilter.FORBIDDEN,
        treating=any((right.text or "").strip() == _TREATING for right in every(line, "specificRight")),
        since=moment(said(line, "startOfAuthorization")),
        last_act=moment(said(line, "lastActionDate")),
    )


def _specialities(line: etree._Element) -> tuple[Code, ...]:
    """Codes and labels come as two lists side by side; a label may be missing."""
    codes = [(code.text or "").strip() for code in every(line, "codeSpeciality")]
    labels = [" ".join((label.text or "").split()) for label in every(line, "libSpeciality")]
    labels += [""] * (len(codes) - len(labels))
    return tuple(Code(code, AUTHOR_SPECIALITY, label) for code, label in zip(codes, labels, strict=False) if code)
