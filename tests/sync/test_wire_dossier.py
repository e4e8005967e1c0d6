"""TD1.1, TD1.2, TD0.3: what is said of the person, and what came of it."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from helpers import wire_answers, wire_world
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from dmp_desktop.domain.events import AuthorisationAct
from dmp_desktop.domain.identity import BirthDate, Sex
from dmp_desktop.errors import BadAnswer, RefusedByStore
from dmp_desktop.sync.disputed import Disputed
from dmp_desktop.sync.errors import (
    AlreadyClosed,
    AlreadyOpen,
    IdentityNotRetrieved,
    RightsRefused,
    UnexpectedAnswer,
    UnsendableValue,
    WrongMessage,
    WrongPatient,
)
from dmp_desktop.sync.habilitations import authorisation_request, read_authorisation
from dmp_desktop.sync.hl7v3 import Frame, moment
from dmp_desktop.sync.hl7v3_dossier import creation_request, reactivation_request, read_creation
from dmp_desktop.sync.hl7v3_parts import read_revision

FRAME = Frame.new(wire_world.SOFTWARE, wire_world.NOW, Disputed())
ASKED = wire_answers.Asked.frame(FRAME, wire_world.ODILE)
CREDENTIALS = wire_world.credentials()
HL7 = "{urn:hl7-org:v3}"


def _at(root: etree._Element, path: str, attribute: str = "") -> str | None:
    found = root.find("/".join(HL7 + step if step not in {"", "."} else step for step in path.split("/")))
    if found is None:
        return None
    return found.get(attribute) if attribute else found.text


def _person(root: etree._Element, path: str, attribute: str = "") -> str | None:
    return _at(root, f".//patient/patientPerson/{path}", attribute)


def test_the_traits_of_insi_and_those_of_the_card_travel_apart() -> None:
    """The dossier bears INSi's traits; the contact party bears the card's, unaltered (EX_GEN-1265)."""
    root = creation_request(FRAME, wire_world.opening(), CREDENTIALS)
    names = [(f.get("qualifier"), f.text) for f in root.findall(f".//{HL7}patientPerson/{HL7}name/{HL7}family")]
    assert names == [("SP", "CORNICHE"), ("BR", "LAVANDIN-GENÊT")]
    assert _person(root, "contactParty/code", "code") == "CARTE_SESAM_VITALE"
    assert _person(root, "contactParty/contactPerson/name/family") == "LAVANDIN"
    assert _person(root, "contactParty/contactPerson/birthTime", "value") == "19790523"
    assert _person(root, "birthTime", "value") == "19790523"
    assert _person(root, "name/prefix") == "Mme"


def test_a_date_on_no_calendar_passes_as_read() -> None:
    """Month 19 travels; what is not digits is declared unknown, never mended."""
    opening = wire_world.opening()
    odd = replace(opening, card=replace(opening.card, birth_date=BirthDate("19421901")))
    root = creation_request(FRAME, odd, CREDENTIALS)
    assert _person(root, "contactParty/contactPerson/birthTime", "value") == "19421901"
    broken = replace(opening, card=replace(opening.card, birth_date=BirthDate("1979 523")))
    root = creation_request(FRAME, broken, CREDENTIALS)
    assert _person(root, "contactParty/contactPerson/birthTime", "nullFlavor") == "UNK"
    assert _person(root, "contactParty/contactPerson/birthTime", "value") is None


def test_the_two_emergency_boxes_become_oppositions() -> None:
    """Centre 15 allowed, bris de glace refused: one opposition false, the other true (EX_1.1-1050)."""
    root = creation_request(FRAME, wire_world.opening(), CREDENTIALS)
    said = {
        observation.find(f"{HL7}code").get("code"): observation.find(f"{HL7}value").get("value")  # type: ignore[union-attr]
        for observation in root.iter(f"{HL7}administrativeObservation")
    }
    assert said == {
        "CONSENTEMENT_OUVERTURE_DMP": "true",
        "OPPOSITION_BRIS_DE_GLACE": "true",
        "OPPOSITION_ACCES_URGENCE": "false",
    }
    assert _at(root, ".//administrativeObservation/effectiveTime", "value") == "20260414082900"


def test_a_representative_is_named_with_their_quality() -> None:
    """A minor's father."""
    root = creation_request(FRAME, wire_world.opening(minor=True), CREDENTIALS)
    assert _person(root, "personalRelationship/code", "code") == "FTH"
    assert _person(root, "personalRelationship/relationshipHolder1/name/family") == "CORNICHE"
    assert creation_request(FRAME, wire_world.opening(), CREDENTIALS).find(f".//{HL7}personalRelationship") is None


def test_the_author_is_the_card_in_the_reader() -> None:
    """Person, speciality and structure come from the credentials, never from the event."""
    root = creation_request(FRAME, wire_world.opening(), CREDENTIALS)
    assert _at(root, ".//author/assignedEntity/id", "extension") == "899700000017"
    assert _at(root, ".//author/assignedEntity/code", "code") == "G15_10/SM26"
    assert _at(root, ".//author/assignedEntity/representedOrganization/id", "extension") == "499700000017001"
    desk = creation_request(FRAME, wire_world.opening(), wire_world.credentials(wire_world.PAPIER))
    assert _at(desk, ".//author/assignedEntity/code", "code") == "SECRETARIAT_MEDICAL"


def test_a_person_of_unknown_sex_is_given_no_civility() -> None:
    """Nothing is assumed."""
    opening = wire_world.opening()
    root = creation_request(FRAME, replace(opening, traits=replace(opening.traits, sex=Sex.UNKNOWN)), CREDENTIALS)
    assert _person(root, "name/prefix") is None
    assert _person(root, "administrativeGenderCode", "code") == "UN"


def test_a_reactivation_says_so() -> None:
    """Reason REAC and its own consent."""
    root = reactivation_request(FRAME, wire_world.opening(reactivation=True), CREDENTIALS)
    assert root.tag == f"{HL7}PRPA_IN201314UV02"
    assert _at(root, ".//reasonCode", "code") == "REAC"
    assert _at(root, ".//administrativeObservation/code", "code") == "CONSENTEMENT_REACTIVATION_DMP"


def test_nothing_leaves_without_an_ins() -> None:
    """An opening captured while INSi was down waits for it."""
    for request in (creation_request, reactivation_request):
        with pytest.raises(IdentityNotRetrieved):
            request(FRAME, wire_world.opening(None), CREDENTIALS)


def test_a_control_character_on_a_card_stops_the_message() -> None:
    """It cannot travel unaltered, so it does not travel."""
    opening = wire_world.opening()
    with pytest.raises(UnsendableValue):
        creation_request(FRAME, replace(opening, card=replace(opening.card, name="LAV\x02ANDIN")), CREDENTIALS)


def test_a_created_dossier_is_confirmed_with_the_stores_time() -> None:
    """``PRPA_IN201312UV02``."""
    confirmation = read_creation(etree.fromstring(wire_answers.registered(ASKED)), FRAME, wire_world.ODILE)
    assert confirmation.at == moment("20260414083005")
    assert confirmation.store_id == "REP-1"


def test_a_reactivated_dossier_is_confirmed() -> None:
    """``PRPA_IN201315UV02``."""
    answer = wire_answers.registered(ASKED, "PRPA_IN201314UV02", "PRPA_IN201315UV02")
    assert read_revision(etree.fromstring(answer), FRAME, wire_world.ODILE).store_id == "REP-1"


def test_a_refused_creation_keeps_its_code_and_text() -> None:
    """``PRPA_IN201313UV02``: a dossier that exists already is recognised, for it may be our own echo."""
    answer = etree.fromstring(wire_answers.not_registered(ASKED, "DMPFound", "DMP déjà existant"))
    with pytest.raises(AlreadyOpen) as caught:
        read_creation(answer, FRAME, wire_world.ODILE)
    assert caught.value.store_text == "DMP déjà existant"


def test_a_refused_reactivation_keeps_its_code() -> None:
    """``PRPA_IN201316UV02``."""
    answer = wire_answers.not_registered(ASKED, "DMPClosed", "…", "PRPA_IN201314UV02", "PRPA_IN201316UV02")
    with pytest.raises(AlreadyClosed):
        read_revision(etree.fromstring(answer), FRAME, wire_world.ODILE)


def test_a_confirmation_about_someone_else_confirms_nothing() -> None:
    """Another patient, another message."""
    with pytest.raises(WrongPatient):
        read_creation(
            etree.fromstring(wire_answers.registered(ASKED.but(ins=wire_world.GASPARD.value))), FRAME, wire_world.ODILE
        )
    with pytest.raises(WrongMessage):
        read_creation(etree.fromstring(wire_answers.registered(ASKED.but(message="x"))), FRAME, wire_world.ODILE)


@pytest.mark.parametrize(
    "answer",
    [
        wire_answers.registered(ASKED, "PRPA_IN201314UV02", "PRPA_IN201315UV02"),
        wire_answers.registered(ASKED, interaction="PRPA_IN201313UV02"),
        wire_answers.registered(ASKED, interaction="PRPA_IN201315UV02"),
        wire_answers.existence(ASKED),
        '<g:PRPA_IN201311UV02_Response xmlns:g="asip:ci-sis:gdp:2010"/>',
    ],
    ids=["other-wrapper", "refusal-that-accepts", "other-inside", "other-answer", "empty"],
)
def test_an_answer_of_another_kind_confirms_nothing(answer: str) -> None:
    """The wrapper, the inside and the acknowledgement must agree."""
    with pytest.raises(UnexpectedAnswer):
        read_creation(etree.fromstring(answer), FRAME, wire_world.ODILE)


def test_an_authorisation_is_asked_in_the_stores_words() -> None:
    """AJOUT, with the role of médecin traitant only when asked; SUPPRESSION."""
    root = authorisation_request(AuthorisationAct.ADD, treating=True)
    assert [(etree.QName(e).localname, e.text) for e in root] == [("action", "AJOUT"), ("role", "MEDECIN_TRAITANT")]
    root = authorisation_request(AuthorisationAct.REMOVE, treating=False)
    assert [(etree.QName(e).localname, e.text) for e in root] == [("action", "SUPPRESSION")]


def test_an_authorisation_that_was_there_already_is_confirmed() -> None:
    """The act is idempotent; what the store said is kept."""
    said = read_authorisation(etree.fromstring(wire_answers.authorised(context="déjà présente")), wire_world.NOW)
    assert (said.at, said.text) == (wire_world.NOW, "déjà présente")


def test_a_refused_authorisation() -> None:
    """Any other status is a refusal; none is not an answer."""
    with pytest.raises(RightsRefused):
        read_authorisation(
            etree.fromstring(wire_answers.authorised("DMPAccessDeniedByRightsService", "non")), wire_world.NOW
        )
    with pytest.raises(UnexpectedAnswer):
        read_authorisation(etree.fromstring(wire_answers.authorised("")), wire_world.NOW)
    with pytest.raises(UnexpectedAnswer):
        read_authorisation(etree.fromstring("<x/>"), wire_world.NOW)


@given(st.data())
@settings(max_examples=120)
def test_no_change_of_an_answer_raises_anything_but_a_typed_error(data: st.DataObject) -> None:
    """Elements dropped, emptied or renamed in a confirmation or a refusal."""
    start = data.draw(st.sampled_from([wire_answers.registered(ASKED), wire_answers.not_registered(ASKED, "A", "b")]))
    root = etree.fromstring(start)
    for _ in range(data.draw(st.integers(1, 4))):
        nodes = list(root.iter())
        node = nodes[data.draw(st.integers(0, len(nodes) - 1))]
        parent = node.getparent()
        what = data.draw(st.sampled_from(["drop", "empty", "rename"]))
        if what == "drop" and parent is not None:
            parent.remove(node)
        elif what == "empty":
            node.clear()
        else:
            node.tag = f"{HL7}other"
    with contextlib.suppress(BadAnswer, RefusedByStore):
        read_creation(root, FRAME, wire_world.ODILE)
