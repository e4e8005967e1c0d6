"""« Patients » by the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.people_desk import PeopleDesk, listed
from helpers.store_world import desk_store
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dmp_desktop.domain.identity import InsiAnswer, InsiOutcome
from dmp_desktop.sync.errors import StoreTimeout
from dmp_desktop.ui.people.page import PeoplePage
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.controls import ActionButton
from dmp_desktop.ui.widgets.messages import MessageStrip

Key = Qt.Key


class Page:
    """The page over a store that knows eight people."""

    def __init__(self, qtbot: QtBot, appearance: Appearance, desk: PeopleDesk) -> None:
        self.qtbot, self.desk = qtbot, desk
        self.page = PeoplePage(appearance, desk.finding)
        qtbot.addWidget(self.page)
        self.page.resize(1200, 700)
        self.page.show()
        self.page.activateWindow()
        qtbot.waitUntil(self.page.isActiveWindow)
        self.page.shown(desk_staff=False)

    def type(self, text: str) -> None:
        """Letters in the field, and wait for the answer."""
        QTest.keyClicks(self.page.field, text)
        self.qtbot.waitUntil(lambda: self.desk.finding.settled)

    def press(self, *keys: Qt.Key) -> None:
        """Keys where the focus is."""
        for key in keys:
            QTest.keyClick(QApplication.focusWidget() or self.page, key)

    @property
    def names(self) -> list[str]:
        """The names shown."""
        return [line.name for line in self.page.list.lines]

    def chosen(self) -> list[str]:
        """Keys of the cast for the dossiers gone to."""
        back = {dossier: key for key, dossier in self.desk.keys.items()}
        return [back[dossier] for dossier in self.desk.chosen]

    def strips(self) -> list[str]:
        """What the strips say."""
        return [s.accessibleName() for s in self.page.findChildren(MessageStrip) if s.isVisible()]


@pytest.fixture
def page(qtbot: QtBot, appearance: Appearance, tmp_path: Path) -> Iterator[Page]:
    clock = HandClock()
    with desk_store(tmp_path, clock) as store:
        desk = PeopleDesk(store, clock)
        desk.know("hortense", "ernest", "blaise", "apolline", "camille-1968", "camille-1986", "firmin", "odile")
        yield Page(qtbot, appearance, desk)


def test_one_hit_opens_with_enter(page: Page) -> None:
    """A few letters and Enter; the state of the dossier stands on the line, in words."""
    page.type("sau")
    (line,) = page.page.list.lines
    assert line.state[:2] == ("folder", "DMP actif")
    assert "SAUGE-VERVEINE, Hortense" in line.spoken
    page.press(Key.Key_Return)
    assert page.chosen() == ["hortense"]


def test_enter_before_the_answer_waits_for_it(page: Page) -> None:
    """A fast hand is not sent to whoever answered to fewer letters."""
    QTest.keyClicks(page.page.field, "sau")
    page.press(Key.Key_Return)
    assert page.chosen() == []
    page.qtbot.waitUntil(lambda: bool(page.desk.chosen))
    assert page.chosen() == ["hortense"]


def test_nobody_is_chosen_among_several(page: Page) -> None:
    """Enter goes to the list and chooses nobody for the desk; the second one, after the arrows, does."""
    page.type("camille")
    assert page.names == ["TOURNESOL, Camille"] * 2
    page.press(Key.Key_Return)
    assert page.chosen() == []
    assert page.page.list.hasFocus()
    page.press(Key.Key_Down, Key.Key_Return)
    assert page.chosen() == ["camille-1986"]


def test_an_answer_to_former_letters_is_dropped(page: Page) -> None:
    """Late answers of the cache lane never replace what was typed since."""
    page.desk.lanes.late = []
    page.desk.finding.look_for("sau")
    page.desk.finding.refresh()
    page.desk.finding.look_for("mira")
    page.desk.finding.refresh()
    page.desk.lanes.give()
    assert page.names == ["MIRABELLE, Ernest"]


def test_nothing_found_says_what_to_do(page: Page) -> None:
    """And Enter does nothing."""
    page.type("zzz")
    assert page.names == []
    page.press(Key.Key_Return)
    assert page.chosen() == []


def test_the_stores_list_is_shown_for_a_professional_only(page: Page) -> None:
    """Alt+M: the dossiers one may read; the desk has neither the button nor the key."""
    page.desk.edges.listed = (listed("basile"), listed("hortense"))
    QTest.keyClick(page.page, Key.Key_M, Qt.KeyboardModifier.AltModifier)
    assert page.names == ["ROMARIN, Basile", "SAUGE-VERVEINE, Hortense"]
    page.desk.edges.listed = StoreTimeout("late")
    page.desk.finding.list_authorised()
    assert "DMP" in page.strips()[0]
    page.page.shown(desk_staff=True)
    page.desk.edges.listed = (listed("basile"),)
    QTest.keyClick(page.page, Key.Key_M, Qt.KeyboardModifier.AltModifier)
    assert len(page.names) > 1
    assert not any("autoris" in line.spoken for line in page.page.list.lines)


def test_a_card_with_one_known_person_goes_straight_to_them(page: Page) -> None:
    """F4 and nothing else."""
    page.desk.edges.card = ("ernest",)
    QTest.keyClick(page.page, Key.Key_F4)
    assert page.chosen() == ["ernest"]


def test_a_card_with_several_people_chooses_nobody(page: Page) -> None:
    """A digit, then Enter; whoever is not known is identified by INSi first."""
    page.desk.edges.card = ("odile", "gaspard")
    QTest.keyClick(page.page, Key.Key_F4)
    page.qtbot.waitUntil(lambda: QApplication.focusWidget().accessibleName() == "Qui est là\u202f?")
    page.press(Key.Key_Return)
    assert page.chosen() == []
    page.press(Key.Key_2, Key.Key_Return)
    assert len(page.desk.chosen) == 1
    assert page.desk.people.find("corniche gaspard", page.desk.author)[0].dossier == page.desk.chosen[0]
    QTest.keyClick(page.page, Key.Key_F4)
    page.qtbot.waitUntil(lambda: QApplication.focusWidget().accessibleName() == "Qui est là\u202f?")
    page.press(Key.Key_Escape)
    assert len(page.desk.chosen) == 1
    assert page.page.list.isVisible()


def test_a_card_that_leads_nowhere_says_so(page: Page) -> None:
    """No card, INSi without an answer: one sentence, nobody gone to."""
    QTest.keyClick(page.page, Key.Key_F4)
    page.qtbot.waitUntil(lambda: len(page.strips()) == 1)
    page.desk.edges.card = ("gaspard",)
    page.desk.edges.insi = InsiAnswer(InsiOutcome.NONE, page.desk.clock.now())
    QTest.keyClick(page.page, Key.Key_F4)
    page.qtbot.waitUntil(lambda: any("INSi" in strip for strip in page.strips()))
    assert page.chosen() == []


def test_nobody_remains_once_locked(page: Page) -> None:
    """Not on the page, not in its field, not in an answer that was under way."""
    page.type("sau")
    page.desk.lanes.late = []
    page.desk.finding.refresh()
    page.desk.finding.forget()
    page.desk.lanes.give()
    page.page.refresh()
    assert (page.names, page.page.field.text()) == ([], "")


@pytest.mark.parametrize("zoom", [100, 200])
@pytest.mark.parametrize("size", [(1294, 640), (683, 400)])
def test_the_page_holds_in_its_window(page: Page, appearance: Appearance, size: tuple[int, int], zoom: int) -> None:
    """No button cut, no sideways scrolling."""
    appearance.choose("light", zoom)
    page.page.resize(size[0] * (2 if zoom == 200 else 1), size[1])
    QApplication.processEvents()
    for button in page.page.findChildren(ActionButton):
        if button.isVisible():
            assert button.width() >= button.sizeHint().width(), button.words()
            assert page.page.rect().contains(button.mapTo(page.page, button.rect().bottomRight()))


def test_the_commands_hold_in_a_narrow_window(page: Page, appearance: Appearance) -> None:
    """At 200 % on a counter's screen: icons and keys beside the filled button, their names still told."""
    appearance.choose("light", 200)
    page.page.resize(1366, 600)
    page.type("sau")
    QApplication.processEvents()
    page.page.resize(1366, 600)
    assert page.page.width() == 1366
    shown = {b.accessibleName() for b in page.page.findChildren(ActionButton) if b.isVisible()}
    assert {"Lire la Vitale", "Mes dossiers", "Fiche", "Ouvrir le dossier"} <= shown


def test_the_administrative_page_is_one_key_away(page: Page) -> None:
    """Alt+F, for the one looked at; for nobody, nothing."""
    asked: list[str] = []
    page.desk.finding.file_asked.connect(asked.append)
    page.desk.finding.open_file()
    page.type("sau")
    QTest.keyClick(page.page.field, Key.Key_F, Qt.KeyboardModifier.AltModifier)
    assert asked == [page.desk.keys["hortense"]]
