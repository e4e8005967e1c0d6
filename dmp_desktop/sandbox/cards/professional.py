"""A professional card of no one: its plastic keeps the tries left, its keys are files of the sandbox."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509 import load_pem_x509_certificate

from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.domain.professional import PROOF_PREFIX, Professional, Signer, Situation
from dmp_desktop.domain.readers import CardRemoved, PinBlocked, UnreadableCard, WrongPin
from dmp_desktop.errors import FlowError

CPS_ATR: Final = bytes.fromhex("3BAC00402A001225006480000310009000")
MAX_TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class KeyFiles:
    """One key of the card: two PEM files, the key unencrypted (fictional people only)."""

    certificate: Path
    key: Path


class FileSigner:
    """Signs with a key file, as the card's signature key would."""

    def __init__(self, files: KeyFiles) -> None:
        key = serialization.load_pem_private_key(files.key.read_bytes(), None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise UnreadableCard("the sandbox card holds a key that is not RSA")
        self._key = key
        certificate = load_pem_x509_certificate(files.certificate.read_bytes())
        self._certificate = certificate.public_bytes(serialization.Encoding.DER)

    @property
    def certificate(self) -> bytes:
        """DER of the certificate."""
        return self._certificate

    def sign_sha256(self, data: bytes) -> bytes:
        """RSASSA-PKCS1-v1_5 with SHA-256."""
        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())


class SimulatedProfessionalCard:
    """The plastic: it outlives its stays in a reader, and so do the tries it has left.

    :param pin: four digits.
    :param signature: key of identifier …10; ``authentication``: key of identifier …20. Never swapped.
    """

    def __init__(
        self,
        profile: Professional,
        situations: Sequence[Situation],
        pin: str,
        signature: KeyFiles,
        authentication: KeyFiles,
    ) -> None:
        self.atr = CPS_ATR
        self.profile = profile
        self.situations = tuple(situations)
        self.signature = signature
        self.authentication = authentication
        self.tries = MAX_TRIES
        self._pin = Secret(pin)

    def verify(self, pin: Secret) -> None:
        """Compare the PIN as the chip does.

        :raises WrongPin: with the tries left. :raises PinBlocked: none left.
        """
        if not self.tries:
            raise PinBlocked("no try left on the card")
        candidate = pin.reveal()
        if len(candidate) != 4 or not candidate.isdigit():
            # The chip is not asked: a try costs too much for a slip of the finger.
            raise WrongPin(self.tries)
        if candidate != self._pin.reveal():
            self.tries -= 1
            raise WrongPin(self.tries) if self.tries else PinBlocked("no try left on the card")
        self.tries = MAX_TRIES

    def opened(self, present: Callable[[], bool]) -> InsertedProfessionalCard:
        """The card as seen through a reader, for as long as ``present`` says it stays there."""
        return InsertedProfessionalCard(self, present)


class InsertedProfessionalCard:
    """One stay of the card in a reader (:class:`dmp_desktop.domain.professional.ProfessionalCard`)."""

    def __init__(self, card: SimulatedProfessionalCard, present: Callable[[], bool]) -> None:
        self._card = card
        self._present = present
        self._logged = False

    def holder(self) -> Professional:
        """Who the card belongs to."""
        return self._there().profile

    def tries_left(self) -> int | None:
        """PIN tries left."""
        return self._there().tries

    def login(self, pin: Secret) -> None:
        """Present the PIN once."""
        self._logged = False
        self._there().verify(pin)
        self._logged = True

    def situations(self) -> tuple[Situation, ...]:
        """Practice situations, after the PIN."""
        return self._unlocked().situations

    def signature(self) -> Signer:
        """The signature key, which stops signing when the card leaves."""
        self._unlocked()
        return _GuardedSigner(self._signer, self._unlocked)

    def install_tls_key(self, context: ssl.SSLContext) -> None:
        """Give the context the authentication key, TLS 1.2 only as with a CPS (PDT-INF-579)."""
        files = self._unlocked().authentication
        context.load_cert_chain(files.certificate, files.key)
        context.maximum_version = ssl.TLSVersion.TLSv1_2

    def prove(self, challenge: bytes) -> bytes:
        """The authentication key signs the challenge behind its prefix."""
        return FileSigner(self._unlocked().authentication).sign_sha256(PROOF_PREFIX + challenge)

    def close(self) -> None:
        """Log out."""
        self._logged = False

    @cached_property
    def _signer(self) -> FileSigner:
        return FileSigner(self._card.signature)

    def _there(self) -> SimulatedProfessionalCard:
        if not self._present():
            self._logged = False
            raise CardRemoved("the simulated professional card was pulled")
        return self._card

    def _unlocked(self) -> SimulatedProfessionalCard:
        card = self._there()
        if not self._logged:
            raise FlowError("the PIN has not been presented")
        return card


class _GuardedSigner:
    def __init__(self, signer: FileSigner, check: Callable[[], object]) -> None:
        self._signer = signer
        self._check = check

    @property
    def certificate(self) -> bytes:
        return self._signer.certificate

    def sign_sha256(self, data: bytes) -> bytes:
        self._check()
        return self._signer.sign_sha256(data)
