"""Who did what: each act once, with its mode and motive; what the practice did, reviewed and exported."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.emergency_gallery import context as known
from helpers.emergency_world import entry
from helpers.store_world import desk_store

from dmp_desktop.cache.journal import Act
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.cache.traces import Traces
from dmp_desktop.domain.habilitations import Access, AccessMode
from dmp_desktop.domain.record import RecordContext
from dmp_desktop.sandbox import people
from dmp_desktop.services.emergency import EmergencyDesk, Ending, Situation, Stage
from dmp_desktop.services.history import AccessLog, Deed, History, Known, own_name, printable
from dmp_desktop.services.practice_log import AlreadyReviewed, PracticeLog, PracticeViewDenied, ReviewReasonMissing
from dmp_desktop.services.rights_view import ReasonNeeded, Rights


class Scripted:
    """A session over a real journal."""

    def __init__(self, store: DeskStore, clock: HandClock) -> None:
        self.store, self.clock = store, clock
        made = known()
        dossier = store.patients.remember(made.identity)
        self.context = RecordContext(dossier, made.identity, made.professional, made.author, existence=made.existence)
        nobody: object = None
        self.desk = EmergencyDesk(nobody, nobody, store.journal, clock, regulation=lambda: False)  # type: ignore[arg-type]
        self.history = History(store, own_name(made.author, "Médecine générale"))
        self.practice = PracticeLog(store, own_name(made.author, "Médecine générale"))
        self.rights = Rights(nobody, store)  # type: ignore[arg-type]  # the store is not asked here

    def emergency(self, *, signed: bool = True) -> str:
        """An emergency access with two documents read."""
        flow = self.desk.begin(self.context)
        flow.stage = Stage.MOTIVE
        flow.situation, flow.sentence, flow.ticked = Situation.UNABLE, "Personne inconsciente", True
        self.desk.journal_opened(flow)
        flow.open()
        for name in ("lid-1", "lid-2"):
            self.clock.forward(seconds=30)
            flow.note(self.desk.read(flow, entry(name)))
        flow.end(Ending.BY_HAND)
        self.desk.journal_ended(flow)
        if signed:
            self.desk.journal_signed(flow)
        return flow.id

    @property
    def period(self) -> tuple[object, object]:
        """Around now."""
        return self.clock.now() - timedelta(days=1), self.clock.now() + timedelta(seconds=1)


@pytest.fixture
def scripted(tmp_path: Path) -> Iterator[Scripted]:
    clock = HandClock()
    with desk_store(tmp_path, clock) as store:
        yield Scripted(store, clock)


def test_every_act_of_a_session_appears_once_with_its_motive(scripted: Scripted) -> None:
    """An ordinary access, an emergency, a change of rights: latest first, each with its mode."""
    log = AccessLog(scripted.store, scripted.clock)
    access = log.opened(scripted.context)
    log.read(scripted.context, access, "lid-7")
    scripted.clock.forward(minutes=5)
    scripted.emergency()
    scripted.rights.withdraw(scripted.context, "La personne a changé de médecin")
    rows = scripted.history.here(scripted.context)
    assert [(row.deed, row.mode, row.motive, row.target) for row in rows] == [
        (Deed.AUTHORISED, AccessMode.NORMAL, "La personne a changé de médecin", ""),
        (Deed.SIGNED, AccessMode.BREAK_GLASS, rows[1].motive, ""),
        (Deed.READ, AccessMode.BREAK_GLASS, rows[1].motive, "lid-2"),
        (Deed.READ, AccessMode.BREAK_GLASS, rows[1].motive, "lid-1"),
        (Deed.OPENED, AccessMode.BREAK_GLASS, rows[1].motive, ""),
        (Deed.READ, AccessMode.NORMAL, "", "lid-7"),
        (Deed.OPENED, AccessMode.NORMAL, "", ""),
    ]
    assert rows[1].motive.endswith("Personne inconsciente")
    assert {row.name for row in rows} == {"Dr Aurore Brindille"}
    scripted.store.journal.verify()


def test_a_change_of_rights_needs_its_reason(scripted: Scripted) -> None:
    """Without one nothing is written."""
    with pytest.raises(ReasonNeeded):
        scripted.rights.withdraw(scripted.context, "  ")
    assert scripted.store.outbox.waiting() == ()
    scripted.rights.become_treating(scripted.context, "Déclaration signée ce jour")
    assert scripted.rights.own(scripted.context).pending is not None


def test_a_secret_connection_is_not_on_a_minors_paper(scripted: Scripted) -> None:
    """Whoever represents them may hold the paper; an adult's own paper tells all."""
    scripted.desk.journal_secret(scripted.context, scripted.desk.new_access(), Ending.BY_HAND, opened=True)
    within = replace(scripted.context, access=Access(secret=True))
    scripted.rights.become_treating(within, "Choix de la personne")
    rows = scripted.history.here(scripted.context)
    assert [(row.deed, row.secret) for row in rows] == [(Deed.AUTHORISED, True), (Deed.OPENED, True)]
    assert printable(rows, minor=True) == ()
    assert printable(rows, minor=False) == rows


def test_emergencies_are_reviewed_once_and_signed(scripted: Scripted) -> None:
    """Motive, documents, end, signature; a review takes words, stays in the journal, and says who made it."""
    access, unsigned = scripted.emergency(), scripted.emergency(signed=False)
    since, until = scripted.period
    found = scripted.practice.emergencies(since, until)  # type: ignore[arg-type]  # two moments
    assert [(one.documents, one.signed, one.ending) for one in found] == [(2, False, "by-hand"), (2, True, "by-hand")]
    assert all(len(one.dossier) == 8 for one in found)
    with pytest.raises(ReviewReasonMissing):
        scripted.practice.review(access, scripted.context.author, " ")
    scripted.practice.review(access, scripted.context.author, "Motif vérifié avec l’équipe")
    with pytest.raises(AlreadyReviewed):
        scripted.practice.review(access, scripted.context.author, "Encore")
    with pytest.raises(AlreadyReviewed):
        scripted.practice.review("inconnu", scripted.context.author, "Rien")
    reviewed = [one for one in scripted.practice.emergencies(since, until) if one.reviewed_by]  # type: ignore[arg-type]
    assert [(one.access, one.by_oneself) for one in reviewed] == [(access, True)]
    assert unsigned != access
    (day,) = scripted.practice.days(since, until)  # type: ignore[arg-type]  # two moments
    assert (day.emergencies, day.counts[Deed.READ]) == (2, 4)


def test_an_export_holds_ids_and_quotes_the_chain(scripted: Scripted) -> None:
    """No name of a patient, no formula; its last line is the journal's last link, the export itself included."""
    scripted.rights.withdraw(scripted.context, "=HYPERLINK(1)")
    since, until = scripted.period
    content = scripted.practice.export(since, until, scripted.context.author, "Contrôle annuel")  # type: ignore[arg-type]
    said = content.decode("utf-8-sig")
    traits = scripted.context.identity.traits
    assert traits.birth_name not in said
    assert scripted.context.ins.value not in said
    lines = list(csv.reader(io.StringIO(said), delimiter=";"))
    assert "'=HYPERLINK(1)" in [line[-1] for line in lines]
    assert lines[-2][2] == Act.HISTORY_EXPORTED
    count, digest = Traces(scripted.store.database).head()
    assert lines[-1] == ["chaine", str(count), "sha256", digest]


def test_the_desk_does_not_see_what_the_practice_did() -> None:
    """Motives of emergencies are clinical."""
    with pytest.raises(PracticeViewDenied):
        PracticeLog.demand(people.profile("papier").professional)
    PracticeLog.demand(people.profile("officinal").professional)


def test_a_name_known_nowhere_stays_an_id(scripted: Scripted) -> None:
    """The id of the professional stands for them."""
    history = History(scripted.store, lambda _who: None)
    AccessLog(scripted.store, scripted.clock).opened(scripted.context)
    (row,) = history.here(scripted.context)
    assert (row.name, row.professional) == ("", scripted.context.author.professional)
    assert Known("x").role == ""
