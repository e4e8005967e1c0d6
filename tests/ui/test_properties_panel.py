"""The properties by their keys: nothing chosen at first, before and after, Ctrl+Entrée, Escape."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.emergency_gallery import context, document_row
from helpers.emergency_world import AtOnce
from helpers.store_world import desk_store
from helpers.window import words_of
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from dmp_desktop.cache.store import DeskStore
from dmp_desktop.domain.acts import VisibilityChange
from dmp_desktop.domain.events import Event, EventState
from dmp_desktop.services.properties import ON_ITS_WAY, Change, PropertiesDesk
from dmp_desktop.ui.properties.panel import PropertiesPanel, PropertiesPresenter
from dmp_desktop.ui.theme.appearance import Appearance

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DeskStore]:
    with desk_store(tmp_path, HandClock()) as made:
        yield made


@pytest.fixture
def panel(store: DeskStore, appearance: Appearance, qtbot: QtBot) -> PropertiesPanel:
    made = PropertiesPanel(appearance, PropertiesPresenter(PropertiesDesk(store), AtOnce()))
    qtbot.addWidget(made)
    made.resize(1294, 600)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_a_change_is_shown_before_and_after_then_sent(panel: PropertiesPanel, store: DeskStore, qtbot: QtBot) -> None:
    """Ctrl+Entrée does nothing before a choice; after it, one event and the panel closes."""
    presenter = panel.presenter
    sent: list[Event] = []
    presenter.sent.connect(sent.append)
    presenter.open(document_row(), context())
    panel.shown()
    QTest.keyClick(panel, Qt.Key.Key_Return, CTRL)
    assert not sent
    qtbot.waitUntil(lambda: "matrice des droits" in words_of(panel))
    panel.focus_first()
    QTest.keyClick(panel.focusWidget(), Qt.Key.Key_Space)
    assert presenter.chosen is Change.SHOW_PATIENT
    said = words_of(panel)
    assert "En vigueur. Non visible de la personne." in said
    assert "En vigueur. Visible de la personne et des professionnels autorisés." in said
    QTest.keyClick(panel, Qt.Key.Key_Return, CTRL)
    (event,) = sent
    assert isinstance(event.payload, VisibilityChange)
    assert presenter.row is None
    assert len(store.outbox.waiting()) == 1


def test_escape_leaves_everything_as_it_was(panel: PropertiesPanel, store: DeskStore) -> None:
    """Closed, nothing chosen, nothing sent."""
    closed: list[bool] = []
    panel.presenter.closed.connect(lambda: closed.append(True))
    panel.presenter.open(document_row(), context())
    panel.presenter.choose(Change.SHOW_PATIENT)
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert closed == [True]
    assert panel.presenter.chosen is None
    assert store.outbox.waiting() == ()


def test_what_is_not_allowed_is_not_chosen(panel: PropertiesPanel, qtbot: QtBot) -> None:
    """Greyed, its reason under it in the reach of a screen reader."""
    panel.presenter.open(document_row(), context())
    panel.presenter.choose(Change.DELETE)
    assert panel.presenter.chosen is None
    qtbot.waitUntil(lambda: "matrice des droits du 25/09/2024" in words_of(panel))


def test_copies_and_versions_say_why_they_are_folded(panel: PropertiesPanel, qtbot: QtBot) -> None:
    """Same fingerprint, older versions, the same submission."""
    panel.presenter.open(document_row(), context())
    qtbot.waitUntil(lambda: "même empreinte" in words_of(panel))
    said = words_of(panel)
    assert "1 version ancienne repliée" in said
    assert "1 autre document" in said


def test_ones_own_document_leads_to_its_next_version(panel: PropertiesPanel, qtbot: QtBot) -> None:
    """Alt+V hands the row over and closes; not for somebody else's, nor while an act of it is on its way."""
    presenter = panel.presenter
    asked: list[object] = []
    presenter.replace_asked.connect(asked.append)
    presenter.open(document_row(), context())
    QTest.keyClick(panel, Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    assert "Remplacer par" not in words_of(panel)
    presenter.open(replace(document_row(own=True), act=EventState.WAITING), context())
    QTest.keyClick(panel, Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: ON_ITS_WAY in words_of(panel))
    assert asked == []
    own = document_row(own=True)
    presenter.open(own, context())
    QTest.keyClick(panel, Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    assert asked == [own]
    assert presenter.row is None
