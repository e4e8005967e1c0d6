"""Small documents made by code: a one-page PDF, CDA of level 1 and of level 3."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml import etree

from dmp_desktop.domain import oids
from dmp_desktop.domain.identity import Traits
from dmp_desktop.sandbox import structured
from dmp_desktop.sandbox.paper import LOINC, PDF, SECTIONS, Paper
from dmp_desktop.sandbox.xmlio import Element, Maker

_cda = Maker(oids.NS_HL7)
_TEMPLATES = ("2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.1")
_LEVEL_1 = "1.3.6.1.4.1.19376.1.2.20"
_GENDERS = {"F": "Féminin", "M": "Masculin"}


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, and where.

    :ivar id, domain: identifier and its OID; ``speciality``: line of JDV_J01, with its label.
    """

    id: str
    domain: str
    kind: str
    family: str
    given: str
    speciality: str
    speciality_label: str
    structure: str
    structure_name: str
    sector: str


def pdf(title: str, lines: Iterable[str]) -> bytes:
    """One page of text in Helvetica, which every reader has: large enough to be read, small enough to be many."""
    shown = [f"BT /F1 18 Tf 60 770 Td ({_pdf_text(title)}) Tj ET"]
    shown += [f"BT /F1 11 Tf 60 {730 - 18 * i} Td ({_pdf_text(line)}) Tj ET" for i, line in enumerate(lines)]
    page = "\n".join(shown).encode("cp1252", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
    ]
    made = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(made)


def _pdf_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def document(
    paper: Paper,
    *,
    unique_id: str,
    set_id: str,
    version: int,
    label: str,
    ins: str,
    traits: Traits,
    writer: Writer,
    at: datetime,
    now: datetime,
    replaced: str,
) -> bytes:
    """A paper as a CDA.

    :param label: name of its type; ``replaced``: uniqueId of what it replaces, or ``""``.
    :param at: its date; ``now``: first day of the store, from which the ages of its entries are counted.
    """
    time = at.strftime("%Y%m%d%H%M%S+0000")
    began = (at - timedelta(days=paper.lasted)).strftime("%Y%m%d%H%M%S+0000")
    period = [_cda("low", {"value": began}), _cda("high", {"value": time}) if paper.lasted else None]
    templates = _TEMPLATES if paper.body == SECTIONS else (*_TEMPLATES, _LEVEL_1)
    name = _cda("name", _cda("given", writer.given), _cda("family", writer.family))
    who = {"root": writer.domain, "extension": writer.id}
    structure = {"root": oids.STRUCTURE_ID, "extension": writer.structure} if writer.structure else {"nullFlavor": "NA"}
    root = _cda(
        "ClinicalDocument",
        _cda("realmCode", {"code": "FR"}),
        _cda("typeId", {"root": "2.16.840.1.113883.1.3", "extension": "POCD_HD000040"}),
        *(_cda("templateId", {"root": template}) for template in templates),
        _cda("id", {"root": unique_id}),
        _cda("code", {"code": paper.type, "codeSystem": paper.system, "displayName": label}),
        _cda("title", paper.title),
        _cda("effectiveTime", {"value": time}),
        _cda("confidentialityCode", {"code": "N", "codeSystem": oids.CONFIDENTIALITY_HL7, "displayName": "Normal"}),
        _cda("languageCode", {"code": "fr-FR"}),
        _cda("setId", {"root": set_id}),
        _cda("versionNumber", {"value": str(version)}),
        _patient(ins, traits),
        _cda(
            "author",
            _cda("time", {"value": time}),
            _cda(
                "assignedAuthor",
                _cda("id", who),
                _speciality(writer),
                _cda("assignedPerson", name),
                _cda("representedOrganization", _cda("id", structure), _cda("name", writer.structure_name)),
            ),
        ),
        *structured.informants(paper.contacts),
        _cda(
            "custodian",
            _cda(
                "assignedCustodian",
                _cda("representedCustodianOrganization", _cda("id", structure), _cda("name", writer.structure_name)),
            ),
        ),
        _cda(
            "legalAuthenticator",
            _cda("time", {"value": time}),
            _cda("signatureCode", {"code": "S"}),
            _cda("assignedEntity", _cda("id", who), _cda("assignedPerson", _copy(name))),
        ),
        *_services(paper, period),
        _cda("relatedDocument", {"typeCode": "RPLC"}, _cda("parentDocument", _cda("id", {"root": replaced})))
        if replaced
        else None,
        _cda(
            "componentOf",
            _cda(
                "encompassingEncounter",
                _cda("effectiveTime", *(_copy(bound) for bound in period if bound is not None)),
                _cda(
                    "location",
                    _cda("healthCareFacility", _cda("code", {"code": writer.sector, "codeSystem": oids.SECTOR})),
                ),
            ),
        ),
        _cda("component", _body(paper, now)),
    )
    names = {None: oids.NS_HL7, "xsi": structured.XSI}
    etree.cleanup_namespaces(root, top_nsmap=names)  # type: ignore[arg-type]  # None is allowed
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _copy(element: Element) -> Element:
    return etree.fromstring(etree.tostring(element))


def _speciality(writer: Writer) -> Element | None:
    if not writer.speciality:
        return None
    names = {"code": writer.speciality, "codeSystem": oids.AUTHOR_SPECIALITY, "displayName": writer.speciality_label}
    return _cda("code", names)


def _patient(ins: str, traits: Traits) -> Element:
    sex = traits.sex.value
    return _cda(
        "recordTarget",
        _cda(
            "patientRole",
            _cda("id", {"root": oids.INS_NIR_TEST, "extension": ins}),
            _cda("addr", {"nullFlavor": "NASK"}),
            _cda("telecom", {"nullFlavor": "NASK"}),
            _cda(
                "patient",
                {"classCode": "PSN"},
                _cda(
                    "name",
                    _cda("family", {"qualifier": "BR"}, traits.birth_name),
                    _cda("given", " ".join(traits.given_names)),
                    _cda("given", {"qualifier": "BR"}, traits.first_given_name),
                ),
                _cda(
                    "administrativeGenderCode",
                    {"code": sex, "codeSystem": oids.GENDER, "displayName": _GENDERS.get(sex, "Inconnu")},
                ),
                _cda("birthTime", {"value": traits.birth_date.raw}),
            ),
        ),
    )


def _services(paper: Paper, bounds: list[Element | None]) -> list[Element]:
    period = _cda("effectiveTime", *bounds)
    codes = [
        _cda("code", {"code": code, "codeSystem": system, "displayName": label}) for code, system, label in paper.events
    ]
    first = _cda("documentationOf", _cda("serviceEvent", codes[0] if codes else None, period))
    return [first, *(_cda("documentationOf", _cda("serviceEvent", code)) for code in codes[1:])]


def _body(paper: Paper, now: datetime) -> Element:
    if paper.body == SECTIONS:
        sections = [*_sections(paper.lines), *(structured.section(told, now) for told in paper.coded)]
        return _cda("structuredBody", *(_cda("component", section) for section in sections))
    content = pdf(paper.title, paper.lines) if paper.body == PDF else "\n".join(paper.lines).encode("utf-8")
    media_type = "application/pdf" if paper.body == PDF else "text/plain"
    encoded = base64.b64encode(content).decode("ascii")
    return _cda("nonXMLBody", _cda("text", {"mediaType": media_type, "representation": "B64"}, encoded))


def _sections(lines: Iterable[str]) -> list[Element]:
    """``# title`` opens a section; consecutive lines with bars make a table, others a paragraph each."""
    sections: list[Element] = []
    told = table = None
    for line in lines:
        if line.startswith("# "):
            told, table = _cda("text"), None
            code = {"code": "48767-8", "codeSystem": LOINC, "displayName": "Commentaire"}
            sections.append(_cda("section", _cda("code", code), _cda("title", line[2:]), told))
        elif told is not None and " | " in line:
            if table is None:
                table = _cda("tbody")
                told.append(_cda("table", table))
            table.append(_cda("tr", *(_cda("td", cell) for cell in line.split(" | "))))
        elif told is not None:
            table = None
            told.append(_cda("paragraph", line))
    return sections
