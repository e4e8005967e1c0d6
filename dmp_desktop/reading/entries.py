"""What the structured entries of a section tell: which results are abnormal, and the whole when nobody wrote the text.

A result is called abnormal because its author says so (``interpretationCode``), never because we compared numbers: a
range may be for another sex, another age, another method.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from dmp_desktop.domain.readable import Abnormal, Align, Cell, Paragraph, Row, Span, Table
from dmp_desktop.reading.cda_words import N, child, children, label, period, value_of, words_of

_LOW: Final = frozenset({"L", "LL", "LU", "<", "D"})
_HIGH: Final = frozenset({"H", "HH", "HU", ">", "U"})
_OTHER: Final = frozenset({"A", "AA", "POS", "R", "DET"})
_ACTS: Final = ("observation", "substanceAdministration", "supply", "procedure", "encounter", "act")
_MOST: Final = 500
"""Entries told of one section without a text."""


def flags(root: etree._Element) -> dict[str, Abnormal]:
    """Ids of the pieces of narrative that tell an abnormal result, and how it stands."""
    found: dict[str, Abnormal] = {}
    for observation in root.iter(f"{N}observation"):
        flag = flag_of(observation)
        if flag is None:
            continue
        for holder in (
            child(observation, "code", "originalText", "reference"),
            child(observation, "text", "reference"),
            child(observation, "value", "originalText", "reference"),
        ):
            target = (holder.get("value") or "").removeprefix("#") if holder is not None else ""
            if target:
                found[target] = flag
    return found


def told(section: etree._Element) -> Table | None:
    """The entries of ``section`` as a table, or ``None`` when there is nothing to tell."""
    rows: list[tuple[tuple[str, str, str, str], Abnormal | None]] = []
    for entry in children(section, "entry"):
        for act in entry.iter(*(N + name for name in _ACTS)):
            if len(rows) >= _MOST:
                break
            line = _line(act)
            if line is not None:
                rows.append((line, flag_of(act)))
    if not rows:
        return None
    heads = ("Élément", "Valeur", "Valeurs usuelles", "Date")
    kept = [at for at in range(4) if at < 2 or any(line[at] for line, _ in rows)]
    head = Row(tuple(_cell(heads[at], place, header=True) for place, at in enumerate(kept)), header=True)
    body = [Row(tuple(_cell(line[at], place) for place, at in enumerate(kept)), abnormal=flag) for line, flag in rows]
    return Table((head, *body), len(kept))


def labels(root: etree._Element) -> Iterator[str]:
    """What the codes of the entries are called: found by a search even where the text says it otherwise."""
    for component in root.iter(f"{N}structuredBody"):
        for element in component.iter():
            name = element.get("displayName")
            if name:
                yield name


def flag_of(act: etree._Element) -> Abnormal | None:
    """How its author says a result stands, ``None`` for a usual one."""
    for code in children(act, "interpretationCode"):
        told = (code.get("code") or "").upper()
        for codes, flag in ((_LOW, Abnormal.LOW), (_HIGH, Abnormal.HIGH), (_OTHER, Abnormal.OTHER)):
            if told in codes:
                return flag
    return None


def _line(act: etree._Element) -> tuple[str, str, str, str] | None:
    name = act.tag.rpartition("}")[2]
    value = "; ".join(text for text in (value_of(one) for one in children(act, "value")) if text)
    dated = period(child(act, "effectiveTime"))
    usual = value_of(child(act, "referenceRange", "observationRange", "value"))
    if name == "substanceAdministration":
        material = child(act, "consumable", "manufacturedProduct", "manufacturedMaterial")
        called = words_of(child(material, "name")) or label(child(material, "code"))
        dose = value_of(child(act, "doseQuantity"))
        return (called, dose, "", dated) if called else None
    if name == "supply":
        material = child(act, "product", "manufacturedProduct", "manufacturedMaterial")
        called = words_of(child(material, "name")) or label(child(material, "code")) or label(child(act, "code"))
        return (called, value_of(child(act, "quantity")), "", dated) if called else None
    called = label(child(act, "code"))
    # An act that only holds others tells nothing by itself.
    if not called or (name == "act" and not value and child(act, "entryRelationship") is not None):
        return None
    return (called, value, usual, dated)


def _cell(text: str, column: int, *, header: bool = False) -> Cell:
    paragraphs = (Paragraph((Span(text),)),) if text else ()
    return Cell(paragraphs, column, header, align=Align.LEFT)
