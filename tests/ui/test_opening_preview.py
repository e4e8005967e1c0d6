"""A paper looked at before it is printed, by real keys in the real window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from helpers import opening_gallery as gallery
from helpers.opening_desk import Desk
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QScreen
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dmp_desktop.domain.dossier import Authorisation, DossierState, ExistenceAnswer
from dmp_desktop.domain.events import EventState
from dmp_desktop.errors import ServiceUnavailable
from dmp_desktop.services.opening import StopCause
from dmp_desktop.services.papers import PageImage, PaperKind, PreviewImage
from dmp_desktop.ui.opening.page import OpeningPage
from dmp_desktop.ui.opening.paper_view import PaperView, dots_per_inch
from dmp_desktop.ui.opening.preview_screen import PreviewScreen
from dmp_desktop.ui.theme.appearance import Appearance

KEY, ALT = Qt.Key, Qt.KeyboardModifier.AltModifier


class PrinterAway(ServiceUnavailable):
    """The printer does not take the paper."""

    code = "printer-refused"


class Looking:
    """The window on a desk, and keys."""

    def __init__(self, qtbot: QtBot, appearance: Appearance) -> None:
        self.qtbot, self.desk = qtbot, Desk()
        self.window, self.page = gallery.shell_around(appearance, self.desk)
        qtbot.addWidget(self.window)
        self.window.resize(1366, 768)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(QApplication.focusWidget() or self.window, key, modifiers)
        self.desk.lanes.all()

    def look(self) -> None:
        """Alt+V, the page drawn."""
        self.key(KEY.Key_V, ALT)
        assert self.shown is self.page.preview

    @property
    def shown(self) -> object:
        return self.page.stack.currentWidget()

    @property
    def screen(self) -> PreviewScreen:
        return self.page.preview

    @property
    def view(self) -> PaperView:
        return self.page.preview.view


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    made = Appearance(qapp, "light", 100)
    yield made
    made.deleteLater()


@pytest.fixture
def done(qtbot: QtBot, appearance: Appearance) -> Looking:
    looking = Looking(qtbot, appearance)
    looking.desk.to_done()
    return looking


def test_a_millimetre_is_a_millimetre(done: Looking) -> None:
    """The page is as large on the screen as on paper, by the screen's own measures; it is drawn at that resolution."""
    asked: list[float] = []
    draw = done.desk.port.draw

    def noted(paper: object, dpi: float) -> object:
        asked.append(dpi)
        return draw(paper, dpi)  # type: ignore[arg-type]

    done.desk.port.draw = noted  # type: ignore[assignment]
    done.look()
    screen = done.window.screen()
    assert asked == [pytest.approx(screen.physicalDotsPerInch() * done.window.devicePixelRatioF())]
    assert done.view.scale * 25.4 == pytest.approx(screen.physicalDotsPerInch())
    assert "210 × 297\u00a0mm, taille réelle" in done.screen.subtitle.text()


@dataclass
class FakeScreen:
    """A screen that tells what it is told to tell."""

    physicalDotsPerInchX: object
    physicalDotsPerInchY: object

    def logicalDotsPerInch(self) -> float:
        return 96.0


@pytest.mark.parametrize(
    ("across", "down", "used"),
    [
        (109.0, 109.0, (109.0, True)),
        (12.0, 12.0, (96.0, False)),
        (4000.0, 4000.0, (96.0, False)),
        (160.0, 90.0, (96.0, False)),
        (float("inf"), float("inf"), (96.0, False)),
        (0.0, 0.0, (96.0, False)),
    ],
)
def test_a_screen_that_does_not_know_its_size_is_not_believed(
    across: float, down: float, used: tuple[float, bool]
) -> None:
    """Projectors and virtual screens tell no size, or an absurd one: the logical measure then, and it is said."""
    screen = FakeScreen(lambda: across, lambda: down)
    assert dots_per_inch(screen) == used  # type: ignore[arg-type]


def test_a_doubtful_scale_is_said(done: Looking, monkeypatch: pytest.MonkeyPatch) -> None:
    """The person is told not to trust the size, rather than shown a wrong one as true."""
    monkeypatch.setattr(QScreen, "physicalDotsPerInchX", lambda _self: 0.0)
    done.look()
    assert "l’échelle peut être fausse" in done.screen.subtitle.text()


def test_the_keys_move_over_the_page(done: Looking) -> None:
    """Arrows, page keys and the two ends; no horizontal bar is ever shown (guide 2)."""
    done.look()
    bar = done.view.verticalScrollBar()
    assert bar.maximum() > 0
    done.key(KEY.Key_Down)
    assert 0 < bar.value() < bar.maximum()
    done.key(KEY.Key_PageDown)
    further = bar.value()
    assert further > done.view.scale * 10
    done.key(KEY.Key_PageUp)
    assert bar.value() < further
    done.key(KEY.Key_End)
    assert bar.value() == bar.maximum()
    done.key(KEY.Key_Home)
    assert bar.value() == 0
    assert done.view.horizontalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAlwaysOff


def test_the_whole_page_is_the_second_mode(done: Looking) -> None:
    """Alt+P fits the page, and Alt+P again gives its size back; a label is never enlarged."""
    done.look()
    true = done.view.scale
    done.key(KEY.Key_P, ALT)
    assert done.view.scale < true
    assert done.view.verticalScrollBar().maximum() == 0
    assert "toute la page" in done.screen.subtitle.text()
    assert done.screen.mode.words() == "Taille réelle"
    done.key(KEY.Key_2, ALT)
    assert done.view.scale == pytest.approx(true)
    done.key(KEY.Key_P, ALT)
    assert done.view.scale == pytest.approx(true)
    assert done.screen.mode.isHidden()


def test_the_other_papers_are_one_key_away(done: Looking) -> None:
    """Alt and a digit; each paper keeps its own measures."""
    done.look()
    assert done.screen.title.text() == "Attestation d’ouverture"
    done.key(KEY.Key_2, ALT)
    assert done.screen.title.text() == "Autocollant pour la carte"
    assert "24 × 12\u00a0mm" in done.screen.subtitle.text()
    done.key(KEY.Key_3, ALT)
    assert done.screen.title.text() == "Information en gros caractères"


def test_escape_goes_back_where_the_keyboard_was(done: Looking) -> None:
    """The banner stays, no window opens, and the tick that had the focus has it again."""
    card = done.page.done._shown[PaperKind.STICKER]
    card.tick.setFocus()
    done.look()
    assert done.screen.title.text() == "Autocollant pour la carte"
    assert QApplication.focusWidget() is done.view
    assert QApplication.topLevelWidgets().count(done.window) == 1
    done.key(KEY.Key_Escape)
    assert done.shown is done.page.done
    assert QApplication.focusWidget() is card.tick
    assert done.desk.presenter.flow.confirmed


def test_f8_prints_the_page_looked_at_and_no_other(done: Looking) -> None:
    """The paper shown comes out, and its chip says so."""
    done.look()
    done.key(KEY.Key_F8)
    assert done.desk.port.printed == [(PaperKind.ATTESTATION, "")]
    assert done.shown is done.page.preview


def test_a_second_copy_asks_its_reason_where_the_papers_are(done: Looking) -> None:
    """F8 twice: the page closes and the question is asked; nothing more came out."""
    done.look()
    done.key(KEY.Key_F8)
    done.key(KEY.Key_F8)
    assert done.shown is done.page.done
    assert done.desk.presenter.tray.awaiting_reason
    assert len(done.desk.port.printed) == 1


def test_a_printer_that_refuses_is_told_on_the_page(done: Looking) -> None:
    """Its sentence, and F8 tries again."""
    done.desk.port.print_failure = PrinterAway("no paper")
    done.look()
    done.key(KEY.Key_F8)
    assert done.screen.fault.isVisible()
    done.desk.port.print_failure = None
    done.key(KEY.Key_F8)
    assert not done.screen.fault.isVisible()
    assert done.desk.port.printed == [(PaperKind.ATTESTATION, "")]


def test_a_paper_that_must_not_exist_cannot_be_looked_at(qtbot: QtBot, appearance: Appearance) -> None:
    """While the store has not confirmed: the receipt and the leaflet, never the attestation (F16)."""
    waiting = Looking(qtbot, appearance)
    waiting.desk.port.delivered = EventState.WAITING
    waiting.desk.to_done()
    waiting.look()
    assert waiting.screen.title.text() == "Récépissé provisoire"
    assert [slot.kind for slot in waiting.desk.presenter.viewer.papers] == [PaperKind.RECEIPT, PaperKind.LEAFLET]


def test_papers_drawn_anew_close_the_page(qtbot: QtBot, appearance: Appearance) -> None:
    """The store confirms while the receipt is looked at: the attestation replaces it, on the screen of the papers."""
    waiting = Looking(qtbot, appearance)
    waiting.desk.port.delivered = EventState.WAITING
    waiting.desk.to_done()
    waiting.look()
    waiting.desk.port.delivered = EventState.CONFIRMED
    waiting.desk.presenter.event_changed(waiting.desk.port.deliver("event-1"))
    waiting.desk.lanes.all()
    assert waiting.shown is waiting.page.done


def test_the_next_opening_starts_without_a_page(done: Looking) -> None:
    """F2 from the page goes to the card, and no paper of the person before comes back later."""
    done.look()
    done.key(KEY.Key_F2)
    done.desk.to_done()
    assert done.shown is done.page.done


@pytest.mark.parametrize("state", [DossierState.ACTIVE, DossierState.CLOSED, DossierState.OPPOSED])
def test_the_papers_of_an_existing_dossier_are_looked_at_too(
    qtbot: QtBot, appearance: Appearance, state: DossierState
) -> None:
    """Alt+V and Échap on the screen of the answer; the opening does not end."""
    other = Looking(qtbot, appearance)
    other.desk.port.existence = ExistenceAnswer(state, other.desk.clock.now(), Authorisation.NONE)
    other.desk.to_consent()
    other.look()
    other.key(KEY.Key_Escape)
    assert other.shown is other.page.outcome
    assert other.desk.presenter.flow.existence is not None


def test_the_leaflet_of_who_hesitates_is_looked_at(qtbot: QtBot, appearance: Appearance) -> None:
    """The information can be read at the screen, in large print."""
    other = Looking(qtbot, appearance)
    other.desk.to_consent()
    other.desk.presenter.refuse(StopCause.HESITATES)
    other.desk.lanes.all()
    other.look()
    assert other.screen.title.text() == "Information en gros caractères"


def test_a_page_that_cannot_be_drawn_says_so(done: Looking) -> None:
    """The strip says what happened; printing stays possible."""
    done.desk.port.draw = lambda _paper, _dpi: PrinterAway("drawing failed")
    done.look()
    assert done.screen.fault.isVisible()
    assert done.screen.print.isEnabled()


def test_the_labels_of_a_sheet_are_dashed(done: Looking) -> None:
    """The outlines of the labels are drawn over the sheet, for who checks where the sticker falls."""
    size = (210.0, 297.0)

    def sheet(_paper: object, dpi: float) -> PageImage:
        width, height = (round(mm / 25.4 * dpi) for mm in size)
        image = PreviewImage(width, height, b"\xff" * (width * height * 3))
        return PageImage(image, size, ((10.0, 20.0, 60.0, 30.0),))

    done.desk.port.draw = sheet
    done.look()
    page, scale = done.view._page(), done.view.scale
    seen: QImage = done.view.viewport().grab().toImage()
    y = page.top() + round(35 * scale)
    inside = [seen.pixelColor(page.left() + round(10 * scale) + d, y + k) for d in (-1, 0, 1) for k in range(8)]
    assert any(color.lightness() < 200 for color in inside)
    assert "étiquettes" in done.screen.subtitle.text()


def test_the_page_holds_at_any_zoom(qtbot: QtBot, qapp: QApplication) -> None:
    """At 200 % in a low window the page still has room, nothing else scrolls, and its size is the same."""
    large = Appearance(qapp, "dark", 200)
    looking = Looking(qtbot, large)
    looking.window.resize(1366, 688)
    looking.desk.to_done()
    looking.look()
    page: OpeningPage = looking.page
    assert page.preview.area.verticalScrollBar().maximum() == 0
    assert looking.view.height() > 120
    assert looking.view.scale * 25.4 == pytest.approx(looking.window.screen().physicalDotsPerInch())
    large.deleteLater()
