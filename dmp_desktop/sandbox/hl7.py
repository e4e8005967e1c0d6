"""The parts every HL7 V3 interaction of the DMP shares, read and written from the NE2009 schemas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from dmp_desktop.domain import oids
from dmp_desktop.sandbox.refusals import Code, Refusal
from dmp_desktop.sandbox.xmlio import Element, Maker, attribute, need, text

hl7 = Maker(oids.NS_HL7)

# Root of the ids the real store gives to its own messages, as its public examples show.
ANSWER_ID = "1.2.250.1.213.4.1.1.1.1"
TYPE = f"{{{oids.NS_XSI}}}type"
NIL = f"{{{oids.NS_XSI}}}nil"


@dataclass(frozen=True, slots=True)
class Head:
    """Head of an interaction.

    :ivar id_root, id_extension: id of the message, repeated by the answer.
    :ivar sender: OID of the software; ``software``: its name.
    :ivar reason: code of table ``1.2.250.1.213.1.1.4.11`` (``TEST_EXST``, ``CREA_RD``, ``REAC``…).
    """

    id_root: str
    id_extension: str
    sender: str
    software: str
    reason: str
    reason_label: str


def read_head(body: Element, interaction: str) -> Head:
    """Check the head of an interaction and read what the answer repeats.

    :raises Refusal: when something the interface demands is missing or wrong.
    """
    if body.tag != f"{{{oids.NS_HL7}}}{interaction}":
        raise Refusal(Code.INVALID_MESSAGE, "Le corps n’est pas celui de l’action annoncée")
    if attribute(body, "ITSVersion") != "XML_1.0":
        raise Refusal(Code.INVALID_MESSAGE, "ITSVersion XML_1.0 attendue")
    kind = need(body, "interactionId")
    if attribute(kind, "root") != oids.HL7_INTERACTION or attribute(kind, "extension") != interaction:
        raise Refusal(Code.INVALID_MESSAGE, "interactionId différent de l’interaction")
    if attribute(need(body, "receiver/device/id"), "root") != oids.DMP_RECEIVER:
        raise Refusal(Code.INVALID_MESSAGE, "Message destiné à un autre système")
    read_time(attribute(need(body, "creationTime"), "value"))
    for code in ("processingCode", "processingModeCode", "acceptAckCode"):
        if not attribute(need(body, code), "code"):
            raise Refusal(Code.INVALID_MESSAGE, f"{code} sans code")
    reason = need(body, "controlActProcess/reasonCode")
    if attribute(reason, "codeSystem") != oids.REASON:
        raise Refusal(Code.INVALID_MESSAGE, "reasonCode d’une autre table")
    identifier, device = need(body, "id"), need(body, "sender/device")
    return Head(
        attribute(identifier, "root"),
        attribute(identifier, "extension"),
        attribute(need(device, "id"), "root"),
        text(device.find(f"{{{oids.NS_HL7}}}softwareName")),
        attribute(reason, "code"),
        attribute(reason, "displayName"),
    )


def read_time(value: str) -> str:
    """An HL7 instant, ``AAAAMMJJHHMMSS`` with an optional zone.

    :raises Refusal: when it is not on the calendar.
    """
    try:
        datetime.strptime(value[:14], "%Y%m%d%H%M%S")  # noqa: DTZ007 - only its shape is looked at
    except ValueError:
        raise Refusal(Code.INVALID_MESSAGE, "Date illisible") from None
    return value


def write_time(instant: datetime) -> str:
    """An instant as the store writes it: UTC, no zone."""
    return instant.strftime("%Y%m%d%H%M%S")


def interaction(
    name: str, head: Head, now: datetime, attention: list[Element], refusal: Refusal | None, process: Element
) -> Element:
    """A whole answer.

    :param refusal: acknowledged ``AE`` with its code and text; ``None`` for ``AA``.
    """
    detail = None
    if refusal is not None:
        detail = hl7(
            "acknowledgementDetail",
            {"typeCode": "E"},
            hl7("code", {"code": refusal.store_code}),
            hl7("text", refusal.store_text),
        )
    answer = hl7(
        name,
        {"ITSVersion": "XML_1.0"},
        hl7("id", {"root": ANSWER_ID, "extension": str(uuid4())}),
        hl7("creationTime", {"value": write_time(now)}),
        hl7("interactionId", {"root": oids.HL7_INTERACTION, "extension": name}),
        hl7("processingCode", {"code": "P"}),
        hl7("processingModeCode", {"code": "T"}),
        hl7("acceptAckCode", {"code": "NE"}),
        hl7("receiver", {"typeCode": "RCV"}, device(head.sender, head.software or None)),
        hl7("sender", {"typeCode": "SND"}, device(oids.DMP_RECEIVER, "DMP")),
    )
    answer.extend(attention)
    target = hl7("targetMessage", hl7("id", {"root": head.id_root, "extension": head.id_extension}))
    answer.append(hl7("acknowledgement", {"typeCode": "AA" if refusal is None else "AE"}, target, detail))
    answer.append(process)
    return answer


def process(head: Head, *content: Element | None) -> Element:
    """``controlActProcess`` of an answer: the reason of the request, then ``content``."""
    reason = {"code": head.reason, "codeSystem": oids.REASON}
    if head.reason_label:
        reason["displayName"] = head.reason_label
    return hl7("controlActProcess", {"classCode": "CACT", "moodCode": "EVN"}, hl7("reasonCode", reason), *content)


def registration(patient: Element) -> Element:
    """``subject`` of an answer: the registration event about ``patient``, kept by the store."""
    custodian = hl7("assignedEntity", {"classCode": "ASSIGNED"}, hl7("id", {"root": oids.DMP_RECEIVER}))
    return hl7(
        "subject",
        {"typeCode": "SUBJ", "contextConductionInd": "false"},
        hl7(
            "registrationEvent",
            {"classCode": "REG", "moodCode": "EVN"},
            hl7("statusCode", {"code": "completed"}),
            hl7("subject1", {"typeCode": "SBJ"}, patient),
            hl7("custodian", {"typeCode": "CST"}, custodian),
        ),
    )


def observation(code: str, system: str, value: Element) -> Element:
    """An administrative observation about the patient."""
    return hl7(
        "subjectOf",
        {"typeCode": "SBJ"},
        hl7(
            "administrativeObservation",
            {"classCode": "OBS", "moodCode": "EVN"},
            hl7("code", {"code": code, "codeSystem": system}),
            value,
        ),
    )


def boolean(value: bool) -> Element:
    """A ``value`` of type BL."""
    return hl7("value", {TYPE: "BL", "value": "true" if value else "false"})


def attention(word: str, word_system: str, value: Element) -> Element:
    """An ``attentionLine``: one more thing the store tells about the answer."""
    return hl7("attentionLine", hl7("keyWordText", {"code": word, "codeSystem": word_system}), value)


def device(oid: str, name: str | None) -> Element:
    """A device of the head: a software and its OID."""
    named = hl7("softwareName", name) if name else None
    return hl7("device", {"classCode": "DEV", "determinerCode": "INSTANCE"}, hl7("id", {"root": oid}), named)
