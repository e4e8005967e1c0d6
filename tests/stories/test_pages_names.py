"""Every page of the real window: whatever takes the keyboard has a name, and nothing is wider than the window."""

from __future__ import annotations

import pytest
from helpers.window import Window
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from dmp_desktop.sandbox.cards.readers import RIGHT

PAGES = ("opening", "waiting", "readers", "settings")


def nameless(window: Window) -> list[str]:
    """Widgets on the screen that Tab or a click gives the keyboard to, without a name to be read."""
    return [
        f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}"
        for widget in window.program.shell.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        and not widget.accessibleName()
    ]


def sideways(window: Window) -> list[str]:
    """Scroll areas that would need a horizontal bar, and widgets beyond the right edge of the window."""
    shell = window.program.shell
    areas = [
        type(area.parentWidget()).__name__
        for area in shell.findChildren(QAbstractScrollArea)
        if area.isVisible() and area.horizontalScrollBar().maximum() > 0 and area.horizontalScrollBar().isVisible()
    ]
    beyond = [
        f"{type(widget).__name__} {widget.accessibleName()}"
        for widget in shell.findChildren(QWidget)
        if widget.isVisible()
        and not widget.isWindow()
        and not widget.visibleRegion().isEmpty()
        and widget.mapTo(shell, widget.rect().topRight()).x() > shell.width()
    ]
    return areas + beyond


def test_whatever_takes_the_keyboard_has_a_name(window: Window) -> None:
    """Locked and signed in, page by page, a person's card read and a card that is mute."""
    window.until(lambda: QApplication.focusWidget() is not None)
    assert nameless(window) == []
    window.sign()
    room = window.program.room
    assert room is not None
    for page in PAGES:
        room.go(page)
        QApplication.processEvents()
        assert (page, nameless(window)) == (page, [])
    window.sandbox.readers.mute(RIGHT, window.sandbox.card("ernest"))
    room.go("readers")
    window.until(lambda: "Retournez la carte Vitale" in window.words())
    assert nameless(window) == []
    window.press("Ctrl+K")
    assert nameless(window) == []


@pytest.mark.parametrize(
    ("width", "height", "zoom"), [(1366, 688, 100), (1366, 768, 150), (1366, 768, 200), (900, 600, 100)]
)
def test_no_page_is_wider_than_its_window(window: Window, width: int, height: int, zoom: int) -> None:
    """Never a horizontal scroll bar (guide §2), at any zoom."""
    window.program.appearance.choose("light", zoom)
    window.program.shell.resize(width, height)
    window.sign()
    room = window.program.room
    assert room is not None
    for page in PAGES:
        room.go(page)
        for _ in range(3):
            QApplication.processEvents()
        assert (page, sideways(window)) == (page, [])
        assert window.program.shell.width() == width
    window.program.appearance.choose("light", 100)
