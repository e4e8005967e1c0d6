"""Multipart messages (MTOM/XOP), read and written by the sandbox's own eyes."""

from __future__ import annotations

import re
from email.message import Message as Headers
from typing import Final
from urllib.parse import unquote
from uuid import uuid4

from dmp_desktop.domain import oids
from dmp_desktop.sandbox.refusals import Code, Refusal
from dmp_desktop.sandbox.xmlio import Element

MAX_BYTES: Final = 100_000_000
_MAX_PARTS: Final = 64
_ROOT: Final = "<root@dmp>"


def is_multipart(content_type: str) -> bool:
    """Whether a ``Content-Type`` announces parts."""
    return content_type.strip().lower().startswith("multipart/related")


def read_parts(content_type: str, data: bytes) -> tuple[bytes, dict[str, bytes]]:
    """The envelope, and the other parts by Content-ID.

    :raises Refusal: no boundary, no end, two parts of one name, or the first part is not there.
    """
    if len(data) > MAX_BYTES:
        raise Refusal(Code.TOO_BIG, "Message trop volumineux")
    headers = Headers()
    headers["Content-Type"] = content_type.replace("\r", " ").replace("\n", " ")
    boundary, start = headers.get_param("boundary"), headers.get_param("start")
    if not isinstance(boundary, str) or not 0 < len(boundary) <= 70 or not boundary.isascii():
        raise Refusal(Code.MALFORMED, "Message en plusieurs parties sans séparateur")
    parts = _split(data, b"--" + boundary.encode("ascii"))
    if len({name for name, _ in parts}) != len(parts):
        raise Refusal(Code.MALFORMED, "Deux parties de même nom")
    wanted = start.strip("<> ") if isinstance(start, str) else parts[0][0]
    named = dict(parts)
    if wanted not in named:
        raise Refusal(Code.MALFORMED, "Première partie absente")
    return named.pop(wanted), named


def part_of(holder: Element, parts: dict[str, bytes]) -> bytes:
    """The bytes an element stands for. They must be a part of their own: MTOM is compulsory (EX_2.1-1260).

    :raises Refusal: they stand in the message, or nowhere.
    """
    found = holder.find(f"{{{oids.NS_XOP}}}Include")
    if found is None:
        raise Refusal(Code.MISSING_DOCUMENT, "Document attendu en pièce jointe (MTOM)")
    href = str(found.get("href", ""))
    name = unquote(href.removeprefix("cid:"))
    if not href.startswith("cid:") or name not in parts:
        raise Refusal(Code.MISSING_DOCUMENT, "Pièce jointe absente")
    return parts[name]


def write_parts(envelope: bytes, parts: tuple[tuple[str, str, bytes], ...]) -> tuple[str, bytes]:
    """``Content-Type`` and body of an answer: the envelope, then ``(Content-ID, media type, bytes)`` of each part."""
    boundary = f"uuid:{uuid4()}"
    inner = 'application/xop+xml; charset=UTF-8; type="application/soap+xml"'
    pieces = [_head(boundary, inner, _ROOT), envelope]
    for name, media_type, content in parts:
        pieces += [b"\r\n", _head(boundary, media_type, f"<{name}>"), content]
    pieces.append(f"\r\n--{boundary}--\r\n".encode("ascii"))
    outer = (
        f'multipart/related; type="application/xop+xml"; boundary="{boundary}"; start="{_ROOT}"; '
        'start-info="application/soap+xml"'
    )
    return outer, b"".join(pieces)


def _head(boundary: str, media_type: str, name: str) -> bytes:
    lines = f"--{boundary}\r\nContent-Type: {media_type}\r\nContent-Transfer-Encoding: binary\r\nContent-ID: {name}"
    return f"{lines}\r\n\r\n".encode("ascii")


def _split(data: bytes, mark: bytes) -> list[tuple[str, bytes]]:
    """Every part in order, between one boundary line and the next."""
    parts: list[tuple[str, bytes]] = []
    position = data.find(mark)
    if position > 0 and data[position - 1 : position] != b"\n":
        raise Refusal(Code.MALFORMED, "Séparateur au milieu d’une ligne")
    while position >= 0 and len(parts) <= _MAX_PARTS:
        position += len(mark)
        if data.startswith(b"--", position):
            if not parts:
                break
            return parts
        head = re.compile(rb"\r?\n(?:(.*?)\r?\n)??\r?\n", re.DOTALL).match(data, position, position + 8192)
        end = data.find(b"\n" + mark, head.end()) if head is not None else -1
        if head is None or end < 0:
            break
        stop = end - 1 if data[end - 1 : end] == b"\r" else end
        parts.append((_name(head[1] or b""), data[head.end() : stop]))
        position = end + 1
    raise Refusal(Code.MALFORMED, "Message en plusieurs parties incomplet")


def _name(head: bytes) -> str:
    found = re.search(rb"(?im)^content-id:\s*<?([^>\r\n]+)>?\s*$", head)
    return found[1].decode("latin-1").strip() if found else ""
