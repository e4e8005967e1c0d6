"""Read a Carte Vitale 2: everything it gives freely, and nothing it does not.

Two published orders exist. The short one reads the file of short identifier 2 in the root (identities) and in the
application VITALE (numbers). The long one walks the file 2001 (POINTERS), which names every application and file of the
card. The short one goes first; where it does not give what a Vitale holds, the long one is tried.

Tags, agreed by both sources: one template ``65`` per person, in the same order in both files; ``80`` name, ``81`` given
name, ``82`` birth date AAAAMMJJ, ``90`` country, ``93`` NIR; ``66{80}`` start of validity. Text is Latin-1. Ranks,
rights and coverage are protected (GIE SESAM-Vitale: their reading needs a CPx card): they are not read here.

Every function is to be called from the cards lane only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dmp_desktop.cards import apdu
from dmp_desktop.cards.apdu import Sw
from dmp_desktop.cards.tlv import Tlv, first, parse, walk
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.identifiers import BadIdentifier, CardNature, Nir
from dmp_desktop.domain.identity import Beneficiary, BirthDate, VitaleReading
from dmp_desktop.domain.readers import (
    CardFamily,
    CardLink,
    CardRemoved,
    CardSystem,
    UnknownCard,
    UnreadableCard,
    VitaleOneUnreadable,
)

AID_VITALE: Final = bytes.fromhex("D250000002") + b"VITALE"
ROOT: Final = 0x3F00
POINTERS: Final = 0x2001
SHORT_FILE: Final = 2
# READ BINARY addresses 15 bits; no free file of a Vitale comes near.
_MAX_FILE: Final = 0x8000
_MAX_FILES: Final = 64
# Free readers of the card report hiccups of keyboard readers: one garbled reading is begun again, once.
_ATTEMPTS: Final = 2


@dataclass(frozen=True, slots=True, repr=False)
class _Files:
    """What one order found: the two files that matter, how to reach the first again, and everything read."""

    identities: bytes
    numbers: bytes
    path: tuple[bytes, ...]
    start: bytes
    raw: dict[str, str]


def read_inserted(
    system: CardSystem, reader: str, family: CardFamily, clock: Clock, nature: CardNature = CardNature.UNKNOWN
) -> VitaleReading:
    """Open the card of a slot, read it, let it go.

    :param family: as the insertion event told.
    :raises VitaleOneUnreadable: a Vitale 1: no public map of its memory exists.
    :raises UnknownCard: not a Vitale.
    :raises dmp_desktop.errors.CardError: as :func:`read_vitale` and :meth:`CardSystem.connect`.
    """
    if family is CardFamily.VITALE_1:
        raise VitaleOneUnreadable("Vitale 1")
    if family is not CardFamily.VITALE_2:
        raise UnknownCard("not a Vitale")
    for attempt in range(1, _ATTEMPTS + 1):
        link = system.connect(reader)
        try:
            return read_vitale(link, reader, clock, nature)
        except UnreadableCard:
            if attempt == _ATTEMPTS:
                raise
        finally:
            link.close()
    raise AssertionError("unreachable")


def read_vitale(link: CardLink, reader: str, clock: Clock, nature: CardNature = CardNature.UNKNOWN) -> VitaleReading:
    """Everybody on the card, in card order, exactly as written there.

    The identities are read once more at the end: a card swapped during the reading is noticed.

    :param nature: test or real, when something outside the free files tells it; they do not.
    :raises UnreadableCard: garbled, empty, or holding other things than a Vitale.
    :raises CardRemoved: pulled or swapped while being read.
    """
    try:
        files = _short_order(link)
        people = _people(files)
    except UnreadableCard:
        files = _long_order(link)
        people = _people(files)
    again, _ = _reach(link, files.path, files.start)
    if again != files.identities:
        raise CardRemoved("the card changed while being read")
    valid_from = next(
        (_text(first(item.children(), 0x80) or b"") for item in parse(files.identities) if item.tag == 0x66), ""
    )
    digest = hashlib.sha256(files.identities.rstrip(b"\0") + b"|" + files.numbers.rstrip(b"\0")).hexdigest()
    return VitaleReading(people, digest, clock.now(), reader, nature, valid_from, files.raw)


# -- the two orders ---------------------------------------------------------------------------------------------------
def _short_order(link: CardLink) -> _Files:
    path = (apdu.select_file(ROOT),)
    start = apdu.read_short_file(SHORT_FILE)
    identities, sw = _reach(link, path, start)
    numbers, numbers_sw = _reach(link, (apdu.select_application(AID_VITALE),), start)
    if sw != Sw.OK or numbers_sw != Sw.OK:
        raise UnreadableCard("the short order of reading is not available")
    return _Files(identities, numbers, path, start, {"MF/sfi2": identities.hex(), "VITALE/sfi2": numbers.hex()})


def _long_order(link: CardLink) -> _Files:
    pointers, sw = _reach(link, (apdu.select_application(AID_VITALE), apdu.select_file(POINTERS)), apdu.read_binary(0))
    if sw != Sw.OK:
        raise UnreadableCard("the card has no list of files", sw=sw)
    raw = {f"{AID_VITALE.hex()}/{POINTERS:04x}": pointers.hex()}
    identities = numbers = b""
    path: tuple[bytes, ...] = ()
    for aid, fid in _named_files(pointers):
        steps = (apdu.select_application(aid), apdu.select_file(fid))
        content, sw = _reach(link, steps, apdu.read_binary(0))
        # A protected file answers by its status word: kept, marked apart from contents.
        raw[f"{aid.hex()}/{fid:04x}"] = content.hex() if sw == Sw.OK else f"!{sw:04x}"
        tags = _tags_of_people(content)
        if not identities and tags & {0x80, 0x81, 0x82}:
            identities, path = content, steps
        elif not numbers and 0x93 in tags:
            numbers = content
    if not identities:
        raise UnreadableCard("no identity on the card")
    return _Files(identities, numbers, path, apdu.read_binary(0), raw)


def _named_files(pointers: bytes) -> Iterator[tuple[bytes, int]]:
    """Pairs application, file of ``E0{A0{82 [entry 2][2][AID]…} 80 [name 8][entry 2][fid 2]…}``."""
    applications: dict[bytes, bytes] = {}
    files: list[tuple[bytes, int]] = []
    for item in walk(pointers):
        if item.tag == 0x82 and len(item.value) > 4:
            applications[item.value[:2]] = item.value[4:20]
        elif item.tag == 0x80 and len(item.value) == 12:
            files.append((item.value[8:10], int.from_bytes(item.value[10:12], "big")))
    if len(files) > _MAX_FILES:
        raise UnreadableCard("too many files")
    for entry, fid in files:
        if entry in applications:
            yield applications[entry], fid


def _tags_of_people(content: bytes) -> set[int]:
    """Tags inside the templates ``65`` of a file; none when the file is something else (a certificate, a number)."""
    try:
        return {inner.tag for item in parse(content) if item.tag == 0x65 for inner in item.children()}
    except UnreadableCard:
        return set()


def _reach(link: CardLink, path: tuple[bytes, ...], start: bytes) -> tuple[bytes, int]:
    """Select along ``path`` and read the whole file from ``start``; the status word that stopped it otherwise."""
    for step in path:
        _, sw = link.transmit(step)
        if sw != Sw.OK:
            return b"", sw
    content, sw = link.transmit(start)
    if sw not in (Sw.OK, Sw.END_OF_FILE):
        return b"", sw
    chunk = content
    while sw == Sw.OK and len(chunk) == apdu.CHUNK and len(content) + apdu.CHUNK <= _MAX_FILE:
        chunk, sw = link.transmit(apdu.read_binary(len(content)))
        if sw not in (Sw.OK, Sw.END_OF_FILE, Sw.BEYOND_END):
            return b"", sw
        content += chunk
    return content, Sw.OK


# -- people -----------------------------------------------------------------------------------------------------------
def _people(files: _Files) -> tuple[Beneficiary, ...]:
    identities = [item.children() for item in parse(files.identities) if item.tag == 0x65]
    numbers = [item.children() for item in parse(files.numbers) if item.tag == 0x65]
    if not identities:
        raise UnreadableCard("nobody on the card")
    if files.numbers and len(numbers) != len(identities):
        raise UnreadableCard("the two files of the card do not match", people=len(identities), numbers=len(numbers))
    pairs = zip(identities, numbers or [()] * len(identities), strict=True)
    people = tuple(_person(position, *pair) for position, pair in enumerate(pairs, 1))
    if not any(person.name or person.given_name for person in people):
        raise UnreadableCard("nobody is named on the card")
    return people


def _person(position: int, identity: tuple[Tlv, ...], number: tuple[Tlv, ...]) -> Beneficiary:
    nir_text = _text(first(number, 0x93) or b"")
    raw: dict[str, str] = {}
    for item in identity + number:
        key = f"{item.tag:02X}"
        raw[key if key not in raw else f"{key}#{len(raw)}"] = item.value.hex()
    return Beneficiary(
        position,
        _text(first(identity, 0x80) or b""),
        _text(first(identity, 0x81) or b""),
        BirthDate(_text(first(identity, 0x82) or b"")),
        _nir(nir_text),
        nir_text,
        _text(first(number, 0x90) or b""),
        raw,
    )


def _nir(text: str) -> Nir | None:
    try:
        return Nir(text)
    except BadIdentifier:
        return None


def _text(value: bytes) -> str:
    """Latin-1 without the padding after it; a control character inside means that the bytes are not text."""
    text = value.rstrip(b"\0 ").decode("latin-1")
    if any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for c in text):
        raise UnreadableCard("bytes that are not text")
    return text
