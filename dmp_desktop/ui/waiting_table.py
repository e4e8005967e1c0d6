"""The rows of « À traiter », painted (guide, picture 09)."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dmp_desktop.services.attention import Waiting
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.theme.icons import pixmap
from dmp_desktop.ui.waiting_words import GROUPS, STEPS, cause_of, kind_of, since_of, state_of

_MIDDLE = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignVCenter)


class WaitingTable(QWidget):
    """The rows, painted: groups, state, what, cause, since."""

    picked = Signal(str)
    asked = Signal()

    HEAD, GROUP, ROW = 32, 26, 48
    WIDE, FULL = 700, 1000
    """Widths at 100 %: from the first the state has its words, from the second each row has its next step."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._rows: tuple[Waiting, ...] = ()
        self._chosen = ""
        self._now: datetime | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Actes en attente")
        appearance.changed.connect(self._fit)

    def tell(self, rows: tuple[Waiting, ...], chosen: str, now: datetime) -> None:
        """Show these."""
        self._rows, self._chosen, self._now = rows, chosen, now
        row = next((r for r in rows if r.event.id == chosen), None)
        spoken = ""
        if row is not None:
            spoken = ", ".join((state_of(row, now)[1], kind_of(row), row.person, cause_of(row), since_of(row, now)))
        self.setAccessibleDescription(spoken)
        self._fit()
        self.update()

    def _fit(self) -> None:
        px = self._appearance.theme.px
        groups = len({row.turn for row in self._rows})
        self.setFixedHeight(px(self.HEAD) + groups * px(self.GROUP) + len(self._rows) * px(self.ROW) + 2)

    def _places(self) -> list[tuple[Waiting | str, QRect]]:
        """Each group title and row with its place."""
        px, top, turn = self._appearance.theme.px, self._appearance.theme.px(self.HEAD), None
        places: list[tuple[Waiting | str, QRect]] = []
        for row in self._rows:
            if row.turn is not turn:
                turn = row.turn
                places.append((GROUPS[turn], QRect(0, top, self.width(), px(self.GROUP))))
                top += px(self.GROUP)
            places.append((row, QRect(0, top, self.width(), px(self.ROW))))
            top += px(self.ROW)
        return places

    def _columns(self) -> tuple[int, int, int, int]:
        px, width = self._appearance.theme.px, self.width()
        since = width - px(104) - (px(184) if width > px(self.FULL) else 0)
        what = px(200) if width > px(self.WIDE) else px(44)
        return px(16), what, what + px(250 if width > px(self.WIDE) else 190), since

    def row_rect(self, event_id: str) -> QRect:
        """Where a row is; nowhere when it is not shown."""
        found = (area for what, area in self._places() if not isinstance(what, str) and what.event.id == event_id)
        return next(found, QRect())

    def _step_rect(self, row: Waiting, area: QRect) -> QRect:
        """Where the next step of a row is drawn; nowhere when it has none or there is no room for it."""
        px, words = self._appearance.theme.px, STEPS.get(row.step, "")
        if not words or self.width() <= px(self.FULL):
            return QRect()
        width = QFontMetrics(self._appearance.theme.font("body")).horizontalAdvance(words) + px(24)
        return QRect(self.width() - px(184), area.center().y() - px(15), width, px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Head, groups, rows."""
        theme, px = self._appearance.theme, self._appearance.theme.px
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("surface"))
        painter.setFont(theme.font("caption", bold=True))
        painter.setPen(theme.color("text-2"))
        wide = self.width() > px(self.WIDE)
        if self.width() > px(self.FULL):
            painter.drawText(QRect(self.width() - px(184), 0, px(160), px(self.HEAD)), _MIDDLE, "Suite")
        heads = ("État" if wide else "", "Ce qui attend", "Cause, en clair", "Depuis")
        for x, words in zip(self._columns(), heads, strict=True):
            painter.drawText(QRect(x, 0, px(240), px(self.HEAD)), _MIDDLE, words)
        for what, area in self._places():
            if isinstance(what, str):
                painter.fillRect(area, theme.color("sunken"))
                painter.setFont(theme.font("caption", bold=True))
                painter.setPen(theme.color("text-2"))
                painter.drawText(area.adjusted(px(16), 0, 0, 0), _MIDDLE, what)
            else:
                self._row(painter, what, area, wide=wide)
        painter.setPen(theme.color("line"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _row(self, painter: QPainter, row: Waiting, area: QRect, *, wide: bool) -> None:
        theme, px, columns = self._appearance.theme, self._appearance.theme.px, self._columns()
        assert self._now is not None  # noqa: S101 - rows come with the hour
        if row.event.id == self._chosen:
            painter.fillRect(area, theme.color("selected"))
            painter.fillRect(0, area.top(), px(4), area.height(), theme.color("action"))
        painter.fillRect(area.left(), area.top(), area.width(), theme.hairline, theme.color("line"))
        icon, words, tone = state_of(row, self._now)
        size = px(18)
        image = pixmap(icon, theme.hex(tone), size, self.devicePixelRatioF())
        painter.drawPixmap(QPoint(columns[0], area.center().y() - size // 2 + 1), image)
        if wide:
            painter.setFont(theme.font("body"))
            painter.setPen(theme.color(tone))
            self._cut(painter, QRect(columns[0] + px(26), area.top(), columns[1] - px(44), area.height()), words)
        middle = area.top() + area.height() // 2
        width = columns[2] - columns[1] - px(12)
        painter.setFont(theme.font("body", bold=True))
        painter.setPen(theme.color("text"))
        self._cut(painter, QRect(columns[1], middle - px(20), width, px(20)), kind_of(row))
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text-2"))
        self._cut(painter, QRect(columns[1], middle, width, px(18)), row.person)
        painter.setFont(theme.font("body"))
        painter.setPen(theme.color("text"))
        width = columns[3] - columns[2] - px(12)
        self._cut(painter, QRect(columns[2], area.top(), width, area.height()), cause_of(row))
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text-2"))
        painter.drawText(QRect(columns[3], area.top(), px(100), area.height()), _MIDDLE, since_of(row, self._now))
        step = self._step_rect(row, area)
        if not step.isEmpty():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("control"), theme.hairline))
            painter.setBrush(theme.color("surface"))
            painter.drawRoundedRect(QRectF(step).adjusted(0.5, 0.5, -0.5, -0.5), px(4), px(4))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setFont(theme.font("body"))
            painter.setPen(theme.color("action"))
            painter.drawText(step, int(Qt.AlignmentFlag.AlignCenter), STEPS[row.step])

    @staticmethod
    def _cut(painter: QPainter, area: QRect, words: str) -> None:
        """What does not fit is whole in the detail under the table."""
        cut = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, _MIDDLE, cut)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a row; on its next step, do it."""
        at = event.position().toPoint()
        for what, area in self._places():
            if not isinstance(what, str) and area.contains(at):
                self.picked.emit(what.event.id)
                if self._step_rect(what, area).contains(at):
                    self.asked.emit()
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose, Enter does the next step."""
        ids = [row.event.id for row in self._rows]
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and ids:
            at = ids.index(self._chosen) if self._chosen in ids else -1
            target = at + (1 if event.key() == Qt.Key.Key_Down else -1)
            if 0 <= target < len(ids):
                self.picked.emit(ids[target])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.asked.emit()
        else:
            event.ignore()
