"""What every way to the store shares: what is asked of it, how an outcome is decided and written down."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from dmp_desktop.cache.outbox import Outbox
from dmp_desktop.cache.patients import Patients
from dmp_desktop.domain.administration import AdministrativeData
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.conflicts import Found
from dmp_desktop.domain.document import DocumentEntry, DocumentStatus, Submission, Visibility
from dmp_desktop.domain.dossier import Confirmation, ExistenceAnswer
from dmp_desktop.domain.events import Author, AuthorisationAct, Event, Opening
from dmp_desktop.domain.habilitations import NORMAL_ACCESS, Access
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import CardTraits, Identity, InsiAnswer
from dmp_desktop.errors import BugError, DmpError
from dmp_desktop.log import describe
from dmp_desktop.sync.policy import MOVED, Decision, Standing, Verdict, back_off, decide

LOGGER = logging.getLogger("dmp_desktop.sync")

T = TypeVar("T")


class DocumentsPort(Protocol):
    """What acts on documents ask of the store."""

    def deposit(
        self, outgoing: Submission, identity: Identity, author: Author | None = None, access: Access = NORMAL_ACCESS
    ) -> Confirmation:
        """TD2.1."""
        ...

    def entry_uuids(self, ins: Ins, unique_ids: list[str], access: Access = NORMAL_ACCESS) -> tuple[str, ...]:
        """TD3.1b: the descriptions of documents known by their own OID."""
        ...

    def current(self, ins: Ins, entry_uuid: str, access: Access = NORMAL_ACCESS) -> DocumentEntry | None:
        """TD3.1: a document as it is described now."""
        ...

    def set_visibility(
        self,
        ins: Ins,
        entry_uuid: str,
        visibility: Visibility,
        author: Author | None = None,
        access: Access = NORMAL_ACCESS,
    ) -> Confirmation:
        """TD3.3a, TD3.3b."""
        ...

    def set_status(
        self,
        ins: Ins,
        entry: DocumentEntry,
        new: DocumentStatus,
        author: Author | None = None,
        access: Access = NORMAL_ACCESS,
    ) -> Confirmation:
        """TD3.3c, TD3.3d."""
        ...


class AdministrationPort(Protocol):
    """What acts on the administrative file ask of the store."""

    def data(self, ins: Ins) -> AdministrativeData:
        """TD1.3a."""
        ...

    def change(self, data: AdministrativeData, known: ExistenceAnswer, author: Author | None = None) -> Confirmation:
        """TD1.3b."""
        ...


class GatewayPort(Protocol):
    """What is asked of the central store; every verb raises typed errors only."""

    @property
    def documents(self) -> DocumentsPort:
        """Transactions about documents."""
        ...

    @property
    def administration(self) -> AdministrationPort:
        """Transactions about the administrative file."""
        ...

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
        self,
        ins: Ins,
        act: AuthorisationAct,
        treating: bool = False,
        author: Author | None = None,
        access: Access = NORMAL_ACCESS,
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
class Asked:
    """What the store holds, compared with an act.

    :ivar found: its value, when it is neither what the act was made on nor what it wants.
    """

    standing: Standing
    found: Found | None = None


Ask = Callable[[bool], Asked]
"""Asks the store, told whether a former send is in doubt."""
Send = Callable[[], Confirmation]


@dataclass(frozen=True, slots=True)
class Way:
    """What each way to the store works with."""

    outbox: Outbox
    patients: Patients
    gateway: GatewayPort
    clock: Clock

    def carry(
        self, event: Event, ask: Ask | None, prepare: Callable[[], Send], done: Callable[[], None] | None = None
    ) -> Decision:
        """Ask what the store holds, send if there is something to do, write down what came of it.

        :param ask: ``None`` when there is no doubt to lift and nothing to compare.
        :param prepare: makes what is to be sent, before the event is marked as leaving.
        :param done: what else is written with the confirmation, in its transaction.
        """
        outcome: Confirmation | DmpError = Confirmation(self.clock.now())
        asked = attempt(lambda: ask(event.in_doubt)) if ask else Asked(Standing.AS_BEFORE)
        decision = self.decide(event, asked.standing if isinstance(asked, Asked) else asked, sent=False)
        if decision.verdict is Verdict.SEND:
            send = attempt(prepare)
            if isinstance(send, DmpError):
                outcome = send
                decision = self.decide(event, send, sent=False)
            else:
                self.outbox.mark_sending(event.id)
                outcome = attempt(send)
                decision = self.decide(event, outcome, sent=True)
                if decision.verdict is Verdict.ASK_FIRST and decision.due is None and ask is not None:
                    asked, decision = self._again(event, ask, outcome, decision)
        if decision.verdict is Verdict.CONFIRMED:
            confirmation = outcome if isinstance(outcome, Confirmation) else Confirmation(self.clock.now())
            with self.outbox.transaction():
                self.outbox.confirm(event.id, confirmation)
                if done is not None:
                    done()
        else:
            self.write(event, decision, found=asked.found if isinstance(asked, Asked) else None)
        return decision

    def decide(
        self,
        event: Event,
        outcome: Confirmation | ExistenceAnswer | Standing | DmpError,
        *,
        sent: bool,
        in_doubt: bool | None = None,
    ) -> Decision:
        """The policy's word on an outcome."""
        return decide(
            event.payload.kind,
            outcome,
            event.attempts,
            self.clock.now(),
            in_doubt=event.in_doubt if in_doubt is None else in_doubt,
            sent=sent,
        )

    def write(
        self, event: Event, decision: Decision, proposed: Identity | None = None, found: Found | None = None
    ) -> None:
        """Write down a decision that is not a confirmation."""
        match decision.verdict:
            case Verdict.REFUSED:
                self.outbox.refuse(event.id, decision.cause, decision.text)
            case Verdict.HELD:
                self.outbox.hold(
                    event.id, decision.cause, decision.text, in_doubt=decision.in_doubt, resolved=proposed, found=found
                )
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

    def _again(
        self, event: Event, ask: Ask, refusal: Confirmation | DmpError, first: Decision
    ) -> tuple[Asked | DmpError, Decision]:
        """Refused, though a former send may have succeeded or the value moved: what the store holds now decides."""
        asked = attempt(lambda: ask(event.in_doubt))
        standing = asked.standing if isinstance(asked, Asked) else asked
        decision = self.decide(event, standing, sent=False)
        if decision.verdict is Verdict.SEND:
            if isinstance(refusal, MOVED):  # it moves as we look: another time
                due = self.clock.now() + back_off(event.attempts)
                return asked, Decision(Verdict.LATER, first.cause, first.text, due=due, in_doubt=event.in_doubt)
            return asked, Decision(Verdict.REFUSED, first.cause, first.text)  # not done: the refusal stands
        return asked, decision


def attempt(call: Callable[[], T]) -> T | DmpError:
    """The answer, or what went wrong: our own errors as they are, anything else as a fault of ours, logged without
    its values.

    A fault in one event's message must not keep the others from leaving, hence the broad ``except``.
    """
    try:
        return call()
    except DmpError as error:
        return error
    except Exception as error:  # noqa: BLE001 - see above
        LOGGER.error("unforeseen fault of a delivery\n%s", describe(error, error.__traceback__))
        return UnforeseenFault(type(error).__name__)
