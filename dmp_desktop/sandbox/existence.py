"""TD0.2: is there a dossier, and may this professional read it."""

from __future__ import annotations

from datetime import datetime

from dmp_desktop.domain import oids
from dmp_desktop.domain.dossier import Authorisation, DossierState
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import Sex, Traits
from dmp_desktop.sandbox import hl7 as h
from dmp_desktop.sandbox.caller import Caller
from dmp_desktop.sandbox.hl7 import Head, hl7
from dmp_desktop.sandbox.people import FictionalPerson
from dmp_desktop.sandbox.refusals import Code, Refusal
from dmp_desktop.sandbox.store import Dossier, Store
from dmp_desktop.sandbox.vihf import read_ins
from dmp_desktop.sandbox.xmlio import Element, attribute, child, children, need, text

ANSWER = "PRPA_IN201308UV02"
ACTION = f"urn:hl7-org:v3:{ANSWER}"

# No dossier: the query response code NF (not found), as the official C# kit awaits it. How "opposed" travels is not
# published: an application error with a code of the sandbox's own (November 2026).
_NOT_FOUND = "NF"
_NO_USED_NAME = "NON RENSEIGNE"


def read_query(body: Element, ins_oid: str) -> Ins:
    """The person a query is about.

    :raises Refusal: when the query is not sound.
    """
    query = need(body, "controlActProcess/queryByParameter")
    need(query, "queryId")
    if attribute(need(query, "statusCode"), "code") != "new":
        raise Refusal(Code.INVALID_MESSAGE, "Requête nouvelle attendue")
    values = children(query, "parameterList/patientIdentifier/value")
    if len(values) != 1 or text(child(query, "parameterList/patientIdentifier/semanticsText")) != "Patient.id":
        raise Refusal(Code.INVALID_MESSAGE, "Un seul patientIdentifier attendu")
    return read_ins(attribute(values[0], "extension"), attribute(values[0], "root"), ins_oid)


def answer_existence(
    body: Element, head: Head, person: FictionalPerson | None, ins: Ins, store: Store, caller: Caller, now: datetime
) -> tuple[Element, str]:
    """The answer to a test of existence, and its outcome for the history."""
    dossier = store.dossier(ins)
    if dossier is None or person is None:
        return write_answer(body, head, now, _NOT_FOUND), _NOT_FOUND
    if dossier.state is DossierState.OPPOSED:
        refusal = Refusal(Code.OPPOSITION, "Le patient s’est opposé à la création de son DMP")
        return write_answer(body, head, now, "AE", refusal=refusal), refusal.store_code
    authorisation, treating = store.authorisation(ins, caller.grantees)
    attention = [_authorisation(authorisation), _treating(treating)]
    closing = _closing(dossier) if dossier.state is DossierState.CLOSED else None
    patient = _patient(person, dossier)
    return write_answer(body, head, now, "OK", attention=attention, patient=patient, closing=closing), "OK"


def write_answer(
    body: Element,
    head: Head,
    now: datetime,
    code: str,
    *,
    refusal: Refusal | None = None,
    attention: list[Element] | None = None,
    patient: Element | None = None,
    closing: Element | None = None,
) -> Element:
    """An answer to a query about one person; ``code`` is its ``queryResponseCode``."""
    identifier = need(body, "controlActProcess/queryByParameter/queryId")
    query = {name: attribute(identifier, name) for name in ("root", "extension") if attribute(identifier, name)}
    acknowledgement = hl7("queryAck", hl7("queryId", query), hl7("queryResponseCode", {"code": code}))
    subject = h.registration(patient) if patient is not None else None
    return h.interaction(
        ANSWER, head, now, attention or [], refusal, h.process(head, subject, closing, acknowledgement)
    )


def _authorisation(state: Authorisation) -> Element:
    value = hl7("value", {h.TYPE: "CV", "code": state.value, "codeSystem": oids.DMP_AUTHORISATION_VALUE})
    return h.attention("AUTORISATION", oids.DMP_AUTHORISATION, value)


def _treating(treating: bool) -> Element:
    return h.attention("STATUT_MT", oids.DMP_TREATING, h.boolean(treating))


def _patient(person: FictionalPerson, dossier: Dossier) -> Element:
    closed = dossier.state is DossierState.CLOSED
    traits = person.traits
    return hl7(
        "patient",
        {"classCode": "PAT"},
        hl7("id", {"root": person.ins.oid, "extension": person.ins.value}),
        hl7("statusCode", {"code": "terminated" if closed else "active"}),
        hl7("effectiveTime", hl7("high", {"value": dossier.closed_on})) if closed else None,
        hl7(
            "patientPerson",
            {"classCode": "PSN", "determinerCode": "INSTANCE"},
            write_name(traits),
            hl7("administrativeGenderCode", {"code": traits.sex.value}),
            hl7("birthTime", {"value": traits.birth_date.raw}),
        ),
        h.observation("COMPTE_INTERNET_OUVERT", oids.DMP_WEB_ACCOUNT, h.boolean(bool(dossier.mobile or dossier.email))),
        h.observation("RATTACHEMENT_ENS", oids.DMP_OBSERVATION, h.boolean(dossier.attached_to_mes)),
    )


def _closing(dossier: Dossier) -> Element:
    """Why a dossier is closed, told as the closing request (TD1.4) tells it.

    EF_DMP12 names the date and the reason without an example: the date is the end of the patient's ``effectiveTime``.
    """
    return hl7(
        "reasonOf",
        {"typeCode": "RSON"},
        hl7(
            "detectedIssueEvent",
            {"classCode": "ALRT", "moodCode": "EVN"},
            hl7("code", {"code": dossier.close_reason, "codeSystem": oids.DMP_CLOSE_REASON}),
            hl7("text", dossier.close_reason),
        ),
    )


def write_name(traits: Traits) -> Element:
    """A name as the store writes it: the used one (or ``NON RENSEIGNE``), then the birth one."""
    prefix = {Sex.FEMALE: "MME", Sex.MALE: "M"}.get(traits.sex)
    return hl7(
        "name",
        hl7("prefix", prefix) if prefix else None,
        hl7("given", traits.first_given_name),
        hl7("family", {"qualifier": "SP"}, traits.used_name or _NO_USED_NAME),
        hl7("family", {"qualifier": "BR"}, traits.birth_name),
    )
