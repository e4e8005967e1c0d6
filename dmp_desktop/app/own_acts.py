"""One's own acts on the record that is open: followed until they end, and the one that makes a new version prepared."""

from __future__ import annotations

from collections.abc import Callable

from dmp_desktop.domain.document import RetrievedDocument
from dmp_desktop.domain.record import RecordRow
from dmp_desktop.errors import DmpError
from dmp_desktop.services.record import Record
from dmp_desktop.services.replacement import Replacement, replacement
from dmp_desktop.ui.tasks import Lane, TaskLanes


class OwnActs:
    """Acts that were on their way while the record was open.

    :param ended: one of them has: the list is behind until it is asked for (no search follows a deposit by itself,
        EX_3.1-2030).
    :param moved: none did; what the copy says of them is read again.
    """

    def __init__(
        self,
        record: Record,
        lanes: TaskLanes,
        ended: Callable[[], None],
        moved: Callable[[], None],
        failed: Callable[[DmpError], None],
    ) -> None:
        self._record, self._lanes = record, lanes
        self._ended, self._moved, self._failed = ended, moved, failed
        self._acting: frozenset[str] = frozenset()
        self._closed = False

    def close(self) -> None:
        """The record closes: nothing more is asked for it."""
        self._closed = True

    def begin(self) -> None:
        """The record opens: those that wait already are followed too."""
        self._lanes.run(Lane.CACHE, self._record.on_its_way, self._note, self._failed)

    def captured(self, event_id: str) -> None:
        """One more was written down."""
        self._note(frozenset({event_id}))
        self._moved()

    def delivered(self) -> None:
        """The outbox was sent."""
        if self._closed:
            return

        def known(acting: frozenset[str]) -> None:
            ended, self._acting = self._acting - acting, acting
            if not self._closed:
                (self._ended if ended else self._moved)()

        self._lanes.run(Lane.CACHE, self._record.on_its_way, known, self._failed)

    def prepare(self, row: RecordRow, done: Callable[[Replacement], None]) -> None:
        """What a new version of ``row`` must say: its document looked for here, else brought, and its header read."""
        context, lanes, failed = self._record.context, self._lanes, self._failed

        def read(document: RetrievedDocument) -> None:
            lanes.run(Lane.PRINT, lambda: replacement(row.entry, context, document), made, failed)

        def made(found: Replacement) -> None:
            if not self._closed:
                done(found)

        def looked(document: RetrievedDocument | None) -> None:
            if document is not None:
                read(document)
            else:
                lanes.run(Lane.SYNC, lambda: self._record.fetch(row.key), read, failed)

        lanes.run(Lane.CACHE, lambda: self._record.content(row.key), looked, failed)

    def _note(self, acts: frozenset[str]) -> None:
        self._acting |= acts
