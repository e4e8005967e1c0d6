"""TD0.2 against the sandbox: five outcomes, told as the interface tells them."""

from __future__ import annotations

import pytest
from helpers.sandbox_bodies import existence
from helpers.sandbox_wire import Speaker

from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.sandbox import Sandbox

_PATIENT = "//h:patient/h:statusCode/@code"
_RESPONSE = "//h:queryAck/h:queryResponseCode/@code"
_AUTHORISATION = "//h:attentionLine[h:keyWordText/@code='AUTORISATION']/h:value/@code"
_TREATING = "//h:attentionLine[h:keyWordText/@code='STATUT_MT']/h:value/@value"


def _observation(code: str) -> str:
    return f"//h:administrativeObservation[h:code/@code='{code}']/h:value"


def test_nobody_knows_this_dossier(doctor: Speaker) -> None:
    """No dossier: accepted, answered NF, and nothing said of the person."""
    answer = doctor.existence("odile")
    assert answer.status == 200
    assert answer.one("//h:acknowledgement/@typeCode") == "AA"
    assert answer.one(_RESPONSE) == "NF"
    assert answer.all("//h:patient") == []


def test_active_dossier(doctor: Speaker) -> None:
    """An active dossier tells its state, the caller's authorisation and its link to Mon espace santé."""
    answer = doctor.existence("ernest")
    assert answer.one(_RESPONSE) == "OK"
    assert answer.one(_PATIENT) == "active"
    assert answer.one(_AUTHORISATION) == "EXPIRE"
    assert answer.one(_TREATING) == "false"
    assert answer.one(_observation("RATTACHEMENT_ENS") + "/@value") == "true"
    assert answer.one("//h:patient/h:id/@extension") == people.person("ernest").ins.value


def test_authorisation_is_the_callers(sandbox: Sandbox) -> None:
    """Another professional reads their own authorisation, and that they are the médecin traitant."""
    answer = Speaker(sandbox, "gabarit").existence("ernest")
    assert answer.one(_AUTHORISATION) == "VALIDE"
    assert answer.one(_TREATING) == "true"


def test_closed_dossier(doctor: Speaker) -> None:
    """A closed dossier tells since when and why."""
    answer = doctor.existence("apolline")
    assert answer.one(_PATIENT) == "terminated"
    assert answer.one("//h:patient/h:effectiveTime/h:high/@value") == "20250917"
    assert answer.one("//h:reasonOf/h:detectedIssueEvent/h:code/@code") == "FERMETURE_DEMANDE_PATIENT"


def test_opposed_person(doctor: Speaker) -> None:
    """Someone who opposed: an application error with its code, and nothing said of the person."""
    answer = doctor.existence("maxence")
    assert answer.status == 200
    assert answer.one("//h:acknowledgement/@typeCode") == "AE"
    assert answer.one("//h:acknowledgementDetail/h:code/@code") == "DMPPatientOpposition"
    assert answer.all("//h:patient") == []


@pytest.mark.parametrize(
    ("who", "expected"), [("brindille", "INTERDIT"), ("papier", "INTERDIT"), ("gabarit", "NON_EXISTE")]
)
def test_blocked_professional(sandbox: Sandbox, who: str, expected: str) -> None:
    """A block concerns the professionals it names, and no other."""
    assert Speaker(sandbox, who).existence("blaise").one(_AUTHORISATION) == expected


def test_answer_echoes_the_request(doctor: Speaker) -> None:
    """The answer names the message and the query it answers."""
    answer = doctor.existence("ernest")
    assert answer.one("//wsa:RelatesTo") == "urn:uuid:6f2d6f3c-0f5e-4e43-9c3a-000000000001"
    assert answer.one("//wsa:Action") == "urn:hl7-org:v3:PRPA_IN201308UV02"
    assert answer.one("//h:targetMessage/h:id/@extension") == "request-1"
    assert answer.one("//h:queryAck/h:queryId/@extension") == "query-1"
    assert answer.one("//h:receiver/h:device/h:id/@root") == "1.2.3.4"


def test_impossible_birth_date_is_kept(sandbox: Sandbox, doctor: Speaker) -> None:
    """A birth date that is on no calendar goes through unaltered."""
    doctor.register(doctor.registration("fatma").but(card=("KALMIA", "FATMA", "421901")))
    assert doctor.existence("fatma").one("//h:patientPerson/h:birthTime/@value") == "19421901"
    dossier = sandbox.store.dossier(people.person("fatma").ins)
    assert dossier is not None
    assert dossier.card_birth == "421901"


def test_patient_of_the_body_is_that_of_the_vihf(doctor: Speaker) -> None:
    """A VIHF for one person opens nothing about another."""
    vihf = doctor.vihf.but(patient=people.person("gaspard").ins.value)
    answer = doctor.existence("ernest", vihf)
    assert (answer.status, answer.fault) == (500, "XDSPatientIdDoesNotMatch")


def test_production_number_is_refused(doctor: Speaker) -> None:
    """A number of the production domain has no place on a test platform."""
    number = people.person("ernest").ins.value
    vihf = doctor.vihf.but(patient=number)
    answer = doctor.patients("PRPA_IN201307UV02", existence(number, "1.2.250.1.213.1.4.8"), vihf)
    assert answer.fault == "DMPUnknownINS"


def test_unknown_reason_is_refused(doctor: Speaker) -> None:
    """A transaction the sandbox does not speak is refused, not guessed."""
    number = people.person("ernest").ins.value
    body = existence(number, reason="AUTRE")
    assert doctor.patients("PRPA_IN201307UV02", body, doctor.vihf.but(patient=number)).fault == "ActionNotSupported"
