"""One event on its way: each kind has one handler, and one way of recognising its own echo."""

from __future__ import annotations

from dmp_desktop.cache.outbox import Outbox
from dmp_desktop.cache.patients import Patients
from dmp_desktop.domain.acts import ContactChange, Deposit, StatusChange, VisibilityChange
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.event_kinds import BadEvent
from dmp_desktop.domain.events import Author, AuthorisationChange, Event, Opening
from dmp_desktop.sync.delivery_authorisation import AuthorisationWay
from dmp_desktop.sync.delivery_common import GatewayPort
from dmp_desktop.sync.delivery_contact import ContactWay
from dmp_desktop.sync.delivery_deposit import DepositWay, DraftsOf
from dmp_desktop.sync.delivery_entries import EntryWay
from dmp_desktop.sync.delivery_management import ManagementWay
from dmp_desktop.sync.policy import Decision


class Delivery:
    """The ways to the store, for one event after another.

    :param drafts: where the draft of a deposit is, ``None`` while that copy is closed.
    """

    def __init__(
        self, outbox: Outbox, patients: Patients, gateway: GatewayPort, clock: Clock, drafts: DraftsOf
    ) -> None:
        self._outbox = outbox
        self._entries = EntryWay(outbox, patients, gateway, clock)
        self._authorisations = AuthorisationWay(outbox, patients, gateway, clock)
        self._deposits = DepositWay(outbox, patients, gateway, clock, drafts)
        self._management = ManagementWay(outbox, patients, gateway, clock)
        self._contacts = ContactWay(outbox, patients, gateway, clock)

    def deliver(self, event: Event) -> Decision | None:
        """Send one event and write down what came of it; ``None`` when nothing about it changed.

        :raises EventMoved: somebody moved it meanwhile; nothing was sent.
        :raises StorageError: the store here failed.
        """
        match event.payload:
            case Opening():
                return self._entries.deliver(event, event.payload)
            case AuthorisationChange():
                return self._authorisations.deliver(event, event.payload)
            case Deposit():
                return self._deposits.deliver(event, event.payload)
            case VisibilityChange():
                return self._management.show(event, event.payload)
            case StatusChange():
                return self._management.file(event, event.payload)
            case ContactChange():
                return self._contacts.deliver(event, event.payload)

    def sweep(self, author: Author) -> None:
        """Settle the drafts of deposits that ended, when a crash came between the two files.

        :raises StorageError: the store here failed.
        """
        for event_id in self._outbox.drafts_left(author):
            try:
                event = self._outbox.get(event_id)
            except BadEvent:
                continue
            if isinstance(event.payload, Deposit):
                self._deposits.settle(event_id, event.payload)
