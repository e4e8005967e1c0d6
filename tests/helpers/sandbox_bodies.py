"""Bodies of requests, written by hand from the schemas; a test changes one thing at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dmp_desktop.sandbox import people

HL7 = "urn:hl7-org:v3"
HABILITATIONS = "urn:si-dmp-habilitations"
TEST_OID = "1.2.250.1.213.1.4.10"


def interaction(name: str, process: str, *, receiver: str = "1.2.250.1.213.4.1.1.1") -> str:
    """An HL7 V3 interaction around its ``controlActProcess``."""
    device = '<device classCode="DEV" determinerCode="INSTANCE"><id root="{}"/><softwareName>{}</softwareName></device>'
    return (
        f'<{name} xmlns="{HL7}" ITSVersion="XML_1.0"><id root="1.2.3" extension="request-1"/>'
        '<creationTime value="20260414071200"/>'
        f'<interactionId root="2.16.840.1.113883.1.6" extension="{name}"/>'
        '<processingCode code="D"/><processingModeCode code="T"/><acceptAckCode code="AL"/>'
        f'<receiver typeCode="RCV">{device.format(receiver, "DMP")}</receiver>'
        f'<sender typeCode="SND">{device.format("1.2.3.4", "essai")}</sender>'
        f'<controlActProcess classCode="CACT" moodCode="EVN">{process}</controlActProcess></{name}>'
    )


def existence(patient: str, oid: str = TEST_OID, reason: str = "TEST_EXST") -> str:
    """Body of TD0.2."""
    return interaction(
        "PRPA_IN201307UV02",
        f'<reasonCode code="{reason}" codeSystem="1.2.250.1.213.1.1.4.11"/>'
        '<queryByParameter><queryId root="1.2.3.9" extension="query-1"/><statusCode code="new"/><parameterList>'
        f'<patientIdentifier><value root="{oid}" extension="{patient}"/><semanticsText>Patient.id</semanticsText>'
        "</patientIdentifier></parameterList></queryByParameter>",
    )


@dataclass(frozen=True)
class Registration:
    """Body of TD1.1 or TD1.2, every part of which may be set wrong."""

    person: people.FictionalPerson
    reason: str = "CREA_RD"
    consent: str = "true"
    consent_time: str = '<effectiveTime value="20260414071100"/>'
    card: tuple[str, str, str] = ("LAVANDIN", "ODILE", "790523")
    birth: str = ""
    sex: str = ""
    birth_name: str = ""
    author: str = people.BRINDILLE
    structure: str = "499700000017001"
    opposed_break_glass: str = "false"
    opposed_centre_15: str = "true"
    representative: str = ""
    telecoms: str = '<telecom use="MC" value="tel:0612345678"/><telecom value="mailto:odile@exemple.test"/>'

    def but(self, **changes: object) -> Registration:
        """The same with something else."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def name(self) -> str:
        """Name of the interaction."""
        return "PRPA_IN201311UV02" if self.reason == "CREA_RD" else "PRPA_IN201314UV02"

    def xml(self) -> str:
        """The interaction."""
        traits = self.person.traits
        consents = {"CREA_RD": "CONSENTEMENT_OUVERTURE_DMP", "REAC": "CONSENTEMENT_REACTIVATION_DMP"}

        def observation(code: str, value: str, when: str = "") -> str:
            return (
                '<subjectOf typeCode="SBJ"><administrativeObservation classCode="OBS" moodCode="EVN">'
                f'<code code="{code}" codeSystem="1.2.250.1.213.4.1.2.3"/>{when}'
                f'<value xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="BL" value="{value}"/>'
                "</administrativeObservation></subjectOf>"
            )

        contact = (
            '<contactParty classCode="CON"><code code="CARTE_SESAM_VITALE" codeSystem="1.2.250.1.213.4.1.2.5"/>'
            f'<telecom/><contactPerson><name><family qualifier="BR">{self.card[0]}</family>'
            f"<given>{self.card[1]}</given></name>"
            f'<birthTime value="{self.card[2]}"/></contactPerson></contactParty>'
            if all(self.card)
            else ""
        )
        representative = (
            '<personalRelationship classCode="PRS"><code code="MTH" codeSystem="2.16.840.1.113883.1.11.19579"/>'
            '<relationshipHolder1 classCode="PSN" determinerCode="INSTANCE"><name><family>'
            f"{self.representative}</family><given>NADÈGE</given></name></relationshipHolder1></personalRelationship>"
            if self.representative
            else ""
        )
        process = (
            f'<reasonCode code="{self.reason}" codeSystem="1.2.250.1.213.1.1.4.11"/>'
            '<subject typeCode="SUBJ"><registrationRequest classCode="REG" moodCode="RQO"><statusCode code="active"/>'
            f'<subject1 typeCode="SBJ"><patient classCode="PAT">'
            f'<id root="{TEST_OID}" extension="{self.person.ins.value}"/><statusCode code="active"/>'
            '<patientPerson classCode="PSN" determinerCode="INSTANCE"><name>'
            f'<family qualifier="BR">{self.birth_name or traits.birth_name}</family>'
            f"<given>{traits.first_given_name}</given></name>{self.telecoms}"
            f'<administrativeGenderCode code="{self.sex or traits.sex.value}"/>'
            f'<birthTime value="{self.birth or traits.birth_date.raw}"/>{contact}{representative}</patientPerson>'
            '<providerOrganization xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"'
            ' classCode="ORG" determinerCode="INSTANCE"/>'
            f"{observation(consents[self.reason], self.consent, self.consent_time)}"
            f"{observation('OPPOSITION_BRIS_DE_GLACE', self.opposed_break_glass)}"
            f"{observation('OPPOSITION_ACCES_URGENCE', self.opposed_centre_15)}</patient></subject1>"
            '<author typeCode="AUT"><assignedEntity classCode="ASSIGNED">'
            f'<id root="1.2.250.1.71.4.2.1" extension="{self.author}"/>'
            '<representedOrganization classCode="ORG" determinerCode="INSTANCE">'
            f'<id root="1.2.250.1.71.4.2.2" extension="{self.structure}"/><name>essai</name>'
            '<contactParty classCode="CON"/></representedOrganization>'
            "</assignedEntity></author></registrationRequest></subject>"
        )
        return interaction(self.name, process)


def authorisation(act: str = "AJOUT", role: str = "") -> str:
    """Body of TD0.3."""
    told = f"<role>{role}</role>" if role else ""
    return f'<setAuthorization xmlns="{HABILITATIONS}"><action>{act}</action>{told}</setAuthorization>'


def by_vitale(own: str = "", insured: str = "", born: str = "", rank: str = "1", name: str = "X") -> str:
    """Body of a search by Vitale."""

    def number(tag: str, value: str) -> str:
        return f"<{tag}><NumIdentifiant>{value[:13]}</NumIdentifiant><Cle>{value[13:]}</Cle></{tag}>" if value else ""

    return (
        '<RECVITALE xmlns="http://www.cnamts.fr/INSiRecVit">'
        f"{number('MatriculeIndividu', own)}{number('MatriculeOD', insured)}<NomNaissance>{name}</NomNaissance>"
        f"<DateNaissance>{born}</DateNaissance><RangNaissance>{rank}</RangNaissance></RECVITALE>"
    )


def by_traits(name: str, given: str, sex: str, born: str) -> str:
    """Body of a search by traits."""
    return (
        '<RECSANSVITALE xmlns="http://www.cnamts.fr/INSiRecSans">'
        f"<NomNaissance>{name}</NomNaissance><Prenom>{given}</Prenom><Sexe>{sex}</Sexe>"
        f"<DateNaissance>{born}</DateNaissance></RECSANSVITALE>"
    )
