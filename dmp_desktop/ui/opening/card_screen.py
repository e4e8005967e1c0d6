"""Waiting for the Vitale: how to insert it, the reading under way, and what went wrong with it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from dmp_desktop.ui.opening.base import KeyHint, Screen, fill
from dmp_desktop.ui.opening.errands import Work
from dmp_desktop.ui.opening.presenter import OpeningPresenter
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import IconLabel, Panel, Text
from dmp_desktop.ui.widgets.messages import ProgressLine

TITLE = "Insérez la carte Vitale"
SUBTITLE = "Elle se lit seule. Personne n’est choisi d’avance."
READING = "Lecture de la carte, environ 2\u00a0s"
GESTURES = ("Puce vers vous, en haut.", "Dans la fente libre du lecteur.", "Poussez jusqu’au déclic.")
NEEDED = (
    ("user", "La personne", "Elle est devant vous\u00a0: son consentement est recueilli de vive voix."),
    ("card", "Sa carte Vitale", "À jour si possible. Elle reste dans le lecteur jusqu’à l’envoi."),
    ("certificate", "Une pièce d’identité", "Demandée seulement si la carte et l’INSi diffèrent."),
    ("users", "Le représentant légal", "Pour une personne mineure ou protégée, avec sa pièce d’identité."),
)


class CardDrawing(QWidget):
    """A reader with two slots, one card on its way in; it says nothing that the words beside it do not."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Follows the zoom."""
        px = self._appearance.theme.px
        return QSize(px(216), px(172))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The reader, the professional's card already in (dashed), the Vitale with its chip, and an arrow."""
        theme = self._appearance.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = theme.zoom / 100
        painter.scale(scale, scale)
        muted, action = theme.color("text-2"), theme.color("action")
        painter.setBrush(theme.color("surface"))
        painter.setPen(QPen(theme.color("control"), 1.5, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(42, 36, 52, 96), 4, 4)
        painter.setPen(QPen(action, 2))
        painter.drawRoundedRect(QRectF(122, 22, 56, 104), 5, 5)
        painter.drawRoundedRect(QRectF(138, 84, 24, 20), 3, 3)
        painter.drawLine(QPointF(150, 84), QPointF(150, 104))
        painter.drawLine(QPointF(138, 94), QPointF(162, 94))
        painter.setPen(QPen(muted, 1.5))
        painter.drawRoundedRect(QRectF(18, 112, 180, 54), 5, 5)
        painter.setPen(QPen(muted, 3.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(38, 126), QPointF(98, 126))
        painter.drawLine(QPointF(116, 126), QPointF(184, 126))
        painter.setPen(QPen(muted, 1.5))
        painter.drawLine(QPointF(52, 148), QPointF(84, 148))
        painter.drawLine(QPointF(134, 148), QPointF(166, 148))
        arrow = QPainterPath(QPointF(198, 34))
        arrow.lineTo(198, 84)
        arrow.moveTo(191, 76)
        arrow.lineTo(198, 84)
        arrow.lineTo(205, 76)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(action, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPath(arrow)
        painter.end()


class CardScreen(Screen):
    """The first screen of an opening."""

    def __init__(self, appearance: Appearance, presenter: OpeningPresenter) -> None:
        super().__init__(appearance, presenter)
        self._reading = False
        self.say(TITLE, SUBTITLE)
        gesture = Panel(margin=24)
        row = QHBoxLayout()
        row.setSpacing(32)
        row.addWidget(CardDrawing(appearance))
        steps = QVBoxLayout()
        steps.setSpacing(8)
        steps.addStretch(1)
        for number, words in enumerate(GESTURES, 1):
            steps.addWidget(Text(f"{number}. {words}", "value", wrap=True))
        steps.addStretch(1)
        row.addLayout(steps, 1)
        gesture.body.addLayout(row)
        self.progress = ProgressLine(appearance)
        self.progress.cancelled.connect(presenter.abandon)
        gesture.body.addWidget(self.progress)
        self.body.addWidget(gesture)
        self._needed = Panel("Pour ouvrir un dossier", margin=24)
        grid = QHBoxLayout()
        grid.setSpacing(24)
        for icon, title, words in NEEDED:
            column = QVBoxLayout()
            column.setSpacing(4)
            fill(column, IconLabel(appearance, icon, "text-2"), Text(title, "body-strong", wrap=True))
            column.addWidget(Text(words, "caption", "text-2", wrap=True))
            column.addStretch(1)
            grid.addLayout(column, 1)
        self._needed.body.addLayout(grid)
        self.body.addWidget(self._needed)
        self.body.addStretch(1)
        self._read = self.button("Lire la carte", presenter.reread, kind="primary", cap="F4", keys="F4")
        self.commands.offer([], [self._read])

    def fit(self, *, narrow: bool) -> None:
        """The reminder goes first when there is little room."""
        super().fit(narrow=narrow)
        self._needed.setVisible(not narrow)

    def refresh(self) -> None:
        """The reading under way, or what went wrong with the last one."""
        reading = self.presenter.errands.work is Work.READING
        if reading is not self._reading:
            self._reading = reading
            self.progress.start(READING) if reading else self.progress.stop()
        self.tell_fault(self.presenter.fault)
        self.tell_reason("La carte insérée se lit seule." if self.presenter.fault is None else "")

    def focus_first(self) -> None:
        """The one button."""
        self._read.setFocus()

    def hints(self) -> tuple[KeyHint, ...]:
        """Keys while a card is waited for."""
        return (KeyHint("F4", "Lire la Vitale"),)
