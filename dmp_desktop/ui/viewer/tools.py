"""The row above the paper: how fresh the copy is, and what can be done to read it better."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout

from dmp_desktop.ui.page_frame import on_key, press
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import ElidedText
from dmp_desktop.ui.widgets.controls import ActionButton

_GAP = 16
ZOOMS = (50, 75, 100, 125, 150, 200, 300, 400)


class Tools(QFrame):
    """Freshness at left; zoom, search and, for a PDF, its pages, its turning and its text at right."""

    search = Signal()
    zoomed = Signal(int)
    pages = Signal()
    turned = Signal()
    words = Signal()
    apart = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.zoom = 100
        self._below = False
        self.setProperty("room", "bar")
        self.setProperty("edge", "bottom")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(24, 4, 24, 4)
        self._grid.setHorizontalSpacing(_GAP)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self.freshness = ElidedText("", "caption", "text-2")
        self._extra, self._base = QHBoxLayout(), QHBoxLayout()
        self._extra.setSpacing(_GAP)
        self._base.setSpacing(_GAP)
        self._grid.addWidget(self.freshness, 0, 0)
        self._grid.addLayout(self._extra, 0, 1)
        self._grid.addLayout(self._base, 0, 2)
        made = []
        for words, keys, icon, signal in (
            ("Un seul", "Alt+Q", "x", self.apart),
            ("Pages", "Alt+V", "copies", self.pages),
            ("Tourner", "Alt+T", "refresh", self.turned),
            ("Texte", "Alt+X", "file", self.words),
            ("Chercher", "Ctrl+F", "search", self.search),
        ):
            button = ActionButton(appearance, words, kind="quiet", keys=keys, icon=icon)
            press(button, keys)
            button.clicked.connect(signal)
            (self._base if keys == "Ctrl+F" else self._extra).addWidget(button)
            made.append(button)
        self._apart, self._pages, self._turn, self._words, self._find = made
        self._zoom = ActionButton(appearance, "100\u00a0%", kind="quiet", keys="Ctrl + −")
        self._zoom.clicked.connect(lambda: self.set_zoom(100))
        self._base.addWidget(self._zoom)
        for key, step in (("Ctrl++", 1), ("Ctrl+=", 1), ("Ctrl+-", -1)):
            on_key(self, key, lambda step=step: self._step(step))  # type: ignore[misc]  # a default keeps the step
        on_key(self, "Ctrl+0", lambda: self.set_zoom(100))
        self.offer(pdf=False, pictures=False, compared=False)
        self.set_zoom(100)

    def offer(self, *, pdf: bool, pictures: bool, compared: bool) -> None:
        """Only what the document has."""
        self._apart.setVisible(compared)
        self._pages.setVisible(pdf)
        self._words.setVisible(pdf)
        self._turn.setVisible(pictures)
        self._fit()

    def tell_words(self, shown: bool) -> None:
        """Whether the text of the PDF is shown instead of its pages."""
        self._words.set_words("Image" if shown else "Texte")
        self._fit()

    def set_zoom(self, zoom: int) -> None:
        """In per cent."""
        self._zoom.set_words(f"{zoom}\u00a0%")
        self._zoom.setAccessibleName(f"Taille du document, {zoom}\u00a0%")
        if zoom != self.zoom:
            self.zoom = zoom
            self.zoomed.emit(zoom)

    def _step(self, step: int) -> None:
        at = ZOOMS.index(self.zoom) if self.zoom in ZOOMS else ZOOMS.index(100)
        self.set_zoom(ZOOMS[max(0, min(len(ZOOMS) - 1, at + step))])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words go where room lacks; icons, keys and names stay."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """As narrow as the column the reader leaves: the row gives up its words, then becomes two."""
        return QSize(self._appearance.theme.px(320), super().minimumSizeHint().height())

    def _fit(self) -> None:
        extra = [b for b in (self._apart, self._pages, self._turn, self._words) if not b.isHidden()]
        room = self.width() - self._appearance.theme.px(2 * 24 + 90 + _GAP)
        worded = True
        below = False
        if self._wanted([*extra, self._find], words=True) > room:
            worded = False
            below = bool(extra) and self._wanted([*extra, self._find], words=False) > room
            if below:
                worded = self._wanted(extra, words=True) <= self.width() - self._appearance.theme.px(2 * 24)
        for button in (*extra, self._find):
            button.show_words(worded)
        if below != self._below:
            self._below = below
            self._grid.removeItem(self._extra)
            if below:
                self._grid.addLayout(self._extra, 1, 0, 1, 3, Qt.AlignmentFlag.AlignLeft)
            else:
                self._grid.addLayout(self._extra, 0, 1)

    def _wanted(self, buttons: list[ActionButton], *, words: bool) -> int:
        """Width of these buttons and of the zoom, in pixels."""
        for button in buttons:
            button.show_words(words)
        gap = self._appearance.theme.px(_GAP)
        return sum(button.sizeHint().width() + gap for button in (*buttons, self._zoom))
