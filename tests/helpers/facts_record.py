"""The rows of a fictional record, as the cache would give them, and what its documents say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from helpers.clocks import START

from dmp_desktop.domain import terminology
from dmp_desktop.domain.document import (
    DocumentAuthor,
    DocumentEntry,
    DocumentStatus,
    RetrievedDocument,
)
from dmp_desktop.domain.facts import Facts
from dmp_desktop.domain.record import RecordRow
from dmp_desktop.domain.shelf import KeptEntry
from dmp_desktop.domain.terminology import Code
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.library import PAPERS
from dmp_desktop.sandbox.outsiders import OUTSIDERS
from dmp_desktop.sandbox.paper import SECTIONS, Paper
from dmp_desktop.sandbox.seeds import seed
from dmp_desktop.services.synthesis import Overview, RecordFacts, overview

VISIT = START - timedelta(days=93)
_FORMAT = "1.3.6.1.4.1.19376.1.2.3"


def rows(owner: str = "hortense", visit: datetime | None = VISIT) -> tuple[RecordRow, ...]:
    """Every document of ``owner`` that is in the registry, deleted ones aside, newest first."""
    own = [paper for paper in PAPERS if paper.owner == owner and paper.status != "deleted" and not paper.copy_of]
    replaced = {paper.replaces for paper in own if paper.replaces}
    made = [_row(paper, own, paper.key in replaced, visit) for paper in own]
    return tuple(sorted(made, key=lambda row: row.at or START, reverse=True))


def _row(paper: Paper, own: list[Paper], replaced: bool, visit: datetime | None) -> RecordRow:
    type_code = terminology.table(terminology.TYPE).code(paper.type, paper.system)
    at = START - timedelta(days=paper.days)
    kind = "urn:ihe:pcc:ips:2020" if paper.body == SECTIONS else "urn:ihe:iti:xds-sd:pdf:2008"
    status = DocumentStatus.ARCHIVED if paper.status else DocumentStatus.APPROVED
    status = DocumentStatus.DEPRECATED if replaced else status
    entry = DocumentEntry(
        f"urn:uuid:{paper.key}",
        paper.key,
        paper.key,
        status,
        status.value,
        type_code,
        terminology.class_of(type_code) or Code("10", ""),
        Code(kind, _FORMAT),
        paper.title,
        created_at=at,
        service_start=at - timedelta(days=paper.lasted),
        service_stop=at if paper.lasted else None,
        authors=(_author(paper),),
    )
    lot = tuple(other.key for other in own if paper.lot and other.lot == paper.lot and other is not paper)
    new = visit is not None and at > visit and not entry.by_patient
    kept = KeptEntry(entry, learned_at=at, content_here=True)
    return RecordRow(kept, terminology.rubriques_of(type_code, entry.class_code), new, lot=lot)


def _author(paper: Paper) -> DocumentAuthor:
    out = OUTSIDERS.get(paper.author)
    if out is not None:
        return DocumentAuthor(out.id, out.family, out.given, structure_name=out.structure_name)
    who = next((p for p in people.everyone() if p.professional.id.value == paper.author), None)
    if who is None:
        return DocumentAuthor("1", "SAUGE", "HORTENSE", id_kind="NH")
    name = who.professional
    return DocumentAuthor(paper.author, name.family, name.given, structure_name=who.situations[0].name)


def contents(owner: str = "hortense") -> Callable[[str], RetrievedDocument | None]:
    """The bytes of each document, by its key."""
    someone = people.person(owner)
    batch = seed([someone], START)
    ordered = [paper.key for paper in sorted(PAPERS, key=lambda paper: -paper.days) if paper.owner == owner]
    held = dict(zip(ordered, (content.bytes for content in batch.contents), strict=True))

    def content(key: str) -> RetrievedDocument | None:
        return RetrievedDocument(key, "1", "text/xml", held[key]) if key in held else None

    return content


def read(owner: str = "hortense") -> Overview:
    """The whole of what a record says, as the screens get it."""
    facts: Callable[[str], Facts] = RecordFacts(contents(owner))
    return overview(rows(owner), facts, START, last_visit=VISIT)
