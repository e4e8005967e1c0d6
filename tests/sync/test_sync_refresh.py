"""A dossier's list refreshed against the sandbox: what is new, what is gone, what cannot be true."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from helpers.sandbox_world import sandbox_pki_folder
from helpers.store_acts import acts_desk, patient
from helpers.store_town import Town, made_town, town

from dmp_desktop.cache.clinical import ClinicalStore
from dmp_desktop.domain.document import DocumentEntry, DocumentStatus, Replaced, Visibility
from dmp_desktop.domain.dossier import Authorisation, DossierState
from dmp_desktop.domain.events import AuthorisationAct
from dmp_desktop.domain.habilitations import Access, AccessMode
from dmp_desktop.domain.identity import BirthDate
from dmp_desktop.domain.shelf import ForgetReason, KeptEntry, ShelfUpdate
from dmp_desktop.errors import ServiceUnavailable
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.faults import Fault, FaultKind, Transaction
from dmp_desktop.sync.refresh import Refresher, RefreshOutcome, RefreshReport

__all__ = ["sandbox_pki_folder", "town"]

GABARIT = "gabarit"
MASKED = Visibility(from_professionals=True)


def shelf(town: Town, number: int) -> dict[str, KeptEntry]:
    """What is kept here of their documents, by logical id."""
    return {kept.entry.logical_id: kept for kept in town.desk.clinical.shelf.entries(town.desk.reader(number))}


def filed_by_another(town: Town, folder: Path, number: int, count: int = 1) -> list[DocumentEntry]:
    """Documents of another doctor."""
    professional = people.profile(GABARIT).professional.id.value
    town.sandbox.store.authorise(patient(number).ins, professional, town.clock.now(), treating=False)
    with acts_desk(folder / f"other-{number}-{count}", town.sandbox, town.clock, GABARIT) as other:
        return [other.filed(number) for _ in range(count)]


def hide(town: Town, folder: Path, number: int, entries: list[DocumentEntry]) -> None:
    """Their author masks them at the person's request."""
    with acts_desk(folder / f"hide-{number}-{len(entries)}", town.sandbox, town.clock, GABARIT) as other:
        for entry in entries:
            other.gateway.documents.set_visibility(patient(number).ins, entry.entry_uuid, MASKED)


def asked(town: Town, number: int) -> list[str]:
    """Transactions of the desk's professional about someone, in order."""
    me = town.desk.author.professional
    return [a.act for a in town.sandbox.store.accesses(patient(number).ins) if a.professional == me]


def test_a_first_refresh_then_only_what_changed(town: Town) -> None:
    """First the documents in force of two years; then the chain: one more document, one archived, nothing else."""
    number = town.settled()
    one, two = town.desk.filed(number), town.desk.filed(number)
    first = town.desk.refresh(number)
    assert (first.outcome, set(first.new), first.changed, first.gone) == (
        RefreshOutcome.DONE,
        {one.logical_id, two.logical_id},
        0,
        0,
    )
    kept = shelf(town, number)
    assert kept[one.logical_id].entry == one
    assert kept[one.logical_id].submission and kept[one.logical_id].submission != kept[two.logical_id].submission
    state = town.desk.clinical.shelf.state(town.desk.reader(number))
    assert state.until == first.until == town.clock.now() and state.first_only and not state.halted_by
    town.clock.forward(hours=3)
    three = town.desk.filed(number)
    town.desk.gateway.documents.set_status(patient(number).ins, one, DocumentStatus.ARCHIVED)
    again = town.desk.refresh(number)
    assert (again.new, again.changed, again.gone) == ((three.logical_id,), 1, 0)
    assert shelf(town, number)[one.logical_id].entry.status is DocumentStatus.ARCHIVED
    assert shelf(town, number)[three.logical_id].submission
    quiet = town.desk.refresh(number)
    assert (quiet.outcome, quiet.new, quiet.changed, quiet.gone) == (RefreshOutcome.DONE, (), 0, 0)


def test_reading_marks_outlive_a_refresh(town: Town) -> None:
    """What was read stays read when its description changes."""
    number = town.settled()
    entry = town.desk.filed(number)
    town.desk.refresh(number)
    town.desk.clinical.shelf.mark_read(town.desk.reader(number), entry.logical_id)
    town.desk.gateway.documents.set_status(patient(number).ins, entry, DocumentStatus.ARCHIVED)
    assert town.desk.refresh(number).changed == 1
    kept = shelf(town, number)[entry.logical_id]
    assert kept.read_at == kept.learned_at == town.clock.now()


def test_a_replacement_is_known_on_both_documents(town: Town) -> None:
    """The older one is obsolete and says by what; the newer says what it replaces."""
    number = town.settled()
    old = town.desk.filed(number)
    town.desk.refresh(number)
    event = town.desk.deposit(number, replaces=Replaced(old.entry_uuid, old.unique_id, old.unique_id))
    town.desk.engine.run(town.desk.author, only=event.id)
    (new,) = town.desk.refresh(number).new
    kept = shelf(town, number)
    assert kept[old.logical_id].entry.status is DocumentStatus.DEPRECATED
    assert (kept[old.logical_id].replaced_by, kept[new].replaces) == ((new,), (old.logical_id,))


def test_everything_is_asked_for_by_hand_only(town: Town) -> None:
    """A document older than two years, and an archived one, come with the full search and not before."""
    number = town.settled()
    late = town.clock.now() - timedelta(days=3 * 365)
    town.desk.engine.run(town.desk.author, only=town.desk.deposit(number, service_start=late).id)
    archived = town.desk.filed(number)
    town.desk.gateway.documents.set_status(patient(number).ins, archived, DocumentStatus.ARCHIVED)
    assert town.desk.refresh(number).new == ()
    report = town.desk.refresh(number, full=True)
    assert len(report.new) == 2 and archived.logical_id in report.new
    assert not town.desk.clinical.shelf.state(town.desk.reader(number)).first_only


def test_what_was_masked_or_deleted_elsewhere_goes(town: Town, tmp_path: Path) -> None:
    """Asked about each by its id: the masked and the deleted are purged, a first description is not believed."""
    number = town.settled()
    mine = town.desk.filed(number)
    one, two = filed_by_another(town, tmp_path, number, 2)
    assert town.desk.refresh(number).outcome is RefreshOutcome.DONE and len(shelf(town, number)) == 3
    hide(town, tmp_path, number, [one])
    town.desk.gateway.documents.set_status(patient(number).ins, mine, DocumentStatus.DELETED)
    report = town.desk.refresh(number)
    assert (report.outcome, report.new, report.gone) == (RefreshOutcome.DONE, (), 2)
    assert set(shelf(town, number)) == {two.logical_id}


def test_a_list_that_comes_back_short_deletes_nothing(town: Town, tmp_path: Path) -> None:
    """A document archived since is no longer in the list of those in force: it is asked about, and stays."""
    number = town.settled()
    mine, other = town.desk.filed(number), filed_by_another(town, tmp_path, number)[0]
    town.desk.refresh(number)
    town.desk.gateway.documents.set_status(patient(number).ins, mine, DocumentStatus.ARCHIVED)
    reader, kept = town.desk.reader(number), town.desk.clinical.shelf
    with_everything = ShelfUpdate((), frozenset(), None, first_only=True)
    kept.apply(reader, with_everything)
    town.desk.clinical.database.execute("UPDATE shelves SET until = NULL")
    assert town.desk.refresh(number).gone == 0
    assert set(shelf(town, number)) == {mine.logical_id, other.logical_id}


@pytest.mark.parametrize(
    ("happens", "outcome", "cause"),
    [
        ("blocked", RefreshOutcome.BLOCKED, "dossier-blocked"),
        ("withdrawn", RefreshOutcome.UNAUTHORISED, "authorisation-lost"),
        ("closed", RefreshOutcome.CLOSED, "already-closed"),
        ("opposed", RefreshOutcome.OPPOSED, "person-opposed"),
    ],
)
def test_what_is_learned_of_the_dossier_purges_in_the_same_step(
    town: Town, happens: str, outcome: RefreshOutcome, cause: str
) -> None:
    """Nothing is asked of the documents; nothing of them is left, and the desk knows why."""
    number = town.settled()
    town.desk.filed(number)
    town.desk.refresh(number)
    store, me, ins = town.sandbox.store, town.desk.author.professional, patient(number).ins
    if happens == "withdrawn":
        store.withdraw(ins, me)
    elif happens == "blocked":
        store._grant(ins, me, Authorisation.FORBIDDEN, False, town.clock.now())
    else:
        store.change(ins, state=happens)
    before = len(asked(town, number))
    report = town.desk.refresh(number)
    assert (report.outcome, report.cause) == (outcome, cause)
    assert shelf(town, number) == {} and set(asked(town, number)[before:]) == {"TD0.2"}
    known = town.desk.store.patients.existence(town.desk.knows(number), town.desk.author)
    assert known == report.existence


def test_one_professionals_loss_leaves_the_others_shelf(town: Town, tmp_path: Path) -> None:
    """A withdrawn authorisation purges for who lost it; a closed dossier for everybody."""
    forgotten: list[tuple[str, ForgetReason, str | None]] = []
    desk, number = town.desk, town.settled()
    refresher = Refresher(desk.gateway, desk.store.patients, town.clock, lambda *what: forgotten.append(what))

    def refresh() -> RefreshReport:
        return refresher.run(patient(number).ins, desk.reader(number), desk.clinical.shelf, desk.author)

    town.sandbox.store.withdraw(patient(number).ins, desk.author.professional)
    refresh()
    town.sandbox.store.change(patient(number).ins, state=DossierState.CLOSED.value)
    refresh()
    key = desk.knows(number)
    assert forgotten == [
        (key, ForgetReason.UNAUTHORISED, desk.author.professional),
        (key, ForgetReason.CLOSED, None),
    ]


def test_no_dossier_is_told_and_a_known_one_does_not_vanish(town: Town) -> None:
    """Nobody's dossier: said. One whose documents are known here: not believed, nothing changed."""
    nobody, number = town.someone(), town.settled()
    town.desk.knows(nobody)
    report = town.desk.refresh(nobody)
    assert (report.outcome, report.cause) == (RefreshOutcome.NO_DOSSIER, "no-dossier")
    town.desk.filed(number)
    town.desk.refresh(number)
    town.sandbox.store._db.execute("DELETE FROM dossier WHERE ins = ?", (patient(number).ins.value,))
    halted = town.desk.refresh(number)
    assert (halted.outcome, halted.cause) == (RefreshOutcome.HALTED, "store-went-back")
    assert len(shelf(town, number)) == 1


def test_a_silent_store_changes_nothing(town: Town) -> None:
    """The typed error of the wire, and the copy as it was."""
    number = town.settled()
    town.desk.filed(number)
    town.desk.refresh(number)
    before, state = shelf(town, number), town.desk.clinical.shelf.state(town.desk.reader(number))
    town.sandbox.faults.order(Fault(FaultKind.CUT_BEFORE, Transaction.FIND))
    with pytest.raises(ServiceUnavailable):
        town.desk.refresh(number)
    assert shelf(town, number) == before and town.desk.clinical.shelf.state(town.desk.reader(number)) == state


# -- what cannot be true ----------------------------------------------------------------------------------------------


def halted_by(town: Town, number: int) -> str:
    """What stopped the last refresh."""
    return town.desk.clinical.shelf.state(town.desk.reader(number)).halted_by


def test_every_document_vanishing_is_believed_only_on_demand(town: Town, tmp_path: Path) -> None:
    """Three at once: stopped, nothing deleted, and said; asked again in full by a person, it is so."""
    number = town.settled()
    entries = filed_by_another(town, tmp_path, number, 3)
    town.desk.refresh(number)
    hide(town, tmp_path, number, entries)
    report = town.desk.refresh(number)
    assert (report.outcome, report.cause) == (RefreshOutcome.HALTED, "documents-vanished")
    assert len(shelf(town, number)) == 3 and halted_by(town, number) == "documents-vanished"
    assert town.desk.refresh(number, full=True).gone == 3
    assert shelf(town, number) == {} and halted_by(town, number) == ""


def test_two_documents_masked_by_their_author_go(town: Town, tmp_path: Path) -> None:
    """A lot of two masked at once is ordinary."""
    number = town.settled()
    entries = filed_by_another(town, tmp_path, number, 2)
    town.desk.refresh(number)
    hide(town, tmp_path, number, entries)
    assert town.desk.refresh(number).gone == 2


def test_a_store_restored_to_an_older_state_is_noticed(tmp_path: Path, sandbox_pki_folder: Path) -> None:
    """Its own author no longer sees a document, a description goes back: stopped, nothing changed."""
    folder = tmp_path / "town" / "central"
    with made_town(tmp_path / "town", sandbox_pki_folder) as town:
        number, masked = town.settled(), town.settled()
        entry = town.desk.filed(masked)
        town.sandbox.stop()
        shutil.copy(folder / "store.db", tmp_path / "older.db")
        town.sandbox.start()
        mine = town.desk.filed(number)
        town.desk.gateway.documents.set_visibility(patient(masked).ins, entry.entry_uuid, MASKED)
        town.desk.refresh(number)
        town.desk.refresh(masked)
        before = shelf(town, masked)
        town.sandbox.stop()
        for left in folder.glob("store.db-*"):
            left.unlink()
        shutil.copy(tmp_path / "older.db", folder / "store.db")
        town.sandbox.start()
        for who in (number, masked):
            report = town.desk.refresh(who)
            assert (report.outcome, report.cause) == (RefreshOutcome.HALTED, "store-went-back")
        assert set(shelf(town, number)) == {mine.logical_id} and shelf(town, masked) == before


def test_a_store_whose_time_goes_back_is_noticed(town: Town) -> None:
    """Its answers would be those of an earlier date; a few minutes are an ordinary correction."""
    number = town.settled()
    town.desk.refresh(number)
    reader, kept = town.desk.reader(number), town.desk.clinical.shelf
    kept.apply(reader, ShelfUpdate((), frozenset(), town.clock.now() + timedelta(minutes=4)))
    assert town.desk.refresh(number).outcome is RefreshOutcome.DONE
    kept.apply(reader, ShelfUpdate((), frozenset(), town.clock.now() + timedelta(minutes=6)))
    assert town.desk.refresh(number).cause == "store-went-back"


def test_somebody_elses_documents_are_noticed(town: Town) -> None:
    """Another number with another birth date: stopped. Another number of the same person: they changed it."""
    number, other = town.settled(), town.settled()
    entry = town.desk.filed(number)
    uuid, theirs = entry.entry_uuid, patient(other).ins.value
    row = town.sandbox.store.registry.by_uuid([uuid])[0]
    mixed = row.xml.replace(patient(number).ins.value.encode(), theirs.encode())
    town.sandbox.store._db.execute("UPDATE entry SET xml = ? WHERE uuid = ?", (mixed, uuid))
    assert town.desk.refresh(number).outcome is RefreshOutcome.DONE
    assert len(shelf(town, number)) == 1
    town.desk.clinical.forget(town.desk.knows(number), ForgetReason.BY_HAND)
    who = patient(number)
    born = replace(who.traits, birth_date=BirthDate("19620205"))
    mixed = mixed.replace(who.traits.birth_date.raw.encode(), born.birth_date.raw.encode())
    town.sandbox.store._db.execute("UPDATE entry SET xml = ? WHERE uuid = ?", (mixed, uuid))
    report = town.desk.refresh(number)
    assert (report.outcome, report.cause) == (RefreshOutcome.HALTED, "foreign-documents")
    assert shelf(town, number) == {} and halted_by(town, number) == "foreign-documents"


# -- memory only ------------------------------------------------------------------------------------------------------


def test_in_an_emergency_the_same_refresh_fills_a_memory(town: Town, tmp_path: Path) -> None:
    """No authorisation is needed; nothing reaches the copy, and what was learned of the dossier is not kept."""
    number = town.settled()
    entry = filed_by_another(town, tmp_path, number)[0]
    town.sandbox.store.withdraw(patient(number).ins, town.desk.author.professional)
    memory = ClinicalStore.in_memory(town.clock)
    try:
        access = Access(AccessMode.BREAK_GLASS, "Personne inconsciente")
        reader = town.desk.reader(number)
        report = town.desk.refresher.run(patient(number).ins, reader, memory.shelf, town.desk.author, access)
        assert report.new == (entry.logical_id,) and len(memory.shelf.entries(reader)) == 1
        assert shelf(town, number) == {}
        assert town.desk.store.patients.existence(reader.dossier, town.desk.author) is None
    finally:
        memory.close()


def test_a_lost_authorisation_comes_back_with_a_gesture(town: Town) -> None:
    """Authorised again through the outbox, the list is there again."""
    number = town.settled()
    town.desk.filed(number)
    town.sandbox.store.withdraw(patient(number).ins, town.desk.author.professional)
    assert town.desk.refresh(number).outcome is RefreshOutcome.UNAUTHORISED
    town.desk.authorise(number, AuthorisationAct.ADD)
    town.desk.engine.run(town.desk.author)
    assert len(town.desk.refresh(number).new) == 1
