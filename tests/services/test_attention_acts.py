"""The list of what waits, over real stores and the wire: titles, mending, decisions, whose turn it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from helpers.sandbox_world import sandbox_pki_folder
from helpers.store_acts import WANTED, patient
from helpers.store_town import Town, town
from helpers.store_world import GABARIT

from dmp_desktop.cache.event_rows import EventMoved
from dmp_desktop.cache.outbox import MayHaveLeft
from dmp_desktop.domain.acts import Deposit
from dmp_desktop.domain.dossier import Contact
from dmp_desktop.domain.events import Author, Event, EventState
from dmp_desktop.sandbox.faults import Fault, FaultKind, Transaction
from dmp_desktop.services.attention import Attention, NextStep, Turn, Waiting
from dmp_desktop.sync.delivery_deposit import DraftMissing
from dmp_desktop.sync.policy import CopyClosed

__all__ = ["sandbox_pki_folder", "town"]

TITLE = "Compte rendu de consultation"


@pytest.fixture
def attention(town: Town) -> Attention:
    """The service, over the town's desk."""
    desk = town.desk
    return Attention(desk.store, lambda _deposit: desk.clinical.drafts if desk.copy_open else None)


def row(attention: Attention, town: Town, event: Event, author: Author | None = None) -> Waiting:
    """The row of an event."""
    rows = attention.rows(author or town.desk.author, town.clock.now() - timedelta(hours=1))
    return next(one for one in rows if one.event.id == event.id)


def draft_of(event: Event) -> str:
    """Id of its draft."""
    assert isinstance(event.payload, Deposit)
    return event.payload.draft


def test_a_title_is_shown_to_its_author_while_the_copy_is_open(attention: Attention, town: Town) -> None:
    """Neither to a colleague, nor to a desk without the copy, nor once the document left."""
    event = town.desk.deposit(town.settled(), held=True)
    assert row(attention, town, event).title == TITLE
    assert row(attention, town, event, GABARIT).title == ""
    town.desk.copy_open = False
    try:
        closed = row(attention, town, event)
        assert (closed.title, closed.may_mend) == ("", False)
        with pytest.raises(CopyClosed):
            attention.reopen(event.id, town.desk.author)
    finally:
        town.desk.copy_open = True
    attention.retry(event.id, town.desk.author)
    town.desk.engine.run(town.desk.author)
    assert row(attention, town, event).title == ""


def test_whose_turn_it_is(attention: Attention, town: Town) -> None:
    """Kept back by oneself is no duty; a conflict is the author's alone; counters follow."""
    before = attention.counts()
    event = town.desk.deposit(town.settled())
    waiting = row(attention, town, event)
    assert (waiting.turn, waiting.step, waiting.may_hold, waiting.may_mend) == (
        Turn.PROGRAM,
        NextStep.RETRY,
        True,
        True,
    )
    attention.hold(event.id, town.desk.author)
    kept = row(attention, town, event)
    assert (kept.turn, kept.step, kept.may_hold) == (Turn.PROGRAM, NextStep.RELEASE, False)
    assert row(attention, town, event, GABARIT).step is NextStep.NONE
    assert attention.counts() == replace(before, kept=before.kept + 1)
    number = town.settled()
    contact = town.desk.contact(number)
    town.sandbox.store.change(patient(number).ins, mobile="0700000000")
    town.desk.engine.run(town.desk.author)
    conflict = row(attention, town, contact)
    assert (conflict.turn, conflict.step, conflict.may_mend) == (Turn.PERSON, NextStep.CHOOSE, True)
    assert row(attention, town, contact, GABARIT).step is NextStep.NONE
    attention.choose(contact.id, town.desk.author, ours=True)
    town.desk.engine.run(town.desk.author)
    assert town.desk.now(contact).state is EventState.CONFIRMED
    attention.give_up(event.id, town.desk.author, "essai")
    attention.acknowledge(event.id)


def test_a_deposit_is_taken_back_mended_and_sent_again(attention: Attention, town: Town) -> None:
    """The draft is a draft again; sent anew, it is another act about the same document."""
    number = town.settled()
    event = town.desk.deposit(number, held=True)
    reopened = attention.reopen(event.id, town.desk.author)
    assert (reopened.dossier, reopened.draft) == (event.dossier, draft_of(event))
    (draft,) = town.desk.clinical.drafts.of(event.dossier, town.desk.author.professional)
    town.desk.clinical.drafts.save(replace(draft, title="Compte rendu relu"))
    again = town.desk.store.outbox.add(event.payload, town.desk.author)
    town.desk.engine.run(town.desk.author)
    assert town.desk.now(again).state is EventState.CONFIRMED
    (entry,) = town.desk.gateway.documents.described(patient(number).ins, [draft.unique_id])
    assert entry.title == "Compte rendu relu"
    with pytest.raises(DraftMissing):
        attention.reopen(event.id, town.desk.author)


def test_a_refused_deposit_keeps_its_document(attention: Attention, town: Town) -> None:
    """Refused by the store: mended from its row, which is then taken note of."""
    event = town.desk.deposit(town.settled())
    town.sandbox.faults.order(Fault(FaultKind.REFUSE, Transaction.DEPOSIT, code="DMPAccessDeniedByRightsService"))
    town.desk.engine.run(town.desk.author)
    refused = row(attention, town, event)
    assert (refused.step, refused.title, refused.may_mend) == (NextStep.ACKNOWLEDGE, TITLE, True)
    attention.reopen(event.id, town.desk.author)
    (draft,) = town.desk.clinical.drafts.of(event.dossier, town.desk.author.professional)
    assert draft.id == draft_of(event)
    assert event.id not in {one.id for one in town.desk.store.outbox.refused()}


def test_what_may_have_left_is_not_taken_back(attention: Attention, town: Town) -> None:
    """Its answer was lost: neither a deposit nor a contact can be changed, only asked about."""
    number = town.settled()
    deposit, contact = town.desk.deposit(number), town.desk.contact(number)
    for on in (Transaction.DEPOSIT, Transaction.CHANGE):
        town.sandbox.faults.order(Fault(FaultKind.CUT_AFTER, on))
    town.desk.engine.run(town.desk.author)
    assert not row(attention, town, deposit).may_mend and not row(attention, town, contact).may_mend
    with pytest.raises(MayHaveLeft):
        attention.reopen(deposit.id, town.desk.author)
    with pytest.raises(MayHaveLeft):
        attention.change_contact(contact.id, town.desk.author, Contact())
    town.clock.forward(minutes=1)
    town.desk.engine.run(town.desk.author)
    assert town.desk.now(deposit).state is town.desk.now(contact).state is EventState.CONFIRMED
    with pytest.raises(EventMoved):
        attention.hold(contact.id, town.desk.author)


def test_a_contact_is_mended_before_it_left(attention: Attention, town: Town) -> None:
    """The value that leaves is the last one; the first is on record as taken back."""
    number = town.settled()
    event = town.desk.contact(number)
    attention.hold(event.id, town.desk.author)
    attention.change_contact(event.id, town.desk.author, replace(WANTED, mobile="0699887766"))
    town.desk.engine.run(town.desk.author)
    dossier = town.sandbox.store.dossier(patient(number).ins)
    assert dossier is not None and dossier.mobile == "0699887766"
    assert (town.desk.now(event).state, town.desk.now(event).cause) == (EventState.REFUSED, "withdrawn")
