"""Enveloped XML signatures made by a key that never leaves its card.

signxml builds the signature; the card only signs the canonical ``SignedInfo``. Certificates are read with asn1crypto:
those of older cards have a subject whose parts are not sorted as DER wants, which stricter parsers refuse.
"""

from __future__ import annotations

import base64
from typing import Any, Final

from asn1crypto import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureConstructionMethod, SignatureMethod
from signxml.signer import XMLSigner

from dmp_desktop.domain.oids import NS_DS
from dmp_desktop.domain.professional import Signer
from dmp_desktop.errors import BugError

# RFC 2253 §2.3; every other type is written with its OID, and its value as hexadecimal DER (§2.4).
_SHORT: Final = {
    "2.5.4.3": "CN",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.6": "C",
    "2.5.4.9": "STREET",
    "0.9.2342.19200300.100.1.25": "DC",
    "0.9.2342.19200300.100.1.1": "UID",
}


class _CardKey:
    """What signxml asks of an RSA private key: to sign. The card does it."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def sign(self, data: bytes, padding: object, algorithm: object) -> bytes:
        """Sign ``data``; anything but PKCS#1 v1.5 with SHA-256 is a fault of ours (a CPS3 cannot do PSS)."""
        if not isinstance(padding, PKCS1v15) or not isinstance(algorithm, hashes.SHA256):
            raise BugError("signature asked with another scheme than the card's")
        return self._signer.sign_sha256(bytes(data))


def sign_enveloped(root: etree._Element, signer: Signer) -> etree._Element:
    """Sign ``root`` (by its ``ID``) into the ``ds:Signature[@Id='placeholder']`` it holds.

    Exclusive canonicalisation, RSA with SHA-256, the certificate in ``KeyInfo``.
    """
    xml_signer = XMLSigner(
        method=SignatureConstructionMethod.enveloped,
        signature_algorithm=SignatureMethod.RSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    key: Any = _CardKey(signer)
    return xml_signer.sign(
        root, key=key, key_info=key_info(signer.certificate), reference_uri=f"#{root.get('ID')}", id_attribute="ID"
    )


def subject_name(certificate: bytes) -> str:
    """The subject of a DER certificate as RFC 2253 writes it: last part first, as the official examples show."""
    return _name(x509.Certificate.load(certificate).subject)


def issuer_and_serial(certificate: bytes) -> tuple[str, int]:
    """Who made a DER certificate (RFC 2253) and its serial number."""
    read = x509.Certificate.load(certificate)
    return _name(read.issuer), int(read.serial_number)


def key_info(certificate: bytes) -> etree._Element:
    """``ds:KeyInfo`` holding the certificate.

    Made here and not by signxml, which would parse the certificate with a parser that refuses older cards.
    """
    info = etree.Element(f"{{{NS_DS}}}KeyInfo", nsmap={"ds": NS_DS})
    data = etree.SubElement(info, f"{{{NS_DS}}}X509Data")
    etree.SubElement(data, f"{{{NS_DS}}}X509Certificate").text = base64.b64encode(certificate).decode("ascii")
    return info


def _name(name: x509.Name) -> str:
    return ",".join("+".join(_pair(pair) for pair in rdn) for rdn in reversed(list(name.chosen)))


def _pair(pair: x509.NameTypeAndValue) -> str:
    oid = pair["type"].dotted
    if oid in _SHORT:
        return f"{_SHORT[oid]}={_escape(str(pair['value'].native))}"
    return f"{oid}=#{pair['value'].chosen.dump().hex()}"


def _escape(value: str) -> str:
    escaped = "".join(f"\\{c}" if c in ',+"\\<>;' else c for c in value)
    if escaped.startswith(("#", " ")):
        escaped = "\\" + escaped
    if escaped.endswith(" ") and len(value) > 1:
        escaped = escaped[:-1] + "\\ "
    return escaped
