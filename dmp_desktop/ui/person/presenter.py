"""What « Fiche » decides: whose it is, what the DMP says of them, and a change of their contact details. No widget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

from dmp_desktop.domain.acts import ContactChange
from dmp_desktop.domain.dossier import BadContact, Contact, ExistenceAnswer
from dmp_desktop.domain.events import Author, Event, EventState
from dmp_desktop.domain.professional import Professional
from dmp_desktop.errors import Cancelled, DmpError
from dmp_desktop.services.attention import Waiting
from dmp_desktop.services.person import HeldContact, PastOpening, PersonFile
from dmp_desktop.ui.opening.port import Lanes, Running
from dmp_desktop.ui.tasks import Lane

T = TypeVar("T")


class PersonPort(Protocol):
    """The service behind the page."""

    def file(self, dossier: str, author: Author, professional: Professional) -> PersonFile:
        """Cache lane. What is known here."""
        ...

    def ask_state(self, file: PersonFile, author: Author) -> ExistenceAnswer:
        """Sync lane. TD0.2."""
        ...

    def against_reading(self, file: PersonFile, professional: Professional) -> DmpError | None:
        """Any lane. Why the contact details may not be asked for."""
        ...

    def against_changing(self, file: PersonFile, professional: Professional) -> DmpError | None:
        """Any lane. Why they may not be changed."""
        ...

    def read_contact(self, file: PersonFile, author: Author, professional: Professional) -> HeldContact:
        """Sync lane. What the store holds now."""
        ...

    def change_contact(
        self, file: PersonFile, held: HeldContact, wanted: Contact, author: Author, professional: Professional
    ) -> Event:
        """Cache lane. The change, written for good."""
        ...


class PersonPresenter(QObject):
    """One person, for whoever is signed in.

    ``changed`` tells that something is to be drawn again, ``acted`` that an act was written, ``spoke`` that the store
    answered or kept silent.

    :param who: author and professional of the session. :param reprint: print lane; the attestation of an opening.
    :ivar file: what is known here, ``None`` until it is read. :ivar held: what the store held when it was asked.
    :ivar typed: mobile and e-mail as they stand in the fields.
    :ivar outcome: the change of contact followed here, wherever it stands, ``None`` when there is none.
    :ivar busy: what is being asked, in words; ``""``: nothing.
    """

    changed = Signal()
    acted = Signal()
    spoke = Signal()

    def __init__(
        self,
        persons: PersonPort,
        lanes: Lanes,
        who: Callable[[], tuple[Author, Professional]],
        reprint: Callable[[Event, str], None],
    ) -> None:
        super().__init__()
        self._persons, self._lanes, self._who, self._reprint = persons, lanes, who, reprint
        self._turn = 0
        self._task: Running | None = None
        self._clear()

    def _clear(self) -> None:
        self.dossier = ""
        self.professional: Professional | None = None
        self.file: PersonFile | None = None
        self.held: HeldContact | None = None
        self.typed = ("", "")
        self.outcome: Waiting | None = None
        self.fault: DmpError | None = None
        self.busy = self.printed = ""
        self._following = False

    # -- whose page it is ---------------------------------------------------------------------------------------------

    def open(self, dossier: str) -> None:
        """Somebody's page. Coming back to the same person keeps what was read and typed."""
        if dossier != self.dossier:
            self.forget()
            self.dossier = dossier
        self.refresh()

    def forget(self) -> None:
        """Nobody remains: the session is locked, or it is somebody else's turn."""
        self.cancel()
        self._turn += 1
        self._clear()
        self.changed.emit()

    def refresh(self) -> None:
        """Read again what is known here."""
        if not self.dossier:
            return
        author, professional = self._who()
        self.professional, dossier = professional, self.dossier
        turn = self._turn

        def read(file: PersonFile) -> None:
            if turn == self._turn:
                self._read(file)

        def failed(error: DmpError) -> None:
            if turn == self._turn:
                self.file, self.fault = None, error
                self.changed.emit()

        self._lanes.run(Lane.CACHE, lambda: self._persons.file(dossier, author, professional), read, failed)

    def _read(self, file: PersonFile) -> None:
        self.file = file
        last = file.contact
        if file.changing is not None:
            self.outcome, self._following = last, True
        elif self._following and last is not None:
            self.outcome, self._following = last, False
            self._ended(last.event)
        self.changed.emit()

    def _ended(self, event: Event) -> None:
        """Confirmed, the store holds what was wanted; anything else is asked again before another change."""
        payload = event.payload
        confirmed = event.state is EventState.CONFIRMED and event.answered_at is not None
        if confirmed and event.answered_at is not None and isinstance(payload, ContactChange):
            self._hold(HeldContact(payload.wanted, event.answered_at))
        else:
            self.held = None

    # -- the dossier --------------------------------------------------------------------------------------------------

    def ask_state(self) -> None:
        """F5: the store's word on the dossier, now."""
        file = self.file
        if file is None or self.busy:
            return
        author, _professional = self._who()
        self._begin("Le DMP est interrogé")
        self._run(Lane.SYNC, lambda: self._persons.ask_state(file, author), lambda _answer: None)

    def cancel(self) -> None:
        """Give up what is being asked."""
        task, self._task = self._task, None
        if task is not None and self.busy:
            task.cancel()
            self.busy = ""
            self.changed.emit()

    # -- contact details ----------------------------------------------------------------------------------------------

    @property
    def against_reading(self) -> DmpError | None:
        """Why the contact details may not be asked for."""
        if self.file is None or self.professional is None:
            return None
        return self._persons.against_reading(self.file, self.professional)

    @property
    def against_changing(self) -> DmpError | None:
        """Why they may not be changed."""
        if self.file is None or self.professional is None:
            return None
        return self._persons.against_changing(self.file, self.professional)

    @property
    def editable(self) -> bool:
        """Whether the fields may be typed in: read at the store, and nothing against a change."""
        return self.held is not None and self.file is not None and self.against_changing is None

    def ask_contact(self) -> None:
        """Ask the store for them (TD1.3a); what was typed and not sent goes."""
        file = self.file
        if file is None or self.busy or self.against_reading is not None:
            return
        author, professional = self._who()
        self._begin("Les coordonnées sont demandées au DMP")
        self.outcome = self.outcome if self._following else None
        self._run(Lane.SYNC, lambda: self._persons.read_contact(file, author, professional), self._hold)

    def _hold(self, held: HeldContact) -> None:
        self.held, self.typed = held, (spaced(held.contact.mobile), held.contact.email)

    def type(self, mobile: str, email: str) -> None:
        """What the fields hold now."""
        self.typed = (mobile, email)
        self.changed.emit()

    @property
    def wanted(self) -> Contact:
        """What was typed; a value left as the store writes it is kept as it is, whatever its form.

        :raises BadContact: it cannot be one; ``facts["field"]`` says which.
        """
        held = self.held.contact if self.held is not None else Contact()
        mobile, email = self.typed
        same = (mobile == spaced(held.mobile), email == held.email)
        read = Contact.parse("" if same[0] else mobile, "" if same[1] else email)
        return replace(
            read, mobile=held.mobile if same[0] else read.mobile, email=held.email if same[1] else read.email
        )

    @property
    def wrong_field(self) -> str:
        """``mobile`` or ``email`` when it cannot be one, ``""``."""
        try:
            _wanted = self.wanted
        except BadContact as error:
            return str(error.facts["field"])
        return ""

    @property
    def dirty(self) -> bool:
        """Whether something typed differs from what the store holds."""
        if not self.editable or self.held is None:
            return False
        return bool(self.wrong_field) or self.wanted != self.held.contact

    def send(self) -> None:
        """Ctrl+Entrée: the change is written here, then leaves."""
        file, held = self.file, self.held
        if file is None or held is None or self.busy or not self.dirty or self.wrong_field:
            return
        author, professional = self._who()
        wanted = self.wanted
        self._begin("Le changement est écrit sur ce poste")
        self._run(
            Lane.CACHE,
            lambda: self._persons.change_contact(file, held, wanted, author, professional),
            lambda _event: self.acted.emit(),
        )

    # -- papers -------------------------------------------------------------------------------------------------------

    @property
    def last_opening(self) -> PastOpening | None:
        """The opening whose attestation may be printed."""
        return self.file.openings[0] if self.file is not None and self.file.openings else None

    def reprint(self, reason: str) -> None:
        """Print its attestation; a second time with a reason."""
        past = self.last_opening
        if past is None or self.busy or (past.act.printed and not reason.strip()):
            return
        event = past.act.event
        self._begin("L’attestation part à l’imprimante")

        def printed(_none: None) -> None:
            self.printed = event.id

        self._run(Lane.PRINT, lambda: self._reprint(event, reason.strip()), printed)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _begin(self, words: str) -> None:
        self.busy, self.fault, self.printed = words, None, ""
        self.changed.emit()

    def _run(self, lane: Lane, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """One errand at a time; whatever it comes to, what is known here is read again."""
        turn = self._turn

        def answered(result: T) -> None:
            if turn == self._turn:
                self._task, self.busy = None, ""
                done(result)
                self.refresh()
                self.spoke.emit()

        def failed(error: DmpError) -> None:
            if turn == self._turn:
                self._task, self.busy = None, ""
                self.fault = None if isinstance(error, Cancelled) else error
                self.changed.emit()
                self.refresh()
                self.spoke.emit()

        self._task = self._lanes.run(lane, work, answered, failed)


def spaced(mobile: str) -> str:
    """A mobile as it is read aloud."""
    return " ".join(mobile[i : i + 2] for i in range(0, len(mobile), 2))
