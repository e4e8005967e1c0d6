"""Finding a person and preparing the day, in the real window, with the sandbox's store and cards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from helpers.window import Window

from dmp_desktop.app.people_room import PeopleRoom
from dmp_desktop.app.rooms import DAY, RECORD
from dmp_desktop.sandbox import people


@dataclass
class Made:
    """A doctor's window, and whose records were gone to."""

    window: Window
    room: PeopleRoom
    chosen: list[str]

    def consulted(self) -> set[str]:
        """The people whose list of documents the store was asked for, and gave."""
        told = self.window.sandbox.store.accesses()
        return {access.ins for access in told if access.act == "TD3.1" and access.outcome == "OK"}

    def recorded(self) -> None:
        """Wait for the record of the last one chosen."""
        window = self.window
        window.until(lambda: window.program.shell.page == RECORD and not window.program.lanes.busy)


@pytest.fixture
def made(window: Window) -> Iterator[Made]:
    window.sign()
    assert window.program.room is not None
    room = window.program.room.clinic.people
    chosen: list[str] = []
    room.person_chosen.connect(chosen.append)
    yield Made(window, room, chosen)
    window.until(lambda: not window.program.lanes.busy)


def test_from_the_stores_list_to_the_day_prepared(made: Made) -> None:
    """Alt+M makes the authorised people known; the agenda pasted names them; Alt+J fetches theirs and no other."""
    window, room = made.window, made.room
    window.press("F3", "Alt+M")
    window.until(lambda: room.finding.listed)
    names = [one.birth_name for one in room.finding.rows]
    assert {"SAUGE-VERVEINE", "ROMARIN", "CHICORÉE"} <= set(names)
    hortense = people.person("hortense")
    assert window.program.room is not None
    window.program.room.go(DAY)
    room.expecting.paste(
        f"9h {hortense.traits.birth_name} Hortense {hortense.traits.birth_date.text}\n10h MIRABELLE Ernest 14/02/1953"
    )
    window.until(lambda: len(room.expecting.rows) == 2)
    assert made.consulted() == set()
    window.press("Alt+J")
    window.until(lambda: bool(room.expecting.done) and room.expecting.progress is None)
    assert made.consulted() == {hortense.ins.value}
    assert [one.untold is None for one in room.expecting.done] == [True, False]
    window.press("Return")
    made.recorded()

    window.press("F3")
    room.finding.look_for("sauge")
    window.until(lambda: room.finding.settled)
    window.press("Return")
    made.recorded()
    assert made.chosen == [made.chosen[0]] * 2


def test_a_card_and_the_command_bar_find_the_same_person(made: Made) -> None:
    """A card that goes in asks INSi who it is; three letters in the bar find the person afterwards."""
    window, room = made.window, made.room
    window.press("F3")
    card = next(card for card in people.VITALE_CARDS if [h.name for h in card.holders] == ["MIRABELLE"])
    window.vitale(card.key)
    window.until(lambda: bool(made.chosen) or room.finding.card.fault is not None)
    assert len(made.chosen) == 1
    made.recorded()
    window.press("Ctrl+K")
    window.until(lambda: window.focus_name == "Patient, document ou action")
    window.type("mirab")
    window.press("Return")
    window.until(lambda: len(made.chosen) == 2)
    assert made.chosen[0] == made.chosen[1]
