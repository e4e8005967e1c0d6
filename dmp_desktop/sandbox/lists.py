"""TD0.4 and TD1.6: the dossiers a professional may read, the professionals a dossier is open or closed to.

Dates are written as the official examples do: ``AAAAMMJJHHMMSS``, UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime

from dmp_desktop.domain import oids
from dmp_desktop.domain.dossier import Authorisation
from dmp_desktop.domain.habilitations import AuthorisationFilter, ListedBy
from dmp_desktop.domain.identifiers import Ins, Nir
from dmp_desktop.domain.identity import Sex
from dmp_desktop.domain.rights import Action
from dmp_desktop.sandbox.people import ProfessionalProfile
from dmp_desktop.sandbox.refusals import Code, Refusal
from dmp_desktop.sandbox.request import Done, Request
from dmp_desktop.sandbox.store import Grant
from dmp_desktop.sandbox.xmlio import Element, Maker, child, text

DOSSIERS_ACTION = "urn:si-dmp-patients:PatientSpecificEndPoint:patientList"
PROFESSIONALS_ACTION = "urn:si-dmp-habilitations:HabilitationsEndPoint:listAuthorizationByPatient"

_patients = Maker(oids.NS_PATIENTS, "ns1")
_habilitations = Maker(oids.NS_HABILITATIONS, "ns1")
# The footnotes of TD0.4.
_SAME_STRUCTURE, _NEW_ONES = "2", "3"


def list_dossiers(request: Request) -> Done:
    """TD0.4."""
    _check(request.body, oids.NS_PATIENTS, "patientList")
    rule = request.gate.check(Action.LIST_DOSSIERS)
    by = text(child(request.body, "dateType", oids.NS_PATIENTS)) or ListedBy.AUTHORISATION.value
    if by not in set(ListedBy):
        raise Refusal(Code.INVALID_MESSAGE, "dateType inconnu")
    since = _moment(text(child(request.body, "startDate", oids.NS_PATIENTS)))
    owner = text(child(request.body, "psOwnerId", oids.NS_PATIENTS))
    if rule == _NEW_ONES and by != ListedBy.AUTHORISATION:
        raise Refusal(Code.ACCESS_DENIED, "Nouvelles autorisations par date seulement")
    grantees = _grantees(request, rule, owner)
    lines: dict[str, Element] = {}
    for grant in request.store.granted(grantees):
        line = _dossier(request, grant, ListedBy(by), since)
        if line is not None:
            lines.setdefault(grant.ins, line)
    output = _patients("output", *lines.values(), _patients("status", "DMPOk"))
    return Done(_patients("patientListResponse", output), f"{DOSSIERS_ACTION}Response")


def list_professionals(request: Request) -> Done:
    """TD1.6."""
    _check(request.body, oids.NS_HABILITATIONS, "listAuthorizationByPatient")
    request.gate.check(Action.LIST_PROFESSIONALS)
    request.gate.active()
    if request.gate.authorisation is Authorisation.FORBIDDEN:
        raise Refusal(Code.ACCESS_DENIED, "Accès bloqué par le patient")
    mode = text(child(request.body, "mode", oids.NS_HABILITATIONS)) or AuthorisationFilter.ALL.value
    wanted = {
        AuthorisationFilter.ACTIVE.value: {Authorisation.VALID},
        AuthorisationFilter.FORBIDDEN.value: {Authorisation.FORBIDDEN},
        AuthorisationFilter.ALL.value: {Authorisation.VALID, Authorisation.FORBIDDEN},
    }.get(mode)
    if wanted is None:
        raise Refusal(Code.INVALID_MESSAGE, "mode inconnu")
    lines = [_professional(request, grant) for grant in request.store.grants(request.ins) if grant.state in wanted]
    output = _habilitations("output", *lines, _habilitations("status", "DMPOk"))
    body = _habilitations("listAuthorizationByPatientResponse", output)
    return Done(body, f"{PROFESSIONALS_ACTION}Response")


def _check(body: Element, namespace: str, name: str) -> None:
    if body.tag != f"{{{namespace}}}{name}":
        raise Refusal(Code.INVALID_MESSAGE, "Le corps n’est pas celui de l’action annoncée")


def _grantees(request: Request, rule: str, owner: str) -> tuple[str, ...]:
    """Whose authorisations are listed: the caller's, or with ``psOwnerId`` a colleague's of the same structure."""
    if not owner or owner == request.caller.professional:
        return request.caller.grantees
    colleagues = {
        profile.professional.id.value
        for profile in request.around.professionals
        if request.caller.structure in {s.structure.value for s in profile.situations}
    }
    if rule != _SAME_STRUCTURE or owner not in colleagues:
        raise Refusal(Code.ACCESS_DENIED, "Limité aux professionnels de la même structure")
    return (owner,)


def _dossier(request: Request, grant: Grant, by: ListedBy, since: str) -> Element | None:
    person = request.around.person(Ins(Nir(grant.ins), request.around.ins_oid))
    if person is None:
        return None
    entries = request.store.registry.entries(grant.ins)
    added = _stamp(max((entry.submitted_at for entry in entries), default=""))
    authorised = _stamp(grant.since)
    if (added if by is ListedBy.DOCUMENT else authorised) < since or (by is ListedBy.DOCUMENT and not added):
        return None
    traits = person.traits
    accessed = _stamp(request.store.last_act(grant.ins, request.caller.professional))
    return _patients(
        "patientlistData",
        _patients(
            "patientIdentifier", _patients("nationalId", person.ins.value), _patients("nationalIdType", person.ins.oid)
        ),
        _patients("lastName", traits.used_name or traits.birth_name),
        _patients("patronymicalName", traits.birth_name),
        _patients("firstName", traits.first_given_name),
        _patients("civility", "MME" if traits.sex is Sex.FEMALE else "M"),
        _patients("dateOfBirth", traits.birth_date.raw),
        _patients("MT", "true" if grant.treating else "false"),
        _patients("message", "false"),
        _patients("lastAccessDate", accessed) if accessed else None,
        _patients("lastUpdateDate", max(added, authorised)),
        _patients("lastAddDate", added) if added else None,
    )


def _professional(request: Request, grant: Grant) -> Element:
    profile = next((p for p in request.around.professionals if p.professional.id.value == grant.grantee), None)
    acted = _stamp(request.store.last_act(grant.ins, grant.grantee))
    return _habilitations(
        "listOfAuthorizationByPatient",
        _habilitations("nationalId", grant.grantee),
        _habilitations("nationalIdType", oids.PS_ID if profile else oids.STRUCTURE_ID),
        *_names(request, grant, profile),
        _habilitations("startOfAuthorization", _stamp(grant.since)),
        _habilitations("lastActionDate", acted) if acted else None,
        _habilitations("mode", "INTERDITE" if grant.state is Authorisation.FORBIDDEN else "ACTIVE"),
        _habilitations("specificRight", "MEDECIN_TRAITANT") if grant.treating else None,
    )


def _names(request: Request, grant: Grant, profile: ProfessionalProfile | None) -> list[Element]:
    if profile is None:
        situations = [s for p in request.around.professionals for s in p.situations]
        name = next((s.name for s in situations if s.structure.value == grant.grantee), "")
        return [_habilitations("lastName", name)]
    person = profile.professional
    names = [_habilitations("firstName", person.given), _habilitations("lastName", person.family)]
    if person.speciality:
        names.append(_habilitations("codeSpeciality", person.speciality))
        names.append(_habilitations("libSpeciality", person.speciality_label))
    return names


def _stamp(iso: str) -> str:
    return datetime.fromisoformat(iso).astimezone(UTC).strftime("%Y%m%d%H%M%S") if iso else ""


def _moment(said: str) -> str:
    """``startDate`` filled up to the second, ``""`` when absent."""
    if not (said.isascii() and (not said or said.isdigit()) and len(said) in {0, 8, 12, 14}):
        raise Refusal(Code.INVALID_MESSAGE, "startDate illisible")
    return said.ljust(14, "0") if said else ""
