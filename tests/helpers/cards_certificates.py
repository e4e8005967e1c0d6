"""Certificates of the shape a CPx card holds, for nobody real, made on the spot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from asn1crypto import algos, core
from asn1crypto import x509 as ax
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from dmp_desktop.domain import oids

RSA = rsa.RSAPrivateKey
_START = datetime(2025, 1, 1, tzinfo=UTC)


@cache
def key(name: str) -> RSA:
    """One RSA key per name and per run: making them is what costs."""
    return rsa.generate_private_key(65537, 2048)


@dataclass(frozen=True)
class Person:
    """Subject and extensions of a card certificate. ``None`` leaves an extension out."""

    common_name: str = "899700000017"
    family: str | None = "BRINDILLE"
    given: str | None = "AURORE"
    title: str | None = "Médecin"
    organisation: str | None = None
    profession: int | None = 10
    speciality: str | None = "SM26"
    product: int | None = 0x80
    card_type: int | None = 0
    serial: str | None = "8025000001/2500577253"


def _extensions(person: Person) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    if person.card_type is not None:
        found.append((oids.CERT_CARD_TYPE, core.Integer(person.card_type).dump()))
    if person.serial is not None:
        found.append((oids.CERT_CARD_NUMBER, core.PrintableString(person.serial).dump()))
    if person.product is not None:
        found.append((oids.CERT_PRODUCT, core.OctetString(bytes([person.product])).dump()))
    if person.profession is not None:
        found.append((oids.CERT_PROFESSION, core.Integer(person.profession).dump()))
    if person.speciality is not None:
        inner = core.UTF8String(person.speciality).dump()
        found.append((oids.CERT_SPECIALITY, b"\x30" + bytes([len(inner)]) + inner))
    return found


def authority() -> tuple[bytes, RSA]:
    """A throw-away authority: PEM and key."""
    owner = key("authority")
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "TEST AC PERSONNES")])
    certificate = (
        _builder(name, name, owner.public_key())
        .add_extension(x509.BasicConstraints(True, None), True)
        .sign(owner, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM), owner


def card_certificate(person: Person, owner: RSA, *, client: bool = False) -> bytes:
    """DER of a certificate of the newer shape (IGC-Santé), for signature or, ``client``, for authentication."""
    pairs: list[list[tuple[x509.ObjectIdentifier, str | None]]] = [
        [(NameOID.COUNTRY_NAME, "FR")],
        [(NameOID.ORGANIZATION_NAME, person.organisation)],
        [(NameOID.TITLE, person.title)],
        [
            (NameOID.COMMON_NAME, person.common_name),
            (NameOID.SURNAME, person.family),
            (NameOID.GIVEN_NAME, person.given),
        ],
    ]
    groups = [[x509.NameAttribute(oid, value) for oid, value in group if value is not None] for group in pairs]
    subject = x509.Name([x509.RelativeDistinguishedName(group) for group in groups if group])
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "TEST AC PERSONNES")])
    usage = ExtendedKeyUsageOID.CLIENT_AUTH if client else ExtendedKeyUsageOID.EMAIL_PROTECTION
    builder = _builder(subject, issuer, owner.public_key()).add_extension(x509.ExtendedKeyUsage([usage]), False)
    for oid, value in _extensions(person):
        builder = builder.add_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), value), False)
    return builder.sign(key("authority"), hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def server_certificate(owner: RSA) -> bytes:
    """PEM of a server named localhost."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "TEST AC PERSONNES")])
    builder = _builder(name, issuer, owner.public_key())
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
    return builder.sign(key("authority"), hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def old_certificate(person: Person, owner: RSA) -> bytes:
    """DER of the older shape: number, name and given name in one SET that is not sorted as DER wants."""
    types = {"common_name": person.common_name, "surname": person.family, "given_name": person.given}
    group = b"".join(
        ax.NameTypeAndValue({"type": name, "value": ax.DirectoryString("utf8_string", core.UTF8String(value))}).dump()
        for name, value in types.items()
        if value is not None
    )
    country = ax.NameTypeAndValue(
        {"type": "country_name", "value": ax.DirectoryString("utf8_string", core.UTF8String("FR"))}
    ).dump()
    subject = _der(0x30, _der(0x31, country) + _der(0x31, group))
    template = x509.load_der_x509_certificate(card_certificate(person, owner)).tbs_certificate_bytes
    tbs = ax.TbsCertificate.load(template)
    parts = [tbs[name].dump() for name in ("version", "serial_number", "signature", "issuer", "validity")]
    parts += [subject, tbs["subject_public_key_info"].dump(), tbs["extensions"].dump()]
    body = _der(0x30, b"".join(parts))
    signature = key("authority").sign(body, padding.PKCS1v15(), hashes.SHA256())
    algorithm = algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}).dump()
    return _der(0x30, body + algorithm + _der(0x03, b"\x00" + signature))


def _builder(subject: x509.Name, issuer: x509.Name, public: rsa.RSAPublicKey) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_START)
        .not_valid_after(_START + timedelta(days=3650))
    )


def _der(tag: int, value: bytes) -> bytes:
    size = len(value)
    if size < 0x80:
        return bytes([tag, size]) + value
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + value
