"""Paints one document of the list (guide 4.4): icon, title and date; author and states."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from dmp_desktop.domain.record import RecordRow
from dmp_desktop.domain.record_rules import folded_text, title_of
from dmp_desktop.domain.shelf import FoundIn, Hit
from dmp_desktop.ui.record import texts
from dmp_desktop.ui.record.chips import chip_width, paint_chip
from dmp_desktop.ui.record.model import DocumentModel, Heading
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.theme.icons import pixmap

Index = QModelIndex | QPersistentModelIndex

HEADING = 28
AT_MOST = 2
"""Chips of a row; more are a number that opens the properties (guide 4.4)."""

_LEFT = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight) | int(Qt.AlignmentFlag.AlignVCenter)


def spans(text: str, words: str) -> list[tuple[int, int]]:
    """Where the words begin a word of ``text``: (start, length), accents and case ignored.

    Folding a ligature makes two letters of one: positions are counted in the text as it is shown.
    """
    folded: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for part in folded_text(letter):
            folded.append(part)
            places.append(place)
    whole, found = "".join(folded), []
    for word in folded_text(words).split():
        at = whole.find(word)
        while at >= 0:
            if at == 0 or not whole[at - 1].isalnum():
                end = places[at + len(word) - 1] + 1
                found.append((places[at], end - places[at]))
            at = whole.find(word, at + 1)
    return sorted(found)


class DocumentDelegate(QStyledItemDelegate):
    """One row, or one heading."""

    def __init__(self, appearance: Appearance, parent: QListView) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._fit()
        appearance.changed.connect(self._fit)

    def _fit(self) -> None:
        theme = self._appearance.theme
        self._row = QSize(100, theme.size("document_row"))
        self._heading = QSize(100, theme.px(HEADING))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two heights."""
        model = index.model()
        assert isinstance(model, DocumentModel)  # noqa: S101 - the only model of this list
        return self._heading if isinstance(model.items[index.row()], Heading) else self._row

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One line of the list."""
        model = index.model()
        assert isinstance(model, DocumentModel)  # noqa: S101 - see sizeHint
        item, area = model.items[index.row()], QRect(option.rect)
        painter.save()
        if isinstance(item, Heading):
            self._paint_heading(painter, area, item.words)
        else:
            state = option.state
            self._paint_ground(
                painter,
                area,
                item,
                chosen=bool(state & QStyle.StateFlag.State_Selected),
                hovered=bool(state & QStyle.StateFlag.State_MouseOver),
            )
            self._paint_row(painter, area, item, model)
        painter.restore()

    def _paint_heading(self, painter: QPainter, area: QRect, words: str) -> None:
        theme = self._appearance.theme
        painter.fillRect(area, theme.color("sunken"))
        painter.setFont(theme.font("caption", bold=True))
        painter.setPen(theme.color("text-2"))
        painter.drawText(area.adjusted(theme.px(16), 0, -theme.px(16), 0), _LEFT, words)

    def _paint_ground(self, painter: QPainter, area: QRect, row: RecordRow, *, chosen: bool, hovered: bool) -> None:
        theme = self._appearance.theme
        painter.fillRect(area, theme.color("selected" if chosen else "hover" if hovered else "surface"))
        line = QRect(area.left(), area.bottom() - theme.hairline + 1, area.width(), theme.hairline)
        painter.fillRect(line, theme.color("line"))
        bar = QRect(area.left(), area.top(), theme.px(4), area.height())
        if chosen:
            painter.fillRect(bar, theme.color("action"))
        if row.entry.by_patient:
            # The first of the three signs of what the person filed: a double bar, beside the bar of a choice.
            for left in (theme.px(6), theme.px(9)):
                side = QRect(area.left() + left, area.top(), theme.hairline, area.height())
                painter.fillRect(side, theme.color("control"))

    def _paint_row(self, painter: QPainter, area: QRect, row: RecordRow, model: DocumentModel) -> None:
        theme = self._appearance.theme
        px, hit = theme.px, model.hits.get(row.key)
        size, left, right = px(20), area.left() + px(16), area.right() - px(16)
        icon = pixmap(texts.icon_of(row), theme.hex("action" if row.is_new else "text-2"), size, _ratio(painter))
        painter.drawPixmap(QPoint(left, area.top() + px(9)), icon)
        left += px(32)
        half = (area.height() - px(6)) // 2
        first = QRect(left, area.top() + px(4), right - left, half)
        second = QRect(left, first.bottom(), right - left, half)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text-2"))
        painter.drawText(first, _RIGHT, texts.day_of(row))
        date = painter.fontMetrics().horizontalAdvance(texts.day_of(row)) + px(12)
        title = theme.font("body", bold=row.is_new, italic=row.entry.by_patient)
        self._marked(painter, first.adjusted(0, 0, -date, 0), title_of(row), title, "text", model.words)
        edge = self._paint_marks(painter, row, second)
        words, tone = _under(row, hit, model)
        room = second.adjusted(0, 0, -(right - edge + px(8)), 0)
        self._marked(painter, room, words, theme.font("caption"), tone, model.words)

    def _paint_marks(self, painter: QPainter, row: RecordRow, area: QRect) -> int:
        theme, marks = self._appearance.theme, texts.marks(row)
        kept = marks[:AT_MOST]
        # The author is never squeezed out: a state that would not fit joins the number.
        while len(kept) > 1 and sum(chip_width(theme, mark) for mark in kept) > area.width() * 0.7:
            kept = kept[:-1]
        shown = list(kept)
        if len(marks) > len(kept):
            shown.append(texts.Mark(f"+\u00a0{len(marks) - len(kept)}", "", "text-2"))
        edge, top = area.right(), area.top() + (area.height() - theme.size("chip_small")) // 2
        for mark in reversed(shown):
            edge = paint_chip(painter, theme, mark, edge, top) - theme.px(6)
        return edge if shown else area.right()

    def _marked(self, painter: QPainter, area: QRect, text: str, font: QFont, tone: str, words: str) -> None:
        """One line, cut where it must be, with what is searched on a coloured ground."""
        theme = self._appearance.theme
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.setPen(theme.color(tone))
        found = spans(shown, words) if words else []
        if not found:
            painter.setFont(font)
            painter.drawText(area, _LEFT, shown)
            return
        layout = QTextLayout(shown, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        layout.setTextOption(option)
        formats = []
        for start, length in found:
            span = QTextLayout.FormatRange()
            span.start, span.length = start, length
            style = QTextCharFormat()
            style.setBackground(theme.color("warning-bg"))
            style.setForeground(theme.color("warning"))
            style.setFontUnderline(True)
            span.format = style
            formats.append(span)
        layout.setFormats(formats)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(area.width() + 1)
        layout.endLayout()
        layout.draw(painter, QPoint(area.left(), area.top() + round((area.height() - line.height()) / 2)))


def _under(row: RecordRow, hit: Hit | None, model: DocumentModel) -> tuple[str, str]:
    """The second line: the author, or the words around what was found in the text."""
    if hit is not None and hit.where is FoundIn.BODY and hit.excerpt:
        return " ".join(hit.excerpt.split()), "text-2"
    return texts.author(row.entry, model.own), "text-2"


def _ratio(painter: QPainter) -> float:
    return float(painter.device().devicePixelRatio())
