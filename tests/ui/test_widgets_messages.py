"""Strips, questions, progress: what is said, when, and what answers it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from dmp_desktop.errors import RefusedByStore
from dmp_desktop.ui.opening.base import on_key
from dmp_desktop.ui.sentences import sentence
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.controls import ActionButton
from dmp_desktop.ui.widgets.messages import EmptyState, MessageStrip, ProgressLine, QuestionPanel

Key = Qt.Key


class Hand:
    """A clock moved by the test: a hand leaves 200 ms between two keys, a scanner 5."""

    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        return self.now


class Asked:
    """A question about abandoning, with a reason to type, in a window."""

    def __init__(self, qtbot: QtBot, appearance: Appearance) -> None:
        self.hand = Hand()
        self.reason = QLineEdit()
        self.panel = QuestionPanel(
            appearance,
            "Abandonner cet envoi\u202f?",
            "Ouverture du dossier.",
            "Rien ne partira.",
            "Donnez le motif.",
            "Le garder",
            ("Abandonner", "Ctrl Entrée"),
            self.reason,
            self.hand,
        )
        qtbot.addWidget(self.panel)
        on_key(self.panel, "Ctrl+Return", self.panel.answer_other)
        on_key(self.panel, "Esc", self.panel.safe.emit)
        self.safe, self.other = QSignalSpy(self.panel.safe), QSignalSpy(self.panel.other)
        self.panel.show()
        self.panel.activateWindow()
        qtbot.waitUntil(self.panel.isActiveWindow)
        self.reason.setFocus()

    def press(self, widget: QWidget, key: Qt.Key, after: int, control: bool = False) -> None:
        """One key, so many milliseconds after the one before."""
        self.hand.now += after
        modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(widget, key, modifier)


@pytest.fixture
def asked(qtbot: QtBot, appearance: Appearance) -> Asked:
    return Asked(qtbot, appearance)


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter, Key.Key_Escape])
def test_enter_and_escape_give_the_safe_answer_from_anywhere(asked: Asked, key: Qt.Key) -> None:
    """From the field to fill as from the button."""
    asked.panel.allow(True)
    asked.press(asked.reason, key, 1000)
    asked.panel.safe_button.setFocus()
    asked.press(asked.panel.safe_button, key, 1000)
    assert (asked.safe.count(), asked.other.count()) == (2, 0)


def test_the_other_answer_waits_for_what_it_needs(asked: Asked) -> None:
    """Not by its key, not by its button, and the reason is said."""
    asked.panel.allow(False, "Donnez d’abord le motif.")
    asked.press(asked.reason, Key.Key_Return, 1000, control=True)
    assert asked.other.count() == 0
    assert "Donnez d’abord le motif." in [label.text() for label in asked.panel.findChildren(QLabel)]
    asked.panel.allow(True)
    asked.press(asked.reason, Key.Key_Return, 1000, control=True)
    assert (asked.safe.count(), asked.other.count()) == (0, 1)


@pytest.mark.parametrize("control", [False, True])
def test_a_scanner_fills_a_field_and_answers_nothing(asked: Asked, control: bool) -> None:
    """Twelve digits and the Enter that scanners add, 5 ms apart: typed, not answered."""
    asked.panel.allow(True)
    for digit in "279059900010":
        asked.press(asked.reason, Qt.Key(ord(digit)), 5)
    asked.press(asked.reason, Key.Key_Return, 5, control=control)
    assert asked.reason.text() == "279059900010"
    assert (asked.safe.count(), asked.other.count()) == (0, 0)


def test_a_scanner_presses_no_button(asked: Asked) -> None:
    """A burst with a space in it, the focus on a button."""
    asked.panel.allow(True)
    other = next(b for b in asked.panel.findChildren(ActionButton) if b.words() == "Abandonner")
    for button in (asked.panel.safe_button, other):
        button.setFocus()
        for key in (Key.Key_1, Key.Key_Space, Key.Key_2, Key.Key_Escape):
            asked.press(button, key, 5)
    assert (asked.safe.count(), asked.other.count()) == (0, 0)


def test_a_hand_after_a_scanner_answers(asked: Asked) -> None:
    """The burst is over: the next key counts."""
    asked.press(asked.reason, Key.Key_1, 5)
    asked.press(asked.reason, Key.Key_Return, 5)
    assert asked.safe.count() == 0
    asked.press(asked.reason, Key.Key_Return, 200)
    assert asked.safe.count() == 1


def test_a_strip_says_the_three_parts_and_the_id(qtbot: QtBot, appearance: Appearance) -> None:
    """All of it in its name; the store's own words among them."""
    error = RefusedByStore("DMPAccessDenied", "Droits insuffisants")
    strip = MessageStrip.of(appearance, sentence(error))
    qtbot.addWidget(strip)
    assert error.incident in strip.accessibleName()
    assert "Droits insuffisants" in strip.accessibleName()
    strip.say("offline", "Le DMP ne répond pas depuis 09:14.", "Vous pouvez continuer.")
    assert strip.property("strip") == "offline"
    assert strip.accessibleName() == "Le DMP ne répond pas depuis 09:14. Vous pouvez continuer."


def test_the_icon_of_a_strip_stands_beside_its_words(qtbot: QtBot, appearance: Appearance) -> None:
    """Also when a taller button stands at right."""
    strip = MessageStrip(appearance, "danger", "Refusé.", action=ActionButton(appearance, "Réessayer"))
    qtbot.addWidget(strip)
    strip.resize(900, strip.sizeHint().height())
    strip.show()
    icon = next(label for label in strip.findChildren(QLabel) if not label.pixmap().isNull())
    middle = strip.words.geometry().center().y()
    assert abs(icon.geometry().center().y() - middle) <= 2


def test_a_long_message_wraps_without_a_scroll_bar(qtbot: QtBot, appearance: Appearance) -> None:
    """Narrower is taller; nothing is cut."""
    strip = MessageStrip(appearance, "info", "Première phrase.", "Une suite assez longue pour deux lignes. " * 4)
    qtbot.addWidget(strip)
    assert strip.words.heightForWidth(300) > strip.words.heightForWidth(1200)


class Lasting:
    """A progress line with a clock moved by the test."""

    def __init__(self, qtbot: QtBot, appearance: Appearance) -> None:
        self.hand, self.qtbot = Hand(), qtbot
        self.line = ProgressLine(appearance, self.hand)
        qtbot.addWidget(self.line)
        self.line.show()

    def words(self) -> list[str]:
        """What is written."""
        return [label.text() for label in self.line.findChildren(QLabel) if label.isVisible() and label.text()]


@pytest.fixture
def lasting(qtbot: QtBot, appearance: Appearance) -> Lasting:
    return Lasting(qtbot, appearance)


def test_short_work_says_nothing(lasting: Lasting) -> None:
    """Nothing flashes before 400 ms."""
    lasting.line.start("Lecture de la carte")
    lasting.hand.now = 399
    assert not lasting.line.shown
    assert lasting.words() == []
    lasting.line.stop()
    lasting.hand.now = 10_000
    assert not lasting.line.shown


def test_lasting_work_says_what_then_for_how_long(lasting: Lasting) -> None:
    """The sentence at 400 ms, the seconds and the way out at 5 s."""
    lasting.line.start("Lecture de la carte")
    lasting.hand.now = 400
    assert lasting.line.shown
    lasting.qtbot.waitUntil(lambda: lasting.words() == ["Lecture de la carte"])
    lasting.hand.now = 7_400
    lasting.qtbot.waitUntil(lambda: "Lecture de la carte, 7\u00a0s" in lasting.words())
    cancelled = QSignalSpy(lasting.line.cancelled)
    button = lasting.line.findChildren(ActionButton)[0]
    assert button.isVisible()
    button.click()
    assert cancelled.count() == 1
    lasting.line.stop()
    assert lasting.words() == []


def test_an_emptiness_has_a_sentence(qtbot: QtBot, appearance: Appearance) -> None:
    """And another when it is empty for another reason."""
    empty = EmptyState(appearance, "inbox", "Rien n’attend.")
    qtbot.addWidget(empty)
    empty.say("offline", "Pas de copie sur ce poste.", "Réessayez.")
    assert {"Pas de copie sur ce poste.", "Réessayez."} <= {label.text() for label in empty.findChildren(QLabel)}
