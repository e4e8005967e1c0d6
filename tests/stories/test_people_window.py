"""Finding a person and preparing the day, in the real window, with the sandbox's store and cards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from helpers.window import Window

from dmp_desktop.app.people_room import PeopleRoom
from dmp_desktop.app.rooms import DAY, PEOPLE
from dmp_desktop.domain.dossier import ExistenceAnswer
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.sandbox import people
from dmp_desktop.services.desk import Desk


@dataclass
class Fetching:
    """The desk's existence test; copies are counted."""

    desk: Desk
    fetched: int = 0

    def existence(self, ins: Ins) -> ExistenceAnswer:
        return self.desk.ask_existence(ins)

    def copy(self, dossier: str, answer: ExistenceAnswer) -> int:
        self.fetched += 1
        return 2


@dataclass
class Made:
    """The window with both pages."""

    window: Window
    room: PeopleRoom
    fetching: Fetching
    chosen: list[str]

    def go(self, key: str) -> None:
        """Show a page."""
        self.window.program.shell.go(key)
        self.room.shown(key)


@pytest.fixture
def made(window: Window) -> Iterator[Made]:
    window.sign()
    program, desk_room = window.program, window.program.room
    assert desk_room is not None
    assert program.parts is not None
    assert program.profile.store is not None
    fetching = Fetching(desk_room.desk)
    room = PeopleRoom(program, desk_room.desk, program.profile.store, program.parts.gateway, fetching=lambda: fetching)
    chosen: list[str] = []
    room.person_chosen.connect(chosen.append)
    desk_room._commands.search("Patient, document ou action", lambda: (room.search,))
    yield Made(window, room, fetching, chosen)
    room.forget()
    window.until(lambda: not program.lanes.busy)


def test_from_the_stores_list_to_the_day_prepared(made: Made) -> None:
    """Alt+M makes the authorised people known; the agenda pasted names them; Alt+J fetches theirs and no other."""
    window, room = made.window, made.room
    made.go(PEOPLE)
    window.press("Alt+M")
    window.until(lambda: room.finding.listed)
    names = [one.birth_name for one in room.finding.rows]
    assert {"SAUGE-VERVEINE", "ROMARIN", "CHICORÉE"} <= set(names)
    room.finding.look_for("sauge")
    window.until(lambda: room.finding.settled)
    window.press("Return")
    assert len(made.chosen) == 1

    made.go(DAY)
    hortense = people.person("hortense").traits
    room.expecting.paste(
        f"9h {hortense.birth_name} Hortense {hortense.birth_date.text}\n10h MIRABELLE Ernest 14/02/1953"
    )
    window.until(lambda: len(room.expecting.rows) == 2)
    assert made.fetching.fetched == 0
    window.press("Alt+J")
    window.until(lambda: bool(room.expecting.done) and room.expecting.progress is None)
    assert made.fetching.fetched == 1
    assert [one.untold is None for one in room.expecting.done] == [True, False]
    window.press("Return")
    assert made.chosen == [made.chosen[0]] * 2


def test_a_card_and_the_command_bar_find_the_same_person(made: Made) -> None:
    """F4 with an unknown card asks INSi; three letters in the bar find the person afterwards."""
    window, room = made.window, made.room
    made.go(PEOPLE)
    card = next(card for card in people.VITALE_CARDS if [h.name for h in card.holders] == ["MIRABELLE"])
    window.vitale(card.key)
    window.until(lambda: window.program.board.vitale_slot() is not None)
    window.press("F4")
    window.until(lambda: bool(made.chosen) or room.finding.card.fault is not None)
    assert len(made.chosen) == 1
    window.press("Ctrl+K")
    window.until(lambda: window.focus_name == "Patient, document ou action")
    window.type("mirab")
    window.press("Return")
    window.until(lambda: len(made.chosen) == 2)
    assert made.chosen[0] == made.chosen[1]
