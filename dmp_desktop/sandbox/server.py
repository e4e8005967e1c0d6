"""The sandbox on the network: real TLS on the loopback, a client certificate demanded, faults played where they occur.

Suites and version are those allowed to programs of practices (PDT-INF-579: TLS 1.2, four ECDHE-RSA suites).
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from dmp_desktop.errors import ServiceUnavailable
from dmp_desktop.sandbox import mtom
from dmp_desktop.sandbox.desk import INSI, REPOSITORY, Answer, Desk
from dmp_desktop.sandbox.desk import SERVICES as ENDPOINTS
from dmp_desktop.sandbox.faults import Fault, FaultKind, Faults
from dmp_desktop.sandbox.pki import Issued
from dmp_desktop.sandbox.refusals import Refusal
from dmp_desktop.sandbox.xmlio import MAX_BYTES

HOST = "127.0.0.1"
SERVICES = "/si-dmp-server/v2/services"
INSI_PATH = "/insi"
SUITES = "ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES256-GCM-SHA384"
_START_SECONDS = 10.0
_HTML = "<html><head><title>500</title></head><body><h1>Internal Server Error</h1></body></html>"
_LOST = frozenset({FaultKind.CUT_AFTER, FaultKind.CUT_ANSWER, FaultKind.GARBAGE, FaultKind.TRUNCATED})


class SandboxUnavailable(ServiceUnavailable):
    """The sandbox's server could not start (port already taken, network refused)."""

    code = "sandbox-unavailable"


class _Protocol(H11Protocol):
    """Hands the connection to the application: its peer certificate is part of what is checked."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class _Uvicorn(uvicorn.Server):
    """Tells when it listens, and stops at once with no connection left behind.

    :ivar stopping: set from the loop's thread; made with the loop.
    """

    def __init__(self, config: uvicorn.Config, on_start: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_start = on_start
        self.stopping: asyncio.Event | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_start()

    async def main_loop(self) -> None:
        """Until it is stopped; uvicorn's own looks ten times a second, for headers and limits that are not ours."""
        assert self.stopping is not None  # noqa: S101 - set before serving
        await self.stopping.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As a plug pulled: a polite TLS close would wait for clients that only keep a connection for later."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        while self.server_state.connections or self.server_state.tasks:
            await asyncio.sleep(0)


class SandboxServer:
    """One HTTPS server in a thread of its own.

    :param clients: authorities whose certificates may connect.
    :param port: 0 for any free one; :attr:`port` tells which.
    :param now: the store's time, for the ``Date`` header.
    """

    def __init__(
        self,
        desk: Desk,
        faults: Faults,
        certificate: Issued,
        clients: tuple[Path, ...],
        now: Callable[[], datetime],
        port: int = 0,
    ) -> None:
        self._desk = desk
        self._faults = faults
        self._now = now
        self._wanted = port
        self._context = _tls(certificate, clients)
        self._thread: threading.Thread | None = None
        self._server: _Uvicorn | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self.port = 0

    def start(self) -> None:
        """Listen; returns once connections are accepted.

        :raises SandboxUnavailable: the port is taken.
        """
        # Named TCP, for asyncio to send small parts at once: 40 ms an answer otherwise.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if os.name == "posix":  # elsewhere the option lets two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, self._wanted or self.port))
        except OSError as error:
            listener.close()
            raise SandboxUnavailable(f"sandbox: {type(error).__name__}", port=self._wanted) from None
        self.port = listener.getsockname()[1]
        started = threading.Event()
        config = uvicorn.Config(
            _Dated(self._application(), self._now),
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            date_header=False,
            server_header=False,
            ssl_context_factory=lambda _config, _default: self._context,
        )
        self._server = _Uvicorn(config, started.set)
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(listener)), name="sandbox-server", daemon=True
        )
        self._thread.start()
        if not started.wait(_START_SECONDS):
            self.stop()
            raise SandboxUnavailable("sandbox: the server did not start", port=self._wanted)

    def stop(self) -> None:
        """Close every connection and join the thread. May be called twice."""
        thread, self._thread = self._thread, None
        if thread is None or self._server is None:
            return
        self._server.should_exit = True
        if self._loop is not None and self._stopping is not None and thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
        thread.join()

    async def _serve(self, listener: socket.socket) -> None:
        assert self._server is not None  # noqa: S101 - set by start
        self._server.stopping = self._stopping = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        await self._server.serve([listener])

    def _application(self) -> Starlette:
        def endpoint(service: str) -> Callable[[Request], Awaitable[Response]]:
            async def handle(request: Request) -> Response:
                return await self._handle(service, request)

            return handle

        routes = [Route(f"{SERVICES}/{name}", endpoint(name), methods=["POST"]) for name in ENDPOINTS]
        return Starlette(routes=[*routes, Route(INSI_PATH, endpoint(INSI), methods=["POST"])])

    async def _handle(self, service: str, request: Request) -> Response:
        transport: asyncio.Transport = request.state.transport
        try:
            data = await _read(request, mtom.MAX_BYTES if service == REPOSITORY else MAX_BYTES)
        except ClientDisconnect:
            return _nothing(transport)
        incoming = self._desk.receive(service, data, request.headers.get("content-type", ""))
        faults = {fault.kind: fault for fault in self._faults.take(incoming.transaction)}
        if FaultKind.LATENCY in faults and await self._wait(faults[FaultKind.LATENCY].seconds):
            return _nothing(transport)
        if FaultKind.CUT_BEFORE in faults:
            return _nothing(transport)
        if FaultKind.SERVER_ERROR in faults:
            return HTMLResponse(_HTML, 500)
        if FaultKind.REFUSE in faults:
            order = faults[FaultKind.REFUSE]
            return self._respond(self._desk.refuse(incoming, Refusal(order.code, order.text)))
        peer = _peer_certificate(transport)
        answer = self._desk.answer(incoming, peer)
        if FaultKind.DUPLICATE in faults:
            answer = self._desk.answer(incoming, peer)
        spoilt = next((fault for kind, fault in faults.items() if kind in _LOST), None)
        return self._respond(answer) if spoilt is None else self._spoil(answer, spoilt, transport)

    async def _wait(self, seconds: float) -> bool:
        """Wait; ``True`` when the server stops meanwhile."""
        assert self._stopping is not None  # noqa: S101 - set before serving
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def _spoil(self, answer: Answer, fault: Fault, transport: asyncio.Transport) -> Response:
        if fault.kind is FaultKind.CUT_AFTER:
            return _nothing(transport)
        if fault.kind is FaultKind.CUT_ANSWER:
            return _Cut(answer, fault.count, transport)
        if fault.kind is FaultKind.GARBAGE:
            return self._respond(Answer(200, secrets.token_bytes(512)))
        return self._respond(Answer(answer.status, answer.body[: len(answer.body) // 2], answer.content_type))

    def _respond(self, answer: Answer) -> Response:
        return Response(answer.body, answer.status, {"content-type": answer.content_type})


class _Dated:
    """Every answer tells the store's time, refusals of the web server itself included."""

    def __init__(self, application: ASGIApp, now: Callable[[], datetime]) -> None:
        self._application = application
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the ``Date`` header."""

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = format_datetime(self._now(), usegmt=True).encode("ascii")
                message["headers"] = [*message["headers"], (b"date", date)]
            await send(message)

        await self._application(scope, receive, dated)


class _Cut(Response):
    """The head of an answer, some bytes of its body, then nothing more."""

    def __init__(self, answer: Answer, count: int, transport: asyncio.Transport) -> None:
        super().__init__(answer.body, answer.status, {"content-type": answer.content_type})
        self._count = count
        self._transport = transport

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        part = bytes(self.body)[: self._count]
        await send({"type": "http.response.body", "body": part, "more_body": True})
        self._transport.close()


class _Nothing(Response):
    """No answer at all: the connection is gone."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send nothing."""


def _nothing(transport: asyncio.Transport) -> Response:
    transport.abort()
    return _Nothing()


async def _read(request: Request, limit: int) -> bytes:
    """The body, given up beyond the bound: what is over it is not kept, and parsing refuses it."""
    data = bytearray()
    async for chunk in request.stream():
        if len(data) <= limit:
            data += chunk
    return bytes(data)


def _peer_certificate(transport: asyncio.Transport) -> bytes:
    """DER of the client's certificate; TLS has already checked who issued it and that it is for clients."""
    connection = transport.get_extra_info("ssl_object")
    return (connection.getpeercert(binary_form=True) if connection is not None else None) or b""


def _tls(certificate: Issued, clients: tuple[Path, ...]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(SUITES)
    context.load_cert_chain(certificate.certificate, certificate.key)
    for authority in clients:
        context.load_verify_locations(authority)
    context.verify_mode = ssl.CERT_REQUIRED
    return context
