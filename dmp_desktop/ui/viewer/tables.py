"""Tables on paper: hairlines, heads in bold, an abnormal result in its colour with its sign and its word.

A long table is written in slices, so that the screen never waits for it; its slices share their columns.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, Qt, QUrl
from PySide6.QtGui import (
    QImage,
    QPainter,
    QPolygonF,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextImageFormat,
    QTextLength,
    QTextTable,
    QTextTableFormat,
)

from dmp_desktop.domain.readable import Abnormal, Cell, Paragraph, Row, Span, Table
from dmp_desktop.ui.viewer.ink import Ink

SLICE = 24
"""Rows written at once."""

_PIECE = 3_000
"""Characters of a paragraph before it is broken in two."""

_LONG_WORD = 16
"""Letters of a word that may be broken all the same."""

WORDS = {Abnormal.HIGH: "au-dessus", Abnormal.LOW: "au-dessous", Abnormal.OTHER: "anormal"}


def write_table(cursor: QTextCursor, table: Table, ink: Ink, width: int) -> Iterator[None]:
    """Write a table at the end of the document, some rows a step. ``width`` in pixels of the paper."""
    flagged = any(row.abnormal for row in table.rows)
    columns = table.columns + (1 if flagged else 0)
    if not columns:
        return
    body, small = ink.char(), ink.char("caption")
    if table.rows[0].header and len(table.rows) > 1 and _needs(table, ink) > width:
        for record in records(table):
            _slice(cursor, record.rows, 2, body, ink, [32.0, 68.0], flagged=False, heads=0, last=True)
            yield
        return
    tight = columns * ink.px(84) > width
    shares = _shares(table, flagged) if flagged or len(table.rows) > SLICE or tight else None
    heads = sum(row.header for row in table.rows)
    for start in range(0, len(table.rows), SLICE):
        rows = table.rows[start : start + SLICE]
        last = start + SLICE >= len(table.rows)
        hand = small if tight else body
        _slice(cursor, rows, columns, hand, ink, shares, flagged=flagged, heads=0 if start else heads, last=last)
        yield


def records(table: Table) -> Iterator[Table]:
    """A table too wide for the paper, record after record: the head of each column at left of its value."""
    heads = {
        at: cell for row in table.rows if row.header for cell in row.cells for at in _columns(cell) if cell.text.strip()
    }
    for row in table.rows:
        if row.header:
            continue
        lines: list[Row] = []
        if row.abnormal:
            word = Cell((Paragraph((Span(f"Résultat {WORDS[row.abnormal]}"),)),), 1)
            lines.append(Row((Cell((), 0), word), abnormal=row.abnormal))
        told = [cell for cell in row.cells if cell.text.strip()]
        if len(told) == 2 and told[0].colspan > 1:
            # A line that bears its own label.
            lines.append(_record_line(told[0], told[1], row))
        else:
            lines += [_record_line(heads.get(cell.column), cell, row) for cell in told]
        if lines:
            yield Table(tuple(lines), 2)


def _record_line(head: Cell | None, cell: Cell, row: Row) -> Row:
    label = Cell(head.paragraphs if head else (), 0, header=True)
    return Row((label, Cell(cell.paragraphs, 1)), abnormal=row.abnormal)


def _columns(cell: Cell) -> range:
    return range(cell.column, cell.column + cell.colspan)


def _needs(table: Table, ink: Ink) -> int:
    """Width under which words of the table would be broken, in pixels."""
    longest = [0] * table.columns
    for row in table.rows[:60]:
        for cell in row.cells:
            if cell.colspan == 1:
                word = max(map(len, cell.text.split()), default=0)
                longest[cell.column] = max(longest[cell.column], min(_LONG_WORD, word))
    return sum(ink.px(10 + 7.2 * letters) for letters in longest)


def _shares(table: Table, flagged: bool) -> list[float]:
    """Widths of the columns, in per cent, by what the first rows hold."""
    longest = [1.0] * table.columns
    for row in table.rows[:200]:
        for cell in row.cells:
            if cell.colspan == 1:
                text = cell.text
                word = max(map(len, text.split()), default=0)
                longest[cell.column] = max(longest[cell.column], 2 + word, min(28.0, len(text) / 2))
    if flagged:
        # The word of the flag is never broken in two.
        longest.append(13)
    return [100 * length / sum(longest) for length in longest]


def _slice(
    cursor: QTextCursor,
    rows: tuple[Row, ...],
    columns: int,
    base: QTextCharFormat,
    ink: Ink,
    shares: list[float] | None,
    *,
    flagged: bool,
    heads: int,
    last: bool,
) -> None:
    shape = QTextTableFormat()
    shape.setBorder(0)
    shape.setCellSpacing(0)
    shape.setCellPadding(0)
    shape.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    shape.setHeaderRowCount(min(heads, len(rows)))
    # The paragraph after a table has no air of its own above it.
    shape.setBottomMargin(ink.px(10) if last else 0)
    if shares is not None:
        shape.setColumnWidthConstraints([QTextLength(QTextLength.Type.PercentageLength, share) for share in shares])
    cursor.movePosition(QTextCursor.MoveOperation.End)
    made = cursor.insertTable(len(rows), columns, shape)
    for at, row in enumerate(rows):
        for cell in row.cells:
            _cell(made, at, cell, row, len(rows), base, ink)
        if flagged:
            _flag(made, at, columns - 1, row, base, ink)
    cursor.movePosition(QTextCursor.MoveOperation.End)


def _cell(made: QTextTable, at: int, cell: Cell, row: Row, rows: int, base: QTextCharFormat, ink: Ink) -> None:
    down = min(cell.rowspan, rows - at)
    if cell.colspan > 1 or down > 1:
        made.mergeCells(at, cell.column, down, cell.colspan)
    place = made.cellAt(at, cell.column)
    place.setFormat(ink.cell(strong=row.header))
    hand = QTextCharFormat(base)
    if cell.header or row.abnormal:
        hand.setFontWeight(700)
    if row.abnormal:
        hand.setForeground(ink.color("warning"))
    cursor = place.firstCursorPosition()
    for number, paragraph in enumerate(cell.paragraphs):
        if number:
            cursor.insertBlock()
        cursor.setBlockFormat(ink.block(align=cell.align))
        insert_spans(cursor, paragraph, hand, ink)


def insert_spans(cursor: QTextCursor, paragraph: Paragraph, hand: QTextCharFormat, ink: Ink) -> None:
    """The runs of a paragraph; a line break stays inside it."""
    shape, length = cursor.blockFormat(), 0
    for span in paragraph.spans or (Span(""),):
        text = span.text.replace("\n", "\u2028")
        for start in range(0, max(1, len(text)), _PIECE):
            piece = text[start : start + _PIECE]
            if length and length + len(piece) > _PIECE:
                # Lines of one endless paragraph are broken all at once, and would hold the screen.
                cursor.insertBlock(shape)
                length = 0
            cursor.insertText(piece, ink.span(hand, span))
            length += len(piece)


def _flag(made: QTextTable, at: int, column: int, row: Row, base: QTextCharFormat, ink: Ink) -> None:
    place = made.cellAt(at, column)
    place.setFormat(ink.cell(strong=row.header))
    if row.abnormal is None:
        return
    cursor = place.firstCursorPosition()
    cursor.setBlockFormat(ink.block())
    document = cursor.document()
    cursor.insertImage(_sign(document, row.abnormal, ink))
    hand = QTextCharFormat(base)
    hand.setFontWeight(700)
    hand.setForeground(ink.color("warning"))
    cursor.insertText("\u00a0" + WORDS[row.abnormal], hand)


def _sign(document: QTextDocument, abnormal: Abnormal, ink: Ink) -> QTextImageFormat:
    """A filled mark up, down or both, as a picture the document holds itself."""
    name, side = f"sign:{abnormal}", ink.px(11)
    if document.resource(QTextDocument.ResourceType.ImageResource, QUrl(name)) is None:
        scale = 4
        image = QImage(side * scale, side * scale, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        shape = {
            Abnormal.HIGH: ((0.5, 0.1), (1, 0.95), (0, 0.95)),
            Abnormal.LOW: ((0, 0.1), (1, 0.1), (0.5, 0.95)),
            Abnormal.OTHER: ((0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5)),
        }[abnormal]
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.color("warning"))
        painter.drawPolygon(QPolygonF([QPointF(x * side * scale, y * side * scale) for x, y in shape]))
        painter.end()
        document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(name), image)
    made = QTextImageFormat()
    made.setName(name)
    made.setWidth(side)
    made.setHeight(side)
    return made
