"""Hostile and broken input: bounded, refused, and the sandbox goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509
from helpers.clocks import START
from helpers.sandbox_wire import SOAP, Speaker, post
from hypothesis import given, settings
from hypothesis import strategies as st

from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.certificates import check_issued, read_card_certificate
from dmp_desktop.sandbox.envelope import read_message
from dmp_desktop.sandbox.pki import KeyUse, SandboxPki
from dmp_desktop.sandbox.refusals import Refusal
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.sandbox.xmlio import MAX_BYTES, MAX_DEPTH, parse

_BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "&%c;&%c;&%c;&%c;">' % (98 + i, *[97 + i] * 4) for i in range(20))
    + b"]><a>&u;</a>"
)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff\xfe",
        b"<a>",
        b"<a/>",
        _BOMB,
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b"<a>" * 5000 + b"</a>" * 5000,
        b"<a>" * 150 + b"</a>" * 150,
        b"<a>" + b" " * MAX_BYTES + b"</a>",
        f'<e:Envelope xmlns:e="{SOAP}"/>'.encode(),
        f'<e:Envelope xmlns:e="{SOAP}"><e:Header/><e:Body/></e:Envelope>'.encode(),
        b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header/><e:Body><a/></e:Body></e:Envelope>',
    ],
    ids=range(13),
)
def test_hostile_xml(sandbox: Sandbox, doctor: Speaker, data: bytes) -> None:
    """Bombs, external entities, depth, size, things that are no envelope: a fault, and the next message is heard."""
    answer = post(sandbox, f"{sandbox.base_url}/patients", data)
    assert (answer.status, answer.fault) == (
        500,
        "MessageAddressingHeaderRequired"
        if b"<a/></e:Body>" in data and SOAP.encode() in data
        else "DMPMalformedMessage",
    )
    assert b"root:" not in answer.body
    assert doctor.existence("ernest").fault == ""


@settings(max_examples=150)
@given(st.binary(max_size=300) | st.text(alphabet="<>/=\"'&;ab:!-[]? \n", max_size=120).map(str.encode))
def test_any_bytes_are_refused_or_read(data: bytes) -> None:
    """No bytes make the readers fail otherwise than by a refusal."""
    for read in (parse, lambda d: read_message(d, strict_addressing=True), read_card_certificate):
        try:
            read(data)
        except Refusal:
            continue


@pytest.mark.filterwarnings("ignore:Parsed a serial number")  # cryptography tells of some damage by a warning
def test_damaged_certificate(sandbox_pki_folder: Path) -> None:
    """A certificate cut anywhere, or changed anywhere in what is signed, is refused, never a crash."""
    pki = SandboxPki(sandbox_pki_folder)
    der = pki.issue(people.profile("brindille").professional, KeyUse.SIGNATURE).der()
    authority = pki.cards_authority.read_bytes()
    content = x509.load_der_x509_certificate(der).tbs_certificate_bytes
    start = der.index(content)
    damaged = [der[:at] for at in range(len(der))]
    for at in range(start, start + len(content)):
        damaged += [der[:at] + bytes([der[at] ^ flip]) + der[at + 1 :] for flip in (0x01, 0x20, 0xFF)]
    for one in damaged:
        with pytest.raises(Refusal):
            read_card_certificate(one)
            check_issued(one, authority, START)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1), "Imbrication"),
        (b"<a>" + b" " * MAX_BYTES + b"</a>", "volumineux"),
        (b"<!DOCTYPE a><a/>", "DTD"),
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"), "DTD"),
    ],
)
def test_bounds(data: bytes, why: str) -> None:
    """Depth, size and DTD are refused for what they are, before anything is read."""
    with pytest.raises(Refusal, match="DMPMalformedMessage") as caught:
        parse(data)
    assert why in caught.value.store_text


def test_depth_within_bound() -> None:
    """What is just within the bound is read."""
    assert parse(b"<a>" * MAX_DEPTH + b"</a>" * MAX_DEPTH) is not None
