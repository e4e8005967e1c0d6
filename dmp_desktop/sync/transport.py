"""HTTP over the secure channel: one person's connections, and what a failure of the network means.

The only place that speaks HTTP. Nothing is retried: what may be sent again is decided by the outbox, which knows what
an event is.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import httpx

from dmp_desktop import __version__
from dmp_desktop.errors import Cancelled, DmpError
from dmp_desktop.sync import tls, xmlsafe
from dmp_desktop.sync.errors import (
    ConnectionCut,
    HttpError,
    MalformedAnswer,
    StoreTimeout,
    StoreUnavailable,
    StoreUnreachable,
    TruncatedAnswer,
    UnexpectedAnswer,
)
from dmp_desktop.sync.sockets import Sockets

OK: Final = 200
_CONNECT_SECONDS: Final = 10.0
_KEEPALIVE_SECONDS: Final = 120.0
_BUSY: Final = frozenset({429, 502, 503, 504})
_HEADERS: Final = {
    "Accept": "application/soap+xml, text/xml, multipart/related, application/xop+xml",
    # A compressed answer could grow without bound behind our size limit.
    "Accept-Encoding": "identity",
    "User-Agent": f"dmp_desktop/{__version__}",
}

Receive = Callable[[str, Iterator[bytes]], bytes]
"""Reads an answer as it comes: its ``Content-Type`` and its pieces; gives the XML message within."""


@dataclass(frozen=True, slots=True, repr=False)
class Reply:
    """An HTTP answer.

    :ivar content: the message, bounded; ``date``: the store's clock as its ``Date`` header tells it.
    """

    status: int
    content: bytes
    date: str | None


class Connections:
    """Kept-alive connections made with one card's key."""

    def __init__(self, context: ssl.SSLContext, timeout_seconds: float, sockets: Sockets) -> None:
        self._sockets = sockets
        self._client = httpx.Client(
            verify=context,
            timeout=httpx.Timeout(timeout_seconds, connect=min(_CONNECT_SECONDS, timeout_seconds)),
            limits=httpx.Limits(max_keepalive_connections=2, keepalive_expiry=_KEEPALIVE_SECONDS),
            headers=_HEADERS,
            follow_redirects=False,
            trust_env=False,
        )

    @property
    def closed(self) -> bool:
        """Whether the connections are gone."""
        return self._client.is_closed

    def close(self) -> None:
        """Let them go."""
        self._client.close()

    def send(
        self,
        method: str,
        url: str,
        content: bytes | Iterable[bytes],
        headers: Mapping[str, str],
        receive: Receive | None = None,
        *,
        on_date: Callable[[str | None], None] = lambda date: None,
    ) -> Reply:
        """One request and its answer.

        :param content: the body, or its pieces when it is too big to be held (give its ``Content-Length`` then).
        :param receive: reads the answer; by default one message of at most :data:`.xmlsafe.MAX_BYTES`.
        :param on_date: told the store's ``Date`` as soon as an answer begins.
        """
        if self._sockets.cancelled:
            raise Cancelled
        started = False
        failure: DmpError | None = None
        try:
            with self._client.stream(
                method, url, content=content, headers=dict(headers), extensions={"trace": self._sockets.trace}
            ) as response:
                started = True
                date = response.headers.get("Date")
                on_date(date)
                _refuse_compressed(response)
                kind = response.headers.get("Content-Type", "")
                received = (receive or _bounded)(kind, response.iter_raw())
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            failure = Cancelled() if self._sockets.cancelled else _network_failure(error, started)
        if failure is not None:
            # Raised out of the handler: httpx's exceptions hold the request, hence the message and the person.
            raise failure
        return Reply(response.status_code, received, date)


def http_failure(status: int) -> StoreUnavailable | HttpError:
    """What an HTTP status without a message means."""
    if status in _BUSY:
        return StoreUnavailable("the store is busy or under maintenance", status=status)
    return HttpError("an HTTP error without a message", status=status)


def _refuse_compressed(response: httpx.Response) -> None:
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnexpectedAnswer("a compressed answer was not asked for", part="Content-Encoding")


def _bounded(kind: str, pieces: Iterator[bytes]) -> bytes:
    content = bytearray()
    for piece in pieces:
        content += piece
        if len(content) > xmlsafe.MAX_BYTES:
            raise MalformedAnswer("answer beyond the size bound", reason="size")
    return bytes(content)


def _network_failure(error: Exception, started: bool) -> DmpError:
    """Our error for a failure of the network. ``started``: an answer had begun to come."""
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.UnsupportedProtocol | httpx.InvalidURL):
        return tls.refusal(error) or StoreUnreachable("no connection to the store")
    if isinstance(error, httpx.TimeoutException):
        return StoreTimeout("no answer in time")
    if started and isinstance(error, httpx.RemoteProtocolError):
        return TruncatedAnswer("the answer stopped before its end")
    return ConnectionCut("the connection was cut")
