"""Identifiers of people and structures: values that check themselves and hide themselves.

Their ``repr`` and ``str`` are masked, so that a log or a traceback cannot leak one; the wire and the papers ask for
``.value`` in so many words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from dmp_desktop.domain import oids
from dmp_desktop.errors import IdentityError


class BadIdentifier(IdentityError):
    """A number that cannot be what it claims (length, characters, key)."""

    code = "bad-identifier"


@dataclass(frozen=True, slots=True, repr=False)
class Nir:
    """A NIR (or NIA) of 15 characters: 13 and their key.

    The key is ``97 - (n mod 97)``, Corsican departments counting ``2A`` as 19 and ``2B`` as 18.

    :raises BadIdentifier: when the length, the characters or the key are wrong.
    """

    value: str
    _PATTERN: ClassVar[re.Pattern[str]] = re.compile(r"\d{5}(?:\d{2}|2[AB])\d{8}")

    def __post_init__(self) -> None:
        if not self._PATTERN.fullmatch(self.value):
            raise BadIdentifier("a NIR has 13 characters and a key of 2 digits")
        if self.value[13:] != nir_key(self.value[:13]):
            raise BadIdentifier("the key of the NIR does not match")

    @property
    def body(self) -> str:
        """The 13 first characters."""
        return self.value[:13]

    @property
    def key(self) -> str:
        """The 2 digits of control."""
        return self.value[13:]

    def __repr__(self) -> str:
        return "Nir(…)"

    __str__ = __repr__


def nir_key(body: str) -> str:
    """The key (2 digits) of the 13 first characters of a NIR; source: RNIPP numbering, checked on published numbers."""
    number = int(
        body.replace("2A", "19", 1) if body[5:7] == "2A" else body.replace("2B", "18", 1) if body[5:7] == "2B" else body
    )
    return f"{97 - number % 97:02d}"


@dataclass(frozen=True, slots=True, repr=False)
class Ins:
    """An Identité Nationale de Santé matricule with its OID (real, NIA, test or demonstration).

    :raises BadIdentifier: unknown OID or wrong matricule.
    """

    matricule: Nir
    oid: str
    KNOWN: ClassVar[frozenset[str]] = frozenset({oids.INS_NIR, oids.INS_NIA, oids.INS_NIR_TEST, oids.INS_NIR_DEMO})

    def __post_init__(self) -> None:
        if self.oid not in self.KNOWN:
            raise BadIdentifier("unknown INS domain")

    @property
    def value(self) -> str:
        """The 15 characters of the matricule."""
        return self.matricule.value

    def __repr__(self) -> str:
        return f"Ins(…, {self.oid})"

    __str__ = __repr__


class CardNature(StrEnum):
    """Who a card or a platform is for. Cards of one kind are never used on a platform of another (EX_GEN-1430)."""

    REAL = "real"
    TEST = "test"
    DEMONSTRATION = "demonstration"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PsId:
    """National identifier of a professional, prefix included (PS_IdNat: ``8`` + RPPS, ``0`` + ADELI, ``3`` FINESS/id…).

    :raises BadIdentifier: unknown prefix or impossible length.
    """

    value: str
    _PATTERN: ClassVar[re.Pattern[str]] = re.compile(
        r"0[0-9A-Z]{8,9}|8\d{11}|[136][0-9A-Z]{8,11}/[0-9A-Za-z._-]{1,30}|4\d{9}/[0-9A-Za-z._-]{1,30}|5\d{14}/[0-9A-Za-z._-]{1,30}"
    )

    def __post_init__(self) -> None:
        if not self._PATTERN.fullmatch(self.value):
            raise BadIdentifier("not a PS_IdNat")

    @property
    def rpps(self) -> str | None:
        """The 11 digits of the RPPS number, or ``None`` for another kind of identifier."""
        return self.value[1:] if self.value.startswith("8") else None


@dataclass(frozen=True, slots=True)
class StructureId:
    """National identifier of a structure.

    Struct_IdNat prefixes: ``0`` ADELI practice, ``1`` FINESS, ``2`` SIREN, ``3`` SIRET, ``4`` RPPS and rank.

    :raises BadIdentifier: unknown prefix or impossible length.
    """

    value: str
    _PATTERN: ClassVar[re.Pattern[str]] = re.compile(r"0\w{8,11}|1\w{9}|2\d{9}|3\d{14}|4\d{11,14}")

    def __post_init__(self) -> None:
        if not self._PATTERN.fullmatch(self.value):
            raise BadIdentifier("not a Struct_IdNat")


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A PIN, a passphrase or a key on its way: readable only by who asks for it in so many words."""

    _value: str

    def reveal(self) -> str:
        """The secret itself. Keep the result short-lived."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__
