"""A TLS client key that no file holds: the handshake asks it to sign."""

from __future__ import annotations

import gc
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from helpers.cards_certificates import Person, authority, card_certificate, key, server_certificate
from helpers.house_guards import LogWatch

from dmp_desktop.cards.tls_key import install_key


def _raw_sign(digest_info: bytes) -> bytes:
    """What a card does: pad a ready DigestInfo and apply the private key."""
    private = key("authentication")
    modulus = private.public_key().public_numbers().n
    width = (modulus.bit_length() + 7) // 8
    block = b"\x00\x01" + b"\xff" * (width - 3 - len(digest_info)) + b"\x00" + digest_info
    return pow(int.from_bytes(block, "big"), private.private_numbers().d, modulus).to_bytes(width, "big")


@pytest.fixture
def server(tmp_path: Path) -> ssl.SSLContext:
    """Demands a certificate of the test authority."""
    pem = key("server").private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "server.pem").write_bytes(server_certificate(key("server")) + pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem")
    context.load_verify_locations(cadata=authority()[0].decode())
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def _client(sign: Callable[[bytes], bytes]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=authority()[0].decode())
    install_key(context, card_certificate(Person(), key("authentication"), client=True), sign)
    return context


@contextmanager
def _listening(server: ssl.SSLContext) -> Iterator[tuple[int, list[object]]]:
    """One port, one connection at a time; the subjects of the clients, or the errors, in order."""
    seen: list[object] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            connection, _ = listener.accept()
            with connection:
                try:
                    with server.wrap_socket(connection, server_side=True) as secure:
                        seen.append((secure.getpeercert() or {}).get("subject"))
                        if secure.recv(4) == b"stop":
                            return
                except OSError as error:
                    seen.append(error)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1], seen
    finally:
        _talk(_client(_raw_sign), listener.getsockname()[1], b"stop")
        thread.join()
        listener.close()


def _talk(context: ssl.SSLContext, port: int, word: bytes = b"word") -> str | None:
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as raw,
        context.wrap_socket(raw, server_hostname="localhost") as secure,
    ):
        secure.sendall(word)
        return secure.version()


def test_the_handshake_is_signed_by_the_callback(server: ssl.SSLContext) -> None:
    """The server sees the card's certificate, over TLS 1.2, after exactly one signature.

    The server asks for PSS first, as OpenSSL does; the card signs PKCS#1 v1.5 only and the handshake follows it.
    """
    signed: list[bytes] = []

    def sign(digest_info: bytes) -> bytes:
        signed.append(digest_info)
        return _raw_sign(digest_info)

    with _listening(server) as (port, seen):
        assert _talk(_client(sign), port) == "TLSv1.2"
    assert len(signed) == 1
    assert signed[0].startswith(b"\x30"), "a DigestInfo, ready to be padded"
    assert ("commonName", "899700000017") in {pair for group in seen[0] for pair in group}  # type: ignore[attr-defined]


def test_a_card_that_fails_fails_the_handshake_only(server: ssl.SSLContext, expected_logs: LogWatch) -> None:
    """The error crosses no C frame: ssl says so, the log names its kind and nothing of the card."""

    def sign(digest_info: bytes) -> bytes:
        raise LookupError("LAVANDIN")

    with _listening(server) as (port, _), pytest.raises(ssl.SSLError):
        _talk(_client(sign), port)
    assert "LookupError" in expected_logs.text
    assert "LAVANDIN" not in expected_logs.text


def test_contexts_come_and_go(server: ssl.SSLContext) -> None:
    """The key lives as long as its context and connection, through garbage collection."""
    with _listening(server) as (port, seen):
        for _ in range(20):
            _talk(_client(_raw_sign), port)
            gc.collect()
    assert len(seen) == 21
    assert not [one for one in seen if isinstance(one, OSError)]
