"""Whether the store lets an act through: functional matrix, oppositions, blocks and authorisations."""

from __future__ import annotations

from typing import Final

from dmp_desktop.domain.dossier import Authorisation, DossierState
from dmp_desktop.domain.habilitations import AccessMode, IdentityMode
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.rights import NOTHING, Action, Column, Facts
from dmp_desktop.sandbox.caller import Caller
from dmp_desktop.sandbox.refusals import Code, Refusal
from dmp_desktop.sandbox.store import Dossier, Store

_DENIED: Final = "Droits insuffisants"


class Gate:
    """The rights of one caller, on one dossier or on none.

    :param ins: the person the VIHF targets.
    """

    def __init__(self, caller: Caller, store: Store, ins: Ins | None) -> None:
        self.caller = caller
        self._store = store
        self._ins = ins
        self.authorisation, self.treating = (
            store.authorisation(ins, caller.grantees) if ins is not None else (Authorisation.NONE, False)
        )

    @property
    def column(self) -> Column:
        """The caller's column of the matrix."""
        return self.caller.column(treating=self.treating)

    def may(self, action: Action, facts: Facts = NOTHING) -> bool:
        """What the matrix says."""
        return self.caller.matrix.decide(action, self.column, self.caller.access_mode, facts).allowed

    def check(self, action: Action, facts: Facts = NOTHING) -> str:
        """The cell that lets the act through (``yes`` or a footnote).

        :raises Refusal: the matrix says no.
        """
        decision = self.caller.matrix.decide(action, self.column, self.caller.access_mode, facts)
        if not decision.allowed:
            raise Refusal(Code.ACCESS_DENIED, f"{_DENIED} ({action.value}, règle {decision.rule})")
        return decision.rule

    def check_unlisted(self) -> None:
        """What neither matrix lists any more (TD1.1, TD1.2, TD1.3b, TD1.4, TD1.5).

        Their rows left the matrix of 25/09/2024. Unconfirmed (November 2026): normal mode, direct or indirect.
        """
        if self.caller.access_mode is not AccessMode.NORMAL or self.caller.identity is IdentityMode.REINFORCED:
            raise Refusal(Code.ACCESS_DENIED, _DENIED)

    def active(self) -> Dossier:
        """The dossier, when it is active.

        :raises Refusal: no dossier, an opposition, or a closed one.
        """
        dossier = self._store.dossier(self._ins) if self._ins is not None else None
        if dossier is None or dossier.state is DossierState.OPPOSED:
            raise Refusal(Code.NO_DOSSIER, "Aucun DMP pour ce patient")
        if dossier.state is DossierState.CLOSED:
            raise Refusal(Code.ACCESS_DENIED, "Le DMP est fermé")
        return dossier

    def enter(self, dossier: Dossier) -> None:
        """Check the emergency modes: the motive, and what the person opposed (PDT-INF-526, EX_0.2-1050).

        :raises Refusal: no motive, or an opposition.
        """
        if self.caller.access_mode is AccessMode.BREAK_GLASS:
            if not self.caller.motive:
                raise Refusal(Code.INVALID_VIHF, "Motif du bris de glace absent")
            if not dossier.break_glass:
                raise Refusal(Code.ACCESS_DENIED, "Le patient s’est opposé au bris de glace")
        if self.caller.access_mode is AccessMode.CENTRE_15 and not dossier.centre_15:
            raise Refusal(Code.ACCESS_DENIED, "Le patient s’est opposé à l’accès de la régulation médicale")

    def consult(self, dossier: Dossier) -> None:
        """Check what consulting needs: no block, and in normal mode an authorisation in force.

        Authorisations serve consultation alone, and not in emergency. Occupational medicine cannot authorise itself
        (matrix, TD0.3): the person's agreement is collected elsewhere.

        :raises Refusal: blocked, not authorised, or an emergency refused.
        """
        self.enter(dossier)
        if self.authorisation is Authorisation.FORBIDDEN:
            raise Refusal(Code.ACCESS_DENIED, "Accès bloqué par le patient")
        if self.caller.access_mode is not AccessMode.NORMAL or self.column is Column.OCCUPATIONAL:
            return
        if self.authorisation is not Authorisation.VALID:
            raise Refusal(Code.ACCESS_DENIED, "Aucune autorisation en cours sur ce DMP")
