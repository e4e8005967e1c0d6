"""The middle column: search, what is new, filters, the list, and how fresh it is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from dmp_desktop.domain.rubriques import ALL
from dmp_desktop.ui.page_frame import on_key, press
from dmp_desktop.ui.record import texts
from dmp_desktop.ui.record.chips import paint_badge
from dmp_desktop.ui.record.document_list import DocumentList
from dmp_desktop.ui.record.filters_panel import FiltersPanel
from dmp_desktop.ui.record.model import DocumentModel
from dmp_desktop.ui.record.presenter import RecordPresenter
from dmp_desktop.ui.record.rubriques import rubrique_rows
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import IconLabel, KeyCap, Text
from dmp_desktop.ui.widgets.controls import ActionButton, Choice
from dmp_desktop.ui.widgets.messages import EmptyState, ProgressLine

BESIDE = 600
"""Width at 100 % from which rubriques and search stand beside each other."""


class _Badge(QWidget):
    """How many are new, in a disc."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance, self._number = appearance, 0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        appearance.changed.connect(self._fit)
        self._fit()

    def count(self, number: int) -> None:
        """Another number; none at zero."""
        self._number = number
        self.setVisible(number > 0)
        self._fit()

    def _fit(self) -> None:
        px = self._appearance.theme.px
        self.setFixedSize(px(18 if self._number < 10 else 28), px(18))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The disc."""
        painter = QPainter(self)
        paint_badge(painter, self._appearance.theme, self._number, self.width(), self.height() // 2)
        painter.end()


class DossierSearch(QFrame):
    """A line with its icon and its key."""

    down = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.setProperty("kind", "search")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(IconLabel(appearance, "search", "text-2", 18))
        self.edit = QLineEdit()
        self.edit.setProperty("kind", "bare")
        self.edit.setPlaceholderText(texts.SEARCH)
        self.edit.setAccessibleName(texts.SEARCH)
        self.edit.installEventFilter(self)
        self.setFocusProxy(self.edit)
        row.addWidget(self.edit, 1)
        row.addWidget(KeyCap(appearance, "/"))
        self._fit()
        appearance.changed.connect(self._fit)

    def _fit(self) -> None:
        self.setFixedHeight(self._appearance.theme.px(32))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down and Enter go to what was found; Escape empties the field first."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.down.emit()
                return True
            if event.key() == Qt.Key.Key_Escape and self.edit.text():
                self.edit.clear()
                return True
            return False
        # A slash is a letter here, and the first Escape empties the field: neither is a key of the page.
        mine = {Qt.Key.Key_Slash, Qt.Key.Key_Escape} if self.edit.text() else {Qt.Key.Key_Slash}
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() in mine:
            event.accept()
            return True
        return False


class ListColumn(QFrame):
    """Search, buttons, list or filters or emptiness, footer."""

    def __init__(self, appearance: Appearance, presenter: RecordPresenter) -> None:
        super().__init__()
        self._appearance, self._presenter = appearance, presenter
        self.setProperty("room", "bar")
        self.setProperty("edge", "right")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 1, 0)
        column.setSpacing(8)
        head = QVBoxLayout()
        head.setContentsMargins(16, 0, 16, 4)
        head.setSpacing(8)
        self.rubriques = Choice(appearance, "Rubrique")
        self.rubriques.activated.connect(lambda _i: presenter.choose_rubrique(self.rubriques.currentData()))
        self.search = DossierSearch(appearance)
        self._top = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._top.setSpacing(8)
        self._top.addWidget(self.rubriques, 1)
        self._top.addWidget(self.search, 1)
        head.addLayout(self._top)
        head.addLayout(self._make_buttons())
        column.addLayout(head)
        self._model = DocumentModel()
        self.list = DocumentList(appearance, self._model)
        self.filters = FiltersPanel(appearance, presenter)
        self._empty = EmptyState(appearance, "folder", "")
        self._stack = QStackedWidget()
        # What a page asks for at least (the filters are tall) is not what the list needs in a low window.
        self._stack.setMinimumSize(1, 1)
        for part in (self.list, self._empty, self.filters):
            self._stack.addWidget(part)
        column.addWidget(self._stack, 1)
        column.addWidget(self._make_footer())
        self.list.picked.connect(presenter.choose)
        self.search.edit.textChanged.connect(presenter.search)
        self.search.down.connect(self.take_keys)
        self.filters.closed.connect(self.close_filters)
        presenter.list_changed.connect(self.tell)
        presenter.status_changed.connect(self._tell_status)
        presenter.document.changed.connect(self._bring_into_view)
        self.tell()

    def _make_buttons(self) -> QHBoxLayout:
        presenter = self._presenter
        row = QHBoxLayout()
        row.setSpacing(8)
        if presenter.context.in_memory:
            self.quick = ActionButton(self._appearance, texts.FIRST, keys="Alt+U")
            self.quick.clicked.connect(lambda _c=False: presenter.toggle_first())
            press(self.quick, "Alt+U")
        else:
            self.quick = ActionButton(self._appearance, texts.NEW, keys="F7")
            self.quick.clicked.connect(lambda _c=False: presenter.toggle_new())
            press(self.quick, "F7")
        self.quick.setCheckable(True)
        self._badge = _Badge(self._appearance)
        inner = self.quick.layout()
        if isinstance(inner, QHBoxLayout):
            inner.insertWidget(inner.count() - 1, self._badge)
        self._badge.count(0)
        self.filter_button = ActionButton(self._appearance, "Filtres", keys="Alt+L")
        self.filter_button.setCheckable(True)
        self.filter_button.clicked.connect(lambda _c=False: self.toggle_filters())
        on_key(self.filter_button, "Alt+L", self.toggle_filters)
        for button in (self.quick, self.filter_button):
            layout = button.layout()
            if layout is not None:
                layout.setContentsMargins(10, 0, 8, 0)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _make_footer(self) -> QWidget:
        foot = QFrame()
        foot.setProperty("room", "bar")
        foot.setProperty("edge", "top")
        column = QVBoxLayout(foot)
        column.setContentsMargins(16, 0, 16, 0)
        column.setSpacing(0)
        self._progress = ProgressLine(self._appearance)
        self._progress.cancelled.connect(self._presenter.cancel_refresh)
        self._footer = Text("", "caption", "text-2", wrap=True)
        self.honest = Text(texts.HONEST, "caption", "text-2", wrap=True)
        column.addWidget(self._progress)
        column.addWidget(self._footer, 1)
        column.addWidget(self.honest)
        self._foot = foot
        self._fit_foot()
        self._appearance.changed.connect(self._fit_foot)
        return foot

    def _fit_foot(self) -> None:
        self._foot.setMinimumHeight(self._appearance.theme.px(40))

    # -- what is shown ------------------------------------------------------------------------------------------------

    def tell(self) -> None:
        """Draw the list as it stands."""
        presenter = self._presenter
        own = presenter.context.author.professional
        self._model.tell(presenter.groups, presenter.state, presenter.hits, presenter.words, own)
        checked = presenter.first_only if presenter.context.in_memory else presenter.filters.new_only
        self.quick.setChecked(checked)
        self._badge.count(presenter.new)
        self._tell_quick()
        self.filter_button.setChecked(presenter.filtered or self._stack.currentWidget() is self.filters)
        if not presenter.words and self.search.edit.text().strip():
            self.search.edit.clear()
        self._tell_rubriques()
        self._follow(into_view=False)
        self._turn()
        self._tell_status()

    def _tell_rubriques(self) -> None:
        presenter = self._presenter
        self.rubriques.clear()
        for row in rubrique_rows(presenter.view, presenter.counts):
            self.rubriques.addItem(f"{row.label} ({row.count.total})", row.key)
        self.rubriques.setCurrentIndex(max(0, self.rubriques.findData(presenter.rubrique)))

    def _turn(self) -> None:
        presenter = self._presenter
        if self._stack.currentWidget() is self.filters:
            self.filters.tell()
            return
        if presenter.rows or not presenter.looked:
            self._stack.setCurrentWidget(self.list)
            return
        words = texts.nothing(
            presenter.context,
            presenter.state,
            new_only=presenter.filters.new_only,
            words=presenter.words,
            filtered=presenter.filtered or (presenter.rubrique == ALL and bool(presenter.all_rows)),
        )
        waiting = presenter.refreshing and not presenter.all_rows
        self._empty.say("cloud" if waiting else "folder", "La liste arrive du DMP." if waiting else words)
        self._stack.setCurrentWidget(self._empty)

    def _tell_status(self) -> None:
        presenter = self._presenter
        words = texts.footer(presenter.context, len(presenter.rows), presenter.folded, presenter.state, presenter.now())
        self._footer.setText(words if presenter.looked else "Lecture de la copie de ce poste")
        if presenter.refreshing:
            self._progress.start("Le DMP est interrogé")
        else:
            self._progress.stop()
        self._progress.setVisible(presenter.refreshing)
        self._footer.setVisible(not presenter.refreshing)
        self._turn()

    def _bring_into_view(self) -> None:
        self._follow(into_view=True)

    def _follow(self, *, into_view: bool) -> None:
        shown = self._presenter.document.shown
        self.list.show_chosen(shown.key if shown else "", into_view=into_view)

    # -- gestures -----------------------------------------------------------------------------------------------------

    def take_keys(self) -> None:
        """The keyboard comes to the list; the first document found is read when none of the list is."""
        if self._stack.currentWidget() is self.filters:
            self.close_filters()
        self.list.setFocus()
        if self._presenter.place[0] == 0:
            self._presenter.step(1)

    def toggle_filters(self) -> None:
        """Alt+L."""
        if self._stack.currentWidget() is self.filters:
            self.close_filters()
        else:
            self._stack.setCurrentWidget(self.filters)
            self.filters.tell()
            self.filter_button.setChecked(True)
            next(iter(self.filters.ticks.values())).setFocus()

    @property
    def filtering(self) -> bool:
        """Whether the filters stand in place of the list."""
        return self._stack.currentWidget() is self.filters

    def close_filters(self) -> None:
        """Back to the list."""
        self._stack.setCurrentWidget(self.list)
        self.tell()
        self.list.setFocus()

    def fit(self, *, rubriques_here: bool) -> None:
        """Without the left column, the rubriques are a choice here, and the honest sentence stands below."""
        self.rubriques.setVisible(rubriques_here)
        self.honest.setVisible(rubriques_here)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Long words give way to shorter ones."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        beside = self.width() * 100 / self._appearance.theme.zoom > BESIDE
        self._top.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        self._tell_quick()

    def _tell_quick(self) -> None:
        """The whole words where they fit beside the filters, else the short ones; the accessible name is whole."""
        memory, px = self._presenter.context.in_memory, self._appearance.theme.px
        whole, short = (texts.FIRST, texts.FIRST_SHORT) if memory else (texts.NEW, texts.NEW_SHORT)
        self.quick.set_words(whole)
        room = self.width() - px(16 + 16 + 8) - self.filter_button.sizeHint().width()
        if self.quick.sizeHint().width() > room:
            self.quick.set_words(short)
        number = "" if memory else f", {texts.documents(self._presenter.new)}"
        self.quick.setAccessibleName(f"{whole}{number}")
