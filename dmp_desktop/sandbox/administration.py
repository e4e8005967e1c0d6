"""TD1.3a, TD1.3b and TD1.4: read, change and close a dossier."""

from __future__ import annotations

from typing import Final

from dmp_desktop.domain import oids
from dmp_desktop.domain.dossier import DossierState
from dmp_desktop.domain.rights import Action
from dmp_desktop.sandbox import hl7 as h
from dmp_desktop.sandbox import registration
from dmp_desktop.sandbox.existence import write_answer, write_name
from dmp_desktop.sandbox.hl7 import Head, hl7
from dmp_desktop.sandbox.people import FictionalPerson
from dmp_desktop.sandbox.refusals import Code, Refusal
from dmp_desktop.sandbox.request import Request
from dmp_desktop.sandbox.store import Dossier
from dmp_desktop.sandbox.xmlio import Element, attribute, child, children, need, text

# Only this code was seen in public sources (three independent clients, 2026).
CLOSE_REASONS: Final = frozenset({"FERMETURE_DEMANDE_PATIENT"})
_BREAK_GLASS, _EMERGENCY = "OPPOSITION_BRIS_DE_GLACE", "OPPOSITION_ACCES_URGENCE"
_PERSON = "controlActProcess/subject/registrationRequest/subject1/patient/patientPerson"
_PATIENT = "controlActProcess/subject/registrationRequest/subject1/patient"


def read_data(request: Request, head: Head) -> tuple[Element, str]:
    """TD1.3a: what the store holds of the person.

    :raises Refusal: the matrix says no.
    """
    request.gate.check(Action.READ_DATA)
    person, dossier = request.around.person(request.ins), request.store.dossier(request.ins)
    if person is None or dossier is None:
        return write_answer(request.body, head, request.now, "NF"), "NF"
    if dossier.state is DossierState.OPPOSED:
        refusal = Refusal(Code.OPPOSITION, "Le patient s’est opposé à la création de son DMP")
        return write_answer(request.body, head, request.now, "AE", refusal=refusal), refusal.store_code
    return write_answer(request.body, head, request.now, "OK", patient=_patient(person, dossier)), "OK"


def change_data(request: Request, head: Head) -> tuple[Element, str]:
    """TD1.3b: what the message holds takes the place of what the store held."""

    def act() -> FictionalPerson:
        person, _ = _administered(request)
        human = need(request.body, _PERSON)
        if attribute(child(human, "birthTime"), "value") not in {"", person.traits.birth_date.raw}:
            raise Refusal(Code.TRAITS_DIFFER, "Date de naissance différente de celle de l’INS")
        request.store.change(request.ins, **_changes(request.body, human))
        return person

    return _revise(request, head, act)


def close(request: Request, head: Head) -> tuple[Element, str]:
    """TD1.4."""

    def act() -> FictionalPerson:
        person, _ = _administered(request)
        if attribute(need(request.body, f"{_PATIENT}/statusCode"), "code") != "terminated":
            raise Refusal(Code.INVALID_MESSAGE, "statusCode terminated attendu")
        issue = need(request.body, "controlActProcess/reasonOf/detectedIssueEvent")
        code = child(issue, "code")
        if attribute(code, "codeSystem") != oids.DMP_CLOSE_REASON or attribute(code, "code") not in CLOSE_REASONS:
            raise Refusal(Code.CLOSE_REASON, "Motif de fermeture inconnu")
        request.store.change(
            request.ins,
            state=DossierState.CLOSED.value,
            closed_on=request.now.strftime("%Y%m%d"),
            close_reason=attribute(code, "code"),
        )
        return person

    return _revise(request, head, act, status="terminated")


def _administered(request: Request) -> tuple[FictionalPerson, Dossier]:
    """The dossier, when a professional may administer it.

    :raises Refusal: not active, or attached to Mon espace santé (PDT-INF-526 note 10).
    """
    registration.check_author(request.body, request.caller)
    person, dossier = request.around.person(request.ins), request.store.dossier(request.ins)
    if person is None or dossier is None or dossier.state is DossierState.OPPOSED:
        raise Refusal(Code.NO_DOSSIER, "Aucun DMP pour ce patient")
    if dossier.state is DossierState.CLOSED:
        raise Refusal(Code.CLOSED, "DMP fermé")
    if dossier.attached_to_mes:
        raise Refusal(Code.ACCESS_DENIED, "DMP rattaché à Mon espace santé : il s’y administre")
    return person, dossier


def _revise(request: Request, head: Head, act: registration.Act, status: str = "active") -> tuple[Element, str]:
    request.gate.check_unlisted()
    return registration.revise(request.body, head, request.now, act, status)


def _changes(body: Element, human: Element) -> dict[str, str | bool]:
    telecoms = [(attribute(t, "use"), attribute(t, "value")) for t in children(human, "telecom")]
    representative, quality = registration.read_representative(human)
    given = text(child(human, "personalRelationship/relationshipHolder1/name/given"))
    patient = need(body, _PATIENT)
    return {
        "mobile": _telecom(telecoms, "MC"),
        "home_phone": _telecom(telecoms, "HP"),
        "email": next((v.removeprefix("mailto:") for _, v in telecoms if v.startswith("mailto:")), ""),
        "street": "\n".join(text(line) for line in children(human, "addr/streetAddressLine")),
        "locator": text(child(human, "addr/additionalLocator")),
        "postcode": text(child(human, "addr/postalCode")),
        "city": text(child(human, "addr/city")),
        "country": text(child(human, "addr/country")),
        "representative": representative,
        "representative_quality": quality,
        "representative_given": given if representative else "",
        "break_glass": not registration.observed(patient, _BREAK_GLASS),
        "centre_15": not registration.observed(patient, _EMERGENCY),
    }


def _telecom(telecoms: list[tuple[str, str]], use: str) -> str:
    return next((value.removeprefix("tel:") for kind, value in telecoms if kind == use), "")


def _patient(person: FictionalPerson, dossier: Dossier) -> Element:
    traits = person.traits
    telecoms = [
        hl7("telecom", {"use": use, "value": f"tel:{number}"})
        for use, number in (("MC", dossier.mobile), ("HP", dossier.home_phone))
        if number
    ]
    if dossier.email:
        telecoms.append(hl7("telecom", {"value": f"mailto:{dossier.email}"}))
    return hl7(
        "patient",
        {"classCode": "PAT"},
        hl7("id", {"root": person.ins.oid, "extension": person.ins.value}),
        hl7("statusCode", {"code": "terminated" if dossier.state is DossierState.CLOSED else "active"}),
        hl7(
            "patientPerson",
            {"classCode": "PSN", "determinerCode": "INSTANCE"},
            write_name(traits),
            *telecoms,
            hl7("administrativeGenderCode", {"code": traits.sex.value}),
            hl7("birthTime", {"value": traits.birth_date.raw}),
            hl7("deceasedInd", {"value": "true" if person.deceased else "false"}),
            _address(dossier),
            _representative(dossier),
        ),
        h.observation(_BREAK_GLASS, oids.DMP_OBSERVATION, h.boolean(not dossier.break_glass)),
        h.observation(_EMERGENCY, oids.DMP_OBSERVATION, h.boolean(not dossier.centre_15)),
    )


def _address(dossier: Dossier) -> Element | None:
    lines = [hl7("streetAddressLine", line) for line in dossier.street.split("\n") if line]
    parts = [
        hl7(tag, value)
        for tag, value in (
            ("additionalLocator", dossier.locator),
            ("postalCode", dossier.postcode),
            ("city", dossier.city),
            ("country", dossier.country),
        )
        if value
    ]
    return hl7("addr", *lines, *parts) if lines or parts else None


def _representative(dossier: Dossier) -> Element | None:
    if not dossier.representative:
        return None
    family = dossier.representative.removesuffix(f" {dossier.representative_given}")
    name = hl7("name", hl7("given", dossier.representative_given or None), hl7("family", family))
    return hl7(
        "personalRelationship",
        {"classCode": "PRS"},
        hl7("code", {"code": dossier.representative_quality, "codeSystem": oids.ROLE_CODE}),
        hl7("relationshipHolder1", {"classCode": "PSN", "determinerCode": "INSTANCE"}, name),
    )
