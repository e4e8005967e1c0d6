"""What a dossier holds, asked of the registry (TD3.1): first visit, changes since, one document as it stands.

Nothing is searched on its own initiative, and what a query gives is not filtered on the person's number, which may
have changed (EX_3.1-1055).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lxml import etree

from dmp_desktop.domain.document import Association, AssociationKind, DocumentEntry, DocumentStatus
from dmp_desktop.domain.habilitations import NORMAL_ACCESS, Access
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.sync import query, xds_reading
from dmp_desktop.sync.errors import DocumentNotFound
from dmp_desktop.sync.line import Line, Session
from dmp_desktop.sync.query import FindDocuments
from dmp_desktop.sync.xds_reading import Found

_FIRST_SEARCH_YEARS: Final = 2
_OVERLAP: Final = timedelta(hours=1)
_KEPT: Final = (DocumentStatus.APPROVED, DocumentStatus.DEPRECATED, DocumentStatus.ARCHIVED)


@dataclass(frozen=True, slots=True)
class Changes:
    """What was submitted since a moment.

    :ivar until: the store's time before the first question: the next search starts there.
    """

    until: datetime
    entries: tuple[DocumentEntry, ...]
    associations: tuple[Association, ...]


class Searches:
    """Queries of the registry, over one line to the store."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def find(
        self, ins: Ins, criteria: FindDocuments | None = None, access: Access = NORMAL_ACCESS
    ) -> tuple[DocumentEntry, ...]:
        """TD3.1a: descriptions of documents; signatures of submissions are left out."""
        return _documents(self._ask(ins, query.find_documents(ins, criteria or FindDocuments()), access))

    def first_search(self, ins: Ins, access: Access = NORMAL_ACCESS) -> Changes:
        """The search of a first visit: documents in force whose act is less than two years old."""
        now = self._line.clock.now()
        criteria = FindDocuments(service_from=_years_before(now, _FIRST_SEARCH_YEARS))
        found = self._ask(ins, query.find_documents(ins, criteria), access)
        return Changes(self._line.answered_at, _documents(found), found.associations)

    def changes(self, ins: Ins, since: datetime, access: Access = NORMAL_ACCESS) -> Changes:
        """What was submitted since ``since``: submissions, then their members, then these documents and their links.

        Every question is answered or the whole fails: nothing is half known. Documents already known may come again:
        the time of a submission is told by whoever submits, so the search starts an hour earlier, lest a post whose
        clock is late be missed.
        """
        sets = self._ask(ins, query.find_submissions(ins, since - _OVERLAP), access)
        until = self._line.answered_at
        members: list[str] = []
        for batch in query.by_batch([found.entry_uuid for found in sets.sets] + list(sets.references)):
            links = self._ask(ins, query.get_associations(batch), access).associations
            members += [
                link.target for link in links if link.kind is AssociationKind.HAS_MEMBER and link.source in set(batch)
            ]
        entries: list[DocumentEntry] = []
        associations: list[Association] = []
        for batch in query.by_batch(members):
            found = self._ask(ins, query.get_documents_and_associations(batch), access)
            entries += _documents(found)
            associations += found.associations
        return Changes(until, tuple(entries), tuple(dict.fromkeys(associations)))

    def by_reference(
        self, ins: Ins, references: Sequence[str], access: Access = NORMAL_ACCESS
    ) -> tuple[DocumentEntry, ...]:
        """Documents in force that answer an order, a study or an accession number."""
        body = query.find_by_reference(ins, references, (DocumentStatus.APPROVED,))
        return _documents(self._ask(ins, body, access))

    def entry_uuids(self, ins: Ins, unique_ids: Sequence[str], access: Access = NORMAL_ACCESS) -> tuple[str, ...]:
        """TD3.1b: the descriptions of documents known by their own OID, for who may not read the documents."""
        found: list[str] = []
        for batch in query.by_batch(unique_ids):
            answer = self._ask(ins, query.get_documents(unique_ids=batch, leaf=False), access)
            found += answer.references or tuple(entry.entry_uuid for entry in answer.entries)
        return tuple(found)

    def full_search(self, ins: Ins, access: Access = NORMAL_ACCESS) -> Changes:
        """Everything this professional may know of, without a bound of time: in force, obsolete, archived."""
        found = self._ask(ins, query.find_documents(ins, FindDocuments(statuses=_KEPT)), access)
        return Changes(self._line.answered_at, _documents(found), found.associations)

    def described(
        self, ins: Ins, unique_ids: Iterable[str], access: Access = NORMAL_ACCESS
    ) -> tuple[DocumentEntry, ...]:
        """These documents as the store describes them now, whatever their state; those it does not show are absent."""
        found: list[DocumentEntry] = []
        for batch in query.by_batch(unique_ids):
            found += self._described(ins, batch, access)
        return _latest(found)

    def current(self, ins: Ins, entry_uuid: str, access: Access = NORMAL_ACCESS) -> DocumentEntry | None:
        """The latest description of the document that ``entry_uuid`` described, ``None`` when it is not shown."""
        try:
            known = self._ask(ins, query.get_documents(entries=[entry_uuid]), access).entries
        except DocumentNotFound:
            return None
        asked = next((entry for entry in known if entry.entry_uuid == entry_uuid), None)
        if asked is None:
            return None
        now = self.described(ins, [asked.unique_id], access)
        return next((entry for entry in now if entry.logical_id == asked.logical_id), None)

    def links(self, ins: Ins, entry_uuids: Iterable[str], access: Access = NORMAL_ACCESS) -> tuple[Association, ...]:
        """What links these descriptions: submissions they came in, replacements."""
        found: list[Association] = []
        for batch in query.by_batch(entry_uuids):
            found += self._ask(ins, query.get_associations(batch), access).associations
        return tuple(dict.fromkeys(found))

    def _described(self, ins: Ins, batch: tuple[str, ...], access: Access) -> tuple[DocumentEntry, ...]:
        try:
            return _documents(self._ask(ins, query.get_documents(unique_ids=batch), access))
        except DocumentNotFound:
            # One that is not shown must not hide the others.
            if len(batch) == 1:
                return ()
            return tuple(entry for one in batch for entry in self._described(ins, (one,), access))

    def _ask(self, ins: Ins, body: etree._Element, access: Access) -> Found:
        with self._line.call() as session:
            return self._query(session, ins, body, access)

    def _query(self, session: Session, ins: Ins, body: etree._Element, access: Access) -> Found:
        return xds_reading.read(
            self._line.ask(session, query.SERVICE, query.ACTION, query.ANSWER_ACTION, body, ins, access)
        )


def _documents(found: Found) -> tuple[DocumentEntry, ...]:
    return tuple(entry for entry in found.entries if not entry.is_signature)


def _years_before(moment: datetime, years: int) -> datetime:
    try:
        return moment.replace(year=moment.year - years)
    except ValueError:  # the 29th of February
        return moment.replace(year=moment.year - years, day=28)


def _latest(entries: Iterable[DocumentEntry]) -> tuple[DocumentEntry, ...]:
    latest: dict[str, DocumentEntry] = {}
    for entry in entries:
        held = latest.get(entry.logical_id)
        if held is None or entry.version > held.version:
            latest[entry.logical_id] = entry
    return tuple(latest.values())
