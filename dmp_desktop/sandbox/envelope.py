"""SOAP 1.2 and WS-Addressing, as the sandbox reads and writes them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from dmp_desktop.domain import oids
from dmp_desktop.sandbox.refusals import Code, Refusal
from dmp_desktop.sandbox.xmlio import Element, Maker, child, parse, serialise, text

ANONYMOUS = "http://www.w3.org/2005/08/addressing/anonymous"
FAULT_ACTION = "http://www.w3.org/2005/08/addressing/soap/fault"

_soap = Maker(oids.NS_SOAP, "soap")
_wsa = Maker(oids.NS_WSA, "wsa")
_siram = Maker("urn:siram", "siram")


@dataclass(frozen=True, slots=True)
class Message:
    """A request whose envelope is sound.

    :ivar header: SOAP header; ``body``: the one element of the SOAP body.
    """

    action: str
    message_id: str
    header: Element
    assertion: Element
    body: Element


def read_message(data: bytes, *, strict_addressing: bool) -> Message:
    """Open an envelope.

    :param strict_addressing: whether ``To`` and ``ReplyTo`` are demanded (DMP) or not (INSi).
    :raises Refusal: when anything the interface demands is missing.
    """
    root = parse(data)
    if root.tag != f"{{{oids.NS_SOAP}}}Envelope":
        raise Refusal(Code.MALFORMED, "Enveloppe SOAP 1.2 attendue")
    header, body = child(root, "Header", oids.NS_SOAP), child(root, "Body", oids.NS_SOAP)
    if header is None or body is None or len(body) != 1:
        raise Refusal(Code.MALFORMED, "En-tête et corps SOAP attendus, avec un seul élément dans le corps")
    action, message_id = text(child(header, "Action", oids.NS_WSA)), text(child(header, "MessageID", oids.NS_WSA))
    if not action or not message_id:
        raise Refusal(Code.ADDRESSING, "Action et MessageID attendus")
    if strict_addressing:
        if not message_id.startswith("urn:uuid:"):
            raise Refusal(Code.ADDRESSING, "MessageID de la forme urn:uuid attendu")
        if child(header, "To", oids.NS_WSA) is None:
            raise Refusal(Code.ADDRESSING, "To attendu")
        if text(child(header, "ReplyTo/Address", oids.NS_WSA)) != ANONYMOUS:
            raise Refusal(Code.ADDRESSING, "ReplyTo anonyme attendu")
    assertion = header.find(f"{{{oids.NS_WSSE}}}Security/{{{oids.NS_SAML}}}Assertion")
    if assertion is None:
        raise Refusal(Code.NO_VIHF, "VIHF absent")
    return Message(action, message_id, header, assertion, body[0])


def write_answer(body: Element, action: str, relates_to: str) -> bytes:
    """An answer to ``relates_to``."""
    return serialise(
        _soap(
            "Envelope",
            _soap(
                "Header",
                _wsa("Action", action),
                _wsa("MessageID", f"urn:uuid:{uuid4()}"),
                _wsa("To", ANONYMOUS),
                _wsa("RelatesTo", relates_to),
            ),
            _soap("Body", body),
        )
    )


def write_bare_answer(body: Element) -> bytes:
    """An answer without a header, as INSi gives them."""
    return serialise(_soap("Envelope", _soap("Body", body)))


def write_fault(refusal: Refusal, relates_to: str, *, insi: bool = False) -> bytes:
    """A SOAP fault with the code as subcode and its text as reason; INSi adds its ``Erreur`` as detail."""
    code = _soap(
        "Code",
        _soap("Value", "soap:Sender"),
        _soap("Subcode", _soap("Value", refusal.store_code)),
    )
    reason = _soap("Reason", _soap("Text", {"{http://www.w3.org/XML/1998/namespace}lang": "fr"}, refusal.store_text))
    error = {"severite": "fatale", "code": refusal.store_code}
    detail = _soap("Detail", _siram("Erreur", error, refusal.store_text)) if insi else None
    header = _soap(
        "Header",
        _wsa("Action", FAULT_ACTION),
        _wsa("MessageID", f"urn:uuid:{uuid4()}"),
        _wsa("RelatesTo", relates_to) if relates_to else None,
    )
    return serialise(_soap("Envelope", header, _soap("Body", _soap("Fault", code, reason, detail))))
