"""What the way into a record asks of the store here and of the central one: questions, and the one gesture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from dmp_desktop.cache.journal import Act
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.config import SECRET_FROM
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.dossier import Authorisation, DossierState, ExistenceAnswer
from dmp_desktop.domain.events import Author, AuthorisationAct, AuthorisationChange, Event
from dmp_desktop.domain.habilitations import NORMAL_ACCESS, Access
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import Identity
from dmp_desktop.domain.professional import Professional
from dmp_desktop.domain.shelf import ForgetReason, Reader, Shelf, ShelfState
from dmp_desktop.errors import FlowError
from dmp_desktop.services.desk import Delivery
from dmp_desktop.services.gate import AccessGate


class AccessPort(Protocol):
    """Questions about access to the central store."""

    def existence(self, ins: Ins, access: Access = NORMAL_ACCESS) -> ExistenceAnswer:
        """TD0.2."""
        ...


class Entrance:
    """The door of the records of one post.

    :param shelf: the encrypted copy, ``None`` while it is closed.
    :param forget: purges the copy of a dossier, in the step that learns that it must go (``None``: for everybody).
    :param secret_from: age from which a minor is offered a secret connection, as it is set at the moment.
    """

    def __init__(
        self,
        store: DeskStore,
        questions: AccessPort,
        delivery: Delivery,
        clock: Clock,
        shelf: Callable[[], Shelf | None],
        forget: Callable[[str, ForgetReason, str | None], None],
        secret_from: Callable[[], int] = lambda: SECRET_FROM,
    ) -> None:
        self._store, self._questions, self._delivery = store, questions, delivery
        self._clock, self._shelf, self._forget, self._secret_from = clock, shelf, forget, secret_from

    def gate(self, identity: Identity, professional: Professional, author: Author) -> AccessGate:
        """Cache lane. A way in, with what is known here.

        :raises FlowError: an identity without INS has no record.
        """
        if identity.ins is None:
            raise FlowError("a record needs an INS")
        dossier = self._store.patients.remember(identity)
        shelf = self._shelf()
        state = shelf.state(Reader(dossier, author.professional)) if shelf is not None else ShelfState()
        known = self._store.patients.existence(dossier, author)
        return AccessGate(
            identity, dossier, professional, author, self._clock, known, state, secret_from=self._secret_from()
        )

    def ask(self, gate: AccessGate) -> ExistenceAnswer:
        """Sync lane. Is there a dossier, and is this professional authorised (TD0.2). The list is not asked for."""
        assert gate.identity.ins is not None  # noqa: S101 - a gate is made of an identity with its INS
        answer = self._questions.existence(gate.identity.ins, gate.access)
        if not gate.access.secret:
            # Of a secret connection nothing is written here.
            self._store.patients.learned(gate.dossier, answer, gate.author)
        lost = _lost(answer, by_agreement=gate.by_agreement)
        if lost is not None:
            reason, for_all = lost
            self._forget(gate.dossier, reason, None if for_all else gate.author.professional)
        return answer

    def keep(self, gate: AccessGate) -> Event:
        """Cache lane. The gesture as one durable act, its reason in the journal beside it (EX_0.3-1010)."""
        assert gate.identity.ins is not None  # noqa: S101 - see ask
        if gate.reason is None:
            raise FlowError("the gesture has its reason")
        change = AuthorisationChange(gate.identity.ins, AuthorisationAct.ADD, gate.treating, secret=gate.access.secret)
        with self._store.outbox.transaction():
            event = self._store.outbox.add(change, gate.author)
            self._store.journal.append(
                Act.FIRST_ACCESS, gate.author, event=event.id, dossier=gate.dossier, reason=gate.reason.value
            )
        return event

    def deliver(self, event_id: str, author: Author) -> Event:
        """Sync lane. Send it now; where it stands afterwards."""
        self._delivery.run(author, only=event_id)
        return self._store.outbox.get(event_id)


def _lost(answer: ExistenceAnswer, *, by_agreement: bool) -> tuple[ForgetReason, bool] | None:
    """Why a copy must go, and whether for everybody; ``None`` when it may stay.

    :param by_agreement: whoever asks reads without an authorisation that the store knows of.
    """
    if answer.state is DossierState.BLOCKED or answer.authorisation is Authorisation.FORBIDDEN:
        return ForgetReason.BLOCKED, False
    if answer.state is DossierState.ACTIVE:
        gone = answer.authorisation in {Authorisation.EXPIRED, Authorisation.NONE} and not by_agreement
        return (ForgetReason.UNAUTHORISED, False) if gone else None
    reasons = {DossierState.OPPOSED: ForgetReason.OPPOSED, DossierState.CLOSED: ForgetReason.CLOSED}
    return (reasons[answer.state], True) if answer.state in reasons else None
