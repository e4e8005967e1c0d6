"""The text of a section (CDA narrative block) as blocks. What it holds that could act or point outside is left out.

Elements that are not known give their words; a hostile depth was refused before; the size of tables, lists and the
whole is bounded and what was cut is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from lxml import etree

from dmp_desktop.domain.readable import (
    Abnormal,
    Align,
    Block,
    Cell,
    ListBlock,
    Paragraph,
    Row,
    Rule,
    Span,
    Table,
)
from dmp_desktop.errors import DmpError
from dmp_desktop.reading.errors import NothingOutside, TooLong

MAX_ROWS: Final = 2_000
"""Rows shown of one table."""

MAX_CELLS: Final = 30_000
"""Cells shown of one document."""

MAX_COLUMNS: Final = 40
MAX_CHARACTERS: Final = 2_000_000
"""Characters shown of one document: some six hundred pages."""

_BLANKS: Final = re.compile(r"[ \t\r\n]+")
_PARAGRAPHS: Final = frozenset({"paragraph", "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "footnote", "caption"})
_NEVER: Final = frozenset({"script", "style", "iframe", "object", "embed", "img", "link", "include", "form", "svg"})
_ADDRESS: Final = re.compile(r"(?i)^\s*(?:[a-z][a-z0-9+.-]*:|//|\\\\)")
_STYLES: Final = {
    "bold": "bold",
    "bolditalics": "bold italic",
    "italics": "italic",
    "underline": "underline",
    "emphasis": "italic",
    "strikethrough": "struck",
    "strong": "bold",
    "em": "italic",
    "b": "bold",
    "i": "italic",
    "u": "underline",
}


class Narrative:
    """Reads the texts of one document; the bounds hold for all of them together.

    :param flagged: id of a piece of narrative → how the result told there stands.
    :ivar media: what the texts asked to show in place (``referencedObject``), in order.
    """

    def __init__(self, flagged: dict[str, Abnormal]) -> None:
        self._flagged = flagged
        self._cells = self._characters = 0
        self.media: list[str] = []
        self.warnings: list[DmpError] = []

    def blocks(self, text: etree._Element) -> tuple[Block, ...]:
        """The blocks of a section's text."""
        return tuple(self._blocks(text))

    def warn(self, warning: DmpError) -> None:
        """Tell something once."""
        if all((warning.code, warning.facts) != (one.code, one.facts) for one in self.warnings):
            self.warnings.append(warning)

    # -- blocks -------------------------------------------------------------------------------------------------------

    def _blocks(self, element: etree._Element) -> Iterator[Block]:
        pending: list[Span] = []

        def flush() -> Iterator[Block]:
            spans = _tidy(pending)
            pending.clear()
            if spans:
                yield Paragraph(spans)

        self._run(element.text, Span(""), pending)
        for one in element:
            name = _name(one)
            if name == "table":
                yield from flush()
                table = self._table(one)
                # A table that only frames a picture shown below has no words.
                if table.caption or any(cell.paragraphs for row in table.rows for cell in row.cells):
                    yield table
            elif name in {"list", "ul", "ol"}:
                yield from flush()
                yield self._list(one, ordered=name == "ol" or one.get("listType") == "ordered")
            elif name in _PARAGRAPHS:
                yield from flush()
                inner = tuple(self._blocks(one))
                if name in {"caption", "h1", "h2", "h3", "h4", "h5", "h6"}:
                    yield from (replace(b, caption=True) if isinstance(b, Paragraph) else b for b in inner)
                else:
                    yield from inner
            elif name == "hr":
                yield from flush()
                yield Rule()
            else:
                self._inline(one, Span(""), pending)
            self._run(one.tail, Span(""), pending)
        yield from flush()

    def _list(self, element: etree._Element, *, ordered: bool) -> ListBlock | Paragraph:
        items: list[tuple[Block, ...]] = []
        wanted = [one for one in element if _name(one) in {"item", "li"}]
        for one in wanted[:MAX_ROWS]:
            blocks = tuple(self._blocks(one))
            if blocks:
                items.append(blocks)
        if len(wanted) > MAX_ROWS:
            self.warn(TooLong.of("a list", shown=MAX_ROWS, whole=len(wanted)))
        return ListBlock(tuple(items), ordered)

    # -- tables -------------------------------------------------------------------------------------------------------

    def _table(self, element: etree._Element) -> Table:
        rows: list[Row] = []
        held: dict[int, int] = {}
        lines = list(_lines(element))
        for line in lines:
            if len(rows) >= MAX_ROWS or self._cells >= MAX_CELLS:
                self.warn(TooLong.of("a table", shown=len(rows), whole=len(lines)))
                break
            rows.append(self._row(line, held, header=_name(line.getparent()) == "thead"))
        caption = " ".join(_plain(one) for one in element if _name(one) == "caption")
        columns = max((cell.column + cell.colspan for row in rows for cell in row.cells), default=0)
        # A cell never spans below the last row there is.
        rows = [
            replace(row, cells=tuple(replace(c, rowspan=min(c.rowspan, len(rows) - at)) for c in row.cells))
            for at, row in enumerate(rows)
        ]
        return Table(tuple(rows), columns, caption)

    def _row(self, line: etree._Element, held: dict[int, int], *, header: bool) -> Row:
        cells: list[Cell] = []
        column = 0
        taken = {at: left - 1 for at, left in held.items() if left > 1}
        occupied = {at for at, left in held.items() if left > 0}
        inherited = _align(line) or _align(line.getparent())
        for one in line:
            name = _name(one)
            if name not in {"td", "th"}:
                continue
            while column in occupied:
                column += 1
            if column >= MAX_COLUMNS:
                self.warn(TooLong.of("columns", shown=MAX_COLUMNS, whole=len(line)))
                break
            across = min(_span(one, "colspan"), MAX_COLUMNS - column)
            # Never over a column that a cell above still holds.
            across = next((n for n in range(1, across) if column + n in occupied), across)
            down = _span(one, "rowspan")
            inner = tuple(self._cell_blocks(one))
            align = _align(one) or inherited or Align.LEFT
            cells.append(Cell(inner, column, name == "th", across, down, align))
            if down > 1:
                taken.update(dict.fromkeys(range(column, column + across), down - 1))
            column += across
            self._cells += 1
        held.clear()
        held.update({at: left for at, left in taken.items() if left > 0})
        return Row(tuple(cells), header, self._flag(line) if not header else None)

    def _cell_blocks(self, element: etree._Element) -> Iterator[Paragraph]:
        for block in self._blocks(element):
            yield from _flattened(block)

    def _flag(self, line: etree._Element) -> Abnormal | None:
        if not self._flagged:
            return None
        found = [self._flagged[one.get("ID", "")] for one in line.iter() if one.get("ID", "") in self._flagged]
        return max(found, key=lambda flag: flag is not Abnormal.OTHER) if found else None

    # -- words --------------------------------------------------------------------------------------------------------

    def _inline(self, element: etree._Element, hand: Span, into: list[Span]) -> None:
        name = _name(element)
        if name in _NEVER:
            self.warn(NothingOutside("an element that could act"))
            return
        if name == "br":
            into.append(replace(hand, text="\n"))
            return
        if name == "renderMultiMedia":
            self.media.extend((element.get("referencedObject") or "").split())
        if name in {"linkHtml", "a"} and _ADDRESS.match(element.get("href") or ""):
            self.warn(NothingOutside("a link"))
        if name in {"table", "list", "ul", "ol"}:
            block = self._table(element) if name == "table" else self._list(element, ordered=name == "ol")
            for paragraph in _flattened(block):
                into += [replace(hand, text="\n"), *paragraph.spans]
            return
        hand = _styled(hand, name, element.get("styleCode") or "")
        self._run(element.text, hand, into)
        for one in element:
            self._inline(one, hand, into)
            self._run(one.tail, hand, into)
        if name in _PARAGRAPHS:
            into.append(replace(hand, text="\n"))

    def _run(self, text: str | None, hand: Span, into: list[Span]) -> None:
        if not text:
            return
        room = MAX_CHARACTERS - self._characters
        told = _BLANKS.sub(" ", text)
        if len(told) > room:
            self.warn(TooLong.of("a text", shown=MAX_CHARACTERS))
            told = told[:room]
        self._characters += len(told)
        into.append(replace(hand, text=told))


def _name(element: etree._Element | None) -> str:
    if element is None or not isinstance(element.tag, str):
        return ""
    return element.tag.rpartition("}")[2]


def _lines(table: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table, not those of the tables inside its cells."""
    for one in table:
        if _name(one) == "tr":
            yield one
        elif _name(one) in {"thead", "tbody", "tfoot"}:
            yield from (line for line in one if _name(line) == "tr")


def _plain(element: etree._Element) -> str:
    return _BLANKS.sub(" ", "".join(str(part) for part in element.itertext())).strip()


def _span(element: etree._Element, attribute: str) -> int:
    told = (element.get(attribute) or "1").strip()
    return max(1, min(int(told), MAX_ROWS)) if told.isascii() and told.isdigit() and len(told) < 6 else 1


def _align(element: etree._Element | None) -> Align | None:
    told = (element.get("align") or "").lower() if element is not None else ""
    if element is not None and not told:
        styles = (element.get("styleCode") or "").lower().split()
        told = next((name for name in ("center", "right", "left") if name in styles or f"{name[0]}align" in styles), "")
    return Align(told) if told in set(Align) else None


def _styled(hand: Span, name: str, style: str) -> Span:
    if name in {"sub", "sup"}:
        return replace(hand, raised=-1 if name == "sub" else 1)
    wanted = " ".join(_STYLES.get(one.lower(), "") for one in (name, *style.split())).split()
    return replace(
        hand,
        bold=hand.bold or "bold" in wanted,
        italic=hand.italic or "italic" in wanted,
        underline=hand.underline or "underline" in wanted,
        struck=hand.struck or "struck" in wanted,
    )


def _flattened(block: Block, depth: int = 0) -> Iterator[Paragraph]:
    """A block inside a cell: its words in paragraphs."""
    if isinstance(block, Paragraph):
        yield block
    elif isinstance(block, ListBlock):
        for place, item in enumerate(block.items, 1):
            mark = f"{place}. " if block.ordered else "– "
            for at, one in enumerate(inner for part in item for inner in _flattened(part, depth + 1)):
                lead = Span("\u00a0\u00a0" * depth + (mark if at == 0 else "\u00a0\u00a0"))
                yield replace(one, spans=(lead, *one.spans))
    elif isinstance(block, Table):
        for row in block.rows:
            words = "\u2003".join(cell.text for cell in row.cells)
            if words.strip():
                yield Paragraph((Span(words),))


def _tidy(spans: list[Span]) -> tuple[Span, ...]:
    """Runs of one hand joined; blanks at the ends and around line breaks left out."""
    joined: list[Span] = []
    for span in spans:
        if joined and replace(joined[-1], text="") == replace(span, text=""):
            joined[-1] = replace(span, text=joined[-1].text + span.text)
        else:
            joined.append(span)
    out: list[Span] = []
    fresh = True
    for span in joined:
        text = re.sub(r" *\n *", "\n", re.sub(r" +", " ", span.text))
        text = text.lstrip(" \n" if not out else " ") if fresh else text
        if text:
            fresh = text[-1] in " \n"
            out.append(replace(span, text=text))
    while out and not out[-1].text.rstrip(" \n"):
        out.pop()
    if out:
        out[-1] = replace(out[-1], text=out[-1].text.rstrip(" \n"))
    return tuple(out)
