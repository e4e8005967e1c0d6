"""A dossier at the central store: its state, and what a person decides when it is opened.

Sources: TD0.2 (state, authorisation), EX_1.1-1010 (stored consent), EX_1.1-1050 (two emergency boxes ticked by
default), EX_0.3-1010 (authorisation only on an explicit act), EX_1.X-1300 (a contact opens the person's account).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dmp_desktop.domain.identity import ProofDocument
from dmp_desktop.errors import UserError


class DossierState(StrEnum):
    """The five outcomes of the existence test."""

    NONE = "none"
    ACTIVE = "active"
    CLOSED = "closed"
    OPPOSED = "opposed"
    BLOCKED = "blocked"


class Authorisation(StrEnum):
    """The professional's authorisation as TD0.2 gives it."""

    VALID = "VALIDE"
    EXPIRED = "EXPIRE"
    FORBIDDEN = "INTERDIT"
    NONE = "NON_EXISTE"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class ExistenceAnswer:
    """What TD0.2 said.

    :ivar attached_to_mes: attached to Mon espace santé; such a dossier is administered there.
    :ivar answered_at: the store's time (aware, UTC).
    :ivar closed_on: ``AAAAMMJJ`` or ``""``; with ``close_reason`` (in words) and ``close_code`` as received.
    """

    state: DossierState
    answered_at: datetime
    authorisation: Authorisation = Authorisation.UNKNOWN
    treating: bool = False
    attached_to_mes: bool = False
    web_account: bool = False
    closed_on: str = ""
    close_reason: str = ""
    close_code: str = ""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The central store did what was asked.

    :ivar at: the store's time (aware, UTC); ``store_id``: id of its answer; ``text``: what it said, if anything.
    """

    at: datetime
    store_id: str = ""
    text: str = ""


class AccessChoice(StrEnum):
    """Who may read from today on; nobody unless the person says so (EX_0.3-1010)."""

    NOBODY = "nobody"
    THIS_PROFESSIONAL = "this-professional"
    STRUCTURE = "structure"
    TREATING = "treating"


class RepresentativeQuality(StrEnum):
    """Quality of a legal representative: HL7 RoleCode where there is one."""

    FATHER = "FTH"
    MOTHER = "MTH"
    GUARDIAN = "GUARD"
    CURATOR = "CURATOR"
    OTHER_PARENT = "PRN"


@dataclass(frozen=True, slots=True)
class Representative:
    """Who consents for a minor or a protected adult; their identity and quality come before the consent.

    :ivar proof: the document shown.
    """

    family: str
    given: str
    quality: RepresentativeQuality
    proof: ProofDocument
    agreed: bool

    def __repr__(self) -> str:
        return f"Representative({self.quality})"

    @property
    def complete(self) -> bool:
        """Whether name, first name and the agreement are there."""
        return bool(self.family.strip() and self.given.strip() and self.agreed)


class Protection(StrEnum):
    """Why someone else must consent."""

    NONE = "none"
    MINOR = "minor"
    GUARDIANSHIP = "tutelle"
    CURATORSHIP = "curatelle"


class BadContact(UserError):
    """A mobile or an e-mail that cannot be one."""

    code = "bad-contact"


@dataclass(frozen=True, slots=True)
class Contact:
    """Optional contact; giving one opens the person's account at Mon espace santé (EX_1.X-1300).

    :ivar mobile: ten digits beginning 06 or 07 (REC_1.5-1100), or ``""``.
    """

    mobile: str = ""
    email: str = ""

    def __repr__(self) -> str:
        return f"Contact(mobile={bool(self.mobile)}, email={bool(self.email)})"

    @classmethod
    def parse(cls, mobile: str, email: str) -> Contact:
        """From what was typed; spaces, dots and ``+33`` are understood.

        :raises BadContact: with ``facts["field"]`` ``mobile`` or ``email``.
        """
        digits = re.sub(r"[\s.\-]", "", mobile)
        digits = "0" + digits[3:] if digits.startswith("+33") else digits
        if digits and not re.fullmatch(r"0[67]\d{8}", digits):
            raise BadContact("not a mobile number", field="mobile")
        email = email.strip()
        if email and not re.fullmatch(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}", email):
            raise BadContact("not an e-mail address", field="email")
        return cls(digits, email)


@dataclass(frozen=True, slots=True)
class Consent:
    """The evidence of an informed consent; stored, immutable (EX_1.1-1010).

    :ivar text_version: version of the information text given that day.
    :ivar informed_at: when the information was given; ``given_at`` when the box was ticked (aware, UTC).
    :ivar collected_by: PS_IdNat of who ticked it.
    :ivar centre_15: the person lets Centre 15 consult; ``break_glass``: and bris de glace.
    """

    text_version: str
    informed_at: datetime
    given_at: datetime
    collected_by: str
    centre_15: bool
    break_glass: bool
    large_print: bool = False


class RefusalKind(StrEnum):
    """A person said no, or not yet; recorded without pressure."""

    REFUSED = "refused"
    HESITATES = "hesitates"
