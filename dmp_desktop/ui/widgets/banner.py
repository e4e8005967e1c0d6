"""The patient banner: who it is about, above everything, never covered (guide 4.1, after the NHS CUI order)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import ElidedText, Hairline, IconLabel, Text
from dmp_desktop.ui.widgets.frames import empty_layout

_LAST = 4
"""Room after the last cell: at 200 % what is saved keeps the allergies beside the name."""


@dataclass(frozen=True, slots=True)
class BannerValue:
    """One cell of the banner: label, value, and the icon and colour of a state.

    :ivar elastic: this value is the first to be cut when there is little room (the birth place); its whole text stays
        in its tip and its accessible name.
    :ivar strong: known allergies are bold.
    """

    label: str
    value: str
    icon: str = ""
    tone: str = "text"
    note: str = ""
    elastic: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class BannerContent:
    """What the banner says of one person (name, birth, sex, place, INS, then the dossier).

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


class BannerCell(QWidget):
    """A hairline, then a label above its value.

    :param noted: whether the note is drawn; else it is read in the tooltip.
    """

    def __init__(self, appearance: Appearance, value: BannerValue, after: int = 16, *, noted: bool = True) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, after, 0)
        row.setSpacing(16)
        self._line = Hairline(vertical=True, length=40)
        row.addWidget(self._line)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(Text(value.label, "caption", "text-3"))
        line = QHBoxLayout()
        line.setSpacing(8)
        if value.icon:
            line.addWidget(IconLabel(appearance, value.icon, value.tone, 18))
        kind = ElidedText if value.elastic else Text
        line.addWidget(kind(value.value, "section" if value.strong else "value", value.tone))
        if not noted:
            self.setToolTip(value.note)
        elif value.note:
            note = Text(value.note, "body", "text-2")
            note.setContentsMargins(4, 0, 0, 0)
            line.addWidget(note)
        line.addStretch(1)
        column.addLayout(line)
        column.addStretch(1)
        row.addLayout(column)
        self.setAccessibleName(" ".join(part for part in (value.label, value.value, value.note) if part))

    def begin_row(self) -> None:
        """First of its row: no hairline before it."""
        self._line.hide()


class PatientBanner(QFrame):
    """One row; two when the name, the cells and the dossier do not fit beside each other.

    Cells that do not fit on the second stand beside the name, else on a third: neither the name nor a cell is ever cut,
    the birth place excepted.
    """

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._content: BannerContent | None = None
        self._rows = 1
        self._drawn = (1, 0, False)
        self._title: Text | None = None
        self.setProperty("room", "bar")
        self.setProperty("edge", "bottom")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Identité de la personne")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 0, 16, 0)
        column.setSpacing(0)
        self._first, self._second, self._third = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        self._first.setSpacing(24)
        self._second.setSpacing(0)
        self._third.setSpacing(0)
        column.addLayout(self._first)
        column.addLayout(self._second)
        column.addLayout(self._third)
        self._draw()
        appearance.changed.connect(self._draw)

    def tell(self, content: BannerContent) -> None:
        """Show one person."""
        if content == self._content:
            return
        self._content = content
        spoken = [content.name, content.under, *(f"{c.label} {c.value}" for c in (*content.cells, content.dossier))]
        self.setAccessibleDescription(", ".join(part for part in spoken if part))
        self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many rows as it takes."""
        super().resizeEvent(event)
        if self._drawn != self._shape():
            self._draw()
        self._widen_name()

    def _rows_needed(self) -> int:
        content = self._content
        if content is None:
            return 1
        ends = self._name_width(content) + self._cell_width(content.dossier) - self._appearance.theme.px(16 - _LAST)
        needed = ends + sum(self._cell_width(cell) for cell in content.cells)
        if needed <= self.width():
            return 1
        over = content.cells[self._in_second(content) :]
        beside = ends + sum(self._cell_width(replace(cell, note="")) for cell in over)
        return 2 if not over or beside <= self.width() else 3

    def _without_notes(self, content: BannerContent) -> bool:
        """Whether the cells beside the name leave their notes out, rather than take a third row from the content."""
        if self._rows_needed() != 2:
            return False
        ends = self._name_width(content) + self._cell_width(content.dossier) - self._appearance.theme.px(16 - _LAST)
        return ends + sum(self._cell_width(cell) for cell in content.cells[self._in_second(content) :]) > self.width()

    def _name_width(self, content: BannerContent) -> int:
        # Margins, then the gaps on both sides of the cells.
        margins = self._appearance.theme.px(24 + 16 + 24 + 24)
        return margins + max(
            self._wide(content.name, "title"), self._wide(content.deceased or content.under, "caption")
        )

    def _shape(self) -> tuple[int, int, bool]:
        content = self._content
        if content is None:
            return (1, 0, False)
        return (self._rows_needed(), self._in_second(content), self._without_notes(content))

    def _in_second(self, content: BannerContent) -> int:
        """How many cells stand on the second row, when there is one."""
        room = self.width() - self._appearance.theme.px(24 + 16)
        for number, cell in enumerate(content.cells):
            room -= self._cell_width(cell)
            if room < 0:
                return max(1, number)
        return len(content.cells)

    def _wide(self, words: str, role: str) -> int:
        # A label asks for a little more than its letters; a birth date cut by it would be another one.
        return QFontMetrics(self._appearance.theme.font(role)).horizontalAdvance(words) + 4

    def _cell_width(self, cell: BannerValue) -> int:
        px = self._appearance.theme.px
        line = px(72) if cell.elastic else self._wide(cell.value, "section" if cell.strong else "value")
        line += px(26) if cell.icon else 0
        line += px(12) + self._wide(cell.note, "body") if cell.note else 0
        return px(33) + max(line, self._wide(cell.label, "caption"))

    def _draw(self) -> None:
        content, theme = self._content, self._appearance.theme
        empty_layout(self._first)
        empty_layout(self._second)
        empty_layout(self._third)
        self._drawn = self._shape()
        self._rows = self._drawn[0]
        # Rows stand closer than one alone: at 200 % every line taken from the content counts.
        self.setFixedHeight(theme.size("patient_banner") + theme.px((0, 36, 76)[self._rows - 1]))
        if content is None:
            return
        self._first.addLayout(self._name(content))
        split = len(content.cells) if self._rows == 1 else self._drawn[1]
        cells = [
            BannerCell(self._appearance, cell, noted=not self._drawn[2] or place < split)
            for place, cell in enumerate(content.cells)
        ]
        row, rest = ((self._first,) * 2, (self._second, self._first), (self._second, self._third))[self._rows - 1]
        for layout, held in ((row, cells[:split]), (rest, cells[split:])):
            if held and layout is not self._first:
                held[0].begin_row()
            together = QHBoxLayout()
            together.setSpacing(0)
            for cell in held:
                together.addWidget(cell)
            layout.addLayout(together)
            if layout is not self._first:
                layout.addStretch(1)
        self._first.addStretch(1)
        self._first.addWidget(BannerCell(self._appearance, content.dossier, _LAST))
        self._widen_name()
        self.update()

    def _name(self, content: BannerContent) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addStretch(1)
        self._title = Text(content.name, "title", wrap=self._rows > 1)
        column.addWidget(self._title)
        under = content.deceased or content.under
        if under:
            column.addWidget(Text(under, "caption", "text-3"))
        column.addStretch(1)
        return column

    def _widen_name(self) -> None:
        """A name too long for its row, beside the dossier, goes on two lines rather than being cut."""
        if self._content is not None and self._title is not None and self._rows > 1:
            title = QFontMetrics(self._appearance.theme.font("title"))
            longest = title.horizontalAdvance(self._content.name) + 2
            self._title.setMinimumWidth(min(longest, self.width() * 2 // 3))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A deceased person: sunken and hatched, colour alone is not enough."""
        super().paintEvent(event)
        if self._content is not None and self._content.deceased:
            theme = self._appearance.theme
            painter = QPainter(self)
            painter.fillRect(self.rect(), theme.color("sunken"))
            painter.fillRect(self.rect(), QBrush(theme.color("line"), Qt.BrushStyle.BDiagPattern))
            painter.end()
