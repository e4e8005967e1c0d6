"""A central store at the gateway's edge: it keeps dossiers, counts what it is asked, and fails when told to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

from helpers.clocks import HandClock

from dmp_desktop.domain.dossier import Authorisation, Confirmation, DossierState, ExistenceAnswer
from dmp_desktop.domain.events import Author, AuthorisationAct, Opening
from dmp_desktop.domain.habilitations import NORMAL_ACCESS, Access
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import CardTraits, InsiAnswer, InsiOutcome
from dmp_desktop.sync.errors import AlreadyOpen

T = TypeVar("T")
Fault = Callable[[], None] | Exception


class CentralStore:
    """Dossiers by matricule. ``before`` and ``after`` hold, by verb, what goes wrong before or after it acts."""

    def __init__(self, clock: HandClock) -> None:
        self.clock = clock
        self.states: dict[str, DossierState] = {}
        self.authorised: list[tuple[str, str, AuthorisationAct, bool]] = []
        self.creations: defaultdict[str, int] = defaultdict(int)
        self.calls: list[str] = []
        self.before: defaultdict[str, list[Fault]] = defaultdict(list)
        self.after: defaultdict[str, list[Fault]] = defaultdict(list)
        self.store_id = "created"
        self.insi = InsiAnswer(InsiOutcome.NONE, clock.now())
        self.asked: list[CardTraits] = []

    def existence(self, ins: Ins) -> ExistenceAnswer:
        """TD0.2."""
        self._begin("existence")
        answer = ExistenceAnswer(self.states.get(ins.value, DossierState.NONE), self.clock.now())
        return self._end("existence", answer)

    def create(self, opening: Opening, author: Author) -> Confirmation:
        """TD1.1, refused when there is a dossier."""
        self._begin("create")
        assert opening.ins is not None
        if self.states.get(opening.ins.value, DossierState.NONE) is not DossierState.NONE:
            raise AlreadyOpen("DMPFound", "DMP déjà existant")
        self.states[opening.ins.value] = DossierState.ACTIVE
        self.creations[opening.ins.value] += 1
        return self._end("create", Confirmation(self.clock.now(), self.store_id, author.professional))

    def reactivate(self, opening: Opening, author: Author) -> Confirmation:
        """TD1.2."""
        self._begin("reactivate")
        assert opening.ins is not None
        self.states[opening.ins.value] = DossierState.ACTIVE
        return self._end("reactivate", Confirmation(self.clock.now(), "", author.professional))

    def set_authorisation(
        self,
        ins: Ins,
        act: AuthorisationAct,
        treating: bool = False,
        author: Author | None = None,
        access: Access = NORMAL_ACCESS,
    ) -> Confirmation:
        """TD0.3, idempotent."""
        self._begin("authorisation")
        assert author is not None
        self.authorised.append((ins.value, author.professional, act, treating))
        return self._end("authorisation", Confirmation(self.clock.now(), Authorisation.VALID))

    def insi_by_vitale(self, card: CardTraits) -> InsiAnswer:
        """What the test decided INSi would say."""
        self._begin("insi")
        self.asked.append(card)
        return self._end("insi", self.insi)

    def _begin(self, verb: str) -> None:
        self.calls.append(verb)
        _spoil(self.before[verb])

    def _end(self, verb: str, answer: T) -> T:
        _spoil(self.after[verb])
        return answer


def _spoil(faults: list[Fault]) -> None:
    if not faults:
        return
    fault = faults.pop(0)
    if isinstance(fault, Exception):
        raise fault
    fault()
