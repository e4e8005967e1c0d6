"""Every cell of both functional matrices, generated from the data, through the real client against the sandbox.

Web-PS (TD0.9) goes through a browser and has no message. TD2.1 and TD2.2 are one message: reception's row is TD2.2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.sandbox_matrix import ERNEST, HIDDEN, ON_PAPER, PLAIN, Attempt, Room, access

from dmp_desktop.domain import rights
from dmp_desktop.domain.habilitations import AccessMode, ListedBy
from dmp_desktop.domain.rights import Action, Column
from dmp_desktop.errors import RefusedByStore
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.sync.errors import DocumentNotFound, RightsRefused

Cell = tuple[str, Action, Column, AccessMode, str]


def _cells() -> list[Cell]:
    return [
        (name, *cell)
        for name in (rights.DIRECT, rights.REINFORCED)
        for cell in rights.matrix(name).cells()
        if cell[0] is not Action.WEB
        and (cell[0] is not Action.DEPOSIT or cell[1] is not Column.DESK)
        and (cell[0] is not Action.DEPOSIT_BY_DESK or cell[1] is Column.DESK)
    ]


def _name(cell: Cell) -> str:
    matrix, action, column, mode, value = cell
    return f"{matrix[-3:]} {action} {column} {mode} {value}"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, sandbox_pki_folder: Path) -> Iterator[Room]:
    """One sandbox for every cell."""
    clock = HandClock()
    box = Sandbox(tmp_path_factory.mktemp("matrix"), clock, pki_folder=sandbox_pki_folder)
    box.start()
    made = Room(box, clock)
    yield made
    made.close()
    box.stop()


def _allowed(act: Callable[[], object]) -> bool:
    """Whether the store let it through; a document one may not see is not found."""
    try:
        act()
    except (RightsRefused, DocumentNotFound):
        return False
    return True


@pytest.mark.parametrize("cell", _cells(), ids=_name)
def test_cell(room: Room, cell: Cell) -> None:
    """What the cell says is what happens, on both sides of its footnote."""
    matrix, action, column, mode, value = cell
    room.reset()
    gateway = room.gateway(column, reinforced=matrix == rights.REINFORCED)
    attempt = Attempt(room, gateway, access(mode))
    if action in PLAIN:
        assert _allowed(lambda: PLAIN[action](attempt)) == (value != rights.NO)
        return
    assert gateway.line.session is not None
    who = gateway.line.session.speaker.credentials
    name, structure = who.professional.id.value, who.situation.structure.value

    def tried(author: str = "", where: str = "", *, of_patient: bool = False) -> bool:
        by = {"author": author, "structure": where} if author else {}
        paper = room.paper(**by, hidden=HIDDEN.get(action, ()), of_patient=of_patient)
        return _allowed(lambda: ON_PAPER[action](attempt, paper))

    if value == rights.PATIENT_ALLOWED:
        assert not tried()
        room.sandbox.store.change(ERNEST.ins, masked_in_urgency=True)
        assert tried()
    elif value in {rights.OWN, rights.OWN_MASKED}:
        assert (tried(), tried("399700017/AUTRE", structure), tried(name, structure)) == (False, False, True)
    elif value == rights.OF_STRUCTURE:
        assert (tried(), tried("399700017/AUTRE", structure)) == (False, True)
    else:
        # A refusal holds for one's own document too: the cell refuses, not the sight of the document.
        assert (tried() if value == rights.YES else tried(name, structure)) == (value == rights.YES)
    if action in {Action.DELETE, Action.ARCHIVE} and value != rights.NO:
        assert tried(ERNEST.ins.value, "", of_patient=True) == (column is Column.TREATING)


def test_reception_authorises_its_structure(room: Room) -> None:
    """Footnote 1."""
    room.reset()
    structure = people.profile("papier").situations[0].structure.value
    room.sandbox.store.withdraw(ERNEST.ins, structure)
    PLAIN[Action.AUTHORISE](Attempt(room, room.gateway(Column.DESK, reinforced=False), access(AccessMode.NORMAL)))
    assert structure in {grant.grantee for grant in room.sandbox.store.grants(ERNEST.ins)}


def test_reception_lists_for_colleagues_only(room: Room) -> None:
    """Footnote 2: a doctor of the same structure, and nobody of another."""
    room.reset()
    attempt = Attempt(room, room.gateway(Column.DESK, reinforced=False), access(AccessMode.NORMAL))
    assert _allowed(lambda: attempt.list_dossiers(owner=people.BRINDILLE))
    assert not _allowed(lambda: attempt.list_dossiers(owner=people.OFFICINAL))


def test_a_structure_lists_new_authorisations_only(room: Room) -> None:
    """Footnote 3."""
    room.reset()
    attempt = Attempt(room, room.gateway(Column.STRUCTURE, reinforced=False), access(AccessMode.NORMAL))
    assert _allowed(attempt.list_dossiers)
    assert not _allowed(lambda: attempt.list_dossiers(ListedBy.DOCUMENT))


@pytest.mark.parametrize("mode", [AccessMode.BREAK_GLASS, AccessMode.CENTRE_15])
def test_an_opposition_closes_the_emergency(room: Room, mode: AccessMode) -> None:
    """What the person opposed is refused, whatever the matrix says; the history keeps the mode and the motive."""
    room.reset()
    attempt = Attempt(room, room.gateway(Column.DOCTOR, reinforced=False), access(mode))
    attempt.find()
    kept = room.sandbox.store.accesses(ERNEST.ins)[-1]
    assert (kept.act, kept.mode, kept.motive, kept.outcome) == ("TD3.1", mode, attempt.way.motive, "OK")
    room.sandbox.store.change(ERNEST.ins, break_glass=False, centre_15=False)
    try:
        with pytest.raises(RefusedByStore):
            attempt.find()
    finally:
        room.sandbox.store.change(ERNEST.ins, break_glass=True, centre_15=True)
    assert room.sandbox.store.accesses(ERNEST.ins)[-1].outcome == "DMPAccessDeniedByRightsService"


def test_without_authorisation_nothing_is_consulted(room: Room) -> None:
    """Authorisations serve consultation: a doctor without one finds nothing, files all the same."""
    room.reset()
    room.sandbox.store.withdraw(ERNEST.ins, people.BRINDILLE)
    room.sandbox.store.withdraw(ERNEST.ins, people.profile("brindille").situations[0].structure.value)
    attempt = Attempt(room, room.gateway(Column.DOCTOR, reinforced=False), access(AccessMode.NORMAL))
    assert not _allowed(attempt.find)
    assert _allowed(attempt.deposit)
