"""A new version of one's own document: whether it may be made, and what it takes the place of (TD2.1, RPLC)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dmp_desktop.domain.document import DocumentEntry, DocumentStatus, Replaced, RetrievedDocument
from dmp_desktop.domain.record import RecordContext, RecordRow
from dmp_desktop.domain.rights import Action
from dmp_desktop.reading.lineage import lineage
from dmp_desktop.services.deposit import DepositDesk
from dmp_desktop.services.properties import ON_ITS_WAY, facts_of
from dmp_desktop.services.rights_view import Ruling, may

NOT_IN_FORCE: Final = "Un document archivé, remplacé ou supprimé ne se remplace pas."


@dataclass(frozen=True, slots=True)
class Replacement:
    """What a new version is made from.

    :ivar entry: the older version, whose title, kind and day are proposed; ``replaces``: what the act says of it.
    """

    entry: DocumentEntry
    replaces: Replaced

    def __repr__(self) -> str:
        return f"Replacement({self.entry.logical_id})"


def ruled(row: RecordRow, context: RecordContext) -> Ruling | None:
    """Whether this document may be replaced now; ``None`` when the question does not arise: it is somebody else's."""
    entry = row.entry
    if not facts_of(entry, context).own or not entry.entry_uuid:
        return None
    deposit = may(Action.DEPOSIT, context)
    if not deposit.allowed:
        return deposit
    if entry.status is not DocumentStatus.APPROVED or row.kept.replaced_by:
        return Ruling(False, "status", NOT_IN_FORCE)
    if row.act is not None:
        return Ruling(False, "act", ON_ITS_WAY)
    return deposit


def replacement(entry: DocumentEntry, context: RecordContext, document: RetrievedDocument) -> Replacement:
    """Print lane (the document is parsed). What the new version must say.

    :raises NotAllowed: it is somebody else's. :raises UnreadableDocument: its header cannot be read.
    """
    told = lineage(document)
    return Replacement(entry, DepositDesk.replacing(entry, context, told.set_id, told.version))
