"""French words of the clinical views: months, lanes, values, what an event says."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from dmp_desktop.domain.clock import PARIS
from dmp_desktop.domain.readable import Abnormal
from dmp_desktop.domain.record import RecordRow
from dmp_desktop.domain.timeline import LaneKey, Timeline, TimelineEvent
from dmp_desktop.services.series import Point, Series
from dmp_desktop.services.synthesis import Overview
from dmp_desktop.ui.opening import texts

NBSP: Final = "\u00a0"
MONTHS: Final = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août"),
    *("septembre", "octobre", "novembre", "décembre"),
)
LANES: Final = {
    LaneKey.STAYS: ("hospital", "Hospitalisations"),
    LaneKey.REPORTS: ("report", "Comptes rendus"),
    LaneKey.LABORATORY: ("tube", "Laboratoire"),
    LaneKey.IMAGING: ("scan", "Imagerie"),
    LaneKey.TREATMENTS: ("pill", "Traitements"),
    LaneKey.PREVENTION: ("syringe", "Prévention"),
    LaneKey.PATIENT: ("file-user", "Patient"),
}
ABNORMAL: Final = {Abnormal.LOW: "bas", Abnormal.HIGH: "élevé", Abnormal.OTHER: "anormal"}
_AFTER_COMMA: Final = frozenset({LaneKey.STAYS, LaneKey.PREVENTION})


def month(moment: datetime) -> str:
    """``avril 2026``."""
    local = moment.astimezone(PARIS)
    return f"{MONTHS[local.month - 1]}{NBSP}{local.year}"


def window(shown: Timeline) -> str:
    """``24 mois, de mai 2024 à avril 2026``."""
    first, last = shown.start, shown.end
    before = last.replace(year=last.year - (last.month == 1), month=(last.month - 2) % 12 + 1)
    of = "d’" if MONTHS[first.month - 1][0] in "ao" else "de "
    return f"{shown.months}{NBSP}mois, {of}{month(first)} à {month(before)}"


def short_labels(event: TimelineEvent) -> tuple[str, ...]:
    """What may stand beside a mark: the telling part of the title and how long a stay lasted, else its first word."""
    head, _, tail = event.label.partition(", ")
    label = tail[:1].upper() + tail[1:] if tail and event.lane in _AFTER_COMMA else head
    word = label.partition(" ")[0]
    whole = f"{label}, {lasted(event.days)}" if event.days else label
    return tuple(dict.fromkeys((whole, word)))


def lasted(days: int) -> str:
    """``3 jours``."""
    return texts.count(days, "jour", "jours")


def number(value: Decimal) -> str:
    """A decimal comma."""
    return str(value).replace(".", ",")


def value(series: Series, point: Point) -> str:
    """``Potassium 5,4 mmol/L, élevé``."""
    told = f"{series.label} {number(point.value)}{NBSP}{series.unit}".strip()
    abnormal = point.observation.abnormal
    return f"{told}, {ABNORMAL[abnormal]}" if abnormal is not None else told


def usual(low: Decimal | None, high: Decimal | None) -> str:
    """``3,5 – 5,1``, ``< 6,0``; ``""`` for no range."""
    if low is not None and high is not None:
        return f"{number(low)} – {number(high)}"
    if high is not None:
        return f"<{NBSP}{number(high)}"
    return f">{NBSP}{number(low)}" if low is not None else ""


def said(event: TimelineEvent, values: list[tuple[Series, Point]]) -> str:
    """Who, when, and the first values: abnormal ones where there are some, else three."""
    parts = [f"{event.author}, {texts.day(event.at)}." if event.author else f"{texts.day(event.at)}."]
    odd = [one for one in values if one[1].observation.abnormal is not None]
    parts += [f"{value(*one)}." for one in (odd or values)[:3]]
    if event.more:
        parts.append(f"{texts.count(len(event.more) + 1, 'document', 'documents')} pour ce séjour.")
    return " ".join(parts)


def spoken(event: TimelineEvent) -> str:
    """What a screen reader says of a mark."""
    parts = [event.label, lasted(event.days) if event.days else "", event.author or "auteur non indiqué"]
    parts += [texts.day(event.at), LANES[event.lane][1]]
    parts += ["nouveau" if event.is_new else "", "document du patient" if event.by_patient else ""]
    return ", ".join(part for part in parts if part)


def gaps(found: Overview) -> str:
    """What the views could not read, ``""`` when nothing is missing."""
    parts = []
    if found.missing:
        some = (
            "1 document structuré n’a pas" if found.missing == 1 else f"{found.missing} documents structurés n’ont pas"
        )
        parts.append(f"{some} encore été lu{'s' * (found.missing > 1)}{NBSP}: cette synthèse peut être incomplète.")
    if found.unread:
        some = "1 document n’a" if found.unread == 1 else f"{found.unread} documents n’ont"
        parts.append(f"{some} pas pu être lu.")
    return " ".join(parts)


def who(row: RecordRow) -> str:
    """Where a document comes from: the structure, else the person."""
    if row.entry.by_patient:
        return "Document du patient"
    author = row.entry.authors[0] if row.entry.authors else None
    return (author.structure_name or f"{author.given} {author.family}".strip()) if author is not None else ""
