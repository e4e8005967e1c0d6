"""Hand-written messages and a bare HTTPS client: the tests speak to the sandbox with nothing of the program."""

from __future__ import annotations

import http.client
import ssl
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from xml.sax.saxutils import escape

from helpers.sandbox_bodies import HABILITATIONS, HL7, TEST_OID, Registration, authorisation, existence
from lxml import etree
from signxml import XMLSigner, methods

from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.pki import Issued, KeyUse
from dmp_desktop.sandbox.sandbox import Sandbox

SOAP = "http://www.w3.org/2003/05/soap-envelope"
WSA = "http://www.w3.org/2005/08/addressing"
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
RESULT = "http://www.cnamts.fr/INSiResultat"
NAMES = {
    "soap": SOAP,
    "wsa": WSA,
    "h": HL7,
    "hab": HABILITATIONS,
    "saml": SAML,
    "r": RESULT,
    "gdp": "asip:ci-sis:gdp:2010",
}


@dataclass(frozen=True)
class Received:
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def xml(self) -> etree._Element:
        """Its root."""
        return etree.fromstring(self.body)

    def all(self, path: str) -> list[str]:
        """Values or texts at an XPath."""
        return [
            found if isinstance(found, str) else (found.text or "") for found in self.xml.xpath(path, namespaces=NAMES)
        ]

    def one(self, path: str) -> str:
        """The only value or text at an XPath."""
        (found,) = self.all(path)
        return found

    @property
    def fault(self) -> str:
        """Code of the SOAP fault, ``""`` when it is none."""
        return "".join(self.all("//soap:Fault/soap:Code/soap:Subcode/soap:Value"))

    @property
    def reason(self) -> str:
        """Text of the SOAP fault."""
        return "".join(self.all("//soap:Fault/soap:Reason/soap:Text"))


def post(
    sandbox: Sandbox, url: str, body: bytes, who: str = "brindille", use: KeyUse = KeyUse.AUTHENTICATION
) -> Received:
    """POST with the TLS certificate of a professional of the cast."""
    context = ssl.create_default_context(cafile=sandbox.authority)
    issued = sandbox.pki.issue(people.profile(who).professional, use)
    context.load_cert_chain(issued.certificate, issued.key)
    host, _, path = url.removeprefix("https://").partition("/")
    connection = http.client.HTTPSConnection(host, context=context, timeout=20)
    try:
        connection.request("POST", f"/{path}", body, {"Content-Type": "application/soap+xml"})
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Received(answer.status, headers, answer.read())
    finally:
        connection.close()


@dataclass(frozen=True)
class Vihf:
    """An assertion to be: every part may be set wrong by a test.

    :ivar signer: key of the professional who signs; ``use``: with which of the card's keys.
    """

    now: datetime
    patient: str = ""
    oid: str = TEST_OID
    signer: str = "brindille"
    use: KeyUse = KeyUse.SIGNATURE
    name_id: str = people.BRINDILLE
    structure: str = "499700000017001"
    sector: str = "SA07^1.2.250.1.71.4.2.4"
    roles: tuple[tuple[str, str], ...] = (("10", "1.2.250.1.71.1.2.7"), ("SM26", "1.2.250.1.71.4.2.5"))
    mode: str = "DIRECTE"
    mode_name: str = "Authentification_mode"
    purpose: str = "normal"
    version: str = "3.0"
    urn: str = "urn:dmp"
    context: str = "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI"
    issued: timedelta = timedelta()
    until: timedelta | None = timedelta(minutes=15)
    after: timedelta | None = None
    extra: dict[str, str] = field(default_factory=dict)

    def but(self, **changes: object) -> Vihf:
        """The same with something else."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def xml(self) -> str:
        """The assertion, not signed."""

        def attribute(name: str, *values: str) -> str:
            inner = "".join(f"<s:AttributeValue>{value}</s:AttributeValue>" for value in values)
            return f'<s:Attribute Name="{name}">{inner}</s:Attribute>'

        roles = [f'<Role xmlns="{HL7}" code="{code}" codeSystem="{system}"/>' for code, system in self.roles]
        purpose = f'<PurposeOfUse xmlns="{HL7}" code="{self.purpose}" codeSystem="1.2.250.1.213.1.1.4.248"/>'
        attributes = [
            attribute("Identifiant_Structure", self.structure),
            attribute("Secteur_Activite", self.sector),
            attribute("VIHF_Version", self.version),
            attribute(self.mode_name, self.mode),
            attribute("Ressource_URN", self.urn),
            attribute("urn:oasis:names:tc:xspa:1.0:subject:purposeofuse", purpose),
        ]
        if roles:
            attributes.append(attribute("urn:oasis:names:tc:xacml:2.0:subject:role", *roles))
        if self.patient:
            resource = escape(f"{self.patient}^^^&{self.oid}&ISO^NH")
            attributes.append(attribute("urn:oasis:names:tc:xacml:2.0:resource:resource-id", resource))
        issued = self.now + self.issued
        bounds = f' NotBefore="{_stamp(self.now + self.after)}"' if self.after is not None else ""
        bounds += f' NotOnOrAfter="{_stamp(issued + self.until)}"' if self.until is not None else ""
        conditions = f"<s:Conditions{bounds}/>" if bounds else ""
        return (
            f'<s:Assertion xmlns:s="{SAML}" ID="_1" Version="2.0" IssueInstant="{_stamp(issued)}">'
            f'<s:Issuer Format="urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName">'
            f"CN={self.name_id},T=Médecin,C=FR</s:Issuer>"
            '<d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#" Id="placeholder"/>'
            f"<s:Subject><s:NameID>{self.name_id}</s:NameID></s:Subject>{conditions}"
            f'<s:AuthnStatement AuthnInstant="{_stamp(issued)}"><s:AuthnContext><s:AuthnContextClassRef>{self.context}'
            "</s:AuthnContextClassRef></s:AuthnContext></s:AuthnStatement>"
            f"<s:AttributeStatement>{''.join(attributes)}</s:AttributeStatement></s:Assertion>"
        )

    def signed(self, sandbox: Sandbox) -> str:
        """The assertion, signed."""
        return sign(sandbox, self.xml(), self.signer, self.use)


def sign(sandbox: Sandbox, assertion: str, who: str = "brindille", use: KeyUse = KeyUse.SIGNATURE) -> str:
    """An enveloped signature with a key of the cast."""
    return sign_with(sandbox.pki.issue(people.profile(who).professional, use), assertion)


def sign_with(issued: Issued, assertion: str) -> str:
    """An enveloped signature where the placeholder stands."""
    signer = XMLSigner(method=methods.enveloped, c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#")
    signed = signer.sign(
        etree.fromstring(assertion),
        key=issued.key.read_bytes(),
        cert=issued.certificate.read_text(),
        reference_uri="#_1",
        id_attribute="ID",
    )
    return etree.tostring(signed, encoding="unicode")


def _stamp(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def envelope(action: str, security: str, body: str, *, header: str | None = None) -> bytes:
    """A whole request; ``header`` replaces the WS-Addressing part."""
    addressing = (
        f'<a:MessageID xmlns:a="{WSA}">urn:uuid:6f2d6f3c-0f5e-4e43-9c3a-000000000001</a:MessageID>'
        f'<a:To xmlns:a="{WSA}"/>'
        f'<a:ReplyTo xmlns:a="{WSA}" mustUnderstand="true"><a:Address>{WSA}/anonymous</a:Address></a:ReplyTo>'
        f'<a:Action xmlns:a="{WSA}" mustUnderstand="true">{action}</a:Action>'
    )
    return (
        f'<e:Envelope xmlns:e="{SOAP}"><e:Header>{addressing if header is None else header}'
        '<w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">'
        f"{security}</w:Security></e:Header><e:Body>{body}</e:Body></e:Envelope>"
    ).encode()


class Speaker:
    """Sends well-made messages of one professional; tests change one thing at a time."""

    def __init__(self, sandbox: Sandbox, who: str = "brindille") -> None:
        self.sandbox = sandbox
        self.who = who
        profile = people.profile(who)
        professional, situation = profile.professional, profile.situations[0]
        roles = [(professional.profession, "1.2.250.1.71.1.2.7"), (professional.speciality, "1.2.250.1.71.4.2.5")]
        self.vihf = Vihf(
            sandbox.now(),
            signer=who,
            name_id=professional.id.value,
            structure=situation.structure.value,
            sector=f"{situation.sector}^1.2.250.1.71.4.2.4",
            roles=tuple(role for role in roles if role[0]),
        )

    def patients(self, action: str, body: str, vihf: Vihf) -> Received:
        """To ``/patients``."""
        message = envelope(f"urn:hl7-org:v3:{action}", vihf.signed(self.sandbox), body)
        return post(self.sandbox, f"{self.sandbox.base_url}/patients", message, self.who)

    def existence(self, key: str, vihf: Vihf | None = None) -> Received:
        """TD0.2 about someone of the cast."""
        number = people.person(key).ins.value
        return self.patients("PRPA_IN201307UV02", existence(number), vihf or self.vihf.but(patient=number))

    def register(self, registration: Registration, vihf: Vihf | None = None) -> Received:
        """TD1.1 or TD1.2."""
        number = registration.person.ins.value
        return self.patients(registration.name, registration.xml(), vihf or self.vihf.but(patient=number))

    def create(self, key: str) -> Received:
        """TD1.1 for someone of the cast, with nothing wrong."""
        return self.register(self.registration(key))

    def registration(self, key: str, reason: str = "CREA_RD") -> Registration:
        """A registration by this professional."""
        return Registration(people.person(key), reason, author=self.vihf.name_id, structure=self.vihf.structure)

    def authorise(self, key: str, act: str = "AJOUT", role: str = "", vihf: Vihf | None = None) -> Received:
        """TD0.3 on the dossier of someone of the cast."""
        vihf = vihf or self.vihf.but(patient=people.person(key).ins.value)
        action = "urn:si-dmp-habilitations:HabilitationsEndPoint:setAuthorization"
        message = envelope(action, vihf.signed(self.sandbox), authorisation(act, role))
        return post(self.sandbox, f"{self.sandbox.base_url}/habilitations", message, self.who)

    def insi(
        self, body: str, *, billing: str = "991700172", qualifier: str = "CPS", version: str = "01_02"
    ) -> Received:
        """A search in INSi."""
        operation = "rechercherInsAvecCarteVitale" if "RECVITALE" in body else "rechercherInsAvecTraitsIdentite"
        stamp = _stamp(self.vihf.now)
        header = (
            f'<b:ContexteBAM xmlns:b="urn:siram:bam:ctxbam" Version="{version}"><b:Id>1</b:Id>'
            f"<b:Temps>{stamp}</b:Temps><b:COUVERTURE/></b:ContexteBAM>"
            f'<a:MessageID xmlns:a="{WSA}">1</a:MessageID>'
            f'<a:Action xmlns:a="{WSA}">urn:ServiceIdentiteCertifiee:1.0.0:{operation}</a:Action>'
            f'<l:ContexteLPS xmlns:l="urn:siram:lps:ctxlps" Version="01_00"><l:Id>1</l:Id><l:Temps>{stamp}</l:Temps>'
            '<l:LPS><l:IDAM R="4">1</l:IDAM><l:Version>1</l:Version><l:Nom>essai</l:Nom></l:LPS></l:ContexteLPS>'
        )
        assertion = (
            f'<s:Assertion xmlns:s="{SAML}" ID="_1" Version="2.0" IssueInstant="{stamp}">'
            '<s:Issuer Format="urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName">'
            f"CN={self.vihf.name_id},C=FR</s:Issuer>"
            '<d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#" Id="placeholder"/>'
            f'<s:Subject><s:NameID NameQualifier="{qualifier}">{self.vihf.name_id}</s:NameID></s:Subject>'
            '<s:AttributeStatement><s:Attribute Name="identifiantFacturation">'
            f"<s:AttributeValue>{billing}</s:AttributeValue></s:Attribute></s:AttributeStatement></s:Assertion>"
        )
        message = envelope("", sign(self.sandbox, assertion, self.who), body, header=header)
        return post(self.sandbox, self.sandbox.insi_url, message, self.who)
