"""The official example documents, read for what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmp_desktop.domain.document import RetrievedDocument
from dmp_desktop.domain.facts import AllergyKnowledge, FactKind, Facts, NoteCode, ReimbursementKind
from dmp_desktop.domain.readable import Abnormal
from dmp_desktop.reading.facts import facts_of


def _read(reference: Path, name: str) -> Facts:
    content = (reference / "cda/examples" / name).read_bytes()
    return facts_of(RetrievedDocument("1.2.3", "1.2", "text/xml", content), "key")


def test_synthesis(reference: Path) -> None:
    """VSM: an allergy said inactive, two problems, two of the past, an act, two treatments, two people."""
    said = _read(reference, "VSM_1.4_2022.01.xml")
    assert said.allergies_said is AllergyKnowledge.KNOWN
    (allergy,) = said.of(FactKind.ALLERGY)
    assert allergy.detail == "dite inactive"
    counts = [len(said.of(kind)) for kind in (FactKind.CONDITION, FactKind.PAST_CONDITION, FactKind.PROCEDURE)]
    assert (counts, len(said.treatments), len(said.contacts)) == ([2, 2, 1], 2, 2)


def test_laboratory(reference: Path) -> None:
    """CR-BIO: two values, one low."""
    said = _read(reference, "BIO-CR-BIO_2024.01_TSH_1.xml")
    assert [one.abnormal for one in said.observations] == [None, Abnormal.LOW]


def test_discharge(reference: Path) -> None:
    """LDL-SES: allergies not recorded, a treatment at the way out, three things to do."""
    said = _read(reference, "LDL-SES_2022.01.xml")
    assert said.allergies_said is AllergyKnowledge.NOT_RECORDED
    assert (len(said.treatments), len(said.of(FactKind.DUE))) == (1, 3)


def test_vaccination(reference: Path) -> None:
    """VAC-NOTE: the second dose of one vaccine."""
    (done,) = _read(reference, "VAC-NOTE_2023.01.xml").immunizations
    assert (done.rank, done.given, len(done.targets)) == (2, True, 1)


def test_reimbursements(reference: Path) -> None:
    """CNAM-HR: every part, every line dated."""
    said = _read(reference, "CNAM-HR_2021.01.xml")
    assert {one.kind for one in said.reimbursements} == set(ReimbursementKind) - {ReimbursementKind.OTHER}
    assert all(one.at for one in said.reimbursements)


def test_prescription_and_imaging(reference: Path) -> None:
    """eP-MED-DM: two medicines, weight and height; CR-IMG: doses received are no values of the person."""
    said = _read(reference, "eP-MED-DM_2024.01_PosoNonStruct.xml")
    assert (len(said.treatments), [one.unit for one in said.observations]) == (2, ["kg", "cm"])
    assert _read(reference, "IMG_CR_IMG_2024.01.xml").observations == ()


@pytest.mark.parametrize("name", ["DOC_NON_STRUCTURE_CDA-R2-N1.xml"])
def test_a_page(reference: Path, name: str) -> None:
    """Level 1 says nothing, and why."""
    assert _read(reference, name).notes == (NoteCode.NOT_STRUCTURED,)
