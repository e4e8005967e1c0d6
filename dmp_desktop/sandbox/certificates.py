"""What a card's certificate says, as the sandbox needs it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from asn1crypto import core
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from dmp_desktop.domain import oids
from dmp_desktop.sandbox.refusals import TEXT_CERTIFICATE, Code, Refusal

# What the two libraries raise on bytes that are no certificate.
_UNREADABLE = (ValueError, TypeError, x509.InvalidVersion, x509.DuplicateExtension)
_T = TypeVar("_T", bound=x509.ExtensionType)


class _Codes(core.SequenceOf):  # type: ignore[misc]  # asn1crypto has no types
    _child_spec = core.UTF8String


@dataclass(frozen=True, slots=True)
class CardCertificate:
    """One certificate of a professional card, or of an organisation.

    :ivar identifier: PS_IdNat (CN).
    :ivar profession: G15 code as text, ``""`` when the card holds none; ``speciality``: first of its list, or ``""``.
    :ivar desk_staff: card type CPE or CPA.
    :ivar for_test: product category 80 and above.
    :ivar signs: made for signature (nonRepudiation).
    :ivar structure: Struct_IdNat of an organisation (OU), ``""`` for a card.
    """

    identifier: str
    profession: str
    speciality: str
    desk_staff: bool
    for_test: bool
    signs: bool
    authenticates: bool
    structure: str = ""


def read_card_certificate(der: bytes) -> CardCertificate:
    """Read a certificate.

    :raises Refusal: when it is not one.
    """
    try:
        certificate = x509.load_der_x509_certificate(der)
        names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        units = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
        usage = _extension(certificate, x509.KeyUsage)
        extended = _extension(certificate, x509.ExtendedKeyUsage)
        card = _value(certificate, oids.CERT_CARD_TYPE)
        kind = core.Integer.load(card or b"\x02\x01\x00").native
        product = core.OctetString.load(_value(certificate, oids.CERT_PRODUCT) or b"\x04\x01\x00").native
        profession = _value(certificate, oids.CERT_PROFESSION)
        speciality = _value(certificate, oids.CERT_SPECIALITY)
        return CardCertificate(
            identifier=str(names[0].value) if names else "",
            profession=str(core.Integer.load(profession).native) if profession else "",
            speciality=next(iter(_Codes.load(speciality).native), "") if speciality else "",
            desk_staff=kind in {2, 3},
            for_test=product[:1] >= b"\x80",
            signs=usage is not None and usage.content_commitment,
            authenticates=extended is not None and ExtendedKeyUsageOID.CLIENT_AUTH in extended,
            structure=str(units[0].value) if units and not card else "",
        )
    except _UNREADABLE:
        raise Refusal(Code.INVALID_CERTIFICATE, TEXT_CERTIFICATE) from None


def check_issued(der: bytes, authorities: Iterable[bytes], now: datetime) -> None:
    """Check that a certificate was issued by one of the sandbox's authorities, and is in its dates.

    :param authorities: PEM of each.
    :raises Refusal: when it was not, or is not.
    """
    try:
        certificate = x509.load_der_x509_certificate(der)
    except _UNREADABLE:
        raise Refusal(Code.INVALID_CERTIFICATE, TEXT_CERTIFICATE) from None
    if not any(_issued_by(certificate, authority) for authority in authorities):
        raise Refusal(Code.INVALID_CERTIFICATE, TEXT_CERTIFICATE)
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise Refusal(Code.INVALID_CERTIFICATE, TEXT_CERTIFICATE)


def _issued_by(certificate: x509.Certificate, authority: bytes) -> bool:
    try:
        certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(authority))
    except (*_UNREADABLE, InvalidSignature):
        return False
    return True


def _value(certificate: x509.Certificate, oid: str) -> bytes:
    try:
        value = certificate.extensions.get_extension_for_oid(x509.ObjectIdentifier(oid)).value
    except x509.ExtensionNotFound:
        return b""
    return value.value if isinstance(value, x509.UnrecognizedExtension) else b""


def _extension(certificate: x509.Certificate, kind: type[_T]) -> _T | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
