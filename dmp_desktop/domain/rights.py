"""The functional rights of the DMP: who may do what, in which mode, on whose document.

Two published matrices, shipped as data (``resources/rights``): PDT-INF-526 v1.8 (25/09/2024), direct and indirect
modes; PDT-INF-606 v1.3 (08/07/2025), « indirecte renforcée » (AIR). The store enforces them; they are published for
information, so a client may use them to explain a refusal, never to decide in the store's place.

A cell is yes, no, or yes under a footnote. Footnotes 6 to 9 and ``*`` are conditions on the document and are decided
here; footnotes 1 to 5 tell how the act is done, and are handed back with the decision. An access mode without a cell is
refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from dmp_desktop.domain.habilitations import AccessMode


class Column(StrEnum):
    """Whom a column of a matrix is about."""

    PROFESSIONAL = "ps"
    DOCTOR = "medecin"
    OCCUPATIONAL = "medecin-du-travail"
    TREATING = "medecin-traitant"
    DESK = "cpe"
    STRUCTURE = "structure"
    """A structure by its certificates, in indirect mode."""
    PERSON = "personne-non-ps"
    """Someone of a structure who is no professional of health, in « indirecte renforcée »."""


class Action(StrEnum):
    """A row of a matrix."""

    AUTHENTICATE = "TD0.1"
    EXISTENCE = "TD0.2"
    AUTHORISE = "TD0.3-add"
    WITHDRAW = "TD0.3-remove"
    CEASE_TREATING = "TD0.3-remove-treating"
    LIST_DOSSIERS = "TD0.4"
    SEARCH = "TD0.5"
    WEB = "TD0.9"
    READ_DATA = "TD1.3a"
    LIST_PROFESSIONALS = "TD1.6"
    DEPOSIT = "TD2.1"
    DEPOSIT_BY_DESK = "TD2.2"
    FIND = "TD3.1-metadata"
    FIND_REFERENCE = "TD3.1-reference"
    READ = "TD3.2-plain"
    READ_MASKED = "TD3.2-masked"
    READ_SET_ASIDE = "TD3.2-set-aside"
    """Documents hidden from the person or their representatives, archived, obsolete or deleted."""
    MASK = "TD3.3a-mask"
    UNMASK = "TD3.3a-unmask"
    SHOW = "TD3.3b"
    DELETE = "TD3.3c"
    ARCHIVE = "TD3.3d"


YES: Final = "yes"
NO: Final = "no"
OWN_MASKED, PATIENT_ALLOWED, OWN, OF_STRUCTURE, OF_PATIENT = "6", "7", "8", "9", "*"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the conditions look at.

    :ivar own: the document is the caller's; ``of_structure``: of their structure; ``of_patient``: filed by the person.
    :ivar masked_in_urgency: the person lets masked documents be read in urgency.
    """

    own: bool = False
    of_structure: bool = False
    of_patient: bool = False
    masked_in_urgency: bool = False


NOTHING: Final = Facts()


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no, and why.

    :ivar rule: ``yes``, ``no``, or the footnote that decided.
    """

    allowed: bool
    rule: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """One published matrix.

    :ivar source, dated: where it comes from (``AAAA-MM-JJ``); ``notes``: its footnotes.
    :ivar labels: rows as people read them.
    """

    source: str
    dated: str
    notes: Mapping[str, str] = field(repr=False)
    labels: Mapping[Action, str] = field(repr=False)
    _cells: Mapping[tuple[Action, Column, AccessMode], str] = field(repr=False)
    _row_notes: Mapping[Action, str] = field(repr=False)

    def cell(self, action: Action, column: Column, mode: AccessMode) -> str:
        """``yes``, ``no`` or a footnote."""
        return self._cells.get((action, column, mode), NO)

    def cells(self) -> Iterator[tuple[Action, Column, AccessMode, str]]:
        """Every published cell."""
        for (action, column, mode), value in self._cells.items():
            yield action, column, mode, value

    def decide(self, action: Action, column: Column, mode: AccessMode, facts: Facts = NOTHING) -> Decision:
        """Whether the act is allowed, given what its conditions look at."""
        value = self.cell(action, column, mode)
        if value == NO:
            return Decision(False, NO)
        if facts.of_patient and self._row_notes.get(action) == OF_PATIENT:
            return Decision(column is Column.TREATING, OF_PATIENT)
        conditions = {
            OWN_MASKED: facts.own,
            PATIENT_ALLOWED: facts.masked_in_urgency,
            OWN: facts.own,
            OF_STRUCTURE: facts.of_structure,
        }
        return Decision(conditions.get(value, True), value)


DIRECT: Final = "pdt-inf-526"
REINFORCED: Final = "pdt-inf-606"


@cache
def matrix(name: str) -> Matrix:
    """A matrix: :data:`DIRECT` (and indirect) or :data:`REINFORCED`."""
    raw: dict[str, Any] = json.loads((_folder() / f"{name}.json").read_text("utf-8"))
    cells: dict[tuple[Action, Column, AccessMode], str] = {}
    labels: dict[Action, str] = {}
    row_notes: dict[Action, str] = {}
    for key, row in raw["rows"].items():
        action = Action(key)
        labels[action] = row["label"]
        if "note" in row:
            row_notes[action] = row["note"]
        for column, modes in row["cells"].items():
            for mode, value in modes.items():
                cells[action, Column(column), AccessMode(mode)] = value
    return Matrix(raw["source"], raw["dated"], raw["notes"], labels, cells, row_notes)


def _folder() -> Path:
    # As domain.terminology does; the domain may not import the settings, since the sandbox may not know them.
    inside = Path(__file__).parents[1] / "resources"
    return (inside if inside.is_dir() else Path(__file__).parents[2] / "resources") / "rights"
