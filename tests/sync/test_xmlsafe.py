"""The safe XML door: whatever comes in, typed errors and bounds."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from dmp_desktop.errors import BadAnswer
from dmp_desktop.sync import xmlsafe
from dmp_desktop.sync.errors import EmptyAnswer, HtmlAnswer, MalformedAnswer


def _reason(data: bytes) -> object:
    with pytest.raises(MalformedAnswer) as caught:
        xmlsafe.parse(data)
    return caught.value.facts["reason"]


def test_billion_laughs_is_refused_before_any_expansion() -> None:
    """A document type with nested entities is refused, and nothing grows."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "ha">{entities}]><r>&l9;</r>'.encode()
    tracemalloc.start()
    assert _reason(bomb) == "doctype"
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_an_external_entity_reads_no_file(tmp_path: Path, charset: str) -> None:
    """An external entity is refused, in every charset that could hide it."""
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    text = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]><r>&x;</r>'
    with pytest.raises(BadAnswer):
        xmlsafe.parse(text.encode(charset))


def test_a_parameter_entity_is_refused() -> None:
    """So is a parameter entity, and an entity whatever its case is no entity at all."""
    assert _reason(b'<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1/x"> %p;]><r/>') == "doctype"
    assert _reason(b"<r>&unknown;</r>") == "syntax"


def test_ten_thousand_levels_are_refused() -> None:
    """Nesting is bounded."""
    assert _reason(b"<a>" * 10_000 + b"</a>" * 10_000) in {"depth", "syntax"}
    assert _reason(b"<a>" * (xmlsafe.MAX_DEPTH + 1) + b"</a>" * (xmlsafe.MAX_DEPTH + 1)) == "depth"
    assert xmlsafe.parse(b"<a>" * xmlsafe.MAX_DEPTH + b"</a>" * xmlsafe.MAX_DEPTH).tag == "a"


def test_fifty_megabytes_are_refused_unread() -> None:
    """Size is bounded before anything is decoded."""
    big = b"<a>" + b"x" * 50_000_000 + b"</a>"
    tracemalloc.start()
    assert _reason(big) == "size"
    assert tracemalloc.get_traced_memory()[1] < 100_000
    tracemalloc.stop()


def test_nothing_is_an_empty_answer() -> None:
    """Blanks, a lone declaration, a lone byte-order mark."""
    for data in (b"", b" \r\n", b'<?xml version="1.0"?>', b"\xef\xbb\xbf"):
        with pytest.raises(EmptyAnswer):
            xmlsafe.parse(data)


def test_a_web_page_is_told_apart() -> None:
    """A proxy's page is not "malformed": its sentence is another one."""
    for data in (b"<!DOCTYPE html><html><body>Proxy</body></html>", b"\n <HTML><p>Bonjour"):
        with pytest.raises(HtmlAnswer):
            xmlsafe.parse(data)


@pytest.mark.parametrize(
    "data",
    [
        "<a>Hélène</a>".encode(),
        b'<?xml version="1.0" encoding="ISO-8859-1"?><a>H\xe9l\xe8ne</a>',
        b'<?xml version="1.0" encoding="UTF-8"?><a>H\xe9l\xe8ne</a>',
        b'<?xml version="1.0" encoding="nonsense"?><a>H\xc3\xa9l\xc3\xa8ne</a>',
        "\ufeff<a>Hélène</a>".encode(),
        "<a>Hélène</a>".encode("utf-16"),
        '  <?xml version="1.0"?><a>Hélène</a>'.encode(),
    ],
)
def test_charsets_are_read_tolerantly(data: bytes) -> None:
    """A wrong declaration does not lose an accent."""
    assert xmlsafe.parse(data).text == "Hélène"


def test_a_refusal_quotes_nothing_of_the_answer() -> None:
    """Neither the message nor a chained exception holds what was in the answer."""
    with pytest.raises(MalformedAnswer) as caught:
        xmlsafe.parse(b"<nom>LAVANDIN</prenom>")
    assert "LAVANDIN" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@given(st.binary(max_size=300))
@example(b"<a \x00/>")
@example(b"\xff\xfe<\x00")
@example("<a>\ud800</a>".encode("utf-8", "surrogatepass"))
@settings(max_examples=300)
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    """Any bytes: an element or a typed error."""
    try:
        assert isinstance(xmlsafe.parse(data), etree._Element)
    except BadAnswer as error:
        assert error.code in {"malformed-answer", "empty-answer", "html-answer"}


@given(st.text(max_size=60), st.sampled_from(["utf-8", "utf-16", "iso-8859-1"]))
@settings(max_examples=100)
def test_what_is_well_formed_keeps_its_text(text: str, charset: str) -> None:
    """Text survives the decoding, whatever the charset it came in."""
    root = etree.Element("a")
    try:
        root.text = text
        data = etree.tostring(root, encoding=charset, xml_declaration=True)
    except (ValueError, UnicodeEncodeError):
        return
    assert (xmlsafe.parse(data).text or "") == text
