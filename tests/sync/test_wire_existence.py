"""TD0.2: the five outcomes, and the answers that must not be believed."""

from __future__ import annotations

import contextlib
import re

import pytest
from helpers import wire_answers, wire_world
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from dmp_desktop.domain.dossier import Authorisation, DossierState, ExistenceAnswer
from dmp_desktop.errors import BadAnswer, RefusedByStore
from dmp_desktop.sync.disputed import Disputed
from dmp_desktop.sync.errors import NoDossier, PersonOpposed, UnexpectedAnswer, WrongMessage, WrongPatient, refused
from dmp_desktop.sync.hl7v3 import Frame, moment
from dmp_desktop.sync.hl7v3_existence import existence_request, outcome_of_refusal, read_existence

FRAME = Frame.new(wire_world.SOFTWARE, wire_world.NOW, Disputed())
ASKED = wire_answers.Asked.frame(FRAME, wire_world.ODILE)
HL7 = "{urn:hl7-org:v3}"
_TWICE = re.sub("(<subject .*</subject>)", r"\1\1", wire_answers.existence(ASKED))


def _read(answer: str) -> ExistenceAnswer:
    return read_existence(etree.fromstring(answer), FRAME, wire_world.ODILE)


def test_the_question_names_the_patient_and_the_reason() -> None:
    """TEST_EXST about the INS, with the software as sender."""
    root = existence_request(FRAME, wire_world.ODILE)
    value = root.find(f".//{HL7}patientIdentifier/{HL7}value")
    assert value is not None
    assert (value.get("root"), value.get("extension")) == (wire_world.ODILE.oid, wire_world.ODILE.value)
    reason = root.find(f".//{HL7}reasonCode")
    assert reason is not None and reason.get("code") == "TEST_EXST"
    assert root.findtext(f"{HL7}sender/{HL7}device/{HL7}softwareName") == "dmp_desktop"


def test_no_dossier() -> None:
    """``NF``: there is none, which is an answer and not an error."""
    answer = _read(wire_answers.existence(ASKED, response="NF"))
    assert answer.state is DossierState.NONE
    assert answer.answered_at == moment("20260414083005")


def test_an_active_dossier() -> None:
    """Active, with the authorisation, the médecin traitant, the attachments."""
    observation = (
        '<subjectOf typeCode="SBJ"><administrativeObservation classCode="OBS" moodCode="EVN"><code code="{}" '
        'codeSystem="{}"/><value value="true"/></administrativeObservation></subjectOf>'
    )
    more = observation.format("RATTACHEMENT_ENS", "1.2.250.1.213.4.1.2.3") + observation.format(
        "COMPTE_INTERNET_OUVERT", "1.2.250.1.213.4.1.2.9"
    )
    answer = _read(wire_answers.existence(ASKED, treating="true", more=more))
    assert answer.state is DossierState.ACTIVE
    assert answer.authorisation is Authorisation.VALID
    assert (answer.treating, answer.attached_to_mes, answer.web_account) == (True, True, True)


def test_a_closed_dossier_with_its_date_and_reason() -> None:
    """Terminated, closed on a day, for a reason."""
    answer = _read(
        wire_answers.existence(
            ASKED,
            status="terminated",
            more='<effectiveTime><high value="20250301101500"/></effectiveTime>',
            closing='<reasonOf typeCode="RSON"><detectedIssueEvent classCode="ALRT" moodCode="EVN">'
            '<code code="FERMETURE_DEMANDE_PATIENT"/><text>à sa demande</text></detectedIssueEvent></reasonOf>',
        )
    )
    assert (answer.state, answer.closed_on, answer.close_reason) == (DossierState.CLOSED, "20250301", "à sa demande")
    assert answer.close_code == "FERMETURE_DEMANDE_PATIENT"


def test_a_closed_dossier_without_reason_is_still_closed() -> None:
    """Where the date and the reason travel is not published: their absence breaks nothing."""
    answer = _read(wire_answers.existence(ASKED, status="terminated"))
    assert (answer.state, answer.closed_on, answer.close_reason) == (DossierState.CLOSED, "", "")


@pytest.mark.parametrize("status", ["active", "terminated"])
def test_a_blocked_professional_sees_blocked_only(status: str) -> None:
    """INTERDIT comes before the dossier's own state."""
    answer = _read(wire_answers.existence(ASKED, status=status, authorisation="INTERDIT"))
    assert answer.state is DossierState.BLOCKED


def test_an_opposed_person() -> None:
    """The refusal that stands for an opposition becomes an outcome; another refusal stays one."""
    refusal = wire_answers.detail("DMPPatientOpposition", "Le patient s’est opposé")
    with pytest.raises(PersonOpposed) as caught:
        _read(wire_answers.existence(ASKED, ack="AE", refusal=refusal))
    outcome = outcome_of_refusal(caught.value, wire_world.NOW, Disputed())
    assert outcome == ExistenceAnswer(DossierState.OPPOSED, wire_world.NOW)
    assert outcome_of_refusal(refused("DMPAccessDeniedByRightsService"), wire_world.NOW, Disputed()) is None
    unknown = outcome_of_refusal(NoDossier("XDSUnknownPatientId"), wire_world.NOW, Disputed())
    assert unknown is not None and unknown.state is DossierState.NONE


def test_an_unknown_authorisation_is_kept_out_and_breaks_nothing() -> None:
    """Tolerant about vocabulary."""
    answer = _read(wire_answers.existence(ASKED, authorisation="SUSPENDU"))
    assert (answer.state, answer.authorisation) == (DossierState.ACTIVE, Authorisation.UNKNOWN)


def test_an_answer_about_another_person_is_refused() -> None:
    """Another INS, or no INS at all."""
    for changed in (ASKED.but(ins=wire_world.GASPARD.value), ASKED.but(oid="1.2.3")):
        with pytest.raises(WrongPatient):
            _read(wire_answers.existence(changed))


def test_an_answer_to_another_message_is_refused() -> None:
    """The acknowledged id is not ours."""
    with pytest.raises(WrongMessage):
        _read(wire_answers.existence(ASKED.but(message="another")))


@pytest.mark.parametrize(
    "answer",
    [
        wire_answers.existence(ASKED, status="nullified"),
        wire_answers.existence(ASKED.but(query="another")),
        wire_answers.existence(ASKED, ack="CA"),
        wire_answers.existence(ASKED, ack="AE"),
        wire_answers.existence(ASKED).replace("20260414083005", "hier"),
        wire_answers.existence(ASKED).replace("queryResponseCode", "queryAnswer"),
        _TWICE,
        wire_answers.registered(ASKED),
    ],
    ids=["state", "query", "ack", "no-detail", "time", "no-response", "two-people", "other-message"],
)
def test_what_cannot_be_understood_is_refused(answer: str) -> None:
    """An unknown state, another query, an unknown acknowledgement, no time, another message: nothing is applied."""
    with pytest.raises(UnexpectedAnswer):
        _read(answer)


def test_a_refused_query_keeps_the_code() -> None:
    """``QE`` and the like."""
    with pytest.raises(RefusedByStore) as caught:
        _read(wire_answers.existence(ASKED, response="QE"))
    assert caught.value.store_code == "QE"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20260414083005", "2026-04-14T08:30:05+00:00"),
        ("20260414103005+0200", "2026-04-14T08:30:05+00:00"),
        ("20260414083005.123", "2026-04-14T08:30:05+00:00"),
        ("20260414", "2026-04-14T00:00:00+00:00"),
        ("19421901", None),
        ("20260414083005+9999", None),
        ("00010101000000+0100", None),
        ("", None),
    ],
)
def test_hl7_times_are_read_or_left(text: str, expected: str | None) -> None:
    """An aware UTC moment, or nothing."""
    read = moment(text)
    assert (read.isoformat() if read else None) == expected


_ATTRIBUTES = st.dictionaries(
    st.sampled_from(["code", "value", "extension", "root", "typeCode"]), st.text("A1é ", max_size=6), max_size=3
)


@given(st.data())
@settings(max_examples=150)
def test_no_change_of_an_answer_raises_anything_but_a_typed_error(data: st.DataObject) -> None:
    """Elements dropped, doubled, emptied, attributes changed: an answer, or a typed error."""
    root = etree.fromstring(wire_answers.existence(ASKED))
    for _ in range(data.draw(st.integers(1, 4))):
        nodes = list(root.iter())
        node = nodes[data.draw(st.integers(0, len(nodes) - 1))]
        what = data.draw(st.sampled_from(["drop", "empty", "double", "attributes"]))
        parent = node.getparent()
        if what == "drop" and parent is not None:
            parent.remove(node)
        elif what == "empty":
            node.clear()
        elif what == "double" and parent is not None:
            parent.append(etree.fromstring(etree.tostring(node)))
        else:
            for name, value in data.draw(_ATTRIBUTES).items():
                node.set(name, value)
    with contextlib.suppress(BadAnswer, RefusedByStore):
        assert isinstance(read_existence(root, FRAME, wire_world.ODILE), ExistenceAnswer)
