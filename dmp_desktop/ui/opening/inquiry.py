"""The questions put to INSi and to the store before anything is written, and what a person decides on their answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from dmp_desktop.domain.dossier import DossierState, ExistenceAnswer
from dmp_desktop.domain.events import Event
from dmp_desktop.domain.identity import InsiAnswer, ProofDocument, Sex, Traits
from dmp_desktop.errors import DmpError, UserError
from dmp_desktop.services.opening import OpeningFlow, Stage
from dmp_desktop.ui.opening.errands import Errands, Work
from dmp_desktop.ui.opening.port import DeskPort
from dmp_desktop.ui.tasks import Lane

_COG = re.compile(r"\d[0-9AB]\d{3}")


class BadBirthPlace(UserError):
    """A birth place that is not a code of the Code officiel géographique (5 characters)."""

    code = "bad-birth-place"


class Inquiry:
    """Identity, then dossier.

    :param shown: called after each step with the failure to show, or ``None``.
    :ivar proof: the document named for going on in spite of a difference, ``None`` until it is.
    :ivar by_traits: whether INSi was last asked with the traits.
    :ivar authorisation: the authorisation asked for on an active dossier, once written here.
    """

    def __init__(
        self, flow: OpeningFlow, desk: DeskPort, errands: Errands, shown: Callable[[DmpError | None], None]
    ) -> None:
        self._desk = desk
        self._errands = errands
        self._shown = shown
        self.begin(flow)

    def begin(self, flow: OpeningFlow) -> None:
        """About another opening, or another person of the same card: nothing decided before stays."""
        self._flow = flow
        self.proof: ProofDocument | None = None
        self.authorisation: Event | None = None
        self.by_traits = False
        self._to_journal: bool | None = None

    # -- identity -----------------------------------------------------------------------------------------------------

    def ask_insi(self) -> None:
        """INSi with what the card holds."""
        card = self._flow.card
        if self._flow.stage is Stage.IDENTITY and card is not None:
            self.by_traits = False
            self._errands.start(
                Work.INSI, Lane.SYNC, lambda: self._desk.ask_insi(card), self._insi_answered, self._insi_failed
            )
            self._shown(None)

    def ask_by_traits(self, sex: Sex, birth_place: str) -> None:
        """INSi with the traits of the card, as they are, and the two that it does not hold.

        :raises BadBirthPlace: not a code of 5 characters; leaving it empty is allowed.
        """
        card = self._flow.card
        if self._flow.stage is not Stage.IDENTITY or card is None:
            return
        place = birth_place.strip().upper()
        if place and not _COG.fullmatch(place):
            raise BadBirthPlace("not a COG code")
        self.by_traits = True
        traits = Traits(card.name, (card.given_name,), sex, card.birth_date, place)
        self._errands.start(
            Work.INSI, Lane.SYNC, lambda: self._desk.ask_insi_by_traits(traits), self._insi_answered, self._insi_failed
        )
        self._shown(None)

    def name_proof(self, proof: ProofDocument | None) -> None:
        """Which document was shown."""
        self.proof = proof
        self._shown(None)

    def accept_difference(self) -> None:
        """Go on with INSi's identity, once a document is named; journalled (EX_GEN-1230)."""
        if self.proof is None or not self._flow.awaits_decision:
            return
        try:
            self._flow.accept_difference(self.proof)
        except DmpError as error:
            self._shown(error)
            return
        self._to_journal = True
        self._journal()

    def refuse_difference(self) -> None:
        """Stop: the safe answer; journalled."""
        if self._flow.awaits_decision:
            self._flow.refuse_difference()
            self._to_journal = False
            self._journal()

    def continue_offline(self) -> None:
        """Receive the person although a service is silent: the opening will wait here, with its reason."""
        self._errands.drop()
        self._flow.continue_offline()
        self._shown(None)

    def retry(self) -> None:
        """Try again what did not succeed."""
        if self._to_journal is not None:
            self._journal()
        elif self.authorisation is not None:
            self._deliver(self.authorisation)
        elif self._flow.stage is Stage.EXISTENCE:
            self.ask_existence()
        elif not self._flow.awaits_decision:
            self.ask_insi()

    # -- dossier ------------------------------------------------------------------------------------------------------

    def ask_existence(self) -> None:
        """Is there a dossier."""
        identity = self._flow.identity
        if self._flow.stage is not Stage.EXISTENCE or identity is None or identity.ins is None:
            return
        ins = identity.ins

        self._errands.start(
            Work.EXISTENCE,
            Lane.SYNC,
            lambda: (self._desk.ask_existence(ins), self._desk.earlier_refusal(ins)),
            self._existence_answered,
            self._existence_failed,
        )
        self._shown(None)

    def ask_reactivation(self) -> None:
        """Reactivate a closed dossier: a fresh consent is collected first (EX_1.2-1030)."""
        existence = self._flow.existence
        if existence is not None and existence.state is DossierState.CLOSED:
            self._flow.ask_reactivation()
            self._shown(None)

    def authorise(self, treating: bool) -> None:
        """The person authorises the author, by an explicit act of theirs (EX_0.3-1010)."""
        identity, existence = self._flow.identity, self._flow.existence
        if self.authorisation is not None or identity is None or identity.ins is None:
            return
        if existence is None or existence.state is not DossierState.ACTIVE:
            return
        self._errands.start(
            Work.AUTHORISING, Lane.CACHE, lambda: self._desk.authorise(identity, treating), self._deliver, self._shown
        )
        self._shown(None)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _insi_answered(self, answer: InsiAnswer) -> None:
        self._flow.insi_answered(answer)
        if self._flow.stage is Stage.EXISTENCE:
            self.ask_existence()
        else:
            self._shown(None)

    def _insi_failed(self, error: DmpError) -> None:
        self._flow.insi_failed(error)
        self._shown(None)

    def _existence_answered(self, found: tuple[ExistenceAnswer, datetime | None]) -> None:
        self._flow.existence_answered(*found)
        self._shown(None)

    def _existence_failed(self, error: DmpError) -> None:
        self._flow.existence_failed(error)
        self._shown(None)

    def _journal(self) -> None:
        accepted = bool(self._to_journal)
        self._errands.start(
            Work.WRITING,
            Lane.CACHE,
            lambda: self._desk.record_decision(self._flow, accepted),
            self._journalled,
            self._shown,
        )
        self._shown(None)

    def _journalled(self, _: None) -> None:
        self._to_journal = None
        if self._flow.stage is Stage.EXISTENCE:
            self.ask_existence()
        else:
            self._shown(None)

    def _deliver(self, event: Event) -> None:
        self.authorisation = event
        self._errands.start(
            Work.AUTHORISING, Lane.SYNC, lambda: self._desk.deliver(event.id), self._delivered, self._shown
        )
        self._shown(None)

    def _delivered(self, event: Event) -> None:
        self.authorisation = event
        self._shown(None)
