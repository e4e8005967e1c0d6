"""The one place that builds real parts and joins them; closes all in order."""

from __future__ import annotations

from dmp_desktop.app.world import Options

__all__ = ["Options", "run"]


def run(options: Options) -> int:
    """Run the program until its window is closed; the exit status of the process."""
    from dmp_desktop.app.program import run_program

    return run_program(options)
