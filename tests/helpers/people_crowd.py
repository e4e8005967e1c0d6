"""A crowd of fictional people, the same at each run: names shaped like names, spread as names are."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from dmp_desktop.domain import oids
from dmp_desktop.domain.identifiers import Ins, Nir, nir_key
from dmp_desktop.domain.identity import BirthDate, Identity, InsStatus, Sex, Traits

_SYLLABLES = re.findall(r"\w+", "la le fé ma mi du bo cha vin ro gé net dal ber tin rou sel per lin gué fa œu ço")


def _word(chance: random.Random, parts: int) -> str:
    return "".join(chance.choice(_SYLLABLES) for _ in range(parts)).upper()


def crowd(size: int, seed: int = 20260414) -> Iterator[Identity]:
    """``size`` people: a few names are common, most are rare; some are double, some have a used name."""
    chance = random.Random(seed)  # noqa: S311 - a crowd, not a secret
    names = ["LEFÈVRE", "LE FÈVRE", "D’ORANGE", *(_word(chance, chance.choice((2, 2, 3, 3))) for _ in range(4000))]
    given = ["ANNE", "MARIE", "JEAN", "ÉLÉONORE", *(_word(chance, 2) for _ in range(400))]
    by_rank = [1 / (rank + 12) for rank in range(len(names))]
    given_by_rank = [1 / (rank + 6) for rank in range(len(given))]
    for _ in range(size):
        one, two, used = chance.choices(names, by_rank, k=3)
        first, second = chance.choices(given, given_by_rank, k=2)
        sex = chance.choice((Sex.FEMALE, Sex.MALE))
        year, month, day = chance.randrange(1925, 2026), chance.randrange(1, 13), chance.randrange(1, 29)
        number = f"{'2' if sex is Sex.FEMALE else '1'}{year % 100:02d}{month:02d}99{chance.randrange(10**6):06d}"
        yield Identity(
            Traits(
                f"{one}-{two}" if chance.random() < 0.06 else one,
                (first, second),
                sex,
                BirthDate(f"{year}{month:02d}{day:02d}"),
                "99901",
                used if sex is Sex.FEMALE and chance.random() < 0.4 else "",
            ),
            InsStatus.QUALIFIED,
            Ins(Nir(number + nir_key(number)), oids.INS_NIR_TEST),
        )
