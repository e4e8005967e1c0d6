"""What passes between the program and the process that reads PDFs."""

from __future__ import annotations

import os
import struct
from contextlib import suppress
from io import FileIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmp_desktop.pdfium.frames import MOST_BYTES, MOST_VALUES, Frame, receive, send

VALUES = st.dictionaries(
    st.text(max_size=8), st.integers() | st.text(max_size=8) | st.lists(st.floats(allow_nan=False), max_size=4)
)


def pipe() -> tuple[FileIO, FileIO]:
    """Both ends."""
    source, sink = os.pipe()
    return FileIO(source, "rb"), FileIO(sink, "wb")


@given(VALUES, st.binary(max_size=2_000))
def test_what_is_sent_is_received(values: dict[str, object], data: bytes) -> None:
    """Values and bytes, one frame after the other."""
    source, sink = pipe()
    with source, sink:
        send(sink, Frame(values, data))
        send(sink, Frame({}, b"next"))
        got = receive(source)
        assert (got.values, bytes(got.data)) == (values, data)
        assert bytes(receive(source).data) == b"next"


@given(st.binary(max_size=200) | st.binary(max_size=60).map(lambda b: struct.pack("<IQ", len(b), 0) + b))
def test_any_bytes_are_a_frame_or_none(data: bytes) -> None:
    """Nothing else comes of them."""
    source, sink = pipe()
    with source:
        with sink:
            sink.write(data)
        with suppress(EOFError, ValueError):
            assert isinstance(receive(source).values, dict)


@pytest.mark.parametrize("sizes", [(MOST_VALUES + 1, 0), (2, MOST_BYTES + 1), (2, 2**63)])
def test_a_frame_too_large_is_not_even_read(sizes: tuple[int, int]) -> None:
    """Whoever took the worker over cannot fill the memory of the program."""
    source, sink = pipe()
    with source, sink:
        sink.write(struct.pack("<IQ", *sizes) + b"{}")
        with pytest.raises(ValueError, match="too large"):
            receive(source)


def test_values_nested_without_end_are_none() -> None:
    """They would exhaust the stack."""
    source, sink = pipe()
    with source, sink:
        deep = b"[" * 20_000
        sink.write(struct.pack("<IQ", len(deep), 0) + deep)
        with pytest.raises(ValueError, match="no values"):
            receive(source)


def test_a_frame_shows_nothing_of_what_it_carries() -> None:
    """Not in a traceback either."""
    assert repr(Frame({"text": "Lavandin"}, b"Lavandin")) == "Frame()"
