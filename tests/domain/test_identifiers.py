"""Numbers check themselves and hide themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmp_desktop.domain import oids
from dmp_desktop.domain.identifiers import BadIdentifier, Ins, Nir, PsId, Secret, StructureId, nir_key

# Matricules of the published test and demonstration people of the field, with their published keys.
PUBLISHED = ("207058575627097", "188102B17295165", "188102B17295264")


@pytest.mark.parametrize("number", PUBLISHED)
def test_published_matricules_are_accepted(number: str) -> None:
    """Published test numbers, Corsica included, have the key we compute."""
    assert Nir(number).value == number


@pytest.mark.parametrize(
    "number",
    ["", "1234", "207058575627098", "2070585756270", "20705857562709７", "188102C17295165", "207058575627097 "],
)
def test_impossible_numbers_are_refused(number: str) -> None:
    """A wrong length, character or key is a typed error, never a guess."""
    with pytest.raises(BadIdentifier):
        Nir(number)


@given(st.from_regex(r"[12][0-9]{4}(?:[0-9]{2}|2[AB])[0-9]{6}", fullmatch=True))
def test_one_changed_digit_is_noticed(body: str) -> None:
    """Changing the last digit of the order number always breaks the key (97 is prime and larger than the change)."""
    number = body + nir_key(body)
    assert Nir(number)
    other = body[:-1] + str((int(body[-1]) + 1) % 10) + number[13:]
    with pytest.raises(BadIdentifier):
        Nir(other)


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_a_typed_error(text: str) -> None:
    """No text raises anything else."""
    try:
        Nir(text)
    except BadIdentifier:
        return
    assert len(text) == 15


def test_identifiers_do_not_show_themselves() -> None:
    """A log or a traceback of these values holds no number."""
    ins = Ins(Nir(PUBLISHED[0]), oids.INS_NIR_TEST)
    shown = f"{ins} {ins!r} {ins.matricule} {ins.matricule!r} {Secret('1234')} {Secret('1234')!r}"
    assert PUBLISHED[0] not in shown
    assert "1234" not in shown


def test_an_unknown_domain_is_refused() -> None:
    """An INS lives in one of four known domains."""
    with pytest.raises(BadIdentifier):
        Ins(Nir(PUBLISHED[0]), "1.2.3")


@pytest.mark.parametrize("value", ["899700000017", "0991234567", "399700017/PAPIER1", "10B0307377/42", "499700000/X"])
def test_professional_identifiers(value: str) -> None:
    """Every prefix of PS_IdNat that is on cards is understood."""
    if value == "499700000/X":
        with pytest.raises(BadIdentifier):
            PsId(value)
    else:
        assert PsId(value).rpps == (value[1:] if value[0] == "8" else None)


@pytest.mark.parametrize("value", ["499700000017001", "10B0307377", "339172288100052"])
def test_structure_identifiers(value: str) -> None:
    """Struct_IdNat as published samples hold it."""
    assert StructureId(value).value == value


@pytest.mark.parametrize("value", ["", "9123", "1", "4abc"])
def test_wrong_structure_identifiers(value: str) -> None:
    """Anything else is refused."""
    with pytest.raises(BadIdentifier):
        StructureId(value)
