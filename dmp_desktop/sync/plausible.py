"""Can this be true? What a store that is mistaken, or was restored to an older state, would answer.

A document that is no longer shown was masked or withdrawn: that is ordinary. That all of them are at once, that the
store's time or a description goes back, that somebody's own document is no longer shown to its author, or that an
answer holds documents nobody asked for, is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dmp_desktop.domain.document import DocumentEntry
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import Identity
from dmp_desktop.domain.shelf import Reader, ShelfState
from dmp_desktop.errors import BadAnswer

_SET_BACK: Final = timedelta(minutes=5)
"""A store's clock may be set back by so much."""
_ALL_AT_ONCE: Final = 3
"""From so many documents on, all of them vanishing at once is not believed."""


class Implausible(BadAnswer):
    """The answer cannot be true: nothing of it is kept."""

    code = "implausible-answer"


class DocumentsVanished(Implausible):
    """Every document known here is no longer shown."""

    code = "documents-vanished"


class StoreWentBack(Implausible):
    """The store answers as it would have at an earlier date."""

    code = "store-went-back"


class ForeignDocuments(Implausible):
    """The answer holds documents that were not asked for, or of somebody else."""

    code = "foreign-documents"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the store said.

    :ivar entries: documents as described now, by logical id.
    :ivar asked: unique ids asked about one by one, ``described``: what came for them.
    """

    ins: Ins
    reader: Reader
    until: datetime
    entries: Mapping[str, DocumentEntry]
    asked: frozenset[str]
    described: Sequence[DocumentEntry]


@dataclass(frozen=True, slots=True)
class Known:
    """What was known here before."""

    state: ShelfState
    entries: Sequence[DocumentEntry]
    identity: Identity | None


def check(answer: Answer, known: Known, *, full: bool) -> None:
    """Whether an answer can be true, after what is known here.

    :param full: a person asked for everything after they were told: that all is gone is then believed.
    :raises DocumentsVanished, StoreWentBack, ForeignDocuments: it cannot.
    """
    if any(entry.unique_id not in answer.asked for entry in answer.described):
        raise ForeignDocuments("documents that were not asked for")
    vouched = {entry.patient_id for entry in known.entries}
    if any(_foreign(entry, answer.ins, known.identity, vouched) for entry in answer.entries.values()):
        raise ForeignDocuments("documents of somebody else")
    if known.state.until is not None and answer.until < known.state.until - _SET_BACK:
        raise StoreWentBack("the store's time went back")
    absent = 0
    for before in known.entries:
        now = answer.entries.get(before.logical_id)
        if now is None:
            absent += 1
            if any(author.id == answer.reader.professional for author in before.authors):
                raise StoreWentBack("a document is no longer shown to its author")
        elif now.version < before.version:
            raise StoreWentBack("a description went back")
    if not full and absent == len(known.entries) >= _ALL_AT_ONCE:
        raise DocumentsVanished("every known document vanished")


def _foreign(entry: DocumentEntry, ins: Ins, identity: Identity | None, vouched: set[str]) -> bool:
    """Whether a document is somebody else's.

    A person's number may have changed since it was filed (EX_3.1-1055): another number is not enough, unless the birth
    date or the sex filed with it is another too.
    """
    if entry.patient_id.startswith(f"{ins.value}^") or entry.patient_id in vouched:
        return False
    said = dict(line.split("|", 1) for line in entry.source_patient_info if "|" in line)
    if identity is None:
        return True
    born, sex = said.get("PID-7", ""), said.get("PID-8", "")
    return born[:8] != identity.traits.birth_date.raw or (bool(sex) and sex != identity.traits.sex.value)
