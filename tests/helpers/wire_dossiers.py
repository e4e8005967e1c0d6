"""Fictional administrative data, and answers of a store about access and administration, written by hand."""

from __future__ import annotations

from helpers import wire_answers, wire_world

from dmp_desktop.domain.administration import (
    AdministrativeData,
    LegalRepresentative,
    PostalAddress,
    Telecom,
)
from dmp_desktop.domain.dossier import DossierState
from dmp_desktop.domain.identity import BirthDate, Sex
from dmp_desktop.domain.oids import ROLE_CODE
from dmp_desktop.domain.terminology import Code

_XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

FULL = AdministrativeData(
    ins=wire_world.ODILE,
    state=DossierState.ACTIVE,
    birth_name="LAVANDIN-GENÊT",
    used_name="CORNICHE",
    given_names=("ODILE", "MARIE"),
    sex=Sex.FEMALE,
    birth_date=BirthDate("19790523"),
    civility="Mme",
    address=PostalAddress(("4 rue de l’Exemple",), "Résidence des Tilleuls", "99000", "Villeneuve-l’Exemple", "France"),
    telecoms=(
        Telecom("tel:0199000001", "HP"),
        Telecom("tel:0601020304", "MC"),
        Telecom("mailto:odile@exemple.example"),
    ),
    representative=LegalRepresentative(
        Code("FTH", ROLE_CODE),
        "CORNICHE",
        "GASPARD",
        "M",
        PostalAddress(("4 rue de l’Exemple",), "", "99000", "Villeneuve-l’Exemple"),
        (Telecom("tel:0601020305", "MC"),),
    ),
    opposed_to_break_glass=True,
    opposed_to_emergency=False,
)

PATIENT_PERSON = f"""<patientPerson classCode="PSN" determinerCode="INSTANCE"><name><prefix>Mme</prefix>
<given>ODILE</given><given>MARIE</given><family qualifier="SP">CORNICHE</family>
<family qualifier="BR">LAVANDIN-GENÊT</family></name><telecom use="HP" value="tel:0199000001"/>
<telecom use="MC" value="tel:0601020304"/><telecom value="mailto:odile@exemple.example"/>
<telecom use="MC" value="tel:0601020304"/><administrativeGenderCode code="F"/><birthTime value="19790523"/>
<deceasedInd value="false"/><addr><streetAddressLine>4 rue de l’Exemple</streetAddressLine>
<additionalLocator>Résidence des Tilleuls</additionalLocator><postalCode>99000</postalCode>
<city>Villeneuve-l’Exemple</city><country>France</country></addr><personalRelationship classCode="PRS">
<code code="FTH" codeSystem="{ROLE_CODE}"/><addr><streetAddressLine>4 rue de l’Exemple</streetAddressLine>
<postalCode>99000</postalCode><city>Villeneuve-l’Exemple</city></addr><telecom use="MC" value="tel:0601020305"/>
<relationshipHolder1 classCode="PSN" determinerCode="INSTANCE"><name><prefix>M</prefix><given>GASPARD</given>
<family>CORNICHE</family></name></relationshipHolder1></personalRelationship></patientPerson>"""


def opposition(code: str, value: str) -> str:
    """One of the two oppositions."""
    return (
        f'<subjectOf typeCode="SBJ"><administrativeObservation classCode="OBS" moodCode="EVN"><code code="{code}" '
        f'codeSystem="1.2.250.1.213.4.1.2.3"/><value {_XSI} value="{value}" xsi:type="BL"/>'
        "</administrativeObservation></subjectOf>"
    )


DATA = PATIENT_PERSON + opposition("OPPOSITION_BRIS_DE_GLACE", "true") + opposition("OPPOSITION_ACCES_URGENCE", "false")


def administrative(
    asked: wire_answers.Asked, *, person: str = DATA, status: str = "active", response: str = "OK"
) -> str:
    """The answer to TD1.3a."""
    return wire_answers.existence(asked, more=person, status=status, response=response)


def _service(namespace: str, name: str, content: str, status: str, context: str) -> str:
    return (
        f'<n:{name} xmlns:n="{namespace}"><n:output>{content}<n:status>{status}</n:status>'
        f"<n:context>{context}</n:context></n:output></n:{name}>"
    )


def dossiers(*lines: str, status: str = "DMPOk", context: str = "") -> str:
    """``patientListResponse``."""
    return _service("urn:si-dmp-patients", "patientListResponse", "".join(lines), status, context)


def dossier_line(number: str, domain: str, *, treating: str = "true", accessed: str = "20260401094105") -> str:
    """One dossier of TD0.4."""
    return (
        "<n:patientlistData><n:patientIdentifier><n:nationalId>0740724093302701701806</n:nationalId>"
        "<n:nationalIdType>1.2.250.1.213.1.4.2</n:nationalIdType></n:patientIdentifier><n:patientIdentifier>"
        f"<n:nationalId>{number}</n:nationalId><n:nationalIdType>{domain}</n:nationalIdType></n:patientIdentifier>"
        "<n:lastName>CORNICHE</n:lastName><n:patronymicalName>LAVANDIN-GENÊT</n:patronymicalName>"
        "<n:firstName>ODILE</n:firstName><n:civility>Mme</n:civility><n:dateOfBirth>19790523</n:dateOfBirth>"
        f"<n:MT>{treating}</n:MT><n:message>false</n:message><n:lastAccessDate>{accessed}</n:lastAccessDate>"
        "<n:lastUpdateDate>20260325134738</n:lastUpdateDate></n:patientlistData>"
    )


def account(login: str = "corni42", word: str = "p4 ss!", status: str = "DMPOk", context: str = "") -> str:
    """``createPatientAccessResponse``."""
    content = f"<n:login>{login}</n:login><n:password>{word}</n:password>" if login else ""
    return _service("urn:si-dmp-patients", "createPatientAccessResponse", content, status, context)


def channel(status: str = "DMPOk", context: str = "OTP mis à jour") -> str:
    """``patientOTPUpdateResponse``."""
    return _service("urn:si-dmp-patients", "patientOTPUpdateResponse", "", status, context)


def professionals(*lines: str, status: str = "DMPOk", context: str = "") -> str:
    """``listAuthorizationByPatientResponse``."""
    return _service("urn:si-dmp-habilitations", "listAuthorizationByPatientResponse", "".join(lines), status, context)


def professional_line(mode: str = "ACTIVE", right: str = "", labels: str = "Médecin - Médecine générale") -> str:
    """One professional of TD1.6."""
    special = f"<n:specificRight>{right}</n:specificRight>" if right else ""
    said = f"<n:libSpeciality>{labels}</n:libSpeciality>" if labels else ""
    return (
        "<n:listOfAuthorizationByPatient><n:nationalId>899700000017</n:nationalId>"
        "<n:nationalIdType>1.2.250.1.71.4.2.1</n:nationalIdType><n:firstName>AURORE</n:firstName>"
        f"<n:lastName>BRINDILLE</n:lastName><n:codeSpeciality>G15_10/SM26</n:codeSpeciality>{said}"
        "<n:startOfAuthorization>20260301135804</n:startOfAuthorization><n:lastActionDate/>"
        f"<n:mode>{mode}</n:mode>{special}</n:listOfAuthorizationByPatient>"
    )


def matches(asked: wire_answers.Asked, *people: str, response: str = "OK", total: str = "1", ack: str = "AA") -> str:
    """``PRPA_IN201306UV02``, with the oddities of the official one."""
    subjects = "".join(
        f'<subject typeCode="SUBJ"><registrationEvent classCode="REG" moodCode="EVN"><subject1 typeCode="SBJ">{one}'
        "</subject1></registrationEvent></subject>"
        for one in people
    )
    refusal = wire_answers.detail("TropDeResultats", "Affinez") if ack != "AA" else ""
    return (
        '<PRPA_IN201306UV02 xmlns="urn:hl7-org:v3" ITSVersion="XML_1.0"><id root="152ccd4f-5b37-4401-884e"/>'
        f'<creationTime value="20260414083005"/><acknowledgement><typeCode code="{ack}"/><targetMessage>'
        f'<id extension="{asked.message}" root="1.2.3"/></targetMessage>{refusal}</acknowledgement>'
        f'<controlActProcess classCode="CACT" moodCode="EVN">{subjects}<queryAck><queryId extension="65" root="1.9"/>'
        f'<queryResponseCode code="{response}"/><resultTotalQuantity value="{total}"/></queryAck></controlActProcess>'
        "</PRPA_IN201306UV02>"
    )


def match(number: str = wire_world.ODILE.value, *, percentage: str = "88", opposed: str = "true") -> str:
    """One person of TD0.5."""
    return (
        f'<patient classCode="PAT"><id extension="{number}" root="1.2.250.1.213.1.4.10"/>'
        '<id extension="1418878867934420256667" root="1.2.250.1.213.1.4.2"/><statusCode code="active"/>'
        '<patientPerson classCode="PSN" determinerCode="INSTANCE"><name><prefix>Mme</prefix><given>ODILE</given>'
        '<family qualifier="SP">NON RENSEIGNE</family><family qualifier="BR">LAVANDIN-GENÊT</family></name>'
        '<administrativeGenderCode code="F"/><birthTime value="19790523"/><addr><city>Villeneuve-l’Exemple</city>'
        '<postalCode>99000</postalCode></addr></patientPerson><subjectOf1 typeCode="SBJ"><queryMatchObservation>'
        f'<code code="POURCENTAGE"/><value {_XSI} value="{percentage}" xsi:type="INT"/></queryMatchObservation>'
        '</subjectOf1><subjectOf2><administrativeObservation><code code="OPPOSITION_ACCES_URGENCE" '
        f'codeSystem="1.2.250.1.213.4.1.2.3"/><value {_XSI} value="{opposed}" xsi:type="BL"/>'
        "</administrativeObservation></subjectOf2></patient>"
    )
