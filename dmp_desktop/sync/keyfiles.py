"""Keys kept in files: PEM or PKCS#12, for a structure (``ORG_AUTH_CLI``, ``ORG_SIGN``) or a software certificate.

A key is opened with its passphrase, held in memory only, and never written in the clear: OpenSSL takes a client key
from a file alone, so it is given one locked by a passphrase made on the spot, gone as soon as it was read.
"""

from __future__ import annotations

import os
import secrets
import ssl
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import pkcs12

from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.sync.errors import KeyFileUnreadable

_PEM: Final = b"-----BEGIN "
_MAX_BYTES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A private key and its certificates, the key's own first.

    It signs as a card does (:class:`dmp_desktop.domain.professional.Signer`), and opens a secure channel.
    """

    key: rsa.RSAPrivateKey = field(repr=False)
    chain: tuple[bytes, ...] = field(repr=False)

    @property
    def certificate(self) -> bytes:
        """DER of the key's own certificate."""
        return self.chain[0]

    def sign_sha256(self, data: bytes) -> bytes:
        """RSASSA-PKCS1-v1_5 with SHA-256 over ``data``."""
        return self.key.sign(data, PKCS1v15(), hashes.SHA256())

    def install_tls_key(self, context: ssl.SSLContext) -> None:
        """Make ``context`` present the certificate and sign with the key.

        :raises KeyFileUnreadable: OpenSSL refuses them (a key too weak for its level of security).
        """
        passphrase = secrets.token_urlsafe(32)
        locked = self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(passphrase.encode("ascii")),
        )
        chain = b"".join(ssl.DER_cert_to_PEM_cert(der).encode("ascii") for der in self.chain)
        # Closed before OpenSSL opens it: Windows would refuse otherwise.
        handle, name = tempfile.mkstemp(prefix="dmp-", suffix=".pem")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(locked + chain)
            context.load_cert_chain(name, password=passphrase)
        except ssl.SSLError:
            raise KeyFileUnreadable("refused by OpenSSL", reason="openssl") from None
        finally:
            Path(name).unlink(missing_ok=True)


def load(path: Path, passphrase: Secret | None = None, key_path: Path | None = None) -> KeyFile:
    """Open a key file.

    :param key_path: where the key is, when the PEM file holds the certificates alone.
    :raises KeyFileUnreadable: ``facts["reason"]`` is ``missing``, ``passphrase``, ``kind`` (no RSA key, or no
        certificate of it) or ``format``.
    """
    content = _content(path)
    word = passphrase.reveal().encode("utf-8") if passphrase else None
    try:
        key, certificates = (
            _pem(content, _content(key_path) if key_path else content, word)
            if _PEM in content
            else (_pkcs12(content, word))
        )
    except (TypeError, ValueError, UnsupportedAlgorithm) as error:
        # TypeError: a passphrase where none is needed, or none where one is.
        raise KeyFileUnreadable("the key cannot be opened", reason=_reason(error, word)) from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise KeyFileUnreadable("no RSA key", reason="kind")
    return KeyFile(key, _chain(key, certificates))


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_BYTES)
    except OSError:
        raise KeyFileUnreadable("the file cannot be read", reason="missing") from None


def _pem(certificates: bytes, key: bytes, word: bytes | None) -> tuple[object, list[x509.Certificate]]:
    return serialization.load_pem_private_key(key, word), x509.load_pem_x509_certificates(certificates)


def _pkcs12(content: bytes, word: bytes | None) -> tuple[object, list[x509.Certificate]]:
    key, own, others = pkcs12.load_key_and_certificates(content, word)
    return key, [*([own] if own else []), *others]


def _reason(error: Exception, word: bytes | None) -> str:
    told = str(error).lower()
    wrong = isinstance(error, TypeError) or "password" in told or "decrypt" in told
    return "passphrase" if wrong or (word is None and "encrypted" in told) else "format"


def _chain(key: rsa.RSAPrivateKey, certificates: list[x509.Certificate]) -> tuple[bytes, ...]:
    """The certificate of the key, then the others in their order."""
    ours = key.public_key().public_numbers()
    own = [c for c in certificates if _numbers(c) == ours]
    if not own:
        raise KeyFileUnreadable("no certificate of this key", reason="kind")
    rest = [c for c in certificates if c is not own[0]]
    return tuple(c.public_bytes(serialization.Encoding.DER) for c in [own[0], *rest])


def _numbers(certificate: x509.Certificate) -> rsa.RSAPublicNumbers | None:
    public = certificate.public_key()
    return public.public_numbers() if isinstance(public, rsa.RSAPublicKey) else None
