"""The rubriques of a dossier, and the ways of putting them: nine today, the eight of 2011 as a view.

Dated data (``resources/terminology/rubrique.json``): labels, icons and views change there, not here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from dmp_desktop.domain.terminology import RUBRIQUE, folder

ALL: Final = ""
"""Every document."""

OTHER: Final = "autres"
"""Documents of no rubrique of the view: kinds this software does not know, or that a view has no place for."""


@dataclass(frozen=True, slots=True)
class Rubrique:
    """One rubrique.

    :ivar label: its whole name; ``short``: as a narrow column says it; ``icon``: name of a drawing.
    """

    key: str
    label: str
    short: str
    icon: str


@dataclass(frozen=True, slots=True)
class RubriqueView:
    """A way of putting the rubriques.

    :ivar valid_from: day (``AAAA-MM-JJ``) from which it is the one in use.
    """

    key: str
    title: str
    valid_from: str
    rubriques: tuple[Rubrique, ...]

    @property
    def keys(self) -> frozenset[str]:
        """Keys of its rubriques."""
        return frozenset(rubrique.key for rubrique in self.rubriques)


@cache
def views() -> tuple[RubriqueView, ...]:
    """Every view, the one in use first."""
    raw: dict[str, Any] = json.loads((folder() / f"{RUBRIQUE}.json").read_text("utf-8"))
    named = {
        key: Rubrique(key, line["label"], line.get("short", line["label"]), line["icon"])
        for key, line in raw["systems"]["rubriques"].items()
    }
    made = [
        RubriqueView(key, view["title"], view["valid_from"], tuple(named[name] for name in view["rubriques"]))
        for key, view in raw["views"].items()
    ]
    return tuple(sorted(made, key=lambda view: view.valid_from, reverse=True))


def view_called(key: str) -> RubriqueView:
    """The view of that key; the one in use when there is none."""
    return next((view for view in views() if view.key == key), views()[0])


@cache
def rubrique(key: str) -> Rubrique | None:
    """A rubrique by its key, whatever the view."""
    return next((found for view in views() for found in view.rubriques if found.key == key), None)
