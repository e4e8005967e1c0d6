"""A record over the whole road: the real gateway, engine, refresh and copy, on the real sandbox."""

from __future__ import annotations

from pathlib import Path

from helpers import wire_sandbox
from helpers.clocks import HandClock
from helpers.store_world import keys

from dmp_desktop.cache.clinical import ClinicalStore
from dmp_desktop.cache.slots import DatabaseKey
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.domain.identity import Identity, InsStatus
from dmp_desktop.domain.record import RecordContext
from dmp_desktop.domain.shelf import Shelf
from dmp_desktop.reading.readable import text_of
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.services.entrance import Entrance
from dmp_desktop.services.gate import AccessGate
from dmp_desktop.services.record import Record
from dmp_desktop.sync.engine import Engine
from dmp_desktop.sync.gateway import Gateway
from dmp_desktop.sync.refresh import Refresher


class RecordPost:
    """One post, one professional signed in."""

    def __init__(self, sandbox: Sandbox, clock: HandClock, folder: Path, who: str = "brindille") -> None:
        self.sandbox, self.clock = sandbox, clock
        folder.mkdir(parents=True, exist_ok=True)
        self.store = DeskStore.open(folder, keys(), clock, create=True)
        self.copy = ClinicalStore.open(folder, DatabaseKey.random(), clock, create=True)
        self.gateway = Gateway(wire_sandbox.settings(sandbox), clock)
        self.credentials = wire_sandbox.credentials(sandbox, who)
        self.gateway.sign_in(self.credentials)
        self.author = wire_sandbox.author(self.credentials)
        self.engine = Engine(self.store.outbox, self.store.patients, self.gateway, clock)
        self.refresher = Refresher(self.gateway, self.store.patients, clock, self.copy.forget)
        self.entrance = Entrance(
            self.store, self.gateway.access, self.engine, clock, lambda: self.copy.shelf, self.copy.forget
        )

    def identity(self, key: str) -> Identity:
        """Someone of the cast."""
        someone = people.person(key)
        return Identity(someone.traits, InsStatus.QUALIFIED, someone.ins)

    def gate(self, key: str) -> AccessGate:
        """The way into someone's record."""
        return self.entrance.gate(self.identity(key), self.credentials.professional, self.author)

    def context(self, key: str) -> RecordContext:
        """The record of somebody whom this professional may read."""
        gate = self.gate(key)
        gate.start()
        gate.answered(self.entrance.ask(gate))
        return gate.context()

    def record(self, context: RecordContext, shelf: Shelf | None = None) -> Record:
        """That record, open."""
        return Record(
            context,
            shelf or self.copy.shelf,
            self.copy.drafts,
            self.store.outbox,
            self.gateway.documents,
            self.refresher,
            text_of,
        )

    def asked(self) -> list[str]:
        """Transactions that reached the store, in order."""
        return [access.act for access in self.sandbox.store.accesses()]

    def close(self) -> None:
        """The end of the day."""
        self.gateway.close()
        self.copy.close()
        self.store.close()
