"""The way into a record: a state machine with no screen and no thread.

What is known is looked at, else asked (TD0.2). A professional who is not authorised yet makes an explicit gesture with
its reason first (EX_0.3-1010); the person's list of documents is never asked for before it. What stands in the way is
told, with what remains possible.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from dmp_desktop.config import SECRET_FROM
from dmp_desktop.domain.clock import PARIS, Clock
from dmp_desktop.domain.dossier import Authorisation, DossierState, ExistenceAnswer
from dmp_desktop.domain.events import Author, Event, EventState
from dmp_desktop.domain.habilitations import NORMAL_ACCESS, Access, AccessMode
from dmp_desktop.domain.identity import Identity
from dmp_desktop.domain.professional import Professional
from dmp_desktop.domain.record import RecordContext
from dmp_desktop.domain.rights import DIRECT, Action, Column, matrix
from dmp_desktop.domain.shelf import ShelfState
from dmp_desktop.errors import DmpError, FlowError, UserError
from dmp_desktop.services.rights_view import DOCTOR, column_of, reads_by_agreement

MAJORITY: Final = 18
"""Age from which nobody else is told of one's care."""


class GateState(StrEnum):
    """Where the way in stands."""

    ASKING = "asking"
    CHOOSING = "choosing"
    """A minor old enough: ordinary or secret connection, before anything is opened."""
    GESTURE = "gesture"
    AUTHORISING = "authorising"
    AWAITING = "awaiting"
    """The authorisation is in the queue: the store did not answer yet."""
    OPEN = "open"
    UNREACHABLE = "unreachable"
    """The store does not answer, and there is no copy that this professional may read."""
    NO_DOSSIER = "no-dossier"
    CLOSED = "closed"
    OPPOSED = "opposed"
    BLOCKED = "blocked"
    FORBIDDEN = "forbidden"
    """The functional matrix gives this profession no reading."""
    REFUSED = "refused"


class GateReason(StrEnum):
    """Why a first consultation is asked for: chosen by the professional, none by default."""

    CARE = "care"
    TEAM = "team"
    ADVICE = "advice"


class ReasonMissing(UserError):
    """An authorisation without its reason."""

    code = "gate-reason"


class AgreementMissing(UserError):
    """An authorisation that the person did not agree to (EX_0.3-1010)."""

    code = "gate-agreement"


@dataclass(slots=True)
class AccessGate:
    """The way into one record, for one professional.

    :param shelf: how fresh the copy is; nothing is copied when it was never refreshed.
    :param secret_from: age from which a secret connection is offered.
    :ivar existence: the store's last word to this professional; ``asked``: whether it was given just now.
    :ivar event: the authorisation on its way; ``fault``: why something did not go through.
    """

    identity: Identity
    dossier: str
    professional: Professional
    author: Author
    clock: Clock
    existence: ExistenceAnswer | None = None
    shelf: ShelfState = field(default_factory=ShelfState)
    secret_from: int = SECRET_FROM
    state: GateState = GateState.ASKING
    access: Access = NORMAL_ACCESS
    reason: GateReason | None = None
    treating: bool = False
    asked: bool = False
    event: Event | None = None
    fault: DmpError | None = None
    _chosen: bool = False

    # -- the way in ---------------------------------------------------------------------------------------------------

    def start(self) -> GateState:
        """Look at what is known. :attr:`GateState.ASKING` means that the store must be asked (TD0.2)."""
        if not self.may_read(AccessMode.NORMAL):
            self.state = GateState.FORBIDDEN
        elif self.offers_secret and not self._chosen:
            self.state = GateState.CHOOSING
        elif self.authorised and self.shelf.refreshed_at is not None and not self.access.secret:
            # The copy is opened at once, network or not; its refresh asks the store first, and closes it when the
            # store says so.
            self.state = GateState.OPEN
        else:
            self.state = GateState.ASKING
        return self.state

    def choose_connection(self, secret: bool) -> GateState:
        """For a minor: ordinary, or one that the legal representatives are not told of."""
        self._expect(GateState.CHOOSING)
        self._chosen = True
        self.access = replace(self.access, secret=secret)
        return self.start()

    def answered(self, answer: ExistenceAnswer) -> GateState:
        """The store said what it has."""
        self.existence, self.asked, self.fault = answer, True, None
        self.state = {
            DossierState.NONE: GateState.NO_DOSSIER,
            DossierState.CLOSED: GateState.CLOSED,
            DossierState.OPPOSED: GateState.OPPOSED,
            DossierState.BLOCKED: GateState.BLOCKED,
        }.get(answer.state, GateState.GESTURE)
        if self.state is GateState.GESTURE:
            if answer.authorisation is Authorisation.FORBIDDEN:
                self.state = GateState.BLOCKED
            elif self.authorised or self.by_agreement:
                self.state = GateState.OPEN
        return self.state

    def unanswered(self, error: DmpError) -> GateState:
        """The store did not answer, and nothing here may be read without it."""
        self.fault, self.state = error, GateState.UNREACHABLE
        return self.state

    def ask_again(self) -> GateState:
        """F5 where the store did not answer, or where something may have changed since."""
        if self.state is GateState.OPEN or self.state is GateState.AUTHORISING:
            raise FlowError("nothing to ask again")
        self.fault = None
        self.state = GateState.ASKING
        return self.state

    # -- the gesture --------------------------------------------------------------------------------------------------

    def authorise(self, reason: GateReason | None, agreed: bool, treating: bool) -> GateState:
        """The explicit gesture, with its reason; the person is told of it by the store.

        :param agreed: the person agreed, here or through whoever asks for advice.
        :raises ReasonMissing: no reason. :raises AgreementMissing: not agreed.
        """
        self._expect(GateState.GESTURE)
        if reason is None:
            raise ReasonMissing("no reason")
        if not agreed:
            raise AgreementMissing("not agreed")
        self.reason, self.treating, self.fault = reason, treating and self.may_be_treating, None
        self.state = GateState.AUTHORISING
        return self.state

    def delivered(self, event: Event, now: datetime) -> GateState:
        """Where the authorisation stands after it was sent."""
        self.event = event
        if event.state is EventState.CONFIRMED:
            known = self.existence or ExistenceAnswer(DossierState.ACTIVE, now)
            self.existence = replace(
                known, authorisation=Authorisation.VALID, treating=known.treating or self.treating, answered_at=now
            )
            self.state = GateState.OPEN
        elif event.state is EventState.REFUSED:
            self.state = GateState.REFUSED
        else:
            self.state = GateState.AWAITING
        return self.state

    def not_kept(self, error: DmpError) -> GateState:
        """The gesture could not be written down: nothing left."""
        self.fault, self.state = error, GateState.GESTURE
        return self.state

    # -- what is possible ---------------------------------------------------------------------------------------------

    @property
    def authorised(self) -> bool:
        """Whether the store last said that this professional may read."""
        known = self.existence
        return known is not None and known.state is DossierState.ACTIVE and known.authorisation is Authorisation.VALID

    @property
    def column(self) -> Column:
        """The professional's column of the matrix, the médecin traitant's when they are."""
        return column_of(self.professional, treating=self.existence is not None and self.existence.treating)

    def may_read(self, mode: AccessMode) -> bool:
        """Whether the matrix gives this profession the list of documents in that mode."""
        return matrix(DIRECT).decide(Action.FIND, self.column, mode).allowed

    @property
    def by_agreement(self) -> bool:
        """Whether this professional reads without an authorisation that the store knows of."""
        return reads_by_agreement(self.professional)

    @property
    def offers_emergency(self) -> bool:
        """Whether a bris de glace may be asked for here: the matrix allows it, and there is a dossier to read.

        What the person allows is asked when it is asked for; a professional they blocked stays out.
        """
        told = self.state in {GateState.GESTURE, GateState.REFUSED, GateState.AWAITING}
        return told and self.may_read(AccessMode.BREAK_GLASS)

    @property
    def may_be_treating(self) -> bool:
        """Whether « je suis son médecin traitant » may be said."""
        return self.professional.profession == DOCTOR and not (self.existence and self.existence.treating)

    @property
    def age(self) -> int | None:
        """Age of the person today."""
        return self.identity.traits.birth_date.age_on(self.clock.now().astimezone(PARIS).date())

    @property
    def offers_secret(self) -> bool:
        """Whether the person is a minor of an age to ask for a secret."""
        age = self.age
        return age is not None and self.secret_from <= age < MAJORITY

    def context(self) -> RecordContext:
        """The record that may now be opened.

        :raises FlowError: it may not.
        """
        if self.state is not GateState.OPEN:
            raise FlowError("the way in is not open")
        return RecordContext(
            self.dossier,
            self.identity,
            self.professional,
            self.author,
            self.access,
            self.existence,
            self.clock.now(),
        )

    def _expect(self, state: GateState) -> None:
        if self.state is not state:
            raise FlowError(f"expected {state}")
