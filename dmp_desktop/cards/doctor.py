"""What is wrong with my reader: pure checks over what was seen, in the order a person would check.

The first check that fails says what to do; those after it wait. Nothing here touches a card.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from dmp_desktop.cards.doctor_words import FAULTS, GOOD, TITLES, WAITING, Advice
from dmp_desktop.domain.readers import CardFamily


class Check(StrEnum):
    """The checks, in their order."""

    SERVICE = "service"
    READER = "reader"
    MODULE = "module"
    PROFESSIONAL = "professional"
    VITALE = "vitale"
    READING = "reading"
    STORE = "store"


class CheckState(StrEnum):
    """Where a check stands."""

    GOOD = "good"
    FAILED = "failed"
    WAITING = "waiting"


class Reading(StrEnum):
    """How the last reading of the Vitale in place ended."""

    NOT_TRIED = "not-tried"
    READ = "read"
    GARBLED = "garbled"
    PULLED = "pulled"


class Store(StrEnum):
    """Whether the central store and the post agree."""

    NOT_TRIED = "not-tried"
    AGREES = "agrees"
    UNREACHABLE = "unreachable"
    CLOCK_DRIFTS = "clock-drifts"
    OTHER_NATURE = "other-nature"


class Slot(Protocol):
    """What is known of one slot."""

    @property
    def name(self) -> str: ...
    @property
    def present(self) -> bool: ...
    @property
    def mute(self) -> bool: ...
    @property
    def family(self) -> CardFamily: ...


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything observed, by whoever can.

    :ivar module_found: whether a PKCS#11 module could be loaded.
    :ivar holder: name of the professional whose card was read, ``""`` before that.
    :ivar tries: PIN tries left on the professional card, ``None`` when unknown.
    :ivar busy: name of the reader that another program holds, or ``""``.
    """

    service_up: bool
    slots: Sequence[Slot] = ()
    module_found: bool = True
    holder: str = ""
    tries: int | None = None
    busy: str = ""
    reading: Reading = Reading.NOT_TRIED
    store: Store = Store.NOT_TRIED


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the list.

    :ivar key: name of what was found (``vitale-mute``), or of the check when all is well or not tried.
    :ivar title: the check; ``detail``: one sentence; ``place``: the slot concerned, or ``""``.
    :ivar advice: what to do, only when failed.
    """

    check: Check
    state: CheckState
    key: str
    title: str
    detail: str
    place: str = ""
    advice: Advice | None = None


def examine(facts: Facts) -> tuple[Finding, ...]:
    """The seven checks, in order: good ones, at most one failed, then those that wait."""
    findings: list[Finding] = []
    stopped = False
    for check in Check:
        fault, place = ("", "") if stopped else _fault(check, facts)
        if stopped or fault == _NOT_YET:
            findings.append(Finding(check, CheckState.WAITING, check, TITLES[check], WAITING[check], place))
            stopped = True
        elif fault:
            advice = FAULTS[fault]
            findings.append(Finding(check, CheckState.FAILED, fault, TITLES[check], advice.detail, place, advice))
            stopped = True
        else:
            detail = GOOD[check].format(holder=facts.holder or "Carte reconnue", count=len(facts.slots))
            findings.append(Finding(check, CheckState.GOOD, check, TITLES[check], detail, place))
    return tuple(findings)


_NOT_YET = "not-yet"


def _fault(check: Check, facts: Facts) -> tuple[str, str]:
    """Key of the fault (``""`` when there is none) and the slot concerned."""
    match check:
        case Check.SERVICE:
            return ("" if facts.service_up else "service-down"), ""
        case Check.READER:
            if facts.busy:
                return "reader-busy", facts.busy
            return ("" if facts.slots else "no-reader"), ""
        case Check.MODULE:
            return ("" if facts.module_found else "module-missing"), ""
        case Check.PROFESSIONAL:
            return _professional(facts)
        case Check.VITALE:
            return _vitale(facts)
        case Check.READING:
            keys = {Reading.READ: "", Reading.NOT_TRIED: _NOT_YET, Reading.GARBLED: "garbled", Reading.PULLED: "pulled"}
            return keys[facts.reading], ""
        case Check.STORE:
            return {Store.AGREES: "", Store.NOT_TRIED: _NOT_YET}.get(facts.store, facts.store.value), ""


def _professional(facts: Facts) -> tuple[str, str]:
    card = next((slot for slot in facts.slots if slot.family is CardFamily.CPS), None)
    if card is None:
        others = [slot for slot in facts.slots if slot.present and slot.family not in _VITALES]
        if not others:
            return "professional-absent", ""
        return ("professional-mute" if others[0].mute else "professional-unknown"), others[0].name
    return ("pin-blocked" if facts.tries == 0 else ""), card.name


def _vitale(facts: Facts) -> tuple[str, str]:
    professional = next((slot for slot in facts.slots if slot.family is CardFamily.CPS), None)
    others = [slot for slot in facts.slots if slot.present and slot is not professional]
    card = next((slot for slot in others if slot.family in _VITALES), others[0] if others else None)
    if card is None:
        return "vitale-absent", ""
    if card.mute:
        return "vitale-mute", card.name
    keys = {CardFamily.VITALE_2: "", CardFamily.VITALE_1: "vitale-one", CardFamily.CPS: "two-professional-cards"}
    return keys.get(card.family, "vitale-unknown"), card.name


_VITALES = frozenset({CardFamily.VITALE_1, CardFamily.VITALE_2})
