"""Changes of documents on their way: visibility (TD3.3a, TD3.3b), archive and deletion (TD3.3c, TD3.3d).

Their echo is the document itself: it is read before anything is sent. Already as wanted, it is done, whoever did it;
neither as the person saw it nor as they want it, somebody else changed it and a person decides.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp_desktop.domain.acts import StatusChange, VisibilityChange
from dmp_desktop.domain.document import DocumentEntry, DocumentStatus, Visibility
from dmp_desktop.domain.events import Event
from dmp_desktop.domain.habilitations import Access
from dmp_desktop.sync.delivery_common import Asked, Send, Way
from dmp_desktop.sync.errors import DocumentNotFound
from dmp_desktop.sync.policy import Decision, Standing


@dataclass(frozen=True, slots=True)
class ManagementWay(Way):
    """The way of a change to a document."""

    def show(self, event: Event, change: VisibilityChange) -> Decision:
        """Change who sees it, or write down why not."""
        access = Access(secret=change.secret)
        base = event.found if isinstance(event.found, Visibility) else change.before
        read: list[DocumentEntry] = []

        def ask(in_doubt: bool) -> Asked:
            entry = self._read(change, access, read)
            if entry is None or entry.status is DocumentStatus.DELETED:
                # Masked by ourselves, it may no longer be shown to us.
                ours = entry is None and in_doubt and change.wanted.from_professionals
                return Asked(Standing.AS_WANTED if ours else Standing.ABSENT)
            return _compared(entry.visibility, base, change.wanted)

        def prepare() -> Send:
            uuid = read[-1].entry_uuid
            return lambda: self.gateway.documents.set_visibility(change.ins, uuid, change.wanted, event.author, access)

        return self.carry(event, ask, prepare)

    def file(self, event: Event, change: StatusChange) -> Decision:
        """Archive, take out of the archive, delete, or write down why not."""
        access = Access(secret=change.secret)
        base = event.found if isinstance(event.found, DocumentStatus) else change.before
        read: list[DocumentEntry] = []

        def ask(in_doubt: bool) -> Asked:
            entry = self._read(change, access, read)
            if entry is None or entry.status is None:
                ours = entry is None and in_doubt and change.wanted is DocumentStatus.DELETED
                return Asked(Standing.AS_WANTED if ours else Standing.ABSENT)
            return _compared(entry.status, base, change.wanted)

        def prepare() -> Send:
            entry = read[-1]
            return lambda: self.gateway.documents.set_status(change.ins, entry, change.wanted, event.author, access)

        return self.carry(event, ask, prepare)

    def _read(
        self, change: VisibilityChange | StatusChange, access: Access, read: list[DocumentEntry]
    ) -> DocumentEntry | None:
        entry = self.gateway.documents.current(change.ins, change.entry_uuid, access)
        if entry is not None:
            if entry.logical_id != change.logical_id:
                raise DocumentNotFound("XDSDocumentUniqueIdError")
            read.append(entry)
        return entry


def _compared(held: Visibility | DocumentStatus, base: object, wanted: object) -> Asked:
    if held == wanted:
        return Asked(Standing.AS_WANTED)
    return Asked(Standing.AS_BEFORE) if held == base else Asked(Standing.OTHER, held)
