"""One request of the DMP, opened and checked, and what is answered to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.sandbox.caller import Caller
from dmp_desktop.sandbox.gate import Gate
from dmp_desktop.sandbox.people import FictionalPerson, ProfessionalProfile
from dmp_desktop.sandbox.refusals import Code, Refusal
from dmp_desktop.sandbox.store import Store
from dmp_desktop.sandbox.xmlio import Element


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every transaction stands on.

    :ivar ins_oid: the only domain of INS numbers on this platform.
    :ivar authorities: PEM of those whose certificates may sign.
    """

    store: Store
    people: tuple[FictionalPerson, ...]
    professionals: tuple[ProfessionalProfile, ...]
    ins_oid: str
    authorities: tuple[bytes, ...] = ()

    def person(self, ins: Ins) -> FictionalPerson | None:
        """Whom a number designates."""
        return next((p for p in self.people if p.ins == ins), None)


@dataclass(frozen=True, slots=True)
class Request:
    """One message, its sender and its rights.

    :ivar parts: the other parts of a multipart message, by Content-ID.
    """

    body: Element
    action: str
    caller: Caller
    gate: Gate
    now: datetime
    around: Surroundings
    parts: dict[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def store(self) -> Store:
        """The store."""
        return self.around.store

    @property
    def ins(self) -> Ins:
        """The person the VIHF targets.

        :raises Refusal: it targets nobody.
        """
        if self.caller.patient is None:
            raise Refusal(Code.INVALID_VIHF, "resource-id attendu")
        return self.caller.patient


@dataclass(frozen=True, slots=True)
class Done:
    """The answer.

    :ivar outcome: for the history: ``OK``, or the code of a refusal told inside the answer.
    :ivar parts: Content-ID, media type and bytes of the parts beside the envelope.
    :ivar act: for the history, when it is told more exactly than by the transaction.
    """

    body: Element
    action: str
    outcome: str = "OK"
    parts: tuple[tuple[str, str, bytes], ...] = field(default=(), repr=False)
    act: str = ""
