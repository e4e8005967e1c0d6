"""PDFium behind its wall: whatever a PDF does, whoever waits is answered in time, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from helpers import hostile_documents as documents
from helpers import pdf_hostile as hostile
from helpers.house_world import ROOT

from dmp_desktop.domain.document import RetrievedDocument
from dmp_desktop.errors import Cancelled
from dmp_desktop.pdfium import documents as door
from dmp_desktop.pdfium import wall
from dmp_desktop.pdfium.documents import StoppedPdf, pdf_opened, pdf_shut, warm_pdf
from dmp_desktop.pdfium.wall import WALL, NoPdfEngine
from dmp_desktop.reading.cda_source import Content
from dmp_desktop.reading.errors import UnreadablePage
from dmp_desktop.reading.parts import parts_of
from dmp_desktop.reading.pdf import pdf_facts, pdf_find, pdf_page, pdf_text
from dmp_desktop.reading.readable import text_of
from dmp_desktop.ui.tasks import Lane, TaskLanes

ORDINARY = documents.pdf(3)
HOSTILE = (hostile.endless, hostile.endless_text, hostile.recursive, hostile.vast_page, hostile.vast_image)

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait for another process."""
    limit = time.monotonic() + seconds
    waiting = threading.Event()
    while not condition():
        assert time.monotonic() < limit, "waited too long"
        waiting.wait(0.01)


def gone(pid: int) -> bool:
    """Whether a process is no more; a dead one nobody took note of counts as gone."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def worker() -> int:
    """Id of a worker that is ready."""
    assert pdf_facts(ORDINARY).pages == 3
    assert WALL.pid is not None
    return WALL.pid


@pytest.fixture
def hung() -> Iterator[int]:
    """A worker that answers nothing, like one deep in PDFium."""
    pid = worker()
    os.kill(pid, signal.SIGSTOP)
    yield pid
    assert gone(pid)


@pytest.fixture
def other_worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Puts a program of the test in the worker's place."""

    def replace(script: str) -> None:
        WALL.stop()
        monkeypatch.setattr(wall, "command", lambda: [sys.executable, "-c", script])

    yield replace
    WALL.stop()


# -- what a PDF may do ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("made", HOSTILE)
def test_a_pdf_made_to_hold_its_reader_is_given_up(made: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Within the time it is given, each time; the next document shows."""
    monkeypatch.setattr(door, "STEP_SECONDS", 0.4)
    data = made()
    begun = time.monotonic()
    pdf_facts(data)
    try:
        pdf_page(data, 0, 300)
    except UnreadablePage as told:
        assert told.facts == {"page": 1}
    pdf_text(data)
    pdf_find(data, "potassium")
    assert time.monotonic() - begun < 20
    assert pdf_facts(ORDINARY).pages == 3


def test_a_worker_that_hangs_is_ended(hung: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its own id; the document is told as one that does not let itself be shown, and another one takes its place."""
    monkeypatch.setattr(door, "STEP_SECONDS", 0.2)
    parts, (told,) = parts_of(Content("application/pdf", ORDINARY))
    assert (parts, told.code) == ((), "document-part-stopped")
    assert worker() != hung


def test_a_large_file_for_a_worker_that_hangs(hung: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not even take the file: the end comes all the same."""
    monkeypatch.setattr(door, "STEP_SECONDS", 0.2)
    with pytest.raises(StoppedPdf), pdf_opened(documents.pdf(padding=8_000_000)):
        pass


def test_a_change_of_mind_ends_the_wait(hung: int) -> None:
    """At once, long before the deadline."""
    begun = time.monotonic()
    with pytest.raises(UnreadablePage):
        pdf_page(ORDINARY, 0, 300, give_up=lambda: True)
    assert time.monotonic() - begun < door.STEP_SECONDS / 2


def test_a_page_given_up_costs_no_worker() -> None:
    """PDFium is asked to stop first: what is drawn next does not wait for a new process."""
    before, asked, data = worker(), 0, hostile.long_page()

    def give_up() -> bool:
        nonlocal asked
        asked += 1
        return asked > 2

    with pytest.raises(UnreadablePage):
        pdf_page(data, 0, 300, give_up=give_up)
    assert worker() == before


def test_a_document_given_up_is_over(hung: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand pages that each hang are one wait and not a thousand."""
    monkeypatch.setattr(door, "STEP_SECONDS", 0.2)
    os.kill(hung, signal.SIGCONT)
    with pdf_opened(ORDINARY) as opened:
        os.kill(hung, signal.SIGSTOP)
        for _ in range(2):
            with pytest.raises(StoppedPdf):
                opened.size(0)
            monkeypatch.setattr(door, "STEP_SECONDS", 60.0)


def test_what_is_asked_of_one_document_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many questions it is made of."""
    monkeypatch.setattr(door, "DOCUMENT_SECONDS", 0.0)
    with pytest.raises(StoppedPdf), pdf_opened(ORDINARY):
        pass


def test_a_worker_that_falls_at_rest_is_not_noticed() -> None:
    """An open document is opened again in the next one."""
    with pdf_opened(ORDINARY) as opened:
        before = worker()
        os.kill(before, signal.SIGKILL)
        until(lambda: WALL.pid is None)
        assert opened.size(2) == (595, 842)
        assert WALL.pid != before


def test_a_worker_felled_by_another_document_is_not_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads an innocent document goes on."""
    with pdf_opened(ORDINARY) as opened:
        before = worker()
        os.kill(before, signal.SIGSTOP)
        monkeypatch.setattr(door, "STEP_SECONDS", 0.2)
        with pytest.raises(StoppedPdf), pdf_opened(documents.pdf()):
            pass
        monkeypatch.undo()
        assert [text.strip() for text in opened.texts(3, 100)] == [f"Potassium modere {n}" for n in (1, 2, 3)]
    assert gone(before)


def test_a_worker_killed_at_its_work_gives_the_document_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the system does when the memory of the post runs out."""
    pid = worker()
    threading.Timer(0.2, os.kill, (pid, signal.SIGKILL)).start()
    with pytest.raises(UnreadablePage):
        pdf_page(hostile.recursive(), 0, 300)
    assert worker() != pid


def test_threads_do_not_mix_their_documents() -> None:
    """Each has the answers to its own questions."""
    told: dict[int, tuple[str, ...]] = {}

    def read(number: int) -> None:
        told[number] = pdf_text(documents.pdf(4, text=f"Document {number} page"))

    threads = [threading.Thread(target=read, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == {n: tuple(f"Document {n} page {page}" for page in (1, 2, 3, 4)) for n in range(4)}


# -- the end of the program -------------------------------------------------------------------------------------------


def test_closing_does_not_wait_for_a_page(hung: int, qapp: object) -> None:
    """Nor for what stands behind it in the lane."""
    lanes, begun = TaskLanes(), threading.Event()
    told: list[object] = []

    def work() -> object:
        begun.set()
        return pdf_page(ORDINARY, 0, 900)

    for _ in range(3):
        lanes.run(Lane.PRINT, work, told.append, told.append)
    assert begun.wait(5)
    start = time.monotonic()
    with pdf_shut():
        lanes.close()
        with pytest.raises(Cancelled):
            pdf_facts(ORDINARY)
    assert time.monotonic() - start < door.STEP_SECONDS / 2
    assert told == []
    assert pdf_facts(ORDINARY).pages == 3


_ALONE = """
import sys, threading
sys.path.insert(0, "tests")
from helpers import hostile_documents, pdf_hostile
from dmp_desktop.pdfium.wall import WALL
from dmp_desktop.reading.pdf import pdf_facts, pdf_page
pdf_facts(hostile_documents.pdf())
assert not {"pypdfium2", "pypdfium2_raw"} & set(sys.modules)
hostile = pdf_hostile.recursive()
print(WALL.pid, flush=True)
if sys.argv[1] == "busy":
    print("busy", flush=True)
    pdf_page(hostile, 0, 900)
if sys.argv[1] == "idle":
    sys.stdin.read()
"""


@pytest.mark.parametrize("state", ["busy", "idle"])
def test_the_worker_ends_with_a_program_that_is_killed(state: str) -> None:
    """Deep in PDFium or at rest: nobody else will ever end it."""
    with subprocess.Popen(
        [sys.executable, "-c", _ALONE, state], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        pid = int(program.stdout.readline())
        if state == "busy":
            assert program.stdout.readline() == "busy\n"
        assert not gone(pid)
        program.kill()
    until(lambda: gone(pid))


def test_the_worker_ends_with_a_program_that_ends() -> None:
    """Which never had PDFium in its own memory."""
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-c", _ALONE, "end"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    until(lambda: gone(int(done.stdout)))
    assert done.stderr == ""


# -- what the worker may do -------------------------------------------------------------------------------------------


@linux
def test_the_worker_holds_few_rights() -> None:
    """No file written, no image of its memory, no memory without end; nothing of the screen in it."""
    proc = Path(f"/proc/{worker()}")
    limits = {line[:25].strip(): line[25:].split()[:2] for line in (proc / "limits").read_text().splitlines()}
    for name in ("Max file size", "Max core file size", "Max processes"):
        assert limits[name] == ["0", "0"], name
    assert limits["Max address space"] == ["1500000000", "1500000000"]
    assert limits["Max open files"] == ["32", "32"]
    assert "Umask:\t0077" in (proc / "status").read_text()
    assert (proc / "cwd").readlink() == Path("/")
    assert "PySide6" not in (proc / "maps").read_text()
    opened = {str(one.readlink()).partition(":")[0] for one in (proc / "fd").iterdir()}
    assert opened == {"/dev/null", "pipe"}


def test_it_is_made_ready_ahead() -> None:
    """And once only."""
    WALL.stop()
    warm_pdf()
    pid = WALL.pid
    assert pid is not None
    warm_pdf()
    assert worker() == pid


def test_a_built_program_is_its_own_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is started with one argument, as there is no interpreter beside it."""
    built = tmp_path / "dmp-desktop"
    built.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dmp_desktop "$@"\n')
    built.chmod(built.stat().st_mode | stat.S_IXUSR)
    WALL.stop()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(built))
    try:
        assert pdf_facts(ORDINARY).pages == 3
    finally:
        WALL.stop()


# -- what may stand in the worker's place -----------------------------------------------------------------------------


@pytest.mark.parametrize("script", ["raise SystemExit(1)", "print('bonjour' * 99)", "raise"])
def test_a_post_without_a_reader_of_pdfs_says_so(script: str, other_worker: Callable[[str], None]) -> None:
    """The document is kept, without the words of its PDF."""
    other_worker(script)
    parts, (told,) = parts_of(Content("application/pdf", ORDINARY))
    assert (parts, told.code) == ((), "pdf-engine-absent")
    cda = documents.cda(documents.unstructured(ORDINARY, "application/pdf"))
    assert "Consultation du matin" in text_of(RetrievedDocument("1.2.3", "1.2.4", "text/xml", cda))


def test_a_program_that_cannot_be_started_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As when an antivirus holds it."""
    WALL.stop()
    monkeypatch.setattr(wall, "command", lambda: [str(tmp_path / "absent")])
    with pytest.raises(NoPdfEngine), pdf_opened(ORDINARY):
        pass
    with pytest.raises(NoPdfEngine):
        warm_pdf()


@pytest.mark.parametrize(
    "answer",
    [
        {"is": "done"},
        {"is": "done", "document": "x", "pages": 1},
        {"is": "done", "document": 1, "pages": 1e400},
        {"is": "done", "document": 1, "pages": 1, "sizes": 3, "lengths": ["x"]},
        {"is": "done", "document": 1, "pages": 1, "sizes": [[1, 2, 3]], "lengths": []},
        {"is": "done", "document": 1, "pages": 10**9, "sizes": [["a", {}]], "lengths": [-1, 10**9]},
        {"is": "done", "document": 1, "pages": 1, "sizes": [[9, 9]], "lengths": [1]},
        {"is": ["done"]},
    ],
)
def test_a_worker_taken_over_is_not_believed(answer: dict[str, object], other_worker: Callable[[str], None]) -> None:
    """Its answers are read as data, and one of another shape gives the document up."""
    other_worker(
        "import sys\n"
        "from io import FileIO\n"
        "from dmp_desktop.pdfium.frames import Frame, receive, send\n"
        "inf = float('inf')\n"
        "source, sink = FileIO(0), FileIO(1, 'wb')\n"
        "send(sink, Frame({'is': 'ready'}))\n"
        "while True:\n"
        "    if receive(source).values['ask'] != 'close':\n"
        f"        send(sink, Frame({answer!r}, b'abc'))\n"
    )
    with pytest.raises(UnreadablePage):
        pdf_page(ORDINARY, 0, 300)
    assert pdf_text(ORDINARY) == ()
    assert pdf_find(ORDINARY, "abcd") == ()
