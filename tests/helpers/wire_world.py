"""Fictional people who speak to a store, with keys made on the spot."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.x509.oid import NameOID

from dmp_desktop.domain import oids
from dmp_desktop.domain.dossier import AccessChoice, Consent, Contact, Representative, RepresentativeQuality
from dmp_desktop.domain.events import Author, Opening
from dmp_desktop.domain.identifiers import CardNature, Ins, Nir, PsId, StructureId, nir_key
from dmp_desktop.domain.identity import BirthDate, CardTraits, ProofDocument, Sex, Traits
from dmp_desktop.domain.professional import Professional, ProfessionalKind, Situation
from dmp_desktop.sync.credentials import Credentials
from dmp_desktop.sync.vihf import Software

NOW = datetime(2026, 4, 14, 8, 30, tzinfo=UTC)
SOFTWARE = Software("1.2.250.1.999.1.1", "dmp_desktop", "0.1.0", "HOMOLOGATION-FICTIVE")
SITUATION = Situation(StructureId("499700000017001"), "Cabinet des Trois-Tilleuls", "SA07")


def nir(body: str) -> Nir:
    """A fictional number with its key."""
    return Nir(body + nir_key(body))


ODILE = Ins(nir("2790599000123"), oids.INS_NIR_TEST)
GASPARD = Ins(nir("1771199000456"), oids.INS_NIR_TEST)
GHJULIA = Ins(nir("288072B004055"), oids.INS_NIR_TEST)

BRINDILLE = Professional(
    PsId("899700000017"),
    "BRINDILLE",
    "AURORE",
    ProfessionalKind.CPS,
    CardNature.TEST,
    "10",
    "Médecin",
    "SM26",
    "Qualifié en Médecine Générale (SM)",
)
PAPIER = Professional(PsId("399700017/PAPIER1"), "PAPIER", "SOLÈNE", ProfessionalKind.CPE, CardNature.TEST)


def author(person: Professional = BRINDILLE, situation: Situation = SITUATION) -> Author:
    """The author of an event."""
    return Author(person.id.value, situation.structure.value, situation.sector, person.display_name, situation.name)


def opening(ins: Ins | None = ODILE, *, reactivation: bool = False, minor: bool = False) -> Opening:
    """An opening with everything in it."""
    return Opening(
        reference="OUV-2026-0414-7F3A",
        ins=ins,
        traits=Traits(
            "LAVANDIN-GENÊT", ("ODILE", "MARIE"), Sex.FEMALE, BirthDate("19790523"), "99000", used_name="CORNICHE"
        ),
        card=CardTraits("LAVANDIN", "ODILE", BirthDate("19790523"), ODILE.matricule, ODILE.matricule),
        consent=Consent(
            "2026-1", NOW - timedelta(minutes=3), NOW - timedelta(minutes=1), BRINDILLE.id.value, True, False
        ),
        access=AccessChoice.THIS_PROFESSIONAL,
        contact=Contact("0601020304", "odile@exemple.example"),
        representative=Representative(
            "CORNICHE", "GASPARD", RepresentativeQuality.FATHER, ProofDocument.IDENTITY_CARD, True
        )
        if minor
        else None,
        reactivation=reactivation,
    )


class SoftSigner:
    """The signature key of a card, in memory; counts what it signs."""

    def __init__(self, key: rsa.RSAPrivateKey, certificate: x509.Certificate) -> None:
        self._key = key
        self._certificate = certificate
        self.signatures = 0

    @property
    def certificate(self) -> bytes:
        """DER."""
        return self._certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        """PEM, for tools that verify."""
        return self._certificate.public_bytes(serialization.Encoding.PEM)

    def sign_sha256(self, data: bytes) -> bytes:
        """As a card does."""
        self.signatures += 1
        return self._key.sign(data, PKCS1v15(), hashes.SHA256())


@cache
def _key(which: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate(
    subject: x509.Name, which: str, issuer: tuple[x509.Certificate, rsa.RSAPrivateKey] | None = None, *, host: str = ""
) -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    """A certificate for the key called ``which``, by ``issuer`` or by itself (then an authority)."""
    key = _key(which)
    signer_name, signer_key = (issuer[0].subject, issuer[1]) if issuer else (subject, key)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer_name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2049, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if host:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(host))]), critical=False
        )
    return builder.sign(signer_key, hashes.SHA256()), key


def person_name(person: Professional) -> x509.Name:
    """The subject of an IGC-Santé certificate."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.TITLE, "Médecin"),
            x509.NameAttribute(NameOID.GIVEN_NAME, person.given),
            x509.NameAttribute(NameOID.SURNAME, person.family),
            x509.NameAttribute(NameOID.COMMON_NAME, person.id.value.replace("/", "-")),
        ]
    )


def common_name(name: str) -> x509.Name:
    """A subject with a common name alone."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def signer(person: Professional = BRINDILLE) -> SoftSigner:
    """The signature key of ``person``."""
    made, key = certificate(person_name(person), f"sign-{person.id.value}")
    return SoftSigner(key, made)


def credentials(person: Professional = BRINDILLE, situation: Situation = SITUATION) -> Credentials:
    """An unlocked card that only signs."""
    return Credentials(person, situation, signer(person), lambda context: None)


@dataclass(frozen=True, slots=True)
class Pki:
    """Files of a small infrastructure: an authority, a server on the loopback, a client."""

    authority: Path
    server: Path
    client: Path

    def install_tls_key(self, context: ssl.SSLContext) -> None:
        """What a card's authentication key does."""
        context.load_cert_chain(self.client)


def make_pki(folder: Path, *, name: str = "AC") -> Pki:
    """Write the files."""
    authority = certificate(common_name(name), f"ca-{name}")
    files = Pki(folder / "authority.pem", folder / "server.pem", folder / "client.pem")
    files.authority.write_bytes(authority[0].public_bytes(serialization.Encoding.PEM))
    for file, made in (
        (files.server, certificate(common_name("store"), "server", authority, host="127.0.0.1")),
        (files.client, certificate(person_name(BRINDILLE), "auth", authority)),
    ):
        file.write_bytes(
            made[0].public_bytes(serialization.Encoding.PEM)
            + made[1].private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    return files
