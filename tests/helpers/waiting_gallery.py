"""« À traiter » in a window of its own, every kind of row, and its pictures.

``python -m helpers.waiting_gallery OUT [light|dark|high_contrast] [1366x768] [100]``, from ``tests/``, with
``QT_QPA_PLATFORM=offscreen``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from helpers.clocks import START
from helpers.store_world import BRINDILLE, GABARIT, GASPARD, ins, opening
from PySide6.QtWidgets import QApplication, QWidget

from dmp_desktop.domain.acts import ContactChange, Deposit, StatusChange, VisibilityChange
from dmp_desktop.domain.document import DocumentStatus, Visibility
from dmp_desktop.domain.dossier import Contact
from dmp_desktop.domain.events import Author, Event, EventState, Payload
from dmp_desktop.domain.identity import ProofDocument
from dmp_desktop.errors import DmpError
from dmp_desktop.services.attention import NextStep, Reopened, Turn, Waiting
from dmp_desktop.ui.shell import Shell
from dmp_desktop.ui.tasks import Lane
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.waiting_page import WaitingPage
from dmp_desktop.ui.waiting_presenter import WaitingPresenter

DEPOSIT = Deposit(ins(), "draft", "1.2.3")
MASK = VisibilityChange(ins(), "urn:uuid:1", "urn:uuid:1", Visibility(), Visibility(from_professionals=True))
ARCHIVE = StatusChange(ins(), "urn:uuid:1", "urn:uuid:1", DocumentStatus.APPROVED, DocumentStatus.ARCHIVED)
CONTACT = ContactChange(ins(), Contact("0612345678"), Contact("0687654321", "gaspard@exemple.test"))
S, T, N = EventState, Turn, NextStep


def _event(number: int, payload: Payload, state: EventState, cause: str = "", **more: Any) -> Event:
    at = START - timedelta(minutes=17 * number)
    author = more.pop("author", BRINDILLE)
    return Event(f"0197-{number:04d}-acte-{number:04d}", author, at, payload, state, cause=cause, **more)


def rows() -> tuple[Waiting, ...]:
    """One of each."""
    held = _event(4, CONTACT, S.HELD, "contact-conflict", found=Contact("0611112222"))
    soon = START + timedelta(minutes=4)
    retried = _event(6, MASK, S.WAITING, "store-timeout", attempts=2, due_at=soon)
    return (
        Waiting(
            _event(1, DEPOSIT, S.REFUSED, "rights-refused", cause_text="Droits insuffisants"),
            "MIRABELLE, Ernest",
            T.PERSON,
            N.ACKNOWLEDGE,
            title="Compte rendu de consultation",
            may_mend=True,
        ),
        Waiting(
            _event(2, DEPOSIT, S.WAITING, author=GABARIT),
            "LAVANDIN-GENÊT, Odile",
            T.PERSON,
            N.NONE,
            "Dr Lucien Gabarit",
        ),
        Waiting(_event(3, opening(GASPARD), S.CONFIRMED, answered_at=START), "GLYCINE, Apolline", T.PERSON, N.PRINT),
        Waiting(held, "CORNICHE, Gaspard", T.PERSON, N.CHOOSE, may_mend=True),
        Waiting(
            _event(5, DEPOSIT, S.HELD, "held-by-author"),
            "PERVENCHE, Blaise",
            T.PROGRAM,
            N.RELEASE,
            title="Certificat médical",
            may_mend=True,
        ),
        Waiting(retried, "HORTENSIA, Maxence", T.PROGRAM, N.RETRY, may_hold=True),
        Waiting(_event(7, DEPOSIT, S.WAITING, "copy-closed"), "MIRABELLE, Ernest", T.PROGRAM, N.RETRY, may_hold=True),
        Waiting(_event(8, ARCHIVE, S.CONFIRMED, answered_at=START), "CAPUCINE-ROY, Théodora", T.NOBODY, N.NONE),
    )


class Acts:
    """What waits, and what was asked of it."""

    def __init__(self, kept: tuple[Waiting, ...]) -> None:
        self.all, self.asked = kept, list[tuple[str, ...]]()

    def rows(self, author: Author, today: datetime) -> tuple[Waiting, ...]:
        """As they were given."""
        return self.all

    def retry(self, event_id: str, author: Author) -> None:
        """Kept."""
        self.asked.append(("retry", event_id))

    def hold(self, event_id: str, author: Author) -> None:
        """Kept."""
        self.asked.append(("hold", event_id))

    def decide(self, event_id: str, author: Author, proof: ProofDocument) -> None:
        """Kept."""
        self.asked.append(("decide", event_id, proof.value))

    def choose(self, event_id: str, author: Author, *, ours: bool) -> None:
        """Kept."""
        self.asked.append(("choose", event_id, "ours" if ours else "store"))

    def reopen(self, event_id: str, author: Author) -> Reopened:
        """Kept."""
        self.asked.append(("reopen", event_id))
        return Reopened("dossier", "draft")

    def change_contact(self, event_id: str, author: Author, wanted: Contact) -> None:
        """Kept."""
        self.asked.append(("contact", event_id, wanted.mobile, wanted.email))

    def give_up(self, event_id: str, author: Author, reason: str) -> None:
        """Kept."""
        self.asked.append(("give up", event_id, reason))

    def acknowledge(self, event_id: str) -> None:
        """Kept."""
        self.asked.append(("acknowledge", event_id))


class AtOnce:
    """Lanes without threads."""

    def run(
        self, lane: Lane, work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[DmpError], None]
    ) -> Any:
        """Here and now."""
        try:
            result = work()
        except DmpError as error:
            failed(error)
            return self
        done(result)
        return self

    def cancel(self) -> None:
        """Nothing lasts."""


def page(appearance: Appearance, acts: Acts, silent: datetime | None = None) -> tuple[WaitingPage, WaitingPresenter]:
    """The page over these acts, Dr Brindille signed in."""
    presenter = WaitingPresenter(acts, AtOnce(), lambda: BRINDILLE, lambda: START, lambda: None, lambda _event: None)
    return WaitingPage(appearance, presenter, lambda: START, lambda: silent), presenter


def shell_around(appearance: Appearance, shown: WaitingPage) -> Shell:
    """The window, this page shown."""
    shell = Shell(appearance, "Cabinet des Trois-Tilleuls", QWidget(), sandbox=True)
    shell.add_page("opening", "folder-plus", "Ouverture", QWidget())
    shell.add_page("waiting", "inbox", "À traiter", shown)
    shown.hints_changed.connect(lambda hints: shell.status.list_keys(tuple((h.keys, h.words) for h in hints)))
    shell.show_work("Dr Aurore Brindille", "Médecine générale")
    shell.go("waiting")
    return shell


def main(arguments: list[str]) -> None:
    """Each state of the page, saved."""
    out = Path(arguments[0])
    theme = arguments[1] if len(arguments) > 1 else "light"
    width, height = (int(n) for n in (arguments[2] if len(arguments) > 2 else "1366x768").split("x"))
    zoom = int(arguments[3]) if len(arguments) > 3 else 100
    out.mkdir(parents=True, exist_ok=True)
    application = QApplication([])
    appearance = Appearance(application, theme, zoom)
    states: dict[str, tuple[int, str]] = {
        "list": (0, ""),
        "retry": (5, ""),
        "conflict": (3, "do_next"),
        "contact": (3, "mend"),
        "reason": (4, "ask_reason"),
        "empty": (0, ""),
    }
    for name, (index, gesture) in states.items():
        acts = Acts(() if name == "empty" else rows())
        shown, presenter = page(appearance, acts, START - timedelta(minutes=3) if name == "list" else None)
        window = shell_around(appearance, shown)
        window.resize(width, height)
        window.show()
        window.activateWindow()
        shown.shown()
        presenter.choose(rows()[index].event.id)
        if gesture:
            getattr(shown, gesture)()
        for _ in range(4):
            application.processEvents()
        window.grab().save(str(out / f"{name}.png"))
        window.close()
        window.deleteLater()
        application.processEvents()


if __name__ == "__main__":
    main(sys.argv[1:])
