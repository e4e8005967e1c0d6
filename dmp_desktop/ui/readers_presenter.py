"""What the readers page shows and does: the doctor's findings over what the program knows. No widget in it."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Signal

from dmp_desktop.cards.doctor import CheckState, Facts, Finding, Reading, Slot, Store, examine
from dmp_desktop.cards.doctor_words import Action
from dmp_desktop.domain.readers import CardRemoved, MixedNatures, ReaderBusy, UnreadableCard
from dmp_desktop.errors import DmpError

STATES = {CheckState.GOOD: "Bon", CheckState.FAILED: "À corriger", CheckState.WAITING: "En attente"}


@dataclass(frozen=True, slots=True)
class Sources:
    """Where each fact comes from; all answer from memory, on the screen's thread.

    :ivar holder: name of the professional whose card is in, ``""`` before it was read; ``tries``: PIN tries left.
    :ivar professional_fault: what last went wrong with the professional card in place, or ``None``.
    :ivar vitale_read: whether the Vitale in place was read whole; ``vitale_fault``: what went wrong reading it.
    :ivar answered: whether the store answered since the program began; ``silent``: whether it is silent now.
    :ivar drift: how far this post's clock is from the store's, ``None`` while unknown; ``tolerated``: its limit.
    """

    service_up: Callable[[], bool]
    slots: Callable[[], Sequence[Slot]]
    module_found: Callable[[], bool]
    holder: Callable[[], str]
    tries: Callable[[], int | None]
    professional_fault: Callable[[], DmpError | None]
    vitale_read: Callable[[], bool]
    vitale_fault: Callable[[], DmpError | None]
    answered: Callable[[], bool]
    silent: Callable[[], bool]
    drift: Callable[[], timedelta | None]
    tolerated: timedelta

    def facts(self) -> Facts:
        """Everything known now."""
        return Facts(
            service_up=self.service_up(),
            slots=tuple(self.slots()),
            module_found=self.module_found(),
            holder=self.holder(),
            tries=self.tries(),
            busy=self._busy(),
            reading=self._reading(),
            store=self._store(),
        )

    def _busy(self) -> str:
        held = any(isinstance(f, ReaderBusy) for f in (self.professional_fault(), self.vitale_fault()))
        return next((slot.name for slot in self.slots() if slot.present), "") if held else ""

    def _reading(self) -> Reading:
        fault = self.vitale_fault()
        if isinstance(fault, CardRemoved):
            return Reading.PULLED
        if isinstance(fault, UnreadableCard):
            return Reading.GARBLED
        return Reading.READ if self.vitale_read() else Reading.NOT_TRIED

    def _store(self) -> Store:
        if any(isinstance(f, MixedNatures) for f in (self.professional_fault(), self.vitale_fault())):
            return Store.OTHER_NATURE
        drift = self.drift()
        if drift is not None and abs(drift) > self.tolerated:
            return Store.CLOCK_DRIFTS
        if self.silent():
            return Store.UNREACHABLE
        return Store.AGREES if self.answered() else Store.NOT_TRIED


class ReadersPresenter(QObject):
    """The findings, the gesture of the first that failed, and the report for whoever helps.

    :param again: try again what can be tried without anybody's decision; what comes of it is told by :meth:`look`.
    :param read: read the Vitale in place again; its content goes nowhere.
    :param possible: which gestures can be made from here beside trying again; the others are not offered.
    :ivar findings: the seven checks, in order.
    """

    changed = Signal()
    asked = Signal(Action)

    def __init__(
        self,
        sources: Sources,
        now: Callable[[], datetime],
        again: Callable[[], None],
        read: Callable[[], None],
        possible: Callable[[], frozenset[Action]],
    ) -> None:
        super().__init__()
        self._sources, self._now = sources, now
        self._again, self._read, self._possible = again, read, possible
        self.findings: tuple[Finding, ...] = ()
        self._looked_at = now()
        self.look()

    @property
    def failed(self) -> Finding | None:
        """The check to put right."""
        return next((f for f in self.findings if f.state is CheckState.FAILED), None)

    @property
    def gesture(self) -> tuple[str, Action] | None:
        """Words and action of the one filled button; ``None`` when nothing is to be put right."""
        finding = self.failed
        if finding is None or finding.advice is None:
            return None
        advice = finding.advice
        if advice.action is Action.RECHECK or advice.action in self._possible():
            return advice.label, advice.action
        return "Revérifier", Action.RECHECK

    @property
    def looked_at(self) -> datetime:
        """When the person last asked, local."""
        return self._looked_at

    def look(self) -> None:
        """Look again at what is known: a card, the service, the store changed."""
        findings = examine(self._sources.facts())
        if findings != self.findings:
            self.findings = findings
            self.changed.emit()

    def recheck(self) -> None:
        """F5: try everything again."""
        self._looked_at = self._now()
        self._again()
        self.look()
        self.changed.emit()

    def do(self) -> None:
        """The gesture of the check that failed."""
        gesture = self.gesture
        if gesture is None:
            return
        match gesture[1]:
            case Action.RECHECK:
                self.recheck()
            case Action.READ_AGAIN:
                self._looked_at = self._now()
                self._read()
                self.changed.emit()
            case action:
                self.asked.emit(action)

    def report(self) -> str:
        """For whoever helps: checks and states. Nobody is named in it, neither professional nor patient."""
        facts = self._sources.facts()
        lines = [
            f"Lecteurs et cartes, état au {self._now():%d/%m/%Y à %H:%M}",
            f"Ordinateur\u00a0: {platform.system()} {platform.release()}",
        ]
        anonymous = examine(
            Facts(
                facts.service_up,
                facts.slots,
                facts.module_found,
                tries=facts.tries,
                busy=facts.busy,
                reading=facts.reading,
                store=facts.store,
            )
        )
        for number, finding in enumerate(anonymous, 1):
            where = f" ({finding.place})" if finding.place else ""
            code = f" [{finding.key}]" if finding.state is CheckState.FAILED else ""
            words = f"{number}. {finding.title}\u00a0: {STATES[finding.state].lower()}. {finding.detail}{where}{code}"
            lines.append(words)
        for slot in facts.slots:
            card = "muette" if slot.mute else slot.family.value if slot.present else "vide"
            lines.append(f"{slot.name}\u00a0: {card}")
        return "\n".join(lines)
