"""Keys in files: PEM and PKCS#12 open, sign and shake hands; everything else is a typed refusal."""

from __future__ import annotations

import ssl
import tempfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import pkcs12
from helpers import wire_world
from hypothesis import given, settings
from hypothesis import strategies as st

from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.sync import keyfiles
from dmp_desktop.sync.errors import KeyFileUnreadable

WORD = "phrase de passe"
AUTHORITY = wire_world.certificate(wire_world.common_name("AC"), "ca-files")
CERTIFICATE, KEY = wire_world.certificate(wire_world.common_name("ORG_AUTH_CLI"), "organisation", AUTHORITY)
PLAIN = serialization.NoEncryption()
LOCKED = serialization.BestAvailableEncryption(WORD.encode())


def _pem(lock: serialization.KeySerializationEncryption = PLAIN, *, chain: bool = True) -> bytes:
    key = KEY.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)
    certificates = [AUTHORITY[0], CERTIFICATE] if chain else [CERTIFICATE]
    return key + b"".join(c.public_bytes(serialization.Encoding.PEM) for c in certificates)


def _p12(lock: serialization.KeySerializationEncryption = LOCKED) -> bytes:
    return pkcs12.serialize_key_and_certificates(b"dmp", KEY, CERTIFICATE, [AUTHORITY[0]], lock)


def _written(folder: Path, content: bytes, name: str = "key.file") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "word"),
    [(_pem(), None), (_pem(LOCKED), Secret(WORD)), (_p12(), Secret(WORD)), (_p12(PLAIN), None)],
    ids=["pem", "locked-pem", "p12", "open-p12"],
)
def test_a_key_file_opens_and_signs(tmp_path: Path, content: bytes, word: Secret | None) -> None:
    """Whatever the format and the order of its certificates; the key's own comes first."""
    opened = keyfiles.load(_written(tmp_path, content), word)
    assert opened.certificate == CERTIFICATE.public_bytes(serialization.Encoding.DER)
    assert len(opened.chain) == 2
    CERTIFICATE.public_key().verify(opened.sign_sha256(b"x"), b"x", PKCS1v15(), hashes.SHA256())  # type: ignore[union-attr, call-arg, arg-type]
    assert WORD not in repr(opened)


def test_certificate_and_key_in_two_files(tmp_path: Path) -> None:
    """As an administrator is often given them."""
    key = KEY.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, LOCKED)
    certificate = _written(tmp_path, CERTIFICATE.public_bytes(serialization.Encoding.PEM), "cert.pem")
    opened = keyfiles.load(certificate, Secret(WORD), _written(tmp_path, key, "key.pem"))
    assert opened.chain == (CERTIFICATE.public_bytes(serialization.Encoding.DER),)


@pytest.mark.parametrize(
    ("content", "word", "reason"),
    [
        (_pem(LOCKED), None, "passphrase"),
        (_pem(LOCKED), Secret("autre"), "passphrase"),
        (_p12(), Secret("autre"), "passphrase"),
        (_p12(), None, "passphrase"),
        (_pem(), Secret(WORD), "passphrase"),
        (b"-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n", None, "format"),
        (b"anything", None, "format"),
        (b"", None, "format"),
        (_pem().replace(CERTIFICATE.public_bytes(serialization.Encoding.PEM), b""), None, "kind"),
        (
            ec.generate_private_key(ec.SECP256R1()).private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, PLAIN
            )
            + CERTIFICATE.public_bytes(serialization.Encoding.PEM),
            None,
            "kind",
        ),
    ],
)
def test_a_file_that_cannot_serve_says_why(tmp_path: Path, content: bytes, word: Secret | None, reason: str) -> None:
    """Locked, of another kind, or no key file at all; a missing file too."""
    with pytest.raises(KeyFileUnreadable) as caught:
        keyfiles.load(_written(tmp_path, content), word)
    assert caught.value.facts["reason"] == reason
    with pytest.raises(KeyFileUnreadable) as missing:
        keyfiles.load(tmp_path / "nowhere.p12")
    assert missing.value.facts["reason"] == "missing"


def test_the_key_is_given_to_tls_and_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenSSL reads a locked file that is gone at once, even when it refuses."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "here"))
    (tmp_path / "here").mkdir()
    opened = keyfiles.load(_written(tmp_path, _p12()), Secret(WORD))
    seen: list[bytes] = []

    class Watching(ssl.SSLContext):
        def load_cert_chain(self, certfile, keyfile=None, password=None):  # type: ignore[no-untyped-def]
            seen.append(Path(certfile).read_bytes())
            super().load_cert_chain(certfile, keyfile, password)

    opened.install_tls_key(Watching(ssl.PROTOCOL_TLS_CLIENT))
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in seen[0]
    assert b"BEGIN PRIVATE KEY" not in seen[0]
    stranger = keyfiles.KeyFile(opened.key, (AUTHORITY[0].public_bytes(serialization.Encoding.DER),))
    with pytest.raises(KeyFileUnreadable):
        stranger.install_tls_key(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    assert list((tmp_path / "here").iterdir()) == []


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"-----BEGIN PRIVATE KEY-----\n", b"0\x82"]))
def test_no_bytes_raise_anything_else(tmp_path_factory: pytest.TempPathFactory, tail: bytes, head: bytes) -> None:
    """Anything at all: a typed refusal."""
    with pytest.raises(KeyFileUnreadable):
        keyfiles.load(_written(tmp_path_factory.getbasetemp(), head + tail), Secret("x"))
