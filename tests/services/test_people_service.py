"""Finding a person by their card and by the store's list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.people_desk import PeopleDesk, listed
from helpers.store_world import BRINDILLE, GABARIT, desk_store

from dmp_desktop.domain.dossier import Authorisation, DossierState
from dmp_desktop.domain.identity import InsiAnswer, InsiOutcome, InsStatus
from dmp_desktop.sandbox import people
from dmp_desktop.services.people import CardDiffers, NotIdentified


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[PeopleDesk]:
    clock = HandClock()
    with desk_store(tmp_path, clock) as store:
        yield PeopleDesk(store, clock)


def by_card(desk: PeopleDesk, *keys: str) -> list[str]:
    """Dossiers known of the people of that card, ``""`` for the others."""
    desk.edges.card = keys
    found = desk.people.by_card(desk.edges.read_vitale(), BRINDILLE)
    return [one.known.dossier if one.known else "" for one in found.people]


def test_a_card_proves_who_its_holder_is(desk: PeopleDesk) -> None:
    """Their own number and the same birth date: known here; the others of the card are asked to INSi."""
    desk.know("odile", "gaspard", "capucine", "lilou")
    assert by_card(desk, "odile", "gaspard", "capucine") == [desk.keys["odile"], "", ""]


def test_a_child_is_never_known_by_the_number_of_the_card(desk: PeopleDesk) -> None:
    """The number on a child's card is the insured's: neither the child nor the insured is taken for known."""
    desk.know("nadege", "lilou")
    assert by_card(desk, "lilou") == [""]


def test_a_number_with_another_birth_date_is_nobody_known(desk: PeopleDesk) -> None:
    """A wrong card is not argued with: INSi is asked."""
    desk.know("odile")
    desk.edges.card = ("odile",)
    reading = desk.edges.read_vitale()
    other = replace(reading.beneficiaries[0], given_name="SOLANGE")
    found = desk.people.by_card(replace(reading, beneficiaries=(other,)), BRINDILLE)
    assert found.people[0].known is None


def test_what_insi_says_is_kept_when_it_is_the_cards(desk: PeopleDesk) -> None:
    """Kept as retrieved, found by name afterwards; a better status is not lost."""
    desk.edges.card = ("gaspard",)
    card = desk.people.by_card(desk.edges.read_vitale(), BRINDILLE).people[0].card
    key = desk.people.identified(card, desk.edges.ask_insi(card))
    (found,) = desk.people.find("corniche gas", BRINDILLE)
    assert (found.dossier, found.status) == (key, InsStatus.RETRIEVED)
    desk.know("gaspard")
    assert desk.people.identified(card, desk.edges.ask_insi(card)) == key
    assert desk.people.find("gaspard", BRINDILLE)[0].status is InsStatus.QUALIFIED


def test_what_insi_does_not_say_is_not_kept(desk: PeopleDesk) -> None:
    """Nobody, or somebody else than the card's: each its own error, and nothing written."""
    desk.edges.card = ("gaspard",)
    card = desk.people.by_card(desk.edges.read_vitale(), BRINDILLE).people[0].card
    answer = desk.edges.ask_insi(card)
    with pytest.raises(NotIdentified):
        desk.people.identified(card, InsiAnswer(InsiOutcome.SEVERAL, answer.answered_at))
    assert answer.traits is not None
    with pytest.raises(CardDiffers):
        desk.people.identified(card, replace(answer, traits=replace(answer.traits, birth_name="PIVOINE")))
    assert desk.people.find("", BRINDILLE) == ()


def test_the_stores_list_makes_people_known(desk: PeopleDesk) -> None:
    """In its order; whoever is known keeps their identity; the right to read is the asker's alone."""
    desk.know("firmin")
    without = replace(listed("basile"), ins=None)
    found = desk.people.merge([listed("hortense"), without, listed("firmin")], BRINDILLE)
    assert [one.birth_name for one in found] == ["SAUGE-VERVEINE", "CHICORÉE"]
    assert [one.status for one in found] == [InsStatus.UNVERIFIED, InsStatus.QUALIFIED]
    assert {(one.state, one.authorisation) for one in found} == {(DossierState.ACTIVE, Authorisation.VALID)}
    (other,) = desk.people.find("sauge", GABARIT)
    assert (other.state, other.authorisation) == (None, Authorisation.UNKNOWN)
    assert desk.store.patients.identity(desk.keys["firmin"]).traits == people.person("firmin").traits  # type: ignore[union-attr]


def test_known_by_the_list_alone_is_asked_to_insi(desk: PeopleDesk) -> None:
    """The list gives no place of birth and a document needs one: the card is asked, and the answer completes it."""
    (seen,) = desk.people.merge([listed("odile")], BRINDILLE)
    assert by_card(desk, "odile") == [""]
    card = desk.people.by_card(desk.edges.read_vitale(), BRINDILLE).people[0].card
    assert desk.people.identified(card, desk.edges.ask_insi(card)) == seen.dossier
    assert by_card(desk, "odile") == [seen.dossier]


def test_nothing_typed_is_whoever_was_seen_last(desk: PeopleDesk) -> None:
    """The page is never empty without reason."""
    desk.know("odile", "ernest")
    assert [one.birth_name for one in desk.people.find("  ", BRINDILLE)] == ["MIRABELLE", "LAVANDIN-GENÊT"]
