"""Who is expected today: what an agenda says, and what is kept of it.

An agenda names people as it pleases. A name that is somebody's here is not proof that it is them: only name and birth
date together are taken for an identity, anything else is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dmp_desktop.domain.identity import BirthDate
from dmp_desktop.domain.people import PersonFound, plain

MAX_LABEL = 80


@dataclass(frozen=True, slots=True, repr=False)
class Expected:
    """One line of an agenda.

    :ivar minute: since midnight, local time. :ivar label: the person, as the agenda says.
    :ivar birth_date: when the line tells it. :ivar uid: the agenda's own id of it, ``""`` when it has none.
    """

    day: date
    minute: int
    label: str
    birth_date: BirthDate | None = None
    uid: str = ""

    def __repr__(self) -> str:
        return f"Expected({self.day}, {self.minute})"


@dataclass(frozen=True, slots=True, repr=False)
class Appointment:
    """One line kept here.

    :ivar dossier: who it is, once that is sure or somebody said so; ``""`` before.
    """

    id: int
    day: date
    minute: int
    label: str
    birth_date: BirthDate | None = None
    dossier: str = ""

    def __repr__(self) -> str:
        return f"Appointment({self.id})"

    @property
    def hour(self) -> str:
        """``09:30``."""
        return f"{self.minute // 60:02d}:{self.minute % 60:02d}"


class Likeness(StrEnum):
    """How a line answers to the people known here."""

    KNOWN = "known"
    """Name and birth date are those of one person, or a person at the desk said who it is."""
    ASK = "ask"
    UNKNOWN = "unknown"


def likeness(expected: Appointment, people: Iterable[PersonFound]) -> tuple[Likeness, tuple[PersonFound, ...]]:
    """Who among ``people`` may be meant by a line that nobody was named for.

    :returns: ``KNOWN`` with the one person; ``ASK`` with those to choose from; ``UNKNOWN`` with nobody.
    """
    words = frozenset(plain(expected.label))
    meant = tuple(person for person in people if _named(person, words))
    if expected.birth_date is not None:
        same_day = tuple(person for person in meant if person.birth_date == expected.birth_date)
        if len(same_day) == 1 and _wholly_named(same_day[0], words):
            return Likeness.KNOWN, same_day
        meant = same_day or tuple(person for person in meant if person.birth_date.calendar is None)
    return (Likeness.ASK, meant) if meant else (Likeness.UNKNOWN, ())


def _named(person: PersonFound, words: frozenset[str]) -> bool:
    """Whether a part of a family name of theirs is among the words."""
    return any(part in words for name in _family(person) for part in name)


def _wholly_named(person: PersonFound, words: frozenset[str]) -> bool:
    """Whether the words are their family name and their given name, and no other."""
    given = frozenset(plain(person.given_name))
    family = frozenset[str]().union(*_family(person))
    whole = any(name and frozenset(name) <= words for name in _family(person))
    return whole and bool(given & words) and words <= given | family


def _family(person: PersonFound) -> tuple[tuple[str, ...], ...]:
    return plain(person.birth_name), plain(person.used_name)


_CIVILITY = re.compile(
    r"(?i)(?<!\w)(?:m\.|mr\.?|mme\.?|mlle\.?|monsieur|madame|mademoiselle|enfant|n[ée]e?(?:\(e\))?\s+le)(?!\w)"
)
_NOT_NAMES = re.compile(r"\([^)]*\)|\[[^\]]*\]|\S*[\d@]\S*")


def clean_label(text: str) -> str:
    """The name in a line: without civility, numbers, remarks in brackets, separators at its ends."""
    text = _NOT_NAMES.sub(" ", _CIVILITY.sub(" ", text))
    text = re.split(r"\s[-–—|:]\s|[;|\t]", f" {text.strip(' -–—|:,;.')} ")[0]
    return " ".join(text.split())[:MAX_LABEL].strip(" -–—|:,;.")
