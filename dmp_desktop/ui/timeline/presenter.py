"""What the clinical views of a record decide: one reading in the cache lane, the window of the timeline, the event
looked at. No widget in it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from dmp_desktop.domain.facts import ReimbursementKind
from dmp_desktop.domain.timeline import ZOOMS, LaneKey, Timeline, TimelineEvent, timeline
from dmp_desktop.errors import Cancelled, DmpError
from dmp_desktop.services.series import Point, Series
from dmp_desktop.services.synthesis import Overview
from dmp_desktop.ui.opening.port import Lanes, Running
from dmp_desktop.ui.tasks import Lane


class OverviewPresenter(QObject):
    """One record in its clinical views. Another person is another presenter.

    :param read: cache lane; makes the overview of what is on this post.
    :ivar overview: ``None`` until the first reading is done.
    :ivar fault: why it could not be read.
    """

    changed = Signal()
    moved = Signal()
    """The window or the event looked at is another one."""
    document_asked = Signal(str)
    curve_asked = Signal(object)

    def __init__(self, read: Callable[[], Overview], lanes: Lanes) -> None:
        super().__init__()
        self._read, self._lanes = read, lanes
        self._running: Running | None = None
        self.overview: Overview | None = None
        self.fault: DmpError | None = None
        self.kind: ReimbursementKind | None = None
        self._zoom = 0
        self._chosen = ""
        self._wide: Timeline | None = None

    def load(self) -> None:
        """Read what is on this post, in the cache lane; what is shown stays until then."""
        if self._running is not None:
            self._running.cancel()
        self._running = self._lanes.run(Lane.CACHE, self._read, self._show, self._tell)

    def close(self) -> None:
        """The record is closed: nothing of it stays here."""
        if self._running is not None:
            self._running.cancel()
        self._running = self.overview = self._wide = None
        self._chosen = ""
        self.deleteLater()

    def _show(self, found: Overview) -> None:
        self._running, self.overview, self.fault = None, found, None
        self._wide = timeline(found.rows, found.bars, found.made_at, last_visit=found.last_visit)
        events = self._wide.events
        if self._chosen not in {event.key for event in events}:
            new = [event for event in events if event.is_new]
            self._chosen = (new or list(events))[-1].key if events else ""
        self.changed.emit()

    def _tell(self, error: DmpError) -> None:
        self._running = None
        if not isinstance(error, Cancelled):
            self.fault = error
            self.changed.emit()

    # -- the timeline -------------------------------------------------------------------------------------------------

    @property
    def events(self) -> tuple[TimelineEvent, ...]:
        """Every event of the widest window, the oldest first: arrows go through them whatever the zoom."""
        return self._wide.events if self._wide is not None else ()

    @property
    def shown(self) -> Timeline | None:
        """The window drawn: it ends with this month, or earlier so that the event looked at is inside."""
        found, wide, months = self.overview, self._wide, ZOOMS[self._zoom]
        if found is None or wide is None:
            return None
        back, event = 0, self.chosen
        if event is not None:
            ago = (wide.end.year - event.at.year) * 12 + wide.end.month - 1 - event.at.month
            back = min(max(0, ago - months // 2), wide.months - months)
        return timeline(
            found.rows, found.bars, found.made_at, last_visit=found.last_visit, months=months, back=max(0, back)
        )

    @property
    def chosen(self) -> TimelineEvent | None:
        """The event looked at."""
        return next((event for event in self.events if event.key == self._chosen), None)

    def choose(self, key: str) -> None:
        """Look at an event."""
        if key != self._chosen and any(event.key == key for event in self.events):
            self._chosen = key
            self.moved.emit()

    def step(self, ahead: int) -> None:
        """The next event of the same lane, or the one before; at its end, the next of all lanes."""
        event = self.chosen
        if event is None:
            return
        lane = [one for one in self.events if one.lane is event.lane]
        place = lane.index(event) + ahead
        if 0 <= place < len(lane):
            self.choose(lane[place].key)
            return
        place = self.events.index(event) + ahead
        if 0 <= place < len(self.events):
            self.choose(self.events[place].key)

    def change_lane(self, down: int) -> None:
        """The event nearest in time of the next lane that has some."""
        event = self.chosen
        if event is None:
            return
        order = list(LaneKey)
        for lane in order[order.index(event.lane) + down :: down] if self._may(order, event, down) else ():
            near = [one for one in self.events if one.lane is lane]
            if near:
                self.choose(min(near, key=lambda one: abs(one.at - event.at)).key)
                return

    @staticmethod
    def _may(order: list[LaneKey], event: TimelineEvent, down: int) -> bool:
        return 0 <= order.index(event.lane) + down < len(order)

    def zoom(self, closer: int) -> None:
        """Closer, or wider."""
        wanted = min(max(0, self._zoom + closer), len(ZOOMS) - 1)
        if wanted != self._zoom:
            self._zoom = wanted
            self.moved.emit()

    @property
    def closest(self) -> bool:
        """Whether it cannot be closer."""
        return self._zoom == len(ZOOMS) - 1

    @property
    def widest(self) -> bool:
        """Whether it cannot be wider."""
        return self._zoom == 0

    # -- what an event says -------------------------------------------------------------------------------------------

    def values_of(self, key: str) -> list[tuple[Series, Point]]:
        """Values of a document, those said abnormal first."""
        found = self.overview
        if found is None:
            return []
        held = [(series, point) for series in found.series for point in series.points if point.key == key]
        return sorted(held, key=lambda one: one[1].observation.abnormal is None)

    def open(self, key: str = "") -> None:
        """Ask for a document: this one, or the one of the event looked at."""
        wanted = key or self._chosen
        if wanted:
            self.document_asked.emit(wanted)

    def curve(self) -> None:
        """Ask for the values over time of the event looked at."""
        values = self.values_of(self._chosen)
        if values:
            self.curve_asked.emit(values[0][0])

    # -- reimbursements -----------------------------------------------------------------------------------------------

    def filter(self, kind: ReimbursementKind | None) -> None:
        """Reimbursements of one kind, or all of them."""
        self.kind = kind
        self.changed.emit()
