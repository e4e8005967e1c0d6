"""The last act: the card read again, the opening written here, then sent."""

from __future__ import annotations

from collections.abc import Callable

from dmp_desktop.domain.events import Event, Opening
from dmp_desktop.domain.identity import VitaleReading
from dmp_desktop.errors import DmpError
from dmp_desktop.services.opening import OpeningFlow, Stage
from dmp_desktop.ui.opening.errands import Errands, Work
from dmp_desktop.ui.opening.port import DeskPort
from dmp_desktop.ui.tasks import Lane


class Sending:
    """From Ctrl+Entrée to the answer of the store.

    The act is written durably before anything leaves: from then on waiting can be stopped without losing anything, and
    an answer that comes later changes the event shown.

    :param shown: called after each step with the failure to show, or ``None``.
    """

    def __init__(
        self, flow: OpeningFlow, desk: DeskPort, errands: Errands, shown: Callable[[DmpError | None], None]
    ) -> None:
        self._desk = desk
        self._errands = errands
        self._shown = shown
        self.begin(flow)

    def begin(self, flow: OpeningFlow) -> None:
        """About another opening."""
        self._flow = flow
        self.kept: Event | None = None

    def start(self) -> None:
        """Read the card again: another card stops everything before anything leaves (INSi 1.03)."""
        self._errands.start(Work.REREADING, Lane.CARDS, self._desk.read_vitale, self._reread, self._shown)

    def stop_waiting(self) -> None:
        """Leave the answer for later: the opening is written, its sending goes on, its answer is still heard."""
        if self._flow.stage is Stage.SENDING and self.kept is not None:
            self._flow.sent(self.kept)
            self._shown(None)

    def _reread(self, reading: VitaleReading) -> None:
        reactivation = self._flow.reactivation
        self._errands.start(
            Work.WRITING,
            Lane.CACHE,
            lambda: self._desk.next_reference(reactivation),
            lambda reference: self._write(reading, reference),
            self._shown,
        )

    def _write(self, reading: VitaleReading, reference: str) -> None:
        try:
            payload: Opening = self._flow.submit(reading, self._desk.author(), reference)
        except DmpError as error:
            self._shown(error)
            return
        self._errands.start(
            Work.WRITING, Lane.CACHE, lambda: self._desk.keep(payload), self._written, self._not_written
        )
        self._shown(None)

    def _not_written(self, error: DmpError) -> None:
        self._flow.not_kept()
        self._shown(error)

    def _written(self, event: Event) -> None:
        self.kept = event
        if self._flow.form.offline:
            # The services were just found silent: the person is not made to wait for them a second time.
            self._flow.sent(event)
        self._errands.start(
            Work.SENDING, Lane.SYNC, lambda: self._desk.deliver(event.id), self._answered, self._not_delivered
        )
        self._shown(None)

    def _answered(self, event: Event) -> None:
        if self._flow.stage is Stage.SENDING:
            self._flow.sent(event)
        else:
            self._flow.event_changed(event)
        self._shown(None)

    def _not_delivered(self, error: DmpError) -> None:
        if self._flow.stage is Stage.SENDING and self.kept is not None:
            self._flow.sent(self.kept)
            self._shown(error)
