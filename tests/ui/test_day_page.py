"""« Journée » by the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.people_desk import PeopleDesk
from helpers.store_world import desk_store
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from dmp_desktop.sandbox import people
from dmp_desktop.sync.errors import StoreTimeout
from dmp_desktop.ui.day.page import DayPage
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.controls import ActionButton
from dmp_desktop.ui.widgets.messages import MessageStrip

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier


class Page:
    """The page over a day."""

    def __init__(self, qtbot: QtBot, appearance: Appearance, desk: PeopleDesk) -> None:
        self.qtbot, self.desk = qtbot, desk
        self.page = DayPage(appearance, desk.expecting)
        qtbot.addWidget(self.page)
        self.page.resize(1200, 700)
        self.page.show()
        self.page.activateWindow()
        qtbot.waitUntil(self.page.isActiveWindow)
        self.page.shown()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key where the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.page, key, modifier)

    def type(self, text: str) -> None:
        """Letters where the focus is."""
        QTest.keyClicks(QApplication.focusWidget(), text)

    def focus(self, name: str) -> None:
        """Wait for the keyboard to be there."""
        self.qtbot.waitUntil(
            lambda: isinstance(w := QApplication.focusWidget(), QWidget) and w.accessibleName() == name
        )

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Hour and name."""
        return [(line.lead, line.name) for line in self.page.list.lines]

    def strips(self) -> str:
        """What the strips say."""
        return " ".join(s.accessibleName() for s in self.page.findChildren(MessageStrip) if s.isVisible())

    def button(self, words: str) -> ActionButton:
        """By its words."""
        return next(b for b in self.page.findChildren(ActionButton) if b.words() == words)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[PeopleDesk]:
    clock = HandClock()
    with desk_store(tmp_path, clock) as store:
        yield PeopleDesk(store, clock)


@pytest.fixture
def page(qtbot: QtBot, appearance: Appearance, desk: PeopleDesk) -> Page:
    desk.full_day()
    return Page(qtbot, appearance, desk)


def test_the_day_in_order_with_states_and_news(page: Page) -> None:
    """Hour, name, state of the dossier in words, what is new and how fresh; read aloud as a sentence."""
    first, second, *_ = page.page.list.lines
    assert first.spoken == (
        "08:30, SAUGE-VERVEINE, Hortense, Nom utilisé SAUGE, Née le 08/03/1958, DMP actif, 3 nouveaux, copie de 07:40"
    )
    assert second.more[1] == "Rien de nouveau, copie du 12 mars 2026"
    assert [line.state[1] for line in page.page.list.lines] == [
        "DMP actif",
        "DMP actif",
        "DMP actif",
        "2 personnes possibles",
        "Accès bloqué",
        "DMP fermé",
        "Pas connue ici",
        "À ouvrir",
    ]


def test_enter_opens_whoever_is_known(page: Page) -> None:
    """The first line, then the next."""
    page.press(Key.Key_Return)
    page.press(Key.Key_Down)
    page.press(Key.Key_Return)
    assert page.desk.chosen == [page.desk.keys["hortense"], page.desk.keys["firmin"]]


def test_two_people_of_one_name_are_asked_about(page: Page) -> None:
    """Nobody is chosen; once said, it stays said and Enter opens."""
    for _ in range(3):
        page.press(Key.Key_Down)
    page.press(Key.Key_Return)
    page.focus("De qui s’agit-il\u202f?")
    page.press(Key.Key_Return)
    assert page.desk.chosen == []
    page.press(Key.Key_2)
    page.press(Key.Key_Return)
    page.focus("Personnes attendues")
    page.press(Key.Key_Return)
    assert page.desk.chosen == [page.desk.keys["camille-1986"]]


def test_escape_names_nobody(page: Page) -> None:
    """The line stays to be named."""
    page.desk.expecting.choose(page.desk.expecting.rows[3].appointment.id)
    page.desk.expecting.open()
    page.focus("De qui s’agit-il\u202f?")
    page.press(Key.Key_Escape)
    page.focus("Personnes attendues")
    assert page.page.list.lines[3].state[1] == "2 personnes possibles"


def test_whoever_is_not_known_is_not_opened(page: Page) -> None:
    """The button waits, and says what finds them."""
    page.desk.expecting.choose(page.desk.expecting.rows[6].appointment.id)
    page.press(Key.Key_Return)
    assert page.desk.chosen == []
    assert not page.button("Dire qui c’est").isEnabled()


def test_a_person_is_added_by_the_keyboard(page: Page) -> None:
    """Alt+A, hour, name, date, Enter; the form stays for the next one; what is wrong says so in its field."""
    page.press(Key.Key_A, ALT)
    page.focus("Heure")
    page.type("25h")
    page.press(Key.Key_Return)
    assert page.page.form.hour.edit.accessibleDescription() == "Une heure, par exemple 9h30."
    page.page.form.hour.edit.clear()
    page.type("8h")
    page.press(Key.Key_Tab)
    page.type("Mme Romarin Basile")
    page.press(Key.Key_Tab)
    page.type("05/05/2011")
    page.press(Key.Key_Return)
    assert page.lines[0] == ("08:00", "Romarin Basile")
    page.focus("Heure")
    page.press(Key.Key_Escape)
    page.focus("Personnes attendues")
    page.desk.expecting.choose(page.desk.expecting.rows[0].appointment.id)
    page.press(Key.Key_R, ALT)
    assert page.lines[0] == ("08:30", "SAUGE-VERVEINE, Hortense")


def test_an_agenda_is_pasted(qtbot: QtBot, appearance: Appearance, desk: PeopleDesk) -> None:
    """Ctrl+V on the page, from empty; lines left out are counted; what holds no line changes nothing."""
    desk.know("ernest")
    page = Page(qtbot, appearance, desk)
    assert page.lines == []
    QGuiApplication.clipboard().setText("Agenda\n9h MIRABELLE Ernest 14/02/1953\n10h GLYCINE Apolline")
    page.press(Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert page.lines == [("09:00", "MIRABELLE, Ernest"), ("10:00", "GLYCINE Apolline")]
    assert "2 lignes ajoutées. 1 ligne laissée de côté" in page.strips()
    QGuiApplication.clipboard().setText("bonjour")
    page.press(Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert "Aucune ligne" in page.strips()
    assert len(page.lines) == 2
    QGuiApplication.clipboard().clear()


def test_a_file_is_imported_or_said_to_be_none(page: Page, tmp_path: Path) -> None:
    """A calendar, a spreadsheet of Windows, a file that went away."""
    calendar = tmp_path / "agenda.ics"
    calendar.write_text(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260414T070000Z\nSUMMARY:ROMARIN Basile\nEND:VEVENT\n"
        "END:VCALENDAR\n"
    )
    page.desk.expecting.take_file(calendar)
    sheet = tmp_path / "agenda.csv"
    sheet.write_bytes("Heure;Nom;Prénom\n07:30;FOUGÈRE;Solange\n".encode("cp1252"))
    page.desk.expecting.take_file(sheet)
    assert page.lines[0] == ("07:30", "FOUGÈRE Solange")
    assert ("09:00", "ROMARIN Basile") in page.lines
    page.desk.expecting.take_file(tmp_path / "nothing.ics")
    assert "Aucune ligne" in page.strips()
    assert len(page.lines) == 10


def test_the_day_is_prepared_on_demand_only(page: Page) -> None:
    """Nothing is asked before Alt+J; then each line not fetched says why."""
    assert page.desk.edges.fetched == []
    page.press(Key.Key_J, ALT)
    assert "2 dossiers sont prêts. 6 documents apportés." in page.strips()
    assert page.page.list.lines[2].more[1] == "Non préparé\u00a0: sans autorisation"
    page.desk.edges.answers[people.person("hortense").ins] = StoreTimeout("late")
    page.press(Key.Key_J, ALT)
    assert "0 dossier est prêt." in page.strips()
    assert "DMP" in page.strips()


def test_the_desk_prepares_nothing(qtbot: QtBot, appearance: Appearance, tmp_path: Path) -> None:
    """No button, no key, no count of documents: the list is the same otherwise."""
    clock = HandClock()
    with desk_store(tmp_path, clock) as store:
        staff = PeopleDesk(store, clock, clinical=False)
        staff.full_day()
        page = Page(qtbot, appearance, staff)
        assert not page.button("Préparer ma journée").isVisible()
        page.press(Key.Key_J, ALT)
        assert staff.edges.fetched == []
        assert all(line.more[1] == "" for line in page.page.list.lines)
        assert len(page.lines) == 8


def test_nobody_remains_once_locked(page: Page) -> None:
    """Nor comes back with an answer that was under way; what is being prepared stops."""
    page.desk.lanes.late = []
    page.desk.expecting.refresh()
    page.desk.expecting.forget()
    page.desk.lanes.give()
    assert page.lines == []


@pytest.mark.parametrize("zoom", [100, 200])
@pytest.mark.parametrize("size", [(1294, 640), (683, 400)])
def test_the_page_holds_in_its_window(page: Page, appearance: Appearance, size: tuple[int, int], zoom: int) -> None:
    """No button cut, no strip cut, no sideways scrolling."""
    page.desk.expecting.prepare()
    appearance.choose("light", zoom)
    page.page.resize(size[0] * (2 if zoom == 200 else 1), size[1])
    QApplication.processEvents()
    for button in page.page.findChildren(ActionButton):
        if button.isVisible():
            assert button.width() >= button.sizeHint().width(), button.words()
    for strip in page.page.findChildren(MessageStrip):
        layout = strip.layout()
        if strip.isVisible() and layout is not None:
            assert strip.height() >= layout.minimumHeightForWidth(strip.width())
