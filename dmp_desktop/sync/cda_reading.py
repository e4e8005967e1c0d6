"""A CDA as it comes: its header as a tree, its unstructured content as bytes.

Read as a stream: the base64 of a large content is decoded piece by piece and never stands in the tree. No document
type, hence no entity of any kind; depth and size bounded. The content is not trusted: whoever shows it decides how.
"""

from __future__ import annotations

import binascii
import io
from dataclasses import dataclass, field
from typing import Final, cast
from xml.parsers import expat

from lxml import etree

from dmp_desktop.domain.oids import NS_HL7
from dmp_desktop.errors import BadAnswer
from dmp_desktop.sync import xmlsafe

_BODY: Final = tuple(f"{{{NS_HL7}}}{tag}" for tag in ("ClinicalDocument", "component", "nonXMLBody", "text"))
_CHUNK: Final = 64 * 1024
_BLANKS: Final = str.maketrans("", "", " \t\r\n")


class UnreadableDocument(BadAnswer):
    """A document that is no CDA we can read. ``facts["reason"]`` tells why."""

    code = "document-unreadable"


@dataclass(frozen=True, slots=True)
class ReadCda:
    """A CDA taken apart.

    :ivar root: the whole tree, save the unstructured content.
    :ivar media_type: of ``content``; both are empty for a structured document.
    """

    root: etree._Element = field(repr=False)
    media_type: str = ""
    content: bytes = field(default=b"", repr=False)

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
    reader = _Reader()
    try:
        for start in range(0, len(data), _CHUNK):
            reader.parser.Parse(data[start : start + _CHUNK], False)
        reader.parser.Parse(b"", True)
        return reader.end()
    except (expat.ExpatError, etree.LxmlError, ValueError, LookupError, AssertionError) as error:
        # The parser's own message may quote the document: it is neither kept nor chained.
        raise UnreadableDocument(f"not well-formed: {type(error).__name__}", reason="syntax") from None


class _Reader:
    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.buffer_size = _CHUNK
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self._tree = etree.TreeBuilder()
        self._path: list[str] = []
        self._media = ""
        self._base64 = False
        self._content = io.BytesIO()
        self._pending = ""
        self._kept = 0

    def _doctype(self, *declared: object) -> None:
        raise UnreadableDocument("document type refused", reason="doctype")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(_qualified(name))
        if len(self._path) > xmlsafe.MAX_DEPTH:
            raise UnreadableDocument("nested beyond the depth bound", reason="depth")
        named = {_qualified(key): value for key, value in attributes.items()}
        if len(self._path) == 1 and self._path[0] != _BODY[0]:
            raise UnreadableDocument("not a CDA", reason="root")
        if tuple(self._path) == _BODY:
            self._media = named.get("mediaType", "text/plain")
            self._base64 = named.get("representation", "TXT") == "B64"
        self._count(sum(map(len, named.values())))
        self._tree.start(self._path[-1], cast(dict[str | bytes, str | bytes], named))

    def _end(self, name: str) -> None:
        if tuple(self._path) == _BODY and self._pending:
            raise UnreadableDocument("content that is not base64", reason="base64")
        self._tree.end(self._path.pop())

    def _text(self, text: str) -> None:
        if tuple(self._path) != _BODY:
            self._count(len(text))
            self._tree.data(text)
        elif self._base64:
            self._decode(text)
        else:
            self._content.write(text.encode("utf-8"))

    def _decode(self, text: str) -> None:
        text = self._pending + text.translate(_BLANKS)
        whole = len(text) - len(text) % 4
        self._pending = text[whole:]
        try:
            self._content.write(binascii.a2b_base64(text[:whole].encode("ascii"), strict_mode=True))
        except (binascii.Error, ValueError):
            raise UnreadableDocument("content that is not base64", reason="base64") from None

    def _count(self, length: int) -> None:
        self._kept += length
        if self._kept > xmlsafe.MAX_BYTES:
            raise UnreadableDocument("a header beyond the size bound", reason="size")

    def end(self) -> ReadCda:
        return ReadCda(self._tree.close(), self._media, self._content.getvalue())


def _qualified(name: str) -> str:
    """``uri}local`` as expat writes it → ``{uri}local``."""
    return "{" + name if "}" in name else name
