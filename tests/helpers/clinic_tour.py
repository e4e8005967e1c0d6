"""The clinical program in its real window, on its sandbox, worked by keys, as pictures. Fictional people only.

``python -m helpers.clinic_tour OUT [light|dark|high_contrast] [1366x768] [100] [part of a stop's name]…``, from
``tests/``: it brings its own screen, home and time zone. ``python -m helpers.clinic_tour docs`` makes the pictures of
``docs/screens`` again.
Stops follow one another as a doctor would make them; the words given choose which of them are drawn.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from helpers import house_world
from helpers.print_papers import opened
from helpers.window import Window
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dmp_desktop.app.rooms import ACCESS, DAY, DEPOSIT, RECORD, UPKEEP
from dmp_desktop.app.world import SANDBOX_STRUCTURE
from dmp_desktop.config import Settings
from dmp_desktop.domain.record import RecordRow
from dmp_desktop.domain.record_rules import title_of
from dmp_desktop.printing.attestation import attestation
from dmp_desktop.services.emergency import Stage
from dmp_desktop.ui.record.document import Showing
from dmp_desktop.ui.widgets.controls import RadioRow

AGENDA = (
    "09:15 SAUGE-VERVEINE Hortense 08/03/1958\n09:30 ROMARIN Basile\n09:45 CHICORÉE Firmin\n10:00 DUPONT-FICTIF Jean"
)
REPORT = """Consultation de suivi. Tension 128/76 mmHg, poids stable.

Traitement poursuivi sans changement. Contrôle du potassium dans un mois."""
MOTIVE = "Personne inconsciente, allergies et traitements à connaître"


DOCS = {
    "02-day": "06-journee",
    "11-record-laboratory": "07-dossier",
    "20-timeline": "08-frise-synthese",
    "12-record-pdf": "09-document",
    "41-deposit-report": "10-depot",
    "60-emergency": "11-urgence-motif",
    "61-emergency-record": "12-urgence-dossier",
    "51-access-history": "13-historique",
}
"""Stops kept in the documentation, by the name of their picture."""
IN_DARK = frozenset(DOCS.values()) - {"06-journee"}
AT_200 = frozenset({"07-dossier"})


class Patience:
    """Waits for the window as the test's own robot does."""

    def waitUntil(self, condition: Callable[[], bool], timeout: int = 5000) -> None:
        """Until it is so, or the story is wrong."""
        for _ in range(timeout // 20):
            if condition():
                return
            QTest.qWait(20)
        raise AssertionError(f"never came within {timeout} ms")


class Tour:
    """One walk through the program.

    :param only: parts of the names of the stops that are drawn; all of them when empty.
    """

    def __init__(self, out: Path, window: Window, only: list[str]) -> None:
        self.out, self.window, self._only = out, window, only

    # -- what is there ------------------------------------------------------------------------------------------------

    @property
    def clinic(self):
        return self.window.program.room.clinic

    @property
    def record(self):
        """The record on the screen."""
        return self.clinic.record.record

    def rows(self) -> tuple[RecordRow, ...]:
        """Its documents."""
        return self.record.presenter.all_rows

    def settle(self) -> None:
        """Everything asked is answered, everything shown is drawn."""
        self.window.until(lambda: not self.window.program.lanes.busy)
        for _ in range(5):
            QApplication.processEvents()
        self.window.until(lambda: not self.window.program.lanes.busy)
        QTest.qWait(60)

    def shot(self, name: str) -> None:
        """One picture."""
        self.settle()
        if not self._only or any(part in name for part in self._only):
            self.window.program.shell.grab().save(str(self.out / f"{name}.png"))

    # -- hands --------------------------------------------------------------------------------------------------------

    def go(self, page: str) -> None:
        """Through the navigation."""
        self.window.program.shell.asked.emit(page)
        self.settle()

    def card_in(self, key: str) -> None:
        """F3, the card, F4: to the person's way in."""
        window = self.window
        if window.program.board.vitale_slot() is not None:
            window.pull_vitale()
            window.until(lambda: window.program.board.vitale_slot() is None)
        window.press("F3")
        self.settle()
        window.vitale(key)
        window.until(lambda: window.program.board.vitale_slot() is not None)
        self.settle()

    def type(self, text: str) -> None:
        """Letters with their accents, where the keyboard is."""
        target = QApplication.focusWidget()
        for letter in text:
            key = Qt.Key.Key_Return if letter == "\n" else Qt.Key.Key_unknown
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(target, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, letter))

    def open_record(self, key: str) -> None:
        """The card of somebody who lets this doctor in: straight to the record."""
        self.card_in(key)
        self.window.until(lambda: self.record is not None)
        self.settle()

    def read(self, words: str) -> None:
        """The first document whose title holds the words."""
        row = next(row for row in self.rows() if words in title_of(row))
        self.record.presenter.choose(row.key)
        self.window.until(lambda: self.record.presenter.document.showing is Showing.READY)
        self.settle()


def day(tour: Tour) -> None:
    tour.go(DAY)
    tour.shot("01-day-empty")
    QApplication.clipboard().setText(AGENDA)
    tour.window.press("Ctrl+V")
    tour.shot("02-day")


def people(tour: Tour) -> None:
    tour.window.press("F3")
    tour.window.type("sau")
    tour.shot("03-people")


def gate(tour: Tour) -> None:
    tour.card_in("ernest")
    tour.window.until(lambda: tour.clinic.record.gate.gate is not None)
    tour.shot("04-gate")
    tour.window.press("Escape")


def record(tour: Tour) -> None:
    window = tour.window
    tour.open_record("hortense")
    tour.shot("10-record")
    tour.read("Bilan biologique")
    tour.shot("11-record-laboratory")
    tour.read("Compte rendu d’hospitalisation")
    tour.shot("12-record-pdf")
    window.press("/")
    window.type("potassium")
    QTest.qWait(400)
    tour.settle()
    window.press("Down")
    tour.shot("13-record-search")
    window.press("Escape")
    window.press("F6", "Alt+L")
    tour.shot("14-record-filters")
    window.press("Escape")
    window.press("F7")
    tour.shot("15-record-new")
    window.press("F7")


def views(tour: Tour) -> None:
    window = tour.window
    window.press("Alt+F")
    tour.shot("20-timeline")
    for key, name in (
        ("Alt+C", "21-curves"),
        ("Alt+N", "22-vaccinations"),
        ("Alt+B", "23-reimbursements"),
        ("Alt+D", "24-directives"),
    ):
        window.press("F6")
        tour.settle()
        window.press(key)
        tour.shot(name)
        window.press("Escape")
        tour.settle()
    window.press("F6")


def properties(tour: Tour) -> None:
    own = next((r for r in tour.rows() if tour.record.context.professional.id.value in str(r.entry)), tour.rows()[0])
    tour.record.presenter.choose(own.key)
    tour.settle()
    tour.window.press("Alt+Return")
    tour.shot("30-properties")
    tour.window.press("Down")
    tour.shot("31-properties-change")
    tour.window.press("Escape")
    tour.settle()
    tour.window.press("F8")
    tour.shot("32-print-reason")
    tour.window.press("Escape")


def deposit(tour: Tour, folder: Path) -> None:
    tour.go(DEPOSIT)
    tour.shot("40-deposit-empty")
    page = tour.clinic.deposit_page
    page.text.setFocus()
    tour.type(REPORT)
    page.title_field.edit.setFocus()
    tour.type("Consultation de suivi")
    for radio in page.visibility.findChildren(RadioRow):
        if radio.isVisible() and radio.accessibleName().endswith(" Visible"):
            radio.click()
    tour.shot("41-deposit-report")
    tour.window.press("Alt+J")
    tour.settle()
    pdf = folder / "Compte rendu fictif.pdf"
    pdf.write_bytes(attestation(opened(demonstration=True)))
    tour.clinic.deposit.take_file(pdf)
    tour.shot("42-deposit-file")
    tour.window.press("Alt+J")
    tour.settle()


def rights(tour: Tour) -> None:
    tour.go(ACCESS)
    tour.shot("50-access-rights")
    tour.window.press("Alt+H")
    tour.shot("51-access-history")


def bar(tour: Tour) -> None:
    tour.go(RECORD)
    tour.window.press("Ctrl+K")
    tour.window.type("bil")
    QTest.qWait(300)
    tour.shot("52-command-bar")
    tour.window.press("Escape")


def emergency(tour: Tour) -> None:
    window = tour.window
    tour.card_in("ernest")
    window.until(lambda: tour.clinic.record.gate.gate is not None)
    tour.settle()
    window.press("F12")
    flow = lambda: tour.clinic.emergency.presenter.flow  # noqa: E731 - asked again each time
    window.until(lambda: flow() is not None and flow().stage is Stage.MOTIVE)
    tour.settle()
    window.press("Space")
    window.tab_to("Motif en une phrase")
    tour.type(MOTIVE)
    tour.clinic.emergency.page.screen_shown.tick.setChecked(True)
    tour.shot("60-emergency")
    window.press("Ctrl+F12")
    window.until(lambda: flow() is not None and flow().stage is Stage.OPEN)
    window.until(lambda: tour.record is not None and tour.rows())
    tour.read("Bilan sanguin")
    tour.shot("61-emergency-record")
    window.press("Alt+F")
    tour.shot("62-emergency-timeline")
    window.press("Alt+F12")
    window.until(lambda: flow() is not None and flow().stage is Stage.SIGNING)
    tour.shot("63-emergency-summary")
    window.press("Ctrl+Return")
    tour.settle()


def secret(tour: Tour) -> None:
    window = tour.window
    tour.card_in("basile")
    window.until(lambda: tour.clinic.record.gate.gate is not None)
    tour.shot("70-secret-choice")
    window.press("2", "Ctrl+Return")
    window.until(lambda: tour.record is not None and tour.rows())
    tour.shot("71-secret-record")
    tour.go(DEPOSIT)
    tour.shot("72-secret-deposit")
    window.press("Alt+F12")
    tour.settle()


def practice(tour: Tour) -> None:
    tour.go(ACCESS)
    tour.shot("80-practice")
    tour.go(UPKEEP)
    tour.shot("81-upkeep")
    tour.window.press("F9")
    tour.shot("90-lock")


def walk(tour: Tour, folder: Path) -> None:
    """The whole way, in the order of a morning."""
    tour.window.sign("brindille")
    tour.settle()
    gate(tour)
    record(tour)
    views(tour)
    properties(tour)
    people(tour)
    day(tour)
    tour.open_record("hortense")
    deposit(tour, folder)
    rights(tour)
    bar(tour)
    emergency(tour)
    secret(tour)
    practice(tour)


def documentation() -> None:
    """The pictures of the documentation, again: one walk for each theme and zoom."""
    for theme, zoom, suffix in (("light", 100, ""), ("dark", 100, "-sombre"), ("light", 200, "-200")):
        wanted = {
            stop: name for stop, name in DOCS.items() if not suffix or name in (AT_200 if zoom > 100 else IN_DARK)
        }
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "helpers.clinic_tour", folder, theme, "1366x768", str(zoom), *wanted]
            subprocess.run(command, check=True, cwd=house_world.ROOT / "tests")
            for stop, name in wanted.items():
                picture = QImage(str(Path(folder) / f"{stop}.png")).convertToFormat(QImage.Format.Format_RGB888)
                picture.save(str(house_world.ROOT / "docs" / "screens" / f"{name}{suffix}.png"), quality=0)


def main(arguments: list[str]) -> None:
    """Walk through the program and draw the stops asked."""
    if arguments[0] == "docs":
        documentation()
        return
    out = Path(arguments[0])
    theme = arguments[1] if len(arguments) > 1 else "light"
    width, height = (int(n) for n in (arguments[2] if len(arguments) > 2 else "1366x768").split("x"))
    zoom = int(arguments[3]) if len(arguments) > 3 else 100
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ.update(house_world.environment(folder / "home") | house_world.offscreen(folder))
        for variable in house_world.FORBIDDEN_VARIABLES:
            os.environ.pop(variable, None)
        time.tzset()
        application = QApplication([])
        profile = folder / "post" / "profile"
        profile.mkdir(parents=True)
        replace(Settings(), theme=theme, zoom=zoom, structure=SANDBOX_STRUCTURE).save(profile / "settings.json")
        (folder / "pki").mkdir()
        window = Window(Patience(), application, folder / "post", folder / "pki")
        window.program.shell.resize(width, height)
        tour = Tour(out, window, arguments[4:])
        try:
            walk(tour, folder)
        except AssertionError:
            window.program.shell.grab().save(str(out / "stopped-here.png"))
            raise
        finally:
            window.close()


if __name__ == "__main__":
    main(sys.argv[1:])
