"""A document against its description: what a store checks of a CDA (CI-SIS structuration minimale)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from dmp_desktop.domain import oids
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.sandbox import ebrim
from dmp_desktop.sandbox.refusals import Code, Refusal
from dmp_desktop.sandbox.xmlio import Element, attribute, child, children, text

_DEMANDED: Final = (
    "realmCode",
    "typeId",
    "id",
    "code",
    "title",
    "effectiveTime",
    "confidentialityCode",
    "languageCode",
    "setId",
    "versionNumber",
    "recordTarget",
    "author",
    "custodian",
    "legalAuthenticator",
    "documentationOf",
    "componentOf",
    "component",
)
_TEMPLATES: Final = frozenset({"2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.1"})


def moment(value: str) -> datetime:
    """An XDS time (UTC, to the second).

    :raises Refusal: when it is none.
    """
    try:
        return datetime.strptime(value, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        raise Refusal(Code.METADATA, "Date illisible") from None


def check_document(root: Element, entry: Element, facts: ebrim.Facts, ins: Ins) -> None:
    """Check a CDA and what its description says of it.

    :raises Refusal: the header is not complete, or they differ.
    """
    if root.tag != f"{{{oids.NS_HL7}}}ClinicalDocument":
        raise Refusal(Code.NOT_CONFORM, "Document CDA R2 attendu")
    for name in _DEMANDED:
        found = child(root, name)
        if found is None or found.get("nullFlavor") is not None:
            raise Refusal(Code.NOT_CONFORM, f"Élément absent de l’en-tête : {name}")
    if not {attribute(t, "root") for t in children(root, "templateId")} >= _TEMPLATES:
        raise Refusal(Code.NOT_CONFORM, "templateId du CI-SIS absents")
    if attribute(child(root, "confidentialityCode"), "code") not in {"N", "R", "V"}:
        raise Refusal(Code.NOT_CONFORM, "confidentialityCode N, R ou V attendu")
    identifier = child(root, "id")
    if attribute(identifier, "extension"):
        raise Refusal(Code.NOT_CONFORM, "Identifiant de document en OID seul attendu")
    people = {attribute(i, "extension") for i in children(root, "author/assignedAuthor/id")}
    patients = {
        (attribute(i, "extension"), attribute(i, "root")) for i in children(root, "recordTarget/patientRole/id")
    }
    for same, what in (
        (attribute(identifier, "root") == ebrim.identifier(entry, oids.XDS_ENTRY_UNIQUE_ID), "uniqueId"),
        (attribute(child(root, "code"), "code") == facts.type_code, "typeCode"),
        (text(child(root, "title")) == ebrim.title(entry), "title"),
        (attribute(child(root, "languageCode"), "code") == ebrim.slot(entry, "languageCode"), "languageCode"),
        (_utc(attribute(child(root, "effectiveTime"), "value")) == facts.times["creationTime"], "creationTime"),
        (facts.authors.people <= people, "author"),
        ((ins.value, ins.oid) in patients, "patientId"),
    ):
        if not same:
            raise Refusal(Code.CONTENT_DIFFERS, f"Métadonnée différente du document : {what}")


def _utc(value: str) -> str:
    """``20261122040000+0100`` as XDS writes it; ``""`` for anything else."""
    try:
        return datetime.strptime(value, "%Y%m%d%H%M%S%z").astimezone(UTC).strftime("%Y%m%d%H%M%S")
    except ValueError:
        return ""
