"""BER-TLV as a value: the grammar of the files of Vitale and CPS cards (ISO/IEC 7816-4, 5.2.2).

Lengths are definite, of one to four bytes. Zero bytes before, between or after objects carry no meaning (same clause):
cards pad their files with them. Everything else that is not an object is :class:`UnreadableCard`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from dmp_desktop.domain.readers import UnreadableCard

MAX_BYTES: Final = 0x10000
MAX_DEPTH: Final = 8
MAX_OBJECTS: Final = 4096


@dataclass(frozen=True, slots=True, repr=False)
class Tlv:
    """One data object. Its representation hides the value, which may be an identity.

    :ivar tag: the tag as a number, all its bytes (``0x7F21``).
    """

    tag: int
    value: bytes

    def __repr__(self) -> str:
        return f"Tlv({self.tag:X}, {len(self.value)} bytes)"

    @property
    def constructed(self) -> bool:
        """Whether the value is itself a list of objects (bit 6 of the first byte of the tag)."""
        first = self.tag
        while first > 0xFF:
            first >>= 8
        return bool(first & 0x20)

    def children(self) -> tuple[Tlv, ...]:
        """The objects inside a constructed one.

        :raises UnreadableCard: when the value is not a list of objects.
        """
        return parse(self.value)


def parse(data: bytes) -> tuple[Tlv, ...]:
    """The objects of one level, in order.

    :raises UnreadableCard: truncated, of indefinite length, or beyond the bounds.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableCard("TLV: too long")
    found: list[Tlv] = []
    at = 0
    while at < len(data):
        if data[at] == 0:
            at += 1
            continue
        tag, at = _tag(data, at)
        size, at = _length(data, at)
        if at + size > len(data):
            raise UnreadableCard("TLV: value cut short")
        found.append(Tlv(tag, data[at : at + size]))
        at += size
        if len(found) > MAX_OBJECTS:
            raise UnreadableCard("TLV: too many objects")
    return tuple(found)


def walk(data: bytes) -> Iterator[Tlv]:
    """Every object at every depth, parents before children.

    :raises UnreadableCard: as :func:`parse`, or nested deeper than :data:`MAX_DEPTH`.
    """
    yield from _walk(parse(data), 1)


def first(objects: Iterable[Tlv], tag: int) -> bytes | None:
    """The value of the first object with this tag, or ``None``."""
    return next((item.value for item in objects if item.tag == tag), None)


def _walk(objects: tuple[Tlv, ...], depth: int) -> Iterator[Tlv]:
    if depth > MAX_DEPTH:
        raise UnreadableCard("TLV: nested too deep")
    for item in objects:
        yield item
        if item.constructed:
            yield from _walk(item.children(), depth + 1)


def _tag(data: bytes, at: int) -> tuple[int, int]:
    tag = data[at]
    at += 1
    if tag & 0x1F != 0x1F:
        return tag, at
    for _ in range(2):
        if at >= len(data):
            break
        tag = tag << 8 | data[at]
        at += 1
        if not tag & 0x80:
            return tag, at
    raise UnreadableCard("TLV: bad tag")


def _length(data: bytes, at: int) -> tuple[int, int]:
    if at >= len(data):
        raise UnreadableCard("TLV: length missing")
    size = data[at]
    at += 1
    if size < 0x80:
        return size, at
    count = size & 0x7F
    if not 1 <= count <= 3 or at + count > len(data):
        raise UnreadableCard("TLV: bad length")
    return int.from_bytes(data[at : at + count], "big"), at + count
