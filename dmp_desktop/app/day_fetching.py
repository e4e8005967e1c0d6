"""« Préparer ma journée »: what it asks of the record's parts, and what the copy says of somebody booked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmp_desktop.cache.store import DeskStore
from dmp_desktop.domain.dossier import ExistenceAnswer
from dmp_desktop.domain.events import Author
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.record import RecordContext
from dmp_desktop.domain.record_rules import rows_of
from dmp_desktop.domain.shelf import Reader
from dmp_desktop.errors import FlowError
from dmp_desktop.reading.readable import text_of
from dmp_desktop.services.day import Copy
from dmp_desktop.services.profile import Profile
from dmp_desktop.services.record import Record
from dmp_desktop.services.store_watch import StoreWatch
from dmp_desktop.sync.refresh import Refresher

if TYPE_CHECKING:
    from dmp_desktop.app.program import Program


def copy_of(profile: Profile, dossier: str, author: Author) -> Copy | None:
    """Cache lane. What the copy holds of a dossier for this professional; ``None`` while it is closed."""
    clinical = profile.clinical
    if clinical is None:
        return None
    reader = Reader(dossier, author.professional)
    state = clinical.shelf.state(reader)
    rows = rows_of(clinical.shelf.entries(reader), state, {}, professional=author.professional)
    return Copy(sum(row.is_new for row in rows), state.refreshed_at)


class DayFetching:
    """Brings the list and the new documents of one authorised person after another. Sync lane.

    :ivar refresher: of the records' lists.
    """

    def __init__(self, program: Program, store: DeskStore, watch: StoreWatch, refresher: Refresher) -> None:
        self._program, self._store, self._watch, self._refresher = program, store, watch, refresher

    def when_open(self) -> DayFetching | None:
        """This, while the copy is open for whoever is signed in; nothing is brought to a post that cannot keep it."""
        return self if self._program.profile.clinical is not None else None

    def existence(self, ins: Ins) -> ExistenceAnswer:
        """TD0.2, kept as the store's last word."""
        answer = self._watch.access.existence(ins)
        patients = self._store.patients
        patients.learned(patients.dossier_key(ins), answer, self._program.flow.author())
        return answer

    def copy(self, dossier: str, answer: ExistenceAnswer) -> int:
        """Refresh the list of a dossier and bring what is new of it; how many documents came."""
        program, clinical = self._program, self._program.profile.clinical
        holder, identity = program.flow.holder, self._store.patients.identity(dossier)
        if clinical is None or holder is None or identity is None:
            raise FlowError("the copy was closed meanwhile")
        context = RecordContext(dossier, identity, holder, program.flow.author(), existence=answer)
        record = Record(
            context,
            clinical.shelf,
            clinical.drafts,
            self._store.outbox,
            self._watch.documents,
            self._refresher,
            text_of,
        )
        record.refresh()
        return record.prefetch([row.key for row in record.rows() if row.kept.read_at is None])
