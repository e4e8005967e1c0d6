"""The clinical views of a record: timeline, synthesis, curves, vaccinations, reimbursements, directives."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from helpers import facts_record
from helpers.facts_lanes import AtOnce
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from dmp_desktop.domain.facts import ReimbursementKind
from dmp_desktop.domain.timeline import LaneKey
from dmp_desktop.errors import DmpError
from dmp_desktop.services.synthesis import Overview
from dmp_desktop.ui.curves.page import CurvesPage
from dmp_desktop.ui.prevention.page import VaccinationPage
from dmp_desktop.ui.reimbursements.page import ReimbursementsPage
from dmp_desktop.ui.synthesis.contacts import ContactsPage
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.timeline.page import TimelinePage
from dmp_desktop.ui.timeline.presenter import OverviewPresenter
from dmp_desktop.ui.timeline.scrolled import ScrolledColumn
from dmp_desktop.ui.widgets.basic import Text
from dmp_desktop.ui.widgets.messages import MessageStrip

_READ = facts_record.read()


@pytest.fixture
def presenter() -> OverviewPresenter:
    """The record of Hortense, read."""
    made = OverviewPresenter(lambda: _READ, AtOnce())
    made.load()
    return made


@pytest.fixture
def shown(qtbot: QtBot, appearance: Appearance) -> Iterator[Callable[[QWidget], None]]:
    """Shows a page as wide as the content of a window."""

    def show(page: QWidget) -> None:
        qtbot.addWidget(page)
        page.resize(1294, 690)
        with qtbot.waitActive(page):
            page.show()
            page.activateWindow()

    yield show


def _texts(page: QWidget) -> list[str]:
    return [text.text() for text in page.findChildren(Text) if text.isVisible()]


def test_the_newest_event_is_looked_at_first(presenter: OverviewPresenter) -> None:
    """What is new comes first."""
    assert presenter.chosen is not None
    assert (presenter.chosen.key, presenter.chosen.is_new) == ("h-bio-7", True)


def test_arrows_go_through_events_and_lanes(
    presenter: OverviewPresenter, appearance: Appearance, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    """Left and right in a lane, up and down to the nearest event of the next lane, Enter opens."""
    page = TimelinePage(appearance, presenter)
    shown(page)
    asked = QSignalSpy(presenter.document_asked)
    qtbot.keyClick(page.canvas, Qt.Key.Key_Left)
    assert presenter.chosen is not None
    assert presenter.chosen.key == "h-annonce"
    qtbot.keyClick(page.canvas, Qt.Key.Key_Up)
    assert presenter.chosen.lane is LaneKey.REPORTS
    qtbot.keyClick(page.canvas, Qt.Key.Key_Down)
    assert presenter.chosen.lane is LaneKey.LABORATORY
    qtbot.keyClick(page.canvas, Qt.Key.Key_Return)
    assert asked.count() == 1
    assert asked.at(0) == [presenter.chosen.key]


def test_zoom_keeps_what_is_looked_at(
    presenter: OverviewPresenter, appearance: Appearance, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    """Closer and wider by plus and minus; the event stays inside the window."""
    page = TimelinePage(appearance, presenter)
    shown(page)
    presenter.choose("h-radio-pied")
    for months in (12, 6, 3):
        qtbot.keyClick(page.canvas, Qt.Key.Key_Plus)
        assert presenter.shown is not None
        assert presenter.shown.months == months
        assert presenter.chosen in presenter.shown.events
    qtbot.keyClick(page.canvas, Qt.Key.Key_Plus)
    assert presenter.closest
    for _ in range(4):
        qtbot.keyClick(page.canvas, Qt.Key.Key_Minus)
    assert presenter.widest


def test_a_screen_reader_finds_the_events(
    presenter: OverviewPresenter, appearance: Appearance, shown: Callable[[QWidget], None]
) -> None:
    """The drawing is a list: each mark is a row with a sentence."""
    page = TimelinePage(appearance, presenter)
    shown(page)
    told = QAccessible.queryAccessibleInterface(page.canvas)
    assert presenter.shown is not None
    assert told.childCount() == len(presenter.shown.events) + len(presenter.shown.bars)
    spoken = [told.child(row).text(QAccessible.Text.Name) for row in range(told.childCount())]
    assert any("Bilan biologique, Laboratoire des Deux-Rives" in words and "nouveau" in words for words in spoken)
    assert any(words.startswith("Traitement, Ramipril") for words in spoken)


def test_a_mark_is_chosen_by_the_mouse(
    presenter: OverviewPresenter, appearance: Appearance, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    """A click looks at it, a double click opens it."""
    page = TimelinePage(appearance, presenter)
    shown(page)
    assert presenter.shown is not None
    row = next(number for number, event in enumerate(presenter.shown.events) if event.key == "h-echo")
    where = page.canvas.visualRect(page.canvas.model().index(row, 0)).center()
    asked = QSignalSpy(presenter.document_asked)
    qtbot.mouseClick(page.canvas.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert presenter.chosen is not None
    assert presenter.chosen.key == "h-echo"
    qtbot.mouseDClick(page.canvas.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert asked.at(asked.count() - 1) == ["h-echo"]
    qtbot.mouseClick(page.canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert presenter.chosen.key == "h-echo"


def test_each_synthesis_line_leads_to_its_document(
    presenter: OverviewPresenter, appearance: Appearance, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    """By its date; the name of the link says what it is about."""
    page = TimelinePage(appearance, presenter)
    shown(page)
    asked = QSignalSpy(presenter.document_asked)
    links = [button for button in page.synthesis.findChildren(QPushButton) if "ouvrir" in button.accessibleName()]
    latex = next(button for button in links if button.accessibleName().startswith("Latex"))
    latex.click()
    assert asked.at(0) == ["h-vsm-2"]
    assert len(links) == 13


def test_what_is_older_is_said(
    presenter: OverviewPresenter, appearance: Appearance, shown: Callable[[QWidget], None]
) -> None:
    """Nothing older than the window is drawn, and the page says how much there is."""
    page = TimelinePage(appearance, presenter)
    shown(page)
    assert "3 documents plus anciens ne sont pas sur cette frise." in _texts(page)


class _Broken(DmpError):
    code = "store-damaged"


def test_a_fault_is_told_and_the_views_stay(appearance: Appearance, shown: Callable[[QWidget], None]) -> None:
    """When the copy cannot be read the pages say so, empty and whole."""

    def broken() -> Overview:
        raise _Broken("unreadable")

    held = OverviewPresenter(broken, AtOnce())
    page = TimelinePage(appearance, held)
    shown(page)
    held.load()
    strips = [strip for strip in page.findChildren(MessageStrip) if strip.isVisible()]
    assert [strip.property("strip") for strip in strips] == ["danger"]
    for other in (CurvesPage, VaccinationPage, ReimbursementsPage, ContactsPage):
        shown(other(appearance, held))


def test_a_closed_record_leaves_nothing(presenter: OverviewPresenter) -> None:
    """Another person is another presenter; this one forgets."""
    presenter.close()
    assert (presenter.overview, presenter.chosen, presenter.events) == (None, None, ())


def test_a_curve_and_its_table_go_together(
    presenter: OverviewPresenter, appearance: Appearance, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    """Arrows on the curve move the table; Enter opens the document of the value."""
    page = CurvesPage(appearance, presenter)
    shown(page)
    page.show_curve(page.series_called("Potassium"))
    assert page.table.currentIndex().row() == 5
    qtbot.keyClick(page.chart, Qt.Key.Key_Left)
    assert page.table.currentIndex().row() == 4
    page.table.selectRow(0)
    assert "4,1" in page.chart.accessibleDescription()
    asked = QSignalSpy(presenter.document_asked)
    qtbot.keyClick(page.chart, Qt.Key.Key_Return)
    assert asked.at(0) == ["h-bio-850"]
    assert any("valeurs usuelles" in words for words in _texts(page))


def test_two_units_are_two_curves(
    presenter: OverviewPresenter, appearance: Appearance, shown: Callable[[QWidget], None]
) -> None:
    """The other unit is said, its values are not on this curve."""
    page = CurvesPage(appearance, presenter)
    shown(page)
    cholesterol = page.series_called("Cholestérol LDL")
    assert cholesterol is not None
    page.show_curve(cholesterol)
    assert page.table.model().rowCount() == 4
    assert any("g/L" in words and "leur propre courbe" in words for words in _texts(page))


def test_vaccinations_say_what_they_are(
    presenter: OverviewPresenter, appearance: Appearance, shown: Callable[[QWidget], None]
) -> None:
    """Done ones by date; due ones from documents only, and the page says no calendar is applied."""
    page = VaccinationPage(appearance, presenter)
    shown(page)
    assert page.table.model().rowCount() == 5
    assert any(words.startswith("Rappel diphtérie") for words in _texts(page))
    assert any("n’applique pas le calendrier vaccinal" in words for words in _texts(page))


def test_reimbursements_are_filtered_by_kind(
    presenter: OverviewPresenter, appearance: Appearance, shown: Callable[[QWidget], None]
) -> None:
    """All, then one kind."""
    page = ReimbursementsPage(appearance, presenter)
    shown(page)
    whole = page.table.model().rowCount()
    presenter.filter(ReimbursementKind.STAY)
    assert 0 < page.table.model().rowCount() < whole
    assert page.choice.currentText() == "Hospitalisations"
    page.choice.activated.emit(0)
    assert page.table.model().rowCount() == whole


def test_directives_and_people_are_one_key_away(
    presenter: OverviewPresenter, appearance: Appearance, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    """Alt+D asks for them from the timeline; numbers are read by pairs."""
    page = TimelinePage(appearance, presenter)
    shown(page)
    asked = QSignalSpy(page.contacts_asked)
    qtbot.keyClick(page.canvas, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
    assert asked.count() == 1
    contacts = ContactsPage(appearance, presenter)
    shown(contacts)
    assert "À prévenir, fils, 06\u00a039\u00a098\u00a000\u00a011" in _texts(contacts)


@pytest.mark.parametrize(("width", "zoom"), [(1294, 100), (1294, 200), (900, 100)])
def test_nothing_is_cut_at_any_zoom(
    presenter: OverviewPresenter,
    appearance: Appearance,
    shown: Callable[[QWidget], None],
    qtbot: QtBot,
    width: int,
    zoom: int,
) -> None:
    """No horizontal bar, the drawing within its page, in every theme."""
    try:
        appearance.choose("dark", zoom)
        page = TimelinePage(appearance, presenter)
        shown(page)
        page.resize(width, 690)
        qtbot.wait(1)
        image: QImage = page.grab().toImage()
        assert image.width() >= width
        assert page.canvas.mapTo(page, QPoint(page.canvas.width(), 0)).x() <= page.width()
    finally:
        appearance.choose("light", 100)


def test_the_synthesis_stands_at_right_again_when_there_is_room(
    presenter: OverviewPresenter, appearance: Appearance, shown: Callable[[QWidget], None]
) -> None:
    """Under the timeline where room lacks or letters grow, beside it otherwise, never over it; what fits has no bar."""
    page = TimelinePage(appearance, presenter)
    shown(page)
    for width, zoom, beside in ((900, 100, False), (1294, 100, True), (1294, 150, False), (1294, 100, True)):
        appearance.choose("light", zoom)
        page.resize(width, 690)
        QApplication.processEvents()
        assert (page.synthesis.mapTo(page, QPoint(0, 0)).x() > width // 2) is beside
        event = page.canvas.mapTo(page, page.canvas.rect().bottomRight())
        assert page.synthesis.mapTo(page, QPoint(0, 0)).x() > event.x() or not beside
    bar = page.findChildren(ScrolledColumn)[0].verticalScrollBar()
    assert bar.maximum() == 0
