"""Every screen of the opening in the windows people have: low ones, smaller ones, at every zoom of the settings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from helpers import opening_gallery as gallery
from helpers.opening_desk import Desk
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from dmp_desktop.ui.opening.base import Screen
from dmp_desktop.ui.opening.page import OpeningPage
from dmp_desktop.ui.shell import Shell
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import ElidedText

WIDTHS = (1366, 1280, 1241, 1240, 1239, 1138, 1050, 976, 910, 853, 803, 758, 718, 683)
"""1366 and 1280 as they are, then what each zoom of the settings leaves of 1366, and both sides of the narrow limit."""


def shown(qtbot: QtBot, appearance: Appearance, scene: str, height: int) -> tuple[Shell, Screen]:
    """The window on one state of the opening."""
    desk = Desk()
    window, page = gallery.shell_around(appearance, desk)
    qtbot.addWidget(window)
    window.resize(1366, height)
    window.show()
    gallery.SCENES[scene](desk)
    assert isinstance(page, OpeningPage)
    screen = page.screen_of_the_moment()
    assert page.stack.currentWidget() is screen
    return window, screen


def cut(screen: Screen) -> Iterator[str]:
    """Buttons and words that have lost letters."""
    for widget in [*screen.findChildren(QPushButton), *screen.findChildren(QLabel)]:
        words = widget.text() or widget.accessibleName()
        may_be_cut = isinstance(widget, ElidedText) or (isinstance(widget, QLabel) and widget.wordWrap())
        if widget.isVisible() and words and not may_be_cut and widget.width() < widget.sizeHint().width():
            yield words


@pytest.mark.parametrize("scene", sorted(gallery.SCENES))
def test_every_screen_stands_in_a_low_window(qtbot: QtBot, appearance: Appearance, scene: str) -> None:
    """1366 x 688: the filled button is whole and in the window, nothing scrolls sideways, everything has a name."""
    window, screen = shown(qtbot, appearance, scene, 688)
    assert screen.area.horizontalScrollBar().maximum() == 0
    qtbot.waitUntil(lambda: not list(cut(screen)))
    for button in screen.commands.findChildren(QAbstractButton):
        if button.isVisible():
            assert screen.rect().contains(button.mapTo(screen, button.rect().bottomRight()))
    _everything_has_a_name(window)


@pytest.mark.parametrize("scene", sorted(gallery.SCENES))
def test_no_word_is_cut_at_any_width(qtbot: QtBot, appearance: Appearance, scene: str) -> None:
    """The window is resized while the screen is there: what has no room moves or leaves, and is never cut."""
    window, screen = shown(qtbot, appearance, scene, 768)
    for width in WIDTHS:
        window.resize(width, 768)
        _stands(qtbot, screen, width)


@pytest.mark.parametrize("scene", ["04-person-chosen", "12-closed", "18-minor"])
def test_the_zoom_changes_while_the_screen_is_there(qtbot: QtBot, appearance: Appearance, scene: str) -> None:
    """Rows that get lower, a scroll bar that leaves, the room it gives back: they must not chase each other."""
    _window, screen = shown(qtbot, appearance, scene, 768)
    for zoom in range(100, 201, 10):
        appearance.choose("light", zoom)
        _stands(qtbot, screen, zoom)


def _stands(qtbot: QtBot, screen: Screen, size: int) -> None:
    def whole() -> None:
        assert not list(cut(screen)), size

    qtbot.waitUntil(whole, timeout=2_000)


def _everything_has_a_name(window: Shell) -> None:
    for widget in window.findChildren(QWidget):
        reached = widget.isVisible() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if reached and isinstance(widget, QAbstractButton | QLineEdit | QComboBox):
            assert widget.accessibleName() or widget.property("text"), widget
