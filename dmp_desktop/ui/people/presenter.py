"""What « Patients » decides: who answers to what is typed, and whom one goes to. No widget in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from dmp_desktop.domain.events import Author
from dmp_desktop.domain.habilitations import AuthorisedDossier
from dmp_desktop.domain.people import PersonFound
from dmp_desktop.errors import Cancelled, DmpError, FlowError
from dmp_desktop.ui.opening.port import Lanes
from dmp_desktop.ui.people.card_finder import CardFinder
from dmp_desktop.ui.tasks import Lane

DEBOUNCE_MS = 60
"""So long after the last letter is the question asked."""


class PeoplePort(Protocol):
    """The people service."""

    def find(self, words: str, author: Author) -> tuple[PersonFound, ...]:
        """Cache lane. Who answers to what is typed."""
        ...

    def merge(self, listed: Iterable[AuthorisedDossier], author: Author) -> tuple[PersonFound, ...]:
        """Cache lane. Make the people of the store's list known here."""
        ...


class PeoplePresenter(QObject):
    """The people found, in order, and the one looked at.

    :ivar rows: as the words typed found them; ``listed``: they are those of the store's list (TD0.4) instead.
    :ivar chosen: key of the dossier looked at, ``""`` for none.
    :ivar settled: ``rows`` answer to ``words``: nothing is being looked for.
    """

    changed = Signal()
    person_chosen = Signal(str)
    file_asked = Signal(str)

    def __init__(
        self,
        people: PeoplePort,
        lanes: Lanes,
        author: Callable[[], Author],
        card: CardFinder,
        authorised: Callable[[], tuple[AuthorisedDossier, ...]],
    ) -> None:
        super().__init__()
        self._people, self._lanes, self._author, self._authorised = people, lanes, author, authorised
        self.card = card
        self.rows: tuple[PersonFound, ...] = ()
        self.words = self.chosen = self.busy = ""
        self.listed = False
        self.settled = True
        self.fault: DmpError | None = None
        self._turn = 0
        self._go_when_found = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._ask)
        card.changed.connect(self.changed)
        card.found.connect(self.person_chosen)

    def look_for(self, words: str) -> None:
        """Letters were typed."""
        self._turn += 1
        self.words, self.listed, self.settled, self._go_when_found = words, False, False, False
        self._timer.start()

    def refresh(self) -> None:
        """Ask again, at once."""
        self._turn += 1
        self._timer.stop()
        self.settled = False
        self._ask()

    def choose(self, dossier: str) -> None:
        """Look at one."""
        if dossier != self.chosen:
            self.chosen = dossier
            self.changed.emit()

    def open(self) -> None:
        """Go to the one looked at; while the answer to what was just typed is on its way, once it is there."""
        if not self.settled:
            self._go_when_found = True
        elif self.chosen:
            self.person_chosen.emit(self.chosen)

    def open_file(self) -> None:
        """Go to the administrative page of the one looked at."""
        if self.settled and self.chosen:
            self.file_asked.emit(self.chosen)

    def list_authorised(self) -> None:
        """Ask the store for the dossiers that whoever is signed in may read (TD0.4)."""
        self._turn += 1
        turn, author = self._turn, self._author()
        self._timer.stop()
        self.words, self.chosen = "", ""
        self.busy, self.fault, self.settled = "La liste est demandée au DMP", None, False
        self.changed.emit()

        def merge(listed: tuple[AuthorisedDossier, ...]) -> None:
            if turn == self._turn:
                self._lanes.run(
                    Lane.CACHE,
                    lambda: self._people.merge(listed, author),
                    lambda rows: self._found(turn, rows, listed=True),
                    self._failed(turn),
                )

        self._lanes.run(Lane.SYNC, self._authorised, merge, self._failed(turn))

    def forget(self) -> None:
        """The session is locked: nobody remains on the screen."""
        self._turn += 1
        self._timer.stop()
        self.rows, self.words, self.chosen, self.busy = (), "", "", ""
        self.listed, self.settled, self.fault, self._go_when_found = False, True, None, False
        self.card.stop()

    # -- inside -------------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        try:
            author = self._author()
        except FlowError:
            return
        turn, words = self._turn, self.words
        self._lanes.run(
            Lane.CACHE,
            lambda: self._people.find(words, author),
            lambda rows: self._found(turn, rows, listed=False),
            self._failed(turn),
        )

    def _found(self, turn: int, rows: tuple[PersonFound, ...], *, listed: bool) -> None:
        if turn != self._turn:
            return  # the answer to what was typed before
        self.rows, self.listed, self.settled, self.busy, self.fault = rows, listed, True, "", None
        if not any(row.dossier == self.chosen for row in rows):
            # Nobody is chosen among several, nor when nobody was looked for.
            self.chosen = rows[0].dossier if len(rows) == 1 and self.words.strip() else ""
        go, self._go_when_found = self._go_when_found, False
        self.changed.emit()
        if go:
            self.open()

    def _failed(self, turn: int) -> Callable[[DmpError], None]:
        def failed(error: DmpError) -> None:
            if turn == self._turn:
                self.busy, self.settled, self._go_when_found = "", True, False
                self.fault = None if isinstance(error, Cancelled) else error
                self.changed.emit()

        return failed
