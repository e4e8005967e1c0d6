"""Why a document leaves the dossier, asked before it is printed or saved (guide 4.7)."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from dmp_desktop.ui.page_frame import on_key
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Text
from dmp_desktop.ui.widgets.controls import Field, RadioRow
from dmp_desktop.ui.widgets.messages import QuestionPanel

REASONS = (
    "Remis à la personne, à sa demande",
    "Pour un confrère, avec l’accord de la personne",
    "Pour le dossier papier du cabinet",
)
OTHER = "Autre motif"
_NEEDED = "Choisissez un motif"


class PrintPanel(QWidget):
    """The question. It replaces the viewer; the safe answer keeps the document inside.

    :param save: it is saved in a file instead of printed.
    """

    confirmed = Signal(str)
    """The reason: print it."""
    file_chosen = Signal(Path, str)
    """Where, and the reason: save it."""
    cancelled = Signal()

    def __init__(self, appearance: Appearance, title: str, *, save: bool = False) -> None:
        super().__init__()
        self._save = save
        self._dialog: QFileDialog | None = None
        act, key = ("Enregistrer", "Alt+E") if save else ("Imprimer", "F8")
        content = QWidget()
        form = QVBoxLayout(content)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(8)
        form.addWidget(Text("Motif, gardé dans le journal de ce poste", "body-strong", wrap=True))
        self.choices = [RadioRow(appearance, words) for words in (*REASONS, OTHER)]
        for choice in self.choices:
            choice.toggled.connect(self._tell)
            form.addWidget(choice)
        self.other = Field(appearance, "Motif en quelques mots", help_="Sans nom ni numéro de personne")
        self.other.edit.setMaxLength(200)
        self.other.edit.textChanged.connect(self._tell)
        self.other.hide()
        form.addWidget(self.other)
        where = "dans un fichier, en clair" if save else "sur papier"
        self.question = QuestionPanel(
            appearance,
            f"{act} ce document\u202f?",
            f"«\u00a0{title}\u00a0» sortira du dossier {where}.",
            "Rien ne change dans le dossier. Le geste, son auteur et son motif sont écrits dans le journal.",
            "Dites pourquoi, puis gardez ou remettez ce document comme un papier médical.",
            "Ne pas enregistrer" if save else "Ne pas imprimer",
            (act, key),
            content,
        )
        on_key(self, key, self.question.answer_other)
        self.question.safe.connect(self.cancelled)
        self.question.other.connect(self._answer)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.addWidget(self.question)
        column.addStretch(1)
        self._tell()

    @property
    def reason(self) -> str:
        """What was given, ``""`` while nothing is."""
        chosen = next((choice.text() for choice in self.choices if choice.isChecked()), "")
        return self.other.text().strip() if chosen == OTHER else chosen

    def showEvent(self, event: QShowEvent) -> None:
        """The safe answer has the keyboard."""
        super().showEvent(event)
        self.question.safe_button.setFocus()

    def _tell(self) -> None:
        self.other.setVisible(self.choices[-1].isChecked())
        self.question.allow(bool(self.reason), _NEEDED)

    def _answer(self) -> None:
        if not self._save:
            self.confirmed.emit(self.reason)
            return
        # Kept until it answers; its name tells nothing of anybody.
        dialog = QFileDialog(self, "Enregistrer le document", "document.pdf")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("PDF (*.pdf)")
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(self._chosen)
        self._dialog = dialog
        dialog.open()

    def _chosen(self, file: str) -> None:
        self.file_chosen.emit(Path(file), self.reason)
