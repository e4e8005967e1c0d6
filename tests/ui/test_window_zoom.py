"""Zoom: margins, gaps and sizes follow without a restart."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Panel
from dmp_desktop.ui.widgets.controls import ActionButton
from dmp_desktop.ui.widgets.strong_text import StrongText
from dmp_desktop.ui.widgets.traits import TraitRow, TraitTable


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    made = Appearance(qapp, "light", 100)
    yield made
    made.choose("light", 100)
    made.deleteLater()


def _margins(widget: QWidget) -> tuple[int, int]:
    layout = widget.layout()
    assert layout is not None
    return layout.contentsMargins().left(), layout.spacing()


def test_margins_and_gaps_follow_the_zoom_both_ways(qtbot: QtBot, appearance: Appearance) -> None:
    """A panel of 16 and 8 has 32 and 16 at 200 %, and its own numbers again at 100 %."""
    panel = Panel("Titre", margin=16, spacing=8)
    qtbot.addWidget(panel)
    appearance.choose("light", 200)
    assert _margins(panel) == (32, 16)
    appearance.choose("light", 150)
    assert _margins(panel) == (24, 12)
    appearance.choose("light", 100)
    assert _margins(panel) == (16, 8)


def test_what_is_built_under_a_zoom_is_multiplied_once_shown(qtbot: QtBot, appearance: Appearance) -> None:
    """A row added to a window already on screen gets its gap at 200 %, nested rows too, and once only."""
    appearance.choose("light", 200)
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    window.show()
    row, inner = QHBoxLayout(), QHBoxLayout()
    row.setSpacing(10)
    inner.setSpacing(6)
    row.addLayout(inner)
    column.addLayout(row)
    qtbot.waitUntil(lambda: (row.spacing(), inner.spacing()) == (20, 12))
    column.activate()
    QApplication.processEvents()
    assert (row.spacing(), inner.spacing()) == (20, 12)


def test_other_numbers_given_later_are_multiplied_too(qtbot: QtBot, appearance: Appearance) -> None:
    """Whoever owns a layout goes on writing the guide's numbers while a zoom is in force."""
    appearance.choose("light", 200)
    panel = Panel("Titre", margin=16, spacing=8)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: _margins(panel) == (32, 16))
    panel.body.setSpacing(5)
    qtbot.waitUntil(lambda: panel.body.spacing() == 10)
    appearance.choose("light", 100)
    assert panel.body.spacing() == 5


def test_a_button_grows_with_the_zoom_and_can_lose_its_words(qtbot: QtBot, appearance: Appearance) -> None:
    """80 high at 200 %; without room, icon and key stay, and the name read aloud too."""
    button = ActionButton(appearance, "Verrouiller", keys="F9", icon="lock")
    qtbot.addWidget(button)
    assert button.sizeHint().height() == 40
    appearance.choose("light", 200)
    assert button.sizeHint().height() == 80
    whole = button.sizeHint().width()
    button.show_words(False)
    assert button.sizeHint().width() < whole
    assert button.accessibleName() == "Verrouiller"


def test_a_strip_wraps_its_two_weights_as_one_paragraph(qtbot: QtBot, appearance: Appearance) -> None:
    """One line where there is room, as many as it takes elsewhere."""
    words = StrongText(
        appearance, "Deux personnes nées le même jour.", "Demandez le prénom en entier avant de choisir."
    )
    qtbot.addWidget(words)
    assert words.heightForWidth(700) == 20
    assert words.heightForWidth(300) == 60
    words.say("Bref.")
    assert words.heightForWidth(300) == 20


def test_a_long_value_gets_the_lines_it_needs(qtbot: QtBot, appearance: Appearance) -> None:
    """A name of three parts is whole in a narrow comparison: its row is taller."""
    table = TraitTable(appearance, "Carte Vitale", "Téléservice INSi")
    qtbot.addWidget(table)
    rows = (TraitRow("Nom de naissance", "LAVANDIN", "LAVANDIN-GENÊT DE LA TOUR-CORNICHE", "different"),)
    table.tell(rows)
    table.show()
    table.setFixedWidth(1100)
    wide = table.height()
    table.setFixedWidth(520)
    qtbot.waitUntil(lambda: table.height() >= wide + 24)
