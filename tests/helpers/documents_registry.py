"""A registry and a repository in a few lines: answers to documents' transactions, written by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message

from helpers import wire_answers, wire_world
from helpers.wire_store import Seen, Told
from lxml import etree

from dmp_desktop.domain import oids

RIM, RS, QUERY = oids.NS_RIM, oids.NS_RS, oids.NS_QUERY
SUCCESS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
FAILURE = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure"
PARTIAL = "urn:ihe:iti:2007:ResponseStatusType:PartialSuccess"
HAS_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
REPLACES = "urn:ihe:iti:2007:AssociationType:RPLC"
APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"


def parts(seen: Seen) -> list[Message]:
    """The parts of a multipart request."""
    read = message_from_bytes(f"Content-Type: {seen.headers['Content-Type']}\r\n\r\n".encode() + seen.content)
    return [part for part in read.walk() if isinstance(part, Message) and not part.is_multipart()]


def message(seen: Seen) -> etree._Element:
    """The envelope of a request."""
    if "multipart" not in seen.headers["Content-Type"]:
        return etree.fromstring(seen.content)
    payload = parts(seen)[0].get_payload(decode=True)
    assert isinstance(payload, bytes)
    return etree.fromstring(payload)


def body(seen: Seen) -> etree._Element:
    """The body of a request."""
    found = message(seen).find("{http://www.w3.org/2003/05/soap-envelope}Body")
    assert found is not None
    return found[0]


def values(seen: Seen, name: str) -> list[str]:
    """Values of a slot, those of a list one by one."""
    found = []
    for slot in body(seen).iter(f"{{{RIM}}}Slot"):
        if slot.get("name") == name:
            for value in slot.iter(f"{{{RIM}}}Value"):
                found += re.findall(r"'((?:[^']|'')*)'", value.text or "") or [value.text or ""]
    return found


def errors(*codes: tuple[str, str], severity: str = "Error") -> str:
    """A list of errors."""
    listed = "".join(
        f'<rs:RegistryError errorCode="{code}" codeContext="{text}" '
        f'severity="urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:{severity}"/>'
        for code, text in codes
    )
    return f'<rs:RegistryErrorList xmlns:rs="{RS}">{listed}</rs:RegistryErrorList>' if codes else ""


def response(status: str = SUCCESS, listed: str = "") -> str:
    """A RegistryResponse."""
    return f'<rs:RegistryResponse xmlns:rs="{RS}" status="{status}">{listed}</rs:RegistryResponse>'


def found(inside: str, status: str = SUCCESS, listed: str = "") -> str:
    """An AdhocQueryResponse."""
    return (
        f'<q:AdhocQueryResponse xmlns:q="{QUERY}" status="{status}">{listed}'
        f'<RegistryObjectList xmlns="{RIM}">{inside}</RegistryObjectList></q:AdhocQueryResponse>'
    )


def entry(
    name: str,
    *,
    lid: str = "",
    version: int = 1,
    codes: tuple[str, ...] = ("N",),
    slots: str = "",
    type_code: str = "11488-4",
    unique_id: str = "",
) -> str:
    """A description of a document."""
    confidentiality = "".join(
        f'<Classification id="c-{code}" classificationScheme="{oids.XDS_ENTRY_CONFIDENTIALITY}" '
        f'classifiedObject="urn:uuid:{name}" nodeRepresentation="{code}"/>'
        for code in codes
    )
    return (
        f'<ExtrinsicObject id="urn:uuid:{name}" lid="{lid or f"urn:uuid:{name}"}" status="{APPROVED}" '
        f'mimeType="text/xml" objectType="{oids.XDS_ENTRY}">{slots}<VersionInfo versionName="{version}"/>'
        f'<Classification id="c1" classificationScheme="{oids.XDS_ENTRY_TYPE}" classifiedObject="urn:uuid:{name}" '
        f'nodeRepresentation="{type_code}"/>{confidentiality}'
        f'<ExternalIdentifier id="e1" registryObject="urn:uuid:{name}" '
        f'identificationScheme="{oids.XDS_ENTRY_UNIQUE_ID}" value="{unique_id or f"1.2.{name}"}"/></ExtrinsicObject>'
    )


def slot(name: str, *held: str) -> str:
    """A slot."""
    return f'<Slot name="{name}"><ValueList>{"".join(f"<Value>{value}</Value>" for value in held)}</ValueList></Slot>'


def association(kind: str, source: str, target: str) -> str:
    """A link."""
    return (
        f'<Association id="urn:uuid:{source}-{target}" associationType="{kind}" '
        f'sourceObject="urn:uuid:{source}" targetObject="urn:uuid:{target}"/>'
    )


def package(name: str) -> str:
    """A submission."""
    submitted = slot("submissionTime", "20260401")
    return f'<RegistryPackage id="urn:uuid:{name}" status="{APPROVED}">{submitted}</RegistryPackage>'


def multipart(envelope: bytes, **attached: bytes) -> tuple[bytes, str]:
    """A multipart answer and its type."""
    data = b"--x\r\nContent-Type: application/xop+xml\r\nContent-ID: <root>\r\n\r\n" + envelope
    for name, content in attached.items():
        data += f"\r\n--x\r\nContent-ID: <{name}>\r\n\r\n".encode() + content
    return data + b"\r\n--x--\r\n", 'multipart/related; boundary=x; start="<root>"; type="application/xop+xml"'


@dataclass
class Registry:
    """Answers each request with what ``tell`` makes of it.

    :ivar tell: from the request to the body of its answer, and parts beside it.
    """

    tell: Callable[[Seen], str]
    attached: dict[str, bytes] = field(default_factory=dict)
    as_multipart: bool = False

    def __call__(self, seen: Seen) -> Told:
        """The answer."""
        root = message(seen)
        asked = wire_answers.Asked(root.findtext(f".//{{{oids.NS_WSA}}}MessageID") or "")
        action = root.findtext(f".//{{{oids.NS_WSA}}}Action") or ""
        answer = f"{action}-Response" if "2010" in action else f"{action}Response"
        envelope = wire_answers.envelope(asked, answer, self.tell(seen))
        if not (self.attached or self.as_multipart):
            return Told(envelope, date=wire_world.NOW)
        content, kind = multipart(envelope, **self.attached)
        return Told(content, headers={"Content-Type": kind}, date=wire_world.NOW)
