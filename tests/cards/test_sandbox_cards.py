"""The simulated readers behave as real ones, faults included."""

from __future__ import annotations

import queue
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from helpers.cards_certificates import Person, card_certificate, key
from helpers.cards_links import FAMILY
from helpers.clocks import HandClock

from dmp_desktop.cards.vitale import read_inserted
from dmp_desktop.domain.identifiers import CardNature, PsId, Secret, StructureId
from dmp_desktop.domain.professional import PROOF_PREFIX, Professional, ProfessionalKind, Situation
from dmp_desktop.domain.readers import (
    CardFamily,
    CardMute,
    CardRemoved,
    CardServiceDown,
    NoCard,
    PinBlocked,
    ReaderBusy,
    ReaderEvent,
    ReaderGone,
    UnknownCard,
    UnreadableCard,
    WrongPin,
)
from dmp_desktop.errors import FlowError
from dmp_desktop.sandbox.cards.professional import KeyFiles, SimulatedProfessionalCard
from dmp_desktop.sandbox.cards.readers import LEFT, RIGHT, SimulatedReaders
from dmp_desktop.sandbox.cards.virtual_vitale import VITALE_1_ATR, VirtualVitale

_SITUATIONS = (
    Situation(StructureId("499700000017001"), "Cabinet des Trois-Tilleuls", "SA07"),
    Situation(StructureId("10B0307377"), "Hôpital de l’Exemple", "SA01"),
)


@pytest.fixture
def doctor(tmp_path: Path) -> SimulatedProfessionalCard:
    """Dr Aurore Brindille's plastic, PIN 1234."""
    profile = Professional(PsId("899700000017"), "BRINDILLE", "AURORE", ProfessionalKind.CPS, CardNature.TEST, "10")
    return SimulatedProfessionalCard(
        profile, _SITUATIONS, "1234", _files(tmp_path, "signature"), _files(tmp_path, "authentication")
    )


def _files(folder: Path, name: str) -> KeyFiles:
    private = key(name)
    certificate = x509.load_der_x509_certificate(card_certificate(Person(), private))
    files = KeyFiles(folder / f"{name}.crt", folder / f"{name}.key")
    files.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    pem = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    files.key.write_bytes(private.private_bytes(*pem))
    return files


@contextmanager
def _watched(readers: SimulatedReaders) -> Iterator[queue.Queue[ReaderEvent]]:
    seen: queue.Queue[ReaderEvent] = queue.Queue()
    readers.start(seen.put)
    try:
        yield seen
    finally:
        readers.stop()


def _next(seen: queue.Queue[ReaderEvent], count: int) -> list[str]:
    events = [seen.get(timeout=5) for _ in range(count)]
    return [
        f"{event.change} {'L' if event.reader == LEFT else 'R' if event.reader else ''}".strip() for event in events
    ]


def test_events_tell_what_is_there_then_what_changes(doctor: SimulatedProfessionalCard) -> None:
    """Cards already in are told at the start; then insertions, removals and swaps, in order, with their family."""
    readers = SimulatedReaders()
    readers.insert(LEFT, doctor)
    with _watched(readers) as seen:
        assert _next(seen, 4) == ["service-up", "reader-added L", "card-in L", "reader-added R"]
        readers.insert(RIGHT, VirtualVitale(FAMILY))
        event = seen.get(timeout=5)
        assert (event.reader, event.family) == (RIGHT, CardFamily.VITALE_2)
        readers.insert(RIGHT, VirtualVitale(FAMILY, atr=VITALE_1_ATR))
        assert _next(seen, 2) == ["card-out R", "card-in R"]
        readers.remove(LEFT)
        readers.remove(LEFT)
        readers.mute(LEFT, doctor)
        assert _next(seen, 2) == ["card-out L", "card-mute L"]
    assert seen.empty()


def test_service_and_readers_may_go_and_come_back(doctor: SimulatedProfessionalCard) -> None:
    """A stopped service takes everything along; what is still inside is told again when it comes back."""
    readers = SimulatedReaders()
    readers.insert(LEFT, doctor)
    with _watched(readers) as seen:
        _next(seen, 4)
        readers.service(False)
        assert _next(seen, 4) == ["card-out L", "reader-gone L", "reader-gone R", "service-down"]
        with pytest.raises(CardServiceDown):
            readers.connect(LEFT)
        readers.service(True)
        assert _next(seen, 4) == ["service-up", "reader-added L", "card-in L", "reader-added R"]
        readers.plug(LEFT, False)
        assert _next(seen, 2) == ["card-out L", "reader-gone L"]
        with pytest.raises(ReaderGone):
            readers.professional_card(LEFT)
        readers.plug(LEFT, True)
        assert _next(seen, 2) == ["reader-added L", "card-in L"]


def test_the_vitale_is_read_by_the_client(doctor: SimulatedProfessionalCard) -> None:
    """The client's own reading goes through the simulated slot."""
    readers = SimulatedReaders()
    readers.insert(RIGHT, VirtualVitale(FAMILY))
    reading = read_inserted(readers, RIGHT, CardFamily.VITALE_2, HandClock())
    assert [person.given_name for person in reading.beneficiaries] == [holder.given_name for holder in FAMILY]
    readers.insert(RIGHT, doctor)
    with pytest.raises(UnknownCard):
        readers.connect(RIGHT)


def test_each_fault_is_the_error_of_a_real_reader() -> None:
    """Empty, mute, busy, pulled and garbled give the errors of PC/SC; a single hiccup is healed."""
    readers = SimulatedReaders()
    vitale = VirtualVitale(FAMILY)
    with pytest.raises(NoCard):
        readers.connect(RIGHT)
    readers.mute(RIGHT, vitale)
    with pytest.raises(CardMute):
        readers.connect(RIGHT)
    readers.insert(RIGHT, vitale)
    readers.busy(RIGHT, 1)
    with pytest.raises(ReaderBusy):
        readers.connect(RIGHT)
    for command in range(1, 9):
        readers.insert(RIGHT, vitale)
        readers.pull_at(RIGHT, command)
        with pytest.raises(CardRemoved):
            read_inserted(readers, RIGHT, CardFamily.VITALE_2, HandClock())
        assert readers.inserted(RIGHT) is None
    readers.insert(RIGHT, vitale)
    readers.garble(RIGHT, 3)
    assert read_inserted(readers, RIGHT, CardFamily.VITALE_2, HandClock()).beneficiaries
    readers.garble(RIGHT, 3, times=1000)
    with pytest.raises(UnreadableCard):
        read_inserted(readers, RIGHT, CardFamily.VITALE_2, HandClock())


def test_a_wrong_code_costs_a_try_kept_by_the_plastic(doctor: SimulatedProfessionalCard) -> None:
    """Tries survive removal; a slip that is no code costs none; the third wrong one blocks; the right one resets."""
    readers = SimulatedReaders()
    readers.insert(LEFT, doctor)
    card = readers.professional_card(LEFT)
    with pytest.raises(WrongPin) as wrong:
        card.login(Secret("9999"))
    assert wrong.value.tries == 2
    with pytest.raises(WrongPin):
        card.login(Secret("12"))
    readers.insert(LEFT, doctor)
    card = readers.professional_card(LEFT)
    assert card.tries_left() == 2
    card.login(Secret("1234"))
    assert card.tries_left() == 3
    for _ in range(2):
        with pytest.raises(WrongPin):
            card.login(Secret("0000"))
    with pytest.raises(PinBlocked):
        card.login(Secret("0000"))
    with pytest.raises(PinBlocked):
        card.login(Secret("1234"))


def test_the_card_signs_after_its_code_and_until_it_leaves(doctor: SimulatedProfessionalCard) -> None:
    """Nothing private before the PIN; a signature its certificate verifies; nothing at all after the removal."""
    readers = SimulatedReaders()
    readers.insert(LEFT, doctor)
    card = readers.professional_card(LEFT)
    assert card.holder().id.rpps == "99700000017"
    for act in (
        card.situations,
        card.signature,
        lambda: card.install_tls_key(ssl.create_default_context()),
        lambda: card.prove(b"challenge"),
    ):
        with pytest.raises(FlowError):
            act()
    card.login(Secret("1234"))
    proof = card.prove(b"challenge")
    assert proof == card.prove(b"challenge")
    client = x509.load_pem_x509_certificate(doctor.authentication.certificate.read_bytes()).public_key()
    client.verify(proof, PROOF_PREFIX + b"challenge", padding.PKCS1v15(), hashes.SHA256())  # type: ignore[union-attr,call-arg,arg-type]
    assert card.situations() == _SITUATIONS
    signer = card.signature()
    public = x509.load_der_x509_certificate(signer.certificate).public_key()
    public.verify(signer.sign_sha256(b"vihf"), b"vihf", padding.PKCS1v15(), hashes.SHA256())  # type: ignore[union-attr,call-arg,arg-type]
    context = ssl.create_default_context()
    card.install_tls_key(context)
    assert context.maximum_version is ssl.TLSVersion.TLSv1_2
    readers.remove(LEFT)
    for act in (card.holder, card.tries_left, card.situations, lambda: signer.sign_sha256(b"vihf")):
        with pytest.raises(CardRemoved):
            act()
    readers.insert(LEFT, doctor)
    with pytest.raises(CardRemoved):
        card.holder()
