"""Where a CDA stands among its versions: what a new one must say to take its place (CI-SIS, structuration minimale)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from dmp_desktop.domain.document import RetrievedDocument
from dmp_desktop.reading.cda_source import read

_OID: Final = re.compile(r"[0-2](\.(0|[1-9]\d*))+")
_MOST: Final = 9_999


@dataclass(frozen=True, slots=True)
class Lineage:
    """The set of a document and its number in it.

    :ivar set_id: OID of all its versions, ``""`` when its header tells none, or not as an OID alone.
    :ivar version: of this one, from 1; 1 when its header tells none.
    """

    set_id: str = ""
    version: int = 1


def lineage(document: RetrievedDocument) -> Lineage:
    """The lineage that the header of a document tells.

    :raises dmp_desktop.reading.errors.UnreadableDocument: not a CDA within the bounds.
    """
    cda = read(document.content)
    root, number = cda.text("setId/@root"), cda.text("versionNumber/@value")
    plain = _OID.fullmatch(root) is not None and len(root) <= 64 and not cda.text("setId/@extension")
    known = number.isascii() and number.isdigit() and len(number) <= 4 and 1 <= int(number) <= _MOST
    return Lineage(root if plain else "", int(number) if known else 1)
