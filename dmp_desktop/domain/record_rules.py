"""How the documents of a dossier become rows: folding, what is new, groups, filters, counts. Pure.

Sources: EX_3.1-1020 (new since the last visit), EX_3.1-1030 (documents in force; others on demand, by role),
REC_3.2-1080 (documents of one submission linked).
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from dmp_desktop.domain.clock import PARIS
from dmp_desktop.domain.document import DocumentStatus
from dmp_desktop.domain.events import EventState
from dmp_desktop.domain.record import Filters, RecordRow
from dmp_desktop.domain.rubriques import ALL, OTHER, RubriqueView
from dmp_desktop.domain.shelf import KeptEntry, ShelfState
from dmp_desktop.domain.terminology import rubriques_of

RECENT_DAYS: Final = 92
"""In an emergency the last three months come first."""

FIRST_TO_READ: Final = ("synthese", "traitements", "comptes-rendus", "laboratoire")
"""What is put first in an emergency: syntheses (allergies), treatments, then what was last done and measured."""


class Grouping(StrEnum):
    """How the list is cut."""

    VISIT = "visit"
    MONTH = "month"
    NONE = "none"


class Sorting(StrEnum):
    """The order of the list."""

    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"
    AUTHOR = "author"


class Cut(StrEnum):
    """What a group holds."""

    SINCE_VISIT = "since-visit"
    BEFORE_VISIT = "before-visit"
    RECENT = "recent"
    OLDER = "older"
    MONTH = "month"
    UNDATED = "undated"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Group:
    """A stretch of rows under one heading.

    :ivar month: (year, month) of a :attr:`Cut.MONTH`.
    """

    cut: Cut
    rows: tuple[RecordRow, ...]
    month: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """Documents of a rubrique."""

    total: int = 0
    new: int = 0


# -- rows -------------------------------------------------------------------------------------------------------------


def rows_of(
    entries: Sequence[KeptEntry],
    state: ShelfState,
    acts: Mapping[str, EventState] | None = None,
    *,
    professional: str = "",
    in_memory: bool = False,
) -> tuple[RecordRow, ...]:
    """Rows of the list, in the order of ``entries``: copies folded, replaced versions and lots linked.

    :param acts: state of this post's own acts on their way, by logical id.
    :param professional: PS_IdNat of whoever reads: what they wrote themselves is never new to them.
    :param in_memory: emergency or secret connection: nothing is marked new, there is no earlier visit to compare with.
    """
    read = [kept for kept in entries if not kept.entry.is_signature and kept.entry.status is not DocumentStatus.DELETED]
    known = {kept.entry.logical_id: kept for kept in read}
    lots: dict[str, list[str]] = defaultdict(list)
    for kept in read:
        if kept.submission:
            lots[kept.submission].append(kept.entry.logical_id)
    made: list[RecordRow] = []
    for kept, copies in _folded(read):
        key = kept.entry.logical_id
        folded = {key, *(copy.entry.logical_id for copy in copies)}
        made.append(
            RecordRow(
                kept,
                rubriques_of(kept.entry.type_code, kept.entry.class_code),
                not in_memory and _is_new((kept, *copies), state, professional),
                copies,
                _older(kept, known),
                tuple(other for other in lots.get(kept.submission, ()) if other not in folded),
                (acts or {}).get(key),
            )
        )
    return tuple(made)


def _folded(entries: Iterable[KeptEntry]) -> list[tuple[KeptEntry, tuple[KeptEntry, ...]]]:
    """Documents with the copies that say the same, byte for byte; a copy seen by others, or put away, stays apart."""
    groups: dict[object, list[KeptEntry]] = {}
    for kept in entries:
        entry = kept.entry
        same = (entry.hash, entry.size, entry.status, entry.visibility, bool(kept.replaced_by), entry.by_patient)
        groups.setdefault(same if entry.hash else entry.logical_id, []).append(kept)
    # The first of a group is the newest as listed; a person's mark of reading on any copy counts for all.
    return [(held[0], tuple(held[1:])) for held in groups.values()]


def _is_new(copies: Sequence[KeptEntry], state: ShelfState, professional: str) -> bool:
    return _came_since(copies, state, professional) and all(copy.read_at is None for copy in copies)


def since_visit(row: RecordRow, state: ShelfState, professional: str = "") -> bool:
    """Whether a document came since this professional's last visit, read meanwhile or not (EX_3.1-1020)."""
    return _came_since((row.kept, *row.copies), state, professional)


def _came_since(copies: Sequence[KeptEntry], state: ShelfState, professional: str) -> bool:
    first = copies[0]
    if first.replaced_by or first.entry.status not in (DocumentStatus.APPROVED, None):
        return False
    if professional and any(author.id == professional for author in first.entry.authors):
        return False
    since = state.last_visit
    # A first visit finds everything new: nothing stands out, so nothing is marked.
    return since is not None and all(copy.learned_at is not None and copy.learned_at > since for copy in copies)


def _older(kept: KeptEntry, known: Mapping[str, KeptEntry]) -> tuple[KeptEntry, ...]:
    """Versions it replaced, the latest first, through every replacement; a loop in what a store says ends by itself."""
    found: dict[str, KeptEntry] = {}
    waiting = list(kept.replaces)
    while waiting:
        key = waiting.pop(0)
        older = known.get(key)
        if older is not None and key not in found and key != kept.entry.logical_id:
            found[key] = older
            waiting.extend(older.replaces)
    return tuple(found.values())


# -- what is shown ----------------------------------------------------------------------------------------------------


def in_rubrique(row: RecordRow, rubrique: str, view: RubriqueView) -> bool:
    """Whether a row stands under a rubrique of a view; :data:`ALL` holds every row."""
    if rubrique == ALL:
        return True
    shown = view.keys.intersection(row.rubriques)
    return not shown if rubrique == OTHER else rubrique in shown


def passes(row: RecordRow, filters: Filters) -> bool:
    """Whether a row is shown under these filters (EX_3.1-1030); what came since a visit: :func:`since_visit`.

    An act of one's own on its way is always shown.
    """
    entry, seen = row.entry, row.entry.visibility
    set_aside = (row.archived and not filters.archived) or (row.obsolete and not filters.obsolete)
    if row.act is None and (set_aside or (seen.from_professionals and not filters.masked)):
        return False
    wanted = [
        seen.from_patient if filters.hidden_from_patient else None,
        seen.from_representatives if filters.hidden_from_representatives else None,
    ]
    asked = [answer for answer in wanted if answer is not None]
    if asked and not any(asked):
        return False
    if filters.kinds and entry.type_code.value not in filters.kinds:
        return False
    if filters.authors and not filters.authors.intersection(author.id for author in entry.authors):
        return False
    if filters.since is not None and (row.at is None or row.at < filters.since):
        return False
    return filters.until is None or (row.at is not None and row.at <= filters.until)


def counts(rows: Iterable[RecordRow], view: RubriqueView) -> dict[str, Count]:
    """Documents and new ones by rubrique, of the rows shown; :data:`OTHER` only when it holds some."""
    total: dict[str, int] = defaultdict(int)
    new: dict[str, int] = defaultdict(int)
    for row in rows:
        for key in (ALL, *(view.keys.intersection(row.rubriques) or (OTHER,))):
            total[key] += 1
            new[key] += row.is_new
    made = {key: Count(total[key], new[key]) for key in (ALL, *(r.key for r in view.rubriques))}
    if total[OTHER]:
        made[OTHER] = Count(total[OTHER], new[OTHER])
    return made


def arranged(
    rows: Sequence[RecordRow],
    state: ShelfState,
    grouping: Grouping,
    sorting: Sorting,
    now: datetime,
    *,
    professional: str = "",
    in_memory: bool = False,
) -> tuple[Group, ...]:
    """Rows in order, cut into groups; a group without rows is left out.

    An order by title or author is cut by the visit only: months would tear it apart.
    """
    ordered = ordered_by(rows, sorting)
    if in_memory:
        return _cut_by_age(ordered, now)
    if grouping is Grouping.VISIT and state.last_visit is not None:
        came = {row.key for row in ordered if since_visit(row, state, professional)}
        since = tuple(row for row in ordered if row.key in came)
        before = tuple(row for row in ordered if row.key not in came)
        return _full(Group(Cut.SINCE_VISIT, since), Group(Cut.BEFORE_VISIT, before))
    if grouping is Grouping.NONE or sorting in (Sorting.TITLE, Sorting.AUTHOR):
        return _full(Group(Cut.WHOLE, ordered))
    months: dict[tuple[int, int] | None, list[RecordRow]] = {}
    for row in ordered:
        local = row.at.astimezone(PARIS) if row.at else None
        months.setdefault((local.year, local.month) if local else None, []).append(row)
    undated = months.pop(None, [])
    cut = [Group(Cut.MONTH, tuple(held), month) for month, held in months.items()]
    return _full(*cut, Group(Cut.UNDATED, tuple(undated)))


def ordered_by(rows: Sequence[RecordRow], sorting: Sorting) -> tuple[RecordRow, ...]:
    """Rows in order; those without a date after the others, whichever way."""
    dated = sorted((row for row in rows if row.at is not None), key=_moment, reverse=sorting is not Sorting.OLDEST)
    newest = [*dated, *(row for row in rows if row.at is None)]
    if sorting is Sorting.TITLE:
        newest.sort(key=lambda row: folded_text(title_of(row)))
    elif sorting is Sorting.AUTHOR:
        newest.sort(key=lambda row: folded_text(" ".join(a.family for a in row.entry.authors)))
    return tuple(newest)


def first_to_read(rows: Iterable[RecordRow], now: datetime) -> tuple[RecordRow, ...]:
    """What an emergency reads first: by rubrique (allergies and treatments before results), recent before old."""
    rank = {key: place for place, key in enumerate(FIRST_TO_READ)}
    held = [row for row in rows if rank.keys() & set(row.rubriques)]
    newest = ordered_by(held, Sorting.NEWEST)
    return tuple(
        sorted(newest, key=lambda row: (min(rank[k] for k in row.rubriques if k in rank), not _is_recent(row, now)))
    )


def in_force(filters: Filters, *, treating: bool) -> Filters:
    """What is shown at first to whoever reads: the médecin traitant sees masked documents, and may hide them."""
    return replace(filters, masked=treating)


def title_of(row: RecordRow) -> str:
    """Its title, else its kind."""
    return row.entry.title.strip() or row.entry.type_code.text


def folded_text(text: str) -> str:
    """Text to be compared: case, accents and ligatures ignored."""
    plain = text.casefold().replace("œ", "oe").replace("æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))


def _moment(row: RecordRow) -> datetime:
    assert row.at is not None  # noqa: S101 - undated rows were put aside
    return row.at


def _is_recent(row: RecordRow, now: datetime) -> bool:
    return row.at is not None and (now - row.at).days <= RECENT_DAYS


def _cut_by_age(rows: Sequence[RecordRow], now: datetime) -> tuple[Group, ...]:
    recent = tuple(row for row in rows if _is_recent(row, now))
    older = tuple(row for row in rows if not _is_recent(row, now))
    return _full(Group(Cut.RECENT, recent), Group(Cut.OLDER, older))


def _full(*groups: Group) -> tuple[Group, ...]:
    return tuple(group for group in groups if group.rows)
