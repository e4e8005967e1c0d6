"""The readers page: the first failing check, its sentence, its gesture, its report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from helpers.window import words_of
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dmp_desktop.cards.doctor import Check, CheckState
from dmp_desktop.cards.doctor_words import FAULTS, Action
from dmp_desktop.domain.clock import PARIS
from dmp_desktop.domain.readers import CardFamily, CardRemoved, MixedNatures, ReaderBusy, UnreadableCard
from dmp_desktop.errors import DmpError
from dmp_desktop.services.readers import SlotView
from dmp_desktop.ui.readers_page import ReadersPage
from dmp_desktop.ui.readers_presenter import ReadersPresenter, Sources
from dmp_desktop.ui.shell import Shell
from dmp_desktop.ui.theme.appearance import Appearance

NOW = datetime(2026, 4, 14, 9, 13, tzinfo=PARIS)
PRO = SlotView("Lecteur fictif 2000, gauche", present=True, family=CardFamily.CPS)
VITALE = SlotView("Lecteur fictif 2000, droite", present=True, family=CardFamily.VITALE_2)
MUTE = SlotView("Lecteur fictif 2000, droite", present=True, mute=True)
BANK = SlotView("Lecteur fictif 2000, droite", present=True)


@dataclass
class World:
    """Readers, cards and store as the test wants them; everything is well at first."""

    service_up: bool = True
    slots: tuple[SlotView, ...] = (PRO, VITALE)
    module_found: bool = True
    holder: str = "Dr Aurore Brindille"
    tries: int | None = 3
    professional_fault: DmpError | None = None
    vitale_read: bool = True
    vitale_fault: DmpError | None = None
    answered: bool = True
    silent: bool = False
    drift: timedelta | None = None
    possible: frozenset[Action] = frozenset(Action)
    done: list[str] = field(default_factory=list)

    def sources(self) -> Sources:
        """The seam of the presenter."""

        def of(name: str) -> Callable[[], object]:
            return lambda: getattr(self, name)

        names = [n for n in Sources.__dataclass_fields__ if n != "tolerated"]
        return Sources(**{n: of(n) for n in names}, tolerated=timedelta(minutes=5))  # type: ignore[arg-type]

    def presenter(self) -> ReadersPresenter:
        """A presenter on this world."""
        made = ReadersPresenter(
            self.sources(),
            lambda: NOW,
            lambda: self.done.append("again"),
            lambda: self.done.append("read"),
            lambda: self.possible,
        )
        made.asked.connect(self.done.append)
        return made


BROKEN: dict[str, World] = {
    "service-down": World(service_up=False, slots=()),
    "no-reader": World(slots=()),
    "reader-busy": World(vitale_fault=ReaderBusy("busy")),
    "module-missing": World(module_found=False),
    "professional-absent": World(slots=(VITALE,)),
    "professional-mute": World(slots=(MUTE, VITALE)),
    "professional-unknown": World(slots=(BANK,)),
    "pin-blocked": World(tries=0),
    "vitale-absent": World(slots=(PRO,)),
    "vitale-mute": World(slots=(PRO, MUTE)),
    "vitale-one": World(slots=(PRO, SlotView("droite", present=True, family=CardFamily.VITALE_1))),
    "vitale-unknown": World(slots=(PRO, BANK)),
    "two-professional-cards": World(slots=(PRO, SlotView("droite", present=True, family=CardFamily.CPS))),
    "garbled": World(vitale_fault=UnreadableCard("garbled")),
    "pulled": World(vitale_fault=CardRemoved("pulled")),
    "unreachable": World(silent=True),
    "clock-drifts": World(drift=timedelta(minutes=-9)),
    "other-nature": World(professional_fault=MixedNatures("mixed")),
}


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    made = Appearance(qapp, "light", 100)
    yield made
    made.deleteLater()


class Stand:
    """The page in the real window."""

    def __init__(self, qtbot: QtBot, appearance: Appearance, world: World) -> None:
        self.world, self.presenter = world, world.presenter()
        self.page = ReadersPage(appearance, self.presenter)
        self.window = Shell(appearance, "Cabinet", self.page, sandbox=False)
        qtbot.addWidget(self.window)
        self.window.resize(1366, 688)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.page.shown()
        self._qtbot = qtbot

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """One key, where the focus is."""
        self._qtbot.keyClick(QApplication.focusWidget() or self.window, key, modifiers)


def test_every_fault_of_the_doctor_is_tried_here() -> None:
    """No fault of the doctor is left without a world that shows it."""
    assert BROKEN.keys() == FAULTS.keys()


@pytest.mark.parametrize("fault", BROKEN)
def test_a_fault_shows_its_sentence_its_steps_and_its_one_button(
    qtbot: QtBot, appearance: Appearance, fault: str
) -> None:
    """Each fault says its own words; exactly one check is to correct; Enter makes its gesture."""
    stand = Stand(qtbot, appearance, BROKEN[fault])
    advice, failed, words = FAULTS[fault], stand.presenter.failed, words_of(stand.page)
    assert failed is not None
    assert failed.key == fault
    for part in (advice.detail, advice.title, *advice.steps, advice.effect):
        assert part in words
    shown = [row for row in stand.page.rows.values() if row.button.isVisible()]
    assert [row.button.words() for row in shown] == [advice.label]
    assert shown[0].button.hasFocus()
    stand.world.done.clear()
    stand.key(Qt.Key.Key_Return)
    expected = {Action.RECHECK: "again", Action.READ_AGAIN: "read"}.get(advice.action, advice.action)
    assert stand.world.done == [expected]


def test_checks_after_the_first_failure_wait(qtbot: QtBot, appearance: Appearance) -> None:
    """Two failures are never shown at once: what follows the first waits."""
    stand = Stand(qtbot, appearance, World(slots=(PRO,), silent=True))
    states = [f.state for f in stand.presenter.findings]
    assert states == [CheckState.GOOD] * 4 + [CheckState.FAILED] + [CheckState.WAITING] * 2


def test_a_gesture_that_cannot_be_made_from_here_becomes_another_look(qtbot: QtBot, appearance: Appearance) -> None:
    """On the lock screen there are no settings to open: the button tries again."""
    stand = Stand(qtbot, appearance, World(module_found=False, possible=frozenset()))
    assert stand.page.rows[Check.MODULE].button.words() == "Revérifier"
    stand.key(Qt.Key.Key_Return)
    assert stand.world.done == ["again"]


def test_when_all_is_well_nothing_is_filled(qtbot: QtBot, appearance: Appearance) -> None:
    """Seven good checks, no button, and the page says so; F5 still tries again."""
    stand = Stand(qtbot, appearance, World())
    assert "Tout est en ordre" in words_of(stand.page)
    assert not [row for row in stand.page.rows.values() if row.button.isVisible()]
    stand.key(Qt.Key.Key_F5)
    assert stand.world.done == ["again"]


def test_the_page_follows_what_changes(qtbot: QtBot, appearance: Appearance) -> None:
    """The card turned the right way: the check becomes good, the keyboard goes to the next gesture."""
    world = World(slots=(PRO, MUTE), vitale_fault=UnreadableCard("garbled"))
    stand = Stand(qtbot, appearance, world)
    world.slots = (PRO, VITALE)
    stand.presenter.look()
    assert stand.presenter.failed is not None
    assert stand.presenter.failed.key == "garbled"
    assert stand.page.rows[Check.READING].button.hasFocus()


@pytest.mark.parametrize("fault", [*BROKEN, ""])
def test_the_report_names_nobody(qtbot: QtBot, appearance: Appearance, fault: str) -> None:
    """Ctrl+C copies checks, states and codes; neither the professional nor anybody else is in it."""
    world = BROKEN.get(fault, World())
    stand = Stand(qtbot, appearance, world)
    stand.key(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    report = QGuiApplication.clipboard().text()
    assert "Brindille" not in report
    assert "1. Service de cartes" in report
    assert fault in report
    assert "Rapport copié" in words_of(stand.page)


def test_escape_leaves(qtbot: QtBot, appearance: Appearance) -> None:
    """Escape asks to go back."""
    stand = Stand(qtbot, appearance, World())
    with qtbot.waitSignal(stand.page.left, timeout=1000):
        stand.key(Qt.Key.Key_Escape)


@pytest.mark.parametrize("zoom", [100, 150, 200])
def test_the_failing_check_is_in_view_at_any_zoom(qtbot: QtBot, appearance: Appearance, zoom: int) -> None:
    """At 200 % the list scrolls to the check to correct; its button is whole and inside the page."""
    appearance.choose("light", zoom)
    stand = Stand(qtbot, appearance, World(slots=(PRO, MUTE)))
    button = stand.page.rows[Check.VITALE].button
    qtbot.waitUntil(lambda: button.visibleRegion().boundingRect() == button.rect())
    right = button.mapTo(stand.page, button.rect().topRight()).x()
    assert right <= stand.page.width()
