"""Cards reduced to what the vault sees of them: who they are, and the same answer to the same challenge."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dmp_desktop.cache.cardtags import Challenge, Proof, fresh_challenge
from dmp_desktop.domain.professional import Professional
from dmp_desktop.sandbox.professionals import profile


@dataclass(frozen=True, slots=True)
class Plastic:
    """A card. ``secret`` stands where its authentication key is."""

    holder: Professional
    secret: bytes

    def prove(self, challenges: Sequence[Challenge]) -> tuple[Proof, ...]:
        """Sign each challenge."""
        return tuple(Proof(c, hashlib.sha512(self.secret + c.data).digest()) for c in challenges)

    def proof(self) -> Proof:
        """Sign a challenge of its own."""
        return self.prove((fresh_challenge(),))[0]

    def renewed(self) -> Plastic:
        """The next card of the same person."""
        return Plastic(replace(self.holder, card_serial="8025000001/9970099999"), self.secret + b"2")


def card(key: str) -> Plastic:
    """The card of one of the sandbox's professionals."""
    return Plastic(profile(key).professional, key.encode())


BRINDILLE, GABARIT, PAPIER = card("brindille"), card("gabarit"), card("papier")
