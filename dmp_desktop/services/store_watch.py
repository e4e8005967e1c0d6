"""The central store, watched: the same transactions, and whether the last one was answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.dossier import Confirmation, ExistenceAnswer
from dmp_desktop.domain.events import Author, AuthorisationAct, Opening
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import CardTraits, InsiAnswer, Traits
from dmp_desktop.errors import BadAnswer, Cancelled, ServiceUnavailable

if TYPE_CHECKING:
    from dmp_desktop.sync.gateway import Gateway

T = TypeVar("T")


class StoreWatch:
    """Passes every transaction on. Sync lane; the two facts it keeps may be read from any thread.

    :ivar answered_at: last time the store (or INSi) answered, aware, or ``None``.
    :ivar silent_since: first time of the present silence, or ``None`` while it answers.
    """

    def __init__(self, gateway: Gateway, clock: Clock) -> None:
        self._gateway = gateway
        self._clock = clock
        self.answered_at: datetime | None = None
        self.silent_since: datetime | None = None

    def existence(self, ins: Ins) -> ExistenceAnswer:
        """TD0.2."""
        return self._watched(lambda: self._gateway.existence(ins))

    def create(self, opening: Opening, author: Author) -> Confirmation:
        """TD1.1."""
        return self._watched(lambda: self._gateway.create(opening, author))

    def reactivate(self, opening: Opening, author: Author) -> Confirmation:
        """TD1.2."""
        return self._watched(lambda: self._gateway.reactivate(opening, author))

    def set_authorisation(
        self, ins: Ins, act: AuthorisationAct, treating: bool = False, author: Author | None = None
    ) -> Confirmation:
        """TD0.3."""
        return self._watched(lambda: self._gateway.set_authorisation(ins, act, treating, author))

    def insi_by_vitale(self, card: CardTraits) -> InsiAnswer:
        """INSi with the card's numbers."""
        return self._watched(lambda: self._gateway.insi_by_vitale(card))

    def insi_by_traits(self, traits: Traits) -> InsiAnswer:
        """INSi with the traits."""
        return self._watched(lambda: self._gateway.insi_by_traits(traits))

    def _watched(self, transaction: Callable[[], T]) -> T:
        try:
            answer = transaction()
        except Cancelled:
            raise
        except (ServiceUnavailable, BadAnswer):
            self.silent_since = self.silent_since or self._clock.now()
            raise
        self.answered_at, self.silent_since = self._clock.now(), None
        return answer
