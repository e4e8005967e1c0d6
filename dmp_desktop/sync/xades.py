"""The signature document of a submission (IHE DSG as the DMP uses it): XAdES 1.1.1, detached.

It signs a manifest: the submission, whose digest is ``AA==`` by convention, then each document by the digest of its
canonical form. The official example is of 2019 and in SHA-1 throughout; so were the cards' certificates. Everything is
SHA-256 here (see :mod:`dmp_desktop.sync.disputed`), the shape is the example's.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lxml import etree

from dmp_desktop.domain.oids import NS_DS, NS_XADES
from dmp_desktop.domain.professional import Signer
from dmp_desktop.sync.signature import issuer_and_serial, key_info
from dmp_desktop.sync.soap import element, node

CANONICAL: Final = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"
SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
SHA1: Final = "http://www.w3.org/2000/09/xmldsig#sha1"
_RSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
_MANIFEST: Final = "http://www.w3.org/2000/09/xmldsig#Manifest"
_SIGNED_PROPERTIES: Final = "http://uri.etsi.org/01903/v1.1.1#SignedProperties"
_SOURCE: Final = "1.2.840.10065.1.12.1.14"
_DS: Final = f"{{{NS_DS}}}"
_XADES: Final = f"{{{NS_XADES}}}"


@dataclass(frozen=True, slots=True)
class Signed:
    """A document of the manifest: its OID and the digest of its canonical form."""

    unique_id: str
    digest: bytes


def sign(
    submission_id: str, documents: Sequence[Signed], signer: Signer, at: datetime, *, manifest_sha1: bool = False
) -> bytes:
    """The signature document.

    :param at: aware; not before the documents, not after the assertion.
    :param manifest_sha1: the digests of ``documents`` are SHA-1 (disputed); the signature itself stays SHA-256.
    """
    root = element(f"{_DS}Signature", {"ds": NS_DS})
    identifier = f"_{uuid.uuid4()}"
    root.set("Id", identifier)
    info = node(root, "SignedInfo")
    node(info, "CanonicalizationMethod", None, Algorithm=CANONICAL)
    node(info, "SignatureMethod", None, Algorithm=_RSA_SHA256)
    value = node(root, "SignatureValue")
    root.append(key_info(signer.certificate))
    manifest = _manifest(root, submission_id, documents, SHA1 if manifest_sha1 else SHA256)
    _purpose(root, identifier)
    properties = _properties(root, identifier, signer.certificate, at)
    _reference(info, _MANIFEST, "#IHEManifest", manifest)
    _reference(info, _SIGNED_PROPERTIES, "#S0-SignedProperties", properties)
    value.text = _text(signer.sign_sha256(etree.tostring(info, method="c14n", with_comments=True)))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _manifest(root: etree._Element, submission_id: str, documents: Sequence[Signed], algorithm: str) -> etree._Element:
    manifest = node(node(root, "Object"), "Manifest", None, Id="IHEManifest")
    whole = node(manifest, "Reference", None, URI=f"urn:oid:{submission_id}")
    node(whole, "DigestMethod", None, Algorithm=algorithm)
    node(whole, "DigestValue", "AA==")
    for document in documents:
        reference = node(manifest, "Reference", None, URI=f"urn:oid:{document.unique_id}")
        node(node(reference, "Transforms"), "Transform", None, Algorithm=CANONICAL)
        node(reference, "DigestMethod", None, Algorithm=algorithm)
        node(reference, "DigestValue", _text(document.digest))
    return manifest


def _purpose(root: etree._Element, identifier: str) -> None:
    # In no namespace, as in the example: XML Signature's own SignatureProperty may not hold bare text.
    properties = etree.SubElement(node(root, "Object"), "SignatureProperties")
    held = etree.SubElement(properties, "SignatureProperty", Id="purposeOfSignature", Target=f"#{identifier}")
    held.text = _SOURCE


def _properties(root: etree._Element, identifier: str, certificate: bytes, at: datetime) -> etree._Element:
    qualifying = element(f"{_XADES}QualifyingProperties", {"xad": NS_XADES})
    node(root, "Object").append(qualifying)
    qualifying.set("Target", f"#{identifier}")
    properties = node(qualifying, "SignedProperties", None, Id="S0-SignedProperties")
    signature = node(properties, "SignedSignatureProperties")
    node(signature, "SigningTime", at.isoformat(timespec="milliseconds"))
    cert = node(node(signature, "SigningCertificate"), "Cert")
    digest = node(cert, "CertDigest")
    node(digest, "DigestMethod", None, Algorithm=SHA256)
    node(digest, "DigestValue", _text(hashlib.sha256(certificate).digest()))
    issuer, serial = issuer_and_serial(certificate)
    serial_holder = node(cert, "IssuerSerial")
    for tag, text in (("X509IssuerName", issuer), ("X509SerialNumber", str(serial))):
        named = element(f"{_DS}{tag}", {None: NS_DS})
        named.text = text
        serial_holder.append(named)
    node(node(signature, "SignaturePolicyIdentifier"), "SignaturePolicyImplied")
    node(properties, "SignedDataObjectProperties")
    return properties


def _reference(info: etree._Element, kind: str, uri: str, target: etree._Element) -> None:
    reference = node(info, "Reference", None, Type=kind, URI=uri)
    node(reference, "DigestMethod", None, Algorithm=SHA256)
    # A reference without transform is canonicalised without comments (XML Signature §4.4.3.2); there are none.
    node(reference, "DigestValue", _text(hashlib.sha256(etree.tostring(target, method="c14n")).digest()))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
