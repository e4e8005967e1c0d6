"""BER-TLV: what the files of the cards are written in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmp_desktop.cards.tlv import MAX_BYTES, MAX_DEPTH, Tlv, first, parse, walk
from dmp_desktop.domain.readers import UnreadableCard
from dmp_desktop.sandbox.cards.plastic import tlv

_PRIMITIVE = st.sampled_from([0x5A, 0x80, 0x81, 0x82, 0x93, 0x5F37])


def test_objects_come_in_order_with_long_tags_and_lengths() -> None:
    """Tags of two bytes and lengths of one to three bytes are read, in order."""
    data = tlv(0x80, b"A" * 3) + tlv(0x5F37, b"B" * 200) + tlv(0x7F21, tlv(0x81, b"C" * 300))
    assert [(item.tag, len(item.value)) for item in parse(data)] == [(0x80, 3), (0x5F37, 200), (0x7F21, 304)]
    assert first(parse(data), 0x80) == b"AAA"
    assert first(parse(data), 0x99) is None


def test_zero_bytes_between_and_after_objects_mean_nothing() -> None:
    """Cards pad their files with zeros; they are neither objects nor a mistake."""
    data = bytes(2) + tlv(0x80, b"A") + bytes(1) + tlv(0x81, b"B") + bytes(40)
    assert [item.tag for item in parse(data)] == [0x80, 0x81]
    assert parse(bytes(500)) == ()


@pytest.mark.parametrize(
    "data",
    [
        b"\x80",
        b"\x80\x05AB",
        b"\x80\x80AA\x00\x00",
        b"\x80\x84\x00\x00\x00\x01A",
        b"\x80\x82\x01",
        b"\x1f",
        b"\x9f\xff\xff\xff",
    ],
    ids=["no length", "cut value", "indefinite", "length of length", "cut length", "cut tag", "endless tag"],
)
def test_what_is_not_an_object_is_refused(data: bytes) -> None:
    """Truncated or malformed bytes are an unreadable card, never half an answer."""
    with pytest.raises(UnreadableCard):
        parse(data)


def test_walking_is_bounded() -> None:
    """Nesting deeper than any card, or a file larger than any card, is refused."""
    nested = b""
    for _ in range(MAX_DEPTH + 1):
        nested = tlv(0x65, nested or b"\x80\x00")
    with pytest.raises(UnreadableCard):
        list(walk(nested))
    with pytest.raises(UnreadableCard):
        parse(bytes(MAX_BYTES + 1))


def test_a_value_is_hidden_in_representations() -> None:
    """An object names its tag and size only: the value may be an identity."""
    assert "LAVANDIN" not in repr(Tlv(0x80, b"LAVANDIN"))


@settings(max_examples=100)
@given(st.lists(st.tuples(_PRIMITIVE, st.binary(max_size=300))), st.integers(0, 20))
def test_what_was_written_is_read_back(objects: list[tuple[int, bytes]], padding: int) -> None:
    """Any list of objects, whatever its padding, is read as it was written."""
    data = b"".join(tlv(tag, value) for tag, value in objects) + bytes(padding)
    assert [(item.tag, item.value) for item in parse(data)] == objects
    inside = tlv(0x65, data)
    assert [(item.tag, item.value) for item in walk(inside)][1:] == objects


@settings(max_examples=200)
@given(st.binary(max_size=400))
def test_any_bytes_give_objects_or_one_typed_error(data: bytes) -> None:
    """No input makes the parser raise anything but its own error."""
    try:
        total = sum(1 for _ in walk(data))
    except UnreadableCard:
        return
    assert total <= len(data)
