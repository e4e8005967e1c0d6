"""How each setting is read from what was typed, and what is wrong with it; no widget here."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from dmp_desktop.config import Settings
from dmp_desktop.domain.identifiers import BadIdentifier, StructureId
from dmp_desktop.printing.stocks import Stock

_OID: Final = re.compile(r"[0-2](\.(0|[1-9]\d*))+")
_HOST: Final = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:\d+)?")
_SPACE: Final = re.compile(r"\s")
OFFSET_MM: Final = 20.0
SECONDS: Final = (1, 300)
DIET_DAYS: Final = (1, 365)
DIET_MIB: Final = (64, 65_536)
SECRET_AGES: Final = range(6, 18)


@dataclass(frozen=True, slots=True)
class Rule:
    """Between what is typed and what is kept.

    :ivar read: gives the value, or raises ``ValueError``; ``wrong`` is then what the person reads.
    """

    read: Callable[[str], Any]
    write: Callable[[Any], str] = str
    wrong: str = ""

    def fault(self, text: str) -> str:
        """What is wrong with ``text``, empty when nothing is."""
        try:
            self.read(text)
        except ValueError:
            return self.wrong
        return ""


def _required(text: str) -> str:
    if not text.strip():
        raise ValueError
    return text.strip()


def _structure(text: str) -> str:
    try:
        return StructureId(text.strip()).value if text.strip() else ""
    except BadIdentifier:
        raise ValueError from None


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _address(text: str) -> str:
    address = text.strip().rstrip("/")
    if not address:
        return ""
    parts = urlsplit(address)
    plain = not (parts.query or parts.fragment or parts.username or parts.password)
    # Reading the port checks it.
    if parts.scheme != "https" or not parts.hostname or not plain or _SPACE.search(address) or parts.port == 0:
        raise ValueError
    return address


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.strip() and not pattern.fullmatch(text.strip()):
            raise ValueError
        return text.strip()

    return read


def _file(text: str) -> Path | None:
    if not text.strip():
        return None
    path = Path(text.strip())
    if not (path.is_absolute() and path.is_file()):
        raise ValueError
    return path


def _number(low: float, high: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = float(text.strip().replace(",", ".").replace("−", "-"))
        if not (math.isfinite(value) and low <= value <= high):
            raise ValueError
        return value

    return read


def _decimal(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def _whole(text: str) -> int:
    value = int(text.strip())
    if value < 1:
        raise ValueError
    return value


def _among(*values: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in values:
            raise ValueError
        return text

    return read


def _within(numbers: Container[int]) -> Callable[[str], int]:
    def read(text: str) -> int:
        if int(text) not in numbers:
            raise ValueError
        return int(text)

    return read


def _whole_within(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        value = int(text.strip())
        if not low <= value <= high:
            raise ValueError
        return value

    return read


def _yes(text: str) -> bool:
    return _among(YES, NO)(text) == YES


YES, NO = "oui", "non"
TEXT: Final = Rule(str.strip)
REQUIRED: Final = Rule(_required, wrong="Nom nécessaire\u00a0: il figure sur tous les papiers.")
STRUCTURE: Final = Rule(
    _structure, wrong="Identifiant attendu\u00a0: un chiffre de 0 à 4, puis le FINESS, SIREN, SIRET ou RPPS et rang."
)
LINES: Final = Rule(_lines, write="\n".join)
ADDRESS: Final = Rule(_address, wrong="Adresse attendue\u00a0: https://, puis le nom du serveur.")
HOST: Final = Rule(_matching(_HOST), wrong="Nom de serveur attendu, sans https:// ni barre oblique.")
OID: Final = Rule(_matching(_OID), wrong="OID attendu\u00a0: des nombres séparés par des points.")
FILE: Final = Rule(_file, lambda path: str(path or ""), "Aucun fichier à cet endroit. Indiquez son chemin complet.")
SECONDS_RULE: Final = Rule(_number(*SECONDS), _decimal, f"Nombre attendu, de {SECONDS[0]} à {SECONDS[1]} secondes.")
OFFSET: Final = Rule(
    _number(-OFFSET_MM, OFFSET_MM), _decimal, f"Nombre attendu, de −{OFFSET_MM:g} à {OFFSET_MM:g}\u00a0mm."
)
WHOLE: Final = Rule(_whole, wrong="Nombre entier attendu, à partir de 1.")
_CHOOSE: Final = "Valeur impossible ici\u00a0: choisissez dans la liste."
# A file written by hand may hold anything.
THEME: Final = Rule(_among("system", "light", "dark", "high_contrast"), wrong=_CHOOSE)
ZOOM: Final = Rule(_within(range(100, 201)), wrong=_CHOOSE)
ROTATION: Final = Rule(_within((0, 90, 180, 270)), wrong=_CHOOSE)
IDLE_MINUTES: Final = Rule(_within(range(1, 16)), wrong=_CHOOSE)
YES_NO: Final = Rule(_yes, lambda told: YES if told else NO, _CHOOSE)
SECRET_AGE: Final = Rule(_within(SECRET_AGES), wrong=_CHOOSE)
DAYS: Final = Rule(
    _whole_within(*DIET_DAYS), wrong=f"Nombre entier attendu, de {DIET_DAYS[0]} à {DIET_DAYS[1]}\u00a0jours."
)
QUOTA: Final = Rule(
    _whole_within(*DIET_MIB), wrong=f"Nombre entier attendu, de {DIET_MIB[0]} à {DIET_MIB[1]}\u00a0Mio."
)


def with_values(settings: Settings, values: Mapping[str, Any]) -> Settings:
    """``settings`` with other values, named ``section.name`` or ``name``."""
    sections: dict[str, dict[str, Any]] = {}
    changes: dict[str, Any] = {}
    for path, value in values.items():
        section, _, name = path.partition(".")
        if name:
            sections.setdefault(section, {})[name] = value
        else:
            changes[section] = value
    for section, inner in sections.items():
        changes[section] = replace(getattr(settings, section), **inner)
    return replace(settings, **changes)


def value_of(settings: Settings, path: str) -> Any:
    """The value named ``section.name`` or ``name``."""
    value: Any = settings
    for name in path.split("."):
        value = getattr(value, name)
    return value


def faults_between(draft: Settings, stocks: Mapping[str, Stock]) -> dict[str, str]:
    """What is wrong between settings that are each right, by the setting to correct."""
    faults: dict[str, str] = {}
    if (draft.store.base_url or draft.store.insi_url) and draft.store.authority is None:
        faults["store.authority"] = "Fichier nécessaire dès qu’une adresse est donnée\u00a0: rien ne part sans lui."
    for section, profile in (
        ("attestation_printer", draft.attestation_printer),
        ("sticker_printer", draft.sticker_printer),
    ):
        stock = stocks.get(profile.stock)
        if stock is None:
            faults[f"{section}.stock"] = "Ce support n’est plus connu\u00a0: choisissez-en un autre."
        elif stock.kind == "sheet" and profile.start > stock.capacity:
            faults[f"{section}.start"] = f"Cette planche porte {stock.capacity} étiquettes."
    return faults
