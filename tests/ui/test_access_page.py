"""« Accès » by its keys: who may read, a right given up with its reason, the history filtered and printed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from helpers.emergency_gallery import AUTHOR, DOCTOR, Scenes
from helpers.emergency_world import AtOnce
from helpers.window import words_of
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from dmp_desktop.cache.journal import Act
from dmp_desktop.domain.dossier import Authorisation
from dmp_desktop.sandbox import people
from dmp_desktop.services.history import AccessRow, own_name
from dmp_desktop.services.practice_log import PracticeLog
from dmp_desktop.ui.access.page import AccessPage
from dmp_desktop.ui.access.practice import PracticePage, PracticePresenter
from dmp_desktop.ui.access.presenter import AccessPresenter, Filter, Part
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.messages import QuestionPanel

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def scenes(appearance: Appearance) -> Iterator[Scenes]:
    made = Scenes(appearance)
    yield made
    made.end()


def opened(scenes: Scenes, qtbot: QtBot) -> tuple[AccessPage, AccessPresenter]:
    """The page in its window."""
    shell, presenter = scenes.access()
    qtbot.addWidget(shell)
    shell.resize(1366, 768)
    shell.show()
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    page = shell.findChild(AccessPage)
    assert page is not None
    return page, presenter


def answer(page: QWidget, said: str) -> None:
    """Words in the question, then its other answer (keys as fast as a test's are taken for a scanner's)."""
    question = page.findChildren(QuestionPanel)[-1]
    question.answer_other()
    question.findChildren(QLineEdit)[0].setText(said)
    question.answer_other()


def test_who_may_read_is_listed_and_the_blocked_are_marked(scenes: Scenes, qtbot: QtBot) -> None:
    """The médecin traitant first, the blocked last, by a word and an icon."""
    page, _presenter = opened(scenes, qtbot)
    assert [line.cells[2] for line in page.people.lines.lines] == ["Médecin traitant", "Autorisé", "Bloqué"]
    assert [bool(line.icon) for line in page.people.lines.lines] == [False, False, True]
    assert "Vous n’avez pas d’autorisation sur ce dossier." in words_of(page)


def test_a_right_changes_with_its_reason_only(scenes: Scenes, qtbot: QtBot) -> None:
    """Alt+M asks; Escape changes nothing; with a reason and Ctrl+Entrée it joins the outbox, shown as on its way."""
    page, presenter = opened(scenes, qtbot)
    store = scenes.keep[-1]
    QTest.keyClick(page, Qt.Key.Key_M, ALT)
    QTest.keyClick(page, Qt.Key.Key_Return, CTRL)
    assert store.outbox.waiting() == ()
    page.findChildren(QuestionPanel)[-1].safe.emit()
    assert store.outbox.waiting() == ()
    QTest.keyClick(page, Qt.Key.Key_M, ALT)
    answer(page, "Déclaration signée")
    (event,) = store.outbox.waiting()
    assert event.payload.treating
    assert presenter.own is not None
    assert presenter.own.pending is not None
    assert presenter.own.state is Authorisation.NONE
    assert [row.reason for row in store.journal.last(5) if row.act == Act.REASON_GIVEN] == ["Déclaration signée"]


def test_the_history_is_filtered_and_emergencies_are_marked(scenes: Scenes, qtbot: QtBot) -> None:
    """Alt+H, Alt+4: the emergency alone, with its motive; forgotten when the record closes."""
    page, presenter = opened(scenes, qtbot)
    QTest.keyClick(page, Qt.Key.Key_H, ALT)
    assert presenter.part is Part.HISTORY
    assert len(page.history.lines.lines) == 5
    QTest.keyClick(page, Qt.Key.Key_4, ALT)
    assert presenter.filter is Filter.EMERGENCY
    lines = page.history.lines.lines
    assert [line.cells[3] for line in lines] == ["Bris de glace", "Bris de glace"]
    assert all(line.icon and "Malaise au cabinet" in line.cells[4] for line in lines)
    presenter.forget()
    assert page.history.lines.lines == ()
    assert "Malaise" not in words_of(page)


def test_printing_is_written_down(scenes: Scenes, qtbot: QtBot) -> None:
    """F8 prints the lines shown, and the journal tells it."""
    page, presenter = opened(scenes, qtbot)
    printed: list[tuple[AccessRow, ...]] = []
    presenter._print = lambda _context, rows: printed.append(rows)
    presenter.show_part(Part.HISTORY)
    QTest.keyClick(page, Qt.Key.Key_F8)
    assert len(printed[0]) == 5
    assert scenes.keep[-1].journal.last(1)[0].act == Act.HISTORY_PRINTED


def test_an_emergency_is_reviewed_and_the_period_exported(scenes: Scenes, qtbot: QtBot, appearance: Appearance) -> None:
    """Alt+R, words, Ctrl+Entrée: reviewed; Alt+E hands the file over; no name of a patient on the page."""
    shell, _presenter = scenes.access()
    qtbot.addWidget(shell)
    saved: list[bytes] = []
    log = PracticeLog(scenes.keep[-1], own_name(AUTHOR, "Médecine générale"))
    presenter = PracticePresenter(log, AtOnce(), lambda: AUTHOR, scenes.clock.now, saved.append, lambda: DOCTOR)
    page = PracticePage(appearance, presenter)
    qtbot.addWidget(page)
    page.resize(1294, 700)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.shown()
    assert "MIRABELLE" not in " ".join(cell for line in page.emergencies.lines.lines for cell in line.cells)
    for key, said in ((Qt.Key.Key_R, "Vérifié avec son auteur"), (Qt.Key.Key_E, "Contrôle annuel")):
        QTest.keyClick(page, key, ALT)
        answer(page, said)
    assert presenter.reviews[0].reviewed_by == AUTHOR.professional
    assert saved[0].startswith("\ufeffligne;".encode())


def test_the_desk_reads_nothing_of_what_the_practice_did(scenes: Scenes) -> None:
    """Whatever page it came by: no day, no motive, no export, and the reason told."""
    scenes.access()[0].deleteLater()
    saved: list[bytes] = []
    log = PracticeLog(scenes.keep[-1], own_name(AUTHOR, "Médecine générale"))
    desk = people.profile("papier").professional
    presenter = PracticePresenter(log, AtOnce(), lambda: AUTHOR, scenes.clock.now, saved.append, lambda: desk)
    presenter.refresh()
    presenter.export("Par curiosité")
    presenter.review("un-acces", "Vu")
    assert (presenter.days, presenter.reviews, saved) == ((), (), [])
    assert presenter.fault is not None
    assert presenter.fault.code == "practice-view-denied"
