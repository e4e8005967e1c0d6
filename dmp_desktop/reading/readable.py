"""From a document as it came from the store to what is shown, and to the words it is found by.

Slow for a large one: called from a lane. Nothing is fetched, run or written; whatever the bytes, the only exception is
the typed one below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from lxml import etree

from dmp_desktop.domain.document import RetrievedDocument
from dmp_desktop.domain.identity import Traits
from dmp_desktop.domain.readable import Block, ListBlock, Paragraph, Part, PdfPart, Readable, Section, Table, TextPart
from dmp_desktop.errors import DmpError
from dmp_desktop.reading.cda_source import Content, ReadCda, read
from dmp_desktop.reading.cda_words import N, child, children, label, squeezed, words_of
from dmp_desktop.reading.entries import flags, labels, told
from dmp_desktop.reading.errors import (
    EmptyDocument,
    NotStructured,
    OtherPerson,
    PartMissing,
    TooLong,
    UnreadableDocument,
)
from dmp_desktop.reading.header import check_header, read_header
from dmp_desktop.reading.narrative import Narrative
from dmp_desktop.reading.parts import parts_of, sniffed
from dmp_desktop.reading.pdf import pdf_text

MAX_SECTIONS: Final = 2_000
MAX_MEDIA: Final = 100
"""Bounds of one document."""

INDEX_CHARACTERS: Final = 400_000
"""Characters of one document that are indexed: some hundred and fifty pages."""


def read_document(document: RetrievedDocument, person: Traits | None = None, now: datetime | None = None) -> Readable:
    """Make a document ready to be shown.

    :param person: whose dossier is open: a document that names somebody else says so first.
    :param now: a document dated after it says so.
    :raises UnreadableDocument: neither a CDA within the bounds nor anything that is shown.
    """
    return _made(document, person, now)[0]


def _made(
    document: RetrievedDocument, person: Traits | None = None, now: datetime | None = None
) -> tuple[Readable, ReadCda | None]:
    try:
        cda = read(document.content)
    except UnreadableDocument as refused:
        return _bare(document, refused), None
    header = read_header(cda.root)
    warnings = check_header(cda.root, header, person, now)
    reader = _Body(cda)
    parts = tuple(reader.parts())
    warnings += reader.warnings
    if not parts:
        warnings.append(EmptyDocument("nothing to show"))
    warnings.sort(key=lambda one: not isinstance(one, OtherPerson))
    return Readable(header, parts, tuple(warnings)), cda


def text_of(document: RetrievedDocument, give_up: Callable[[], bool] = lambda: False) -> str:
    """The words a document is found by: its header, its sections, what its codes are called, its PDFs; bounded."""
    try:
        readable, cda = _made(document)
    except UnreadableDocument:
        return ""
    pieces: list[str] = []
    room = INDEX_CHARACTERS
    for piece in _words(cda, readable, give_up):
        if room <= 0 or give_up():
            break
        pieces.append(piece[:room])
        room -= len(piece) + 1
    return "\n".join(pieces)


def _words(cda: ReadCda | None, readable: Readable, give_up: Callable[[], bool]) -> Iterator[str]:
    header = readable.header
    if header is not None:
        # Not the patient: every document of the dossier would be found by their name.
        yield from (header.title, header.kind, *header.custodian, *(value for _, value in header.facts))
    for part in readable.parts:
        yield part.title
        if isinstance(part, Section):
            for block in part.blocks:
                yield from block_words(block)
        elif isinstance(part, TextPart):
            yield from part.paragraphs
        elif isinstance(part, PdfPart):
            yield from pdf_text(part.data, INDEX_CHARACTERS, give_up)
    if cda is not None:
        yield from dict.fromkeys(labels(cda.root))


def block_words(block: Block) -> Iterator[str]:
    """The words of a block, in reading order."""
    if isinstance(block, Paragraph):
        yield block.text
    elif isinstance(block, ListBlock):
        for item in block.items:
            for inner in item:
                yield from block_words(inner)
    elif isinstance(block, Table):
        yield block.caption
        for row in block.rows:
            yield " ".join(cell.text for cell in row.cells)


def _bare(document: RetrievedDocument, refused: UnreadableDocument) -> Readable:
    """A document that is not a CDA, shown as what it is."""
    data = document.content
    kind = sniffed(data)
    if not kind or data.lstrip()[:1] == b"<":
        raise refused
    media = document.mime_type if document.mime_type not in {"text/xml", "application/xml"} else ""
    parts, warnings = parts_of(Content(media, data))
    return Readable(None, parts, (NotStructured("no header"), *warnings))


class _Body:
    """The parts of one CDA, in reading order."""

    def __init__(self, cda: ReadCda) -> None:
        self._cda = cda
        self._narrative = Narrative(flags(cda.root))
        self._media = {one.get("ID", ""): one for one in cda.root.iter(f"{N}observationMedia", f"{N}regionOfInterest")}
        self._shown: set[str] = set()
        self._sections = 0
        self._others: list[DmpError] = []

    @property
    def warnings(self) -> list[DmpError]:
        """What must be said, once each."""
        for warning in self._others:
            self._narrative.warn(warning)
        return self._narrative.warnings

    def parts(self) -> Iterator[Part]:
        """The parts."""
        body = self._cda.body
        if body is not None:
            yield from self._content(body, "")
            return
        for component in children(self._cda.root, "component", "structuredBody", "component"):
            yield from self._section(component, 1)
        # What no text asked to show is shown all the same: it is part of the document.
        for name in [name for name in self._media if name not in self._shown]:
            yield from self._medium(name)

    def _section(self, component: etree._Element, level: int) -> Iterator[Part]:
        for section in children(component, "section"):
            if self._sections >= MAX_SECTIONS:
                self._narrative.warn(TooLong.of("sections", MAX_SECTIONS))
                return
            self._sections += 1
            title = words_of(child(section, "title")) or (label(child(section, "code")) if level == 1 else "")
            text = child(section, "text")
            blocks: tuple[Block, ...] = ()
            carried = self._cda.carried(text) if text is not None else None
            before = len(self._narrative.media)
            if text is not None and carried is None:
                blocks = self._narrative.blocks(text)
            if not blocks and len(self._narrative.media) == before:
                entries = told(section)
                blocks = (entries,) if entries is not None else ()
            inner = children(section, "component")
            if title or blocks:
                yield Section(title, blocks, level)
            if carried is not None:
                yield from self._content(carried, "")
            for name in self._narrative.media[before:]:
                yield from self._medium(name)
            for one in inner:
                yield from self._section(one, level + 1)

    def _medium(self, name: str) -> Iterator[Part]:
        if name in self._shown or len(self._shown) >= MAX_MEDIA:
            return
        self._shown.add(name)
        media = self._media.get(name)
        value = child(media, "value")
        if media is None or value is None:
            self._others.append(PartMissing("a reference to nothing", kind="absente du document"))
            return
        carried = self._cda.carried(value)
        if carried is None:
            text = "".join(str(piece) for piece in value.itertext())
            carried = Content(value.get("mediaType", "text/plain"), text.encode("utf-8"))
        told_name = squeezed(words_of(child(media, "text")))
        yield from self._content(carried, told_name)

    def _content(self, content: Content, title: str) -> Iterator[Part]:
        parts, warnings = parts_of(content, title)
        self._others += warnings
        yield from parts
