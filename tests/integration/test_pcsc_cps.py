"""Real PC/SC, real PKCS#11 module, virtual CPS: who, code, situations, signatures, TLS, and every interruption."""

from __future__ import annotations

import signal
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from helpers.cards_certificates import Person, card_certificate, key
from helpers.cards_desk import WatchedDesk
from helpers.cards_links import FAMILY
from helpers.cards_pcscd import PrivatePcscd
from helpers.cards_tls import shake, tls_server, trusting_client
from helpers.cards_virtual_cps import AUTHENTICATION, SIGNATURE, VirtualCps
from helpers.clocks import HandClock
from helpers.house_guards import LogWatch

from dmp_desktop.cards.cps import ModuleCannotSign
from dmp_desktop.cards.vitale import read_inserted
from dmp_desktop.domain.identifiers import CardNature, PsId, Secret, StructureId
from dmp_desktop.domain.professional import PROOF_PREFIX, ProfessionalCard, ProfessionalKind, Situation
from dmp_desktop.domain.readers import CardFamily, CardRemoved, NoCard, PinBlocked, ReaderChange, WrongPin
from dmp_desktop.errors import CardError, FlowError
from dmp_desktop.sandbox.cards.virtual_vitale import VirtualVitale

pytestmark = pytest.mark.integration

_CABINET = ("Cabinet des Trois-Tilleuls", "499700000017001", "SA07")
_HOSPITAL = ("Hôpital de l’Exemple", "10B0307377", "SA01")
_RIGHT, _WRONG = Secret("1234"), Secret("9999")


def _cps(person: Person | None = None, *, serial: str = "2500577253", **options: bool) -> VirtualCps:
    person = person or Person()
    keys = {SIGNATURE: key("signature"), AUTHENTICATION: key("authentication")}
    certificates = {
        SIGNATURE: card_certificate(person, keys[SIGNATURE]),
        AUTHENTICATION: card_certificate(person, keys[AUTHENTICATION], client=True),
    }
    return VirtualCps(keys, certificates, (_CABINET, _HOSPITAL), serial=serial, **options)


def _insert(desk: WatchedDesk, pcscd: PrivatePcscd, chip: VirtualCps) -> None:
    pcscd.slots[0].insert(chip)
    (event,) = desk.wait(ReaderChange.CARD_IN)
    assert event.family is CardFamily.CPS


def _pull(desk: WatchedDesk, pcscd: PrivatePcscd) -> None:
    pcscd.slots[0].remove()
    desk.wait(ReaderChange.CARD_OUT)


@contextmanager
def _card(desk: WatchedDesk, pcscd: PrivatePcscd) -> Iterator[ProfessionalCard]:
    card = desk.system.professional_card(pcscd.readers[0])
    try:
        yield card
    finally:
        card.close()


def _verify(certificate: bytes, signature: bytes, data: bytes) -> None:
    public = x509.load_der_x509_certificate(certificate).public_key()
    assert isinstance(public, rsa.RSAPublicKey)
    public.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())


def test_the_holder_and_the_tries_are_told_without_a_code(pcscd: PrivatePcscd, desk: WatchedDesk) -> None:
    """Name, profession, speciality, nature, card number and tries left, and no PIN presented."""
    chip = _cps()
    _insert(desk, pcscd, chip)
    with _card(desk, pcscd) as card:
        holder = card.holder()
        assert (holder.id, holder.family, holder.given) == (PsId("899700000017"), "BRINDILLE", "AURORE")
        assert (holder.profession_label, holder.speciality, holder.kind) == ("Médecin", "SM26", ProfessionalKind.CPS)
        assert (holder.nature, holder.card_serial) == (CardNature.TEST, "2500577253")
        assert card.tries_left() == 3
        for private in (card.situations, card.signature):
            with pytest.raises(FlowError):
                private()
    assert chip.presented == []
    _pull(desk, pcscd)


def test_a_staff_card_that_names_nobody_shows_its_organisation(pcscd: PrivatePcscd, desk: WatchedDesk) -> None:
    """CPE « non nominative »: organisation and number stand for the name (PDT-INF-617)."""
    person = Person("399700017/PAPIER1", None, None, None, "CABINET DES TROIS-TILLEULS", None, None, 0x80, None)
    _insert(desk, pcscd, _cps(person, serial="2500577261"))
    with _card(desk, pcscd) as card:
        holder = card.holder()
    assert (holder.family, holder.given) == ("CABINET DES TROIS-TILLEULS", "399700017-PAPIER1")
    assert holder.is_desk_staff
    _pull(desk, pcscd)


def test_the_code_is_presented_once_and_counted(pcscd: PrivatePcscd, desk: WatchedDesk) -> None:
    """A wrong code costs one try, a slip costs none, the right one resets; nothing is ever presented twice."""
    chip = _cps()
    _insert(desk, pcscd, chip)
    with _card(desk, pcscd) as card:
        with pytest.raises(WrongPin) as wrong:
            card.login(_WRONG)
        assert (wrong.value.tries, card.tries_left(), chip.presented) == (2, 2, ["wrong"])
        with pytest.raises(WrongPin):
            card.login(Secret("12a4"))
        assert chip.presented == ["wrong"]
        card.login(_RIGHT)
        assert (card.tries_left(), chip.tries, chip.presented) == (3, 3, ["wrong", "right"])
        with pytest.raises(WrongPin):
            card.login(_WRONG)
        with pytest.raises(FlowError):
            card.situations()
    _pull(desk, pcscd)
    _insert(desk, pcscd, chip)
    with _card(desk, pcscd) as card:
        assert card.tries_left() == 2, "the plastic remembers"
        for left in (1, 0):
            with pytest.raises(WrongPin if left else PinBlocked):
                card.login(_WRONG)
            assert card.tries_left() == left
        with pytest.raises(PinBlocked):
            card.login(_RIGHT)
    assert chip.presented[-2:] == ["wrong", "wrong"], "a blocked card is not asked again"
    _pull(desk, pcscd)


def test_a_card_silent_on_its_tries_says_unknown(pcscd: PrivatePcscd, desk: WatchedDesk) -> None:
    """Without a counter, the tries left are unknown before the first attempt, never guessed."""
    _insert(desk, pcscd, _cps(tells_counter=False))
    with _card(desk, pcscd) as card:
        assert card.tries_left() is None
    _pull(desk, pcscd)


def test_situations_and_signature_after_the_code(pcscd: PrivatePcscd, desk: WatchedDesk) -> None:
    """Two situations whose numbers have holes; a signature that the card's own certificate verifies."""
    _insert(desk, pcscd, _cps())
    with _card(desk, pcscd) as card:
        card.login(_RIGHT)
        assert card.situations() == tuple(
            Situation(StructureId(structure), name, sector) for name, structure, sector in (_CABINET, _HOSPITAL)
        )
        signer = card.signature()
        _verify(signer.certificate, signer.sign_sha256(b"assertion"), b"assertion")
    _pull(desk, pcscd)


def test_the_card_proves_itself_by_its_authentication_key(pcscd: PrivatePcscd, desk: WatchedDesk) -> None:
    """The same challenge gives the same proof; the authentication certificate verifies it, the other one does not."""
    _insert(desk, pcscd, _cps())
    challenge = bytes(range(32))
    with _card(desk, pcscd) as card:
        with pytest.raises(FlowError):
            card.prove(challenge)
        card.login(_RIGHT)
        first, again, other = card.prove(challenge), card.prove(challenge), card.prove(challenge[::-1])
        signature = card.signature().certificate
    assert first == again != other
    _verify(card_certificate(Person(), key("authentication"), client=True), first, PROOF_PREFIX + challenge)
    with pytest.raises(InvalidSignature):
        _verify(signature, first, PROOF_PREFIX + challenge)
    _pull(desk, pcscd)
    with pytest.raises(CardRemoved):
        card.prove(challenge)


def test_a_module_that_cannot_sign_says_so(pcscd: PrivatePcscd, desk: WatchedDesk) -> None:
    """A key whose last block of hash is the card's own, as on a real CPS3: OpenSC with OpenSSL 3 cannot; it is told."""
    _insert(desk, pcscd, _cps(card_hashes=True))
    with _card(desk, pcscd) as card:
        card.login(_RIGHT)
        signer = card.signature()
        try:
            signature = signer.sign_sha256(b"assertion")
        except ModuleCannotSign as error:
            assert error.code == "pkcs11-cannot-sign"
        else:
            _verify(signer.certificate, signature, b"assertion")
    _pull(desk, pcscd)


def test_a_card_that_leaves_takes_everything_along(pcscd: PrivatePcscd, desk: WatchedDesk) -> None:
    """After a removal every act says so, also when the card is back; the code is asked again."""
    chip = _cps()
    _insert(desk, pcscd, chip)
    with _card(desk, pcscd) as card:
        card.login(_RIGHT)
        signer = card.signature()
        _pull(desk, pcscd)
        for act in (card.holder, card.tries_left, card.situations, card.signature, lambda: signer.sign_sha256(b"x")):
            with pytest.raises(CardRemoved):
                act()
        with pytest.raises(NoCard):
            desk.system.professional_card(pcscd.readers[0])
        _insert(desk, pcscd, chip)
        with pytest.raises(CardRemoved):
            signer.sign_sha256(b"x")
    with _card(desk, pcscd) as card:
        with pytest.raises(FlowError):
            card.situations()
        card.login(_RIGHT)
        assert len(card.situations()) == 2
    assert chip.presented == ["right", "right"]
    _pull(desk, pcscd)
    _insert(desk, pcscd, _cps(Person("899700000025", "GABARIT", "LUCIEN"), serial="2500577999"))
    with _card(desk, pcscd) as card:
        assert card.holder().family == "GABARIT"
    _pull(desk, pcscd)


def test_a_card_pulled_while_it_signs(pcscd: PrivatePcscd, desk: WatchedDesk) -> None:
    """Pulled at one command after another of an unlocking and a signature: a typed error each time, then it works."""
    chip = _cps()
    _insert(desk, pcscd, chip)
    with _card(desk, pcscd) as card:
        opened = pcscd.slots[0].commands
        card.login(_RIGHT)
        card.signature().sign_sha256(b"x")
        total = pcscd.slots[0].commands
    _pull(desk, pcscd)
    for moment in range(opened + 1, total + 1, max(1, (total - opened) // 6)):
        _insert(desk, pcscd, chip)
        with _card(desk, pcscd) as card:
            slot = pcscd.slots[0]
            slot.pull_at = slot.commands + moment - opened
            with pytest.raises(CardError):
                card.login(_RIGHT)
                card.signature().sign_sha256(b"x")
        desk.wait(ReaderChange.CARD_OUT)
    _insert(desk, pcscd, chip)
    with _card(desk, pcscd) as card:
        assert chip.tries == 3
        card.login(_RIGHT)
        card.signature().sign_sha256(b"x")
    _pull(desk, pcscd)


def test_the_service_killed_under_an_open_session(pcscd: PrivatePcscd, desk: WatchedDesk) -> None:
    """The session is lost and says so; with the service back, the same module works on."""
    chip = _cps()
    _insert(desk, pcscd, chip)
    with _card(desk, pcscd) as card:
        card.login(_RIGHT)
        pcscd.stop(signal.SIGKILL)
        desk.wait(ReaderChange.CARD_OUT, ReaderChange.READER_GONE, ReaderChange.READER_GONE, ReaderChange.SERVICE_DOWN)
        with pytest.raises(CardRemoved):
            card.situations()
    pcscd.start()
    desk.wait(ReaderChange.SERVICE_UP, ReaderChange.READER_ADDED, ReaderChange.READER_ADDED)
    _insert(desk, pcscd, chip)
    with _card(desk, pcscd) as card:
        card.login(_RIGHT)
        signer = card.signature()
        _verify(signer.certificate, signer.sign_sha256(b"again"), b"again")
    _pull(desk, pcscd)


def test_both_cards_at_once(pcscd: PrivatePcscd, desk: WatchedDesk) -> None:
    """A Vitale is read between two signatures without disturbing the session."""
    _insert(desk, pcscd, _cps())
    pcscd.slots[1].insert(VirtualVitale(FAMILY))
    desk.wait(ReaderChange.CARD_IN)
    with _card(desk, pcscd) as card:
        card.login(_RIGHT)
        signer = card.signature()
        for _ in range(3):
            _verify(signer.certificate, signer.sign_sha256(b"x"), b"x")
            reading = read_inserted(desk.system, pcscd.readers[1], CardFamily.VITALE_2, HandClock())
            assert len(reading.beneficiaries) == 4
        with pytest.raises(CardError):
            desk.system.professional_card(pcscd.readers[1])
        assert len(card.situations()) == 2
    pcscd.slots[1].remove()
    desk.wait(ReaderChange.CARD_OUT)
    _pull(desk, pcscd)


def test_mutual_tls_with_the_key_on_the_card(
    pcscd: PrivatePcscd, desk: WatchedDesk, tmp_path: Path, expected_logs: LogWatch
) -> None:
    """The authentication key, never the signature key, signs the handshake; without the card it fails, typed by ssl."""
    _insert(desk, pcscd, _cps())
    with tls_server(tmp_path) as (port, seen), _card(desk, pcscd) as card, ThreadPoolExecutor(1) as network_lane:
        with pytest.raises(FlowError):
            card.install_tls_key(trusting_client())
        card.login(_RIGHT)
        context = trusting_client()
        card.install_tls_key(context)
        assert network_lane.submit(shake, context, port).result() == "TLSv1.2"
        assert seen.get(timeout=5) == key("authentication").public_key()
        _pull(desk, pcscd)
        with pytest.raises(ssl.SSLError):
            shake(context, port)
    assert "CardRemoved" in expected_logs.text
