"""The opening, walked without a screen: order, decisions, swaps, consent."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from helpers import people
from helpers.clocks import HandClock

from dmp_desktop.domain.dossier import (
    AccessChoice,
    DossierState,
    ExistenceAnswer,
    Protection,
    Representative,
    RepresentativeQuality,
)
from dmp_desktop.domain.events import Author, Event, EventState, Opening
from dmp_desktop.domain.identifiers import CardNature
from dmp_desktop.domain.identity import InsiAnswer, InsiOutcome, InsStatus, ProofDocument
from dmp_desktop.domain.readers import MixedNatures
from dmp_desktop.errors import FlowError, ServiceUnavailable
from dmp_desktop.services.opening import CardSwapped, EmptyVitale, OpeningFlow, Platform, Stage, StaleReading, StopCause
from dmp_desktop.services.opening_form import Blocker

AUTHOR = Author("899700000017", "499700000017001", "SA07", "Dr Aurore Brindille", "Cabinet des Trois-Tilleuls")
TEST = Platform(CardNature.TEST, lambda nir: nir.value[5:7] == "99")
REAL = Platform(CardNature.REAL, lambda nir: False)


class StoreDown(ServiceUnavailable):
    """The store does not answer."""

    code = "store-unreachable"


@pytest.fixture
def clock() -> HandClock:
    """Ten past seven, UTC."""
    return HandClock()


@pytest.fixture
def flow(clock: HandClock) -> OpeningFlow:
    """A new opening, nothing read."""
    return OpeningFlow(clock, TEST, "2026-11")


def at_person(flow: OpeningFlow, clock: HandClock) -> OpeningFlow:
    """The family's card is read."""
    flow.card_read(people.reading(clock.now()))
    return flow


def at_consent(flow: OpeningFlow, clock: HandClock) -> OpeningFlow:
    """Gaspard, known to INSi, without a dossier."""
    at_person(flow, clock).choose(2)
    flow.insi_answered(people.gaspard_found())
    flow.existence_answered(ExistenceAnswer(DossierState.NONE, people.ACTIVE_AT))
    return flow


def consented(flow: OpeningFlow, clock: HandClock) -> OpeningFlow:
    """Both boxes ticked."""
    at_consent(flow, clock)
    flow.form.tick_informed(clock.now())
    flow.form.tick_consent(clock.now())
    return flow


def submit(flow: OpeningFlow, clock: HandClock, fingerprint: str = "card-a") -> Opening:
    """Send, the card read again."""
    return flow.submit(people.reading(clock.now(), fingerprint), AUTHOR, "OUV-2026-0414-0027")


def test_the_simple_road(flow: OpeningFlow, clock: HandClock) -> None:
    """Card, person, INSi, existence, consent, sent, confirmed: one dossier, its evidence with it."""
    payload = submit(consented(flow, clock), clock)
    assert payload.ins is not None
    assert payload.ins.value == people.GASPARD.value
    assert payload.card.name == "CORNICHE"
    assert payload.consent.text_version == "2026-11"
    assert (payload.consent.centre_15, payload.consent.break_glass) == (True, True)
    assert payload.access is AccessChoice.NOBODY
    assert Opening.from_json(payload.to_json()) == payload
    assert not flow.confirmed
    flow.sent(Event("1", AUTHOR, clock.now(), payload, EventState.CONFIRMED))
    assert flow.stage is Stage.DONE
    assert flow.confirmed


def test_nobody_is_chosen_beforehand(flow: OpeningFlow, clock: HandClock) -> None:
    """A card, even of one person, chooses nobody."""
    at_person(flow, clock)
    assert flow.person is None
    assert flow.stage is Stage.PERSON
    with pytest.raises(FlowError):
        flow.choose(9)


def out_of_order() -> Iterator[tuple[str, object]]:
    """Every act, at the very beginning."""
    answer = ExistenceAnswer(DossierState.NONE, people.ACTIVE_AT)
    yield "choose", (1,)
    yield "insi_answered", (people.gaspard_found(),)
    yield "insi_failed", (StoreDown(),)
    yield "accept_difference", (ProofDocument.PASSPORT,)
    yield "refuse_difference", ()
    yield "continue_offline", ()
    yield "existence_answered", (answer,)
    yield "existence_failed", (StoreDown(),)
    yield "ask_reactivation", ()
    yield "refuse", (StopCause.REFUSED,)
    yield "declare_protection", (Protection.GUARDIANSHIP,)
    yield "back", ()
    yield "not_kept", ()


@pytest.mark.parametrize(("act", "arguments"), list(out_of_order()))
def test_an_act_out_of_order_changes_nothing(flow: OpeningFlow, act: str, arguments: tuple[object, ...]) -> None:
    """The imposed order is the machine itself (EX_GEN-1250, EX_GEN-1400)."""
    with pytest.raises(FlowError):
        getattr(flow, act)(*arguments)
    assert flow.stage is Stage.CARD
    assert flow.identity is None


def test_a_difference_waits_for_a_human(flow: OpeningFlow, clock: HandClock) -> None:
    """Card and INSi differ: nothing goes on by itself; going on names the document shown."""
    at_person(flow, clock).choose(1)
    flow.insi_answered(people.odile_found())
    assert flow.awaits_decision
    assert flow.identity is None
    with pytest.raises(FlowError):
        flow.existence_answered(ExistenceAnswer(DossierState.NONE, people.ACTIVE_AT))
    flow.accept_difference(ProofDocument.IDENTITY_CARD)
    assert flow.stage is Stage.EXISTENCE
    assert flow.identity is not None
    assert flow.identity.status is InsStatus.RETRIEVED
    assert flow.traits is not None
    assert flow.traits.birth_name == "LAVANDIN-GENÊT"


def test_stopping_on_a_difference_creates_nothing(flow: OpeningFlow, clock: HandClock) -> None:
    """The safe answer ends the opening."""
    at_person(flow, clock).choose(1)
    flow.insi_answered(people.odile_found())
    flow.refuse_difference()
    assert (flow.stage, flow.stop_cause, flow.identity) == (Stage.STOPPED, StopCause.DIFFERENCE, None)


@pytest.mark.parametrize("outcome", [InsiOutcome.NONE, InsiOutcome.SEVERAL])
def test_insi_without_one_answer_settles_nothing(flow: OpeningFlow, clock: HandClock, outcome: InsiOutcome) -> None:
    """None or several: the identity stays unsettled, another search may follow."""
    at_person(flow, clock).choose(2)
    flow.insi_answered(InsiAnswer(outcome, people.ACTIVE_AT))
    assert flow.stage is Stage.IDENTITY
    assert flow.identity is None
    flow.insi_answered(people.gaspard_found())
    assert flow.stage is Stage.EXISTENCE


@pytest.mark.parametrize("state", [s for s in DossierState if s is not DossierState.NONE])
def test_only_no_dossier_leads_to_opening(flow: OpeningFlow, clock: HandClock, state: DossierState) -> None:
    """Active never offers creation, opposed and blocked offer nothing, closed only a reactivation (F2)."""
    at_person(flow, clock).choose(2)
    flow.insi_answered(people.gaspard_found())
    flow.existence_answered(ExistenceAnswer(state, people.ACTIVE_AT))
    assert flow.stage is Stage.EXISTENCE
    if state is DossierState.CLOSED:
        flow.ask_reactivation()
        assert flow.stage is Stage.CONSENT
        assert flow.form.consented_at is None
    else:
        with pytest.raises(FlowError):
            flow.ask_reactivation()


def test_another_card_at_sending_stops_everything(flow: OpeningFlow, clock: HandClock) -> None:
    """Card swapped between choice and sending: nothing leaves (INSi 1.03, F13)."""
    consented(flow, clock)
    with pytest.raises(CardSwapped):
        submit(flow, clock, "card-b")
    assert flow.stop_cause is StopCause.CARD_SWAPPED


def test_another_card_before_the_choice_is_just_another_card(flow: OpeningFlow, clock: HandClock) -> None:
    """Before anyone is chosen, a second card replaces the first."""
    at_person(flow, clock)
    flow.card_removed()
    assert flow.stage is Stage.CARD
    flow.card_read(people.reading(clock.now(), "card-b"))
    assert flow.stage is Stage.PERSON


def test_a_reading_is_good_for_twenty_minutes(flow: OpeningFlow, clock: HandClock) -> None:
    """After that the person is asked to read the card again; choosing stops (INSi 1.02)."""
    at_person(flow, clock)
    clock.forward(minutes=20, seconds=1)
    with pytest.raises(StaleReading):
        flow.choose(2)
    assert flow.stop_cause is StopCause.STALE_READING


def test_a_stale_reading_blocks_sending_until_the_same_card_is_read_again(flow: OpeningFlow, clock: HandClock) -> None:
    """The same card read again gives twenty minutes more, the work kept."""
    consented(flow, clock)
    clock.forward(minutes=21)
    assert Blocker.STALE_READING in flow.blockers
    submit(flow, clock)
    assert flow.stage is Stage.SENDING


def test_sending_needs_the_card(flow: OpeningFlow, clock: HandClock) -> None:
    """A card taken back is a blocker with its sentence, and the work waits."""
    consented(flow, clock)
    flow.card_removed()
    assert flow.blockers == (Blocker.CARD_ABSENT,)
    assert flow.stage is Stage.CONSENT


@pytest.mark.parametrize("missing", ["informed", "consent"])
def test_nothing_is_created_without_both_boxes(flow: OpeningFlow, clock: HandClock, missing: str) -> None:
    """EX_1.1-1010: unticked, no creation; unticking the information takes the consent with it."""
    consented(flow, clock)
    if missing == "informed":
        flow.form.tick_informed(None)
        assert flow.form.consented_at is None
    else:
        flow.form.tick_consent(None)
    with pytest.raises(FlowError):
        submit(flow, clock)
    assert flow.stage is Stage.CONSENT


def test_a_minor_needs_a_representative_first(flow: OpeningFlow, clock: HandClock) -> None:
    """Identity, quality and agreement of the representative block the opening of a minor (F62)."""
    at_person(flow, clock).choose(3)
    flow.insi_answered(people.found(people.CAPUCINE, "CORNICHE", "CAPUCINE", "20160902"))
    flow.existence_answered(ExistenceAnswer(DossierState.NONE, people.ACTIVE_AT))
    assert flow.form.protection is Protection.MINOR
    flow.form.tick_informed(clock.now())
    flow.form.tick_consent(clock.now())
    assert flow.blockers == (Blocker.REPRESENTATIVE,)
    flow.declare_protection(Protection.NONE)
    assert flow.form.protection is Protection.MINOR
    flow.form.representative = Representative(
        "CORNICHE", "Gaspard", RepresentativeQuality.FATHER, ProofDocument.IDENTITY_CARD, True
    )
    assert flow.blockers == ()
    assert submit(flow, clock).representative is not None


def test_a_protected_adult_needs_a_representative_too(flow: OpeningFlow, clock: HandClock) -> None:
    """Guardianship declared by the desk blocks until the guardian is named (F66)."""
    consented(flow, clock)
    flow.declare_protection(Protection.GUARDIANSHIP)
    assert flow.blockers == (Blocker.REPRESENTATIVE,)
    flow.declare_protection(Protection.NONE)
    assert flow.blockers == ()


def test_emergency_choices_are_two_and_separate(flow: OpeningFlow, clock: HandClock) -> None:
    """Scenario 1.1-070 of the homologation: Centre 15 off, bris de glace on."""
    consented(flow, clock)
    flow.form.centre_15 = False
    consent = submit(flow, clock).consent
    assert (consent.centre_15, consent.break_glass) == (False, True)


def test_insi_down_defers_with_a_reason(flow: OpeningFlow, clock: HandClock) -> None:
    """Without INSi the identity is provisional, a reason is compulsory, and nothing is claimed."""
    at_person(flow, clock).choose(2)
    flow.insi_failed(StoreDown())
    flow.continue_offline()
    flow.form.tick_informed(clock.now())
    flow.form.tick_consent(clock.now())
    assert flow.blockers == (Blocker.DEFERRED_REASON,)
    flow.form.deferred_reason = "Réseau coupé au comptoir"
    payload = submit(flow, clock)
    assert payload.ins is None
    assert flow.identity is not None
    assert flow.identity.status is InsStatus.PROVISIONAL
    flow.sent(Event("1", AUTHOR, clock.now(), payload, EventState.WAITING))
    assert not flow.confirmed


def test_store_down_defers_with_the_identity_known(flow: OpeningFlow, clock: HandClock) -> None:
    """INSi answered, the store did not: the opening waits with its matricule."""
    at_person(flow, clock).choose(2)
    flow.insi_answered(people.gaspard_found())
    flow.existence_failed(StoreDown())
    flow.continue_offline()
    flow.form.tick_informed(clock.now())
    flow.form.tick_consent(clock.now())
    flow.form.deferred_reason = "DMP injoignable"
    assert submit(flow, clock).ins is not None


@pytest.mark.parametrize(
    ("platform", "nature"),
    [(REAL, CardNature.TEST), (REAL, CardNature.DEMONSTRATION), (TEST, CardNature.REAL)],
)
def test_cards_of_another_platform_are_refused(clock: HandClock, platform: Platform, nature: CardNature) -> None:
    """EX_GEN-1430, both ways: nothing is kept of such a card."""
    flow = OpeningFlow(clock, platform, "2026-11")
    reading = people.reading(clock.now())
    other = type(reading)(reading.beneficiaries, "f", clock.now(), "right", nature)
    with pytest.raises(MixedNatures):
        flow.card_read(other)
    assert flow.reading is None


def test_a_card_of_unknown_nature_with_real_numbers_is_refused_on_a_test_platform(clock: HandClock) -> None:
    """The ATR does not tell: on a test platform every number must be one of its fictional people."""
    flow = OpeningFlow(clock, Platform(CardNature.TEST, lambda nir: False), "2026-11")
    reading = people.reading(clock.now())
    with pytest.raises(MixedNatures):
        flow.card_read(type(reading)(reading.beneficiaries, "f", clock.now(), "right", CardNature.UNKNOWN))


def test_a_card_that_names_nobody(flow: OpeningFlow, clock: HandClock) -> None:
    """An empty card is told, not shown as an empty list."""
    reading = people.reading(clock.now())
    with pytest.raises(EmptyVitale):
        flow.card_read(type(reading)((), "f", clock.now(), "right", CardNature.TEST))


def test_going_back_forgets_what_was_asked(flow: OpeningFlow, clock: HandClock) -> None:
    """Returning to the choice of the person leaves nothing of the first one behind."""
    consented(flow, clock).back()
    assert flow.stage is Stage.PERSON
    assert flow.identity is flow.existence is flow.person is None
    assert flow.form.informed_at is None
    flow.choose(4)
    assert flow.card is not None
    assert flow.card.given_name == "CLEMENTINE"


def test_what_could_not_be_written_goes_back_to_the_form(flow: OpeningFlow, clock: HandClock) -> None:
    """Disk full while keeping the act: the form is intact and nothing was sent."""
    consented(flow, clock)
    submit(flow, clock)
    flow.not_kept()
    assert flow.stage is Stage.CONSENT
    assert flow.form.consented_at is not None


def test_elapsed_time_has_an_end(flow: OpeningFlow, clock: HandClock) -> None:
    """The time of an opening stops with it (F4)."""
    consented(flow, clock)
    clock.forward(seconds=47)
    flow.sent(Event("1", AUTHOR, clock.now(), submit(flow, clock), EventState.CONFIRMED))
    clock.forward(minutes=5)
    assert flow.ended_at is not None
    assert flow.ended_at - flow.started_at == timedelta(seconds=47)
