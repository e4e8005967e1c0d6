"""The rubriques at left: counts and unread badges, the other views below, and the honest sentence."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListView,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from dmp_desktop.domain.record_rules import Count
from dmp_desktop.domain.rubriques import ALL, OTHER, RubriqueView, views
from dmp_desktop.ui.page_frame import press
from dmp_desktop.ui.record import texts
from dmp_desktop.ui.record.chips import paint_badge
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.theme.icons import pixmap
from dmp_desktop.ui.widgets.basic import Hairline, KeyCap, Text
from dmp_desktop.ui.widgets.controls import ActionButton

Index = QModelIndex | QPersistentModelIndex

_LEFT = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight) | int(Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True, slots=True)
class RubriqueRow:
    """One line of the column."""

    key: str
    label: str
    short: str
    icon: str
    count: Count

    @property
    def spoken(self) -> str:
        """As a sentence."""
        new = f", {self.count.new} nouveau{'x' if self.count.new > 1 else ''}" if self.count.new else ""
        return f"{self.label}, {texts.documents(self.count.total)}{new}"


def rubrique_rows(view: RubriqueView, counts: dict[str, Count]) -> tuple[RubriqueRow, ...]:
    """The lines of a view: all, each rubrique, and the others when there are some."""
    none = Count()
    rows = [RubriqueRow(ALL, "Tous les documents", "Tous les documents", "folder", counts.get(ALL, none))]
    rows += [RubriqueRow(r.key, r.label, r.short, r.icon, counts.get(r.key, none)) for r in view.rubriques]
    if OTHER in counts:
        rows.append(RubriqueRow(OTHER, texts.OTHER_RUBRIQUE, texts.OTHER_RUBRIQUE, "file", counts[OTHER]))
    return tuple(rows)


class _Model(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[RubriqueRow, ...] = ()

    def tell(self, rows: tuple[RubriqueRow, ...]) -> None:
        """Show these; counts change in place."""
        same = [row.key for row in rows] == [row.key for row in self.rows]
        if same:
            self.rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
        else:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many lines."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Label, and the sentence read aloud."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.label
        return row.spoken if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole) else None


class _Delegate(QStyledItemDelegate):
    def __init__(self, appearance: Appearance, parent: QListView) -> None:
        super().__init__(parent)
        self._appearance = appearance

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One height."""
        return QSize(100, self._appearance.theme.size("list_row"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Icon, words, badge, count."""
        model = index.model()
        assert isinstance(model, _Model)  # noqa: S101 - the only model of this list
        theme, row, area = self._appearance.theme, model.rows[index.row()], QRect(option.rect)
        px = theme.px
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        if chosen or hovered:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selected" if chosen else "hover"))
            painter.drawRoundedRect(area, px(4), px(4))
        tone, size = "action" if chosen else "text-2", px(18)
        image = pixmap(row.icon, theme.hex(tone), size, painter.device().devicePixelRatio())
        painter.drawPixmap(QPoint(area.left() + px(8), area.center().y() - size // 2 + 1), image)
        painter.setFont(theme.font("body", bold=chosen))
        painter.setPen(theme.color(tone))
        number = f"{row.count.total:,}".replace(",", "\u202f")
        edge = area.right() - px(8)
        painter.drawText(QRect(area.left(), area.top(), edge - area.left(), area.height()), _RIGHT, number)
        edge -= max(painter.fontMetrics().horizontalAdvance(number), px(18)) + px(6)
        if row.count.new:
            edge = paint_badge(painter, theme, row.count.new, edge, area.center().y() + 1) - px(4)
        left = area.left() + px(34)
        painter.setFont(theme.font("body", bold=chosen))
        metrics = painter.fontMetrics()
        label = row.label if metrics.horizontalAdvance(row.label) <= edge - left else row.short
        words = metrics.elidedText(label, Qt.TextElideMode.ElideRight, edge - left)
        painter.drawText(QRect(left, area.top(), edge - left, area.height()), _LEFT, words)
        painter.restore()


class RubriqueList(QListView):
    """The lines; arrows choose at once."""

    picked = Signal(str)
    left_for_documents = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._rubriques = _Model()
        self._appearance = appearance
        self.setModel(self._rubriques)
        self.setItemDelegate(_Delegate(appearance, self))
        self.setProperty("kind", "plain")
        self.setProperty("ring", "inside")
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Rubriques")
        self.clicked.connect(lambda index: self.picked.emit(self._rubriques.rows[index.row()].key))
        appearance.changed.connect(self._fit)

    def tell(self, rows: tuple[RubriqueRow, ...], chosen: str) -> None:
        """Show these lines, one of them chosen."""
        self._rubriques.tell(rows)
        line = next((i for i, row in enumerate(rows) if row.key == chosen), 0)
        self.setCurrentIndex(self._rubriques.index(line))
        self._fit()

    def _fit(self) -> None:
        self.setMaximumHeight(self.sizeHint().height())
        self.updateGeometry()
        self.scheduleDelayedItemsLayout()

    def sizeHint(self) -> QSize:
        """Every line; a low window scrolls them."""
        return QSize(
            super().sizeHint().width(), self._appearance.theme.size("list_row") * max(1, len(self._rubriques.rows))
        )

    def minimumSizeHint(self) -> QSize:
        """Three lines."""
        return QSize(0, self._appearance.theme.size("list_row") * 3)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose, Enter and Right go to the documents."""
        rows, line = self._rubriques.rows, self.currentIndex().row()
        steps = {Qt.Key.Key_Down: line + 1, Qt.Key.Key_Up: line - 1, Qt.Key.Key_Home: 0, Qt.Key.Key_End: len(rows) - 1}
        target = steps.get(Qt.Key(event.key()), -1)
        if Qt.Key(event.key()) in steps:
            if 0 <= target < len(rows):
                self.picked.emit(rows[target].key)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Right):
            self.left_for_documents.emit()
        else:
            event.ignore()


class ViewRow(QPushButton):
    """A line that opens another view of the record: icon, words, key."""

    def __init__(self, appearance: Appearance, icon: str, words: str, cap: str) -> None:
        super().__init__()
        self._appearance, self._icon, self._words = appearance, icon, words
        self._cap = KeyCap(appearance, cap)
        self._cap.setParent(self)
        self._cap.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setProperty("kind", "quiet")
        self.setProperty("ring", "inside")
        self.setAccessibleName(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._fit()
        appearance.changed.connect(self._fit)

    def _fit(self) -> None:
        self.setFixedHeight(self._appearance.theme.size("list_row"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Icon, words; the key stands at right."""
        theme, px = self._appearance.theme, self._appearance.theme.px
        self._cap.adjustSize()
        self._cap.move(self.width() - self._cap.width() - px(8), (self.height() - self._cap.height()) // 2)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("hover"))
            painter.drawRoundedRect(self.rect(), px(4), px(4))
        size = px(18)
        image = pixmap(self._icon, theme.hex("text-2"), size, self.devicePixelRatioF())
        painter.drawPixmap(QPoint(px(8), (self.height() - size) // 2 + 1), image)
        painter.setFont(theme.font("body"))
        painter.setPen(theme.color("text-2"))
        room = self._cap.x() - px(34 + 6)
        words = painter.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(px(34), 0, room, self.height()), _LEFT, words)
        painter.end()


class RubriqueColumn(QFrame):
    """The left column."""

    view_asked = Signal(str)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.setProperty("room", "bar")
        self.setProperty("edge", "right")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 10, 9, 10)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 0, 4)
        head.addWidget(Text("Rubriques", "caption", "text-2"))
        head.addStretch(1)
        self._other_view = ActionButton(appearance, "", kind="link", keys="Alt+H")
        press(self._other_view, "Alt+H")
        self._other_view.clicked.connect(self._turn_view)
        head.addWidget(self._other_view)
        column.addLayout(head)
        self.list = RubriqueList(appearance)
        column.addWidget(self.list)
        other = Text("Vues", "caption", "text-2")
        other.setContentsMargins(8, 6, 0, 2)
        column.addWidget(other)
        self.timeline = ViewRow(appearance, "timeline", "Frise et synthèse", "Alt+F")
        self.directives = ViewRow(appearance, "heart", "Directives, proches", "Alt+D")
        self.curves = ViewRow(appearance, "tube", "Valeurs dans le temps", "Alt+C")
        self.vaccines = ViewRow(appearance, "syringe", "Vaccinations", "Alt+N")
        self.reimbursements = ViewRow(appearance, "euro", "Remboursements lus", "Alt+B")
        self._more = (self.curves, self.vaccines, self.reimbursements)
        for row in (self.timeline, self.directives, *self._more):
            column.addWidget(row)
        self._view = views()[0]
        column.addSpacing(4)
        column.addStretch(1)
        column.addWidget(Hairline())
        self.honest = Text(texts.HONEST, "caption", "text-2", wrap=True)
        self.honest.setContentsMargins(8, 8, 8, 0)
        column.addWidget(self.honest)

    def tell(self, view: RubriqueView, counts: dict[str, Count], chosen: str) -> None:
        """Show a view and its counts."""
        self._view = view
        self.list.tell(rubrique_rows(view, counts), chosen)
        self._arrange()
        self._other_view.set_words(f"Vue {self._next().key}")
        self._other_view.setAccessibleName(self._next().title)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another height."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """The rubriques come first: views that are also one key away leave the column when it is low."""
        layout, row = self.layout(), self._appearance.theme.size("list_row")
        if layout is None:
            return
        honest = self.honest.heightForWidth(max(1, self.width() - self._appearance.theme.px(17)))
        fixed = self._appearance.theme.px(80) + max(honest, self.honest.sizeHint().height())
        room = self.height() - fixed - self.list.sizeHint().height()
        for view in self._more:
            view.setVisible(room >= row * (2 + len(self._more)))

    def _next(self) -> RubriqueView:
        others = [view for view in views() if view.key != self._view.key]
        return others[0] if others else self._view

    def _turn_view(self) -> None:
        self.view_asked.emit(self._next().key)
