"""SOAP 1.2 envelopes with WS-Addressing, both ways.

Built as the official examples of messages show (v02.05.00); read with prefixes and charsets at will, but never with
another action, another message or another namespace than awaited.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from lxml import etree

from dmp_desktop.domain.oids import NS_SOAP, NS_WSA, NS_WSSE
from dmp_desktop.errors import RefusedByStore
from dmp_desktop.sync import xmlsafe
from dmp_desktop.sync.errors import KNOWN, StoreUnavailable, UnexpectedAnswer, UnsendableValue, WrongMessage, refused

ANONYMOUS: Final = "http://www.w3.org/2005/08/addressing/anonymous"
CONTENT_TYPE: Final = "application/soap+xml; charset=UTF-8"
_NS_SIRAM: Final = "urn:siram"


@dataclass(frozen=True, slots=True)
class Request:
    """A message ready to leave.

    :ivar message_id: what the answer's ``RelatesTo`` must repeat.
    """

    action: str
    message_id: str
    content: bytes

    def __repr__(self) -> str:
        return f"Request({self.action})"


def node(parent: etree._Element, tag: str, text: str | None = None, **attributes: str) -> etree._Element:
    """Add a child in the parent's own namespace (or ``{ns}tag``), with its attributes and its text.

    :raises UnsendableValue: a value holds a character that XML cannot carry (a control character read from a card).
    """
    name = tag if tag.startswith("{") else f"{{{etree.QName(parent).namespace}}}{tag}"
    child = etree.SubElement(parent, name)
    try:
        for key, value in attributes.items():
            child.set(key, value)
        child.text = text
    except ValueError:
        raise UnsendableValue("a value no message can carry", part=tag.rpartition("}")[2]) from None
    return child


def element(tag: str, nsmap: Mapping[str | None, str]) -> etree._Element:
    """A root element that declares these prefixes (``None`` for the default namespace)."""
    return etree.Element(tag, nsmap=cast(dict[str, str], nsmap))


def dmp_request(
    *, to: str, action: str, assertion: etree._Element, body: etree._Element, qualified: bool = True
) -> Request:
    """An envelope for the DMP: MessageID, To, ReplyTo, Action, then the assertion in ``wsse:Security``.

    :param qualified: write ``mustUnderstand`` in the SOAP namespace (see :mod:`dmp_desktop.sync.disputed`).
    """
    envelope, header = _envelope()
    must = f"{{{NS_SOAP}}}mustUnderstand" if qualified else "mustUnderstand"
    message_id = f"urn:uuid:{uuid.uuid4()}"
    node(header, f"{{{NS_WSA}}}MessageID", message_id)
    node(header, f"{{{NS_WSA}}}To", to)
    reply = node(header, f"{{{NS_WSA}}}ReplyTo", None, **{must: "true"})
    node(reply, "Address", ANONYMOUS)
    node(header, f"{{{NS_WSA}}}Action", action, **{must: "true"})
    node(header, f"{{{NS_WSSE}}}Security").append(assertion)
    node(envelope, "Body").append(body)
    return Request(action, message_id, serialize(envelope))


def insi_request(
    *, action: str, contexts: tuple[etree._Element, etree._Element], assertion: etree._Element, body: etree._Element
) -> Request:
    """An envelope for INSi: the BAM context, MessageID, Action, the LPS context, then the assertion."""
    envelope, header = _envelope()
    message_id = str(uuid.uuid4())
    header.append(contexts[0])
    node(header, f"{{{NS_WSA}}}MessageID", message_id)
    node(header, f"{{{NS_WSA}}}Action", action)
    header.append(contexts[1])
    node(header, f"{{{NS_WSSE}}}Security").append(assertion)
    node(envelope, "Body").append(body)
    return Request(action, message_id, serialize(envelope))


def serialize(root: etree._Element) -> bytes:
    """Bytes of a message: UTF-8 with its declaration, and no white space of ours (signatures would not survive it)."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _envelope() -> tuple[etree._Element, etree._Element]:
    envelope = etree.Element(f"{{{NS_SOAP}}}Envelope", nsmap={"soap": NS_SOAP, "wsa": NS_WSA, "wsse": NS_WSSE})
    return envelope, node(envelope, "Header")


def read(data: bytes, request: Request, *, answer_action: str | None) -> etree._Element:
    """The one element of the body of the answer to ``request``.

    :param answer_action: the only accepted ``Action``; ``None`` where the service sends no addressing at all (INSi's
        examples have no header).
    :raises BadAnswer: not an answer to this message.
    :raises RefusedByStore: a fault that is ours or the person's.
    :raises StoreUnavailable: a fault that is the store's own.
    """
    root = xmlsafe.parse(data)
    if root.tag != f"{{{NS_SOAP}}}Envelope":
        raise UnexpectedAnswer("not a SOAP 1.2 envelope", part="Envelope")
    body = root.find(f"{{{NS_SOAP}}}Body")
    elements = [child for child in body if isinstance(child.tag, str)] if body is not None else []
    if len(elements) != 1:
        raise UnexpectedAnswer("a body must hold one element", part="Body")
    _check_relation(root, request, required=answer_action is not None)
    if elements[0].tag == f"{{{NS_SOAP}}}Fault":
        raise fault(elements[0])
    if answer_action is not None and _header(root, "Action") != answer_action:
        raise UnexpectedAnswer("another action than awaited", part="Action")
    return elements[0]


def _header(root: etree._Element, name: str) -> str:
    return (root.findtext(f"{{{NS_SOAP}}}Header/{{{NS_WSA}}}{name}") or "").strip()


def _check_relation(root: etree._Element, request: Request, *, required: bool) -> None:
    related = _header(root, "RelatesTo")
    if related == request.message_id:
        return
    # A fault may be raised before addressing was read, and then bears no relation at all.
    is_fault = root.find(f"{{{NS_SOAP}}}Body/{{{NS_SOAP}}}Fault") is not None
    if related or (required and not is_fault):
        raise WrongMessage("the answer relates to another message")


def fault(reported: etree._Element) -> RefusedByStore | StoreUnavailable:
    """What a SOAP fault means: the most precise code there is (the innermost subcode, or INSi's own), and its text."""
    codes = [_local(value.text) for value in reported.iter(f"{{{NS_SOAP}}}Value")]
    text = " ".join((reported.findtext(f"{{{NS_SOAP}}}Reason/{{{NS_SOAP}}}Text") or "").split())[:500]
    detail = reported.find(f".//{{{_NS_SIRAM}}}Erreur")
    if detail is not None:
        return refused(detail.get("code", ""), " ".join((detail.text or text).split())[:500])
    code = next((c for c in reversed(codes) if c), "")
    if not code:
        raise UnexpectedAnswer("a fault without a code", part="Fault")
    if codes[0] == "Receiver" and code not in KNOWN:
        # SOAP 1.2 §5.4.6: not for what the message holds, but for the state of the receiver; later it may work.
        return StoreUnavailable("the store reports a fault of its own", store_code=code)
    return refused(code, text)


def _local(text: str | None) -> str:
    """``soap:DMPInvalidCertificate`` → ``DMPInvalidCertificate``; a code is a word, never a sentence."""
    word = (text or "").strip().rpartition(":")[2]
    return word[:80] if word and not any(c.isspace() for c in word) else ""
