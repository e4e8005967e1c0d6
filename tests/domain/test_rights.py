"""The functional matrices: what is shipped, and how a cell decides."""

from __future__ import annotations

import pytest

from dmp_desktop.domain import rights
from dmp_desktop.domain.habilitations import AccessMode
from dmp_desktop.domain.rights import Action, Column, Facts

_NORMAL = AccessMode.NORMAL


@pytest.mark.parametrize(("name", "columns", "modes"), [(rights.DIRECT, 6, 12), (rights.REINFORCED, 5, 10)])
def test_every_row_is_whole(name: str, columns: int, modes: int) -> None:
    """Every action, every column in each of its modes; nothing but yes, no and published footnotes."""
    matrix = rights.matrix(name)
    cells = list(matrix.cells())
    assert len(cells) == len(Action) * modes
    assert len({column for _, column, _, _ in cells}) == columns
    assert {value for *_, value in cells} <= {rights.YES, rights.NO, *matrix.notes}


def test_reinforced_files_nothing() -> None:
    """« Indirecte renforcée » consults and never files."""
    matrix = rights.matrix(rights.REINFORCED)
    values = {value for action, _, _, value in matrix.cells() if action in {Action.DEPOSIT, Action.DEPOSIT_BY_DESK}}
    assert values == {rights.NO}


@pytest.mark.parametrize(
    ("action", "column", "mode", "facts", "allowed", "rule"),
    [
        (Action.DELETE, Column.DOCTOR, _NORMAL, Facts(own=True), True, "8"),
        (Action.DELETE, Column.DOCTOR, _NORMAL, Facts(of_structure=True), False, "8"),
        (Action.DELETE, Column.DESK, _NORMAL, Facts(of_structure=True), True, "9"),
        (Action.DELETE, Column.TREATING, _NORMAL, Facts(of_patient=True), True, "*"),
        (Action.DELETE, Column.DOCTOR, _NORMAL, Facts(own=True, of_patient=True), False, "*"),
        (Action.READ_MASKED, Column.TREATING, _NORMAL, Facts(), True, "yes"),
        (Action.READ_MASKED, Column.DOCTOR, AccessMode.BREAK_GLASS, Facts(masked_in_urgency=True), True, "7"),
        (Action.READ_MASKED, Column.DOCTOR, AccessMode.BREAK_GLASS, Facts(own=True), False, "7"),
        (Action.FIND, Column.DESK, _NORMAL, Facts(), False, "no"),
        (Action.FIND, Column.DESK, AccessMode.BREAK_GLASS, Facts(), False, "no"),
        (Action.ARCHIVE, Column.OCCUPATIONAL, _NORMAL, Facts(of_patient=True), False, "*"),
    ],
)
def test_decide(action: Action, column: Column, mode: AccessMode, facts: Facts, allowed: bool, rule: str) -> None:
    """A cell, its footnote, and what it looks at; a mode without a cell is refused."""
    decision = rights.matrix(rights.DIRECT).decide(action, column, mode, facts)
    assert (decision.allowed, decision.rule) == (allowed, rule)
