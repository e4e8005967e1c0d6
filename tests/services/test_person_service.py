"""One person's administrative page, over a real store and the sandbox: what may be read, what may be changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from helpers.sandbox_world import sandbox_pki_folder
from helpers.store_acts import BEFORE, WANTED, acts_desk, opening, patient
from helpers.store_town import Town, town
from helpers.wire_sandbox import card

from dmp_desktop.domain.conflicts import CONTACT_CONFLICT
from dmp_desktop.domain.document import Visibility
from dmp_desktop.domain.dossier import Contact, DossierState
from dmp_desktop.domain.events import EventState
from dmp_desktop.domain.identity import Identity, InsAttribute, InsStatus
from dmp_desktop.domain.professional import Professional
from dmp_desktop.errors import ServiceUnavailable
from dmp_desktop.sandbox.faults import Fault, FaultKind, Transaction
from dmp_desktop.services.attention import Attention
from dmp_desktop.services.person import (
    ContactOnItsWay,
    ContactUnchanged,
    DossierNotActive,
    HeldContact,
    IdentityWithheld,
    PersonFile,
    Persons,
    UnknownPerson,
)
from dmp_desktop.services.store_watch import StoreWatch
from dmp_desktop.sync.errors import AdministeredElsewhere, IdentityNotRetrieved

__all__ = ["sandbox_pki_folder", "town"]


@dataclass
class Page:
    """Somebody's page, over the town's desk."""

    town: Town
    persons: Persons
    attention: Attention
    holder: Professional
    number: int

    @property
    def file(self) -> PersonFile:
        """What is known of them."""
        return self.persons.file(self.town.desk.knows(self.number), self.town.desk.author, self.holder)

    def read(self) -> HeldContact:
        """Alt+C."""
        return self.persons.read_contact(self.file, self.town.desk.author, self.holder)

    def change(self, held: HeldContact, wanted: Contact) -> None:
        """Ctrl+Entrée, and a pass."""
        self.persons.change_contact(self.file, held, wanted, self.town.desk.author, self.holder)
        self.town.desk.engine.run(self.town.desk.author)

    def at_store(self) -> tuple[str, str]:
        """What the store holds."""
        dossier = self.town.sandbox.store.dossier(patient(self.number).ins)
        assert dossier is not None
        return dossier.mobile, dossier.email


@pytest.fixture
def page(town: Town) -> Page:
    """A new person's page."""
    desk = town.desk
    attention = Attention(desk.store)
    watch = StoreWatch(desk.gateway, town.clock)
    holder = card(town.sandbox, "brindille").holder()
    return Page(town, Persons(desk.store, attention, watch), attention, holder, town.settled())


def test_a_change_is_made_on_what_was_read_and_confirmed(page: Page) -> None:
    """Read, wanted, delivered; the store's other ways of reaching the person are untouched; nothing is kept here."""
    page.town.sandbox.store.change(patient(page.number).ins, home_phone="0140000000")
    held = page.read()
    assert held.contact == BEFORE
    page.change(held, WANTED)
    assert page.at_store() == (WANTED.mobile, WANTED.email)
    dossier = page.town.sandbox.store.dossier(patient(page.number).ins)
    assert dossier is not None
    assert dossier.home_phone == "0140000000"
    assert page.file.changing is None
    assert page.file.contact is not None
    assert page.file.contact.event.state is EventState.CONFIRMED
    assert BEFORE.mobile not in repr((held, page.file))


@pytest.mark.parametrize("ours", [True, False])
def test_changed_on_both_sides_it_is_held_and_decided_either_way(page: Page, ours: bool) -> None:
    """The store's value is not overwritten before a person chose."""
    held = page.read()
    page.town.sandbox.store.change(patient(page.number).ins, mobile="0700000000")
    page.change(held, WANTED)
    waiting = page.file.changing
    assert waiting is not None
    assert waiting.event.cause == CONTACT_CONFLICT
    assert page.at_store() == ("0700000000", "")
    page.attention.choose(waiting.event.id, page.town.desk.author, ours=ours)
    page.town.desk.engine.run(page.town.desk.author)
    assert page.at_store() == ((WANTED.mobile, WANTED.email) if ours else ("0700000000", ""))
    assert page.file.changing is None


def test_one_change_at_a_time(page: Page) -> None:
    """A second one would be made on a value about to change; an unchanged one is none."""
    held = page.read()
    with pytest.raises(ContactUnchanged):
        page.change(held, BEFORE)
    page.town.sandbox.faults.order(Fault(FaultKind.CUT_BEFORE, Transaction.CHANGE))
    page.change(held, WANTED)
    assert page.file.changing is not None
    assert isinstance(page.persons.against_changing(page.file, page.holder), ContactOnItsWay)
    with pytest.raises(ContactOnItsWay):
        page.change(held, Contact("0699999999"))
    waiting = page.file.changing
    page.attention.retry(waiting.event.id, page.town.desk.author)
    page.town.desk.engine.run(page.town.desk.author)
    assert page.at_store() == (WANTED.mobile, WANTED.email)


def test_attached_to_mon_espace_sante_it_is_read_and_not_changed(page: Page) -> None:
    """PDT-INF-526 note 10: refused here, before anything is written."""
    page.town.sandbox.store.change(patient(page.number).ins, attached_to_mes=True)
    held = page.read()
    assert held.contact == BEFORE
    assert isinstance(page.persons.against_changing(page.file, page.holder), AdministeredElsewhere)
    with pytest.raises(AdministeredElsewhere):
        page.change(held, WANTED)
    assert page.file.contact is None


@pytest.mark.parametrize("state", [DossierState.CLOSED, DossierState.OPPOSED])
def test_only_an_active_dossier_has_contact_details(page: Page, state: DossierState) -> None:
    """TD0.2 comes first: its answer is kept, TD1.3a is not asked."""
    page.town.sandbox.store.change(patient(page.number).ins, state=state.value)
    asked = len(page.town.sandbox.store.accesses())
    with pytest.raises(DossierNotActive):
        page.read()
    assert [a.act for a in page.town.sandbox.store.accesses()[asked:]] == ["TD0.2"]
    existence = page.file.existence
    assert existence is not None
    assert existence.state is state


def test_silence_gives_no_base_and_so_no_change(page: Page) -> None:
    """Nothing was kept of an earlier reading either."""
    page.read()
    page.town.sandbox.faults.order(Fault(FaultKind.CUT_BEFORE, Transaction.DATA))
    with pytest.raises(ServiceUnavailable):
        page.read()
    assert page.file.contact is None


def test_an_identity_that_may_not_leave_is_not_asked_about(page: Page) -> None:
    """Doubtful, or without INS: said before anything is sent."""
    file = page.file
    doubtful = replace(file, identity=replace(file.identity, attributes=frozenset({InsAttribute.DOUBTFUL})))
    assert isinstance(page.persons.against_reading(doubtful, page.holder), IdentityWithheld)
    unknown = replace(file, identity=Identity(file.identity.traits, InsStatus.PROVISIONAL))
    with pytest.raises(IdentityNotRetrieved):
        page.persons.ask_state(unknown, page.town.desk.author)
    with pytest.raises(UnknownPerson):
        page.persons.file("nobody", page.town.desk.author, page.holder)


def test_the_desk_reads_and_changes_and_sees_no_act_on_documents(
    page: Page, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The matrix lets a reception read the data (TD1.3a, CPE); a masked document is not hers to hear of."""
    entry = page.town.desk.filed(page.number)
    page.town.desk.mask(page.number, entry, Visibility(from_professionals=True))
    reception = card(page.town.sandbox, "papier").holder()
    mine = page.persons.file(page.town.desk.knows(page.number), page.town.desk.author, page.holder)
    hers = page.persons.file(page.town.desk.knows(page.number), page.town.desk.author, reception)
    assert [len(mine.acts), len(hers.acts)] == [1, 0]
    assert page.persons.against_reading(hers, reception) is None
    folder = tmp_path_factory.mktemp("reception")
    with acts_desk(folder, page.town.sandbox, page.town.clock, "papier") as desk:
        attention = Attention(desk.store)
        persons = Persons(desk.store, attention, StoreWatch(desk.gateway, page.town.clock))
        there = persons.file(desk.knows(page.number), desk.author, reception)
        held = persons.read_contact(there, desk.author, reception)
        persons.change_contact(there, held, WANTED, desk.author, reception)
        desk.engine.run(desk.author)
    assert page.at_store() == (WANTED.mobile, WANTED.email)
    page.town.desk.engine.run(page.town.desk.author)


@pytest.fixture(autouse=True)
def _quiet(town: Town) -> Iterator[None]:
    """No fault outlives its test."""
    yield
    town.sandbox.faults.clear()


def test_openings_of_this_post_come_with_their_papers(page: Page) -> None:
    """Confirmed ones, the latest first, with what was printed of them and when."""
    desk, number = page.town.desk, page.town.someone()
    there = replace(page, number=number)
    assert there.persons.ask_state(there.file, desk.author).state is DossierState.NONE
    page.town.clock.forward(minutes=1)
    event = desk.store.outbox.add(opening(number), desk.author)
    assert there.file.opening is not None
    desk.engine.run(desk.author)
    (past,) = there.file.openings
    assert (there.file.opening, past.prints) == (None, ())
    assert there.file.existence is not None
    assert there.file.existence.state is DossierState.ACTIVE, "the store said so, although nobody asked since"
    desk.store.papers.record(event, "attestation", "OUV-2026-0414-0001", b"%PDF", desk.author)
    (past,) = there.file.openings
    assert [one.kind for one in past.prints] == ["attestation"]
    assert past.act.printed
