"""« À traiter » through the real window: what waits, why, and the one next step."""

from time import monotonic

from helpers.window import Window

from dmp_desktop.domain.events import EventState
from dmp_desktop.sandbox.faults import Fault, FaultKind, Transaction
from dmp_desktop.services.opening import Stage
from dmp_desktop.ui.widgets.messages import SCANNER_MS


def waiting(window: Window) -> None:
    """Go to the list and wait for its rows."""
    room = window.program.room
    assert room is not None
    room.go("waiting")
    window.until(lambda: room.waiting.rows)


def test_what_waits_leaves_when_the_store_is_back(window: Window) -> None:
    """An opening kept offline is listed with its cause; F5 sends it, and its papers are then offered and printed."""
    window.sign()
    window.choose("famille-corniche", 2)
    window.stage(Stage.CONSENT)
    window.press("Space", "Tab", "Space")
    window.sandbox.faults.order(Fault(FaultKind.SERVER_ERROR, Transaction.CREATION))
    window.send()
    assert window.event.state is EventState.WAITING
    waiting(window)
    assert "CORNICHE" in window.words()
    window.press("F5")
    room = window.program.room
    assert room is not None
    window.until(lambda: room.waiting.row and room.waiting.row.event.state is EventState.CONFIRMED)
    window.press("Return")
    window.until(lambda: len(window.tray.printed) == 2)
    window.until(lambda: room.waiting.row and room.waiting.row.printed)
    assert window.created() == 1


def test_a_refusal_is_taken_note_of(window: Window) -> None:
    """Refused by the store: quoted, then gone from the list once noted."""
    window.sign()
    window.choose("famille-corniche", 2)
    window.stage(Stage.CONSENT)
    window.press("Space", "Tab", "Space")
    code = "DMPAccessDeniedByRightsService"
    window.sandbox.faults.order(Fault(FaultKind.REFUSE, Transaction.CREATION, code=code, text="Droits insuffisants"))
    window.send()
    waiting(window)
    assert "Droits insuffisants" in window.words()
    room = window.program.room
    assert room is not None
    window.press("Return")
    window.until(lambda: not room.waiting.rows)
    assert "Rien n’attend." in window.words()


def test_an_act_is_abandoned_only_with_a_reason(window: Window) -> None:
    """Alt+A asks a reason; Escape keeps the act, a reason ends it, and nothing was sent."""
    window.sign()
    window.choose("famille-corniche", 2)
    window.stage(Stage.CONSENT)
    window.press("Space", "Tab", "Space")
    window.sandbox.faults.order(Fault(FaultKind.SERVER_ERROR, Transaction.CREATION, times=None))
    window.send()
    waiting(window)
    room = window.program.room
    assert room is not None
    window.press("Alt+A")
    window.press("Escape")
    assert room.waiting.row is not None
    assert room.waiting.row.event.state is EventState.WAITING
    window.press("Alt+A")
    window.until(lambda: window.focus_name == "Motif de l’abandon")
    window.type("La personne ne veut plus")
    window.press("Ctrl+Return")
    assert room.waiting.row.event.state is EventState.WAITING, "keys that close to each other come from a scanner"
    typed = monotonic()
    window.until(lambda: (monotonic() - typed) * 1000 > SCANNER_MS)
    window.press("Ctrl+Return")
    window.until(lambda: room.waiting.row and room.waiting.row.event.state is EventState.REFUSED)
    assert window.created() == 0


def test_the_list_is_hidden_by_the_lock(window: Window) -> None:
    """The card pulled out: no row remains."""
    window.sign()
    window.choose("famille-corniche", 2)
    window.stage(Stage.CONSENT)
    window.press("Space", "Tab", "Space")
    window.sandbox.faults.order(Fault(FaultKind.SERVER_ERROR, Transaction.CREATION))
    window.send()
    waiting(window)
    window.pull_card()
    window.until(lambda: window.program.shell.locked)
    assert "CORNICHE" not in window.words()
    room = window.program.room
    assert room is not None
    assert room.waiting.rows == ()
