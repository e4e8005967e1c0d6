"""Finding a person and the day: both pages, and the people of the command bar, joined to their services."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from dmp_desktop.app.pages import Pages
from dmp_desktop.app.rooms import DAY, PEOPLE
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.domain.habilitations import AuthorisedDossier, ListedBy
from dmp_desktop.domain.people import PersonFound
from dmp_desktop.errors import DmpError
from dmp_desktop.services.day import Copies, Day, Fetching
from dmp_desktop.services.desk import Desk
from dmp_desktop.services.people import People
from dmp_desktop.sync.access import AccessTransactions
from dmp_desktop.ui.command_bar import Answer
from dmp_desktop.ui.command_rows import PEOPLE as FOUND
from dmp_desktop.ui.command_rows import ROWS, Command
from dmp_desktop.ui.day.page import DayPage
from dmp_desktop.ui.day.presenter import DayPresenter
from dmp_desktop.ui.people.card_finder import CardFinder
from dmp_desktop.ui.people.page import PeoplePage
from dmp_desktop.ui.people.presenter import PeoplePresenter
from dmp_desktop.ui.people.words import born_of, name_of, state_of
from dmp_desktop.ui.tasks import Lane

if TYPE_CHECKING:
    from dmp_desktop.app.program import Program


class PeopleRoom(QObject):
    """« Journée » and « Patients », for whoever is signed in. ``person_chosen`` gives the key of a dossier.

    ``file_asked`` gives that of whose administrative page is asked.

    :param copies: what the clinical copy holds of a dossier for a professional; gives ``None`` while it is shut.
    :param fetching: how the day is prepared, ``None`` for whoever has no clinical copy.
    """

    person_chosen = Signal(str)
    file_asked = Signal(str)

    def __init__(
        self,
        program: Program,
        desk: Desk,
        store: DeskStore,
        access: AccessTransactions,
        pages: Pages,
        copies: Copies | None = None,
        fetching: Callable[[], Fetching | None] = lambda: None,
    ) -> None:
        super().__init__(program)
        self._program, self._access = program, access
        lanes, author = program.lanes, program.flow.author
        self.people = People(store, program.clock)
        self.day = Day(store, self.people, program.clock, copies)
        cards = (CardFinder(desk, self.people, lanes, author), CardFinder(desk, self.people, lanes, author))
        self.finding = PeoplePresenter(self.people, lanes, author, cards[0], self._authorised)
        self.expecting = DayPresenter(self.day, lanes, author, cards[1], fetching)
        for presenter in (self.finding, self.expecting):
            presenter.person_chosen.connect(self.person_chosen)
        self.finding.file_asked.connect(self.file_asked)
        self.people_page = PeoplePage(program.appearance, self.finding)
        self.day_page = DayPage(program.appearance, self.expecting)
        self.day_page.hints_changed.connect(lambda hints: pages.tell_hints(DAY, hints))
        self.people_page.hints_changed.connect(lambda hints: pages.tell_hints(PEOPLE, hints))
        pages.add(DAY, "calendar", "Journée", self.day_page, self.day_page.shown)
        pages.add(PEOPLE, "search", "Patients", self.people_page, self._people_shown)

    def _people_shown(self) -> None:
        holder = self._program.flow.holder
        self.people_page.shown(desk_staff=holder is None or holder.is_desk_staff)

    def forget(self) -> None:
        """The window is locked: nobody remains on the pages."""
        self.finding.forget()
        self.expecting.forget()

    def search(self, words: str, answer: Answer) -> None:
        """The people who answer to what is typed in the command bar."""
        author = self._program.flow.author()

        def failed(_error: DmpError) -> None:
            answer(())

        self._program.lanes.run(
            Lane.CACHE,
            lambda: self.people.find(words, author, ROWS),
            lambda found: answer(self._commands(found)),
            failed,
        )

    def _commands(self, found: Sequence[PersonFound]) -> tuple[Command, ...]:
        return tuple(
            Command(
                name_of(one),
                partial(self.person_chosen.emit, one.dossier),
                "user",
                context=f"{born_of(one)}, {state_of(one)[1]}",
                group=FOUND,
            )
            for one in found
        )

    def _authorised(self) -> tuple[AuthorisedDossier, ...]:
        """Sync lane. The dossiers where a document came last, first (TD0.4)."""
        return self._access.authorised_dossiers(ListedBy.DOCUMENT)
