"""A CPS3 of no one, by its IAS-ECC face, complete enough for OpenSC's driver to log in, list, read and sign.

Facts from the drivers of OpenSC and of the ANS: applications, files D003, 2F00, 2F01, 5031, 5032, 7001, D120…, key
references 81 and 82, PIN counters by GET DATA. Our own names where no public source gives one: 7002, D101…D103, 44xx.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from cryptography.hazmat.primitives.asymmetric import rsa

from dmp_desktop.sandbox.cards.plastic import sw, tlv

ATR = bytes.fromhex("3BAC00402A001225006480000310009000")
AID = bytes.fromhex("E828BD080F8025000001FF0010")
ROOT = "3F00"
APPLICATION = "3F000001"
SIGNATURE, AUTHENTICATION = 0x81, 0x82
_PIN_OBJECT = bytes.fromhex("BF8101")


class VirtualCps:
    """The chip; the tries left outlive resets.

    :param keys: private keys by reference (:data:`SIGNATURE`, :data:`AUTHENTICATION`).
    :param certificates: DER by the same references.
    :param situations: name, Struct_IdNat, sector.
    :param tells_counter: whether GET DATA of the PIN counters answers.
    :param card_hashes: as the real one, the signature key wants the last block of the hash done by the card. OpenSC
        built with OpenSSL 3 cannot give it (card-iasecc.c answers "not supported"), so by default the key is declared
        a plain signing key, which takes the same road in the program.
    """

    def __init__(
        self,
        keys: Mapping[int, rsa.RSAPrivateKey],
        certificates: Mapping[int, bytes],
        situations: Sequence[tuple[str, str, str]],
        *,
        pin: str = "1234",
        serial: str = "2500577253",
        tells_counter: bool = True,
        card_hashes: bool = False,
    ) -> None:
        self.atr = ATR
        self.tries = 3
        self.presented: list[str] = []
        self._pin = pin.encode("ascii")
        self._keys = dict(keys)
        self._tells_counter = tells_counter
        self._card_hashes = card_hashes
        self._private: set[str] = set()
        self._files = self._root(serial) | self._application(serial, certificates, situations)
        self.reset()

    def reset(self) -> None:
        self._folder = self._current = ROOT
        self._verified = False
        self._pending = b""
        self._chained = b""
        self._environment: dict[int, bytes] = {}

    def exchange(self, command: bytes) -> bytes:
        if len(command) < 4:
            return sw(0x6700)
        cla, ins, p1, p2 = command[:4]
        size = command[4] if len(command) > 5 else 0
        data = command[5 : 5 + size]
        rest = command[5 + size :] if len(command) > 5 else command[4:]
        expected = (rest[0] or 256) if rest else None
        if cla & 0xEF:
            return sw(0x6E00)
        if cla & 0x10:
            self._chained += data
            return sw(0x9000)
        data, self._chained = self._chained + data, b""
        match ins:
            case 0xA4:
                return self._select(p1, p2, data, expected)
            case 0xB0:
                return self._read(p1, p2, expected or 256)
            case 0xC0:
                return self._response(expected or 256)
            case 0x20:
                return self._verify(data)
            case 0xCB:
                return self._get_data(data)
            case 0x22:
                self._environment[p2] = data
                return sw(0x9000)
            case 0x84:
                return os.urandom(expected or 8) + sw(0x9000)
            case 0x88:
                return self._sign(0xA4, data, expected)
            case 0x2A if (p1, p2) == (0x90, 0xA0):
                return sw(0x9000)
            case 0x2A:
                return self._sign(0xB6, data, expected)
        return sw(0x6D00)

    # -- commands -----------------------------------------------------------------------------------------------------
    def _select(self, p1: int, p2: int, data: bytes, expected: int | None) -> bytes:
        name = data.hex().upper()
        if p1 == 0x04:
            if data != AID:
                return sw(0x6A82)
            target = APPLICATION
        elif not name:
            target = self._folder
        elif name.startswith(ROOT):
            target = name
        else:
            target = next((p for p in (self._folder + name, ROOT + name) if p in self._files), ROOT + name)
        if target not in self._files and target not in (ROOT, APPLICATION):
            return sw(0x6A82)
        self._current = target
        self._folder = target if target in (ROOT, APPLICATION) else target[:-4]
        if p2 & 0x0C == 0x0C:
            return sw(0x9000)
        return self._answer(self._control(target), expected)

    def _control(self, path: str) -> bytes:
        is_file = path in self._files
        rule = b"\x01" + (b"\x11" if path in self._private else b"\x00")
        return tlv(
            0x62,
            tlv(0x80, len(self._files.get(path, b"")).to_bytes(2, "big"))
            + tlv(0x82, b"\x01\x01" if is_file else b"\x38\x01")
            + tlv(0x83, bytes.fromhex(path[-4:]))
            + tlv(0x8A, b"\x05")
            + tlv(0xA1, tlv(0x8C, rule)),
        )

    def _read(self, p1: int, p2: int, size: int) -> bytes:
        offset = p1 << 8 | p2
        if p1 & 0x80:
            short = {0x03: ROOT + "D003", 0x1C: ROOT + "D003", 0x1D: ROOT + "2F01", 0x1E: ROOT + "2F00"}
            if p1 & 0x1F not in short:
                return sw(0x6A82)
            self._current, offset = short[p1 & 0x1F], p2
        if self._current not in self._files:
            return sw(0x6986)
        if self._current in self._private and not self._verified:
            return sw(0x6982)
        content = self._files[self._current]
        if offset >= len(content):
            return sw(0x6B00)
        return content[offset : offset + size] + sw(0x9000)

    def _verify(self, data: bytes) -> bytes:
        if not data:
            return sw(0x9000 if self._verified else 0x63C0 | self.tries if self.tries else 0x6983)
        if not self.tries:
            return sw(0x6983)
        given = data.rstrip(b"\xff\x00")
        self.presented.append("right" if given == self._pin else "wrong")
        self._verified = given == self._pin
        if self._verified:
            self.tries = 3
            return sw(0x9000)
        self.tries -= 1
        return sw(0x63C0 | self.tries if self.tries else 0x6983)

    def _get_data(self, data: bytes) -> bytes:
        if _PIN_OBJECT in data:
            if not self._tells_counter:
                return sw(0x6A88)
            control = (
                tlv(0x9A, b"\x03") + tlv(0x9B, bytes([self.tries])) + tlv(0x80, b"\x04") + _rules(0x61, 0x11, 0, 0)
            )
            sizes = tlv(0x7F41, tlv(0x80, b"\x04") + tlv(0x81, b"\x04"))
            return tlv(0x70, tlv(0xBF8101, tlv(0xA0, control) + sizes)) + sw(0x9000)
        for reference in self._keys:
            tag = 0xBF9000 | (reference & 0x7F)
            if tag.to_bytes(3, "big") in data:
                only_hashed = self._card_hashes and reference == SIGNATURE
                may = (0x11, 0xFF, 0xFF) if only_hashed else (0xFF, 0x11, 0x11)
                control = tlv(0x80, b"\x01\x00") + _rules(0x71, *may, 0)
                return tlv(0x70, tlv(tag, tlv(0xA0, control) + tlv(0x7F48, tlv(0x80, b"\x01")))) + sw(0x9000)
        return sw(0x6A88)

    def _sign(self, template: int, data: bytes, expected: int | None) -> bytes:
        if not self._verified:
            return sw(0x6982)
        environment = self._environment.get(template, b"")
        at = environment.find(b"\x84\x01")
        key = self._keys.get(environment[at + 2]) if at >= 0 else None
        if key is None:
            return sw(0x6A88)
        modulus = key.public_key().public_numbers().n
        width = (modulus.bit_length() + 7) // 8
        block = b"\x00\x01" + b"\xff" * (width - 3 - len(data)) + b"\x00" + data
        signed = pow(int.from_bytes(block, "big"), key.private_numbers().d, modulus)
        return self._answer(signed.to_bytes(width, "big"), expected)

    def _answer(self, data: bytes, expected: int | None) -> bytes:
        if expected is not None:
            return data + sw(0x9000)
        self._pending = data
        return sw(0x6100 | min(len(data), 0xFF))

    def _response(self, size: int) -> bytes:
        part, self._pending = self._pending[:size], self._pending[size:]
        return part + sw(0x6100 | min(len(self._pending), 0xFF) if self._pending else 0x9000)

    # -- contents -----------------------------------------------------------------------------------------------------
    @staticmethod
    def _root(serial: str) -> dict[str, bytes]:
        historical = tlv(0x43, b"\xb8") + tlv(0x46, b"\x04\xb0\xec\xc1") + tlv(0x47, b"\x94\x01\x80")
        sizes = tlv(0xE0, bytes.fromhex("02020104020201000202010402020100"))
        entry = tlv(0x4F, AID) + tlv(0x50, b"CPS IAS") + tlv(0x51, bytes.fromhex(APPLICATION))
        return {
            ROOT + "D003": tlv(0x5A, bytes.fromhex("8025000001" + serial)),
            ROOT + "2F01": b"\x80" + historical + sizes + tlv(0x82, b"\x90\x00"),
            ROOT + "2F00": tlv(0x61, entry),
            ROOT + "D010": tlv(0xEC, tlv(0x81, bytes.fromhex("20240101000000")) + tlv(0x82, bytes(7))),
        }

    def _application(
        self, serial: str, certificates: Mapping[int, bytes], situations: Sequence[tuple[str, str, str]]
    ) -> dict[str, bytes]:
        files = {"7001": certificates[SIGNATURE], "7002": certificates[AUTHENTICATION]}
        label = b"CPS3v3-" + serial.encode("ascii")
        files["5032"] = _seq(_int(0), _utf8("ASIP SANTE"), tlv(0x80, label), _bits(1, 2), _algorithms())
        directories = ((0, "4401"), (4, "4404"), (7, "4407"), (8, "4408"))
        files["5031"] = b"".join(tlv(0xA0 | number, _path(APPLICATION + fid)) for number, fid in directories)
        files["4401"] = _private_key("CPS_PRIV_SIG", 0x10, SIGNATURE, 9 if self._card_hashes else 2)
        files["4401"] += _private_key("CPS_PRIV_AUT", 0x20, AUTHENTICATION, 1, 2)
        files["4404"] = _certificate("Certificat de Signature CPS", 0x10, "7001")
        files["4404"] += _certificate("Certificat d'Authentification CPS", 0x20, "7002")
        files["4408"] = _pin_object()
        objects = [("CPS_NAME_PS", "D102", False, tlv(0xEB, tlv(0x82, b"NOBODY")))]
        for number, (name, structure, sector) in enumerate(situations):
            parts = ((0x84, name), (0x85, structure), (0x86, sector))
            value = tlv(0xEE, b"".join(tlv(tag, text.encode("utf-8")) for tag, text in parts))
            # Numbers with holes, as the specification allows.
            objects.append((f"CPS_ACTIVITY_{2 * number + 1:02d}_PS", f"D12{number:X}", True, value))
        listing = b""
        for name, fid, private, value in objects:
            files[fid] = value
            if private:
                self._private.add(APPLICATION + fid)
            flags = [_bits(0), _octets(b"\x01")] if private else [_bits()]
            listing += _seq(_seq(_utf8(name), *flags), _seq(_utf8("CPS")), tlv(0xA1, _path(APPLICATION + fid)))
        files["4407"] = listing
        return {APPLICATION + fid: content for fid, content in files.items()}


# -- PKCS#15 (ISO/IEC 7816-15) ----------------------------------------------------------------------------------------
def _rules(*values: int) -> bytes:
    return tlv(0xA1, tlv(0x8C, bytes(values)))


def _seq(*parts: bytes) -> bytes:
    return tlv(0x30, b"".join(parts))


def _utf8(text: str) -> bytes:
    return tlv(0x0C, text.encode("utf-8"))


def _octets(data: bytes) -> bytes:
    return tlv(0x04, data)


def _int(number: int) -> bytes:
    return tlv(0x02, number.to_bytes((number.bit_length() + 8) // 8, "big"))


def _bits(*on: int) -> bytes:
    size = max(on) + 1 if on else 0
    value = bytearray((size + 7) // 8)
    for bit in on:
        value[bit // 8] |= 0x80 >> bit % 8
    return tlv(0x03, bytes([-size % 8]) + bytes(value))


def _path(path: str) -> bytes:
    return _seq(_octets(bytes.fromhex(path)))


def _private_key(label: str, suffix: int, reference: int, *usage: int) -> bytes:
    common = _seq(_utf8(label), _bits(0), _octets(b"\x01"))
    key = _seq(_octets(AID + bytes([suffix])), _bits(*usage), _bits(0, 2, 3), _int(reference))
    return _seq(common, key, tlv(0xA1, _seq(_path(""), _int(2048))))


def _certificate(label: str, suffix: int, fid: str) -> bytes:
    content = tlv(0xA1, _seq(_path(APPLICATION + fid)))
    return _seq(_seq(_utf8(label), _bits()), _seq(_octets(AID + bytes([suffix]))), content)


def _pin_object() -> bytes:
    kind = tlv(0x0A, b"\x01")
    attributes = _seq(
        _bits(0, 1, 4, 11), kind, _int(4), _int(4), _int(4), tlv(0x80, b"\x01"), _octets(b"\xff"), _path(ROOT)
    )
    return _seq(_seq(_utf8("Code porteur"), _bits(0, 1)), _seq(_octets(b"\x01")), tlv(0xA1, attributes))


def _algorithms() -> bytes:
    """What the card can do: OpenSC refuses to sign without it. Reference, mechanism, operation, OID, card's own id."""
    table = (
        (1, 0x220, 6, "2B0E03021A", 0x10),
        (2, 0x250, 6, "608648016503040201", 0x40),
        (3, 0x06, 1, "2A864886F70D010105", 0x12),
        (4, 0x40, 1, "2A864886F70D01010B", 0x42),
        (5, 0x01, 1, "2A864886F70D010101", 0x02),
        (6, 0x01, 5, "2A864886F70D010101", 0x1A),
    )
    return tlv(
        0xA2,
        b"".join(
            _seq(_int(ref), _int(mech), tlv(0x05, b""), _bits(operation), tlv(0x06, bytes.fromhex(oid)), _int(own))
            for ref, mech, operation, oid, own in table
        ),
    )
