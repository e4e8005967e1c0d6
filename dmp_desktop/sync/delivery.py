"""One event on its way: who is it, is there something to do, do it, write down what came of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import Protocol

from dmp_desktop.cache.outbox import IDENTITY_DIFFERENCE, AlreadyWaiting, Outbox
from dmp_desktop.cache.patients import Patients
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.dossier import AccessChoice, Authorisation, Confirmation, DossierState, ExistenceAnswer
from dmp_desktop.domain.events import Author, AuthorisationAct, AuthorisationChange, Event, Opening
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import CardTraits, Identity, InsiAnswer, InsiOutcome, InsStatus, compare
from dmp_desktop.domain.identity import Verdict as TraitVerdict
from dmp_desktop.errors import BugError, DmpError
from dmp_desktop.log import describe
from dmp_desktop.sync.policy import Decision, Verdict, decide

LOGGER = logging.getLogger("dmp_desktop.sync")

INSI_NONE = "insi-none"
INSI_SEVERAL = "insi-several"


class GatewayPort(Protocol):
    """What is asked of the central store; every verb raises typed errors only."""

    def existence(self, ins: Ins) -> ExistenceAnswer:
        """TD0.2."""
        ...

    def create(self, opening: Opening, author: Author) -> Confirmation:
        """TD1.1."""
        ...

    def reactivate(self, opening: Opening, author: Author) -> Confirmation:
        """TD1.2."""
        ...

    def set_authorisation(
        self, ins: Ins, act: AuthorisationAct, treating: bool = False, author: Author | None = None
    ) -> Confirmation:
        """TD0.3."""
        ...

    def insi_by_vitale(self, card: CardTraits) -> InsiAnswer:
        """INSi, by the card's data."""
        ...


class UnforeseenFault(BugError):
    """Something nobody foresaw happened to one event; the others went on."""

    code = "unforeseen"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The ways to the store, for one event after another."""

    outbox: Outbox
    patients: Patients
    gateway: GatewayPort
    clock: Clock

    def deliver(self, event: Event) -> Decision:
        """Send one event and write down what came of it.

        :raises EventMoved: somebody moved it meanwhile; nothing was sent.
        :raises StorageError: the store here failed.
        """
        if isinstance(event.payload, AuthorisationChange):
            return self._authorise(event, event.payload)
        if not isinstance(event.payload, Opening):
            raise BugError(f"no way to send {event.payload.kind}")
        try:
            opening = self._named(event, event.payload)
        except _Stopped as stopped:
            if not stopped.written:
                self._write(event, stopped.decision, stopped.proposed)
            return stopped.decision
        return self._open(self.outbox.get(event.id), opening)

    # -- authorisations -----------------------------------------------------------------------------------------------

    def _authorise(self, event: Event, change: AuthorisationChange) -> Decision:
        self.outbox.mark_sending(event.id)
        try:
            outcome: Confirmation | DmpError = self.gateway.set_authorisation(
                change.ins, change.act, change.treating, event.author
            )
        except Exception as error:  # noqa: BLE001 - see _fault
            outcome = _fault(error)
        decision = self._decide(event, outcome, sent=True)
        if isinstance(outcome, Confirmation):
            with self.outbox.transaction():
                self.outbox.confirm(event.id, outcome)
                self._learn_authorisation(event, change, outcome)
        else:
            self._write(event, decision)
        return decision

    def _learn_authorisation(self, event: Event, change: AuthorisationChange, confirmation: Confirmation) -> None:
        given = change.act is AuthorisationAct.ADD
        known = self.patients.existence(event.dossier, event.author) or ExistenceAnswer(
            DossierState.ACTIVE, confirmation.at
        )
        answer = replace(
            known,
            answered_at=confirmation.at,
            authorisation=Authorisation.VALID if given else Authorisation.NONE,
            treating=known.treating or change.treating if given else False,
        )
        self.patients.learned(event.dossier, answer, event.author)

    # -- identity captured while INSi was down ------------------------------------------------------------------------

    def _named(self, event: Event, opening: Opening) -> Opening:
        """The opening under the identity it must leave with: its own, or the one INSi gives now (EX_GEN-1230).

        :raises _Stopped: INSi does not answer, does not know, or differs from the card.
        """
        if opening.ins is not None:
            return opening
        identity = event.resolved or self._asked(event, opening)
        if identity.ins is None:
            raise _Stopped(Decision(Verdict.HELD, INSI_NONE))
        if event.dossier != self.patients.dossier_key(identity.ins):
            if not self.outbox.resolve(event.id, identity):
                raise _Stopped(Decision(Verdict.REFUSED, AlreadyWaiting.code), written=True)
            self.patients.remember(identity)
        return replace(opening, ins=identity.ins, traits=identity.traits)

    def _asked(self, event: Event, opening: Opening) -> Identity:
        try:
            answer = self.gateway.insi_by_vitale(opening.card)
        except Exception as error:  # noqa: BLE001 - see _fault
            raise _Stopped(self._decide(event, _fault(error), sent=False)) from None
        if answer.outcome is not InsiOutcome.FOUND or answer.ins is None or answer.traits is None:
            cause = INSI_SEVERAL if answer.outcome is InsiOutcome.SEVERAL else INSI_NONE
            raise _Stopped(Decision(Verdict.HELD, cause, answer.label, in_doubt=event.in_doubt))
        identity = Identity(answer.traits, InsStatus.RETRIEVED, answer.ins)
        rows = compare(opening.card, answer.traits, answer.ins)
        if any(row.verdict is TraitVerdict.DIFFERENT for row in rows):
            held = Decision(Verdict.HELD, IDENTITY_DIFFERENCE, in_doubt=event.in_doubt)
            raise _Stopped(held, proposed=identity)
        return identity

    # -- openings and reactivations -----------------------------------------------------------------------------------

    def _open(self, event: Event, opening: Opening) -> Decision:
        question = self._existence(event, opening)
        decision = self._decide(event, question, sent=False)
        outcome: Confirmation | ExistenceAnswer | DmpError = question
        if decision.verdict is Verdict.SEND:
            self.outbox.mark_sending(event.id)
            outcome = self._sent(event, opening)
            decision = self._decide(event, outcome, sent=True)
            if decision.verdict is Verdict.ASK_FIRST and decision.due is None:
                outcome = self._existence(event, opening)
                decision = self._after_echo(event, outcome, decision)
        if decision.verdict is Verdict.CONFIRMED:
            self._confirm(event, opening, outcome)
        else:
            self._write(event, decision)
        return decision

    def _existence(self, event: Event, opening: Opening) -> ExistenceAnswer | DmpError:
        assert opening.ins is not None  # noqa: S101 - _named gives an opening with its INS
        try:
            answer = self.gateway.existence(opening.ins)
        except Exception as error:  # noqa: BLE001 - see _fault
            return _fault(error)
        self.patients.learned(event.dossier, answer, event.author)
        return answer

    def _sent(self, event: Event, opening: Opening) -> Confirmation | DmpError:
        send = self.gateway.reactivate if opening.reactivation else self.gateway.create
        try:
            return send(opening, event.author)
        except Exception as error:  # noqa: BLE001 - see _fault
            return _fault(error)

    def _after_echo(self, event: Event, outcome: ExistenceAnswer | DmpError, refusal: Decision) -> Decision:
        """Refused, though a former send may have succeeded: the dossier being there is our own echo."""
        decision = self._decide(event, outcome, sent=False, in_doubt=True)
        if decision.verdict is Verdict.SEND:  # it is not there: the refusal stands
            return Decision(Verdict.REFUSED, refusal.cause, refusal.text)
        return decision

    def _confirm(self, event: Event, opening: Opening, outcome: Confirmation | ExistenceAnswer | DmpError) -> None:
        """Confirmed: server truth, the event, and the access the person chose, all at once."""
        if isinstance(outcome, Confirmation):
            confirmation, known = outcome, ExistenceAnswer(DossierState.ACTIVE, outcome.at)
        elif isinstance(outcome, ExistenceAnswer):
            confirmation, known = Confirmation(outcome.answered_at), outcome
        else:  # "it exists already", said of something we had sent before
            confirmation = Confirmation(self.clock.now())
            known = ExistenceAnswer(DossierState.ACTIVE, confirmation.at)
        with self.outbox.transaction():
            self.outbox.confirm(event.id, confirmation)
            self.patients.learned(event.dossier, known, event.author)
            if self.patients.identity(event.dossier) is None:
                self.patients.remember(Identity(opening.traits, InsStatus.RETRIEVED, opening.ins))
            if opening.access is not AccessChoice.NOBODY and opening.ins is not None:
                treating = opening.access is AccessChoice.TREATING
                change = AuthorisationChange(opening.ins, AuthorisationAct.ADD, treating, after=event.id)
                self.outbox.add(change, event.author)

    # -- common -------------------------------------------------------------------------------------------------------

    def _decide(
        self,
        event: Event,
        outcome: Confirmation | ExistenceAnswer | DmpError,
        *,
        sent: bool,
        in_doubt: bool | None = None,
    ) -> Decision:
        return decide(
            event.payload.kind,
            outcome,
            event.attempts,
            self.clock.now(),
            in_doubt=event.in_doubt if in_doubt is None else in_doubt,
            sent=sent,
        )

    def _write(self, event: Event, decision: Decision, proposed: Identity | None = None) -> None:
        """Write down a decision that is not a confirmation."""
        match decision.verdict:
            case Verdict.REFUSED:
                self.outbox.refuse(event.id, decision.cause, decision.text)
            case Verdict.HELD:
                self.outbox.hold(event.id, decision.cause, decision.text, in_doubt=decision.in_doubt, resolved=proposed)
            case Verdict.STUCK:
                self.outbox.stick(event.id, decision.cause, decision.text, in_doubt=decision.in_doubt)
            case _:
                self.outbox.later(
                    event.id,
                    decision.due,
                    decision.cause,
                    decision.text,
                    in_doubt=decision.in_doubt,
                    counted=decision.counted,
                )


class _Stopped(Exception):
    """The event goes no further in this pass."""

    def __init__(self, decision: Decision, proposed: Identity | None = None, *, written: bool = False) -> None:
        super().__init__(decision.verdict)
        self.decision = decision
        self.proposed = proposed
        self.written = written


def _fault(error: Exception) -> DmpError:
    """Our own errors as they are; anything else as a fault of ours, logged without its values.

    A fault in one event's message must not keep the others from leaving, hence the broad ``except`` at each call.
    """
    if isinstance(error, DmpError):
        return error
    LOGGER.error("unforeseen fault of a delivery\n%s", describe(error, error.__traceback__))
    return UnforeseenFault(type(error).__name__)
