"""Access and administration on the wire: what is read, what is refused, what no bytes can make us raise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from helpers import wire_answers, wire_dossiers, wire_world
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from dmp_desktop.domain.administration import (
    PATIENT_REQUEST,
    AdministrativeData,
    ChannelAct,
    ChannelKind,
    ClosingReason,
    CodeChannel,
    PostalAddress,
    Telecom,
)
from dmp_desktop.domain.dossier import BadContact, DossierState
from dmp_desktop.domain.habilitations import (
    Access,
    AccessMode,
    AuthorisationFilter,
    ListedBy,
    MotiveMissing,
    PatientQuery,
)
from dmp_desktop.domain.identity import BirthDate, Sex
from dmp_desktop.errors import BadAnswer, DmpError, RefusedByStore
from dmp_desktop.sync import habilitations, patient_service, xmlsafe
from dmp_desktop.sync.disputed import Disputed
from dmp_desktop.sync.errors import (
    ChannelExists,
    NoDossier,
    NothingToSearch,
    UnexpectedAnswer,
    WrongMessage,
    WrongPatient,
)
from dmp_desktop.sync.hl7v3 import Frame
from dmp_desktop.sync.hl7v3_administration import change_request, closing_request, read_data
from dmp_desktop.sync.hl7v3_search import read_search, search_request

HL7 = "{urn:hl7-org:v3}"
FRAME = Frame.new(wire_world.SOFTWARE, wire_world.NOW, Disputed())
ASKED = wire_answers.Asked.frame(FRAME, wire_world.ODILE)
CREDENTIALS = wire_world.credentials()


def _data(answer: str) -> AdministrativeData:
    return read_data(etree.fromstring(answer), FRAME, wire_world.ODILE)


# -- administrative data ----------------------------------------------------------------------------------------------


def test_administrative_data_are_read_whole() -> None:
    """TD1.3a: everything, a repeated contact once."""
    assert _data(wire_dossiers.administrative(ASKED)) == wire_dossiers.FULL


def test_what_the_store_leaves_out_is_empty() -> None:
    """A person of whom hardly anything is known; a used name that says there is none."""
    bare = (
        '<patientPerson><name><family qualifier="SP">NON RENSEIGNE</family><family qualifier="BR">X</family></name>'
        "</patientPerson>"
    )
    data = _data(wire_dossiers.administrative(ASKED, person=bare, status="terminated"))
    assert (data.state, data.birth_name, data.used_name) == (DossierState.CLOSED, "X", "")
    assert (data.sex, data.birth_date, data.representative) == (Sex.UNKNOWN, BirthDate(""), None)
    assert data.address == PostalAddress()
    assert data.address.empty


def test_an_unknown_relationship_and_contact_are_kept() -> None:
    """REC_GEN-1370: the store may know codes that we do not."""
    person = wire_dossiers.DATA.replace('code="FTH"', 'code="ONCLE"').replace("tel:0601020305", "fax:0199000009")
    representative = _data(wire_dossiers.administrative(ASKED, person=person)).representative
    assert representative is not None
    assert representative.relationship.value == "ONCLE"
    assert representative.telecoms == (Telecom("fax:0199000009", "MC"),)
    assert representative.telecoms[0].text == "fax:0199000009"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (wire_dossiers.administrative(ASKED, response="NF"), NoDossier),
        (wire_dossiers.administrative(ASKED, response="QE"), RefusedByStore),
        (wire_dossiers.administrative(ASKED, status="asleep"), UnexpectedAnswer),
        (wire_dossiers.administrative(ASKED, person=""), UnexpectedAnswer),
        (wire_dossiers.administrative(ASKED.but(ins=wire_world.GASPARD.value)), WrongPatient),
        (wire_dossiers.administrative(ASKED.but(message="other")), WrongMessage),
        (wire_dossiers.administrative(ASKED.but(query="other")), UnexpectedAnswer),
        ("<a/>", UnexpectedAnswer),
    ],
)
def test_administrative_data_that_cannot_be_trusted(answer: str, error: type[DmpError]) -> None:
    """Nobody, a refusal, someone else, another message: a typed error each."""
    with pytest.raises(error):
        _data(answer)


def test_a_change_says_what_the_store_is_to_hold() -> None:
    """TD1.3b: the changed contact, the two oppositions, the author from the card."""
    changed = replace(wire_dossiers.FULL, telecoms=(Telecom("mailto:nouveau@exemple.example"),))
    root = change_request(FRAME, changed, CREDENTIALS)
    person = root.find(f".//{HL7}patientPerson")
    assert person is not None
    assert [t.get("value") for t in person.findall(f"{HL7}telecom")] == ["mailto:nouveau@exemple.example"]
    said = {
        o.find(f"{HL7}code").get("code"): o.find(f"{HL7}value").get("value")  # type: ignore[union-attr]
        for o in root.iter(f"{HL7}administrativeObservation")
    }
    assert said == {"OPPOSITION_BRIS_DE_GLACE": "true", "OPPOSITION_ACCES_URGENCE": "false"}
    author = root.find(f".//{HL7}assignedEntity/{HL7}id")
    assert author is not None and author.get("extension") == wire_world.BRINDILLE.id.value


def test_what_was_read_is_what_is_sent_back() -> None:
    """Reading then changing nothing asks for nothing new."""
    sent = change_request(FRAME, wire_dossiers.FULL, CREDENTIALS).find(f".//{HL7}patientPerson")
    assert sent is not None
    person = etree.tostring(sent, encoding="unicode")
    oppositions = wire_dossiers.DATA[len(wire_dossiers.PATIENT_PERSON) :]
    assert _data(wire_dossiers.administrative(ASKED, person=person + oppositions)) == wire_dossiers.FULL


@pytest.mark.parametrize("text", ["", "Demande de la personne"])
def test_a_closing_says_why(text: str) -> None:
    """TD1.4: the state wanted, the only published code, and the reason in words (the code where there are none)."""
    reason = ClosingReason(text)
    root = closing_request(FRAME, wire_world.ODILE, wire_world.opening().traits, reason, CREDENTIALS)
    status, issue = root.find(f".//{HL7}patient/{HL7}statusCode"), root.find(f".//{HL7}detectedIssueEvent")
    assert status is not None and status.get("code") == "terminated"
    assert issue is not None
    code = issue.find(f"{HL7}code")
    assert code is not None and code.get("code") == PATIENT_REQUEST
    assert issue.findtext(f"{HL7}text") == (text or PATIENT_REQUEST)


# -- lists ------------------------------------------------------------------------------------------------------------


def test_authorised_dossiers_are_read() -> None:
    """TD0.4: one with its INS, one whose number cannot be one (kept beside); dates in UTC, missing ones missing."""
    lines = (
        wire_dossiers.dossier_line(wire_world.ODILE.value, wire_world.ODILE.oid),
        wire_dossiers.dossier_line("123", wire_world.ODILE.oid, treating="false", accessed="hier"),
    )
    first, second = patient_service.read_dossiers(etree.fromstring(wire_dossiers.dossiers(*lines)))
    assert first.ins == wire_world.ODILE
    assert (first.birth_name, first.used_name, first.given_name, first.civility) == (
        "LAVANDIN-GENÊT",
        "CORNICHE",
        "ODILE",
        "Mme",
    )
    assert (first.treating, first.message, first.birth_date) == (True, False, BirthDate("19790523"))
    assert first.last_access == datetime(2026, 4, 1, 9, 41, 5, tzinfo=UTC)
    assert first.last_addition is None
    assert first.other_ids == (("1.2.250.1.213.1.4.2", "0740724093302701701806"),)
    assert (second.ins, second.treating, second.last_access) == (None, False, None)
    assert (wire_world.ODILE.oid, "123") in second.other_ids


def test_no_dossier_is_no_error() -> None:
    """TD0.4 and TD1.6 may list nobody."""
    assert patient_service.read_dossiers(etree.fromstring(wire_dossiers.dossiers())) == ()
    assert habilitations.read_professionals(etree.fromstring(wire_dossiers.professionals())) == ()


def test_the_list_is_asked_since_a_moment_and_for_a_colleague() -> None:
    """TD0.4: moment in UTC, which date is looked at, whose dossiers (desk staff)."""
    since = datetime(2026, 4, 14, 10, 30, tzinfo=UTC)
    root = patient_service.dossiers_request(ListedBy.DOCUMENT, since, wire_world.BRINDILLE.id)
    assert [child.text for child in root] == ["20260414103000", "LASTDOC", "899700000017"]
    assert [child.text for child in patient_service.dossiers_request(ListedBy.AUTHORISATION, None, None)] == [
        "LASTAUTORIZATION"
    ]


def test_professionals_are_read() -> None:
    """TD1.6: authorised, médecin traitant, blocked; a speciality without its label."""
    lines = (
        wire_dossiers.professional_line(right="MEDECIN_TRAITANT"),
        wire_dossiers.professional_line("INTERDITE", labels=""),
    )
    first, second = habilitations.read_professionals(etree.fromstring(wire_dossiers.professionals(*lines)))
    assert (first.id, first.id_type, first.family, first.given) == (
        "899700000017",
        "1.2.250.1.71.4.2.1",
        "BRINDILLE",
        "AURORE",
    )
    assert (first.blocked, first.treating, first.last_act) == (False, True, None)
    assert first.since == datetime(2026, 3, 1, 13, 58, 4, tzinfo=UTC)
    assert [(s.value, s.label) for s in first.specialities] == [("G15_10/SM26", "Médecin - Médecine générale")]
    assert (second.blocked, second.treating) == (True, False)
    assert [(s.value, s.label) for s in second.specialities] == [("G15_10/SM26", "")]
    assert [c.text for c in habilitations.professionals_request(AuthorisationFilter.FORBIDDEN)] == ["INTERDITE"]


# -- account ----------------------------------------------------------------------------------------------------------


def test_the_secrets_of_an_account_are_told_once_and_hide_themselves() -> None:
    """TD1.5a: login and password as they are, blanks included; nothing in a repr."""
    account = patient_service.read_account(etree.fromstring(wire_dossiers.account()))
    assert (account.login.reveal(), account.password.reveal()) == ("corni42", "p4 ss!")
    assert "corni42" not in repr(account) and "p4" not in repr(account)


def test_an_account_without_its_secrets_is_not_believed() -> None:
    """Said to be made, without a login: nothing to print."""
    with pytest.raises(UnexpectedAnswer):
        patient_service.read_account(etree.fromstring(wire_dossiers.account(login="")))


def test_the_channel_of_codes() -> None:
    """TD1.5b: kind, value, what to do with it; a number that is no mobile never leaves (REC_1.5-1100)."""
    mobile = CodeChannel(ChannelKind.SMS, "0601020304")
    root = patient_service.channel_request(ChannelAct.CHANGE, mobile)
    assert [child.text for child in root] == ["SMS", "0601020304", "MODIFICATION"]
    assert [child.text for child in patient_service.account_request(mobile)] == ["SMS", "0601020304"]
    confirmation = patient_service.read_channel(etree.fromstring(wire_dossiers.channel()), wire_world.NOW)
    assert confirmation.text == "OTP mis à jour"
    for kind, value in ((ChannelKind.SMS, "0199000001"), (ChannelKind.EMAIL, "0601020304")):
        with pytest.raises(BadContact):
            CodeChannel(kind, value)


@pytest.mark.parametrize(
    ("read", "answer"),
    [
        (patient_service.read_dossiers, wire_dossiers.dossiers(status="DMPErreur", context="Droits insuffisants")),
        (patient_service.read_account, wire_dossiers.account(status="DMPErreur", context="Droits insuffisants")),
        (
            habilitations.read_professionals,
            wire_dossiers.professionals(status="DMPErreur", context="Droits insuffisants"),
        ),
    ],
)
def test_a_refusal_of_a_service_keeps_its_words(read: Any, answer: str) -> None:
    """Any status but DMPOk; the code and the text as they came."""
    with pytest.raises(RefusedByStore) as caught:
        read(etree.fromstring(answer))
    assert (caught.value.store_code, caught.value.store_text) == ("DMPErreur", "Droits insuffisants")


def test_a_channel_that_exists_is_recognised_by_its_words() -> None:
    """The kit knows this refusal by its text alone."""
    answer = wire_dossiers.channel("DMPErreur", "Type de canal OTP deja Existant pour ce DMP")
    with pytest.raises(ChannelExists):
        patient_service.read_channel(etree.fromstring(answer), wire_world.NOW)


@pytest.mark.parametrize("read", [patient_service.read_dossiers, habilitations.read_professionals])
@pytest.mark.parametrize("answer", ["<a/>", wire_dossiers.dossiers(status=""), wire_dossiers.account()])
def test_an_answer_of_another_service_is_not_read(read: Any, answer: str) -> None:
    """Neither another wrapper nor one without a status."""
    with pytest.raises(BadAnswer):
        read(etree.fromstring(answer))


# -- search without INS -----------------------------------------------------------------------------------------------


def test_people_found_without_ins_are_read() -> None:
    """TD0.5: the INS beside an older number, the percentage, the opposition; more may exist than were sent."""
    answer = wire_dossiers.matches(
        ASKED, wire_dossiers.match(), wire_dossiers.match("1", percentage="beaucoup"), total="9"
    )
    found = read_search(etree.fromstring(answer), FRAME)
    first, second = found.matches
    assert found.total == 9
    assert first.ins == wire_world.ODILE
    assert (first.birth_name, first.used_name, first.given_names) == ("LAVANDIN-GENÊT", "", ("ODILE",))
    assert (first.sex, first.birth_date, first.postcode) == (Sex.FEMALE, BirthDate("19790523"), "99000")
    assert (first.percentage, first.opposed_to_emergency) == (88, True)
    assert (second.ins, second.percentage) == (None, None)


@pytest.mark.parametrize("answer", [{"response": "NF"}, {"total": "0"}])
def test_nobody_found_is_no_error(answer: dict[str, str]) -> None:
    """Whether the store says "not found" or sends an empty list."""
    found = read_search(etree.fromstring(wire_dossiers.matches(ASKED, **answer)), FRAME)
    assert (found.matches, found.total) == ((), 0)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (wire_dossiers.matches(ASKED, ack="AE"), RefusedByStore),
        (wire_dossiers.matches(ASKED, ack="XX"), UnexpectedAnswer),
        (wire_dossiers.matches(ASKED, response="QE"), RefusedByStore),
        (wire_dossiers.matches(ASKED.but(message="other")), WrongMessage),
        (wire_dossiers.administrative(ASKED), UnexpectedAnswer),
    ],
)
def test_a_search_that_cannot_be_trusted(answer: str, error: type[DmpError]) -> None:
    """A refusal keeps its code; an answer to another search is not read."""
    with pytest.raises(error):
        read_search(etree.fromstring(answer), FRAME)


def test_a_search_needs_a_name() -> None:
    """Not even one: nothing leaves."""
    with pytest.raises(NothingToSearch):
        search_request(FRAME, PatientQuery((" ",), "ODILE"))


def test_bris_de_glace_needs_its_motive() -> None:
    """The value itself cannot exist without; a motive never shows in a repr."""
    with pytest.raises(MotiveMissing):
        Access(AccessMode.BREAK_GLASS, " ")
    assert "inconscient" not in repr(Access(AccessMode.BREAK_GLASS, "Patient inconscient"))


# -- anything at all --------------------------------------------------------------------------------------------------

READERS = {
    "data": (lambda root: read_data(root, FRAME, wire_world.ODILE), wire_dossiers.administrative(ASKED)),
    "dossiers": (
        patient_service.read_dossiers,
        wire_dossiers.dossiers(wire_dossiers.dossier_line(wire_world.ODILE.value, wire_world.ODILE.oid)),
    ),
    "account": (patient_service.read_account, wire_dossiers.account()),
    "professionals": (
        habilitations.read_professionals,
        wire_dossiers.professionals(wire_dossiers.professional_line()),
    ),
    "search": (lambda root: read_search(root, FRAME), wire_dossiers.matches(ASKED, wire_dossiers.match())),
}


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_a_damaged_answer_raises_typed_errors_only(name: str, data: st.DataObject) -> None:
    """Elements and attributes taken away, doubled, emptied or filled with anything: a value, or one of our errors."""
    read, answer = READERS[name]
    root = etree.fromstring(answer)
    for _ in range(data.draw(st.integers(1, 4))):
        element = data.draw(st.sampled_from(list(root.iter())))
        match data.draw(st.sampled_from(["drop", "double", "text", "attribute"])):
            case "drop" if element.getparent() is not None:
                element.getparent().remove(element)
            case "double" if element.getparent() is not None:
                element.getparent().append(etree.fromstring(etree.tostring(element)))
            case "attribute" if element.attrib:
                name_of = data.draw(st.sampled_from(sorted(map(str, element.attrib))))
                element.set(name_of, data.draw(st.text(st.characters(codec="ascii", min_codepoint=32), max_size=30)))
            case _:
                element.text = data.draw(st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), max_size=30))
    try:
        read(xmlsafe.parse(etree.tostring(root)))  # type: ignore[operator]
    except DmpError:
        return
