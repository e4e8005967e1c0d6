"""Versions of documents: of their description, and of the documents themselves.

A description filed anew (masked, made visible) keeps its logical id and takes a new entryUUID. A document replaced has
another logical id, linked by RPLC; the older one stays, obsolete.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dmp_desktop.domain.document import Association, AssociationKind, DocumentEntry


@dataclass(frozen=True, slots=True)
class DocumentHistory:
    """One document, as it is described now.

    :ivar earlier: its former descriptions that are known, the latest first.
    :ivar replaced_by: logical ids of what took its place, ``replaces``: of what it took the place of (entryUUIDs, for
        those whose description is not known).
    """

    current: DocumentEntry
    earlier: tuple[DocumentEntry, ...] = ()
    replaced_by: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()


def histories(entries: Iterable[DocumentEntry], associations: Iterable[Association]) -> tuple[DocumentHistory, ...]:
    """Descriptions put together by document, in the order they came."""
    versions: dict[str, list[DocumentEntry]] = {}
    logical: dict[str, str] = {}
    for entry in entries:
        known = versions.setdefault(entry.logical_id, [])
        if all(held.entry_uuid != entry.entry_uuid for held in known):
            known.append(entry)
        logical[entry.entry_uuid] = entry.logical_id
    newer: dict[str, list[str]] = {}
    older: dict[str, list[str]] = {}
    for link in associations:
        if link.kind is AssociationKind.REPLACES:
            source, target = logical.get(link.source, link.source), logical.get(link.target, link.target)
            newer.setdefault(target, []).append(source)
            older.setdefault(source, []).append(target)
    found = []
    for identifier, held in versions.items():
        latest, *rest = sorted(held, key=lambda entry: -entry.version)
        found.append(
            DocumentHistory(
                latest,
                tuple(rest),
                tuple(dict.fromkeys(newer.get(identifier, ()))),
                tuple(dict.fromkeys(older.get(identifier, ()))),
            )
        )
    return tuple(found)
