"""The store's front desk: which transaction a message is, who sends it, what is answered, what the history keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from dmp_desktop.domain import oids
from dmp_desktop.sandbox import (
    accounts,
    administration,
    deposit,
    existence,
    habilitations,
    insi,
    lists,
    mtom,
    query,
    registration,
    retrieval,
    search,
    update,
)
from dmp_desktop.sandbox.envelope import Message, read_message, write_answer, write_bare_answer, write_fault
from dmp_desktop.sandbox.faults import Transaction
from dmp_desktop.sandbox.gate import Gate
from dmp_desktop.sandbox.hl7 import Head, read_head
from dmp_desktop.sandbox.refusals import Code, Refusal
from dmp_desktop.sandbox.request import Done, Request, Surroundings
from dmp_desktop.sandbox.store import Access
from dmp_desktop.sandbox.vihf import VihfRules, check_vihf
from dmp_desktop.sandbox.xmlio import Element, attribute, child

PATIENTS, HABILITATIONS, INSI = "patients", "habilitations", "insi"
REGISTRY, REPOSITORY = "registry", "repository"
SERVICES = (PATIENTS, HABILITATIONS, REGISTRY, REPOSITORY)

_NS_ACTION = "urn:hl7-org:v3:"
_SOAP_TYPE = "application/soap+xml; charset=utf-8"
_REASONS = {
    ("PRPA_IN201307UV02", "TEST_EXST"): Transaction.EXISTENCE,
    ("PRPA_IN201307UV02", "CNSLT_DATA"): Transaction.DATA,
    ("PRPA_IN201311UV02", "CREA_RD"): Transaction.CREATION,
    ("PRPA_IN201314UV02", "REAC"): Transaction.REACTIVATION,
    ("PRPA_IN201314UV02", "MODIF_DATA"): Transaction.CHANGE,
    ("PRPA_IN201314UV02", "FERM"): Transaction.CLOSING,
}
_ACTIONS = {
    (HABILITATIONS, habilitations.ACTION): Transaction.AUTHORISATION,
    (HABILITATIONS, lists.PROFESSIONALS_ACTION): Transaction.PROFESSIONALS,
    (PATIENTS, lists.DOSSIERS_ACTION): Transaction.DOSSIERS,
    (PATIENTS, search.ACTION): Transaction.SEARCH,
    (PATIENTS, accounts.ACCOUNT_ACTION): Transaction.ACCOUNT,
    (PATIENTS, accounts.CHANNEL_ACTION): Transaction.CHANNEL,
    (REPOSITORY, deposit.ACTION): Transaction.DEPOSIT,
    (REGISTRY, query.ACTION): Transaction.FIND,
    (REPOSITORY, retrieval.ACTION): Transaction.RETRIEVE,
    (INSI, insi.BY_VITALE): Transaction.INSI_VITALE,
    (INSI, insi.BY_TRAITS): Transaction.INSI_TRAITS,
}
_QUERIES = frozenset({Transaction.EXISTENCE, Transaction.DATA})


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as received: opened, or refused already.

    :ivar transaction: ``None`` when it cannot be told.
    """

    service: str
    message: Message | Refusal
    transaction: Transaction | None
    parts: dict[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: HTTP status (500 for a fault), the body and its type."""

    status: int
    body: bytes
    content_type: str = _SOAP_TYPE


class Desk:
    """Answers messages, one after another.

    :param now: the store's time.
    """

    def __init__(self, around: Surroundings, rules: VihfRules, now: Callable[[], datetime]) -> None:
        self._around = around
        self._rules = rules
        self._now = now
        self._handlers: dict[Transaction, Callable[[Request], Done]] = {
            Transaction.AUTHORISATION: habilitations.set_authorisation,
            Transaction.PROFESSIONALS: lists.list_professionals,
            Transaction.DOSSIERS: lists.list_dossiers,
            Transaction.SEARCH: search.search,
            Transaction.ACCOUNT: accounts.create_account,
            Transaction.CHANNEL: accounts.set_channel,
            Transaction.DEPOSIT: deposit.provide,
            Transaction.FIND: query.answer_query,
            Transaction.RETRIEVE: retrieval.retrieve,
            Transaction.VISIBILITY: update.update,
            Transaction.DELETION: update.update,
            Transaction.ARCHIVE: update.update,
        }

    def receive(self, service: str, data: bytes, content_type: str = "") -> Incoming:
        """Open a message without acting on it."""
        try:
            parts: dict[str, bytes] = {}
            if service == REPOSITORY and mtom.is_multipart(content_type):
                data, parts = mtom.read_parts(content_type, data)
            message = read_message(data, strict_addressing=service != INSI)
            return Incoming(service, message, _transaction(service, message), parts)
        except Refusal as refusal:
            return Incoming(service, refusal, None)

    def refuse(self, incoming: Incoming, refusal: Refusal) -> Answer:
        """A fault in answer to a message."""
        relates_to = incoming.message.message_id if isinstance(incoming.message, Message) else ""
        fault = write_fault(refusal, relates_to, insi=incoming.service == INSI)
        return _packed(incoming.service, 500, fault, ())

    def answer(self, incoming: Incoming, peer: bytes) -> Answer:
        """Do what is asked, keep the act in the history, and answer.

        :param peer: DER of the TLS client's certificate.
        """
        if isinstance(incoming.message, Refusal):
            return self.refuse(incoming, incoming.message)
        try:
            if incoming.service == INSI:
                return self._answer_insi(incoming.message, incoming.transaction, peer)
            return self._answer_dmp(incoming, incoming.message, peer)
        except Refusal as refusal:
            return self.refuse(incoming, refusal)

    def _answer_insi(self, message: Message, transaction: Transaction | None, peer: bytes) -> Answer:
        if transaction is None:
            raise Refusal(Code.UNKNOWN_TRANSACTION, "Opération inconnue")
        professional = insi.check_caller(message, peer, self._rules, self._now())
        by = insi.search_by_vitale if transaction is Transaction.INSI_VITALE else insi.search_by_traits
        body, code = by(message.body, self._around.people)
        self._record(Access(self._now().isoformat(), message.message_id, transaction, professional, "", "", "", code))
        return Answer(200, write_bare_answer(body))

    def _answer_dmp(self, incoming: Incoming, message: Message, peer: bytes) -> Answer:
        transaction, now = incoming.transaction, self._now()
        if transaction is None:
            raise Refusal(Code.UNKNOWN_TRANSACTION, "Transaction inconnue")
        caller = check_vihf(message.assertion, peer, self._rules, now)
        if caller.patient is None and transaction not in {Transaction.DOSSIERS, Transaction.SEARCH}:
            raise Refusal(Code.INVALID_VIHF, "resource-id attendu")
        gate = Gate(caller, self._around.store, caller.patient)
        request = Request(message.body, message.action, caller, gate, now, self._around, incoming.parts)
        try:
            done = self._perform(request, transaction)
        except Refusal as refusal:
            self._keep(message, request, transaction, refusal.store_code)
            raise
        self._keep(message, request, done.act or transaction, done.outcome)
        envelope = write_answer(done.body, done.action, message.message_id)
        return _packed(incoming.service, 200, envelope, done.parts)

    def _perform(self, request: Request, transaction: Transaction) -> Done:
        if transaction in self._handlers:
            return self._handlers[transaction](request)
        interaction = request.action.removeprefix(_NS_ACTION)
        head = read_head(request.body, interaction)
        asks = transaction in _QUERIES
        read = existence.read_query if asks else registration.read_patient
        if read(request.body, self._rules.ins_oid) != request.ins:
            raise Refusal(Code.OTHER_PATIENT, "Patient du VIHF différent de celui du message")
        element, outcome = self._administer(request, transaction, head)
        return Done(element, existence.ACTION if asks else registration.answer_action(interaction), outcome)

    def _administer(self, request: Request, transaction: Transaction, head: Head) -> tuple[Element, str]:
        by_data = {
            Transaction.DATA: administration.read_data,
            Transaction.CHANGE: administration.change_data,
            Transaction.CLOSING: administration.close,
        }
        if transaction in by_data:
            return by_data[transaction](request, head)
        if transaction is not Transaction.EXISTENCE:
            request.gate.check_unlisted()
        perform = {
            Transaction.EXISTENCE: existence.answer_existence,
            Transaction.CREATION: registration.create,
            Transaction.REACTIVATION: registration.reactivate,
        }[transaction]
        person = request.around.person(request.ins)
        return perform(request.body, head, person, request.ins, request.store, request.caller, request.now)

    def _keep(self, message: Message, request: Request, act: str, outcome: str) -> None:
        caller = request.caller
        self._record(
            Access(
                request.now.isoformat(),
                message.message_id,
                act,
                caller.professional,
                caller.structure,
                caller.mode,
                caller.patient.value if caller.patient is not None else "",
                outcome,
                caller.identity.value,
                caller.motive,
                "oui" if caller.secret else "",
            )
        )

    def _record(self, access: Access) -> None:
        self._around.store.record(access)


def _packed(service: str, status: int, envelope: bytes, parts: tuple[tuple[str, str, bytes], ...]) -> Answer:
    """The repository answers in parts, its faults included."""
    if service != REPOSITORY:
        return Answer(status, envelope)
    content_type, body = mtom.write_parts(envelope, parts)
    return Answer(status, body, content_type)


def _transaction(service: str, message: Message) -> Transaction | None:
    if (service, message.action) in _ACTIONS:
        return _ACTIONS[service, message.action]
    if service == REGISTRY:
        return update.which(message.body) if message.action == update.ACTION else None
    if service != PATIENTS:
        return None
    reason = child(message.body, "controlActProcess/reasonCode", oids.NS_HL7)
    return _REASONS.get((message.action.removeprefix(_NS_ACTION), attribute(reason, "code")))
