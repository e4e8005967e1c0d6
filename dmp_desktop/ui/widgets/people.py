"""The people on a card: a list that chooses nobody by itself (guide 4.3)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.theme.icons import pixmap

Index = QModelIndex | QPersistentModelIndex

NARROW, NARROW_ROW, _BEYOND_BAR = 680, 64, 32
"""Width at 100 % under which a row has no icon, and its height then."""


@dataclass(frozen=True, slots=True, repr=False)
class PersonRow:
    """One person as the list shows them.

    :ivar digit: the key that chooses them; ``under`` a second line (used name, multiple birth).
    """

    digit: int
    name: str
    under: str
    born: str
    age: str
    quality: str
    child: bool = False

    def __repr__(self) -> str:
        return f"PersonRow({self.digit})"

    @property
    def spoken(self) -> str:
        """The row as a sentence."""
        parts = (f"{self.digit}, {self.name}", self.under, f"né(e) le {self.born}", self.age, self.quality)
        return ", ".join(part for part in parts if part)


class PeopleModel(QAbstractListModel):
    """The rows."""

    def __init__(self) -> None:
        super().__init__()
        self.people: tuple[PersonRow, ...] = ()

    def tell(self, people: tuple[PersonRow, ...]) -> None:
        """Show these."""
        self.beginResetModel()
        self.people = people
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many people."""
        return 0 if parent.isValid() else len(self.people)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Name, and the sentence read aloud."""
        if not index.isValid():
            return None
        person = self.people[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return person.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return person.spoken
        return None


class PersonDelegate(QStyledItemDelegate):
    """Paints radio, key, icon, name over its second line, and the aligned columns."""

    def __init__(self, appearance: Appearance, parent: QListView) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._list = parent
        self.narrow = False

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The row's height."""
        return QSize(200, self.row_height())

    def fit(self, width: int) -> None:
        """Little room: no icon, closer columns, lower rows.

        Lower rows may take away the scroll bar that made the list narrow: room enough is found again only beyond it,
        or rows and bar would answer each other without end.
        """
        limit = NARROW + _BEYOND_BAR if self.narrow else NARROW
        self.narrow = width * 100 / self._appearance.theme.zoom < limit

    def row_height(self) -> int:
        """The same for everyone."""
        theme = self._appearance.theme
        return theme.px(NARROW_ROW) if self.narrow else theme.size("card_row")

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One row."""
        model = index.model()
        assert isinstance(model, PeopleModel)  # noqa: S101 - the only model of this list
        theme, person = self._appearance.theme, model.people[index.row()]
        px, area = theme.px, QRect(option.rect)
        chosen = self._list.currentIndex() == index and isinstance(self._list, PersonList) and self._list.chosen
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.fillRect(area, theme.color("selected"))
            painter.fillRect(area.left(), area.top(), px(4), area.height(), theme.color("action"))
        if index.row():
            painter.fillRect(area.left(), area.top(), area.width(), theme.hairline, theme.color("line"))
        middle = area.center().y() + 1
        radio, key, words = (13, 45, 89) if self.narrow else (24, 64, 145)
        self._radio(painter, area.left() + px(radio), middle, bool(chosen))
        cap = QRect(area.left() + px(key), middle - px(16), px(32), px(32))
        painter.setPen(QPen(theme.color("control"), 1))
        painter.setBrush(theme.color("sunken"))
        painter.drawRoundedRect(cap, px(3), px(3))
        painter.setFont(theme.font("value", bold=True))
        painter.setPen(theme.color("text-2"))
        painter.drawText(cap, int(Qt.AlignmentFlag.AlignCenter), str(person.digit))
        if not self.narrow:
            size = px(16 if person.child else 20)
            drawing, ratio = "child" if person.child else "user", self._list.devicePixelRatioF()
            image = pixmap(drawing, theme.hex("text-2"), size, ratio)
            painter.drawPixmap(QPoint(area.left() + px(122) - size // 2, middle - size // 2), image)
        columns = self._columns(area)
        left = area.left() + px(words)
        name = QRect(left, area.top(), columns[0][0] - left - px(12), area.height())
        self._two_lines(painter, name, person.name, person.under, "title", "text-3")
        values = (("Né(e) le", person.born), ("Âge", person.age), ("Qualité", person.quality))
        for (x, width), (label, value) in zip(columns, values, strict=True):
            if value:
                self._labelled(painter, QRect(x, area.top(), width, area.height()), label, value)
        painter.restore()

    def _columns(self, area: QRect) -> list[tuple[int, int]]:
        px = self._appearance.theme.px
        right = area.right() - px(8)
        widths = (px(100), px(60), px(88)) if self.narrow else (px(112), px(72), px(112))
        starts = [right - sum(widths), right - sum(widths[1:]), right - widths[2]]
        return [(start, width - px(4)) for start, width in zip(starts, widths, strict=True)]

    def _radio(self, painter: QPainter, left: int, middle: int, on: bool) -> None:
        theme = self._appearance.theme
        side = theme.size("check")
        disc = QRectF(left + 0.75, middle - side / 2 + 0.75, side - 1.5, side - 1.5)
        painter.setPen(QPen(theme.color("action" if on else "control"), 1.5))
        painter.setBrush(theme.color("surface"))
        painter.drawEllipse(disc)
        if on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("action"))
            inner = side * 0.26
            painter.drawEllipse(disc.adjusted(inner, inner, -inner, -inner))

    def _two_lines(self, painter: QPainter, area: QRect, top: str, under: str, role: str, tone: str) -> None:
        theme = self._appearance.theme
        painter.setFont(theme.font(role))
        painter.setPen(theme.color("text"))
        if painter.fontMetrics().horizontalAdvance(top) > area.width() and area.height() >= 2 * theme.line(role):
            # A name is not cut: it takes the place of its second line.
            painter.drawText(area, _MIDDLE | int(Qt.TextFlag.TextWordWrap), top)
            return
        height = theme.line(role) + (theme.line("caption") if under else 0)
        y = area.top() + (area.height() - height) // 2
        words = painter.fontMetrics().elidedText(top, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(QRect(area.left(), y, area.width(), theme.line(role)), _MIDDLE, words)
        if under:
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.color(tone))
            line = QRect(area.left(), y + theme.line(role), area.width(), theme.line("caption"))
            painter.drawText(
                line, _MIDDLE, painter.fontMetrics().elidedText(under, Qt.TextElideMode.ElideRight, area.width())
            )

    def _labelled(self, painter: QPainter, area: QRect, label: str, value: str) -> None:
        theme = self._appearance.theme
        caption, body = theme.line("caption"), theme.line("value")
        y = area.top() + (area.height() - caption - body) // 2
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text-3"))
        painter.drawText(QRect(area.left(), y, area.width(), caption), _MIDDLE, label)
        painter.setFont(theme.font("value"))
        painter.setPen(theme.color("text"))
        painter.drawText(QRect(area.left(), y + caption, area.width(), body), _MIDDLE, value)


_MIDDLE = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignVCenter)


class PersonList(QListView):
    """Digits 1 to 9 choose, arrows move and choose, Enter before a choice does nothing.

    ``picked`` gives the digit of whoever is now chosen; ``confirmed`` comes on Enter once someone is.
    """

    picked = Signal(int)
    confirmed = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._people = PeopleModel()
        self.chosen = 0
        self.setModel(self._people)
        self._delegate = PersonDelegate(appearance, self)
        self.setItemDelegate(self._delegate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(True)
        self.setAccessibleName("Personnes de la carte")
        self.setAccessibleDescription("Tapez le chiffre de la personne. Aucune n’est choisie d’avance.")
        self.clicked.connect(lambda index: self.choose(self._people.people[index.row()].digit))
        self._row_height = 0
        appearance.changed.connect(self._fit)

    def tell(self, people: tuple[PersonRow, ...], chosen: int = 0) -> None:
        """Show these people, ``chosen`` highlighted (0: nobody)."""
        if people != self._people.people:
            self._people.tell(people)
        self.chosen = chosen
        row = next((i for i, p in enumerate(people) if p.digit == chosen), -1)
        self.setCurrentIndex(self._people.index(row) if row >= 0 else QModelIndex())
        self.viewport().update()

    def height_for_all(self) -> int:
        """Height that shows everyone."""
        return len(self._people.people) * self._delegate.row_height() + 2 * self._appearance.theme.hairline

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rows are lower in a narrow list."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._delegate.fit(self.width())
        height = self._delegate.row_height()
        if height != self._row_height:
            self._row_height = height
            self._people.layoutChanged.emit()
            self.setMaximumHeight(self.height_for_all())
            self.setMinimumHeight(min(self.maximumHeight(), 2 * height))

    def choose(self, digit: int) -> None:
        """Choose whoever has this digit; an unknown one changes nothing."""
        row = next((i for i, p in enumerate(self._people.people) if p.digit == digit), -1)
        if row < 0:
            return
        self.chosen = digit
        self.setCurrentIndex(self._people.index(row))
        self.scrollTo(self.currentIndex())
        self.viewport().update()
        self.picked.emit(digit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits, arrows, Enter; everything else goes to the window."""
        key, people = event.key(), self._people.people
        if Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            self.choose(key - Qt.Key.Key_0)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and people:
            row = next((i for i, p in enumerate(people) if p.digit == self.chosen), None)
            step = 1 if key == Qt.Key.Key_Down else -1
            target = (0 if step > 0 else len(people) - 1) if row is None else row + step
            if 0 <= target < len(people):
                self.choose(people[target].digit)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.chosen:
                self.confirmed.emit()
        else:
            event.ignore()
