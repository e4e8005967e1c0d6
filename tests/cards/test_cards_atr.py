"""Families of cards by their first bytes."""

from __future__ import annotations

import pytest

from dmp_desktop.cards.atr import family_of
from dmp_desktop.domain.readers import CardFamily

_KNOWN = {
    CardFamily.VITALE_2: ["3B751300004309EA9000", "3B751300004C09EA9000", "3B751300004509FA9000"],
    CardFamily.VITALE_1: ["3F6525002209F99000", "3F6525002C09699000", "3F65250052096A9000", "3F652500A3096A9000"],
    CardFamily.CPS: [
        "3BAC00402A001225006480000310009000",
        "3BAC00402A001225006480820212009000",
        "3BDC18FF00001225006480000401009000",
        "3B9B1880010012250064800401000090 44",
        "3B9B18800100122500648000040100 9044",
    ],
    # The contactless face of a CPS, a bank card, nothing, and a Vitale cut short.
    CardFamily.UNKNOWN: ["3B8F80010031B86404B0ECC1739401808290000E", "3B6500002063CB6800", "", "3B7513000043"],
}


@pytest.mark.parametrize(("family", "atr"), [(family, atr) for family, atrs in _KNOWN.items() for atr in atrs])
def test_each_published_atr_tells_its_family(family: CardFamily, atr: str) -> None:
    """The published ATRs of each family, variants included; everything else is unknown."""
    assert family_of(bytes.fromhex(atr)) is family
