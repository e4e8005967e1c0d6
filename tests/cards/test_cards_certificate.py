"""Certificates of professional cards, of every shape."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography import x509
from helpers.cards_certificates import Person, card_certificate, key, old_certificate
from hypothesis import given, settings
from hypothesis import strategies as st

from dmp_desktop.cards.cps_certificate import public_key, read_certificate
from dmp_desktop.domain.identifiers import CardNature
from dmp_desktop.domain.professional import ProfessionalKind
from dmp_desktop.domain.readers import UnreadableCard


def test_a_doctor_is_read() -> None:
    """Number, names, profession, speciality, kind, nature and card number come out of the extensions."""
    read = read_certificate(card_certificate(Person(), key("signature")))
    assert (read.common_name, read.family, read.given) == ("899700000017", "BRINDILLE", "AURORE")
    assert (read.kind, read.nature) == (ProfessionalKind.CPS, CardNature.TEST)
    assert (read.profession, read.speciality, read.serial) == ("10", "SM26", "2500577253")
    assert "BRINDILLE" not in repr(read)


def test_an_old_unsorted_subject_does_not_hide_the_card() -> None:
    """The older shape, which a strict parser refuses, is read like the newer one."""
    der = old_certificate(Person(), key("signature"))
    with pytest.raises(ValueError, match="InvalidSetOrdering"):
        _ = x509.load_der_x509_certificate(der).subject
    assert read_certificate(der) == read_certificate(card_certificate(Person(), key("signature")))


@pytest.mark.parametrize(("product", "nature"), [(0x00, "real"), (0x02, "real"), (0x80, "test"), (0x83, "test")])
def test_test_cards_are_told_by_the_high_bit(product: int, nature: str) -> None:
    """Table G01: the same products with 80 are for tests."""
    read = read_certificate(card_certificate(Person(product=product), key("signature")))
    assert read.nature == nature


def test_without_its_product_a_card_is_of_unknown_nature() -> None:
    """A missing flag is never taken for a real card, nor for a test one."""
    assert read_certificate(card_certificate(Person(product=None), key("signature"))).nature is CardNature.UNKNOWN


def test_a_staff_card_without_a_name_shows_its_organisation() -> None:
    """A CPE that names nobody: organisation and number, no profession."""
    person = Person(
        "399700017/PAPIER1", None, None, None, "CABINET DES TROIS-TILLEULS", None, None, card_type=None, serial=None
    )
    read = read_certificate(card_certificate(person, key("signature")))
    assert (read.family, read.organisation) == ("", "CABINET DES TROIS-TILLEULS")
    assert read.names == ("CABINET DES TROIS-TILLEULS", "399700017-PAPIER1")
    assert replace(read, organisation="S.E.L. L'Étang (sud)").names[0] == "S-E-L- L'Étang -sud-"
    assert (read.kind, read.profession, read.serial) == (ProfessionalKind.CPE, "", "")


@pytest.mark.parametrize(("number", "kind"), [(0, "CPS"), (1, "CPF"), (2, "CPE"), (3, "CPA")])
def test_the_type_of_card_is_its_extension(number: int, kind: str) -> None:
    """The extension has the last word, whatever the profession."""
    assert read_certificate(card_certificate(Person(card_type=number), key("signature"))).kind == kind


def test_the_key_of_a_certificate_is_read() -> None:
    """Modulus and exponent are those of the key it was made for."""
    numbers = key("signature").public_key().public_numbers()
    assert public_key(card_certificate(Person(), key("signature"))) == (numbers.n, numbers.e)


@settings(max_examples=150)
@given(st.integers(0, 2000), st.binary(min_size=1, max_size=6))
def test_a_spoilt_certificate_is_an_unreadable_card(at: int, noise: bytes) -> None:
    """Any bytes changed anywhere give a certificate or UnreadableCard, nothing else."""
    der = card_certificate(Person(), key("signature"))
    spoilt = der[: at % len(der)] + noise + der[at % len(der) + len(noise) :]
    for read in (read_certificate, public_key):
        try:
            read(spoilt)
        except UnreadableCard:
            continue


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_noise_is_not_a_certificate(noise: bytes) -> None:
    """Any bytes give the typed error."""
    with pytest.raises(UnreadableCard):
        read_certificate(noise)
