"""Fictional documents about fictional people."""

from __future__ import annotations

import io
from datetime import timedelta

from helpers import wire_world

from dmp_desktop.domain import terminology
from dmp_desktop.domain.document import DocumentContent, MediaType, NewDocument, Replaced, Submission, Visibility
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import BirthDate, Identity, InsStatus, Sex, Traits
from dmp_desktop.domain.terminology import Code
from dmp_desktop.sync import cda
from dmp_desktop.sync.cda import Custodian

ODILE = Identity(
    Traits("LAVANDIN-GENÊT", ("ODILE", "MARIE"), Sex.FEMALE, BirthDate("19790523"), "99000", used_name="CORNICHE"),
    InsStatus.QUALIFIED,
    wire_world.ODILE,
)
GHJULIA = Identity(
    Traits("CASANOVA-LECCIA", ("GHJULIA",), Sex.FEMALE, BirthDate("19880731"), "2A004"),
    InsStatus.QUALIFIED,
    wire_world.GHJULIA,
)
CUSTODIAN = Custodian(
    "499700000017001",
    "Cabinet des Trois-Tilleuls",
    "SA07",
    ("4 rue de l’Exemple", "99000 Villeneuve-l’Exemple"),
)
DOCTOR = cda.author_of(wire_world.BRINDILLE, wire_world.SITUATION)
DESK = cda.author_of(wire_world.PAPIER, wire_world.SITUATION)
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><pdfaid:part>1</pdfaid:part></x:xmpmeta>'
PDF = b"%PDF-1.4\n" + XMP + b"\n%%EOF\n"
SOURCE = "1.2.250.1.999.1.1"


def content(data: bytes = PDF, media: MediaType = MediaType.PDF) -> DocumentContent:
    """Bytes as a content."""
    return DocumentContent(media, len(data), lambda: io.BytesIO(data))


def document(
    type_code: str = "11488-4",
    *,
    number: int = 1,
    body: DocumentContent | None = None,
    title: str = "Compte rendu de consultation",
    visibility: Visibility | None = None,
    replaces: Replaced | None = None,
    events: tuple[Code, ...] = (),
    orders: tuple[tuple[str, str], ...] = (),
    by_desk: bool = False,
) -> NewDocument:
    """A document of the most ordinary kind."""
    return NewDocument(
        unique_id=f"{SOURCE}.3.{number}",
        set_id=replaces.set_id if replaces else f"{SOURCE}.2.{number}",
        title=title,
        type_code=terminology.table(terminology.TYPE).require(type_code),
        content=body or content(),
        created_at=wire_world.NOW - timedelta(minutes=10),
        service_start=wire_world.NOW - timedelta(minutes=40),
        service_stop=wire_world.NOW - timedelta(minutes=20),
        comments="Consultation & suivi",
        visibility=visibility or Visibility(),
        events=events,
        orders=orders,
        author=DOCTOR if by_desk else None,
        replaces=replaces,
    )


def submission(*documents: NewDocument, number: int = 1) -> Submission:
    """A submission of these documents, or of one."""
    return Submission(
        f"{SOURCE}.1.{number}", f"{SOURCE}.4.{number}", "Consultation du jour", documents or (document(),)
    )


def ins(identity: Identity = ODILE) -> Ins:
    """The INS of an identity that has one."""
    assert identity.ins is not None
    return identity.ins
