"""What passes between the program and the worker: a few values as JSON, then bytes. Read as data, never unpickled.

Whoever takes over the worker by a crafted PDF can answer anything: sizes are bounded before anything is read.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from io import FileIO
from typing import Any, Final

_HEAD: Final = struct.Struct("<IQ")

MOST_VALUES: Final = 4_000_000
"""Bytes of the values of one frame."""

MOST_BYTES: Final = 256_000_000
"""Bytes that come with them."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One request or one answer."""

    values: dict[str, Any] = field(repr=False)
    data: bytes | bytearray | memoryview = field(default=b"", repr=False)


def send(stream: FileIO, frame: Frame) -> None:
    """Write one frame to an unbuffered stream.

    :raises OSError: nobody reads at the other end.
    """
    values = json.dumps(frame.values).encode()
    _write(stream, memoryview(_HEAD.pack(len(values), len(frame.data)) + values))
    _write(stream, memoryview(frame.data))


def receive(stream: FileIO) -> Frame:
    """Read one frame from an unbuffered stream.

    :raises EOFError: the other end is closed.
    :raises ValueError: what came is no frame, or too large a one.
    """
    size, more = _HEAD.unpack(_read(stream, _HEAD.size))
    if size > MOST_VALUES or more > MOST_BYTES:
        raise ValueError("frame too large")
    try:
        values = dict(json.loads(_read(stream, size)))
    except (RecursionError, TypeError):
        raise ValueError("no values") from None
    return Frame(values, _read(stream, more))


def _write(stream: FileIO, data: memoryview) -> None:
    at = 0
    while at < len(data):
        at += stream.write(data[at:]) or 0


def _read(stream: FileIO, size: int) -> bytearray:
    data = bytearray(size)
    view, at = memoryview(data), 0
    while at < size:
        got = stream.readinto(view[at:])
        if not got:
            raise EOFError
        at += got
    return data
