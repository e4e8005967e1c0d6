"""What the HL7 V3 messages of the DMP share: the frame of a request, the reading of an answer.

NE2009 schemas of the interface package (v2.01.04), examples v02.05.00. Pure: values to elements, elements to values.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from lxml import etree

from dmp_desktop.domain import oids
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.oids import NS_HL7, NS_XSI
from dmp_desktop.sync.disputed import Disputed
from dmp_desktop.sync.errors import UnexpectedAnswer, WrongMessage, WrongPatient, refused
from dmp_desktop.sync.soap import element, node
from dmp_desktop.sync.vihf import Software

_TIME: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?(?:\.\d+)?)?(?:([+-])(\d{2})(\d{2}))?")
_NIL: Final = f"{{{NS_XSI}}}nil"
_TYPE: Final = f"{{{NS_XSI}}}type"


@dataclass(frozen=True, slots=True)
class Frame:
    """Identity and time of one message.

    :ivar message: extension of its ``id``, which the acknowledgement must repeat; ``query``: the same for a query.
    """

    software: Software
    at: datetime
    message: str
    query: str
    disputed: Disputed

    @classmethod
    def new(cls, software: Software, at: datetime, disputed: Disputed) -> Frame:
        """A frame with fresh ids."""
        return cls(software, at, str(uuid.uuid4()), str(uuid.uuid4()), disputed)


def message(frame: Frame, interaction: str) -> etree._Element:
    """The root of ``interaction`` with its transmission part; its control act is to be added."""
    root = element(f"{{{NS_HL7}}}{interaction}", {None: NS_HL7, "xsi": NS_XSI})
    root.set("ITSVersion", "XML_1.0")
    node(root, "id", None, root=f"{frame.software.oid}.1.1", extension=frame.message)
    node(root, "creationTime", None, value=stamp(frame.at))
    node(root, "interactionId", None, root=oids.HL7_INTERACTION, extension=interaction)
    node(root, "processingCode", None, code=frame.disputed.processing_code)
    node(root, "processingModeCode", None, code="T")
    node(root, "acceptAckCode", None, code="AL")
    for role, kind, oid, name in (
        ("receiver", "RCV", oids.DMP_RECEIVER, "DMP"),
        ("sender", "SND", frame.software.oid, frame.software.name),
    ):
        device = node(node(root, role, None, typeCode=kind), "device", None, classCode="DEV", determinerCode="INSTANCE")
        node(device, "id", None, root=oid)
        node(device, "softwareName", name)
    return root


def control_act(root: etree._Element, reason: str, label: str) -> etree._Element:
    """Add the control act with its reason (table 1.2.250.1.213.1.1.4.11)."""
    act = node(root, "controlActProcess", None, classCode="CACT", moodCode="EVN")
    node(act, "reasonCode", None, code=reason, codeSystem=oids.REASON, displayName=label)
    return act


def typed(parent: etree._Element, tag: str, kind: str, **attributes: str) -> etree._Element:
    """An element whose HL7 data type is said by ``xsi:type``."""
    return node(parent, tag, None, **{_TYPE: kind}, **attributes)


def nil(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    """A compulsory element that says nothing."""
    return node(parent, tag, None, **{_NIL: "true"}, **attributes)


def stamp(moment: datetime) -> str:
    """``yyyyMMddHHmmss`` in UTC."""
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def moment(text: str) -> datetime | None:
    """An HL7 time as an aware UTC moment (a time without offset is UTC), or ``None`` when it is not one."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, sign, off_hours, off_minutes = match.groups()
    try:
        offset = timedelta(hours=int(off_hours or 0), minutes=int(off_minutes or 0)) * (-1 if sign == "-" else 1)
        return datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=timezone(offset)
        ).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


# -- reading ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Received:
    """An accepted answer: its own id and time, and its control act."""

    root: etree._Element
    control: etree._Element
    store_id: str
    at: datetime


def accepted(root: etree._Element, frame: Frame, interaction: str) -> Received:
    """Check that ``root`` is ``interaction`` and acknowledges the message of ``frame``.

    :raises UnexpectedAnswer: another interaction, or a part missing.
    :raises WrongMessage: it acknowledges another message.
    :raises RefusedByStore: acknowledged with a refusal, whose code and text are kept.
    """
    if root.tag != f"{{{NS_HL7}}}{interaction}":
        raise UnexpectedAnswer("another interaction than awaited", part=interaction)
    target = child(root, "acknowledgement/targetMessage/id").get("extension", "")
    if target.lower() != frame.message.lower():
        raise WrongMessage("the answer acknowledges another message")
    kind = child(root, "acknowledgement").get("typeCode", "")
    if kind != "AA":
        raise _refusal(root, kind)
    at = moment(child(root, "creationTime").get("value", ""))
    if at is None:
        raise UnexpectedAnswer("no time of answer", part="creationTime")
    own = child(root, "id")
    return Received(root, child(root, "controlActProcess"), own.get("extension") or own.get("root") or "", at)


def _refusal(root: etree._Element, kind: str) -> Exception:
    detail = find(root, "acknowledgement/acknowledgementDetail")
    if detail is None or kind not in {"AE", "AR"}:
        return UnexpectedAnswer("neither accepted nor refused", part="acknowledgement")
    code = find(detail, "code")
    text = find(detail, "text")
    return refused(
        (code.get("code", "") if code is not None else "") or kind,
        " ".join("".join(str(t) for t in text.itertext()).split())[:500] if text is not None else "",
    )


def _path(path: str) -> str:
    return "/".join(f"{{{NS_HL7}}}{step}" if step not in {".", ".."} else step for step in path.split("/"))


def find(parent: etree._Element, path: str) -> etree._Element | None:
    """The first HL7 element at ``path``, or ``None``."""
    return parent.find(_path(path))


def find_all(parent: etree._Element, path: str) -> list[etree._Element]:
    """Every HL7 element at ``path``."""
    return list(parent.findall(_path(path)))


def child(parent: etree._Element, path: str) -> etree._Element:
    """The first HL7 element at ``path``.

    :raises UnexpectedAnswer: there is none; ``facts["part"]`` names it.
    """
    found = find(parent, path)
    if found is None:
        raise UnexpectedAnswer("a part is missing", part=path.rpartition("/")[2])
    return found


def check_patient(patient: etree._Element, ins: Ins, *, required: bool) -> None:
    """Check that an answer is about ``ins``. Other numbers (the old INS-C) may stand beside it.

    :param required: whether an answer without any INS is refused.
    :raises WrongPatient: another INS, or none where one is required.
    """
    numbers = [i.get("extension", "") for i in find_all(patient, "id") if i.get("root", "") in Ins.KNOWN]
    if (numbers or required) and ins.value not in numbers:
        raise WrongPatient("the answer is about another INS")
