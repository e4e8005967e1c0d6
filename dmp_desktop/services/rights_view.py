"""What the person at work may do on a dossier, and why not, in the words of the published matrix.

The store decides; this explains beforehand, so that what would be refused is greyed with its rule and the day of that
rule (F79).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from dmp_desktop.cache.journal import Act
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.domain import rights
from dmp_desktop.domain.dossier import Authorisation
from dmp_desktop.domain.events import AuthorisationAct, AuthorisationChange, Event
from dmp_desktop.domain.habilitations import AccessMode, AuthorisationFilter, AuthorisedProfessional
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.professional import Professional
from dmp_desktop.domain.record import RecordContext
from dmp_desktop.domain.rights import NOTHING, Action, Column, Facts
from dmp_desktop.errors import FlowError

DOCTOR: Final = "10"
_OCCUPATIONAL: Final = frozenset({"SM25", "C41", "CAPA11"})
"""Occupational medicine: R01 lines of JDV_J01 (20240927)."""


class ReasonNeeded(FlowError):
    """Giving up or taking on a right needs its reason."""

    code = "right-reason-missing"


class NotAllowed(FlowError):
    """The published matrix says no: nothing was asked of the store. ``facts["rule"]`` names its footnote."""

    code = "right-not-allowed"


def column_of(professional: Professional, *, treating: bool, mode: AccessMode = AccessMode.NORMAL) -> Column:
    """The column of the matrix that a person at work, with their own card, stands in.

    :param treating: médecin traitant of the dossier; medical regulation has no such column.
    """
    if professional.is_desk_staff:
        return Column.DESK
    if professional.profession != DOCTOR:
        return Column.PROFESSIONAL
    if professional.speciality in _OCCUPATIONAL:
        return Column.OCCUPATIONAL
    return Column.TREATING if treating and mode is not AccessMode.CENTRE_15 else Column.DOCTOR


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether an act is allowed, with the sentence that says why not (or under which condition).

    :ivar rule: ``yes``, ``no`` or the footnote that decided.
    """

    allowed: bool
    rule: str
    words: str = ""


def ruling(action: Action, column: Column, mode: AccessMode = AccessMode.NORMAL, facts: Facts = NOTHING) -> Ruling:
    """What the matrix of direct mode says of an act, with its rule and the day of the rule."""
    matrix = rights.matrix(rights.DIRECT)
    decision = matrix.decide(action, column, mode, facts)
    if decision.allowed:
        return Ruling(True, decision.rule)
    day = "/".join(reversed(matrix.dated.split("-")))
    note = matrix.notes.get(decision.rule, "Votre profession, ou ce mode d’accès, ne le permet pas")
    return Ruling(False, decision.rule, f"{note} (matrice des droits du {day}).")


def may(action: Action, context: RecordContext, facts: Facts = NOTHING) -> Ruling:
    """The same for a record that is open, entered as it was."""
    mode = context.access.mode
    return ruling(action, column_of(context.professional, treating=context.treating, mode=mode), mode, facts)


def reads_by_agreement(professional: Professional) -> bool:
    """Whether the matrix lets this professional read without letting them declare themselves authorised.

    Occupational medicine: the person's agreement is collected elsewhere, so that an authorisation the store does not
    know of is no loss; the store decides at each reading.
    """
    column = column_of(professional, treating=False)
    return ruling(Action.FIND, column).allowed and not ruling(Action.AUTHORISE, column).allowed


@dataclass(frozen=True, slots=True)
class OwnRight:
    """The person's own authorisation, and what they may change of it.

    :ivar state: as the store last said; ``pending``: kind of change on its way, ``None`` for none.
    """

    state: Authorisation
    treating: bool
    pending: AuthorisationAct | None
    withdraw: Ruling
    become: Ruling
    cease: Ruling


class RightsGateway(Protocol):
    """The store, as rights need it (:class:`dmp_desktop.sync.access.AccessTransactions`)."""

    def professionals(
        self, ins: Ins, which: AuthorisationFilter = AuthorisationFilter.ALL
    ) -> tuple[AuthorisedProfessional, ...]:
        """TD1.6."""
        ...


class Rights:
    """Who may read a dossier, and one's own authorisation."""

    def __init__(self, gateway: RightsGateway, store: DeskStore) -> None:
        self._gateway = gateway
        self._store = store

    def professionals(self, context: RecordContext) -> tuple[AuthorisedProfessional, ...]:
        """Sync lane. Who is authorised, then who is blocked (TD1.6).

        :raises NotAllowed: the matrix says no. :raises dmp_desktop.errors.DmpError: the store does not answer, or no.
        """
        self._demand(may(Action.LIST_PROFESSIONALS, context))
        found = self._gateway.professionals(context.ins, AuthorisationFilter.ALL)
        return tuple(sorted(found, key=lambda line: (line.blocked, not line.treating, line.family, line.given)))

    def own(self, context: RecordContext) -> OwnRight:
        """Cache lane. The store's last word, with what is on its way."""
        existence = context.existence
        state = existence.authorisation if existence else Authorisation.UNKNOWN
        pending = next(
            (
                event.payload.act
                for event in reversed(self._store.outbox.of_dossier(context.dossier))
                if isinstance(event.payload, AuthorisationChange)
                and event.author.professional == context.author.professional
                and event.state.value not in {"confirmed", "refused"}
            ),
            None,
        )
        become = may(Action.AUTHORISE, context)
        if become.allowed and context.professional.profession != DOCTOR:
            become = Ruling(False, rights.NO, "Seul un médecin peut être médecin traitant.")
        return OwnRight(
            state,
            context.treating,
            pending,
            may(Action.WITHDRAW, context),
            become,
            may(Action.CEASE_TREATING, context),
        )

    def withdraw(self, context: RecordContext, reason: str) -> Event:
        """Cache lane. Give up one's own authorisation (TD0.3).

        :raises ReasonNeeded: no reason. :raises NotAllowed: the matrix says no.
        """
        self._demand(may(Action.WITHDRAW, context))
        return self._change(
            context, AuthorisationChange(context.ins, AuthorisationAct.REMOVE, secret=context.access.secret), reason
        )

    def become_treating(self, context: RecordContext, reason: str) -> Event:
        """Cache lane. Declare oneself médecin traitant of the dossier. Raises as :meth:`withdraw`."""
        self._demand(self.own(context).become)
        return self._change(
            context,
            AuthorisationChange(context.ins, AuthorisationAct.ADD, treating=True, secret=context.access.secret),
            reason,
        )

    def cease_treating(self, context: RecordContext, reason: str) -> Event:
        """Cache lane. No longer médecin traitant; the authorisation to read stays. Raises as :meth:`withdraw`."""
        self._demand(may(Action.CEASE_TREATING, context))
        return self._change(
            context, AuthorisationChange(context.ins, AuthorisationAct.ADD, secret=context.access.secret), reason
        )

    def _change(self, context: RecordContext, payload: AuthorisationChange, reason: str) -> Event:
        if not reason.strip():
            raise ReasonNeeded("a right needs its reason")
        with self._store.outbox.transaction():
            event = self._store.outbox.add(payload, context.author)
            self._store.journal.append(
                Act.REASON_GIVEN, context.author, event=event.id, dossier=context.dossier, reason=reason.strip()
            )
        return event

    @staticmethod
    def _demand(ruled: Ruling) -> None:
        if not ruled.allowed:
            raise NotAllowed("the matrix says no", rule=ruled.rule)
