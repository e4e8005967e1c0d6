"""ebRIM as the registry of the sandbox reads and writes it (ebRIM 3.0, IHE ITI TF-3 §4.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from uuid import uuid4

from lxml import etree

from dmp_desktop.domain import oids
from dmp_desktop.sandbox.refusals import Code, Refusal
from dmp_desktop.sandbox.registry import Entry
from dmp_desktop.sandbox.xmlio import Element, Maker, attribute, child, children, text

rim = Maker(oids.NS_RIM, "rim")
rs = Maker(oids.NS_RS, "rs")
RIM: Final = oids.NS_RIM

APPROVED: Final = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
DEPRECATED: Final = "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"
ARCHIVED: Final = "urn:asip:ci-sis:2010:StatusType:Archived"
DELETED: Final = "urn:asip:ci-sis:2010:StatusType:Deleted"

HAS_MEMBER: Final = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
REPLACES: Final = "urn:ihe:iti:2007:AssociationType:RPLC"
SIGNS: Final = "urn:ihe:iti:2007:AssociationType:signs"
UPDATE_STATUS: Final = "urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus"

SUCCESS: Final = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
FAILURE: Final = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure"
PARTIAL: Final = "urn:ihe:iti:2007:ResponseStatusType:PartialSuccess"

MASKED, NOT_PATIENT = "MASQUE_PS", "INVISIBLE_PATIENT"
NOT_REPRESENTATIVES: Final = "INVISIBLE_REPRESENTANTS_LEGAUX"
REFERENCES: Final = "urn:ihe:iti:xds:2013:referenceIdList"
_SERVER_SLOTS: Final = frozenset({"hash", "size", "repositoryUniqueId"})


def slots(parent: Element) -> dict[str, list[str]]:
    """Values of slots by name."""
    found: dict[str, list[str]] = {}
    for slot in children(parent, "Slot", RIM):
        values = [text(value) for value in children(slot, "ValueList/Value", RIM)]
        found.setdefault(attribute(slot, "name"), []).extend(values)
    return found


def slot(parent: Element, name: str) -> str:
    """The first value of a slot, ``""`` when absent."""
    return next(iter(slots(parent).get(name, [])), "")


def make_slot(name: str, *values: str) -> Element:
    """A slot."""
    return rim("Slot", {"name": name}, rim("ValueList", *(rim("Value", value) for value in values)))


def codes(parent: Element, scheme: str) -> list[tuple[str, str]]:
    """(code, system) of the classifications in a scheme."""
    return [(attribute(c, "nodeRepresentation"), slot(c, "codingScheme")) for c in classifications(parent, scheme)]


def classifications(parent: Element, scheme: str) -> list[Element]:
    """Classifications in a scheme."""
    return [c for c in children(parent, "Classification", RIM) if attribute(c, "classificationScheme") == scheme]


def identifier(parent: Element, scheme: str) -> str:
    """The external identifier in a scheme.

    :raises Refusal: there is not exactly one.
    """
    found = [
        attribute(e, "value")
        for e in children(parent, "ExternalIdentifier", RIM)
        if attribute(e, "identificationScheme") == scheme
    ]
    if len(found) != 1 or not found[0]:
        raise Refusal(Code.METADATA, "Identifiant absent ou répété")
    return found[0]


def patient_of(parent: Element, scheme: str) -> str:
    """``matricule^^^&oid&ISO^NH``: the official examples add components, which say nothing of who it is."""
    return "^".join(identifier(parent, scheme).split("^")[:5])


@dataclass(frozen=True, slots=True)
class Authors:
    """Who wrote, by their identifiers."""

    people: frozenset[str]
    structures: frozenset[str]


def authors(parent: Element, scheme: str) -> Authors:
    """Authors (XCN, XON) in a scheme."""
    people: set[str] = set()
    structures: set[str] = set()
    for found in classifications(parent, scheme):
        held = slots(found)
        people |= {value.split("^")[0] for value in held.get("authorPerson", [])}
        structures |= {(value.split("^") + [""] * 10)[9] for value in held.get("authorInstitution", [])}
    return Authors(frozenset(people - {""}), frozenset(structures - {""}))


@dataclass(frozen=True, slots=True)
class Facts:
    """What queries and rights look at in a description.

    :ivar classified: (code, system) by scheme; ``times``: slots of times.
    """

    type_code: str
    class_code: str
    confidentiality: frozenset[str]
    authors: Authors
    classified: dict[str, tuple[tuple[str, str], ...]]
    times: dict[str, str]
    author_names: tuple[str, ...]
    references: tuple[str, ...]

    @property
    def masked(self) -> bool:
        """Hidden from professionals."""
        return MASKED in self.confidentiality

    @property
    def by_patient(self) -> bool:
        """Filed by the person."""
        return self.class_code == "90" or self.type_code.startswith("DOCPAT")


def facts(element: Element) -> Facts:
    """Read a description."""
    classified: dict[str, list[tuple[str, str]]] = {}
    for found in children(element, "Classification", RIM):
        pair = (attribute(found, "nodeRepresentation"), slot(found, "codingScheme"))
        classified.setdefault(attribute(found, "classificationScheme"), []).append(pair)
    names = [v for c in classifications(element, oids.XDS_ENTRY_AUTHOR) for v in slots(c).get("authorPerson", [])]
    held = slots(element)
    return Facts(
        type_code=next((code for code, _ in classified.get(oids.XDS_ENTRY_TYPE, [])), ""),
        class_code=next((code for code, _ in classified.get(oids.XDS_ENTRY_CLASS, [])), ""),
        confidentiality=frozenset(code for code, _ in classified.get(oids.XDS_ENTRY_CONFIDENTIALITY, [])),
        authors=authors(element, oids.XDS_ENTRY_AUTHOR),
        classified={scheme: tuple(pairs) for scheme, pairs in classified.items()},
        times={name: held.get(name, [""])[0] for name in ("creationTime", "serviceStartTime", "serviceStopTime")},
        author_names=tuple(names),
        references=tuple(held.get(REFERENCES, [])),
    )


@lru_cache(maxsize=4096)
def facts_of(xml: bytes) -> Facts:
    """The facts of a stored description."""
    return facts(etree.fromstring(xml))


def register(
    element: Element, *, lid: str, version: int, size: int, sha1: str, status: str = APPROVED
) -> tuple[str, bytes]:
    """A description as the registry keeps it: its own identifiers, its hash and size, its version.

    :param lid: logical id, ``""`` for a new document.
    :returns: its entryUUID, and its XML.
    """
    made = etree.fromstring(etree.tostring(element))
    uuid = f"urn:uuid:{uuid4()}"
    for name in ("id", "lid", "status", "isOpaque"):
        made.attrib.pop(name, "")
    made.set("id", uuid)
    made.set("isOpaque", "false")
    made.set("lid", lid or uuid)
    made.set("status", status)
    for old in children(made, "Slot", RIM):
        if attribute(old, "name") in _SERVER_SLOTS:
            made.remove(old)
    for old in children(made, "VersionInfo", RIM):
        made.remove(old)
    for held in (
        make_slot("hash", sha1),
        make_slot("repositoryUniqueId", oids.DMP_REPOSITORY),
        make_slot("size", str(size)),
    ):
        made.insert(0, held)
    place = next(
        (i for i, part in enumerate(made) if part.tag in {f"{{{RIM}}}Classification", f"{{{RIM}}}ExternalIdentifier"}),
        len(made),
    )
    made.insert(place, rim("VersionInfo", {"versionName": str(version)}))
    _own(made, uuid)
    return uuid, etree.tostring(made)


def register_package(element: Element) -> tuple[str, bytes]:
    """A submission as the registry keeps it: its uuid, and its XML."""
    made = etree.fromstring(etree.tostring(element))
    uuid = f"urn:uuid:{uuid4()}"
    made.set("id", uuid)
    made.set("lid", uuid)
    made.set("status", APPROVED)
    _own(made, uuid)
    return uuid, etree.tostring(made)


def link(kind: str, source: str, target: str, *held: Element) -> tuple[str, bytes]:
    """An association: its uuid, and its XML."""
    uuid = f"urn:uuid:{uuid4()}"
    made = rim(
        "Association",
        {"id": uuid, "lid": uuid, "associationType": kind, "sourceObject": source, "targetObject": target},
        {"status": APPROVED},
        *held,
    )
    return uuid, etree.tostring(made)


def describe(entry: Entry) -> Element:
    """The description of a document, in its present status."""
    made = etree.fromstring(entry.xml)
    made.set("status", entry.status)
    return made


def reference(uuid: str) -> Element:
    """An ``ObjectRef``."""
    return rim("ObjectRef", {"id": uuid})


def errors(found: Iterable[Refusal]) -> Element | None:
    """A list of registry errors, ``None`` when there is none."""
    made = [
        rs(
            "RegistryError",
            {
                "errorCode": refusal.store_code,
                "codeContext": refusal.store_text,
                "severity": "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Error",
            },
        )
        for refusal in found
    ]
    return rs("RegistryErrorList", *made) if made else None


def response(*refusals: Refusal) -> Element:
    """The answer to a submission."""
    return rs("RegistryResponse", {"status": FAILURE if refusals else SUCCESS}, errors(refusals))


def _own(made: Element, uuid: str) -> None:
    """Every part gets an identifier of its own and names its owner."""
    for part in children(made, "Classification", RIM):
        part.set("id", f"urn:uuid:{uuid4()}")
        part.set("classifiedObject", uuid)
    for part in children(made, "ExternalIdentifier", RIM):
        part.set("id", f"urn:uuid:{uuid4()}")
        part.set("registryObject", uuid)


def title(element: Element) -> str:
    """Its name."""
    return attribute(child(element, "Name/LocalizedString", RIM), "value")
