"""Depositing: what is asked, what is refused, what leaves, and what a kill leaves. The store behind is the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.emergency_world import World, entry
from helpers.sandbox_world import sandbox, sandbox_clock, sandbox_pki_folder
from hypothesis import given
from hypothesis import strategies as st

from dmp_desktop.cache.clinical import ClinicalStore
from dmp_desktop.cache.journal import Act
from dmp_desktop.cache.outbox import AlreadySent
from dmp_desktop.config import Settings, StructureSettings
from dmp_desktop.domain.document import DocumentAuthor, Visibility
from dmp_desktop.domain.draft import Draft, Drafts
from dmp_desktop.domain.events import AuthorisationAct, EventState
from dmp_desktop.domain.habilitations import Access, AccessMode
from dmp_desktop.domain.identity import BirthDate, InsAttribute
from dmp_desktop.domain.record import RecordContext
from dmp_desktop.domain.terminology import TYPE, table
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.services.deposit import DepositDesk, DraftsClosed
from dmp_desktop.services.deposit_form import (
    Audience,
    Blocker,
    DepositForm,
    DepositNotReady,
    audiences,
    types_for,
)
from dmp_desktop.services.rights_view import NotAllowed
from dmp_desktop.sync.engine import Engine

__all__ = ["sandbox", "sandbox_clock", "sandbox_pki_folder"]

PRACTICE = Settings(structure=StructureSettings("Cabinet", ("4 rue de l’Exemple",), "499700000017001"))


class Deposits:
    """The desk over a real outbox, a copy in memory for drafts, an engine that speaks to the sandbox."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.copy = ClinicalStore.in_memory(world.clock)
        self.drafts: Drafts | None = self.copy.drafts
        self.desk = DepositDesk(world.store, lambda: self.drafts, world.clock, lambda: PRACTICE, demonstration=True)
        self.engine = Engine(
            world.store.outbox, world.store.patients, world.gateway, world.clock, lambda _deposit: self.drafts
        )

    def form(
        self, context: RecordContext | None = None, text: str = "Tension 13/8.", title: str = "Suivi"
    ) -> DepositForm:
        """A report ready to leave."""
        form = self.desk.begin(context or self.world.context("nadege"))
        form.draft = replace(form.draft, text=text, title=title, type_code=table(TYPE).require("11488-4"))
        for audience in form.asked:
            form.answer(audience, False)
        return form


@pytest.fixture
def world(sandbox: Sandbox, sandbox_clock: HandClock, tmp_path: Path) -> Iterator[World]:
    made = World(sandbox, sandbox_clock, tmp_path / "post")
    yield made
    made.close()


@pytest.fixture
def deposits(world: World) -> Iterator[Deposits]:
    made = Deposits(world)
    yield made
    made.copy.close()


def test_a_report_reaches_the_store_once_and_its_draft_ends(deposits: Deposits) -> None:
    """Written, composed, queued, delivered: one document there, confirmed here, the draft purged."""
    form = deposits.form()
    event = deposits.desk.send(form, deposits.desk.compose(form))
    assert event.state is EventState.WAITING
    (waiting,) = deposits.desk.followed(form.context)
    assert (waiting.title, waiting.event.id) == ("Suivi", event.id)
    deposits.engine.run(deposits.world.author)
    (done,) = deposits.desk.followed(form.context)
    assert done.event.state is EventState.CONFIRMED, done.event.cause
    assert deposits.copy.drafts.get(form.draft.id) is None
    deposits.world.gateway.set_authorisation(form.context.ins, AuthorisationAct.ADD)
    found = deposits.world.gateway.documents.entry_uuids(form.context.ins, [form.draft.unique_id], Access())
    assert len(found) == 1


def test_it_waits_offline_and_leaves_when_the_network_is_back(deposits: Deposits, sandbox: Sandbox) -> None:
    """Nothing lost, nothing twice."""
    sandbox.stop()
    form = deposits.form()
    event = deposits.desk.send(form, deposits.desk.compose(form))
    deposits.engine.run(deposits.world.author)
    assert deposits.world.store.outbox.get(event.id).state is EventState.WAITING
    sandbox.start()
    deposits.world.clock.forward(hours=1)
    deposits.world.gateway.sign_out()
    deposits.world.gateway.sign_in(deposits.world.credentials)
    deposits.engine.run(deposits.world.author)
    assert deposits.world.store.outbox.get(event.id).state is EventState.CONFIRMED


def test_who_sees_it_is_asked_each_time(deposits: Deposits) -> None:
    """No default; a draft taken up again asks anew; the forbidden pair is refused."""
    form = deposits.desk.begin(deposits.world.context("nadege"))
    assert Blocker.VISIBILITY in form.blockers
    form = deposits.form()
    assert form.blockers == ()
    deposits.desk.save(form.draft)
    kept = deposits.desk.kept(form.context)
    assert kept is not None
    again = deposits.desk.begin(form.context, kept=kept)
    assert again.blockers == (Blocker.VISIBILITY,)
    again.answer(Audience.PROFESSIONALS, True)
    again.answer(Audience.PATIENT, True)
    assert again.blockers == (Blocker.FORBIDDEN_PAIR,)
    with pytest.raises(DepositNotReady):
        deposits.desk.send(again, b"%PDF-1.4")
    assert deposits.world.store.outbox.waiting() == ()


def test_the_representatives_of_a_minor_are_asked_about_too(deposits: Deposits) -> None:
    """At seventeen yes, at eighteen no; an age that cannot be told asks too."""
    assert audiences(BirthDate("20080415"), date(2026, 4, 14))[-1] is Audience.REPRESENTATIVES
    assert Audience.REPRESENTATIVES not in audiences(BirthDate("20080414"), date(2026, 4, 14))
    assert Audience.REPRESENTATIVES in audiences(BirthDate("00000000"), date(2026, 4, 14))
    assert deposits.desk.begin(deposits.world.context("lilou")).asked[-1] is Audience.REPRESENTATIVES


def test_a_secret_connection_hides_it_from_the_representatives(deposits: Deposits) -> None:
    """Whatever is answered; the act says so too."""
    form = deposits.form(deposits.world.context("lilou", Access(secret=True)))
    form.answer(Audience.REPRESENTATIVES, False)
    assert form.visibility == Visibility(from_representatives=True)
    event = deposits.desk.send(form, deposits.desk.compose(form))
    assert event.payload.secret  # type: ignore[union-attr]  # a deposit
    assert deposits.copy.drafts.get(form.draft.id).secret  # type: ignore[union-attr]  # it is there


def test_nothing_empty_nor_unchanged_leaves(deposits: Deposits) -> None:
    """The same words into the same dossier are refused; into another, or once refused by the store, they leave."""
    empty = deposits.form(text="  \n ")
    assert Blocker.NO_CONTENT in empty.blockers
    first = deposits.form()
    event = deposits.desk.send(first, deposits.desk.compose(first))
    again = deposits.form(text="Tension  13/8.\n")
    assert deposits.desk.is_unchanged(again)
    with pytest.raises(DepositNotReady) as refused:
        deposits.desk.send(again, b"%PDF")
    assert refused.value.facts["blocker"] == Blocker.UNCHANGED
    assert not deposits.desk.is_unchanged(deposits.form(text="Tension 14/8."))
    assert not deposits.desk.is_unchanged(deposits.form(deposits.world.context("ernest")))
    deposits.world.store.outbox.give_up(event.id, deposits.world.author, "Erreur de dossier")
    assert not deposits.desk.is_unchanged(again)


def test_the_journal_tells_nothing_of_the_content(deposits: Deposits) -> None:
    """An id and a mark: neither title, nor words, nor the plain digest of the bytes."""
    form = deposits.form(text="Grossesse de 8 semaines", title="Certificat de grossesse")
    deposits.desk.send(form, deposits.desk.compose(form))
    rows = " ".join(f"{row.act} {row.reason}" for row in deposits.world.store.journal.last(50))
    assert "rossesse" not in rows
    assert Act.DEPOSITED in rows
    kept = deposits.copy.drafts.get(form.draft.id)
    assert kept is not None
    assert kept.sha256 not in rows


def test_a_kill_between_the_draft_and_the_queue_sends_once(deposits: Deposits) -> None:
    """The draft is there, unsent; sent again it is the same document. Sent, it cannot be sent once more."""
    form = deposits.form()
    deposits.desk.save(form.draft)
    kept = deposits.desk.kept(form.context)
    assert kept is not None
    again = deposits.desk.begin(form.context, kept=kept)
    for audience in again.asked:
        again.answer(audience, False)
    event = deposits.desk.send(again, deposits.desk.compose(again))
    assert event.payload.unique_id == form.draft.unique_id  # type: ignore[union-attr]  # a deposit
    assert deposits.desk.kept(form.context) is None
    twice = deposits.desk.begin(form.context, kept=replace(kept, text="Autre texte."))
    for audience in twice.asked:
        twice.answer(audience, False)
    with pytest.raises(AlreadySent):
        deposits.desk.send(twice, deposits.desk.compose(twice))
    deposits.desk.drop(kept)
    left = deposits.copy.drafts.get(kept.id)
    assert left is not None
    assert (left.text, left.event) == (form.draft.text, event.id)


def test_held_by_hand_it_waits_for_its_author(deposits: Deposits) -> None:
    """Held: the engine leaves it."""
    form = deposits.form()
    event = deposits.desk.send(form, deposits.desk.compose(form), hold=True)
    deposits.engine.run(deposits.world.author)
    assert deposits.world.store.outbox.get(event.id).state is EventState.HELD


def test_what_this_person_may_deposit(deposits: Deposits) -> None:
    """Vaccination notes for four professions; nothing of the person's own, of the insurance, nor of programs."""
    doctor = deposits.world.credentials.professional

    def values(profession: str) -> set[str]:
        groups = types_for(replace(doctor, profession=profession))
        return {code.value for group in groups for code in group.types}

    for profession in ("10", "21", "60", "69"):
        assert "87273-9" in values(profession)
    assert "87273-9" not in values("40")
    assert not {"REMB", "EXPPAT_3", "DOCPAT01", "E1762", "IMG-KOS"} & values("10")
    assert len(values("10")) > 60
    groups = types_for(doctor)
    assert len({code.value for group in groups for code in group.types}) == sum(len(g.types) for g in groups)


def test_rights_identity_and_copy_stand_in_the_way(deposits: Deposits) -> None:
    """A regulation may deposit; an identity in doubt may not; a closed copy keeps nothing."""
    context = deposits.world.context("nadege", Access(AccessMode.CENTRE_15))
    assert deposits.form(context).blockers == ()
    doubtful = replace(context.identity, attributes=frozenset({InsAttribute.DOUBTFUL}))
    assert deposits.form(replace(context, identity=doubtful)).blockers == (Blocker.IDENTITY,)
    placeless = replace(context.identity, traits=replace(context.identity.traits, birth_place=""))
    assert deposits.form(replace(context, identity=placeless)).blockers == (Blocker.TRAITS,)
    form = deposits.form()
    deposits.drafts = None
    with pytest.raises(DraftsClosed):
        deposits.desk.send(form, deposits.desk.compose(form))
    assert deposits.world.store.outbox.waiting() == ()


def test_only_ones_own_document_is_replaced(deposits: Deposits) -> None:
    """Somebody else's is refused; one's own gives the next version of the same set."""
    context = deposits.world.context("nadege")
    other = replace(entry("lid-1"), authors=(DocumentAuthor(people.GABARIT, "GABARIT", "LUCIEN"),))
    with pytest.raises(NotAllowed):
        deposits.desk.replacing(other, context)
    own = replace(other, authors=(DocumentAuthor(context.author.professional, "BRINDILLE", "AURORE"),))
    form = deposits.desk.begin(context, deposits.desk.replacing(own, context, "1.2.3", 2))
    assert (form.draft.set_id, form.draft.replaces.version) == ("1.2.3", 2)  # type: ignore[union-attr]  # it replaces


@pytest.mark.parametrize("typed", ["", "31/02/2026", "15/04/2026", "14/04", "01/01/1850", "aujourd’hui"])
def test_a_date_that_is_none_or_to_come_is_refused(deposits: Deposits, typed: str) -> None:
    """Today or before, a day that exists."""
    form = deposits.form()
    form.set_date(typed)
    assert Blocker.BAD_DATE in form.blockers
    form.set_date("13/04/2026")
    assert form.blockers == ()


@given(typed=st.text(max_size=20))
def test_no_typing_breaks_the_date(typed: str) -> None:
    """A date, or none."""
    form = object.__new__(DepositForm)
    world_clock = HandClock()
    form.clock = world_clock
    form.draft = Draft("i", "d", "p", "1", "2", "3", "4", world_clock.now())
    form.set_date(typed)
    start = form.draft.service_start
    assert start is None or start <= world_clock.now()
