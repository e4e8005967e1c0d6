"""The real gateway against the real sandbox, over mutual TLS: two readings of the same published interface meet."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from cryptography import x509
from helpers import wire_sandbox, wire_world
from helpers.clocks import HandClock
from helpers.sandbox_world import sandbox, sandbox_clock, sandbox_pki_folder

from dmp_desktop.domain.dossier import Authorisation, DossierState
from dmp_desktop.domain.events import AuthorisationAct
from dmp_desktop.domain.identifiers import CardNature, Nir
from dmp_desktop.domain.identity import Beneficiary, BirthDate, CardTraits, InsiOutcome, Verdict, VitaleReading, compare
from dmp_desktop.domain.professional import Signer
from dmp_desktop.errors import BadAnswer, Cancelled, RefusedByStore
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.faults import Fault, FaultKind, Transaction
from dmp_desktop.sandbox.pki import KeyUse
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.sync.errors import AlreadyOpen, ClockDrift, ConnectionCut, HttpError, MalformedAnswer, TruncatedAnswer
from dmp_desktop.sync.gateway import Gateway

__all__ = ["sandbox", "sandbox_clock", "sandbox_pki_folder"]


class _Announcing:
    """A signer that says when it was asked: from then on, the transaction runs."""

    def __init__(self, signer: Signer, asked: threading.Event) -> None:
        self._signer = signer
        self._asked = asked

    @property
    def certificate(self) -> bytes:
        """The card's."""
        return self._signer.certificate

    def sign_sha256(self, data: bytes) -> bytes:
        """The card's."""
        self._asked.set()
        return self._signer.sign_sha256(data)


@pytest.fixture
def gateway(sandbox: Sandbox, sandbox_clock: HandClock) -> Iterator[Gateway]:
    """Signed in as Dr Brindille."""
    made = Gateway(wire_sandbox.settings(sandbox), sandbox_clock)
    made.sign_in(wire_sandbox.credentials(sandbox))
    yield made
    made.close()


def _reading(card_key: str) -> VitaleReading:
    (card,) = [c for c in people.VITALE_CARDS if c.key == card_key]
    return VitaleReading(
        tuple(
            Beneficiary(n, h.name, h.given_name, BirthDate(h.birth_date), Nir(h.nir), h.nir)
            for n, h in enumerate(card.holders, 1)
        ),
        "x",
        wire_world.NOW,
        "reader",
        CardNature.TEST,
    )


def _traits(card_key: str, position: int = 1) -> CardTraits:
    reading = _reading(card_key)
    return reading.card_traits(reading.beneficiaries[position - 1])


@pytest.mark.parametrize(
    ("key", "state"),
    [
        ("odile", DossierState.NONE),
        ("ernest", DossierState.ACTIVE),
        ("apolline", DossierState.CLOSED),
        ("maxence", DossierState.OPPOSED),
        ("blaise", DossierState.BLOCKED),
        ("ghjulia", DossierState.NONE),
    ],
)
def test_the_five_outcomes(gateway: Gateway, key: str, state: DossierState) -> None:
    """None, active, closed, opposed, blocked: both sides agree on how each one travels."""
    assert gateway.existence(people.person(key).ins).state is state


def test_the_details_of_a_dossier(gateway: Gateway) -> None:
    """Authorisation, médecin traitant, Mon espace santé; date and reason of a closing."""
    ernest = gateway.existence(people.person("ernest").ins)
    assert (ernest.authorisation, ernest.treating, ernest.attached_to_mes) == (Authorisation.EXPIRED, False, True)
    apolline = gateway.existence(people.person("apolline").ins)
    assert (apolline.closed_on, apolline.close_reason) == ("20250917", "FERMETURE_DEMANDE_PATIENT")


def test_a_dossier_is_opened_once(gateway: Gateway, sandbox: Sandbox, sandbox_clock: HandClock) -> None:
    """Created, then active, then refused as existing already."""
    opening, author = (
        wire_sandbox.opening("odile", sandbox_clock),
        wire_sandbox.author(wire_sandbox.credentials(sandbox)),
    )
    assert gateway.create(opening, author).at == sandbox_clock.now().replace(microsecond=0)
    assert opening.ins is not None
    assert gateway.existence(opening.ins).state is DossierState.ACTIVE
    with pytest.raises(AlreadyOpen):
        gateway.create(opening, author)


def test_desk_staff_open_a_minors_dossier(sandbox: Sandbox, sandbox_clock: HandClock) -> None:
    """A CPE, a representative."""
    credentials = wire_sandbox.credentials(sandbox, "papier")
    gateway = Gateway(wire_sandbox.settings(sandbox), sandbox_clock)
    gateway.sign_in(credentials)
    opening = replace(
        wire_sandbox.opening("capucine", sandbox_clock), representative=wire_world.opening(minor=True).representative
    )
    assert gateway.create(opening, wire_sandbox.author(credentials))
    gateway.close()


def test_a_second_situation_speaks_from_its_own_structure(sandbox: Sandbox, sandbox_clock: HandClock) -> None:
    """Structure and sector of the same situation, checked by the store."""
    gateway = Gateway(wire_sandbox.settings(sandbox), sandbox_clock)
    for situation in (0, 1):
        gateway.sign_in(wire_sandbox.credentials(sandbox, "gabarit", situation))
        assert gateway.existence(people.person("ernest").ins).treating
    gateway.close()


def test_a_closed_dossier_is_reactivated(gateway: Gateway, sandbox: Sandbox, sandbox_clock: HandClock) -> None:
    """TD1.2; a deceased person's is refused."""
    author = wire_sandbox.author(wire_sandbox.credentials(sandbox))
    opening = wire_sandbox.opening("apolline", sandbox_clock, reactivation=True)
    gateway.reactivate(opening, author)
    assert opening.ins is not None
    assert gateway.existence(opening.ins).state is DossierState.ACTIVE
    with pytest.raises(RefusedByStore):
        gateway.reactivate(wire_sandbox.opening("ambroise", sandbox_clock, reactivation=True), author)


def test_an_authorisation_is_added_and_removed(gateway: Gateway) -> None:
    """TD0.3, idempotent."""
    ernest = people.person("ernest").ins
    for _ in range(2):
        gateway.set_authorisation(ernest, AuthorisationAct.ADD)
        assert gateway.existence(ernest).authorisation is Authorisation.VALID
    gateway.set_authorisation(ernest, AuthorisationAct.REMOVE)
    assert gateway.existence(ernest).authorisation is not Authorisation.VALID


def test_insi_finds_each_person_of_a_family_card(gateway: Gateway) -> None:
    """The insured's number, the birth date and the rank: twins are told apart; a longer birth name shows."""
    found = [gateway.insi_by_vitale(_traits("famille-corniche", n)) for n in (1, 2, 3, 4)]
    assert [answer.ins for answer in found] == [
        people.person(key).ins for key in ("odile", "gaspard", "capucine", "clementine")
    ]
    odile = found[0]
    assert odile.traits is not None and odile.ins is not None
    rows = compare(_traits("famille-corniche"), odile.traits, odile.ins)
    assert [row.trait.value for row in rows if row.verdict is Verdict.DIFFERENT] == ["birth-name"]


@pytest.mark.parametrize(
    ("key", "outcome"),
    [
        ("ghjulia", InsiOutcome.FOUND),
        ("fatma", InsiOutcome.FOUND),
        ("theodule", InsiOutcome.NONE),
        ("jeanne", InsiOutcome.SEVERAL),
    ],
)
def test_insi_answers_for_the_odd_ones(gateway: Gateway, key: str, outcome: InsiOutcome) -> None:
    """A Corsican, a birth date of month 19, nobody, several."""
    answer = gateway.insi_by_vitale(_traits(key))
    assert answer.outcome is outcome
    if outcome is InsiOutcome.FOUND:
        assert answer.ins == people.person(key).ins


def test_a_replaced_number_is_found_with_its_history(gateway: Gateway) -> None:
    """The card still holds the former one."""
    solange = people.person("solange")
    answer = gateway.insi_by_vitale(_traits("solange"))
    assert (answer.ins, answer.history) == (solange.ins, solange.former)


def test_insi_by_traits(gateway: Gateway) -> None:
    """With the traits of an identity document."""
    ghjulia = people.person("ghjulia")
    answer = gateway.insi_by_traits(ghjulia.traits)
    assert (answer.outcome, answer.ins) == (InsiOutcome.FOUND, ghjulia.ins)
    assert answer.traits is not None and answer.traits.birth_place == "2A990"


@pytest.mark.parametrize(
    ("fault", "expected", "done"),
    [
        (Fault(FaultKind.CUT_BEFORE, Transaction.CREATION), ConnectionCut, False),
        (Fault(FaultKind.CUT_AFTER, Transaction.CREATION), ConnectionCut, True),
        (Fault(FaultKind.CUT_ANSWER, Transaction.CREATION, count=40), TruncatedAnswer, True),
        (Fault(FaultKind.SERVER_ERROR, Transaction.CREATION), HttpError, False),
        (Fault(FaultKind.GARBAGE, Transaction.CREATION), BadAnswer, True),
        (Fault(FaultKind.TRUNCATED, Transaction.CREATION), MalformedAnswer, True),
        (Fault(FaultKind.REFUSE, Transaction.CREATION, code="DMPServiceUnavailable"), RefusedByStore, False),
    ],
    ids=["cut-before", "cut-after", "cut-answer", "server-error", "garbage", "truncated", "refuse"],
)
def test_when_the_store_misbehaves(
    gateway: Gateway,
    sandbox: Sandbox,
    sandbox_clock: HandClock,
    fault: Fault,
    expected: type[Exception],
    done: bool,
) -> None:
    """A typed error, whether the store acted or not: only the existence test tells, and it does."""
    opening, author = (
        wire_sandbox.opening("odile", sandbox_clock),
        wire_sandbox.author(wire_sandbox.credentials(sandbox)),
    )
    assert opening.ins is not None
    sandbox.faults.order(fault)
    with pytest.raises(expected):
        gateway.create(opening, author)
    assert gateway.existence(opening.ins).state is (DossierState.ACTIVE if done else DossierState.NONE)


def test_a_slow_store_can_be_left(gateway: Gateway, sandbox: Sandbox) -> None:
    """Cancelled from another thread, well before the store wakes."""
    sandbox.faults.order(Fault(FaultKind.LATENCY, Transaction.EXISTENCE, seconds=3))
    with ThreadPoolExecutor(1) as lane:
        signing = threading.Event()
        gateway.sign_in(
            replace(
                wire_sandbox.credentials(sandbox), signer=_Announcing(wire_sandbox.credentials(sandbox).signer, signing)
            )
        )
        running = lane.submit(gateway.existence, people.person("ernest").ins)
        assert signing.wait(10)
        gateway.cancel()
        with pytest.raises(Cancelled):
            running.result(2)


def test_a_wrong_clock_is_named(gateway: Gateway, sandbox: Sandbox) -> None:
    """An hour apart, whichever is wrong: the sentence is about the clock."""
    sandbox.faults.skew(3600)
    with pytest.raises(ClockDrift):
        gateway.existence(people.person("ernest").ins)
    sandbox.faults.clear()
    assert gateway.existence(people.person("ernest").ins).state is DossierState.ACTIVE


def test_a_card_of_nobody_known_is_refused(sandbox: Sandbox, sandbox_clock: HandClock) -> None:
    """Signed with the authentication key instead of the signature key: the store refuses it (never swap them)."""
    good = wire_sandbox.credentials(sandbox)
    issued = sandbox.pki.issue(good.professional, KeyUse.AUTHENTICATION)
    swapped = wire_world.SoftSigner(
        issued.private_key(), x509.load_pem_x509_certificate(issued.certificate.read_bytes())
    )
    gateway = Gateway(wire_sandbox.settings(sandbox), sandbox_clock)
    gateway.sign_in(replace(good, signer=swapped))
    with pytest.raises(RefusedByStore):
        gateway.existence(people.person("ernest").ins)
    gateway.close()
