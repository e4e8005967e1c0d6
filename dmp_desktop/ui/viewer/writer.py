"""A document written on paper, step by step: the screen takes a step when it has time, and never waits.

Everything is inserted as plain text with formats of ours: no markup of the document ever reaches Qt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from PySide6.QtGui import (
    QBrush,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextLength,
    QTextTable,
    QTextTableFormat,
)

from dmp_desktop.domain.readable import (
    Align,
    Block,
    Header,
    ImagePart,
    ListBlock,
    Paragraph,
    Part,
    PdfPart,
    Readable,
    Section,
    Span,
    Table,
    TextPart,
)
from dmp_desktop.ui.viewer.ink import Ink
from dmp_desktop.ui.viewer.tables import insert_spans, write_table

PICTURE_OBJECT = int(QTextFormat.ObjectTypes.UserObject) + 1
PICTURE_NUMBER = int(QTextFormat.Property.UserProperty) + 1
_LINES = 60
"""Lines of a plain text written at once."""

_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Picture:
    """What stands in the text as one large character: a page of a PDF or an image.

    :ivar number: page from 0; ``position``: in the text; ``size``: in any unit, its proportions count.
    """

    part: PdfPart | ImagePart
    number: int
    size: tuple[float, float]
    label: str
    position: int = 0


class Writer:
    """Writes one document.

    :ivar pictures: what was put in the text, by number.
    :param pdf_words: text of each page of a PDF, to write instead of its pictures.
    """

    def __init__(
        self, document: QTextDocument, ink: Ink, width: int, pdf_words: dict[int, Sequence[str]] | None = None
    ) -> None:
        self._cursor = QTextCursor(document)
        self._ink = ink
        self._width = width
        self._pdf_words = pdf_words
        self._fresh = True
        self.pictures: list[Picture] = []

    def steps(self, readable: Readable) -> Iterator[None]:
        """Write; control comes back after each small piece."""
        if readable.header is not None:
            self._header(readable.header)
            yield
        for number, part in enumerate(readable.parts):
            yield from self._part(part, number)
        if readable.header is not None:
            self._whole_header(readable.header)

    # -- header -------------------------------------------------------------------------------------------------------

    def _header(self, header: Header) -> None:
        ink = self._ink
        left = [(line, not at) for at, line in enumerate(header.custodian)]
        right = [(f"Acte {header.acted}", False)] if header.acted else []
        right += [(f"Édition {header.created}", False)] if header.created else []
        made = self._frame(2, "text", below=12)
        for column, (lines, align) in enumerate(((left, Align.LEFT), (right, Align.RIGHT))):
            cursor = made.cellAt(0, column).firstCursorPosition()
            for number, (line, strong) in enumerate(lines):
                if number:
                    cursor.insertBlock()
                cursor.setBlockFormat(ink.block(align=align))
                cursor.insertText(line, ink.char("caption", bold=strong))
        if header.title or header.kind:
            self._line(header.title or header.kind, "section", above=2, below=2)
        if header.kind and header.title and header.kind.casefold() != header.title.casefold():
            self._line(header.kind, "caption", tone="text-3")
        if header.patient.words:
            self._line(header.patient.words, "body-strong", above=8, below=4)
        if header.essentials:
            self._facts(header.essentials)

    def _facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Labels and values that run on, framed by a line below."""
        ink = self._ink
        cursor = self._frame(1, "line", below=4).cellAt(0, 0).firstCursorPosition()
        cursor.setBlockFormat(ink.block())
        for place, (label, value) in enumerate(facts):
            label = label.replace(" ", "\u00a0")
            cursor.insertText(("\u2003 " if place else "") + f"{label}\u00a0", ink.char("caption", "text-3"))
            cursor.insertText(value, ink.char("caption"))

    def _whole_header(self, header: Header) -> None:
        """Everything the header tells, at the end of the paper (EX_3.2-1030)."""
        rest = [fact for fact in header.facts if fact not in header.essentials]
        if rest:
            self._line("Suite de l’en-tête", "body-strong", above=24, below=6)
            self._facts(rest)

    # -- parts --------------------------------------------------------------------------------------------------------

    def _part(self, part: Part, number: int) -> Iterator[None]:
        if isinstance(part, Section):
            if part.title:
                role = "section" if part.level == 1 else "body-strong"
                self._line(part.title, role, above=18 if part.level == 1 else 12, below=6)
            for block in part.blocks:
                yield from self._any(block, 0)
            yield
            return
        if part.title:
            self._line(part.title, "body-strong", above=14, below=6)
        if isinstance(part, TextPart):
            yield from self._plain(part.paragraphs)
        elif isinstance(part, ImagePart):
            self._picture(Picture(part, 0, (part.width, part.height), part.title or "Image"))
            yield
        elif self._pdf_words is not None and number in self._pdf_words:
            for page, words in enumerate(self._pdf_words[number], 1):
                self._line(f"Page {page}", "caption", tone="text-3", above=12)
                yield from self._plain(words.split("\n"))
        else:
            for page, size in enumerate(part.sizes):
                self._picture(Picture(part, page, size, f"Page {page + 1} sur {len(part.sizes)}"))
                yield

    def _plain(self, lines: Sequence[str]) -> Iterator[None]:
        ink = self._ink
        for start in range(0, len(lines), _LINES):
            for line in lines[start : start + _LINES]:
                self._block(ink.block())
                insert_spans(self._cursor, Paragraph((Span(line),)), ink.char(), ink)
            yield

    def _any(self, block: Block, depth: int) -> Iterator[None]:
        ink = self._ink
        if isinstance(block, Paragraph):
            self._block(ink.block(above=4, below=4, indent=18 * depth))
            insert_spans(self._cursor, block, ink.char(bold=True if block.caption else None), ink)
        elif isinstance(block, Table):
            if block.caption:
                self._line(block.caption, "body-strong", above=8, below=2)
            yield from write_table(self._cursor, block, ink, self._width)
            self._fresh = True
        elif isinstance(block, ListBlock):
            yield from self._list(block, depth)
        else:
            self._rule()

    def _list(self, block: ListBlock, depth: int) -> Iterator[None]:
        ink = self._ink
        for place, item in enumerate(block.items, 1):
            mark = f"{place}." if block.ordered else "•"
            for at, one in enumerate(item):
                if isinstance(one, Paragraph):
                    shape = ink.block(above=2, below=2, indent=18 * min(depth + 1, _DEEPEST))
                    shape.setTextIndent(-ink.px(16) if at == 0 else 0)
                    self._block(shape)
                    lead = (Span(f"{mark}\u00a0\u00a0"),) if at == 0 else ()
                    insert_spans(self._cursor, Paragraph((*lead, *one.spans)), ink.char(), ink)
                else:
                    yield from self._any(one, depth + 1)
            if place % _LINES == 0:
                yield

    # -- pieces -------------------------------------------------------------------------------------------------------

    def _block(self, shape: QTextBlockFormat) -> None:
        """A new paragraph at the end; the empty one that stands there is taken first."""
        if self._fresh:
            self._cursor.setBlockFormat(shape)
            self._fresh = False
        else:
            self._cursor.insertBlock(shape)

    def _line(self, text: str, role: str, *, tone: str = "text", above: float = 0, below: float = 0) -> None:
        self._block(self._ink.block(above=above, below=below))
        self._cursor.insertText(text, self._ink.char(role, tone))

    def _rule(self) -> None:
        """A line across the paper."""
        self._frame(1, "line", below=0)

    def _frame(self, columns: int, tone: str, *, below: float) -> QTextTable:
        """Columns with a line under them: Qt's own rule has one colour, that of the window."""
        ink = self._ink
        shape = QTextTableFormat()
        shape.setBorder(0)
        shape.setCellSpacing(0)
        shape.setCellPadding(0)
        shape.setBottomMargin(ink.px(8))
        per = QTextLength.Type.PercentageLength
        shape.setWidth(QTextLength(per, 100))
        if columns == 2:
            shape.setColumnWidthConstraints([QTextLength(per, 58), QTextLength(per, 42)])
        made = self._cursor.insertTable(1, columns, shape)
        for column in range(columns):
            cell = ink.cell()
            cell.setBottomBorderBrush(QBrush(ink.color(tone)))
            cell.setTopPadding(0)
            cell.setRightPadding(0)
            cell.setBottomPadding(ink.px(below) if below else 0)
            made.cellAt(0, column).setFormat(cell)
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        self._fresh = True
        return made

    def _picture(self, picture: Picture) -> None:
        ink = self._ink
        shape = ink.block(above=8, below=8)
        shape.setLineHeight(100, int(QTextBlockFormat.LineHeightTypes.ProportionalHeight.value))
        self._block(shape)
        hand = ink.char()
        hand.setObjectType(PICTURE_OBJECT)
        hand.setProperty(PICTURE_NUMBER, len(self.pictures))
        self.pictures.append(replace(picture, position=self._cursor.position()))
        self._cursor.insertText("\ufffc", hand)
