"""The engine over a real store: never lost, never twice, one bad event never in the way of another dossier."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.house_guards import LogWatch
from helpers.people import found, gaspard_found, nir
from helpers.store_central import CentralStore
from helpers.store_world import BRINDILLE, GABARIT, GASPARD, HORTENSE, ODILE, desk_store, ins, opening, provisional

from dmp_desktop.cache.errors import DiskFull
from dmp_desktop.cache.outbox import IDENTITY_DIFFERENCE, Counts
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.domain.dossier import AccessChoice, Authorisation, DossierState
from dmp_desktop.domain.events import AuthorisationAct, AuthorisationChange, Event, EventState
from dmp_desktop.domain.identity import Identity, InsiAnswer, InsiOutcome, InsStatus, ProofDocument
from dmp_desktop.domain.readers import CardRemoved
from dmp_desktop.errors import Cancelled, DmpError
from dmp_desktop.sync.engine import Engine, PassRunning
from dmp_desktop.sync.errors import (
    AssertionRefused,
    ConnectionCut,
    HtmlAnswer,
    RightsRefused,
    StoreTimeout,
    StoreUnreachable,
    UnsendableValue,
)
from dmp_desktop.sync.policy import LAST_ATTEMPT, Verdict


@dataclass
class Desk:
    """A desk, its engine and the central store across the network."""

    clock: HandClock
    store: DeskStore
    central: CentralStore
    engine: Engine

    def state(self, event: Event) -> tuple[EventState, str]:
        """Where an event stands, and why."""
        now = self.store.outbox.get(event.id)
        return now.state, now.cause


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An empty desk."""
    clock = HandClock()
    with desk_store(tmp_path, clock) as store:
        central = CentralStore(clock)
        yield Desk(clock, store, central, Engine(store.outbox, store.patients, central, clock))
        assert store.journal.verify()
        assert max(central.creations.values(), default=1) == 1


CONFIRMED = (EventState.CONFIRMED, "")
ERNEST = nir("1490399000777")


def test_an_opening_is_asked_about_then_sent_then_confirmed(desk: Desk) -> None:
    """The existence test comes right before the creation; the answer is kept and becomes server truth."""
    event = desk.store.outbox.add(opening(), BRINDILLE)
    report = desk.engine.run(BRINDILLE)
    assert desk.central.calls == ["existence", "create"]
    assert desk.state(event) == CONFIRMED
    assert report.of(Verdict.CONFIRMED) == (event.id,) and report.changed == {event.id} and report.stopped_by == ""
    assert desk.store.patients.projected(event.dossier, BRINDILLE).shown == "active"
    assert desk.store.patients.identity(event.dossier) == Identity(opening().traits, InsStatus.RETRIEVED, ins())
    assert desk.engine.run(BRINDILLE).changed == frozenset()


@pytest.mark.parametrize(
    ("state", "cause"),
    [
        (DossierState.ACTIVE, "already-open"),
        (DossierState.CLOSED, "already-closed"),
        (DossierState.OPPOSED, "person-opposed"),
        (DossierState.BLOCKED, "dossier-blocked"),
    ],
)
def test_nothing_is_sent_where_a_dossier_or_a_refusal_stands(desk: Desk, state: DossierState, cause: str) -> None:
    """The person's dossier turned out to exist, or not to be wanted: refused with its cause, nothing created."""
    desk.central.states[GASPARD.value] = state
    event = desk.store.outbox.add(opening(), BRINDILLE)
    desk.engine.run(BRINDILLE)
    assert desk.state(event) == (EventState.REFUSED, cause)
    assert desk.central.calls == ["existence"]
    assert desk.store.patients.projected(event.dossier, BRINDILLE).shown == state.value


@pytest.mark.parametrize("error", [ConnectionCut(), StoreTimeout(), HtmlAnswer(), RuntimeError("odd")])
@pytest.mark.parametrize("processed", [True, False])
def test_a_lost_answer_never_makes_two_dossiers(
    desk: Desk, error: Exception, processed: bool, expected_logs: LogWatch
) -> None:
    """The answer to a creation is lost, processed or not: asked about first, confirmed or sent again, once in all."""
    (desk.central.after if processed else desk.central.before)["create"].append(error)
    event = desk.store.outbox.add(opening(), BRINDILLE)
    assert desk.engine.run(BRINDILLE).of(Verdict.ASK_FIRST) == (event.id,)
    waiting = desk.store.outbox.get(event.id)
    assert (waiting.state, waiting.in_doubt, waiting.attempts) == (EventState.WAITING, True, 1)
    desk.engine.run(BRINDILLE)
    assert desk.central.calls == ["existence", "create"]  # the back-off holds
    desk.clock.forward(seconds=25)
    desk.engine.run(BRINDILLE)
    assert desk.state(event) == CONFIRMED
    assert desk.central.calls[2:] == (["existence"] if processed else ["existence", "create"])
    assert desk.central.creations[GASPARD.value] == 1
    assert ("RuntimeError" in expected_logs.text) == isinstance(error, RuntimeError)


def test_a_crash_while_sending_is_asked_about_first(desk: Desk) -> None:
    """Left sending by a crash: the store has it, so it is confirmed, not sent again."""
    event = desk.store.outbox.add(opening(), BRINDILLE)
    desk.store.outbox.mark_sending(event.id)
    desk.central.states[GASPARD.value] = DossierState.ACTIVE
    desk.engine.run(BRINDILLE)
    assert desk.state(event) == CONFIRMED and desk.central.calls == ["existence"]


def test_our_own_echo_is_not_a_refusal(desk: Desk) -> None:
    """A first send arrives late, between the question and the second send: the refusal of the second confirms."""
    event = desk.store.outbox.add(opening(), BRINDILLE)
    desk.store.outbox.mark_sending(event.id)

    def late() -> None:
        desk.central.states[GASPARD.value] = DossierState.ACTIVE

    desk.central.after["existence"].append(late)
    desk.engine.run(BRINDILLE)
    assert desk.state(event) == CONFIRMED
    assert desk.central.calls == ["existence", "create"]


def test_a_refusal_in_doubt_is_checked_before_it_is_believed(desk: Desk) -> None:
    """Refused with another code after a doubtful send: the dossier is asked about; it is not there, so refused."""
    event = desk.store.outbox.add(opening(), BRINDILLE)
    desk.store.outbox.mark_sending(event.id)
    desk.central.before["create"].append(RightsRefused("DMPAccessDenied", "non"))
    desk.engine.run(BRINDILLE)
    assert desk.central.calls == ["existence", "create", "existence"]
    assert desk.state(event) == (EventState.REFUSED, "rights-refused")
    assert desk.store.outbox.get(event.id).cause_text == "non"


def test_somebody_elses_dossier_is_not_taken_for_ours(desk: Desk) -> None:
    """Opened elsewhere between the question and our send, without a doubt of ours: told as existing already."""

    def elsewhere() -> None:
        desk.central.states[GASPARD.value] = DossierState.ACTIVE

    desk.central.after["existence"].append(elsewhere)
    event = desk.store.outbox.add(opening(), BRINDILLE)
    desk.engine.run(BRINDILLE)
    assert desk.state(event) == (EventState.REFUSED, "already-open")


def test_a_closed_dossier_is_reactivated(desk: Desk) -> None:
    """A reactivation leaves for a closed dossier and makes it active."""
    desk.central.states[GASPARD.value] = DossierState.CLOSED
    event = desk.store.outbox.add(opening(reactivation=True), BRINDILLE)
    desk.engine.run(BRINDILLE)
    assert desk.state(event) == CONFIRMED and desk.central.calls == ["existence", "reactivate"]
    assert desk.store.patients.projected(event.dossier, BRINDILLE).shown == "active"


@pytest.mark.parametrize(
    ("access", "treating"),
    [(AccessChoice.THIS_PROFESSIONAL, False), (AccessChoice.STRUCTURE, False), (AccessChoice.TREATING, True)],
)
def test_the_access_the_person_chose_follows_the_opening(desk: Desk, access: AccessChoice, treating: bool) -> None:
    """Once confirmed, and in the same pass, the authorisation chosen at the desk is asked for."""
    event = desk.store.outbox.add(opening(access=access), BRINDILLE)
    report = desk.engine.run(BRINDILLE, only=event.id)
    assert len(report.of(Verdict.CONFIRMED)) == 2
    assert desk.central.authorised == [(GASPARD.value, BRINDILLE.professional, AuthorisationAct.ADD, treating)]
    known = desk.store.patients.existence(event.dossier, BRINDILLE)
    assert known is not None and (known.authorisation, known.treating) == (Authorisation.VALID, treating)


def test_nobody_is_authorised_unless_the_person_said_so(desk: Desk) -> None:
    """The choice "nobody yet" sends no authorisation (EX_0.3-1010)."""
    desk.store.outbox.add(opening(access=AccessChoice.NOBODY), BRINDILLE)
    desk.engine.run(BRINDILLE)
    assert desk.central.authorised == [] and len(desk.store.outbox.waiting()) == 0


def test_an_authorisation_is_simply_sent_again(desk: Desk) -> None:
    """Idempotent: after a lost answer it goes again; withdrawn, the desk knows it."""
    desk.central.states[GASPARD.value] = DossierState.ACTIVE
    event = desk.store.outbox.add(AuthorisationChange(ins(), AuthorisationAct.REMOVE), BRINDILLE)
    desk.central.after["authorisation"].append(ConnectionCut())
    assert desk.engine.run(BRINDILLE).of(Verdict.LATER) == (event.id,)
    desk.clock.forward(seconds=25)
    desk.engine.run(BRINDILLE)
    assert desk.state(event) == CONFIRMED and len(desk.central.authorised) == 2
    known = desk.store.patients.existence(event.dossier, BRINDILLE)
    assert known is not None and known.authorisation is Authorisation.NONE


def test_one_bad_event_never_blocks_another_dossier(desk: Desk, expected_logs: LogWatch) -> None:
    """Unsendable, refused, unreadable answer, fault of ours: each stays with its dossier, the last one leaves."""
    numbers = (GASPARD, ODILE, HORTENSE)
    bad = [desk.store.outbox.add(opening(n, f"OUV-{i}"), BRINDILLE) for i, n in enumerate(numbers)]
    good = desk.store.outbox.add(opening(ERNEST, "OUV-9"), BRINDILLE)
    desk.central.before["create"] += [UnsendableValue(), ValueError("a bug"), HtmlAnswer()]
    desk.engine.run(BRINDILLE)
    assert [desk.state(e) for e in bad] == [
        (EventState.HELD, "unsendable-value"),
        (EventState.WAITING, "unforeseen"),
        (EventState.WAITING, "html-answer"),
    ]
    assert desk.state(good) == CONFIRMED
    assert "ValueError" in expected_logs.text and "a bug" not in expected_logs.text


def test_an_unreadable_act_is_set_aside(desk: Desk) -> None:
    """A stored act that cannot be read back is stuck, kept, and does not keep the others."""
    event = desk.store.outbox.add(opening(), BRINDILLE)
    other = desk.store.outbox.add(opening(ODILE), BRINDILLE)
    desk.store.database.execute("DROP TRIGGER events_are_written_once")
    desk.store.database.execute("UPDATE events SET payload = '{}' WHERE id = ?", (event.id,))
    report = desk.engine.run(BRINDILLE)
    assert report.of(Verdict.STUCK) == (event.id,)
    assert desk.state(other) == CONFIRMED
    assert desk.store.outbox.counts() == Counts(stuck=1)


def test_a_store_that_does_not_answer_is_left_alone(desk: Desk) -> None:
    """Unreachable: the pass ends at once. Silent twice in a row: likewise. The others are not even tried."""
    events = [desk.store.outbox.add(opening(n, f"OUV-{n.key}"), BRINDILLE) for n in (GASPARD, ODILE, HORTENSE)]
    desk.central.before["existence"].append(StoreUnreachable())
    report = desk.engine.run(BRINDILLE)
    assert report.stopped_by == "store-unreachable" and report.changed == {events[0].id}
    desk.central.before["existence"] += [StoreTimeout(), StoreTimeout()]
    report = desk.engine.run(BRINDILLE)
    assert report.stopped_by == "store-timeout" and report.changed == {events[1].id, events[2].id}
    desk.clock.forward(seconds=25)
    desk.engine.run(BRINDILLE)
    assert {desk.state(e) for e in events} == {CONFIRMED}


@pytest.mark.parametrize("error", [Cancelled(), CardRemoved(), AssertionRefused("x")])
def test_nobody_to_speak_for_stops_the_pass(desk: Desk, error: DmpError) -> None:
    """Cancelled, card pulled, credential refused: the consent is kept and the rest waits."""
    first = desk.store.outbox.add(opening(), BRINDILLE)
    second = desk.store.outbox.add(opening(ODILE), BRINDILLE)
    desk.central.before["existence"].append(error)
    report = desk.engine.run(BRINDILLE)
    assert report.stopped_by == error.code
    assert desk.state(first) == (EventState.WAITING, error.code)
    assert desk.state(second) == (EventState.WAITING, "")
    assert desk.store.outbox.get(first.id).attempts == (1 if isinstance(error, AssertionRefused) else 0)


def test_an_event_never_leaves_under_another_name(desk: Desk) -> None:
    """A pass of one professional sends nothing of another's."""
    theirs = desk.store.outbox.add(opening(), GABARIT)
    desk.engine.run(BRINDILLE)
    assert desk.state(theirs) == (EventState.WAITING, "") and desk.central.calls == []
    desk.engine.run(GABARIT)
    assert desk.state(theirs) == CONFIRMED


def test_a_single_event_can_be_asked_for(desk: Desk) -> None:
    """ "Send this one" leaves the others alone."""
    other = desk.store.outbox.add(opening(ODILE), BRINDILLE)
    event = desk.store.outbox.add(opening(), BRINDILLE)
    assert desk.engine.run(BRINDILLE, only=event.id).changed == {event.id}
    assert desk.state(other) == (EventState.WAITING, "")


def test_failure_ends_and_a_person_starts_it_again(desk: Desk) -> None:
    """Tried until the last attempt, an event is left to a person; released, it goes."""
    event = desk.store.outbox.add(opening(), BRINDILLE)
    for _ in range(LAST_ATTEMPT):
        desk.central.before["existence"].append(StoreTimeout())
        desk.engine.run(BRINDILLE)
        desk.clock.forward(days=1)
    assert desk.state(event) == (EventState.STUCK, "store-timeout")
    assert desk.engine.run(BRINDILLE).changed == frozenset()
    desk.store.outbox.release(event.id, BRINDILLE)
    desk.engine.run(BRINDILLE)
    assert desk.state(event) == CONFIRMED
    assert desk.clock.now() - event.created_at == timedelta(days=LAST_ATTEMPT)


def test_an_event_given_up_during_the_question_is_not_sent(desk: Desk) -> None:
    """Somebody abandons the event while the store is being asked: nothing leaves."""
    event = desk.store.outbox.add(opening(), BRINDILLE)
    desk.central.after["existence"].append(lambda: desk.store.outbox.give_up(event.id, BRINDILLE, "doublon"))
    assert desk.engine.run(BRINDILLE).changed == frozenset()
    assert desk.central.calls == ["existence"]
    assert desk.state(event) == (EventState.REFUSED, "given-up")


def test_one_pass_at_a_time(desk: Desk) -> None:
    """A second pass while one runs is told so, from any thread; afterwards it may run."""
    refused: list[type[Exception]] = []

    def second() -> None:
        try:
            desk.engine.run(BRINDILLE)
        except PassRunning:
            refused.append(PassRunning)

    def during() -> None:
        lane = threading.Thread(target=second)
        lane.start()
        lane.join()

    desk.central.before["existence"].append(during)
    desk.store.outbox.add(opening(), BRINDILLE)
    desk.engine.run(BRINDILLE)
    assert refused == [PassRunning]
    desk.engine.run(BRINDILLE)


def test_a_full_disk_after_the_stores_yes_is_recognised_at_the_next_pass(desk: Desk) -> None:
    """The store said yes and it cannot be written here: told, then found again by asking, not by sending."""
    event = desk.store.outbox.add(opening(access=AccessChoice.TREATING), BRINDILLE)
    desk.central.store_id = "x" * 50_000  # what is to be written does not fit any more

    def full() -> None:
        desk.store.database.execute("PRAGMA max_page_count = 1")  # never under what there is

    desk.central.after["create"].append(full)
    with pytest.raises(DiskFull):
        desk.engine.run(BRINDILLE)
    assert [e.id for e in desk.store.outbox.interrupted()] == [event.id]
    desk.store.database.execute("PRAGMA max_page_count = 100000")
    desk.engine.run(BRINDILLE)
    assert desk.state(event) == CONFIRMED
    assert desk.central.calls == ["existence", "create", "existence", "authorisation"]


# -- captured while INSi was down -------------------------------------------------------------------------------------


def test_an_opening_captured_without_ins_is_named_first(desk: Desk) -> None:
    """INSi agrees with the card: the opening leaves under the INS found, the identity is kept."""
    desk.central.insi = gaspard_found()
    event = desk.store.outbox.add(provisional(), BRINDILLE)
    desk.engine.run(BRINDILLE)
    assert desk.central.calls == ["insi", "existence", "create"]
    assert desk.central.asked == [provisional().card]
    done = desk.store.outbox.get(event.id)
    assert done.state is EventState.CONFIRMED and done.resolved is not None
    assert done.resolved.ins == ins() and done.resolved.status is InsStatus.RETRIEVED
    assert desk.store.patients.identity(done.dossier) == done.resolved
    assert desk.central.creations[GASPARD.value] == 1


def test_a_difference_waits_for_a_person_with_a_document(desk: Desk) -> None:
    """INSi differs from the card: nothing leaves until somebody decides, then INSi is not asked again."""
    desk.central.insi = found(GASPARD, "CORNICHE", "GASTON", "19771111")
    event = desk.store.outbox.add(provisional(), BRINDILLE)
    assert desk.engine.run(BRINDILLE).of(Verdict.HELD) == (event.id,)
    held = desk.store.outbox.get(event.id)
    assert held.cause == IDENTITY_DIFFERENCE and held.resolved is not None
    assert held.resolved.traits.given_names == ("GASTON",)
    desk.engine.run(BRINDILLE)
    assert desk.central.calls == ["insi"]
    desk.store.outbox.release(event.id, BRINDILLE, proof=ProofDocument.IDENTITY_CARD)
    desk.engine.run(BRINDILLE)
    assert desk.central.calls == ["insi", "existence", "create"]
    assert desk.state(event) == CONFIRMED


@pytest.mark.parametrize(("outcome", "cause"), [(InsiOutcome.NONE, "insi-none"), (InsiOutcome.SEVERAL, "insi-several")])
def test_insi_without_an_answer_holds_the_event(desk: Desk, outcome: InsiOutcome, cause: str) -> None:
    """None or several: a person must look; released, INSi is asked again."""
    desk.central.insi = InsiAnswer(outcome, desk.clock.now(), label="libellé")
    event = desk.store.outbox.add(provisional(), BRINDILLE)
    desk.engine.run(BRINDILLE)
    assert desk.state(event) == (EventState.HELD, cause)
    desk.central.insi = gaspard_found()
    desk.store.outbox.release(event.id, BRINDILLE)
    desk.engine.run(BRINDILLE)
    assert desk.state(event) == CONFIRMED


def test_insi_still_down_waits(desk: Desk) -> None:
    """INSi does not answer: later, the store is not even asked."""
    desk.central.before["insi"].append(StoreTimeout())
    event = desk.store.outbox.add(provisional(), BRINDILLE)
    desk.engine.run(BRINDILLE)
    assert desk.state(event) == (EventState.WAITING, "store-timeout") and desk.central.calls == ["insi"]


def test_a_capture_that_turns_out_to_be_waiting_already_is_refused(desk: Desk) -> None:
    """Two captures of one person, one without INS: named, the second is refused and nothing is sent for it."""
    first = desk.store.outbox.add(opening(), BRINDILLE)
    desk.store.outbox.hold(first.id, "insi-none")
    desk.central.insi = gaspard_found()
    second = desk.store.outbox.add(provisional(), BRINDILLE)
    desk.engine.run(BRINDILLE)
    assert desk.state(second) == (EventState.REFUSED, "already-waiting") and desk.central.calls == ["insi"]
