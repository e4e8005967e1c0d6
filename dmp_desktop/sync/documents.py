"""Documents of a dossier: deposit, search, reading and management (TD2.x, TD3.x).

Nothing is searched on its own initiative: no query follows a deposit (EX_3.1-2030), and what a query gives is not
filtered on the person's number, which may have changed (EX_3.1-1055).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree

from dmp_desktop.domain.document import DocumentEntry, DocumentStatus, Submission, Visibility
from dmp_desktop.domain.dossier import Confirmation
from dmp_desktop.domain.events import Author
from dmp_desktop.domain.habilitations import NORMAL_ACCESS, Access
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import Identity
from dmp_desktop.sync import cda, mtom, query, retrieve, submission, xds_response
from dmp_desktop.sync.errors import DocumentNotFound, IdentityNotRetrieved, StoreNotConfigured, UnexpectedAnswer
from dmp_desktop.sync.line import Line, Outgoing, Session
from dmp_desktop.sync.retrieve import Retrieved
from dmp_desktop.sync.searches import Searches


class Documents(Searches):
    """The documents, over one line to the store.

    :param address: lines of the structure's address, written in the header of documents.
    """

    def __init__(self, line: Line, address: tuple[str, ...] = ()) -> None:
        super().__init__(line)
        self._address = address

    # -- deposit ------------------------------------------------------------------------------------------------------

    def check(self, outgoing: Submission, access: Access = NORMAL_ACCESS) -> None:
        """Whether a submission may leave as far as sizes, titles and visibility tell: said before it is captured.

        :raises UserError: see :func:`.submission.check`.
        """
        submission.check(outgoing, self._line.disputed, secret=access.secret)

    def deposit(
        self,
        outgoing: Submission,
        identity: Identity,
        author: Author | None = None,
        access: Access = NORMAL_ACCESS,
    ) -> Confirmation:
        """TD2.1, or TD2.2 from a reception. The dossier must be open; no authorisation to read it is needed.

        The identifiers of ``outgoing`` were made when it was captured: sent twice, it is refused the second time as
        :class:`.errors.DuplicateDocument`, which confirms the first.

        :param author: whose event it is, when it comes from the outbox.
        """
        self.check(outgoing, access)
        if identity.ins is None or not identity.may_send:
            raise IdentityNotRetrieved("nothing may be sent about this identity")
        with self._line.call(author, writing=True) as session:
            made = submission.provide(
                outgoing, identity, self._sender(session), self._line.clock.now(), self._line.disputed
            )
            url = self._line.address(submission.PROVIDE_SERVICE)
            # Times go up from the document to its submission, its signature, then the assertion: one made before the
            # signature would be refused.
            request = session.speaker.to_dmp(
                url, submission.PROVIDE_ACTION, made.body, identity.ins, access, fresh=True
            )
            message = mtom.write(request.content, request.action, made.attachments)
            leaving = Outgoing(message.chunks(), message.content_type, message.length)
            answer = self._line.exchange(
                session, url, request, submission.PROVIDE_ANSWER_ACTION, leaving, _Receiver().receive
            )
            return self._confirmed(answer)

    # -- reading ------------------------------------------------------------------------------------------------------

    def retrieve(self, ins: Ins, entries: Sequence[DocumentEntry], access: Access = NORMAL_ACCESS) -> Retrieved:
        """TD3.2: the documents themselves, each checked against its description."""
        with self._line.call() as session:
            url = self._line.address(retrieve.SERVICE)
            request = session.speaker.to_dmp(url, retrieve.ACTION, retrieve.request(entries), ins, access)
            receiver = _Receiver()
            answer = self._line.exchange(session, url, request, retrieve.ANSWER_ACTION, receive=receiver.receive)
            return retrieve.read(answer, receiver.incoming, entries)

    # -- management ---------------------------------------------------------------------------------------------------

    def set_visibility(
        self,
        ins: Ins,
        entry_uuid: str,
        visibility: Visibility,
        author: Author | None = None,
        access: Access = NORMAL_ACCESS,
    ) -> Confirmation:
        """TD3.3a/b: mask, unmask, make visible. The description is read anew first, and filed whole.

        :raises ForbiddenVisibility: a combination the store refuses.
        :raises DocumentNotFound: no such description.
        """
        visibility.check(both_allowed=self._line.disputed.both_hidden_allowed)
        with self._line.call(author, writing=True) as session:
            found = self._query(session, ins, query.get_documents(entries=[entry_uuid]), access)
            entry = next((entry for entry in found.entries if entry.entry_uuid == entry_uuid), None)
            if entry is None:
                raise DocumentNotFound("XDSDocumentUniqueIdError")
            sender, now = self._sender(session), self._line.clock.now()
            body = submission.change_visibility(found.raw[entry_uuid], entry, visibility, ins, sender, now)
            return self._update(session, body, ins, access)

    def set_status(
        self,
        ins: Ins,
        entry: DocumentEntry,
        new: DocumentStatus,
        author: Author | None = None,
        access: Access = NORMAL_ACCESS,
    ) -> Confirmation:
        """TD3.3c (deleted, by its author alone) and TD3.3d (archived, taken out of the archive)."""
        if entry.status is None:
            raise UnexpectedAnswer("a document in a state this software does not know", part="status")
        with self._line.call(author, writing=True) as session:
            sender, now = self._sender(session), self._line.clock.now()
            body = submission.change_status(entry.entry_uuid, entry.status, new, ins, sender, now)
            return self._update(session, body, ins, access)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _sender(self, session: Session) -> submission.Sender:
        credentials, root = session.speaker.credentials, self._line.store.software_oid
        if not root:
            raise StoreNotConfigured("no OID of this software", field="software_oid")
        situation = credentials.situation
        return submission.Sender(
            cda.author_of(credentials.professional, situation),
            cda.Custodian(situation.structure.value, situation.name, situation.sector, self._address),
            credentials.signer,
            root,
        )

    def _update(self, session: Session, body: etree._Element, ins: Ins, access: Access) -> Confirmation:
        answer = self._line.ask(
            session,
            submission.UPDATE_SERVICE,
            submission.UPDATE_ACTION,
            submission.UPDATE_ANSWER_ACTION,
            body,
            ins,
            access,
        )
        return self._confirmed(answer)

    def _confirmed(self, answer: etree._Element) -> Confirmation:
        if answer.tag != xds_response.RESPONSE:
            raise UnexpectedAnswer("not the answer of a registry", part="RegistryResponse")
        xds_response.check(answer)
        return Confirmation(self._line.answered_at)


class _Receiver:
    """Keeps the parts of one answer."""

    def __init__(self) -> None:
        self.incoming = mtom.Incoming(b"")

    def receive(self, kind: str, pieces: Iterator[bytes]) -> bytes:
        """Read an answer, multipart or plain, and give its envelope."""
        self.incoming = mtom.read(kind, pieces)
        return self.incoming.envelope
