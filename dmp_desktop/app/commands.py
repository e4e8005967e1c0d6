"""What can be done from anywhere: the command bar (Ctrl+K) and the map of keys (Alt held), from one list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from dmp_desktop.app.rooms import OPENING, READERS, SETTINGS, WAITING
from dmp_desktop.ui.alt_map import AltMap
from dmp_desktop.ui.command_bar import HERE, Command, CommandBar
from dmp_desktop.ui.keymap import KeyMap

if TYPE_CHECKING:
    from dmp_desktop.app.desk_room import DeskRoom
    from dmp_desktop.app.program import Program


class Commands(QObject):
    """The list of commands of the moment, for the bar and for the map.

    :raises dmp_desktop.ui.keymap.KeyClash: two acts want one key: a fault of ours, found at the start.
    """

    def __init__(self, program: Program, room: DeskRoom) -> None:
        super().__init__(program)
        self._program, self._room = program, room
        self._keys = KeyMap()
        shell = program.shell
        self._bar = CommandBar(program.appearance, shell, self.everything)
        self._map = AltMap(program.appearance, shell, self.everything)
        shell.shortcut(self._keys.key("command-bar"), self.open_bar)

    def open_bar(self) -> None:
        """Ctrl+K; nothing while the post is locked."""
        if not self._program.shell.locked:
            self._bar.open()

    def everything(self) -> tuple[Command, ...]:
        """What may be done now; nothing while the post is locked."""
        if self._program.shell.locked:
            return ()
        keys, room = self._keys, self._room
        return (
            Command("Nouvelle ouverture", room.begin, "folder-plus", keys.cap("open")),
            Command("Voir ce qui est à traiter", lambda: room.go(WAITING), "inbox"),
            Command("Vérifier les lecteurs", lambda: room.go(READERS), "reader"),
            Command("Régler ce poste", lambda: room.go(SETTINGS), "gear"),
            Command("Revenir à l’ouverture en cours", lambda: room.go(OPENING), "folder"),
            Command("Tout réessayer", room.waiting.retry_all, "refresh"),
            Command("Verrouiller le poste", self._program.session.lock, "lock", keys.cap("lock")),
            Command("Voir toutes les touches", self._map.pin, "help", "Alt"),
            *(
                Command(
                    hint.words,
                    _nothing,
                    "right",
                    hint.keys,
                    where=HERE,
                    group=HERE,
                    reason="Sur cet écran, par sa touche.",
                )
                for hint in room.hints
            ),
        )


def _nothing() -> None:
    """A key of the screen shown: listed to be learnt, pressed to be used."""
