"""The signature of a submission (XAdES 1.1.1 on a manifest), verified by the sandbox's own eyes."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lxml import etree
from signxml.exceptions import InvalidDigest, InvalidInput, InvalidSignature
from signxml.verifier import SignatureConfiguration, XMLVerifier

from dmp_desktop.domain import oids
from dmp_desktop.domain.habilitations import IdentityMode
from dmp_desktop.sandbox.caller import Caller
from dmp_desktop.sandbox.certificates import check_issued, read_card_certificate
from dmp_desktop.sandbox.refusals import Code, Refusal
from dmp_desktop.sandbox.xmlio import Element, attribute, child, children, parse, text

_DIGESTS: Final = {
    "http://www.w3.org/2000/09/xmldsig#sha1": hashlib.sha1,
    "http://www.w3.org/2001/04/xmlenc#sha256": hashlib.sha256,
}
_MANIFEST: Final = "http://www.w3.org/2000/09/xmldsig#Manifest"
_SOURCE: Final = "1.2.840.10065.1.12.1.14"
_MAX_SKEW: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a signature must say.

    :ivar documents: root of each document by uniqueId; ``since``: the latest of their dates.
    """

    submission_id: str
    documents: Mapping[str, Element]
    since: datetime


def check_signature(
    content: bytes, expected: Expected, caller: Caller, authorities: tuple[bytes, ...], now: datetime
) -> None:
    """Check the signature document of a submission.

    :raises Refusal: it does not verify, is somebody else's, or is not of these documents.
    """
    root = parse(content, comments=True)
    if root.tag != f"{{{oids.NS_DS}}}Signature":
        raise _wrong("Signature XML attendue")
    der = _certificate(root)
    check_issued(der, authorities, now)
    holder = read_card_certificate(der)
    signer = holder.structure or holder.identifier
    awaited = caller.professional if caller.identity is IdentityMode.DIRECT else caller.structure
    if not holder.signs or signer != awaited:
        raise Refusal(Code.SIGNATURE_INVALID, "Le lot n’est pas signé par l’utilisateur du VIHF")
    _verify(root, der, now)
    types = {attribute(r, "Type") for r in children(root, "SignedInfo/Reference", oids.NS_DS)}
    if _MANIFEST not in types:
        raise _wrong("Manifeste non signé")
    _manifest(root, expected)
    _properties(root, expected.since, now)


def canonical(document: Element) -> bytes:
    """The canonical form that the manifest's digests are of (Canonical XML 1.0 with comments)."""
    return etree.tostring(document, method="c14n", with_comments=True)


def _wrong(why: str) -> Refusal:
    return Refusal(Code.SIGNATURE_INVALID, why)


def _certificate(root: Element) -> bytes:
    found = child(root, "KeyInfo/X509Data/X509Certificate", oids.NS_DS)
    try:
        return base64.b64decode("".join(text(found).split()), validate=True)
    except binascii.Error:
        raise _wrong("Certificat illisible") from None


def _verify(root: Element, der: bytes, now: datetime) -> None:
    pem = f"-----BEGIN CERTIFICATE-----\n{base64.encodebytes(der).decode()}-----END CERTIFICATE-----\n"
    configuration = SignatureConfiguration(expect_references=2, verification_time=now, location="./")
    try:
        XMLVerifier().verify(root, x509_cert=pem, expect_config=configuration, id_attribute="Id")
    except (InvalidInput, InvalidSignature, InvalidDigest, ValueError, etree.LxmlError):
        raise _wrong("Signature du lot invalide") from None


def _manifest(root: Element, expected: Expected) -> None:
    manifest = child(root, "Object/Manifest", oids.NS_DS)
    found: dict[str, Element] = {}
    for reference in children(manifest, "Reference", oids.NS_DS) if manifest is not None else []:
        found[attribute(reference, "URI").removeprefix("urn:oid:")] = reference
    if set(found) != {expected.submission_id, *expected.documents}:
        raise _wrong("Le manifeste ne porte pas sur les documents du lot")
    for unique_id, reference in found.items():
        digest = text(child(reference, "DigestValue", oids.NS_DS))
        if unique_id == expected.submission_id:
            if digest != "AA==":
                raise _wrong("Empreinte AA== attendue pour le lot")
            continue
        algorithm = _DIGESTS.get(attribute(child(reference, "DigestMethod", oids.NS_DS), "Algorithm"))
        if algorithm is None:
            raise _wrong("Empreinte d’un genre inconnu")
        computed = algorithm(canonical(expected.documents[unique_id])).digest()
        if digest != base64.b64encode(computed).decode("ascii"):
            raise _wrong("Empreinte différente de celle du document")


def _properties(root: Element, since: datetime, now: datetime) -> None:
    properties = root.findall(f".//{{{oids.NS_XADES}}}SignedSignatureProperties")
    try:
        signed_at = datetime.fromisoformat(text(child(properties[0], "SigningTime", oids.NS_XADES)))
        # Times go up: document, submission, signature, VIHF; seconds are all that metadata tell.
        if signed_at + timedelta(seconds=1) < since or signed_at > now + _MAX_SKEW:
            raise _wrong("Date de signature hors de l’ordre document, lot, signature, VIHF")
    except (IndexError, ValueError, TypeError):
        raise _wrong("Date de signature illisible") from None
    purpose = [str(n.text or "").strip() for n in root.iter("SignatureProperty", f"{{{oids.NS_DS}}}SignatureProperty")]
    if _SOURCE not in purpose:
        raise _wrong("But de la signature absent")
