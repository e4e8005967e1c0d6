"""A throw-away public-key infrastructure, made on the spot in a folder.

Three authorities that trust nothing of each other: of the store's server, of the professional cards, of organisations.
Every name says that it is for test; nothing imitates an authority of the field. Certificates of cards have the shape of
the IGC-Santé test cards (subject, usages, ANS extensions), so that a reader of real cards reads these too.

RSA keys of 2048 bits take about a tenth of a second each: they are made when first asked for and kept in the folder.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path

from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from dmp_desktop.domain import oids
from dmp_desktop.domain.identifiers import CardNature, StructureId
from dmp_desktop.domain.professional import Professional, ProfessionalKind

ORGANISATION = "BAC A SABLE DMP_DESKTOP"
SERVER_AUTHORITY = "TEST BAC A SABLE - AC SERVEUR"
CARDS_AUTHORITY = "TEST BAC A SABLE - AC CARTES"
ORGANISATIONS_AUTHORITY = "TEST BAC A SABLE - AC ORGANISATIONS"

# Wide, so that a clock moved by a test or a training session never meets a certificate out of date by chance.
_VALID_FROM = datetime(2020, 1, 1, tzinfo=UTC)
_VALID_UNTIL = datetime(2049, 12, 31, tzinfo=UTC)
# Microsoft's smart-card logon, which authentication certificates of cards carry beside clientAuth.
_SMARTCARD_LOGON = x509.ObjectIdentifier("1.3.6.1.4.1.311.20.2.2")
_CARD_TYPES = {ProfessionalKind.CPS: 0, ProfessionalKind.CPF: 1, ProfessionalKind.CPE: 2, ProfessionalKind.CPA: 3}


class KeyUse(StrEnum):
    """The two key pairs of a professional card; they are never swapped."""

    SIGNATURE = "signature"
    AUTHENTICATION = "authentication"


class OrganisationUse(StrEnum):
    """The two certificates of an organisation (EX_GEN-1450); they are never swapped."""

    SIGN = "ORG_SIGN"
    """Seal of the structure: signs the VIHF and the submissions."""
    AUTH_CLI = "ORG_AUTH_CLI"
    """Client of the TLS channel."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate with its key, as PEM files readable by their owner only."""

    certificate: Path
    key: Path

    def der(self) -> bytes:
        """The certificate in DER."""
        return x509.load_pem_x509_certificate(self.certificate.read_bytes()).public_bytes(serialization.Encoding.DER)

    def private_key(self) -> rsa.RSAPrivateKey:
        """The key itself."""
        key = serialization.load_pem_private_key(self.key.read_bytes(), password=None)
        assert isinstance(key, rsa.RSAPrivateKey)  # noqa: S101 - we made it
        return key


class SandboxPki:
    """Makes and keeps the certificates of one sandbox.

    :param folder: created when missing, closed to other users; may be shared by several sandboxes, one after another.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    @property
    def authority(self) -> Path:
        """PEM of the authority that certifies the server: what a client must be told to trust."""
        return self._authority("authority", SERVER_AUTHORITY).certificate

    @property
    def cards_authority(self) -> Path:
        """PEM of the authority that certifies the professional cards."""
        return self._authority("cards", CARDS_AUTHORITY).certificate

    @property
    def organisations_authority(self) -> Path:
        """PEM of the authority that certifies organisations."""
        return self._authority("organisations", ORGANISATIONS_AUTHORITY).certificate

    def server(self) -> Issued:
        """Certificate of the server for ``localhost``, ``127.0.0.1`` and ``::1``."""
        names: list[x509.GeneralName] = [x509.DNSName("localhost")]
        names += [x509.IPAddress(ip_address(a)) for a in ("127.0.0.1", "::1")]
        extensions: list[tuple[x509.ExtensionType, bool]] = [
            (x509.BasicConstraints(False, None), True),
            (_usage(digital_signature=True), True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
            (x509.SubjectAlternativeName(names), False),
        ]
        issuer = self._authority("authority", SERVER_AUTHORITY)
        return self._leaf("server", _plain_name("TEST BAC A SABLE - SERVEUR"), extensions, issuer)

    def issue(
        self,
        holder: Professional,
        use: KeyUse,
        *,
        valid_from: datetime = _VALID_FROM,
        valid_until: datetime = _VALID_UNTIL,
    ) -> Issued:
        """One of the two certificates of a professional card.

        :param holder: its identity, kind, nature, profession and speciality stand in the certificate.
        """
        extensions: list[tuple[x509.ExtensionType, bool]] = [(x509.BasicConstraints(False, None), False)]
        if use is KeyUse.SIGNATURE:
            extensions.append((_usage(content_commitment=True), True))
            extensions.append((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False))
        else:
            extensions.append((_usage(digital_signature=True), True))
            extensions.append((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, _SMARTCARD_LOGON]), False))
        extensions += [(extension, False) for extension in _card_extensions(holder)]
        identity = f"{holder!r}|{holder.card_serial}|{valid_from}|{valid_until}"
        name = f"card-{hashlib.sha256(identity.encode()).hexdigest()[:16]}-{use}"
        issuer = self._authority("cards", CARDS_AUTHORITY)
        return self._leaf(name, _card_name(holder), extensions, issuer, valid_from, valid_until)

    def issue_organisation(self, structure: StructureId, name: str, use: OrganisationUse) -> Issued:
        """One of the two certificates of an organisation, in the shape of the IGC-Santé ones.

        :param structure: its Struct_IdNat stands in ``OU``; ``name`` in ``O``.
        """
        extensions: list[tuple[x509.ExtensionType, bool]] = [(x509.BasicConstraints(False, None), False)]
        if use is OrganisationUse.SIGN:
            extensions.append((_usage(digital_signature=True, content_commitment=True), True))
        else:
            extensions.append((_usage(digital_signature=True), True))
            extensions.append((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False))
        product = core.OctetString(b"\x80").dump()
        extensions.append((x509.UnrecognizedExtension(x509.ObjectIdentifier(oids.CERT_PRODUCT), product), False))
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
                x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, structure.value),
                x509.NameAttribute(NameOID.COMMON_NAME, f"{ORGANISATION} {use.value}"),
            ]
        )
        issuer = self._authority("organisations", ORGANISATIONS_AUTHORITY)
        return self._leaf(f"organisation-{structure.value}-{use.value.lower()}", subject, extensions, issuer)

    def _authority(self, name: str, common_name: str) -> Issued:
        extensions: list[tuple[x509.ExtensionType, bool]] = [
            (x509.BasicConstraints(True, 0), True),
            (_usage(key_cert_sign=True, crl_sign=True), True),
        ]
        return self._leaf(name, _plain_name(common_name), extensions, None)

    def _leaf(
        self,
        name: str,
        subject: x509.Name,
        extensions: list[tuple[x509.ExtensionType, bool]],
        issuer: Issued | None,
        valid_from: datetime = _VALID_FROM,
        valid_until: datetime = _VALID_UNTIL,
    ) -> Issued:
        issued = Issued(self._folder / f"{name}.pem", self._folder / f"{name}.key")
        if issued.certificate.exists() and issued.key.exists():
            return issued
        key = rsa.generate_private_key(65537, 2048)
        signer = issuer.private_key() if issuer else key
        issuer_certificate = x509.load_pem_x509_certificate(issuer.certificate.read_bytes()) if issuer else None
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer_certificate.subject if issuer_certificate else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(valid_from)
            .not_valid_after(valid_until)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical=critical)
        certificate = builder.sign(signer, hashes.SHA256())
        _write(
            issued.key,
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ),
        )
        _write(issued.certificate, certificate.public_bytes(serialization.Encoding.PEM))
        return issued


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123
        file.write(content)
    temporary.replace(path)


def _usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _plain_name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _card_name(holder: Professional) -> x509.Name:
    """``C=FR, T=Médecin, GN+SN+CN``: one relative name for the three last, as on IGC-Santé cards."""
    country = x509.RelativeDistinguishedName([x509.NameAttribute(NameOID.COUNTRY_NAME, "FR")])
    organisation = x509.RelativeDistinguishedName([x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION)])
    person = x509.RelativeDistinguishedName(
        [
            x509.NameAttribute(NameOID.GIVEN_NAME, holder.given),
            x509.NameAttribute(NameOID.SURNAME, holder.family),
            x509.NameAttribute(NameOID.COMMON_NAME, holder.id.value),
        ]
    )
    if not holder.profession_label:
        return x509.Name([country, organisation, person])
    title = x509.RelativeDistinguishedName([x509.NameAttribute(NameOID.TITLE, holder.profession_label)])
    return x509.Name([country, title, person])


def _card_extensions(holder: Professional) -> list[x509.UnrecognizedExtension]:
    """The extensions of the ANS, encoded as on IGC-Santé cards; product category 80 is a test card, 00 a real one."""
    product = b"\x00" if holder.nature is CardNature.REAL else b"\x80"
    values: list[tuple[str, bytes]] = [
        (oids.CERT_PRODUCT, core.OctetString(product).dump()),
        (oids.CERT_CARD_TYPE, core.Integer(_CARD_TYPES[holder.kind]).dump()),
    ]
    if holder.card_serial:
        values.append((oids.CERT_CARD_NUMBER, core.PrintableString(holder.card_serial).dump()))
    if holder.profession:
        values.append((oids.CERT_PROFESSION, core.Integer(int(holder.profession)).dump()))
    if holder.speciality:
        # A SEQUENCE OF UTF8String with one member, tag 30: shorter written out than declared as a type.
        member = core.UTF8String(holder.speciality).dump()
        values.append((oids.CERT_SPECIALITY, b"\x30" + bytes([len(member)]) + member))
    return [x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), value) for oid, value in values]
