"""A Carte Vitale 2 of no one: files, selections and refusals of the real one, as far as public sources tell.

Applications, tags and the two reading orders are those published (free readers of the card); the names of two files
(2F10, 2002) are ours, since no public source gives them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dmp_desktop.sandbox.cards.plastic import sw, tlv

VITALE_2_ATR: Final = bytes.fromhex("3B751300004409EA9000")
VITALE_1_ATR: Final = bytes.fromhex("3F6525002209F99000")
AID_VITALE: Final = bytes.fromhex("D250000002") + b"VITALE"
AID_ROOT: Final = bytes.fromhex("D250000002") + b"MF_VITALE"
IDENTITIES: Final = 0x2F10
NUMBERS: Final = 0x2002
POINTERS: Final = 0x2001
RIGHTS: Final = 0x2010
_PAN: Final = 0x2F02
_SHORT_FILE: Final = 2
_OK, _SHORT, _NOT_FOUND, _NO_FILE = 0x9000, 0x6700, 0x6A82, 0x6986
_PROTECTED, _BEYOND, _NO_INSTRUCTION, _NO_CLASS = 0x6982, 0x6B00, 0x6D00, 0x6E00


@dataclass(frozen=True, slots=True, repr=False)
class Holder:
    """One person of the card.

    :ivar birth: ``AAAAMMJJ``, kept as given even when it is on no calendar.
    :ivar nir: the 15 characters of the number in this person's template (the insured's for a child).
    """

    name: str
    given_name: str
    birth: str
    nir: str
    country: str = "FRA"

    def __repr__(self) -> str:
        return "Holder(…)"


class VirtualVitale:
    """The chip. It keeps nothing between two powers and never changes.

    :param holders: people in card order.
    :param valid_from: start of validity ``AAAAMMJJ``.
    :param serial: 20 hex digits of the card number, distinct from card to card.
    :param short_files: whether the shortcut by short identifier answers; else only the walk through POINTERS does.
    :param padding: zero bytes after each file, as real cards have.
    """

    def __init__(
        self,
        holders: Sequence[Holder],
        *,
        valid_from: str = "20190304",
        serial: str = "80250000009900000017",
        atr: bytes = VITALE_2_ATR,
        short_files: bool = True,
        padding: int = 16,
    ) -> None:
        self.atr = atr
        self.holders = tuple(holders)
        self._short_files = short_files
        identities = b"".join(
            tlv(0x65, tlv(0x80, _text(h.name)) + tlv(0x81, _text(h.given_name)) + tlv(0x82, h.birth.encode("ascii")))
            for h in holders
        ) + tlv(0x66, tlv(0x80, valid_from.encode("ascii")))
        numbers = b"".join(
            tlv(0x65, tlv(0x90, h.country.encode("ascii")) + tlv(0x93, h.nir.encode("ascii"))) for h in holders
        )
        end = bytes(padding)
        self.files: dict[bytes, dict[int, bytes]] = {
            AID_ROOT: {_PAN: tlv(0x5A, bytes.fromhex(serial)), IDENTITIES: identities + end},
            AID_VITALE: {POINTERS: _pointers() + end, NUMBERS: numbers + end, RIGHTS: b"\x04\x00" + bytes(30)},
        }
        self.reset()

    def reset(self) -> None:
        """Nothing selected but the root."""
        self._application = AID_ROOT
        self._file: int | None = None
        self._pending = b""

    def exchange(self, command: bytes) -> bytes:
        """Answer one raw command."""
        if len(command) < 4:
            return sw(_SHORT)
        cla, ins, p1, p2 = command[:4]
        if cla != 0:
            return sw(_NO_CLASS)
        if ins == 0xC0:
            size = command[4] or 256
            answer, self._pending = self._pending[:size], b""
            return answer + sw(_OK)
        if ins == 0xA4:
            return self._select(p1, command[5 : 5 + command[4]] if len(command) > 5 else b"")
        if ins == 0xB0:
            return self._read(p1, p2, (command[4] if len(command) > 4 else 0) or 256)
        return sw(_NO_INSTRUCTION)

    def _select(self, p1: int, data: bytes) -> bytes:
        if p1 == 0x04:
            if data not in self.files:
                return sw(_NOT_FOUND)
            self._application, self._file = data, None
            return self._later(tlv(0x6F, tlv(0x84, data)))
        if data == b"\x3f\x00":
            self._application, self._file = AID_ROOT, None
            return self._later(tlv(0x6F, tlv(0x83, data)))
        fid = int.from_bytes(data, "big")
        if fid not in self.files[self._application]:
            return sw(_NOT_FOUND)
        self._file = fid
        size = len(self.files[self._application][fid])
        return self._later(tlv(0x62, tlv(0x80, size.to_bytes(2, "big")) + tlv(0x83, data)))

    def _later(self, answer: bytes) -> bytes:
        self._pending = answer
        return sw(0x6100 | len(answer))

    def _read(self, p1: int, p2: int, size: int) -> bytes:
        offset = p1 << 8 | p2
        if p1 & 0x80:
            if p1 & 0x1F != _SHORT_FILE or not self._short_files:
                return sw(_NOT_FOUND)
            self._file = IDENTITIES if self._application == AID_ROOT else NUMBERS
            offset = p2
        if self._file is None:
            return sw(_NO_FILE)
        if self._file == RIGHTS:
            return sw(_PROTECTED)
        content = self.files[self._application][self._file]
        left = len(content) - offset
        if left <= 0:
            return sw(_BEYOND)
        if left < size:
            return sw(0x6C00 | left)
        return content[offset : offset + size] + sw(_OK)


def _text(text: str) -> bytes:
    return text.encode("latin-1")


def _pointers() -> bytes:
    applications = tlv(0x82, b"\x00\x01\x00\x00" + AID_ROOT) + tlv(0x82, b"\x00\x02\x00\x00" + AID_VITALE)
    files = b"".join(
        tlv(0x80, name.ljust(8) + entry.to_bytes(2, "big") + fid.to_bytes(2, "big"))
        for name, entry, fid in (
            (b"PAN", 1, _PAN),
            (b"IDENT", 1, IDENTITIES),
            (b"NIR", 2, NUMBERS),
            (b"DROITS", 2, RIGHTS),
        )
    )
    return tlv(0xE0, tlv(0xA0, applications) + files)
