"""One person as a desk administers them: who they are, what the DMP last said, their acts here, their contact details.

Contact details are read at the store on an explicit request (TD1.3a) and never kept: a change is made on what the store
held when it was read (the base of :class:`dmp_desktop.domain.acts.ContactChange`), so there is none without a reading.

The published matrix has a row for reading the administrative data and none for changing them (TD1.3b): whoever may read
them may ask for a change, and the store decides. No Qt, no SQL, no HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from dmp_desktop.cache.papers import PrintedPaper
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.domain.acts import ContactChange, StatusChange, VisibilityChange
from dmp_desktop.domain.administration import AdministrativeData
from dmp_desktop.domain.dossier import Contact, DossierState, ExistenceAnswer
from dmp_desktop.domain.events import Author, Event, EventState, Opening
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import Identity
from dmp_desktop.domain.professional import Professional
from dmp_desktop.domain.rights import Action
from dmp_desktop.errors import DmpError, FlowError
from dmp_desktop.services.attention import Attention, Waiting
from dmp_desktop.services.rights_view import NotAllowed, column_of, ruling
from dmp_desktop.sync.errors import AdministeredElsewhere, IdentityNotRetrieved

_ENDED: Final = frozenset({EventState.CONFIRMED, EventState.REFUSED})


class UnknownPerson(FlowError):
    """Nobody is kept on this post under that key (the copy was emptied meanwhile)."""

    code = "person-unknown"


class IdentityWithheld(FlowError):
    """A doubtful or fictitious identity: nothing of this person may leave (RNIV)."""

    code = "identity-withheld"


class DossierNotActive(FlowError):
    """Contact details are those of an active dossier."""

    code = "dossier-not-active"


class ContactOnItsWay(FlowError):
    """A change of this person's contact details is not finished yet: another one would be made on a value about to
    change.
    """

    code = "contact-on-its-way"


class ContactUnchanged(FlowError):
    """What is wanted is what the store holds."""

    code = "contact-unchanged"


@dataclass(frozen=True, slots=True, repr=False)
class PastOpening:
    """An opening or a reactivation of this post that the store confirmed.

    :ivar prints: papers of it that left the printer, in order.
    """

    act: Waiting
    prints: tuple[PrintedPaper, ...]

    def __repr__(self) -> str:
        return f"PastOpening({len(self.prints)})"


@dataclass(frozen=True, slots=True, repr=False)
class PersonFile:
    """What this post knows of somebody, for whoever looks.

    :ivar dossier: key of the dossier. :ivar existence: the store's last word to whoever looks, ``None``: never asked.
    :ivar acts: what is not finished, the latest first. :ivar openings: those confirmed, the latest first.
    :ivar contact: the latest change of contact details, whoever made it and wherever it stands.
    """

    dossier: str
    identity: Identity
    existence: ExistenceAnswer | None
    acts: tuple[Waiting, ...] = ()
    openings: tuple[PastOpening, ...] = ()
    contact: Waiting | None = None

    def __repr__(self) -> str:
        return f"PersonFile({len(self.acts)} acts)"

    @property
    def opening(self) -> Waiting | None:
        """An opening or a reactivation on its way."""
        return next((act for act in self.acts if isinstance(act.event.payload, Opening)), None)

    @property
    def changing(self) -> Waiting | None:
        """A change of contact details on its way."""
        return self.contact if self.contact is not None and self.contact.event.state not in _ENDED else None


@dataclass(frozen=True, slots=True, repr=False)
class HeldContact:
    """What the store held, as it was read.

    :ivar read_at: the store's time (aware).
    """

    contact: Contact
    read_at: datetime

    def __repr__(self) -> str:
        return "HeldContact(…)"


class AdministrationPort(Protocol):
    """TD1.x, as this service needs it."""

    def data(self, ins: Ins) -> AdministrativeData:
        """TD1.3a."""
        ...


class PersonGateway(Protocol):
    """The store, as this service needs it (:class:`dmp_desktop.services.store_watch.StoreWatch`)."""

    @property
    def administration(self) -> AdministrationPort:
        """TD1.x."""
        ...

    def existence(self, ins: Ins) -> ExistenceAnswer:
        """TD0.2."""
        ...


class Persons:
    """The people of this post, one at a time."""

    def __init__(self, store: DeskStore, attention: Attention, gateway: PersonGateway) -> None:
        self._store = store
        self._attention = attention
        self._gateway = gateway

    def file(self, dossier: str, author: Author, professional: Professional) -> PersonFile:
        """Cache lane. What is known here. Acts on documents are not a reception's to see.

        :raises UnknownPerson: nobody is kept under that key.
        """
        identity = self._store.patients.identity(dossier)
        if identity is None:
            raise UnknownPerson("nobody under that key")
        rows = [row for row in self._attention.of(dossier, author) if _shown(row.event, professional)]
        confirmed = [r for r in rows if isinstance(r.event.payload, Opening) and r.event.state is EventState.CONFIRMED]
        return PersonFile(
            dossier,
            identity,
            _latest(self._store.patients.existence(dossier, author), confirmed),
            tuple(row for row in rows if row.event.state not in _ENDED),
            tuple(PastOpening(row, self._store.papers.of(row.event.id)) for row in confirmed),
            next((row for row in rows if isinstance(row.event.payload, ContactChange)), None),
        )

    def ask_state(self, file: PersonFile, author: Author) -> ExistenceAnswer:
        """Sync lane. TD0.2; the answer is kept as the store's last word.

        :raises IdentityNotRetrieved, IdentityWithheld: nothing of this person may leave.
        :raises dmp_desktop.errors.DmpError: the store does not answer.
        """
        answer = self._gateway.existence(_sendable(file.identity))
        self._store.patients.learned(file.dossier, answer, author)
        return answer

    def against_reading(self, file: PersonFile, professional: Professional) -> DmpError | None:
        """Any lane. Why the contact details may not be asked for, ``None`` when they may."""
        try:
            _sendable(file.identity)
        except FlowError as error:
            return error
        known = file.existence
        ruled = ruling(Action.READ_DATA, column_of(professional, treating=bool(known and known.treating)))
        if not ruled.allowed:
            return NotAllowed("the matrix says no", rule=ruled.rule)
        if known is not None and known.state is not DossierState.ACTIVE:
            return DossierNotActive("no active dossier", state=known.state)
        return None

    def against_changing(self, file: PersonFile, professional: Professional) -> DmpError | None:
        """Any lane. Why they may not be changed, ``None`` when they may (PDT-INF-526 note 10)."""
        if file.existence is not None and file.existence.attached_to_mes:
            return AdministeredElsewhere("the dossier is attached to Mon espace santé")
        if file.changing is not None:
            return ContactOnItsWay("a change is on its way")
        return self.against_reading(file, professional)

    def read_contact(self, file: PersonFile, author: Author, professional: Professional) -> HeldContact:
        """Sync lane. What the store holds now: TD0.2, whose answer is kept, then TD1.3a, which is not.

        :raises DossierNotActive, NotAllowed: it was not asked. :raises dmp_desktop.errors.DmpError: no answer, or no.
        """
        answer = self.ask_state(file, author)
        asked = PersonFile(file.dossier, file.identity, answer)
        against = self.against_reading(asked, professional)
        if against is not None:
            raise against
        return HeldContact(
            self._gateway.administration.data(_sendable(file.identity)).contact,
            answer.answered_at,
        )

    def change_contact(
        self, file: PersonFile, held: HeldContact, wanted: Contact, author: Author, professional: Professional
    ) -> Event:
        """Cache lane. The change, written for good; it leaves at the next pass.

        :raises ContactUnchanged: it would change nothing.
        :raises AdministeredElsewhere, ContactOnItsWay, DossierNotActive, NotAllowed: it may not be.
        """
        if wanted == held.contact:
            raise ContactUnchanged("nothing changes")
        with self._store.outbox.transaction():
            against = self.against_changing(self.file(file.dossier, author, professional), professional)
            if against is not None:
                raise against
            return self._store.outbox.add(ContactChange(_sendable(file.identity), held.contact, wanted), author)


def _sendable(identity: Identity) -> Ins:
    if identity.ins is None:
        raise IdentityNotRetrieved("no INS yet")
    if not identity.may_send:
        raise IdentityWithheld("doubtful or fictitious")
    return identity.ins


def _latest(known: ExistenceAnswer | None, confirmed: list[Waiting]) -> ExistenceAnswer | None:
    """The store's last word: an opening it confirmed since its last TD0.2 says that the dossier is active."""
    at = next((row.event.answered_at for row in confirmed if row.event.answered_at is not None), None)
    if at is None or (known is not None and known.answered_at >= at):
        return known
    before = known or ExistenceAnswer(DossierState.ACTIVE, at)
    return replace(before, state=DossierState.ACTIVE, answered_at=at, closed_on="", close_reason="", close_code="")


def _shown(event: Event, professional: Professional) -> bool:
    return not (professional.is_desk_staff and isinstance(event.payload, VisibilityChange | StatusChange))
