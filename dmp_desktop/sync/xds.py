"""Parts every ebXML registry message is made of (ebRIM 3.0 as IHE XDS.b uses it), written and read.

Times are UTC ``yyyyMMddHHmmss``. Identifiers and people are HL7 v2 values (CX, XCN, XON), whose separators are escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from lxml import etree

from dmp_desktop.domain import oids
from dmp_desktop.domain.document import DocumentAuthor
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.oids import NS_RIM
from dmp_desktop.domain.terminology import Code
from dmp_desktop.sync.errors import UnsendableValue
from dmp_desktop.sync.soap import node

RIM: Final = f"{{{NS_RIM}}}"
_VALUES: Final = f"{RIM}ValueList/{RIM}Value"
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_ESCAPES: Final = {"\\": "\\E\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\", "|": "\\F\\"}
_UNESCAPES: Final = {escape: char for char, escape in _ESCAPES.items()}
_ESCAPED: Final = re.compile(r"\\[ESTRF]\\")
_LONGEST_VALUE: Final = 256
_LONGEST_TEXT: Final = 1024
_TIME: Final = re.compile(r"[0-9]{4}(?:[0-9]{2}){0,5}")


# -- values -----------------------------------------------------------------------------------------------------------


def utc(moment: datetime) -> str:
    """``20210604135051``, in UTC. ``moment`` is aware."""
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def moment(text: str) -> datetime | None:
    """The instant of an XDS time (from year to second, filled up with its least), or ``None`` for anything else."""
    text = text.strip()
    if not _TIME.fullmatch(text):
        return None
    padded = text + "00000101000000"[len(text) :]
    try:
        parts = [int(padded[at : at + 2]) for at in range(4, 14, 2)]
        return datetime(int(padded[:4]), parts[0], parts[1], parts[2], parts[3], parts[4], tzinfo=UTC)
    except ValueError:
        return None


def escape(text: str) -> str:
    """Text as a component of an HL7 v2 value: on one line, separators escaped."""
    return "".join(_ESCAPES.get(c, c) for c in " ".join(text.split()))


def unescape(text: str) -> str:
    """The text of a component."""
    return _ESCAPED.sub(lambda found: _UNESCAPES[found.group()], text)


def patient_id(ins: Ins) -> str:
    """CX of a patient: ``<matricule>^^^&<oid>&ISO^NH``."""
    return f"{ins.value}^^^&{ins.oid}&ISO^NH"


def person(author: DocumentAuthor) -> str:
    """XCN of an author: ``id^FAMILY^GIVEN^^^^^^&oid&ISO^D^^^IDNPS``."""
    names = f"{escape(author.id)}^{escape(author.family)}^{escape(author.given)}"
    return f"{names}^^^^^^&{author.id_domain}&ISO^D^^^{author.id_kind}"


def institution(author: DocumentAuthor) -> str:
    """XON of a structure: ``NAME^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^id``."""
    return f"{escape(author.structure_name)}^^^^^&{oids.STRUCTURE_ID}&ISO^IDNST^^^{escape(author.structure)}"


def speciality(code: Code) -> str:
    """``G15_10/SM26^label^oid``."""
    return f"{escape(code.value)}^{escape(code.label)}^{code.system}"


def read_author(
    person_text: str, speciality_text: str = "", institution_text: str = "", role: str = ""
) -> DocumentAuthor:
    """An author from the texts of a registry; what is missing stays empty."""
    xcn, xon = _components(person_text, 13), _components(institution_text, 10)
    code = _components(speciality_text, 3)
    return DocumentAuthor(
        id=unescape(xcn[0]),
        family=unescape(xcn[1]),
        given=unescape(xcn[2]),
        id_domain=_domain(xcn[8]),
        id_kind=xcn[12],
        role=role,
        speciality=Code(unescape(code[0]), code[2], unescape(code[1])) if code[0] else None,
        structure=unescape(xon[9]),
        structure_name=unescape(xon[0]),
    )


def _components(text: str, count: int) -> list[str]:
    parts = text.split("^")
    return parts + [""] * (count - len(parts))


def _domain(hierarchic: str) -> str:
    parts = hierarchic.split("&")
    return parts[1] if len(parts) > 1 else ""


# -- writing ----------------------------------------------------------------------------------------------------------


class Ids:
    """Numbers the classifications and identifiers of one message."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def next(self, prefix: str) -> str:
        """``cla1``, ``cla2``…"""
        self._counts[prefix] = self._counts.get(prefix, 0) + 1
        return f"{prefix}{self._counts[prefix]}"


def add_slot(parent: etree._Element, name: str, values: Iterable[str]) -> None:
    """A slot with its values.

    :raises UnsendableValue: a value is longer than ebRIM allows (256 characters).
    """
    holder = node(node(parent, f"{RIM}Slot", None, name=name), "ValueList")
    for value in values:
        if len(value) > _LONGEST_VALUE:
            raise UnsendableValue("a value longer than the registry takes", part=name)
        node(holder, "Value", value)


def add_text(parent: etree._Element, tag: str, text: str) -> None:
    """``Name`` or ``Description``, in French; nothing for an empty text.

    :raises UnsendableValue: the text is longer than ebRIM allows (1024 characters).
    """
    if len(text) > _LONGEST_TEXT:
        raise UnsendableValue("a text longer than the registry takes", part=tag)
    if text:
        node(node(parent, f"{RIM}{tag}"), "LocalizedString", None, **{_LANG: "FR", "charset": "UTF8", "value": text})


def add_code(parent: etree._Element, ids: Ids, scheme: str, owner: str, code: Code) -> None:
    """A coded classification of ``owner``."""
    found = node(
        parent,
        f"{RIM}Classification",
        None,
        id=ids.next("cla"),
        classificationScheme=scheme,
        classifiedObject=owner,
        nodeRepresentation=code.value,
    )
    add_slot(found, "codingScheme", [code.system])
    add_text(found, "Name", code.label or code.value)


def add_author(parent: etree._Element, ids: Ids, scheme: str, owner: str, author: DocumentAuthor) -> None:
    """The author of ``owner``. The registry asks for a ``nodeRepresentation``, which an author does not have."""
    found = node(
        parent,
        f"{RIM}Classification",
        None,
        id=ids.next("cla"),
        classificationScheme=scheme,
        classifiedObject=owner,
        nodeRepresentation="",
    )
    add_slot(found, "authorPerson", [person(author)])
    if author.role:
        add_slot(found, "authorRole", [author.role])
    if author.speciality:
        add_slot(found, "authorSpecialty", [speciality(author.speciality)])
    if author.structure:
        add_slot(found, "authorInstitution", [institution(author)])


def add_identifier(parent: etree._Element, ids: Ids, scheme: str, owner: str, name: str, value: str) -> None:
    """An external identifier of ``owner``."""
    found = node(
        parent,
        f"{RIM}ExternalIdentifier",
        None,
        id=ids.next("ei"),
        identificationScheme=scheme,
        registryObject=owner,
        value=value,
    )
    add_text(found, "Name", name)


# -- reading ----------------------------------------------------------------------------------------------------------


def slots(parent: etree._Element) -> dict[str, tuple[str, ...]]:
    """Slots by name, values as received, blanks around them removed."""
    found: dict[str, tuple[str, ...]] = {}
    for slot in parent.findall(f"{RIM}Slot"):
        name = slot.get("name", "")
        values = tuple([(value.text or "").strip() for value in slot.findall(_VALUES)])
        found[name] = found[name] + values if name in found else values
    return found


def first(found: dict[str, tuple[str, ...]], name: str) -> str:
    """The first value of a slot, or ``""``."""
    values = found.get(name, ())
    return values[0] if values else ""


def text(parent: etree._Element, tag: str) -> str:
    """The text of ``Name`` or ``Description``."""
    found = parent.find(f"{RIM}{tag}/{RIM}LocalizedString")
    return found.get("value", "") if found is not None else ""


def classifications(parent: etree._Element) -> dict[str, list[etree._Element]]:
    """Classifications by scheme, in their order."""
    found: dict[str, list[etree._Element]] = {}
    for item in parent.findall(f"{RIM}Classification"):
        found.setdefault(item.get("classificationScheme", ""), []).append(item)
    return found


def codes(found: Iterable[etree._Element]) -> tuple[Code, ...]:
    """Coded classifications, as received."""
    return tuple(
        Code(item.get("nodeRepresentation", ""), first(slots(item), "codingScheme"), text(item, "Name"))
        for item in found
    )


def authors(found: Iterable[etree._Element]) -> tuple[DocumentAuthor, ...]:
    """Classifications of authors, read."""
    read = []
    for item in found:
        held = slots(item)
        read.append(
            read_author(
                first(held, "authorPerson"),
                first(held, "authorSpecialty"),
                first(held, "authorInstitution"),
                first(held, "authorRole"),
            )
        )
    return tuple(read)


def identifier(parent: etree._Element, scheme: str) -> str:
    """The external identifier in ``scheme``, or ``""``."""
    return next(
        (
            (found.get("value") or "").strip()
            for found in parent.findall(f"{RIM}ExternalIdentifier")
            if found.get("identificationScheme") == scheme
        ),
        "",
    )
