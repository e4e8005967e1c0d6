"""« Journée » and « Patients » over a real store that knows the sandbox's people; the edges are the hand's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from helpers.clocks import START, HandClock
from helpers.store_world import BRINDILLE

from dmp_desktop.cache.store import DeskStore
from dmp_desktop.domain.appointments import Expected
from dmp_desktop.domain.dossier import Authorisation, DossierState, ExistenceAnswer
from dmp_desktop.domain.events import Author
from dmp_desktop.domain.habilitations import AuthorisedDossier
from dmp_desktop.domain.identifiers import CardNature, Ins
from dmp_desktop.domain.identity import (
    Beneficiary,
    CardTraits,
    Identity,
    InsiAnswer,
    InsiOutcome,
    InsStatus,
    VitaleReading,
)
from dmp_desktop.domain.readers import NoCard
from dmp_desktop.errors import DmpError
from dmp_desktop.sandbox import people
from dmp_desktop.services.day import Copy, Day
from dmp_desktop.services.people import People
from dmp_desktop.ui.day.presenter import DayPresenter
from dmp_desktop.ui.people.card_finder import CardFinder
from dmp_desktop.ui.people.presenter import PeoplePresenter
from dmp_desktop.ui.tasks import Lane


class Lanes:
    """Lanes without threads.

    :ivar late: answers kept back until somebody gives them; ``None`` to give them at once.
    """

    def __init__(self) -> None:
        self.late: list[Callable[[], None]] | None = None

    def run(
        self, lane: Lane, work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[DmpError], None]
    ) -> Any:
        """Work now, answer now or later."""
        try:
            result = work()
        except DmpError as error:
            told = error
            answer = lambda: failed(told)  # noqa: E731 - one of two answers
        else:
            answer = lambda: done(result)  # noqa: E731 - one of two answers
        if self.late is None:
            answer()
        else:
            self.late.append(answer)
        return self

    def cancel(self) -> None:
        """Nothing runs."""

    def give(self) -> None:
        """Give every answer kept back."""
        late, self.late = self.late or [], None
        for answer in late:
            answer()


class Edges:
    """Card, INSi and central store, as the test sets them.

    :ivar card: keys of the people on the card that is in; ``()``: no card. :ivar insi: what INSi is told to say.
    :ivar fetched: dossiers whose copy was asked. :ivar answers: what TD0.2 says, by INS.
    """

    def __init__(self, clock: HandClock) -> None:
        self.clock = clock
        self.card: tuple[str, ...] = ()
        self.insi: InsiAnswer | DmpError | None = None
        self.answers: dict[Ins, ExistenceAnswer | DmpError] = {}
        self.fetched: list[str] = []
        self.listed: tuple[AuthorisedDossier, ...] | DmpError = ()

    def read_vitale(self) -> VitaleReading:
        """The card that is in."""
        if not self.card:
            raise NoCard("no Vitale")
        holders = []
        for position, key in enumerate(self.card, 1):
            who = people.person(key)
            number = who.insured or who.ins.matricule
            traits = who.traits
            holders.append(
                Beneficiary(
                    position, traits.birth_name, traits.first_given_name, traits.birth_date, number, number.value
                )
            )
        return VitaleReading(tuple(holders), "card", self.clock.now(), "right", CardNature.TEST)

    def ask_insi(self, card: CardTraits) -> InsiAnswer:
        """What INSi says of whoever has that given name."""
        if isinstance(self.insi, DmpError):
            raise self.insi
        if self.insi is not None:
            return self.insi
        who = next(
            p
            for p in people.PEOPLE
            if p.traits.first_given_name == card.given_name and p.traits.birth_date == card.birth_date
        )
        return InsiAnswer(InsiOutcome.FOUND, self.clock.now(), who.ins, who.traits, "00")

    def authorised(self) -> tuple[AuthorisedDossier, ...]:
        """TD0.4."""
        if isinstance(self.listed, DmpError):
            raise self.listed
        return self.listed

    def existence(self, ins: Ins) -> ExistenceAnswer:
        """TD0.2."""
        answer = self.answers.get(ins, ExistenceAnswer(DossierState.NONE, self.clock.now()))
        if isinstance(answer, DmpError):
            raise answer
        return answer

    def copy(self, dossier: str, answer: ExistenceAnswer) -> int:
        """Three documents come."""
        self.fetched.append(dossier)
        return 3


class PeopleDesk:
    """The services and presenters of both pages.

    :ivar keys: key of the dossier by key of the sandbox's person. :ivar chosen: dossiers gone to.
    """

    def __init__(
        self, store: DeskStore, clock: HandClock, author: Author = BRINDILLE, *, clinical: bool = True
    ) -> None:
        self.store, self.clock, self.author = store, clock, author
        self.edges, self.lanes = Edges(clock), Lanes()
        self.copies: dict[str, Copy] = {}
        self.chosen: list[str] = []
        self.people = People(store, clock)
        self.day = Day(store, self.people, clock, (lambda key, _a: self.copies.get(key)) if clinical else None)
        cards = [CardFinder(self.edges, self.people, self.lanes, lambda: author) for _ in range(2)]
        self.finding = PeoplePresenter(self.people, self.lanes, lambda: author, cards[0], self.edges.authorised)
        self.expecting = DayPresenter(
            self.day, self.lanes, lambda: author, cards[1], lambda: self.edges if clinical else None
        )
        for presenter in (self.finding, self.expecting):
            presenter.person_chosen.connect(self.chosen.append)
        self.keys: dict[str, str] = {}

    def know(self, *keys: str) -> None:
        """These people were identified here, and the store said what it says of their dossier."""
        for key in keys:
            who = people.person(key)
            self.clock.forward(minutes=1)
            dossier = self.store.patients.remember(Identity(who.traits, InsStatus.QUALIFIED, who.ins))
            valid = self.author.professional in who.authorised
            right = Authorisation.VALID if valid else Authorisation.NONE
            answer = ExistenceAnswer(who.state, self.clock.now(), right)
            self.store.patients.learned(dossier, answer, self.author)
            self.edges.answers[who.ins] = answer
            self.keys[key] = dossier

    def expect(self, *lines: tuple[int, str, bool]) -> None:
        """Lines of today: minute, key of a person of the cast (or any words), and whether the agenda has the date."""
        for minute, key, dated in lines:
            try:
                traits = people.person(key).traits
                label, born = f"{traits.birth_name} {traits.first_given_name}", traits.birth_date
            except KeyError:
                label, born = key, None
            self.day.add(Expected(self.day.today(), minute, label, born if dated else None))

    def full_day(self) -> None:
        """A day with every kind of line."""
        self.know("hortense", "ernest", "blaise", "apolline", "camille-1968", "camille-1986", "firmin", "odile")
        self.expect(
            (510, "hortense", True),
            (525, "firmin", True),
            (540, "ernest", True),
            (555, "camille-1968", False),
            (570, "blaise", True),
            (585, "apolline", True),
            (600, "PISSENLIT Barnabé", False),
            (615, "odile", True),
        )
        morning = datetime(2026, 4, 14, 5, 40, tzinfo=UTC)
        self.copies[self.keys["hortense"]] = Copy(3, morning)
        self.copies[self.keys["firmin"]] = Copy(0, START - timedelta(days=33))


def listed(key: str) -> AuthorisedDossier:
    """An entry of TD0.4."""
    who = people.person(key)
    civility = "MME" if who.traits.sex.value == "F" else "M"
    return AuthorisedDossier(
        who.ins,
        who.traits.birth_name,
        who.traits.used_name,
        who.traits.first_given_name,
        civility,
        who.traits.birth_date,
        False,
        False,
    )
