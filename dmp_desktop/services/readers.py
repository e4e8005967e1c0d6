"""The readers of the post as last seen: which slot holds what, and whether the service runs."""

from __future__ import annotations

from dataclasses import dataclass, field

from dmp_desktop.config import CardSettings
from dmp_desktop.domain.readers import CardFamily, ReaderChange, ReaderEvent


@dataclass(frozen=True, slots=True)
class SlotView:
    """One reader slot."""

    name: str
    present: bool = False
    mute: bool = False
    family: CardFamily = CardFamily.UNKNOWN


@dataclass(slots=True)
class ReaderBoard:
    """Keeps the last state from the watcher's events.

    Only the UI thread changes it; ``slots`` is replaced, never altered, so that a lane may read it.
    """

    settings: CardSettings
    service_up: bool = False
    slots: dict[str, SlotView] = field(default_factory=dict)

    def saw(self, event: ReaderEvent) -> None:
        """Take one event in."""
        match event.change:
            case ReaderChange.SERVICE_UP:
                self.service_up = True
            case ReaderChange.SERVICE_DOWN:
                self.service_up = False
                self.slots = {}
            case ReaderChange.READER_GONE:
                self.slots = {name: slot for name, slot in self.slots.items() if name != event.reader}
            case ReaderChange.READER_ADDED | ReaderChange.CARD_OUT:
                self._set(SlotView(event.reader))
            case ReaderChange.CARD_IN:
                self._set(SlotView(event.reader, present=True, family=event.family))
            case ReaderChange.CARD_MUTE:
                self._set(SlotView(event.reader, present=True, mute=True))

    def _set(self, slot: SlotView) -> None:
        self.slots = {**self.slots, slot.name: slot}

    def vitale_slot(self) -> SlotView | None:
        """The slot that holds a Vitale, the preferred reader first; else the one whose card does not answer."""
        preferred = self.settings.vitale_reader
        slots = sorted(self.slots.values(), key=lambda slot: (slot.name != preferred, slot.name))
        for slot in slots:
            if slot.family in {CardFamily.VITALE_2, CardFamily.VITALE_1}:
                return slot
        professional = self.professional_slot()
        others = [slot for slot in slots if slot.present and slot is not professional]
        return others[0] if others else None

    def professional_slot(self) -> SlotView | None:
        """The slot that holds a professional card, the preferred reader first."""
        preferred = self.settings.professional_reader
        found = [slot for slot in self.slots.values() if slot.family is CardFamily.CPS]
        return min(found, key=lambda slot: (slot.name != preferred, slot.name), default=None)
