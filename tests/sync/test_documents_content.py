"""The content of documents: checked, measured, streamed; and read back from what the store gives."""

from __future__ import annotations

import base64
import io
import tracemalloc
from dataclasses import replace

import pytest
from helpers import documents_world as world
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from dmp_desktop.domain.document import DocumentContent, MediaType
from dmp_desktop.domain.identity import BirthDate, Identity, InsAttribute, InsStatus
from dmp_desktop.errors import BadAnswer, UserError
from dmp_desktop.reading import cda_source
from dmp_desktop.reading.errors import UnreadableDocument
from dmp_desktop.sync import cda
from dmp_desktop.sync.cda import TraitsIncomplete
from dmp_desktop.sync.cda_content import CdaFile, ContentChanged, EmptyDocument, UnreadableFormat
from dmp_desktop.sync.errors import IdentityNotRetrieved, UnsendableValue

HL7 = "urn:hl7-org:v3"
HEAD = f'<ClinicalDocument xmlns="{HL7}"><title>T</title><component><nonXMLBody>'
TAIL = "</nonXMLBody></component></ClinicalDocument>"


def _file(content: DocumentContent) -> CdaFile:
    return cda.write(world.document(body=content), world.ODILE, world.DOCTOR, world.CUSTODIAN)


class Dribble(io.RawIOBase):
    """A source that gives a byte or two at a time."""

    def __init__(self, data: bytes) -> None:
        self._left = data

    def read(self, size: int = -1) -> bytes:
        """Less than asked for."""
        given_out, self._left = self._left[: min(size, 2)], self._left[min(size, 2) :]
        return given_out


def test_a_content_comes_back() -> None:
    """What is written is what is read, whatever its length, from a source that gives little at a time."""
    for length in (1, 2, 3, 4, 1000):
        data = b"%PDF-" + world.XMP + bytes(length)
        content = DocumentContent(MediaType.PDF, len(data), lambda data=data: Dribble(data))  # type: ignore[misc, return-value]
        file = _file(content)
        read = cda_source.read(b"".join(file.chunks()))
        assert (read.media_type, read.content) == ("application/pdf", data)
        assert read.text("title") == "Compte rendu de consultation"
        assert read.text("recordTarget/patientRole/id/@extension") == world.ins().value


@pytest.mark.parametrize(
    ("data", "media", "error", "reason"),
    [
        (b"", MediaType.PDF, EmptyDocument, None),
        (b"GIF89a", MediaType.PDF, UnreadableFormat, "media"),
        (b"%PDF-1.4 no claim", MediaType.PDF, UnreadableFormat, "pdfa"),
        (world.PDF.replace(b"part>1", b"part>2"), MediaType.PDF, UnreadableFormat, "pdfa"),
        (b"%PDF-1.4", MediaType.JPEG, UnreadableFormat, "media"),
        (b"II+", MediaType.TIFF, UnreadableFormat, "media"),
        (b"text", MediaType.RTF, UnreadableFormat, "media"),
        ("été".encode("latin-1"), MediaType.TEXT, UnreadableFormat, "charset"),
        (b"\xc3", MediaType.TEXT, UnreadableFormat, "charset"),
        (b"a\x00b", MediaType.TEXT, UnreadableFormat, "charset"),
    ],
)
def test_a_content_that_is_not_what_it_claims_is_refused(
    data: bytes, media: MediaType, error: type[UserError], reason: str | None
) -> None:
    """Before anything is signed or sent."""
    with pytest.raises(error) as caught:
        _file(world.content(data, media)).measure()
    assert caught.value.facts.get("reason") == reason


@pytest.mark.parametrize(
    ("data", "media"),
    [
        (world.PDF, MediaType.PDF),
        (b"%PDF-1.4" + bytes(200_000) + b"pdfaid:part='1'", MediaType.PDF),
        (b"%PDF-1.4" + bytes(57 * 1024 - 13) + b"pdfaid:part>1<", MediaType.PDF),
        (b"MM\x00*", MediaType.TIFF),
        (b"{\\rtf1}", MediaType.RTF),
        ("é".encode() * 60_000, MediaType.TEXT),
    ],
)
def test_a_content_that_is_what_it_claims_passes(data: bytes, media: MediaType) -> None:
    """The claim of a PDF may stand anywhere, over the edge of two pieces too."""
    assert len(b"".join(_file(world.content(data, media)).chunks())) == _file(world.content(data, media)).size


def test_a_file_that_changes_is_not_sent() -> None:
    """Longer, shorter, other or gone since it was signed: the last piece never leaves."""
    versions = [world.PDF, world.PDF.replace(b"EOF", b"EOX")]
    content = DocumentContent(MediaType.PDF, len(world.PDF), lambda: io.BytesIO(versions.pop(0)))
    file = _file(content)
    file.measure()
    sent = b""
    with pytest.raises(ContentChanged):
        for piece in file.chunks():
            sent += piece
    assert not sent.endswith(b"</ClinicalDocument>")
    with pytest.raises(ContentChanged):
        _file(replace(world.content(), size=len(world.PDF) + 1)).measure()

    def gone() -> io.BytesIO:
        raise FileNotFoundError

    with pytest.raises(ContentChanged):
        _file(DocumentContent(MediaType.PDF, 10, gone)).measure()


def test_memory_does_not_grow_with_the_content() -> None:
    """Eight million bytes are measured and sent in less than one."""
    pieces = [b"%PDF-" + world.XMP + bytes(8_000_000)]

    def peak(content: DocumentContent) -> int:
        file = _file(content)
        tracemalloc.start()
        try:
            assert sum(map(len, file.chunks())) == file.size
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(DocumentContent(MediaType.PDF, len(pieces[0]), lambda: io.BytesIO(pieces[0]))) < 1_000_000


@pytest.mark.parametrize(
    ("identity", "error"),
    [
        (replace(world.ODILE, ins=None), IdentityNotRetrieved),
        (replace(world.ODILE, attributes=frozenset({InsAttribute.DOUBTFUL})), IdentityNotRetrieved),
        (replace(world.ODILE, traits=replace(world.ODILE.traits, birth_place="")), TraitsIncomplete),
        (replace(world.ODILE, traits=replace(world.ODILE.traits, given_names=())), TraitsIncomplete),
        (replace(world.ODILE, traits=replace(world.ODILE.traits, birth_date=BirthDate("inconnue"))), TraitsIncomplete),
    ],
)
def test_an_identity_that_is_not_settled_sends_nothing(identity: Identity, error: type[UserError]) -> None:
    """No INS, a doubtful identity, a trait missing."""
    with pytest.raises(error):
        cda.write(world.document(), identity, world.DOCTOR, world.CUSTODIAN)


def test_a_title_with_a_control_character_is_refused() -> None:
    """XML cannot carry it."""
    with pytest.raises(UnsendableValue):
        cda.write(world.document(title="a\x0bb"), world.ODILE, world.DOCTOR, world.CUSTODIAN)


@pytest.mark.parametrize(
    ("raw", "written"), [("19790523", "19790523"), ("19421901", "1942"), ("19420600", "194206"), ("19420000", "1942")]
)
def test_a_birth_date_keeps_the_precision_it_has(raw: str, written: str) -> None:
    """A lunar date is no timestamp: what is certain of it is written, nothing is made up."""
    identity = Identity(replace(world.ODILE.traits, birth_date=BirthDate(raw)), InsStatus.QUALIFIED, world.ins())
    file = cda.write(world.document(), identity, world.DOCTOR, world.CUSTODIAN)
    born = file.root.find(f".//{{{HL7}}}birthTime")
    assert born is not None
    assert born.get("value") == written


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "syntax"),
        (b"<a", "syntax"),
        (b"<html/>", "root"),
        (b"%PDF-1.4", "syntax"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "doctype"),
        (("<ClinicalDocument xmlns='urn:hl7-org:v3'>" + "<a>" * 100).encode(), "depth"),
        (b'<?xml version="1.0" encoding="unknown"?><a/>', "root"),
    ],
)
def test_what_is_no_cda_is_refused(data: bytes, reason: str) -> None:
    """Typed, with why, and without a word of the content."""
    with pytest.raises(UnreadableDocument) as caught:
        cda_source.read(data)
    assert caught.value.facts["reason"] == reason
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("base64_text", "saved"), [("AAA=A", b"\0\0\0"), ("A?A==", b"\0"), ("é", b""), ("AAAAA", b"\0\0\0")]
)
def test_broken_base64_is_saved_as_far_as_it_goes(base64_text: str, saved: bytes) -> None:
    """The header is read all the same, and the content says it is damaged."""
    read = cda_source.read((HEAD + f'<text representation="B64">{base64_text}</text>' + TAIL).encode())
    assert read.body is not None
    assert (read.body.broken, read.content) == (True, saved)


def test_a_text_without_base64_is_read() -> None:
    """``representation`` is TXT by default."""
    read = cda_source.read((HEAD + '<text mediaType="text/plain">Vu &amp; été</text>' + TAIL).encode())
    assert read.content.decode() == "Vu & été"


def test_a_header_beyond_the_bound_is_refused() -> None:
    """The content of a document may be large; the rest of it may not."""
    huge = HEAD.replace("<title>T", "<title>" + "T" * 25_000_000) + TAIL
    with pytest.raises(UnreadableDocument) as caught:
        cda_source.read(huge.encode())
    assert caught.value.facts["reason"] == "size"


@settings(max_examples=150)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda inside: (HEAD + inside + TAIL).encode())))
def test_nothing_but_typed_errors(data: bytes) -> None:
    """Any bytes."""
    try:
        cda_source.read(data)
    except BadAnswer:
        return


@settings(max_examples=100)
@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=40))
def test_any_text_is_written_canonically_or_refused(title: str, name: str) -> None:
    """What is sent is its own canonical form and says what it was told, line ends included."""
    identity = replace(world.ODILE, traits=replace(world.ODILE.traits, birth_name=name))
    try:
        file = cda.write(world.document(title=title), identity, world.DOCTOR, world.CUSTODIAN)
    except UnsendableValue:
        return
    data = b"".join(file.chunks())
    root = etree.fromstring(data)
    assert etree.tostring(root, method="c14n", with_comments=True) == data.partition(b"\n")[2]
    assert root.findtext(f"{{{HL7}}}title") == title
    assert root.findtext(f".//{{{HL7}}}family[@qualifier='BR']") == name


@settings(max_examples=60)
@given(st.binary(min_size=1, max_size=2000), st.integers(1, 100))
def test_base64_in_lines_is_read(data: bytes, width: int) -> None:
    """Whatever the length of the lines."""
    text = base64.b64encode(data).decode()
    lines = "\r\n".join(text[at : at + width] for at in range(0, len(text), width))
    whole = HEAD + f'<text mediaType="application/pdf" representation="B64">\n{lines}\n</text>' + TAIL
    read = cda_source.read(whole.encode())
    assert read.content == data
    assert etree.tostring(read.root).count(b"\n") == 0
