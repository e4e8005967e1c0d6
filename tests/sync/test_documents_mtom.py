"""The multipart reader: bounds, missing parts, wrong boundaries, and whatever else may come."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from dmp_desktop.domain.oids import NS_XDSB, NS_XOP
from dmp_desktop.errors import BadAnswer
from dmp_desktop.sync import mtom
from dmp_desktop.sync.errors import MalformedAnswer, TruncatedAnswer, UnexpectedAnswer

KIND = 'multipart/related; boundary="b"; start="<r>"; type="application/xop+xml"'


def _message(*parts: tuple[str, bytes], end: bytes = b"--b--\r\n", eol: bytes = b"\r\n") -> bytes:
    body = b""
    for name, content in parts:
        body += b"--b" + eol + f"Content-ID: <{name}>".encode() + eol + eol + content + eol
    return body + end


def _document(inside: str) -> etree._Element:
    return etree.fromstring(f'<Document xmlns="{NS_XDSB}">{inside}</Document>')


def test_a_plain_answer_is_its_own_envelope() -> None:
    """A fault may come without parts."""
    assert mtom.read("application/soap+xml; charset=UTF-8", [b"<a", b"/>"]).envelope == b"<a/>"


def test_a_web_page_is_left_to_whoever_reads_messages() -> None:
    """Whatever is not multipart is given as it is: the reader of messages tells a web page from a message."""
    assert mtom.read("text/html", [b"<html>"]).envelope == b"<html>"


@pytest.mark.parametrize("eol", [b"\r\n", b"\n"])
def test_parts_are_found_by_name(eol: bytes) -> None:
    """In any order, the root being the one announced; contents byte for byte, line ends and boundaries look-alikes
    included."""
    content = b"\x00--b\xff\r\n-- b--\r" + eol + b"--c"
    data = _message(("a", content), ("r", b"<e/>"), ("empty", b""), end=b"--b--", eol=eol)
    incoming = mtom.read(KIND, [b"preamble" + eol, data, b"epilogue"])
    assert incoming.envelope == b"<e/>"
    assert incoming.parts == {"a": content, "empty": b""}


def test_without_a_start_the_first_part_is_the_root() -> None:
    """RFC 2387 §3.2."""
    incoming = mtom.read("multipart/related; boundary=b", [_message(("x", b"1"), ("y", b"2"))])
    assert (incoming.envelope, incoming.parts) == (b"1", {"y": b"2"})


def test_a_part_in_base64_is_decoded() -> None:
    """Some stacks encode the parts."""
    data = b"--b\r\nContent-ID: <r>\r\nContent-Transfer-Encoding: base64\r\n\r\nPGUv\r\nPg==\r\n--b--"
    assert mtom.read(KIND, [data]).envelope == b"<e/>"


WHOLE = _message(("r", b"<e/>"), ("a", b"content"))


@pytest.mark.parametrize(
    ("kind", "data", "error", "reason"),
    [
        (KIND, b"", TruncatedAnswer, None),
        (KIND, WHOLE[:-9], TruncatedAnswer, None),
        (KIND, WHOLE[:20], TruncatedAnswer, None),
        (KIND, WHOLE.replace(b"--b", b"--d"), TruncatedAnswer, None),
        (KIND, b"x" * 20_000, MalformedAnswer, "multipart"),
        ("multipart/related", WHOLE, UnexpectedAnswer, None),
        (f'multipart/related; boundary="{"b" * 71}"', WHOLE, UnexpectedAnswer, None),
        ('multipart/related; boundary="é"', WHOLE, UnexpectedAnswer, None),
        ('multipart/related; boundary="b"; start="<other>"', WHOLE, MalformedAnswer, "multipart"),
        (KIND, _message(("r", b"1"), ("a", b"1"), ("a", b"2")), MalformedAnswer, "multipart"),
        (KIND, _message(*((str(n), b"") for n in range(100))), MalformedAnswer, "multipart"),
        (KIND, b"--b\r\n" + b"X: y\r\n" * 5_000 + b"\r\n--b--", MalformedAnswer, "multipart"),
        (KIND, b"--b\r\nno header\r\n\r\n\r\n--b--", MalformedAnswer, "multipart"),
        (KIND, b"--b\r\nContent-Transfer-Encoding: uuencode\r\n\r\nx\r\n--b--", MalformedAnswer, "multipart"),
        (KIND, b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\n\xff\r\n--b--", MalformedAnswer, "base64"),
        (KIND, b"x--b\r\n\r\n1\r\n--b--", MalformedAnswer, "multipart"),
        (KIND, b"--bb\r\n\r\n1\r\n--b--", MalformedAnswer, "multipart"),
        (KIND, b"--b\r\n\r\n1\r\n--bb\r\n", MalformedAnswer, "multipart"),
    ],
)
def test_a_wrong_multipart_is_refused(kind: str, data: bytes, error: type[BadAnswer], reason: str | None) -> None:
    """Each in its own words, none applied."""
    with pytest.raises(error) as caught:
        mtom.read(kind, [data])
    assert caught.value.facts.get("reason") == reason


def test_a_gigantic_answer_is_refused_before_it_is_held() -> None:
    """The reader stops at its bound, whatever is still to come."""
    given_out = 0

    def endless() -> Iterator[bytes]:
        nonlocal given_out
        yield b"--b\r\n\r\n"
        while given_out < 100_000:
            given_out += 1
            yield b"x" * 1000

    for kind in (KIND, "text/xml"):
        given_out = 0
        with pytest.raises(MalformedAnswer) as caught:
            mtom.read(kind, endless(), limit=10_000)
        assert caught.value.facts["reason"] == "size"
        if kind == KIND:
            assert given_out <= 11


def test_a_document_is_its_part() -> None:
    """By XOP, its name quoted as in a URL, or in base64 within the envelope."""
    incoming = mtom.Incoming(b"", {"a@b c": b"1"})
    assert mtom.part(incoming, _document(f'<x:Include xmlns:x="{NS_XOP}" href="cid:a%40b%20c"/>')) == b"1"
    assert mtom.part(incoming, _document("MQ\n==")) == b"1"


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        (f'<x:Include xmlns:x="{NS_XOP}" href="cid:missing"/>', "part-missing"),
        (f'<x:Include xmlns:x="{NS_XOP}" href="http://elsewhere/"/>', "part-missing"),
        (f'<x:Include xmlns:x="{NS_XOP}"/>', "part-missing"),
        ("not base64", "base64"),
        ("é", "base64"),
    ],
)
def test_a_document_that_is_not_there_is_refused(inside: str, reason: str) -> None:
    """A part the message does not hold, or a text that is no base64; nothing is fetched from anywhere."""
    with pytest.raises(MalformedAnswer) as caught:
        mtom.part(mtom.Incoming(b"", {"": b"1"}), _document(inside))
    assert caught.value.facts["reason"] == reason


@settings(max_examples=150)
@given(st.text(max_size=80), st.binary(max_size=200), st.integers(1, 40))
def test_nothing_but_typed_errors(kind: str, data: bytes, size: int) -> None:
    """Any type, any bytes, cut anywhere."""
    for content_type in (kind, KIND, f"multipart/related; {kind}"):
        pieces = [data[at : at + size] for at in range(0, len(data), size)]
        try:
            mtom.read(content_type, [b"--b\r\n", *pieces])
        except BadAnswer:
            continue


@settings(max_examples=100)
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.binary(max_size=60)), min_size=1, max_size=4), st.integers(1, 50))
def test_parts_come_back_byte_for_byte(parts: list[tuple[str, bytes]], size: int) -> None:
    """Written by us, read by us, whatever they hold and however they are cut (their boundary is not ours to guess)."""
    named = list(dict(parts).items())
    attachments = [
        mtom.Attachment(name, len(content), lambda content=content: iter([content]))  # type: ignore[misc]
        for name, content in named
    ]
    message = mtom.write(b"<e/>", "urn:a", attachments)
    data = b"".join(message.chunks())
    incoming = mtom.read(message.content_type, [data[at : at + size] for at in range(0, len(data), size)])
    assert (incoming.envelope, dict(incoming.parts)) == (b"<e/>", dict(named))
