"""Administration of a dossier: what its file says of the person, why it is closed, their account.

Sources: TD1.3a/b (administrative data), TD1.4 (closing), TD1.5a/b (internet account and one-time-code channel),
PDT-INF-526 note 10 (a dossier attached to Mon espace santé is administered there), EX_1.5-1080 (secrets never stored).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from dmp_desktop.domain.dossier import BadContact, Contact, DossierState
from dmp_desktop.domain.identifiers import Ins, Secret
from dmp_desktop.domain.identity import BirthDate, Sex
from dmp_desktop.domain.terminology import Code

MOBILE: Final = "MC"
HOME: Final = "HP"


@dataclass(frozen=True, slots=True, repr=False)
class Telecom:
    """A way of reaching someone.

    :ivar uri: ``tel:…``, ``mailto:…`` or whatever the store holds, as received.
    :ivar use: HL7 use, ``MC`` (mobile), ``HP`` (home), ``""`` or another kept as received.
    """

    uri: str
    use: str = ""

    @property
    def is_email(self) -> bool:
        """Whether it is an e-mail address."""
        return self.uri.lower().startswith("mailto:")

    @property
    def is_mobile(self) -> bool:
        """Whether it is a mobile number."""
        return self.use == MOBILE and not self.is_email

    @property
    def text(self) -> str:
        """The number or the address itself."""
        scheme, colon, rest = self.uri.partition(":")
        return rest if colon and scheme.lower() in {"tel", "mailto"} else self.uri

    def __repr__(self) -> str:
        return f"Telecom(…, {self.use!r})"


@dataclass(frozen=True, slots=True, repr=False)
class PostalAddress:
    """A postal address; lines as received.

    :ivar locator: residence, building, floor (``additionalLocator``).
    """

    lines: tuple[str, ...] = ()
    locator: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""

    @property
    def empty(self) -> bool:
        """Whether it says nothing."""
        return not (self.lines or self.locator or self.postcode or self.city or self.country)

    def __repr__(self) -> str:
        return "PostalAddress(…)"


@dataclass(frozen=True, slots=True, repr=False)
class LegalRepresentative:
    """Who answers for the person, as the store knows them.

    :ivar relationship: code of table 2.16.840.1.113883.1.11.19579 (``FTH``…), kept when unknown.
    """

    relationship: Code
    family: str
    given: str
    civility: str = ""
    address: PostalAddress = PostalAddress()
    telecoms: tuple[Telecom, ...] = ()

    def __repr__(self) -> str:
        return f"LegalRepresentative({self.relationship.value})"


@dataclass(frozen=True, slots=True, repr=False)
class AdministrativeData:
    """What the store holds of the person (TD1.3a); changed, it is what TD1.3b sends.

    Its traits are the store's, not the INS identity: the newest rule is not to show them in their place (RG_0320).

    :ivar opposed_to_break_glass, opposed_to_emergency: the two oppositions of the person.
    :ivar birth_name: ``""`` when the store gives the used name alone.
    """

    ins: Ins
    state: DossierState
    birth_name: str
    used_name: str
    given_names: tuple[str, ...]
    sex: Sex
    birth_date: BirthDate
    civility: str = ""
    deceased: bool = False
    address: PostalAddress = PostalAddress()
    telecoms: tuple[Telecom, ...] = ()
    representative: LegalRepresentative | None = None
    opposed_to_break_glass: bool = False
    opposed_to_emergency: bool = False

    def __repr__(self) -> str:
        return f"AdministrativeData({self.state})"

    @property
    def contact(self) -> Contact:
        """The mobile and the e-mail address it holds, written as the desk writes them; the first of each."""
        mobile = next((one.text for one in self.telecoms if one.is_mobile), "")
        digits = re.sub(r"[\s.\-]", "", mobile)
        email = next((one.text for one in self.telecoms if one.is_email), "")
        return Contact("0" + digits[3:] if digits.startswith("+33") else digits, email)

    def with_contact(self, contact: Contact) -> AdministrativeData:
        """The same with this mobile and this e-mail address, other ways of reaching the person untouched."""
        held = self.contact
        others = list(self.telecoms)
        if contact.mobile != held.mobile:
            others = [one for one in others if not one.is_mobile]
        if contact.email != held.email:
            others = [one for one in others if not one.is_email]
        if contact.mobile and contact.mobile != held.mobile:
            others.append(Telecom(f"tel:{contact.mobile}", MOBILE))
        if contact.email and contact.email != held.email:
            others.append(Telecom(f"mailto:{contact.email}"))
        return replace(self, telecoms=tuple(others))


PATIENT_REQUEST: Final = "FERMETURE_DEMANDE_PATIENT"


@dataclass(frozen=True, slots=True)
class ClosingReason:
    """Why a dossier is closed (TD1.4).

    :ivar code: table 1.2.250.1.213.4.1.2.4. The request of the person is the only code seen in any published source.
    :ivar text: the reason in free words, kept with the dossier.
    """

    text: str
    code: str = PATIENT_REQUEST

    def __repr__(self) -> str:
        return f"ClosingReason({self.code})"


class ChannelKind(StrEnum):
    """Where a one-time code is sent."""

    SMS = "SMS"
    EMAIL = "EMAIL"


class ChannelAct(StrEnum):
    """What TD1.5b does with a channel."""

    ADD = "AJOUT"
    CHANGE = "MODIFICATION"
    REMOVE = "SUPPRESSION"


@dataclass(frozen=True, slots=True, repr=False)
class CodeChannel:
    """Where the person receives their one-time codes.

    :raises BadContact: not ten digits beginning 06 or 07 (REC_1.5-1100), or not an e-mail address.
    """

    kind: ChannelKind
    value: str

    def __post_init__(self) -> None:
        pattern = r"0[67]\d{8}" if self.kind is ChannelKind.SMS else r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}"
        if not re.fullmatch(pattern, self.value):
            raise BadContact("not a channel for codes", field="mobile" if self.kind is ChannelKind.SMS else "email")

    def __repr__(self) -> str:
        return f"CodeChannel({self.kind})"


@dataclass(frozen=True, slots=True)
class WebAccount:
    """The secrets of an account just made (TD1.5a): shown and printed once, never stored (EX_1.5-1080)."""

    login: Secret
    password: Secret
