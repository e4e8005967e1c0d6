"""The ring around the focus, to the end of its window."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.ring import FocusRing


def window_with_ring(qtbot: QtBot, appearance: Appearance) -> tuple[QWidget, FocusRing, QLineEdit, QLineEdit]:
    """A window, its ring, and two fields; the first has the focus."""
    window = QWidget()
    column = QVBoxLayout(window)
    first, second = QLineEdit(), QLineEdit()
    column.addWidget(first)
    column.addWidget(second)
    ring = FocusRing(appearance, window)
    window.show()
    window.activateWindow()
    first.setFocus()
    qtbot.waitUntil(ring.isVisible)
    return window, ring, first, second


def test_the_ring_follows_the_focus(qtbot: QtBot, qapp: QApplication) -> None:
    """It goes with the keyboard from one field to the next."""
    appearance = Appearance(qapp, "light", 100)
    window, ring, first, second = window_with_ring(qtbot, appearance)
    qtbot.waitUntil(lambda: ring.geometry().contains(first.geometry()))
    second.setFocus()
    qtbot.waitUntil(lambda: ring.geometry().contains(second.geometry()))
    window.close()
    window.deleteLater()
    appearance.deleteLater()


@pytest.mark.parametrize("how", ["deleted", "destroyed", "field-first"])
def test_a_window_may_end_with_the_focus_inside(qtbot: QtBot, qapp: QApplication, how: str) -> None:
    """Deleted without being closed, at once or later, or losing the focused field first: nothing is raised."""
    appearance = Appearance(qapp, "light", 100)
    window, ring, first, _second = window_with_ring(qtbot, appearance)
    if how == "destroyed":
        shiboken6.delete(window)
    elif how == "field-first":
        shiboken6.delete(first)
        qapp.processEvents()
        assert not ring.geometry().isEmpty()
        shiboken6.delete(window)
    else:
        window.deleteLater()
        qtbot.waitUntil(lambda: not shiboken6.isValid(window))
    qapp.processEvents()
    assert not shiboken6.isValid(ring)
    appearance.deleteLater()
