"""Where a paper goes and what became of it, in words."""

from __future__ import annotations

from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.opening.tray import PaperSlot, PaperState

_CHIPS = {
    PaperState.READY: ("success", "success", "Prêt"),
    PaperState.DISABLED: ("offline", "pause", "Plus tard"),
    PaperState.PRINTING: ("info", "printer", "Impression…"),
    PaperState.PRINTED: ("success", "check", "Imprimé"),
    PaperState.FAILED: ("danger", "danger", "Non imprimé"),
}


def paper_chip(slot: PaperSlot) -> tuple[str, str, str]:
    """State, icon and word of a paper."""
    state, icon, word = _CHIPS[slot.state]
    at = f" à {texts.hour(slot.printed_at)}" if slot.state is PaperState.PRINTED and slot.printed_at else ""
    return state, icon, word + at


def printer_of(slot: PaperSlot) -> str:
    """Its printer; without one in the settings, the system's dialog will ask."""
    if slot.state is PaperState.DISABLED:
        return ""
    return slot.paper.printer or "À choisir"
