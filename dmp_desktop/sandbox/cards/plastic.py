"""What a piece of simulated plastic does: answer raw commands as a T=0 chip would.

Written from ISO/IEC 7816-4 and from what the public sources say of the cards, apart from the client's own codecs: the
client would otherwise be checked against its own mistakes.
"""

from __future__ import annotations

from typing import Protocol


class Chip(Protocol):
    """A chip that answers commands, whichever wire carries them (simulated reader, virtual PC/SC driver)."""

    @property
    def atr(self) -> bytes:
        """The bytes it sends when powered."""
        ...

    def reset(self) -> None:
        """Power on or warm reset: nothing selected, nothing verified."""
        ...

    def exchange(self, command: bytes) -> bytes:
        """The raw answer, status word at the end; ``61xx`` and ``6Cxx`` are left to the reader's side."""
        ...


def tlv(tag: int, value: bytes) -> bytes:
    """One BER-TLV object with a definite length."""
    head = tag.to_bytes((tag.bit_length() + 7) // 8, "big")
    size = len(value)
    if size < 0x80:
        return head + bytes([size]) + value
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return head + bytes([0x80 | len(length)]) + length + value


def sw(status: int) -> bytes:
    """A status word as two bytes."""
    return status.to_bytes(2, "big")
