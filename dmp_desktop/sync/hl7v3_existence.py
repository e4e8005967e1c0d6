"""TD0.2: does this person have a dossier, and may I read it? (``PRPA_IN201307UV02`` → ``PRPA_IN201308UV02``).

Five outcomes. How "no dossier" and "opposed" travel is settled in :mod:`dmp_desktop.sync.disputed`. The traits that the
store sends back are not read: the newest rule is not to show them (RG_0320).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from lxml import etree

from dmp_desktop.domain import oids
from dmp_desktop.domain.dossier import Authorisation, DossierState, ExistenceAnswer
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.errors import RefusedByStore
from dmp_desktop.sync.disputed import Disputed
from dmp_desktop.sync.errors import UnexpectedAnswer, refused
from dmp_desktop.sync.hl7v3 import Frame, Received, accepted, check_patient, child, control_act, find, find_all, message
from dmp_desktop.sync.soap import node

ACTION: Final = "urn:hl7-org:v3:PRPA_IN201307UV02"
ANSWER_ACTION: Final = "urn:hl7-org:v3:PRPA_IN201308UV02"
_PATIENT: Final = "subject/registrationEvent/subject1/patient"


def existence_request(frame: Frame, ins: Ins) -> etree._Element:
    """The query about ``ins``, reason ``TEST_EXST``."""
    return query_about(frame, ins, "TEST_EXST", "Test d'existence de dossier")


def query_about(frame: Frame, ins: Ins, reason: str, label: str) -> etree._Element:
    """The query about ``ins`` for a reason: TD0.2 and TD1.3a ask the same thing for two of them."""
    root = message(frame, "PRPA_IN201307UV02")
    act = control_act(root, reason, label)
    query = node(act, "queryByParameter")
    node(query, "queryId", None, root=f"{frame.software.oid}.2", extension=frame.query)
    node(query, "statusCode", None, code="new")
    identifier = node(node(query, "parameterList"), "patientIdentifier")
    node(identifier, "value", None, root=ins.oid, extension=ins.value)
    node(identifier, "semanticsText", "Patient.id")
    return root


def read_existence(root: etree._Element, frame: Frame, ins: Ins) -> ExistenceAnswer:
    """What the store answered about ``ins``.

    :raises BadAnswer: not the answer to this query, or about someone else.
    :raises RefusedByStore: a refusal that is none of the five outcomes.
    """
    received = answered(root, frame)
    if received is None:
        at = accepted(root, frame, "PRPA_IN201308UV02").at
        return ExistenceAnswer(DossierState.NONE, at)
    return _known(received, ins)


def answered(root: etree._Element, frame: Frame) -> Received | None:
    """The answer to a query of ours, or ``None`` when it says that there is no such dossier.

    :raises BadAnswer: not the answer to this query; ``RefusedByStore``: a refusal.
    """
    received = accepted(root, frame, "PRPA_IN201308UV02")
    query = find(received.control, "queryAck/queryId")
    if query is not None and query.get("extension", "").lower() != frame.query.lower():
        raise UnexpectedAnswer("the answer is to another query", part="queryId")
    response = child(received.control, "queryAck/queryResponseCode").get("code", "")
    if response == frame.disputed.not_found:
        return None
    if response != "OK":
        raise refused(response)
    return received


def patient_in(received: Received, ins: Ins) -> etree._Element:
    """The one dossier of an answer, checked to be that of ``ins``."""
    patients = find_all(received.control, _PATIENT)
    if len(patients) != 1:
        raise UnexpectedAnswer("one dossier was awaited", part="patient")
    check_patient(patients[0], ins, required=True)
    return patients[0]


def observed(patient: etree._Element, code: str, system: str) -> bool:
    """Whether the store says yes to one observation about the person."""
    for observation in find_all(patient, "subjectOf/administrativeObservation"):
        kind = find(observation, "code")
        if kind is not None and kind.get("code") == code and kind.get("codeSystem") == system:
            value = find(observation, "value")
            return value is not None and value.get("value") == "true"
    return False


def outcome_of_refusal(error: RefusedByStore, at: datetime, disputed: Disputed) -> ExistenceAnswer | None:
    """The outcome that a refusal of TD0.2 stands for, or ``None`` when it is a refusal indeed."""
    if error.store_code in disputed.opposed_codes:
        return ExistenceAnswer(DossierState.OPPOSED, at)
    if error.store_code in disputed.no_dossier_codes:
        return ExistenceAnswer(DossierState.NONE, at)
    return None


def _known(received: Received, ins: Ins) -> ExistenceAnswer:
    patient = patient_in(received, ins)
    authorisation = _authorisation(received.root)
    status = child(patient, "statusCode").get("code", "")
    # A blocked professional gets nothing, whatever the dossier's own state (RG of TD0.2, NB1).
    if authorisation is Authorisation.FORBIDDEN:
        state = DossierState.BLOCKED
    elif status == "active":
        state = DossierState.ACTIVE
    elif status == "terminated":
        state = DossierState.CLOSED
    else:
        raise UnexpectedAnswer("unknown state of a dossier", part="statusCode")
    closing = _closing(received.control, patient) if state is DossierState.CLOSED else ("", "", "")
    return ExistenceAnswer(
        state,
        received.at,
        authorisation,
        treating=_attention(received.root, "STATUT_MT", "value") == "true",
        attached_to_mes=observed(patient, "RATTACHEMENT_ENS", oids.DMP_OBSERVATION),
        web_account=observed(patient, "COMPTE_INTERNET_OUVERT", oids.DMP_WEB_ACCOUNT),
        closed_on=closing[0],
        close_reason=closing[1],
        close_code=closing[2],
    )


def _attention(root: etree._Element, keyword: str, attribute: str) -> str:
    for line in find_all(root, "attentionLine"):
        word, value = find(line, "keyWordText"), find(line, "value")
        if word is not None and value is not None and word.get("code") == keyword:
            return value.get(attribute, "")
    return ""


def _authorisation(root: etree._Element) -> Authorisation:
    # An unknown value is no authorisation that we can act upon; the server decides anyway.
    try:
        return Authorisation(_attention(root, "AUTORISATION", "code"))
    except ValueError:
        return Authorisation.UNKNOWN


def _closing(control: etree._Element, patient: etree._Element) -> tuple[str, str, str]:
    """Date, reason and code of a closing, where the schema has room for them.

    The guide names them (EF_DMP12) and no example shows them: the date is looked for in the patient's
    ``effectiveTime``, the reason where the closing request itself carries it.
    """
    when = ""
    for path in ("effectiveTime/high", "effectiveTime"):
        found = find(patient, path)
        if not when and found is not None:
            when = found.get("value", "")[:8]
    issue = find(control, "reasonOf/detectedIssueEvent")
    if issue is None:
        return when, "", ""
    text, code = find(issue, "text"), find(issue, "code")
    said = " ".join((text.text or "").split())[:200] if text is not None else ""
    motive = code.get("code", "")[:80] if code is not None else ""
    return when, said or motive, motive
