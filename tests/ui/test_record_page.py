"""The record on the screen: rows without widgets, states in words, keys, room, and what no role may guess."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from helpers.record_gallery import PaperStandIn
from helpers.record_world import FRESH, MASKED, NOW, OLD, HandLanes, World, entry, kept, screen_tree
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from dmp_desktop.domain.habilitations import Access, AccessMode
from dmp_desktop.domain.shelf import KeptEntry, ShelfUpdate
from dmp_desktop.reading.readable import read_document
from dmp_desktop.sync.errors import StoreUnreachable
from dmp_desktop.ui.record import texts
from dmp_desktop.ui.record.delegate import spans
from dmp_desktop.ui.record.page import RecordPage
from dmp_desktop.ui.record.presenter import RecordPresenter
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.theme.tokens import Density
from dmp_desktop.ui.widgets.basic import Text

SIZE = (1294, 620)


class Shown:
    """A record in a window of its own."""

    def __init__(self, qtbot: QtBot, appearance: Appearance, world: World, size: tuple[int, int] = SIZE) -> None:
        self.world, self.qtbot = world, qtbot
        self.viewer = PaperStandIn()
        self.lanes = HandLanes()
        self.presenter = RecordPresenter(world.record, self.lanes, world.clock.now, read_document, world.memory)
        self.page = RecordPage(appearance, self.presenter, self.viewer)
        qtbot.addWidget(self.page)
        self.page.resize(*size)
        with qtbot.waitExposed(self.page):
            self.page.show()
        self.page.activateWindow()
        self.page.shown()
        self.presenter.open()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key, wherever the focus is."""
        QTest.keyClick(self.page.focusWidget() or self.page, key, modifiers)

    @property
    def title(self) -> str:
        """Of the document on the screen."""
        shown = self.presenter.document.shown
        return shown.entry.title if shown else ""

    def words(self) -> str:
        """Every text of the page."""
        return "\n".join(label.text() for label in self.page.findChildren(Text) if label.isVisible())

    def end(self) -> None:
        """Close everything."""
        self.presenter.forget()
        self.page.close()
        self.world.close()


@pytest.fixture
def appearance(appearance: Appearance) -> Appearance:
    """The doctor's density."""
    appearance.choose("light", 100, Density.COMPACT)
    return appearance


@pytest.fixture
def shown(qtbot: QtBot, appearance: Appearance) -> Iterator[Shown]:
    made = Shown(qtbot, appearance, World())
    yield made
    made.end()


def test_arrows_go_from_document_to_document_over_the_headings(shown: Shown) -> None:
    """Headings are passed over; Home and End go to the ends; the viewer follows."""
    assert shown.title == "Bilan biologique"
    for expected in ("Lettre de sortie, cardiologie", "Ordonnance, renouvellement", "Échographie cardiaque"):
        shown.press(Qt.Key.Key_Down)
        assert shown.title == expected
    shown.press(Qt.Key.Key_End)
    assert shown.title == "Document d’un type nouveau"
    shown.press(Qt.Key.Key_Down)
    shown.press(Qt.Key.Key_Home)
    assert shown.title == "Bilan biologique"
    assert shown.viewer.told[-1].startswith("Bilan biologique")


def test_the_sentence_of_each_row_is_whole_for_a_screen_reader(shown: Shown) -> None:
    """Title, author, date, states in words, place; nothing of it depends on the width."""
    model = shown.page.middle.list.model()
    said = [model.data(model.index(n, 0), Qt.ItemDataRole.AccessibleTextRole) for n in range(model.rowCount())]
    assert said[1] == "Bilan biologique, Laboratoire des Deux-Rives, 09 avr. 2026, nouveau, document 1 sur 10"
    assert "Mesures de tension, Document du patient, 04 déc. 2025, du patient, document 5 sur 10" in said
    assert any("non visible du patient" in line for line in said)
    assert any("2 exemplaires" in line for line in said)
    assert said[0] == "Groupe\u00a0: Depuis votre visite du 12 janv. 2026"


def test_the_warning_sentences_are_letter_by_letter(shown: Shown) -> None:
    """EX_3.2-1025, above the document they are about and nowhere else."""
    assert texts.NOT_FOR_PATIENT == "Attention, ce document n'est pas visible du patient"
    assert texts.NOT_FOR_REPRESENTATIVES == (
        "Attention, ce document n'est pas visible des représentants légaux pour préserver le secret du mineur"
        " titulaire du DMP"
    )
    strips = shown.page.document.findChildren(QWidget)
    assert not any(w.accessibleName() == texts.NOT_FOR_PATIENT for w in strips)
    shown.presenter.choose("urn:uuid:cr")
    strips = shown.page.document.findChildren(QWidget)
    assert any(w.accessibleName() == texts.NOT_FOR_PATIENT for w in strips)


def test_properties_and_printing_are_asked_with_their_keys(shown: Shown) -> None:
    """Alt+Entrée and F8 carry the row; Alt+F and Alt+D ask for the other views."""
    with shown.qtbot.waitSignal(shown.page.properties_asked) as asked:
        shown.press(Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    assert asked.args[0].entry.title == "Bilan biologique"
    with shown.qtbot.waitSignal(shown.page.print_asked):
        shown.press(Qt.Key.Key_F8)
    with shown.qtbot.waitSignal(shown.page.timeline_asked):
        shown.press(Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier)
    for signal, key in (
        (shown.page.directives_asked, Qt.Key.Key_D),
        (shown.page.curves_asked, Qt.Key.Key_C),
        (shown.page.vaccines_asked, Qt.Key.Key_N),
        (shown.page.reimbursements_asked, Qt.Key.Key_B),
    ):
        with shown.qtbot.waitSignal(signal):
            shown.press(key, Qt.KeyboardModifier.AltModifier)
    shown.page.resize(700, 620)
    with shown.qtbot.waitSignal(shown.page.timeline_asked):
        shown.press(Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier)


def test_the_slash_searches_and_escape_leaves_one_thing_at_a_time(shown: Shown) -> None:
    """A slash typed in the field is a letter; Escape empties it, then comes back to the list."""
    shown.press(Qt.Key.Key_Slash)
    edit = shown.page.middle.search.edit
    assert edit.hasFocus()
    QTest.keyClicks(edit, "cardio")
    shown.qtbot.waitUntil(lambda: len(shown.presenter.rows) == 1, timeout=3000)
    QTest.keyClick(edit, Qt.Key.Key_Slash)
    assert edit.text() == "cardio/"
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert edit.text() == ""
    assert len(shown.presenter.rows) == 10
    shown.press(Qt.Key.Key_Escape)
    assert shown.page.middle.list.hasFocus()


def test_f7_filters_and_f6_come_back_to_the_documents(shown: Shown) -> None:
    """F7 shows what is new; Alt+L the filters in place of the list; Escape the list again."""
    shown.press(Qt.Key.Key_F7)
    assert len(shown.presenter.rows) == 3
    shown.press(Qt.Key.Key_F7)
    shown.press(Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    assert shown.page.middle.filtering
    assert "masked" not in shown.page.middle.filters.ticks
    shown.page.middle.filters.ticks["archived"].click()
    assert len(shown.presenter.rows) == 11
    shown.press(Qt.Key.Key_Escape)
    assert not shown.page.middle.filtering
    assert shown.page.middle.list.isVisible()
    shown.press(Qt.Key.Key_F6)
    assert shown.page.middle.list.hasFocus()


def test_what_is_older_than_two_years_is_asked_for_on_demand(qtbot: QtBot, appearance: Appearance) -> None:
    """The footer says that two years were asked for; Alt+Y in the filters asks for the rest."""
    world = World()
    world.copy.shelf.apply(world.context.reader, ShelfUpdate(until=NOW, first_only=True))
    made = Shown(qtbot, appearance, world)
    assert "Deux dernières années." in made.words()
    made.press(Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    made.press(Qt.Key.Key_Y, Qt.KeyboardModifier.AltModifier)
    assert "full" in world.store.asked
    assert not made.page.middle.filtering
    made.end()


def test_the_honest_sentence_stands_at_every_width_and_the_same(qtbot: QtBot, appearance: Appearance) -> None:
    """Three columns, two, or one at a time: the sentence and the way back are there."""
    made = Shown(qtbot, appearance, World())
    assert made.words().count(texts.HONEST) == 1
    made.page.resize(900, 620)
    assert made.words().count(texts.HONEST) == 1
    assert not made.page.rubriques.isVisible()
    assert made.page.middle.rubriques.isVisible()
    assert made.page.document.isVisible()
    made.page.resize(600, 620)
    assert made.words().count(texts.HONEST) == 1
    assert not made.page.document.isVisible()
    made.page.middle.list.setFocus()
    made.press(Qt.Key.Key_Return)
    assert made.page.document.isVisible()
    assert not made.page.middle.isVisible()
    made.press(Qt.Key.Key_Escape)
    assert made.page.middle.isVisible()
    made.end()


def test_offline_the_strip_tells_the_date_of_the_copy(qtbot: QtBot, appearance: Appearance) -> None:
    """Cause, the copy's date and hour, what to do."""
    world = World()
    world.store.fault = StoreUnreachable("no route")
    made = Shown(qtbot, appearance, world)
    assert made.page.strip.isVisible()
    assert "Vous lisez la copie de ce poste, du 14 avr. 2026 à 09:11." in made.page.strip.accessibleName()
    world.store.fault = None
    made.press(Qt.Key.Key_F5)
    assert not made.page.strip.isVisible()
    made.end()


def test_an_emergency_has_no_new_marks_and_says_that_nothing_is_kept(qtbot: QtBot, appearance: Appearance) -> None:
    """Its own footer, its own first key."""
    made = Shown(qtbot, appearance, World(access=Access(AccessMode.BREAK_GLASS, "Personne inconsciente")))
    assert "10 documents, lus au DMP. Rien n’est gardé sur ce poste." in made.words()
    assert not any(mark.words == "Nouveau" for row in made.presenter.rows for mark in texts.marks(row))
    made.press(Qt.Key.Key_U, Qt.KeyboardModifier.AltModifier)
    assert made.presenter.first_only
    made.end()


def _picture(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def _seen(qtbot: QtBot, appearance: Appearance, entries: tuple[KeptEntry, ...]) -> tuple[QImage, list[tuple[str, ...]]]:
    made = Shown(qtbot, appearance, World(entries=entries))
    made.page.setFocus()
    seen = _picture(made.page), screen_tree(made.page)
    made.end()
    return seen


def test_nothing_on_the_screen_tells_of_a_masked_document(qtbot: QtBot, appearance: Appearance) -> None:
    """Pixels and accessibility tree of a list are equal with and without what this professional must not know of."""
    without = _seen(qtbot, appearance, (*OLD, *FRESH))
    with_masked = _seen(qtbot, appearance, (*OLD, *FRESH, MASKED))
    same = without == with_masked
    assert same, "a masked document shows"
    said = "\n".join(part for line in without[1] for part in line)
    assert "Tous les documents, 10 documents" in said
    assert "Bilan biologique, Laboratoire des Deux-Rives" in said
    theirs = Shown(qtbot, appearance, World(treating=True, entries=(*OLD, *FRESH, MASKED)))
    assert _picture(theirs.page) != without[0]
    assert "Compte rendu psychiatrique" in str(screen_tree(theirs.page))
    theirs.end()


def test_a_list_of_thousands_has_no_widget_per_row_and_opens_quickly(qtbot: QtBot, appearance: Appearance) -> None:
    """2,000 documents: as many widgets as for ten, and the screen's thread works for a fraction of a second."""
    many = tuple(
        kept(entry(f"n{n}", f"Compte rendu {n}", ("11488-4", "11502-2", "57833-6")[n % 3], NOW - timedelta(days=n)))
        for n in range(2000)
    )
    made = Shown(qtbot, appearance, World())
    few = len(made.page.findChildren(QWidget))
    made.end()
    world = World(entries=many)
    made = Shown(qtbot, appearance, world)
    assert len(made.presenter.rows) == 2000
    assert abs(len(made.page.findChildren(QWidget)) - few) < 12
    look = world.look()
    start = time.perf_counter()
    made.presenter._looked(look)
    made.page.middle.list.viewport().repaint()
    spent = time.perf_counter() - start
    assert spent < 1.0
    made.press(Qt.Key.Key_End)
    assert made.title == "Compte rendu 1999"
    made.end()


def test_words_found_are_marked_where_they_begin_a_word() -> None:
    """Accents, case and ligatures ignored; positions are those of the text as shown."""
    assert spans("Échographie du cœur", "echo") == [(0, 4)]
    assert spans("Échographie du cœur", "coeur") == [(15, 4)]
    assert spans("Bilan", "lan") == []
    assert spans("a-b a", "a") == [(0, 1), (4, 1)]
    assert spans("Rien", "") == []


def test_the_document_follows_a_click_and_the_double_bar_marks_the_persons_own(shown: Shown) -> None:
    """A row is chosen where it is clicked; the person's document has its bars at left, others have not."""
    lst = shown.page.middle.list
    area = lst.row_rect("urn:uuid:tension")
    assert area.isValid()
    image = lst.viewport().grab(QRect(0, area.top(), 14, area.height())).toImage()
    columns = {image.pixelColor(x, area.height() // 2).name() for x in range(14)}
    assert len(columns) > 1
    QTest.mouseClick(lst.viewport(), Qt.MouseButton.LeftButton, pos=area.center() + QPoint(0, 2))
    assert shown.title == "Mesures de tension"
