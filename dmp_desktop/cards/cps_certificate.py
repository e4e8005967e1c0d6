"""Who a professional card belongs to, from one of its certificates.

Parsed with asn1crypto: the subject of older cards is a SET that is not sorted as DER wants, which stricter parsers
refuse, hiding the card. Extensions: ANS, nomenclatures of the IGC (1.2.250.1.71.1.2 and 1.2.250.1.71.4.2).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from asn1crypto import core, x509

from dmp_desktop.domain import oids
from dmp_desktop.domain.identifiers import CardNature
from dmp_desktop.domain.professional import ProfessionalKind
from dmp_desktop.domain.readers import UnreadableCard

_KINDS: Final = {0: ProfessionalKind.CPS, 1: ProfessionalKind.CPF, 2: ProfessionalKind.CPE, 3: ProfessionalKind.CPA}
# Table G01 of products: 00 card, 02, 03 other real products; the high bit marks the same products for tests.
_TEST_BIT: Final = 0x80
_UNNAMED: Final = re.compile(r"[^\w'\- ]|_")


@dataclass(frozen=True, slots=True, repr=False)
class CardCertificate:
    """What a certificate of a CPx card says.

    :ivar common_name: the national identifier with its prefix (PS_IdNat), or ``xxxx/yyyy`` on a card without a name.
    :ivar family: ``""`` on a card that names nobody (CPE « non nominative »), shown by ``organisation`` and
        ``common_name`` instead (PDT-INF-617).
    :ivar serial: number of the card, without its issuer, or ``""`` when the certificate does not hold it.
    """

    common_name: str
    family: str
    given: str
    organisation: str
    kind: ProfessionalKind
    nature: CardNature
    profession: str
    speciality: str
    serial: str

    @property
    def names(self) -> tuple[str, str]:
        """Family and given names; those of a card that names nobody are its organisation and its number.

        PDT-INF-617: there, what is neither a letter, a digit, an apostrophe, a hyphen nor a space becomes a hyphen.
        """
        if self.family:
            return self.family, self.given
        return _UNNAMED.sub("-", self.organisation), _UNNAMED.sub("-", self.common_name)

    def __repr__(self) -> str:
        return f"CardCertificate({self.kind}, {self.nature})"


def read_certificate(der: bytes) -> CardCertificate:
    """Read one certificate.

    :raises UnreadableCard: not a certificate, or one without a common name.
    """
    try:
        certificate = x509.Certificate.load(der, strict=True)
        subject = _subject(certificate)
        extensions = {
            item["extn_id"].dotted: item["extn_value"].contents
            for item in certificate["tbs_certificate"]["extensions"] or ()
        }
        profession = _number(extensions, oids.CERT_PROFESSION)
        kind = _number(extensions, oids.CERT_CARD_TYPE)
        product = _bytes(extensions, oids.CERT_PRODUCT)
        speciality = _strings(extensions, oids.CERT_SPECIALITY)
        serial = _strings(extensions, oids.CERT_CARD_NUMBER)
    # asn1crypto promises nothing about what a malformed structure raises.
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError) as error:
        raise UnreadableCard(f"certificate: {type(error).__name__}") from None
    common_name = subject.get("common_name", "")
    if not common_name:
        raise UnreadableCard("certificate without a common name")
    return CardCertificate(
        common_name,
        subject.get("surname", ""),
        subject.get("given_name", ""),
        subject.get("organization_name", ""),
        # The newer certificates do not repeat the type of the card: staff cards are those without a profession.
        _KINDS.get(kind, ProfessionalKind.CPS)
        if kind is not None
        else ProfessionalKind.CPS
        if profession is not None
        else ProfessionalKind.CPE,
        CardNature.UNKNOWN if not product else CardNature.TEST if product[0] & _TEST_BIT else CardNature.REAL,
        "" if profession is None else str(profession),
        speciality[0] if speciality else "",
        serial[0].rpartition("/")[2] if serial else "",
    )


def public_key(der: bytes) -> tuple[int, int]:
    """Modulus and exponent of an RSA certificate.

    :raises UnreadableCard: not an RSA certificate.
    """
    try:
        numbers = x509.Certificate.load(der, strict=True).public_key["public_key"].parsed
        return int(numbers["modulus"].native), int(numbers["public_exponent"].native)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise UnreadableCard(f"certificate key: {type(error).__name__}") from None


def _subject(certificate: Any) -> dict[str, str]:
    """First value of each attribute of the subject, whatever the order of the sets."""
    found: dict[str, str] = {}
    for group in certificate.subject.chosen:
        for pair in group:
            found.setdefault(pair["type"].native, str(pair["value"].native))
    return found


def _value(extensions: Mapping[str, bytes], oid: str) -> Any:
    return core.load(extensions[oid]) if oid in extensions else None


def _number(extensions: Mapping[str, bytes], oid: str) -> int | None:
    value = _value(extensions, oid)
    return int(value.native) if isinstance(value, core.Integer) else None


def _bytes(extensions: Mapping[str, bytes], oid: str) -> bytes:
    value = _value(extensions, oid)
    return bytes(value.native) if isinstance(value, core.OctetString) else b""


def _strings(extensions: Mapping[str, bytes], oid: str) -> list[str]:
    value = _value(extensions, oid)
    if isinstance(value, core.Sequence):
        return [str(value[index].native) for index in range(len(value))]
    return [str(value.native)] if isinstance(value, core.AbstractString) else []
