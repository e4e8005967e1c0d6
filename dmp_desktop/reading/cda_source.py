"""A CDA as it comes: its structure as a tree, what it carries in base64 as bytes beside it.

Read as a stream: the base64 of a large content is decoded piece by piece and never stands in the tree. No document
type, hence no entity of any kind; depth and size bounded; processing instructions, style sheets and inclusions are not
followed. The contents are not trusted: whoever shows one decides how.
"""

from __future__ import annotations

import binascii
import io
import re
from dataclasses import dataclass, field
from typing import Final, cast
from xml.parsers import expat

from lxml import etree

from dmp_desktop.domain.charsets import decode_xml
from dmp_desktop.domain.oids import NS_HL7
from dmp_desktop.reading.errors import UnreadableDocument

MAX_TEXT: Final = 24_000_000
"""Bound of the text of the tree, in characters. The largest official example has 0.1 million without its base64."""

MAX_CONTENT: Final = 100_000_000
"""Bound of what all contents of one document hold, in bytes."""

MAX_DEPTH: Final = 64
"""Bound of nesting. The deepest official example has 17 levels."""

_BODY: Final = tuple(f"{{{NS_HL7}}}{tag}" for tag in ("ClinicalDocument", "component", "nonXMLBody", "text"))
_ELEMENT: Final = 16
"""What an element counts for beside its text: their number is bounded too."""

_CHUNK: Final = 64 * 1024
_DECLARATION: Final = re.compile(r"\s*<\?xml\b[^>]*?\?>")
_ALPHABET: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_FOREIGN: Final = bytes(code for code in range(256) if code not in _ALPHABET)
_BLANKS: Final = str.maketrans("", "", " \t\r\n")
_MARK: Final = "dmp-content"


@dataclass(frozen=True, slots=True)
class Content:
    """What an element carried.

    :ivar broken: its base64 was damaged or the content too large: ``data`` is what could be saved of it.
    """

    media_type: str
    data: bytes = field(repr=False)
    broken: bool = False


@dataclass(frozen=True, slots=True)
class ReadCda:
    """A CDA taken apart.

    :ivar root: the whole tree, save what it carries.
    :ivar body: the unstructured body, ``None`` for a structured document.
    :ivar contents: everything carried in base64; :meth:`carried` tells which element had which.
    """

    root: etree._Element = field(repr=False)
    body: Content | None = None
    contents: tuple[Content, ...] = ()

    @property
    def media_type(self) -> str:
        """Of the unstructured body, or ``""``."""
        return self.body.media_type if self.body else ""

    @property
    def content(self) -> bytes:
        """Of the unstructured body, or nothing."""
        return self.body.data if self.body else b""

    def carried(self, element: etree._Element) -> Content | None:
        """What ``element`` carried in base64."""
        number = element.get(_MARK)
        return self.contents[int(number)] if number is not None else None

    def text(self, path: str) -> str:
        """The text or the attribute at ``path`` (``title``, ``code/@code``…, in the CDA namespace), or ``""``."""
        steps, _, attribute = path.partition("/@")
        found = self.root.find("/".join(f"{{{NS_HL7}}}{step}" for step in steps.split("/")))
        if found is None:
            return ""
        return found.get(attribute, "") if attribute else (found.text or "").strip()


def read(data: bytes) -> ReadCda:
    """Take a CDA apart.

    :raises UnreadableDocument: not a CDA within the bounds.
    """
    try:
        return _parse(data, None)
    except UnreadableDocument as refused:
        if refused.facts["reason"] != "syntax":
            raise
    # The charset may be told wrongly: once more, as text.
    return _parse(_DECLARATION.sub("", decode_xml(data), count=1).strip().encode("utf-8", "replace"), "utf-8")


def _parse(data: bytes, encoding: str | None) -> ReadCda:
    reader = _Reader(encoding)
    try:
        for start in range(0, len(data), _CHUNK):
            reader.parser.Parse(data[start : start + _CHUNK], False)
        reader.parser.Parse(b"", True)
        return reader.end()
    except (expat.ExpatError, etree.LxmlError, ValueError, LookupError, AssertionError) as error:
        # The parser's own message may quote the document: it is neither kept nor chained.
        raise UnreadableDocument(f"not well-formed: {type(error).__name__}", reason="syntax") from None


class _Base64:
    """One content being decoded."""

    def __init__(self, media_type: str, depth: int) -> None:
        self.media_type, self.depth = media_type, depth
        self.broken = False
        self._out = io.BytesIO()
        self._pending = b""

    def feed(self, text: str, room: int) -> int:
        """Decode some; what is not base64 is left out and told. Gives how many bytes were kept."""
        if room <= 0:
            self.broken = True
            return 0
        raw = self._pending + text.translate(_BLANKS).encode("ascii", "replace")
        clean = raw.rstrip(b"=").translate(None, _FOREIGN)
        self.broken = self.broken or len(clean) < len(raw.rstrip(b"="))
        whole = len(clean) - len(clean) % 4
        self._pending = clean[whole:]
        return self._out.write(binascii.a2b_base64(clean[:whole]))

    def end(self) -> Content:
        """The content, its last two or three characters included."""
        if len(self._pending) == 1:
            self.broken = True
        elif self._pending:
            self._out.write(binascii.a2b_base64(self._pending + b"=" * (4 - len(self._pending))))
        return Content(self.media_type, self._out.getvalue(), self.broken)


class _Reader:
    def __init__(self, encoding: str | None) -> None:
        self.parser = expat.ParserCreate(encoding, namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.buffer_size = _CHUNK
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self._tree = etree.TreeBuilder()
        self._path: list[str] = []
        self._contents: list[Content] = []
        self._decoding: _Base64 | None = None
        self._body: Content | None = None
        self._body_type = ""
        self._body_text = io.StringIO()
        self._kept = self._carried = 0

    def _doctype(self, *declared: object) -> None:
        raise UnreadableDocument("document type refused", reason="doctype")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(_qualified(name))
        if len(self._path) > MAX_DEPTH:
            raise UnreadableDocument("nested beyond the depth bound", reason="depth")
        named = {_qualified(key): value for key, value in attributes.items() if key != _MARK}
        if len(self._path) == 1 and self._path[0] != _BODY[0]:
            raise UnreadableDocument("not a CDA", reason="root")
        if self._in_body:
            self._body_type = named.get("mediaType", "text/plain")
        if named.get("representation", "").strip().upper() == "B64" and self._decoding is None:
            self._decoding = _Base64(named.get("mediaType", ""), len(self._path))
            named[_MARK] = str(len(self._contents))
            self._contents.append(Content("", b"", True))
        self._count(_ELEMENT + sum(map(len, named.values())))
        self._tree.start(self._path[-1], cast(dict[str | bytes, str | bytes], named))

    @property
    def _in_body(self) -> bool:
        return tuple(self._path) == _BODY

    def _end(self, name: str) -> None:
        decoding = self._decoding
        if decoding is not None and decoding.depth == len(self._path):
            self._decoding = None
            # Contents are not nested: the one that ends is the last that began.
            self._contents[-1] = decoding.end()
            if self._in_body:
                self._body = self._contents[-1]
        self._tree.end(self._path.pop())

    def _text(self, text: str) -> None:
        decoding = self._decoding
        if decoding is not None:
            if decoding.depth == len(self._path):
                self._carried += decoding.feed(text, MAX_CONTENT - self._carried)
        elif self._in_body:
            self._count(len(text))
            self._body_text.write(text)
        else:
            self._count(len(text))
            self._tree.data(text)

    def _count(self, length: int) -> None:
        self._kept += length
        if self._kept > MAX_TEXT:
            raise UnreadableDocument("a text beyond the size bound", reason="size")

    def end(self) -> ReadCda:
        body = self._body
        if body is None and self._body_type:
            body = Content(self._body_type, self._body_text.getvalue().encode("utf-8"))
        return ReadCda(self._tree.close(), body, tuple(self._contents))


def _qualified(name: str) -> str:
    """``uri}local`` as expat writes it → ``{uri}local``."""
    return "{" + name if "}" in name else name
