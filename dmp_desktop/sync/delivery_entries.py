"""Openings and reactivations on their way: who is it, is there something to do, do it (TD1.1, TD1.2).

Their echo is the dossier itself: the existence test comes before every send.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dmp_desktop.cache.outbox import IDENTITY_DIFFERENCE, AlreadyWaiting
from dmp_desktop.domain.dossier import AccessChoice, Confirmation, DossierState, ExistenceAnswer
from dmp_desktop.domain.events import AuthorisationAct, AuthorisationChange, Event, Opening
from dmp_desktop.domain.identity import Identity, InsiOutcome, InsStatus, compare
from dmp_desktop.domain.identity import Verdict as TraitVerdict
from dmp_desktop.errors import DmpError
from dmp_desktop.sync.delivery_common import Way, attempt
from dmp_desktop.sync.errors import AlreadyOpen
from dmp_desktop.sync.policy import Decision, Verdict

INSI_NONE = "insi-none"
INSI_SEVERAL = "insi-several"


@dataclass(frozen=True, slots=True)
class EntryWay(Way):
    """The way of a dossier coming to life."""

    def deliver(self, event: Event, payload: Opening) -> Decision:
        """Send it, or write down why not.

        :raises EventMoved: somebody moved it meanwhile; nothing was sent.
        """
        try:
            opening = self._named(event, payload)
        except _Stopped as stopped:
            if not stopped.written:
                self.write(event, stopped.decision, stopped.proposed)
            return stopped.decision
        return self._open(self.outbox.get(event.id), opening)

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
        answer = attempt(lambda: self.gateway.insi_by_vitale(opening.card))
        if isinstance(answer, DmpError):
            raise _Stopped(self.decide(event, answer, sent=False))
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
        decision = self.decide(event, question, sent=False)
        outcome: Confirmation | ExistenceAnswer | DmpError = question
        if decision.verdict is Verdict.SEND:
            self.outbox.mark_sending(event.id)
            outcome = self._sent(event, opening)
            decision = self.decide(event, outcome, sent=True)
            if decision.verdict is Verdict.ASK_FIRST and decision.due is None:
                outcome = self._existence(event, opening)
                decision = self._after_echo(event, outcome, decision)
            if decision.verdict is Verdict.REFUSED and isinstance(outcome, AlreadyOpen):
                self._existence(event, opening)  # what stands there now, whoever opened it
        if decision.verdict is Verdict.CONFIRMED:
            self._confirm(event, opening, outcome)
        else:
            self.write(event, decision)
        return decision

    def _existence(self, event: Event, opening: Opening) -> ExistenceAnswer | DmpError:
        ins = opening.ins
        assert ins is not None  # noqa: S101 - _named gives an opening with its INS
        answer = attempt(lambda: self.gateway.existence(ins))
        if isinstance(answer, ExistenceAnswer):
            self.patients.learned(event.dossier, answer, event.author)
        return answer

    def _sent(self, event: Event, opening: Opening) -> Confirmation | DmpError:
        send = self.gateway.reactivate if opening.reactivation else self.gateway.create
        return attempt(lambda: send(opening, event.author))

    def _after_echo(self, event: Event, outcome: ExistenceAnswer | DmpError, refusal: Decision) -> Decision:
        """Refused, though a former send may have succeeded: the dossier being there is our own echo."""
        decision = self.decide(event, outcome, sent=False, in_doubt=True)
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


class _Stopped(Exception):
    """The event goes no further in this pass."""

    def __init__(self, decision: Decision, proposed: Identity | None = None, *, written: bool = False) -> None:
        super().__init__(decision.verdict)
        self.decision = decision
        self.proposed = proposed
        self.written = written
