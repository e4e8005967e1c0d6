"""« Fiche », joined to the store, the outbox and the printer. It has no entry of its own: « Patients » leads there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from dmp_desktop.app.rooms import PEOPLE, PERSON, WAITING
from dmp_desktop.domain.clock import PARIS
from dmp_desktop.domain.events import Author, Event
from dmp_desktop.domain.professional import Professional
from dmp_desktop.errors import FlowError
from dmp_desktop.services.papers import PaperKind
from dmp_desktop.services.person import Persons
from dmp_desktop.ui.page_frame import on_key
from dmp_desktop.ui.person.page import PersonPage
from dmp_desktop.ui.person.presenter import PersonPresenter
from dmp_desktop.ui.person.words import banner_of

if TYPE_CHECKING:
    from dmp_desktop.app.desk_room import DeskRoom
    from dmp_desktop.app.program import Program


class PersonRoom(QObject):
    """Lives as long as the program. ``record_asked`` gives the key of the dossier to open."""

    record_asked = Signal(str)

    def __init__(self, program: Program, room: DeskRoom) -> None:
        super().__init__(program)
        self._program, self._room = program, room
        persons = Persons(room.store, room.attention, room.watch)
        self.presenter = PersonPresenter(persons, program.lanes, self._who, self._print)
        self.page = PersonPage(program.appearance, self.presenter, program.clock.now)
        room.pages.add(PERSON, "user", "Fiche", self.page, self._shown)
        self.presenter.changed.connect(self._tell_banner)
        self.presenter.acted.connect(room.deliver)
        self.presenter.spoke.connect(room.tell_status)
        self.page.hints_changed.connect(lambda hints: room.pages.tell_hints(PERSON, hints))
        self.page.left.connect(lambda: room.go(PEOPLE))
        self.page.record_asked.connect(self.record_asked)
        self.page.waiting_asked.connect(self._to_waiting)
        self.page.opening_asked.connect(room.begin)
        on_key(self.page, "F2", room.begin)

    def open(self, dossier: str) -> None:
        """Somebody's page."""
        self.presenter.open(dossier)
        self._room.go(PERSON)

    def hide(self) -> None:
        """The window is locked: nobody remains."""
        self.presenter.forget()

    def delivered(self) -> None:
        """Acts moved."""
        if self._program.flow.is_open:
            self.presenter.refresh()

    def _shown(self) -> None:
        # « Patients » stays the place one is at: F10 and the menu come back from there.
        self._program.shell.navigation.show_current(PEOPLE)
        self.presenter.refresh()
        self.page.shown()

    def _tell_banner(self) -> None:
        file = self.presenter.file
        if file is None:
            self._room.pages.tell_banner(PERSON, None)
            return
        age = file.identity.traits.birth_date.age_on(self._program.clock.now().astimezone(PARIS).date())
        self._room.pages.tell_banner(PERSON, banner_of(file.identity, file.existence, age))

    def _to_waiting(self, event_id: str) -> None:
        self._room.waiting.choose(event_id)
        self._room.go(WAITING)

    def _who(self) -> tuple[Author, Professional]:
        holder = self._program.flow.holder
        if holder is None:
            raise FlowError("nobody is signed in")
        return self._program.flow.author(), holder

    def _print(self, event: Event, reason: str) -> None:
        """Print lane. The attestation of an opening."""
        for paper in self._room.desk.papers(event):
            if paper.kind is PaperKind.ATTESTATION and paper.pdf is not None:
                self._room.desk.print(paper, reason)
