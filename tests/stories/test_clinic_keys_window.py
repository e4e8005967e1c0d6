"""Keys of the clinical window, in the whole program: each has one owner, on every page."""

from __future__ import annotations

from helpers.window import Window, window  # noqa: F401 - the fixture

from dmp_desktop.app.rooms import DEPOSIT
from dmp_desktop.services.emergency import Stage
from dmp_desktop.ui.theme.tokens import Density


def _card(window: Window, key: str) -> None:  # noqa: F811 - the fixture's value
    window.press("F3")
    window.vitale(key)


def test_f12_at_the_gate_enters_in_an_emergency_and_alt_f12_ends_it(window: Window) -> None:  # noqa: F811
    """The two gestures, then the end, by the keyboard alone; the doctor's screens are compact."""
    window.sign("brindille")
    assert window.program.appearance.theme.density is Density.COMPACT
    clinic = window.program.room.clinic if window.program.room is not None else None
    assert clinic is not None
    _card(window, "ernest")
    window.until(lambda: clinic.record.gate.gate is not None and not window.program.lanes.busy)
    window.press("F12")
    presenter = clinic.emergency.presenter
    window.until(lambda: presenter.flow is not None and presenter.flow.stage is Stage.MOTIVE)
    assert "Allergies indisponibles" in window.words()
    window.until(lambda: window.focus_name)
    window.press("Space")
    window.tab_to("Motif en une phrase")
    window.type("Inconsciente, allergies a connaitre")
    window.press("Tab", "Space")
    window.press("Ctrl+F12")
    window.until(lambda: presenter.active and clinic.record.record is not None)
    window.press("Alt+F12")
    window.until(lambda: presenter.flow is not None and presenter.flow.stage is Stage.SIGNING)


def test_allergies_read_in_the_record_are_told_on_the_deposit_page(window: Window) -> None:  # noqa: F811
    """The banner is the same on every page about the person."""
    window.sign("brindille")
    clinic = window.program.room.clinic if window.program.room is not None else None
    assert clinic is not None
    _card(window, "hortense")
    window.until(lambda: "Allergies connues" in window.words())
    window.program.shell.asked.emit(DEPOSIT)
    assert "Allergies connues" in window.words()


def test_ctrl_w_closes_the_record_from_its_timeline(window: Window) -> None:  # noqa: F811
    """The key of the record is heard where the doctor is, in the list of documents."""
    window.sign("brindille")
    clinic = window.program.room.clinic if window.program.room is not None else None
    assert clinic is not None
    _card(window, "hortense")
    window.until(lambda: clinic.record.record is not None and "Allergies connues" in window.words())
    window.press("Ctrl+W")
    window.until(lambda: clinic.record.record is None)
