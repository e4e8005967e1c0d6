"""A newcomer alone with the sandbox: cards put in by keyboard, an opening, a network broken and mended."""

from __future__ import annotations

from helpers.window import Window, words_of
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from dmp_desktop.cards.doctor_words import Action
from dmp_desktop.services.opening import Stage
from dmp_desktop.ui.lock import LockScreen
from dmp_desktop.ui.readers_page import ReadersPage
from dmp_desktop.ui.simulated_cards import CardList


def in_place(window: Window, words: str) -> bool:
    """Whether the panel says so."""
    return words in words_of(window.panel)


def laid_out(window: Window) -> None:
    """Wait until the cards are on the table."""
    window.until(lambda: window.panel.list.current)


def tab_to(window: Window, name: str) -> None:
    """Tab until something of this accessible name has the keyboard."""
    for _ in range(40):
        if window.focus_name == name:
            return
        window.press("Tab")
    raise AssertionError(f"Tab never reaches {name}")


def pick(window: Window, key: str) -> None:
    """In the list, arrows to a card, then Enter."""
    tab_to(window, "Cartes simulées")
    window.press("Home")
    for _ in range(40):
        if window.panel.list.current == key:
            break
        window.press("Down")
    assert window.panel.list.current == key
    window.press("Return")


def sign_in(window: Window) -> None:
    """Dr Brindille's card, put in with the panel, and her code, read on the panel."""
    window.until(lambda: "Dr Aurore Brindille" in window.panel.list.accessibleDescription())
    pick(window, "brindille")
    window.until(lambda: window.focus_name == "Code de la carte")
    window.type("1234")
    window.press("Return")
    window.until(lambda: not window.program.shell.locked and QApplication.focusWidget())


def readers(window: Window) -> ReadersPage:
    """Go to the readers page."""
    assert window.program.room is not None
    window.program.room.go("readers")
    return window.program.readers.page


def test_the_whole_opening_by_hand(window: Window) -> None:
    """Both cards are put in with the panel by keyboard, and a dossier is opened."""
    sign_in(window)
    window.press("F2")
    readers(window)
    pick(window, "famille-corniche")
    window.press("Escape")
    window.stage(Stage.PERSON)
    window.press("2", "Return")
    window.consent()
    window.send()
    assert window.flow.confirmed
    assert window.created() == 1


def test_the_panel_says_what_is_in_and_takes_it_out(window: Window) -> None:
    """The card that is in is named; Enter on it takes it out and the post locks."""
    sign_in(window)
    readers(window)
    window.until(lambda: in_place(window, "Gauche\u00a0: Dr Aurore Brindille"))
    pick(window, "brindille")
    window.until(lambda: window.program.shell.locked)
    window.until(lambda: in_place(window, "Gauche\u00a0: vide"))
    assert window.sandbox.inserted("Lecteur simulé, fente de gauche") == ""


def test_a_network_broken_then_mended(window: Window) -> None:
    """Cut, INSi does not answer and nothing is lost; back to normal, the same question is answered."""
    sign_in(window)
    window.press("F2")
    readers(window)
    pick(window, "ernest")
    tab_to(window, "Réseau coupé")
    window.press("Space")
    window.press("Escape")
    window.stage(Stage.PERSON)
    window.press("1", "Return")
    window.until(lambda: window.flow.insi_failure is not None)
    readers(window)
    window.until(lambda: "Le DMP ne répond pas." in window.words())
    tab_to(window, "Retour à la normale")
    window.press("Space")
    assert window.program.readers.presenter.failed is not None
    window.press("Escape", "F5")
    window.until(lambda: window.flow.insi is not None)
    readers(window)
    window.until(lambda: window.program.readers.presenter.failed is None)


def test_a_mute_reader_is_diagnosed_and_mended(window: Window) -> None:
    """« Lecteur muet »: the Vitale in place stops answering, the doctor says so; back to normal, F5 reads it."""
    sign_in(window)
    page = readers(window)
    pick(window, "ernest")
    tab_to(window, "Lecteur muet")
    window.press("Space")
    window.until(lambda: window.program.readers.presenter.failed is not None)
    window.until(lambda: "Retournez la carte Vitale" in window.words())
    tab_to(window, "Retour à la normale")
    window.press("Space")
    window.until(lambda: window.program.readers.presenter.failed is None)
    window.press("F5")
    window.until(lambda: "La carte a été lue en entier." in window.words())
    assert "MIRABELLE" not in window.program.readers.presenter.report()
    assert page.isVisible()


def test_a_stopped_service_is_played_from_the_lock_screen(window: Window) -> None:
    """« Service arrêté » beside the sign-in; F1 explains it over the lock; Escape comes back."""
    laid_out(window)
    tab_to(window, "Service arrêté")
    window.press("Space")
    window.until(lambda: not window.program.board.service_up)
    window.press("F1")
    window.until(lambda: "Le service de cartes de l’ordinateur est arrêté." in window.words())
    assert window.program.shell.locked
    window.press("Escape")
    assert window.program.shell.findChild(LockScreen).isVisible()
    tab_to(window, "Retour à la normale")
    window.press("Space")
    window.until(lambda: window.program.board.service_up)
    sign_in(window)


def test_no_patient_is_named_over_the_lock(window: Window) -> None:
    """Work begun, card pulled: the readers over the lock name nobody but what the panel itself shows."""
    sign_in(window)
    window.choose("famille-corniche", 1)
    window.pull_card()
    window.until(lambda: window.program.shell.locked)
    window.press("F1")
    window.until(window.program.readers.over_lock.isVisible)
    assert "CORNICHE" not in window.words() + window.program.readers.presenter.report()


def test_a_recognised_card_brings_the_code_back(window: Window) -> None:
    """On the readers page over the lock, putting the card in leads to its code."""
    laid_out(window)
    window.press("F1")
    pick(window, "brindille")
    window.until(lambda: window.focus_name == "Code de la carte")


def test_settings_are_reached_from_the_readers(window: Window) -> None:
    """A check that is put right in the settings leads there, over the lock too: nobody can sign in before it is."""
    laid_out(window)
    window.press("F1")
    presenter = window.program.readers.presenter
    presenter.asked.emit(Action.OPEN_SETTINGS)
    assert window.program.room is not None
    assert window.program.shell.locked
    assert window.program.room.settings.over_lock.isVisible()
    window.press("Alt+Left")
    sign_in(window)
    presenter.asked.emit(Action.OPEN_SETTINGS)
    assert window.program.shell.page == "settings"


def test_by_mouse(window: Window) -> None:
    """A click chooses, the button puts in, « Retirer » takes out."""
    laid_out(window)
    cards = window.panel.findChild(CardList)
    QTest.mouseClick(cards, Qt.MouseButton.LeftButton, pos=cards.row_rect("gabarit").center())
    insert = next(b for b in window.panel.findChildren(QPushButton) if b.accessibleName() == "Insérer")
    insert.click()
    window.until(lambda: in_place(window, "Gauche\u00a0: Dr Lucien Gabarit"))
    remove = next(b for b in window.panel.findChildren(QPushButton) if "gauche" in b.accessibleName())
    remove.click()
    window.until(lambda: in_place(window, "Gauche\u00a0: vide"))


def test_the_panel_leaves_a_narrow_window(window: Window) -> None:
    """At 200 % the sign-in keeps all the room; the cards are on the page of F1."""
    laid_out(window)
    window.program.appearance.choose("light", 200)
    beside = window.program.readers.beside
    assert beside is not None
    window.until(lambda: not beside.isVisible())
    window.press("F1")
    pick(window, "brindille")
    window.until(lambda: window.focus_name == "Code de la carte")
    assert window.sandbox.inserted("Lecteur simulé, fente de gauche") == "brindille"
