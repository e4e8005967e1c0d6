"""The presenter of the opening, without a widget: what each thing that happens leads to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from helpers.opening_desk import VITALE_IN, VITALE_OUT, Desk
from helpers.people import ACTIVE_AT, CAPUCINE, found, gaspard_found, odile_found, reading

from dmp_desktop.domain import oids
from dmp_desktop.domain.dossier import DossierState, ExistenceAnswer, Protection
from dmp_desktop.domain.events import AuthorisationChange, EventState, Opening
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import InsiAnswer, InsiOutcome, InsStatus, ProofDocument, Sex
from dmp_desktop.domain.readers import (
    CardFamily,
    CardMute,
    CardRemoved,
    CardServiceDown,
    NoCard,
    ReaderChange,
    ReaderEvent,
    ReaderGone,
    UnreadableCard,
)
from dmp_desktop.errors import DmpError, RefusedByStore, ServiceUnavailable, StorageError
from dmp_desktop.services.opening import CardSwapped, Stage, StaleReading, StopCause
from dmp_desktop.services.opening_form import Blocker
from dmp_desktop.ui.opening.errands import Work
from dmp_desktop.ui.opening.inquiry import BadBirthPlace
from dmp_desktop.ui.tasks import Lane


class Down(ServiceUnavailable):
    """A service that does not answer."""

    code = "network-down"


class DiskFull(StorageError):
    """No room left."""

    code = "disk-full"


def existing(state: DossierState) -> ExistenceAnswer:
    return ExistenceAnswer(state, ACTIVE_AT)


def stage(desk: Desk) -> Stage:
    return desk.presenter.flow.stage


class TestCard:
    def test_f2_reads_the_card_already_in_its_reader(self) -> None:
        """The Vitale may be in before the opening begins: it is read at once."""
        desk = Desk(reading(Desk().clock.now()))
        desk.presenter.begin()
        assert desk.presenter.errands.work is Work.READING
        desk.lanes.all()
        assert stage(desk) is Stage.PERSON
        assert desk.presenter.chosen is None

    def test_an_empty_slot_is_no_fault_until_a_reading_is_asked_for(self) -> None:
        """Nothing is wrong while the person looks for their card; F4 says there is none."""
        desk = Desk()
        desk.presenter.begin()
        desk.lanes.all()
        assert desk.presenter.fault is None
        desk.presenter.reread()
        desk.lanes.all()
        assert isinstance(desk.presenter.fault, NoCard)

    def test_a_card_inserted_later_is_read(self) -> None:
        """The watcher's event starts the reading, and clears the fault of the one before."""
        desk = Desk(UnreadableCard("garbled"))
        desk.presenter.reread()
        desk.lanes.all()
        assert isinstance(desk.presenter.fault, UnreadableCard)
        desk.insert()
        desk.lanes.all()
        assert (stage(desk), desk.presenter.fault) == (Stage.PERSON, None)

    def test_a_professional_card_is_not_read_as_a_vitale(self) -> None:
        """A CPS put in while the opening waits for a Vitale changes nothing."""
        desk = Desk()
        desk.presenter.reader_changed(ReaderEvent(ReaderChange.CARD_IN, "left", b"", CardFamily.CPS))
        assert desk.lanes.waiting == []

    @pytest.mark.parametrize(
        ("change", "fault"),
        [
            (ReaderChange.CARD_MUTE, CardMute),
            (ReaderChange.SERVICE_DOWN, CardServiceDown),
            (ReaderChange.READER_GONE, ReaderGone),
        ],
    )
    def test_what_the_watcher_saw_is_said(self, change: ReaderChange, fault: type[DmpError]) -> None:
        """A mute card, a dead service, a reader gone: each is its own fault while a card is waited for."""
        desk = Desk()
        desk.presenter.reader_changed(ReaderEvent(change, "right"))
        assert isinstance(desk.presenter.fault, fault)

    def test_the_service_back_clears_its_fault(self) -> None:
        """The message goes with its cause."""
        desk = Desk()
        desk.presenter.reader_changed(ReaderEvent(ReaderChange.SERVICE_DOWN))
        desk.presenter.reader_changed(ReaderEvent(ReaderChange.SERVICE_UP))
        assert desk.presenter.fault is None

    def test_a_card_pulled_during_the_reading_is_a_fault(self) -> None:
        """The reading ends with the card's own error and the opening still waits for a card."""
        desk = Desk(CardRemoved("pulled"))
        desk.presenter.begin()
        desk.lanes.all()
        assert isinstance(desk.presenter.fault, CardRemoved)
        assert stage(desk) is Stage.CARD

    def test_a_card_pulled_before_the_choice_takes_the_people_away(self) -> None:
        """No name stays on the screen of a card that left."""
        desk = Desk()
        desk.to_person()
        desk.presenter.choose(1)
        desk.pull()
        assert (stage(desk), desk.presenter.people, desk.presenter.chosen) == (Stage.CARD, (), None)

    def test_another_card_after_the_choice_stops_everything(self) -> None:
        """The swap is seen as soon as the new card is read (INSi 1.03)."""
        desk = Desk()
        desk.to_consent()
        desk.pull()
        desk.insert(reading(desk.clock.now(), "card-b"))
        desk.lanes.all()
        assert (stage(desk), desk.presenter.flow.stop_cause) == (Stage.STOPPED, StopCause.CARD_SWAPPED)
        assert isinstance(desk.presenter.fault, CardSwapped)

    def test_the_same_card_back_goes_on(self) -> None:
        """Pulled at the consent and put back: only the blocker came and went."""
        desk = Desk()
        desk.to_consent()
        desk.consent()
        desk.pull()
        assert desk.presenter.flow.blockers == (Blocker.CARD_ABSENT,)
        desk.insert()
        desk.lanes.all()
        assert desk.presenter.flow.blockers == ()

    def test_a_reading_too_old_stops_at_the_choice(self) -> None:
        """Twenty minutes after the reading, choosing somebody stops (INSi 1.02)."""
        desk = Desk()
        desk.to_person()
        desk.presenter.choose(2)
        desk.clock.forward(minutes=21)
        desk.presenter.confirm_person()
        assert stage(desk) is Stage.STOPPED
        assert isinstance(desk.presenter.fault, StaleReading)

    def test_f4_refreshes_a_reading_that_grew_old(self) -> None:
        """At the consent an old reading blocks the button; reading the same card again unblocks it."""
        desk = Desk()
        desk.to_consent()
        desk.consent()
        desk.clock.forward(minutes=21)
        assert Blocker.STALE_READING in desk.presenter.flow.blockers
        desk.presenter.reread()
        desk.lanes.all()
        assert desk.presenter.flow.blockers == ()


class TestPerson:
    def test_nobody_is_chosen_beforehand_and_confirming_nobody_does_nothing(self) -> None:
        """F15: Entrée without a choice asks nothing about anybody."""
        desk = Desk()
        desk.to_person()
        desk.presenter.confirm_person()
        assert (stage(desk), desk.lanes.waiting, desk.presenter.fault) == (Stage.PERSON, [], None)

    def test_a_place_that_holds_nobody_is_not_chosen(self) -> None:
        """A fifth key on a card of four."""
        desk = Desk()
        desk.to_person()
        desk.presenter.choose(5)
        assert desk.presenter.chosen is None

    def test_confirming_asks_insi_then_the_store(self) -> None:
        """Traits that agree pass by themselves up to the consent."""
        desk = Desk()
        desk.to_identity()
        assert desk.presenter.errands.work is Work.INSI
        desk.lanes.next()
        assert (stage(desk), desk.presenter.errands.work) == (Stage.EXISTENCE, Work.EXISTENCE)
        desk.lanes.next()
        assert stage(desk) is Stage.CONSENT


class TestIdentity:
    def differing(self) -> Desk:
        desk = Desk()
        desk.port.insi = odile_found()
        desk.to_identity(1)
        desk.lanes.all()
        return desk

    def test_a_difference_waits_for_a_document(self) -> None:
        """Without the document nothing goes on; with it the decision is journalled, then the store is asked."""
        desk = self.differing()
        desk.presenter.inquiry.accept_difference()
        assert desk.presenter.flow.awaits_decision
        desk.presenter.inquiry.name_proof(ProofDocument.PASSPORT)
        desk.presenter.inquiry.accept_difference()
        assert [job.lane for job in desk.lanes.waiting] == [Lane.CACHE]
        desk.lanes.all()
        assert (stage(desk), desk.port.decisions) == (Stage.CONSENT, [True])

    def test_a_decision_that_cannot_be_journalled_goes_no_further(self) -> None:
        """Disk full: the store is not asked until the decision is written."""
        desk = self.differing()
        desk.port.record_failure = DiskFull("full")
        desk.presenter.inquiry.name_proof(ProofDocument.PASSPORT)
        desk.presenter.inquiry.accept_difference()
        desk.lanes.all()
        assert stage(desk) is Stage.EXISTENCE
        assert isinstance(desk.presenter.fault, DiskFull)
        desk.port.record_failure = None
        desk.presenter.inquiry.retry()
        desk.lanes.all()
        assert (stage(desk), desk.port.decisions) == (Stage.CONSENT, [True])

    def test_stopping_on_a_difference_is_journalled(self) -> None:
        """The safe answer leaves a trace too."""
        desk = self.differing()
        desk.presenter.inquiry.refuse_difference()
        desk.lanes.all()
        assert (desk.presenter.flow.stop_cause, desk.port.decisions) == (StopCause.DIFFERENCE, [False])

    def test_the_document_of_one_person_is_not_that_of_the_next(self) -> None:
        """Going back forgets which document was shown."""
        desk = self.differing()
        desk.presenter.inquiry.name_proof(ProofDocument.PASSPORT)
        desk.presenter.back()
        assert (stage(desk), desk.presenter.inquiry.proof, desk.presenter.chosen) == (Stage.PERSON, None, None)

    @pytest.mark.parametrize("outcome", [InsiOutcome.NONE, InsiOutcome.SEVERAL])
    def test_nobody_or_several_may_be_asked_by_traits(self, outcome: InsiOutcome) -> None:
        """The card's traits travel as they are; only sex and birth place are added (EX_GEN-1265)."""
        desk = Desk()
        desk.port.insi = InsiAnswer(outcome, ACTIVE_AT)
        desk.port.by_traits = found(CAPUCINE, "CORNICHE", "CAPUCINE", "20160902")
        desk.to_identity(3)
        desk.lanes.all()
        assert stage(desk) is Stage.IDENTITY
        with pytest.raises(BadBirthPlace):
            desk.presenter.inquiry.ask_by_traits(Sex.FEMALE, "Villeneuve")
        desk.presenter.inquiry.ask_by_traits(Sex.FEMALE, " 2a004 ")
        desk.lanes.all()
        asked = desk.port.asked_traits[0]
        assert (asked.birth_name, asked.given_names, asked.sex, asked.birth_place) == (
            "CORNICHE",
            ("CAPUCINE",),
            Sex.FEMALE,
            "2A004",
        )
        assert stage(desk) is Stage.CONSENT
        assert desk.presenter.flow.form.protection is Protection.MINOR

    def test_insi_down_offers_the_opening_offline(self) -> None:
        """The person is received all the same, with a provisional identity and a reason to give."""
        desk = Desk()
        desk.port.insi = Down("down")
        desk.to_identity()
        desk.lanes.all()
        assert isinstance(desk.presenter.flow.insi_failure, Down)
        desk.presenter.inquiry.continue_offline()
        identity = desk.presenter.flow.identity
        assert stage(desk) is Stage.CONSENT
        assert identity is not None and identity.status is InsStatus.PROVISIONAL
        assert Blocker.DEFERRED_REASON in desk.presenter.flow.blockers

    def test_insi_may_be_asked_again(self) -> None:
        """F5 after a silence."""
        desk = Desk()
        desk.port.insi = Down("down")
        desk.to_identity()
        desk.lanes.all()
        desk.port.insi = gaspard_found()
        desk.presenter.inquiry.retry()
        desk.lanes.all()
        assert stage(desk) is Stage.CONSENT


class TestExistence:
    @pytest.mark.parametrize(
        "state", [DossierState.ACTIVE, DossierState.CLOSED, DossierState.OPPOSED, DossierState.BLOCKED]
    )
    def test_only_an_absent_dossier_leads_to_the_consent(self, state: DossierState) -> None:
        """The other outcomes stay on their own screen and never offer a creation."""
        desk = Desk()
        desk.port.existence = existing(state)
        desk.to_consent()
        assert stage(desk) is Stage.EXISTENCE
        desk.presenter.submit()
        assert desk.lanes.waiting == [] and desk.port.kept == []

    def test_an_active_dossier_is_authorised_on_an_explicit_act(self) -> None:
        """Written here first, then sent; asked twice it is still one act."""
        desk = Desk()
        desk.port.existence = existing(DossierState.ACTIVE)
        desk.to_consent()
        desk.presenter.inquiry.authorise(treating=True)
        desk.lanes.all()
        desk.presenter.inquiry.authorise(treating=True)
        desk.lanes.all()
        (event,) = desk.port.kept
        assert isinstance(event.payload, AuthorisationChange) and event.payload.treating
        asked = desk.presenter.inquiry.authorisation
        assert asked is not None and asked.state is EventState.CONFIRMED

    def test_a_closed_dossier_is_reactivated_with_a_fresh_consent(self) -> None:
        """The consent starts unticked, and what is written is a reactivation."""
        desk = Desk()
        desk.port.existence = existing(DossierState.CLOSED)
        desk.to_consent()
        desk.presenter.inquiry.ask_reactivation()
        assert Blocker.NO_CONSENT in desk.presenter.flow.blockers
        desk.consent()
        desk.presenter.submit()
        desk.lanes.all()
        payload = desk.port.kept[0].payload
        assert isinstance(payload, Opening) and payload.reactivation and payload.reference.startswith("REA-")

    @pytest.mark.parametrize("state", [DossierState.OPPOSED, DossierState.BLOCKED, DossierState.ACTIVE])
    def test_nothing_but_a_closed_dossier_is_reactivated(self, state: DossierState) -> None:
        """Opposed and blocked offer no act at all."""
        desk = Desk()
        desk.port.existence = existing(state)
        desk.to_consent()
        desk.presenter.inquiry.ask_reactivation()
        assert stage(desk) is Stage.EXISTENCE

    def test_the_store_down_offers_the_opening_offline(self) -> None:
        """The identity is kept; only the existence is asked later."""
        desk = Desk()
        desk.port.existence = Down("down")
        desk.to_consent()
        desk.presenter.inquiry.continue_offline()
        identity = desk.presenter.flow.identity
        assert identity is not None and identity.status is InsStatus.RETRIEVED
        assert desk.presenter.flow.form.offline


class TestSending:
    def test_the_opening_is_written_before_it_leaves(self) -> None:
        """Card read again, reference, written, sent: in that order, one lane after the other."""
        desk = Desk()
        desk.to_consent()
        desk.consent()
        desk.lanes.all()
        desk.presenter.submit()
        lanes = []
        while desk.lanes.waiting:
            lanes.append(desk.lanes.waiting[0].lane)
            desk.lanes.next()
        assert lanes[:4] == [Lane.CARDS, Lane.CACHE, Lane.CACHE, Lane.SYNC]
        assert desk.presenter.flow.confirmed

    def test_nothing_leaves_while_something_is_missing(self) -> None:
        """Ctrl+Entrée without the consent reads no card."""
        desk = Desk()
        desk.to_consent()
        desk.lanes.all()
        desk.presenter.submit()
        assert desk.lanes.waiting == []

    def test_a_second_ctrl_enter_sends_nothing_twice(self) -> None:
        """Pressed again while the card is read."""
        desk = Desk()
        desk.to_consent()
        desk.consent()
        desk.lanes.all()
        desk.presenter.submit()
        desk.presenter.submit()
        assert len(desk.lanes.waiting) == 1
        desk.lanes.all()
        assert len(desk.port.kept) == 1

    def test_a_card_swapped_at_the_last_moment_sends_nothing(self) -> None:
        """The rereading finds another card: stopped, nothing written."""
        desk = Desk()
        desk.to_consent()
        desk.consent()
        desk.port.card = reading(desk.clock.now(), "card-b")
        desk.presenter.submit()
        desk.lanes.all()
        assert (desk.presenter.flow.stop_cause, desk.port.kept) == (StopCause.CARD_SWAPPED, [])

    def test_a_full_disk_gives_the_form_back(self) -> None:
        """Nothing was written: the form is as it was, with the reason."""
        desk = Desk()
        desk.to_consent()
        desk.consent()
        desk.port.keep_failure = DiskFull("full")
        desk.presenter.submit()
        desk.lanes.all()
        assert stage(desk) is Stage.CONSENT
        assert isinstance(desk.presenter.fault, DiskFull)
        assert desk.presenter.flow.blockers == ()

    def test_waiting_may_be_stopped_and_the_answer_is_still_heard(self) -> None:
        """The opening is written here: the person leaves with a receipt, and the confirmation comes by itself."""
        desk = Desk()
        desk.to_consent()
        desk.consent()
        desk.presenter.submit()
        desk.lanes.all(but=frozenset({Lane.SYNC}))
        assert stage(desk) is Stage.SENDING
        desk.presenter.sending.stop_waiting()
        assert stage(desk) is Stage.DONE and not desk.presenter.flow.confirmed
        desk.lanes.all()
        assert desk.presenter.flow.confirmed

    def test_a_delivery_that_breaks_leaves_a_waiting_opening(self) -> None:
        """The cause is shown, nothing is lost, and nothing claims to be open."""
        desk = Desk()
        desk.port.delivered = Down("down")
        desk.to_done()
        assert stage(desk) is Stage.DONE and not desk.presenter.flow.confirmed
        assert isinstance(desk.presenter.fault, Down)

    def test_offline_the_person_does_not_wait_for_the_store_again(self) -> None:
        """The services were just found silent: done as soon as it is written, the sending goes on behind."""
        desk = Desk()
        desk.port.existence = Down("down")
        desk.to_consent()
        desk.presenter.inquiry.continue_offline()
        desk.consent()
        desk.presenter.flow.form.deferred_reason = "Le DMP ne répond pas"
        desk.presenter.submit()
        desk.lanes.all(but=frozenset({Lane.SYNC, Lane.PRINT}))
        assert stage(desk) is Stage.DONE
        desk.lanes.all()
        assert desk.presenter.flow.confirmed

    def test_later_news_changes_the_papers(self) -> None:
        """Receipt while it waits, attestation once the store confirmed."""
        desk = Desk()
        desk.port.delivered = EventState.WAITING
        desk.to_done()
        assert "attestation" not in [slot.kind for slot in desk.presenter.tray.printable]
        event = desk.presenter.flow.event
        assert event is not None
        desk.presenter.event_changed(replace(event, state=EventState.CONFIRMED, answered_at=desk.clock.now()))
        desk.lanes.all()
        assert "attestation" in [slot.kind for slot in desk.presenter.tray.printable]
        assert "receipt" not in [slot.kind for slot in desk.presenter.tray.cards]

    def test_news_of_another_opening_changes_nothing(self) -> None:
        """The outbox speaks of everybody; the screen of one."""
        desk = Desk()
        desk.port.delivered = EventState.WAITING
        desk.to_done()
        event = desk.presenter.flow.event
        assert event is not None
        desk.presenter.event_changed(replace(event, id="other", state=EventState.CONFIRMED))
        assert not desk.presenter.flow.confirmed

    @pytest.mark.parametrize("cause", [StopCause.REFUSED, StopCause.HESITATES])
    def test_a_refusal_is_recorded(self, cause: StopCause) -> None:
        """Without pressure, and nothing is sent."""
        desk = Desk()
        desk.to_consent()
        desk.presenter.refuse(cause)
        desk.lanes.all()
        assert [flow.stop_cause for flow in desk.port.refusals] == [cause]
        assert desk.port.kept == []

    def test_a_refusal_by_the_store_is_done_without_a_claim(self) -> None:
        """Refused: the screen of the end, no confirmation."""
        desk = Desk()
        desk.port.delivered = EventState.REFUSED
        desk.to_done()
        assert stage(desk) is Stage.DONE and not desk.presenter.flow.confirmed


class TestLateAnswers:
    def test_an_answer_after_giving_up_is_ignored(self) -> None:
        """INSi answers for somebody who left: the stopped opening stays stopped."""
        desk = Desk()
        desk.to_identity()
        job = desk.lanes.waiting[0]
        desk.presenter.abandon()
        assert job.cancelled
        desk.lanes.all()
        assert (stage(desk), desk.presenter.flow.insi) == (Stage.STOPPED, None)

    def test_an_answer_of_the_opening_before_does_not_touch_the_next(self) -> None:
        """A new opening began while the store was answering about the last one."""
        desk = Desk()
        desk.port.existence = RefusedByStore("DMPX")
        desk.to_identity()
        late = desk.lanes.waiting.pop(0)
        desk.presenter.abandon()
        desk.presenter.begin()
        desk.lanes.all()
        late.let_through()
        assert stage(desk) is Stage.PERSON and desk.presenter.fault is None

    def test_a_lock_drops_the_question_and_the_return_asks_it_again(self) -> None:
        """The work is kept; the answer heard is the one asked for under the person's own card."""
        desk = Desk()
        desk.to_identity()
        late = desk.lanes.waiting.pop(0)
        desk.presenter.suspend()
        late.let_through()
        assert stage(desk) is Stage.IDENTITY and desk.presenter.flow.insi is None
        desk.presenter.resume()
        desk.lanes.all()
        assert stage(desk) is Stage.CONSENT

    def test_a_lock_never_drops_a_sending(self) -> None:
        """What is being written or sent is heard, locked or not."""
        desk = Desk()
        desk.to_consent()
        desk.consent()
        desk.presenter.submit()
        desk.lanes.all(but=frozenset({Lane.SYNC}))
        desk.presenter.suspend()
        desk.lanes.all()
        assert desk.presenter.flow.confirmed

    def test_a_vitale_changed_while_locked_is_seen_on_return(self) -> None:
        """Nobody watches the card behind a lock: it is read again before the work goes on."""
        desk = Desk()
        desk.to_consent()
        desk.presenter.suspend()
        desk.presenter.reader_changed(VITALE_OUT)
        desk.port.card = reading(desk.clock.now(), "card-b")
        desk.presenter.reader_changed(VITALE_IN)
        assert desk.presenter.errands.work is Work.NONE
        desk.presenter.resume()
        desk.lanes.all()
        assert desk.presenter.flow.stop_cause is StopCause.CARD_SWAPPED


class TestEnds:
    def test_f2_does_not_throw_a_form_away(self) -> None:
        """A new opening begins only when nothing would be lost."""
        desk = Desk()
        desk.to_consent()
        flow = desk.presenter.flow
        desk.presenter.begin()
        assert desk.presenter.flow is flow

    def test_finishing_does_not_read_the_same_card_again(self) -> None:
        """The card is still in its reader when the person turns away."""
        desk = Desk()
        desk.to_done()
        desk.presenter.finish()
        assert (stage(desk), desk.lanes.waiting, desk.presenter.tray.slots) == (Stage.CARD, [], [])

    def test_a_sending_cannot_be_abandoned(self) -> None:
        """What may have left is never said not to have."""
        desk = Desk()
        desk.to_consent()
        desk.consent()
        desk.presenter.submit()
        desk.lanes.all(but=frozenset({Lane.SYNC}))
        desk.presenter.abandon()
        assert stage(desk) is Stage.SENDING


def test_the_number_asked_about_is_the_retrieved_one() -> None:
    """The existence test speaks of INSi's number, in its own domain."""
    desk = Desk()
    asked: list[Ins] = []
    answer = desk.port.ask_existence
    desk.port.ask_existence = lambda ins: (asked.append(ins), answer(ins))[1]  # type: ignore[method-assign]
    desk.to_consent()
    assert [ins.oid for ins in asked] == [oids.INS_NIR_TEST]
