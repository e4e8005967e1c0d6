"""Words of a CDA made of its types: names, addresses, times, quantities, codes. Missing parts are left out."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Final

from lxml import etree

from dmp_desktop.domain.clock import PARIS
from dmp_desktop.domain.oids import NS_HL7, NS_XSI

N: Final = f"{{{NS_HL7}}}"
XSI_TYPE: Final = f"{{{NS_XSI}}}type"
_SPACES: Final = re.compile(r"\s+")
_TIME: Final = re.compile(r"(\d{4})(\d\d)?(\d\d)?(?:(\d\d)(\d\d)?(\d\d)?)?(?:\.\d+)?(?:([+-])(\d\d)(\d\d))?")
_STREET: Final = ("houseNumber", "houseNumberNumeric", "streetNameType", "streetName", "streetNameBase", "unitID")
_TOWN: Final = ("postalCode", "city")
_LONGEST: Final = 2_000
"""Bound of one value told in a header or a cell, in characters."""

_UNITS: Final = {
    "[iU]": "UI",
    "m[IU]": "mUI",
    "[IU]": "UI",
    "u[IU]": "µUI",
    "um": "µm",
    "ug": "µg",
    "10*": "10^",
    "mm[Hg]": "mmHg",
}
_SPANS: Final = {"d": "jour", "wk": "semaine", "mo": "mois", "a": "an", "h": "heure", "min": "minute"}


def squeezed(text: str | None) -> str:
    """Text on one line, no blank at its ends, bounded."""
    return _SPACES.sub(" ", text or "").strip()[:_LONGEST]


def words_of(element: etree._Element | None) -> str:
    """Every word under ``element``, on one line."""
    return squeezed(" ".join(str(part) for part in element.itertext())) if element is not None else ""


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The element at ``path`` (names of the CDA namespace)."""
    return element.find("/".join(N + name for name in path)) if element is not None else None


def children(element: etree._Element | None, *path: str) -> list[etree._Element]:
    """The elements at ``path``."""
    return element.findall("/".join(N + name for name in path)) if element is not None else []


def label(code: etree._Element | None) -> str:
    """What a code is called: its label, its original text, its first named translation, or the bare code."""
    if code is None:
        return ""
    told = squeezed(code.get("displayName")) or words_of(child(code, "originalText"))
    if told:
        return told
    for other in children(code, "translation"):
        if other.get("displayName"):
            return squeezed(other.get("displayName"))
    return squeezed(code.get("code"))


def name_of(holder: etree._Element | None) -> str:
    """A person: « Dr Charles MULLER »; a thing or an organisation: its name."""
    name = child(holder, "name")
    if name is None:
        return ""
    family, given = _last(name, "family"), _last(name, "given")
    if not family and not given:
        return words_of(name)
    prefix = words_of(child(name, "suffix")) or words_of(child(name, "prefix"))
    title = {"DR": "Dr", "PR": "Pr", "M": "M.", "MME": "Mme", "MLLE": "Mme"}.get(prefix.upper(), prefix)
    return " ".join(part for part in (title, given, family) if any(c.isalnum() for c in part))


def _last(name: etree._Element, part: str) -> str:
    found = [words_of(one) for one in children(name, part) if one.get("qualifier") in (None, "", "CL", "SP")]
    return next((one for one in found if one), "") or words_of(child(name, part))


def address_of(holder: etree._Element | None) -> tuple[str, ...]:
    """An address, line by line."""
    found = child(holder, "addr")
    if found is None or found.get("nullFlavor"):
        return ()
    lines = [words_of(one) for one in children(found, "streetAddressLine")]
    if not lines:
        lines = [
            " ".join(words_of(one) for part in _STREET for one in children(found, part)),
            " ".join(words_of(one) for part in _TOWN for one in children(found, part)),
        ]
    return tuple(line for line in lines if line)[:6]


def moment(value: str | None) -> datetime | None:
    """An HL7 time, aware (Paris' offset is in it; without one, it is read as UTC); ``None`` when it is none."""
    found = _TIME.fullmatch((value or "").strip())
    if found is None:
        return None
    year, month, day, hour, minute, second, sign, ahead, past = found.groups()
    offset = timedelta(hours=int(ahead or 0), minutes=int(past or 0)) * (-1 if sign == "-" else 1)
    try:
        zone = timezone(offset)
        return datetime(
            int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=zone
        )
    except ValueError:
        return None


def when(value: str | None) -> str:
    """An HL7 time as it is read: « 09/04/2026 07:40 », « 04/2026 », « 2026 ».

    In the hour it was written, except in UTC: nobody's clock shows it, and the list tells the same time in Paris.
    """
    found = _TIME.fullmatch((value or "").strip())
    if found is None:
        return squeezed(value)
    universal = moment(value) if found.group(4) and found.group(7) and found.group(8, 9) == ("00", "00") else None
    if universal is not None:
        return universal.astimezone(PARIS).strftime("%d/%m/%Y %H:%M")
    year, month, day, hour, minute = found.groups()[:5]
    told = "/".join(part for part in (day, month, year) if part)
    # Midnight to the second is how many programs write « that day ».
    midnight = (hour, minute or "00", found.group(6) or "00") == ("00", "00", "00")
    return f"{told} {hour}:{minute or '00'}" if hour and day and not midnight else told


def period(element: etree._Element | None) -> str:
    """A time or a period: « 09/04/2026 », « du 3 au 5 »…"""
    if element is None:
        return ""
    if element.get("value"):
        return when(element.get("value"))
    low, high = child(element, "low"), child(element, "high")
    start = when(low.get("value")) if low is not None else ""
    end = when(high.get("value")) if high is not None else ""
    if start and end:
        return start if start == end else f"du {start} au {end}"
    if start:
        return f"depuis le {start}" if high is not None else start
    if end:
        return f"jusqu’au {end}"
    lasting = child(element, "width")
    return quantity(lasting) if lasting is not None else words_of(element)


def unit(text: str | None) -> str:
    """A UCUM unit as it is read; ``1`` and annotations are left out."""
    # The one annotation that is part of a unit: a filtration is told for a body surface.
    told = (text or "").replace("{1.73_m2}", "1,73\u00a0m²")
    told = re.sub(r"\{[^}]*\}", "", told).strip()
    for code, word in _UNITS.items():
        told = told.replace(code, word)
    return "" if told == "1" else told


def number(text: str | None) -> str:
    """A number as it is read: a decimal comma."""
    told = squeezed(text)
    return told.replace(".", ",") if re.fullmatch(r"[-+]?\d*\.?\d+", told) else told


def quantity(element: etree._Element) -> str:
    """A number and its unit: « 1,95 mUI/L »."""
    amount, of = number(element.get("value")), unit(element.get("unit"))
    if of in _SPANS:
        plural = "" if amount in {"0", "1"} or of == "mo" else "s"
        of = _SPANS[of] + plural
    return f"{amount}\u00a0{of}" if amount and of else amount


def interval(element: etree._Element) -> str:
    """A range of quantities: « 3,5 – 5,1 mmol/L », « > 60 »."""
    low, high = child(element, "low"), child(element, "high")
    start = quantity(low) if low is not None and low.get("value") else ""
    end = quantity(high) if high is not None and high.get("value") else ""
    if start and end:
        of = unit(high.get("unit")) if high is not None else ""
        short = start.removesuffix(f"\u00a0{of}") if of else start
        return f"{short} – {end}"
    return f"> {start}" if start else f"< {end}" if end else ""


def value_of(element: etree._Element | None) -> str:
    """Any value of an observation, by its type."""
    if element is None:
        return ""
    kind = (element.get(XSI_TYPE) or "").rpartition(":")[2]
    if kind.startswith("IVL_TS") or kind in {"TS", "PIVL_TS"}:
        return period(element)
    if kind.startswith("IVL"):
        return interval(element)
    if kind == "BL":
        return {"true": "oui", "false": "non"}.get((element.get("value") or "").lower(), "")
    if kind == "RTO" or child(element, "numerator") is not None:
        above, under = child(element, "numerator"), child(element, "denominator")
        return " / ".join(quantity(one) for one in (above, under) if one is not None and one.get("value"))
    if element.get("value"):
        return quantity(element)
    return label(element) or words_of(element)
