"""What the way into a record asks of the store here and of the central one: questions, and the one gesture."""

from __future__ import annotations

from collections.abc import Callable

from dmp_desktop.cache.journal import Act
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.dossier import ExistenceAnswer
from dmp_desktop.domain.events import Author, AuthorisationAct, AuthorisationChange, Event
from dmp_desktop.domain.identity import Identity
from dmp_desktop.domain.professional import Professional
from dmp_desktop.domain.shelf import Reader, Shelf, ShelfState
from dmp_desktop.errors import FlowError
from dmp_desktop.services.desk import Delivery, Questions
from dmp_desktop.services.gate import SECRET_FROM, AccessGate


class Entrance:
    """The door of the records of one post.

    :param shelf: the encrypted copy, ``None`` while it is closed.
    :param secret_from: age from which a minor is offered a secret connection.
    """

    def __init__(
        self,
        store: DeskStore,
        questions: Questions,
        delivery: Delivery,
        clock: Clock,
        shelf: Callable[[], Shelf | None],
        secret_from: int = SECRET_FROM,
    ) -> None:
        self._store, self._questions, self._delivery = store, questions, delivery
        self._clock, self._shelf, self._secret_from = clock, shelf, secret_from

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
            identity, dossier, professional, author, self._clock, known, state, secret_from=self._secret_from
        )

    def ask(self, gate: AccessGate) -> ExistenceAnswer:
        """Sync lane. Is there a dossier, and is this professional authorised (TD0.2). The list is not asked for."""
        assert gate.identity.ins is not None  # noqa: S101 - a gate is made of an identity with its INS
        answer = self._questions.existence(gate.identity.ins)
        self._store.patients.learned(gate.dossier, answer, gate.author)
        return answer

    def keep(self, gate: AccessGate) -> Event:
        """Cache lane. The gesture as one durable act, its reason in the journal beside it (EX_0.3-1010)."""
        assert gate.identity.ins is not None  # noqa: S101 - see ask
        if gate.reason is None:
            raise FlowError("the gesture has its reason")
        change = AuthorisationChange(gate.identity.ins, AuthorisationAct.ADD, gate.treating)
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
