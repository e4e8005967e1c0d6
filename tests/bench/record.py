"""The record as a doctor feels it: from the key to the paint, in the real window, and what an afternoon leaves behind.

Each part runs in a process of its own on the sandbox. Times and sizes, not ratios: they tell of the machine too.
"""

from __future__ import annotations

import gc
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.harness import Unmeasurable
from helpers import house_world
from helpers.people import nir
from helpers.probe import LoopProbe
from helpers.record_bench import Bench, bench
from helpers.store_world import opening
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractSlider, QApplication

from dmp_desktop.domain.document import RetrievedDocument
from dmp_desktop.domain.readable import PdfPart
from dmp_desktop.domain.shelf import Reader
from dmp_desktop.ui.record.document import Showing
from dmp_desktop.ui.record.document_list import DocumentList
from dmp_desktop.ui.viewer.pane import PaperPane

MANY, TEXTS, ACTS, LATENCY = 2_000, 500, 1_000, 3.0
RECORDS, FIRST = 200, 10
_TURNS, _SCROLLS = 12, 300
_HORTENSE, _FIRMIN = ("horte", "SAUGE-VERVEINE"), ("chic", "CHICORÉE")


def speed() -> str:
    """Key to paint, search, scroll, and the longest stall behind a slow store."""
    return _part("crowd", MANY) + _part("documents", 0) + _part("stall", 0)


def memory(records: int = RECORDS) -> str:
    """What so many records opened and closed leave."""
    return _part("memory", 0, str(records))


def _part(name: str, many: int, *more: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        environment = os.environ | house_world.environment(home) | house_world.offscreen(home)
        environment["PYTHONPATH"] = os.pathsep.join((str(house_world.ROOT), str(house_world.ROOT / "tests")))
        arguments = [sys.executable, "-m", "bench.record", name, folder, str(many), *more]
        done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Unmeasurable(f"a window that works to the end: {done.stderr[-600:]}")
    return done.stdout


# -- in the process of a part -----------------------------------------------------------------------------------------


def _tell(name: str, milliseconds: Sequence[float]) -> None:
    ordered = sorted(milliseconds)
    p50, p95 = (ordered[min(int(len(ordered) * share), len(ordered) - 1)] for share in (0.5, 0.95))
    print(f"record: {name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, longest {ordered[-1]:.1f} ms ({len(ordered)} turns)")


def _find(made: Bench, whose: tuple[str, str]) -> None:
    """F3 and the letters, as far as the line to press Enter on."""
    window, finding = made.window, made.day.clinic.people.finding
    window.press("F3")
    made.until(lambda: window.focus_name == "Chercher une personne")
    window.press("Ctrl+A", "Del")
    window.type(whose[0])
    made.until(lambda: finding.words == whose[0] and finding.settled and finding.rows)


def _enter(made: Bench, whose: tuple[str, str]) -> None:
    """Into the record; its first document is read, and nothing is under way."""
    _find(made, whose)
    made.window.press("Return")
    made.day.opened(whose[1])
    made.day.idle()


def _know(made: Bench, whose: tuple[str, str]) -> None:
    """The person becomes known to the post, the record is brought and closed."""
    made.window.press("F3", "Alt+M")
    made.until(lambda: made.day.clinic.people.finding.listed)
    _enter(made, whose)


def _crowd(made: Bench) -> None:
    _know(made, _FIRMIN)
    window, day = made.window, made.day
    day.idle()
    _fill_texts(made)
    whole = len(day.rows)
    day.leave()
    spent = []
    for _ in range(_TURNS):
        day.idle()
        _find(made, _FIRMIN)
        spent.append(made.painted(DocumentList, lambda: window.press("Return"), lambda: _listed(made, whole)))
        day.opened(_FIRMIN[1])
        day.leave()
    _tell(f"cached record of {whole:,} documents, key to painted list", spent)
    _enter(made, _FIRMIN)
    _scroll(made)
    _search(made)
    day.leave()


def _listed(made: Bench, count: int) -> bool:
    record = made.day.clinic.record.record
    return record is not None and len(record.presenter.rows) >= count


def _fill_texts(made: Bench) -> None:
    """The words of five hundred of them, as if they had been read here."""
    record, profile = made.day.record, made.window.program.profile
    reader = Reader(record.context.dossier, record.context.author.professional)
    chance = random.Random(5)  # noqa: S311 - any text will do
    vocabulary = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(4, 11))) for _ in range(8000)]
    clinical = profile.clinical
    assert clinical is not None
    for row in made.day.rows[:TEXTS]:
        entry = row.entry
        content = RetrievedDocument(entry.unique_id, entry.repository_id, "text/xml", b"x" * 20_000)
        words = " ".join((*chance.choices(vocabulary, k=250), "cardiologie" if chance.random() < 0.1 else ""))
        clinical.shelf.put(reader, row.key, content, words)


def _scroll(made: Bench) -> None:
    found = made.window.program.shell.findChildren(DocumentList)
    view = next(one for one in found if one.isVisible())
    spent = []
    for _ in range(_SCROLLS):
        start = time.perf_counter()
        view.verticalScrollBar().triggerAction(QAbstractSlider.SliderAction.SliderSingleStepAdd)
        view.viewport().repaint()
        spent.append((time.perf_counter() - start) * 1000)
    _tell("one scroll step of the list", spent)


def _search(made: Bench) -> None:
    """The last letter of a word, to the list of what holds it; the pause of typing (120 ms) is in it."""
    window, presenter = made.window, made.day.record.presenter
    whole = len(presenter.rows)
    window.press("/")
    spent = []
    for _ in range(_TURNS):
        window.press("Ctrl+A", "Del")
        made.until(lambda: len(presenter.rows) >= whole and not presenter.hits)
        made.day.idle()
        window.type("cardiologi")
        spent.append(
            made.painted(DocumentList, lambda: window.type("e"), lambda: presenter.hits and len(presenter.rows) < TEXTS)
        )
    _tell(f"full text over {TEXTS} documents, key to painted list (a pause of 120 ms is in it)", spent)
    window.press("Ctrl+A", "Del")
    made.until(lambda: not presenter.words)


def _documents(made: Bench) -> None:
    _know(made, _HORTENSE)
    day = made.day
    kinds: dict[str, list[float]] = {"CDA": [], "PDF": []}
    for turn in range(3):
        for key in [row.key for row in day.rows]:
            spent = made.painted(PaperPane, lambda key=key: day.record.presenter.choose(key), lambda: _shown(made))
            day.read()
            day.idle()
            readable = day.record.presenter.document.readable
            if turn and readable is not None:
                kinds["PDF" if any(isinstance(part, PdfPart) for part in readable.parts) else "CDA"].append(spent)
    for kind, spents in kinds.items():
        _tell(f"{kind} of the copy, choice to painted document", spents)
    day.leave()


def _shown(made: Bench) -> bool:
    """Read, or told that it cannot be; a PDF's page is drawn."""
    document, viewer = made.day.record.presenter.document, made.day.record.viewer
    if document.showing is Showing.FAULT:
        return True
    if document.showing is not Showing.READY or document.readable is None:
        return False
    return not any(isinstance(part, PdfPart) for part in document.readable.parts) or bool(viewer._pages._kept)


def _stall(made: Bench) -> None:
    """Every answer of the store takes three seconds, a thousand acts wait, and somebody works."""
    _know(made, _HORTENSE)
    day, window = made.day, made.window
    day.leave()
    _queue(made)
    day.slow(LATENCY)
    with LoopProbe() as probe:
        for _ in range(3):
            _find(made, _HORTENSE)
            window.press("Return")
            day.opened(_HORTENSE[1])
            for _ in range(8):
                window.press("Down")
                day.read()
            window.press("Alt+F")
            made.until(lambda: day.record.host.currentWidget() is not day.record.page)
            window.press("Esc")
            day.leave()
    day.mend()
    print(f"record: {LATENCY:g} s of latency, {ACTS:,} acts waiting: {probe}")


def _queue(made: Bench) -> None:
    store, flow = made.window.program.profile.store, made.window.program.flow
    assert store is not None
    for number in range(ACTS):
        store.outbox.add(opening(nir(f"1771199{number:06d}"), f"OUV-{number}"), flow.author())


@dataclass(frozen=True, slots=True)
class _Heap:
    """What lives at one moment.

    :ivar size: resident, in MiB; ``qt``: objects of Qt seen from Python, by class; ``widgets``: Qt's own count.
    """

    size: float
    objects: int
    qt: Counter[str]
    widgets: int

    @classmethod
    def now(cls) -> _Heap:
        for _ in range(3):
            gc.collect()
        living = gc.get_objects()
        # Asked of the type: a proxy's own class may answer anything.
        qt = Counter(type(one).__name__ for one in living if issubclass(type(one), QObject))
        resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
        return cls(resident, len(living), qt, len(QApplication.allWidgets()))


def _memory(made: Bench, records: int) -> None:
    """Two records by turns, each opened on its copy, read, and closed."""
    for whose in (_HORTENSE, _FIRMIN):
        _know(made, whose)
        made.day.leave()
    early, spent, rounds = _Heap.now(), 0.0, 0
    for count in range(1, records + 1):
        start = time.perf_counter()
        _enter(made, (_HORTENSE, _FIRMIN)[count % 2])
        made.day.leave()
        spent += time.perf_counter() - start
        rounds += 1
        if count == FIRST:
            early = _Heap.now()
    made.day.idle()
    late = _Heap.now()
    print(
        f"record: {rounds:,} records opened and closed, {spent / rounds:.2f} s each: "
        f"{early.size:.0f} MiB after {FIRST}, {late.size:.0f} MiB at the end; "
        f"Python objects {early.objects:,} → {late.objects:,}; widgets {early.widgets:,} → {late.widgets:,}; "
        f"Qt objects held by Python {early.qt.total():,} → {late.qt.total():,}"
    )
    for name, more in (late.qt - early.qt).most_common(12):
        print(f"record: kept: {name} +{more}")


_PARTS: dict[str, Callable[[Bench], None]] = {"crowd": _crowd, "documents": _documents, "stall": _stall}


def main(name: str, folder: str, many: str, records: str = "") -> None:
    """One part."""
    with bench(Path(folder), int(many)) as made:
        if name == "memory":
            _memory(made, int(records))
        else:
            _PARTS[name](made)


if __name__ == "__main__":
    main(*sys.argv[1:])
