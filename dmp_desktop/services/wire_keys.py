"""Keys in files, for the command of integrators: whose they are, and what each one is for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from dmp_desktop.cards.cps_certificate import read_certificate
from dmp_desktop.cards.labels import profession_label, speciality_label
from dmp_desktop.domain.identifiers import CardNature, PsId, Secret
from dmp_desktop.domain.professional import Professional, ProfessionalKind, Situation
from dmp_desktop.errors import FlowError
from dmp_desktop.sync.credentials import Credentials
from dmp_desktop.sync.errors import KeyFileUnreadable
from dmp_desktop.sync.keyfiles import KeyFile, load


class KeysNotFound(FlowError):
    """A folder holds no pair of keys of this person. ``facts["use"]`` is the one that lacks."""

    code = "keys-not-found"


@dataclass(frozen=True, slots=True)
class Keys:
    """The two keys of a person: one signs, the other opens the secure channel. They are never swapped."""

    signature: KeyFile
    channel: KeyFile

    def credentials(self, situation: Situation) -> Credentials:
        """Direct mode, as with a card: the person is the one whom the signature certificate names.

        :raises UnreadableCard: the certificate is not that of a professional; ``BadIdentifier``: nor its number.
        """
        certificate = read_certificate(self.signature.certificate)
        family, given = certificate.names
        person = Professional(
            PsId(certificate.common_name),
            family,
            given,
            certificate.kind,
            certificate.nature,
            certificate.profession,
            profession_label(certificate.profession) if certificate.profession else "",
            certificate.speciality,
            speciality_label(certificate.speciality) if certificate.speciality else "",
            certificate.serial,
        )
        return Credentials(person, situation, self.signature, self.channel.install_tls_key)


def described(identifier: str, family: str, given: str, profession: str, speciality: str) -> Professional:
    """Someone whom no card names: a structure vouches for them, in an indirect mode.

    :raises BadIdentifier: not a PS_IdNat.
    """
    return Professional(
        PsId(identifier),
        family,
        given,
        ProfessionalKind.CPS if profession else ProfessionalKind.CPE,
        CardNature.UNKNOWN,
        profession,
        profession_label(profession) if profession else "",
        speciality,
        speciality_label(speciality) if speciality else "",
    )


def in_folder(folder: Path, person: str, passphrase: Secret | None) -> Keys:
    """The two keys of ``person`` (PS_IdNat) among the files of a folder; each key in its file, or beside it (``.key``).

    :raises KeysNotFound: one of the two is not there.
    """
    found: dict[str, KeyFile] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix.lower() not in {".pem", ".p12", ".pfx"}:
            continue
        beside = path.with_suffix(".key")
        try:
            file = load(path, passphrase, beside if beside.exists() else None)
        except KeyFileUnreadable:
            continue
        use = _use(file, person)
        if use:
            found.setdefault(use, file)
    for use in ("signature", "channel"):
        if use not in found:
            raise KeysNotFound("no such key in this folder", use=use)
    return Keys(found["signature"], found["channel"])


def _use(file: KeyFile, person: str) -> str:
    """``signature``, ``channel``, or ``""`` when it is neither or somebody else's."""
    certificate = x509.load_der_x509_certificate(file.certificate)
    names = certificate.subject.get_attributes_for_oid(x509.oid.NameOID.COMMON_NAME)
    if not names or names[0].value != person:
        return ""
    try:
        if certificate.extensions.get_extension_for_class(x509.KeyUsage).value.content_commitment:
            return "signature"
        extended = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return ""
    return "channel" if ExtendedKeyUsageOID.CLIENT_AUTH in extended else ""
