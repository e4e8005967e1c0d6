"""Commands to a card and their status words (ISO/IEC 7816-4), and the T=0 habits a program must follow itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from dmp_desktop.domain.readers import CardRemoved, UnreadableCard

GET_RESPONSE: Final = 0xC0
SELECT: Final = 0xA4
READ_BINARY: Final = 0xB0
GET_DATA: Final = 0xCB
CHUNK: Final = 256
# A card sends at most 64 KB here: more rounds than that is a card gone mad, not a long answer.
_MAX_ROUNDS: Final = 256


class Sw(IntEnum):
    """Status words the program tells apart; any other is kept as its number."""

    OK = 0x9000
    END_OF_FILE = 0x6282
    NOT_ALLOWED = 0x6982
    BLOCKED = 0x6983
    CONDITIONS = 0x6985
    NO_CURRENT_FILE = 0x6986
    NOT_FOUND = 0x6A82
    BEYOND_END = 0x6B00


@dataclass(frozen=True, slots=True, repr=False)
class Apdu:
    """One short command. Its representation hides the data, which may hold a PIN.

    :ivar le: expected length of the answer in bytes (256 is written 00), ``None`` for none.
    """

    ins: int
    p1: int = 0
    p2: int = 0
    data: bytes = b""
    le: int | None = None
    cla: int = 0x00

    def __repr__(self) -> str:
        return f"Apdu({self.cla:02X} {self.ins:02X} {self.p1:02X} {self.p2:02X}, {len(self.data)} bytes)"

    def __bytes__(self) -> bytes:
        head = bytes([self.cla, self.ins, self.p1, self.p2])
        body = bytes([len(self.data)]) + self.data if self.data else b""
        return head + body + (bytes([self.le & 0xFF]) if self.le is not None else b"")


def select_file(fid: int) -> bytes:
    """SELECT of a file under the current one, or of the root (3F00)."""
    return bytes(Apdu(SELECT, 0x00, 0x00, fid.to_bytes(2, "big")))


def select_application(aid: bytes) -> bytes:
    """SELECT of an application by its identifier."""
    return bytes(Apdu(SELECT, 0x04, 0x00, aid))


def read_binary(offset: int) -> bytes:
    """READ BINARY of up to 256 bytes of the current file, from ``offset`` (below 32768)."""
    return bytes(Apdu(READ_BINARY, offset >> 8, offset & 0xFF, le=CHUNK))


def read_short_file(sfi: int) -> bytes:
    """READ BINARY of the first 256 bytes of the file with this short identifier, which becomes the current one."""
    return bytes(Apdu(READ_BINARY, 0x80 | sfi, 0x00, le=CHUNK))


def converse(exchange: Callable[[bytes], bytes], apdu: bytes) -> tuple[bytes, int]:
    """One command to its end: ``61xx`` and ``9Fxx`` fetched by GET RESPONSE, ``6Cxx`` repeated with the right length.

    PC/SC resource managers leave these T=0 habits to the program. GET RESPONSE takes the class of the command without
    its chaining and secure-messaging bits (A0 on the old face of a CPS, 00 elsewhere).

    :param exchange: sends raw bytes, gives raw bytes with the status word at the end.
    :raises CardRemoved: the answer is shorter than a status word, as PC/SC gives when the card left during the answer.
    :raises UnreadableCard: the card never ends its answer.
    """
    data = b""
    answer = _answer(exchange(apdu))
    if answer[-2] == 0x6C and len(apdu) >= 5:
        apdu = apdu[:-1] + answer[-1:]
        answer = _answer(exchange(apdu))
    for _ in range(_MAX_ROUNDS):
        data += answer[:-2]
        if answer[-2] not in (0x61, 0x9F):
            return data, int.from_bytes(answer[-2:], "big")
        answer = _answer(exchange(bytes([apdu[0] & 0xE3, GET_RESPONSE, 0, 0, answer[-1]])))
    raise UnreadableCard("the card never ends its answer")


def _answer(raw: bytes) -> bytes:
    if len(raw) < 2:
        raise CardRemoved("answer shorter than a status word")
    return raw
