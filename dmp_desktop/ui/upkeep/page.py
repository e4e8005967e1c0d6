"""« Entretien »: the copy of documents, the backups, the keys, and the figures for a support (no identity in them)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dmp_desktop.domain.clock import PARIS
from dmp_desktop.services.diagnostics import Section
from dmp_desktop.ui.opening.base import KeyHint, on_key
from dmp_desktop.ui.sentences import sentence
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.upkeep.presenter import UpkeepPresenter
from dmp_desktop.ui.widgets.basic import Panel, Text
from dmp_desktop.ui.widgets.controls import ActionButton
from dmp_desktop.ui.widgets.frames import empty_layout
from dmp_desktop.ui.widgets.messages import MessageStrip, QuestionPanel, on_click

_TWO_COLUMNS = 1000


class UpkeepPage(QWidget):
    """Two columns: what is done at left, what is known at right.

    :param pick_folder: asks the person for a folder, ``None`` when they changed their mind.
    :param more: panels of other rooms that belong here (keys, privacy), shown under the first ones.
    """

    hints_changed = Signal(object)

    def __init__(
        self,
        appearance: Appearance,
        presenter: UpkeepPresenter,
        pick_folder: Callable[[], Path | None],
        more: tuple[QWidget, ...] = (),
    ) -> None:
        super().__init__()
        self._appearance, self._presenter, self._pick = appearance, presenter, pick_folder
        self.setProperty("room", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Entretien du poste")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 20, 16, 16)
        outer.setSpacing(12)
        outer.addWidget(Text("Entretien du poste", "title"))
        self._answer = MessageStrip(appearance, "info", "")
        self._answer.hide()
        outer.addWidget(self._answer)
        self._asking = QWidget()
        self._asking.hide()
        asking = QVBoxLayout(self._asking)
        asking.setContentsMargins(0, 0, 8, 0)
        asking.addStretch(1)
        self._place_for_question = asking
        outer.addWidget(self._asking, 1)
        self._question: QuestionPanel | None = None
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setProperty("room", "scrolled")
        self._columns = QHBoxLayout(inside)
        self._columns.setContentsMargins(4, 4, 8, 4)
        self._columns.setSpacing(16)
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        for column in (self._left, self._right):
            column.setSpacing(12)
            self._columns.addLayout(column, 1)
        self.area.setWidget(inside)
        outer.addWidget(self.area, 1)
        self._left.addWidget(self._copy_panel())
        self._left.addWidget(self._backup_panel())
        for panel in more:
            self._left.addWidget(panel)
        self._left.addStretch(1)
        self._right.addWidget(self._figures_panel())
        self._right.addStretch(1)
        presenter.changed.connect(self.refresh)
        appearance.changed.connect(self._arrange)
        on_key(self, "F5", presenter.refresh)
        self.refresh()

    # -- panels -------------------------------------------------------------------------------------------------------

    def _copy_panel(self) -> Panel:
        panel = Panel("Copie des documents sur ce poste")
        self._held = Text("", "body", wrap=True)
        self._rule = Text("", "caption", "text-2", wrap=True)
        self.empty = ActionButton(self._appearance, "Vider la copie", keys="Alt+V", icon="archive")
        self._why_not = Text("", "caption", "text-2", wrap=True)
        on_click(self.empty, self.ask_to_empty)
        on_key(self, "Alt+V", self.ask_to_empty)
        for part in (self._held, self._rule):
            panel.body.addWidget(part)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.empty)
        row.addWidget(self._why_not, 1)
        panel.body.addLayout(row)
        return panel

    def _backup_panel(self) -> Panel:
        panel = Panel("Sauvegarde")
        self._last = Text("", "body", wrap=True)
        panel.body.addWidget(self._last)
        panel.body.addWidget(
            Text(
                "Une sauvegarde se fait sans arrêter le travail. Elle est chiffrée comme le poste et s’ouvre avec les"
                " mêmes cartes, la même phrase ou la page de secours.",
                "caption",
                "text-2",
                wrap=True,
            )
        )
        self.back_up = ActionButton(self._appearance, "Sauvegarder…", keys="Alt+S", icon="usb")
        on_click(self.back_up, self.choose_folder)
        on_key(self, "Alt+S", self.choose_folder)
        panel.body.addWidget(self.back_up)
        return panel

    def _figures_panel(self) -> Panel:
        panel = Panel("Diagnostic", note="aucune identité ici")
        self.copy = ActionButton(self._appearance, "Copier pour l’assistance", keys="Alt+C", icon="copy")
        on_click(self.copy, self.copy_figures)
        on_key(self, "Alt+C", self.copy_figures)
        panel.body.addWidget(self.copy)
        self._sections = QVBoxLayout()
        self._sections.setSpacing(12)
        panel.body.addLayout(self._sections)
        return panel

    # -- what is shown ------------------------------------------------------------------------------------------------

    def shown(self) -> None:
        """The page comes to the front."""
        self._presenter.refresh()
        self.back_up.setFocus()
        self.hints_changed.emit(self.hints())

    def hints(self) -> tuple[KeyHint, ...]:
        """Keys of this page."""
        return (KeyHint("F5", "Relire"), KeyHint("Alt+S", "Sauvegarder"), KeyHint("Alt+C", "Copier le diagnostic"))

    def refresh(self) -> None:
        """What the presenter knows."""
        presenter = self._presenter
        figures = presenter.figures
        if figures is None:
            self._held.setText("La copie des documents est fermée\u00a0: elle s’ouvre avec la carte d’un soignant.")
        else:
            self._held.setText(
                f"{_many(figures.records, 'dossier')}, {_many(figures.documents, 'document')}, {_size(figures.size)}."
                + (f" {_many(figures.drafts, 'brouillon')} à envoyer ou à jeter." if figures.drafts else "")
            )
        self._rule.setVisible(figures is not None)
        if figures is not None:
            self._rule.setText(
                f"Un dossier quitte ce poste {figures.days}\u00a0jours après son dernier accès, ou plus tôt au-delà de"
                f" {_size(figures.quota)}. Rien n’est effacé au DMP."
            )
        nothing = figures is None or not (figures.records or figures.documents)
        self.empty.setEnabled(not nothing and not presenter.busy)
        self._why_not.setText("Rien à effacer." if figures is not None and nothing else "")
        self._last.setText(
            f"Dernière sauvegarde le {_when(presenter.last_backup)}."
            if presenter.last_backup
            else "Ce poste n’a encore jamais été sauvegardé."
        )
        self.back_up.setEnabled(not presenter.busy)
        self.copy.setEnabled(bool(presenter.sections))
        self._tell_answer()
        empty_layout(self._sections)
        for section in presenter.sections:
            self._sections.addLayout(_section(section))

    def _tell_answer(self) -> None:
        presenter = self._presenter
        self._answer.setVisible(bool(presenter.busy or presenter.fault or presenter.backed_up or presenter.emptied))
        if presenter.fault is not None:
            told = sentence(presenter.fault)
            self._answer.say("danger", told.what, f"{told.effect} {told.todo}")
        elif presenter.busy:
            self._answer.say("info", f"{presenter.busy}.", "Vous pouvez continuer à travailler.")
        elif presenter.backed_up is not None:
            made = presenter.backed_up
            self._answer.say("success", "La sauvegarde est faite.", f"{made.folder.name}, {_size(made.size)}.")
        elif presenter.emptied:
            self._answer.say("success", "La copie des documents est vide.", "Le certificat part à l’imprimante.")

    # -- gestures -----------------------------------------------------------------------------------------------------

    def choose_folder(self) -> None:
        """Ask where, then back up there."""
        if self._presenter.busy:
            return
        target = self._pick()
        if target is not None:
            self._presenter.back_up(target)

    def copy_figures(self) -> None:
        """The figures to the clipboard: there is nobody in them."""
        if self._presenter.sections:
            QGuiApplication.clipboard().setText(self._presenter.text())
            self._answer.say("success", "Le diagnostic est dans le presse-papiers.", "Il ne contient aucune identité.")
            self._answer.show()

    def ask_to_empty(self) -> None:
        """A question before anything is erased: the safe answer keeps the copy."""
        if self._question is not None or not self.empty.isEnabled():
            return
        question = QuestionPanel(
            self._appearance,
            "Vider la copie des documents de ce poste\u202f?",
            "Les listes et les documents gardés ici s’effacent, avec ce qui permet d’y chercher.",
            "Aucun\u00a0: tout reste au DMP. Vos brouillons et les envois en attente sont gardés.",
            "La prochaine ouverture d’un dossier attendra le réseau.",
            "Garder la copie",
            ("Vider la copie", "Alt+O"),
        )
        question.allow(True)
        on_key(question, "Alt+O", question.answer_other)
        question.safe.connect(self._close_question)
        question.other.connect(self._presenter.empty_copy)
        question.other.connect(self._close_question)
        self._question = question
        self._place_for_question.insertWidget(0, question)
        self.area.hide()
        self._asking.show()
        question.safe_button.setFocus()

    def _close_question(self) -> None:
        question, self._question = self._question, None
        if question is not None:
            self._place_for_question.removeWidget(question)
            question.hide()
            question.deleteLater()
        self._asking.hide()
        self.area.show()
        self.empty.setFocus()

    # -- size ---------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One column or two."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        wide = self.width() * 100 / self._appearance.theme.zoom >= _TWO_COLUMNS
        directions = QBoxLayout.Direction
        self._columns.setDirection(directions.LeftToRight if wide else directions.TopToBottom)


def _section(section: Section) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(4)
    column.addWidget(Text(section.title, "body-strong"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(1, 1)
    for row, (label, value) in enumerate(section.lines):
        grid.addWidget(Text(label, "caption", "text-2"), row, 0, Qt.AlignmentFlag.AlignTop)
        shown = Text(value, "caption", wrap=True)
        shown.setAccessibleName(f"{label} {value}")
        grid.addWidget(shown, row, 1)
    column.addLayout(grid)
    return column


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' if count > 1 else ''}".replace(",", "\u202f")


def _size(size: int) -> str:
    if size < 1024 * 1024:
        return f"{size / 1024:.0f}\u00a0Kio"
    return f"{size / 1024 / 1024:.0f}\u00a0Mio"


def _when(moment: datetime) -> str:
    return moment.astimezone(PARIS).strftime("%d/%m/%Y à %H:%M")
