"""The tries left, as the card itself tells them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmp_desktop.cards.pin_counter import read_counter
from dmp_desktop.sandbox.cards.plastic import tlv

_TWO_LEFT = tlv(0x70, tlv(0xBF8101, tlv(0xA0, tlv(0x9A, b"\x03") + tlv(0x9B, b"\x02"))))


class _Scripted:
    """A link that answers GET DATA and SELECT as told."""

    def __init__(self, *counters: tuple[bytes, int], select: int = 0x9000) -> None:
        self._counters = list(counters)
        self._select = select

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        return (b"", self._select) if apdu[1] == 0xA4 else self._counters.pop(0)

    def close(self) -> None: ...


def test_the_counter_is_told_at_once() -> None:
    """One command, no selection needed, no PIN."""
    assert read_counter(_Scripted((_TWO_LEFT, 0x9000))) == 2


def test_a_card_with_nothing_selected_is_asked_again() -> None:
    """The application is selected first when the card does not find its security object."""
    assert read_counter(_Scripted((b"", 0x6A88), (_TWO_LEFT, 0x9000))) == 2


@pytest.mark.parametrize(
    "link",
    [
        _Scripted((b"", 0x6A88), select=0x6A82),
        _Scripted((b"", 0x6A88), (b"", 0x6A88)),
        _Scripted((tlv(0x70, b""), 0x9000)),
        _Scripted((tlv(0x9B, b"\x63"), 0x9000)),
        _Scripted((b"\x70\x05", 0x9000)),
    ],
    ids=["another card", "silent", "no counter", "impossible", "garbled"],
)
def test_what_the_card_does_not_say_is_unknown(link: _Scripted) -> None:
    """Absent, impossible or garbled: unknown, never a number made up."""
    assert read_counter(link) is None


@settings(max_examples=100)
@given(st.binary(max_size=60))
def test_noise_is_a_small_number_or_unknown(noise: bytes) -> None:
    """Any answer gives None or at most 15."""
    left = read_counter(_Scripted((noise, 0x9000)))
    assert left is None or 0 <= left <= 15
