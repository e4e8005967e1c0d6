"""Documents that mean harm, or were made badly: each a CDA or bytes, made here, about nobody.

``CORPUS`` gives a name to each, what must be told about it (codes of warnings) and words that must be seen all the
same. Large ones are made when asked for.
"""

from __future__ import annotations

import base64
import io
import os
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pikepdf
from PIL import Image

from dmp_desktop.domain.document import RetrievedDocument

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<id root="1.2.250.1.999.9.1"/><code code="11488-4" codeSystem="2.16.840.1.113883.6.1" displayName="CR de consultation"/>
<title>Consultation du matin</title><effectiveTime value="{time}"/>
<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/><versionNumber value="1"/>
<recordTarget><patientRole><patient><name><family qualifier="BR">LAVANDIN-GENÊT</family><given>Odile</given></name>
<administrativeGenderCode code="F"/><birthTime value="19790523"/></patient></patientRole></recordTarget>
{authors}
<custodian><assignedCustodian><representedCustodianOrganization><name>Cabinet des Trois-Tilleuls</name>
</representedCustodianOrganization></assignedCustodian></custodian>
"""
AUTHOR = """<author><time value="20260409074000+0200"/><assignedAuthor><assignedPerson><name><family>{family}</family>
<given>Aurore</given><prefix>DR</prefix></name></assignedPerson></assignedAuthor></author>"""
TIME = "20260409074000+0200"


def cda(body: str, *, time: str = TIME, authors: str = "", head: str = HEAD) -> bytes:
    """A CDA around ``body`` (what stands in ``component``)."""
    told = head.format(time=time, authors=authors or AUTHOR.format(family="BRINDILLE"))
    return f"{told}<component>{body}</component></ClinicalDocument>".encode()


def section(text: str, *, title: str = "Conclusion", after: str = "") -> str:
    """A structured body of one section."""
    return (
        f"<structuredBody><component><section><title>{title}</title><text>{text}</text>{after}</section></component>"
        "</structuredBody>"
    )


def unstructured(data: bytes, media: str, *, broken: str = "") -> str:
    """A body that holds a file."""
    told = base64.b64encode(data).decode()
    return f'<nonXMLBody><text mediaType="{media}" representation="B64">{told}{broken}</text></nonXMLBody>'


def pdf(pages: int = 1, *, text: str = "Potassium modere", password: str = "", padding: int = 0) -> bytes:
    """A small PDF with ``text`` on each page."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        font = made.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name("/Helvetica"))
        )
        for number in range(pages):
            page = made.add_blank_page(page_size=(595, 842))
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            words = f"BT /F1 24 Tf 72 700 Td ({text} {number + 1}) Tj ET".encode("latin-1")
            page.Contents = made.make_stream(words)
        if padding:
            made.Root.Padding = made.make_stream(b"\0" * padding)
        # What a PDF may ask a viewer to do: nothing of it is done here.
        made.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.launchURL('http://192.0.2.1/')")
        )
        lock = pikepdf.Encryption(owner=password, user=password) if password else False
        made.save(out, encryption=lock, compress_streams=False)
    return out.getvalue()


def image(kind: str = "JPEG", size: tuple[int, int] = (60, 40)) -> bytes:
    """A red image."""
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind)
    return out.getvalue()


def vast_png() -> bytes:
    """A few bytes that say they are three thousand million pixels."""
    data = image("PNG")
    head = b"IHDR" + struct.pack(">II", 60_000, 50_000) + data[24:29]
    return data[:12] + head + struct.pack(">I", zlib.crc32(head)) + data[33:]


def slow_pdf() -> bytes:
    """A page that takes long to draw."""
    data = pdf()
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as made:
        line = b"0 0 m 595 842 l 300 500 20 30 500 800 c S " * 2_000
        form = made.make_stream(line, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 595, 842])
        made.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
        made.pages[0].Contents = made.make_stream(b"/F Do " * 20)
        made.save(out)
    return out.getvalue()


def long_table(rows: int) -> str:
    """A table of five columns."""
    line = "<tr><td>Sodium</td><td>140</td><td>mmol/L</td><td>135 - 145</td><td>stable</td></tr>"
    head = "<thead><tr><th>Analyse</th><th>Valeur</th><th>Unité</th><th>Usuelles</th><th>Avis</th></tr></thead>"
    return f"<table>{head}<tbody>{line * rows}</tbody></table>"


@dataclass(frozen=True)
class Hostile:
    """One document. ``codes``: what must be told; ``seen``: words that must be shown; ``refused``: not read at all."""

    name: str
    make: Callable[[], bytes]
    codes: frozenset[str] = frozenset()
    seen: str = ""
    refused: bool = False

    def document(self) -> RetrievedDocument:
        """As it comes from the store."""
        return RetrievedDocument("1.2.3", "1.2.4", "text/xml", self.make())


def _h(name: str, make: Callable[[], bytes], *codes: str, seen: str = "", refused: bool = False) -> Hostile:
    return Hostile(name, make, frozenset(codes), seen, refused)


_OUT = "http://192.0.2.1/x"
CORPUS = (
    _h(
        "script",
        lambda: cda(section("Vu ce jour.<script>alert(1)</script><content>Bien.</content>")),
        "document-outside",
        seen="Bien.",
    ),
    _h(
        "link",
        lambda: cda(section(f'Voir <linkHtml href="{_OUT}">le site</linkHtml>.')),
        "document-outside",
        seen="le site",
    ),
    _h("script-link", lambda: cda(section('<linkHtml href="javascript:alert(1)">ici</linkHtml>')), "document-outside"),
    _h("image-outside", lambda: cda(section(f'Avant.<img src="{_OUT}"/>Après.')), "document-outside", seen="Après."),
    _h(
        "media-outside",
        lambda: cda(
            section(
                'Photo <renderMultiMedia referencedObject="m1"/>',
                after='<entry><observationMedia ID="m1" classCode="OBS" moodCode="EVN"><value mediaType="image/jpeg">'
                f'<reference value="{_OUT}"/></value></observationMedia></entry>',
            )
        ),
        "document-part-missing",
        seen="Photo",
    ),
    _h(
        "html",
        lambda: cda(section('&lt;img src="file:///etc/passwd"&gt;&lt;b&gt;x&lt;/b&gt;')),
        seen='<img src="file:///etc/passwd"><b>x</b>',
    ),
    _h(
        "stylesheet",
        lambda: cda(section("Bien.")).replace(b"?>", b'?><?xml-stylesheet href="http://192.0.2.1/x.xsl"?>', 1),
        seen="Bien.",
    ),
    _h(
        "xinclude",
        lambda: cda(
            section(
                'Avant.<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
            )
        ),
        "document-outside",
        seen="Avant.",
    ),
    _h(
        "entity",
        lambda: cda(section("&x;")).replace(b"?>", b'?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>', 1),
        refused=True,
    ),
    _h(
        "billion-laughs",
        lambda: cda(section("&b;")).replace(
            b"?>", b'?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>', 1
        ),
        refused=True,
    ),
    _h("deep", lambda: cda("<a>" * 5_000 + "</a>" * 5_000), refused=True),
    _h("not-closed", lambda: cda(section("<paragraph>x")), refused=True),
    _h("nothing", lambda: b"", refused=True),
    _h("other-xml", lambda: b"<html><body>x</body></html>", refused=True),
    _h("broken-base64", lambda: cda(unstructured(pdf(), "application/pdf", broken="?A")), "document-part-damaged"),
    _h(
        "no-base64",
        lambda: cda(unstructured(b"", "application/pdf", broken="!!!!")),
        "document-part-damaged",
        "document-empty",
    ),
    _h("cut-pdf", lambda: cda(unstructured(pdf()[:300], "application/pdf")), "document-part-missing", "document-empty"),
    _h(
        "not-a-pdf",
        lambda: cda(unstructured(b"%PDF-1.7\n" + bytes(range(256)) * 8, "application/pdf")),
        "document-part-missing",
        "document-empty",
    ),
    _h(
        "locked-pdf",
        lambda: cda(unstructured(pdf(password="un"), "application/pdf")),
        "document-part-locked",
        "document-empty",
    ),
    _h("script-pdf", lambda: cda(unstructured(pdf(), "application/pdf"))),
    _h("pdf-said-text", lambda: cda(unstructured(pdf(), "text/plain")), "document-other-kind"),
    _h("image-said-pdf", lambda: cda(unstructured(image(), "application/pdf")), "document-other-kind"),
    _h("cut-image", lambda: cda(unstructured(image()[:200], "image/jpeg")), "document-part-missing", "document-empty"),
    _h("tiff", lambda: cda(unstructured(image("TIFF"), "image/tiff"))),
    _h(
        "zip",
        lambda: cda(unstructured(b"PK\3\4" + b"\0" * 60, "application/zip")),
        "document-part-missing",
        "document-empty",
    ),
    _h(
        "rtf",
        lambda: cda(
            unstructured(
                rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\*\generator x}{\object\objdata 41}"
                rb"{\field{\*\fldinst HYPERLINK http://192.0.2.1}{\fldrslt ici}} \'e9t\'e9 \u8364?\par fin}",
                "text/rtf",
            )
        ),
        seen="été €",
    ),
    _h(
        "latin-text",
        lambda: cda(unstructured("Créatinine élevée".encode("cp1252"), "text/plain")),
        seen="Créatinine élevée",
    ),
    _h("wide-text", lambda: cda(unstructured("Créatinine".encode("utf-16-le"), "text/plain")), seen="Créatinine"),
    _h(
        "mac-text",
        lambda: cda(unstructured("Créatinine".encode("mac-roman"), "text/plain; charset=macintosh")),
        seen="Créatinine",
    ),
    _h("wrong-charset", lambda: cda(section("Fièvre")).decode().encode("cp1252"), seen="Fièvre"),
    _h("unknown-charset", lambda: cda(section("Fièvre")).replace(b"UTF-8", b"X-KLINGON", 1), seen="Fièvre"),
    _h("arabic", lambda: cda(section("العربية 123 \u202eabc\u202c")), seen="العربية"),
    _h("no-date", lambda: cda(section("Bien."), time=""), "document-no-date", seen="Bien."),
    _h("wrong-date", lambda: cda(section("Bien."), time="20261399"), "document-no-date", seen="Bien."),
    _h("future", lambda: cda(section("Bien."), time="21260409"), "document-future-date", seen="Bien."),
    _h(
        "many-authors",
        lambda: cda(section("Bien."), authors="".join(AUTHOR.format(family=f"AUTEUR{n}") for n in range(300))),
        seen="AUTEUR7",
    ),
    _h(
        "other-person",
        lambda: (
            cda(section("Bien.")).replace("LAVANDIN-GENÊT".encode(), b"CORNICHON").replace(b"19790523", b"19500101")
        ),
        "document-other-person",
        seen="CORNICHON",
    ),
    _h(
        "nobody",
        lambda: cda(section("Bien.")).replace("LAVANDIN-GENÊT".encode(), b""),
        "document-no-person",
        seen="Bien.",
    ),
    _h(
        "unknown-code",
        lambda: cda(section("Bien.")).replace(b'code="11488-4"', b'code="99999-9"'),
        seen="CR de consultation",
    ),
    _h(
        "spans",
        lambda: cda(section('<table><tr><td rowspan="99999" colspan="99999">a</td><td>b</td></tr></table>')),
        "document-too-long",
        seen="a",
    ),
    _h("empty-table", lambda: cda(section("<table/><list/>Bien.")), seen="Bien."),
    _h("nested-tables", lambda: cda(section("<table><tr><td>" * 8 + "fond" + "</td></tr></table>" * 8)), seen="fond"),
    _h("no-body", lambda: cda(""), "document-empty", seen="Consultation du matin"),
    _h("bare-pdf", pdf, "document-not-cda"),
    _h("bare-text", lambda: "Été comme hiver".encode("cp1252"), "document-not-cda", seen="Été comme hiver"),
)
"""Small ones."""

LARGE = (
    _h("long-table", lambda: cda(section(long_table(100_000))), "document-too-long", seen="Sodium"),
    _h("large-pdf", lambda: cda(unstructured(pdf(padding=50_000_000), "application/pdf"))),
    _h("long-text", lambda: cda(section("mot " * 1_000_000)), "document-too-long", seen="mot"),
    _h("long-word", lambda: cda(section("M" * 300_000)), seen="MMM"),
    _h(
        "wide-image",
        lambda: cda(unstructured(vast_png(), "image/png")),
        "document-part-missing",
        "document-empty",
    ),
    _h("many-pages", lambda: cda(unstructured(pdf(1_200), "application/pdf")), "document-too-long"),
    _h(
        "many-sections",
        lambda: cda(
            "<structuredBody>"
            + "<component><section><title>T</title><text>Sodium</text></section></component>" * 6_000
            + "</structuredBody>"
        ),
        "document-too-long",
        seen="Sodium",
    ),
)
"""Those that are many megabytes, or many things."""


_events: list[str] | None = None
_SPOKEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "shutil.", "tempfile.")


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if _events is None:
        return
    if event.startswith(_SPOKEN):
        _events.append(event)
    elif event == "open":
        flags = args[2] if len(args) > 2 else 0
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)
        if writes or (args[1] and set(str(args[1])) & set("wax+")):
            _events.append(f"{event} {args[0]}")


sys.addaudithook(_hook)


@contextmanager
def watched() -> Iterator[list[str]]:
    """Everything opened for writing, run or spoken to inside; the hook stays for ever, this is when it listens."""
    global _events  # noqa: PLW0603 - see above
    _events = []
    try:
        yield _events
    finally:
        _events = None
