"""One sandbox and one desk for a whole file of tests, a new person for each. Import the fixtures by name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.store_acts import ActsDesk, acts_desk, patient, settled

from dmp_desktop.domain.document import DocumentEntry
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.sandbox import Sandbox

PEOPLE = 160


@dataclass
class Town:
    """One sandbox and one desk for the whole table, a new person for each case."""

    sandbox: Sandbox
    desk: ActsDesk
    clock: HandClock
    last: int = 0
    entries: dict[int, DocumentEntry] = field(default_factory=dict)

    def someone(self) -> int:
        """Somebody nobody heard of yet."""
        self.last += 1
        return self.last

    def settled(self) -> int:
        """Somebody whose dossier the desk's professional may read."""
        number = self.someone()
        settled(self.sandbox, number, self.desk.author.professional)
        return number


@contextmanager
def made_town(folder: Path, pki_folder: Path) -> Iterator[Town]:
    """They listen and are signed in."""
    clock, cast = HandClock(), people.PEOPLE
    people.PEOPLE = tuple(patient(number) for number in range(PEOPLE))
    sandbox = Sandbox(folder / "central", clock, pki_folder=pki_folder)
    sandbox.start()
    try:
        with acts_desk(folder / "desk", sandbox, clock) as desk:
            yield Town(sandbox, desk, clock)
    finally:
        sandbox.stop()
        people.PEOPLE = cast


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, sandbox_pki_folder: Path) -> Iterator[Town]:
    """One for the module."""
    with made_town(tmp_path_factory.mktemp("town"), sandbox_pki_folder) as made:
        yield made
