"""The store's front desk: which transaction a message is, who sends it, what is answered, what the history keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dmp_desktop.domain import oids
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.sandbox import existence, habilitations, insi, registration
from dmp_desktop.sandbox.caller import Caller
from dmp_desktop.sandbox.envelope import Message, read_message, write_answer, write_bare_answer, write_fault
from dmp_desktop.sandbox.faults import Transaction
from dmp_desktop.sandbox.hl7 import read_head
from dmp_desktop.sandbox.people import FictionalPerson
from dmp_desktop.sandbox.refusals import Code, Refusal
from dmp_desktop.sandbox.store import Access, Store
from dmp_desktop.sandbox.vihf import VihfRules, check_vihf
from dmp_desktop.sandbox.xmlio import attribute, child

PATIENTS, HABILITATIONS, INSI = "patients", "habilitations", "insi"

_NS_ACTION = "urn:hl7-org:v3:"
_REASONS = {
    ("PRPA_IN201307UV02", "TEST_EXST"): Transaction.EXISTENCE,
    ("PRPA_IN201311UV02", "CREA_RD"): Transaction.CREATION,
    ("PRPA_IN201314UV02", "REAC"): Transaction.REACTIVATION,
}


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as received: opened, or refused already.

    :ivar transaction: ``None`` when it cannot be told.
    """

    service: str
    message: Message | Refusal
    transaction: Transaction | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: HTTP status (500 for a fault) and the envelope."""

    status: int
    body: bytes


class Desk:
    """Answers messages, one after another.

    :param people: whom INSi knows.
    :param now: the store's time.
    """

    def __init__(
        self,
        store: Store,
        people: tuple[FictionalPerson, ...],
        rules: VihfRules,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._people = people
        self._rules = rules
        self._now = now

    def receive(self, service: str, data: bytes) -> Incoming:
        """Open a message without acting on it."""
        try:
            message = read_message(data, strict_addressing=service != INSI)
            return Incoming(service, message, _transaction(service, message))
        except Refusal as refusal:
            return Incoming(service, refusal, None)

    def refuse(self, incoming: Incoming, refusal: Refusal) -> Answer:
        """A fault in answer to a message."""
        relates_to = incoming.message.message_id if isinstance(incoming.message, Message) else ""
        return Answer(500, write_fault(refusal, relates_to, insi=incoming.service == INSI))

    def answer(self, incoming: Incoming, peer: bytes) -> Answer:
        """Do what is asked, keep the act in the history, and answer.

        :param peer: DER of the TLS client's certificate.
        """
        if isinstance(incoming.message, Refusal):
            return self.refuse(incoming, incoming.message)
        try:
            if incoming.service == INSI:
                return self._answer_insi(incoming.message, incoming.transaction, peer)
            return self._answer_dmp(incoming.message, incoming.transaction, peer)
        except Refusal as refusal:
            return self.refuse(incoming, refusal)

    def _answer_insi(self, message: Message, transaction: Transaction | None, peer: bytes) -> Answer:
        if transaction is None:
            raise Refusal(Code.UNKNOWN_TRANSACTION, "Opération inconnue")
        professional = insi.check_caller(message, peer, self._rules, self._now())
        search = insi.search_by_vitale if transaction is Transaction.INSI_VITALE else insi.search_by_traits
        body, code = search(message.body, self._people)
        self._record(message, transaction, professional, "", "", "", code)
        return Answer(200, write_bare_answer(body))

    def _answer_dmp(self, message: Message, transaction: Transaction | None, peer: bytes) -> Answer:
        if transaction is None:
            raise Refusal(Code.UNKNOWN_TRANSACTION, "Transaction inconnue")
        caller = check_vihf(message.assertion, peer, self._rules, self._now())
        if caller.patient is None:
            raise Refusal(Code.INVALID_VIHF, "resource-id attendu")
        patient = caller.patient
        try:
            answer, outcome = self._perform(message, transaction, caller, patient)
        except Refusal as refusal:
            self._keep(message, transaction, caller, patient, refusal.store_code)
            raise
        self._keep(message, transaction, caller, patient, outcome)
        return Answer(200, answer)

    def _perform(self, message: Message, transaction: Transaction, caller: Caller, patient: Ins) -> tuple[bytes, str]:
        body, now = message.body, self._now()
        if transaction is Transaction.AUTHORISATION:
            done = habilitations.set_authorisation(body, patient, self._store, caller, now)
            return write_answer(done, habilitations.ANSWER_ACTION, message.message_id), "OK"
        interaction = message.action.removeprefix(_NS_ACTION)
        head = read_head(body, interaction)
        asks = transaction is Transaction.EXISTENCE
        read = existence.read_query if asks else registration.read_patient
        if read(body, self._rules.ins_oid) != patient:
            raise Refusal(Code.OTHER_PATIENT, "Patient du VIHF différent de celui du message")
        person = next((p for p in self._people if p.ins == patient), None)
        perform = {
            Transaction.EXISTENCE: existence.answer_existence,
            Transaction.CREATION: registration.create,
            Transaction.REACTIVATION: registration.reactivate,
        }[transaction]
        element, outcome = perform(body, head, person, patient, self._store, caller, now)
        action = existence.ACTION if asks else registration.answer_action(interaction)
        return write_answer(element, action, message.message_id), outcome

    def _keep(self, message: Message, transaction: Transaction, caller: Caller, patient: Ins, outcome: str) -> None:
        self._record(message, transaction, caller.professional, caller.structure, caller.mode, patient.value, outcome)

    def _record(
        self,
        message: Message,
        transaction: Transaction,
        professional: str,
        structure: str,
        mode: str,
        ins: str,
        outcome: str,
    ) -> None:
        at = self._now().isoformat()
        self._store.record(Access(at, message.message_id, transaction, professional, structure, mode, ins, outcome))


def _transaction(service: str, message: Message) -> Transaction | None:
    if service == HABILITATIONS:
        return Transaction.AUTHORISATION if message.action == habilitations.ACTION else None
    if service == INSI:
        known = {insi.BY_VITALE: Transaction.INSI_VITALE, insi.BY_TRAITS: Transaction.INSI_TRAITS}
        return known.get(message.action)
    reason = child(message.body, "controlActProcess/reasonCode", oids.NS_HL7)
    return _REASONS.get((message.action.removeprefix(_NS_ACTION), attribute(reason, "code")))
