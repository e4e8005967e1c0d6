"""The record of one person, open for one professional: its documents from the copy, the network behind.

Identical on the encrypted copy and, in an emergency or a secret connection, on a memory that ends with the access. Each
method names its lane. Nothing is asked of the store but on an explicit gesture (EX_3.1-2030): the opening of the
record, a document chosen, F5.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from dmp_desktop.domain.acts import Deposit, StatusChange, VisibilityChange
from dmp_desktop.domain.document import (
    NORMAL,
    DocumentAuthor,
    DocumentEntry,
    DocumentStatus,
    RetrievedDocument,
)
from dmp_desktop.domain.draft import Draft, Drafts
from dmp_desktop.domain.events import Author, Event, EventState
from dmp_desktop.domain.habilitations import NORMAL_ACCESS, Access
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.record import RecordContext, RecordRow
from dmp_desktop.domain.record_rules import rows_of
from dmp_desktop.domain.shelf import Hit, KeptEntry, Reader, Shelf, ShelfState
from dmp_desktop.domain.terminology import CONFIDENTIALITY, Code, class_of, table
from dmp_desktop.errors import FlowError, RefusedByStore
from dmp_desktop.services.rights_view import reads_by_agreement
from dmp_desktop.sync.refresh import RefreshReport

PREFETCHED: Final = 20
"""So many new documents are brought at once when the record opens: what is likely to be read in ten seconds."""

DRAFT_KEY: Final = "draft:"
"""Key of a row that stands for one's own document on its way: the store has not named it yet."""

_ON_ITS_WAY: Final = frozenset({EventState.WAITING, EventState.SENDING, EventState.HELD, EventState.STUCK})
_NO_CODE: Final = Code("", "")


class Retrieval(Protocol):
    """What a retrieval gave: documents checked against their descriptions, and why others are not there."""

    @property
    def documents(self) -> tuple[RetrievedDocument, ...]: ...

    @property
    def refused(self) -> tuple[RefusedByStore, ...]: ...


class DocumentsPort(Protocol):
    """The documents at the store (TD3.2)."""

    def retrieve(self, ins: Ins, entries: Sequence[DocumentEntry], access: Access = NORMAL_ACCESS) -> Retrieval:
        """Sync lane. The documents themselves, each checked."""
        ...


class RefreshPort(Protocol):
    """What the store knows that this shelf does not (TD0.2, then TD3.1)."""

    def run(
        self,
        ins: Ins,
        reader: Reader,
        shelf: Shelf,
        author: Author,
        access: Access = NORMAL_ACCESS,
        *,
        full: bool = False,
        by_agreement: bool = False,
    ) -> RefreshReport:
        """Sync lane. One pass, written whole or not at all."""
        ...


class ActsPort(Protocol):
    """This post's own acts."""

    def of_dossier(self, dossier: str) -> tuple[Event, ...]:
        """Cache lane. Every act of one dossier, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Look:
    """What the record shows at one moment: rows and how fresh they are, read together."""

    rows: tuple[RecordRow, ...]
    state: ShelfState


class Record:
    """One open record.

    :param text_of: takes the words out of a document, for the search.
    """

    def __init__(
        self,
        context: RecordContext,
        shelf: Shelf,
        drafts: Drafts,
        acts: ActsPort,
        documents: DocumentsPort,
        refresher: RefreshPort,
        text_of: Callable[[RetrievedDocument], str],
    ) -> None:
        self.context = context
        self._shelf, self._drafts, self._acts = shelf, drafts, acts
        self._documents, self._refresher, self._text_of = documents, refresher, text_of
        self._known: dict[str, KeptEntry] = {}
        self._same: dict[str, tuple[str, ...]] = {}

    # -- the list -----------------------------------------------------------------------------------------------------

    def look(self) -> Look:
        """Cache lane. Rows, newest act first, and how fresh they are."""
        reader, context = self.context.reader, self.context
        state = self._shelf.state(reader)
        entries = self._shelf.entries(reader)
        changes, leaving = self._own_acts()
        pending = tuple(kept for kept, _ in leaving)
        states = changes | {kept.entry.logical_id: act for kept, act in leaving}
        rows = rows_of(
            (*pending, *entries), state, states, professional=reader.professional, in_memory=context.in_memory
        )
        self._known = {kept.entry.logical_id: kept for kept in entries}
        self._same = {row.key: tuple(copy.entry.logical_id for copy in row.copies) for row in rows if row.copies}
        return Look(rows, state)

    def rows(self) -> tuple[RecordRow, ...]:
        """Cache lane. The rows alone."""
        return self.look().rows

    def refresh(self, full: bool = False) -> RefreshReport:
        """Sync lane. Ask the store what changed; what it told of the dossier and of the documents.

        :param full: everything, older than the search of a first visit too.
        """
        context = self.context
        report = self._refresher.run(
            context.ins,
            context.reader,
            self._shelf,
            context.author,
            context.access,
            full=full,
            by_agreement=reads_by_agreement(context.professional),
        )
        self.context = replace(context, existence=report.existence)
        return report

    # -- one document -------------------------------------------------------------------------------------------------

    def content(self, key: str) -> RetrievedDocument | None:
        """Cache lane. The bytes when they are here, of the document or of a copy of it that says the same."""
        if key.startswith(DRAFT_KEY):
            return self._of_draft(key.removeprefix(DRAFT_KEY))
        for same in (key, *self._same.get(key, ())):
            found = self._shelf.content(self.context.reader, same)
            if found is not None:
                return found
        return None

    def fetch(self, key: str) -> RetrievedDocument:
        """Sync lane. Bring the document from the store, checked, and keep it on the shelf.

        :raises FlowError: no such document in this record.
        :raises RefusedByStore: the store does not give it.
        """
        kept = self._known.get(key)
        if kept is None:
            raise FlowError("no such document in this record")
        found = self._documents.retrieve(self.context.ins, (kept.entry,), self.context.access)
        if not found.documents:
            raise found.refused[0]
        document = found.documents[0]
        self._shelf.put(self.context.reader, key, document, self._text_of(document))
        self._known[key] = replace(kept, content_here=True)
        return document

    def prefetch(self, keys: Sequence[str]) -> int:
        """Sync lane. Bring what is new and not here yet; a document refused does not keep the others from coming.

        :param keys: of rows, in the order they would be read.
        :returns: how many came.
        """
        wanted = [key for key in keys if key in self._known and not self._known[key].content_here][:PREFETCHED]
        came = 0
        for key in wanted:
            try:
                self.fetch(key)
                came += 1
            except RefusedByStore:
                # Told when somebody asks for that very document.
                continue
        return came

    def mark_read(self, key: str) -> None:
        """Cache lane. This professional read it; its copies with it."""
        if key.startswith(DRAFT_KEY):
            return
        for same in (key, *self._same.get(key, ())):
            self._shelf.mark_read(self.context.reader, same)

    def search(self, words: str) -> tuple[Hit, ...]:
        """Cache lane. Documents that hold all the words, in title, authors or text."""
        return self._shelf.search(self.context.reader, words) if words.strip() else ()

    def close(self) -> None:
        """Cache lane. The visit is over: what comes later is new."""
        self._shelf.visit_ended(self.context.reader)

    def on_its_way(self) -> frozenset[str]:
        """Cache lane. Ids of this professional's acts on this dossier that have not ended yet."""
        mine = self.context.author.professional
        acts = self._acts.of_dossier(self.context.dossier)
        return frozenset(event.id for event in acts if event.state in _ON_ITS_WAY and event.author.professional == mine)

    # -- this post's own acts -----------------------------------------------------------------------------------------

    def _own_acts(self) -> tuple[dict[str, EventState], list[tuple[KeptEntry, EventState]]]:
        """State of each change on its way, by document; and the documents that are leaving."""
        changes: dict[str, EventState] = {}
        leaving: list[tuple[KeptEntry, EventState]] = []
        for event in self._acts.of_dossier(self.context.dossier):
            if event.state not in _ON_ITS_WAY or event.author.professional != self.context.author.professional:
                continue
            payload = event.payload
            if isinstance(payload, VisibilityChange | StatusChange):
                changes[payload.logical_id] = event.state
            elif isinstance(payload, Deposit):
                draft = self._drafts.get(payload.draft)
                if draft is not None:
                    leaving.append((_as_entry(draft, event.author), event.state))
        leaving.reverse()
        return changes, leaving

    def _of_draft(self, draft_id: str) -> RetrievedDocument | None:
        draft = self._drafts.get(draft_id)
        if draft is None:
            return None
        if draft.media_type is None:
            return RetrievedDocument(draft.unique_id, "", "text/plain", draft.text.encode())
        return RetrievedDocument(draft.unique_id, "", draft.media_type.value, self._drafts.content(draft_id))


def _as_entry(draft: Draft, author: Author) -> KeptEntry:
    """One's own document as the store will describe it, once it has it."""
    kind = draft.type_code or _NO_CODE
    seen = draft.visibility
    codes = tuple(table(CONFIDENTIALITY).code(code) for code in seen.codes) if seen else ()
    entry = DocumentEntry(
        entry_uuid="",
        logical_id=f"{DRAFT_KEY}{draft.id}",
        unique_id=draft.unique_id,
        status=DocumentStatus.APPROVED,
        status_text="",
        type_code=kind,
        class_code=class_of(kind) or _NO_CODE,
        format_code=_NO_CODE,
        title=draft.title,
        comments=draft.comments,
        mime_type=draft.media_type.value if draft.media_type else "text/plain",
        created_at=draft.changed_at,
        service_start=draft.service_start,
        authors=(
            DocumentAuthor(
                author.professional,
                author.display_name,
                "",
                structure=author.structure,
                structure_name=author.structure_name,
            ),
        ),
        confidentiality=(NORMAL, *codes),
    )
    return KeptEntry(entry, content_here=True)
