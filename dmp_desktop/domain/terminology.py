"""Coded values and the dated tables that name them.

A table is shipped as data (``resources/terminology``) and read when it is first asked for. A value the tables do not
know is kept as it came (REC_GEN-1370): the central store may be ahead of this software.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from dmp_desktop.errors import BugError


@dataclass(frozen=True, slots=True)
class Code:
    """A coded value: equal to another of the same value and system, whatever their labels.

    :ivar system: OID (or name, for the two tables that have none) of its coding scheme.
    """

    value: str
    system: str
    label: str = field(default="", compare=False)

    @property
    def text(self) -> str:
        """What a person reads: the published label in French typography, or the bare value when there is none."""
        return self.label.replace("'", "’") or self.value


@dataclass(frozen=True, slots=True)
class Concept:
    """One line of a table.

    :ivar parent: for a type of document, the class it belongs to.
    :ivar rubriques: for a type of document, where it is shown.
    :ivar renewed_as: for a retired code, the value that took its place.
    :ivar confirmed: whether ``parent`` was read in a published source; else it follows from the label.
    """

    code: Code
    parent: str = ""
    rubriques: tuple[str, ...] = ()
    renewed_as: str = ""
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A dated list of concepts.

    :ivar source: where its codes come from; ``dated``: the day of that source (``AAAA-MM-JJ``).
    """

    name: str
    source: str
    dated: str
    concepts: Mapping[str, Concept] = field(repr=False)

    def concept(self, value: str) -> Concept | None:
        """The line of ``value``, or ``None`` when the table does not know it."""
        return self.concepts.get(value)

    def code(self, value: str, system: str = "", label: str = "") -> Code:
        """``value`` as a code: with the table's label when it knows it, and exactly as received otherwise."""
        known = self.concepts.get(value)
        if known is None or (system and system != known.code.system):
            return Code(value, system, label)
        return known.code

    def require(self, value: str) -> Code:
        """A code that this software names itself.

        :raises BugError: the table does not hold it.
        """
        known = self.concepts.get(value)
        if known is None:
            raise BugError(f"no such code in table {self.name}")
        return known.code


CLASS: Final = "class"
TYPE: Final = "type"
FORMAT: Final = "format"
FACILITY: Final = "facility"
PRACTICE: Final = "practice"
CONFIDENTIALITY: Final = "confidentiality"
SPECIALITY: Final = "speciality"
CONTENT_TYPE: Final = "content-type"
RUBRIQUE: Final = "rubrique"
ROLE: Final = "role"
RELATIONSHIP: Final = "relationship"


@cache
def table(name: str) -> Table:
    """The table called ``name`` (one of the constants of this module)."""
    raw: dict[str, Any] = json.loads((folder() / f"{name}.json").read_text("utf-8"))
    concepts: dict[str, Concept] = {}
    for system, lines in raw["systems"].items():
        for value, line in lines.items():
            more: dict[str, Any] = {"label": line} if isinstance(line, str) else line
            concepts[value] = Concept(
                Code(value, system, more["label"]),
                more.get("class", ""),
                tuple(more.get("rubriques", ())),
                more.get("renewed_as", ""),
                more.get("confirmed", True),
            )
    return Table(name, raw["source"], raw["dated"], concepts)


def renewed(code: Code) -> Code:
    """The code of a type of document as it is written today: a retired code gives the one that took its place."""
    concept = table(TYPE).concept(code.value)
    return table(TYPE).require(concept.renewed_as) if concept and concept.renewed_as else code


def forms_of(code: Code) -> tuple[Code, ...]:
    """Every way a type of document is written: as today, then as it was (a dossier holds documents of all years)."""
    today = renewed(code)
    former = [concept.code for concept in table(TYPE).concepts.values() if concept.renewed_as == today.value]
    return (today, *former)


def class_of(type_code: Code) -> Code | None:
    """The class a type of document belongs to, or ``None`` for an unknown type."""
    concept = table(TYPE).concept(type_code.value)
    return table(CLASS).require(concept.parent) if concept and concept.parent else None


def rubriques_of(type_code: Code, class_code: Code | None = None) -> tuple[str, ...]:
    """Where a document is shown: by its type; an unknown type goes where its class does."""
    concept = table(TYPE).concept(type_code.value)
    if concept and concept.rubriques:
        return concept.rubriques
    known = table(CLASS).concept(class_code.value) if class_code else None
    return known.rubriques if known else ()


def folder() -> Path:
    """Where the tables are."""
    # As config.resource does; the domain may not import the settings, since the sandbox may not know them.
    inside = Path(__file__).parents[1] / "resources"
    return (inside if inside.is_dir() else Path(__file__).parents[2] / "resources") / "terminology"
