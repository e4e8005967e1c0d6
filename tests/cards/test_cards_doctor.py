"""What is wrong with my reader: each fault has its own finding, and one gesture."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace

import pytest

from dmp_desktop.cards.doctor import Check, CheckState, Facts, Reading, Store, examine
from dmp_desktop.cards.doctor_words import FAULTS, GOOD, TITLES, WAITING
from dmp_desktop.domain.readers import CardFamily


@dataclass(frozen=True)
class _Slot:
    name: str
    present: bool = True
    mute: bool = False
    family: CardFamily = CardFamily.UNKNOWN


_CPS = _Slot("gauche", family=CardFamily.CPS)
_VITALE = _Slot("droite", family=CardFamily.VITALE_2)
_EMPTY = _Slot("droite", present=False)
_WELL = Facts(True, (_CPS, _VITALE), True, "Dr Aurore Brindille", 3, "", Reading.READ, Store.AGREES)

_FAULTS = {
    "service-down": replace(_WELL, service_up=False),
    "no-reader": replace(_WELL, slots=()),
    "reader-busy": replace(_WELL, busy="droite"),
    "module-missing": replace(_WELL, module_found=False),
    "professional-absent": replace(_WELL, slots=(_EMPTY, _VITALE)),
    "professional-mute": replace(_WELL, slots=(_Slot("gauche", mute=True), _VITALE)),
    "professional-unknown": replace(_WELL, slots=(_Slot("gauche"), _VITALE)),
    "pin-blocked": replace(_WELL, tries=0),
    "vitale-absent": replace(_WELL, slots=(_CPS, _EMPTY)),
    "vitale-mute": replace(_WELL, slots=(_CPS, _Slot("droite", mute=True))),
    "vitale-one": replace(_WELL, slots=(_CPS, _Slot("droite", family=CardFamily.VITALE_1))),
    "vitale-unknown": replace(_WELL, slots=(_CPS, _Slot("droite"))),
    "two-professional-cards": replace(_WELL, slots=(_CPS, _Slot("droite", family=CardFamily.CPS))),
    "garbled": replace(_WELL, reading=Reading.GARBLED),
    "pulled": replace(_WELL, reading=Reading.PULLED),
    "unreachable": replace(_WELL, store=Store.UNREACHABLE),
    "clock-drifts": replace(_WELL, store=Store.CLOCK_DRIFTS),
    "other-nature": replace(_WELL, store=Store.OTHER_NATURE),
}


def test_all_is_well() -> None:
    """Seven good checks, in order, with no advice."""
    findings = examine(_WELL)
    assert [finding.check for finding in findings] == list(Check)
    assert {finding.state for finding in findings} == {CheckState.GOOD}
    assert findings[3].detail == "Dr Aurore Brindille."
    assert findings[3].place == "gauche"


@pytest.mark.parametrize("fault", _FAULTS)
def test_each_fault_is_found_and_stops_the_list(fault: str) -> None:
    """One failed check with its own advice; what comes before is good, what comes after waits."""
    findings = examine(_FAULTS[fault])
    failed = [finding for finding in findings if finding.state is CheckState.FAILED]
    assert [finding.key for finding in failed] == [fault]
    assert failed[0].advice is FAULTS[fault]
    at = findings.index(failed[0])
    assert {finding.state for finding in findings[:at]} <= {CheckState.GOOD}
    assert {finding.state for finding in findings[at + 1 :]} <= {CheckState.WAITING}


def test_every_text_belongs_to_a_fault_that_can_happen() -> None:
    """No advice without its fault, no two faults with the same sentence or gesture."""
    assert set(FAULTS) == set(_FAULTS)
    assert len({(advice.detail, advice.steps) for advice in FAULTS.values()}) == len(FAULTS)


def test_what_was_not_tried_waits() -> None:
    """A card that was not read yet is neither good nor failed, and what follows waits too."""
    findings = examine(replace(_WELL, reading=Reading.NOT_TRIED))
    assert [finding.state for finding in findings[-2:]] == [CheckState.WAITING] * 2
    findings = examine(replace(_WELL, store=Store.NOT_TRIED))
    assert [finding.state for finding in findings[-2:]] == [CheckState.GOOD, CheckState.WAITING]


def test_the_card_may_be_in_any_slot() -> None:
    """The professional card on the right and the Vitale on the left are well too."""
    swapped = replace(
        _WELL, slots=(_Slot("gauche", family=CardFamily.VITALE_2), _Slot("droite", family=CardFamily.CPS))
    )
    assert {finding.state for finding in examine(swapped)} == {CheckState.GOOD}


def test_the_texts_follow_french_typography() -> None:
    """’ and no-break spaces, no exclamation, no "erreur", no "veuillez"."""
    texts = [*TITLES.values(), *GOOD.values(), *WAITING.values()]
    for advice in FAULTS.values():
        for field in fields(advice):
            value = getattr(advice, field.name)
            texts += value if isinstance(value, tuple) else [str(value)] if field.name != "action" else []
    for text in texts:
        assert not re.search(r"['!]|erreur|veuillez", text, re.IGNORECASE), text
        assert not re.search(r"[^\u00a0][:»]|«[^\u00a0]|[^\u202f][;?]", text), text
