"""The official schemas and examples, and a comparison of two messages element by element."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from lxml import etree

HL7 = "urn:hl7-org:v3"
SOAP = "http://www.w3.org/2003/05/soap-envelope"
_XSI_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


def schema(reference: Path, interaction: str) -> etree.XMLSchema:
    """The NE2009 schema of an interaction."""
    folder = reference / "dmp/schema/HL7V3/NE2009/multicacheschemas"
    return etree.XMLSchema(etree.parse(str(folder / f"{interaction}.xsd")))


def wsdl_schema(reference: Path, wsdl: str) -> etree.XMLSchema:
    """The schema that a WSDL holds, its imports resolved beside it."""
    path = reference / "dmp/wsdl" / wsdl
    found = etree.parse(str(path)).find(".//{http://www.w3.org/2001/XMLSchema}schema")
    assert found is not None
    text = etree.tostring(found)
    return etree.XMLSchema(etree.fromstring(text, base_url=path.as_uri()))


def insi_schema(reference: Path, name: str) -> etree.XMLSchema:
    """A schema of INSi."""
    return etree.XMLSchema(etree.parse(str(reference / "dmp/insi" / name)))


def validate(xsd: etree.XMLSchema, element: etree._Element) -> list[str]:
    """What the schema finds wrong with ``element``, on its own."""
    alone = etree.fromstring(etree.tostring(element))
    xsd.validate(alone)
    return [f"{error.line}: {error.message}" for error in xsd.error_log]


def example(reference: Path, name: str) -> etree._Element:
    """An official example. Some are not of the charset they declare."""
    data = (reference / "dmp/messages" / name).read_bytes()
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", data.decode("utf-8", "replace"))
    return etree.fromstring(text.encode("utf-8"))


def body(envelope: etree._Element) -> etree._Element:
    """The one element of the body."""
    found = envelope.find(f"{{{SOAP}}}Body")
    assert found is not None
    return found[0]


def assertion(envelope: etree._Element) -> etree._Element:
    """The SAML assertion."""
    found = next(envelope.iter("{urn:oasis:names:tc:SAML:2.0:assertion}Assertion"))
    assert found is not None
    return found


def paths(root: etree._Element, *, ignore_nil: bool = True) -> Counter[str]:
    """Every element as its path, and every attribute as ``path/@name``. Names of attributes of SAML are kept apart."""
    counted: Counter[str] = Counter()

    def walk(element: etree._Element, above: str) -> None:
        if not isinstance(element.tag, str) or (ignore_nil and element.get(_XSI_NIL) == "true"):
            return
        name = etree.QName(element).localname
        if name == "Attribute":
            name += f"[{element.get('Name')}]"
        here = f"{above}/{name}"
        counted[here] += 1
        for attribute in element.attrib:
            counted[f"{here}/@{etree.QName(str(attribute)).localname}"] += 1
        for child in element:
            walk(child, here)

    walk(root, "")
    return counted


def differences(ours: etree._Element, theirs: etree._Element) -> tuple[set[str], set[str]]:
    """Paths that only one side has (or has more often): ``(only ours, only theirs)``."""
    left, right = paths(ours), paths(theirs)
    return set(left - right), set(right - left)
