"""The list of people: nobody is chosen by the program."""

from __future__ import annotations

import pytest
from helpers.ui_gallery import PEOPLE
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.people import PersonList, PersonRow

Key = Qt.Key


@pytest.fixture
def people(qtbot: QtBot, appearance: Appearance) -> PersonList:
    made = PersonList(appearance)
    qtbot.addWidget(made)
    made.tell(PEOPLE)
    made.resize(720, 400)
    made.show()
    made.setFocus()
    return made


def press(people: PersonList, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(people, key)


def test_nobody_is_chosen_at_first(people: PersonList) -> None:
    """Neither by showing, nor by taking the keyboard, nor by Tab."""
    assert people.chosen == 0
    assert not people.currentIndex().isValid()
    people.clearFocus()
    people.setFocus(Qt.FocusReason.TabFocusReason)
    assert people.chosen == 0


def test_enter_before_a_choice_does_nothing(people: PersonList) -> None:
    """Nor does Space; nothing is confirmed that was not chosen."""
    confirmed = QSignalSpy(people.confirmed)
    press(people, Key.Key_Return, Key.Key_Enter, Key.Key_Space)
    assert (confirmed.count(), people.chosen) == (0, 0)


@pytest.mark.parametrize("digit", [1, 2, 3, 4])
def test_a_digit_chooses_and_enter_confirms(people: PersonList, digit: int) -> None:
    """The digit shown on the row is the key."""
    picked, confirmed = QSignalSpy(people.picked), QSignalSpy(people.confirmed)
    press(people, Qt.Key(Key.Key_0 + digit))
    assert people.chosen == digit
    assert picked.at(0) == [digit]
    assert confirmed.count() == 0
    press(people, Key.Key_Return)
    assert confirmed.count() == 1


@pytest.mark.parametrize("key", [Key.Key_0, Key.Key_5, Key.Key_9])
def test_a_digit_of_nobody_changes_nothing(people: PersonList, key: Qt.Key) -> None:
    """Neither before a choice nor after."""
    press(people, key)
    assert people.chosen == 0
    press(people, Key.Key_2, key)
    assert people.chosen == 2


def test_arrows_move_and_choose_and_stop_at_the_ends(people: PersonList) -> None:
    """The first Down chooses the first, the first Up the last."""
    press(people, Key.Key_Down)
    assert people.chosen == 1
    press(people, Key.Key_Up)
    assert people.chosen == 1
    press(people, *[Key.Key_Down] * 9)
    assert people.chosen == 4
    people.tell(PEOPLE)
    press(people, Key.Key_Up)
    assert people.chosen == 4


def test_one_person_alone_still_asks_for_a_key(people: PersonList) -> None:
    """A card with one name is read like any other."""
    people.tell(PEOPLE[:1])
    press(people, Key.Key_Return)
    assert people.chosen == 0
    press(people, Key.Key_1)
    assert people.chosen == 1


def test_other_people_take_the_choice_away(people: PersonList) -> None:
    """Another card never inherits the choice made on the one before."""
    press(people, Key.Key_3)
    people.tell(tuple(PersonRow(p.digit, p.name, "", p.born, p.age, p.quality) for p in PEOPLE[:2]))
    assert people.chosen == 0
    assert not people.currentIndex().isValid()


def test_a_row_reads_as_a_sentence(people: PersonList) -> None:
    """Digit, whole name, second line, birth, age, quality."""
    index = people.model().index(2, 0)
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "3, CORNICHE, Capucine, Naissance multiple, rang 1, né(e) le 02/09/2016, 10 ans, Enfant"


def test_a_click_chooses_the_row_under_it(people: PersonList) -> None:
    """The mouse does no more than a digit."""
    middle = people.visualRect(people.model().index(1, 0)).center()
    QTest.mouseClick(people.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    assert people.chosen == 2


def test_nobody_is_named_by_the_repr_of_a_row() -> None:
    """Rows reach tracebacks."""
    assert "LAVANDIN" not in repr(PEOPLE[0])
