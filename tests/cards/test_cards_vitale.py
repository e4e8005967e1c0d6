"""Reading a Carte Vitale: both orders, everybody, and every way it can go wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from helpers.cards_links import FAMILY, ODILE_NUMBER, ChipLink, number
from helpers.clocks import HandClock
from hypothesis import given, settings
from hypothesis import strategies as st

from dmp_desktop.cards.vitale import read_inserted, read_vitale
from dmp_desktop.domain.identity import VitaleReading
from dmp_desktop.domain.readers import (
    CardFamily,
    CardLink,
    CardRemoved,
    UnknownCard,
    UnreadableCard,
    VitaleOneUnreadable,
)
from dmp_desktop.sandbox.cards.plastic import tlv
from dmp_desktop.sandbox.cards.virtual_vitale import AID_ROOT, AID_VITALE, IDENTITIES, NUMBERS, Holder, VirtualVitale


def _read(chip: VirtualVitale) -> VitaleReading:
    return read_vitale(ChipLink(chip), "right", HandClock())


def _card(*holders: Holder, **options: Any) -> VirtualVitale:
    return VirtualVitale(holders or FAMILY, **options)


def test_everybody_is_read_as_written() -> None:
    """Four people, in card order, with names, dates and numbers exactly as the card holds them."""
    clock = HandClock(datetime(2026, 4, 14, 8, 0, tzinfo=UTC))
    reading = read_vitale(ChipLink(_card()), "right", clock)
    assert [(p.position, p.name, p.given_name, p.birth_date.raw) for p in reading.beneficiaries] == [
        (1, "LAVANDIN", "ODILE", "19790523"),
        (2, "CORNICHE", "GASPARD", "19771111"),
        (3, "CORNICHE", "CAPUCINE", "20160902"),
        (4, "CORNICHE", "CLEMENTINE", "20160902"),
    ]
    first, second, third, _ = reading.beneficiaries
    assert first.nir is not None
    assert first.nir.value == ODILE_NUMBER
    assert first.country == "FRA"
    assert first.raw["80"] == b"LAVANDIN".hex()
    assert second.holds_own_nir
    assert not third.holds_own_nir
    assert (reading.valid_from, reading.reader, reading.read_at) == ("20190304", "right", clock.now())


def test_both_orders_give_the_same_card() -> None:
    """A card without the shortcut is read through its list of files, with the same people and fingerprint."""
    short, long = _read(_card()), _read(_card(short_files=False))
    assert short.beneficiaries == long.beneficiaries
    assert short.fingerprint == long.fingerprint
    assert long.files[f"{AID_VITALE.hex()}/2010"] == "!6982", "a protected file keeps its status word"


def test_padding_does_not_change_the_card() -> None:
    """Zeros after the files change neither the people nor the fingerprint; another person does."""
    assert _read(_card(padding=0)).fingerprint == _read(_card(padding=700)).fingerprint
    assert _read(_card()).fingerprint != _read(_card(*FAMILY[:3])).fingerprint


def test_a_large_family_goes_past_one_read() -> None:
    """Nineteen people need several READ BINARY in each file."""
    people = tuple(Holder(f"NOM{n}", f"PRENOM{n}", "20010101", ODILE_NUMBER) for n in range(19))
    assert [p.given_name for p in _read(_card(*people)).beneficiaries] == [p.given_name for p in people]


def test_accents_and_impossible_dates_are_kept() -> None:
    """Latin-1 text and a month 19 come out as they are on the card."""
    person = _read(_card(Holder("GENÊT-ŸDE".replace("Ÿ", "Y"), "ZOÉ", "19421901", ODILE_NUMBER))).beneficiaries[0]
    assert (person.name, person.given_name) == ("GENÊT-YDE", "ZOÉ")
    assert person.birth_date.raw == "19421901"
    assert person.birth_date.calendar is None


def test_a_corsican_number_is_a_number() -> None:
    """2A and 2B are read; the key is theirs."""
    person = _read(_card(Holder("CASANOVA-LECCIA", "GHJULIA", "19850615", number("285062A001234")))).beneficiaries[0]
    assert person.nir is not None
    assert person.holds_own_nir


def test_a_number_with_a_wrong_key_is_shown_not_used() -> None:
    """The text stays, the number is none: it can never be sent."""
    person = _read(_card(Holder("LAVANDIN", "ODILE", "19790523", ODILE_NUMBER[:13] + "00"))).beneficiaries[0]
    assert person.nir is None
    assert person.nir_text == ODILE_NUMBER[:13] + "00"


def test_two_files_that_disagree_are_not_matched() -> None:
    """Records go by order: a missing one would give a person the number of another."""
    chip = _card()
    chip.files[AID_VITALE][NUMBERS] = tlv(0x65, tlv(0x93, ODILE_NUMBER.encode()))
    with pytest.raises(UnreadableCard, match="do not match"):
        _read(chip)


def test_without_readable_numbers_people_are_still_read() -> None:
    """A card that gives only identities gives people without numbers: INSi is asked by traits."""
    chip = _card(short_files=False)
    del chip.files[AID_VITALE][NUMBERS]
    assert [p.nir for p in _read(chip).beneficiaries] == [None] * 4


@pytest.mark.parametrize("content", [b"", bytes(64), tlv(0x66, b""), tlv(0x65, b""), b"\x65\x7f\x80"])
def test_an_empty_or_spoilt_card_is_unreadable(content: bytes) -> None:
    """Nobody on the card is not an empty list, it is a card that cannot be read."""
    chip = _card()
    chip.files[AID_ROOT][IDENTITIES] = content
    with pytest.raises(UnreadableCard):
        _read(chip)


def test_bytes_that_are_not_text_are_refused() -> None:
    """A control character in a name means garbled bytes, not a name."""
    with pytest.raises(UnreadableCard):
        _read(_card(Holder("LAV\x02NDIN", "ODILE", "19790523", ODILE_NUMBER)))


def test_a_card_swapped_during_the_reading_is_noticed() -> None:
    """The identities are read again at the end: another card there stops the reading."""
    chip = _card()
    other = _card(Holder("MIRABELLE", "ERNEST", "19510203", number("1510299000777")))

    def swap(exchange: int, answer: bytes) -> bytes:
        if exchange == 8:
            chip.files = other.files
        return answer

    with pytest.raises(CardRemoved, match="changed"):
        read_vitale(ChipLink(chip, swap), "right", HandClock())


def test_a_card_pulled_at_any_exchange_is_a_removal() -> None:
    """Whatever the moment, pulling gives CardRemoved and nothing half read."""
    link = ChipLink(_card())
    read_vitale(link, "right", HandClock())
    assert link.exchanges > 5
    for moment in range(1, link.exchanges + 1):
        pulled = ChipLink(_card(), lambda n, answer, moment=moment: b"" if n == moment else answer)
        with pytest.raises(CardRemoved):
            read_vitale(pulled, "right", HandClock())


@settings(max_examples=150)
@given(st.integers(1, 40), st.binary(max_size=60), st.booleans())
def test_garbled_answers_give_a_typed_error_or_the_truth(moment: int, noise: bytes, short: bool) -> None:
    """One answer replaced by noise: an unreadable or removed card, or people; never another exception."""
    link = ChipLink(_card(short_files=short), lambda n, answer: noise if n == moment else answer)
    try:
        people = read_vitale(link, "right", HandClock()).beneficiaries
    except (UnreadableCard, CardRemoved):
        return
    assert people


class _OneCard:
    """The part of a card system that a reading uses: opens links on one chip, spoiling the first if asked."""

    def __init__(self, chip: VirtualVitale, spoilt: int) -> None:
        self.links: list[ChipLink] = []
        self._chip, self._spoilt = chip, spoilt

    def connect(self, reader: str) -> CardLink:
        spoil = len(self.links) < self._spoilt
        self.links.append(ChipLink(self._chip, (lambda n, answer: b"\x01\x02\x90\x00") if spoil else None))
        return self.links[-1]

    def start(self, listener: Any) -> None: ...
    def stop(self) -> None: ...
    def professional_card(self, reader: str) -> Any: ...


def test_one_hiccup_is_read_again_and_the_card_is_always_let_go() -> None:
    """A garbled reading begins again once, on a fresh connection; each connection is closed."""
    system = _OneCard(_card(), spoilt=1)
    assert len(read_inserted(system, "right", CardFamily.VITALE_2, HandClock()).beneficiaries) == 4
    assert [link.closed for link in system.links] == [1, 1]
    broken = _OneCard(_card(), spoilt=9)
    with pytest.raises(UnreadableCard):
        read_inserted(broken, "right", CardFamily.VITALE_2, HandClock())
    assert [link.closed for link in broken.links] == [1, 1]


def test_other_families_are_named_not_read() -> None:
    """A Vitale 1 and an unknown card are told by their family, without a command."""
    system = _OneCard(_card(), spoilt=0)
    with pytest.raises(VitaleOneUnreadable):
        read_inserted(system, "right", CardFamily.VITALE_1, HandClock())
    with pytest.raises(UnknownCard):
        read_inserted(system, "right", CardFamily.CPS, HandClock())
    assert not system.links
