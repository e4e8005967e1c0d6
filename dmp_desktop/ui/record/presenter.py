"""What the record's screen decides: cache first, the network behind; which rows, which document. No widget in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from dmp_desktop.domain.document import RetrievedDocument
from dmp_desktop.domain.readable import Readable
from dmp_desktop.domain.record import Filters, RecordContext, RecordRow
from dmp_desktop.domain.record_rules import (
    Count,
    Group,
    Grouping,
    Sorting,
    in_force,
)
from dmp_desktop.domain.rubriques import ALL, RubriqueView, view_called, views
from dmp_desktop.domain.shelf import Hit, ShelfState
from dmp_desktop.errors import Cancelled, DmpError
from dmp_desktop.services.record import PREFETCHED, Look
from dmp_desktop.sync.refresh import RefreshOutcome, RefreshReport
from dmp_desktop.ui.opening.port import Lanes, Running
from dmp_desktop.ui.record.arrangement import Question, arrange
from dmp_desktop.ui.record.document import BeforeReading, DocumentPresenter, Stay
from dmp_desktop.ui.record.port import ListChoice, ListMemory, RecordPort
from dmp_desktop.ui.tasks import Lane

PAUSE_MS: Final = 120
"""Typing pauses for so long before the search runs."""


class RecordPresenter(QObject):
    """One open record on the screen. Another person is another presenter.

    :param read: makes of the bytes what the viewer shows; it runs outside the screen's thread.
    :param before_reading: see :class:`.document.DocumentPresenter`.
    """

    list_changed = Signal()
    status_changed = Signal()
    turned_away = Signal(object)
    """The store no longer lets this professional in; the copy is purged: the report says why."""

    def __init__(
        self,
        record: RecordPort,
        lanes: Lanes,
        now: Callable[[], datetime],
        read: Callable[[RetrievedDocument], Readable],
        memory: ListMemory,
        before_reading: BeforeReading | None = None,
    ) -> None:
        super().__init__()
        self._record, self.now, self._memory = record, now, memory
        self._work = Stay(lanes)
        self.document = DocumentPresenter(record, self._work, read, before_reading, self)
        self.document.was_read.connect(self._unmark)
        self.context: RecordContext = record.context
        self.choice = ListChoice()
        self.filters = in_force(Filters(), treating=self.context.treating)
        self.rubrique, self.words, self.first_only = ALL, "", False
        self.hits: dict[str, Hit] = {}
        self.state = ShelfState()
        self.groups: tuple[Group, ...] = ()
        self.counts: dict[str, Count] = {}
        self.all_rows: tuple[RecordRow, ...] = ()
        self.rows: tuple[RecordRow, ...] = ()
        self.looked = self.refreshing = self.behind = False
        self.fault: DmpError | None = None
        self.halted = ""
        self._place: dict[str, int] = {}
        self._by_key: dict[str, RecordRow] = {}
        self._to_fetch: list[str] = []
        self._asking: Running | None = None
        self._open = False
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(PAUSE_MS)
        self._typed.timeout.connect(self._search)

    # -- opening and closing ------------------------------------------------------------------------------------------

    def open(self) -> None:
        """The copy at once, the network behind."""
        self._open = True

        def first() -> tuple[str, Look]:
            return self._memory.recall(), self._record.look()

        def seen(found: tuple[str, Look]) -> None:
            self.choice = ListChoice.read(found[0])
            self._looked(found[1])
            if not self.context.in_memory and self.rows and self.document.shown is None:
                self.choose(self.rows[0].key)
            self.refresh()

        self._work.run(Lane.CACHE, first, seen, self._failed)

    def close(self) -> None:
        """The visit is over; nothing of it stays here, and what answers later is dropped. It opens no more."""
        if self._open:
            self.document.leave()
            self._work.run(Lane.CACHE, self._record.close, lambda _none: None, lambda _error: None)
            self.forget()
        # What listens to it may hold the whole record: it is let go with the signals.
        self.deleteLater()

    def forget(self) -> None:
        """The session is locked, or the record closed: nothing remains on the screen."""
        self._work.end()
        self._open = False
        self._typed.stop()
        self._to_fetch.clear()
        self.all_rows = self.rows = ()
        self.groups, self.hits, self.counts, self._by_key, self._place = (), {}, {}, {}, {}
        self.words, self.refreshing = "", False
        self.document.clear()
        self.list_changed.emit()

    def note_ended(self) -> None:
        """One's own act ended at the store: the copy is read again, and the list waits for F5 (EX_3.1-2030).

        No search follows a deposit by itself: the screen says that the list is behind.
        """
        self.behind = True
        self.status_changed.emit()
        self.reload()

    def refresh(self, full: bool = False) -> None:
        """F5: ask the store what changed. What is on the screen stays readable meanwhile."""
        if self.refreshing:
            return
        self.refreshing, self.fault, self.halted, self.behind = True, None, "", False
        self.status_changed.emit()
        work = self._record.refresh
        self._asking = self._work.run(Lane.SYNC, lambda: work(full), self._refreshed, self._unrefreshed)

    def tell_fault(self, error: DmpError) -> None:
        """Something done about this record did not go through."""
        self._failed(error)

    def cancel_refresh(self) -> None:
        """Stop asking: the list stays as it is."""
        if self._asking is not None:
            self._asking.cancel()
            self._unrefreshed(Cancelled())

    def reload(self) -> None:
        """Something was done here (an act captured, a document deposited): read the copy again."""
        if self._open:
            self._work.run(Lane.CACHE, self._record.look, self._looked, self._failed)

    # -- the list -----------------------------------------------------------------------------------------------------

    @property
    def view(self) -> RubriqueView:
        """How the rubriques are put."""
        return view_called(self.choice.view)

    @property
    def new(self) -> int:
        """How many documents are new to this professional, whatever the filters."""
        return self.counts.get(ALL, Count()).new

    @property
    def folded(self) -> int:
        """How many copies are folded away."""
        return sum(len(row.copies) for row in self.rows)

    @property
    def filtered(self) -> bool:
        """Whether anything but documents in force was asked for."""
        plain = in_force(Filters(), treating=self.context.treating)
        return replace(self.filters, new_only=False) != plain

    def choose_rubrique(self, key: str) -> None:
        """One rubrique, or all."""
        if key != self.rubrique:
            self.rubrique = key
            self._arrange()

    def choose_view(self, key: str) -> None:
        """Nine rubriques or the eight of 2011; a rubrique that the view has not gives way to all."""
        self._keep(replace(self.choice, view="" if key == views()[0].key else key))
        if self.rubrique not in self.view.keys:
            self.rubrique = ALL
        self._arrange()

    def choose_order(self, sorting: Sorting, grouping: Grouping) -> None:
        """Order and groups, remembered for this person."""
        self._keep(replace(self.choice, sorting=sorting, grouping=grouping))
        self._arrange()

    def filter(self, filters: Filters) -> None:
        """Other filters. The médecin traitant alone may ask for masked documents."""
        self.filters = replace(filters, masked=filters.masked and self.context.treating)
        self._arrange()

    def reset_filters(self) -> None:
        """Documents in force, whatever their kind, author and date."""
        self.filter(in_force(Filters(new_only=self.filters.new_only), treating=self.context.treating))

    def toggle_new(self) -> None:
        """F7: only what is new. In memory there is no such thing."""
        if not self.context.in_memory:
            self.filter(replace(self.filters, new_only=not self.filters.new_only))

    def toggle_first(self) -> None:
        """Alt+U, in emergency: what is to be read first."""
        if self.context.in_memory:
            self.first_only = not self.first_only
            self._arrange()

    def search(self, words: str) -> None:
        """Words typed in the dossier's own search."""
        self.words = words.strip()
        if self.words:
            self._typed.start()
        else:
            self._typed.stop()
            self.hits = {}
            self._arrange()

    # -- one document -------------------------------------------------------------------------------------------------

    @property
    def place(self) -> tuple[int, int]:
        """Place of the document among the rows shown, from 1 (0 when it is not among them), and how many there are."""
        shown = self.document.shown
        return (self._place.get(shown.key, 0) if shown else 0, len(self.rows))

    def row(self, key: str) -> RecordRow | None:
        """A row by its key, or by the key of a copy folded in it."""
        return self._by_key.get(key)

    def choose(self, key: str) -> None:
        """Read a document."""
        row = self.row(key)
        if row is not None:
            self.document.choose(row)

    def step(self, by: int) -> None:
        """The next or the previous document of the list."""
        target = self.place[0] - 1 + by if self.place[0] else 0
        if 0 <= target < len(self.rows):
            self.choose(self.rows[target].key)

    def lot(self) -> tuple[RecordRow, ...]:
        """Documents that left with the one shown."""
        shown = self.document.shown
        found = (self.row(key) for key in shown.lot) if shown else ()
        return tuple(dict.fromkeys(row for row in found if row is not None))

    # -- inside -------------------------------------------------------------------------------------------------------

    def _looked(self, look: Look) -> None:
        self.all_rows, self.state, self.looked = look.rows, look.state, True
        self._by_key = {folded.entry.logical_id: row for row in look.rows for folded in (row.kept, *row.copies)}
        self.document.follow(self._by_key)
        self._arrange()

    def _arrange(self) -> None:
        question = Question(self.filters, self.choice, self.rubrique, self.words, frozenset(self.hits), self.first_only)
        found = arrange(self.all_rows, self.state, question, self.context, self.now())
        self.groups, self.counts = found.groups, found.counts
        self.rows = tuple(row for group in self.groups for row in group.rows)
        self._place = {row.key: place for place, row in enumerate(self.rows, 1)}
        self.list_changed.emit()

    def _search(self) -> None:
        words = self.words

        def found(hits: tuple[Hit, ...]) -> None:
            if words == self.words:
                self.hits = {hit.logical_id: hit for hit in hits}
                self._arrange()

        self._work.run(Lane.CACHE, lambda: self._record.search(words), found, self._failed)

    def _keep(self, choice: ListChoice) -> None:
        self.choice = choice
        text = choice.text()
        self._work.run(Lane.CACHE, lambda: self._memory.keep(text), lambda _none: None, self._failed)

    def _refreshed(self, report: RefreshReport) -> None:
        self.refreshing, self._asking = False, None
        self.halted = report.cause if report.outcome is RefreshOutcome.HALTED else ""
        if report.outcome not in (RefreshOutcome.DONE, RefreshOutcome.HALTED):
            self.forget()
            self.turned_away.emit(report)
            return
        if self._record.context.treating and not self.context.treating:
            self.filters = replace(self.filters, masked=True)
        self.context = self._record.context
        self.status_changed.emit()

        def seen(look: Look) -> None:
            self._looked(look)
            if not self.context.in_memory:
                if self.document.shown is None and self.rows:
                    self.choose(self.rows[0].key)
                # In an emergency only what is read leaves the store: the trace must be the list of what was read.
                fresh = [row.key for row in self.all_rows if row.is_new and not row.kept.content_here]
                self._to_fetch = fresh[:PREFETCHED]
                self._prefetch()

        self._work.run(Lane.CACHE, self._record.look, seen, self._failed)

    def _prefetch(self) -> None:
        """One document at a time: one that is asked for meanwhile waits for one only."""
        if not self._to_fetch:
            return
        key = self._to_fetch.pop(0)

        def stop(_error: DmpError) -> None:
            # The network is away: told by the next refresh, and by whichever document is asked for.
            self._to_fetch.clear()

        self._work.run(Lane.SYNC, lambda: self._record.prefetch((key,)), lambda _came: self._prefetch(), stop)

    def _unrefreshed(self, error: DmpError) -> None:
        self.refreshing, self._asking = False, None
        self.fault = None if isinstance(error, Cancelled) else error
        self.status_changed.emit()

    def _failed(self, error: DmpError) -> None:
        self.fault = None if isinstance(error, Cancelled) else error
        self.status_changed.emit()

    def _unmark(self, key: str) -> None:
        """What was read is no longer new: told without reading the whole copy again."""
        at = self.now()

        def read(row: RecordRow) -> RecordRow:
            return replace(row, is_new=False, kept=replace(row.kept, read_at=at)) if row.key == key else row

        was = self.row(key)
        if was is None:
            return
        self.all_rows = tuple(read(row) for row in self.all_rows)
        self._by_key = {**self._by_key, **{k: read(row) for k, row in self._by_key.items() if row.key == key}}
        self._arrange()
