"""The log: ids and statuses only.

Library loggers that could print bodies or bytes are silenced, tracebacks are written without local values nor
messages of foreign exceptions (a library may put a value into its message), and card traffic is never logged.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from dmp_desktop.errors import DmpError

LOGGER = logging.getLogger("dmp_desktop")
_NOISY = (
    "httpx",
    "httpcore",
    "urllib3",
    "smartcard",
    "asyncio",
    "uvicorn",
    "uvicorn.error",
    "uvicorn.access",
    "fontTools",
    "pikepdf",
)


class SafeFormatter(logging.Formatter):
    """Formats exceptions by type and place; only our own errors keep their message, which never holds an identity."""

    def formatException(self, ei: object) -> str:
        """Type, incident and code path of the exception."""
        assert isinstance(ei, tuple)  # noqa: S101 - logging's contract
        _, error, trace = ei
        return describe(error, trace)


def describe(error: BaseException | None, trace: TracebackType | None) -> str:
    """An exception without a value of the program in it: types, files, lines."""
    lines = [f"  {Path(f.filename).name}:{f.lineno} in {f.name}" for f in traceback.extract_tb(trace)]
    own = f": {error} [{error.incident}]" if isinstance(error, DmpError) else ""
    lines.append(f"{type(error).__name__}{own}")
    cause = error.__cause__ if error is not None else None
    return "\n".join(lines) + (f"\ncaused by {type(cause).__name__}" if cause is not None else "")


def start(folder: Path, *, debug: bool = False) -> logging.Handler:
    """Log to ``folder/dmp_desktop.log`` (five files of 1 MB); the handler is returned for closing."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = RotatingFileHandler(folder / "dmp_desktop.log", maxBytes=1_000_000, backupCount=4, encoding="utf-8")
    handler.setFormatter(SafeFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    LOGGER.setLevel(logging.DEBUG if debug else logging.INFO)
    LOGGER.addHandler(handler)
    LOGGER.propagate = False
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING if debug else logging.CRITICAL)
    return handler


def install_crash_hook(show: Callable[[BaseException], None]) -> None:
    """Log an uncaught exception without its values, then let ``show`` tell the person."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        LOGGER.error("uncaught\n%s", describe(error, trace))
        show(error)

    sys.excepthook = hook
