"""The reader: written by slices on white paper, found in, turned, compared; nothing loaded, nothing frozen."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from helpers import hostile_documents as hostile
from helpers.hostile_documents import CORPUS, Hostile, cda, section
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from dmp_desktop.domain.document import RetrievedDocument
from dmp_desktop.domain.readable import Readable
from dmp_desktop.pdfium.documents import warm_pdf
from dmp_desktop.reading.errors import UnreadableDocument
from dmp_desktop.reading.readable import read_document
from dmp_desktop.ui.tasks import TaskLanes
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.viewer.print_panel import REASONS, PrintPanel
from dmp_desktop.ui.viewer.viewer import DocumentViewer


def made(body: str) -> Readable:
    return read_document(RetrievedDocument("1.2.3", "1.2.4", "text/xml", cda(body)))


class Reading:
    """A viewer in a window, its lanes real."""

    def __init__(self, qtbot: QtBot, appearance: Appearance) -> None:
        self.qtbot, self.lanes = qtbot, TaskLanes()
        self.viewer = DocumentViewer(appearance, self.lanes)
        qtbot.addWidget(self.viewer)
        self.viewer.resize(700, 600)
        self.viewer.show()

    def show(self, readable: Readable) -> None:
        self.viewer.show_document(readable, title="Bilan", freshness="À jour à 09:12")
        self.settle()

    def settle(self) -> None:
        """Everything written, every page in sight drawn."""

        def quiet() -> bool:
            self.viewer.grab()
            return not self.lanes.busy and not any(pane.writing for pane in self.viewer.panes)

        self.qtbot.waitUntil(quiet, timeout=20_000)

    @property
    def text(self) -> str:
        return self.viewer.panes[0].toPlainText()


@pytest.fixture
def reading(qtbot: QtBot, appearance: Appearance) -> Iterator[Reading]:
    desk = Reading(qtbot, appearance)
    yield desk
    desk.viewer.clear()
    desk.lanes.close()


def test_a_document_stands_on_the_paper_with_its_header(reading: Reading) -> None:
    """Its words are there for a screen reader too."""
    reading.show(made(section("Tout va <content styleCode='Bold'>bien</content>.")))
    for words in ("Cabinet des Trois-Tilleuls", "Consultation du matin", "LAVANDIN-GENÊT, Odile", "Tout va bien."):
        assert words in reading.text
    assert reading.viewer.panes[0].accessibleName() == "Document, Bilan"
    assert reading.viewer.tools.freshness.text() == "À jour à 09:12"


@pytest.mark.parametrize("one", [one for one in CORPUS if not one.refused], ids=lambda one: one.name)
def test_hostile_documents_are_painted(reading: Reading, one: Hostile) -> None:
    """What is seen is plain text; nothing of it is a resource or a link."""
    readable = read_document(one.document())
    warm_pdf()
    with hostile.watched() as events:
        reading.show(readable)
    assert events == []
    paper = reading.viewer.panes[0].document()
    assert paper.resource(QTextDocument.ResourceType.ImageResource, QUrl("http://192.0.2.1/x")) is None
    assert paper.resource(QTextDocument.ResourceType.ImageResource, QUrl("file:///etc/passwd")) is None
    block = paper.begin()
    while block.isValid():
        assert not any(entry.format.isAnchor() for entry in block.textFormats())
        block = block.next()


def test_a_long_document_is_written_by_slices(reading: Reading) -> None:
    """The screen comes back between two; the next document drops what was left of it."""
    reading.viewer.show_document(made(section(hostile.long_table(1_500))), title="Long", freshness="")
    pane = reading.viewer.panes[0]
    assert pane.writing
    reading.show(made(section("Court.")))
    assert "Sodium" not in reading.text
    assert "Court." in reading.text


def test_words_are_found_in_place(reading: Reading) -> None:
    """In the text and on the pages of a PDF, accents aside; Enter goes round them."""
    held = base64.b64encode(hostile.pdf(2)).decode()
    media = (
        '<entry><observationMedia ID="a" classCode="OBS" moodCode="EVN"><value mediaType="application/pdf" '
        f'representation="B64">{held}</value></observationMedia></entry>'
    )
    reading.show(made(section('Potassium <renderMultiMedia referencedObject="a"/>', after=media)))
    reading.viewer.set_find("POTÀSSIUM")
    reading.settle()
    finder = reading.viewer._first.finder
    assert [one.hit.page if one.hit else None for one in finder.found] == [None, 0, 1]
    assert finder.at == 0
    finder.move(-1)
    assert finder.at == 2
    reading.viewer.set_find("")
    assert finder.found == []


def test_find_opens_and_closes_by_keys(reading: Reading) -> None:
    """Ctrl+F, words, Échap."""
    reading.show(made(section("Potassium")))
    reading.viewer.activateWindow()
    reading.qtbot.waitUntil(reading.viewer.isActiveWindow)
    pane, bar = reading.viewer.panes[0], reading.viewer.find_bar
    pane.setFocus()
    reading.qtbot.keyClick(pane, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert bar.field.hasFocus()
    reading.qtbot.keyClicks(bar.field, "potas")
    assert bar.count.text() == "1 sur 1"
    reading.qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert pane.hasFocus()


def test_pages_turn_and_their_words_take_their_place(reading: Reading) -> None:
    """A quarter clockwise; Alt+X gives the text of the PDF, and its pages back."""
    reading.show(made(hostile.unstructured(hostile.pdf(2), "application/pdf")))
    pane = reading.viewer.panes[0]
    upright = pane.marks.size(0)
    reading.viewer.tools.turned.emit()
    reading.settle()
    lying = pane.marks.size(0)
    assert upright.height() > upright.width()
    assert lying.height() < lying.width()
    reading.viewer.tools.words.emit()
    reading.settle()
    assert "Potassium modere 2" in reading.text
    reading.viewer.tools.words.emit()
    reading.settle()
    assert "Potassium modere 2" not in reading.text


def test_two_documents_stand_side_by_side(reading: Reading) -> None:
    """Each under its title; one alone again leaves nothing of the other."""
    reading.show(made(section("Premier.")))
    reading.viewer.compare(made(section("Second.")), title="Autre", freshness="copie du 3 mars")
    reading.settle()
    first, second = reading.viewer.panes
    assert ("Premier." in first.toPlainText(), "Second." in second.toPlainText()) == (True, True)
    reading.viewer.end_compare()
    assert (second.isVisible(), second.toPlainText()) == (False, "")


def test_space_moves_the_paper(reading: Reading) -> None:
    """And Maj Espace moves it back."""
    reading.show(made(section("<paragraph>Ligne.</paragraph>" * 200)))
    pane = reading.viewer.panes[0]
    reading.qtbot.keyClick(pane, Qt.Key.Key_Space)
    assert pane.verticalScrollBar().value() > 100
    reading.qtbot.keyClick(pane, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    assert pane.verticalScrollBar().value() == 0


def test_fault_waiting_and_nothing_leave_nothing_behind(reading: Reading) -> None:
    """The words of the last document are not kept under them."""
    for leave in (
        lambda: reading.viewer.show_fault(UnreadableDocument("x", reason="root")),
        lambda: reading.viewer.show_waiting("Lecture du document"),
        reading.viewer.clear,
    ):
        reading.show(made(section("Secret.")))
        leave()
        assert reading.text == ""
        assert reading.viewer.readable is None


def test_the_paper_is_white_in_the_dark(reading: Reading, appearance: Appearance) -> None:
    """And its ink is black."""
    appearance.choose("dark", 100)
    reading.show(made(section("Bien.")))
    pane = reading.viewer.panes[0]
    image = pane.viewport().grab().toImage()
    assert image.pixelColor(4, 4) == appearance.theme.color("paper")


def test_a_copy_leaves_with_a_reason_only(qtbot: QtBot, appearance: Appearance) -> None:
    """The safe answer has the keyboard; another reason must be written."""
    panel = PrintPanel(appearance, "Bilan")
    qtbot.addWidget(panel)
    panel.show()
    given: list[str] = []
    panel.confirmed.connect(given.append)
    panel.question.answer_other()
    assert given == []
    panel.choices[0].setChecked(True)
    panel.question.answer_other()
    assert given == [REASONS[0]]
    panel.choices[-1].setChecked(True)
    panel.question.answer_other()
    panel.other.edit.setText("Expertise")
    panel.question.answer_other()
    assert given == [REASONS[0], "Expertise"]
