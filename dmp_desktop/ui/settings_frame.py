"""The frame of the settings page: columns of parts that scroll, an answer, and a command row that never does."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from dmp_desktop.ui.opening.base import fill
from dmp_desktop.ui.settings_parts import Part
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Text
from dmp_desktop.ui.widgets.controls import ActionButton
from dmp_desktop.ui.widgets.frames import CommandRow
from dmp_desktop.ui.widgets.messages import MessageStrip

REVERT, REVERT_SHORT = "Revenir aux valeurs enregistrées", "Revenir"
_TWO_COLUMNS = 1000
_TWO_FIELDS = 420


class _Content(QWidget):
    """What scrolls: as tall as its words need at this width, no more."""

    def minimumSizeHint(self) -> QSize:
        """Wrapped words tell a minimum height for a width they do not have: only the height for width counts."""
        return QSize(0, 0)


class SettingsFrame(QWidget):
    """Lays parts out; it knows nothing of settings.

    :ivar area: what scrolls; ``strip``: what was last answered.
    """

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.appearance = appearance
        self._parts: tuple[Part, ...] = ()
        self._reasons: tuple[str, str] = ("", "")
        self.setProperty("room", "page")
        self.setProperty("ring", "none")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._columns = QHBoxLayout()
        self._columns.setSpacing(16)
        self.strip = MessageStrip(appearance, "success", "")
        # As tall as its words need at this width: it stands in no column that would say so.
        self.strip.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.strip.hide()
        self.revert_button = ActionButton(appearance, REVERT, keys="Échap")
        self.keep_button = ActionButton(appearance, "Enregistrer", kind="primary", keys="Ctrl Entrée")
        self._commands = CommandRow(appearance)
        self._commands.offer([self.revert_button], [self.keep_button])

    def lay(self, left: Sequence[Part], right: Sequence[Part]) -> None:
        """Put the parts in their columns, in reading order."""
        self._parts = (*left, *right)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        inside = _Content()
        inside.setProperty("room", "scrolled")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        body = QVBoxLayout(inside)
        body.setContentsMargins(24, 20, 24, 16)
        body.setSpacing(16)
        head = QVBoxLayout()
        head.setSpacing(0)
        subtitle = "Tab passe d’une réponse à l’autre. Rien n’est gardé avant Ctrl + Entrée."
        fill(head, Text("Réglages de ce poste", "title"), Text(subtitle, "body", "text-2", wrap=True))
        body.addLayout(head)
        for parts in (left, right):
            stack = QVBoxLayout()
            stack.setSpacing(16)
            fill(stack, *parts)
            stack.addStretch(1)
            self._columns.addLayout(stack, 1)
        body.addLayout(self._columns)
        body.addStretch(1)
        self.area.setWidget(inside)
        column.addWidget(self.area, 1)
        column.addWidget(self.strip)
        column.addWidget(self._commands)
        self.arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One column or two."""
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """One column or two of parts, of fields, and as many words in the command row as there is room for."""
        px, direction = self.appearance.theme.px, QBoxLayout.Direction
        two = self._has_room
        self._columns.setDirection(direction.LeftToRight if two else direction.TopToBottom)
        self.revert_button.set_words(REVERT if two else REVERT_SHORT)
        self.revert_button.setAccessibleName(REVERT)
        self._say_reason()
        panel = self.width() // 2 if two else self.width()
        for part in self._parts:
            for grid in part.grids:
                grid.fit(two=panel >= px(_TWO_FIELDS))

    @property
    def _has_room(self) -> bool:
        return self.width() >= self.appearance.theme.px(_TWO_COLUMNS)

    def tell_commands(self, wrong: Sequence[str], *, changed: bool) -> None:
        """What the buttons may do.

        :param wrong: labels of what is to be corrected, in order.
        """
        self.keep_button.setEnabled(changed and not wrong)
        self.revert_button.setEnabled(changed)
        short = long = "" if changed else "Tout est enregistré."
        if wrong:
            count = "1 réponse" if len(wrong) == 1 else f"{len(wrong)} réponses"
            # In a narrow window the field itself must do: Ctrl + Entrée goes to it.
            short, long = f"{count} à corriger.", f"{count} à corriger, d’abord\u00a0: {wrong[0]}."
        self._reasons = short, long
        self.keep_button.setAccessibleDescription(long)
        self._say_reason()

    def _say_reason(self) -> None:
        self._commands.say(self._reasons[self._has_room])

    def answer(self, state: str, strong: str, rest: str) -> None:
        """Say what became of an act."""
        self.strip.say(state, strong, rest)
        self.strip.show()

    def show_focused(self) -> None:
        """Scroll to whatever has the keys."""
        focused, inside = QApplication.focusWidget(), self.area.widget()
        if focused is not None and inside is not None and inside.isAncestorOf(focused):
            self.area.ensureWidgetVisible(focused, 0, self.appearance.theme.px(24))
