"""The diet: only people recently received or booked, within a quota; emptied by hand, with a certificate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from helpers import clinical_world as w
from helpers import print_papers as p
from helpers.clocks import START
from helpers.store_world import BRINDILLE, desk_store, opening

from dmp_desktop.cache.diet import Forgotten
from dmp_desktop.cache.journal import Act
from dmp_desktop.cache.store import DeskStore
from dmp_desktop.config import DietSettings, Settings
from dmp_desktop.domain.appointments import Expected
from dmp_desktop.domain.identity import Identity, InsStatus
from dmp_desktop.domain.shelf import Reader
from dmp_desktop.printing.certificate import certificate
from dmp_desktop.printing.papers import CertificatePaper
from dmp_desktop.services.diet import Diet, Emptied


@dataclass
class Post:
    """Both stores of a post, one clock, its settings."""

    world: w.World
    desk: DeskStore
    settings: Settings

    @property
    def diet(self) -> Diet:
        """A diet that has not run yet: the program was started again."""
        return Diet(lambda: self.settings, self.world.clock, self.desk)

    def journalled(self) -> list[tuple[str, str]]:
        """Acts and reasons, latest first."""
        return [(row.act, row.reason) for row in self.desk.journal.last(9)]


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    """Gaspard's dossier kept today."""
    with w.clinical_world(tmp_path) as world, desk_store(tmp_path, world.clock) as desk:
        world.store.shelf.apply(w.HIS, w.many(3))
        world.store.shelf.put(w.HIS, w.logical("1"), w.retrieved("1", b"x" * 1000), "texte")
        yield Post(world, desk, Settings(structure=p.STRUCTURE))


def test_a_dossier_lives_thirty_days_from_its_last_access(post: Post) -> None:
    """Refreshed, read or closed counts; on the thirty-first day it is gone, content included, and the journal tells."""
    store, clock = post.world.store, post.world.clock
    for touch in (
        lambda: store.shelf.mark_read(w.HIS, w.logical("1")),
        lambda: store.shelf.visit_ended(w.HIS),
        lambda: store.shelf.apply(w.HIS, w.many(1)),
    ):
        clock.forward(days=29)
        touch()
        assert post.diet.run(store, BRINDILLE).expired.dossiers == 0
    clock.forward(days=30)
    assert post.diet.run(store, BRINDILLE).expired.dossiers == 0
    assert post.journalled() == []
    clock.forward(hours=1)
    report = post.diet.run(store, BRINDILLE)
    assert (report.expired.dossiers, report.expired.documents, report.over_quota.dossiers) == (1, 3, 0)
    assert store.shelf.entries(w.HIS) == ()
    assert post.world.contents == []
    assert post.journalled() == [(Act.COPY_REDUCED, "expired: 1 records, 3 documents")]


def test_looking_at_a_list_offline_is_not_enough_but_closing_it_is(post: Post) -> None:
    """A list shown by itself is no access to the record; the end of a visit is one, network or not."""
    post.world.clock.forward(days=31)
    assert post.world.store.shelf.entries(w.HIS)
    post.world.store.shelf.visit_ended(w.HIS)
    assert post.diet.run(post.world.store, BRINDILLE).expired.dossiers == 0


def test_people_booked_are_spared(post: Post) -> None:
    """With an appointment today or later a dossier does not expire; once it is over, it does."""
    store, clock = post.world.store, post.world.clock
    identity = Identity(opening().traits, InsStatus.QUALIFIED, opening().ins)
    dossier = post.desk.patients.remember(identity)
    reader = Reader(dossier, w.BRINDILLE)
    store.shelf.apply(reader, w.many(2))
    clock.forward(days=40)
    today = clock.now().date()
    post.desk.appointments.put([Expected(today + timedelta(days=1), 540, "CORNICHE Gaspard")])
    (line,) = post.desk.appointments.of_day(today + timedelta(days=1))
    post.desk.appointments.link(line.id, dossier)
    assert post.diet.run(store, BRINDILLE).expired.dossiers == 1
    assert len(store.shelf.entries(reader)) == 2
    clock.forward(days=1)
    assert post.diet.run(store, BRINDILLE).expired.dossiers == 0
    clock.forward(days=1)
    assert post.diet.run(store, BRINDILLE).expired.dossiers == 1
    assert store.shelf.entries(reader) == ()


def test_beyond_the_quota_the_least_recently_used_go(post: Post) -> None:
    """Oldest first, those booked last, and no more than needed."""
    store, clock = post.world.store, post.world.clock
    for reader in (w.HERS, w.HIS_BY_GABARIT):
        clock.forward(hours=1)
        store.shelf.apply(reader, w.many(1))
        store.shelf.put(reader, w.logical("1"), w.retrieved("1", b"x" * 700_000), "texte")
    post.settings = replace(post.settings, diet=DietSettings(days=30, quota_mib=1))
    report = post.diet.run(store, BRINDILLE)
    assert (report.over_quota.dossiers, report.over_quota.documents) == (2, 4)
    assert store.shelf.entries(w.HIS) == store.shelf.entries(w.HERS) == ()
    assert store.shelf.content(w.HIS_BY_GABARIT, w.logical("1")) is not None
    assert post.journalled() == [(Act.COPY_REDUCED, "quota: 2 records, 4 documents")]
    store.shelf.apply(w.HERS, w.many(1))
    store.shelf.put(w.HERS, w.logical("1"), w.retrieved("1", b"x" * 700_000), "texte")
    assert store.diet.run(30, 1 << 20, {w.GASPARD}).over_quota.dossiers == 1
    assert store.shelf.entries(w.HIS_BY_GABARIT)


@pytest.mark.parametrize("rules", [DietSettings(0, 0), DietSettings(-5, -1)])
def test_settings_of_nothing_do_not_empty_the_copy(post: Post, rules: DietSettings) -> None:
    """A setting of zero or less is taken for one day and one mebibyte."""
    post.settings = replace(post.settings, diet=rules)
    post.diet.run(post.world.store, BRINDILLE)
    assert len(post.world.store.shelf.entries(w.HIS)) == 3


def test_a_clock_that_was_ahead_keeps_nothing_for_ever(post: Post) -> None:
    """Used at a time that has not come, a dossier counts from the day it is noticed."""
    store, clock = post.world.store, post.world.clock
    clock.forward(days=3650)
    store.shelf.visit_ended(w.HIS)
    clock.time = START
    assert post.diet.run(store, BRINDILLE).expired.dossiers == 0
    clock.forward(days=31)
    assert post.diet.run(store, BRINDILLE).expired.dossiers == 1


def test_it_is_due_once_a_day(post: Post) -> None:
    """At the first opening, then each day in Paris."""
    diet = post.diet
    assert diet.is_due
    diet.run(post.world.store, BRINDILLE)
    assert not diet.is_due
    post.world.clock.forward(hours=14)
    assert not diet.is_due
    post.world.clock.forward(hours=1)
    assert diet.is_due


def test_unsent_drafts_are_announced_and_never_purged(post: Post) -> None:
    """Neither by time, nor by quota, nor by hand, those on their way included."""
    store = post.world.store
    store.drafts.save(w.draft("1", title="Courrier"), b"bytes")
    store.drafts.save(w.draft("2", event="event-1"), b"more")
    post.world.clock.forward(days=400)
    post.diet.run(store, BRINDILLE)
    held = post.diet.held(store)
    assert (held.copy, held.drafts) == (Forgotten(), 2)
    emptied = post.diet.empty(store, BRINDILLE)
    assert emptied.drafts == 2
    assert store.drafts.content("draft-1") == b"bytes"
    assert store.drafts.content("draft-2") == b"more"
    assert post.world.reopen().drafts.content("draft-2") == b"more"


def test_emptying_by_hand_is_journalled_and_certified(post: Post) -> None:
    """What was announced is what goes; the certificate tells counts, date, post and who, and names no patient."""
    store, diet = post.world.store, post.diet
    store.drafts.save(w.draft("1"))
    announced = diet.held(store)
    assert (announced.copy.dossiers, announced.copy.documents, announced.drafts) == (1, 3, 1)
    emptied = diet.empty(store, BRINDILLE)
    assert emptied.gone == announced.copy
    assert store.diet.held() == Forgotten()
    assert post.world.contents == []
    assert post.journalled() == [(Act.COPY_EMPTIED, "1 records, 3 documents")]
    pdf = diet.certificate(emptied)
    said = p.text(pdf)
    for item in (
        "Certificat d’effacement",
        "Accueil 1",
        "14 avril 2026 à 09:12",
        "Dr Aurore Brindille",
        ["Dossiers", "effacés", "1"][0],
        "Un document en préparation ou en attente d’envoi",
        "ni nom de patient",
    ):
        assert item in said
    assert "CORNICHE" not in said
    assert p.page_count(pdf) == 1
    assert all(embedded for _name, embedded in p.fonts(pdf))


def test_the_certificate_tells_numbers_as_a_person_reads_them(post: Post) -> None:
    """Thousands apart, volumes in Kio or Mio, drafts in the singular, the plural, or none; DÉMONSTRATION when asked."""
    emptied = Emptied(BRINDILLE, START, Forgotten(12_345, 1_234_567, 5_300_000), 12)
    said = p.text(post.diet.certificate(emptied))
    for item in ("12 345", "1 234 567", "5,1 Mio", "12 documents en préparation"):
        assert item in said
    paper = CertificatePaper(BRINDILLE, p.STRUCTURE, START, START, 0, 0, 0, 0, demonstration=True)
    said = p.text(certificate(paper))
    assert "0 Kio" in said
    assert "Aucun document en préparation" in said
    assert "DÉMONSTRATION" in said
    assert "pages libérées du fichier, réécrites" in said
    assert "seront réécrites" in p.text(certificate(replace(paper, overwritten=False)))


def test_the_rules_are_read_from_the_settings(tmp_path: Path) -> None:
    """They are kept with the others."""
    path = tmp_path / "settings.json"
    Settings(diet=DietSettings(7, 512)).save(path)
    assert Settings.load(path).diet == DietSettings(7, 512)
    path.write_text("{}")
    assert Settings.load(path).diet == DietSettings(30, 2048)
