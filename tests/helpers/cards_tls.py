"""A TLS server on the loopback that demands a client certificate of the test authority."""

from __future__ import annotations

import queue
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from helpers.cards_certificates import authority, key, server_certificate


@contextmanager
def tls_server(folder: Path) -> Iterator[tuple[int, queue.Queue[object]]]:
    """Its port, and for each connection the public key of the client or the error, in order."""
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.pem").write_bytes(server_certificate(key("server")) + key("server").private_bytes(*form))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    context.load_verify_locations(cadata=authority()[0].decode())
    context.verify_mode = ssl.CERT_REQUIRED
    seen: queue.Queue[object] = queue.Queue()
    stopping = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                connection, _ = listener.accept()
                with connection:
                    if stopping.is_set():
                        return
                    try:
                        with context.wrap_socket(connection, server_side=True) as secure:
                            seen.put(x509.load_der_x509_certificate(secure.getpeercert(True) or b"").public_key())
                    except OSError as error:
                        seen.put(error)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1], seen
        finally:
            stopping.set()
            socket.create_connection(listener.getsockname()).close()
            thread.join()


def shake(context: ssl.SSLContext, port: int) -> str | None:
    """One handshake with the server; the version of TLS."""
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as raw,
        context.wrap_socket(raw, server_hostname="localhost") as secure,
    ):
        return secure.version()


def trusting_client() -> ssl.SSLContext:
    """A client that trusts the test authority only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=authority()[0].decode())
    return context
