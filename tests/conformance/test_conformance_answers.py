"""Every official answer that concerns the opening is read, field by field."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers import wire_schemas, wire_world
from lxml import etree

from dmp_desktop.domain import oids
from dmp_desktop.domain.dossier import Authorisation, DossierState
from dmp_desktop.domain.identifiers import Ins, Nir
from dmp_desktop.domain.identity import InsiOutcome, Sex
from dmp_desktop.sync import habilitations, hl7v3_existence, insi, soap
from dmp_desktop.sync.disputed import Disputed
from dmp_desktop.sync.errors import WrongMessage, WrongPatient
from dmp_desktop.sync.hl7v3 import Frame, moment
from dmp_desktop.sync.hl7v3_existence import read_existence
from dmp_desktop.sync.hl7v3_parts import REVISE_ANSWER_ACTION, read_revision

HL7 = "{urn:hl7-org:v3}"


def _asked(reference: Path, name: str) -> tuple[Frame, Ins]:
    """The frame and the patient of an official request."""
    body = wire_schemas.body(wire_schemas.example(reference, name))
    message, query = body.find(f"{HL7}id"), body.find(f".//{HL7}queryId")
    patient = body.find(f".//{HL7}patientIdentifier/{HL7}value")
    patient = body.find(f".//{HL7}patient/{HL7}id") if patient is None else patient
    assert message is not None and patient is not None
    frame = Frame(
        wire_world.SOFTWARE,
        wire_world.NOW,
        message.get("extension", ""),
        query.get("extension", "") if query is not None else "",
        Disputed(),
    )
    return frame, Ins(Nir(patient.get("extension", "")), patient.get("root", ""))


def _answer(reference: Path, name: str, action: str | None) -> etree._Element:
    """The body of an official answer, read by our own reader as if we had asked."""
    example = wire_schemas.example(reference, name)
    related = example.findtext(f".//{{{oids.NS_WSA}}}RelatesTo") or ""
    return soap.read(etree.tostring(example), soap.Request("", related, b""), answer_action=action)


def test_td02_answer(reference: Path) -> None:
    """Active, authorised, médecin traitant, web account open, not attached to Mon espace santé."""
    frame, ins = _asked(reference, "td0.2-existence-request.xml")
    body = _answer(reference, "td0.2-existence-response.xml", hl7v3_existence.ANSWER_ACTION)
    answer = read_existence(body, frame, ins)
    assert answer.state is DossierState.ACTIVE
    assert answer.authorisation is Authorisation.VALID
    assert (answer.treating, answer.web_account, answer.attached_to_mes) == (True, True, False)
    assert answer.answered_at == moment("20210601125305")
    assert (answer.closed_on, answer.close_reason) == ("", "")


def test_td02_answer_to_someone_else(reference: Path) -> None:
    """The same answer, had we asked about another person or in another message."""
    frame, _ = _asked(reference, "td0.2-existence-request.xml")
    body = _answer(reference, "td0.2-existence-response.xml", hl7v3_existence.ANSWER_ACTION)
    with pytest.raises(WrongPatient):
        read_existence(body, frame, wire_world.ODILE)
    with pytest.raises(WrongMessage):
        read_existence(body, Frame.new(wire_world.SOFTWARE, wire_world.NOW, Disputed()), wire_world.ODILE)


def test_td13a_answer_is_the_same_interaction(reference: Path) -> None:
    """The administrative data come in the same message: its reader knows the patient, without an authorisation."""
    frame, ins = _asked(reference, "td1.3a-demographics-request.xml")
    body = _answer(reference, "td1.3a-demographics-response.xml", hl7v3_existence.ANSWER_ACTION)
    answer = read_existence(body, frame, ins)
    assert (answer.state, answer.authorisation) == (DossierState.ACTIVE, Authorisation.UNKNOWN)


def test_td03_answer(reference: Path) -> None:
    """An authorisation that was there already: confirmed, with the store's words (whose accents are damaged)."""
    body = _answer(reference, "td0.3-authorization-response.xml", habilitations.ANSWER_ACTION)
    confirmation = habilitations.read_authorisation(body, wire_world.NOW)
    assert confirmation.text.startswith("Autorisation d")
    assert "aucune action" in confirmation.text


def test_td14_answer_reads_as_a_revision(reference: Path) -> None:
    """The only published answer of a revision: acknowledged, the patient without an id."""
    frame, ins = _asked(reference, "td1.4-close-request.xml")
    body = _answer(reference, "td1.4-close-response.xml", REVISE_ANSWER_ACTION)
    confirmation = read_revision(body, frame, ins)
    assert confirmation.at == moment("20210601133605")
    assert len(confirmation.store_id) == 36


def test_insi_answer(reference: Path) -> None:
    """A person found, with every trait; the number takes the platform's domain."""
    body = _answer(reference, "insi-by-traits-response.xml", None)
    answer = insi.read_result(body, wire_world.NOW, oids.INS_NIR_TEST, Disputed())
    _, ins = _asked(reference, "td0.2-existence-request.xml")
    assert (answer.outcome, answer.code, answer.label) == (InsiOutcome.FOUND, "00", "OK")
    assert answer.ins == ins
    assert answer.history == ()
    assert answer.traits is not None
    expected = body.find(f".//{{{oids.NS_INSI_RESULT}}}TIQ")
    assert expected is not None
    said = [str(e.text) for e in expected]
    assert answer.traits.birth_name == said[0]
    assert answer.traits.given_names == (said[1],)
    assert answer.traits.sex is Sex(said[2])
    assert answer.traits.birth_date.text == "/".join(reversed(said[3].split("-")))
    assert answer.traits.birth_place == said[4]
