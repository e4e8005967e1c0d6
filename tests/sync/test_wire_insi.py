"""INSi: what is asked, what is found."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from helpers import wire_answers, wire_world
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from dmp_desktop.domain import oids
from dmp_desktop.domain.identity import BirthDate, InsiAnswer, InsiOutcome, Sex, Traits
from dmp_desktop.errors import BadAnswer, RefusedByStore
from dmp_desktop.sync import insi
from dmp_desktop.sync.disputed import Disputed
from dmp_desktop.sync.errors import CardWithoutNumber, UnexpectedAnswer, WrongPlatform

BODY, KEY = wire_world.ODILE.matricule.body, wire_world.ODILE.matricule.key
CARD = wire_world.opening().card


def _read(answer: str, platform: str = oids.INS_NIR_TEST) -> InsiAnswer:
    return insi.read_result(etree.fromstring(answer), wire_world.NOW, platform, Disputed())


def _said(root: etree._Element) -> list[tuple[str, str | None]]:
    return [(etree.QName(e).localname, e.text) for e in root.iter() if len(e) == 0]


def test_the_card_asks_with_its_numbers_its_date_and_the_rank() -> None:
    """The person's own number where the card has it, and the insured's."""
    assert _said(insi.vitale_request(CARD)) == [
        ("NumIdentifiant", BODY),
        ("Cle", KEY),
        ("NumIdentifiant", BODY),
        ("Cle", KEY),
        ("NomNaissance", "LAVANDIN"),
        ("DateNaissance", "1979-05-23"),
        ("RangNaissance", "1"),
    ]


def test_a_child_asks_with_the_insureds_number_alone() -> None:
    """The insured's number is never sent as the child's own; twins are told apart by their rank."""
    child = replace(CARD, own_nir=None, given_name="CLEMENTINE", birth_date=BirthDate("20160902"), birth_rank=2)
    said = _said(insi.vitale_request(child))
    assert [name for name, _ in said].count("NumIdentifiant") == 1
    assert insi.vitale_request(child)[0].tag.endswith("MatriculeOD")
    assert said[-1] == ("RangNaissance", "2")


def test_a_date_on_no_calendar_is_asked_as_read() -> None:
    """Month 19."""
    assert ("DateNaissance", "1942-19-01") in _said(
        insi.vitale_request(replace(CARD, birth_date=BirthDate("19421901")))
    )


def test_a_card_without_a_number_cannot_ask() -> None:
    """The search by traits remains."""
    with pytest.raises(CardWithoutNumber):
        insi.vitale_request(replace(CARD, insured_nir=None))


def test_traits_ask_without_what_is_not_known() -> None:
    """No sex, no birth place: not sent rather than invented."""
    traits = Traits("LAVANDIN", ("ODILE",), Sex.UNKNOWN, BirthDate("19790523"))
    assert [name for name, _ in _said(insi.traits_request(traits))] == ["NomNaissance", "Prenom", "DateNaissance"]


def test_a_person_found_on_a_test_platform_gets_its_domain() -> None:
    """The test teleservice answers with the domain of real numbers; the test DMP wants its own."""
    answer = _read(wire_answers.insi_found(BODY, KEY, oids.INS_NIR))
    assert answer.outcome is InsiOutcome.FOUND
    assert answer.ins == wire_world.ODILE
    assert answer.traits is not None
    assert answer.traits.given_names == ("ODILE", "MARIE")
    assert answer.traits.birth_date.raw == "19790523"
    assert (answer.traits.birth_place, answer.traits.sex) == ("99000", Sex.FEMALE)


@pytest.mark.parametrize("oid", [oids.INS_NIR, oids.INS_NIA])
def test_in_production_the_domain_is_the_one_received(oid: str) -> None:
    """A NIA stays a NIA."""
    answer = _read(wire_answers.insi_found(BODY, KEY, oid), oids.INS_NIR)
    assert answer.ins is not None and answer.ins.oid == oid


def test_a_test_number_in_production_is_refused() -> None:
    """Platforms never mix (EX_GEN-1430)."""
    with pytest.raises(WrongPlatform):
        _read(wire_answers.insi_found(BODY, KEY, oids.INS_NIR_TEST), oids.INS_NIR)


def test_former_numbers_are_kept() -> None:
    """``INSHISTO``."""
    former = wire_world.GASPARD.matricule
    history = (
        f"<r:INSHISTO><r:IdIndividu><r:NumIdentifiant>{former.body}</r:NumIdentifiant><r:Cle>{former.key}</r:Cle>"
        f"</r:IdIndividu><r:OID>{oids.INS_NIA}</r:OID></r:INSHISTO>"
    )
    assert _read(wire_answers.insi_found(BODY, KEY, oids.INS_NIR, history=history)).history == (wire_world.GASPARD,)


def test_a_corsican_number_is_read() -> None:
    """2B, whose key counts otherwise."""
    number = wire_world.GHJULIA.matricule
    answer = _read(wire_answers.insi_found(number.body, number.key, oids.INS_NIR))
    assert answer.ins == wire_world.GHJULIA


def test_none_and_several_are_answers() -> None:
    """Neither is an error; the label is kept."""
    assert _read(wire_answers.insi_nobody("01", "Aucune identité")).outcome is InsiOutcome.NONE
    several = _read(wire_answers.insi_nobody("02", "Plusieurs identités"))
    assert (several.outcome, several.code, several.label) == (InsiOutcome.SEVERAL, "02", "Plusieurs identités")


def test_an_unknown_code_is_kept_as_a_refusal() -> None:
    """Nothing is guessed."""
    with pytest.raises(RefusedByStore) as caught:
        _read(wire_answers.insi_nobody("17", "Service fermé"))
    assert (caught.value.store_code, caught.value.store_text) == ("INSi-17", "Service fermé")


@pytest.mark.parametrize(
    ("first", "listed", "expected"),
    [
        ("ODILE", "ODILE MARIE", ("ODILE", "MARIE")),
        ("MARIE CLAIRE", "MARIE CLAIRE ANNE", ("MARIE CLAIRE", "ANNE")),
        ("ODILE", "", ("ODILE",)),
        ("", "ODILE MARIE", ("ODILE", "MARIE")),
        ("OD", "ODILE MARIE", ("ODILE", "MARIE")),
    ],
)
def test_given_names_keep_their_order_and_their_spaces(first: str, listed: str, expected: tuple[str, ...]) -> None:
    """The first one may be made of two words."""
    answer = _read(wire_answers.insi_found(BODY, KEY, oids.INS_NIR, first=first, listed=listed))
    assert answer.traits is not None and answer.traits.given_names == expected


@pytest.mark.parametrize(
    "answer",
    [
        wire_answers.insi_found(BODY, "00", oids.INS_NIR),
        wire_answers.insi_found("12", KEY, oids.INS_NIR),
        wire_answers.insi_found(BODY, KEY, oids.INS_NIR, birth="23/05/1979"),
        wire_answers.insi_nobody("00", "OK"),
        wire_answers.insi_nobody("", ""),
        "<RESULTAT/>",
    ],
    ids=["key", "number", "date", "nobody-found", "no-code", "namespace"],
)
def test_an_answer_that_cannot_be_is_refused(answer: str) -> None:
    """A wrong key, an impossible date, a person found and not there."""
    with pytest.raises(UnexpectedAnswer):
        _read(answer)


def test_nothing_of_an_answer_shows_in_its_repr() -> None:
    """A log or a traceback cannot leak a person."""
    shown = repr(_read(wire_answers.insi_found(BODY, KEY, oids.INS_NIR)))
    assert BODY not in shown and "LAVANDIN" not in shown


@given(st.data())
@settings(max_examples=120)
def test_no_change_of_an_answer_raises_anything_but_a_typed_error(data: st.DataObject) -> None:
    """Any text in any element, any element dropped."""
    root = etree.fromstring(wire_answers.insi_found(BODY, KEY, oids.INS_NIR))
    for _ in range(data.draw(st.integers(1, 3))):
        nodes = list(root.iter())
        node = nodes[data.draw(st.integers(0, len(nodes) - 1))]
        parent = node.getparent()
        if data.draw(st.booleans()) and parent is not None:
            parent.remove(node)
        elif len(node) == 0:
            node.text = data.draw(st.text("0129AB-é ", max_size=18))
    with contextlib.suppress(BadAnswer, RefusedByStore):
        insi.read_result(root, wire_world.NOW, oids.INS_NIR_TEST, Disputed())
