"""The person at work: who they are, where they practise, and what their card can do."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

from dmp_desktop.domain.identifiers import CardNature, PsId, Secret, StructureId

PROOF_PREFIX: Final = b"dmp_desktop proof of card, no TLS, version 1\0"
"""What stands before a challenge that a card proves itself by.

A TLS transcript is signed as sixty-four spaces and a label (1.3) or as random bytes behind a version (1.2): nothing
that begins with these words can be one, so a proof is worth nothing to whoever would log in elsewhere with it.
"""


class ProfessionalKind(StrEnum):
    """Family of a professional card (extension 1.2.250.1.71.1.2.2)."""

    CPS = "CPS"
    CPF = "CPF"
    CPE = "CPE"
    CPA = "CPA"


@dataclass(frozen=True, slots=True)
class Situation:
    """One practice situation of a professional card (CPS_ACTIVITY_nn_PS: tags 84, 85, 86).

    In direct mode the structure and the sector sent must come from the same situation (SEL-MP-037).

    :ivar sector: code of table R02 (``SA07``…).
    """

    structure: StructureId
    name: str
    sector: str


@dataclass(frozen=True, slots=True)
class Professional:
    """Who is at the desk.

    :ivar profession: code of table G15 (``10`` médecin, ``21`` pharmacien…), ``""`` for desk staff (CPE).
    :ivar speciality: code of table R01 (``SM26``…), G05 for pharmacists, ``""`` when the card holds none.
    """

    id: PsId
    family: str
    given: str
    kind: ProfessionalKind
    nature: CardNature
    profession: str = ""
    profession_label: str = ""
    speciality: str = ""
    speciality_label: str = ""
    card_serial: str = field(default="", repr=False)

    @property
    def is_desk_staff(self) -> bool:
        """Whether this card opens no clinical document (CPE, CPA: reception and secretaries)."""
        return self.kind in {ProfessionalKind.CPE, ProfessionalKind.CPA}

    @property
    def practice(self) -> str:
        """What they do, as people say it: ``Médecine générale``, ``Pharmacien``, ``Accueil`` for desk staff.

        Labels of table R01 read « Qualifié en Médecine Générale (SM) »: the diploma's wording is left out.
        """
        if self.is_desk_staff:
            return "Accueil"
        label = re.sub(r"\s*\([A-Z]+\)$", "", self.speciality_label)
        label = re.sub(r"^Qualifiée? en ", "", label)
        return (label[:1].upper() + label[1:].lower()) or self.profession_label or "Professionnel de santé"

    @property
    def display_name(self) -> str:
        """``Dr Aurore Brindille`` for doctors, ``Solène Papier`` otherwise."""
        title = "Dr " if self.profession in {"10", "40"} else ""
        return f"{title}{self.given.title()} {self.family.title()}"


class Signer(Protocol):
    """A private key that signs without being read, with its certificate."""

    @property
    def certificate(self) -> bytes:
        """DER of the X.509 certificate."""
        ...

    def sign_sha256(self, data: bytes) -> bytes:
        """RSASSA-PKCS1-v1_5 with SHA-256 over ``data``."""
        ...


class ProfessionalCard(Protocol):
    """A professional card in a reader: the seam between PKCS#11, the simulated cards and the session.

    Every method may raise :class:`dmp_desktop.errors.CardError` (removed, blocked, unknown) and must be called from
    the cards lane only.
    """

    def holder(self) -> Professional:
        """Who the card belongs to, from its certificates: no PIN needed."""
        ...

    def tries_left(self) -> int | None:
        """PIN tries left, told *before* the PIN is asked; ``None`` when the card does not say."""
        ...

    def login(self, pin: Secret) -> None:
        """Present the PIN once; it is neither kept nor retried.

        :raises dmp_desktop.domain.readers.WrongPin: with the tries left.
        :raises dmp_desktop.domain.readers.PinBlocked: none left.
        """
        ...

    def situations(self) -> tuple[Situation, ...]:
        """Practice situations; needs the PIN."""
        ...

    def signature(self) -> Signer:
        """The signature key (CKA_ID …10): VIHF and XAdES, never TLS."""
        ...

    def install_tls_key(self, context: ssl.SSLContext) -> None:
        """Make ``context`` present the authentication certificate (CKA_ID …20) and sign with its key."""
        ...

    def prove(self, challenge: bytes) -> bytes:
        """That this very card is here and unlocked: the authentication key (CKA_ID …20) signs the challenge.

        RSASSA-PKCS1-v1_5 with SHA-256 over :data:`PROOF_PREFIX` and ``challenge``: the same challenge gives the same
        bytes, so that a key may be drawn from them. They are a secret.

        :raises dmp_desktop.errors.FlowError: before the PIN.
        """
        ...

    def close(self) -> None:
        """Log out and let the card go."""
        ...
