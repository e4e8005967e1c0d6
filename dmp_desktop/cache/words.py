"""Words of a text and of a search, folded by the same hand: accents, case, ligatures, apostrophes and hyphens."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from dmp_desktop.domain.shelf import FoundIn

LARGEST_WORD: Final = 60
"""Longer runs of letters are no words (base64, rules of a table): they are cut off, at writing as at asking."""

_WORD = re.compile(r"[^\W_]+")
_BLANK = re.compile(r"\s+")
_AROUND = 70


class _Folding(dict[int, str]):
    """Character → its folded form; fills itself."""

    def __missing__(self, code: int) -> str:
        small = chr(code).casefold()
        folded = _plain(unicodedata.normalize("NFKD", small))
        if len(folded) > 1 and not folded.isalnum():  # ¼ would be two words in one character
            folded = _plain(unicodedata.normalize("NFD", small))
        self[code] = folded
        return folded


def _plain(decomposed: str) -> str:
    return "".join(_LIGATURES.get(c, c) for c in decomposed if not unicodedata.combining(c))


_LIGATURES = {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"}
_FOLDING = _Folding()


def tidy(text: str) -> str:
    """Text as kept for excerpts: composed accents, every run of blanks one space."""
    return _BLANK.sub(" ", unicodedata.normalize("NFC", text)).strip()


def words_of(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return [word[:LARGEST_WORD] for word in _WORD.findall(text.translate(_FOLDING))]


def where_found(words: Sequence[str], title: str, author: str, body: str) -> tuple[FoundIn, str]:
    """In which text the words stand (all of them, else most of them), with that text."""
    texts = ((FoundIn.TITLE, title), (FoundIn.AUTHOR, author), (FoundIn.BODY, body))
    patterns = [_pattern((word,)) for word in words]
    held = []
    for found, text in texts:
        folded = text.translate(_FOLDING)
        count = sum(1 for pattern in patterns if pattern.search(folded))
        if count == len(words):
            return found, text
        held.append((count, found, text))
    _count, found, text = max(held, key=lambda one: one[0])
    return found, text


def excerpt(words: Sequence[str], text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A line of ``text`` around the first of the words, and where the words stand in it (start, length).

    Whole words are marked, since each is found by its beginning.
    """
    folded = text.translate(_FOLDING)
    found = [match.span() for match in _pattern(tuple(words)).finditer(folded)]
    if not found:
        return _cut(text, 0, 2 * _AROUND)[0], ()
    origin = _Origin(text, same=len(folded) == len(text))
    line, start = _cut(text, origin(found[0][0]) - _AROUND, origin(found[0][1]) + _AROUND)
    shift = start - (1 if line.startswith("…") else 0)
    marks = []
    for begin, end in found:
        first, last = origin(begin) - shift, origin(end) - shift
        if last > len(line) - line.endswith("…"):
            break
        marks.append((first, last - first))
    return line, tuple(marks)


class _Origin:
    """Place in the text of a place in its folded form: they differ after a ligature."""

    def __init__(self, text: str, *, same: bool) -> None:
        self._text = text
        self._same = same

    def __call__(self, place: int) -> int:
        if self._same:
            return place
        return bisect_left(range(len(self._text)), place, key=lambda n: len(self._text[:n].translate(_FOLDING)))


def _cut(text: str, start: int, end: int) -> tuple[str, int]:
    start, end = max(start, 0), min(end, len(text))
    if start:
        start = text.find(" ", start, start + _AROUND // 2) + 1 or start
    if end < len(text):
        space = text.rfind(" ", end - _AROUND // 2, end)
        end = space if space > start else end
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else ""), start


@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    # The longest first: of two words that begin alike, the one that says more is marked.
    longest = sorted(words, key=len, reverse=True)
    return re.compile(r"(?<![^\W_])(?:" + "|".join(map(re.escape, longest)) + r")[^\W_]*")
