"""Orders to misbehave: how a training session or a test makes the sandbox fail as networks and stores do."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Transaction(StrEnum):
    """What a message asks."""

    EXISTENCE = "TD0.2"
    AUTHORISATION = "TD0.3"
    DOSSIERS = "TD0.4"
    SEARCH = "TD0.5"
    CREATION = "TD1.1"
    REACTIVATION = "TD1.2"
    DATA = "TD1.3a"
    CHANGE = "TD1.3b"
    CLOSING = "TD1.4"
    ACCOUNT = "TD1.5a"
    CHANNEL = "TD1.5b"
    PROFESSIONALS = "TD1.6"
    DEPOSIT = "TD2.1"
    FIND = "TD3.1"
    RETRIEVE = "TD3.2"
    VISIBILITY = "TD3.3a"
    DELETION = "TD3.3c"
    ARCHIVE = "TD3.3d"
    INSI_VITALE = "INSi-vitale"
    INSI_TRAITS = "INSi-traits"


class FaultKind(StrEnum):
    """How the sandbox misbehaves."""

    LATENCY = "latency"
    """Waits ``seconds``, then goes on."""
    CUT_BEFORE = "cut-before"
    """Closes the connection before anything is done."""
    CUT_AFTER = "cut-after"
    """Does what is asked, then closes the connection: the answer is lost."""
    CUT_ANSWER = "cut-answer"
    """Does what is asked, sends ``count`` bytes of the answer's body, then closes the connection."""
    REFUSE = "refuse"
    """Refuses with ``code`` and ``text``; nothing is done."""
    DUPLICATE = "duplicate"
    """Does what is asked twice, as if the request had arrived twice; the second answer is sent."""
    SERVER_ERROR = "server-error"
    """Answers HTTP 500 with a page in HTML; nothing is done."""
    GARBAGE = "garbage"
    """Does what is asked, answers bytes that mean nothing."""
    TRUNCATED = "truncated"
    """Does what is asked, answers XML that stops in the middle (the HTTP answer itself is whole)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One order.

    :ivar on: the transaction concerned, ``None`` for all.
    :ivar times: how many messages it spoils, ``None`` until it is cleared.
    """

    kind: FaultKind
    on: Transaction | None = None
    times: int | None = 1
    seconds: float = 0.0
    count: int = 0
    code: str = "DMPServiceUnavailable"
    text: str = "Service momentanément indisponible"


class Faults:
    """The orders in force; safe to give from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: list[tuple[Fault, int | None]] = []
        self._skew = timedelta()

    def order(self, fault: Fault) -> None:
        """Add an order."""
        with self._lock:
            self._orders.append((fault, fault.times))

    def skew(self, seconds: float) -> None:
        """Move the sandbox's clock: what it dates, and how it judges the dates it receives."""
        with self._lock:
            self._skew = timedelta(seconds=seconds)

    def clear(self) -> None:
        """Behave again."""
        with self._lock:
            self._orders.clear()
            self._skew = timedelta()

    @property
    def clock_skew(self) -> timedelta:
        """How far the sandbox's clock is from the true time."""
        with self._lock:
            return self._skew

    def pending(self) -> tuple[Fault, ...]:
        """The orders still in force."""
        with self._lock:
            return tuple(fault for fault, _ in self._orders)

    def take(self, transaction: Transaction | None) -> tuple[Fault, ...]:
        """The orders that spoil this message, each used once.

        :param transaction: ``None`` for a message that cannot be told.
        """
        taken: list[Fault] = []
        kept: list[tuple[Fault, int | None]] = []
        with self._lock:
            for fault, left in self._orders:
                if fault.on is not None and fault.on is not transaction:
                    kept.append((fault, left))
                    continue
                taken.append(fault)
                if left is None or left > 1:
                    kept.append((fault, None if left is None else left - 1))
            self._orders = kept
        return tuple(taken)
