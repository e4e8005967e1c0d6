"""The keys that mean the same on every screen, in one table (guide §6), and how a key is read on its cap.

Keys of one screen (Alt and a letter, digits) stand beside their words on that screen; none of them may be a key of this
table. The table is checked when it is made: a clash is a fault of ours, found at the start.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QKeySequence

from dmp_desktop.errors import BugError


class KeyClash(BugError):
    """Two acts of the window want the same key. ``facts``: ``key``, ``first``, ``second``."""

    code = "key-clash"


@dataclass(frozen=True, slots=True)
class Binding:
    """One act and its key.

    :ivar act: stable name; ``words``: what it does, a verb; ``key``: as Qt names it (``Ctrl+Return``).
    """

    act: str
    words: str
    key: str


TABLE = (
    Binding("help", "Aide de cet écran", "F1"),
    Binding("open", "Nouvelle ouverture", "F2"),
    Binding("find", "Chercher une personne", "F3"),
    Binding("read-vitale", "Lire la Vitale", "F4"),
    Binding("refresh", "Rafraîchir, réessayer", "F5"),
    Binding("documents", "Voir les documents", "F6"),
    Binding("new", "Voir ce qui est nouveau", "F7"),
    Binding("print", "Imprimer", "F8"),
    Binding("lock", "Verrouiller le poste", "F9"),
    Binding("menu", "Aller au menu", "F10"),
    Binding("emergency", "Entrer en urgence", "F12"),
    Binding("command-bar", "Chercher une action", "Ctrl+K"),
    Binding("send", "Envoyer ce qui est à l’écran", "Ctrl+Return"),
    Binding("back", "Revenir, arrêter", "Esc"),
    Binding("default", "Bouton principal", "Return"),
)


class KeyMap:
    """The table, checked.

    :raises KeyClash: two acts want the same key.
    """

    def __init__(self, table: tuple[Binding, ...] = TABLE) -> None:
        self._bindings = {binding.act: binding for binding in table}
        for index, one in enumerate(table):
            for other in table[:index]:
                if QKeySequence(one.key) == QKeySequence(other.key):
                    raise KeyClash("two acts on one key", key=one.key, first=other.act, second=one.act)

    def key(self, act: str) -> str:
        """The key of an act, in Qt's names.

        :raises KeyError: no such act.
        """
        return self._bindings[act].key

    def cap(self, act: str) -> str:
        """The key of an act, as it is read on the screen."""
        return cap_of(self._bindings[act].key)

    def words(self, act: str) -> str:
        """What an act does."""
        return self._bindings[act].words


_CAPS = {
    "Return": "Entrée",
    "Enter": "Entrée",
    "Esc": "Échap",
    "Space": "Espace",
    "Up": "↑",
    "Down": "↓",
    "Left": "←",
    "Right": "→",
    "Shift": "Maj",
}


def cap_of(key: str) -> str:
    """A key of Qt as French keyboards name it: ``Ctrl+Return`` is read « Ctrl Entrée », ``Alt+A`` stays « Alt+A »."""
    parts = [_CAPS.get(part, part) for part in key.split("+")]
    return "+".join(parts) if parts[0] == "Alt" else " ".join(parts)
