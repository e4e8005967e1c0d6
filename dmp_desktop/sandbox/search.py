"""TD0.5: who is this person, without an INS; for medical regulation only (IHE PDQ V3, NE2008 schemas)."""

from __future__ import annotations

from uuid import uuid4

from dmp_desktop.domain import oids
from dmp_desktop.domain.dossier import DossierState
from dmp_desktop.domain.identity import fold
from dmp_desktop.domain.rights import Action
from dmp_desktop.sandbox import hl7 as h
from dmp_desktop.sandbox.existence import write_name
from dmp_desktop.sandbox.hl7 import hl7
from dmp_desktop.sandbox.people import FictionalPerson
from dmp_desktop.sandbox.refusals import Code, Refusal
from dmp_desktop.sandbox.request import Done, Request
from dmp_desktop.sandbox.store import Dossier
from dmp_desktop.sandbox.xmlio import Element, attribute, child, children, need, text

ASK, ANSWER = "PRPA_IN201305UV02", "PRPA_IN201306UV02"
ACTION = f"urn:hl7-org:v3:{ASK}"
_NOT_FOUND = "NF"
_MOST = 20
# No table of the DMP names these two observations in a public source: the codes are those of the official example.
_PERCENTAGE, _EMERGENCY = "POURCENTAGE", "OPPOSITION_ACCES_URGENCE"


def search(request: Request) -> Done:
    """Everyone with an active dossier who looks like the query, best first; at most twenty.

    :raises Refusal: the message is not sound, or the matrix says no.
    """
    body = request.body
    if body.tag != f"{{{oids.NS_HL7}}}{ASK}":
        raise Refusal(Code.INVALID_MESSAGE, "Le corps n’est pas celui de l’action annoncée")
    request.gate.check(Action.SEARCH)
    query = need(body, "controlActProcess/queryByParameter")
    families = {fold(text(node)) for node in children(query, "parameterList/livingSubjectName/value/family")} - {""}
    if not families:
        raise Refusal(Code.INVALID_MESSAGE, "Nom attendu")
    found = []
    for person in request.around.people:
        dossier = request.store.dossier(person.ins)
        score = _score(query, families, person)
        if score and dossier is not None and dossier.state is DossierState.ACTIVE:
            found.append((score, person, dossier))
    found.sort(key=lambda one: -one[0])
    if len(found) > _MOST:
        raise Refusal(Code.TOO_MANY, "Trop de résultats")
    return Done(_answer(request, query, found), f"urn:hl7-org:v3:{ANSWER}")


def _score(query: Element, families: set[str], person: FictionalPerson) -> int:
    """How well a person fits: the name must, everything else told counts."""
    traits = person.traits
    if not families & {fold(traits.birth_name), fold(traits.used_name)}:
        return 0
    told = [True]
    if given := fold(text(child(query, "parameterList/livingSubjectName/value/given"))):
        told.append(given in {fold(name) for name in traits.given_names})
    if sex := attribute(child(query, "parameterList/livingSubjectAdministrativeGender/value"), "code"):
        told.append(sex == traits.sex.value)
    if born := attribute(child(query, "parameterList/livingSubjectBirthTime/value"), "value"):
        told.append(traits.birth_date.raw.startswith(born[:8]))
    return 100 * sum(told) // len(told)


def _answer(request: Request, query: Element, found: list[tuple[int, FictionalPerson, Dossier]]) -> Element:
    body = request.body
    asked = need(body, "id")
    sender = need(body, "sender/device/id")
    query_id = need(query, "queryId")
    acknowledged = {name: attribute(asked, name) for name in ("root", "extension") if attribute(asked, name)}
    process = hl7(
        "controlActProcess",
        {"classCode": "CACT", "moodCode": "EVN"},
        hl7("code", {"code": "PRPA_TE201306UV02", "codeSystem": oids.HL7_INTERACTION}),
        *(_subject(*one) for one in found),
        hl7(
            "queryAck",
            hl7("queryId", {name: attribute(query_id, name) for name in ("root", "extension")}),
            hl7("queryResponseCode", {"code": "OK" if found else _NOT_FOUND}),
            hl7("resultTotalQuantity", {"value": str(len(found))}),
            hl7("resultCurrentQuantity", {"value": str(len(found))}),
            hl7("resultRemainingQuantity", {"value": "0"}),
        ),
    )
    echoed = hl7("queryByParameter")
    echoed.extend(list(query))
    process.append(echoed)
    return hl7(
        ANSWER,
        {"ITSVersion": "XML_1.0"},
        hl7("id", {"root": h.ANSWER_ID, "extension": str(uuid4())}),
        hl7("creationTime", {"value": h.write_time(request.now)}),
        hl7("interactionId", {"root": oids.HL7_INTERACTION, "extension": ANSWER}),
        hl7("processingCode", {"code": "P"}),
        hl7("processingModeCode", {"code": "T"}),
        hl7("acceptAckCode", {"code": "NE"}),
        hl7("receiver", {"typeCode": "RCV"}, h.device(attribute(sender, "root"), None)),
        hl7("sender", {"typeCode": "SND"}, h.device(oids.DMP_RECEIVER, "DMP")),
        # NE2008 makes a child of what NE2009 makes an attribute.
        hl7("acknowledgement", hl7("typeCode", {"code": "AA"}), hl7("targetMessage", hl7("id", acknowledged))),
        process,
    )


def _subject(score: int, person: FictionalPerson, dossier: Dossier) -> Element:
    traits = person.traits
    patient = hl7(
        "patient",
        {"classCode": "PAT"},
        hl7("id", {"root": person.ins.oid, "extension": person.ins.value}),
        hl7("statusCode", {"code": "active"}),
        hl7(
            "patientPerson",
            {"classCode": "PSN", "determinerCode": "INSTANCE"},
            write_name(traits),
            hl7("administrativeGenderCode", {"code": traits.sex.value}),
            hl7("birthTime", {"value": traits.birth_date.raw}),
            hl7("addr", hl7("city", dossier.city)) if dossier.city else None,
        ),
        hl7("providerOrganization", {"classCode": "ORG", "determinerCode": "INSTANCE", h.NIL: "true"}),
        hl7(
            "subjectOf1",
            hl7(
                "queryMatchObservation",
                {"classCode": "OBS", "moodCode": "EVN"},
                hl7("code", {"code": _PERCENTAGE}),
                hl7("value", {h.TYPE: "INT", "value": str(score)}),
            ),
        ),
        hl7(
            "subjectOf2",
            hl7(
                "administrativeObservation",
                {"classCode": "OBS", "moodCode": "EVN"},
                hl7("code", {"code": _EMERGENCY, "codeSystem": oids.DMP_OBSERVATION}),
                h.boolean(not dossier.centre_15),
            ),
        ),
    )
    return h.registration(patient)
