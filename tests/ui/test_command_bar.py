"""The command bar: a few letters, Enter; what cannot be done says why and does nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from dmp_desktop.ui.command_bar import Answer, CommandBar
from dmp_desktop.ui.command_rows import DOCUMENTS, PEOPLE, ROWS, Command, fold, found, matches
from dmp_desktop.ui.on_screen import on_screen
from dmp_desktop.ui.opening.base import on_key
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.controls import ActionButton
from dmp_desktop.ui.widgets.messages import QuestionPanel

Key = Qt.Key


class Desk:
    """A window with a field, an Escape and an Enter of its own, and the bar."""

    def __init__(self, qtbot: QtBot, appearance: Appearance) -> None:
        self.done: list[str] = []
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        inside = QWidget()
        self.window.setCentralWidget(inside)
        column = QVBoxLayout(inside)
        self.field = QLineEdit()
        column.addWidget(self.field)
        for key in ("Esc", "Return", "Down"):
            on_key(inside, key, lambda k=key: self.done.append(k))
        self.bar = CommandBar(appearance, self.window, self.commands)
        self.window.resize(1366, 768)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.field.setFocus()

    def _act(self, name: str) -> Callable[[], None]:
        return lambda: self.done.append(name)

    def commands(self) -> tuple[Command, ...]:
        """Four of them, one impossible."""
        return (
            Command("Nouvelle ouverture", self._act("open"), keys="F2"),
            Command("Vérifier les lecteurs", self._act("readers")),
            Command("Verrouiller le poste", self._act("lock"), keys="F9"),
            Command("Imprimer l’attestation", self._act("print"), keys="F8", reason="Rien n’est encore confirmé"),
        )

    def press(self, *keys: Qt.Key) -> None:
        """Keys where the focus is."""
        for key in keys:
            QTest.keyClick(QApplication.focusWidget(), key)

    def type(self, text: str) -> None:
        """Letters where the focus is."""
        QTest.keyClicks(QApplication.focusWidget(), text)


@pytest.fixture
def desk(qtbot: QtBot, appearance: Appearance) -> Desk:
    made = Desk(qtbot, appearance)
    made.bar.open()
    return made


def test_the_first_row_is_current_and_enter_runs_it(desk: Desk) -> None:
    """Everything is offered at once; the focus returns where it was before the act."""
    assert desk.bar.rows[0] == "Nouvelle ouverture"
    desk.press(Key.Key_Return)
    assert desk.done == ["open"]
    assert not desk.bar.isVisible()
    assert desk.field.hasFocus()


def test_letters_find_without_accents_nor_capitals(desk: Desk) -> None:
    """« ver » finds « Vérifier » and « Verrouiller »; one more letter tells them apart."""
    desk.type("VER")
    assert desk.bar.rows == ("Vérifier les lecteurs", "Verrouiller le poste", "Nouvelle ouverture")
    desk.type("r")
    desk.press(Key.Key_Return)
    assert desk.done == ["lock"]


def test_words_in_any_order(desk: Desk) -> None:
    """« lect ver » is « Vérifier les lecteurs »."""
    desk.type("lect ver")
    assert desk.bar.rows == ("Vérifier les lecteurs",)


def test_arrows_go_round(desk: Desk) -> None:
    """And they are the bar's, not the screen's behind."""
    desk.press(Key.Key_Down, Key.Key_Down, Key.Key_Return)
    assert desk.done == ["lock"]
    desk.bar.open()
    desk.press(Key.Key_Up, Key.Key_Up, Key.Key_Return)
    assert desk.done == ["lock", "lock"]


def test_what_cannot_be_done_says_why_and_does_nothing(desk: Desk) -> None:
    """It is listed, so that nobody looks for it; Enter leaves the bar open."""
    desk.type("imprimer")
    desk.press(Key.Key_Return)
    assert desk.done == []
    assert desk.bar.isVisible()
    spoken = desk.bar.findChildren(QLineEdit)[0].accessibleDescription()
    assert "Rien n’est encore confirmé" in spoken


def test_escape_closes_the_bar_only(desk: Desk) -> None:
    """The screen behind keeps its Escape for the next press."""
    desk.press(Key.Key_Escape)
    assert not desk.bar.isVisible()
    assert desk.done == []
    desk.press(Key.Key_Escape)
    assert desk.done == ["Esc"]


def test_nothing_found_is_said(desk: Desk) -> None:
    """And Enter does nothing then."""
    desk.type("zzz")
    assert desk.bar.rows == ()
    desk.press(Key.Key_Return)
    assert (desk.done, desk.bar.isVisible()) == ([], True)


def test_a_click_elsewhere_closes_it(desk: Desk) -> None:
    """The field clicked keeps the keyboard."""
    desk.field.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not desk.bar.isVisible()
    assert desk.field.hasFocus()


@pytest.mark.parametrize("size", [(1366, 768), (1366, 688), (683, 480)])
@pytest.mark.parametrize("zoom", [100, 200])
def test_it_stays_inside_the_window(desk: Desk, appearance: Appearance, size: tuple[int, int], zoom: int) -> None:
    """Narrow or zoomed: it shrinks and scrolls, never sideways."""
    appearance.choose("light", zoom)
    desk.window.resize(*size)
    desk.bar.close_bar()
    desk.bar.open()
    QApplication.processEvents()
    assert desk.window.rect().contains(desk.bar.geometry())


def test_at_most_nine_rows_and_no_empty_group() -> None:
    """Groups are headed once, in the order given, only when there are several and they have rows."""
    many = [Command(f"Faire {n}", lambda: None, group="Personnes" if n < 4 else "Actions") for n in range(20)]
    rows = found(many, "faire")
    assert len(rows) == ROWS
    assert [row.heading for row in rows if row.heading] == ["Personnes", "Actions"]
    assert [row.heading for row in found(many, "19") if row.heading] == ["Actions"]
    assert [row.heading for row in found(many[:3], "") if row.heading] == []


@settings(max_examples=200)
@given(words=st.text(max_size=40), typed=st.text(max_size=12))
def test_what_is_marked_is_what_was_typed(words: str, typed: str) -> None:
    """Marks are places in the words as they are shown, whatever is typed."""
    assert len(fold(words)) == len(words)
    marks = matches(words, typed)
    pieces = fold(typed).split()
    if marks is None:
        assert any(piece not in fold(words) for piece in pieces)
        return
    assert [fold(words)[start : start + length] for start, length in marks] == pieces


def test_the_buttons_of_the_screen_are_commands(qtbot: QtBot, appearance: Appearance) -> None:
    """With their key, their reason when disabled; hidden ones are not there."""
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    clicked: list[str] = []
    for words, keys in (
        ("Relire la carte", "F4"),
        ("Continuer", "Entrée"),
        ("Caché", ""),
        ("Ouvrir le dossier", "Ctrl Entrée"),
    ):
        button = ActionButton(appearance, words, keys=keys)
        button.clicked.connect(lambda _c=False, w=words: clicked.append(w))
        button.setEnabled(words != "Continuer")
        column.addWidget(button)
    holder.show()
    next(b for b in holder.findChildren(ActionButton) if b.words() == "Caché").hide()
    listed = on_screen(holder)
    assert [(c.words, c.keys, bool(c.reason)) for c in listed] == [
        ("Relire la carte", "F4", False),
        ("Continuer", "Entrée", True),
        ("Ouvrir le dossier", "Ctrl Entrée", True),
    ]
    listed[0].run()
    assert clicked == ["Relire la carte"]


def test_a_question_is_not_answered_from_the_bar(qtbot: QtBot, appearance: Appearance) -> None:
    """Its other answer needs its own key."""
    panel = QuestionPanel(appearance, "Continuer\u202f?", "", "", "", "Arrêter", ("Continuer", "Alt+C"))
    qtbot.addWidget(panel)
    panel.allow(True)
    panel.show()
    assert all(command.reason for command in on_screen(panel))


class Finder:
    """Looks for people when told, answers when told.

    :ivar asked: what was looked for, with its answer to give.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, Answer]] = []

    def __call__(self, typed: str, answer: Answer) -> None:
        self.asked.append((typed, answer))


class Searching(Desk):
    """The desk, with people and documents to look for."""

    def __init__(self, qtbot: QtBot, appearance: Appearance) -> None:
        super().__init__(qtbot, appearance)
        self.qtbot, self.people, self.documents = qtbot, Finder(), Finder()
        self.bar.deleteLater()
        self.bar = CommandBar(appearance, self.window, self.commands, lambda: (self.people, self.documents))
        self.bar.open()

    def person(self, name: str) -> Command:
        return Command(name, self._act(name), "user", context="Née le 09/06/1968", group=PEOPLE)

    def ask(self, text: str) -> tuple[Answer, Answer]:
        """Type, and wait to be asked for it."""
        self.type(text)
        self.qtbot.waitUntil(lambda: bool(self.documents.asked))
        return self.people.asked.pop()[1], self.documents.asked.pop()[1]


@pytest.fixture
def searching(qtbot: QtBot, appearance: Appearance) -> Iterator[Searching]:
    made = Searching(qtbot, appearance)
    yield made
    made.bar.close_bar()


def test_people_and_documents_come_before_actions(searching: Searching) -> None:
    """As they answer; a search that finds by date marks nothing and is shown all the same."""
    people, documents = searching.ask("ver")
    assert searching.bar.rows == ("Vérifier les lecteurs", "Verrouiller le poste", "Nouvelle ouverture")
    people([searching.person("VERVEINE, Hortense"), searching.person("née un 12 mars")])
    documents([Command("Verres correcteurs", searching._act("document"), group=DOCUMENTS)])
    assert searching.bar.rows[:4] == (
        "VERVEINE, Hortense",
        "née un 12 mars",
        "Verres correcteurs",
        "Vérifier les lecteurs",
    )
    searching.press(Key.Key_Return)
    assert searching.done == ["VERVEINE, Hortense"]


def test_enter_waits_for_who_is_looked_for(searching: Searching) -> None:
    """Letters and Enter in one go: the person, never the action that happened to be there first."""
    people, documents = searching.ask("ver")
    searching.press(Key.Key_Return)
    assert searching.done == []
    people([searching.person("VERVEINE, Hortense")])
    assert searching.done == []
    documents([])
    assert searching.done == ["VERVEINE, Hortense"]


def test_enter_does_not_wait_for_a_row_one_moved_to(searching: Searching) -> None:
    """It is on the screen, chosen by hand; late people do not move it away."""
    people, _ = searching.ask("ver")
    searching.press(Key.Key_Down)
    people([searching.person("VERVEINE, Hortense")])
    searching.press(Key.Key_Return)
    assert searching.done == ["lock"]


def test_a_late_answer_is_dropped(searching: Searching) -> None:
    """The person found for former letters is not there for others, not even for an instant."""
    people, documents = searching.ask("ver")
    people([searching.person("VERVEINE, Hortense"), searching.person("VERROU, Zoé")])
    searching.type("r")
    assert searching.bar.rows == ("VERROU, Zoé", "Verrouiller le poste")
    searching.type("zz")
    documents([Command("Verres", searching._act("document"), group=DOCUMENTS)])
    assert searching.bar.rows == ()


def test_nothing_of_anybody_stays_in_a_closed_bar(searching: Searching) -> None:
    """Neither rows nor what is read aloud; an answer after the end is nobody's."""
    people, _ = searching.ask("ver")
    people([searching.person("VERVEINE, Hortense")])
    searching.press(Key.Key_Escape)
    people([searching.person("VERVEINE, Hortense")])
    assert searching.bar.rows == ()
    edit = searching.bar.findChildren(QLineEdit)[0]
    assert (edit.text(), edit.accessibleDescription()) == ("", "")


def test_many_people_leave_room_for_the_rest(appearance: Appearance) -> None:
    """Four people, three documents, then actions; alone they take every row."""
    people = [Command(f"Verne {n}", lambda: None, group=PEOPLE) for n in range(20)]
    papers = [Command(f"Verre {n}", lambda: None, group=DOCUMENTS) for n in range(20)]
    acts = [Command(f"Verser {n}", lambda: None) for n in range(9)]
    groups = [row.command.group for row in found(acts, "ver", [*people, *papers])]
    assert groups == [PEOPLE] * 4 + [DOCUMENTS] * 3 + ["Actions"] * 2
    assert len(found((), "ver", people)) == ROWS
