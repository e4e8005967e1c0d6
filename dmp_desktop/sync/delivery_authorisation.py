"""Authorisations on their way (TD0.3): idempotent, they are simply sent again."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dmp_desktop.domain.dossier import Authorisation, Confirmation, DossierState, ExistenceAnswer
from dmp_desktop.domain.events import AuthorisationAct, AuthorisationChange, Event
from dmp_desktop.domain.habilitations import Access
from dmp_desktop.sync.delivery_common import Way, attempt
from dmp_desktop.sync.policy import Decision


@dataclass(frozen=True, slots=True)
class AuthorisationWay(Way):
    """The way of a professional's own authorisation."""

    def deliver(self, event: Event, change: AuthorisationChange) -> Decision:
        """Send it, or write down why not."""
        self.outbox.mark_sending(event.id)
        access = Access(secret=change.secret)
        outcome = attempt(
            lambda: self.gateway.set_authorisation(change.ins, change.act, change.treating, event.author, access)
        )
        decision = self.decide(event, outcome, sent=True)
        if isinstance(outcome, Confirmation):
            with self.outbox.transaction():
                self.outbox.confirm(event.id, outcome)
                if not change.secret:
                    # Of a secret connection nothing more is written here: another access asks the store.
                    self._learn(event, change, outcome)
        else:
            self.write(event, decision)
        return decision

    def _learn(self, event: Event, change: AuthorisationChange, confirmation: Confirmation) -> None:
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
