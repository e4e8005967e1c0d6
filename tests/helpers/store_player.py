"""A desk in a process of its own, to be killed: it opens its profile, captures some acts, runs a pass.

Started once (imports are slow), it forks for each line it reads: the fork is the program that gets killed, with nothing
of its own left in memory. Prints the fork's pid when it starts and ``ended`` when it is gone.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, Self

from helpers import wire_world
from helpers.store_acts import ActsDesk, opening, patient

from dmp_desktop.cache.keys import Keys
from dmp_desktop.cache.slots import DatabaseKey
from dmp_desktop.config import StoreSettings
from dmp_desktop.domain import oids
from dmp_desktop.domain.acts import StatusChange, VisibilityChange
from dmp_desktop.domain.clock import SystemClock
from dmp_desktop.domain.document import DocumentStatus, Visibility
from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.errors import DmpError
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.cards.professional import KeyFiles, SimulatedProfessionalCard
from dmp_desktop.sync.gateway import Credentials


@dataclass(frozen=True)
class Profile:
    """Where a desk keeps its things and whom it speaks to; travels as JSON.

    :ivar keys: key and salt of each file, in hexadecimal.
    """

    folder: str
    keys: dict[str, tuple[str, str]] = field(repr=False)
    base_url: str
    insi_url: str
    authority: str
    signature: tuple[str, str]
    authentication: tuple[str, str]

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The reverse of ``json.dumps(asdict(profile))``."""
        return cls(**json.loads(text))

    def to_json(self) -> str:
        """As one argument of a command line."""
        return json.dumps(asdict(self))


@dataclass(frozen=True)
class Round:
    """What is done in one life of the program; travels as JSON.

    :ivar acts: names of :data:`ACTS`, each about a person of its own: ``number``, ``number + 1``…
    :ivar filed: for each act on a document, its entryUUID and logical id.
    """

    number: int
    acts: tuple[str, ...]
    filed: tuple[tuple[str, str], ...] = ()


def open_desk(profile: Profile) -> ActsDesk:
    """The desk of a profile, Dr Brindille signed in."""
    cast = people.profile("brindille")
    signature, authentication = (KeyFiles(Path(c), Path(k)) for c, k in (profile.signature, profile.authentication))
    plastic = SimulatedProfessionalCard(cast.professional, cast.situations, cast.pin, signature, authentication)
    card = plastic.opened(lambda: True)
    card.login(Secret(cast.pin))
    situation = cast.situations[0]
    keys = Keys({n: DatabaseKey(bytes.fromhex(k), bytes.fromhex(s)) for n, (k, s) in profile.keys.items()})
    settings = StoreSettings(
        base_url=profile.base_url,
        insi_url=profile.insi_url,
        authority=Path(profile.authority),
        ins_oid=oids.INS_NIR_TEST,
        software_oid="1.2.250.1.999.1.1",
        timeout_seconds=10.0,
    )
    credentials = Credentials(cast.professional, situation, card.signature(), card.install_tls_key)
    author = wire_world.author(cast.professional, situation)
    return ActsDesk(Path(profile.folder), keys, settings, credentials, author, SystemClock())


def _visibility(desk: ActsDesk, number: int, filed: tuple[str, str]) -> None:
    change = VisibilityChange(patient(number).ins, *filed, Visibility(), Visibility(from_professionals=True))
    desk.store.outbox.add(change, desk.author)


def _status(wanted: DocumentStatus) -> Callable[[ActsDesk, int, tuple[str, str]], None]:
    def act(desk: ActsDesk, number: int, filed: tuple[str, str]) -> None:
        change = StatusChange(patient(number).ins, *filed, DocumentStatus.APPROVED, wanted)
        desk.store.outbox.add(change, desk.author)

    return act


def _opening_with_a_deposit(desk: ActsDesk, number: int, _filed: tuple[str, str]) -> None:
    event = desk.store.outbox.add(opening(number), desk.author)
    desk.deposit(number, after=event.id)


ACTS: Final[dict[str, Callable[[ActsDesk, int, tuple[str, str]], object]]] = {
    "opening": lambda desk, number, _filed: desk.store.outbox.add(opening(number), desk.author),
    "reactivation": lambda d, number, _filed: d.store.outbox.add(opening(number, reactivation=True), d.author),
    "opening and deposit": _opening_with_a_deposit,
    "authorisation": lambda desk, number, _filed: desk.authorise(number),
    "deposit": lambda desk, number, _filed: desk.deposit(number),
    "mask": _visibility,
    "archive": _status(DocumentStatus.ARCHIVED),
    "deletion": _status(DocumentStatus.DELETED),
    "contact": lambda desk, number, _filed: desk.contact(number),
}
ON_DOCUMENTS: Final = frozenset({"mask", "archive", "deletion"})


def play(desk: ActsDesk, one: Round) -> None:
    """Capture the acts, send what is due, then read again the dossiers whose documents were touched."""
    for position, name in enumerate(one.acts):
        ACTS[name](desk, one.number + position, tuple(one.filed[position]))  # type: ignore[arg-type]
    desk.engine.run(desk.author)
    for position, name in enumerate(one.acts):
        if name in ON_DOCUMENTS:
            read_again(desk, one.number + position)


def read_again(desk: ActsDesk, number: int) -> None:
    """The list refreshed, and its documents brought here; a store that misbehaves is left alone."""
    shelf, reader = desk.clinical.shelf, desk.reader(number)
    try:
        desk.refresh(number, full=True)
        entries = [kept.entry for kept in shelf.entries(reader) if not kept.content_here]
        if entries:
            for found in desk.gateway.documents.retrieve(patient(number).ins, entries).documents:
                (logical,) = (entry.logical_id for entry in entries if entry.unique_id == found.unique_id)
                shelf.put(reader, logical, found, "mots du document")
    except DmpError:
        return


def tell(line: str) -> None:
    """One line to whoever started this process."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Fork for each round read."""
    profile = Profile.from_json(sys.argv[1])
    for line in sys.stdin:
        child = os.fork()
        if not child:
            desk = open_desk(profile)
            play(desk, Round(**json.loads(line)))
            desk.close()
            os._exit(0)
        tell(str(child))
        os.waitpid(child, 0)
        tell("ended")


if __name__ == "__main__":
    main()
