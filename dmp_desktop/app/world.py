"""The parts behind the screen: folders, settings, and what comes to life in the lanes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from dmp_desktop.config import Settings, StructureSettings
from dmp_desktop.domain import oids
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.identifiers import CardNature, Nir
from dmp_desktop.domain.readers import CardSystem
from dmp_desktop.services.opening import Platform

if TYPE_CHECKING:
    from dmp_desktop.sandbox.sandbox import Sandbox
    from dmp_desktop.sync.gateway import Gateway

SANDBOX_STRUCTURE = StructureSettings(
    name="Cabinet des Trois-Tilleuls",
    address=("4 rue de l’Exemple", "99000 Villeneuve-l’Exemple"),
    identifier="499700000017001",
    post="Accueil 1",
    responsible="Dr Aurore Brindille",
)
_SANDBOX_SOFTWARE = "1.2.250.1.999.1.1"


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for."""

    sandbox: bool = False
    profile: Path | None = None
    pcsc: bool = False
    play: Path | None = None
    debug: bool = False


@dataclass(frozen=True, slots=True)
class Folders:
    """Where things live. The sandbox's folder plays another machine's disk: it is never inside the profile.

    :ivar throw_away: removed at the end, for a sandbox without a named profile.
    """

    profile: Path
    sandbox: Path
    throw_away: Path | None = None

    @classmethod
    def of(cls, options: Options) -> Folders:
        """The folders of this run."""
        if options.profile is not None:
            return cls(options.profile / "profile", options.profile / "sandbox")
        if options.sandbox:
            root = Path(tempfile.mkdtemp(prefix="dmp-sandbox-"))
            return cls(root / "profile", root / "sandbox", root)
        root = platformdirs.user_data_path("dmp_desktop", appauthor=False)
        return cls(root / "profile", root / "sandbox")

    def clean(self) -> None:
        """Remove what was to be thrown away."""
        if self.throw_away is not None:
            shutil.rmtree(self.throw_away, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Parts:
    """What came to life: the readers, the wire, and the sandbox when there is one."""

    settings: Settings
    cards: CardSystem
    gateway: Gateway
    platform: Platform
    card_nature: CardNature
    sandbox: Sandbox | None

    def close(self) -> None:
        """Stop in the opposite order."""
        self.cards.stop()
        self.gateway.close()
        if self.sandbox is not None:
            self.sandbox.stop()


def load_settings(options: Options, folders: Folders) -> Settings:
    """The post's settings; the sandbox brings its own practice until another is written.

    :raises dmp_desktop.config.BadSettings: the file cannot be read.
    """
    folders.profile.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings = Settings.load(folders.profile / "settings.json")
    if options.sandbox and not settings.structure.name:
        settings = replace(settings, structure=SANDBOX_STRUCTURE)
    return settings


def come_alive(options: Options, folders: Folders, settings: Settings, clock: Clock) -> Parts:
    """Build the readers and the wire, and start the sandbox if asked. Sync lane: heavy imports happen here."""
    from dmp_desktop.sync.gateway import Gateway

    sandbox: Sandbox | None = None
    cards: CardSystem
    if options.sandbox:
        from dmp_desktop.sandbox.sandbox import Sandbox

        sandbox = Sandbox(folders.sandbox, clock)
        sandbox.start()
        settings = _towards(sandbox, settings)
        cards = sandbox.readers
    if not options.sandbox or options.pcsc:
        from dmp_desktop.cards.pcsc import PcscSystem

        cards = PcscSystem(settings.cards)
    nature = CardNature.REAL if settings.store.ins_oid in (oids.INS_NIR, oids.INS_NIA) else CardNature.TEST
    simulated = options.sandbox and not options.pcsc
    return Parts(
        settings,
        cards,
        Gateway(settings.store, clock, address=settings.structure.address),
        Platform(nature, fictional_people() if options.sandbox else _nobody),
        CardNature.TEST if simulated else CardNature.UNKNOWN,
        sandbox,
    )


def fictional_people() -> Callable[[Nir], bool]:
    """Whether a number is one of the sandbox's people: no other card is read there (EX_GEN-1430)."""
    from dmp_desktop.sandbox import people

    numbers = {person.ins.value for person in people.PEOPLE}
    numbers |= {former.value for person in people.PEOPLE for former in person.former}
    numbers |= {person.insured.value for person in people.PEOPLE if person.insured is not None}
    return lambda nir: nir.value in numbers


def _nobody(_nir: Nir) -> bool:
    return False


def _towards(sandbox: Sandbox, settings: Settings) -> Settings:
    store = replace(
        settings.store,
        base_url=sandbox.base_url,
        insi_url=sandbox.insi_url,
        authority=sandbox.authority,
        client_certificate=None,
        ins_oid=sandbox.ins_oid,
        software_oid=settings.store.software_oid or _SANDBOX_SOFTWARE,
    )
    return replace(settings, store=store)
