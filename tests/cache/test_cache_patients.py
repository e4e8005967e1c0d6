"""People, refusals and prints as the desk keeps them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from helpers.clocks import START, HandClock
from helpers.store_world import BRINDILLE, CONSENT, GABARIT, ODILE, desk_store, ins, keys, opening, provisional
from hypothesis import given, settings
from hypothesis import strategies as st

from dmp_desktop.cache.journal import Act
from dmp_desktop.cache.outbox import ReasonMissing
from dmp_desktop.cache.rows import dump_identity, read_identity
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.domain.dossier import (
    AccessChoice,
    Authorisation,
    Contact,
    DossierState,
    ExistenceAnswer,
    RefusalKind,
    Representative,
    RepresentativeQuality,
)
from dmp_desktop.domain.event_kinds import BadEvent, EventKind
from dmp_desktop.domain.events import AuthorisationAct, AuthorisationChange, Opening, read_payload
from dmp_desktop.domain.identity import (
    BirthDate,
    CardTraits,
    Identity,
    InsAttribute,
    InsStatus,
    ProofDocument,
    Sex,
    Traits,
)


@pytest.fixture
def clock() -> HandClock:
    """The desk's clock."""
    return HandClock()


@pytest.fixture
def store(tmp_path: Path, clock: HandClock) -> Iterator[DeskStore]:
    """An empty store."""
    with desk_store(tmp_path, clock) as made:
        yield made


def test_an_identity_is_found_again_under_its_pseudonym(store: DeskStore) -> None:
    """Kept, then kept again with a better status: the latest stands."""
    first = Identity(opening().traits, InsStatus.RETRIEVED, ins())
    key = store.patients.remember(first)
    better = replace(first, status=InsStatus.QUALIFIED, attributes=frozenset({InsAttribute.HOMONYM}))
    assert store.patients.remember(better) == key
    assert store.patients.identity(key) == better
    assert store.patients.identity("nobody") is None


def test_an_identity_without_ins_needs_its_card(store: DeskStore) -> None:
    """A provisional identity is kept under what its card says, apart from the twin of the same day."""
    card = provisional().card
    who = Identity(card.provisional(), InsStatus.PROVISIONAL)
    key = store.patients.remember(who, card)
    assert store.patients.identity(key) == who
    assert store.patients.provisional_key(replace(card, birth_rank=2)) != key
    with pytest.raises(ValueError, match="card"):
        store.patients.remember(who)


def test_pseudonyms_mean_nothing_in_another_store(tmp_path: Path, store: DeskStore) -> None:
    """The same person has another pseudonym elsewhere, and the same one here after a restart."""
    mine = keys()
    with desk_store(tmp_path / "other", with_keys=mine) as other:
        there = other.patients.dossier_key(ins())
        assert there != store.patients.dossier_key(ins())
        assert there != other.patients.dossier_key(ins(ODILE))
    with desk_store(tmp_path / "other", with_keys=mine) as other:
        assert other.patients.dossier_key(ins()) == there


def test_the_latest_answer_of_the_store_stands(store: DeskStore) -> None:
    """Server truth follows the answers in the order they came, also from a store whose clock went back."""
    key = store.patients.dossier_key(ins())
    closed = ExistenceAnswer(
        DossierState.CLOSED, START, Authorisation.EXPIRED, closed_on="20260101", close_reason="FERM_PATIENT"
    )
    store.patients.learned(key, ExistenceAnswer(DossierState.ACTIVE, START + timedelta(days=3)), BRINDILLE)
    store.patients.learned(key, closed, BRINDILLE)
    assert store.patients.existence(key, BRINDILLE) == closed
    seen = store.patients.projected(key, BRINDILLE)
    assert (seen.shown, seen.authorisation, seen.answered_at) == ("closed", Authorisation.EXPIRED, START)
    assert store.patients.existence("nobody", BRINDILLE) is None


def test_an_answer_is_for_the_professional_who_asked(store: DeskStore) -> None:
    """One professional's authorisation, or block, is never shown as another's."""
    key = store.patients.dossier_key(ins())
    valid = ExistenceAnswer(DossierState.ACTIVE, START, Authorisation.VALID, treating=True)
    store.patients.learned(key, valid, BRINDILLE)
    assert store.patients.projected(key, GABARIT).shown == "unknown"
    asked = store.outbox.add(AuthorisationChange(ins(), AuthorisationAct.ADD), GABARIT)
    assert store.patients.projected(key, GABARIT).right == asked.id
    assert store.patients.projected(key, BRINDILLE).right == ""
    store.patients.learned(key, ExistenceAnswer(DossierState.BLOCKED, START, Authorisation.FORBIDDEN), GABARIT)
    assert store.patients.projected(key, GABARIT).shown == "blocked"
    assert store.patients.existence(key, BRINDILLE) == valid


def test_a_refusal_is_not_put_again_for_a_while(store: DeskStore, clock: HandClock) -> None:
    """After a refusal the program does not ask for the months set; the last answer counts; it is journalled."""
    key = store.patients.dossier_key(ins())
    assert store.refusals.ask_again_from(key, 6) is None
    store.refusals.record(key, RefusalKind.HESITATES, "2026-11", BRINDILLE)
    clock.forward(days=10)
    store.refusals.record(key, RefusalKind.REFUSED, "2026-11", BRINDILLE)
    assert store.refusals.ask_again_from(key, 6) == START + timedelta(days=190)
    clock.forward(days=181)
    assert store.refusals.ask_again_from(key, 6) is None
    last = store.refusals.last(key)
    assert last is not None and last.kind is RefusalKind.REFUSED
    assert [row.act for row in store.journal.last(2)] == [Act.CONSENT_REFUSED, Act.CONSENT_POSTPONED]


def test_a_second_print_needs_a_reason(store: DeskStore) -> None:
    """The first print of each paper is free, the next says why; each is journalled, none is kept."""
    event = store.outbox.add(opening(), BRINDILLE)
    store.papers.record(event, "receipt", "OUV-1", b"%PDF first", BRINDILLE)
    store.papers.record(event, "sticker", "OUV-1", b"%PDF label", BRINDILLE)
    with pytest.raises(ReasonMissing):
        store.papers.record(event, "receipt", "OUV-1", b"%PDF again", BRINDILLE)
    store.papers.record(event, "receipt", "OUV-1", b"%PDF again", BRINDILLE, "bourrage papier")
    assert [(p.kind, p.reason) for p in store.papers.of(event.id)] == [
        ("receipt", ""),
        ("sticker", ""),
        ("receipt", "bourrage papier"),
    ]
    assert store.journal.last(1)[0].reason == "receipt: bourrage papier"


TEXT = st.text(max_size=12)
BIRTH = st.builds(BirthDate, st.text("0123456789 ", max_size=8))
TRAITS = st.builds(Traits, TEXT, st.lists(TEXT, max_size=3).map(tuple), st.sampled_from(Sex), BIRTH, TEXT, TEXT, TEXT)
NUMBERS = st.sampled_from([None, ins().matricule, ins(ODILE).matricule])
OPENINGS = st.builds(
    Opening,
    reference=TEXT,
    ins=st.sampled_from([None, ins()]),
    traits=TRAITS,
    card=st.builds(CardTraits, TEXT, TEXT, BIRTH, NUMBERS, NUMBERS, st.integers(1, 9)),
    consent=st.builds(
        lambda version, centre, glass: replace(CONSENT, text_version=version, centre_15=centre, break_glass=glass),
        TEXT,
        st.booleans(),
        st.booleans(),
    ),
    access=st.sampled_from(AccessChoice),
    contact=st.builds(Contact, TEXT, TEXT),
    representative=st.none()
    | st.builds(
        Representative,
        TEXT,
        TEXT,
        st.sampled_from(RepresentativeQuality),
        st.sampled_from(ProofDocument),
        st.booleans(),
    ),
    reactivation=st.booleans(),
    deferred_reason=TEXT,
    mismatch_proof=st.none() | st.sampled_from(ProofDocument),
)


@settings(max_examples=100)
@given(OPENINGS)
def test_an_opening_comes_back_as_it_was_stored(opening: Opening) -> None:
    """Whatever was captured, the stored payload reads back equal."""
    assert read_payload(opening.kind, opening.to_json()) == opening


@settings(max_examples=100)
@given(st.builds(Identity, TRAITS, st.sampled_from(InsStatus), st.sampled_from([None, ins()])))
def test_an_identity_comes_back_as_it_was_stored(identity: Identity) -> None:
    """Whatever INSi said, the stored identity reads back equal."""
    assert read_identity(dump_identity(identity)) == identity


@settings(max_examples=150)
@given(
    st.sampled_from(EventKind),
    st.text(max_size=60)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | TEXT,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["ins", "traits", "card", "consent", "act", "treating"]), inner)
        ),
        max_leaves=10,
    ).map(json.dumps),
)
def test_no_stored_text_surprises_the_reader(kind: EventKind, text: str) -> None:
    """A payload that is none is told as such, never anything else."""
    try:
        assert isinstance(read_payload(kind, text), Opening | AuthorisationChange)
    except BadEvent:
        return


def test_a_stored_number_with_a_wrong_key_is_a_bad_event() -> None:
    """A number altered in a stored payload is told as an unreadable event."""
    text = opening().to_json().replace(ins().value, ins().value[:-1] + "0")
    with pytest.raises(BadEvent):
        read_payload(EventKind.OPENING, text)
