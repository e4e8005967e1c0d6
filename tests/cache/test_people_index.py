"""Finding people as their names are typed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from helpers.clocks import START, HandClock
from helpers.people import nir
from helpers.people_crowd import crowd
from helpers.store_world import BRINDILLE, GABARIT, desk_store, ins, keys, opening
from hypothesis import given, settings
from hypothesis import strategies as st

from dmp_desktop.cache.store import DeskStore
from dmp_desktop.domain.dossier import Authorisation, DossierState, ExistenceAnswer
from dmp_desktop.domain.identity import BirthDate, Identity, InsStatus, Sex, Traits
from dmp_desktop.domain.people import PersonFound, sort_key, terms, typed

WHO = BRINDILLE.professional

CAST = (
    Traits("LEFÈVRE", ("ANNE", "ZOÉ"), Sex.FEMALE, BirthDate("19560312"), "99000", "CORNICHE"),
    Traits("LE FÈVRE", ("BRUNO",), Sex.MALE, BirthDate("19800101")),
    Traits("LAVANDIN-GENÊT", ("ODILE",), Sex.FEMALE, BirthDate("19790523")),
    Traits("ŒUVRARD", ("MAËL",), Sex.MALE, BirthDate("20120312")),
    Traits("D’ORANGE", ("JEAN-LUC",), Sex.MALE, BirthDate("19449999")),
    Traits("MIRABELLE", ("LÉONIE",), Sex.FEMALE, BirthDate("19561224")),
    Traits("ЖУК", ("ОЛЬГА",), Sex.FEMALE, BirthDate("19900704")),
)
NUMBERS = tuple(nir(f"2{rank}0{rank + 1:02d}99000{rank}{rank}4"[:13].ljust(13, "7")) for rank in range(len(CAST)))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskStore]:
    with desk_store(tmp_path_factory.mktemp("people")) as made:
        for traits, number in zip(CAST, NUMBERS, strict=True):
            made.patients.remember(Identity(traits, InsStatus.QUALIFIED, ins(number)))
        yield made


def names(found: tuple[PersonFound, ...]) -> list[str]:
    """Given names, enough to tell them apart."""
    return [person.given_name for person in found]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("lefe", ["BRUNO", "ANNE"]),
        ("lefevre an", ["ANNE"]),
        ("Anne LEFÈVRE", ["ANNE"]),
        ("an lef", ["ANNE"]),
        ("lefevre bruno", ["BRUNO"]),
        ("le fevre", ["BRUNO", "ANNE"]),
        ("corniche", ["ANNE"]),
        ("zoe", ["ANNE"]),
        ("lavandin genet", ["ODILE"]),
        ("lavandin-gen", ["ODILE"]),
        ("genet odile", ["ODILE"]),
        ("oeuvrard", ["MAËL"]),
        ("Œuv", ["MAËL"]),
        ("dorange", ["JEAN-LUC"]),
        ("d'orange", ["JEAN-LUC"]),
        ("jean luc", ["JEAN-LUC"]),
        ("jeanluc", ["JEAN-LUC"]),
        ("жу", ["ОЛЬГА"]),
        ("12/03/1956", ["ANNE"]),
        ("12/3/56", ["ANNE"]),
        ("12.03.56", ["ANNE"]),
        ("1956-03-12", ["ANNE"]),
        ("12031956", ["ANNE"]),
        ("120356", ["ANNE"]),
        ("1203", ["ANNE", "MAËL"]),
        ("12/03", ["ANNE", "MAËL"]),
        ("03/1956", ["ANNE"]),
        ("1956", ["ANNE", "LÉONIE"]),
        ("1956 mir", ["LÉONIE"]),
        ("mir 24/12", ["LÉONIE"]),
        ("nobody", []),
        ("lefevre zzz", []),
        ("* \" AND ' -", []),
        ("99/99/1944", ["JEAN-LUC"]),
    ],
)
def test_a_person_is_found_as_they_are_typed(store: DeskStore, words: str, expected: list[str]) -> None:
    """Names in any order and spelling, and birth dates in every writing of a desk."""
    assert names(store.patients.people.find(words, WHO)) == expected


def test_family_names_come_first(store: DeskStore) -> None:
    """« le » is first whoever has such a family name, then a given name; each in the order of the lists."""
    found = store.patients.people.find("le", WHO)
    assert names(found) == ["BRUNO", "ANNE", "LÉONIE"]
    assert names(store.patients.people.find("le", WHO, limit=2)) == ["BRUNO", "ANNE"]


def test_the_end_of_a_number_finds_its_owner(store: DeskStore) -> None:
    """Four to six last digits, with or without the key, and the whole number with its spaces; alone or with a name."""
    find = store.patients.people.find
    for rank, number in enumerate(NUMBERS):
        who = names(find(" ".join((number.body[0], number.body[1:3], number.body[3:], number.key)), WHO))
        assert who == [CAST[rank].given_names[0]]
        for text in (number.body, number.value):
            for digits in (4, 5, 6):
                assert CAST[rank].given_names[0] in names(find(text[-digits:], WHO))
    assert names(find(f"odile {NUMBERS[2].body[-5:]}", WHO)) == ["ODILE"]
    assert find(f"anne {NUMBERS[2].body[-5:]}", WHO) == ()


def test_no_digit_of_a_number_stands_in_the_index(store: DeskStore) -> None:
    """Only hashes that mean nothing elsewhere."""
    rows = store.database.rows("SELECT words FROM people")
    assert not any(number.body[-6:] in row["words"] for row in rows for number in NUMBERS)
    assert "…" in repr(typed("1 79 05"))


def test_what_the_store_said_is_told_to_whom_it_was_said(tmp_path: Path) -> None:
    """The state of the dossier for whoever looks, and an opening on its way."""
    with desk_store(tmp_path) as store:
        key = store.patients.remember(Identity(CAST[0], InsStatus.QUALIFIED, ins()))
        store.patients.learned(key, ExistenceAnswer(DossierState.ACTIVE, START, Authorisation.VALID), BRINDILLE)
        mine, other = (store.patients.people.find("lefe", who.professional)[0] for who in (BRINDILLE, GABARIT))
        assert (mine.state, mine.authorisation) == (DossierState.ACTIVE, Authorisation.VALID)
        assert (other.state, other.opening) == (None, False)
        store.outbox.add(opening(), GABARIT)
        assert store.patients.people.of([key, "nobody"], WHO)[key].opening


def test_another_name_replaces_the_former_one(tmp_path: Path) -> None:
    """One row for one person: the name that INSi corrected no longer finds them, and leaves no word behind."""
    clock = HandClock()
    with desk_store(tmp_path, clock) as store:
        people = store.patients.people
        store.patients.remember(Identity(replace(CAST[0], birth_name="QUETSCHE"), InsStatus.QUALIFIED, ins()))
        clock.forward(days=1)
        store.patients.remember(Identity(CAST[0], InsStatus.QUALIFIED, ins()))
        assert people.find("quet", WHO) == ()
        (found,) = people.find("lefe", WHO)
        assert found.seen_at == START + timedelta(days=1)
        store.patients.remember(Identity(CAST[0], InsStatus.VALIDATED, ins()))
        assert people.find("lefe", WHO)[0].status is InsStatus.VALIDATED
        store.database.execute("INSERT INTO people_words (people_words) VALUES ('integrity-check')")
        assert not any(
            b"quetsche" in bytes(row[0]) for row in store.database.rows("SELECT block FROM people_words_data")
        )


def test_a_person_and_their_index_are_written_together(tmp_path: Path) -> None:
    """When the index cannot be written, neither is the person."""
    with desk_store(tmp_path) as store:
        store.database.execute(
            "CREATE TRIGGER full BEFORE INSERT ON people_numbers BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
        with pytest.raises(Exception, match="sqlite"):
            store.patients.remember(Identity(CAST[0], InsStatus.QUALIFIED, ins()))
        assert store.database.row("SELECT 1 FROM patients") is None
        assert store.database.row("SELECT 1 FROM people") is None


def test_people_kept_by_an_earlier_version_are_indexed(tmp_path: Path) -> None:
    """The first opening by this version makes the index; the next ones leave it as it is."""
    mine = keys()
    with desk_store(tmp_path, with_keys=mine) as store:
        store.patients.remember(Identity(CAST[0], InsStatus.QUALIFIED, ins()))
        store.database.execute("DELETE FROM people")
        store.database.execute("DELETE FROM meta WHERE name = 'people-index'")
    with desk_store(tmp_path, with_keys=mine) as store:
        assert names(store.patients.people.find("lefe", WHO)) == ["ANNE"]


def test_whoever_was_seen_last_comes_first_while_nothing_is_typed(tmp_path: Path) -> None:
    """The latest identified, the latest first."""
    clock = HandClock()
    with desk_store(tmp_path, clock) as store:
        for rank in (0, 2, 5):
            clock.forward(minutes=5)
            store.patients.remember(Identity(CAST[rank], InsStatus.QUALIFIED, ins(NUMBERS[rank])))
        assert names(store.patients.people.latest(WHO, 2)) == ["LÉONIE", "ODILE"]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[DeskStore, list[Identity]]]:
    with desk_store(tmp_path_factory.mktemp("crowd")) as made:
        people = list(crowd(700))
        with made.database.transaction():
            for identity in people:
                made.patients.remember(identity)
        yield made, people


LETTERS = st.sampled_from("abdefghilmnorstuvé ")


@settings(max_examples=60)
@given(st.text(LETTERS, min_size=1, max_size=9))
def test_the_index_finds_what_a_reading_of_everyone_finds(many: tuple[DeskStore, list[Identity]], text: str) -> None:
    """Same people as a plain walk through all of them, in the order told, whatever is typed."""
    store, people = many
    words = typed(text)
    found = store.patients.people.find(text, WHO, limit=1000)

    def answers(traits: Traits) -> bool:
        have = terms(traits)
        return all(any(term.startswith(word.readings[0]) for term in have) for word in words)

    wanted = {
        sort_key(i.traits.birth_name, i.traits.first_given_name, i.traits.birth_date)
        for i in people
        if words and answers(i.traits)
    }
    assert wanted <= {person.sort_key for person in found}
    if len(words) == 1:
        assert wanted == {person.sort_key for person in found}
        family = [any(t.startswith("@" + words[0].readings[0]) for t in _terms_of(p)) for p in found]
        assert family == sorted(family, reverse=True)
        for group in (True, False):
            order = [p.sort_key for p, f in zip(found, family, strict=True) if f is group]
            assert order == sorted(order)


def _terms_of(person: PersonFound) -> tuple[str, ...]:
    return terms(Traits(person.birth_name, (), Sex.UNKNOWN, BirthDate(""), used_name=person.used_name))


@settings(max_examples=150)
@given(st.text(max_size=100))
def test_nothing_typed_is_a_fault(store: DeskStore, text: str) -> None:
    """Quotes, stars, operators, other alphabets: found or not found, never an error."""
    for person in store.patients.people.find(text, WHO):
        assert person.dossier
