"""The window: narrow and wide, navigation by keys, lock, idle, focus ring."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from dmp_desktop.ui.bars import NavigationButton
from dmp_desktop.ui.shell import Shell, Status
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.controls import TickRow
from dmp_desktop.ui.widgets.ring import FocusRing

KEY = Qt.Key


class Post:
    """A window with two pages, each with a field."""

    def __init__(self, qtbot: QtBot, appearance: Appearance) -> None:
        self.lock = QLineEdit()
        self.shell = Shell(appearance, "Cabinet des Trois-Tilleuls", self.lock, sandbox=True)
        qtbot.addWidget(self.shell)
        self.fields = {}
        for key, icon, words in (("opening", "folder-plus", "Ouverture"), ("readers", "reader", "Lecteurs")):
            page = QWidget()
            self.fields[key] = QLineEdit()
            QVBoxLayout(page).addWidget(self.fields[key])
            self.shell.add_page(key, icon, words, page)
        self.shell.status.tell((Status("card", "Vitale\u00a0: en place", "success"),))
        self.shell.resize(1366, 768)
        self.shell.show()
        self.shell.activateWindow()
        qtbot.waitUntil(self.shell.isActiveWindow)
        self.shell.show_work("Dr Aurore Brindille", "Médecine générale")
        self.shell.go("opening")
        self.fields["opening"].setFocus()

    def words(self) -> set[str]:
        """Every label on screen."""
        return {label.text() for label in self.shell.findChildren(QLabel) if label.isVisible()}


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    made = Appearance(qapp, "light", 100)
    yield made
    made.choose("light", 100)
    made.deleteLater()


@pytest.fixture
def post(qtbot: QtBot, appearance: Appearance) -> Post:
    return Post(qtbot, appearance)


def test_at_200_percent_navigation_is_a_menu(post: Post, appearance: Appearance) -> None:
    """The page is said in place of the practice, the hour alone of the freshness; states are in the menu."""
    post.shell.top.tell_freshness("cloud", "À jour à 09:12", "success")
    assert {"Cabinet des Trois-Tilleuls", "À jour à 09:12", "Dr Aurore Brindille"} <= post.words()
    appearance.choose("light", 200)
    QApplication.processEvents()
    assert {"Ouverture", "09:12"} <= post.words()
    assert "Cabinet des Trois-Tilleuls" not in post.words()
    assert not post.shell.navigation.isVisible()
    assert not post.shell.status.isVisible()
    menu = post.shell.top.menu.menu()
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == ["Ouverture", "Lecteurs", "", "Vitale\u00a0: en place"]
    assert post.shell.top.height() == 90


def test_f10_brings_the_keyboard_to_the_navigation_and_back(post: Post, qtbot: QtBot) -> None:
    """Arrows move, Enter asks for the page, Escape returns where the focus was."""
    QTest.keyClick(post.fields["opening"], KEY.Key_F10)
    first = QApplication.focusWidget()
    assert isinstance(first, NavigationButton) and first.text() == "Ouverture"
    QTest.keyClick(first, KEY.Key_Down)
    second = QApplication.focusWidget()
    assert isinstance(second, NavigationButton) and second.text() == "Lecteurs"
    with qtbot.waitSignal(post.shell.asked) as asked:
        QTest.keyClick(second, KEY.Key_Return)
    assert asked.args == ["readers"]
    QTest.keyClick(second, KEY.Key_Escape)
    assert QApplication.focusWidget() is post.fields["opening"]


def test_tab_goes_through_the_page_only(post: Post) -> None:
    """Navigation and lock are reached by their keys: Tab stays with what the screen asks."""
    for _ in range(4):
        QTest.keyClick(QApplication.focusWidget() or post.shell, KEY.Key_Tab)
        assert QApplication.focusWidget() is post.fields["opening"]


def test_typing_in_a_field_is_being_there(post: Post, qtbot: QtBot) -> None:
    """A key that a field takes for itself still puts the idle lock off."""
    handle = post.shell.windowHandle()
    assert handle is not None
    with qtbot.waitSignal(post.shell.touched):
        QTest.keyClick(handle, KEY.Key_A)
    assert post.fields["opening"].text() == "a"


def test_the_lock_hides_who_and_what_and_gives_the_focus_back(post: Post) -> None:
    """Nothing of the page nor of the person is on screen; after unlocking the focus is where it was."""
    post.shell.top.tell_freshness("cloud", "À jour à 09:12", "success")
    post.shell.show_lock()
    assert "Poste verrouillé" in post.words()
    assert not {"Dr Aurore Brindille", "À jour à 09:12"} & post.words()
    assert not post.fields["opening"].isVisible()
    assert QApplication.focusWidget() is post.lock
    post.shell.show_work("Dr Aurore Brindille", "Médecine générale")
    assert QApplication.focusWidget() is post.fields["opening"]


def test_a_focus_that_went_away_while_locked_is_not_looked_for(post: Post) -> None:
    """The field that had the focus was taken away behind the lock: unlocking still works."""
    post.shell.show_lock()
    post.fields["opening"].deleteLater()
    QApplication.sendPostedEvents(None, 52)  # DeferredDelete
    post.shell.show_work("Dr Aurore Brindille", "Médecine générale")
    assert not post.shell.locked


def test_what_waits_is_counted_beside_its_icon_and_aloud(post: Post) -> None:
    """A badge and a name; none of them at zero."""
    button = next(b for b in post.shell.findChildren(NavigationButton) if b.text() == "Lecteurs")
    before = button.grab().toImage()
    post.shell.navigation.count("readers", 3)
    assert button.accessibleName() == "Lecteurs, 3"
    assert button.grab().toImage() != before
    post.shell.navigation.count("readers", 0)
    assert button.accessibleName() == "Lecteurs"
    assert button.grab().toImage() == before


def _ring(post: Post) -> FocusRing:
    return next(iter(post.shell.findChildren(FocusRing)))


def test_the_ring_stands_four_pixels_around_the_focus(post: Post, qtbot: QtBot) -> None:
    """Two away, two thick, and it follows a window that changes size."""
    field, ring = post.fields["opening"], _ring(post)

    def around() -> bool:
        corner = field.mapTo(post.shell, QPoint(0, 0)) - QPoint(4, 4)
        return ring.isVisible() and ring.pos() == corner and ring.width() == field.width() + 8

    qtbot.waitUntil(around)
    post.shell.resize(1100, 700)
    qtbot.waitUntil(around)
    field.clearFocus()
    qtbot.waitUntil(lambda: not ring.isVisible())


def test_the_ring_of_a_tick_goes_around_its_box(post: Post, appearance: Appearance, qtbot: QtBot) -> None:
    """Not around the whole sentence."""
    tick = TickRow(appearance, "Le Centre 15 peut consulter son dossier.")
    layout = post.fields["opening"].parentWidget().layout()
    assert layout is not None
    layout.addWidget(tick)
    tick.setFocus()
    qtbot.waitUntil(lambda: tick.isVisible() and QApplication.focusWidget() is not None)
    tick.setFocus()
    qtbot.waitUntil(lambda: _ring(post).isVisible() and _ring(post).width() == 28)


def test_the_ring_does_not_leave_the_view_it_scrolls_in(post: Post, qtbot: QtBot) -> None:
    """A field scrolled out of sight has no ring over what stands below."""
    area, inside = QScrollArea(), QWidget()
    area.setWidgetResizable(True)
    column = QVBoxLayout(inside)
    fields = [QLineEdit() for _ in range(40)]
    for field in fields:
        column.addWidget(field)
    area.setWidget(inside)
    post.shell.add_page("long", "menu", "Longue", area)
    post.shell.go("long")
    fields[0].setFocus()
    qtbot.waitUntil(lambda: _ring(post).isVisible())
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: not _ring(post).isVisible())
