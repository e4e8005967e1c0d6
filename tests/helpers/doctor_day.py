"""A doctor's hands in the real window: people found, records read, a report written, each by its keys."""

from __future__ import annotations

from helpers.window import Window
from PySide6.QtGui import QGuiApplication

from dmp_desktop.app.clinic_room import ClinicRoom
from dmp_desktop.app.open_record import OpenRecord
from dmp_desktop.domain.record import RecordRow
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.faults import Fault, FaultKind
from dmp_desktop.ui.deposit.texts import QUESTION
from dmp_desktop.ui.record.document import Showing

LIST = "Documents du dossier"
SEARCH = "Chercher une personne"
BAR = "Patient, document ou action"


class DoctorDay:
    """One doctor at one window. Nothing here is done but by keys, cards and the clipboard."""

    def __init__(self, window: Window) -> None:
        self.window = window

    # -- what is there ------------------------------------------------------------------------------------------------

    @property
    def clinic(self) -> ClinicRoom:
        """The clinical rooms."""
        assert self.window.program.room is not None
        return self.window.program.room.clinic

    @property
    def record(self) -> OpenRecord:
        """The record on the screen."""
        assert self.clinic.record.record is not None
        return self.clinic.record.record

    @property
    def rows(self) -> tuple[RecordRow, ...]:
        """Its documents, as they are listed."""
        return self.record.presenter.rows

    def whose(self) -> str:
        """Birth name of whose record is on the screen, ``""`` for nobody's."""
        context = self.clinic.record.context
        return context.identity.traits.birth_name if context is not None else ""

    def received(self, key: str) -> list[str]:
        """What the store was asked about somebody, in order."""
        ins = people.person(key).ins
        assert ins is not None
        return [access.act for access in self.window.sandbox.store.accesses(ins)]

    def deposited(self, key: str, title: str) -> int:
        """How many documents of that title the store holds for somebody."""
        ins = people.person(key).ins
        assert ins is not None
        found = self.window.sandbox.store.registry.entries(ins.matricule.value)
        return sum(title in str(entry.xml) for entry in found)

    def idle(self) -> None:
        """Wait until nothing is under way."""
        self.window.until(lambda: not self.window.program.lanes.busy)

    # -- the network --------------------------------------------------------------------------------------------------

    def slow(self, seconds: float) -> None:
        """Every answer takes that long."""
        self.window.sandbox.faults.order(Fault(FaultKind.LATENCY, times=None, seconds=seconds))

    def cut(self) -> None:
        """The network is away."""
        self.window.sandbox.faults.clear()
        self.window.sandbox.faults.order(Fault(FaultKind.CUT_BEFORE, times=None))

    def mend(self) -> None:
        """It is back, and quick."""
        self.window.sandbox.faults.clear()

    # -- somebody -----------------------------------------------------------------------------------------------------

    def by_card(self, key: str) -> None:
        """F3, the card, F4."""
        self.window.press("F3")
        self.window.vitale(key)
        self.window.until(lambda: self.window.program.board.vitale_slot() is not None)
        self.window.press("F4")

    def by_search(self, letters: str) -> None:
        """F3, letters, Enter."""
        self.window.press("F3")
        self.window.until(lambda: self.window.focus_name == SEARCH)
        finding = self.clinic.people.finding
        self.window.press("Ctrl+A", "Del")
        self.window.type(letters)
        self.window.until(lambda: finding.words == letters and finding.settled and finding.rows)
        self.window.press("Return")

    def agenda(self, *lines: str) -> None:
        """The day's lines, pasted; the page comes by the command bar."""
        self.command("Voir la journ")
        self.window.until(lambda: self.window.program.shell.page == "day")
        before = len(self.clinic.people.expecting.rows)
        QGuiApplication.clipboard().setText("\n".join(lines))
        self.window.press("Ctrl+V")
        self.window.until(lambda: len(self.clinic.people.expecting.rows) == before + len(lines))

    def command(self, words: str) -> None:
        """Ctrl+K, words (letters without accents: those of the test tool), Enter on the first answer."""
        self.window.press("Ctrl+K")
        self.window.until(lambda: self.window.focus_name == BAR)
        self.window.type(words)
        self.window.press("Return")
        self.window.until(lambda: self.window.focus_name != BAR)

    def opened(self, name: str) -> None:
        """Wait until the list of somebody's record is there, and the first document read."""
        self.window.until(lambda: self.whose() == name and self.rows and self.window.focus_name == LIST)
        self.read()

    def read(self) -> None:
        """Wait until the document looked at is shown, or cannot be."""
        document = self.record.presenter.document
        self.window.until(lambda: document.showing in (Showing.READY, Showing.FAULT))

    def leave(self) -> None:
        """Ctrl+W."""
        self.window.press("Ctrl+W")
        self.window.until(lambda: self.clinic.record.record is None)

    # -- a report -----------------------------------------------------------------------------------------------------

    def begin_report(self, text: str) -> None:
        """« Déposer », and what is typed."""
        self.command("deposer un document")
        self.window.until(lambda: self.window.focus_name == "Compte rendu")
        self.window.type(text)

    def complete_report(self, title: str) -> None:
        """Its title, who sees it: everybody."""
        self.window.tab_to("Titre")
        self.window.press("Ctrl+A")
        self.window.type(title)
        assert self.clinic.deposit.form is not None
        for audience in self.clinic.deposit.form.asked:
            self.window.tab_to(f"{QUESTION[audience]}\u00a0: Visible")
            self.window.press("Space")
        assert self.clinic.deposit.blocker is None
