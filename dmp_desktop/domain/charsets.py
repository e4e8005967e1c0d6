"""Text out of bytes whose charset is told wrongly, or not at all: it is read tolerantly and never fails."""

from __future__ import annotations

import codecs
import re
from typing import Final

_ENCODING: Final = re.compile(rb"""<\?xml[^>]{0,120}encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_XML_CHARSETS: Final = frozenset({"utf-8", "iso8859-1", "iso8859-15", "cp1252", "ascii"})
_TEXT_CHARSETS: Final = _XML_CHARSETS | {"cp850", "cp437", "mac-roman", "utf-16-le", "utf-16-be", "utf-16"}


def decode_xml(data: bytes) -> str:
    """Text of an XML document: its mark, then its declared charset, then UTF-8, then Windows' Latin."""
    declared = _ENCODING.search(data[:200])
    return _decode(data, declared.group(1).decode("ascii") if declared else "", _XML_CHARSETS)


def decode_text(data: bytes, declared: str = "") -> str:
    """Text of a plain file; ``declared`` is the charset its media type told, if it told one."""
    if not declared and not data.startswith(tuple(mark for mark, _ in _BOMS)):
        # UTF-16 without its mark: every other byte of a French text is nought.
        head = data[:400]
        if len(head) > 3 and head[1::2].count(0) > len(head) // 3:
            declared = "utf-16-le"
        elif len(head) > 3 and head[::2].count(0) > len(head) // 3:
            declared = "utf-16-be"
    return _decode(data, declared, _TEXT_CHARSETS)


def _decode(data: bytes, declared: str, allowed: frozenset[str]) -> str:
    for mark, charset in _BOMS:
        if data.startswith(mark):
            return data.decode(charset, "replace")
    candidates = ["utf-8", "cp1252"]
    if declared:
        try:
            name = codecs.lookup(declared).name
        except (LookupError, ValueError):
            name = ""
        if name in allowed:
            candidates.insert(0, name)
    for charset in candidates:
        try:
            return data.decode(charset)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")
