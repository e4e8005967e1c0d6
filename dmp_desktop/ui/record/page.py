"""The record on the screen: rubriques, documents, the one being read; fewer columns where there is little room."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QAccessible, QAccessibleEvent, QResizeEvent
from PySide6.QtWidgets import QLayout, QSplitter, QVBoxLayout, QWidget

from dmp_desktop.domain.record_rules import title_of
from dmp_desktop.ui.opening import texts as common
from dmp_desktop.ui.page_frame import KeyHint, on_key
from dmp_desktop.ui.record.document import Showing
from dmp_desktop.ui.record.document_column import DocumentColumn
from dmp_desktop.ui.record.list_column import ListColumn
from dmp_desktop.ui.record.port import Viewer
from dmp_desktop.ui.record.presenter import RecordPresenter
from dmp_desktop.ui.record.rubriques import RubriqueColumn
from dmp_desktop.ui.sentences import sentence, sentence_of
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.controls import ActionButton
from dmp_desktop.ui.widgets.messages import MessageStrip

RUBRIQUES, LIST, DOCUMENT = 216, 360, 480
"""Least widths of the three columns, at 100 %."""

LEAST = 200
"""Least side of the page, at 100 %."""

LOW = 320
"""Height, at 100 %, under which a document alone leaves its facts to its own paper."""


class RecordPage(QWidget):
    """One open record. The window shows its banner above; a question or a panel of another room covers it."""

    properties_asked = Signal(object)
    print_asked = Signal(object)
    export_asked = Signal()
    timeline_asked = Signal()
    directives_asked = Signal()
    curves_asked = Signal()
    vaccines_asked = Signal()
    reimbursements_asked = Signal()
    hints_changed = Signal(object)

    def __init__(self, appearance: Appearance, presenter: RecordPresenter, viewer: Viewer) -> None:
        super().__init__()
        self._appearance, self._presenter = appearance, presenter
        self._columns, self._reading, self._laid_out = 3, False, 0
        self.setProperty("room", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Dossier")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        # What three columns ask for is not what the window needs: there are fewer where there is little room.
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._retry = ActionButton(appearance, "Réessayer", keys="F5")
        self._retry.clicked.connect(lambda _c=False: presenter.refresh())
        self.strip = MessageStrip(appearance, "offline", "", "", self._retry)
        self.strip.hide()
        column.addWidget(self.strip)
        self.rubriques = RubriqueColumn(appearance)
        self.middle = ListColumn(appearance, presenter)
        self.document = DocumentColumn(appearance, presenter, viewer)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(0)
        for part in (self.rubriques, self.middle, self.document):
            self._splitter.addWidget(part)
        self._splitter.setStretchFactor(2, 1)
        column.addWidget(self._splitter, 1)
        self._connect()
        self._keys()
        self.tell()
        self._arrange()

    def _connect(self) -> None:
        presenter = self._presenter
        presenter.list_changed.connect(self.tell)
        presenter.status_changed.connect(self._tell_fault)
        presenter.document.changed.connect(self._followed)
        self.rubriques.list.picked.connect(presenter.choose_rubrique)
        self.rubriques.list.left_for_documents.connect(self.middle.take_keys)
        self.rubriques.view_asked.connect(presenter.choose_view)
        # By key too where the column has no room: these keys are the page's.
        for row, key, asked in (
            (self.rubriques.timeline, "Alt+F", self.timeline_asked),
            (self.rubriques.directives, "Alt+D", self.directives_asked),
            (self.rubriques.curves, "Alt+C", self.curves_asked),
            (self.rubriques.vaccines, "Alt+N", self.vaccines_asked),
            (self.rubriques.reimbursements, "Alt+B", self.reimbursements_asked),
        ):
            row.clicked.connect(partial(_tell, asked))
            on_key(self, key, asked.emit)
        self.middle.list.picked.connect(lambda _key: self._read())
        self.middle.list.entered.connect(self._enter)
        self.document.back_asked.connect(self._back)
        self.document.properties_asked.connect(self.properties_asked)
        self.document.print_asked.connect(self.print_asked)
        self._appearance.changed.connect(self._rearrange)

    def _keys(self) -> None:
        on_key(self, "/", self._search)
        on_key(self, "F5", self._presenter.refresh)
        on_key(self, "F6", self._list)
        on_key(self, "Alt+R", self._go_rubriques)
        on_key(self, "Alt+E", self.export_asked.emit)
        on_key(self, "Esc", self._back)

    # -- what is shown ------------------------------------------------------------------------------------------------

    def shown(self) -> None:
        """The page comes to the front."""
        self.middle.list.setFocus()
        quick = KeyHint("Alt+U", "À lire d’abord") if self._presenter.context.in_memory else KeyHint("F7", "Nouveautés")
        self.hints_changed.emit(
            (KeyHint("F5", "Rafraîchir"), KeyHint("F6", "Documents"), quick, KeyHint("Alt+L", "Filtres"))
        )

    def tell(self) -> None:
        """Counts of the rubriques, and the strip."""
        presenter = self._presenter
        self.rubriques.tell(presenter.view, presenter.counts, presenter.rubrique)
        self._tell_fault()

    def _tell_fault(self) -> None:
        presenter, fault, halted = self._presenter, self._presenter.fault, self._presenter.halted
        self.strip.setVisible(fault is not None or bool(halted) or presenter.behind)
        if fault is None and not halted:
            self._retry.set_words("Rafraîchir")
            self.strip.say("info", "Votre envoi est au DMP.", "La liste le montrera quand vous la rafraîchirez.")
            return
        self._retry.set_words("Réessayer")
        told, state = sentence(fault) if fault is not None else sentence_of(halted), presenter.state
        if state.refreshed_at is not None and not presenter.context.in_memory:
            at = f"{common.day(state.refreshed_at)} à {common.hour(state.refreshed_at)}"
            rest = f"Vous lisez la copie de ce poste, du {at}. {told.todo}"
        else:
            rest = f"{told.effect} {told.todo}"
        self.strip.say("warning" if fault is None else "offline", told.what, rest)

    def _followed(self) -> None:
        document = self._presenter.document
        if document.shown is None:
            self._show_reading(False)
        elif document.showing is Showing.READY:
            words = f"Document affiché\u00a0: {title_of(document.shown)}"
            event = QAccessibleEvent(self.document, QAccessible.Event.NameChanged)
            self.document.setAccessibleName(words)
            QAccessible.updateAccessibility(event)

    # -- room ---------------------------------------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:
        """One narrow column."""
        px = self._appearance.theme.px
        return QSize(px(LEAST), px(LEAST))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Three columns, two, or one at a time."""
        super().resizeEvent(event)
        self._arrange()

    def _rearrange(self) -> None:
        self._laid_out = 0
        self._arrange()

    def _arrange(self) -> None:
        theme = self._appearance.theme
        px = theme.px
        width = self.width()
        self._columns = 3 if width >= px(RUBRIQUES + LIST + DOCUMENT) else 2 if width >= px(LIST + DOCUMENT) else 1
        first = self._laid_out != self._columns
        alone = self._columns == 1
        self.rubriques.setMinimumWidth(px(RUBRIQUES))
        self.middle.setMinimumWidth(0 if alone else px(LIST))
        self.document.setMinimumWidth(0 if alone else px(DOCUMENT))
        self.rubriques.setVisible(self._columns == 3)
        self.middle.setVisible(not alone or not self._reading)
        self.document.setVisible(not alone or self._reading)
        self.middle.fit(rubriques_here=self._columns < 3)
        self.document.fit(alone=alone, low=alone and self.height() < px(LOW))
        if first and width > 0:
            self._laid_out = self._columns
            left = theme.size("rubriques") if self._columns == 3 else 0
            middle = width if alone else max(px(LIST), min(theme.size("document_list"), width - left - px(DOCUMENT)))
            self._splitter.setSizes([left, middle, max(0, width - left - middle) if not alone else width])

    def _show_reading(self, reading: bool) -> None:
        if reading != self._reading:
            self._reading = reading
            self._arrange()

    # -- gestures -----------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        """A document was chosen in the list: with one column it takes the list's place on Enter only."""
        if self._columns > 1:
            self._reading = True

    def _enter(self) -> None:
        """Enter on a document: into it."""
        if self._presenter.document.showing is Showing.FAULT:
            self._presenter.document.retry()
        self._show_reading(True)
        self.document.surface.setFocus()

    def _search(self) -> None:
        self._show_reading(False)
        self.middle.search.edit.setFocus()
        self.middle.search.edit.selectAll()

    def _list(self) -> None:
        self._show_reading(False)
        self.middle.take_keys()

    def _go_rubriques(self) -> None:
        self._show_reading(False)
        (self.rubriques.list if self._columns == 3 else self.middle.rubriques).setFocus()

    def _back(self) -> None:
        """Escape: out of the filters, out of the document, out of what narrows the list, one at a time."""
        presenter = self._presenter
        if self.middle.filtering:
            self.middle.close_filters()
        elif presenter.refreshing:
            presenter.cancel_refresh()
        elif presenter.words:
            self.middle.search.edit.clear()
        elif presenter.filters.new_only:
            presenter.toggle_new()
        self._show_reading(False)
        self.middle.list.setFocus()


def _tell(signal: SignalInstance, _checked: bool = False) -> None:
    signal.emit()
