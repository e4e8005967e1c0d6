"""What the emergency screens decide: the two gestures, the band, the end by itself, the list to sign. No widget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from dmp_desktop.domain.document import DocumentEntry
from dmp_desktop.domain.habilitations import AccessMode
from dmp_desktop.domain.record import RecordContext
from dmp_desktop.errors import Cancelled, DmpError
from dmp_desktop.services.emergency import (
    Beat,
    EmergencyDesk,
    EmergencyFlow,
    Ending,
    MemoryCopy,
    ReadLine,
    Situation,
    Stage,
)
from dmp_desktop.ui.emergency.band import BandContent, BandKind
from dmp_desktop.ui.opening.port import Lanes
from dmp_desktop.ui.tasks import Lane


@dataclass(frozen=True, slots=True, repr=False)
class OpenedInMemory:
    """A record entered in emergency or secretly: its context and the memory it lives in."""

    context: RecordContext
    copy: MemoryCopy

    def __repr__(self) -> str:
        return f"OpenedInMemory({self.context!r})"


class EmergencyPresenter(QObject):
    """One access at a time, in memory only.

    :param memory: a new copy that writes nothing to the disk; made when an access opens, closed when it ends.
    :ivar left: emitted when there is nothing more to show: given up before, or signed after.
    """

    changed = Signal()
    band_changed = Signal(object)
    opened = Signal(object)
    ended = Signal()
    left = Signal()

    def __init__(self, desk: EmergencyDesk, lanes: Lanes, memory: Callable[[], MemoryCopy]) -> None:
        super().__init__()
        self._desk, self._lanes, self._memory = desk, lanes, memory
        self.flow: EmergencyFlow | None = None
        self.fault: DmpError | None = None
        self.busy = False
        self._copy: MemoryCopy | None = None
        self._to_sign: dict[str, EmergencyFlow] = {}
        self._stay = 0
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self.beat)

    # -- first gesture ------------------------------------------------------------------------------------------------

    @property
    def active(self) -> bool:
        """Whether a record is open in memory now."""
        return self._copy is not None

    def begin(self, context: RecordContext, mode: AccessMode = AccessMode.BREAK_GLASS) -> None:
        """F12, first gesture: may it be done. Refused at once by the matrix, else the store is asked."""
        if self.active or self.busy:
            return
        self.flow = self._desk.begin(context, mode)
        self.fault = None
        self.ask()

    def ask(self) -> None:
        """Ask the store, or ask it again (F5)."""
        flow = self.flow
        if flow is None or flow.stage is not Stage.ASKING or self.busy:
            self._tell()
            return
        stay = self._started()

        def done(answer: tuple[object, object]) -> None:
            if self._finished(stay):
                flow.answered(*answer)  # type: ignore[arg-type]  # what the desk gave
                self._tell()

        self._lanes.run(Lane.SYNC, lambda: self._desk.ask(flow), done, lambda error: self._failed(stay, error))
        self._tell()

    # -- the form -----------------------------------------------------------------------------------------------------

    def describe(self, situation: Situation | None, sentence: str, *, ticked: bool) -> None:
        """What was chosen and typed so far; it lives as long as the form."""
        flow = self.flow
        if flow is not None and flow.stage is Stage.MOTIVE:
            flow.situation, flow.sentence, flow.ticked = situation, sentence, ticked
            self._tell()

    def give_up(self) -> None:
        """Escape, before anything was read."""
        flow = self.flow
        if flow is not None and flow.stage in {Stage.ASKING, Stage.REFUSED, Stage.MOTIVE}:
            flow.give_up()
            self.flow = None
        elif flow is not None:
            return
        self._leave()

    # -- second gesture -----------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Ctrl+F12: the access is written to the journal, then the record opens in memory."""
        flow = self.flow
        if flow is None or flow.stage is not Stage.MOTIVE or flow.blocker is not None or self.busy:
            return
        stay = self._started()

        def work() -> MemoryCopy:
            self._desk.journal_opened(flow)
            return self._memory()

        def done(copy: MemoryCopy) -> None:
            if not self._finished(stay):
                self._lanes.run(Lane.CACHE, copy.close, lambda _none: None, self._journal_failed)
                return
            context = flow.open()
            self._copy = copy
            self._clock.start()
            self._tell()
            self.opened.emit(OpenedInMemory(context, copy))

        self._lanes.run(Lane.CACHE, work, done, lambda error: self._failed(stay, error))
        self._tell()

    def reading(self, entry: DocumentEntry, then: Callable[[], None], refused: Callable[[DmpError], None]) -> None:
        """A document is about to be shown in an emergency access: written first, shown after."""
        flow = self.flow
        if flow is None or flow.stage is not Stage.OPEN:
            then()
            return

        def done(line: ReadLine) -> None:
            flow.note(line)
            if flow.stage is Stage.OPEN:
                then()
            self._tell()

        self._lanes.run(Lane.CACHE, lambda: self._desk.read(flow, entry), done, refused)

    def beat(self) -> None:
        """A second passed."""
        flow = self.flow
        if flow is None:
            self._clock.stop()
            return
        if flow.beat() is Beat.ENDED:
            self._ended(flow)
        self._tell()

    # -- the end ------------------------------------------------------------------------------------------------------

    def end(self, ending: Ending = Ending.BY_HAND) -> None:
        """Alt+F12, the record closed, the window locked: content is dropped at once."""
        flow = self.flow
        if flow is not None and flow.stage is Stage.OPEN:
            flow.end(ending)
            self._ended(flow)
        self._tell()

    def sign(self) -> None:
        """The list was read through by whoever entered."""
        flow = self.flow
        if flow is None or flow.stage is not Stage.SIGNING or self.busy:
            return
        stay = self._started()

        def done(_none: None) -> None:
            if self._finished(stay):
                self._to_sign.pop(flow.context.author.professional, None)
                flow.sign()
                self.flow = None
                self._leave()

        self._lanes.run(
            Lane.CACHE, lambda: self._desk.journal_signed(flow), done, lambda error: self._failed(stay, error)
        )

    def suspend(self) -> None:
        """The window is locked, the card is out: an access ends, a form is forgotten."""
        self._stay += 1
        self.busy = False
        self.end(Ending.LOCKED)
        flow = self.flow
        if flow is not None and flow.stage is not Stage.SIGNING:
            flow.give_up()
        self.flow, self.fault = None, None
        self._tell()

    def resume(self, professional: str) -> bool:
        """Someone signed in: their own list comes back to be signed. Another's is never shown to them.

        :return: whether there is one.
        """
        self.flow = self._to_sign.get(professional)
        self._tell()
        return self.flow is not None

    # -- inside -------------------------------------------------------------------------------------------------------

    def _ended(self, flow: EmergencyFlow) -> None:
        self._clock.stop()
        self._to_sign[flow.context.author.professional] = flow
        # What was read is let go of before anything else; then it is written down.
        copy, self._copy = self._copy, None
        self.ended.emit()

        def work() -> None:
            if copy is not None:
                copy.close()
            self._desk.journal_ended(flow)

        self._lanes.run(Lane.CACHE, work, lambda _none: None, self._journal_failed)

    def _journal_failed(self, error: DmpError) -> None:
        self.fault = error
        self.changed.emit()

    def _leave(self) -> None:
        self.fault = None
        self._tell()
        self.left.emit()

    def _started(self) -> int:
        self.busy, self.fault = True, None
        self._stay += 1
        return self._stay

    def _finished(self, stay: int) -> bool:
        """Whether what was asked still has somebody waiting for it."""
        if stay != self._stay:
            return False
        self.busy = False
        return True

    def _failed(self, stay: int, error: DmpError) -> None:
        if self._finished(stay):
            self.fault = None if isinstance(error, Cancelled) else error
            self._tell()

    def _tell(self) -> None:
        self.changed.emit()
        self.band_changed.emit(self.band())

    def band(self) -> BandContent | None:
        """What the band says now."""
        flow = self.flow
        if flow is None or flow.stage in {Stage.REFUSED, Stage.ENDED, Stage.SIGNING}:
            return None
        regulation = flow.mode is AccessMode.CENTRE_15
        title = "Accès en urgence, régulation médicale" if regulation else "Accès en urgence, bris de glace"
        if flow.stage is not Stage.OPEN:
            words = "Étape 2 sur 2\u00a0: rien n’est encore lu. Échap abandonne."
            return BandContent(BandKind.EMERGENCY, title, words, minutes(flow.left))
        words = "Appel en cours" if regulation else f"Motif\u00a0: {flow.motive}"
        return BandContent(
            BandKind.EMERGENCY, title, words, minutes(flow.left), ending=flow.warned, end="Terminer l’accès"
        )


def minutes(left: timedelta) -> str:
    """``28 min 40 s``, ``30 min``, ``45 s``."""
    seconds = int(left.total_seconds())
    whole, rest = divmod(seconds, 60)
    parts = [f"{whole}\u00a0min"] if whole else []
    if rest or not whole:
        parts.append(f"{rest}\u00a0s")
    return "\u00a0".join(parts)
