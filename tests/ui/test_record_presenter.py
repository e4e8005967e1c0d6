"""What the record's screen decides: the copy first, the network behind; what is read, searched, remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from helpers.record_world import FRESH, MASKED, NOW, OLD, HandLanes, World, entry, kept
from pytestqt.qtbot import QtBot

from dmp_desktop.domain.document import DocumentEntry, RetrievedDocument
from dmp_desktop.domain.habilitations import Access, AccessMode
from dmp_desktop.domain.readable import Readable
from dmp_desktop.domain.record import Filters
from dmp_desktop.domain.record_rules import Grouping, Sorting
from dmp_desktop.domain.rubriques import ALL, OTHER
from dmp_desktop.domain.shelf import ShelfUpdate
from dmp_desktop.errors import DmpError
from dmp_desktop.reading.readable import read_document
from dmp_desktop.sync.errors import StoreUnreachable
from dmp_desktop.sync.refresh import RefreshOutcome
from dmp_desktop.ui.record.document import Showing
from dmp_desktop.ui.record.port import ListChoice
from dmp_desktop.ui.record.presenter import RecordPresenter
from dmp_desktop.ui.tasks import Lane

URGENT = Access(AccessMode.BREAK_GLASS, "Personne inconsciente")
Open = Callable[..., tuple[World, RecordPresenter, HandLanes]]


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Open]:
    """Records with their lanes; nothing is left behind."""
    made: list[tuple[World, RecordPresenter]] = []

    def build(*, at_once: bool = True, world: World | None = None) -> tuple[World, RecordPresenter, HandLanes]:
        world = world or World()
        lanes = HandLanes(at_once=at_once)
        presenter = RecordPresenter(world.record, lanes, world.clock.now, read_document, world.memory)
        made.append((world, presenter))
        return world, presenter, lanes

    yield build
    for world, presenter in made:
        presenter.forget()
        presenter.deleteLater()
        world.close()


def titles(presenter: RecordPresenter) -> list[str]:
    """Of the rows shown."""
    return [row.entry.title for row in presenter.rows]


def test_the_copy_is_shown_before_the_network_answers(make: Open) -> None:
    """One job of the cache lane paints the list; the refresh waits behind, and the list stays meanwhile."""
    world, presenter, lanes = make(at_once=False)
    presenter.open()
    assert presenter.rows == ()
    lanes.let(Lane.CACHE)
    assert titles(presenter)[:3] == ["Bilan biologique", "Lettre de sortie, cardiologie", "Ordonnance, renouvellement"]
    assert presenter.refreshing
    assert world.store.asked == []
    assert presenter.new == 3
    lanes.let()
    assert not presenter.refreshing
    assert world.store.asked[0] == "changes"


def test_what_is_new_is_brought_one_by_one_behind_the_list(make: Open) -> None:
    """Nothing asked for by hand waits for more than one document."""
    world, presenter, lanes = make(at_once=False)
    presenter.open()
    lanes.let(Lane.CACHE)
    lanes.let(Lane.SYNC)
    lanes.let(Lane.CACHE)
    assert sum(1 for lane, _ in lanes.waiting if lane is Lane.SYNC) == 1
    lanes.let()
    assert set(world.store.asked) >= {"Lettre de sortie, cardiologie", "Ordonnance, renouvellement"}


def test_without_network_the_copy_is_read_and_said_to_be_one(make: Open) -> None:
    """The fault is told, the rows stay, and a document that is not here says why."""
    world, presenter, _ = make()
    world.store.fault = StoreUnreachable("no route")
    presenter.open()
    assert len(presenter.rows) == 10
    assert isinstance(presenter.fault, StoreUnreachable)
    assert presenter.document.showing is Showing.FAULT
    world.store.fault = None
    presenter.document.retry()
    assert presenter.document.showing is Showing.READY
    presenter.refresh()
    assert presenter.fault is None


def test_a_document_is_read_when_one_leaves_it(make: Open) -> None:
    """It stays new while it is on the screen; the badge drops with the next one, its place does not move."""
    _, presenter, _ = make()
    presenter.open()
    assert presenter.document.shown is not None
    assert presenter.document.shown.entry.title == "Bilan biologique"
    assert presenter.new == 3
    presenter.step(1)
    assert presenter.new == 2
    assert titles(presenter)[0] == "Bilan biologique"
    assert presenter.place == (2, 10)
    presenter.step(-1)
    assert presenter.new == 1
    presenter.step(-1)
    assert presenter.place == (1, 10)


def test_closing_ends_the_visit_and_reads_what_was_on_the_screen(make: Open) -> None:
    """The next visit finds nothing new, and nothing stays in the presenter."""
    world, presenter, _ = make()
    presenter.open()
    presenter.close()
    assert presenter.rows == ()
    assert presenter.document.shown is None
    assert presenter.document.readable is None
    world.clock.forward(days=1)
    assert not any(row.is_new for row in world.look().rows)
    presenter.close()


def test_an_answer_after_the_lock_is_dropped(make: Open) -> None:
    """What was asked before and answered after is seen by nobody."""
    _, presenter, lanes = make(at_once=False)
    presenter.open()
    presenter.forget()
    lanes.let()
    assert presenter.rows == ()
    assert presenter.document.showing is Showing.NONE


def test_a_slow_document_never_takes_the_place_of_the_one_chosen_after_it(make: Open) -> None:
    """The late answer is for a document that is no longer looked at."""
    _, presenter, lanes = make(at_once=False)
    presenter.open()
    lanes.let()
    presenter.choose("urn:uuid:vaccin")
    lanes.let(Lane.CACHE)
    slow = [item for item in lanes.waiting if item[0] is Lane.SYNC]
    presenter.choose("urn:uuid:tension")
    lanes.let(Lane.CACHE)
    lanes.let()
    assert slow
    assert presenter.document.shown is not None
    assert presenter.document.shown.key == "urn:uuid:tension"
    assert presenter.document.readable is not None


def test_what_is_no_longer_shown_to_this_professional_leaves_the_screen(make: Open) -> None:
    """Masked elsewhere: gone from the list and from the viewer at the refresh that learns it."""
    world, presenter, _ = make()
    presenter.open()
    world.store.update = ShelfUpdate(gone=frozenset({"urn:uuid:bio"}), until=NOW)
    presenter.refresh()
    assert "Bilan biologique" not in titles(presenter)
    assert presenter.document.shown is None or presenter.document.shown.key != "urn:uuid:bio"


def test_a_dossier_that_closes_at_the_store_closes_here(make: Open, qtbot: QtBot) -> None:
    """Blocked, opposed, closed, no longer authorised: nothing stays, and whoever holds the page is told."""
    world, presenter, _ = make()
    world.store.report = replace(world.store.report, outcome=RefreshOutcome.BLOCKED, cause="dossier-blocked")
    with qtbot.waitSignal(presenter.turned_away) as told:
        presenter.open()
    assert told.args[0].outcome is RefreshOutcome.BLOCKED
    assert presenter.rows == ()
    assert presenter.document.shown is None


def test_an_implausible_answer_keeps_the_copy_and_says_so(make: Open) -> None:
    """The pass stopped: the list is as before."""
    world, presenter, _ = make()
    world.store.report = replace(world.store.report, outcome=RefreshOutcome.HALTED, cause="store-went-back")
    presenter.open()
    assert presenter.halted == "store-went-back"
    assert len(presenter.rows) == 10


def test_new_only_lists_what_came_since_the_visit_read_or_not(make: Open) -> None:
    """F7 shows three; reading one leaves it in place."""
    _, presenter, _ = make()
    presenter.open()
    presenter.toggle_new()
    assert len(presenter.rows) == 3
    presenter.step(1)
    assert len(presenter.rows) == 3
    assert presenter.counts[ALL].total == 10
    presenter.toggle_new()
    assert len(presenter.rows) == 10


def test_rubriques_filter_and_views_keep_every_document(make: Open) -> None:
    """A rubrique that the view has not gives way to all."""
    _, presenter, _ = make()
    presenter.open()
    presenter.choose_rubrique("remboursements")
    assert titles(presenter) == ["Historique de remboursements"]
    presenter.choose_view("2011")
    assert presenter.rubrique == ALL
    assert presenter.counts[OTHER].total == 1
    presenter.choose_rubrique(OTHER)
    assert titles(presenter) == ["Historique de remboursements"]


def test_order_groups_and_view_are_remembered_for_the_person(make: Open) -> None:
    """From one record to the next; words that mean nothing any more give the defaults."""
    world, presenter, _ = make()
    presenter.open()
    presenter.choose_order(Sorting.TITLE, Grouping.NONE)
    presenter.choose_view("2011")
    assert ListChoice.read(world.memory.text) == ListChoice(Sorting.TITLE, Grouping.NONE, "2011")
    _, again, _ = make(world=world)
    again.open()
    assert again.choice.sorting is Sorting.TITLE
    assert titles(again)[0] == "Bilan biologique"
    assert ListChoice.read("upside down ?") == ListChoice(view="?")
    assert ListChoice.read("") == ListChoice()


def test_the_search_waits_for_a_pause_and_late_hits_are_dropped(make: Open, qtbot: QtBot) -> None:
    """Words in titles now; an older answer never replaces a newer one."""
    _, presenter, lanes = make()
    presenter.open()
    with qtbot.waitSignal(presenter.list_changed, timeout=2000):
        presenter.search("cardio")
    assert titles(presenter) == ["Lettre de sortie, cardiologie"]
    lanes.at_once = False
    presenter.search("echo")
    qtbot.waitUntil(lambda: bool(lanes.waiting), timeout=2000)
    presenter.search("")
    lanes.let()
    assert len(presenter.rows) == 10
    assert presenter.hits == {}


def test_a_medecin_traitant_sees_what_is_masked_and_nobody_else_may_ask(make: Open) -> None:
    """Shown at first to them; the filter of another is without effect, and no count tells."""
    _, theirs, _ = make(world=World(treating=True, entries=(*OLD, MASKED)))
    theirs.open()
    assert "Compte rendu psychiatrique" in titles(theirs)
    theirs.filter(Filters(masked=False))
    assert "Compte rendu psychiatrique" not in titles(theirs)
    _, other, _ = make(world=World(entries=(*OLD, MASKED)))
    other.open()
    _, without, _ = make(world=World(entries=OLD))
    without.open()
    other.filter(Filters(masked=True))
    assert titles(other) == titles(without)
    assert other.counts == without.counts


def test_an_emergency_reads_only_what_is_asked_for(make: Open) -> None:
    """No document is opened or brought by itself, nothing is new, and « à lire d’abord » puts syntheses first."""
    world, presenter, _ = make(world=World(access=URGENT))
    presenter.open()
    assert world.store.asked == ["changes"]
    assert presenter.document.showing is Showing.NONE
    assert presenter.new == 0
    presenter.toggle_new()
    assert not presenter.filters.new_only
    presenter.toggle_first()
    assert titles(presenter)[0] == "Volet de synthèse médicale"
    presenter.choose(presenter.rows[0].key)
    assert world.store.asked == ["changes", "Volet de synthèse médicale"]
    assert world.look().rows[0].kept.read_at is None
    assert [row.key for row in world.look().rows if row.kept.read_at] == ["urn:uuid:vsm-2"]


def test_what_is_read_is_written_down_before_it_is_shown(make: Open) -> None:
    """In an emergency: nothing on the screen until it was written; what cannot be written is not shown."""
    world = World(access=URGENT)
    held: list[tuple[DocumentEntry, Callable[[], None], Callable[[DmpError], None]]] = []
    presenter = RecordPresenter(
        world.record,
        HandLanes(),
        world.clock.now,
        read_document,
        world.memory,
        lambda entry, then, failed: held.append((entry, then, failed)),
    )
    presenter.open()
    presenter.choose("urn:uuid:bio")
    assert held[0][0].title == "Bilan biologique"
    assert presenter.document.showing is Showing.WAITING
    held[0][1]()
    assert presenter.document.showing is Showing.READY
    presenter.choose("urn:uuid:ordo")
    held[1][2](StoreUnreachable("not written"))
    assert presenter.document.showing is Showing.FAULT
    assert presenter.document.readable is None
    presenter.forget()
    world.close()


def test_a_refresh_can_be_stopped(make: Open) -> None:
    """Escape while the store is asked: the list stays, no fault is told, a late answer changes nothing."""
    _, presenter, lanes = make(at_once=False)
    presenter.open()
    lanes.let(Lane.CACHE)
    presenter.cancel_refresh()
    assert not presenter.refreshing
    assert presenter.fault is None
    assert len(presenter.rows) == 10


def test_a_document_that_cannot_be_made_ready_says_so(make: Open, qtbot: QtBot) -> None:
    """A typed fault of the reading is the document's, not the record's."""
    world = World()

    def refuse(document: RetrievedDocument) -> Readable:
        raise StoreUnreachable("unreadable")

    presenter = RecordPresenter(world.record, HandLanes(), world.clock.now, refuse, world.memory)
    presenter.open()
    assert presenter.document.showing is Showing.FAULT
    assert presenter.fault is None
    presenter.forget()
    world.close()


def test_documents_of_one_submission_lead_to_each_other(make: Open) -> None:
    """By their rows, copies included."""
    _, presenter, _ = make()
    presenter.open()
    assert [row.key for row in presenter.lot()] == ["urn:uuid:ordo"]
    presenter.choose("urn:uuid:echo")
    assert presenter.document.shown is presenter.row("urn:uuid:echo-2")


def test_an_act_captured_here_shows_at_once(make: Open) -> None:
    """The copy is read again; the document on the screen stays."""
    world, presenter, _ = make()
    presenter.open()
    world.copy.shelf.apply(
        world.context.reader, ShelfUpdate((kept(entry("plus", "Ajout", "11488-4", NOW)),), until=NOW)
    )
    presenter.reload()
    assert "Ajout" in titles(presenter)
    assert presenter.document.shown is not None
    assert FRESH[0].entry.title == presenter.document.shown.entry.title
