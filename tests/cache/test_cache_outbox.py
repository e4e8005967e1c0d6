"""The outbox: acts written once, progress that only moves forward, one dossier's acts in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from helpers.clocks import START, HandClock
from helpers.store_world import BRINDILLE, GABARIT, HORTENSE, ODILE, desk_store, ins, opening, provisional

from dmp_desktop.cache.database import BrokenRule
from dmp_desktop.cache.event_rows import EventMoved, NoSuchEvent
from dmp_desktop.cache.journal import Act
from dmp_desktop.cache.outbox import (
    HELD_BY_AUTHOR,
    IDENTITY_DIFFERENCE,
    AlreadySent,
    AlreadyWaiting,
    Counts,
    DecisionMissing,
    MayHaveLeft,
    ProofMissing,
    ReasonMissing,
)
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.domain.acts import ContactChange, Deposit, StatusChange, VisibilityChange
from dmp_desktop.domain.conflicts import Found
from dmp_desktop.domain.document import DocumentStatus, Visibility
from dmp_desktop.domain.dossier import Confirmation, Contact, DossierState, ExistenceAnswer
from dmp_desktop.domain.events import AuthorisationAct, AuthorisationChange, EventState, Payload
from dmp_desktop.domain.identity import Identity, InsStatus, ProofDocument

YES = Confirmation(START + timedelta(seconds=2), "answer-1", "ok")


@pytest.fixture
def clock() -> HandClock:
    """The desk's clock."""
    return HandClock()


@pytest.fixture
def store(tmp_path: Path, clock: HandClock) -> Iterator[DeskStore]:
    """An empty store."""
    with desk_store(tmp_path, clock) as made:
        yield made


def acts(store: DeskStore) -> list[str]:
    """The journal's acts, in order."""
    return [row.act for row in reversed(store.journal.last(100))]


def test_an_act_comes_back_as_it_was_written(store: DeskStore) -> None:
    """What was captured is read back whole, waiting, with its author, under a pseudonym."""
    event = store.outbox.add(opening(), BRINDILLE)
    assert store.outbox.get(event.id) == event
    assert event.payload == opening() and event.author == BRINDILLE
    assert event.state is EventState.WAITING and event.created_at == START
    assert event.dossier == store.patients.dossier_key(ins()) and ins().value not in event.dossier
    assert store.outbox.waiting() == (event,)
    assert acts(store) == [Act.CAPTURED]


def test_a_second_opening_of_the_same_dossier_is_refused_while_one_is_on_its_way(store: DeskStore) -> None:
    """Two openings of one person never wait together; once the first is finished another may be written."""
    first = store.outbox.add(opening(), BRINDILLE)
    with pytest.raises(AlreadyWaiting) as refused:
        store.outbox.add(opening(reference="OUV-2"), GABARIT)
    assert refused.value.facts["reference"] == "OUV-2026-0414-0001"
    store.outbox.add(opening(ODILE), BRINDILLE)
    store.outbox.refuse(first.id, "rights-refused")
    store.outbox.add(opening(reference="OUV-2"), BRINDILLE)
    assert store.journal.verify() == 4


def test_a_written_act_cannot_be_changed_nor_removed(store: DeskStore) -> None:
    """The store itself refuses to alter an act, to move a finished one, to lose one."""
    event = store.outbox.add(opening(), BRINDILLE)
    store.outbox.confirm(event.id, YES)
    for sql in (
        "UPDATE events SET payload = '{}'",
        "UPDATE events SET professional = 'x'",
        "UPDATE events SET state = 'waiting'",
        "UPDATE events SET dossier = 'x'",
        "DELETE FROM events",
    ):
        with pytest.raises(BrokenRule):
            store.database.execute(sql)
    assert store.outbox.get(event.id).state is EventState.CONFIRMED


def test_confirmation_is_kept_with_the_stores_time_and_the_clocks_offset(store: DeskStore, clock: HandClock) -> None:
    """A confirmed event holds the store's time; the journal tells how far this computer's clock was."""
    event = store.outbox.add(opening(), BRINDILLE)
    store.outbox.mark_sending(event.id)
    clock.forward(seconds=5)
    store.outbox.confirm(event.id, YES)
    done = store.outbox.get(event.id)
    assert (done.state, done.answered_at, done.in_doubt) == (EventState.CONFIRMED, YES.at, False)
    (row,) = store.journal.last(1)
    assert (row.act, row.event, row.offset) == (Act.CONFIRMED, event.id, timedelta(seconds=3))


def test_a_dossiers_acts_leave_in_order_and_never_hold_up_another(store: DeskStore) -> None:
    """Only the first unfinished act of a dossier is due; other dossiers are not concerned."""
    one = store.outbox.add(opening(), BRINDILLE)
    store.outbox.add(AuthorisationChange(ins(), AuthorisationAct.ADD), BRINDILLE)
    other = store.outbox.add(opening(ODILE), BRINDILLE)
    assert store.outbox.due(START, BRINDILLE) == (one.id, other.id)
    store.outbox.hold(one.id, "insi-none")
    assert store.outbox.due(START, BRINDILLE) == (other.id,)


def test_an_event_leaves_under_its_authors_credential_only(store: DeskStore) -> None:
    """Neither another person nor the same person in another practice situation is given the event."""
    event = store.outbox.add(opening(), BRINDILLE)
    assert store.outbox.due(START, GABARIT) == ()
    assert store.outbox.due(START, replace(BRINDILLE, structure="10B0307377")) == ()
    assert store.outbox.due(START, BRINDILLE) == (event.id,)


def test_back_off_is_kept_in_the_row(store: DeskStore) -> None:
    """An event is not due before its time, and stays so after a restart; a due time out of reason is not believed."""
    event = store.outbox.add(opening(), BRINDILLE)
    store.outbox.later(event.id, START + timedelta(seconds=25), "store-timeout", in_doubt=False)
    assert store.outbox.due(START + timedelta(seconds=24), BRINDILLE) == ()
    assert store.outbox.due(START + timedelta(seconds=25), BRINDILLE) == (event.id,)
    assert store.outbox.due(START - timedelta(days=2), BRINDILLE) == (event.id,)
    assert store.outbox.get(event.id).attempts == 1


def test_an_event_left_sending_is_due_at_once_and_in_doubt(store: DeskStore) -> None:
    """After a crash in the middle of a send, the event is found again, whatever its due time was."""
    event = store.outbox.add(opening(), BRINDILLE)
    store.outbox.later(event.id, START + timedelta(hours=5), "store-timeout", in_doubt=False)
    store.outbox.mark_sending(event.id)
    assert [e.id for e in store.outbox.interrupted()] == [event.id]
    assert store.outbox.due(START, BRINDILLE) == (event.id,)
    assert store.outbox.get(event.id).in_doubt
    assert store.outbox.counts() == Counts(sending=1)


def test_what_depends_on_an_opening_waits_for_it_and_falls_with_it(store: DeskStore) -> None:
    """An authorisation bound to an opening leaves after its confirmation, and is refused with its refusal."""
    first = store.outbox.add(opening(), BRINDILLE)
    bound = store.outbox.add(AuthorisationChange(ins(), AuthorisationAct.ADD, after=first.id), BRINDILLE)
    store.outbox.confirm(first.id, YES)
    assert store.outbox.due(START, BRINDILLE) == (bound.id,)
    second = store.outbox.add(opening(ODILE), BRINDILLE)
    fallen = store.outbox.add(AuthorisationChange(ins(ODILE), AuthorisationAct.ADD, after=second.id), BRINDILLE)
    store.outbox.refuse(second.id, "person-opposed", "Le patient s’est opposé")
    assert store.outbox.get(fallen.id).cause == "dependency-refused"
    assert store.outbox.counts() == Counts(waiting=1, refused=2)


def test_a_refusal_counts_until_somebody_took_note(store: DeskStore) -> None:
    """The counter of refusals goes down when a person acknowledges, and the refusal stays on record."""
    event = store.outbox.add(opening(), BRINDILLE)
    store.outbox.refuse(event.id, "rights-refused", "Accès refusé")
    assert [e.cause_text for e in store.outbox.refused()] == ["Accès refusé"]
    store.outbox.acknowledge(event.id)
    assert store.outbox.counts() == Counts() and store.outbox.refused() == ()
    assert store.outbox.get(event.id).state is EventState.REFUSED


def test_a_stuck_event_is_released_by_hand(store: DeskStore) -> None:
    """A stuck event does nothing by itself; released, its count starts again and the decision is journalled."""
    event = store.outbox.add(opening(), BRINDILLE)
    store.outbox.stick(event.id, "store-timeout", in_doubt=True)
    assert store.outbox.due(START + timedelta(days=30), BRINDILLE) == ()
    store.outbox.release(event.id, GABARIT, "le réseau est revenu")
    again = store.outbox.get(event.id)
    assert (again.state, again.attempts, again.in_doubt) == (EventState.WAITING, 0, True)
    (row,) = store.journal.last(1)
    assert (row.act, row.professional, row.reason) == (Act.RELEASED, GABARIT.professional, "le réseau est revenu")


def test_a_difference_is_released_with_a_document_only(store: DeskStore) -> None:
    """Held because card and INSi differ: only a person who saw a document lets it go (EX_GEN-1230)."""
    event = store.outbox.add(provisional(), BRINDILLE)
    found = Identity(opening().traits, InsStatus.RETRIEVED, ins())
    store.outbox.hold(event.id, IDENTITY_DIFFERENCE, resolved=found)
    with pytest.raises(ProofMissing):
        store.outbox.release(event.id, BRINDILLE)
    store.outbox.release(event.id, BRINDILLE, proof=ProofDocument.PASSPORT)
    assert store.outbox.get(event.id).resolved == found
    (row,) = store.journal.last(1)
    assert (row.act, row.reason) == (Act.DIFFERENCE_ACCEPTED, "passeport")


def test_giving_up_needs_a_reason_and_a_moment(store: DeskStore) -> None:
    """A person may abandon what is not leaving right now, saying why."""
    event = store.outbox.add(opening(), BRINDILLE)
    with pytest.raises(ReasonMissing):
        store.outbox.give_up(event.id, BRINDILLE, "  ")
    store.outbox.mark_sending(event.id)
    with pytest.raises(EventMoved):
        store.outbox.give_up(event.id, BRINDILLE, "doublon")
    store.outbox.later(event.id, None, "store-timeout", in_doubt=True)
    store.outbox.give_up(event.id, BRINDILLE, "doublon")
    ended = store.outbox.get(event.id)
    assert (ended.state, ended.cause, ended.cause_text) == (EventState.REFUSED, "given-up", "doublon")
    with pytest.raises(EventMoved):
        store.outbox.mark_sending(event.id)


def test_an_unknown_event_is_told(store: DeskStore) -> None:
    """Asking for an id that is not there is a typed error."""
    with pytest.raises(NoSuchEvent):
        store.outbox.get("nothing")


def test_a_provisional_event_joins_its_dossier_once_named(store: DeskStore) -> None:
    """Captured without INS, then named: the event takes its place in the person's dossier."""
    event = store.outbox.add(provisional(), BRINDILLE)
    assert event.dossier == store.patients.provisional_key(provisional().card)
    assert store.outbox.resolve(event.id, Identity(opening().traits, InsStatus.RETRIEVED, ins()))
    assert store.outbox.get(event.id).dossier == store.patients.dossier_key(ins())
    with pytest.raises(AlreadyWaiting):
        store.outbox.add(opening(), BRINDILLE)


def test_two_captures_of_one_person_end_as_one(store: DeskStore) -> None:
    """When INSi shows that a provisional capture is somebody whose opening already waits, the second is refused."""
    store.outbox.add(opening(), BRINDILLE)
    second = store.outbox.add(provisional(), BRINDILLE)
    assert not store.outbox.resolve(second.id, Identity(opening().traits, InsStatus.RETRIEVED, ins()))
    assert store.outbox.get(second.id).cause == "already-waiting"


def test_the_screen_sees_the_outbox_over_the_stores_word(store: DeskStore) -> None:
    """A waiting opening shows over what the store said; a refusal leaves the store's word as it was."""
    key = store.patients.dossier_key(ins())
    assert store.patients.projected(key, BRINDILLE).shown == "unknown"
    store.patients.learned(key, ExistenceAnswer(DossierState.NONE, START), BRINDILLE)
    event = store.outbox.add(opening(), BRINDILLE)
    seen = store.patients.projected(key, BRINDILLE)
    assert (seen.shown, seen.store_state, seen.act) == ("opening-waiting", DossierState.NONE, event.id)
    store.outbox.hold(event.id, "insi-none")
    assert store.patients.projected(key, BRINDILLE).shown == "opening-held"
    store.outbox.release(event.id, BRINDILLE)
    store.outbox.refuse(event.id, "rights-refused")
    assert store.patients.projected(key, BRINDILLE).shown == "none"


def test_consents_can_be_shown_from_the_acts(store: DeskStore) -> None:
    """Each consent is found again with its text version, its time and who collected it (EX_1.1-1010)."""
    event = store.outbox.add(opening(), BRINDILLE)
    (row,) = store.database.rows("SELECT * FROM consents")
    assert (row["event"], row["text_version"], row["collected_by"]) == (event.id, "2026-11", BRINDILLE.professional)
    assert (row["centre_15"], row["break_glass"], row["by_representative"]) == (1, 1, 0)


def test_the_rank_of_the_day_counts_openings(store: DeskStore, clock: HandClock) -> None:
    """References are numbered by what was captured since a moment, authorisations not counted."""
    store.outbox.add(opening(), BRINDILLE)
    clock.forward(hours=1)
    store.outbox.add(opening(ODILE), BRINDILLE)
    store.outbox.add(AuthorisationChange(ins(HORTENSE), AuthorisationAct.ADD), BRINDILLE)
    assert store.outbox.captured_since(START) == 2
    assert store.outbox.captured_since(START + timedelta(minutes=30)) == 1


def test_several_changes_stand_or_fall_together(store: DeskStore) -> None:
    """A failure after a confirmation, in the same transaction, undoes it and its journal row."""
    event = store.outbox.add(opening(), BRINDILLE)
    with pytest.raises(AlreadyWaiting), store.outbox.transaction():
        store.outbox.mark_sending(event.id)
        store.outbox.add(opening(), BRINDILLE)
    assert store.outbox.get(event.id).state is EventState.WAITING
    assert store.journal.verify() == 1


# -- acts on documents and on the file ---------------------------------------------------------------------------------

CONTACT = ContactChange(ins(), Contact("0612345678"), Contact("0687654321"))
HIDDEN = Visibility(from_professionals=True)
CHANGES = (
    CONTACT,
    Deposit(ins(), "draft", "1.2.3", secret=True),
    VisibilityChange(ins(), "urn:uuid:1", "urn:uuid:l", Visibility(), HIDDEN),
    StatusChange(ins(), "urn:uuid:1", "urn:uuid:l", DocumentStatus.APPROVED, DocumentStatus.ARCHIVED),
)


@pytest.mark.parametrize("payload", CHANGES, ids=lambda payload: payload.kind)
def test_every_kind_of_act_comes_back_as_it_was_written(store: DeskStore, payload: Payload) -> None:
    """Read back whole; what its author keeps back is held from the first moment, and is no decision to take."""
    event = store.outbox.add(payload, BRINDILLE, held=True)
    assert event.payload == payload and (event.state, event.cause) == (EventState.HELD, HELD_BY_AUTHOR)
    assert store.outbox.due(START, BRINDILLE) == () and store.outbox.counts() == Counts(kept=1)
    store.outbox.release(event.id, BRINDILLE)
    assert store.outbox.due(START, BRINDILLE) == (event.id,)
    store.outbox.hold_back(event.id, BRINDILLE)
    assert acts(store) == [Act.CAPTURED, Act.RELEASED, Act.HELD]
    with pytest.raises(EventMoved):
        store.outbox.hold_back(event.id, BRINDILLE)


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        (CHANGES[0], Contact("0700000000", "a@exemple.test")),
        (CHANGES[2], Visibility(from_patient=True)),
        (CHANGES[3], DocumentStatus.DELETED),
    ],
)
def test_what_was_found_instead_is_kept_for_the_decision(store: DeskStore, payload: Payload, found: Found) -> None:
    """Held with the store's value; not retried but decided; sent again, the store's value is what it is made on."""
    event = store.outbox.add(payload, BRINDILLE)
    cause = "contact-conflict" if payload is CHANGES[0] else "document-conflict"
    store.outbox.hold(event.id, cause, found=found)
    assert store.outbox.get(event.id).found == found
    for decide in (store.outbox.release, store.outbox.hold_back):
        with pytest.raises((DecisionMissing, EventMoved)):
            decide(event.id, BRINDILLE)
    store.outbox.overrule(event.id, BRINDILLE)
    again = store.outbox.get(event.id)
    assert (again.state, again.cause, again.found) == (EventState.WAITING, "", found)
    with pytest.raises(EventMoved):
        store.outbox.keep_stores(event.id, BRINDILLE)


def test_a_document_is_sent_by_one_act_only(store: DeskStore) -> None:
    """While it is on its way, and after; refused or taken back, it may be sent again."""
    first = store.outbox.add(CHANGES[1], BRINDILLE)
    with pytest.raises(AlreadySent):
        store.outbox.add(CHANGES[1], BRINDILLE)
    store.outbox.withdraw(first.id, BRINDILLE)
    second = store.outbox.add(CHANGES[1], BRINDILLE)
    store.outbox.confirm(second.id, YES)
    with pytest.raises(AlreadySent):
        store.outbox.add(CHANGES[1], BRINDILLE)
    assert store.outbox.drafts_left(BRINDILLE) == (first.id, second.id)
    assert store.outbox.drafts_left(GABARIT) == ()
    store.outbox.draft_settled(second.id)
    assert store.outbox.drafts_left(BRINDILLE) == (first.id,)


def test_acts_on_one_thing_keep_their_order_and_the_others_go(store: DeskStore) -> None:
    """Two changes of one document wait for each other, a contact for neither; an opening holds everything."""
    visible, archived = store.outbox.add(CHANGES[2], BRINDILLE), store.outbox.add(CHANGES[3], BRINDILLE)
    contact = store.outbox.add(CONTACT, BRINDILLE)
    assert store.outbox.due(START, BRINDILLE) == (visible.id, contact.id)
    store.outbox.stick(visible.id, "store-timeout")
    assert store.outbox.due(START, BRINDILLE) == (contact.id,)
    store.outbox.give_up(visible.id, BRINDILLE, "fait ailleurs")
    again = store.outbox.add(opening(reactivation=True), BRINDILLE)
    later = store.outbox.add(replace(CHANGES[2], logical_id="urn:uuid:m"), BRINDILLE)
    assert store.outbox.due(START, BRINDILLE) == (archived.id, contact.id, again.id)
    store.outbox.confirm(again.id, YES)
    assert later.id in store.outbox.due(START, BRINDILLE)


def test_ones_own_authorisation_keeps_its_place(store: DeskStore) -> None:
    """Before and after one's own acts; not another's, and not one that waits for a hand."""
    mine = store.outbox.add(CHANGES[2], BRINDILLE)
    leave = store.outbox.add(AuthorisationChange(ins(), AuthorisationAct.REMOVE), BRINDILLE)
    theirs = store.outbox.add(AuthorisationChange(ins(), AuthorisationAct.ADD), GABARIT)
    after = store.outbox.add(CONTACT, BRINDILLE)
    assert store.outbox.due(START, BRINDILLE) == (mine.id,)
    assert store.outbox.due(START, GABARIT) == (theirs.id,)
    store.outbox.hold_back(mine.id, BRINDILLE)
    assert store.outbox.due(START, BRINDILLE) == (leave.id,)
    store.outbox.confirm(leave.id, YES)
    assert store.outbox.due(START, BRINDILLE) == (after.id,)


def test_a_contact_is_changed_before_it_left(store: DeskStore) -> None:
    """Another act in its place, made on what the store was found to hold; one in doubt stays."""
    event = store.outbox.add(CONTACT, BRINDILLE)
    store.outbox.hold(event.id, "contact-conflict", found=Contact("0700000000"))
    again = store.outbox.change_contact(event.id, BRINDILLE, Contact("0699999999"))
    assert again.payload == ContactChange(ins(), Contact("0700000000"), Contact("0699999999"))
    assert store.outbox.get(event.id).cause == "withdrawn" and store.outbox.refused() == ()
    store.outbox.mark_sending(again.id)
    store.outbox.later(again.id, None, "store-timeout", in_doubt=True)
    with pytest.raises(MayHaveLeft):
        store.outbox.change_contact(again.id, BRINDILLE, Contact())
    assert store.outbox.waiting() == (store.outbox.get(again.id),)
