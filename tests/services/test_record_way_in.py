"""The way into a record, on the real store: no list before the gesture, what stands in the way told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.record_store import RecordPost
from helpers.sandbox_world import sandbox, sandbox_clock, sandbox_pki_folder

from dmp_desktop.cache.journal import Act
from dmp_desktop.domain.dossier import Authorisation
from dmp_desktop.domain.events import AuthorisationAct, EventState
from dmp_desktop.domain.habilitations import AccessMode
from dmp_desktop.domain.professional import ProfessionalKind
from dmp_desktop.domain.rights import Column
from dmp_desktop.errors import FlowError
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.services.gate import AccessGate, AgreementMissing, GateReason, GateState, ReasonMissing
from dmp_desktop.sync.errors import StoreUnreachable
from dmp_desktop.sync.refresh import RefreshOutcome

__all__ = ["sandbox", "sandbox_clock", "sandbox_pki_folder"]


@pytest.fixture
def post(sandbox: Sandbox, sandbox_clock: HandClock, tmp_path: Path) -> Iterator[RecordPost]:
    made = RecordPost(sandbox, sandbox_clock, tmp_path / "profile")
    yield made
    made.close()


def asked_and_answered(post: RecordPost, key: str) -> AccessGate:
    """A gate after TD0.2."""
    gate = post.gate(key)
    assert gate.start() is GateState.ASKING
    gate.answered(post.entrance.ask(gate))
    return gate


def test_nothing_is_listed_before_the_gesture_and_the_record_opens_after_it(post: RecordPost) -> None:
    """EX_0.3-1010: TD0.2, then a gesture with its reason, then the authorisation, and only then the list."""
    gate = asked_and_answered(post, "ernest")
    assert gate.existence is not None
    assert gate.existence.authorisation is Authorisation.EXPIRED
    assert gate.state is GateState.GESTURE
    assert post.asked() == ["TD0.2"]
    with pytest.raises(FlowError):
        gate.context()
    with pytest.raises(ReasonMissing):
        gate.authorise(None, True, False)
    with pytest.raises(AgreementMissing):
        gate.authorise(GateReason.CARE, False, False)
    assert gate.state is GateState.GESTURE
    gate.authorise(GateReason.CARE, True, False)
    event = post.entrance.keep(gate)
    assert post.asked() == ["TD0.2"]
    assert gate.delivered(post.entrance.deliver(event.id, post.author), post.clock.now()) is GateState.OPEN
    assert post.asked() == ["TD0.2", "TD0.3"]
    record = post.record(gate.context())
    record.refresh()
    assert record.rows()
    assert "TD3.1" in post.asked()
    rows = [row for row in post.store.journal.last(10) if row.act == Act.FIRST_ACCESS]
    assert [(row.reason, row.event) for row in rows] == [("care", event.id)]


def test_somebody_authorised_opens_at_once_and_from_the_copy_without_the_network(post: RecordPost) -> None:
    """TD0.2 the first time; afterwards the copy opens before anything is asked."""
    gate = asked_and_answered(post, "hortense")
    assert gate.state is GateState.OPEN
    assert gate.context().treating
    post.record(gate.context()).refresh()
    before = len(post.asked())
    again = post.gate("hortense")
    assert again.start() is GateState.OPEN
    assert len(post.asked()) == before


def test_what_stands_in_the_way_is_told(post: RecordPost) -> None:
    """Each answer of the existence test has its screen, and none of them asks for the list."""
    for key, state, emergency in (
        ("odile", GateState.NO_DOSSIER, False),
        ("apolline", GateState.CLOSED, False),
        ("maxence", GateState.OPPOSED, False),
        ("blaise", GateState.BLOCKED, False),
        ("nadege", GateState.GESTURE, True),
    ):
        gate = asked_and_answered(post, key)
        assert gate.state is state, key
        assert gate.offers_emergency is emergency, key
    assert set(post.asked()) == {"TD0.2"}


def test_what_the_store_says_at_the_door_purges_the_copy(post: RecordPost) -> None:
    """An authorisation that is no more: what was kept of the dossier is gone before anybody reads it."""
    context = post.context("firmin")
    post.record(context).refresh()
    assert post.copy.shelf.entries(context.reader)
    post.sandbox.store.withdraw(context.ins, post.author.professional)
    gate = post.gate("firmin")
    assert gate.start() is GateState.OPEN
    assert gate.answered(post.entrance.ask(gate)) is GateState.GESTURE
    assert post.copy.shelf.entries(context.reader) == ()


def test_without_an_answer_and_without_a_copy_the_way_is_closed(post: RecordPost) -> None:
    """Offline, nothing here: the cause is kept for its sentence, and F5 asks again."""
    gate = post.gate("nadege")
    gate.start()
    assert gate.unanswered(StoreUnreachable("no route")) is GateState.UNREACHABLE
    assert gate.fault is not None
    assert gate.ask_again() is GateState.ASKING


def test_an_authorisation_that_cannot_leave_waits_and_nothing_is_listed(post: RecordPost) -> None:
    """The gesture is durable; the record stays closed until the store confirmed it."""
    gate = asked_and_answered(post, "nadege")
    gate.authorise(GateReason.TEAM, True, False)
    event = post.entrance.keep(gate)
    post.sandbox.stop()
    assert gate.delivered(post.entrance.deliver(event.id, post.author), post.clock.now()) is GateState.AWAITING
    assert post.store.outbox.get(event.id).state is EventState.WAITING
    with pytest.raises(FlowError):
        gate.context()


def test_a_minor_is_offered_the_secret_before_anything_is_asked(post: RecordPost) -> None:
    """By age; the choice is made first, nothing of it is written here, and an adult never sees it."""
    gate = post.gate("basile")
    assert gate.age is not None
    assert gate.start() is GateState.CHOOSING
    assert post.asked() == []
    assert gate.choose_connection(True) is GateState.ASKING
    gate.answered(post.entrance.ask(gate))
    assert gate.state is GateState.OPEN
    assert gate.context().in_memory
    assert [access.secret for access in post.sandbox.store.accesses()] == ["oui"]
    assert post.store.patients.existence(gate.dossier, post.author) is None
    younger = replace(gate, secret_from=gate.age + 1)
    assert not younger.offers_secret
    assert not post.gate("hortense").offers_secret


def test_the_gesture_of_a_secret_connection_is_secret_too(post: RecordPost) -> None:
    """TD0.3 leaves in the same connection: the representatives are not told, and nothing of it is learned here."""
    ins = post.identity("basile").ins
    assert ins is not None
    post.gateway.set_authorisation(ins, AuthorisationAct.REMOVE)
    gate = post.gate("basile")
    gate.start()
    gate.choose_connection(True)
    gate.answered(post.entrance.ask(gate))
    assert gate.state is GateState.GESTURE
    gate.authorise(GateReason.CARE, True, False)
    event = post.entrance.deliver(post.entrance.keep(gate).id, post.author)
    assert event.state is EventState.CONFIRMED
    assert gate.delivered(event, post.clock.now()) is GateState.OPEN
    told = [(access.act, access.secret) for access in post.sandbox.store.accesses()]
    assert told[-2:] == [("TD0.2", "oui"), ("TD0.3", "oui")]
    assert post.store.patients.existence(gate.dossier, post.author) is None


def test_occupational_medicine_reads_by_agreement_and_keeps_its_copy(
    sandbox: Sandbox, sandbox_clock: HandClock, tmp_path: Path
) -> None:
    """No authorisation may be declared (matrix, TD0.3): the list is the store's to give, and nothing is purged."""
    post = RecordPost(sandbox, sandbox_clock, tmp_path / "chantier", "chantier")
    context = post.context("hortense")
    assert context.existence is not None
    assert context.existence.authorisation is not Authorisation.VALID
    report = post.record(context).refresh()
    assert report.outcome is RefreshOutcome.DONE
    assert report.new
    again = asked_and_answered(post, "hortense")
    assert again.state is GateState.OPEN
    assert len(post.copy.shelf.entries(context.reader)) == len(report.new)
    post.close()


def test_a_reception_does_not_pass(post: RecordPost) -> None:
    """The matrix gives desk staff no list; a pharmacist reads, and is never médecin traitant."""
    gate = post.gate("hortense")
    staff = replace(gate, professional=replace(gate.professional, kind=ProfessionalKind.CPE, profession=""))
    assert staff.start() is GateState.FORBIDDEN
    assert staff.column is Column.DESK
    pharmacist = replace(gate, existence=None, professional=replace(gate.professional, profession="21"))
    assert pharmacist.start() is GateState.ASKING
    assert not pharmacist.may_be_treating
    assert pharmacist.may_read(AccessMode.BREAK_GLASS)
    assert post.asked() == []
