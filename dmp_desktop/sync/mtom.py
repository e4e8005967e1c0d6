"""SOAP with attachments: multipart/related with XOP (MTOM), written as a stream and read within bounds.

The reader trusts nothing: boundaries, headers, number and size of parts are bounded, a message that stops before its
closing boundary is refused, and so is one whose parts bear the same name.
"""

from __future__ import annotations

import base64
import binascii
import io
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message as Headers
from typing import Final
from urllib.parse import unquote

from lxml import etree

from dmp_desktop.domain.oids import NS_XOP
from dmp_desktop.sync import xmlsafe
from dmp_desktop.sync.errors import MalformedAnswer, TruncatedAnswer, UnexpectedAnswer
from dmp_desktop.sync.soap import node

MAX_BYTES: Final = 96_000_000
"""Bound of an answer with its parts: some 70 MB of documents once decoded."""

_MAX_PARTS: Final = 64
_MAX_HEADERS: Final = 8_192
_ROOT: Final = "<root@dmp-desktop>"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part to send.

    :ivar name: its Content-ID, without brackets; ``size`` in bytes; ``chunks`` gives them anew at each call.
    """

    name: str
    size: int
    chunks: Callable[[], Iterator[bytes]] = field(repr=False)
    media_type: str = "text/xml"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A multipart message ready to leave."""

    content_type: str
    length: int
    chunks: Callable[[], Iterator[bytes]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message received: its envelope, and its other parts by Content-ID."""

    envelope: bytes = field(repr=False)
    parts: Mapping[str, bytes] = field(default_factory=dict, repr=False)


def include(parent: etree._Element, name: str) -> None:
    """What stands in the envelope for the part called ``name``."""
    found = etree.SubElement(parent, f"{{{NS_XOP}}}Include", nsmap={"xop": NS_XOP})
    found.set("href", f"cid:{name}")


def document(parent: etree._Element, identifier: str, name: str) -> None:
    """A ``Document`` of ITI-41 whose bytes are the part called ``name``."""
    include(node(parent, "Document", None, id=identifier), name)


def write(envelope: bytes, action: str, attachments: Sequence[Attachment]) -> Outgoing:
    """``envelope`` and its attachments as one message; nothing of an attachment is read before it is sent."""
    boundary = f"dmp-{uuid.uuid4()}"
    inner = f'application/xop+xml; charset=UTF-8; type="application/soap+xml"; action="{action}"'
    heads = [_head(boundary, inner, _ROOT, first=True)]
    heads += [_head(boundary, part.media_type, f"<{part.name}>") for part in attachments]
    end = f"\r\n--{boundary}--\r\n".encode("ascii")
    length = len(envelope) + sum(part.size for part in attachments) + sum(map(len, heads)) + len(end)

    def chunks() -> Iterator[bytes]:
        yield heads[0] + envelope
        for head, part in zip(heads[1:], attachments, strict=True):
            yield head
            yield from part.chunks()
        yield end

    outer = (
        f'multipart/related; boundary="{boundary}"; type="application/xop+xml"; start="{_ROOT}"; '
        f'start-info="application/soap+xml"; action="{action}"'
    )
    return Outgoing(outer, length, chunks)


def _head(boundary: str, media_type: str, name: str, *, first: bool = False) -> bytes:
    return (
        f"{'' if first else chr(13) + chr(10)}--{boundary}\r\nContent-Type: {media_type}\r\n"
        f"Content-Transfer-Encoding: binary\r\nContent-ID: {name}\r\n\r\n"
    ).encode("ascii")


def read(content_type: str, chunks: Iterable[bytes], limit: int = MAX_BYTES) -> Incoming:
    """A received message; what is not multipart is given as it is, for whoever reads messages to judge.

    :raises UnexpectedAnswer: multipart without a usable boundary.
    :raises TruncatedAnswer: no closing boundary.
    :raises MalformedAnswer: beyond a bound, or parts that contradict themselves.
    """
    headers = Headers()
    headers["Content-Type"] = content_type.replace("\r", " ").replace("\n", " ")
    if headers.get_content_type() != "multipart/related":
        return Incoming(_plain(chunks))
    boundary = _parameter(headers, "boundary")
    if not 0 < len(boundary) <= 70 or not boundary.isascii():
        raise UnexpectedAnswer("parts without a boundary", part="Content-Type")
    parts = list(_Parts(boundary.encode("ascii"), chunks, limit))
    start = _name(_parameter(headers, "start"))
    names = [name for name, _ in parts]
    if len(set(names) - {""}) != len([name for name in names if name]):
        raise MalformedAnswer("two parts of one name", reason="multipart")
    if start and start not in names:
        raise MalformedAnswer("the first part announced is missing", reason="multipart")
    position = names.index(start) if start else 0
    envelope = parts.pop(position)[1]
    return Incoming(envelope, dict(parts))


def part(incoming: Incoming, holder: etree._Element) -> bytes:
    """The bytes an element of the envelope stands for: its part, or base64 within.

    :raises MalformedAnswer: the part is missing, or what stands there is neither.
    """
    found = holder.find(f"{{{NS_XOP}}}Include")
    if found is None:
        try:
            return base64.b64decode("".join((holder.text or "").split()), validate=True)
        except (binascii.Error, ValueError):
            raise MalformedAnswer("content that is not base64", reason="base64") from None
    href = found.get("href", "")
    name = unquote(href.removeprefix("cid:"))
    if not href.startswith("cid:") or name not in incoming.parts:
        raise MalformedAnswer("a part is missing", reason="part-missing")
    return incoming.parts[name]


def _parameter(headers: Headers, name: str) -> str:
    value = headers.get_param(name)
    return value if isinstance(value, str) else ""


def _plain(chunks: Iterable[bytes]) -> bytes:
    content = io.BytesIO()
    for chunk in chunks:
        content.write(chunk)
        if content.tell() > xmlsafe.MAX_BYTES:
            raise MalformedAnswer("answer beyond the size bound", reason="size")
    return content.getvalue()


class _Parts:
    """Name and content of each part, as the bytes come in."""

    def __init__(self, boundary: bytes, chunks: Iterable[bytes], limit: int) -> None:
        self._mark = b"--" + boundary
        self._chunks = iter(chunks)
        self._left = limit
        self._held = bytearray()

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        # Whatever stands before the first boundary is no part; it is short, or this is no multipart.
        eol = self._opening()
        for _ in range(_MAX_PARTS):
            headers = self._headers(eol)
            content = self._content(eol + self._mark)
            yield _name(headers.get("Content-ID", "")), _decoded(headers, content)
            if self._closing(eol):
                return
        raise MalformedAnswer("too many parts", reason="multipart")

    def _more(self) -> bool:
        chunk = next(self._chunks, None)
        if chunk is None:
            return False
        self._left -= len(chunk)
        if self._left < 0:
            raise MalformedAnswer("answer beyond the size bound", reason="size")
        self._held += chunk
        return True

    def _need(self, count: int) -> None:
        while len(self._held) < count:
            if not self._more():
                raise TruncatedAnswer("the message stops before its closing boundary")

    def _opening(self) -> bytes:
        while (start := self._held.find(self._mark)) < 0:
            if len(self._held) > _MAX_HEADERS:
                raise MalformedAnswer("no boundary", reason="multipart")
            self._need(len(self._held) + 1)
        if start and self._held[start - 1 : start] != b"\n":
            raise MalformedAnswer("a boundary within a line", reason="multipart")
        del self._held[: start + len(self._mark)]
        self._need(2)
        for eol in (b"\r\n", b"\n"):
            if self._held.startswith(eol):
                del self._held[: len(eol)]
                return eol
        raise MalformedAnswer("a boundary within a line", reason="multipart")

    def _headers(self, eol: bytes) -> Headers:
        end = eol + eol
        while (stop := self._held.find(end)) < 0 and not self._held.startswith(eol):
            if len(self._held) > _MAX_HEADERS:
                raise MalformedAnswer("headers beyond the bound", reason="multipart")
            self._need(len(self._held) + 1)
        headers = Headers()
        if self._held.startswith(eol):
            del self._held[: len(eol)]
            return headers
        if stop > _MAX_HEADERS:
            raise MalformedAnswer("headers beyond the bound", reason="multipart")
        lines = bytes(self._held[:stop]).decode("latin-1").replace("\r\n", "\n")
        for line in lines.replace("\n ", " ").replace("\n\t", " ").split("\n"):
            name, colon, value = line.partition(":")
            if not colon or not name.strip():
                raise MalformedAnswer("a header that is none", reason="multipart")
            headers[name.strip()] = value.strip().replace("\r", " ")
        del self._held[: stop + len(end)]
        return headers

    def _content(self, mark: bytes) -> bytes:
        content = io.BytesIO()
        while (stop := self._held.find(mark)) < 0:
            # All but what may be the beginning of a boundary belongs to the part.
            safe = len(self._held) - len(mark) + 1
            if safe > 0:
                content.write(self._held[:safe])
                del self._held[:safe]
            self._need(len(self._held) + 1)
        content.write(self._held[:stop])
        del self._held[: stop + len(mark)]
        return content.getvalue()

    def _closing(self, eol: bytes) -> bool:
        """After a boundary: the end of the message, or one more part."""
        self._need(2)
        if self._held.startswith(b"--"):
            # What follows is no part; it counts against the bound all the same.
            self._held.clear()
            while self._more():
                self._held.clear()
            return True
        if self._held.startswith(eol):
            del self._held[: len(eol)]
            return False
        raise MalformedAnswer("a boundary within a line", reason="multipart")


def _name(content_id: str) -> str:
    return content_id.strip().removeprefix("<").removesuffix(">")


def _decoded(headers: Headers, content: bytes) -> bytes:
    encoding = headers.get("Content-Transfer-Encoding", "binary").strip().lower()
    if encoding in {"binary", "8bit", "7bit"}:
        return content
    if encoding == "base64":
        try:
            return base64.b64decode(b"".join(content.split()), validate=True)
        except (binascii.Error, ValueError):
            raise MalformedAnswer("content that is not base64", reason="base64") from None
    raise MalformedAnswer("an unknown transfer encoding", reason="multipart")
