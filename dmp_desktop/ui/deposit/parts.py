"""Parts of the deposit page: the searchable list of types, who sees it, what became of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QButtonGroup,
    QCompleter,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from dmp_desktop.domain.terminology import Code
from dmp_desktop.services.deposit import Followed
from dmp_desktop.services.deposit_form import Audience, DepositForm, TypeGroup
from dmp_desktop.ui.deposit import texts
from dmp_desktop.ui.opening import texts as words
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Chip, ElidedText, Panel, Text
from dmp_desktop.ui.widgets.controls import Choice, RadioRow
from dmp_desktop.ui.widgets.frames import empty_layout


class TypeChoice(Choice):
    """Types by rubrique; letters typed find those that hold them anywhere."""

    chosen = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(appearance, "Type du document", "Tapez quelques lettres")
        self.setEditable(True)
        self.setInsertPolicy(Choice.InsertPolicy.NoInsert)
        self._types: dict[str, Code] = {}
        self._groups: tuple[TypeGroup, ...] = ()
        self._line = line = QLineEdit()
        self.setLineEdit(line)
        line.setPlaceholderText("Tapez quelques lettres\u00a0: lettre, certificat…")
        line.setAccessibleName("Type du document")
        line.setFrame(False)
        self._completer = QCompleter(self)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._completer.setMaxVisibleItems(9)
        line.editingFinished.connect(self._settle)
        self.activated.connect(lambda _row: self._settle())
        self._completer.activated.connect(lambda _text: self._settle())

    def offer(self, groups: tuple[TypeGroup, ...]) -> None:
        """The types that may be chosen."""
        if groups == self._groups:
            return
        self._groups = groups
        self._types = {code.text: code for group in groups for code in group.types}
        listed, found = QStandardItemModel(self), QStandardItemModel(self)
        for group in groups:
            head = QStandardItem(group.label)
            head.setFlags(Qt.ItemFlag.NoItemFlags)
            listed.appendRow(head)
            for code in group.types:
                listed.appendRow(QStandardItem(code.text))
                found.appendRow(QStandardItem(code.text))
        self.setModel(listed)
        self._completer.setModel(found)
        self.setCompleter(self._completer)
        self.setCurrentIndex(-1)

    def show_type(self, code: Code | None) -> None:
        """What the draft says; what is being typed is left alone."""
        if self._line.hasFocus() and self._types.get(self.currentText()) != code and code is None:
            return
        words_ = code.text if code else ""
        if self.currentText() != words_:
            self.blockSignals(True)
            self.setCurrentIndex(self.findText(words_) if code else -1)
            self.setEditText(words_)
            self.blockSignals(False)

    def _settle(self) -> None:
        code = self._types.get(self.currentText())
        if code is None:
            typed = self.currentText().casefold().strip()
            matches = [code for text, code in self._types.items() if typed and typed in text.casefold()]
            # One type alone holds these letters: it is the one.
            code = matches[0] if len(matches) == 1 else None
        self.chosen.emit(code)


class VisibilityPanel(Panel):
    """One question a line, two answers, none given beforehand."""

    answered = Signal(str, bool)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__("Qui voit ce document\u202f?", note="Demandé à chaque dépôt", margin=20, spacing=12)
        self._rows: dict[Audience, tuple[QWidget, QButtonGroup, Text]] = {}
        for audience in Audience:
            row = QWidget()
            column = QVBoxLayout(row)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(4)
            column.addWidget(Text(texts.QUESTION[audience], "body"))
            across = QHBoxLayout()
            across.setSpacing(12)
            group = QButtonGroup(row)
            for index, answer in enumerate(texts.ANSWERS[audience][:2]):
                radio = RadioRow(appearance, answer)
                radio.setAccessibleName(f"{texts.QUESTION[audience]}\u00a0: {answer}")
                radio.clicked.connect(lambda _c=False, a=audience, hidden=bool(index): self.answered.emit(a, hidden))
                group.addButton(radio, index)
                across.addWidget(radio, 1)
            column.addLayout(across)
            note = Text("", "caption", "text-2", wrap=True)
            column.addWidget(note)
            self._rows[audience] = (row, group, note)
            self.body.addWidget(row)

    def tell(self, form: DepositForm) -> None:
        """The questions of this deposit, and the answers given."""
        for audience, (row, group, note) in self._rows.items():
            forced = audience in form.forced
            row.setVisible(audience in form.asked or forced)
            answer = True if forced else form.hidden.get(audience)
            group.setExclusive(False)
            for index in (0, 1):
                button = group.button(index)
                button.setChecked(answer is not None and int(answer) == index)
                button.setEnabled(not forced)
            group.setExclusive(True)
            said = texts.ANSWERS[audience][2] if answer else ""
            note.setText("Imposé par la connexion secrète." if forced else said)
            note.setVisible(bool(note.text()))


class FollowedPanel(Panel):
    """The deposits of this record: title and state."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__("Vos dépôts dans ce dossier", margin=20, spacing=6)
        self._appearance = appearance
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self.body.addLayout(self._grid)
        self._told: tuple[Followed, ...] = ()

    def tell(self, followed: tuple[Followed, ...]) -> None:
        """The latest first, at most five: the others are in « À traiter »."""
        self.setVisible(bool(followed))
        if followed == self._told:
            return
        self._told = followed
        empty_layout(self._grid)
        for row, one in enumerate(followed[:5]):
            state, icon, said = texts.standing(one.event)
            title = ElidedText(one.title or "Document déposé", "body")
            self._grid.addWidget(Text(words.hour(one.event.created_at), "body", "text-2"), row, 0)
            self._grid.addWidget(title, row, 1)
            self._grid.addWidget(Chip(self._appearance, state, icon, said), row, 2)


class DropPanel(Panel):
    """The document: a file dropped on it, or a report typed in it."""

    dropped = Signal(str)

    def __init__(self) -> None:
        super().__init__(margin=20, spacing=12)
        self.setAcceptDrops(True)
        self.head = QHBoxLayout()
        self.head.addWidget(Text("Le document", "body-strong"))
        self.head.addStretch(1)
        self.body.addLayout(self.head)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """One local file."""
        if _file_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take it."""
        if path := _file_of(event.mimeData()):
            event.acceptProposedAction()
            self.dropped.emit(path)


def _file_of(data: QMimeData) -> str:
    urls = [url for url in data.urls() if url.isLocalFile()]
    return urls[0].toLocalFile() if len(urls) == 1 else ""


def labelled(label: str, widget: QWidget) -> QVBoxLayout:
    """A label above what it names."""
    column = QVBoxLayout()
    column.setSpacing(4)
    named: QLabel = Text(label, "caption", "text-2")
    named.setBuddy(widget)
    column.addWidget(named)
    column.addWidget(widget)
    return column


Chooser = Callable[[], str]
"""Asks the person for one file, ``""`` when they give up."""
