"""The map of keys: Alt held, nothing moves, released it goes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QLineEdit, QMainWindow, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from dmp_desktop.ui.alt_map import HOLD_MS, AltMap
from dmp_desktop.ui.command_rows import EVERYWHERE, HERE, Command
from dmp_desktop.ui.on_screen import on_screen
from dmp_desktop.ui.opening.base import on_key
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.controls import ActionButton

Key = Qt.Key


class Desk:
    """A window with a field and a button, and the map over them."""

    def __init__(self, qtbot: QtBot, appearance: Appearance) -> None:
        self.escaped = 0
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        inside = QWidget()
        self.window.setCentralWidget(inside)
        column = QVBoxLayout(inside)
        self.field, self.button = QLineEdit(), ActionButton(appearance, "Relire la carte", keys="F4")
        column.addWidget(self.field)
        column.addWidget(self.button)
        on_key(inside, "Esc", self._escape)
        self.map = AltMap(appearance, self.window, self.commands)
        self.hold = self.map.findChildren(QTimer)[0]
        self.window.resize(1000, 600)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.field.setFocus()

    def _escape(self) -> None:
        self.escaped += 1

    def commands(self) -> tuple[Command, ...]:
        """One on the screen, two from anywhere, one without a key."""
        return (
            Command("Verrouiller le poste", lambda: None, keys="F9"),
            Command("Régler ce poste", lambda: None),
            Command("Choisir", lambda: None, keys="1 à 4", where=HERE),
            *on_screen(self.window),
        )

    def down(self, key: Qt.Key = Key.Key_Alt, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key goes down."""
        QTest.keyPress(self.window.windowHandle(), key, modifier)

    def up(self, key: Qt.Key = Key.Key_Alt) -> None:
        """A key comes up."""
        QTest.keyRelease(self.window.windowHandle(), key)

    def wait(self) -> None:
        """The second passes, without waiting for it."""
        assert self.hold.isActive()
        self.hold.stop()
        self.hold.timeout.emit()


@pytest.fixture
def desk(qtbot: QtBot, appearance: Appearance) -> Desk:
    return Desk(qtbot, appearance)


def test_alt_held_for_a_second_shows_the_keys_and_its_release_closes(desk: Desk) -> None:
    """Nothing before the second, nothing after the release; the keyboard stays where it was."""
    assert (desk.hold.interval(), HOLD_MS) == (1000, 1000)
    desk.down()
    assert not desk.map.isVisible()
    desk.wait()
    assert desk.map.isVisible()
    assert desk.field.hasFocus()
    desk.up()
    assert not desk.map.isVisible()


def test_a_short_alt_shows_nothing(desk: Desk) -> None:
    """Neither alone nor with a letter: it is a key of the screen."""
    desk.down()
    desk.up()
    assert not desk.hold.isActive()
    desk.down()
    desk.down(Key.Key_R, Qt.KeyboardModifier.AltModifier)
    assert not desk.hold.isActive()
    assert not desk.map.isVisible()
    desk.up()


def test_a_letter_while_it_is_shown_closes_it(desk: Desk) -> None:
    """The key read on the map is then pressed: the screen must be seen."""
    desk.down()
    desk.wait()
    desk.down(Key.Key_R, Qt.KeyboardModifier.AltModifier)
    assert not desk.map.isVisible()
    desk.up()


def test_what_is_on_the_screen_is_shown_in_place_the_rest_by_group(desk: Desk) -> None:
    """This screen first; a command without a key is left out."""
    desk.down()
    desk.wait()
    assert desk.map.listed == (
        (HERE, (("1 à 4", "Choisir"),)),
        (EVERYWHERE, (("F9", "Verrouiller le poste"),)),
    )
    assert "Relire la carte, F4" in desk.map.accessibleDescription()
    desk.up()


def test_nothing_moves_under_it(desk: Desk) -> None:
    """It covers; it takes no room and no click."""
    before = desk.button.geometry()
    desk.down()
    desk.wait()
    assert desk.map.geometry() == desk.window.rect()
    assert desk.button.geometry() == before
    clicked = QSignalSpy(desk.button.clicked)
    middle = desk.button.mapTo(desk.window, desk.button.rect().center())
    none = Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(desk.window.windowHandle(), Qt.MouseButton.LeftButton, none, middle)
    assert clicked.count() == 1
    desk.up()


def test_pinned_it_stays_until_escape_which_is_its_own(desk: Desk) -> None:
    """Every key is listed then; the screen behind keeps its Escape; the focus returns."""
    desk.map.pin()
    assert [words for _, group in desk.map.listed for _, words in group] == [
        "Choisir",
        "Relire la carte",
        "Verrouiller le poste",
    ]
    assert desk.map.hasFocus()
    QTest.keyClick(desk.map, Key.Key_Escape)
    assert not desk.map.isVisible()
    assert desk.escaped == 0
    assert desk.field.hasFocus()


def test_another_focus_unpins_it(desk: Desk) -> None:
    """The lock takes the keyboard: the map goes with what it explained."""
    desk.map.pin()
    desk.button.setFocus()
    assert not desk.map.isVisible()


def test_leaving_the_window_closes_it(desk: Desk, qtbot: QtBot) -> None:
    """Alt+Tab: the release is told to another window."""
    desk.down()
    desk.wait()
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: not desk.map.isVisible())


def test_it_follows_the_size_of_the_window(desk: Desk) -> None:
    """And never has a size of its own."""
    desk.map.pin()
    desk.window.resize(700, 500)
    assert desk.map.geometry() == desk.window.rect()
    desk.map.close_map()
