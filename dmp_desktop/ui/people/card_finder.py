"""F4 on a page of several people: whose card is in the reader, and where that leads. No widget in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

from dmp_desktop.domain.events import Author
from dmp_desktop.domain.identity import CardTraits, InsiAnswer, VitaleReading
from dmp_desktop.errors import Cancelled, DmpError
from dmp_desktop.services.people import CardFinding, CardPerson
from dmp_desktop.ui.opening.port import Lanes
from dmp_desktop.ui.tasks import Lane

T = TypeVar("T")


class CardPort(Protocol):
    """The card and INSi: the desk service."""

    def read_vitale(self) -> VitaleReading:
        """Cards lane. The Vitale of whichever reader holds one."""
        ...

    def ask_insi(self, card: CardTraits) -> InsiAnswer:
        """Sync lane. INSi with what the card holds."""
        ...


class WhoPort(Protocol):
    """Who is known here: the people service."""

    def by_card(self, reading: VitaleReading, author: Author) -> CardFinding:
        """Cache lane. The people of a card."""
        ...

    def identified(self, card: CardTraits, answer: InsiAnswer) -> str:
        """Cache lane. Keep what INSi said of one of them; the key of the dossier."""
        ...


class CardFinder(QObject):
    """From a card to a person: straight when it holds one who is known, else by a choice, else by INSi.

    :ivar people: those to choose from, nobody chosen; empty when there is nothing to choose.
    :ivar busy: what is being done, in words; ``""``: nothing.
    """

    changed = Signal()
    found = Signal(str)

    def __init__(self, cards: CardPort, who: WhoPort, lanes: Lanes, author: Callable[[], Author]) -> None:
        super().__init__()
        self._cards, self._who, self._lanes, self._author = cards, who, lanes, author
        self._turn = 0
        self.people: tuple[CardPerson, ...] = ()
        self.busy = ""
        self.fault: DmpError | None = None

    def read(self) -> None:
        """Read the card that is in."""
        self._begin("Lecture de la carte, environ 2\u00a0s")
        self._run(Lane.CARDS, self._cards.read_vitale, self._look)

    def choose(self, position: int) -> None:
        """One of the people of the card, by its place on it."""
        one = next((person for person in self.people if person.person.position == position), None)
        if one is not None:
            self.people = ()
            self._go(one)

    def stop(self) -> None:
        """Nobody: forget the card, and whatever is asked about it."""
        self._turn += 1
        self.people, self.busy, self.fault = (), "", None
        self.changed.emit()

    def _begin(self, words: str) -> None:
        self._turn += 1
        self.people, self.busy, self.fault = (), words, None
        self.changed.emit()

    def _look(self, reading: VitaleReading) -> None:
        author = self._author()
        self._run(Lane.CACHE, lambda: self._who.by_card(reading, author), self._seen)

    def _seen(self, finding: CardFinding) -> None:
        if len(finding.people) == 1:
            self._go(finding.people[0])
            return
        self.people, self.busy = finding.people, ""
        self.changed.emit()

    def _go(self, one: CardPerson) -> None:
        if one.known is not None:
            self._arrived(one.known.dossier)
            return
        self._begin("L’INSi est interrogé")
        card = one.card
        self._run(Lane.SYNC, lambda: self._cards.ask_insi(card), lambda answer: self._keep(card, answer))

    def _keep(self, card: CardTraits, answer: InsiAnswer) -> None:
        self._run(Lane.CACHE, lambda: self._who.identified(card, answer), self._arrived)

    def _arrived(self, dossier: str) -> None:
        self.stop()
        self.found.emit(dossier)

    def _run(self, lane: Lane, work: Callable[[], T], done: Callable[[T], None]) -> None:
        turn = self._turn

        def told(result: T) -> None:
            if turn == self._turn:
                done(result)

        def failed(error: DmpError) -> None:
            if turn == self._turn:
                self.busy, self.fault = "", None if isinstance(error, Cancelled) else error
                self.changed.emit()

        self._lanes.run(lane, work, told, failed)
