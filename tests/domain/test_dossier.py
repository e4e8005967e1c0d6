"""Contacts, representatives and ordered ids."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmp_desktop.domain.dossier import BadContact, Contact, Representative, RepresentativeQuality
from dmp_desktop.domain.events import uuid7
from dmp_desktop.domain.identity import ProofDocument


@pytest.mark.parametrize("typed", ["06 00 00 00 12", "0600000012", "06.00.00.00.12", "+33 6 00 00 00 12"])
def test_a_mobile_is_understood_as_people_write_it(typed: str) -> None:
    """Ten digits beginning 06 or 07 (REC_1.5-1100)."""
    assert Contact.parse(typed, "").mobile == "0600000012"


@pytest.mark.parametrize(
    ("mobile", "email", "field"),
    [
        ("01 00 00 00 12", "", "mobile"),
        ("06 00 00 00", "", "mobile"),
        ("", "nom", "email"),
        ("", "a@b", "email"),
        ("", "a b@exemple.invalid", "email"),
    ],
)
def test_a_wrong_contact_names_its_field(mobile: str, email: str, field: str) -> None:
    """The field is named, the value is not in the message."""
    with pytest.raises(BadContact) as caught:
        Contact.parse(mobile, email)
    assert caught.value.facts["field"] == field


def test_nothing_typed_is_no_contact() -> None:
    """A contact is never compulsory."""
    assert Contact.parse("  ", "") == Contact()


def test_a_representative_needs_name_and_agreement() -> None:
    """Identity and agreement come before the consent."""
    full = Representative("CORNICHE", "Gaspard", RepresentativeQuality.FATHER, ProofDocument.IDENTITY_CARD, True)
    assert full.complete
    assert not Representative(" ", "G", full.quality, full.proof, True).complete
    assert not Representative("C", "G", full.quality, full.proof, False).complete
    assert "CORNICHE" not in repr(full)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1)), st.integers(1, 10**6))  # noqa: DTZ001 - made aware below
def test_ids_are_ordered_by_time(moment: datetime, later_ms: int) -> None:
    """A UUIDv7 made a millisecond later sorts after, and says its version."""
    first = uuid7(moment.replace(tzinfo=UTC))
    second = uuid7(moment.replace(tzinfo=UTC) + timedelta(milliseconds=later_ms))
    assert str(first) < str(second)
    assert first.version == 7
    assert first.variant == "specified in RFC 4122"
