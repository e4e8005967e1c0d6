"""Files the documents of :mod:`.library` into a new store, dated from its first day."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from dmp_desktop.domain import oids, terminology
from dmp_desktop.domain.terminology import Code
from dmp_desktop.sandbox import ebrim
from dmp_desktop.sandbox.ebrim import make_slot, rim
from dmp_desktop.sandbox.library import PAPERS
from dmp_desktop.sandbox.outsiders import LABORATOIRE, OUTSIDERS, RADIOLOGUE
from dmp_desktop.sandbox.paper import ANS, PATIENT, SECTIONS, TEXT, Paper
from dmp_desktop.sandbox.papers import Writer, document
from dmp_desktop.sandbox.people import BRINDILLE, GABARIT, OFFICINAL, FictionalPerson, everyone
from dmp_desktop.sandbox.registry import Batch, Content, Entry, Link, Package
from dmp_desktop.sandbox.xmlio import Element

# An arc of test of the national authority, as in its own examples.
_ROOT = "1.2.250.1.999.1.1.9970"
_FR = {"{http://www.w3.org/XML/1998/namespace}lang": "FR", "charset": "UTF8"}
_FORMATS = {
    "11502-2": "urn:ihe:lab:xd-lab:2008",
    "57833-6": "urn:ihe:pharm:pre:2010",
}
_STATUSES = {"": ebrim.APPROVED, "archived": ebrim.ARCHIVED, "deleted": ebrim.DELETED}


def seed(people: Iterable[FictionalPerson], now: datetime, papers: Sequence[Paper] = PAPERS) -> Batch:
    """Every one of these documents, in lots, the oldest first."""
    known = {person.key: person for person in people}
    entries: dict[str, Entry] = {}
    packages: dict[str, Package] = {}
    links: list[Link] = []
    contents: dict[str, Content] = {}
    numbers = {paper.key: number for number, paper in enumerate(papers, 1)}
    for paper in sorted(papers, key=lambda paper: -paper.days):
        if paper.owner not in known:
            continue
        person, at = known[paper.owner], now - timedelta(days=paper.days)
        writer = _writer(paper, person)
        content = contents[paper.copy_of].bytes if paper.copy_of else _content(paper, person, writer, at, now, numbers)
        entry = _entry(paper, person, writer, at, f"{_ROOT}.1.{numbers[paper.key]}", content)
        lot = f"{paper.owner} {paper.lot or paper.key}"
        if lot not in packages:
            packages[lot] = _package(paper, person, writer, at, f"{_ROOT}.2.{numbers[paper.key]}")
        entries[paper.key] = entry
        contents[paper.key] = Content(entry.unique_id, "text/xml", content)
        links.append(_link(ebrim.HAS_MEMBER, packages[lot].uuid, entry.uuid))
        if paper.replaces:
            links.append(_link(ebrim.REPLACES, entry.uuid, entries[paper.replaces].uuid))
    replaced = {entries[p.replaces].uuid: ebrim.DEPRECATED for p in papers if p.replaces in entries}
    return Batch(tuple(entries.values()), tuple(packages.values()), tuple(links), tuple(contents.values()), replaced)


def crowd(owner: str, count: int) -> tuple[Paper, ...]:
    """So many small documents of one person over thirty months, for benches: never part of an ordinary sandbox."""
    kinds = (
        ("11488-4", "Compte rendu de consultation", BRINDILLE),
        ("11502-2", "Bilan biologique", LABORATOIRE),
        ("57833-6", "Ordonnance de médicaments", GABARIT),
        ("18748-4", "Radiographie", RADIOLOGUE),
        ("60593-1", "Dispensation médicamenteuse", OFFICINAL),
    )
    return tuple(
        Paper(
            f"{owner}-{number}",
            owner,
            1 + number * 900 // count,
            type_code,
            f"{title} {number}",
            author,
            (f"Document fictif numéro {number}.", "Texte court pour la recherche."),
            TEXT,
        )
        for number in range(count)
        for type_code, title, author in (kinds[number % len(kinds)],)
    )


def _writer(paper: Paper, person: FictionalPerson) -> Writer:
    if paper.author == PATIENT:
        traits = person.traits
        name = (traits.birth_name, traits.first_given_name)
        return Writer(person.ins.value, person.ins.oid, "NH", *name, "", "", "", "", "SA07")
    if paper.author in OUTSIDERS:
        out = OUTSIDERS[paper.author]
        label = terminology.table(terminology.SPECIALITY).code(out.speciality).label
        place = (out.structure, out.structure_name, out.sector)
        return Writer(out.id, oids.PS_ID, "IDNPS", out.family, out.given, out.speciality, label, *place)
    profile = next(p for p in everyone() if p.professional.id.value == paper.author)
    who, where = profile.professional, profile.situations[0]
    line = f"G15_{who.profession}/{who.speciality}" if who.profession == "10" else f"G15_{who.profession}"
    label = terminology.table(terminology.SPECIALITY).code(line).label or who.profession_label
    names = (who.family, who.given, line, label)
    return Writer(who.id.value, oids.PS_ID, "IDNPS", *names, where.structure.value, where.name, where.sector)


def _content(
    paper: Paper, person: FictionalPerson, writer: Writer, at: datetime, now: datetime, numbers: dict[str, int]
) -> bytes:
    first = paper.replaces or paper.key
    return document(
        paper,
        unique_id=f"{_ROOT}.1.{numbers[paper.key]}",
        set_id=f"{_ROOT}.3.{numbers[first]}",
        version=2 if paper.replaces else 1,
        label=_type(paper).label,
        ins=person.ins.value,
        traits=person.traits,
        writer=writer,
        at=at,
        now=now,
        replaced=f"{_ROOT}.1.{numbers[paper.replaces]}" if paper.replaces else "",
    )


def _type(paper: Paper) -> Code:
    return terminology.table(terminology.TYPE).code(paper.type, paper.system)


def _entry(
    paper: Paper, person: FictionalPerson, writer: Writer, at: datetime, unique_id: str, content: bytes
) -> Entry:
    cx = f"{person.ins.value}^^^&{person.ins.oid}&ISO^NH"
    traits, time = person.traits, at.strftime("%Y%m%d%H%M%S")
    xcn = _xcn(writer)
    type_code = _type(paper)
    by_patient = paper.author == PATIENT
    formats = {SECTIONS: _FORMATS.get(paper.type, "urn:ihe:pcc:xds-ms:2007"), TEXT: "urn:ihe:iti:xds-sd:text:2008"}
    format_code = formats.get(paper.body, "urn:ihe:iti:xds-sd:pdf:2008")
    practice = OUTSIDERS[paper.author].practice if paper.author in OUTSIDERS else "AMBULATOIRE"
    setting = ("EXP_PATIENT", oids.AUTHOR_OTHER) if by_patient else (practice, "")
    classes = terminology.table(terminology.CLASS)
    class_code = terminology.class_of(type_code) or classes.require("90" if by_patient else "10")
    coded = [
        (
            oids.XDS_ENTRY_CLASS,
            class_code,
        ),
        (oids.XDS_ENTRY_TYPE, type_code),
        *((oids.XDS_ENTRY_CONFIDENTIALITY, _code(terminology.CONFIDENTIALITY, code)) for code in ("N", *paper.hidden)),
        (oids.XDS_ENTRY_FORMAT, _code(terminology.FORMAT, format_code)),
        (oids.XDS_ENTRY_FACILITY, _code(terminology.FACILITY, writer.sector)),
        (oids.XDS_ENTRY_PRACTICE, terminology.table(terminology.PRACTICE).code(*setting)),
        *((oids.XDS_ENTRY_EVENT, Code(*event)) for event in paper.events),
    ]
    element = rim(
        "ExtrinsicObject",
        {"id": "seed", "mimeType": "text/xml", "objectType": oids.XDS_ENTRY},
        make_slot("creationTime", time),
        make_slot("languageCode", "fr-FR"),
        make_slot("legalAuthenticator", xcn),
        make_slot("serviceStartTime", (at - timedelta(days=paper.lasted)).strftime("%Y%m%d%H%M%S")),
        *([make_slot("serviceStopTime", time)] if paper.lasted else []),
        make_slot("sourcePatientId", cx),
        make_slot(
            "sourcePatientInfo",
            f"PID-5|{traits.birth_name}^{traits.first_given_name}^^^^^L",
            f"PID-7|{traits.birth_date.raw}",
            f"PID-8|{traits.sex.value}",
        ),
        _named("Name", paper.title),
        _author(oids.XDS_ENTRY_AUTHOR, writer),
        *(_classified(scheme, code) for scheme, code in coded),
        _identified(oids.XDS_ENTRY_PATIENT_ID, "XDSDocumentEntry.patientId", cx),
        _identified(oids.XDS_ENTRY_UNIQUE_ID, "XDSDocumentEntry.uniqueId", unique_id),
    )
    sha1 = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    status = _STATUSES[paper.status]
    uuid, xml = ebrim.register(element, lid="", version=1, size=len(content), sha1=sha1, status=status)
    return Entry(uuid, uuid, 1, unique_id, person.ins.value, status, True, at.isoformat(), xml)


def _package(paper: Paper, person: FictionalPerson, writer: Writer, at: datetime, unique_id: str) -> Package:
    cx = f"{person.ins.value}^^^&{person.ins.oid}&ISO^NH"
    element = rim(
        "RegistryPackage",
        {"id": "seed"},
        make_slot("submissionTime", at.strftime("%Y%m%d%H%M%S")),
        _named("Name", paper.title),
        _author(oids.XDS_SET_AUTHOR, writer),
        rim("Classification", {"id": "seed", "classificationNode": oids.XDS_SET, "classifiedObject": "seed"}),
        _identified(oids.XDS_SET_PATIENT_ID, "XDSSubmissionSet.patientId", cx),
        _identified(oids.XDS_SET_SOURCE_ID, "XDSSubmissionSet.sourceId", _ROOT),
        _identified(oids.XDS_SET_UNIQUE_ID, "XDSSubmissionSet.uniqueId", unique_id),
    )
    uuid, xml = ebrim.register_package(element)
    return Package(uuid, unique_id, person.ins.value, at.isoformat(), xml)


def _link(kind: str, source: str, target: str) -> Link:
    held = [make_slot("SubmissionSetStatus", "Original")] if kind == ebrim.HAS_MEMBER else []
    uuid, xml = ebrim.link(kind, source, target, *held)
    return Link(uuid, kind, source, target, xml)


def _xcn(writer: Writer) -> str:
    return f"{writer.id}^{writer.family}^{writer.given}^^^^^^&{writer.domain}&ISO^D^^^{writer.kind}"


def _author(scheme: str, writer: Writer) -> Element:
    held = [make_slot("authorPerson", _xcn(writer))]
    if writer.speciality:
        line = f"{writer.speciality}^{writer.speciality_label}^{oids.AUTHOR_SPECIALITY}"
        held.append(make_slot("authorSpecialty", line))
    if writer.structure:
        xon = f"{writer.structure_name}^^^^^&{oids.STRUCTURE_ID}&ISO^IDNST^^^{writer.structure}"
        held.append(make_slot("authorInstitution", xon))
    head = {"id": "seed", "classificationScheme": scheme, "classifiedObject": "seed", "nodeRepresentation": ""}
    return rim("Classification", head, *held)


def _code(table: str, value: str) -> Code:
    return terminology.table(table).code(value, "", value)


def _classified(scheme: str, code: Code) -> Element:
    return rim(
        "Classification",
        {
            "id": "seed",
            "classificationScheme": scheme,
            "classifiedObject": "seed",
            "nodeRepresentation": code.value,
        },
        make_slot("codingScheme", code.system or ANS),
        _named("Name", code.text),
    )


def _identified(scheme: str, name: str, value: str) -> Element:
    head = {"id": "seed", "identificationScheme": scheme, "registryObject": "seed", "value": value}
    return rim("ExternalIdentifier", head, _named("Name", name))


def _named(tag: str, value: str) -> Element:
    return rim(tag, rim("LocalizedString", {**_FR, "value": value}))
