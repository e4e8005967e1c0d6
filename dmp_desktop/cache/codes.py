"""Codes that a person types from paper: 135 random bits in seven groups of four, the last character a check.

Crockford's alphabet (no I, L, O, U): what is read as O or I is taken for 0 or 1. The check is Luhn's, modulo 32: it
sees every single wrong character and nearly every swap of two neighbours, so that a slip is told from a wrong code.
"""

from __future__ import annotations

import secrets
from typing import Final

from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.errors import UserError

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS: Final = 7
_GROUP: Final = 4
_LENGTH: Final = GROUPS * _GROUP
_READ_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None, "\u00a0": None, "\u202f": None})


class MistypedCode(UserError):
    """Not a code: a character too few, too many or wrong. Nothing was tried."""

    code = "mistyped-code"


def new_code() -> Secret:
    """A fresh code, its groups apart, as it is printed."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH - 1))
    whole = body + ALPHABET[_check(body)]
    return Secret("-".join(whole[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP)))


def code_bytes(code: Secret) -> bytes:
    """What a key is drawn from: the characters without the way they were typed.

    :raises MistypedCode: its check does not hold.
    """
    typed = code.reveal().strip().upper().translate(_READ_AS)
    if len(typed) != _LENGTH or any(character not in ALPHABET for character in typed):
        raise MistypedCode("length or alphabet")
    if ALPHABET[_check(typed[:-1])] != typed[-1]:
        raise MistypedCode("check character")
    return typed.encode("ascii")


def _check(body: str) -> int:
    total = 0
    for place, character in enumerate(reversed(body)):
        value = ALPHABET.index(character) * (2 if place % 2 == 0 else 1)
        total += value // len(ALPHABET) + value % len(ALPHABET)
    return -total % len(ALPHABET)
