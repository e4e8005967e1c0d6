"""Who is at the desk: a state machine walked by the cards and the code, with no screen and no thread of its own.

A session is a person's card in a reader, its code given once, and one practice situation. The card pulled out hides
everything and keeps the work; the same person's return with the code brings it back; another person never sees it
(product rows F17, F18, F19, F25).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.events import Author
from dmp_desktop.domain.identifiers import CardNature
from dmp_desktop.domain.professional import Professional, Situation
from dmp_desktop.domain.readers import MixedNatures
from dmp_desktop.errors import FlowError


class SessionState(StrEnum):
    """Where the sign-in stands."""

    NO_CARD = "no-card"
    READING = "reading"
    AWAITING_PIN = "awaiting-pin"
    CHECKING_PIN = "checking-pin"
    BLOCKED = "blocked"
    CHOOSING_SITUATION = "choosing-situation"
    OPEN = "open"


class LockReason(StrEnum):
    """Why content is hidden while work is kept."""

    NONE = ""
    CARD_OUT = "card-out"
    BY_HAND = "by-hand"
    IDLE = "idle"


@dataclass(slots=True)
class SessionFlow:
    """The session of the post.

    :ivar platform: nature of the configured store; a card of another nature is refused (EX_GEN-1430).
    :ivar kept_for: PS_IdNat of whoever left work behind a lock, ``""`` when nobody did.
    """

    clock: Clock
    platform: CardNature
    state: SessionState = SessionState.NO_CARD
    reader: str = ""
    holder: Professional | None = None
    tries: int | None = None
    situations: tuple[Situation, ...] = ()
    situation: Situation | None = None
    lock_reason: LockReason = LockReason.NONE
    kept_for: str = ""
    opened_at: datetime | None = None
    _last_situation: dict[str, Situation] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether content may be shown."""
        return self.state is SessionState.OPEN

    @property
    def returning(self) -> bool:
        """Whether the recognised card belongs to whoever left work here."""
        return self.holder is not None and self.holder.id.value == self.kept_for

    def card_in(self, reader: str) -> None:
        """A professional card was inserted; it is being read. A second one while a session is open changes nothing."""
        if self.state in {SessionState.NO_CARD, SessionState.BLOCKED}:
            self.state, self.reader, self.holder, self.tries = SessionState.READING, reader, None, None

    def card_known(self, holder: Professional, tries: int | None) -> None:
        """The card's public part is read.

        :raises MixedNatures: a test card on a real platform, or the reverse.
        """
        self._expect(SessionState.READING)
        if holder.nature is not CardNature.UNKNOWN and (holder.nature is CardNature.REAL) != (
            self.platform is CardNature.REAL
        ):
            self.state = SessionState.NO_CARD
            raise MixedNatures("professional card of another nature", card=holder.nature, platform=self.platform)
        self.holder, self.tries = holder, tries
        self.state = SessionState.BLOCKED if tries == 0 else SessionState.AWAITING_PIN

    def card_unreadable(self) -> None:
        """The card could not be read: the post waits for another gesture."""
        self.state = SessionState.NO_CARD

    def pin_given(self) -> None:
        """The code goes to the card, once."""
        self._expect(SessionState.AWAITING_PIN)
        self.state = SessionState.CHECKING_PIN

    def pin_refused(self, tries: int | None) -> None:
        """The card said no; nothing is tried again by itself (F25)."""
        self._expect(SessionState.CHECKING_PIN)
        self.tries = tries
        self.state = SessionState.BLOCKED if tries == 0 else SessionState.AWAITING_PIN

    def pin_accepted(self, situations: tuple[Situation, ...]) -> None:
        """The card opened. Several situations: the person chooses one, once a session (EX_GEN-1370)."""
        self._expect(SessionState.CHECKING_PIN)
        assert self.holder is not None  # noqa: S101 - the states above guarantee it
        self.situations = situations
        kept = self._last_situation.get(self.holder.id.value)
        if self.returning and kept in situations:
            self._open(kept)
        elif len(situations) == 1:
            self._open(situations[0])
        else:
            self.state = SessionState.CHOOSING_SITUATION

    def choose_situation(self, index: int) -> None:
        """One of several situations, chosen by the person.

        :raises FlowError: when there is no such situation.
        """
        self._expect(SessionState.CHOOSING_SITUATION)
        if not 0 <= index < len(self.situations):
            raise FlowError("no such situation")
        self._open(self.situations[index])

    def card_out(self, reader: str) -> bool:
        """The card of ``reader`` left. Tells whether content must now be hidden."""
        if reader != self.reader or self.state is SessionState.NO_CARD:
            return False
        hide = self._lock(LockReason.CARD_OUT)
        self.state, self.reader, self.holder = SessionState.NO_CARD, "", None
        return hide

    def lock(self, reason: LockReason) -> bool:
        """Hide content by hand (F9) or for idleness; the card is still in: its code is asked again."""
        if not self._lock(reason):
            return False
        self.state = SessionState.READING
        return True

    def keys_refused(self) -> None:
        """The card opened, but the store cannot be spoken to (no address yet): nothing opens, it is read again."""
        self._expect(SessionState.OPEN)
        self.situation, self.opened_at = None, None
        self.state = SessionState.READING

    def author(self) -> Author:
        """Under whose name acts leave.

        :raises FlowError: no session is open.
        """
        if self.state is not SessionState.OPEN or self.holder is None or self.situation is None:
            raise FlowError("no session is open")
        return Author(
            professional=self.holder.id.value,
            structure=self.situation.structure.value,
            sector=self.situation.sector,
            display_name=self.holder.display_name,
            structure_name=self.situation.name,
        )

    def _open(self, situation: Situation) -> None:
        assert self.holder is not None  # noqa: S101 - only reached with a card known
        if not self.returning:
            self.kept_for = ""
        self.situation, self.state = situation, SessionState.OPEN
        self._last_situation[self.holder.id.value] = situation
        self.lock_reason, self.opened_at = LockReason.NONE, self.clock.now()

    def _lock(self, reason: LockReason) -> bool:
        if self.state is not SessionState.OPEN or self.holder is None:
            return False
        self.kept_for, self.lock_reason = self.holder.id.value, reason
        self.situation = None
        return True

    def _expect(self, state: SessionState) -> None:
        if self.state is not state:
            raise FlowError(f"{self.state} where {state} was expected")
