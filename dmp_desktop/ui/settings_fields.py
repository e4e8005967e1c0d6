"""The fields of the settings: a label, an editor, and under it help or what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from dmp_desktop.ui.settings_rules import TEXT, Rule
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import IconLabel, Text, mark
from dmp_desktop.ui.widgets.controls import Choice

Option: TypeAlias = tuple[str, str]
"""What is kept, and what the person reads."""


class SettingField(QWidget):
    """One setting.

    :ivar path: its name in the settings, ``section.name`` or ``name``.
    :ivar rule: between what is typed and what is kept.
    :ivar label: what the person reads.
    """

    edited = Signal()

    def __init__(
        self, appearance: Appearance, path: str, label: str, editor: QWidget, rule: Rule, help_: str = ""
    ) -> None:
        super().__init__()
        self.path, self.label, self.rule, self.editor = path, label, rule, editor
        self._help, self._kept = help_, ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Text(label, "caption", "text-2"))
        column.addWidget(editor)
        self._icon = IconLabel(appearance, "danger", "danger", 16)
        self._under = Text(help_, "caption", "text-3", wrap=True)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._under, 1)
        column.addLayout(line)
        column.addStretch(1)
        editor.setAccessibleName(label)
        self.fault = ""
        self.say("")

    def text(self) -> str:
        """What stands in the editor."""
        raise NotImplementedError

    def _put(self, text: str) -> None:
        raise NotImplementedError

    def keep(self, text: str) -> None:
        """Show what is saved; nothing is said to be edited."""
        with QSignalBlocker(self.editor):
            self._put(text)
        # An editor may not hold every text as it came (a line without its breaks).
        self._kept = self.text()

    @property
    def changed(self) -> bool:
        """Whether it differs from what is saved."""
        return self.text() != self._kept

    def say(self, fault: str) -> None:
        """What is wrong, or the help again when ``fault`` is empty."""
        self.fault = fault
        if (self.editor.property("invalid") == "true") != bool(fault):
            mark(self.editor, invalid="true" if fault else "false")
        self._icon.setVisible(bool(fault))
        self._under.setText(fault or self._help)
        self._under.set_tone("danger" if fault else "text-3")
        self._under.setVisible(bool(fault or self._help))
        self.editor.setAccessibleDescription(fault or self._help)


class LineField(SettingField):
    """One line to type."""

    def __init__(self, appearance: Appearance, path: str, label: str, rule: Rule = TEXT, help_: str = "") -> None:
        self._line = QLineEdit()
        super().__init__(appearance, path, label, self._line, rule, help_)
        self._line.textChanged.connect(self.edited)

    def text(self) -> str:
        """What was typed."""
        return self._line.text()

    def _put(self, text: str) -> None:
        self._line.setText(text)
        self._line.setCursorPosition(0)


class LinesField(SettingField):
    """A few lines to type; Tab leaves."""

    def __init__(self, appearance: Appearance, path: str, label: str, rule: Rule, help_: str = "") -> None:
        self._lines = QPlainTextEdit()
        self._lines.setTabChangesFocus(True)
        super().__init__(appearance, path, label, self._lines, rule, help_)
        self._appearance = appearance
        self._lines.textChanged.connect(self.edited)
        appearance.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        theme = self._appearance.theme
        self._lines.setFixedHeight(3 * theme.line("body") + theme.px(24))

    def text(self) -> str:
        """What was typed."""
        return self._lines.toPlainText()

    def _put(self, text: str) -> None:
        self._lines.setPlainText(text)


class _StillChoice(Choice):
    """A list that the wheel scrolls past: a setting never changes by scrolling over it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """For the page."""
        event.ignore()


class PickField(SettingField):
    """One of a list. A saved value that is no longer offered stays chosen, and says so."""

    def __init__(
        self,
        appearance: Appearance,
        path: str,
        label: str,
        options: Sequence[Option] = (),
        rule: Rule = TEXT,
        help_: str = "",
        gone: str = "{}",
    ) -> None:
        self._choice = _StillChoice(appearance, label)
        self._choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._choice.setMinimumContentsLength(6)
        super().__init__(appearance, path, label, self._choice, rule, help_)
        self._gone, self._options = gone, tuple(options)
        self.offer(options)
        self._choice.currentIndexChanged.connect(self.edited)

    def offer(self, options: Sequence[Option]) -> None:
        """Other options; what is chosen stays so."""
        chosen = self.text()
        self._options = tuple(options)
        with QSignalBlocker(self._choice):
            self._choice.clear()
            for value, words in self._options:
                self._choice.addItem(words, value)
            self._put(chosen)

    def text(self) -> str:
        """What is kept of the chosen one."""
        return str(self._choice.currentData() or "")

    def _put(self, text: str) -> None:
        index = self._choice.findData(text)
        if index < 0 and text:
            self._choice.addItem(self._gone.format(text), text)
            index = self._choice.count() - 1
        self._choice.setCurrentIndex(index)


class FieldGrid(QWidget):
    """Fields two by two, those in ``wide`` on a line of their own; one under another where there is little room."""

    def __init__(self, appearance: Appearance, fields: Sequence[QWidget], wide: Sequence[QWidget] = ()) -> None:
        super().__init__()
        self.fields, self._wide, self._appearance = tuple(fields), frozenset(wide), appearance
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)
        self.fit(two=True)

    def fit(self, *, two: bool) -> None:
        """Two columns or one."""
        columns = 2 if two else 1
        if columns == self._columns:
            return
        self._columns = columns
        while self._grid.count():
            self._grid.takeAt(0)
        row = column = 0
        for field in self.fields:
            span = columns if field in self._wide else 1
            if column + span > columns:
                row, column = row + 1, 0
            self._grid.addWidget(field, row, column, 1, span)
            column += span
        for index in range(2):
            self._grid.setColumnStretch(index, 1 if index < columns else 0)
