"""The sandbox in somebody's hands: its cards and its breakdowns, as the panel of the screen asks for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dmp_desktop.errors import DmpError
from dmp_desktop.ui.opening.port import Lanes
from dmp_desktop.ui.simulated_cards import SimulatedCard, Slot
from dmp_desktop.ui.tasks import Lane

if TYPE_CHECKING:
    from dmp_desktop.sandbox.faults import Fault
    from dmp_desktop.sandbox.sandbox import Sandbox

SLOW, CUT, DOWN, MUTE, STOPPED, UNPLUGGED = "slow", "cut", "down", "mute", "stopped", "unplugged"
_BREAKDOWNS = (
    (SLOW, "Réseau lent"),
    (CUT, "Réseau coupé"),
    (DOWN, "DMP en panne"),
    (MUTE, "Lecteur muet"),
    (STOPPED, "Service arrêté"),
    (UNPLUGGED, "Sans lecteur"),
)
_SLOW_SECONDS = 3.0


@dataclass(slots=True)
class SandboxHands:
    """Works the simulated readers and the faults of one sandbox, from the screen's thread.

    :ivar lanes: a card put in for the first time has its keys made: that is not the screen's work.
    :ivar changed: called when a card that was asked for is in.
    """

    lanes: Lanes
    changed: Callable[[], None]
    _sandbox: Sandbox | None = None
    _cards: tuple[SimulatedCard, ...] = ()
    _playing: str = ""

    def hold(self, sandbox: Sandbox) -> None:
        """The sandbox is started."""
        from dmp_desktop.sandbox import people

        self._sandbox = sandbox
        told = {person.key: person.told for person in people.PEOPLE}
        told["famille-corniche"] = told["odile"]
        professionals = [
            SimulatedCard(p.key, Slot.PROFESSIONAL, p.professional.display_name, f"Code {p.pin}")
            for p in people.PROFESSIONALS
        ]
        vitales = [
            SimulatedCard(card.key, Slot.VITALE, card.label, _spaced(told.get(card.key, "")))
            for card in people.VITALE_CARDS
        ]
        self._cards = (*professionals, *vitales)
        self.changed()

    # -- cards --------------------------------------------------------------------------------------------------------

    def cards(self) -> Sequence[SimulatedCard]:
        """The cast; nobody while the sandbox starts."""
        return self._cards

    def insert(self, key: str) -> None:
        """Put a card into its usual slot."""
        sandbox = self._held()
        slot = next(card.slot for card in self._cards if card.key == key)
        reader, muted = _reader(slot), self._playing == MUTE and slot is Slot.VITALE

        def put() -> None:
            if muted:
                sandbox.readers.mute(reader, sandbox.card(key))
            else:
                sandbox.insert(reader, key)

        self.lanes.run(Lane.CARDS, put, lambda _none: self.changed(), self._failed)

    def remove(self, slot: Slot) -> None:
        """Take a card out, even while it is being read."""
        self._held().readers.remove(_reader(slot))

    def inserted(self, slot: Slot) -> str:
        """Which card of the cast is in."""
        return self._sandbox.inserted(_reader(slot)) if self._sandbox is not None else ""

    # -- breakdowns ---------------------------------------------------------------------------------------------------

    def known(self) -> Sequence[tuple[str, str]]:
        """What may be broken."""
        return _BREAKDOWNS

    def playing(self) -> str:
        """What is broken."""
        return self._playing

    def play(self, key: str) -> None:
        """Break one thing; everything else is back to normal."""
        from dmp_desktop.sandbox.cards.readers import LEFT, RIGHT

        sandbox, was = self._held(), self._playing
        self._playing = key
        sandbox.faults.clear()
        for fault in _network(key):
            sandbox.faults.order(fault)
        readers, inside = sandbox.readers, self.inserted(Slot.VITALE)
        readers.service(key != STOPPED)
        for reader in (LEFT, RIGHT):
            readers.plug(reader, key != UNPLUGGED)
        if inside and MUTE in (was, key):
            self.insert(inside)

    def _held(self) -> Sandbox:
        if self._sandbox is None:
            raise RuntimeError("the sandbox is not started")
        return self._sandbox

    def _failed(self, _error: DmpError) -> None:
        self.changed()


def _reader(slot: Slot) -> str:
    from dmp_desktop.sandbox.cards.readers import LEFT, RIGHT

    return LEFT if slot is Slot.PROFESSIONAL else RIGHT


def _network(key: str) -> tuple[Fault, ...]:
    from dmp_desktop.sandbox.faults import Fault, FaultKind

    orders = {
        SLOW: Fault(FaultKind.LATENCY, times=None, seconds=_SLOW_SECONDS),
        CUT: Fault(FaultKind.CUT_BEFORE, times=None),
        DOWN: Fault(FaultKind.SERVER_ERROR, times=None),
    }
    return (orders[key],) if key in orders else ()


def _spaced(words: str) -> str:
    """The sandbox's notes with the spaces of French typography."""
    return words.replace(" ;", "\u202f;").replace(" :", "\u00a0:")
