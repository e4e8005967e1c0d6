"""Draws the record's screens, to look at them: ``record_gallery.py FOLDER [theme] [WxH] [zoom] [scene…]``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from helpers.record_world import FRESH, MASKED, NOW, OLD, TRAITS, FarEntrance, HandLanes, World
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QVBoxLayout, QWidget

from dmp_desktop.domain.dossier import Authorisation, DossierState, ExistenceAnswer
from dmp_desktop.domain.facts import Allergies, AllergyKnowledge
from dmp_desktop.domain.habilitations import Access, AccessMode
from dmp_desktop.domain.identity import BirthDate
from dmp_desktop.domain.readable import Readable
from dmp_desktop.errors import DmpError
from dmp_desktop.reading.readable import read_document
from dmp_desktop.services.gate import GateReason
from dmp_desktop.sync.errors import StoreUnreachable
from dmp_desktop.ui.record.banner import gate_banner, record_banner
from dmp_desktop.ui.record.gate_page import GatePage
from dmp_desktop.ui.record.gate_presenter import GatePresenter
from dmp_desktop.ui.record.page import RecordPage
from dmp_desktop.ui.record.presenter import RecordPresenter
from dmp_desktop.ui.shell import Shell, Status
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.theme.tokens import Density


class PaperStandIn(QFrame):
    """Stands where the viewer goes: says what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []
        self._words = QLabel()
        self._words.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.addWidget(self._words)
        column.addStretch(1)

    def _tell(self, words: str) -> None:
        self.told.append(words)
        self._words.setText(words)

    def show_waiting(self, words: str) -> None:
        """On its way."""
        self._tell(words)

    def show_document(self, readable: Readable, *, title: str, freshness: str) -> None:
        """Here."""
        self._tell(f"{title}\n{freshness}")

    def show_fault(self, error: DmpError) -> None:
        """Not to be had."""
        self._tell(error.code)

    def clear(self) -> None:
        """None."""
        self._tell("")

    def set_find(self, words: str) -> None:
        """Words to find."""
        if words:
            self.told.append(f"find {words}")


Scene = Callable[[World, RecordPresenter, RecordPage], None]


def _plain(world: World, presenter: RecordPresenter, page: RecordPage) -> None:
    presenter.open()


def _filters(world: World, presenter: RecordPresenter, page: RecordPage) -> None:
    presenter.open()
    page.middle.toggle_filters()


def _search(world: World, presenter: RecordPresenter, page: RecordPage) -> None:
    presenter.open()
    page.middle.search.edit.setText("card")
    QTest.qWait(200)


def _new(world: World, presenter: RecordPresenter, page: RecordPage) -> None:
    presenter.open()
    presenter.toggle_new()


def _offline(world: World, presenter: RecordPresenter, page: RecordPage) -> None:
    world.store.fault = StoreUnreachable("no route")
    presenter.open()
    presenter.choose("urn:uuid:cr")


def _nothing(world: World, presenter: RecordPresenter, page: RecordPage) -> None:
    presenter.open()
    presenter.choose_rubrique("imagerie")
    presenter.toggle_new()


def _reading(world: World, presenter: RecordPresenter, page: RecordPage) -> None:
    presenter.open()
    page.middle.list.entered.emit()


def _all_states(world: World, presenter: RecordPresenter, page: RecordPage) -> None:
    presenter.open()
    page.middle.filters.ticks["archived"].setChecked(True)
    page.middle.filters.ticks["obsolete"].setChecked(True)


URGENT = Access(AccessMode.BREAK_GLASS, "personne inconsciente, allergies et traitements à connaître")
SCENES: dict[str, tuple[Scene, Callable[[], World]]] = {
    "01-record": (_plain, World),
    "02-filters": (_filters, lambda: World(treating=True)),
    "03-search": (_search, World),
    "04-new": (_new, World),
    "05-offline": (_offline, World),
    "06-nothing": (_nothing, World),
    "07-reading": (_reading, World),
    "08-states": (_all_states, lambda: World(treating=True, entries=(*OLD, *FRESH, MASKED))),
    "09-emergency": (_plain, lambda: World(access=URGENT)),
}
ALLERGIES = Allergies(AllergyKnowledge.KNOWN, ("pénicilline", "latex"), datetime(2025, 9, 2, tzinfo=UTC))


def _answer(state: DossierState, right: Authorisation = Authorisation.NONE) -> ExistenceAnswer:
    return ExistenceAnswer(state, NOW, right, closed_on="20250917", close_reason="Fermé à la demande de la personne")


CHILD = replace(TRAITS, birth_name="SERINGA", given_names=("LILOU",), birth_date=BirthDate("20120417"), used_name="")
GATES: dict[str, tuple[ExistenceAnswer | DmpError, bool]] = {
    "20-gesture": (_answer(DossierState.ACTIVE), False),
    "21-unreachable": (StoreUnreachable("no route"), False),
    "22-none": (_answer(DossierState.NONE), False),
    "23-closed": (_answer(DossierState.CLOSED), False),
    "24-blocked": (_answer(DossierState.BLOCKED), False),
    "25-minor": (_answer(DossierState.ACTIVE), True),
    "26-opposed": (_answer(DossierState.OPPOSED), False),
}


def draw_gate(appearance: Appearance, name: str, size: tuple[int, int], out: Path) -> None:
    """One state of the way in."""
    answer, minor = GATES[name]
    world = World()
    identity = replace(world.context.identity, traits=CHILD) if minor else world.context.identity
    presenter = GatePresenter(FarEntrance(world, answer), HandLanes(), world.clock.now)
    page = GatePage(appearance, presenter)
    shell = shell_around(appearance, world, page)
    shell.resize(*size)
    shell.show()
    shell.activateWindow()
    presenter.begin(identity, world.context.professional, world.context.author)
    if presenter.gate is not None:
        shell.tell_banner(gate_banner(presenter.gate))
    if name == "20-gesture":
        presenter.say(reason=GateReason.CARE)
    finish(shell, out / f"{name}.png")
    world.close()


def finish(shell: Shell, path: Path) -> None:
    """Draw it and let it go."""
    for _ in range(4):
        QApplication.processEvents()
    shell.grab().save(str(path))
    shell.close()
    shell.deleteLater()
    QApplication.processEvents()


def shell_around(appearance: Appearance, world: World, page: RecordPage | GatePage) -> Shell:
    """The window as the program makes it."""
    shell = Shell(appearance, "Cabinet des Trois-Tilleuls", QWidget(), sandbox=True)
    for key, icon, words in (
        ("day", "calendar", "Journée"),
        ("people", "search", "Patients"),
        ("record", "folder", "Dossier"),
        ("deposit", "file-plus", "Déposer"),
        ("waiting", "inbox", "À traiter"),
        ("access", "history", "Accès"),
        ("readers", "reader", "Lecteurs"),
    ):
        shell.add_page(key, icon, words, page if key == "record" else QWidget())
    shell.add_page("settings", "gear", "Réglages", QWidget(), bottom=True)
    shell.navigation.count("waiting", 3)
    page.hints_changed.connect(shell.status.list_keys)
    shell.go("record")
    shell.tell_banner(record_banner(world.context, ALLERGIES, world.clock.now()))
    shell.status.tell(
        (Status("card-pro", "Carte pro\u00a0: Dr Brindille", "success"), Status("send", "Rien en attente"))
    )
    shell.show_work("Dr Aurore Brindille", "Médecine générale")
    shell.top.tell_freshness("cloud", "À jour à 09:12", "success")
    return shell


def main(arguments: list[str]) -> None:
    """Draw everything, or the scenes whose name contains one of the words given after the zoom."""
    out = Path(arguments[0])
    theme = arguments[1] if len(arguments) > 1 else "light"
    width, height = (int(n) for n in (arguments[2] if len(arguments) > 2 else "1366x768").split("x"))
    zoom = int(arguments[3]) if len(arguments) > 3 else 100
    out.mkdir(parents=True, exist_ok=True)
    application = QApplication([])
    appearance = Appearance(application, theme, zoom)
    appearance.choose(theme, zoom, Density.COMPACT)
    for name, (build, make) in SCENES.items():
        if arguments[4:] and not any(word in name for word in arguments[4:]):
            continue
        world = make()
        presenter = RecordPresenter(world.record, HandLanes(), world.clock.now, read_document, world.memory)
        page = RecordPage(appearance, presenter, PaperStandIn())
        shell = shell_around(appearance, world, page)
        shell.resize(width, height)
        shell.show()
        shell.activateWindow()
        page.shown()
        build(world, presenter, page)
        finish(shell, out / f"{name}.png")
        presenter.forget()
        world.close()
    for name in GATES:
        if not arguments[4:] or any(word in name for word in arguments[4:]):
            draw_gate(appearance, name, (width, height), out)


if __name__ == "__main__":
    main(sys.argv[1:])
