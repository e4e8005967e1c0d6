"""Acts on documents and on the administrative file, over the real wire: each knows its own echo."""

from __future__ import annotations

from dataclasses import replace

import pytest
from helpers.sandbox_world import sandbox_pki_folder
from helpers.store_acts import BEFORE, WANTED, opening, patient, settled
from helpers.store_town import Town, town

from dmp_desktop.cache.event_rows import EventMoved
from dmp_desktop.cache.outbox import HELD_BY_AUTHOR, AlreadySent, DecisionMissing, MayHaveLeft
from dmp_desktop.domain.acts import ContactChange, Deposit
from dmp_desktop.domain.document import DocumentStatus, Visibility
from dmp_desktop.domain.dossier import AccessChoice, Contact, DossierState
from dmp_desktop.domain.events import AuthorisationAct, Event, EventState
from dmp_desktop.sandbox.faults import Fault, FaultKind, Transaction
from dmp_desktop.sync.errors import NoDossier
from dmp_desktop.sync.policy import Verdict

__all__ = ["sandbox_pki_folder", "town"]

ELSEWHERE = Contact("0700000000")
CONFIRMED, REFUSED, HELD = EventState.CONFIRMED, EventState.REFUSED, EventState.HELD


def run(town: Town) -> None:
    """One pass."""
    town.desk.engine.run(town.desk.author)


def state(town: Town, event: Event) -> tuple[EventState, str]:
    """Where an event stands, and why."""
    now = town.desk.now(event)
    return now.state, now.cause


def filed(town: Town, event: Event) -> int:
    """How many documents the store has under that identifier."""
    assert isinstance(event.payload, Deposit)
    return len(town.sandbox.store.registry.by_unique_id([event.payload.unique_id]))


def draft_of(event: Event) -> str:
    """Id of the draft of a deposit."""
    assert isinstance(event.payload, Deposit)
    return event.payload.draft


def received(town: Town, number: int, act: str) -> int:
    """How many messages of this transaction the store answered about someone."""
    return len([a for a in town.sandbox.store.accesses(patient(number).ins) if a.act == act])


# -- deposits ---------------------------------------------------------------------------------------------------------


def test_a_deposit_leaves_and_its_draft_goes(town: Town) -> None:
    """The store has the document, nothing of it is left here, and nothing was searched (EX_3.1-2030)."""
    number = town.settled()
    event = town.desk.deposit(number)
    run(town)
    assert state(town, event) == (CONFIRMED, "") and filed(town, event) == 1
    assert town.desk.clinical.drafts.get(draft_of(event)) is None
    assert received(town, number, "TD3.1") == 0
    with pytest.raises(AlreadySent):
        town.desk.store.outbox.add(event.payload, town.desk.author)


def test_a_deposit_in_doubt_is_asked_about_by_its_identifier(town: Town) -> None:
    """The answer was lost: the store is asked, and says that it has it; it is not sent again."""
    number = town.settled()
    event = town.desk.deposit(number)
    town.sandbox.faults.order(Fault(FaultKind.CUT_AFTER, Transaction.DEPOSIT))
    run(town)
    assert state(town, event)[0] is EventState.WAITING and town.desk.now(event).in_doubt
    with pytest.raises(MayHaveLeft):
        town.desk.store.outbox.withdraw(event.id, town.desk.author)
    town.clock.forward(seconds=30)
    run(town)
    assert state(town, event) == (CONFIRMED, "") and received(town, number, "TD2.1") == 1
    assert town.desk.clinical.drafts.get(draft_of(event)) is None


def test_a_deposit_sent_twice_is_confirmed_by_its_refusal(town: Town) -> None:
    """A crash before anything was written: who may not ask sends again, and the duplicate confirms."""
    number = town.settled()
    event = town.desk.deposit(number)
    town.desk.store.outbox.mark_sending(event.id)
    town.sandbox.faults.order(Fault(FaultKind.DUPLICATE, Transaction.DEPOSIT))
    refuse = Fault(FaultKind.REFUSE, Transaction.FIND, times=None, code="DMPAccessDeniedByRightsService")
    town.sandbox.faults.order(refuse)
    run(town)
    town.sandbox.faults.clear()
    assert state(town, event) == (CONFIRMED, "") and filed(town, event) == 1


def test_a_deposit_waits_for_the_copy_to_open(town: Town) -> None:
    """Told with its cause, not counted as a try, not written again at each pass; nobody else's act is held up."""
    number = town.settled()
    event = town.desk.deposit(number)
    town.desk.copy_open = False
    try:
        run(town)
        waiting = town.desk.now(event)
        assert (waiting.state, waiting.cause, waiting.attempts) == (EventState.WAITING, "copy-closed", 0)
        other = town.desk.contact(number)
        report = town.desk.engine.run(town.desk.author)
        assert report.changed == {other.id} and state(town, other) == (CONFIRMED, "")
    finally:
        town.desk.copy_open = True
    run(town)
    assert state(town, event) == (CONFIRMED, "")


def test_a_deposit_waits_for_the_opening_it_needs(town: Town) -> None:
    """In one pass: dossier opened, access given, document filed; refused together when the opening is."""
    outbox, number, other = town.desk.store.outbox, town.someone(), town.someone()
    first = outbox.add(opening(number), town.desk.author)
    deposit = town.desk.deposit(number, after=first.id)
    report = town.desk.engine.run(town.desk.author, only=first.id)
    assert len(report.of(Verdict.CONFIRMED)) == 3 and filed(town, deposit) == 1
    settled(town.sandbox, other, town.desk.author.professional, DossierState.OPPOSED)
    refused = outbox.add(replace(opening(other), access=AccessChoice.NOBODY), town.desk.author)
    fallen = town.desk.deposit(other, after=refused.id, held=True)
    run(town)
    assert state(town, refused)[0] is REFUSED
    assert state(town, fallen) == (REFUSED, "dependency-refused")
    assert town.desk.clinical.drafts.get(draft_of(fallen)) is not None


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"visibility": None}, "draft-incomplete"),
        ({"type_code": None}, "draft-incomplete"),
        ({"media_type": None}, "draft-incomplete"),
        ({"title": " "}, "unsendable-value"),
        ({"visibility": Visibility(from_professionals=True, from_patient=True)}, "forbidden-visibility"),
        ({"secret": True}, "secret-not-kept"),
    ],
)
def test_a_deposit_that_cannot_leave_waits_for_a_person(town: Town, change: dict[str, object], cause: str) -> None:
    """Held with its cause, nothing sent; taken back, it can be mended and sent as another act."""
    number = town.settled()
    event = town.desk.deposit(number, **change)
    run(town)
    assert state(town, event) == (HELD, cause) and filed(town, event) == 0
    town.desk.store.outbox.withdraw(event.id, town.desk.author)
    assert state(town, event) == (REFUSED, "withdrawn")
    assert event.id not in {one.id for one in town.desk.store.outbox.refused()}
    assert town.desk.clinical.drafts.get(draft_of(event)) is not None


def test_a_deposit_whose_draft_was_lost_says_so(town: Town) -> None:
    """The copy was emptied or replaced: held; but one that had arrived is confirmed by asking."""
    lost, arrived = town.settled(), town.settled()
    event = town.desk.deposit(lost)
    town.desk.clinical.drafts.drop(draft_of(event))
    echo = town.desk.deposit(arrived)
    town.sandbox.faults.order(Fault(FaultKind.CUT_AFTER, Transaction.DEPOSIT))
    run(town)
    town.desk.clinical.drafts.drop(draft_of(echo))
    town.clock.forward(seconds=30)
    run(town)
    assert state(town, event) == (HELD, "draft-missing")
    assert state(town, echo) == (CONFIRMED, "")


def test_a_deposit_held_by_its_author_leaves_when_they_say(town: Town) -> None:
    """Retained: nothing leaves, other acts of the dossier do; released, it goes."""
    number = town.settled()
    event = town.desk.deposit(number, held=True)
    other = town.desk.authorise(number)
    run(town)
    assert state(town, event) == (HELD, HELD_BY_AUTHOR) and state(town, other) == (CONFIRMED, "")
    town.desk.store.outbox.release(event.id, town.desk.author)
    town.desk.store.outbox.hold_back(event.id, town.desk.author)
    run(town)
    assert filed(town, event) == 0
    town.desk.store.outbox.release(event.id, town.desk.author)
    run(town)
    assert state(town, event) == (CONFIRMED, "")


def test_a_crash_between_the_two_files_leaves_no_draft(town: Town) -> None:
    """Confirmed, and the program died before its draft went: the next pass purges it. So for one given up.

    One taken back is a draft again.
    """
    number = town.settled()
    event = town.desk.deposit(number)
    run(town)
    town.desk.store.database.execute("UPDATE events SET draft_settled = 0 WHERE id = ?", (event.id,))
    town.desk.draft(number, id=draft_of(event))
    abandoned = town.desk.deposit(number)
    town.desk.store.outbox.give_up(abandoned.id, town.desk.author, "erreur de patient")
    back = town.desk.deposit(number)
    town.desk.store.outbox.withdraw(back.id, town.desk.author)
    run(town)
    draft = town.desk.clinical.drafts.get(draft_of(back))
    assert draft is not None and draft.event == ""
    assert town.desk.clinical.drafts.get(draft_of(event)) is None
    assert town.desk.clinical.drafts.get(draft_of(abandoned)) is None
    assert town.desk.store.outbox.drafts_left(town.desk.author) == ()


# -- visibility and state of a document -------------------------------------------------------------------------------


def test_a_change_already_made_is_confirmed_without_sending(town: Town) -> None:
    """Masked elsewhere meanwhile, as wanted: nothing is sent."""
    number = town.settled()
    entry = town.desk.filed(number)
    town.desk.gateway.documents.set_visibility(
        patient(number).ins, entry.entry_uuid, Visibility(from_professionals=True)
    )
    event = town.desk.mask(number, entry)
    run(town)
    assert state(town, event) == (CONFIRMED, "") and received(town, number, "TD3.3a") == 1


def test_a_change_made_on_an_older_description_finds_the_present_one(town: Town) -> None:
    """The description moved on by an act that changed nothing of it: the present one is changed."""
    number = town.settled()
    entry, ins = town.desk.filed(number), patient(number).ins
    hidden = Visibility(from_professionals=True)
    town.desk.gateway.documents.set_visibility(ins, entry.entry_uuid, hidden)
    (masked,) = town.desk.gateway.documents.described(ins, [entry.unique_id])
    town.desk.gateway.documents.set_visibility(ins, masked.entry_uuid, Visibility())
    event = town.desk.mask(number, entry)
    run(town)
    (now,) = town.desk.gateway.documents.described(ins, [entry.unique_id])
    assert state(town, event) == (CONFIRMED, "") and (now.visibility, now.version) == (hidden, 4)


def test_a_document_changed_elsewhere_waits_for_a_decision(town: Town) -> None:
    """Archived here, deleted elsewhere: both states are kept; the store's may stay."""
    number = town.settled()
    entry, ins = town.desk.filed(number), patient(number).ins
    event = town.desk.file(number, entry, DocumentStatus.ARCHIVED)
    town.desk.gateway.documents.set_status(ins, entry, DocumentStatus.DELETED)
    run(town)
    assert state(town, event) == (HELD, "document-conflict")
    assert town.desk.now(event).found is DocumentStatus.DELETED
    with pytest.raises(DecisionMissing):
        town.desk.store.outbox.release(event.id, town.desk.author)
    town.desk.store.outbox.keep_stores(event.id, town.desk.author)
    assert state(town, event) == (REFUSED, "store-value-kept")


def test_a_document_nobody_shows_is_refused_unless_our_own_mask_hides_it(town: Town) -> None:
    """Unknown there: refused. Asked after a doubt of ours about hiding it: it is our echo."""
    number = town.settled()
    entry = replace(town.desk.filed(number), entry_uuid="urn:uuid:00000000-0000-4000-8000-000000000000")
    event = town.desk.mask(number, entry)
    run(town)
    assert state(town, event) == (REFUSED, "document-not-found")
    ours = town.desk.mask(number, replace(entry, logical_id="urn:uuid:1"))
    town.desk.store.outbox.mark_sending(ours.id)
    run(town)
    assert state(town, ours) == (CONFIRMED, "")


def test_two_changes_of_one_document_leave_in_order(town: Town) -> None:
    """The second waits for the first, then compares with what the first made of it."""
    number = town.settled()
    entry = town.desk.filed(number)
    first = town.desk.mask(number, entry)
    second = town.desk.mask(
        number,
        replace(entry, confidentiality=(*entry.confidentiality, replace(entry.confidentiality[0], value="MASQUE_PS"))),
        Visibility(),
    )
    assert town.desk.store.outbox.due(town.clock.now(), town.desk.author) == (first.id,)
    run(town)
    assert state(town, first) == state(town, second) == (CONFIRMED, "")


# -- contact ----------------------------------------------------------------------------------------------------------


def test_a_contact_is_changed_and_the_rest_of_the_file_stays(town: Town) -> None:
    """Mobile and address as wanted; other ways of reaching the person untouched."""
    number = town.settled()
    town.sandbox.store.change(patient(number).ins, home_phone="0199000000")
    event = town.desk.contact(number)
    run(town)
    dossier = town.sandbox.store.dossier(patient(number).ins)
    assert state(town, event) == (CONFIRMED, "") and dossier is not None
    assert (dossier.mobile, dossier.email, dossier.home_phone) == (WANTED.mobile, WANTED.email, "0199000000")


@pytest.mark.parametrize("ours", [True, False])
def test_a_contact_changed_on_both_sides_is_decided_by_a_person(town: Town, ours: bool) -> None:
    """Nothing is sent, both versions are kept; the person's choice is what the store holds in the end (F95)."""
    number = town.settled()
    ins = patient(number).ins
    event = town.desk.contact(number)
    town.sandbox.store.change(ins, mobile=ELSEWHERE.mobile)
    run(town)
    held = town.desk.now(event)
    assert (held.state, held.cause, held.found) == (HELD, "contact-conflict", ELSEWHERE)
    assert isinstance(held.payload, ContactChange) and (held.payload.base, held.payload.wanted) == (BEFORE, WANTED)
    decide = town.desk.store.outbox.overrule if ours else town.desk.store.outbox.keep_stores
    decide(event.id, town.desk.author)
    run(town)
    dossier = town.sandbox.store.dossier(ins)
    assert dossier is not None and dossier.mobile == (WANTED if ours else ELSEWHERE).mobile
    assert state(town, event) == ((CONFIRMED, "") if ours else (REFUSED, "store-value-kept"))
    assert town.desk.store.journal.last(2)[-1 if ours else 0].act == "conflict-decided"
    with pytest.raises(EventMoved):
        decide(event.id, town.desk.author)


def test_a_third_value_after_a_decision_is_another_conflict(town: Town) -> None:
    """Decided on what was shown: what came since is shown again."""
    number = town.settled()
    event = town.desk.contact(number)
    town.sandbox.store.change(patient(number).ins, mobile=ELSEWHERE.mobile)
    run(town)
    town.desk.store.outbox.overrule(event.id, town.desk.author)
    town.sandbox.store.change(patient(number).ins, mobile="0711111111")
    run(town)
    assert state(town, event) == (HELD, "contact-conflict")
    assert town.desk.now(event).found == Contact("0711111111")
    again = town.desk.store.outbox.change_contact(event.id, town.desk.author, Contact("0622222222"))
    run(town)
    dossier = town.sandbox.store.dossier(patient(number).ins)
    assert state(town, again) == (CONFIRMED, "") and dossier is not None and dossier.mobile == "0622222222"


def test_a_dossier_of_mon_espace_sante_is_administered_there(town: Town) -> None:
    """Refused with its cause, before anything is sent (PDT-INF-526 note 10)."""
    number = town.settled()
    town.sandbox.store.change(patient(number).ins, attached_to_mes=True)
    event = town.desk.contact(number)
    run(town)
    assert state(town, event) == (REFUSED, "administered-elsewhere") and received(town, number, "TD1.3b") == 0


def test_a_withdrawal_leaves_after_what_was_done_before_it(town: Town) -> None:
    """One's own authorisation keeps its place among one's own acts; one that waits for a hand does not keep it back."""
    number = town.settled()
    entry = town.desk.filed(number)
    town.desk.deposit(number, held=True)
    mask = town.desk.mask(number, entry)
    leave = town.desk.authorise(number, AuthorisationAct.REMOVE)
    assert town.desk.store.outbox.due(town.clock.now(), town.desk.author) == (mask.id,)
    run(town)
    assert state(town, mask) == state(town, leave) == (CONFIRMED, "")


def test_a_dossier_that_is_not_there_refuses_its_own_act_only(town: Town) -> None:
    """A deposit for nobody is refused; the others left."""
    nobody, number = town.someone(), town.settled()
    refused, good = town.desk.deposit(nobody), town.desk.deposit(number)
    run(town)
    assert state(town, refused)[0] is REFUSED and state(town, refused)[1] in {NoDossier.code, "store-refused"}
    assert state(town, good) == (CONFIRMED, "")
