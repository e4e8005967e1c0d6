"""Administration of a dossier: open it, open it again, read and change its data, close it, its account (TD1.x)."""

from __future__ import annotations

from lxml import etree

from dmp_desktop.domain.administration import AdministrativeData, ChannelAct, ClosingReason, CodeChannel, WebAccount
from dmp_desktop.domain.dossier import Confirmation, ExistenceAnswer
from dmp_desktop.domain.events import Author, Opening
from dmp_desktop.domain.habilitations import NORMAL_ACCESS, Access
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import Traits
from dmp_desktop.sync import hl7v3_administration, hl7v3_dossier, hl7v3_existence, patient_service
from dmp_desktop.sync.errors import AdministeredElsewhere, IdentityNotRetrieved
from dmp_desktop.sync.hl7v3_parts import REVISE_ACTION, REVISE_ANSWER_ACTION, read_revision
from dmp_desktop.sync.line import Line, Session


class AdministrationTransactions:
    """Each method is one transaction; it blocks and raises typed errors only.

    A dossier attached to Mon espace santé is administered there (PDT-INF-526 note 10): what changes one is told what
    TD0.2 said of it (``known``), and raises :class:`.errors.AdministeredElsewhere` before anything is sent.
    """

    def __init__(self, line: Line) -> None:
        self._line = line

    def create(self, opening: Opening, author: Author) -> Confirmation:
        """TD1.1. A dossier that exists already is refused as :class:`.errors.AlreadyOpen`.

        :raises AuthorMismatch: the event is somebody else's.
        :raises ClockDrift: nothing is dated with a clock known to be wrong.
        """
        ins = _identified(opening)
        with self._line.call(author, writing=True) as session:
            frame = session.speaker.frame()
            body = hl7v3_dossier.creation_request(frame, opening, session.speaker.credentials)
            answer = self._line.ask(
                session, "patients", hl7v3_dossier.CREATE_ACTION, hl7v3_dossier.CREATE_ANSWER_ACTION, body, ins
            )
            return hl7v3_dossier.read_creation(answer, frame, ins)

    def reactivate(self, opening: Opening, author: Author) -> Confirmation:
        """TD1.2, with the same guards as :meth:`create`."""
        ins = _identified(opening)
        with self._line.call(author, writing=True) as session:
            frame = session.speaker.frame()
            body = hl7v3_dossier.reactivation_request(frame, opening, session.speaker.credentials)
            return read_revision(self._revise(session, body, ins), frame, ins)

    def data(self, ins: Ins, access: Access = NORMAL_ACCESS) -> AdministrativeData:
        """TD1.3a.

        :raises NoDossier: there is no such dossier.
        """
        with self._line.call() as session:
            frame = session.speaker.frame()
            body = hl7v3_administration.data_request(frame, ins)
            answer = self._line.ask(
                session, "patients", hl7v3_existence.ACTION, hl7v3_existence.ANSWER_ACTION, body, ins, access
            )
            return hl7v3_administration.read_data(answer, frame, ins)

    def change(self, data: AdministrativeData, known: ExistenceAnswer, author: Author | None = None) -> Confirmation:
        """TD1.3b: what TD1.3a gave, changed."""
        _check_here(known)
        with self._line.call(author, writing=True) as session:
            frame = session.speaker.frame()
            body = hl7v3_administration.change_request(frame, data, session.speaker.credentials)
            return read_revision(self._revise(session, body, data.ins), frame, data.ins)

    def close(
        self, ins: Ins, traits: Traits, reason: ClosingReason, known: ExistenceAnswer, author: Author | None = None
    ) -> Confirmation:
        """TD1.4."""
        _check_here(known)
        with self._line.call(author, writing=True) as session:
            frame = session.speaker.frame()
            body = hl7v3_administration.closing_request(frame, ins, traits, reason, session.speaker.credentials)
            return read_revision(self._revise(session, body, ins), frame, ins)

    def create_account(
        self, ins: Ins, channel: CodeChannel, known: ExistenceAnswer, author: Author | None = None
    ) -> WebAccount:
        """TD1.5a. The secrets are told once: whoever calls shows or prints them, and keeps nothing."""
        _check_here(known)
        with self._line.call(author, writing=True) as session:
            body = patient_service.account_request(channel)
            action, answer_action = patient_service.ACCOUNT_ACTION, patient_service.ACCOUNT_ANSWER_ACTION
            return patient_service.read_account(self._line.ask(session, "patients", action, answer_action, body, ins))

    def set_channel(
        self, ins: Ins, act: ChannelAct, channel: CodeChannel, known: ExistenceAnswer, author: Author | None = None
    ) -> Confirmation:
        """TD1.5b."""
        _check_here(known)
        with self._line.call(author, writing=True) as session:
            body = patient_service.channel_request(act, channel)
            action, answer_action = patient_service.CHANNEL_ACTION, patient_service.CHANNEL_ANSWER_ACTION
            answer = self._line.ask(session, "patients", action, answer_action, body, ins)
            return patient_service.read_channel(answer, self._line.answered_at)

    def _revise(self, session: Session, body: etree._Element, ins: Ins) -> etree._Element:
        return self._line.ask(session, "patients", REVISE_ACTION, REVISE_ANSWER_ACTION, body, ins)


def _identified(opening: Opening) -> Ins:
    if opening.ins is None:
        raise IdentityNotRetrieved("an opening without INS cannot leave")
    return opening.ins


def _check_here(known: ExistenceAnswer) -> None:
    if known.attached_to_mes:
        raise AdministeredElsewhere("the dossier is attached to Mon espace santé")
