"""« Journée », « Patients » and the command bar, as pictures. Fictional people only.

``python -m helpers.people_gallery OUT [light|dark|high_contrast] [1366x768] [100]``, from ``tests/``, with
``QT_QPA_PLATFORM=offscreen``.
"""

from __future__ import annotations

import sys
import tempfile
from functools import partial
from pathlib import Path

from helpers.clocks import HandClock
from helpers.people_desk import PeopleDesk, listed
from helpers.store_world import desk_store
from helpers.ui_gallery import commands
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame

from dmp_desktop.ui.command_bar import Answer, CommandBar
from dmp_desktop.ui.command_rows import DOCUMENTS, PEOPLE, Command
from dmp_desktop.ui.day.page import DayPage
from dmp_desktop.ui.page_frame import KeyHint
from dmp_desktop.ui.people.page import PeoplePage
from dmp_desktop.ui.people.words import born_of, name_of, state_of
from dmp_desktop.ui.shell import Shell, Status
from dmp_desktop.ui.theme.appearance import Appearance


def _people(desk: PeopleDesk, typed: str, answer: Answer) -> None:
    found = desk.people.find(typed, desk.author, 9)
    answer(
        [
            Command(name_of(p), lambda: None, "user", context=f"{born_of(p)}, {state_of(p)[1]}", group=PEOPLE)
            for p in found
        ]
    )


def _documents(typed: str, answer: Answer) -> None:
    answer([Command("Camphre et autres essais", lambda: None, "tube", context="09 avr. 2026", group=DOCUMENTS)])


def main(arguments: list[str]) -> None:
    """Draw every scene."""
    out = Path(arguments[0])
    theme = arguments[1] if len(arguments) > 1 else "light"
    width, height = (int(n) for n in (arguments[2] if len(arguments) > 2 else "1366x768").split("x"))
    zoom = int(arguments[3]) if len(arguments) > 3 else 100
    out.mkdir(parents=True, exist_ok=True)
    application = QApplication([])
    appearance = Appearance(application, theme, zoom)
    clock = HandClock()
    with tempfile.TemporaryDirectory() as folder, desk_store(Path(folder), clock) as store:
        desk = PeopleDesk(store, clock)
        day, found = DayPage(appearance, desk.expecting), PeoplePage(appearance, desk.finding)
        shell = Shell(appearance, "Cabinet des Trois-Tilleuls", QFrame(), sandbox=True)
        shell.add_page("day", "calendar", "Journée", day)
        shell.add_page("people", "search", "Patients", found)
        shell.add_page("waiting", "inbox", "À traiter", QFrame())
        shell.top.search.tell_scope("Patient, document ou action")
        bar = CommandBar(
            appearance, shell, partial(commands, None), lambda: (partial(_people, desk), _documents), shell.top.search
        )
        bar.tell_scope("Patient, document ou action")
        states = (
            Status("card-pro", "Carte pro\u00a0: Dr Brindille", "success"),
            Status("card", "Vitale\u00a0: fente vide"),
        )
        shell.status.tell(states)
        day.hints_changed.connect(lambda hints: _keys(shell, hints))
        found.hints_changed.connect(lambda hints: _keys(shell, hints))
        shell.resize(width, height)
        shell.show_work("Dr Aurore Brindille", "Médecine générale")
        shell.top.tell_freshness("cloud", "À jour à 09:12", "success")
        shell.show()
        shell.activateWindow()

        def draw(name: str) -> None:
            for _ in range(5):
                application.processEvents()
            QTest.qWait(120)
            shell.grab().save(str(out / f"{name}.png"))

        shell.go("day")
        day.shown()
        draw("day-empty")
        desk.full_day()
        desk.expecting.refresh()
        draw("day")
        desk.expecting.choose(desk.expecting.rows[3].appointment.id)
        desk.expecting.open()
        draw("day-who")
        desk.expecting.name(0)
        day._show_form(True)
        draw("day-add")
        day._show_form(False)
        desk.expecting.prepare()
        draw("day-prepared")
        desk.edges.card = ("odile", "gaspard")
        desk.expecting.card.read()
        draw("day-card")
        desk.expecting.card.stop()
        desk.expecting.paste("rien de tel")
        draw("day-fault")
        shell.go("people")
        found.shown(desk_staff=False)
        draw("people-latest")
        desk.finding.look_for("camille")
        draw("people-found")
        desk.finding.look_for("zzz")
        draw("people-none")
        desk.edges.listed = tuple(listed(key) for key in ("hortense", "basile", "firmin"))
        desk.finding.list_authorised()
        draw("people-listed")
        found.shown(desk_staff=True)
        draw("people-staff")
        bar.open()
        draw("bar")
        QTest.keyClicks(QApplication.focusWidget(), "cam")
        draw("bar-found")
        shell.close()
        shell.deleteLater()
        application.processEvents()


def _keys(shell: Shell, hints: tuple[KeyHint, ...]) -> None:
    shell.status.list_keys(tuple((hint.keys, hint.words) for hint in hints))


if __name__ == "__main__":
    main(sys.argv[1:])
