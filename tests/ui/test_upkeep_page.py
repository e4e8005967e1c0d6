"""« Entretien »: backed up by one key, emptied only after a question, figures copied without anybody in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from helpers.store_world import BRINDILLE
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from dmp_desktop.cache.diet import Forgotten
from dmp_desktop.cache.errors import DiskFull
from dmp_desktop.errors import DmpError
from dmp_desktop.services.backup import BackupMade
from dmp_desktop.services.diagnostics import Section
from dmp_desktop.services.diet import Emptied
from dmp_desktop.ui.tasks import Lane
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.upkeep.page import UpkeepPage
from dmp_desktop.ui.upkeep.presenter import CopyFigures, UpkeepPresenter

AT = datetime(2026, 4, 10, 9, tzinfo=UTC)


class AtOnce:
    """Lanes that do their work as it comes."""

    def run(
        self, lane: Lane, work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[DmpError], None]
    ) -> None:
        """Do it."""
        assert lane in {Lane.CACHE, Lane.PRINT}
        try:
            result = work()
        except DmpError as error:
            failed(error)
        else:
            done(result)


class Post:
    """A post with a copy of documents, or with that copy closed."""

    def __init__(self) -> None:
        self.figures: CopyFigures | None = CopyFigures(12, 340, 45_000_000, 2, 30, 512 * 1024 * 1024)
        self.backups: list[Path] = []
        self.certificates: list[Emptied] = []
        self.full = False

    def sections(self) -> tuple[Section, ...]:
        """Figures."""
        return (Section("Versions", (("Python", "3.11"),)),)

    def copy_figures(self) -> CopyFigures | None:
        """What is held."""
        return self.figures

    def empty_copy(self) -> Emptied:
        """Nothing is held any more."""
        self.figures = CopyFigures(0, 0, 0, 2, 30, 512 * 1024 * 1024)
        return Emptied(BRINDILLE, AT, Forgotten(12, 340, 45_000_000), 2)

    def print_certificate(self, emptied: Emptied) -> None:
        """One more paper."""
        self.certificates.append(emptied)

    def last_backup(self) -> datetime | None:
        """Once there was one."""
        return AT if self.backups else None

    def back_up(self, target: Path) -> BackupMade:
        """One more, unless the disk is full."""
        if self.full:
            raise DiskFull("no room left")
        self.backups.append(target)
        return BackupMade(target / "sauvegarde-dmp-2026-04-10-110000", AT, 4, 3_000_000)


class Shown:
    """The page on the screen."""

    def __init__(self, qtbot: QtBot, appearance: Appearance) -> None:
        self.qtbot, self.post, self.target = qtbot, Post(), Path("/media/usb")
        self.page = UpkeepPage(appearance, UpkeepPresenter(self.post, AtOnce()), lambda: self.target)  # type: ignore[arg-type]
        qtbot.addWidget(self.page)
        self.page.resize(1294, 656)
        self.page.show()
        self.page.shown()
        self.page.activateWindow()

    def press(self, key: Qt.Key, alt: bool = False) -> None:
        """One key, to whatever has the focus."""
        modifier = Qt.KeyboardModifier.AltModifier if alt else Qt.KeyboardModifier.NoModifier
        focused = QApplication.focusWidget()
        self.qtbot.keyClick(focused or self.page, key, modifier)

    def words(self) -> str:
        """What can be read."""
        return " ".join(label.text() for label in self.page.findChildren(QLabel) if label.isVisible())


@pytest.fixture
def shown(qtbot: QtBot, appearance: Appearance) -> Shown:
    """The page, just opened."""
    return Shown(qtbot, appearance)


def test_a_backup_takes_one_key_and_says_what_was_made(shown: Shown) -> None:
    """Alt+S: the folder is asked, the answer names the backup, and its date replaces the warning."""
    assert "jamais été sauvegardé" in shown.words()
    shown.press(Qt.Key.Key_S, alt=True)
    assert shown.post.backups == [shown.target]
    assert "La sauvegarde est faite." in shown.page._answer.accessibleName()
    assert "Dernière sauvegarde le 10/04/2026 à 11:00." in shown.words()


def test_a_full_disk_is_told_and_nothing_is_claimed(shown: Shown) -> None:
    """The sentence of the fault, and still no backup."""
    shown.post.full = True
    shown.press(Qt.Key.Key_S, alt=True)
    assert shown.page._answer.property("strip") == "danger"
    assert "jamais été sauvegardé" in shown.words()


def test_emptying_is_asked_and_escape_keeps_everything(shown: Shown) -> None:
    """Alt+V asks; Escape keeps the copy; only the other key empties it."""
    shown.press(Qt.Key.Key_V, alt=True)
    assert "Vider la copie des documents de ce poste" in shown.words()
    shown.press(Qt.Key.Key_Escape)
    assert shown.post.figures is not None and shown.post.figures.records == 12
    shown.press(Qt.Key.Key_V, alt=True)
    shown.press(Qt.Key.Key_O, alt=True)
    assert shown.post.figures is not None and shown.post.figures.records == 0
    assert [emptied.gone.dossiers for emptied in shown.post.certificates] == [12]
    assert not shown.page.empty.isEnabled() and "Rien à effacer." in shown.words()


def test_a_closed_copy_cannot_be_emptied(shown: Shown) -> None:
    """At the reception: the copy is closed, said so, and the key does nothing."""
    shown.post.figures = None
    shown.press(Qt.Key.Key_F5)
    assert "fermée" in shown.words()
    shown.press(Qt.Key.Key_V, alt=True)
    assert "Vider la copie des documents de ce poste" not in shown.words()


def test_the_figures_are_copied_by_one_key(shown: Shown) -> None:
    """Alt+C: the same words as on the screen."""
    shown.press(Qt.Key.Key_C, alt=True)
    assert QGuiApplication.clipboard().text() == "Versions\n  Python\u00a0: 3.11"
    QGuiApplication.clipboard().clear()
