"""What can be done from anywhere: the command bar (Ctrl+K) and the map of keys (Alt held), from one list."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from dmp_desktop.app.rooms import OPENING, READERS, SETTINGS, WAITING
from dmp_desktop.ui.alt_map import AltMap
from dmp_desktop.ui.command_bar import CommandBar, Search
from dmp_desktop.ui.command_rows import HERE, Command
from dmp_desktop.ui.keymap import KeyMap
from dmp_desktop.ui.on_screen import on_screen
from dmp_desktop.ui.opening.base import KeyHint

if TYPE_CHECKING:
    from dmp_desktop.app.desk_room import DeskRoom
    from dmp_desktop.app.program import Program


class Commands(QObject):
    """The list of commands of the moment, for the bar and for the map.

    :raises dmp_desktop.ui.keymap.KeyClash: two acts want one key.
    """

    def __init__(self, program: Program, room: DeskRoom) -> None:
        super().__init__(program)
        self._program, self._room = program, room
        self._keys = KeyMap()
        shell = program.shell
        self._searches: Callable[[], Sequence[Search]] = tuple
        self._bar = CommandBar(program.appearance, shell, self.doable, self._who_looks, shell.top.search)
        self._map = AltMap(program.appearance, shell, self.everything)
        shell.shortcut(self._keys.key("command-bar"), self.open_bar)
        shell.top.search_asked.connect(self.open_bar)

    def search(self, scope: str, searches: Callable[[], Sequence[Search]]) -> None:
        """Look for people, for documents, besides the actions.

        :param scope: what may be looked for by whoever is signed in, said in the empty field.
        :param searches: asked each time the bar opens. For the desk no search of documents exists.
        """
        self._searches = searches
        self._bar.tell_scope(scope)
        self._program.shell.top.search.tell_scope(scope)

    def _who_looks(self) -> Sequence[Search]:
        return self._searches()

    def open_bar(self) -> None:
        """Ctrl+K, or the search field of the top bar; nothing while the post is locked."""
        if not self._program.shell.locked:
            self._bar.open()

    def everything(self) -> tuple[Command, ...]:
        """Every key of the moment, those that no button bears included; of the sign-in screen while it is locked."""
        if self._program.shell.locked:
            return on_screen(self._program.shell)
        done = self.doable()
        known = {command.keys for command in done}
        hints = (hint for hint in self._room.pages.hints if hint.keys not in known)
        return (*done, *(_to_learn(hint) for hint in hints))

    def doable(self) -> tuple[Command, ...]:
        """What may be done now, by this screen's buttons or from anywhere; nothing while the post is locked."""
        shell, keys, room = self._program.shell, self._keys, self._room
        if shell.locked:
            return ()
        anywhere = (
            Command(keys.words("open"), room.begin, "folder-plus", keys.cap("open")),
            *room.clinic.commands(),
            Command("Voir ce qui est à traiter", lambda: room.go(WAITING), "inbox"),
            Command("Vérifier les lecteurs", lambda: room.go(READERS), "reader"),
            Command("Régler ce poste", lambda: room.go(SETTINGS), "gear"),
            Command("Revenir à l’ouverture en cours", lambda: room.go(OPENING), "folder"),
            Command(keys.words("lock"), self._program.session.lock, "lock", keys.cap("lock")),
            Command("Voir toutes les touches", self._map.pin, "help", "Alt"),
        )
        known = {command.keys for command in anywhere if command.keys}
        here = (command for command in on_screen(shell) if command.keys not in known)
        return (*here, *anywhere)


def _to_learn(hint: KeyHint) -> Command:
    """A key of the screen that no button bears. « 1 », « à 4 Choisir » in the status bar is « 1 à 4 », « Choisir »."""
    several = re.fullmatch(r"(à \d) (.+)", hint.words)
    keys, words = (f"{hint.keys} {several[1]}", several[2]) if several else (hint.keys, hint.words)
    return Command(words, _nothing, keys=keys, where=HERE)


def _nothing() -> None:
    """It is listed to be learnt, pressed to be used."""
