"""The door to the central store and to INSi: one method per transaction, in groups.

Every transaction blocks: it belongs to the sync lane, and asks the card to sign from there. :meth:`Gateway.cancel`,
:meth:`Gateway.sign_out` and :meth:`Gateway.close` may come from any thread. Nothing is retried here: what may be sent
again is decided by the outbox, which knows what an event is.
"""

from __future__ import annotations

from datetime import timedelta

from lxml import etree

from dmp_desktop.config import StoreSettings
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.dossier import Confirmation, ExistenceAnswer
from dmp_desktop.domain.events import Author, AuthorisationAct, Opening
from dmp_desktop.domain.habilitations import NORMAL_ACCESS, Access
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import CardTraits, InsiAnswer, Traits
from dmp_desktop.sync import insi
from dmp_desktop.sync.access import AccessTransactions
from dmp_desktop.sync.administration import AdministrationTransactions
from dmp_desktop.sync.credentials import Credentials
from dmp_desktop.sync.disputed import Disputed
from dmp_desktop.sync.documents import Documents
from dmp_desktop.sync.errors import StoreNotConfigured
from dmp_desktop.sync.line import Line, Witness

__all__ = ["Credentials", "Gateway"]


class Gateway:
    """The central store, spoken to under the keys of whoever is signed in.

    :param store: addresses, authority and platform; read once.
    :param witness: sees each exchange; none but for a support that must look at one.
    :param address: of the practice, written in the header of documents.
    :ivar access: TD0.2 to TD0.5 and TD1.6; ``administration``: TD1.x; ``documents``: TD2.x and TD3.x.
    """

    def __init__(
        self,
        store: StoreSettings,
        clock: Clock,
        disputed: Disputed | None = None,
        witness: Witness | None = None,
        address: tuple[str, ...] = (),
    ) -> None:
        self.line = Line(store, clock, disputed or Disputed(), witness)
        self.access = AccessTransactions(self.line)
        self.administration = AdministrationTransactions(self.line)
        self.documents = Documents(self.line, address)

    # -- who speaks ---------------------------------------------------------------------------------------------------

    def sign_in(self, credentials: Credentials) -> None:
        """Speak with these keys from now on. The card is asked for nothing but its certificates here.

        :raises StoreNotConfigured: an address, the authority or the homologation number cannot be had.
        """
        self.line.sign_in(credentials)

    def sign_out(self) -> None:
        """From any thread: forget the keys, the assertions and the connections; a running transaction is cancelled."""
        self.line.sign_out()

    @property
    def signed_in(self) -> bool:
        """Whether someone's card may be spoken with."""
        return self.line.session is not None

    @property
    def author_id(self) -> str | None:
        """PS_IdNat of whoever is signed in."""
        session = self.line.session
        return session.speaker.credentials.professional.id.value if session else None

    @property
    def drift(self) -> timedelta | None:
        """How far the post's clock was ahead of the store's at the last answer; ``None`` while unknown."""
        return self.line.drift

    def cancel(self) -> None:
        """From any thread: the running transaction ends with :class:`dmp_desktop.errors.Cancelled`."""
        self.line.cancel()

    def close(self) -> None:
        """The end of the program."""
        self.line.sign_out()

    # -- what the sync engine and the desk ask of it ------------------------------------------------------------------

    def existence(self, ins: Ins) -> ExistenceAnswer:
        """TD0.2, see :meth:`.access.AccessTransactions.existence`."""
        return self.access.existence(ins)

    def create(self, opening: Opening, author: Author) -> Confirmation:
        """TD1.1, see :meth:`.administration.AdministrationTransactions.create`."""
        return self.administration.create(opening, author)

    def reactivate(self, opening: Opening, author: Author) -> Confirmation:
        """TD1.2, see :meth:`.administration.AdministrationTransactions.reactivate`."""
        return self.administration.reactivate(opening, author)

    def set_authorisation(
        self,
        ins: Ins,
        act: AuthorisationAct,
        treating: bool = False,
        author: Author | None = None,
        access: Access = NORMAL_ACCESS,
    ) -> Confirmation:
        """TD0.3, see :meth:`.access.AccessTransactions.set_authorisation`."""
        return self.access.set_authorisation(ins, act, treating, author, access)

    def insi_by_vitale(self, card: CardTraits) -> InsiAnswer:
        """INSi with what the Carte Vitale says."""
        return self._insi(insi.VITALE_ACTION, insi.vitale_request(card))

    def insi_by_traits(self, traits: Traits) -> InsiAnswer:
        """INSi with the traits of an identity document."""
        return self._insi(insi.TRAITS_ACTION, insi.traits_request(traits))

    def _insi(self, action: str, body: etree._Element) -> InsiAnswer:
        store = self.line.store
        if not store.insi_url:
            raise StoreNotConfigured("no address of INSi", field="insi_url")
        with self.line.call() as session:
            request = session.speaker.to_insi(action, body)
            answer = self.line.exchange(session, store.insi_url, request, None)
            return insi.read_result(answer, self.line.answered_at, store.ins_oid, self.line.disputed)
