"""What is filled in at the consent step, and what still stands in the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dmp_desktop.domain.dossier import AccessChoice, BadContact, Consent, Contact, Protection, Representative


class Blocker(StrEnum):
    """Why the dossier cannot be opened yet; each has its sentence beside the button."""

    NOT_INFORMED = "not-informed"
    NO_CONSENT = "no-consent"
    REPRESENTATIVE = "representative"
    BAD_MOBILE = "bad-mobile"
    BAD_EMAIL = "bad-email"
    IDENTITY_CANNOT_SEND = "identity-cannot-send"
    CARD_ABSENT = "card-absent"
    STALE_READING = "stale-reading"
    DEFERRED_REASON = "deferred-reason"


@dataclass(slots=True)
class ConsentForm:
    """The draft of the consent step.

    The consent box is never ticked beforehand (EX_1.1-1010); the two emergency boxes are (EX_1.1-1050); nobody is
    authorised unless the person says so (EX_0.3-1010).

    :ivar informed_at, consented_at: when each box was ticked; ``None`` while it is not.
    """

    text_version: str
    protection: Protection = Protection.NONE
    informed_at: datetime | None = None
    consented_at: datetime | None = None
    centre_15: bool = True
    break_glass: bool = True
    access: AccessChoice = AccessChoice.NOBODY
    mobile: str = ""
    email: str = ""
    representative: Representative | None = None
    large_print: bool = False
    deferred_reason: str = ""
    offline: bool = field(default=False)

    def tick_informed(self, now: datetime | None) -> None:
        """The information box; unticking it unticks the consent: nobody consents uninformed."""
        self.informed_at = now
        if now is None:
            self.consented_at = None

    def tick_consent(self, now: datetime | None) -> None:
        """The consent box."""
        self.consented_at = now

    def contact(self) -> Contact:
        """The contact as typed.

        :raises BadContact: see :meth:`Contact.parse`.
        """
        return Contact.parse(self.mobile, self.email)

    def blockers(self) -> tuple[Blocker, ...]:
        """What is missing in the form itself, in reading order."""
        found = []
        if self.protection is not Protection.NONE and not (self.representative and self.representative.complete):
            found.append(Blocker.REPRESENTATIVE)
        if self.informed_at is None:
            found.append(Blocker.NOT_INFORMED)
        if self.consented_at is None:
            found.append(Blocker.NO_CONSENT)
        try:
            self.contact()
        except BadContact as error:
            found.append(Blocker.BAD_MOBILE if error.facts["field"] == "mobile" else Blocker.BAD_EMAIL)
        if self.offline and not self.deferred_reason.strip():
            found.append(Blocker.DEFERRED_REASON)
        return tuple(found)

    def consent(self, collected_by: str) -> Consent:
        """The evidence, once both boxes are ticked.

        :raises ValueError: they are not; callers look at :meth:`blockers` first.
        """
        if self.informed_at is None or self.consented_at is None:
            raise ValueError("information and consent come first")
        return Consent(
            text_version=self.text_version,
            informed_at=self.informed_at,
            given_at=self.consented_at,
            collected_by=collected_by,
            centre_15=self.centre_15,
            break_glass=self.break_glass,
            large_print=self.large_print,
        )
