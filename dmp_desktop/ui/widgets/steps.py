"""The steps of a flow: a column of discs, or one line when there is little room (guide 4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.theme.icons import pixmap
from dmp_desktop.ui.widgets.basic import Text


class StepState(StrEnum):
    """State of one step."""

    DONE = "done"
    CURRENT = "current"
    TO_COME = "to-come"
    STOPPED = "stopped"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Step:
    """One step and its line of result."""

    title: str
    state: StepState
    result: str = ""


_STEP_WORDS = {
    StepState.DONE: "faite",
    StepState.CURRENT: "en cours",
    StepState.TO_COME: "à venir",
    StepState.STOPPED: "arrêtée",
    StepState.SKIPPED: "sans objet",
}


def _spoken(steps: tuple[Step, ...]) -> str:
    return ". ".join(
        f"Étape {n} sur {len(steps)}, {s.title}, {_STEP_WORDS[s.state]}" + (f", {s.result}" if s.result else "")
        for n, s in enumerate(steps, 1)
    )


class StepList(QWidget):
    """The steps as a column of discs (guide 4.2)."""

    ROW = 56

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._steps: tuple[Step, ...] = ()
        appearance.changed.connect(self._resize)

    def tell(self, steps: tuple[Step, ...]) -> None:
        """Show these steps."""
        self._steps = steps
        self.setAccessibleName(_spoken(steps))
        self._resize()
        self.update()

    def _resize(self) -> None:
        self.setFixedHeight(self._appearance.theme.px(self.ROW) * max(1, len(self._steps)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Discs, lines, titles, results."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, step in enumerate(self._steps):
            self._row(painter, index, step)
        painter.end()

    def _row(self, painter: QPainter, index: int, step: Step) -> None:
        theme = self._appearance.theme
        px, top = theme.px, index * theme.px(self.ROW)
        side = px(24)
        disc = QRectF(1, top + 1, side - 2, side - 2)
        done = step.state is StepState.DONE
        if index + 1 < len(self._steps):
            painter.setPen(QPen(theme.color("success" if done else "line"), px(2)))
            painter.drawLine(QPoint(side // 2, top + side), QPoint(side // 2, top + px(self.ROW)))
        tones = {
            StepState.DONE: ("success", "surface", "check"),
            StepState.CURRENT: ("action", "action", ""),
            StepState.TO_COME: ("control", "surface", ""),
            StepState.STOPPED: ("danger", "surface", "x"),
            StepState.SKIPPED: ("control", "surface", "minus"),
        }
        edge, fill, icon = tones[step.state]
        painter.setPen(QPen(theme.color(edge), px(2)))
        painter.setBrush(theme.color(fill))
        painter.drawEllipse(disc)
        if icon:
            size = px(14)
            image = pixmap(icon, theme.hex(edge), size, self.devicePixelRatioF())
            painter.drawPixmap(QPoint((side - size) // 2, top + (side - size) // 2), image)
        else:
            painter.setFont(theme.font("caption", bold=True))
            painter.setPen(theme.color("on-action" if step.state is StepState.CURRENT else "text-2"))
            painter.drawText(disc, int(Qt.AlignmentFlag.AlignCenter), str(index + 1))
        left = side + px(12)
        current = step.state is StepState.CURRENT
        reached = done or current or step.state is StepState.STOPPED
        painter.setFont(theme.font("body", bold=current))
        painter.setPen(theme.color("action" if current else "text" if reached else "text-3"))
        painter.drawText(QRect(left, top, self.width() - left, side), _MIDDLE, step.title)
        if step.result:
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.color("danger" if step.state is StepState.STOPPED else "text-3"))
            painter.drawText(QRect(left, top + side, self.width() - left, px(18)), _MIDDLE, step.result)


_MIDDLE = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignVCenter)


class StepStrip(QWidget):
    """The steps in one line, for a narrow window or a large zoom."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._steps: tuple[Step, ...] = ()
        self.setProperty("room", "bar")
        self.setProperty("edge", "bottom")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 16, 6)
        row.setSpacing(8)
        self._where, self._title = Text("", "body-strong"), Text("", "body", "text-2")
        row.addWidget(self._where)
        row.addWidget(self._title)
        row.addStretch(1)

    def tell(self, steps: tuple[Step, ...]) -> None:
        """Show where we are among these."""
        self._steps = steps
        number = next(
            (n for n, s in enumerate(steps, 1) if s.state in (StepState.CURRENT, StepState.STOPPED)), len(steps)
        )
        self._where.setText(f"Étape {number} sur {len(steps)}")
        self._title.setText(steps[number - 1].title if steps else "")
        self.setAccessibleName(_spoken(steps))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Six segments at right."""
        super().paintEvent(event)
        theme = self._appearance.theme
        painter = QPainter(self)
        width, gap, height = theme.px(32), theme.px(4), theme.px(4)
        left = self.width() - theme.px(16) - len(self._steps) * (width + gap) + gap
        for step in self._steps:
            tone = {StepState.DONE: "success", StepState.CURRENT: "action", StepState.STOPPED: "danger"}
            color = theme.color(tone.get(step.state, "line"))
            painter.fillRect(left, (self.height() - height) // 2, width, height, color)
            left += width + gap
        painter.end()
