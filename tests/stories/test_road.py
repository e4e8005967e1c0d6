"""The whole road without the window: real cards' code, encrypted store, wire over TLS, papers."""

import pytest
from helpers.road import Road

from dmp_desktop.domain.dossier import AccessChoice, DossierState
from dmp_desktop.domain.events import Event, EventState
from dmp_desktop.domain.identity import ProofDocument
from dmp_desktop.sandbox import people
from dmp_desktop.services.opening import OpeningFlow, Stage
from dmp_desktop.services.papers import PaperKind


def walk(road: Road, card: str, position: int) -> OpeningFlow:
    """Card, person, INSi, and the existence test when the identity is settled."""
    road.vitale(card)
    flow = road.desk.new_flow()
    flow.card_read(road.desk.read_vitale())
    flow.choose(position)
    assert flow.card is not None
    flow.insi_answered(road.desk.ask_insi(flow.card))
    return flow


def ask(road: Road, flow: OpeningFlow) -> OpeningFlow:
    """The existence test."""
    assert flow.identity is not None
    assert flow.identity.ins is not None
    flow.existence_answered(road.desk.ask_existence(flow.identity.ins))
    return flow


def send(road: Road, flow: OpeningFlow) -> Event:
    """Inform, consent, send."""
    flow.form.tick_informed(road.clock.now())
    flow.form.tick_consent(road.clock.now())
    payload = flow.submit(road.desk.read_vitale(), road.desk.author(), road.desk.next_reference(False))
    event = road.desk.deliver(road.desk.keep(payload).id)
    flow.sent(event)
    return event


def test_gaspards_dossier_is_opened(road: Road) -> None:
    """From the card to a confirmed dossier at the store, with its consents, and an attestation that may be printed."""
    flow = walk(road, "famille-corniche", 2)
    assert flow.stage is Stage.EXISTENCE
    ask(road, flow)
    assert flow.stage is Stage.CONSENT
    flow.form.centre_15 = False
    event = send(road, flow)
    assert event.state is EventState.CONFIRMED, (event.cause, event.cause_text)
    ins = people.person("gaspard").ins
    assert road.gateway.existence(ins).state is DossierState.ACTIVE
    papers = {p.kind: p for p in road.desk.papers(event)}
    assert papers[PaperKind.ATTESTATION].pdf is not None
    assert papers[PaperKind.RECEIPT].pdf is None
    road.desk.print(papers[PaperKind.ATTESTATION])
    assert len(road.tray.printed) == 1


@pytest.mark.parametrize(
    ("key", "state"),
    [
        ("ernest", DossierState.ACTIVE),
        ("apolline", DossierState.CLOSED),
        ("maxence", DossierState.OPPOSED),
        ("blaise", DossierState.BLOCKED),
    ],
)
def test_the_other_outcomes(road: Road, key: str, state: DossierState) -> None:
    """Each state of the cast comes back as itself (F2)."""
    flow = ask(road, walk(road, key, 1))
    assert flow.existence is not None
    assert flow.existence.state is state
    assert flow.stage is Stage.EXISTENCE


def test_odile_needs_a_decision(road: Road) -> None:
    """Her card holds half her name: only a human goes on, and the dossier then carries INSi's name."""
    flow = walk(road, "famille-corniche", 1)
    assert flow.awaits_decision
    flow.accept_difference(ProofDocument.IDENTITY_CARD)
    flow = ask(road, flow)
    flow.form.access = AccessChoice.THIS_PROFESSIONAL
    event = send(road, flow)
    assert event.state is EventState.CONFIRMED, (event.cause, event.cause_text)
    ins = people.person("odile").ins
    road.engine.run(road.desk.author())
    assert road.gateway.existence(ins).authorisation.value == "VALIDE"
