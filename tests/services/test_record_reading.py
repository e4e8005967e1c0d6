"""One record on the real store: list, contents, search, reading marks, acts on their way; the same in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers import wire_sandbox
from helpers.clocks import HandClock
from helpers.documents_world import document, submission
from helpers.record_store import RecordPost
from helpers.sandbox_world import sandbox, sandbox_clock, sandbox_pki_folder

from dmp_desktop.cache.clinical import ClinicalStore
from dmp_desktop.domain.acts import Deposit, VisibilityChange
from dmp_desktop.domain.document import DocumentStatus, Visibility
from dmp_desktop.domain.draft import Draft
from dmp_desktop.domain.events import EventState
from dmp_desktop.domain.habilitations import Access, AccessMode
from dmp_desktop.domain.record import RecordContext
from dmp_desktop.domain.terminology import TYPE, table
from dmp_desktop.errors import FlowError
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.services.record import DRAFT_KEY, PREFETCHED
from dmp_desktop.sync.gateway import Gateway
from dmp_desktop.sync.refresh import RefreshOutcome

__all__ = ["sandbox", "sandbox_clock", "sandbox_pki_folder"]


@pytest.fixture
def post(sandbox: Sandbox, sandbox_clock: HandClock, tmp_path: Path) -> Iterator[RecordPost]:
    made = RecordPost(sandbox, sandbox_clock, tmp_path / "profile")
    yield made
    made.close()


def test_the_list_comes_from_the_copy_and_the_contents_from_the_store_once(post: RecordPost) -> None:
    """Empty, then refreshed; a document is brought once, then read from the copy without a request."""
    record = post.record(post.context("hortense"))
    assert record.rows() == ()
    assert record.refresh().outcome is RefreshOutcome.DONE
    look = record.look()
    assert len(look.rows) > 20
    assert look.state.refreshed_at == post.clock.now()
    row = next(row for row in look.rows if row.entry.type_code.value == "11502-2")
    assert record.content(row.key) is None
    brought = record.fetch(row.key)
    asked = len(post.asked())
    assert record.content(row.key) == brought
    assert record.look().rows[look.rows.index(row)].kept.content_here
    assert len(post.asked()) == asked
    with pytest.raises(FlowError):
        record.fetch("urn:uuid:nobody")


def test_words_of_a_document_are_found_once_it_is_here(post: RecordPost) -> None:
    """By its title before, by its text after; nothing is found for an empty search."""
    record = post.record(post.context("hortense"))
    record.refresh()
    row = next(row for row in record.rows() if row.entry.type_code.value == "11502-2")
    assert row.key in {hit.logical_id for hit in record.search(row.entry.title[:5])}
    assert row.key not in {hit.logical_id for hit in record.search("potassium")}
    record.fetch(row.key)
    assert row.key in {hit.logical_id for hit in record.search("pôtassium")}
    assert record.search("   ") == ()


def test_what_comes_after_a_visit_is_new_until_it_is_read(post: RecordPost) -> None:
    """Per professional (EX_3.1-1020): a visit, another's deposit, a second visit shows exactly that one."""
    context = post.context("hortense")
    record = post.record(context)
    record.refresh()
    assert not any(row.is_new for row in record.rows())
    record.close()
    post.clock.forward(hours=3)
    added = _deposited_elsewhere(post, context)
    record.refresh()
    fresh = [row for row in record.rows() if row.is_new]
    assert [row.entry.title for row in fresh] == [added]
    assert record.prefetch([row.key for row in fresh]) == 1
    assert record.prefetch([row.key for row in fresh]) == 0
    record.mark_read(fresh[0].key)
    assert not any(row.is_new for row in record.rows())


def _deposited_elsewhere(post: RecordPost, context: RecordContext) -> str:
    """Another practice files a document meanwhile."""
    other = Gateway(wire_sandbox.settings(post.sandbox), post.clock)
    other.sign_in(wire_sandbox.credentials(post.sandbox, "gabarit"))
    try:
        other.documents.deposit(submission(document(title="Avis reçu depuis")), context.identity)
    finally:
        other.close()
    return "Avis reçu depuis"


def test_acts_on_their_way_are_words_on_their_rows(post: RecordPost) -> None:
    """A change of visibility and a deposit wait in the outbox: the rows say so, server truth is unchanged."""
    context = post.context("hortense")
    record = post.record(context)
    record.refresh()
    row = record.rows()[0]
    before = row.entry.visibility
    wanted = Visibility(from_patient=True)
    post.store.outbox.add(VisibilityChange(context.ins, row.entry.entry_uuid, row.key, before, wanted), post.author)
    draft = Draft(
        "d1",
        context.dossier,
        post.author.professional,
        "2.25.77",
        "2.25.78",
        "2.25.79",
        "2.25.80",
        post.clock.now(),
        "Mon compte rendu",
        table(TYPE).require("11488-4"),
        post.clock.now(),
        visibility=Visibility(),
        text="Va mieux.",
    )
    post.copy.drafts.save(draft)
    post.store.outbox.add(Deposit(context.ins, "d1", draft.unique_id), post.author)
    rows = {one.key: one for one in record.rows()}
    assert rows[row.key].act is EventState.WAITING
    assert rows[row.key].entry.visibility == before
    leaving = rows[f"{DRAFT_KEY}d1"]
    assert leaving.entry.title == "Mon compte rendu"
    assert leaving.entry.status is DocumentStatus.APPROVED
    assert leaving.act is EventState.WAITING
    found = record.content(leaving.key)
    assert found is not None
    assert found.content == b"Va mieux."
    record.mark_read(leaving.key)


def test_an_emergency_reads_the_same_way_and_leaves_nothing_on_the_disk(post: RecordPost) -> None:
    """A memory shelf: rows, contents, search; the encrypted copy never hears of the dossier."""
    access = Access(AccessMode.BREAK_GLASS, "Personne inconsciente")
    identity = post.identity("nadege")
    dossier = post.store.patients.remember(identity)
    context = RecordContext(dossier, identity, post.credentials.professional, post.author, access)
    memory = ClinicalStore.in_memory(post.clock)
    try:
        record = post.record(context, memory.shelf)
        assert record.refresh().outcome is RefreshOutcome.DONE
        assert not any(row.is_new for row in record.rows())
        assert post.copy.shelf.entries(context.reader) == ()
        assert post.copy.shelf.state(context.reader).refreshed_at is None
    finally:
        memory.close()


def test_a_masked_document_exists_for_its_author_and_the_medecin_traitant_only(
    post: RecordPost, sandbox: Sandbox, sandbox_clock: HandClock, tmp_path: Path
) -> None:
    """Firmin: Dr Gabarit is médecin traitant and sees it; Dr Brindille's list is as if it were not there."""
    gabarit = RecordPost(sandbox, sandbox_clock, tmp_path / "gabarit", "gabarit")
    try:
        theirs = gabarit.record(gabarit.context("firmin"))
        theirs.refresh()
        masked = [row for row in theirs.rows() if row.entry.visibility.from_professionals]
        assert masked
        assert theirs.context.treating
    finally:
        gabarit.close()
    record = post.record(post.context("firmin"))
    record.refresh()
    mine = {row.key for row in record.rows()}
    assert mine
    assert not mine & {row.key for row in masked}


def test_what_is_brought_beforehand_is_bounded(post: RecordPost) -> None:
    """A huge backlog does not empty itself over the network at once."""
    record = post.record(post.context("hortense"))
    record.refresh()
    keys = [row.key for row in record.rows()]
    assert len(keys) > PREFETCHED
    assert record.prefetch(keys) == PREFETCHED
