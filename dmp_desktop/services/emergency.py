"""Entering a record without an authorisation: bris de glace and medical regulation, without a screen.

Nothing is read before the second gesture; what is read lives in memory and ends with the access, at the latest after
thirty minutes; the list of what was read is then signed. Sources: EX_0.2-1050 and EX_0.3-1050 (the mode shown during
the whole access), PDT-INF-526 (who may, and never against an opposition), TD1.3a (the two oppositions).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from dmp_desktop.cache.journal import Act, Journal
from dmp_desktop.domain.administration import AdministrativeData
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.document import DocumentEntry
from dmp_desktop.domain.dossier import Authorisation, DossierState, ExistenceAnswer
from dmp_desktop.domain.events import uuid7
from dmp_desktop.domain.habilitations import (
    NORMAL_ACCESS,
    Access,
    AccessMode,
    PatientMatch,
    PatientMatches,
    PatientQuery,
)
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.record import RecordContext
from dmp_desktop.domain.rights import Action
from dmp_desktop.domain.shelf import Shelf
from dmp_desktop.errors import FlowError
from dmp_desktop.services.rights_view import Ruling, column_of, ruling

LASTS: Final = timedelta(minutes=30)
WARNED: Final = timedelta(minutes=2)
SHORTEST_MOTIVE: Final = 10
LONGEST_MOTIVE: Final = 200
_NUMBER: Final = re.compile(r"(?:\d[\s.\-]?){13}")


class EmergencyNotReady(FlowError):
    """The glass cannot be broken yet. ``facts["blocker"]`` says what is missing."""

    code = "emergency-not-ready"


class EmergencyOver(FlowError):
    """The access ended: nothing more is read in it."""

    code = "emergency-over"


class Stage(StrEnum):
    """Where an emergency access stands."""

    ASKING = "asking"
    REFUSED = "refused"
    MOTIVE = "motive"
    OPEN = "open"
    SIGNING = "signing"
    ENDED = "ended"


class Why(StrEnum):
    """Why the glass stays whole."""

    ROLE = "role"
    OPPOSED = "opposed"
    NO_DOSSIER = "no-dossier"
    CLOSED = "closed"
    BLOCKED = "blocked"


class Situation(StrEnum):
    """What makes it urgent; none is chosen beforehand."""

    UNABLE = "unable"
    IMMEDIATE = "immediate"
    OTHER = "other"


SITUATIONS: Final = {
    Situation.UNABLE: "La personne ne peut pas s’exprimer",
    Situation.IMMEDIATE: "Risque immédiat pour sa santé",
    Situation.OTHER: "Autre situation d’urgence",
}


class Ending(StrEnum):
    """How an access ended."""

    BY_HAND = "by-hand"
    TIME_OUT = "time-out"
    LOCKED = "locked"
    CLOSED = "closed"


class Blocker(StrEnum):
    """What is missing before the second gesture."""

    SITUATION = "situation"
    SHORT_MOTIVE = "short-motive"
    NUMBER_IN_MOTIVE = "number-in-motive"
    TICK = "tick"


class Beat(StrEnum):
    """What a beat of the clock changed."""

    NOTHING = "nothing"
    WARNED = "warned"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, repr=False)
class ReadLine:
    """One document read in the access, as the list to sign names it."""

    logical_id: str
    title: str
    at: datetime

    def __repr__(self) -> str:
        return f"ReadLine({self.logical_id})"


@dataclass(slots=True, repr=False)
class EmergencyFlow:
    """One access, from the first key to the signed list.

    :ivar id: of the access, in the journal.
    :ivar context: the record as it would be entered normally; :attr:`opened` says how it was entered.
    :ivar permission: the ruling of the matrix; ``authorised``: the person at work did not need to break the glass.
    """

    clock: Clock
    context: RecordContext
    mode: AccessMode
    id: str
    permission: Ruling
    stage: Stage = Stage.ASKING
    why: Why | None = None
    authorised: bool = False
    situation: Situation | None = None
    sentence: str = ""
    ticked: bool = False
    opened: RecordContext | None = None
    ends_at: datetime | None = None
    warned: bool = False
    ending: Ending | None = None
    read: list[ReadLine] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"EmergencyFlow({self.mode}, {self.stage})"

    # -- before -------------------------------------------------------------------------------------------------------

    def answered(self, existence: ExistenceAnswer, data: AdministrativeData | None) -> None:
        """The store said what the dossier is, and what its person opposed."""
        self._expect(Stage.ASKING)
        states = {
            DossierState.NONE: Why.NO_DOSSIER,
            DossierState.OPPOSED: Why.OPPOSED,
            DossierState.CLOSED: Why.CLOSED,
            DossierState.BLOCKED: Why.BLOCKED,
        }
        self.why = states.get(existence.state)
        if self.why is None and existence.authorisation is Authorisation.FORBIDDEN:
            self.why = Why.BLOCKED
        if self.why is None and data is not None and self._opposed(data):
            self.why = Why.OPPOSED
        self.authorised = existence.authorisation is Authorisation.VALID
        self.context = replace(self.context, existence=existence)
        self.stage = Stage.REFUSED if self.why else Stage.MOTIVE

    def _opposed(self, data: AdministrativeData) -> bool:
        return data.opposed_to_emergency if self.mode is AccessMode.CENTRE_15 else data.opposed_to_break_glass

    @property
    def motive(self) -> str:
        """The motive as the person and the authorities will read it; medical regulation tells none."""
        if self.mode is AccessMode.CENTRE_15 or self.situation is None:
            return ""
        return f"{SITUATIONS[self.situation]}\u00a0: {' '.join(self.sentence.split())}"

    @property
    def blocker(self) -> Blocker | None:
        """The first thing missing before the second gesture."""
        if self.mode is AccessMode.BREAK_GLASS:
            sentence = " ".join(self.sentence.split())
            if self.situation is None:
                return Blocker.SITUATION
            if len(sentence) < SHORTEST_MOTIVE:
                return Blocker.SHORT_MOTIVE
            if _NUMBER.search(sentence):
                return Blocker.NUMBER_IN_MOTIVE
        return None if self.ticked else Blocker.TICK

    # -- during -------------------------------------------------------------------------------------------------------

    def open(self) -> RecordContext:
        """The second gesture: the record may be read from now on, for thirty minutes.

        :raises EmergencyNotReady: something is missing.
        """
        self._expect(Stage.MOTIVE)
        if (blocker := self.blocker) is not None:
            raise EmergencyNotReady("something is missing", blocker=blocker.value)
        now = self.clock.now()
        self.opened = replace(self.context, access=Access(self.mode, self.motive), opened_at=now)
        self.ends_at, self.stage = now + LASTS, Stage.OPEN
        return self.opened

    @property
    def left(self) -> timedelta:
        """Time left, never under zero; the whole before it opens."""
        if self.ends_at is None:
            return LASTS
        return max(timedelta(), self.ends_at - self.clock.now())

    def beat(self) -> Beat:
        """The clock moved on: two minutes before its end the access is announced to end, then it ends."""
        if self.stage is not Stage.OPEN:
            return Beat.NOTHING
        if not self.left:
            self.end(Ending.TIME_OUT)
            return Beat.ENDED
        if self.left <= WARNED and not self.warned:
            self.warned = True
            return Beat.WARNED
        return Beat.NOTHING

    def holds(self, logical_id: str) -> bool:
        """Whether this document is already in the list."""
        return any(line.logical_id == logical_id for line in self.read)

    def note(self, line: ReadLine) -> None:
        """A document was read: it joins the list, once. One that was written to the journal as the access ended too."""
        if self.stage not in {Stage.OPEN, Stage.SIGNING}:
            raise EmergencyOver("the access is over")
        if not self.holds(line.logical_id):
            self.read.append(line)

    # -- after --------------------------------------------------------------------------------------------------------

    def end(self, ending: Ending) -> None:
        """Nothing more is read; the list of what was waits for its signature."""
        self._expect(Stage.OPEN)
        self.ending, self.stage = ending, Stage.SIGNING
        self.opened = None

    def sign(self) -> None:
        """The list is signed: nothing remains here but the journal."""
        self._expect(Stage.SIGNING)
        self.stage = Stage.ENDED
        self._forget()

    def give_up(self) -> None:
        """Left before the second gesture: nothing was read, nothing is remembered."""
        if self.stage in {Stage.OPEN, Stage.SIGNING}:
            raise FlowError("an open access is ended, not given up")
        self.stage = Stage.ENDED
        self._forget()

    def _forget(self) -> None:
        self.situation, self.sentence, self.ticked = None, "", False
        self.read.clear()

    def _expect(self, stage: Stage) -> None:
        if self.stage is not stage:
            raise FlowError(f"{self.stage} where {stage} was expected")


class ExistenceGateway(Protocol):
    """TD0.2 and TD0.5."""

    def existence(self, ins: Ins, access: Access = NORMAL_ACCESS) -> ExistenceAnswer:
        """The state of a dossier and one's own authorisation."""
        ...

    def search(self, asked: PatientQuery) -> PatientMatches:
        """Someone without their INS; medical regulation only."""
        ...


class DataGateway(Protocol):
    """TD1.3a."""

    def data(self, ins: Ins, access: Access = NORMAL_ACCESS) -> AdministrativeData:
        """What the store holds of the person, their two oppositions among it."""
        ...


class MemoryCopy(Protocol):
    """Where a record entered so lives: memory, and nothing else."""

    @property
    def shelf(self) -> Shelf:
        """What is known of the dossier."""
        ...

    def close(self) -> None:
        """Let everything go."""
        ...


class EmergencyDesk:
    """The verbs of an emergency access; each names its lane.

    :param regulation: whether this practice is a centre of medical regulation (Centre 15), as it is set at the moment.
    """

    def __init__(
        self,
        access: ExistenceGateway,
        administration: DataGateway,
        journal: Journal,
        clock: Clock,
        *,
        regulation: Callable[[], bool],
    ) -> None:
        self._access, self._administration = access, administration
        self._journal, self._clock = journal, clock
        self._regulation = regulation

    @property
    def regulation(self) -> bool:
        """Whether this practice regulates."""
        return self._regulation()

    def begin(self, context: RecordContext, mode: AccessMode = AccessMode.BREAK_GLASS) -> EmergencyFlow:
        """Any lane. First gesture: what the matrix says of this person at work; the store is asked nothing yet."""
        column = column_of(context.professional, treating=False, mode=mode)
        permission = ruling(Action.READ, column, mode)
        if mode is AccessMode.CENTRE_15 and not self.regulation:
            permission = Ruling(False, "no", "Ce poste n’est pas réglé comme un centre de régulation médicale.")
        flow = EmergencyFlow(self._clock, context, mode, str(uuid7(self._clock.now())), permission)
        if not permission.allowed:
            flow.why, flow.stage = Why.ROLE, Stage.REFUSED
        return flow

    def ask(self, flow: EmergencyFlow) -> tuple[ExistenceAnswer, AdministrativeData | None]:
        """Sync lane. Is there a dossier, and did its person oppose such an access (TD0.2, TD1.3a).

        Both are administrative: nothing of the person's health is asked.
        """
        existence = self._access.existence(flow.context.ins)
        if existence.state is not DossierState.ACTIVE or existence.authorisation is Authorisation.FORBIDDEN:
            return existence, None
        return existence, self._administration.data(flow.context.ins)

    def search(self, query: PatientQuery) -> tuple[PatientMatch, ...]:
        """Sync lane. Someone by their traits (TD0.5); people who oppose the access of a regulation are not there.

        :raises RefusedByStore: the store says no. :raises FlowError: this practice is no regulation.
        """
        if not self.regulation:
            raise FlowError("not a medical regulation")
        found = self._access.search(query)
        return tuple(match for match in found.matches if not match.opposed_to_emergency and match.ins is not None)

    def journal_opened(self, flow: EmergencyFlow) -> None:
        """Cache lane. Written before anything is asked of the dossier's documents."""
        act = Act.REGULATION_OPENED if flow.mode is AccessMode.CENTRE_15 else Act.EMERGENCY_OPENED
        self._write(act, flow.context, flow.id, flow.motive)

    def read(self, flow: EmergencyFlow, entry: DocumentEntry) -> ReadLine:
        """Cache lane. A document is about to be shown: the journal first, then the list.

        :raises EmergencyOver: the access ended before.
        """
        if flow.stage is not Stage.OPEN:
            raise EmergencyOver("the access is over")
        if not flow.holds(entry.logical_id):
            self._write(Act.READ, flow.context, flow.id, entry.logical_id)
        return ReadLine(entry.logical_id, entry.title or entry.type_code.text, self._clock.now())

    def journal_ended(self, flow: EmergencyFlow) -> None:
        """Cache lane. How the access ended."""
        self._write(Act.ACCESS_ENDED, flow.context, flow.id, flow.ending.value if flow.ending else "")

    def journal_signed(self, flow: EmergencyFlow) -> None:
        """Cache lane. The list was signed by whoever entered; the reason counts its documents."""
        self._write(Act.ACCESS_SIGNED, flow.context, flow.id, str(len(flow.read)))

    def journal_secret(self, context: RecordContext, access: str, ending: Ending, *, opened: bool) -> None:
        """Cache lane. A secret connection begins, or ends so."""
        self._write(Act.SECRET_OPENED if opened else Act.ACCESS_ENDED, context, access, "" if opened else ending.value)

    def new_access(self) -> str:
        """Any lane. Id of one more access."""
        return str(uuid7(self._clock.now()))

    def _write(self, act: Act, context: RecordContext, access: str, reason: str) -> None:
        self._journal.append(act, context.author, event=access, dossier=context.dossier, reason=reason)
