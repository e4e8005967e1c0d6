"""The real window on the real sandbox, worked by keys and cards, as a person would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from helpers.sandbox_world import lay_store
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeySequence, QShowEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from dmp_desktop.app.program import Program
from dmp_desktop.app.world import Options
from dmp_desktop.config import PrinterProfile
from dmp_desktop.domain.clock import Clock, SystemClock
from dmp_desktop.domain.events import Event
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.cards.readers import LEFT, RIGHT
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.services.opening import OpeningFlow, Stage
from dmp_desktop.ui.opening.page import OpeningPage
from dmp_desktop.ui.opening.presenter import OpeningPresenter
from dmp_desktop.ui.simulated_cards import SimulatedCards

SECONDS = 15


class StrayWindows(QObject):
    """Notices a widget that shows itself as a window of its own: it flashes and takes the keyboard away."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at what is shown."""
        # Asked of every event of the run: the class is cheaper to look at than the kind.
        if isinstance(event, QShowEvent) and isinstance(watched, QWidget) and watched.isWindow():
            kind = watched.windowType()
            if kind is Qt.WindowType.Window and not isinstance(watched, QMainWindow):
                self.seen.append(type(watched).__name__)
        return False


class Tray:
    """Where papers come out."""

    def __init__(self) -> None:
        self.printed: list[tuple[str, bytes]] = []

    def send(self, pdf: bytes, profile: PrinterProfile, title: str) -> None:
        """Catch a paper."""
        self.printed.append((title, pdf))

    @property
    def titles(self) -> list[str]:
        """What came out, in order."""
        return [title for title, _ in self.printed]


class Window:
    """One run of the program."""

    def __init__(
        self, qtbot: QtBot, application: QApplication, folder: Path, pki: Path, clock: Clock | None = None
    ) -> None:
        self.qtbot, self.folder, self.tray = qtbot, folder, Tray()
        self.keys: list[str] = []
        sandbox_folder = folder / "sandbox"
        sandbox_folder.mkdir(parents=True, exist_ok=True)
        if not (sandbox_folder / "pki").exists():
            # Not a copy: the keys of a card issued here serve the tests after this one.
            (sandbox_folder / "pki").symlink_to(pki, target_is_directory=True)
            lay_store(sandbox_folder, (clock or SystemClock()).now())
        self._application, self._stray = application, StrayWindows()
        application.installEventFilter(self._stray)
        self.program = Program(application, Options(sandbox=True, profile=folder), clock)
        self.program.press = self.tray
        self.program.begin()
        self.until(lambda: self.program.room is not None)

    # -- what is there ------------------------------------------------------------------------------------------------

    @property
    def sandbox(self) -> Sandbox:
        """The central store behind."""
        assert self.program.parts is not None
        assert self.program.parts.sandbox is not None
        return self.program.parts.sandbox

    @property
    def presenter(self) -> OpeningPresenter:
        """The opening of whoever is signed in."""
        assert self.program.room is not None
        assert self.program.room.presenter is not None
        return self.program.room.presenter

    @property
    def flow(self) -> OpeningFlow:
        """Its state machine."""
        return self.presenter.flow

    @property
    def event(self) -> Event:
        """The act sent."""
        assert self.flow.event is not None
        return self.flow.event

    @property
    def page(self) -> OpeningPage:
        """The page shown."""
        found = [p for p in self.program.shell.findChildren(OpeningPage) if p.isVisible()]
        assert len(found) == 1
        return found[0]

    @property
    def focus_name(self) -> str:
        """Accessible name of what has the keyboard."""
        widget = QApplication.focusWidget()
        return widget.accessibleName() if widget is not None else ""

    def words(self) -> str:
        """Every word of the program; the sandbox's cards lie on the table beside it (:attr:`panel`)."""
        return words_of(self.program.shell, without=SimulatedCards)

    @property
    def panel(self) -> SimulatedCards:
        """The sandbox's cards, where they are shown."""
        shown = [p for p in self.program.shell.findChildren(SimulatedCards) if p.isVisible()]
        assert len(shown) == 1
        return shown[0]

    def created(self) -> int:
        """How many dossiers the store was asked to create, and did."""
        return sum(1 for a in self.sandbox.store.accesses() if a.act == "TD1.1" and a.outcome == "OK")

    # -- hands --------------------------------------------------------------------------------------------------------

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until something is so."""
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=SECONDS * 1000)

    def stage(self, stage: Stage) -> None:
        """Wait for a stage, everything asked being answered."""
        self.until(lambda: self.flow.stage is stage and self.presenter.errands.work == "")

    def press(self, *keys: str) -> None:
        """Keys, one after another, where the focus is."""
        for key in keys:
            self.keys.append(key)
            combination = QKeySequence(key)[0]
            target = QApplication.focusWidget() or self.program.shell
            QTest.keyClick(target, combination.key(), combination.keyboardModifiers())

    def type(self, text: str) -> None:
        """Text, where the focus is; it counts as what the cards lack."""
        QTest.keyClicks(QApplication.focusWidget(), text)

    def vitale(self, key: str) -> None:
        """Put a Vitale in."""
        self.sandbox.insert(RIGHT, key)

    def pull_vitale(self) -> None:
        """Take it out."""
        self.sandbox.readers.remove(RIGHT)

    def card(self, key: str) -> None:
        """Put a professional card in."""
        self.sandbox.insert(LEFT, key)

    def pull_card(self) -> None:
        """Take it out."""
        self.sandbox.readers.remove(LEFT)

    def sign(self, key: str = "brindille", situation: str = "") -> None:
        """Card, code, and situation when there are several."""
        self.card(key)
        self.until(lambda: self.program.flow.state == "awaiting-pin" and self.focus_name == "Code de la carte")
        self.type(people.profile(key).pin)
        self.press("Return")
        if situation:
            self.until(lambda: self.program.flow.state == "choosing-situation" and QApplication.focusWidget())
            self.press(situation)
        self.until(lambda: not self.program.shell.locked and QApplication.focusWidget())

    def tab_to(self, name: str) -> None:
        """Tab until the keyboard is on what is named so; it must be in reach."""
        for _ in range(60):
            if self.focus_name == name:
                return
            self.press("Tab")
        raise AssertionError(f"no Tab leads to {name}")

    def choose(self, card: str, position: int) -> None:
        """F2, the card, the person."""
        self.press("F2")
        self.vitale(card)
        self.stage(Stage.PERSON)
        self.press(str(position), "Return")

    def consent(self) -> None:
        """Inform, then consent, by the keyboard."""
        self.stage(Stage.CONSENT)
        self.press("Space", "Tab", "Space")

    def send(self) -> None:
        """Ctrl+Entrée, until the end."""
        self.press("Ctrl+Return")
        self.stage(Stage.DONE)

    def close(self) -> None:
        """End of the program."""
        self._application.removeEventFilter(self._stray)
        self.program.shell.close()
        self.program.close()
        self.program.shell.deleteLater()
        self.program.deleteLater()
        assert not self._stray.seen, f"widgets shown as windows: {self._stray.seen}"


def words_of(widget: QWidget, without: type[QWidget] | None = None) -> str:
    """What a widget shows, painted words included by their accessible names."""
    found: list[str] = []
    left_out = [part for part in widget.findChildren(without) if part.isVisible()] if without else []
    for child in widget.findChildren(QWidget):
        if not child.isVisible() or any(part is child or part.isAncestorOf(child) for part in left_out):
            continue
        if isinstance(child, QLabel):
            found.append(child.text())
        elif isinstance(child, QAbstractButton):
            found.append(child.text() or child.accessibleName())
        found += [child.accessibleName(), child.accessibleDescription()]
    return "\n".join(part for part in found if part)


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path, sandbox_pki_folder: Path) -> Iterator[Window]:
    """The program on its sandbox, nobody signed in."""
    made = Window(qtbot, qapp, tmp_path / "post", sandbox_pki_folder)
    yield made
    made.close()
