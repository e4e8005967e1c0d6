"""The one door through which XML from outside enters.

No document type, hence no entity of any kind; no network; size and depth bounded. Charsets are read tolerantly: the
official examples themselves carry bytes that are not of the charset they declare. Whatever the bytes, the only
exceptions are the typed ones below.
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from dmp_desktop.domain.charsets import decode_xml
from dmp_desktop.sync.errors import EmptyAnswer, HtmlAnswer, MalformedAnswer

MAX_BYTES: Final = 24_000_000
"""Bound of an answer. The official list of 21 documents has 0.2 MB; this leaves room for some 2 000."""

MAX_DEPTH: Final = 64
"""Bound of nesting. The deepest official example has 17 levels."""

_TOO_DEEP: Final = etree.XPath(f"boolean({'/*' * (MAX_DEPTH + 1)})")
_DECLARATION: Final = re.compile(r"\s*<\?xml\b[^>]*?\?>")


def parse(data: bytes) -> etree._Element:
    """Read ``data`` and give its root.

    :raises EmptyAnswer: nothing but blanks.
    :raises HtmlAnswer: a web page.
    :raises MalformedAnswer: anything else that is not XML within the bounds; ``facts["reason"]`` tells which.
    """
    if len(data) > MAX_BYTES:
        raise MalformedAnswer("answer beyond the size bound", reason="size")
    text = _DECLARATION.sub("", decode_xml(data), count=1).strip()
    if not text:
        raise EmptyAnswer("answer without content")
    head = text[:200].lower()
    if head.startswith(("<!doctype html", "<html")):
        raise HtmlAnswer("a web page instead of a message")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise MalformedAnswer("document type refused", reason="doctype")
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "surrogatepass"), parser)
    except (etree.XMLSyntaxError, ValueError):
        # The parser's own message may quote the content: it is neither kept nor chained.
        raise MalformedAnswer("not well-formed", reason="syntax") from None
    _check_depth(root)
    return root


def _check_depth(root: etree._Element) -> None:
    if _TOO_DEEP(root):
        raise MalformedAnswer("nested beyond the depth bound", reason="depth")
