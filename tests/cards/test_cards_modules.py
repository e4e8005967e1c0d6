"""Where the PKCS#11 module is looked for, and the labels of what the card says."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from dmp_desktop.cards import labels
from dmp_desktop.cards.cps import open_card
from dmp_desktop.cards.pkcs11_modules import find_module, usual_places
from dmp_desktop.domain.readers import ModuleMissing


def test_the_official_library_goes_before_opensc() -> None:
    """On every system the Cryptolib is tried first, OpenSC after it."""
    for platform in ("linux", "darwin", "win32"):
        names = [place.name for place in usual_places(platform)]
        assert "cps3" in names[0]
        assert "opensc" in names[-1]


def test_the_setting_is_the_only_one_tried(tmp_path: Path) -> None:
    """A module named in the settings and absent is said, not silently replaced by another."""
    other = tmp_path / "other.so"
    other.touch()
    assert find_module(other, ()) == other
    with pytest.raises(ModuleMissing) as caught:
        find_module(tmp_path / "absent.so", (other,))
    assert caught.value.facts == {"setting": 1}


def test_the_first_place_that_exists_is_taken(tmp_path: Path) -> None:
    """Usual places in order; none of them is a plain error."""
    second = tmp_path / "second.so"
    second.touch()
    assert find_module(None, (tmp_path / "first.so", second)) == second
    with pytest.raises(ModuleMissing):
        find_module(None, ())


def test_a_file_that_is_no_module_is_said_so(tmp_path: Path) -> None:
    """A wrong file in the settings gives the same error as none, not a crash of the loader."""
    wrong = tmp_path / "wrong.so"
    wrong.write_bytes(b"not a library")
    with pytest.raises(ModuleMissing):
        open_card(wrong, "reader", None, lambda: True, afresh=False)


def test_labels_are_known_or_the_code_itself() -> None:
    """Professions and specialities met at a desk have their label; an unknown code is kept."""
    assert (labels.profession_label("10"), labels.profession_label("21")) == ("Médecin", "Pharmacien")
    assert labels.speciality_label("SM26") == "Qualifié en Médecine Générale (SM)"
    assert (labels.profession_label("777"), labels.speciality_label(""), labels.profession_label("")) == ("777", "", "")


def test_labels_are_the_national_ones(reference: Path) -> None:
    """Each label of the shipped table is that of the national value set of authors' specialities."""
    tree = etree.parse(reference / "cda" / "jeuxDeValeurs" / "JDV_J01_XdsAuthorSpecialty_CISIS.xml")
    national = {item.get("code"): item.get("displayName") for item in tree.iter("{*}Concept")}
    tables = labels.tables()
    for code, label in tables["G15"].items():
        assert national[f"G15_{code}"] == label
    for code, label in tables["R01"].items():
        assert national[f"G15_10/{code}"] == f"Médecin - {label}"
    for code, label in tables["G05"].items():
        assert national[f"G15_21/{code}"] == label
