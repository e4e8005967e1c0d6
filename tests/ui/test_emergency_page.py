"""The emergency screens by their keys, the band on every page, what a lock leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.emergency_world import World, entry
from helpers.sandbox_world import sandbox, sandbox_clock, sandbox_pki_folder
from helpers.window import words_of
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from dmp_desktop.cache.journal import Act
from dmp_desktop.domain.habilitations import AccessMode
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.services.emergency import Ending, Stage
from dmp_desktop.ui.emergency.band import AccessBand, BandContent, BandKind
from dmp_desktop.ui.emergency.page import EmergencyPage
from dmp_desktop.ui.emergency.presenter import EmergencyPresenter, OpenedInMemory, minutes
from dmp_desktop.ui.emergency.regulation import RegulationPage, RegulationPresenter
from dmp_desktop.ui.emergency.secret import SecretPresenter
from dmp_desktop.ui.shell import Shell
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.controls import ActionButton

__all__ = ["sandbox", "sandbox_clock", "sandbox_pki_folder"]

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


class Post:
    """The page and the window's band over a real store."""

    def __init__(self, world: World, appearance: Appearance, qtbot: QtBot) -> None:
        self.world = world
        self.presenter = EmergencyPresenter(world.desk(), world.lanes, world.memory)
        self.page = EmergencyPage(appearance, self.presenter)
        self.other = QWidget()
        self.shell = Shell(appearance, "Cabinet", QWidget(), sandbox=True)
        self.shell.add_page("record", "folder", "Dossier", self.page)
        self.shell.add_page("other", "calendar", "Journée", self.other)
        self.shell.band.end_asked.connect(self.presenter.end)
        self.presenter.band_changed.connect(self.shell.tell_band)
        self.opened: list[OpenedInMemory] = []
        self.ended = 0
        self.presenter.opened.connect(self.opened.append)
        self.presenter.ended.connect(self._ended)
        qtbot.addWidget(self.shell)
        self.shell.show_work("Dr Aurore Brindille", "Médecine générale")
        self.shell.go("record")
        self.shell.resize(1366, 768)
        self.shell.show()
        self.shell.activateWindow()
        qtbot.waitUntil(self.shell.isActiveWindow)

    def _ended(self) -> None:
        self.ended += 1

    @property
    def band(self) -> AccessBand:
        """The window's."""
        return self.shell.band

    def fill(self) -> None:
        """F12 was pressed; the form by the keyboard."""
        self.presenter.begin(self.world.context("nadege"))
        page = self.page.screen_shown
        page.focus_first()
        QTest.keyClick(self.shell.focusWidget(), Qt.Key.Key_Space)
        sentence = page.findChild(QPlainTextEdit)
        sentence.setFocus()
        QTest.keyClicks(sentence, "Personne inconsciente")
        page.tick.setFocus()  # type: ignore[attr-defined]  # the motive's screen
        QTest.keyClick(self.shell.focusWidget(), Qt.Key.Key_Space)

    def open(self) -> None:
        """The whole way in."""
        self.fill()
        QTest.keyClick(self.shell, Qt.Key.Key_F12, CTRL)

    def close(self) -> None:
        """End."""
        self.presenter.suspend()


@pytest.fixture
def world(sandbox: Sandbox, sandbox_clock: HandClock, tmp_path: Path) -> Iterator[World]:
    made = World(sandbox, sandbox_clock, tmp_path / "post")
    yield made
    made.close()


@pytest.fixture
def post(world: World, appearance: Appearance, qtbot: QtBot) -> Iterator[Post]:
    made = Post(world, appearance, qtbot)
    yield made
    made.close()


def test_two_gestures_open_the_record_and_the_band_stays_on_every_page(post: Post) -> None:
    """Ctrl+F12 alone does nothing; filled in, it opens in memory; the band follows to another page."""
    post.presenter.begin(post.world.context("nadege"))
    assert post.band.isVisible()
    QTest.keyClick(post.shell, Qt.Key.Key_F12, CTRL)
    assert not post.opened
    post.fill()
    QTest.keyClick(post.shell, Qt.Key.Key_F12, CTRL)
    (opened,) = post.opened
    assert opened.context.access.mode is AccessMode.BREAK_GLASS
    assert post.presenter.active
    post.shell.go("other")
    assert post.band.isVisible()
    told = post.band.content
    assert told is not None
    assert told.words == "Motif\u00a0: La personne ne peut pas s’exprimer\u00a0: Personne inconsciente"
    assert (told.left, told.end) == ("30\u00a0min", "Terminer l’accès")
    post.world.clock.forward(minutes=1, seconds=20)
    post.presenter.beat()
    assert post.band.content is not None
    assert post.band.content.left == "28\u00a0min\u00a040\u00a0s"


def test_the_last_two_minutes_are_announced_then_it_ends_by_itself(post: Post, qtbot: QtBot) -> None:
    """The band warns, content is dropped at the end, the list is there to sign by its key."""
    post.open()
    lines: list[str] = []
    post.presenter.reading(entry("lid-1", "Bilan biologique"), lambda: lines.append("shown"), lambda _error: None)
    assert lines == ["shown"]
    post.world.clock.forward(minutes=28, seconds=5)
    post.presenter.beat()
    assert post.band.content is not None
    assert post.band.content.ending
    post.world.clock.forward(minutes=2)
    post.presenter.beat()
    assert post.ended == 1
    assert [copy.closed for copy in post.world.copies] == [True]
    assert not post.band.isVisible()
    qtbot.waitUntil(lambda: "Bilan biologique" in words_of(post.page.screen_shown))
    QTest.keyClick(post.shell, Qt.Key.Key_Return, CTRL)
    assert post.presenter.flow is None
    acts = [row.act for row in post.world.store.journal.last(4)]
    assert acts == [Act.ACCESS_SIGNED, Act.ACCESS_ENDED, Act.READ, Act.EMERGENCY_OPENED]


def test_alt_f12_ends_it_from_any_page(post: Post) -> None:
    """The key of the band acts wherever the focus is."""
    post.open()
    post.shell.go("other")
    QTest.keyClick(post.shell, Qt.Key.Key_F12, ALT)
    assert post.ended == 1
    flow = post.presenter.flow
    assert flow is not None
    assert (flow.stage, flow.ending) == (Stage.SIGNING, Ending.BY_HAND)


def test_a_document_is_written_down_before_it_is_shown(post: Post) -> None:
    """While the journal is not written nothing shows; ended meanwhile, it is never shown, and stands in the list."""
    post.open()
    post.world.lanes.late = []
    shown: list[str] = []
    post.presenter.reading(entry("lid-9"), lambda: shown.append("lid-9"), lambda _error: None)
    assert not shown
    reading = post.world.lanes.late.pop()
    post.world.lanes.late = None
    reading()
    assert shown == ["lid-9"]
    assert post.presenter.flow is not None
    assert [line.logical_id for line in post.presenter.flow.read] == ["lid-9"]


def test_a_lock_drops_the_content_and_keeps_the_list_for_its_author(post: Post) -> None:
    """Locked: over, nothing shown; another person's session does not see the list; its author signs it."""
    post.open()
    post.presenter.reading(entry("lid-1"), lambda: None, lambda _error: None)
    post.presenter.suspend()
    assert (post.ended, post.presenter.flow) == (1, None)
    assert not post.band.isVisible()
    assert not post.presenter.resume("899700000025")
    assert post.presenter.flow is None
    assert post.presenter.resume(post.world.author.professional)
    assert "L’accès s’est arrêté quand le poste a été verrouillé." in words_of(post.page)
    post.presenter.sign()
    assert not post.presenter.resume(post.world.author.professional)


def test_a_motive_is_not_remembered(post: Post) -> None:
    """Given up, then begun again: the form is empty, nothing was written."""
    post.fill()
    QTest.keyClick(post.shell, Qt.Key.Key_Escape)
    assert post.presenter.flow is None
    assert not post.band.isVisible()
    post.presenter.begin(post.world.context("nadege"))
    assert post.page.screen_shown.findChild(QPlainTextEdit).toPlainText() == ""
    assert not post.page.screen_shown.tick.isChecked()  # type: ignore[attr-defined]  # the motive's screen
    assert not [row for row in post.world.store.journal.last(10) if row.act == Act.EMERGENCY_OPENED]


def test_the_store_out_of_reach_opens_nothing(post: Post, sandbox: Sandbox) -> None:
    """Its sentence stands there, F5 asks again."""
    sandbox.stop()
    post.presenter.begin(post.world.context("nadege"))
    assert post.presenter.fault is not None
    assert post.presenter.flow is not None
    assert post.presenter.flow.stage is Stage.ASKING
    sandbox.start()
    QTest.keyClick(post.shell, Qt.Key.Key_F5)
    assert post.presenter.flow.stage is Stage.MOTIVE


def test_a_secret_connection_shows_its_band_and_leaves_nothing(
    world: World, appearance: Appearance, qtbot: QtBot
) -> None:
    """Memory only, marked in the context, the band until it ends; the journal tells both ends."""
    presenter = SecretPresenter(world.desk(), world.lanes, world.memory)
    bands: list[object] = []
    opened: list[OpenedInMemory] = []
    presenter.band_changed.connect(bands.append)
    presenter.opened.connect(opened.append)
    presenter.open(world.context("nadege"))
    assert opened[0].context.access.secret
    assert opened[0].context.in_memory
    band = AccessBand(appearance)
    qtbot.addWidget(band)
    band.tell(bands[0])  # type: ignore[arg-type]  # what the presenter told
    assert band.content is not None
    assert band.content.kind is BandKind.SECRET
    presenter.end()
    assert bands[-1] is None
    assert world.copies[0].closed
    assert [row.act for row in world.store.journal.last(2)] == [Act.ACCESS_ENDED, Act.SECRET_OPENED]


@pytest.mark.parametrize("zoom", [100, 150, 200])
def test_the_band_is_never_cut_but_its_motive(appearance: Appearance, qtbot: QtBot, zoom: int) -> None:
    """What the access is, the time left and its end stand whole on a window 1366 wide; the motive gives way."""
    appearance.choose("light", zoom)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1366, 200)
    band = AccessBand(appearance)
    band.setParent(window)
    title, left, end = "Accès en urgence, bris de glace", "29 min 58 s", "Terminer l’accès"
    band.tell(BandContent(BandKind.EMERGENCY, title, "Motif\u00a0: inconsciente, traitements inconnus", left, end=end))
    band.resize(1366, band.height())
    window.show()
    qtbot.waitUntil(band.isVisible)
    whole = [label for label in band.findChildren(QLabel) if label.text() in {title, left}]
    shown = [button for button in band.findChildren(ActionButton) if button.isVisible()]
    assert (len(whole), len(shown)) == (2, 1)
    qtbot.waitUntil(lambda: all(part.width() >= part.sizeHint().width() for part in (*whole, *shown)))
    assert max(part.geometry().right() for part in shown) <= 1366
    appearance.choose("light", 100)


def test_a_regulation_finds_then_enters(world: World, appearance: Appearance, qtbot: QtBot) -> None:
    """Name, search, digit, Enter: the form of the regulation, without a motive; a wrong date is told."""
    desk = world.desk(regulation=True)
    emergency = EmergencyPresenter(desk, world.lanes, world.memory)
    presenter = RegulationPresenter(desk, world.lanes, emergency, lambda _match: world.context("ernest"))
    screen = RegulationPage(appearance, presenter, world.clock.now)
    qtbot.addWidget(screen)
    screen.resize(1294, 656)
    screen.show()
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    screen.focus_first()
    QTest.keyClicks(screen.name.edit, people.person("ernest").traits.birth_name)
    screen.born.edit.setText("31/02/1953")
    QTest.keyClick(screen, Qt.Key.Key_R, ALT)
    assert presenter.fault is not None
    screen.born.edit.setText("14/02/1953")
    QTest.keyClick(screen, Qt.Key.Key_R, ALT)
    assert presenter.matches is not None
    assert len(presenter.matches) == 1
    QTest.keyClick(screen.people, Qt.Key.Key_1)
    QTest.keyClick(screen, Qt.Key.Key_Return)
    flow = emergency.flow
    assert flow is not None
    assert (flow.mode, flow.stage) == (AccessMode.CENTRE_15, Stage.MOTIVE)
    emergency.suspend()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1800, "30\u00a0min"), (1720, "28\u00a0min\u00a040\u00a0s"), (45, "45\u00a0s"), (0, "0\u00a0s")],
)
def test_time_left_is_told_as_people_say_it(seconds: int, words: str) -> None:
    """Minutes and seconds."""
    from datetime import timedelta

    assert minutes(timedelta(seconds=seconds)) == words
