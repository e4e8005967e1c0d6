"""The door to the central store and to INSi: one method per transaction, and the only place that speaks HTTP.

Every transaction blocks: it belongs to the sync lane, and asks the card to sign from there. :meth:`Gateway.cancel`,
:meth:`Gateway.sign_out` and :meth:`Gateway.close` may come from any thread. Nothing is retried here: what may be sent
again is decided by the outbox, which knows what an event is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import httpx
from lxml import etree

from dmp_desktop import __version__
from dmp_desktop.config import StoreSettings
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.dossier import Confirmation, ExistenceAnswer
from dmp_desktop.domain.events import Author, AuthorisationAct, Opening
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import CardTraits, InsiAnswer, Traits
from dmp_desktop.errors import BadAnswer, Cancelled, DmpError, RefusedByStore
from dmp_desktop.sync import habilitations, hl7v3_dossier, hl7v3_existence, insi, soap, tls, xmlsafe
from dmp_desktop.sync.credentials import Credentials
from dmp_desktop.sync.disputed import Disputed
from dmp_desktop.sync.errors import (
    AssertionRefused,
    AuthorMismatch,
    ClockDrift,
    ConnectionCut,
    HttpError,
    IdentityNotRetrieved,
    MalformedAnswer,
    NotSignedIn,
    SignatureRefused,
    StoreNotConfigured,
    StoreTimeout,
    StoreUnavailable,
    StoreUnreachable,
    TruncatedAnswer,
    UnexpectedAnswer,
    WrongMessage,
)
from dmp_desktop.sync.sockets import Sockets
from dmp_desktop.sync.speaker import Speaker

__all__ = ["Credentials", "Gateway"]

_CONNECT_SECONDS: Final = 10.0
_KEEPALIVE_SECONDS: Final = 120.0
_BUSY: Final = frozenset({429, 502, 503, 504})
_HEADERS: Final = {
    "Content-Type": soap.CONTENT_TYPE,
    "Accept": "application/soap+xml, text/xml",
    # A compressed answer could grow without bound behind our size limit.
    "Accept-Encoding": "identity",
    "User-Agent": f"dmp_desktop/{__version__}",
}


@dataclass(frozen=True, slots=True, repr=False)
class _Reply:
    """An HTTP answer: its status, its bounded content, the store's time."""

    status: int
    content: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class _Session:
    """Who is signed in, and the connections made with their card."""

    speaker: Speaker
    client: httpx.Client


class Gateway:
    """The central store, spoken to under the card of whoever is signed in (direct mode).

    :param store: addresses, authority and platform; read once.
    """

    def __init__(self, store: StoreSettings, clock: Clock, disputed: Disputed | None = None) -> None:
        self._store = store
        self._clock = clock
        self._disputed = disputed or Disputed()
        self._sockets = Sockets()
        self._session: _Session | None = None
        self._drift: timedelta | None = None
        self._answered_at = clock.now()

    # -- who speaks ---------------------------------------------------------------------------------------------------

    def sign_in(self, credentials: Credentials) -> None:
        """Speak with these keys from now on. The card is asked for nothing but its certificates here.

        :raises StoreNotConfigured: an address, the authority or the homologation number cannot be had.
        """
        self.sign_out()
        speaker = Speaker(credentials, self._store, self._clock, self._disputed)
        context = tls.client_context(self._store.authority, credentials.install_tls_key)
        client = httpx.Client(
            verify=context,
            timeout=httpx.Timeout(
                self._store.timeout_seconds, connect=min(_CONNECT_SECONDS, self._store.timeout_seconds)
            ),
            limits=httpx.Limits(max_keepalive_connections=2, keepalive_expiry=_KEEPALIVE_SECONDS),
            headers=_HEADERS,
            follow_redirects=False,
            trust_env=False,
        )
        self._session = _Session(speaker, client)

    def sign_out(self) -> None:
        """From any thread: forget the keys, the assertions and the connections; a running transaction is cancelled."""
        session, self._session = self._session, None
        if session is not None:
            session.speaker.forget()
            if not self._sockets.cancel():
                session.client.close()

    @property
    def signed_in(self) -> bool:
        """Whether someone's card may be spoken with."""
        return self._session is not None

    @property
    def author_id(self) -> str | None:
        """PS_IdNat of whoever is signed in."""
        return self._session.speaker.credentials.professional.id.value if self._session else None

    @property
    def drift(self) -> timedelta | None:
        """How far the post's clock was ahead of the store's at the last answer; ``None`` while unknown."""
        return self._drift

    def cancel(self) -> None:
        """From any thread: the running transaction ends with :class:`dmp_desktop.errors.Cancelled`."""
        self._sockets.cancel()

    def close(self) -> None:
        """The end of the program."""
        self.sign_out()

    # -- transactions -------------------------------------------------------------------------------------------------

    def existence(self, ins: Ins) -> ExistenceAnswer:
        """TD0.2: the state of a dossier and the authorisation of whoever is signed in."""
        with self._call() as session:
            frame = session.speaker.frame()
            body = hl7v3_existence.existence_request(frame, ins)
            try:
                answer = self._dmp(
                    session, "patients", hl7v3_existence.ACTION, hl7v3_existence.ANSWER_ACTION, body, ins
                )
                return hl7v3_existence.read_existence(answer, frame, ins)
            except RefusedByStore as error:
                outcome = hl7v3_existence.outcome_of_refusal(error, self._answered_at, self._disputed)
                if outcome is None:
                    raise
                return outcome

    def create(self, opening: Opening, author: Author) -> Confirmation:
        """TD1.1. A dossier that exists already is refused as :class:`.errors.AlreadyOpen`.

        :raises AuthorMismatch: the event is somebody else's.
        :raises ClockDrift: nothing is dated with a clock known to be wrong.
        """
        ins = _identified(opening)
        with self._call(author, writing=True) as session:
            frame = session.speaker.frame()
            body = hl7v3_dossier.creation_request(frame, opening, session.speaker.credentials)
            answer = self._dmp(
                session, "patients", hl7v3_dossier.CREATE_ACTION, hl7v3_dossier.CREATE_ANSWER_ACTION, body, ins
            )
            return hl7v3_dossier.read_creation(answer, frame, ins)

    def reactivate(self, opening: Opening, author: Author) -> Confirmation:
        """TD1.2, with the same guards as :meth:`create`."""
        ins = _identified(opening)
        with self._call(author, writing=True) as session:
            frame = session.speaker.frame()
            body = hl7v3_dossier.reactivation_request(frame, opening, session.speaker.credentials)
            answer = self._dmp(
                session, "patients", hl7v3_dossier.REVISE_ACTION, hl7v3_dossier.REVISE_ANSWER_ACTION, body, ins
            )
            return hl7v3_dossier.read_reactivation(answer, frame, ins)

    def set_authorisation(
        self, ins: Ins, act: AuthorisationAct, treating: bool = False, author: Author | None = None
    ) -> Confirmation:
        """TD0.3 for whoever is signed in.

        :param author: whose event it is, when it comes from the outbox; refused when it is somebody else's.
        """
        with self._call(author, writing=True) as session:
            body = habilitations.authorisation_request(act, treating=treating)
            answer = self._dmp(session, "habilitations", habilitations.ACTION, habilitations.ANSWER_ACTION, body, ins)
            return habilitations.read_authorisation(answer, self._answered_at)

    def insi_by_vitale(self, card: CardTraits) -> InsiAnswer:
        """INSi with what the Carte Vitale says."""
        return self._insi(insi.VITALE_ACTION, insi.vitale_request(card))

    def insi_by_traits(self, traits: Traits) -> InsiAnswer:
        """INSi with the traits of an identity document."""
        return self._insi(insi.TRAITS_ACTION, insi.traits_request(traits))

    # -- inside -------------------------------------------------------------------------------------------------------

    @contextmanager
    def _call(self, author: Author | None = None, *, writing: bool = False) -> Iterator[_Session]:
        session: _Session | None = None
        try:
            with self._sockets.call():
                session = self._session
                if session is None:
                    raise NotSignedIn("nobody is signed in")
                if author is not None and not session.speaker.credentials.speaks_for(author):
                    raise AuthorMismatch("the event belongs to another person or situation")
                if writing and self._clock_is_wrong():
                    # Known to be wrong at the last answer: ask again, it may have been set since.
                    self._answered_at = self._reach(session.client)
                    self._check_clock()
                yield session
        finally:
            # Signed out meanwhile: whoever was still using the connections closes them.
            if session is not None and session is not self._session:
                session.client.close()

    def _clock_is_wrong(self) -> bool:
        return self._drift is not None and abs(self._drift) > tls.MAX_DRIFT

    def _check_clock(self) -> None:
        if self._drift is not None and self._clock_is_wrong():
            raise ClockDrift("the post's clock is wrong", seconds=round(self._drift.total_seconds()))

    def _dmp(
        self, session: _Session, service: str, action: str, answer_action: str, body: etree._Element, ins: Ins
    ) -> etree._Element:
        if not self._store.base_url:
            raise StoreNotConfigured("no address of the store", field="base_url")
        url = f"{self._store.base_url}/{service}"
        return self._exchange(session, url, session.speaker.to_dmp(url, action, body, ins), answer_action)

    def _insi(self, action: str, body: etree._Element) -> InsiAnswer:
        if not self._store.insi_url:
            raise StoreNotConfigured("no address of INSi", field="insi_url")
        with self._call() as session:
            answer = self._exchange(session, self._store.insi_url, session.speaker.to_insi(action, body), None)
            return insi.read_result(answer, self._answered_at, self._store.ins_oid, self._disputed)

    def _exchange(
        self, session: _Session, url: str, request: soap.Request, answer_action: str | None
    ) -> etree._Element:
        headers = {"Content-Type": f'{soap.CONTENT_TYPE}; action="{request.action}"'}
        reply = self._http(session.client, "POST", url, request.content, headers)
        self._answered_at = reply.at
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
            if reply.status != httpx.codes.OK:
                raise _http_failure(reply.status) from error
            raise
        if reply.status != httpx.codes.OK:
            raise _http_failure(reply.status)
        return element

    def _reach(self, client: httpx.Client) -> datetime:
        """Touch the store without asking anything; its time, as it tells it."""
        return self._http(client, "HEAD", self._store.base_url, b"", {}).at

    def _http(self, client: httpx.Client, method: str, url: str, content: bytes, headers: dict[str, str]) -> _Reply:
        if self._sockets.cancelled:
            raise Cancelled
        started = False
        failure: DmpError | None = None
        try:
            with client.stream(
                method, url, content=content, headers=headers, extensions={"trace": self._sockets.trace}
            ) as response:
                started = True
                self._drift = tls.clock_drift(response.headers.get("Date"), self._clock.now())
                received = _bounded(response)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            failure = Cancelled() if self._sockets.cancelled else _network_failure(error, started)
        if failure is not None:
            # Raised out of the handler: httpx's exceptions hold the request, hence the message and the person.
            raise failure
        return _Reply(response.status_code, received, self._clock.now() - (self._drift or timedelta()))


def _identified(opening: Opening) -> Ins:
    if opening.ins is None:
        raise IdentityNotRetrieved("an opening without INS cannot leave")
    return opening.ins


def _bounded(response: httpx.Response) -> bytes:
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnexpectedAnswer("a compressed answer was not asked for", part="Content-Encoding")
    content = bytearray()
    for piece in response.iter_raw():
        content += piece
        if len(content) > xmlsafe.MAX_BYTES:
            raise MalformedAnswer("answer beyond the size bound", reason="size")
    return bytes(content)


def _http_failure(status: int) -> StoreUnavailable | HttpError:
    if status in _BUSY:
        return StoreUnavailable("the store is busy or under maintenance", status=status)
    return HttpError("an HTTP error without a message", status=status)


def _network_failure(error: Exception, started: bool) -> DmpError:
    """Our error for a failure of the network. ``started``: an answer had begun to come."""
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.UnsupportedProtocol | httpx.InvalidURL):
        return tls.refusal(error) or StoreUnreachable("no connection to the store")
    if isinstance(error, httpx.TimeoutException):
        return StoreTimeout("no answer in time")
    if started and isinstance(error, httpx.RemoteProtocolError):
        return TruncatedAnswer("the answer stopped before its end")
    return ConnectionCut("the connection was cut")
