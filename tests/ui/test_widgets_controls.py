"""Buttons, ticks, fields: by keyboard, with a name, with the reason of a refusal."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import ElidedText, KeyCap
from dmp_desktop.ui.widgets.controls import ActionButton, Choice, Field, RadioRow, TickRow

LONG = "La personne, informée de vive voix, consent à l’ouverture de son dossier médical partagé et à son alimentation."


def test_space_ticks_and_unticks(qtbot: QtBot, appearance: Appearance) -> None:
    """And Enter, which confirms screens, does not."""
    tick = TickRow(appearance, "Je consens", "Texte 2026-11")
    qtbot.addWidget(tick)
    tick.show()
    tick.setFocus()
    assert not tick.isChecked()
    QTest.keyClick(tick, Qt.Key.Key_Return)
    assert not tick.isChecked()
    QTest.keyClick(tick, Qt.Key.Key_Space)
    assert tick.isChecked()
    QTest.keyClick(tick, Qt.Key.Key_Space)
    assert not tick.isChecked()


def test_the_whole_row_of_a_tick_is_its_target(qtbot: QtBot, appearance: Appearance) -> None:
    """A finger on the last word is enough."""
    tick = TickRow(appearance, "Accès en urgence par le Centre 15")
    qtbot.addWidget(tick)
    tick.resize(480, 32)
    tick.show()
    end = tick.rect().center()
    end.setX(tick.width() - 3)
    QTest.mouseClick(tick, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
    assert tick.isChecked()


@pytest.mark.parametrize("kind", [TickRow, RadioRow])
def test_a_sentence_wraps_and_is_never_cut(
    qtbot: QtBot, appearance: Appearance, kind: type[TickRow] | type[RadioRow]
) -> None:
    """Narrower means taller, at any zoom; its line under it is read with it."""
    row = kind(appearance, LONG, "Texte 2026-11")
    qtbot.addWidget(row)
    assert row.heightForWidth(240) > row.heightForWidth(900)
    before = row.heightForWidth(400)
    appearance.choose("light", 200)
    assert row.heightForWidth(400) > 2 * before
    assert row.accessibleName() == LONG
    assert row.accessibleDescription() == "Texte 2026-11"


def test_radios_of_one_place_exclude_each_other(qtbot: QtBot, appearance: Appearance) -> None:
    """One access choice at a time."""
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    one, other = RadioRow(appearance, "Moi"), RadioRow(appearance, "Personne pour l’instant")
    column.addWidget(one)
    column.addWidget(other)
    one.click()
    other.click()
    assert (one.isChecked(), other.isChecked()) == (False, True)


def test_a_button_shows_its_key_after_its_words(qtbot: QtBot, appearance: Appearance) -> None:
    """Words, then the cap; the name read aloud is the words."""
    button = ActionButton(appearance, "Ouvrir le dossier", kind="primary", keys="Ctrl Entrée", icon="folder-plus")
    qtbot.addWidget(button)
    button.show()
    words = next(label for label in button.findChildren(QLabel) if label.text() == "Ouvrir le dossier")
    cap = button.findChildren(KeyCap)[0]
    assert cap.text() == "Ctrl Entrée"
    assert cap.x() > words.x()
    assert button.accessibleName() == "Ouvrir le dossier"
    button.set_words("Réessayer")
    assert (button.words(), button.accessibleName()) == ("Réessayer", "Réessayer")


@pytest.mark.parametrize("zoom", [100, 150, 200])
@pytest.mark.parametrize("kind", ["primary", "secondary"])
def test_a_button_keeps_the_height_of_the_table(qtbot: QtBot, appearance: Appearance, kind: str, zoom: int) -> None:
    """Even where room lacks: a target is never under what the table says, its words never cut."""
    appearance.choose("light", zoom)
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    button = ActionButton(appearance, "Continuer", kind=kind, keys="Entrée")
    column.addWidget(button)
    holder.resize(10, 10)
    holder.show()
    assert button.height() == appearance.theme.size("button")
    assert button.width() >= button.sizeHint().width()


def test_a_disabled_button_does_nothing(qtbot: QtBot, appearance: Appearance) -> None:
    """By the mouse or by the key that clicks it."""
    button = ActionButton(appearance, "Continuer", keys="Entrée")
    qtbot.addWidget(button)
    clicked = QSignalSpy(button.clicked)
    button.setEnabled(False)
    button.show()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    button.click()
    assert clicked.count() == 0


def test_what_is_wrong_stands_under_the_field_and_is_read_with_it(qtbot: QtBot, appearance: Appearance) -> None:
    """Sentence, mark and description come and go together; the help comes back."""
    field = Field(appearance, "Mobile", "06 00 00 00 00", "Ouvre le compte de la personne.")
    qtbot.addWidget(field)
    assert field.edit.accessibleName() == "Mobile"
    assert field.edit.accessibleDescription() == "Ouvre le compte de la personne."
    field.set_error("Il manque un chiffre.")
    shown = [label.text() for label in field.findChildren(QLabel) if not label.isHidden()]
    assert "Il manque un chiffre." in shown
    assert field.edit.property("invalid") == "true"
    assert field.edit.accessibleDescription() == "Il manque un chiffre."
    field.set_error("")
    assert field.edit.property("invalid") == "false"
    assert field.edit.accessibleDescription() == "Ouvre le compte de la personne."


def test_a_list_to_choose_from_chooses_nothing_by_itself(qtbot: QtBot, appearance: Appearance) -> None:
    """Even once it is filled."""
    choice = Choice(appearance, "Pièce présentée", "Carte d’identité, passeport…")
    qtbot.addWidget(choice)
    choice.addItems(["Carte d’identité", "Passeport"])
    assert choice.currentIndex() == -1
    assert choice.accessibleName() == "Pièce présentée"


def test_a_cut_text_is_whole_elsewhere(qtbot: QtBot, appearance: Appearance) -> None:
    """In its tip when it is cut, and always for screen readers."""
    text = ElidedText("Lecteur bifente du comptoir, fente de droite")
    qtbot.addWidget(text)
    text.resize(80, 20)
    text.show()
    qtbot.waitUntil(lambda: text.toolTip() == text.text())
    assert text.accessibleName() == text.text()
    text.resize(800, 20)
    qtbot.waitUntil(lambda: text.toolTip() == "")
