"""One opening in the real window, played by its keys: how many, and how much of the time is the program's own.

Not a ratio of two works but of two times of one run: what the program itself spends between F2 and the papers on
screen (cards, drawing, store), against the same plus the exchanges with the central store.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.harness import Unmeasurable
from helpers import house_world

ROUNDS = 5

_PLAYED = """
import sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
from dmp_desktop.app import Options
from dmp_desktop.app.play import Play
from dmp_desktop.app.program import Program
from dmp_desktop.ui.tasks import Lane

application = QApplication([])
folder = Path(sys.argv[1])
program = Program(application, Options(sandbox=True, profile=folder / "post"))
play = Play(program, folder / "out")
network, marks = [], {}
plain = program.lanes.run

def run(lane, work, done, failed):
    def timed():
        start = time.perf_counter()
        try:
            return work()
        finally:
            network.append(time.perf_counter() - start)
    return plain(lane, timed if lane is Lane.SYNC else work, done, failed)

program.lanes.run = run
say = play._say
def mark(words):
    marks[words.split(".")[0]] = time.perf_counter()
    if words.startswith("4."):
        network.clear()
    if words.startswith("10."):
        marks["network"] = sum(network)
play._say = mark
program.begin()
play.begin()
application.exec()
program.close()
total = marks["10"] - marks["4"]
print("seconds", total, marks["network"], "keys", play.keys)
sys.exit(play.status)
"""


def report() -> str:
    """One line: keys, seconds of the program alone, seconds with the store, medians over the rounds."""
    own: list[float] = []
    whole: list[float] = []
    keys = 0
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            environment = os.environ | house_world.environment(home) | house_world.offscreen(home)
            environment["PYTHONPATH"] = str(house_world.ROOT)
            done = subprocess.run(
                [sys.executable, "-c", _PLAYED, folder], env=environment, capture_output=True, text=True, check=False
            )
        found = re.search(r"seconds (\S+) (\S+) keys (\d+)", done.stdout)
        if done.returncode or found is None:
            raise Unmeasurable(f"a play that ends well: {done.stderr[-300:]}")
        total, network, keys = float(found[1]), float(found[2]), int(found[3])
        own.append(total - network)
        whole.append(total)
    return (
        f"opening: {keys} keys with a difference of identity to decide (8 without); F2 to papers on screen "
        f"{statistics.median(own):.2f} s of the program alone, {statistics.median(whole):.2f} s with the sandbox "
        f"(median of {ROUNDS}, {min(own):.2f} – {max(own):.2f} s alone)"
    )
