"""Traits, ages and the comparison of the card with INSi."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmp_desktop.domain import oids
from dmp_desktop.domain.identifiers import Ins, Nir, nir_key
from dmp_desktop.domain.identity import (
    Beneficiary,
    BirthDate,
    CardTraits,
    Identity,
    InsAttribute,
    InsStatus,
    Sex,
    Trait,
    Traits,
    Verdict,
    VitaleReading,
    compare,
    fold,
)

OWN = Nir("2790599000123" + nir_key("2790599000123"))


def _card(**changes: object) -> CardTraits:
    values: dict[str, object] = {
        "name": "LAVANDIN GENET",
        "given_name": "ODILE",
        "birth_date": BirthDate("19790523"),
        "own_nir": OWN,
        "insured_nir": OWN,
    }
    return CardTraits(**(values | changes))  # type: ignore[arg-type]


TRAITS = Traits("LAVANDIN-GENÊT", ("ODILE", "MARIE"), Sex.FEMALE, BirthDate("19790523"), "99000")
INS = Ins(OWN, oids.INS_NIR_TEST)


def _verdicts(card: CardTraits, traits: Traits = TRAITS) -> dict[Trait, Verdict]:
    return {row.trait: row.verdict for row in compare(card, traits, INS)}


def test_accents_hyphens_and_case_are_no_difference() -> None:
    """The card holds upper case without accents: the same name is the same."""
    verdicts = _verdicts(_card())
    assert Verdict.DIFFERENT not in verdicts.values()
    assert verdicts[Trait.BIRTH_NAME] is verdicts[Trait.MATRICULE] is Verdict.SAME


@pytest.mark.parametrize(
    ("change", "trait"),
    [
        ({"name": "LAVANDIN"}, Trait.BIRTH_NAME),
        ({"given_name": "ODETTE"}, Trait.GIVEN_NAME),
        ({"birth_date": BirthDate("19790524")}, Trait.BIRTH_DATE),
        ({"own_nir": Nir("2790599000124" + nir_key("2790599000124"))}, Trait.MATRICULE),
    ],
)
def test_each_strict_trait_that_differs_is_told_first(change: dict[str, object], trait: Trait) -> None:
    """Name, first name, birth date and number are compared; the differing row comes first (EX_GEN-1230)."""
    rows = compare(_card(**change), TRAITS, INS)
    assert rows[0].trait is trait
    assert [r.verdict for r in rows].count(Verdict.DIFFERENT) == 1


def test_what_the_card_does_not_hold_is_never_called_the_same() -> None:
    """Sex and birth place are not on the card's free files; a child's card number is not the child's."""
    verdicts = _verdicts(_card(own_nir=None))
    assert {verdicts[t] for t in (Trait.SEX, Trait.BIRTH_PLACE, Trait.MATRICULE)} == {Verdict.NOT_COMPARABLE}


def test_several_given_names_on_the_card_match_the_list() -> None:
    """A card that holds the whole list of given names is the same person."""
    assert _verdicts(_card(given_name="ODILE MARIE"))[Trait.GIVEN_NAME] is Verdict.SAME


@pytest.mark.parametrize(
    ("raw", "day", "age"),
    [
        ("19790523", date(2026, 5, 22), 46),
        ("19790523", date(2026, 5, 23), 47),
        ("19421901", date(2026, 1, 1), 83),
        ("20080229", date(2026, 2, 28), 17),
        ("20080229", date(2026, 3, 1), 18),
        ("20270101", date(2026, 1, 1), 0),
        ("00000000", date(2026, 1, 1), None),
        ("1979", date(2026, 1, 1), None),
    ],
)
def test_age(raw: str, day: date, age: int | None) -> None:
    """Impossible dates are kept and never make a person older than they may be."""
    assert BirthDate(raw).age_on(day) == age


@given(st.text(max_size=10), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_no_birth_date_breaks_the_program(raw: str, day: date) -> None:
    """Any text is kept, shown and aged without an exception."""
    birth = BirthDate(raw)
    assert birth.raw == raw
    assert birth.text is not None
    age = birth.age_on(day)
    assert age is None or age >= 0


def test_folding() -> None:
    """Ligatures are undone; what only separates words is a space."""
    assert fold("Œuvrard-L’Étoile  d'Æble") == "OEUVRARD L ETOILE D AEBLE"


def _reading() -> VitaleReading:
    people = tuple(
        Beneficiary(i + 1, "CORNICHE", given_name, BirthDate(born), OWN, OWN.value)
        for i, (given_name, born) in enumerate(
            [("ODILE", "19790523"), ("CAPUCINE", "20160902"), ("CLEMENTINE", "20160902")]
        )
    )
    return VitaleReading(people, "f", datetime(2026, 4, 14, 7, 12, tzinfo=UTC), "reader")


def test_the_insured_number_never_becomes_a_childs() -> None:
    """A family card repeats the insured's number: only whoever's birth date it fits owns it."""
    reading = _reading()
    owners = [reading.card_traits(p).own_nir for p in reading.beneficiaries]
    assert owners == [OWN, None, None]
    assert all(reading.card_traits(p).insured_nir == OWN for p in reading.beneficiaries)


def test_twins_are_ranked_in_card_order_and_flagged() -> None:
    """Two people born the same day: ranks 1 and 2, and a reason to ask the given name in full."""
    reading = _reading()
    assert [reading.birth_rank(p) for p in reading.beneficiaries] == [1, 1, 2]
    assert [reading.shares_birth_date(p) for p in reading.beneficiaries] == [False, True, True]
    assert [reading.quality(p, date(2026, 4, 14)) for p in reading.beneficiaries] == ["Assuré(e)", "Enfant", "Enfant"]


@pytest.mark.parametrize("attribute", [InsAttribute.DOUBTFUL, InsAttribute.FICTITIOUS])
def test_doubtful_or_fictitious_identities_send_nothing(attribute: InsAttribute) -> None:
    """RNIV: such an identity never leaves; nor one without a matricule."""
    assert Identity(TRAITS, InsStatus.QUALIFIED, INS).may_send
    assert Identity(TRAITS, InsStatus.QUALIFIED, INS, frozenset({InsAttribute.HOMONYM})).may_send
    assert not Identity(TRAITS, InsStatus.QUALIFIED, INS, frozenset({attribute})).may_send
    assert not Identity(TRAITS, InsStatus.PROVISIONAL).may_send


def test_people_do_not_show_themselves() -> None:
    """No repr of a value read from a card holds a name, a date or a number."""
    shown = repr(_reading()) + repr(_reading().beneficiaries) + repr(_card()) + repr(compare(_card(), TRAITS, INS))
    for secret in ("CORNICHE", "ODILE", "LAVANDIN", "1979", OWN.value):
        assert secret not in shown
