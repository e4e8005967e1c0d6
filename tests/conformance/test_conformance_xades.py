"""The signature of a submission: the official example's shape, verified by others, refusing one changed character."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from helpers import documents_world as world
from helpers import wire_schemas, wire_world
from lxml import etree
from signxml.exceptions import InvalidDigest
from signxml.exceptions import InvalidSignature as BadSignature
from signxml.verifier import SignatureConfiguration, XMLVerifier

from dmp_desktop.domain.oids import NS_DS, NS_XADES
from dmp_desktop.sync import cda, submission, xades
from dmp_desktop.sync.disputed import Disputed
from dmp_desktop.sync.submission import Sender

DS, XADES = f"{{{NS_DS}}}", f"{{{NS_XADES}}}"
SIGNER = wire_world.signer()


def _signed(*, sha1: bool = False) -> tuple[bytes, list[bytes]]:
    """The signature of a deposit of two documents, as it leaves, and the documents."""
    sender = Sender(world.DOCTOR, world.CUSTODIAN, SIGNER, world.SOURCE)
    made = submission.provide(
        world.submission(world.document(), world.document("60591-5", number=2)),
        world.ODILE,
        sender,
        wire_world.NOW,
        Disputed(signature_manifest_sha1=sha1),
    )
    *documents, signature = [b"".join(part.chunks()) for part in made.attachments]
    return signature, documents


def _xmlsec1(signature: bytes, folder: Path) -> bool:
    tool = shutil.which("xmlsec1")
    if tool is None:
        pytest.skip("xmlsec1 is not installed (apt-get install xmlsec1)")
    (folder / "signature.xml").write_bytes(signature)
    (folder / "certificate.pem").write_bytes(SIGNER.pem)
    # The manifest's own references are of the application (XML Signature §5.1): they are checked apart, below.
    command = [tool, "--verify", "--ignore-manifests", "--pubkey-cert-pem", str(folder / "certificate.pem")]
    for name in (f"{NS_DS}:Manifest", f"{NS_XADES}:SignedProperties"):
        command += ["--id-attr:Id", name]
    done = subprocess.run([*command, str(folder / "signature.xml")], capture_output=True, text=True, check=False)
    return done.returncode == 0 and "References (ok/all): 2/2" in done.stderr


def _signxml(signature: bytes) -> bool:
    try:
        found = XMLVerifier().verify(
            signature,
            x509_cert=SIGNER.pem.decode(),
            expect_config=SignatureConfiguration(expect_references=2),
            id_attribute="Id",
        )
    except (InvalidDigest, BadSignature):
        return False
    return {str(result.signed_xml.tag) for result in found} == {f"{DS}Manifest", f"{XADES}SignedProperties"}


def _by_hand(signature: bytes) -> bool:
    """XML Signature's own steps: each reference's digest, then the signature over the canonical SignedInfo."""
    root = etree.fromstring(signature)
    info = root.find(f"{DS}SignedInfo")
    assert info is not None
    for reference in info.iter(f"{DS}Reference"):
        target = root.xpath("//*[@Id=$id]", id=reference.get("URI", "")[1:])
        assert isinstance(target, list)
        (element,) = target
        assert isinstance(element, etree._Element)
        digest = hashlib.sha256(etree.tostring(element, method="c14n")).digest()
        if base64.b64encode(digest).decode() != reference.findtext(f"{DS}DigestValue"):
            return False
    certificate = x509.load_der_x509_certificate(base64.b64decode(root.findtext(f".//{DS}X509Certificate") or ""))
    key = certificate.public_key()
    assert isinstance(key, RSAPublicKey)
    value = base64.b64decode(root.findtext(f"{DS}SignatureValue") or "")
    try:
        key.verify(value, etree.tostring(info, method="c14n", with_comments=True), PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


@pytest.mark.parametrize("sha1", [False, True])
def test_three_verifiers_accept_it(tmp_path: Path, sha1: bool) -> None:
    """xmlsec1, signxml and the steps of the recommendation, whatever the digest of the manifest."""
    signature, _ = _signed(sha1=sha1)
    assert _by_hand(signature)
    assert _signxml(signature)
    assert _xmlsec1(signature, tmp_path)


@pytest.mark.parametrize("part", ["DigestValue>AA==", "SigningTime>2", "X509SerialNumber>1", "Manifest Id", "urn:oid:"])
def test_three_verifiers_refuse_one_changed_character(tmp_path: Path, part: str) -> None:
    """In the manifest or in the signed properties."""
    signature, _ = _signed()
    changes = {
        "DigestValue>AA==": (b"DigestValue>AA==", b"DigestValue>BA=="),
        "SigningTime>2": (b"SigningTime>2", b"SigningTime>3"),
        "X509SerialNumber>1": (rb"X509SerialNumber>\d", b"X509SerialNumber>0"),
        "Manifest Id": (rb'URI="urn:oid:1', b'URI="urn:oid:2'),
        "urn:oid:": (rb"urn:oid:(1\.2\.250\.1\.999\.1\.1\.3\.)1", rb"urn:oid:\g<1>9"),
    }
    pattern, instead = changes[part]
    forged = re.sub(pattern, instead, signature, count=1)
    assert forged != signature
    assert not _by_hand(forged)
    assert not _signxml(forged)
    assert not _xmlsec1(forged, tmp_path)


@pytest.mark.parametrize("sha1", [False, True])
def test_the_manifest_names_the_submission_and_the_documents(sha1: bool) -> None:
    """The submission with ``AA==``, then each document by the digest of its canonical form."""
    signature, documents = _signed(sha1=sha1)
    references = next(etree.fromstring(signature).iter(f"{DS}Manifest")).findall(f"{DS}Reference")
    said = [(found.get("URI"), found.findtext(f"{DS}DigestValue")) for found in references]
    expected: list[tuple[str, str]] = [(f"urn:oid:{world.SOURCE}.1.1", "AA==")]
    for number, data in enumerate(documents, 1):
        canonical = etree.tostring(etree.fromstring(data), method="c14n", with_comments=True)
        made = hashlib.sha1(canonical, usedforsecurity=False) if sha1 else hashlib.sha256(canonical)
        expected.append((f"urn:oid:{world.SOURCE}.3.{number}", base64.b64encode(made.digest()).decode()))
    assert said == expected


def test_it_has_all_that_the_example_has(reference: Path) -> None:
    """Element by element. The example is of one document; it names three certificates, of which a card gives one."""
    theirs = etree.fromstring((reference / "dmp/messages/td2.1-signature-xades.xml").read_bytes())
    ours = etree.fromstring(xades.sign("1.2.3", [xades.Signed("1.2.4", b"\0" * 32)], SIGNER, wire_world.NOW))
    more, less = wire_schemas.differences(ours, theirs)
    assert more == set()
    cert = "/Signature/Object/QualifyingProperties/SignedProperties/SignedSignatureProperties/SigningCertificate/Cert"
    assert [path for path in sorted(less) if not path.startswith(cert)] == []
    methods = [found.get("Algorithm") for found in theirs.iter(f"{DS}CanonicalizationMethod", f"{DS}Transform")]
    assert set(methods) == {xades.CANONICAL}
    assert {found.get("Algorithm") for found in theirs.iter(f"{DS}DigestMethod")} == {xades.SHA1}
    assert {found.get("Algorithm") for found in ours.iter(f"{DS}DigestMethod")} == {xades.SHA256}


def test_a_card_signs_once(reference: Path) -> None:
    """One signature for a submission of any number of documents; writing a CDA asks the card for nothing."""
    before = SIGNER.signatures
    cda.write(world.document(), world.ODILE, world.DOCTOR, world.CUSTODIAN).measure()
    assert SIGNER.signatures == before
    _signed()
    assert SIGNER.signatures == before + 1
