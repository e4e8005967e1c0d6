"""SOAP envelopes: what leaves, what may come back."""

from __future__ import annotations

import contextlib

import pytest
from helpers import wire_answers
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from dmp_desktop.domain.oids import NS_SOAP, NS_WSA, NS_WSSE
from dmp_desktop.errors import BadAnswer, RefusedByStore
from dmp_desktop.sync import soap
from dmp_desktop.sync.errors import (
    AssertionRefused,
    HtmlAnswer,
    RightsRefused,
    SignatureRefused,
    StoreUnavailable,
    Turn,
    UnexpectedAnswer,
    UnsendableValue,
    WrongMessage,
    refused,
    turn_of,
)

REQUEST = soap.Request("urn:ask", "urn:uuid:1", b"")
ASKED = wire_answers.Asked("urn:uuid:1")


def _read(content: bytes, action: str | None = "urn:answer") -> etree._Element:
    return soap.read(content, REQUEST, answer_action=action)


def test_a_request_has_its_addressing_and_its_assertion() -> None:
    """MessageID, To, ReplyTo anonymous, Action; the two last must be understood; then the assertion, alone."""
    request = soap.dmp_request(
        to="https://store/patients", action="urn:ask", assertion=etree.Element("a"), body=etree.Element("b")
    )
    root = etree.fromstring(request.content)
    header = root.find(f"{{{NS_SOAP}}}Header")
    assert header is not None
    names = [etree.QName(e).localname for e in header]
    assert names == ["MessageID", "To", "ReplyTo", "Action", "Security"]
    assert header[0].text == request.message_id
    assert header[0].text is not None and header[0].text.startswith("urn:uuid:")
    assert header[1].text == "https://store/patients"
    assert header[2].findtext(f"{{{NS_WSA}}}Address") == soap.ANONYMOUS
    assert header[3].text == "urn:ask"
    assert [e.get(f"{{{NS_SOAP}}}mustUnderstand") for e in header] == [None, None, "true", "true", None]
    assert [e.tag for e in header.findall(f"{{{NS_WSSE}}}Security/*")] == ["a"]
    assert request.content.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")


def test_must_understand_can_be_left_unqualified_as_in_the_examples() -> None:
    """The disputed spelling is one switch."""
    request = soap.dmp_request(
        to="", action="urn:ask", assertion=etree.Element("a"), body=etree.Element("b"), qualified=False
    )
    root = etree.fromstring(request.content)
    assert [e.get("mustUnderstand") for e in root[0]][2:4] == ["true", "true"]


def test_two_messages_never_share_an_id() -> None:
    """Each message is its own."""
    made = {
        soap.dmp_request(to="", action="a", assertion=etree.Element("a"), body=etree.Element("b")).message_id
        for _ in range(20)
    }
    assert len(made) == 20


def test_a_value_xml_cannot_carry_is_named_by_its_element_only() -> None:
    """A control character read from a card is refused without showing the value."""
    with pytest.raises(UnsendableValue) as caught:
        soap.node(etree.Element("{urn:x}a"), "given", "ODI\x01LE")
    assert caught.value.facts == {"part": "given"}
    assert "ODI" not in str(caught.value)


def test_the_answer_to_this_message_is_read() -> None:
    """Right action, right relation: the element of the body."""
    assert _read(wire_answers.envelope(ASKED, "urn:answer", "<x/>")).tag == "x"


def test_an_answer_to_another_message_is_refused() -> None:
    """Another RelatesTo, or none where there must be one."""
    for asked in (ASKED.but(message_id="urn:uuid:2"), ASKED.but(message_id="")):
        with pytest.raises(WrongMessage):
            _read(wire_answers.envelope(asked, "urn:answer", "<x/>"))


def test_insi_answers_without_addressing_but_never_to_another() -> None:
    """INSi sends no header; were there one, it must be right."""
    bare = f'<e:Envelope xmlns:e="{NS_SOAP}"><e:Body><x/></e:Body></e:Envelope>'.encode()
    assert _read(bare, None).tag == "x"
    with pytest.raises(WrongMessage):
        _read(wire_answers.envelope(ASKED.but(message_id="other"), "", "<x/>"), None)


@pytest.mark.parametrize(
    "content",
    [
        wire_answers.envelope(ASKED, "urn:something-else", "<x/>"),
        wire_answers.envelope(ASKED, "urn:answer", ""),
        wire_answers.envelope(ASKED, "urn:answer", "<x/><y/>"),
        b"<x/>",
        b'<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body><x/></Body></Envelope>',
        f'<Envelope xmlns="{NS_SOAP}"/>'.encode(),
    ],
)
def test_anything_else_than_the_awaited_answer_is_refused(content: bytes) -> None:
    """Another action, no or two elements, SOAP 1.1, no envelope."""
    with pytest.raises(UnexpectedAnswer):
        _read(content)


def test_a_web_page_is_refused_as_such() -> None:
    """The answer of a proxy."""
    with pytest.raises(HtmlAnswer):
        _read(b"<html><body>503</body></html>")


def test_a_fault_becomes_the_most_precise_refusal() -> None:
    """The innermost subcode names it; the text is kept as received."""
    with pytest.raises(SignatureRefused) as caught:
        _read(wire_answers.fault(ASKED, "Sender", "DMPInvalidCertificate", "Le certificat est invalide"))
    assert caught.value.store_code == "DMPInvalidCertificate"
    assert caught.value.store_text == "Le certificat est invalide"
    assert turn_of(caught.value) is Turn.PRACTICE


def test_an_unknown_fault_keeps_its_code() -> None:
    """Nothing is guessed about a code never met."""
    with pytest.raises(RefusedByStore) as caught:
        _read(wire_answers.fault(ASKED, "Sender", "DMPSomethingNew", "…"))
    assert type(caught.value) is RefusedByStore
    assert caught.value.store_code == "DMPSomethingNew"
    assert turn_of(caught.value) is Turn.DESK


def test_a_refusal_known_by_its_text_only_is_recognised() -> None:
    """Some refusals are published by their text."""
    assert isinstance(refused("DMPError", "Structure introuvable ou Inactive"), AssertionRefused)
    assert turn_of(refused("DMPError", "PS et Structure non liés")) is Turn.PRACTICE


def test_a_fault_of_the_store_itself_is_not_a_refusal() -> None:
    """Receiver: try again later, whatever unknown subcode it gives; a code that is known says more."""
    for subcode in ("", "DMPDatabaseDown"):
        with pytest.raises(StoreUnavailable) as caught:
            _read(wire_answers.fault(ASKED, "Receiver", subcode, "NullPointerException"))
        assert caught.value.facts["store_code"] == (subcode or "Receiver")
    with pytest.raises(RightsRefused):
        _read(wire_answers.fault(ASKED, "Receiver", "DMPAccessDeniedByRightsService", ""))


def test_a_fault_raised_before_addressing_was_read_is_still_ours() -> None:
    """No RelatesTo on a fault is accepted; another one is not."""
    with pytest.raises(SignatureRefused):
        _read(wire_answers.fault(ASKED.but(message_id=""), "Sender", "DMPInvalidCertificate", ""))
    with pytest.raises(WrongMessage):
        _read(wire_answers.fault(ASKED.but(message_id="urn:uuid:2"), "Sender", "DMPInvalidCertificate", ""))


def test_a_fault_of_insi_carries_its_own_code() -> None:
    """``siram:Erreur`` in the detail."""
    body = (
        f'<e:Fault xmlns:e="{NS_SOAP}"><e:Code><e:Value>e:Sender</e:Value></e:Code>'
        '<e:Reason><e:Text>x</e:Text></e:Reason><e:Detail><s:Erreur xmlns:s="urn:siram" severite="fatale" '
        'code="siram_40">Assertion périmée</s:Erreur></e:Detail></e:Fault>'
    )
    with pytest.raises(RefusedByStore) as caught:
        _read(wire_answers.envelope(ASKED, "", body), None)
    assert (caught.value.store_code, caught.value.store_text) == ("siram_40", "Assertion périmée")


def test_a_fault_without_a_code_is_not_believed() -> None:
    """A code made of a sentence, or none."""
    for code in ("", "une phrase entière"):
        body = f'<e:Fault xmlns:e="{NS_SOAP}"><e:Code><e:Value>{code}</e:Value></e:Code></e:Fault>'
        with pytest.raises(UnexpectedAnswer):
            _read(wire_answers.envelope(ASKED, "", body))


_NAMES = st.sampled_from(["Envelope", "Header", "Body", "Fault", "Code", "Value", "Subcode", "Reason", "Text", "x"])


@st.composite
def _trees(draw: st.DrawFn, depth: int = 4) -> str:
    name = draw(_NAMES)
    space = draw(st.sampled_from([NS_SOAP, NS_WSA, "urn:x"]))
    inside = (
        "".join(draw(st.lists(_trees(depth - 1), max_size=3))) if depth else draw(st.sampled_from(["", "e:A", "b c"]))
    )
    return f'<{name} xmlns="{space}">{inside}</{name}>'


@given(_trees())
@settings(max_examples=150)
def test_no_envelope_raises_anything_but_a_typed_error(tree: str) -> None:
    """Any tree of the right words in the wrong places."""
    with contextlib.suppress(BadAnswer, RefusedByStore, StoreUnavailable):
        _read(tree.encode())
