"""A document written as the bytes it will be signed and sent as, without ever standing whole in memory.

The header is made in canonical form, and so is what surrounds the content: the digest of the canonical document
(XAdES) is the digest of the bytes that leave, and base64 flows between a head and a tail.
"""

from __future__ import annotations

import binascii
import codecs
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from lxml import etree

from dmp_desktop.domain.document import DocumentContent, MediaType
from dmp_desktop.errors import UserError

DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_CHUNK: Final = 57 * 1024  # a multiple of 3: each piece of base64 stands alone
_PDFA: Final = b"pdfaid:part"
_MAGIC: Final = {
    MediaType.PDF: (b"%PDF-",),
    MediaType.JPEG: (b"\xff\xd8\xff",),
    MediaType.TIFF: (b"II*\x00", b"MM\x00*"),
    MediaType.RTF: (b"{\\rtf",),
}


class EmptyDocument(UserError):
    """A document without content (EX_GEN-1060)."""

    code = "document-empty"


class UnreadableFormat(UserError):
    """The content is not what it claims. ``facts["reason"]``: ``media``, ``pdfa`` or ``charset``."""

    code = "document-format"


class ContentChanged(UserError):
    """The file changed, or is no longer there, since it was chosen."""

    code = "document-changed"


@dataclass(frozen=True, slots=True)
class Measured:
    """Digests of the canonical document, which one reading of the content gave."""

    sha256: bytes
    sha1: bytes


@dataclass(slots=True)
class CdaFile:
    """A CDA ready to leave.

    :ivar root: its header, its body left empty: what the metadata are computed from.
    """

    root: etree._Element = field(repr=False)
    head: bytes = field(repr=False)
    tail: bytes = field(repr=False)
    content: DocumentContent
    _measured: Measured | None = field(default=None, repr=False)

    @property
    def size(self) -> int:
        """Bytes of the file."""
        encoded = (self.content.size + 2) // 3 * 4
        return len(DECLARATION) + len(self.head) + encoded + len(self.tail)

    def measure(self) -> Measured:
        """Read the content once: check it, and compute its digests. The result is kept.

        :raises EmptyDocument, UnreadableFormat, ContentChanged: it may not leave.
        """
        if self._measured is None:
            check, today, former = _Check(self.content), hashlib.sha256(), hashlib.sha1(usedforsecurity=False)
            for piece in self._pieces(check.see):
                today.update(piece)
                former.update(piece)
            check.end()
            self._measured = Measured(today.digest(), former.digest())
        return self._measured

    def chunks(self) -> Iterator[bytes]:
        """The bytes of the file, in pieces.

        :raises ContentChanged: the content is not the one that was measured; the last piece is then kept back, so
            that no store can take the rest for a document.
        """
        expected = self.measure().sha256
        digest = hashlib.sha256()
        yield DECLARATION
        for piece in self._pieces(lambda raw: None):
            digest.update(piece)
            if piece is self.tail and digest.digest() != expected:
                raise ContentChanged("the content is not the one that was signed")
            yield piece

    def _pieces(self, see: Callable[[bytes], None]) -> Iterator[bytes]:
        yield self.head
        read = 0
        try:
            with self.content.open() as source:
                while piece := _whole_piece(source):
                    read += len(piece)
                    see(piece)
                    yield binascii.b2a_base64(piece, newline=False)
        except OSError as error:
            raise ContentChanged(f"the content cannot be read: {type(error).__name__}") from None
        if read != self.content.size:
            raise ContentChanged("the content has another size than announced")
        yield self.tail


def _whole_piece(source: BinaryIO) -> bytes:
    """A piece as long as it can be: a short read would put padding in the middle of the base64."""
    piece = source.read(_CHUNK)
    while piece and len(piece) < _CHUNK and (more := source.read(_CHUNK - len(piece))):
        piece += more
    return piece


class _Check:
    """Whether the content is what it claims: its first bytes, a PDF's claim to be PDF/A-1, a text's charset."""

    def __init__(self, content: DocumentContent) -> None:
        if not content.size:
            raise EmptyDocument("no content")
        self._media = content.media_type
        self._first = True
        self._window = b""
        self._claims_pdfa = False
        self._decoder = codecs.getincrementaldecoder("utf-8")() if self._media is MediaType.TEXT else None

    def see(self, piece: bytes) -> None:
        """Look at the next bytes."""
        if self._first:
            self._first = False
            magic = _MAGIC.get(self._media, ())
            if magic and not piece.startswith(magic):
                raise UnreadableFormat("the content is of another kind", reason="media")
        if self._media is MediaType.PDF and not self._claims_pdfa:
            # PDF/A-1 (ISO 19005-1 §6.7.2) forbids filters on metadata: its claim can be read as it stands.
            seen = self._window + piece
            self._claims_pdfa = _claims_part_1(seen)
            self._window = seen[-64:]
        if self._decoder is not None:
            self._decode(piece, final=False)

    def end(self) -> None:
        """The content is over."""
        if self._media is MediaType.PDF and not self._claims_pdfa:
            raise UnreadableFormat("the PDF does not claim to be PDF/A-1", reason="pdfa")
        if self._decoder is not None:
            self._decode(b"", final=True)

    def _decode(self, piece: bytes, *, final: bool) -> None:
        if self._decoder is None:
            return
        try:
            text = self._decoder.decode(piece, final)
        except UnicodeDecodeError:
            text = "\x00"
        if "\x00" in text:
            raise UnreadableFormat("the text is not UTF-8", reason="charset") from None


def _claims_part_1(seen: bytes) -> bool:
    start = seen.find(_PDFA)
    while start >= 0:
        if b"1" in seen[start + len(_PDFA) : start + len(_PDFA) + 4]:
            return True
        start = seen.find(_PDFA, start + 1)
    return False
