"""Three verifiers of an XML signature that know nothing of one another: signxml, xmlsec1, the Java runtime's own."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from signxml.exceptions import InvalidDigest, InvalidSignature
from signxml.verifier import XMLVerifier

_ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion"
_JAVA = """
import java.io.File;
import java.io.FileInputStream;
import java.security.cert.CertificateFactory;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

public class Verify {
    public static void main(String[] files) throws Exception {
        var key = CertificateFactory.getInstance("X.509")
            .generateCertificate(new FileInputStream(files[0])).getPublicKey();
        var factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        var verdicts = new StringBuilder();
        for (int n = 1; n < files.length; n++) {
            var document = factory.newDocumentBuilder().parse(new File(files[n]));
            var signed = (Element) document.getElementsByTagNameNS("NAMESPACE", "Assertion").item(0);
            signed.setIdAttributeNS(null, "ID", true);
            Node signature = signed.getElementsByTagNameNS(XMLSignature.XMLNS, "Signature").item(0);
            var context = new DOMValidateContext(key, signature);
            var read = XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context);
            verdicts.append(read.validate(context) ? "1" : "0");
        }
        System.out.print(verdicts);
    }
}
""".replace("NAMESPACE", _ASSERTION)


def signxml(messages: list[bytes], pem: bytes, folder: Path) -> list[bool]:
    """By the library that made it."""
    verdicts = []
    for content in messages:
        assertion = next(etree.fromstring(content).iter(f"{{{_ASSERTION}}}Assertion"))
        try:
            XMLVerifier().verify(assertion, x509_cert=pem.decode(), id_attribute="ID")
            verdicts.append(True)
        except (InvalidSignature, InvalidDigest):
            verdicts.append(False)
    return verdicts


def xmlsec1(messages: list[bytes], pem: bytes, folder: Path) -> list[bool]:
    """By libxmlsec and OpenSSL."""
    tool = shutil.which("xmlsec1")
    if tool is None:
        pytest.skip("xmlsec1 is not installed (apt-get install xmlsec1)")
    certificate, paths = _written(messages, pem, folder)
    options = ["--verify", "--pubkey-cert-pem", str(certificate), "--id-attr:ID", f"{_ASSERTION}:Assertion"]
    return [
        subprocess.run([tool, *options, str(path)], capture_output=True, check=False, timeout=30).returncode == 0
        for path in paths
    ]


def java(messages: list[bytes], pem: bytes, folder: Path) -> list[bool]:
    """By Apache Santuario, as the Java runtime carries it."""
    tool = shutil.which("java")
    modules = subprocess.run([tool, "--list-modules"], capture_output=True, check=False).stdout if tool else b""
    if tool is None or b"jdk.compiler" not in modules:
        pytest.skip("no Java development kit (apt-get install default-jdk-headless)")
    certificate, paths = _written(messages, pem, folder)
    (folder / "Verify.java").write_text(_JAVA, "utf-8")
    command = [tool, str(folder / "Verify.java"), str(certificate), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60, text=True)
    assert done.returncode == 0, done.stderr
    return [verdict == "1" for verdict in done.stdout]


VERIFIERS: dict[str, Callable[[list[bytes], bytes, Path], list[bool]]] = {
    "signxml": signxml,
    "xmlsec1": xmlsec1,
    "java": java,
}


def _written(messages: list[bytes], pem: bytes, folder: Path) -> tuple[Path, list[Path]]:
    certificate = folder / "signer.pem"
    certificate.write_bytes(pem)
    paths = []
    for number, content in enumerate(messages):
        paths.append(folder / f"message-{number}.xml")
        paths[-1].write_bytes(content)
    return certificate, paths
