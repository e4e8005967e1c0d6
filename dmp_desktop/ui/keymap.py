"""Every key of the program in one table (guide §6): what it does, where it acts, what the person reads on a cap.

A key of the window means the same on every screen. A key of a screen is local to it and may be reused by another, never
by the window. The table is checked when it is made: a clash is a fault of ours or of the settings, and stops the start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

from dmp_desktop.errors import UserError

WINDOW = ""
"""Where a key of the whole window acts."""


class KeyClash(UserError):
    """Two acts want the same key. ``facts``: ``key``, and ``first`` and ``second``, what they do."""

    code = "key-clash"


class BadKey(UserError):
    """The settings give an act a key that is none, or name an act that does not exist. ``facts["act"]``."""

    code = "bad-key"


@dataclass(frozen=True, slots=True)
class Binding:
    """One act and its key.

    :ivar act: stable name, as the settings give it; ``words``: what it does, a verb.
    :ivar key: as Qt names it (``Ctrl+Return``); ``screen``: where it acts, :data:`WINDOW` for everywhere.
    :ivar fixed: cannot be given another key (the safe answer, the keys of lists).
    """

    act: str
    words: str
    key: str
    screen: str = WINDOW
    fixed: bool = False

    @property
    def cap(self) -> str:
        """The key as it is read on the screen."""
        return cap_of(self.key)


TABLE = (
    Binding("help", "Aide de cet écran", "F1"),
    Binding("open", "Nouvelle ouverture", "F2"),
    Binding("search", "Rechercher", "F3"),
    Binding("read-vitale", "Lire la Vitale", "F4"),
    Binding("refresh", "Rafraîchir, réessayer", "F5"),
    Binding("print", "Imprimer", "F8"),
    Binding("lock", "Verrouiller", "F9"),
    Binding("menu", "Menu", "F10"),
    Binding("command-bar", "Barre de commande", "Ctrl+K"),
    Binding("next-zone", "Zone suivante", "Ctrl+F6"),
    Binding("send", "Envoyer ce qui est à l’écran", "Ctrl+Return", fixed=True),
    Binding("back", "Revenir, arrêter", "Esc", fixed=True),
    Binding("default", "Bouton principal", "Return", fixed=True),
    Binding("give-up", "Abandonner cet envoi", "Alt+A", screen="waiting"),
    Binding("go-on", "Continuer malgré la différence", "Alt+C", screen="waiting"),
    Binding("report", "Copier le rapport", "Ctrl+C", screen="readers"),
    Binding("try-page", "Page de calibrage des attestations", "Alt+A", screen="settings"),
    Binding("try-label", "Page de calibrage des étiquettes", "Alt+E", screen="settings"),
)
"""The keys as delivered."""


class KeyMap:
    """The table in force.

    :param chosen: keys of this post, by act, in Qt's names; the others keep theirs.
    :raises KeyClash: two acts of one screen, or one of a screen and one of the window, want the same key.
    :raises BadKey: not a key, an unknown act, or one whose key is fixed.
    """

    def __init__(self, chosen: Mapping[str, str] | None = None, table: tuple[Binding, ...] = TABLE) -> None:
        chosen = chosen or {}
        known = {binding.act: binding for binding in table}
        for act in chosen:
            if act not in known or known[act].fixed:
                raise BadKey("a key given to an act that has none to give", act=act)
        self._bindings = {
            act: replace(binding, key=_read(act, chosen[act])) if act in chosen else binding
            for act, binding in known.items()
        }
        self._check()

    def key(self, act: str) -> str:
        """The key of an act, in Qt's names.

        :raises KeyError: no such act.
        """
        return self._bindings[act].key

    def cap(self, act: str) -> str:
        """The key of an act, as it is read on the screen."""
        return self._bindings[act].cap

    def words(self, act: str) -> str:
        """What an act does."""
        return self._bindings[act].words

    def of(self, screen: str) -> tuple[Binding, ...]:
        """The keys that act on a screen: its own, then the window's."""
        own = tuple(b for b in self._bindings.values() if b.screen == screen and screen != WINDOW)
        return own + tuple(b for b in self._bindings.values() if b.screen == WINDOW)

    def _check(self) -> None:
        bindings = list(self._bindings.values())
        for index, one in enumerate(bindings):
            for other in bindings[:index]:
                together = one.screen == other.screen or WINDOW in (one.screen, other.screen)
                if together and QKeySequence(one.key) == QKeySequence(other.key):
                    raise KeyClash("two acts on one key", key=one.cap, first=other.words, second=one.words)


def _read(act: str, text: str) -> str:
    sequence = QKeySequence.fromString(text, QKeySequence.SequenceFormat.PortableText)
    if sequence.count() != 1:
        raise BadKey("not a key", act=act)
    combination: QKeyCombination = sequence[0]  # type: ignore[index]  # Qt's stubs forget its operator[]
    if combination.key() in (Qt.Key.Key_unknown, Qt.Key.Key_Escape):
        raise BadKey("not a key", act=act)
    bare = combination.keyboardModifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
    if bare and not Qt.Key.Key_F1 <= combination.key() <= Qt.Key.Key_F12:
        # A letter or a digit alone belongs to fields and lists.
        raise BadKey("a bare key that fields need", act=act)
    return text


_CAPS = {
    "Return": "Entrée",
    "Enter": "Entrée",
    "Esc": "Échap",
    "Space": "Espace",
    "Del": "Suppr",
    "PgUp": "Page préc.",
    "PgDown": "Page suiv.",
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
