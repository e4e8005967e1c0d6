"""Entries of the reimbursement history (CNAM-HR 2021.01), part by part."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from lxml import etree

from dmp_desktop.domain.facts import Reimbursement, ReimbursementKind
from dmp_desktop.reading.cda_words import N, child, children, squeezed
from dmp_desktop.reading.facts_statements import drug
from dmp_desktop.reading.facts_words import at_of, number_of, time_of

if TYPE_CHECKING:
    from dmp_desktop.reading.facts import Gathered


def medicine(entry: etree._Element, found: Gathered) -> None:
    """A medicine delivered."""
    _given(entry, found, ReimbursementKind.MEDICINE)


def vaccine(entry: etree._Element, found: Gathered) -> None:
    """A vaccine delivered: nothing says that it was given."""
    _given(entry, found, ReimbursementKind.VACCINE)


def _given(entry: etree._Element, found: Gathered, kind: ReimbursementKind) -> None:
    for taken in children(entry, "substanceAdministration"):
        supply = child(taken, "entryRelationship", "supply")
        when = _delivered(supply) or at_of(child(taken, "effectiveTime"))
        _keep(found, kind, when, drug(taken, found), supply)


def device(entry: etree._Element, found: Gathered) -> None:
    """A device delivered."""
    for supply in children(entry, "supply"):
        device_code = child(supply, "participant", "participantRole", "playingDevice", "code")
        called = found.narrative.called(device_code)
        when = _delivered(supply) or at_of(child(supply, "effectiveTime"))
        _keep(found, ReimbursementKind.DEVICE, when, called, supply)


def stay(entry: etree._Element, found: Gathered) -> None:
    """A stay in hospital: its reason where it is given."""
    for encounter in children(entry, "encounter"):
        code = child(encounter, "code")
        called = found.narrative.called(child(code, "qualifier", "value")) or found.narrative.called(code)
        _keep(found, ReimbursementKind.STAY, at_of(child(encounter, "effectiveTime")), called, encounter)


def care(entry: etree._Element, found: Gathered) -> None:
    """A consultation, an act, dental care."""
    _acts(entry, found, ReimbursementKind.CARE)


def imaging(entry: etree._Element, found: Gathered) -> None:
    """An act of imaging."""
    _acts(entry, found, ReimbursementKind.IMAGING)


def biology(entry: etree._Element, found: Gathered) -> None:
    """An act of biology."""
    _acts(entry, found, ReimbursementKind.BIOLOGY)


def other(entry: etree._Element, found: Gathered) -> None:
    """An act of a part that is not known here."""
    _acts(entry, found, ReimbursementKind.OTHER)


def _acts(entry: etree._Element, found: Gathered, kind: ReimbursementKind) -> None:
    for act in children(entry, "procedure"):
        _keep(found, kind, at_of(child(act, "effectiveTime")), found.narrative.called(child(act, "code")), act)


def _delivered(supply: etree._Element | None) -> datetime | None:
    for holder in ("performer", "author"):
        time = child(supply, holder, "time")
        if time is not None and time.get("value"):
            return time_of(time.get("value"))
    return None


def _keep(
    found: Gathered, kind: ReimbursementKind, when: datetime | None, called: str, holder: etree._Element | None
) -> None:
    if not called:
        return
    amount = child(holder, "quantity")
    number: Decimal | None = number_of(amount)
    unit = squeezed(amount.get("unit")) if amount is not None else ""
    organisation = child(holder, "performer", "assignedEntity", "representedOrganization")
    where = squeezed(organisation.findtext(f"{N}name")) if organisation is not None else ""
    found.reimbursements.append(Reimbursement(kind, when, called, number, unit, where, found.key))
