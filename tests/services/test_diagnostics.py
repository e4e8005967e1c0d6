"""The figures for a support: complete on a working post, and nothing in them names anybody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from helpers.clocks import HandClock
from helpers.store_world import BRINDILLE, GASPARD, desk_store, opening

from dmp_desktop.cache.facts import file_facts, queue_lines
from dmp_desktop.services.diagnostics import LaneLine, Passes, Sources, as_text, report
from dmp_desktop.sync.engine import PassReport
from dmp_desktop.sync.policy import Verdict


def test_everything_is_there_and_nobody_is(tmp_path: Path) -> None:
    """Versions, cipher, queue, passes, lanes; no name, number or reference of the act that waits."""
    clock, passes = HandClock(), Passes()
    passes.ran(clock.now(), PassReport({Verdict.LATER: ("one",)}, "service-unavailable"))
    passes.failed(clock.now(), "disk-full")
    with desk_store(tmp_path, clock) as store:
        event = store.outbox.add(opening(), BRINDILLE)
        store.outbox.later(event.id, None, "service-unavailable", in_doubt=False)
        sources = Sources(
            now=lambda: clock.now() + timedelta(hours=3),
            desk=lambda: file_facts(store.database),
            clinical=lambda: None,
            queue=lambda: queue_lines(store.database),
            journal_rows=store.journal.verify,
            passes=passes.last,
            lanes=lambda: (LaneLine("sync", (0.0, 0.25), (0.5, 1.5)), LaneLine("cards", (), ())),
            drift=lambda: timedelta(seconds=-1.5),
            answered_at=lambda: datetime(2026, 4, 14, 7, 12, tzinfo=UTC),
            screen=lambda: (("Qt", "6.11.3"),),
        )
        text = as_text(report(sources))
    for expected in (
        "SQLCipher 4.",
        "opening, waiting\u00a0: 1, le plus ancien depuis 3\u00a0h, cause service-unavailable",
        "arrêté (service-unavailable)",
        "arrêté (disk-full)",
        "2 travaux, médiane 1000\u00a0ms, plus long 1500\u00a0ms, plus longue attente 250\u00a0ms",
        "-1,5\u00a0s",
        "14/04/2026 09:12:00",
        "Lignes vérifiées\u00a0: 1",
    ):
        assert expected in text, expected
    for secret in (GASPARD.value, "GASPARD", "CORNICHE", "OUV-2026", "gaspard@", BRINDILLE.professional, "Brindille"):
        assert secret not in text
