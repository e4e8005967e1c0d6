"""A document of the dossier on paper: laid out with its header, or the PDF it holds as it is.

The foot of every page we lay out says what it is a copy of, how fresh, who printed it and when. A PDF the document
holds keeps its own pages; in the sandbox they too bear DÉMONSTRATION.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

import pikepdf
from PIL import Image as Picture
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, HRFlowable, Image, PageTemplate, Paragraph, Spacer
from reportlab.platypus import Table as PaperTable
from reportlab.platypus.flowables import Flowable

from dmp_desktop.domain.readable import (
    Abnormal,
    Align,
    Block,
    Cell,
    Header,
    ImagePart,
    ListBlock,
    PdfPart,
    Readable,
    Row,
    Section,
    Table,
    TextPart,
)
from dmp_desktop.domain.readable import Paragraph as Words
from dmp_desktop.printing import words
from dmp_desktop.printing.layout import (
    A4,
    BOLD,
    HAIR,
    INK,
    MM,
    REGULAR,
    drawable,
    named_style,
    plain,
    register_fonts,
    stamp_demonstration,
)
from dmp_desktop.printing.pdfa import archive

_LEFT: Final = 18 * MM
_WIDTH: Final = A4[0] - 2 * _LEFT
_BOTTOM: Final = 24 * MM
_TOP: Final = 16 * MM
_FLAGS: Final = {Abnormal.HIGH: "au-dessus", Abnormal.LOW: "au-dessous", Abnormal.OTHER: "anormal"}
_LONG: Final = 100_000
_TALLEST: Final = 3_000
"""Characters of one cell: a row of a table is never taller than its page."""

_ALIGN: Final = {Align.LEFT: "LEFT", Align.CENTER: "CENTER", Align.RIGHT: "RIGHT"}


@dataclass(frozen=True, slots=True, repr=False)
class DocumentPaper:
    """One document to print or to save.

    :ivar title: of the document, as the list shows it; it goes on the paper, never into the metadata of the file.
    :ivar freshness: of the copy printed (« à jour à 09:12 »); ``printed_by``: name and structure.
    :ivar reference: identifier of the document.
    :ivar warnings: what the reader must know, in words.
    """

    readable: Readable
    title: str
    freshness: str
    printed_by: str
    printed_at: datetime
    reference: str
    warnings: tuple[str, ...] = ()
    demonstration: bool = False

    def __repr__(self) -> str:
        return f"DocumentPaper({self.reference})"


def document_paper(paper: DocumentPaper) -> bytes:
    """The PDF of one document; same input, same bytes.

    A document that is a PDF and nothing else gives that PDF.
    """
    laid = [part for part in paper.readable.parts if not isinstance(part, PdfPart)]
    held = [part.data for part in paper.readable.parts if isinstance(part, PdfPart)]
    if held and not laid:
        return _merged(held, paper.demonstration) if paper.demonstration or len(held) > 1 else held[0]
    drawn = _laid_out(paper)
    if not held:
        return archive(drawn, paper.printed_at)
    return _merged([drawn, *held], paper.demonstration, stamped=1)


def _merged(pdfs: list[bytes], demonstration: bool, stamped: int = 0) -> bytes:
    """Pages one after the other; in the sandbox those that are not ours are stamped."""
    out = io.BytesIO()
    with pikepdf.new() as whole:
        for number, data in enumerate(pdfs):
            with pikepdf.open(io.BytesIO(data)) as one:
                whole.pages.extend(one.pages)
                if demonstration and number >= stamped:
                    _stamp(whole, len(one.pages))
        whole.save(out, deterministic_id=True)
    return out.getvalue()


def _stamp(whole: pikepdf.Pdf, last: int) -> None:
    """DÉMONSTRATION over the ``last`` pages."""
    for page in list(whole.pages)[-last:]:
        left, bottom, right, top = (float(side) for side in page.mediabox)
        size = (max(20.0, right - left), max(20.0, top - bottom))
        canvas, drawn = _canvas(size)
        stamp_demonstration(canvas, size, under=False)
        canvas.showPage()
        canvas.save()
        with pikepdf.open(io.BytesIO(drawn.getvalue())) as mark:
            form = whole.copy_foreign(mark.pages[0].as_form_xobject())
        # By a name of ours: pikepdf's own overlay draws one at random, and the same paper would give other bytes.
        name = page.add_resource(form, pikepdf.Name.XObject, pikepdf.Name("/DmpDemonstration"))
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(f"\nQ q 1 0 0 1 {left:g} {bottom:g} cm {name} Do Q\n".encode("ascii"))


def _canvas(size: tuple[float, float]) -> tuple[Canvas, io.BytesIO]:
    register_fonts()
    out = io.BytesIO()
    return Canvas(out, pagesize=size, invariant=1, pageCompression=1, initialFontName=REGULAR, lang="fr-FR"), out


def _laid_out(paper: DocumentPaper) -> bytes:
    register_fonts()
    out = io.BytesIO()
    document = BaseDocTemplate(
        out, pagesize=A4, invariant=1, pageCompression=1, initialFontName=REGULAR, lang="fr-FR", creator="dmp_desktop"
    )
    document.title = f"Document {paper.reference}"
    frame = Frame(_LEFT, _BOTTOM, _WIDTH, A4[1] - _BOTTOM - _TOP, 0, 0, 0, 0)
    # The stamp lies under the text: the page begins with it.
    document.addPageTemplates(PageTemplate("page", [frame], onPage=partial(_edges, paper)))
    document.build(list(_story(paper)))
    return out.getvalue()


def _edges(paper: DocumentPaper, canvas: Canvas, document: BaseDocTemplate) -> None:
    canvas.saveState()
    if paper.demonstration:
        stamp_demonstration(canvas, A4)
    canvas.setStrokeColor(HAIR)
    canvas.setLineWidth(0.6)
    canvas.line(_LEFT, _BOTTOM - 3 * MM, _LEFT + _WIDTH, _BOTTOM - 3 * MM)
    canvas.restoreState()
    when = words.date_and_hour(paper.printed_at)
    fresh = f" État de la copie\u00a0: {plain(paper.freshness)}." if paper.freshness else ""
    foot = _text(
        f"Copie d’un document du Dossier Médical Partagé.{fresh} Imprimé par {plain(paper.printed_by)} le {when}. "
        f"Référence {plain(paper.reference)}. Page {document.page}.",
        "small",
    )
    _, height = foot.wrap(_WIDTH, _BOTTOM)
    foot.drawOn(canvas, _LEFT, _BOTTOM - 4 * MM - height)


def _story(paper: DocumentPaper) -> Iterator[Flowable]:
    readable = paper.readable
    yield from _head(readable.header, paper.title)
    for warning in paper.warnings:
        yield _text(f"<b>À savoir.</b> {plain(warning, 600)}", "body")
        yield Spacer(1, 4)
    for part in readable.parts:
        if isinstance(part, PdfPart):
            continue
        if part.title:
            yield Spacer(1, 8)
            yield _text(plain(part.title, 400), "heading")
            yield Spacer(1, 3)
        if isinstance(part, Section):
            for block in part.blocks:
                yield from _block(block, 0)
        elif isinstance(part, TextPart):
            for line in part.paragraphs:
                yield _text(plain(line, _LONG), "body") if line.strip() else Spacer(1, 6)
        elif isinstance(part, ImagePart):
            yield _image(part)
    if any(isinstance(part, PdfPart) for part in readable.parts):
        yield Spacer(1, 10)
        yield _text("Les pages qui suivent font partie du document.", "small")


def _head(header: Header | None, title: str) -> Iterator[Flowable]:
    if header is None:
        yield _text(plain(title, 400), "title")
        yield Spacer(1, 8)
        return
    for number, line in enumerate(header.custodian):
        yield _text(plain(line), "strong" if not number else "body")
    yield Spacer(1, 8)
    yield _text(plain(header.title or title, 400), "title")
    if header.kind and header.kind.casefold() != header.title.casefold():
        yield _text(plain(header.kind), "subtitle")
    yield Spacer(1, 6)
    if header.patient.words:
        yield _text(plain(header.patient.words, 400), "strong")
        yield Spacer(1, 4)
    facts = [("Acte", header.acted), ("Édition", header.created), *header.facts]
    for label, value in dict.fromkeys(facts):
        if value:
            yield _text(f"{plain(label)}\u00a0: <b>{plain(value, 400)}</b>", "small")
    yield Spacer(1, 6)
    yield HRFlowable(width="100%", thickness=0.6, color=INK)
    yield Spacer(1, 6)


def _block(block: Block, depth: int) -> Iterator[Flowable]:
    if isinstance(block, Words):
        yield _text(_markup(block), "heading" if block.caption else "body", indent=12 * depth)
        yield Spacer(1, 3)
    elif isinstance(block, ListBlock):
        for place, item in enumerate(block.items, 1):
            mark = f"{place}." if block.ordered else "–"
            for at, one in enumerate(item):
                if isinstance(one, Words):
                    lead = f"{mark} " if at == 0 else ""
                    yield _text(lead + _markup(one), "body", indent=12 * min(depth + 1, 6))
                else:
                    yield from _block(one, depth + 1)
        yield Spacer(1, 3)
    elif isinstance(block, Table):
        if block.caption:
            yield _text(plain(block.caption, 400), "heading")
        if block.columns:
            yield _table(block)
            yield Spacer(1, 6)
    else:
        yield HRFlowable(width="100%", thickness=0.6, color=HAIR)


def _table(table: Table) -> Flowable:
    flagged = any(row.abnormal for row in table.rows)
    columns = table.columns + (1 if flagged else 0)
    lines: list[list[Any]] = [["" for _ in range(columns)] for _ in table.rows]
    style: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, -1), REGULAR, 8),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 6),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, HAIR),
    ]
    name = "small" if columns > 5 else "body"
    for at, row in enumerate(table.rows):
        for cell in row.cells:
            lines[at][cell.column] = [_cell(cell, row, name)]
            # A cell that spans rows would keep a table from being cut between two pages.
            if cell.colspan > 1:
                style.append(("SPAN", (cell.column, at), (cell.column + cell.colspan - 1, at)))
        if row.abnormal:
            lines[at][-1] = [_text(f"<b>{_FLAGS[row.abnormal]}</b>", name)]
        if row.header:
            style.append(("LINEBELOW", (0, at), (-1, at), 0.8, INK))
    heads = 0
    while heads < len(table.rows) and table.rows[heads].header:
        heads += 1
    shares = _shares(table, flagged)
    return PaperTable(
        lines, colWidths=[_WIDTH * share for share in shares], repeatRows=min(heads, 2), style=style, splitInRow=1
    )


def _shares(table: Table, flagged: bool) -> list[float]:
    longest = [2.0] * table.columns
    for row in table.rows[:200]:
        for cell in row.cells:
            if cell.colspan == 1:
                text = cell.text
                word = max(map(len, text.split()), default=0)
                longest[cell.column] = max(longest[cell.column], 2.0 + min(18, word), min(30.0, len(text) / 2))
    if flagged:
        longest.append(12.0)
    return [length / sum(longest) for length in longest]


def _cell(cell: Cell, row: Row, name: str) -> Flowable:
    text = "<br/>".join(_markup(paragraph, _TALLEST) for paragraph in cell.paragraphs)
    if cell.header or row.abnormal:
        text = f"<b>{text}</b>"
    return _text(text, name, align=_ALIGN[cell.align])


def _markup(paragraph: Words, limit: int = _LONG) -> str:
    """The paragraph for reportlab: escaped, its hands as tags of ours."""
    made: list[str] = []
    for span in paragraph.spans:
        for number, line in enumerate(span.text.split("\n")):
            if number:
                made.append("<br/>")
            # What surrounds a run keeps its blanks, which a line of its own would lose.
            lead, trail = line[: len(line) - len(line.lstrip())], line[len(line.rstrip()) :]
            text = plain(line, limit)
            if not text:
                made.append(" " if line else "")
                continue
            for on, tag in (
                (span.bold, "b"),
                (span.italic, "i"),
                (span.underline, "u"),
                (span.struck, "strike"),
                (span.raised > 0, "super"),
                (span.raised < 0, "sub"),
            ):
                if on:
                    text = f"<{tag}>{text}</{tag}>"
            made.append((" " if lead else "") + text + (" " if trail else ""))
    return "".join(made)


def _text(markup: str, name: str, *, indent: float = 0, align: str = "LEFT") -> Paragraph:
    style = named_style(name, indent=indent, align=align)
    return Paragraph(drawable(markup, BOLD if name in {"title", "heading", "strong"} else REGULAR), style)


def _image(part: ImagePart) -> Flowable:
    image = Picture.frombytes("RGB", (part.width, part.height), part.rgb)
    packed = io.BytesIO()
    image.save(packed, "PNG")
    packed.seek(0)
    scale = min(_WIDTH / part.width, (A4[1] - _BOTTOM - _TOP - 60) / part.height, 1.0)
    return Image(packed, part.width * scale, part.height * scale)
