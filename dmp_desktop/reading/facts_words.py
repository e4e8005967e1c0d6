"""Times, numbers and words of coded entries: what every kind of fact is made of."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from lxml import etree

from dmp_desktop.reading.cda_words import child, label, moment, squeezed, words_of

_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,15})?", re.ASCII)
_DAY: Final = re.compile(r"\d{4}(?:\d\d){0,2}", re.ASCII)
_EARLIEST: Final = 1850
_LATEST: Final = 2200


class Narrative:
    """Words of the narrative blocks by their id: entries say « see #vac-01 »."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._words: dict[str, str] | None = None

    def words(self, holder: etree._Element | None) -> str:
        """What ``holder`` (a ``text``, an ``originalText``) says itself or by its reference; ``""`` for nothing."""
        if holder is None:
            return ""
        reference = child(holder, "reference")
        named = (reference.get("value") or "").removeprefix("#") if reference is not None else ""
        if not named:
            return words_of(holder)
        if self._words is None:
            self._words = {}
            for element in self._root.iter():
                identifier = element.get("ID")
                if identifier and len(self._words) < 20_000:
                    self._words.setdefault(identifier, words_of(element))
        return self._words.get(named, "")

    def called(self, code: etree._Element | None) -> str:
        """The name of a coded value: its label, else the words it points to, else the bare code."""
        if code is None:
            return ""
        told = squeezed(code.get("displayName"))
        return told or self.words(child(code, "originalText")) or label(code)


def time_of(value: str | None) -> datetime | None:
    """An HL7 time in UTC; a day alone is held at noon UTC; ``None`` for none, or out of any life."""
    text = (value or "").strip()
    found = moment(text)
    if found is None or not _EARLIEST <= found.year <= _LATEST:
        return None
    return found.replace(hour=12, tzinfo=UTC) if _DAY.fullmatch(text) else found.astimezone(UTC)


def at_of(element: etree._Element | None) -> datetime | None:
    """When: a time, or the beginning of a period."""
    if element is None:
        return None
    low = child(element, "low")
    return time_of(element.get("value")) or (time_of(low.get("value")) if low is not None else None)


def end_of(element: etree._Element | None) -> datetime | None:
    """The end of a period, ``None`` while it lasts."""
    high = child(element, "high")
    return time_of(high.get("value")) if high is not None else None


def number_of(element: etree._Element | None) -> Decimal | None:
    """A number within reason; ``None`` for anything else."""
    text = (element.get("value") or "").strip() if element is not None else ""
    return Decimal(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None
