"""An emergency access for a test: the real gateway on the real sandbox, a hand clock, lanes without threads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from helpers import wire_sandbox
from helpers.clocks import HandClock
from helpers.store_world import keys

from dmp_desktop.cache.store import DeskStore
from dmp_desktop.cache.traces import Traces
from dmp_desktop.domain.document import DocumentEntry, DocumentStatus
from dmp_desktop.domain.habilitations import NORMAL_ACCESS, Access
from dmp_desktop.domain.identity import Identity, InsStatus
from dmp_desktop.domain.record import RecordContext
from dmp_desktop.domain.terminology import TYPE, table
from dmp_desktop.errors import DmpError
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.services.emergency import EmergencyDesk
from dmp_desktop.sync.gateway import Gateway
from dmp_desktop.ui.tasks import Lane


class AtOnce:
    """Lanes without threads: work is done as it is asked, or kept back.

    :ivar late: what waits, ``None`` to do everything at once.
    """

    def __init__(self) -> None:
        self.late: list[Callable[[], None]] | None = None

    def run(
        self, lane: Lane, work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[DmpError], None]
    ) -> Any:
        """Do it, or keep it."""

        def go() -> None:
            try:
                result = work()
            except DmpError as error:
                failed(error)
                return
            done(result)

        if self.late is None:
            go()
        else:
            self.late.append(go)
        return self

    def cancel(self) -> None:
        """Nothing runs for long here."""

    def catch_up(self) -> None:
        """Do what waited."""
        waiting, self.late = self.late or [], None
        for go in waiting:
            go()


class Memory:
    """A copy in memory, as far as an access needs to know it: made, then let go."""

    def __init__(self) -> None:
        self.closed = False
        self.shelf: Any = None

    def close(self) -> None:
        """Let go."""
        self.closed = True


class World:
    """A doctor signed in, a desk's store, a sandbox behind."""

    def __init__(self, sandbox: Sandbox, clock: HandClock, folder: Path, doctor: str = "brindille") -> None:
        self.sandbox, self.clock, self.folder = sandbox, clock, folder
        self.keys = keys()
        folder.mkdir(parents=True, exist_ok=True)
        self.store = DeskStore.open(folder, self.keys, clock, create=True)
        self.gateway = Gateway(wire_sandbox.settings(sandbox), clock)
        self.credentials = wire_sandbox.credentials(sandbox, doctor)
        self.gateway.sign_in(self.credentials)
        self.author = wire_sandbox.author(self.credentials)
        self.lanes = AtOnce()
        self.traces = Traces(self.store.database)
        self.copies: list[Memory] = []

    def desk(self, *, regulation: bool = False) -> EmergencyDesk:
        """The verbs."""
        return EmergencyDesk(
            self.gateway.access,
            self.gateway.administration,
            self.store.journal,
            self.clock,
            regulation=lambda: regulation,
        )

    def memory(self) -> Memory:
        """One more copy."""
        self.copies.append(Memory())
        return self.copies[-1]

    def context(self, key: str, access: Access = NORMAL_ACCESS) -> RecordContext:
        """The record of someone of the cast."""
        someone = people.person(key)
        identity = Identity(someone.traits, InsStatus.QUALIFIED, someone.ins)
        dossier = self.store.patients.remember(identity)
        return RecordContext(dossier, identity, self.credentials.professional, self.author, access)

    def asked(self) -> list[tuple[str, str]]:
        """Transactions that reached the store, with their mode."""
        return [(access.act, access.mode) for access in self.sandbox.store.accesses()]

    def close(self) -> None:
        """The end."""
        self.gateway.close()
        self.store.close()


def entry(logical_id: str, title: str = "Bilan biologique", type_code: str = "11502-2") -> DocumentEntry:
    """A document as a registry describes it."""
    code = table(TYPE).require(type_code)
    return DocumentEntry(
        f"urn:uuid:{logical_id}",
        logical_id,
        f"1.2.3.{len(logical_id)}",
        DocumentStatus.APPROVED,
        DocumentStatus.APPROVED.value,
        code,
        code,
        code,
        title=title,
    )
