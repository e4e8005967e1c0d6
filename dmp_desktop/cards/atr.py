"""The family of a card, from the first bytes it sends (ATR).

An ATR never tells a test card from a real one. Sources: the public list of ATRs kept with pcsc-tools (Vitale), and the
masks of the CPS drivers of OpenSC and of the Agence du Numérique en Santé (CPS).
"""

from __future__ import annotations

import re
from typing import Final

from dmp_desktop.domain.readers import CardFamily

# Historical bytes "12 25 00 64 80" name the issuer of the CPS; what surrounds them changes with the generation.
# The official driver compares whole ATRs and so refuses a variant it does not know: a mask is safer. The contactless
# face of a CPS has another ATR and is left out: it holds no PIN and may not sign.
_PATTERNS: Final = (
    (CardFamily.VITALE_2, re.compile(rb"\x3b\x75\x13\x00\x00[\x40-\x4f]\x09[\xea\xfa]\x90\x00", re.DOTALL)),
    (CardFamily.VITALE_1, re.compile(rb"\x3f\x65\x25\x00.\x09[\xf9\x69\x6a]\x90\x00", re.DOTALL)),
    (CardFamily.CPS, re.compile(rb"\x3b.{5}\x12\x25\x00\x64\x80.{4}\x90[\x00\x44]", re.DOTALL)),
)


def family_of(atr: bytes) -> CardFamily:
    """The family; ``UNKNOWN`` for everything else, an empty ATR included."""
    return next((family for family, pattern in _PATTERNS if pattern.fullmatch(atr)), CardFamily.UNKNOWN)
