"""People as they are found: what is typed, how it is understood, and who answers to it.

A person is found by any of their names, in any order, by the beginning of each word; by birth date as it is typed at a
desk; by the end of their number. Accents, hyphens, apostrophes and ligatures make no difference.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from dmp_desktop.domain.dossier import Authorisation, DossierState
from dmp_desktop.domain.identity import BirthDate, InsStatus, Sex, Traits, fold

MAX_TYPED, MAX_WORDS = 80, 6
"""What is looked at of what was typed: more finds nobody more precisely."""

_FAMILY, _DATE, _MONTH = "@", "§", "¶"
"""What the terms of family names and of birth dates begin with; no word typed holds them."""

ENDINGS = (4, 5, 6)
"""How many digits of a number's end find its owner."""


@dataclass(frozen=True, slots=True, repr=False)
class PersonFound:
    """Someone known here, as a row of a list.

    :ivar dossier: key of the dossier. :ivar state: the store's last word to whoever looks, ``None``: never asked.
    :ivar opening: an opening is on its way. :ivar seen_at: when this post last identified them, aware.
    """

    dossier: str
    birth_name: str
    used_name: str
    given_name: str
    sex: Sex
    birth_date: BirthDate
    status: InsStatus
    seen_at: datetime
    state: DossierState | None = None
    authorisation: Authorisation = Authorisation.UNKNOWN
    answered_at: datetime | None = None
    opening: bool = False

    def __repr__(self) -> str:
        return f"PersonFound({self.state})"

    @property
    def sort_key(self) -> str:
        """Order of the lists: birth name, given name, birth date."""
        return sort_key(self.birth_name, self.given_name, self.birth_date)


def plain(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared: lower case, unaccented, ASCII.

    A letter outside ASCII that has no unaccented form (Cyrillic, Greek…) is written by its number: it stays itself
    whatever version of Unicode the index knows.
    """
    letters = (c if c.isascii() else f"u{ord(c):x}" for c in fold(text).lower())
    return tuple("".join(letters).split())


def sort_key(birth_name: str, given_name: str, birth_date: BirthDate) -> str:
    """Text whose order is the order of the lists."""
    return f"{' '.join(plain(birth_name))}  {' '.join(plain(given_name))}  {birth_date.raw}"


def terms(traits: Traits) -> tuple[str, ...]:
    """Every word that finds these traits: names, their parts joined, and the birth date in three writings.

    Words of family names stand there twice, once marked: they come first in the lists.
    """
    found: dict[str, None] = {}
    for name in (traits.birth_name, traits.used_name):
        for word in _joined(plain(name)):
            found |= {word: None, _FAMILY + word: None}
    for name in (*traits.given_names, traits.used_given_name):
        found |= dict.fromkeys(_joined(plain(name)))
    raw = traits.birth_date.raw
    if len(raw) == 8 and raw.isdigit():
        day, month, year = raw[6:], raw[4:6], raw[:4]
        found |= dict.fromkeys((f"{_DATE}{day}{month}{year}", f"{_MONTH}{month}{year}", f"{_DATE}{year}"))
    return tuple(found)


def _joined(words: tuple[str, ...]) -> tuple[str, ...]:
    return (*words, "".join(words)) if len(words) > 1 else words


@dataclass(frozen=True, slots=True)
class Word:
    """One thing typed.

    :ivar readings: beginnings of terms it may stand for, any of which will do.
    :ivar ending: digits of the end of a number, when it may be that; ``whole``: of a whole number (13 characters).
    """

    readings: tuple[str, ...]
    ending: str = ""
    whole: str = ""

    def __repr__(self) -> str:
        return "Word(…)"


_NIR = re.compile(r"[12378]\d{4}(?:\d\d|2[abAB])\d{6}(?:\d\d)?")
_SLASHES = re.compile(r"(?<!\d)(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d\d)(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)")
_MONTH_YEAR = re.compile(r"(?<!\d)(\d{1,2})[/.\-](\d{4})(?!\d)")
_DAY_MONTH = re.compile(r"(?<!\d)(\d{1,2})[/.](\d{1,2})[/.]?(?!\d)")


def typed(text: str) -> tuple[Word, ...]:
    """What was typed, understood; no word when there is nothing to look for."""
    text = text[:MAX_TYPED].replace("\u202f", " ").replace("\u00a0", " ").strip()
    number = text.replace(" ", "")
    if _NIR.fullmatch(number):
        return (Word((), whole=number[:13].upper()),)
    words: list[Word] = []

    def taken(match: re.Match[str], *readings: str) -> str:
        words.append(Word(readings))
        return " "

    text = _ISO.sub(lambda m: taken(m, f"{_DATE}{m[3]}{m[2]}{m[1]}"), text)
    text = _SLASHES.sub(lambda m: taken(m, *(f"{_DATE}{m[1]:0>2}{m[2]:0>2}{y}" for y in _years(m[3]))), text)
    text = _MONTH_YEAR.sub(lambda m: taken(m, f"{_MONTH}{m[1]:0>2}{m[2]}"), text)
    text = _DAY_MONTH.sub(lambda m: taken(m, f"{_DATE}{m[1]:0>2}{m[2]:0>2}"), text)
    words += [_word(word) for word in plain(text)]
    return tuple(words[:MAX_WORDS])


def _years(text: str) -> tuple[str, ...]:
    return (text,) if len(text) == 4 else (f"19{text}", f"20{text}")


def _word(word: str) -> Word:
    if not word.isdigit():
        return Word((word,))
    readings = [f"{_DATE}{word}"]
    if len(word) == 6:
        readings += [f"{_DATE}{word[:4]}{year}" for year in _years(word[4:])]
    return Word(tuple(readings), ending=word if len(word) in ENDINGS else "")


def expressions(words: tuple[Word, ...]) -> tuple[str, str]:
    """The words as two full-text expressions: one of them begins a family name, then wherever they stand.

    Empty when nobody can answer to them. Names of two parts may be typed as one (« LE FÈVRE », « lefevre »: an indexed
    term) and the other way round: two words that follow each other are also looked for joined.
    """
    if not words or any(not word.readings for word in words):
        return "", ""
    choices = [words]
    for at in range(len(words) - 1):
        one, two = words[at].readings[0], words[at + 1].readings[0]
        if one.isalpha() and two.isalpha():
            choices.append((*words[:at], Word((one + two,)), *words[at + 2 :]))
    family = [
        (*choice[:at], Word((_FAMILY + word.readings[0],)), *choice[at + 1 :])
        for choice in choices
        for at, word in enumerate(choice)
        if word.readings[0].isalpha()
    ]
    return " OR ".join(map(_all, family)), " OR ".join(map(_all, choices))


def _all(words: tuple[Word, ...]) -> str:
    return f"({' AND '.join(_any(word) for word in words)})"


def _any(word: Word) -> str:
    each = [f'"{reading}" *' for reading in word.readings]
    return each[0] if len(each) == 1 else f"({' OR '.join(each)})"
