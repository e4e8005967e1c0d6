"""The whole road without the window: simulated cards, encrypted store, sandbox over TLS, papers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.clocks import HandClock

from dmp_desktop.cache.slots import Argon2Cost
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.cache.vault import Vault
from dmp_desktop.config import CardSettings, PrinterProfile, Settings, StoreSettings, StructureSettings
from dmp_desktop.domain.identifiers import CardNature, Secret
from dmp_desktop.domain.readers import ReaderEvent
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.cards.readers import LEFT, RIGHT
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.services.desk import Desk, Post
from dmp_desktop.services.opening import Platform
from dmp_desktop.services.readers import ReaderBoard
from dmp_desktop.services.session import SessionFlow
from dmp_desktop.services.sign_in import SignIn
from dmp_desktop.services.stationery import Stationery
from dmp_desktop.sync.engine import Engine
from dmp_desktop.sync.gateway import Gateway

FAST = Argon2Cost(memory_kib=64 * 1024)


class Tray:
    """Stands where the printer would: keeps what came out."""

    def __init__(self) -> None:
        self.printed: list[tuple[str, bytes]] = []

    def send(self, pdf: bytes, profile: PrinterProfile, title: str) -> None:
        """Catch a paper."""
        self.printed.append((title, pdf))


class Road:
    """One post on one sandbox, someone signed in."""

    def __init__(self, sandbox: Sandbox, folder: Path, clock: HandClock) -> None:
        self.sandbox, self.clock, self.tray = sandbox, clock, Tray()
        self.folder = folder
        self.settings = Settings(
            structure=StructureSettings(
                "Cabinet des Trois-Tilleuls",
                ("4 rue de l’Exemple", "99000 Villeneuve-l’Exemple"),
                "499700000017001",
                responsible="Dr Aurore Brindille",
            ),
            store=StoreSettings(
                base_url=sandbox.base_url,
                insi_url=sandbox.insi_url,
                authority=sandbox.authority,
                ins_oid=sandbox.ins_oid,
                software_oid="1.2.250.1.999.1.1",
                timeout_seconds=5.0,
            ),
        )
        keys = (
            Vault.open(folder).unlock_with_passphrase(Secret("phrase de passe"))
            if (folder / "vault").exists()
            else Vault.create(folder, Secret("phrase de passe"), cost=FAST)[1]
        )
        self.store = DeskStore.open(folder, keys, clock, create=not (folder / "desk.db").exists())
        self.session = SessionFlow(clock, CardNature.TEST)
        self.board = ReaderBoard(CardSettings())
        self.gateway = Gateway(self.settings.store, clock)
        self.engine = Engine(self.store.outbox, self.store.patients, self.gateway, clock)
        self.sign_in = SignIn(sandbox.readers, self.gateway)
        fictional = {p.ins.value for p in people.PEOPLE} | {n.value for p in people.PEOPLE for n in _numbers(p)}
        post = Post(clock, Platform(CardNature.TEST, lambda nir: nir.value in fictional), CardNature.TEST)
        stationery = Stationery(lambda: self.settings, clock, self.store, self.tray, demonstration=True)
        self.desk = Desk(
            post, self.session, self.board, sandbox.readers, self.gateway, self.store, self.engine, stationery
        )
        self._seen = threading.Condition()
        self.events: list[ReaderEvent] = []
        sandbox.readers.start(self._listen)

    def _listen(self, event: ReaderEvent) -> None:
        with self._seen:
            self.board.saw(event)
            self.events.append(event)
            self._seen.notify_all()

    def until(self, condition: object) -> None:
        """Wait until the readers told what is awaited."""
        assert callable(condition)
        with self._seen:
            assert self._seen.wait_for(condition, 5), "the readers did not tell it"

    def sign(self, key: str = "brindille", situation: int = 0) -> None:
        """Card in, code, situation."""
        self.sandbox.insert(LEFT, key)
        self.until(self.board.professional_slot)
        self.session.card_in(LEFT)
        self.session.card_known(*self.sign_in.open_card(LEFT))
        self.session.pin_given()
        self.session.pin_accepted(self.sign_in.login(Secret(people.profile(key).pin)))
        if not self.session.is_open:
            self.session.choose_situation(situation)
        assert self.session.holder is not None
        assert self.session.situation is not None
        self.sign_in.speak(self.session.holder, self.session.situation)

    def vitale(self, key: str) -> None:
        """Put a Vitale in."""
        self.sandbox.insert(RIGHT, key)
        self.until(self.board.vitale_slot)

    def close(self) -> None:
        """End of the day."""
        self.sandbox.readers.stop()
        self.sign_in.let_go()
        self.gateway.close()
        self.store.close()


def _numbers(person: people.FictionalPerson) -> list[people.Nir]:
    return [i.matricule for i in person.former] + ([person.insured] if person.insured else [])


@pytest.fixture
def road(sandbox: Sandbox, sandbox_clock: HandClock, tmp_path: Path) -> Iterator[Road]:
    """A post, Dr Brindille signed in."""
    made = Road(sandbox, tmp_path / "profile", sandbox_clock)
    made.sign()
    yield made
    made.close()


def settings_with(settings: Settings, **changes: object) -> Settings:
    """A copy with some values changed."""
    return replace(settings, **changes)  # type: ignore[arg-type]
