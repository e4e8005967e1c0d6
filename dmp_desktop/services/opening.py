"""The opening of a dossier as a state machine: no screen, no card, no network in it.

The imposed order (EX_GEN-1250, EX_GEN-1400): Vitale read → person chosen → INSi → traits compared → existence test →
information and consent → sent. Each method is one thing that happened or one act of the person; an act out of order
raises :class:`~dmp_desktop.errors.FlowError` and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.dossier import DossierState, ExistenceAnswer, Protection
from dmp_desktop.domain.events import Author, Event, EventState, Opening
from dmp_desktop.domain.identifiers import CardNature, Nir
from dmp_desktop.domain.identity import (
    Beneficiary,
    CardTraits,
    Comparison,
    Identity,
    InsiAnswer,
    InsiOutcome,
    InsStatus,
    ProofDocument,
    Traits,
    Verdict,
    VitaleReading,
    compare,
)
from dmp_desktop.domain.readers import MixedNatures
from dmp_desktop.errors import CardError, DmpError, FlowError
from dmp_desktop.services.opening_form import Blocker, ConsentForm

READING_VALIDITY = timedelta(minutes=20)
"""How long one reading of the card serves (INSi 1.02)."""


class Stage(StrEnum):
    """The step shown."""

    CARD = "card"
    PERSON = "person"
    IDENTITY = "identity"
    EXISTENCE = "existence"
    CONSENT = "consent"
    SENDING = "sending"
    DONE = "done"
    STOPPED = "stopped"


BEGUN = frozenset({Stage.PERSON, Stage.IDENTITY, Stage.EXISTENCE, Stage.CONSENT, Stage.SENDING})
"""Somebody is being dealt with: left, it is come back to."""


class StopCause(StrEnum):
    """Why an opening ended without a dossier."""

    BY_HAND = "by-hand"
    CARD_SWAPPED = "card-swapped"
    STALE_READING = "stale-reading"
    DIFFERENCE = "difference"
    REFUSED = "refused-by-person"
    HESITATES = "hesitates"


class CardSwapped(CardError):
    """Another card than the one the person was chosen on (INSi 1.03)."""

    code = "card-swapped"


class StaleReading(CardError):
    """The card was read more than twenty minutes ago (INSi 1.02)."""

    code = "stale-reading"


class EmptyVitale(CardError):
    """A Vitale that names nobody."""

    code = "empty-vitale"


@dataclass(frozen=True, slots=True)
class Platform:
    """What kind of people the configured store knows.

    :ivar is_fictional: on a platform that is not real, tells whether a number is one of its fictional people: a card
        of unknown nature is read there only if all its numbers are (no real person's data on a test store).
    """

    nature: CardNature
    is_fictional: Callable[[Nir], bool]

    def admit(self, reading: VitaleReading) -> None:
        """Refuse a card made for another platform (EX_GEN-1430).

        :raises MixedNatures: test or demonstration card in production, real card elsewhere.
        """
        if self.nature is CardNature.REAL:
            mixed = reading.nature in {CardNature.TEST, CardNature.DEMONSTRATION}
        else:
            numbers = [b.nir for b in reading.beneficiaries if b.nir is not None]
            mixed = reading.nature is CardNature.REAL or not all(self.is_fictional(n) for n in numbers)
        if mixed:
            raise MixedNatures("Vitale of another nature", card=reading.nature, platform=self.nature)


class OpeningFlow:
    """One opening, from the card to the papers."""

    def __init__(self, clock: Clock, platform: Platform, text_version: str) -> None:
        self._clock = clock
        self._platform = platform
        self.started_at = clock.now()
        self.ended_at: datetime | None = None
        self.stage = Stage.CARD
        self.reading: VitaleReading | None = None
        self.card_present = False
        self.person: Beneficiary | None = None
        self.card: CardTraits | None = None
        self.insi: InsiAnswer | None = None
        self.insi_failure: DmpError | None = None
        self.comparison: tuple[Comparison, ...] = ()
        self.proof: ProofDocument | None = None
        self.identity: Identity | None = None
        self.existence: ExistenceAnswer | None = None
        self.existence_failure: DmpError | None = None
        self.earlier_refusal: datetime | None = None
        self.reactivation = False
        self.form = ConsentForm(text_version)
        self.event: Event | None = None
        self.stop_cause: StopCause | None = None

    # -- the card -----------------------------------------------------------------------------------------------------

    def card_read(self, reading: VitaleReading) -> None:
        """A Vitale was read. First reading: the people are offered, none chosen. Later: the card must be the same.

        :raises EmptyVitale: nobody on it.
        :raises MixedNatures: made for another platform.
        :raises CardSwapped: another card than the first; the opening stops.
        """
        self._platform.admit(reading)
        if not reading.beneficiaries:
            raise EmptyVitale("no beneficiary")
        if self.stage is Stage.CARD:
            self.stage = Stage.PERSON
        elif self.stage in {Stage.SENDING, Stage.DONE, Stage.STOPPED}:
            return
        elif self.person is not None and self.reading and reading.fingerprint != self.reading.fingerprint:
            self._stop(StopCause.CARD_SWAPPED)
            raise CardSwapped("another card was inserted")
        self.reading, self.card_present = reading, True

    def card_removed(self) -> None:
        """The Vitale left its reader; the work is kept, sending asks for it again."""
        self.card_present = False
        if self.stage is Stage.PERSON:
            self.stage, self.reading = Stage.CARD, None

    @property
    def valid_until(self) -> datetime | None:
        """Until when the reading serves."""
        return self.reading.read_at + READING_VALIDITY if self.reading else None

    def require_fresh(self) -> None:
        """Stop when the reading is older than twenty minutes.

        :raises StaleReading: it is; the opening stops.
        """
        if self.valid_until is not None and self._clock.now() > self.valid_until:
            self._stop(StopCause.STALE_READING)
            raise StaleReading("the card was read too long ago")

    # -- the person ---------------------------------------------------------------------------------------------------

    def choose(self, position: int) -> None:
        """The person in front of the desk, chosen by a human; INSi is to be asked next.

        :raises FlowError: nobody at that place, or not the moment.
        """
        self._expect(Stage.PERSON)
        assert self.reading is not None  # noqa: S101 - PERSON implies a reading
        self.require_fresh()
        person = next((b for b in self.reading.beneficiaries if b.position == position), None)
        if person is None:
            raise FlowError("nobody at that place on the card")
        self.person, self.card = person, self.reading.card_traits(person)
        self.stage = Stage.IDENTITY

    @property
    def traits(self) -> Traits | None:
        """The best known traits: INSi's once accepted, the card's before."""
        if self.identity is not None:
            return self.identity.traits
        return self.card.provisional() if self.card else None

    # -- the identity -------------------------------------------------------------------------------------------------

    def insi_answered(self, answer: InsiAnswer) -> None:
        """The teleservice answered. No difference: the identity is retrieved. A difference waits for a decision."""
        self._expect(Stage.IDENTITY)
        assert self.card is not None  # noqa: S101 - IDENTITY implies a person
        self.insi, self.insi_failure, self.comparison = answer, None, ()
        if answer.outcome is not InsiOutcome.FOUND or answer.ins is None or answer.traits is None:
            return
        self.comparison = compare(self.card, answer.traits, answer.ins)
        if not self.differences:
            self._accept_identity()

    def insi_failed(self, error: DmpError) -> None:
        """The teleservice did not answer; the person may be received offline (EX_1.2-1010: deferred, with a reason)."""
        self._expect(Stage.IDENTITY)
        self.insi, self.insi_failure = None, error

    @property
    def differences(self) -> tuple[Comparison, ...]:
        """The traits on which card and INSi differ."""
        return tuple(row for row in self.comparison if row.verdict is Verdict.DIFFERENT)

    @property
    def awaits_decision(self) -> bool:
        """Whether only a human can go on (EX_GEN-1230)."""
        return self.stage is Stage.IDENTITY and bool(self.differences)

    def accept_difference(self, proof: ProofDocument) -> None:
        """Go on with INSi's identity, on a document of high trust that was shown."""
        if not self.awaits_decision:
            raise FlowError("there is no difference to decide")
        self.require_fresh()
        self.proof = proof
        self._accept_identity()

    def refuse_difference(self) -> None:
        """Stop on a difference: the safe answer."""
        if not self.awaits_decision:
            raise FlowError("there is no difference to decide")
        self._stop(StopCause.DIFFERENCE)

    def continue_offline(self) -> None:
        """Receive the person although INSi or the store does not answer: the opening will wait on this post."""
        if self.stage is Stage.IDENTITY and self.insi_failure is not None and self.card is not None:
            self.identity = Identity(self.card.provisional(), InsStatus.PROVISIONAL)
        elif not (self.stage is Stage.EXISTENCE and self.existence_failure is not None):
            raise FlowError("the services answer: nothing to defer")
        self.form.offline = True
        self._to_consent()

    # -- the dossier --------------------------------------------------------------------------------------------------

    def existence_answered(self, answer: ExistenceAnswer, earlier_refusal: datetime | None = None) -> None:
        """TD0.2 answered: no dossier leads to the consent; any other outcome is shown with its own next step.

        :param earlier_refusal: when the person said no here, not long ago: said at the consent, so as not to insist.
        """
        self._expect(Stage.EXISTENCE)
        self.existence, self.existence_failure, self.earlier_refusal = answer, None, earlier_refusal
        if answer.state is DossierState.NONE:
            self._to_consent()

    def existence_failed(self, error: DmpError) -> None:
        """The store did not answer."""
        self._expect(Stage.EXISTENCE)
        self.existence, self.existence_failure = None, error

    def ask_reactivation(self) -> None:
        """A closed dossier: a fresh consent is needed to reactivate it (EX_1.2-1030)."""
        if self.stage is not Stage.EXISTENCE or not self.existence or self.existence.state is not DossierState.CLOSED:
            raise FlowError("only a closed dossier is reactivated")
        self.reactivation = True
        self._to_consent()

    # -- the consent --------------------------------------------------------------------------------------------------

    @property
    def age(self) -> int | None:
        """Age today, from the best known birth date."""
        return self.traits.birth_date.age_on(self._clock.now().date()) if self.traits else None

    def declare_protection(self, protection: Protection) -> None:
        """An adult under guardianship or curatorship; a minor stays one whatever is declared."""
        self._expect(Stage.CONSENT)
        if self._is_minor:
            return
        self.form.protection = protection
        if protection is Protection.NONE:
            self.form.representative = None

    @property
    def blockers(self) -> tuple[Blocker, ...]:
        """Everything that keeps the dossier from being opened, the form's first."""
        found = list(self.form.blockers())
        if self.identity is None or (not self.identity.may_send and not self.form.offline):
            found.append(Blocker.IDENTITY_CANNOT_SEND)
        if not self.card_present:
            found.append(Blocker.CARD_ABSENT)
        if self.valid_until is not None and self._clock.now() > self.valid_until:
            found.append(Blocker.STALE_READING)
        return tuple(found)

    def refuse(self, cause: StopCause) -> None:
        """The person refuses or hesitates: recorded, without pressure."""
        self._expect(Stage.CONSENT)
        self._stop(cause)

    def back(self) -> None:
        """Return to the choice of the person; what INSi and the store said is forgotten."""
        if self.stage not in {Stage.IDENTITY, Stage.EXISTENCE, Stage.CONSENT}:
            raise FlowError("nothing to return to")
        self.person = self.card = self.insi = self.identity = self.existence = self.proof = None
        self.insi_failure = self.existence_failure = self.earlier_refusal = None
        self.comparison, self.reactivation = (), False
        self.form = ConsentForm(self.form.text_version)
        self.stage = Stage.PERSON if self.card_present else Stage.CARD

    # -- the sending --------------------------------------------------------------------------------------------------

    def submit(self, rereading: VitaleReading, author: Author, reference: str) -> Opening:
        """Build the act, the card just read again: the same card, still fresh, nothing missing.

        :raises CardSwapped, StaleReading: the opening stops, nothing leaves.
        :raises FlowError: something is missing; ``facts["blocker"]`` says what.
        """
        self._expect(Stage.CONSENT)
        self.card_read(rereading)
        if self.blockers:
            raise FlowError("the opening is not complete", blocker=self.blockers[0])
        assert self.identity is not None and self.card is not None  # noqa: S101 - blockers cover it
        payload = Opening(
            reference=reference,
            ins=self.identity.ins,
            traits=self.identity.traits,
            card=self.card,
            consent=self.form.consent(author.professional),
            access=self.form.access,
            contact=self.form.contact(),
            representative=self.form.representative if self.form.protection is not Protection.NONE else None,
            reactivation=self.reactivation,
            deferred_reason=self.form.deferred_reason.strip(),
            mismatch_proof=self.proof,
        )
        self.stage = Stage.SENDING
        return payload

    def sent(self, event: Event) -> None:
        """The event's state after the attempt: confirmed, or waiting with its cause, or refused."""
        self._expect(Stage.SENDING)
        self.event = event
        self.stage, self.ended_at = Stage.DONE, self._clock.now()

    def not_kept(self) -> None:
        """The act could not even be written here (disk full): back to the form, nothing lost, nothing sent."""
        self._expect(Stage.SENDING)
        self.stage = Stage.CONSENT

    @property
    def confirmed(self) -> bool:
        """Whether the store said yes: the only case in which a paper may claim it."""
        return self.event is not None and self.event.state is EventState.CONFIRMED

    def event_changed(self, event: Event) -> None:
        """Later news of the event shown (it was waiting, the store has answered since)."""
        if self.event is not None and event.id == self.event.id:
            self.event = event

    def abandon(self) -> None:
        """Stopped by hand."""
        if self.stage not in {Stage.SENDING, Stage.DONE}:
            self._stop(StopCause.BY_HAND)

    # -- inside -------------------------------------------------------------------------------------------------------

    @property
    def _is_minor(self) -> bool:
        age = self.age
        return age is not None and age < 18

    def _accept_identity(self) -> None:
        assert self.insi is not None and self.insi.ins is not None and self.insi.traits is not None  # noqa: S101
        self.identity = Identity(self.insi.traits, InsStatus.RETRIEVED, self.insi.ins)
        self.stage = Stage.EXISTENCE

    def _to_consent(self) -> None:
        self.stage = Stage.CONSENT
        if self._is_minor:
            self.form.protection = Protection.MINOR

    def _stop(self, cause: StopCause) -> None:
        self.stage, self.stop_cause, self.ended_at = Stage.STOPPED, cause, self._clock.now()

    def _expect(self, stage: Stage) -> None:
        if self.stage is not stage:
            raise FlowError(f"{self.stage} where {stage} was expected")
