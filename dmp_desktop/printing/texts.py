"""The information given before a consent: one file per version, never changed once a consent has named it.

A consent stores the version of the text given that day (EX_1.1-1010), so an old version stays readable for ever.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from dmp_desktop.config import resource
from dmp_desktop.errors import StorageError

CURRENT: Final = "2026-11"


class TextMissing(StorageError):
    """An information text of the program cannot be read. ``facts["version"]`` names it."""

    code = "information-text-missing"


@dataclass(frozen=True, slots=True)
class Section:
    """A question of the leaflet and its answer, line by line."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Information:
    """One version of the information.

    :ivar spoken: what the desk reads aloud, paragraph by paragraph; the last one asks.
    :ivar title: with ``lead`` and ``sections``, the text in large print.
    """

    version: str
    spoken: tuple[str, ...]
    title: str
    lead: str
    sections: tuple[Section, ...]


def information(version: str = CURRENT) -> Information:
    """The information text of ``version``.

    :raises TextMissing: no such version, or a file that is not one.
    """
    path = resource("texts", f"information-{version}.json")
    try:
        raw = json.loads(path.read_text("utf-8"))
        leaflet = raw["leaflet"]
        return Information(
            raw["version"],
            tuple(raw["spoken"]),
            leaflet["title"],
            leaflet["lead"],
            tuple(Section(part["heading"], tuple(part["lines"])) for part in leaflet["sections"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TextMissing(f"information text: {type(error).__name__}", version=version) from None
