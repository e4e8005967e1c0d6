"""The administrative page in the real window: a reception changes a mobile, loses the network, decides a conflict."""

from __future__ import annotations

from time import monotonic

from helpers.window import Window

from dmp_desktop.app.rooms import PEOPLE, PERSON, WAITING
from dmp_desktop.domain.events import EventState
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.faults import Fault, FaultKind
from dmp_desktop.ui.person.presenter import PersonPresenter
from dmp_desktop.ui.widgets.messages import SCANNER_MS

CAMILLE = people.person("camille-1986")


def presenter_of(window: Window) -> PersonPresenter:
    """What the page shows."""
    assert window.program.room is not None
    return window.program.room.clinic.person.presenter


def settle(window: Window) -> None:
    """Nothing is under way."""
    window.until(lambda: not window.program.lanes.busy)


def received(window: Window, card: str) -> None:
    """F3, the card, F4: their page."""
    window.press("F3")
    window.vitale(card)
    window.until(lambda: window.program.board.vitale_slot() is not None)
    window.press("F4")
    window.until(lambda: window.program.shell.page == PERSON and presenter_of(window).file is not None)
    settle(window)


def by_name(window: Window, letters: str) -> None:
    """F3, letters, Enter: their page."""
    window.press("F3")
    window.type(letters)
    window.press("Return")
    window.until(lambda: window.program.shell.page == PERSON and presenter_of(window).file is not None)
    settle(window)


def mobile_at_the_store(window: Window) -> str:
    """What the store holds."""
    dossier = window.sandbox.store.dossier(CAMILLE.ins)
    assert dossier is not None
    return dossier.mobile


def retype(window: Window, mobile: str) -> None:
    """Another mobile in the field, which has the keyboard."""
    assert window.focus_name == "Mobile"
    window.press("Ctrl+A")
    window.type(mobile)


def by_hand(window: Window, key: str) -> None:
    """A key, long enough after the one before: keys that close to each other would be a scanner's."""
    before = monotonic()
    window.until(lambda: (monotonic() - before) * 1000 > SCANNER_MS)
    window.press(key)


def test_a_reception_changes_a_mobile_loses_the_network_and_decides_a_conflict(window: Window) -> None:
    """By keys alone: found by name, read, changed, confirmed; changed offline; changed on both sides, decided."""
    window.sign("papier")
    received(window, "camille-1986")
    window.pull_vitale()
    assert "TOURNESOL" in window.words()
    by_name(window, "tournes")
    presenter = presenter_of(window)

    window.press("Alt+C")
    window.until(lambda: presenter.editable)
    settle(window)
    retype(window, "06 98 76 54 32")
    window.press("Ctrl+Return")
    window.until(lambda: "Changement confirmé par le DMP" in window.words())
    assert mobile_at_the_store(window) == "0698765432"

    # The network is cut: the change is written here, told as such, and nothing else may be typed meanwhile.
    settle(window)
    window.sandbox.faults.order(Fault(FaultKind.CUT_BEFORE, times=None))
    window.tab_to("Mobile")
    retype(window, "0611111111")
    window.press("Ctrl+Return")
    window.until(lambda: "écrit ici, pas encore au DMP" in window.words())
    settle(window)
    assert not presenter.editable
    assert mobile_at_the_store(window) == "0698765432"
    # Meanwhile somebody else changes it at the store; then the network is back.
    window.sandbox.store.change(CAMILLE.ins, mobile="0722222222")
    window.sandbox.faults.clear()
    window.press("Alt+T")
    room = window.program.room
    assert room is not None
    window.until(lambda: window.program.shell.page == WAITING and room.waiting.row is not None)
    window.press("F5")
    window.until(lambda: room.waiting.row and room.waiting.row.event.cause == "contact-conflict")
    settle(window)
    assert mobile_at_the_store(window) == "0722222222"

    by_name(window, "tournes")
    window.until(lambda: "Le changement attend une décision." in window.words())
    window.press("Alt+T")
    window.until(lambda: window.program.shell.page == WAITING)
    settle(window)
    window.press("Return")
    window.until(lambda: "07 22 22 22 22" in window.words() and "06 11 11 11 11" in window.words())
    window.until(lambda: window.focus_name == "Garder la valeur du DMP\u00a0: 07 22 22 22 22, aucun courriel")
    by_hand(window, "Down")
    assert window.focus_name == "Envoyer la nôtre\u00a0: 06 11 11 11 11, aucun courriel"
    by_hand(window, "Space")
    by_hand(window, "Alt+C")
    window.until(lambda: mobile_at_the_store(window) == "0611111111")
    settle(window)
    by_name(window, "tournes")
    assert "Changement confirmé par le DMP" in window.words()
    window.until(lambda: "Rien n’attend pour cette personne." in window.words())


def test_nobody_remains_when_the_window_locks(window: Window) -> None:
    """The card pulled out: neither the person nor what was read of them."""
    window.sign("papier")
    received(window, "camille-1986")
    window.press("Alt+C")
    presenter = presenter_of(window)
    window.until(lambda: presenter.editable)
    window.pull_card()
    window.until(lambda: window.program.shell.locked)
    assert presenter.file is None
    assert presenter.held is None
    page = window.program.room.clinic.person.page if window.program.room is not None else None
    assert page is not None
    assert page.contact.mobile.text() == ""


def test_a_dossier_of_mon_espace_sante_is_administered_there(window: Window) -> None:
    """Reached by Alt+F, the reason stands in the place of the fields; Alt+O goes to the record."""
    window.sign("brindille")
    window.press("F3")
    settle(window)
    window.vitale("hortense")
    window.until(lambda: window.program.board.vitale_slot() is not None)
    window.until(lambda: window.program.shell.page != PEOPLE)
    settle(window)
    window.pull_vitale()
    window.press("F3")
    window.type("sauge")
    room = window.program.room
    assert room is not None
    window.until(lambda: room.clinic.people.finding.settled and room.clinic.people.finding.chosen)
    window.press("Alt+F")
    window.until(lambda: window.program.shell.page == PERSON and presenter_of(window).file is not None)
    settle(window)
    window.press("Alt+C")
    window.until(lambda: presenter_of(window).held is not None)
    settle(window)
    assert not presenter_of(window).editable
    assert "Ce DMP est rattaché à Mon espace santé" in window.words()
    assert "Envoyer le changement" not in window.words()
    assert presenter_of(window).file is not None
    window.press("Alt+O")
    window.until(lambda: window.program.shell.page == "record")
    events = room.store.outbox.of_dossier(presenter_of(window).dossier)
    assert not [e for e in events if e.state is not EventState.CONFIRMED]
