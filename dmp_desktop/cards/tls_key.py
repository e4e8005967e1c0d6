"""A TLS client key that stays on the card, for Python's own ssl module.

OpenSSL lets an RSA key carry its own method: the private operation is a callback that receives the DigestInfo to sign
and has the card sign it. No engine, no provider, no key file, no local clear-text port.

A CPS3 knows PKCS#1 v1.5 only, so TLS stops at 1.2, as the DMP demands for card access anyway (PDT-INF-579).
Works on CPython 3.11 to 3.13 with OpenSSL 1.1.1 or 3; proved on Linux, not yet tried on Windows and macOS.
"""

from __future__ import annotations

import ctypes as c
import importlib
import ssl
import sys
from collections.abc import Callable
from typing import Any, Final

from dmp_desktop.cards.cps_certificate import public_key
from dmp_desktop.errors import ServiceUnavailable
from dmp_desktop.log import LOGGER

_RSA_PKCS1_PADDING: Final = 1
_EVP_PKEY_RSA: Final = 6
_METHOD_FLAGS: Final = 0x01 | 0x20  # no check of the private part, which we do not have
_SET_CLIENT_SIGALGS_LIST: Final = 102
_SIGALGS: Final = b"RSA+SHA256:RSA+SHA384:RSA+SHA512"
_CALLBACK: Final = c.CFUNCTYPE(c.c_int, c.c_int, c.POINTER(c.c_ubyte), c.POINTER(c.c_ubyte), c.c_void_p, c.c_int)
_POINTER: Final = c.c_void_p
_SIGNATURES: Final[dict[str, tuple[Any, list[Any]]]] = {
    "RSA_PKCS1_OpenSSL": (_POINTER, []),
    "RSA_meth_dup": (_POINTER, [_POINTER]),
    "RSA_meth_set_priv_enc": (c.c_int, [_POINTER, _CALLBACK]),
    "RSA_meth_set_flags": (c.c_int, [_POINTER, c.c_int]),
    "RSA_new": (_POINTER, []),
    "RSA_set_method": (c.c_int, [_POINTER, _POINTER]),
    "RSA_set0_key": (c.c_int, [_POINTER, _POINTER, _POINTER, _POINTER]),
    "RSA_free": (None, [_POINTER]),
    "BN_bin2bn": (_POINTER, [c.c_char_p, c.c_int, _POINTER]),
    "EVP_PKEY_new": (_POINTER, []),
    "EVP_PKEY_assign": (c.c_int, [_POINTER, c.c_int, _POINTER]),
    "EVP_PKEY_free": (None, [_POINTER]),
    "SSL_CTX_use_certificate_ASN1": (c.c_int, [_POINTER, c.c_int, c.c_char_p]),
    "SSL_CTX_use_PrivateKey": (c.c_int, [_POINTER, _POINTER]),
    "SSL_CTX_ctrl": (c.c_long, [_POINTER, c.c_int, c.c_long, c.c_char_p]),
}


class TlsKeyUnusable(ServiceUnavailable):
    """The key of the card cannot be given to this OpenSSL."""

    code = "tls-key-unusable"


def install_key(context: ssl.SSLContext, certificate: bytes, sign: Callable[[bytes], bytes]) -> None:
    """Make ``context`` present ``certificate`` (DER) and sign its handshakes with ``sign``.

    :param sign: RSASSA-PKCS1-v1_5 over a ready DigestInfo. It is called from the thread of the handshake; what it
        raises makes the handshake fail.
    :raises TlsKeyUnusable: unknown Python, or OpenSSL refused.
    """
    if sys.implementation.name != "cpython" or sys.version_info >= (3, 14):
        raise TlsKeyUnusable("the inside of SSLContext is not known for this Python")
    lib = _OpenSsl()
    callback = _CALLBACK(_private_operation(sign))
    method = lib.RSA_meth_dup(lib.RSA_PKCS1_OpenSSL())
    lib.RSA_meth_set_priv_enc(method, callback)
    lib.RSA_meth_set_flags(method, _METHOD_FLAGS)
    rsa = lib.RSA_new()
    lib.RSA_set_method(rsa, method)
    modulus, exponent = (_number(lib, value) for value in public_key(certificate))
    lib.RSA_set0_key(rsa, modulus, exponent, None)
    key = lib.EVP_PKEY_new()
    lib.EVP_PKEY_assign(key, _EVP_PKEY_RSA, rsa)
    # PySSLContext begins with its object header, then SSL_CTX *ctx (CPython 3.11 to 3.13, Modules/_ssl.c).
    ssl_context = c.c_void_p.from_address(id(context) + object.__basicsize__).value
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    accepted = (
        lib.SSL_CTX_use_certificate_ASN1(ssl_context, len(certificate), certificate) == 1
        and lib.SSL_CTX_use_PrivateKey(ssl_context, key) == 1
        and lib.SSL_CTX_ctrl(ssl_context, _SET_CLIENT_SIGALGS_LIST, 0, _SIGALGS) == 1
    )
    # The context holds its own reference on the key. The method is never freed: the key may outlive everything that
    # could tell when, and a method is a hundred bytes.
    lib.EVP_PKEY_free(key)
    if not accepted:
        raise TlsKeyUnusable("OpenSSL refused the key of the card")
    # The callback must live as long as the context, which every connection keeps alive.
    context._card_key = callback  # type: ignore[attr-defined]  # an SSLContext takes attributes


def _private_operation(sign: Callable[[bytes], bytes]) -> Callable[..., int]:
    def operation(size: int, source: Any, target: Any, _rsa: int, padding: int) -> int:
        if padding != _RSA_PKCS1_PADDING:
            return -1
        try:
            signature = sign(bytes(source[:size]))
        except Exception as error:  # noqa: BLE001 - nothing may cross the C frames of OpenSSL
            LOGGER.warning("card key in TLS: %s", type(error).__name__)
            return -1
        c.memmove(target, signature, len(signature))
        return len(signature)

    return operation


def _number(lib: Any, value: int) -> Any:
    data = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return lib.BN_bin2bn(data, len(data), None)


class _OpenSsl:
    """The functions of the very OpenSSL that Python's ssl module uses, and of no other.

    A process may hold several (wheels bring their own): symbols are looked up through the ``_ssl`` extension itself,
    whose handle also searches the libraries it depends on.
    """

    def __init__(self) -> None:
        libraries = _libraries()
        for name, (result, arguments) in _SIGNATURES.items():
            function = next((getattr(lib, name) for lib in libraries if hasattr(lib, name)), None)
            if function is None:
                raise TlsKeyUnusable(f"OpenSSL has no {name}")
            function.restype, function.argtypes = result, arguments
            setattr(self, name, function)

    def __getattr__(self, name: str) -> Any:
        raise TlsKeyUnusable(f"OpenSSL has no {name}")


def _libraries() -> list[c.CDLL]:
    try:
        if sys.platform == "win32":
            return [c.CDLL("libcrypto-3.dll"), c.CDLL("libssl-3.dll")]
        return [c.CDLL(getattr(importlib.import_module("_ssl"), "__file__", None))]
    except OSError as error:
        raise TlsKeyUnusable(f"OpenSSL: {type(error).__name__}") from None
