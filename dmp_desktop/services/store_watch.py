"""The central store, watched: the same transactions, and whether the last one was answered."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.dossier import Confirmation, ExistenceAnswer
from dmp_desktop.domain.events import Author, AuthorisationAct, Opening
from dmp_desktop.domain.habilitations import NORMAL_ACCESS, Access
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import CardTraits, InsiAnswer, Traits

if TYPE_CHECKING:
    from dmp_desktop.sync.access import AccessTransactions
    from dmp_desktop.sync.administration import AdministrationTransactions
    from dmp_desktop.sync.documents import Documents
    from dmp_desktop.sync.gateway import Gateway


class StoreWatch:
    """Passes every transaction on; is told by the line of each one. Sync lane; the two facts it keeps may be read from
    any thread.

    :ivar answered_at: last time the store (or INSi) answered, aware, or ``None``.
    :ivar silent_since: first time of the present silence, or ``None`` while it answers.
    """

    def __init__(self, gateway: Gateway, clock: Clock) -> None:
        self._gateway = gateway
        self._clock = clock
        self.answered_at: datetime | None = None
        self.silent_since: datetime | None = None
        gateway.line.listener = self

    def answered(self) -> None:
        """A transaction was answered."""
        self.answered_at, self.silent_since = self._clock.now(), None

    def silent(self) -> None:
        """A transaction was not."""
        self.silent_since = self.silent_since or self._clock.now()

    @property
    def documents(self) -> Documents:
        """TD2.x and TD3.x."""
        return self._gateway.documents

    @property
    def administration(self) -> AdministrationTransactions:
        """TD1.x."""
        return self._gateway.administration

    @property
    def access(self) -> AccessTransactions:
        """TD0.2 to TD0.5 and TD1.6."""
        return self._gateway.access

    def existence(self, ins: Ins) -> ExistenceAnswer:
        """TD0.2."""
        return self._gateway.existence(ins)

    def create(self, opening: Opening, author: Author) -> Confirmation:
        """TD1.1."""
        return self._gateway.create(opening, author)

    def reactivate(self, opening: Opening, author: Author) -> Confirmation:
        """TD1.2."""
        return self._gateway.reactivate(opening, author)

    def set_authorisation(
        self,
        ins: Ins,
        act: AuthorisationAct,
        treating: bool = False,
        author: Author | None = None,
        access: Access = NORMAL_ACCESS,
    ) -> Confirmation:
        """TD0.3."""
        return self._gateway.set_authorisation(ins, act, treating, author, access)

    def insi_by_vitale(self, card: CardTraits) -> InsiAnswer:
        """INSi with the card's numbers."""
        return self._gateway.insi_by_vitale(card)

    def insi_by_traits(self, traits: Traits) -> InsiAnswer:
        """INSi with the traits."""
        return self._gateway.insi_by_traits(traits)
