"""Words looked for inside a text, accents and case aside, at the places they have in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator


def flat(text: str) -> str:
    """``text`` without accents and case, one character for each of its UTF-16 units: places stay what they were.

    Qt and PDFium count in UTF-16 units: a character beyond the first plane counts for two.
    """
    return "".join(_flat(c) for c in text)


def _flat(character: str) -> str:
    if character.isascii():
        return " " if character in "\r\n\t" else character.lower()
    if ord(character) > 0xFFFF:
        return "\u25a1\u25a1"
    if character.isspace():
        return " "
    plain = unicodedata.normalize("NFKD", character)[0].lower()
    return "'" if plain == "’" else plain if len(plain) == 1 else "\u25a1"


def occurrences(text: str, words: str) -> Iterator[tuple[int, int]]:
    """Start and end of each place where ``words`` stand in ``text``, made by :func:`flat`.

    The phrase itself where it stands at least once; else each of its words of two letters or more.
    """
    phrase = " ".join(flat(words).split())
    if not phrase:
        return
    if phrase in text:
        yield from _each(text, phrase)
        return
    places = {place for word in phrase.split() if len(word) > 1 for place in _each(text, word)}
    yield from sorted(places)


def _each(text: str, word: str) -> Iterator[tuple[int, int]]:
    start = text.find(word)
    while start >= 0:
        yield start, start + len(word)
        start = text.find(word, start + len(word))
