"""The readers page: why a card is not read, check by check, and the one gesture to make (guide, picture 10)."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from dmp_desktop.cards.doctor import Check, CheckState, Finding
from dmp_desktop.ui.opening.base import KeyHint, on_key
from dmp_desktop.ui.reader_drawing import GESTURES, Gesture, ReaderDrawing
from dmp_desktop.ui.readers_presenter import STATES, ReadersPresenter
from dmp_desktop.ui.simulated_cards import SimulatedCards
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.theme.icons import pixmap
from dmp_desktop.ui.widgets.basic import IconLabel, Text, mark
from dmp_desktop.ui.widgets.controls import ActionButton

SIDE = 328
STACKED, NARROW = 1100, 900
"""Logical widths, at 100 %, under which the side goes under the list, then the list and its head come closer."""
ROW = (58, 72)
"""Least and greatest height of a check: in a low window they come closer."""
_ICONS = {
    Check.SERVICE: "service",
    Check.READER: "usb",
    Check.MODULE: "gear",
    Check.PROFESSIONAL: "card-pro",
    Check.VITALE: "card",
    Check.READING: "search",
    Check.STORE: "cloud",
}
_TONES = {CheckState.GOOD: "success", CheckState.FAILED: "warning", CheckState.WAITING: "text-2"}


class CheckMark(QWidget):
    """Where a check stands, on the line that joins them: a tick, a warning, or its number."""

    def __init__(self, appearance: Appearance, number: int, of: int) -> None:
        super().__init__()
        self._appearance, self._number, self._last = appearance, number, number == of
        self._state, self._before = CheckState.WAITING, CheckState.WAITING
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        appearance.changed.connect(self._fit)
        self._fit()

    def tell(self, state: CheckState, before: CheckState) -> None:
        """Its state, and that of the check above."""
        self._state, self._before = state, before
        self.update()

    def _fit(self) -> None:
        self.setFixedWidth(self._appearance.theme.px(26))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Line above, disc, line below."""
        theme, px = self._appearance.theme, self._appearance.theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, centre, radius = self.width() / 2, self.height() / 2, px(11.5)
        good = CheckState.GOOD
        if self._number > 1:
            painter.setPen(QPen(theme.color("success" if self._before is good else "line"), px(2)))
            painter.drawLine(QPointF(middle, 0), QPointF(middle, centre - radius))
        if not self._last:
            painter.setPen(QPen(theme.color("success" if self._state is good else "line"), px(2)))
            painter.drawLine(QPointF(middle, centre + radius), QPointF(middle, self.height()))
        if self._state is CheckState.FAILED:
            self._icon(painter, "warning", "warning", px(18))
        else:
            painter.setPen(QPen(theme.color("success" if self._state is good else "control"), px(2)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(middle, centre), radius - 1, radius - 1)
            if self._state is good:
                self._icon(painter, "check", "success", px(16))
            else:
                painter.setFont(theme.font("caption", bold=True))
                painter.setPen(theme.color("text-2"))
                painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), str(self._number))
        painter.end()

    def _icon(self, painter: QPainter, name: str, tone: str, size: int) -> None:
        image = pixmap(name, self._appearance.theme.hex(tone), size, self.devicePixelRatioF())
        painter.drawPixmap((self.width() - size) // 2, (self.height() - size) // 2, image)


class CheckRow(QFrame):
    """One check: where it stands, what was seen, and its gesture when it is the one to put right."""

    asked = Signal()

    def __init__(self, appearance: Appearance, check: Check, number: int, of: int) -> None:
        super().__init__()
        self._appearance = appearance
        self.setProperty("kind", "check")
        self.setProperty("last", "true" if number == of else "false")
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(0)
        self._mark = CheckMark(appearance, number, of)
        row.addWidget(self._mark)
        row.addSpacing(12)
        row.addWidget(IconLabel(appearance, _ICONS[check], "text-2", 20))
        row.addSpacing(12)
        words = QVBoxLayout()
        words.setContentsMargins(0, 6, 0, 6)
        words.setSpacing(0)
        self._title, self._detail = Text("", "value"), Text("", "body", "text-2", wrap=True)
        words.addStretch(1)
        words.addWidget(self._title)
        words.addWidget(self._detail)
        words.addStretch(1)
        row.addLayout(words, 1)
        row.addSpacing(12)
        states = QVBoxLayout()
        states.setSpacing(0)
        self._state, self._place = Text("", "body-strong"), Text("", "caption", "text-2", wrap=True)
        self._states = QWidget()
        states = QVBoxLayout(self._states)
        states.setContentsMargins(0, 0, 0, 0)
        states.setSpacing(0)
        states.addStretch(1)
        states.addWidget(self._state)
        states.addWidget(self._place)
        states.addStretch(1)
        row.addWidget(self._states)
        self._aside, self._below = QWidget(), QHBoxLayout()
        aside = QHBoxLayout(self._aside)
        aside.setContentsMargins(0, 0, 0, 0)
        aside.addStretch(1)
        row.addWidget(self._aside)
        words.insertLayout(3, self._below)
        self.button = ActionButton(appearance, "", kind="primary", keys="Entrée")
        self.button.clicked.connect(self.asked)
        aside.addWidget(self.button)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def fit(self, height: int, *, narrow: bool) -> None:
        """A height in pixels; in a narrow page the gesture goes under the words."""
        px = self._appearance.theme.px
        self.setMinimumHeight(height)
        self._states.setFixedWidth(px(136 if narrow else 190))
        self._aside.setMinimumWidth(0 if narrow else px(236))
        self._aside.setVisible(not narrow)
        self._below.setContentsMargins(0, 8 if narrow else 0, 0, 0)
        aside = self._aside.layout()
        if narrow:
            self._below.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        elif aside is not None:
            aside.addWidget(self.button)

    def tell(self, finding: Finding, before: CheckState, gesture: str) -> None:
        """What was found; ``gesture`` is what its button says, if it is the one to put right."""
        state = finding.state
        failed = state is CheckState.FAILED
        mark(self, state=state.value)
        self._mark.tell(state, before)
        self._title.setText(finding.title)
        mark(self._title, role="value" if state is CheckState.WAITING else "section")
        self._detail.setText(finding.detail)
        self._state.setText(STATES[state])
        mark(self._state, role="body" if state is CheckState.WAITING else "body-strong", tone=_TONES[state])
        place = finding.place or ("Pas encore essayé" if state is CheckState.WAITING else "")
        self._place.setText(place)
        self._place.setVisible(bool(place))
        if failed:
            self.button.set_words(gesture)
        self.button.setVisible(failed)
        self.setAccessibleName(f"{finding.title}, {STATES[state]}")
        self.setAccessibleDescription(", ".join(part for part in (finding.detail, place) if part))


class AdvicePanel(QFrame):
    """The gesture: drawing, three steps, and what it means for the work in course."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.setProperty("kind", "advice")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        self._title = Text("", "body-strong", wrap=True)
        column.addWidget(self._title)
        self._drawing = ReaderDrawing(appearance)
        column.addWidget(self._drawing)
        self._steps: list[tuple[Text, Text]] = []
        for number in range(1, 4):
            row = QHBoxLayout()
            row.setSpacing(6)
            disc, step = Text(f"{number}."), Text("", "body", wrap=True)
            row.addWidget(disc, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(step, 1)
            column.addLayout(row)
            self._steps.append((disc, step))
        self._effect = Text("", "caption", "text-2", wrap=True)
        column.addWidget(self._effect)

    def tell(self, failed: Finding | None, *, all_good: bool) -> None:
        """About the check to put right, or that there is none."""
        mark(self, state="warning" if failed else "none")
        advice = failed.advice if failed else None
        self._drawing.show_gesture(GESTURES.get(failed.key, Gesture.IN_PLACE) if failed else Gesture.IN_PLACE)
        if advice is None:
            self._title.setText("Tout est en ordre" if all_good else "Rien à corriger")
            steps: tuple[str, ...] = ()
            effect = "" if all_good else "Ce qui attend sera vérifié à la prochaine ouverture d’un dossier."
        else:
            self._title.setText(advice.title)
            steps, effect = advice.steps, advice.effect
        for index, (disc, step) in enumerate(self._steps):
            disc.setVisible(index < len(steps))
            step.setVisible(index < len(steps))
            step.setText(steps[index] if index < len(steps) else "")
        self._effect.setText(effect)
        self._effect.setVisible(bool(effect))
        self.setAccessibleName(self._title.text())
        self.setAccessibleDescription(" ".join((*steps, effect)))


class ReadersPage(QWidget):
    """Checks at left, the gesture at right; the sandbox's cards under the checks when there is a sandbox.

    :param cards: the panel of simulated cards, or ``None``.
    """

    hints_changed = Signal(object)
    left = Signal()

    def __init__(
        self, appearance: Appearance, presenter: ReadersPresenter, cards: SimulatedCards | None = None
    ) -> None:
        super().__init__()
        self._appearance, self._presenter, self._cards = appearance, presenter, cards
        self._copied, self._narrow = "", False
        self.setProperty("room", "page")
        self.setProperty("ring", "none")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Lecteurs")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addLayout(self._head())
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setProperty("room", "scrolled")
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight, inside)
        self._halves.setContentsMargins(0, 4, 4, 4)
        self._halves.setSpacing(24)
        self._left = self._checks()
        self._halves.addLayout(self._left, 1)
        self._side = QWidget()
        self._right = QVBoxLayout(self._side)
        self._right.setContentsMargins(0, 0, 0, 0)
        self._right.setSpacing(16)
        self._advice = AdvicePanel(appearance)
        self._right.addWidget(self._advice)
        self._right.addStretch(1)
        self._halves.addWidget(self._side)
        self._scroll.setWidget(inside)
        column.addWidget(self._scroll, 1)
        on_key(self, "F5", presenter.recheck)
        on_key(self, "Ctrl+C", self.copy_report)
        on_key(self, "Esc", self.left.emit)
        presenter.changed.connect(self.refresh)
        appearance.changed.connect(self._arrange)
        self._arrange()
        self.refresh()

    def _head(self) -> QBoxLayout:
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._top.setSpacing(16)
        titles = QVBoxLayout()
        titles.setSpacing(0)
        self._under = Text("", "body", "text-2", wrap=True)
        titles.addWidget(Text("Pourquoi ma carte n’est-elle pas lue\u202f?", "title", wrap=True))
        titles.addWidget(self._under)
        self._top.addLayout(titles, 1)
        again = ActionButton(self._appearance, "Tout revérifier", keys="F5", icon="refresh")
        again.clicked.connect(lambda _c=False: self._presenter.recheck())
        copy = ActionButton(self._appearance, "Copier le rapport", keys="Ctrl C", icon="copy")
        copy.clicked.connect(lambda _c=False: self.copy_report())
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(again, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(copy, 0, Qt.AlignmentFlag.AlignBottom)
        row.addStretch(1)
        self._top.addLayout(row)
        return self._top

    def _checks(self) -> QVBoxLayout:
        column = QVBoxLayout()
        panel = QFrame()
        panel.setProperty("kind", "panel")
        rows = QVBoxLayout(panel)
        rows.setContentsMargins(1, 1, 1, 1)
        rows.setSpacing(0)
        self.rows = {check: CheckRow(self._appearance, check, n, len(Check)) for n, check in enumerate(Check, 1)}
        for row in self.rows.values():
            row.asked.connect(self._presenter.do)
            rows.addWidget(row)
        column.setSpacing(16)
        column.addWidget(panel)
        column.addStretch(1)
        return column

    # -- what is shown ------------------------------------------------------------------------------------------------

    def shown(self) -> None:
        """The page comes to the front."""
        self._copied = ""
        self._presenter.look()
        self.refresh()
        self.focus_first()
        self.hints_changed.emit(
            (
                KeyHint("Entrée", "Faire le geste"),
                KeyHint("F5", "Revérifier"),
                KeyHint("Ctrl C", "Copier le rapport"),
                KeyHint("Échap", "Revenir"),
            )
        )

    def focus_first(self) -> None:
        """The gesture to make takes the keyboard."""
        failed = self._presenter.failed
        if failed is None:
            self.setFocus()
            return
        row = self.rows[failed.check]
        row.button.setFocus()
        self._scroll.ensureWidgetVisible(row)

    def refresh(self) -> None:
        """Draw the findings as they stand."""
        findings, failed = self._presenter.findings, self._presenter.failed
        had_gesture = any(row.button.hasFocus() for row in self.rows.values())
        before, gesture = CheckState.GOOD, self._presenter.gesture
        for finding in findings:
            self.rows[finding.check].tell(finding, before, gesture[0] if gesture else "")
            before = finding.state
        self._advice.tell(failed, all_good=all(f.state is CheckState.GOOD for f in findings))
        self._tell_under()
        if had_gesture:
            self.focus_first()

    def _tell_under(self) -> None:
        """What the page does, or that the report was copied; a narrow page says only the latter."""
        told = "La première qui échoue dit quoi faire." if self._presenter.failed else "Aucune n’échoue."
        count, at = len(self._presenter.findings), f"{self._presenter.looked_at:%H:%M}"
        self._under.setText(self._copied or f"{count} vérifications, dans l’ordre. {told} Vérifié à {at}.")
        self._under.setVisible(bool(self._copied) or not self._narrow)

    def copy_report(self) -> None:
        """Ctrl+C: the report goes to the clipboard; it names nobody."""
        QGuiApplication.clipboard().setText(self._presenter.report())
        self._copied = "Rapport copié\u00a0: collez-le dans un message à votre assistance. Il ne nomme personne."
        self.refresh()

    # -- keys and size ------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter makes the gesture, wherever the focus is on the page."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._presenter.do()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side, or one under the other."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        theme = self._appearance.theme
        width = self.width() * 100 / theme.zoom
        stacked, narrow = width < STACKED, width < NARROW
        down, right = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._halves.setDirection(down if stacked else right)
        self._top.setDirection(down if narrow else right)
        self._narrow = narrow
        self._tell_under()
        limits = (0, 16_777_215) if stacked else (theme.px(SIDE), theme.px(SIDE))
        self._side.setMinimumWidth(limits[0])
        self._side.setMaximumWidth(limits[1])
        room = 0 if self._cards is not None else (self.height() - theme.px(112)) // len(self.rows)
        for row in self.rows.values():
            row.fit(max(theme.px(ROW[0]), min(theme.px(ROW[1]), room)), narrow=narrow)
        if self._cards is not None:
            # The gesture comes before the cards, whichever way the halves stand.
            (self._right if stacked else self._left).insertWidget(1, self._cards)
            self._cards.spread(wide=not narrow)
