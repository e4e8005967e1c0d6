"""A desk with both its files, signed in at a sandbox, that does every kind of act about people made by number."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from helpers import documents_world as world
from helpers import wire_sandbox
from helpers.store_world import CONSENT

from dmp_desktop.cache.clinical import ClinicalStore
from dmp_desktop.cache.keys import CLINICAL, DESK, Keys
from dmp_desktop.cache.slots import DatabaseKey
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.config import StoreSettings
from dmp_desktop.domain import terminology
from dmp_desktop.domain.acts import ContactChange, Deposit, StatusChange, VisibilityChange
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.document import DocumentEntry, DocumentStatus, MediaType, Visibility, new_oid
from dmp_desktop.domain.dossier import AccessChoice, Contact, DossierState
from dmp_desktop.domain.draft import Draft
from dmp_desktop.domain.events import Author, AuthorisationAct, AuthorisationChange, Event, Opening, uuid7
from dmp_desktop.domain.identity import BirthDate, CardTraits, Identity, InsStatus, Sex, Traits
from dmp_desktop.domain.shelf import Reader
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.people import FictionalPerson
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.sandbox.store import Dossier
from dmp_desktop.sync.engine import Engine
from dmp_desktop.sync.gateway import Credentials, Gateway
from dmp_desktop.sync.refresh import Refresher

BEFORE, WANTED = Contact("0612345678"), Contact("0687654321", "ariane@exemple.test")


def patient(number: int) -> FictionalPerson:
    """One of many adults without a dossier."""
    traits = Traits(f"PATIENTELLE{chr(65 + number % 26)}", ("ARIANE",), Sex.FEMALE, BirthDate("19810412"), "99901")
    body = f"28104999{number:05d}"
    return FictionalPerson(f"p{number}", people._ins(body), traits, "Pas encore de dossier.")


def opening(number: int, *, reactivation: bool = False) -> Opening:
    """The opening of that person's dossier, with an access to be given."""
    who = patient(number)
    card = CardTraits(who.traits.birth_name, "ARIANE", who.traits.birth_date, who.ins.matricule, who.ins.matricule)
    return Opening(
        reference=f"OUV-2026-0414-{number:04d}",
        ins=who.ins,
        traits=who.traits,
        card=card,
        consent=CONSENT,
        access=AccessChoice.THIS_PROFESSIONAL,
        contact=Contact(),
        reactivation=reactivation,
    )


def settled(sandbox: Sandbox, number: int, professional: str, state: DossierState = DossierState.ACTIVE) -> None:
    """Their dossier is there, and this professional may read it."""
    ins, at = patient(number).ins, sandbox.now()
    file = Dossier(ins, state, at.isoformat(), professional, mobile=BEFORE.mobile)
    assert sandbox.store.create(file)
    sandbox.store.authorise(ins, professional, at, treating=False)


def both_keys() -> Keys:
    """Keys of both files."""
    return Keys({DESK: DatabaseKey.random(), CLINICAL: DatabaseKey.random()})


class ActsDesk:
    """The parts of the program that acts go through, over the real wire."""

    def __init__(
        self, folder: Path, keys: Keys, settings: StoreSettings, credentials: Credentials, author: Author, clock: Clock
    ) -> None:
        assert keys.clinical is not None
        self.clock, self.author = clock, author
        self.store = DeskStore.open(folder, keys, clock, create=not (folder / "desk.db").exists())
        self.clinical = ClinicalStore.open(folder, keys.clinical, clock, create=not (folder / "clinical.db").exists())
        self.gateway = Gateway(settings, clock, address=world.CUSTODIAN.address)
        self.gateway.sign_in(credentials)
        self.copy_open = True
        self.engine = Engine(
            self.store.outbox,
            self.store.patients,
            self.gateway,
            clock,
            lambda _deposit: self.clinical.drafts if self.copy_open else None,
        )
        self.refresher = Refresher(self.gateway, self.store.patients, clock, self.clinical.forget)

    # -- acts ---------------------------------------------------------------------------------------------------------

    def knows(self, number: int) -> str:
        """That person is known here; the key of their dossier."""
        who = patient(number)
        return self.store.patients.remember(Identity(who.traits, InsStatus.QUALIFIED, who.ins))

    def draft(self, number: int, **changes: object) -> Draft:
        """A document about them, written here."""
        at = self.clock.now() - timedelta(minutes=1)
        made = Draft(
            id=str(uuid7(at)),
            dossier=self.knows(number),
            professional=self.author.professional,
            unique_id=new_oid(world.SOURCE),
            set_id=new_oid(world.SOURCE),
            submission_id=new_oid(world.SOURCE),
            signature_id=new_oid(world.SOURCE),
            changed_at=at,
            title="Compte rendu de consultation",
            type_code=terminology.table(terminology.TYPE).require("11488-4"),
            visibility=Visibility(),
            media_type=MediaType.PDF,
            size=len(world.PDF),
            sha256=hashlib.sha256(world.PDF).hexdigest(),
        )
        made = replace(made, **changes)  # type: ignore[arg-type]
        self.clinical.drafts.save(made, world.PDF)
        return made

    def deposit(self, number: int, *, after: str = "", held: bool = False, **changes: object) -> Event:
        """That document, on its way."""
        draft = self.draft(number, **changes)
        payload = Deposit(patient(number).ins, draft.id, draft.unique_id, after, draft.secret)
        event = self.store.outbox.add(payload, self.author, held=held)
        self.clinical.drafts.save(replace(draft, event=event.id))
        return event

    def filed(self, number: int) -> DocumentEntry:
        """A document of theirs that stands at the store already."""
        event = self.deposit(number)
        self.engine.run(self.author, only=event.id)
        assert isinstance(event.payload, Deposit)
        (entry,) = self.gateway.documents.described(event.payload.ins, [event.payload.unique_id])
        return entry

    def mask(self, number: int, entry: DocumentEntry, wanted: Visibility | None = None) -> Event:
        """It is masked, or shown as wanted."""
        wanted = wanted or Visibility(from_professionals=True)
        ins = patient(number).ins
        payload = VisibilityChange(ins, entry.entry_uuid, entry.logical_id, entry.visibility, wanted)
        return self.store.outbox.add(payload, self.author)

    def file(self, number: int, entry: DocumentEntry, wanted: DocumentStatus) -> Event:
        """It is archived, or deleted."""
        assert entry.status is not None
        ins = patient(number).ins
        payload = StatusChange(ins, entry.entry_uuid, entry.logical_id, entry.status, wanted)
        return self.store.outbox.add(payload, self.author)

    def contact(self, number: int, wanted: Contact = WANTED) -> Event:
        """Another mobile, another address."""
        self.knows(number)
        return self.store.outbox.add(ContactChange(patient(number).ins, BEFORE, wanted), self.author)

    def authorise(self, number: int, act: AuthorisationAct = AuthorisationAct.ADD) -> Event:
        """The author may read it, or no longer."""
        return self.store.outbox.add(AuthorisationChange(patient(number).ins, act), self.author)

    # -- what stands ---------------------------------------------------------------------------------------------------

    def reader(self, number: int) -> Reader:
        """Whose shelf."""
        return Reader(self.knows(number), self.author.professional)

    def refresh(self, number: int, *, full: bool = False):  # type: ignore[no-untyped-def]
        """Their list, refreshed."""
        return self.refresher.run(patient(number).ins, self.reader(number), self.clinical.shelf, self.author, full=full)

    def now(self, event: Event) -> Event:
        """Where it stands."""
        return self.store.outbox.get(event.id)

    def close(self) -> None:
        """The end of the day."""
        self.gateway.close()
        self.clinical.close()
        self.store.close()


@contextmanager
def acts_desk(folder: Path, sandbox: Sandbox, clock: Clock, key: str = "brindille") -> Iterator[ActsDesk]:
    """Such a desk in a new folder, under a card of the cast."""
    credentials = wire_sandbox.credentials(sandbox, key)
    author = wire_sandbox.author(credentials)
    desk = ActsDesk(folder, both_keys(), wire_sandbox.settings(sandbox), credentials, author, clock)
    try:
        yield desk
    finally:
        desk.close()
