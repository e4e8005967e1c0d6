"""Answers of a store, written by hand for the tests, with a hold on each thing that can be wrong in one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

from lxml import etree

from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.sync.hl7v3 import Frame

_SOAP = "http://www.w3.org/2003/05/soap-envelope"
_WSA = "http://www.w3.org/2005/08/addressing"
_HL7 = "urn:hl7-org:v3"


@dataclass(frozen=True)
class Asked:
    """What an answer must repeat of a request."""

    message_id: str
    message: str = ""
    query: str = ""
    ins: str = ""
    oid: str = ""

    @classmethod
    def of(cls, content: bytes) -> Asked:
        """Read from the request's bytes."""
        root = etree.fromstring(content)

        def attribute(path: str, name: str) -> str:
            found = root.find(path)
            return found.get(name, "") if found is not None else ""

        body = root.find(f"{{{_SOAP}}}Body")
        assert body is not None
        patient = f".//{{{_HL7}}}patientIdentifier/{{{_HL7}}}value"
        if root.find(patient) is None:
            patient = f".//{{{_HL7}}}patient/{{{_HL7}}}id"
        return cls(
            root.findtext(f".//{{{_WSA}}}MessageID") or "",
            attribute(f"{{{_SOAP}}}Body/*/{{{_HL7}}}id", "extension"),
            attribute(f".//{{{_HL7}}}queryId", "extension"),
            attribute(patient, "extension"),
            attribute(patient, "root"),
        )

    @classmethod
    def frame(cls, frame: Frame, ins: Ins) -> Asked:
        """The same, from what the codecs were given."""
        return cls("urn:uuid:0", frame.message, frame.query, ins.value, ins.oid)

    def but(self, **changes: str) -> Asked:
        """Another, with something wrong in it."""
        return replace(self, **changes)


def envelope(asked: Asked, action: str, body: str) -> bytes:
    """An answer to ``asked``."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="{_SOAP}" xmlns:a="{_WSA}"><e:Header>'
        f"<a:Action>{action}</a:Action><a:MessageID>urn:uuid:{uuid.uuid4()}</a:MessageID>"
        f"<a:RelatesTo>{asked.message_id}</a:RelatesTo></e:Header><e:Body>{body}</e:Body></e:Envelope>"
    ).encode()


def fault(asked: Asked, code: str, subcode: str, reason: str) -> bytes:
    """A SOAP fault."""
    sub = f"<e:Subcode><e:Value>e:{subcode}</e:Value></e:Subcode>" if subcode else ""
    return envelope(
        asked,
        "http://www.w3.org/2005/08/addressing/soap/fault",
        f"<e:Fault><e:Code><e:Value>e:{code}</e:Value>{sub}</e:Code>"
        f'<e:Reason><e:Text xml:lang="fr">{reason}</e:Text></e:Reason></e:Fault>',
    )


def _head(asked: Asked, interaction: str, ack: str, detail: str, attention: str = "") -> str:
    return (
        f'<id root="1.2.250.1.213.4.1.1.1.1" extension="REP-1"/><creationTime value="20260414083005"/>'
        f'<interactionId root="2.16.840.1.113883.1.6" extension="{interaction}"/><processingCode code="P"/>'
        f'<processingModeCode code="T"/><acceptAckCode code="NE"/>{attention}<acknowledgement typeCode="{ack}">'
        f'<targetMessage><id root="1.2.3" extension="{asked.message}"/></targetMessage>{detail}</acknowledgement>'
    )


def detail(code: str, text: str) -> str:
    """Why a message was refused."""
    return f'<acknowledgementDetail typeCode="E"><code code="{code}"/><text>{text}</text></acknowledgementDetail>'


def existence(
    asked: Asked,
    *,
    status: str = "active",
    authorisation: str = "VALIDE",
    treating: str = "false",
    response: str = "OK",
    ack: str = "AA",
    refusal: str = "",
    more: str = "",
    closing: str = "",
) -> str:
    """``PRPA_IN201308UV02``."""
    xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    attention = (
        f'<attentionLine {xsi}><keyWordText code="AUTORISATION"/><value code="{authorisation}" xsi:type="CV"/>'
        f'</attentionLine><attentionLine {xsi}><keyWordText code="STATUT_MT"/><value value="{treating}" '
        'xsi:type="BL"/></attentionLine>'
    )
    subject = (
        '<subject typeCode="SUBJ"><registrationEvent classCode="REG" moodCode="EVN"><statusCode code="completed"/>'
        '<subject1 typeCode="SBJ"><patient classCode="PAT"><id root="1.2.250.1.213.1.4.2" extension="1234"/>'
        f'<id root="{asked.oid}" extension="{asked.ins}"/><statusCode code="{status}"/>{more}</patient></subject1>'
        "</registrationEvent></subject>"
        if response == "OK" and ack == "AA"
        else ""
    )
    return (
        f'<PRPA_IN201308UV02 xmlns="{_HL7}" ITSVersion="XML_1.0">'
        + _head(asked, "PRPA_IN201308UV02", ack, refusal, attention)
        + f'<controlActProcess classCode="CACT" moodCode="EVN">{subject}{closing}<queryAck>'
        f'<queryId root="1.2.3" extension="{asked.query}"/><queryResponseCode code="{response}"/></queryAck>'
        "</controlActProcess></PRPA_IN201308UV02>"
    )


def registered(asked: Asked, request: str = "PRPA_IN201311UV02", interaction: str = "PRPA_IN201312UV02") -> str:
    """An accepted creation (or revision)."""
    return (
        f'<g:{request}_Response xmlns:g="asip:ci-sis:gdp:2010" xmlns="{_HL7}"><{interaction} ITSVersion="XML_1.0">'
        + _head(asked, interaction, "AA", "")
        + '<controlActProcess classCode="CACT" moodCode="EVN"><subject typeCode="SUBJ"><registrationEvent '
        'classCode="REG" moodCode="EVN"><statusCode code="completed"/><subject1 typeCode="SBJ"><patient '
        f'classCode="PAT"><id root="{asked.oid}" extension="{asked.ins}"/><statusCode code="active"/></patient>'
        f"</subject1></registrationEvent></subject></controlActProcess></{interaction}></g:{request}_Response>"
    )


def not_registered(
    asked: Asked, code: str, text: str, request: str = "PRPA_IN201311UV02", interaction: str = "PRPA_IN201313UV02"
) -> str:
    """A refused creation (or revision)."""
    return (
        f'<g:{request}_Response xmlns:g="asip:ci-sis:gdp:2010" xmlns="{_HL7}"><{interaction} ITSVersion="XML_1.0">'
        + _head(asked, interaction, "AE", detail(code, text))
        + f'<controlActProcess classCode="CACT" moodCode="EVN"/></{interaction}></g:{request}_Response>'
    )


def authorised(status: str = "DMPOk", context: str = "") -> str:
    """``setAuthorizationResponse``."""
    return (
        '<n:setAuthorizationResponse xmlns:n="urn:si-dmp-habilitations"><n:output>'
        f"<n:status>{status}</n:status><n:context>{context}</n:context></n:output></n:setAuthorizationResponse>"
    )


def insi_found(
    body: str,
    key: str,
    oid: str,
    *,
    first: str = "ODILE",
    listed: str = "ODILE MARIE",
    birth: str = "1979-05-23",
    history: str = "",
) -> str:
    """``RESULTAT`` with one person."""
    return (
        '<r:RESULTAT xmlns:r="http://www.cnamts.fr/INSiResultat"><r:CR><r:CodeCR>00</r:CodeCR><r:LibelleCR>OK'
        f"</r:LibelleCR></r:CR><r:INDIVIDU><r:INSACTIF><r:IdIndividu><r:NumIdentifiant>{body}</r:NumIdentifiant>"
        f"<r:Cle>{key}</r:Cle></r:IdIndividu><r:OID>{oid}</r:OID></r:INSACTIF>{history}<r:TIQ><r:NomNaissance>"
        f"LAVANDIN-GENÊT</r:NomNaissance><r:Prenom>{first}</r:Prenom><r:ListePrenom>{listed}</r:ListePrenom>"
        f"<r:Sexe>F</r:Sexe><r:DateNaissance>{birth}</r:DateNaissance><r:LieuNaissance>99000</r:LieuNaissance>"
        "</r:TIQ></r:INDIVIDU></r:RESULTAT>"
    )


def insi_nobody(code: str, label: str) -> str:
    """``RESULTAT`` without a person."""
    return (
        f'<r:RESULTAT xmlns:r="http://www.cnamts.fr/INSiResultat"><r:CR><r:CodeCR>{code}</r:CodeCR>'
        f"<r:LibelleCR>{label}</r:LibelleCR></r:CR></r:RESULTAT>"
    )
