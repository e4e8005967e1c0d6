"""The program's side of the wall: one worker, one request at a time, each with an end.

Whoever waits stays master of the wait: the deadline, a change of mind and the closing of the program each end it. A
request given up is first told to the worker, which stops drawing if it can; else the worker is killed, by its own id,
and the next request starts a fresh one. The pipes are served by a thread for the length of one request: it is the same
on every system, and nothing is left between two requests.
"""

from __future__ import annotations

import atexit
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from typing import Any, Final, NoReturn, cast

from dmp_desktop.errors import Cancelled, ServiceUnavailable
from dmp_desktop.pdfium.frames import Frame, receive, send

START_SECONDS: Final = 30.0
"""For a worker to be ready: a tenth of a second usually, far more on a post that an antivirus holds."""

WORKER: Final = "pdf-worker"
"""The argument by which the program becomes a worker."""

_STEP: Final = 0.02
_GRACE: Final = 0.25
"""Seconds a worker has to stop by itself."""

_PIPE_BYTES: Final = 1_000_000


class NoPdfEngine(ServiceUnavailable):
    """The process that reads PDFs does not start."""

    code = "pdf-engine-absent"


class Stopped(Exception):
    """The worker fell, or was ended: it took too long, or nobody waits for it any more."""


class Fresh(Exception):
    """The worker is another one than the one that was spoken to: it holds none of its documents."""


def command() -> list[str]:
    """How a worker is started: as a program of its own, from the sources or from a built program."""
    if getattr(sys, "frozen", False):
        return [sys.executable, WORKER]
    return [sys.executable, "-P", "-m", "dmp_desktop", WORKER]


class _Worker:
    """One process and its pipes."""

    def __init__(self) -> None:
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own program, no word of which comes from outside
                command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise NoPdfEngine(f"worker not started: {type(error).__name__}") from None
        self.pid = self._process.pid
        self.ready = False
        self.numbers = 0
        # Unbuffered, hence raw files, which the stubs of Popen cannot know.
        self._into = cast(FileIO, self._process.stdin)
        self._out_of = cast(FileIO, self._process.stdout)
        _widen(self._into)
        _widen(self._out_of)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """End it, and wait until it is gone. May be asked by several threads, and twice."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """After :meth:`kill`, when nobody uses the pipes any more."""
        for pipe in (self._into, self._out_of):
            with suppress(OSError):
                pipe.close()

    def tell(self, word: Frame) -> None:
        """Send a few values that have no answer; a worker that is gone needs none."""
        with suppress(OSError, ValueError):
            send(self._into, word)

    def exchange(self, request: Frame | None, seconds: float, given_up: Callable[[], bool]) -> Frame:
        """Send and receive, or only receive.

        :raises Stopped: it did not answer; it may still live.
        """
        limit = time.monotonic() + seconds
        got: list[Frame] = []
        asked, over = threading.Event(), threading.Event()

        def talk() -> None:
            with suppress(OSError, EOFError, ValueError):
                if request is not None:
                    send(self._into, request)
                asked.set()
                got.append(receive(self._out_of))
            over.set()

        def late() -> bool:
            while not over.wait(_STEP):
                if given_up() or time.monotonic() > limit:
                    return True
            return False

        thread = threading.Thread(target=talk, name="pdf-worker-pipe", daemon=True)
        thread.start()
        try:
            ended = late()
            if ended and asked.is_set() and request is not None:
                self.tell(Frame({"ask": "stop", "number": request.values["number"]}))
                over.wait(_GRACE)
        finally:
            # Whatever happened here, nobody is left reading a pipe.
            if not got:
                self.kill()
            thread.join()
        if ended or not got:
            raise Stopped
        return got[0]


class Wall:
    """The worker of this process, started when it is needed. Any thread."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._worker: _Worker | None = None
        self._generation = 0
        self._shut = 0
        self._forgotten: deque[tuple[int, int]] = deque()

    @property
    def pid(self) -> int | None:
        """Id of the worker, if one runs."""
        worker = self._worker
        return worker.pid if worker is not None and worker.alive else None

    def warm(self) -> None:
        """Start the worker if none runs and nobody is about to: the first page then comes sooner.

        :raises NoPdfEngine: it does not start.
        """
        if self._turn.acquire(blocking=False):
            try:
                if not self._shut:
                    self._living()
            finally:
                self._turn.release()

    def ask(
        self,
        generation: int | None,
        seconds: float,
        given_up: Callable[[], bool],
        data: bytes = b"",
        **values: Any,
    ) -> tuple[int, Frame]:
        """Ask one thing; the answer, and the generation of the worker that gave it.

        :param generation: of the worker that must answer, ``None`` for any.
        :param seconds: it is given, its turn and its start not counted.
        :raises Fresh: that worker is no more.
        :raises Stopped: no answer in time, or nobody waits for it; the worker fell.
        :raises NoPdfEngine: no worker starts.
        :raises Cancelled: the program is closing.
        """

        def ends() -> bool:
            return self._shut > 0 or given_up()

        while not self._turn.acquire(timeout=_STEP):
            if ends():
                self._gone()
        try:
            if self._shut:
                raise Cancelled
            worker = self._living()
            if generation is not None and generation != self._generation:
                raise Fresh
            try:
                if not worker.ready:
                    self._greet(worker, ends)
                worker.numbers += 1
                answer = worker.exchange(Frame({**values, "number": worker.numbers}, data), seconds, ends)
                return self._generation, answer
            except Stopped:
                self._gone()
        finally:
            self._forget_now()
            self._turn.release()

    def forget(self, generation: int, document: int) -> None:
        """Let a worker forget a document, at once if it is at rest, else after what it does. Nothing is waited for."""
        self._forgotten.append((generation, document))
        if self._turn.acquire(blocking=False):
            try:
                self._forget_now()
            finally:
                self._turn.release()

    @contextmanager
    def shut(self) -> Iterator[None]:
        """Nothing is asked inside, and what is being asked ends at once. A worker at rest is left there."""
        self._shut += 1
        try:
            yield
        finally:
            self._shut -= 1

    def stop(self) -> None:
        """End the worker: the program is about to."""
        with self.shut(), self._turn:
            self._bury()

    def _forget_now(self) -> None:
        while self._forgotten:
            generation, document = self._forgotten.popleft()
            if self._worker is not None and generation == self._generation:
                self._worker.tell(Frame({"ask": "close", "document": document}))

    def _gone(self) -> NoReturn:
        if self._shut:
            raise Cancelled
        raise Stopped

    def _living(self) -> _Worker:
        if self._worker is not None and not self._worker.alive:
            self._bury()
        if self._worker is None:
            if not self._generation:
                atexit.register(self.stop)
            self._worker = _Worker()
            self._generation += 1
        return self._worker

    def _greet(self, worker: _Worker, ends: Callable[[], bool]) -> None:
        try:
            answer = worker.exchange(None, START_SECONDS, ends)
        except Stopped:
            if ends():
                raise
            raise NoPdfEngine("worker not ready") from None
        if answer.values != {"is": "ready"}:
            worker.kill()
            raise NoPdfEngine("worker not ready")
        worker.ready = True

    def _bury(self) -> None:
        if self._worker is not None:
            self._worker.kill()
            self._worker.close()
            self._worker = None


def _widen(pipe: FileIO) -> None:
    """A document and a page pass in few pieces, where the system lets a pipe hold more."""
    if sys.platform == "linux":
        from fcntl import F_SETPIPE_SZ, fcntl

        with suppress(OSError):
            fcntl(pipe.fileno(), F_SETPIPE_SZ, _PIPE_BYTES)


WALL: Final = Wall()
