"""What the documents of a record say together: the ten seconds of a doctor. Each line keeps its source and its date.

Nothing is deduced: two statements are joined only when they name the same thing; values only when they are of the same
analyte and the same unit; what could not be read is said. Calls of one record belong to the cache lane.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeVar

from dmp_desktop.domain.document import DocumentEntry, DocumentStatus, RetrievedDocument
from dmp_desktop.domain.facts import (
    Allergies,
    AllergyKnowledge,
    ContactRole,
    Fact,
    FactKind,
    Facts,
    Immunization,
    NoteCode,
    PersonToWarn,
    Reimbursement,
    Treatment,
)
from dmp_desktop.domain.record import RecordRow
from dmp_desktop.domain.timeline import TimelineBar
from dmp_desktop.reading.facts import facts_of
from dmp_desktop.services.series import Series, series_of

REIMBURSED_MONTHS: Final = 24
"""The history of the insurance covers 24 months: what is older is not shown."""

_VALID: Final = timedelta(days=365)
"""A treatment without an end counts as current for a year after it was last told (longest life of a prescription)."""

_OVERDUE: Final = timedelta(days=180)
"""How long something due stays listed after its date."""

_NOT_STRUCTURED: Final = ("urn:ihe:iti:xds-sd:", "urn:ihe:iti-fr:xds-sd:")
_STAYS: Final = ("11490-0", "34112-3", "11493-4")
_DIRECTIVES: Final = frozenset({"EXPPAT_3"})
_T = TypeVar("_T")


class PartKind(StrEnum):
    """Parts of the synthesis, in the order they are read."""

    ALLERGIES = "allergies"
    PROBLEMS = "problems"
    TREATMENTS = "treatments"
    LAST_STAY = "last-stay"
    DUE = "due"
    DIRECTIVES = "directives"


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line and the document it comes from.

    :ivar key: logical id of the document; ``at``: its date, which leads to it; ``due``: when it is due, for that part.
    """

    text: str = field(repr=False)
    key: str
    at: datetime | None
    detail: str = field(default="", repr=False)
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One part and its lines, the latest first; a part without lines says that nothing was found."""

    kind: PartKind
    lines: tuple[SourceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the clinical views show of one record, made in one pass.

    :ivar bars: treatments over time. :ivar series: values over time, each of one unit.
    :ivar missing: structured documents that are not on this post: the views say how many.
    :ivar unread: documents that came and could not be read.
    """

    rows: tuple[RecordRow, ...]
    allergies: Allergies
    parts: tuple[Part, ...]
    bars: tuple[TimelineBar, ...]
    series: tuple[Series, ...]
    immunizations: tuple[Immunization, ...]
    due_vaccines: tuple[SourceLine, ...]
    reimbursements: tuple[Reimbursement, ...]
    contacts: tuple[PersonToWarn, ...]
    made_at: datetime
    last_visit: datetime | None = None
    missing: int = 0
    unread: int = 0

    def row(self, key: str) -> RecordRow | None:
        """The row of a document."""
        return next((row for row in self.rows if row.key == key), None)

    def part(self, kind: PartKind) -> Part:
        """One part."""
        return next((part for part in self.parts if part.kind is kind), Part(kind))


class RecordFacts:
    """What each document of one record says, read once, in memory, gone with it.

    :param content: the bytes of a document that are on this post, ``None`` when they are not.
    """

    def __init__(self, content: Callable[[str], RetrievedDocument | None]) -> None:
        self._content = content
        self._known: dict[str, Facts] = {}

    def __call__(self, key: str) -> Facts:
        """What a document says; asked again later when it is not here yet."""
        if key not in self._known:
            document = self._content(key)
            if document is None:
                return Facts(key, notes=(NoteCode.NOT_HERE,))
            self._known[key] = facts_of(document, key)
        return self._known[key]


def may_speak(entry: DocumentEntry) -> bool:
    """Whether a document has coded sections: a page or a picture says nothing to a program."""
    return not entry.format_code.value.startswith(_NOT_STRUCTURED) and not entry.is_signature


def wanted(rows: Iterable[RecordRow]) -> tuple[str, ...]:
    """Documents worth bringing here for the synthesis: in force, with coded sections, not here yet."""
    return tuple(row.key for row in _in_force(rows) if may_speak(row.entry) and not row.kept.content_here)


def overview(
    rows: Sequence[RecordRow],
    facts: Callable[[str], Facts],
    now: datetime,
    *,
    last_visit: datetime | None = None,
    offline: str = "",
) -> Overview:
    """What the documents in force say together.

    :param facts: of a document; asked only for those that may speak.
    :param offline: why the list itself could not be read at all, in French; ``""`` when it was.
    """
    told = [(row, facts(row.key)) for row in _in_force(rows) if may_speak(row.entry)]
    said = [one for _, one in told]
    dated = {row.key: row.at for row in rows}
    missing = [row for row, one in told if NoteCode.NOT_HERE in one.notes]
    unread = [one for one in said if NoteCode.UNREADABLE in one.notes or NoteCode.TOO_LARGE in one.notes]
    treatments = _newest_first((item for one in said for item in one.treatments), dated)
    due = _due(said, dated, now)
    parts = (
        Part(PartKind.ALLERGIES, _lines(said, FactKind.ALLERGY, dated)),
        Part(PartKind.PROBLEMS, _problems(said, dated)),
        Part(PartKind.TREATMENTS, _current(treatments, dated, now)),
        Part(PartKind.LAST_STAY, _last_stay(rows)),
        Part(PartKind.DUE, due),
        Part(PartKind.DIRECTIVES, _directives(rows, said, dated)),
    )
    return Overview(
        tuple(rows),
        _allergies(told, missing, dated, offline),
        parts,
        _bars(treatments, now),
        series_of(item for one in said for item in one.observations),
        _vaccines(said),
        tuple(line for line in due if _is_vaccine(line.text)),
        _reimbursed(said, now),
        _contacts(said, dated),
        now,
        last_visit,
        len(missing),
        len(unread),
    )


def _in_force(rows: Iterable[RecordRow]) -> list[RecordRow]:
    gone = (DocumentStatus.ARCHIVED, DocumentStatus.DEPRECATED, DocumentStatus.DELETED)
    return [row for row in rows if not row.obsolete and row.entry.status not in gone]


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFD", text.lower())
    return " ".join("".join(char for char in folded if not unicodedata.combining(char)).split())


def _unique(items: Iterable[_T], name: Callable[[_T], object]) -> tuple[_T, ...]:
    kept: dict[object, _T] = {}
    for item in items:
        kept.setdefault(name(item), item)
    return tuple(kept.values())


def _rank(at: datetime | None) -> float:
    return at.timestamp() if at is not None else float("-inf")


def _newest_first(items: Iterable[Treatment], dated: dict[str, datetime | None]) -> list[Treatment]:
    return sorted(items, key=lambda item: -_rank(dated.get(item.source_key)))


def _facts(said: Iterable[Facts], kind: FactKind, dated: dict[str, datetime | None]) -> list[Fact]:
    found = [fact for one in said for fact in one.of(kind)]
    return sorted(found, key=lambda fact: -_rank(dated.get(fact.source_key)))


def _lines(said: Iterable[Facts], kind: FactKind, dated: dict[str, datetime | None]) -> tuple[SourceLine, ...]:
    facts = _unique(_facts(said, kind, dated), lambda fact: _plain(fact.label))
    return tuple(SourceLine(fact.label, fact.source_key, dated.get(fact.source_key), fact.detail) for fact in facts)


def _allergies(
    told: Sequence[tuple[RecordRow, Facts]],
    missing: Sequence[RecordRow],
    dated: dict[str, datetime | None],
    offline: str,
) -> Allergies:
    """Known ones always win; « none » stands only while nothing later is unread."""
    lines = _lines((one for _, one in told), FactKind.ALLERGY, dated)
    if lines:
        return Allergies(AllergyKnowledge.KNOWN, tuple(line.text for line in lines), lines[0].at)
    if offline:
        return Allergies(AllergyKnowledge.UNAVAILABLE, cause=offline)
    none = max(
        (_rank(row.at) for row, one in told if one.allergies_said is AllergyKnowledge.NONE_KNOWN),
        default=float("-inf"),
    )
    unread = [row for row in missing if _rank(row.at) > none]
    unread += [row for row, one in told if NoteCode.UNREADABLE in one.notes and _rank(row.at) > none]
    if unread:
        count = len(unread)
        cause = "1 document non lu" if count == 1 else f"{count} documents non lus"
        return Allergies(AllergyKnowledge.UNAVAILABLE, cause=cause)
    at = next((row.at for row, _ in told if _rank(row.at) == none), None)
    if none > float("-inf"):
        return Allergies(AllergyKnowledge.NONE_KNOWN, at=at)
    return Allergies(AllergyKnowledge.NOT_RECORDED)


def _problems(said: Sequence[Facts], dated: dict[str, datetime | None]) -> tuple[SourceLine, ...]:
    """Current ones; one that a later document puts in the past is left out."""
    over = {
        _plain(fact.label): _rank(dated.get(fact.source_key))
        for fact in reversed(_facts(said, FactKind.PAST_CONDITION, dated))
    }
    lines = _lines(said, FactKind.CONDITION, dated)
    return tuple(line for line in lines if over.get(_plain(line.text), float("-inf")) <= _rank(line.at))


def _current(
    treatments: Sequence[Treatment], dated: dict[str, datetime | None], now: datetime
) -> tuple[SourceLine, ...]:
    latest = _unique(treatments, lambda item: _plain(item.label))
    return tuple(
        SourceLine(item.label, item.source_key, dated.get(item.source_key), item.dose)
        for item in latest
        if _lasts(item, now)
    )


def _lasts(item: Treatment, now: datetime) -> bool:
    if item.stop is not None:
        return item.stop >= now
    return item.stated_at is not None and now - item.stated_at <= _VALID


def _bars(treatments: Sequence[Treatment], now: datetime) -> tuple[TimelineBar, ...]:
    """One bar a medicine: from its earliest beginning to its latest end, open while it lasts."""
    by_name: dict[str, list[Treatment]] = {}
    for item in treatments:
        by_name.setdefault(_plain(item.label), []).append(item)
    bars = []
    for items in by_name.values():
        starts = [start for item in items for start in (item.start or item.stated_at,) if start is not None]
        if not starts:
            continue
        ends = [end for item in items for end in (item.stop or item.stated_at,) if end is not None]
        stop = None if _lasts(items[0], now) else max(ends, default=max(starts))
        bars.append(TimelineBar(items[0].label, min(starts), stop, items[0].source_key))
    return tuple(sorted(bars, key=lambda bar: (bar.stop is not None, bar.start)))


def _last_stay(rows: Sequence[RecordRow]) -> tuple[SourceLine, ...]:
    stays = [row for row in _in_force(rows) if row.entry.type_code.value in _STAYS and row.at is not None]
    if not stays:
        return ()
    # Of two documents of one stay, the letter.
    latest = max(stays, key=lambda row: (_rank(row.at), -_STAYS.index(row.entry.type_code.value)))
    stop, start = latest.entry.service_stop, latest.at
    days = (stop - start).days if stop is not None and start is not None else 0
    detail = "" if days < 1 else "1 jour" if days == 1 else f"{days} jours"
    return (SourceLine(latest.entry.title, latest.key, start, detail),)


def _due(said: Sequence[Facts], dated: dict[str, datetime | None], now: datetime) -> tuple[SourceLine, ...]:
    kept = []
    for fact in _unique(_facts(said, FactKind.DUE, dated), lambda fact: (_plain(fact.label), fact.at)):
        source = dated.get(fact.source_key)
        told = fact.at or source
        if told is not None and now - told <= _OVERDUE:
            kept.append(SourceLine(fact.label, fact.source_key, source, due=fact.at))
    return tuple(sorted(kept, key=lambda line: _rank(line.due) if line.due else float("inf")))


def _directives(
    rows: Sequence[RecordRow], said: Sequence[Facts], dated: dict[str, datetime | None]
) -> tuple[SourceLine, ...]:
    """Documents of that kind, whatever their form, then what others say of them."""
    filed = [row for row in _in_force(rows) if row.entry.type_code.value in _DIRECTIVES]
    lines = [SourceLine(row.entry.title, row.key, row.at) for row in filed]
    own = {row.key for row in filed}
    facts = [fact for fact in _facts(said, FactKind.DIRECTIVE, dated) if fact.source_key not in own]
    lines += [SourceLine(fact.label, fact.source_key, dated.get(fact.source_key)) for fact in facts]
    return tuple(sorted(lines, key=lambda line: -_rank(line.at)))


def _contacts(said: Sequence[Facts], dated: dict[str, datetime | None]) -> tuple[PersonToWarn, ...]:
    people = [person for one in said for person in one.contacts]
    people.sort(key=lambda person: -_rank(dated.get(person.source_key)))
    unique = _unique(people, lambda person: (_plain(person.name), person.role))
    return tuple(sorted(unique, key=lambda person: list(ContactRole).index(person.role)))


def _vaccines(said: Sequence[Facts]) -> tuple[Immunization, ...]:
    done = sorted((item for one in said for item in one.immunizations), key=lambda item: -_rank(item.at))
    return _unique(done, lambda item: (_plain(item.label), item.at.date() if item.at else None, item.given))


def _is_vaccine(text: str) -> bool:
    return any(word in _plain(text) for word in ("vaccin", "rappel", "injection"))


def _reimbursed(said: Sequence[Facts], now: datetime) -> tuple[Reimbursement, ...]:
    lines = [
        line
        for one in said
        for line in one.reimbursements
        if line.at is not None and timedelta(0) <= now - line.at <= timedelta(days=REIMBURSED_MONTHS * 30.5)
    ]
    lines.sort(key=lambda line: -_rank(line.at))
    return _unique(lines, lambda line: (line.kind, line.at, line.label, line.detail))
