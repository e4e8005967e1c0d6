"""The document at right: whose, of when, where, seen by whom; what must be said of it; the viewer; its neighbours."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from dmp_desktop.domain.record import RecordRow
from dmp_desktop.domain.record_rules import title_of
from dmp_desktop.ui.page_frame import on_key, press
from dmp_desktop.ui.record import texts
from dmp_desktop.ui.record.document import Showing
from dmp_desktop.ui.record.port import Viewer
from dmp_desktop.ui.record.presenter import RecordPresenter
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import ElidedText, IconLabel, Text
from dmp_desktop.ui.widgets.controls import ActionButton
from dmp_desktop.ui.widgets.frames import empty_layout
from dmp_desktop.ui.widgets.messages import EmptyState, MessageStrip

LOT_SHOWN = 2
"""Links of one submission beside each other; more are counted, and all stand in the properties."""


class _Said(QWidget):
    """A label at 12 above its value. An elastic one may be cut; it is whole in its tip and its accessible name."""

    def __init__(self, label: str, *, elastic: bool = False) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Text(label, "caption", "text-3"))
        self._label, self._value = label, ElidedText("", "body") if elastic else Text("", "body")
        column.addWidget(self._value)

    def say(self, value: str, whole: str = "") -> None:
        """Another value; ``whole`` when there is more to say of it than there is room for."""
        self._value.setText(value)
        self.setToolTip(whole)
        self._value.setAccessibleName(f"{self._label} {whole or value}")
        self.setAccessibleName(f"{self._label} {whole or value}")


class DocumentColumn(QFrame):
    """Header, warnings, viewer, foot."""

    properties_asked = Signal(object)
    print_asked = Signal(object)
    back_asked = Signal()

    def __init__(self, appearance: Appearance, presenter: RecordPresenter, viewer: Viewer) -> None:
        super().__init__()
        self._appearance, self._presenter, self._viewer = appearance, presenter, viewer
        self.setProperty("room", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._head = self._make_head()
        column.addWidget(self._head)
        self._warnings = QVBoxLayout()
        self._warnings.setContentsMargins(0, 0, 0, 0)
        self._warnings.setSpacing(1)
        column.addLayout(self._warnings)
        self.surface = cast(QWidget, viewer)
        column.addWidget(self.surface, 1)
        self._empty = EmptyState(appearance, "file", "Choisissez un document dans la liste.")
        column.addWidget(self._empty, 1)
        self._foot = self._make_foot()
        column.addWidget(self._foot)
        self._fit_foot()
        # Bound, not a lambda: a column that is gone with its record must not be kept, nor called.
        appearance.changed.connect(self._fit_foot)
        presenter.document.changed.connect(self._changed)
        presenter.document.described.connect(self._describe)
        presenter.list_changed.connect(self._tell_place)
        self._changed()

    def _make_head(self) -> QWidget:
        head = QFrame()
        head.setProperty("room", "bar")
        head.setProperty("edge", "bottom")
        column = QVBoxLayout(head)
        column.setContentsMargins(24, 12, 24, 12)
        column.setSpacing(8)
        first = QHBoxLayout()
        first.setSpacing(12)
        self.back = ActionButton(self._appearance, "Liste", keys="Échap", icon="left")
        self.back.clicked.connect(self.back_asked)
        self.back.hide()
        self._title = Text("", "title", wrap=True)
        self.properties = ActionButton(self._appearance, "Propriétés", keys="Alt+Entrée")
        self.printing = ActionButton(self._appearance, "Imprimer", keys="F8", icon="printer")
        self.properties.clicked.connect(self._ask_properties)
        self.printing.clicked.connect(self._ask_print)
        press(self.properties, "Alt+Return", "Alt+Enter")
        press(self.printing, "F8")
        top = Qt.AlignmentFlag.AlignTop
        first.addWidget(self.back, 0, top)
        first.addWidget(self._title, 100)
        first.addStretch(1)
        self._first, self._alone = first, False
        first.addWidget(self.properties, 0, top)
        first.addWidget(self.printing, 0, top)
        column.addLayout(first)
        self._under = QVBoxLayout()
        column.addLayout(self._under)
        self._facts = QWidget()
        said = QHBoxLayout(self._facts)
        said.setContentsMargins(0, 0, 0, 0)
        said.setSpacing(16)
        self._author, self._at = _Said("Auteur", elastic=True), _Said("Date de l’acte")
        self._where, self._seen = _Said("Rubrique"), _Said("Visible par")
        for part, stretch in ((self._author, 1), (self._at, 0), (self._where, 0), (self._seen, 0)):
            said.addWidget(part, stretch)
        column.addWidget(self._facts)
        return head

    def _make_foot(self) -> QWidget:
        foot = QFrame()
        foot.setProperty("room", "bar")
        foot.setProperty("edge", "top")
        row = QHBoxLayout(foot)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(12)
        self._link_icon = IconLabel(self._appearance, "link", "text-2", 18)
        self._link_words = Text("Même envoi", "body-strong")
        self._links = QHBoxLayout()
        self._links.setSpacing(12)
        row.addWidget(self._link_icon)
        row.addWidget(self._link_words)
        row.addLayout(self._links)
        row.addStretch(1)
        self._place = Text("", "caption", "text-2")
        row.addWidget(self._place)
        self._up = ActionButton(self._appearance, "Document précédent", kind="quiet", keys="↑")
        self._down = ActionButton(self._appearance, "Document suivant", kind="quiet", keys="↓")
        for button, by, key in ((self._up, -1, "Alt+Up"), (self._down, 1, "Alt+Down")):
            button.show_words(False)
            button.clicked.connect(lambda _c=False, by=by: self._presenter.step(by))
            on_key(button, key, button.click)
            row.addWidget(button)
        return foot

    def _fit_foot(self) -> None:
        self._foot.setFixedHeight(self._appearance.theme.px(40))

    def _ask_properties(self) -> None:
        if self._presenter.document.shown is not None:
            self.properties_asked.emit(self._presenter.document.shown)

    def _ask_print(self) -> None:
        if self._presenter.document.shown is not None:
            self.print_asked.emit(self._presenter.document.shown)

    # -- what is shown ------------------------------------------------------------------------------------------------

    def _changed(self) -> None:
        document = self._presenter.document
        self._describe()
        row = document.shown
        match document.showing:
            case Showing.WAITING:
                self._viewer.show_waiting("Le document arrive du DMP" if not self._is_here(row) else "Lecture")
            case Showing.READY if row is not None and document.readable is not None:
                self._viewer.show_document(document.readable, title=title_of(row), freshness=self.freshness())
                self._viewer.set_find(self._presenter.words)
            case Showing.FAULT if document.fault is not None:
                self._viewer.show_fault(document.fault)
            case _:
                self._viewer.clear()

    @staticmethod
    def _is_here(row: RecordRow | None) -> bool:
        return row is not None and row.kept.content_here

    def freshness(self) -> str:
        """How fresh what is shown is, on the screen and at the foot of what is printed."""
        presenter = self._presenter
        if presenter.context.in_memory:
            return "Lu au DMP, pas gardé sur ce poste"
        words = texts.freshness(presenter.state, presenter.now())
        return f"Liste {words}"

    def _describe(self) -> None:
        presenter = self._presenter
        row = presenter.document.shown
        for part in (self._head, self.surface, self._foot):
            part.setVisible(row is not None)
        self._empty.setVisible(row is None)
        empty_layout(self._warnings)
        if row is None:
            return
        self._title.setText(_short(title_of(row), 120))
        self._title.setAccessibleName(title_of(row))
        self._title.setToolTip(title_of(row))
        self._place_title()
        self._author.say(texts.author(row.entry), texts.author_in_full(row.entry))
        self._at.say(texts.moment_of(row))
        self._where.say(texts.rubriques_in_words(row))
        self._seen.say(texts.visible_by(row.entry))
        for words in texts.warnings(row.entry.visibility):
            self._warnings.addWidget(MessageStrip(self._appearance, "warning", words))
        if row.obsolete:
            words = "Une version plus récente a pris la place de ce document."
            self._warnings.addWidget(MessageStrip(self._appearance, "info", words))
        self._tell_lot()
        self._tell_place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width."""
        super().resizeEvent(event)
        self._place_title()

    def _place_title(self) -> None:
        """Beside the buttons; on a line of its own where it would take more lines than the buttons."""
        px = self._appearance.theme.px
        buttons = self.properties.sizeHint().width() + self.printing.sizeHint().width() + 3 * px(12)
        room = self.width() - px(2 * 24) - buttons
        wide = QFontMetrics(self._appearance.theme.font("title")).horizontalAdvance(self._title.text())
        if self._alone or wide > room:
            self._under.addWidget(self._title)
        else:
            self._first.insertWidget(1, self._title, 100)

    def _tell_lot(self) -> None:
        empty_layout(self._links)
        lot = self._presenter.lot()
        self._link_icon.setVisible(bool(lot))
        self._link_words.setVisible(bool(lot))
        for other in lot[:LOT_SHOWN]:
            link = ActionButton(self._appearance, _short(title_of(other)), kind="link")
            link.setAccessibleName(f"Même envoi\u00a0: {title_of(other)}")
            link.setToolTip(title_of(other))
            link.clicked.connect(lambda _c=False, key=other.key: self._presenter.choose(key))
            self._links.addWidget(link)
        if len(lot) > LOT_SHOWN:
            self._links.addWidget(Text(f"et {len(lot) - LOT_SHOWN} autres", "caption", "text-2"))

    def _tell_place(self) -> None:
        place, total = self._presenter.place
        self._place.setText(f"{place} sur {total}" if place else "Hors de la liste affichée")
        self._up.setEnabled(place > 1)
        self._down.setEnabled(0 < place < total)

    def fit(self, *, alone: bool, low: bool) -> None:
        """Where there is little room.

        :param alone: one column only: the way back to the list is shown, the title has a line of its own.
        :param low: what the document says of itself is left to the top of its paper; warnings stay.
        """
        self.back.setVisible(alone)
        self._facts.setVisible(not low)
        self._alone = alone
        self._place_title()
        side = 12 if alone else 24
        layout = self._head.layout()
        if layout is not None:
            layout.setContentsMargins(side, 12, side, 12)


def _short(title: str, letters: int = 24) -> str:
    return title if len(title) <= letters else f"{title[: letters - 1].rstrip()}…"
