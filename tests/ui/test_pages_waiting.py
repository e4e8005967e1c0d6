"""« À traiter » on its own: what a row says, where a click leads, how it stands in a small window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from helpers.opening_desk import Desk
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from dmp_desktop.domain.events import Author, Event, EventState
from dmp_desktop.domain.identity import ProofDocument
from dmp_desktop.errors import DmpError
from dmp_desktop.services.attention import NextStep, Turn, Waiting
from dmp_desktop.ui.tasks import Lane
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.waiting_page import WaitingPage
from dmp_desktop.ui.waiting_presenter import WaitingPresenter
from dmp_desktop.ui.waiting_words import STEPS
from dmp_desktop.ui.widgets.controls import ActionButton, Choice
from dmp_desktop.ui.widgets.messages import QuestionPanel


class Outbox:
    """What waits, and what was asked of it."""

    def __init__(self, rows: tuple[Waiting, ...]) -> None:
        self.all, self.asked = rows, list[tuple[str, str]]()

    def rows(self, author: Author, today: datetime) -> tuple[Waiting, ...]:
        return self.all

    def retry(self, event_id: str, author: Author) -> None:
        self.asked.append(("retry", event_id))

    def decide(self, event_id: str, author: Author, proof: ProofDocument) -> None:
        self.asked.append((f"decide {proof}", event_id))

    def give_up(self, event_id: str, author: Author, reason: str) -> None:
        self.asked.append((f"give up {reason}", event_id))

    def acknowledge(self, event_id: str) -> None:
        self.asked.append(("acknowledge", event_id))


class AtOnce:
    """Lanes without threads.

    :ivar late: answers kept back, ``None`` to give them at once.
    """

    late: list[Callable[[], None]] | None = None

    def run(
        self, lane: Lane, work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[DmpError], None]
    ) -> Any:
        try:
            result = work()
        except DmpError as error:
            failed(error)
            return self
        if self.late is None:
            done(result)
        else:
            self.late.append(lambda: done(result))
        return self

    def cancel(self) -> None:
        pass


class Page:
    """The page over an outbox of five acts."""

    def __init__(self, qtbot: QtBot, appearance: Appearance) -> None:
        desk = Desk()
        desk.to_consent(2)
        desk.consent()
        desk.presenter.edited()
        desk.presenter.submit()
        desk.lanes.all()
        kept = desk.presenter.flow.event
        assert kept is not None
        self.event, self.now = kept, desk.clock.now()
        state, turn, step = EventState, Turn, NextStep
        self.outbox = Outbox(
            (
                self._row(1, state.CONFIRMED, turn.NOBODY, step.NONE),
                self._row(2, state.REFUSED, turn.PERSON, step.ACKNOWLEDGE, "store-refused"),
                self._row(3, state.HELD, turn.PERSON, step.DECIDE, "identity-difference"),
                self._row(4, state.WAITING, turn.PERSON, step.NONE, other="Dr Lucien Gabarit"),
                self._row(5, state.WAITING, turn.PROGRAM, step.RETRY, "store-timeout"),
            )
        )
        self.delivered = 0
        self.lanes = AtOnce()
        self.presenter = WaitingPresenter(
            self.outbox, self.lanes, lambda: kept.author, lambda: self.now, self._deliver, lambda _event: None
        )
        self.page = WaitingPage(appearance, self.presenter, lambda: self.now)
        qtbot.addWidget(self.page)
        self.page.resize(1294, 656)
        self.page.show()
        self.page.shown()

    def _row(
        self, number: int, state: EventState, turn: Turn, step: NextStep, cause: str = "", other: str = ""
    ) -> Waiting:
        at = self.now - timedelta(minutes=number)
        event: Event = replace(self.event, id=f"event-{number}", state=state, cause=cause, created_at=at)
        return Waiting(event, "MIRABELLE, Ernest", turn, step, other)

    def _deliver(self) -> None:
        self.delivered += 1

    def words(self) -> list[str]:
        """What is written, the painted rows excepted."""
        return [label.text() for label in self.page.findChildren(QLabel) if label.isVisible()]

    def click(self, event_id: str, x: int) -> None:
        """On a row, at ``x``."""
        at = QPoint(x, self.page.table.row_rect(event_id).center().y())
        QTest.mouseClick(self.page.table, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)


@pytest.fixture
def page(qtbot: QtBot, appearance: Appearance) -> Page:
    return Page(qtbot, appearance)


def test_rows_stand_by_whose_turn_it_is(page: Page) -> None:
    """The person's first, then the program's, then what is confirmed."""
    assert [row.event.id[-1] for row in page.presenter.rows] == ["2", "3", "4", "5", "1"]
    assert "3 points demandent un geste. Rien n’est perdu, rien ne part deux fois." in page.words()


def test_a_click_on_a_row_chooses_it_a_click_on_its_step_does_it(page: Page) -> None:
    """Looking is never doing."""
    page.click("event-5", 300)
    assert page.presenter.chosen == "event-5"
    assert page.outbox.asked == []
    page.click("event-2", page.page.table.width() - 150)
    assert page.outbox.asked == [("acknowledge", "event-2")]


def test_a_row_without_a_step_has_nothing_to_click(page: Page) -> None:
    """It waits for another's card."""
    page.click("event-4", page.page.table.width() - 150)
    assert page.outbox.asked == []
    assert not [b for b in page.page.findChildren(ActionButton) if b.isVisible() and b.words() in STEPS.values()]


def test_f5_retries_what_waits_for_nobody(page: Page) -> None:
    """The rest keeps waiting for its gesture; one pass of the outbox follows."""
    page.presenter.retry_all()
    assert page.outbox.asked == [("retry", "event-5")]
    assert page.delivered == 1


def test_only_ones_own(page: Page) -> None:
    """« À mon nom » leaves out what waits for another's card."""
    next(b for b in page.page.findChildren(ActionButton) if b.words() == "À mon nom").click()
    assert "event-4" not in {row.event.id for row in page.presenter.rows}


def test_a_difference_is_decided_on_a_document(page: Page) -> None:
    """Nothing before one is named; then the decision holds it."""
    page.presenter.choose("event-3")
    page.page.do_next()
    question = page.page.findChildren(QuestionPanel)[0]
    question.answer_other()
    assert page.outbox.asked == []
    question.findChildren(Choice)[0].setCurrentIndex(1)
    question.answer_other()
    assert page.outbox.asked == [(f"decide {list(ProofDocument)[1]}", "event-3")]


@pytest.mark.parametrize("zoom", [100, 150, 200])
def test_in_a_small_window_everything_can_be_reached(page: Page, appearance: Appearance, zoom: int) -> None:
    """The detail scrolls with the rows: whole, not squeezed."""
    appearance.choose("light", zoom)
    page.page.resize(1366, 640)
    page.presenter.choose("event-5")
    button = next(b for b in page.page.findChildren(ActionButton) if b.words() == "Essayer maintenant")
    assert button.isVisible()
    assert button.height() == appearance.theme.size("button")
    what = next(label for label in page.page.findChildren(QLabel) if label.text() == "Le DMP n’a pas répondu à temps.")
    assert what.height() >= what.heightForWidth(what.width())


def test_nothing_waits(page: Page) -> None:
    """It is said, and nothing else is offered."""
    page.outbox.all = ()
    page.presenter.refresh()
    assert "Rien n’attend." in page.words()


def test_the_lock_empties_it(page: Page) -> None:
    """No name remains, painted, asked about or read aloud."""
    page.presenter.choose("event-5")
    page.page.ask_reason()
    assert any("MIRABELLE" in words for words in page.words())
    page.presenter.forget()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert page.presenter.rows == ()
    assert page.page.table.row_rect("event-2").isNull()
    widgets = [page.page, *page.page.findChildren(QWidget)]
    told = [w.accessibleName() + w.accessibleDescription() + getattr(w, "text", str)() for w in widgets]
    assert not [words for words in told if "MIRABELLE" in words]
    assert page.page.findChildren(QuestionPanel) == []


def test_an_answer_that_comes_after_the_lock_is_not_shown(page: Page) -> None:
    """Asked before, answered after."""
    page.lanes.late = []
    page.presenter.refresh()
    page.presenter.forget()
    for answer in page.lanes.late:
        answer()
    assert page.presenter.rows == ()
