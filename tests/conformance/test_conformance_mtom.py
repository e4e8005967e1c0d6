"""MTOM both ways: the official capture is read, and another parser reads ours."""

from __future__ import annotations

from email import message_from_bytes
from email.message import Message
from pathlib import Path

from helpers import documents_world as world
from helpers import wire_world
from lxml import etree

from dmp_desktop.domain.oids import NS_XDSB, NS_XOP
from dmp_desktop.reading import cda_source
from dmp_desktop.sync import mtom, submission, xmlsafe
from dmp_desktop.sync.disputed import Disputed
from dmp_desktop.sync.submission import Sender


def test_the_official_capture_is_read(reference: Path) -> None:
    """The capture of TD2.1: an envelope that names its parts, a CDA and its signature, each found by its name."""
    data = (reference / "dmp/messages/td2.1-provide-request.xml").read_bytes()
    boundary = data.split(b"\n", 1)[0].strip()[2:].decode()
    incoming = mtom.read(f'multipart/related; boundary="{boundary}"; start="<rootpart@soapui.org>"', [data])
    root = xmlsafe.parse(incoming.envelope)
    documents = list(root.iter(f"{{{NS_XDSB}}}Document"))
    assert [document.get("id") for document in documents] == ["documentME2", "Signature01"]
    found = [mtom.part(incoming, document) for document in documents]
    read = cda_source.read(found[0])
    assert read.text("title") == "Exemple de Document CDA R2 non Structure"
    assert read.text("code/@code") == "27899-4"
    assert (read.media_type, bool(read.content)) == ("text/plain", True)
    assert etree.fromstring(found[1]).tag == "{http://www.w3.org/2000/09/xmldsig#}Signature"


def test_the_official_cda_is_read(reference: Path) -> None:
    """The example document of TD2.1, and the 8 example documents of the CI-SIS, structured or not."""
    for path in [reference / "dmp/messages/td2.1-document.xml", *sorted((reference / "cda/examples").glob("*.xml"))]:
        read = cda_source.read(path.read_bytes())
        assert read.text("typeId/@extension") == "POCD_HD000040"
        assert read.text("code/@code")
        body = read.root.find("{*}component/{*}nonXMLBody")
        assert (body is None) == (read.media_type == "")
        if body is not None:
            assert read.content


def test_another_parser_reads_ours() -> None:
    """The standard library's parser gives back every part, byte for byte, and the length is as announced."""
    sender = Sender(world.DOCTOR, world.CUSTODIAN, wire_world.signer(), world.SOURCE)
    made = submission.provide(world.submission(), world.ODILE, sender, wire_world.NOW, Disputed())
    message = mtom.write(etree.tostring(made.body), submission.PROVIDE_ACTION, made.attachments)
    data = b"".join(message.chunks())
    assert len(data) == message.length
    read = message_from_bytes(f"Content-Type: {message.content_type}\r\n\r\n".encode() + data)
    parts = [part for part in read.walk() if isinstance(part, Message) and not part.is_multipart()]
    assert [part["Content-ID"] for part in parts] == [
        "<root@dmp-desktop>",
        *(f"<{attachment.name}>" for attachment in made.attachments),
    ]
    assert read.get_param("start") == parts[0]["Content-ID"]
    assert read.get_param("type") == parts[0].get_content_type() == "application/xop+xml"
    # It is textual: this parser gives lines back, not the very bytes, so white space is left out of the comparison.
    for part, attachment in zip(parts[1:], made.attachments, strict=True):
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        assert payload.split() == b"".join(attachment.chunks()).split()
    hrefs = [found.get("href") for found in made.body.iter(f"{{{NS_XOP}}}Include")]
    assert hrefs == [f"cid:{attachment.name}" for attachment in made.attachments]


def test_ours_is_read_by_ours_whatever_the_pieces() -> None:
    """The reader gives the parts back, byte for byte, however the network cuts the message."""
    sender = Sender(world.DOCTOR, world.CUSTODIAN, wire_world.signer(), world.SOURCE)
    made = submission.provide(world.submission(), world.ODILE, sender, wire_world.NOW, Disputed())
    envelope = etree.tostring(made.body)
    message = mtom.write(envelope, submission.PROVIDE_ACTION, made.attachments)
    data = b"".join(message.chunks())
    for size in (1, 7, 64, 4096, len(data)):
        incoming = mtom.read(message.content_type, [data[at : at + size] for at in range(0, len(data), size)])
        assert incoming.envelope == envelope
        assert incoming.parts == {part.name: b"".join(part.chunks()) for part in made.attachments}
