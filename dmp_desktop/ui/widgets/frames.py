"""What frames a screen: patient banner, steps, command row, folded panel, focus ring."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLayout, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.theme.icons import pixmap
from dmp_desktop.ui.widgets.basic import Hairline, IconLabel, KeyCap, Text


@dataclass(frozen=True, slots=True)
class BannerValue:
    """One cell of the banner: label, value, and the icon and colour of a state."""

    label: str
    value: str
    icon: str = ""
    tone: str = "text"
    note: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class BannerContent:
    """What the banner says of one person (NHS CUI order: name, birth, sex, place, INS, then the dossier).

    :ivar cells: between the name and the dossier, in their fixed order. Allergies are a cell like another, given for
        clinical roles only: for the desk it does not exist.
    """

    name: str
    under: str
    cells: tuple[BannerValue, ...]
    dossier: BannerValue
    deceased: str = ""

    def __repr__(self) -> str:
        return "BannerContent(…)"


class PatientBanner(QFrame):
    """Who it is about: above everything, never covered, absent while several people are on the screen."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._hatched = False
        self.setProperty("room", "bar")
        self.setProperty("edge", "bottom")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Identité de la personne")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(24, 0, 32, 0)
        self._row.setSpacing(0)
        self._resize()
        appearance.changed.connect(self._resize)

    def _resize(self) -> None:
        self.setFixedHeight(self._appearance.theme.size("patient_banner"))

    def tell(self, content: BannerContent) -> None:
        """Show one person."""
        empty_layout(self._row)
        self._hatched = bool(content.deceased)
        self._row.addLayout(self._name(content))
        for cell in content.cells:
            self._row.addSpacing(24)
            self._row.addWidget(Hairline(vertical=True, length=40))
            self._row.addSpacing(16)
            self._row.addWidget(self._cell(cell))
        self._row.addStretch(1)
        self._row.addWidget(Hairline(vertical=True, length=40))
        self._row.addSpacing(16)
        self._row.addWidget(self._cell(content.dossier))
        spoken = [content.name, content.under, *(f"{c.label} {c.value}" for c in (*content.cells, content.dossier))]
        self.setAccessibleDescription(", ".join(part for part in spoken if part))
        self.update()

    def _name(self, content: BannerContent) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(Text(content.name, "title"))
        under = content.deceased or content.under
        if under:
            column.addWidget(Text(under, "caption", "text-3"))
        column.addStretch(1)
        return column

    def _cell(self, value: BannerValue) -> QWidget:
        cell = QWidget()
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addStretch(1)
        column.addWidget(Text(value.label, "caption", "text-3"))
        row = QHBoxLayout()
        row.setSpacing(8)
        if value.icon:
            row.addWidget(IconLabel(self._appearance, value.icon, value.tone, 18))
        row.addWidget(Text(value.value, "value", value.tone))
        if value.note:
            row.addSpacing(4)
            row.addWidget(Text(value.note, "body", "text-2"))
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        return cell

    def paintEvent(self, event: QPaintEvent) -> None:
        """A deceased person: sunken and hatched, colour alone is not enough."""
        super().paintEvent(event)
        if self._hatched:
            theme = self._appearance.theme
            painter = QPainter(self)
            painter.fillRect(self.rect(), theme.color("sunken"))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(Qt.BrushStyle.BDiagPattern)
            painter.fillRect(self.rect(), painter.brush())
            painter.end()


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


class CommandRow(QFrame):
    """Bottom of the content: the way out at left, a reason, then the one filled button at right."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.setProperty("room", "page")
        self.setProperty("edge", "top")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(16)
        self._left, self._right = QHBoxLayout(), QHBoxLayout()
        self._left.setSpacing(24)
        self._right.setSpacing(16)
        self._reason = Text("", "caption", "text-2", wrap=True)
        self._reason.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(self._left)
        row.addStretch(1)
        row.addWidget(self._reason)
        row.addLayout(self._right)
        self._resize()
        appearance.changed.connect(self._resize)

    def _resize(self) -> None:
        self.setFixedHeight(self._appearance.theme.size("command_row"))

    def offer(self, left: list[QPushButton], right: list[QPushButton], reason: str = "") -> None:
        """Show these buttons; the last one at right is the filled one."""
        for layout, buttons in ((self._left, left), (self._right, right)):
            empty_layout(layout)
            for button in buttons:
                layout.addWidget(button)
        self.say(reason)

    def say(self, reason: str) -> None:
        """Why the filled button waits, or what it will do; its own line breaks are kept as long as there is room."""
        theme = self._appearance.theme
        metrics = QFontMetrics(theme.font("caption"))
        widest = max((metrics.horizontalAdvance(line) for line in reason.splitlines()), default=0)
        self._reason.setMinimumWidth(min(widest + 4, theme.px(300)))
        self._reason.setMaximumWidth(theme.px(300))
        self._reason.setText(reason)


class CollapsiblePanel(QFrame):
    """A folded part of a form: header with title, one line of summary and its key (guide 4.14)."""

    toggled = Signal(bool)

    def __init__(self, appearance: Appearance, title: str, summary: str, keys: str, content: QWidget) -> None:
        super().__init__()
        self.setProperty("kind", "panel")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._header = QPushButton()
        self._header.setProperty("kind", "quiet")
        self._header.setFixedHeight(appearance.theme.px(46))
        self._header.setAccessibleName(f"{title}, {summary}")
        row = QHBoxLayout(self._header)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(12)
        self._chevron = IconLabel(appearance, "right", "text", 18)
        self._title, self._summary = Text(title, "body-strong"), Text(summary, "caption", "text-3")
        row.addWidget(self._chevron)
        row.addWidget(self._title)
        row.addStretch(1)
        row.addWidget(self._summary)
        row.addWidget(KeyCap(appearance, keys))
        for child in self._header.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.content = content
        column.addWidget(self._header)
        column.addWidget(content)
        content.hide()
        self._forced = False
        self._header.clicked.connect(lambda _c=False: self.set_open(not self.is_open))

    @property
    def is_open(self) -> bool:
        """Whether its content shows."""
        return not self.content.isHidden()

    def set_open(self, is_open: bool, *, forced: bool = False) -> None:
        """Open or fold; one that a rule opened cannot be folded."""
        self._forced = forced or (self._forced and is_open)
        shown = is_open or self._forced
        self.content.setVisible(shown)
        self._chevron.show_icon("down" if shown else "right", "text")
        self.toggled.emit(shown)

    def summarise(self, title: str, summary: str) -> None:
        """Another title and line of summary."""
        self._title.setText(title)
        self._summary.setText(summary)
        self._header.setAccessibleName(f"{title}, {summary}")


_MOVES = (
    QEvent.Type.Resize,
    QEvent.Type.Move,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.LayoutRequest,
    QEvent.Type.DynamicPropertyChange,
)


class FocusRing(QWidget):
    """The ring around whatever has the focus: two pixels, two away, over everything, deaf to the mouse."""

    def __init__(self, appearance: Appearance, window: QWidget) -> None:
        super().__init__(window)
        self._appearance = appearance
        self._window = window
        self._target: QWidget | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._followed: list[QWidget] = []
        # A layout moves its widgets after the focus did: the ring is placed once everything has settled.
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(0)
        self._settled.timeout.connect(self._place)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._moved)
        self.hide()

    def _moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        for followed in self._followed:
            if isValid(followed):
                followed.removeEventFilter(self)
        self._target = new if new is not None and self._window.isAncestorOf(new) else None
        self._followed = []
        widget: QWidget | None = self._target
        while widget is not None:
            widget.installEventFilter(self)
            self._followed.append(widget)
            widget = widget.parentWidget() if widget is not self._window else None
        self._place()
        self._settled.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the widget and everything it stands in."""
        if event.type() in _MOVES:
            self._settled.start()
        return False

    def _place(self) -> None:
        target = self._target
        if target is None or not isValid(target) or not target.isVisible() or target.property("ring") == "none":
            self.hide()
            return
        away = self._appearance.theme.px(4)
        corner = target.mapTo(self._window, QPoint(0, 0))
        self.setGeometry(QRect(corner, target.size()).adjusted(-away, -away, away, away))
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ring."""
        theme = self._appearance.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = theme.px(3 if theme.name == "high_contrast" else 2)
        painter.setPen(QPen(theme.color("focus"), width))
        inset = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), theme.px(6), theme.px(6))
        painter.end()


def empty_layout(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif inner is not None:
            empty_layout(inner)
