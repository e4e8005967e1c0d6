"""The words of an RTF, and nothing else of it: no picture, no object, no field instruction, no font.

Only the text is read, with its paragraphs, line breaks, tabulations and cells (RTF 1.9.1). Anything else is skipped;
whatever the bytes, it ends and never fails.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

MAX_CHARACTERS: Final = 2_000_000
_MAX_DEPTH: Final = 500

_TOKEN: Final = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z0-9'])|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\"
)
_SKIPPED: Final = frozenset(
    {
        "fonttbl",
        "colortbl",
        "stylesheet",
        "info",
        "pict",
        "object",
        "objdata",
        "header",
        "headerl",
        "headerr",
        "headerf",
        "footer",
        "footerl",
        "footerr",
        "footerf",
        "fldinst",
        "themedata",
        "datastore",
        "listtable",
        "listoverridetable",
        "generator",
        "xmlnstbl",
        "rsidtbl",
        "latentstyles",
        "nonshppict",
        "bkmkstart",
        "bkmkend",
        "filetbl",
        "revtbl",
        "private",
        "template",
        "mmathPr",
    }
)
_BREAKS: Final = {
    "par": "\n",
    "sect": "\n",
    "page": "\n",
    "row": "\n",
    "line": "\n",
    "tab": "\t",
    "cell": "\t",
    "nestcell": "\t",
    "nestrow": "\n",
    "emdash": "—",
    "endash": "–",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "emspace": "\u2003",
    "enspace": "\u2002",
}
_SIGNS: Final = {b"~": "\u00a0", b"-": "", b"_": "\u2011", b"\\": "\\", b"{": "{", b"}": "}"}


def rtf_text(data: bytes) -> str:
    """The text of an RTF, bounded."""
    charset = "cp1252"
    out: list[str] = []
    length = 0
    # For each open group: whether it is skipped, and how many characters stand for one of \u.
    groups: list[tuple[bool, int]] = []
    skipped, follow, pending = False, 1, 0
    raw = bytearray()

    def put(text: str) -> None:
        nonlocal length
        if raw:
            settled = raw.decode(charset, "replace")
            raw.clear()
            out.append(settled)
            length += len(settled)
        out.append(text)
        length += len(text)

    position = 0
    while length <= MAX_CHARACTERS and (found := _TOKEN.match(data, position)) is not None:
        position = found.end()
        word, parameter, hexa, sign, brace, plain = found.groups()
        if brace == b"{":
            if len(groups) >= _MAX_DEPTH:
                break
            groups.append((skipped, follow))
        elif brace == b"}":
            skipped, follow = groups.pop() if groups else (False, 1)
        elif sign == b"*":
            # A destination this reader does not know, and says it may be ignored.
            skipped = True
        elif word is not None:
            name = word.decode("ascii")
            value = int(parameter) if parameter else None
            if name in _SKIPPED:
                skipped = True
            elif name == "ansicpg" and value:
                charset = _charset(value)
            elif name == "mac":
                charset = "mac-roman"
            elif name == "pc":
                charset = "cp437"
            elif name == "uc" and value is not None:
                follow = max(0, min(value, 10))
            elif name == "bin" and value:
                position += max(0, value)
            elif name == "u" and value is not None and not skipped:
                put(chr(value % 65536))
                pending = follow
            elif name in _BREAKS and not skipped:
                put(_BREAKS[name])
        elif hexa is not None:
            if pending:
                pending -= 1
            elif not skipped:
                raw.append(int(hexa, 16))
        elif sign is not None:
            if pending:
                pending -= 1
            elif not skipped:
                put(_SIGNS.get(sign, ""))
        elif plain is not None and not skipped:
            kept = plain[pending:]
            pending = max(0, pending - len(plain))
            raw.extend(kept)
    put("")
    text = "".join(out)[:MAX_CHARACTERS]
    # Two halves of a character beyond the first plane are one again; a half alone is none.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\0", "")


def _charset(page: int) -> str:
    try:
        return codecs.lookup(f"cp{page}").name
    except LookupError:
        return "cp1252"
