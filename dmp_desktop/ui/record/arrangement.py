"""From what is asked of the list to what it shows. No widget, no state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from dmp_desktop.domain.record import Filters, RecordContext, RecordRow
from dmp_desktop.domain.record_rules import (
    Count,
    Cut,
    Group,
    arranged,
    counts,
    first_to_read,
    in_rubrique,
    passes,
    since_visit,
)
from dmp_desktop.domain.rubriques import view_called
from dmp_desktop.domain.shelf import ShelfState
from dmp_desktop.ui.record.port import ListChoice


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the list.

    :ivar hits: keys of the documents that hold ``words``; ``first_only``: in emergency, what is to be read first.
    """

    filters: Filters
    choice: ListChoice
    rubrique: str
    words: str
    hits: frozenset[str]
    first_only: bool


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What the list shows, and the counts of the rubriques, which follow the filters but not the search."""

    groups: tuple[Group, ...]
    counts: dict[str, Count]


def arrange(
    rows: tuple[RecordRow, ...], state: ShelfState, asked: Question, context: RecordContext, now: datetime
) -> Arrangement:
    """Filter, count, group and sort."""
    view, reader = view_called(asked.choice.view), context.author.professional
    plain = replace(asked.filters, new_only=False)
    allowed = [row for row in rows if passes(row, plain)]
    shown = [
        row
        for row in allowed
        if in_rubrique(row, asked.rubrique, view)
        and (not asked.filters.new_only or since_visit(row, state, reader))
        and (not asked.words or _found(row, asked.hits))
    ]
    groups: tuple[Group, ...]
    if asked.first_only:
        first = first_to_read(shown, now)
        groups = (Group(Cut.WHOLE, first),) if first else ()
    else:
        groups = arranged(
            shown,
            state,
            asked.choice.grouping,
            asked.choice.sorting,
            now,
            professional=reader,
            in_memory=context.in_memory,
        )
    return Arrangement(groups, counts(allowed, view))


def _found(row: RecordRow, hits: frozenset[str]) -> bool:
    return not hits.isdisjoint(kept.entry.logical_id for kept in (row.kept, *row.copies))
