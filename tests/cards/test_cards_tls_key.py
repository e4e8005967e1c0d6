"""A TLS client key that no file holds: the handshake asks it to sign."""

from __future__ import annotations

import gc
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.cards_certificates import Person, card_certificate, key
from helpers.cards_tls import shake, tls_server, trusting_client
from helpers.house_guards import LogWatch

from dmp_desktop.cards.tls_key import install_key


def _raw_sign(digest_info: bytes) -> bytes:
    """What a card does: pad a ready DigestInfo and apply the private key."""
    private = key("authentication")
    modulus = private.public_key().public_numbers().n
    width = (modulus.bit_length() + 7) // 8
    block = b"\x00\x01" + b"\xff" * (width - 3 - len(digest_info)) + b"\x00" + digest_info
    return pow(int.from_bytes(block, "big"), private.private_numbers().d, modulus).to_bytes(width, "big")


def _client(sign: Callable[[bytes], bytes]) -> ssl.SSLContext:
    context = trusting_client()
    install_key(context, card_certificate(Person(), key("authentication"), client=True), sign)
    return context


def test_the_handshake_is_signed_by_the_callback(tmp_path: Path) -> None:
    """The server sees the card's key, over TLS 1.2, after exactly one signature.

    The server asks for PSS first, as OpenSSL does; the card signs PKCS#1 v1.5 only and the handshake follows it.
    """
    signed: list[bytes] = []

    def sign(digest_info: bytes) -> bytes:
        signed.append(digest_info)
        return _raw_sign(digest_info)

    with tls_server(tmp_path) as (port, seen):
        assert shake(_client(sign), port) == "TLSv1.2"
        assert seen.get(timeout=5) == key("authentication").public_key()
    assert len(signed) == 1
    assert signed[0].startswith(b"\x30"), "a DigestInfo, ready to be padded"


def test_a_card_that_fails_fails_the_handshake_only(tmp_path: Path, expected_logs: LogWatch) -> None:
    """The error crosses no C frame: ssl says so, the log names its kind and nothing of the card."""

    def sign(digest_info: bytes) -> bytes:
        raise LookupError("LAVANDIN")

    with tls_server(tmp_path) as (port, _), pytest.raises(ssl.SSLError):
        shake(_client(sign), port)
    assert "LookupError" in expected_logs.text
    assert "LAVANDIN" not in expected_logs.text


def test_contexts_come_and_go(tmp_path: Path) -> None:
    """The key lives as long as its context and its connections, through garbage collection."""
    with tls_server(tmp_path) as (port, seen):
        for _ in range(20):
            context = _client(_raw_sign)
            gc.collect()
            shake(context, port)
            del context
            gc.collect()
            assert seen.get(timeout=5) == key("authentication").public_key()
