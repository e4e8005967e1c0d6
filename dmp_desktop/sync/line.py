"""The line to the central store: who is signed in, and one exchange after another.

What every group of transactions (:mod:`.access`, :mod:`.administration`…) stands on. Every exchange blocks: it belongs
to the sync lane, and asks the card to sign from there. :meth:`Line.cancel` and :meth:`Line.sign_out` may come from any
thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from lxml import etree

from dmp_desktop.config import StoreSettings
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.events import Author
from dmp_desktop.domain.habilitations import NORMAL_ACCESS, Access
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.errors import BadAnswer, ServiceUnavailable
from dmp_desktop.sync import soap, tls
from dmp_desktop.sync.credentials import Credentials
from dmp_desktop.sync.disputed import Disputed
from dmp_desktop.sync.errors import (
    AssertionRefused,
    AuthorMismatch,
    ClockDrift,
    NotSignedIn,
    SignatureRefused,
    StoreNotConfigured,
    WrongMessage,
)
from dmp_desktop.sync.sockets import Sockets
from dmp_desktop.sync.speaker import Speaker
from dmp_desktop.sync.transport import OK, Connections, Receive, Reply, http_failure


class Listener(Protocol):
    """Is told after each transaction whether the store answered. Sync lane."""

    def answered(self) -> None:
        """It did."""
        ...

    def silent(self) -> None:
        """It did not, or with nothing that can be trusted."""
        ...


class Witness(Protocol):
    """Sees each exchange as it travels, for a support that must look at one. It must keep no identity."""

    def sent(self, url: str, content: bytes) -> None:
        """A message left."""
        ...

    def received(self, status: int, content: bytes) -> None:
        """An answer came."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class Outgoing:
    """How a message leaves when it is not a plain one (MTOM).

    :ivar content: the whole body, message included, in pieces; ``length`` in bytes.
    """

    content: Iterable[bytes]
    content_type: str
    length: int


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in, and the connections made with their card."""

    speaker: Speaker
    connections: Connections = field(repr=False)


class Line:
    """The central store, spoken to under the keys of whoever is signed in.

    :param store: addresses, authority and platform; read once.
    :ivar listener: whoever wants to know whether the store answers, if anyone does.
    """

    def __init__(self, store: StoreSettings, clock: Clock, disputed: Disputed, witness: Witness | None = None) -> None:
        self.store = store
        self.clock = clock
        self.disputed = disputed
        self.sockets = Sockets()
        self.session: Session | None = None
        self.drift: timedelta | None = None
        self.answered_at = clock.now()
        self.listener: Listener | None = None
        self._witness = witness

    def sign_in(self, credentials: Credentials) -> None:
        """Speak with these keys from now on. The card is asked for nothing but its certificates here.

        :raises StoreNotConfigured: an address, the authority or the homologation number cannot be had.
        """
        self.sign_out()
        speaker = Speaker(credentials, self.store, self.clock, self.disputed)
        context = tls.client_context(self.store.authority, credentials.install_tls_key)
        self.session = Session(speaker, Connections(context, self.store.timeout_seconds, self.sockets))

    def sign_out(self) -> None:
        """From any thread: forget the keys, the assertions and the connections; a running exchange is cancelled."""
        session, self.session = self.session, None
        if session is not None:
            session.speaker.forget()
            if not self.sockets.cancel():
                session.connections.close()

    def cancel(self) -> None:
        """From any thread: the running exchange ends with :class:`dmp_desktop.errors.Cancelled`."""
        self.sockets.cancel()

    @contextmanager
    def call(self, author: Author | None = None, *, writing: bool = False) -> Iterator[Session]:
        """Around one transaction.

        :param author: whose event it is, when it comes from the outbox.
        :param writing: nothing is written with a clock known to be wrong.
        :raises NotSignedIn: nobody is; ``AuthorMismatch``: the event is somebody else's; ``ClockDrift``.
        """
        session: Session | None = None
        try:
            with self.sockets.call():
                session = self.session
                if session is None:
                    raise NotSignedIn("nobody is signed in")
                if author is not None and not session.speaker.credentials.speaks_for(author):
                    raise AuthorMismatch("the event belongs to another person or situation")
                if writing and self._clock_is_wrong():
                    # Known to be wrong at the last answer: ask again, it may have been set since.
                    self._send(session, "HEAD", self.store.base_url, b"", {})
                    self._check_clock()
                yield session
            if self.listener is not None:
                self.listener.answered()
        except (ServiceUnavailable, BadAnswer):
            if self.listener is not None:
                self.listener.silent()
            raise
        finally:
            # Signed out meanwhile: whoever was still using the connections closes them.
            if session is not None and session is not self.session:
                session.connections.close()

    def address(self, service: str) -> str:
        """URL of a service of the DMP (``patients``, ``habilitations``, ``registry``, ``repository``).

        :raises StoreNotConfigured: the settings hold no address.
        """
        if not self.store.base_url:
            raise StoreNotConfigured("no address of the store", field="base_url")
        return f"{self.store.base_url}/{service}"

    def ask(
        self,
        session: Session,
        service: str,
        action: str,
        answer_action: str,
        body: etree._Element,
        ins: Ins | None = None,
        access: Access = NORMAL_ACCESS,
    ) -> etree._Element:
        """Send ``body`` to a service of the DMP and give the body of its answer.

        :param ins: whom it is about; the assertion names them.
        """
        url = self.address(service)
        return self.exchange(session, url, session.speaker.to_dmp(url, action, body, ins, access), answer_action)

    def exchange(
        self,
        session: Session,
        url: str,
        request: soap.Request,
        answer_action: str | None,
        outgoing: Outgoing | None = None,
        receive: Receive | None = None,
    ) -> etree._Element:
        """Send a whole message and give the body of its answer.

        :param outgoing: what leaves, when ``request`` travels inside something bigger.
        :param receive: reads the answer, when the message comes inside something bigger.
        """
        content: bytes | Iterable[bytes] = request.content
        headers = {"Content-Type": f'{soap.CONTENT_TYPE}; action="{request.action}"'}
        if outgoing is not None:
            content = outgoing.content
            headers = {"Content-Type": outgoing.content_type, "Content-Length": str(outgoing.length)}
        if self._witness is not None:
            self._witness.sent(url, request.content)
        reply = self._send(session, "POST", url, content, headers, receive)
        if self._witness is not None:
            self._witness.received(reply.status, reply.content)
        return self._read(session, reply, request, answer_action)

    def _read(self, session: Session, reply: Reply, request: soap.Request, answer_action: str | None) -> etree._Element:
        try:
            element = soap.read(reply.content, request, answer_action=answer_action)
        except (SignatureRefused, AssertionRefused):
            session.speaker.forget()
            # A refused assertion from a post whose clock is wrong is the clock's fault, and it can be mended.
            self._check_clock()
            raise
        except WrongMessage:
            raise
        except BadAnswer as error:
            if reply.status != OK:
                raise http_failure(reply.status) from error
            raise
        if reply.status != OK:
            raise http_failure(reply.status)
        return element

    def _send(
        self,
        session: Session,
        method: str,
        url: str,
        content: bytes | Iterable[bytes],
        headers: dict[str, str],
        receive: Receive | None = None,
    ) -> Reply:
        reply = session.connections.send(method, url, content, headers, receive, on_date=self._dated)
        self.answered_at = self.clock.now() - (self.drift or timedelta())
        return reply

    def _dated(self, date: str | None) -> None:
        self.drift = tls.clock_drift(date, self.clock.now())

    def _clock_is_wrong(self) -> bool:
        return self.drift is not None and abs(self.drift) > tls.MAX_DRIFT

    def _check_clock(self) -> None:
        if self.drift is not None and self._clock_is_wrong():
            raise ClockDrift("the post's clock is wrong", seconds=round(self.drift.total_seconds()))
