"""The world around a test run: home, screen, time zone, network and the official reference data."""

from __future__ import annotations

import errno
import json
import os
import sys
from pathlib import Path
from typing import Any

from hypothesis import settings

ROOT = Path(__file__).parents[2]

# A test never reaches the session bus (the person's own keyring), nor a display when it asked for none.
FORBIDDEN_VARIABLES = ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "QT_SCALE_FACTOR_ROUNDING_POLICY")


def environment(home: Path) -> dict[str, str]:
    """Variables that keep everything a program writes for its user inside ``home``, in French time."""
    folders = {name: home / name for name in ("config", "data", "cache", "state", "run")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "XDG_CONFIG_HOME": str(folders["config"]),
        "XDG_DATA_HOME": str(folders["data"]),
        "XDG_CACHE_HOME": str(folders["cache"]),
        "XDG_STATE_HOME": str(folders["state"]),
        "XDG_RUNTIME_DIR": str(folders["run"]),
        "TZ": "Europe/Paris",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        # What a child said before it was killed is read by the test that killed it.
        "PYTHONUNBUFFERED": "1",
    }


def offscreen(folder: Path, *, width: int = 1366, height: int = 768, scale: float = 1.0) -> dict[str, str]:
    """Variables of an offscreen Qt with a screen of ``width`` by ``height`` logical pixels.

    ``scale`` is the device pixel ratio. Qt reads them when its application is created, so another screen within
    one run needs another process: ``subprocess.run(..., env=os.environ | offscreen(tmp_path, scale=2))``.
    """
    screen = {
        "name": "desk",
        "x": 0,
        "y": 0,
        "width": round(width * scale),
        "height": round(height * scale),
        "logicalDpi": 96,
        "logicalBaseDpi": 96,
        "dpr": 1,
    }
    file = folder / f"screen-{width}x{height}-{scale:g}.json"
    file.write_text(json.dumps({"screens": [screen]}), "utf-8")
    # The ratio of the file alone leaves windows at 1: Qt takes it from this variable.
    return {"QT_QPA_PLATFORM": f"offscreen:configfile={file}", "QT_SCALE_FACTOR": f"{scale:g}"}


def reference_folder() -> Path | None:
    """Where the official schemas and messages are: ``DMP_REFERENCE``, else beside the project; ``None`` if absent."""
    named = os.environ.get("DMP_REFERENCE")
    folder = Path(named) if named else ROOT.parent / "shared" / "reference"
    return folder if folder.is_dir() else None


def load_hypothesis_profile() -> None:
    """No deadline (shared machines stall), no database in the checkout; the same examples each time under ``CI``."""
    settings.register_profile("house", deadline=None, database=None, print_blob=True)
    settings.register_profile("ci", settings.get_profile("house"), derandomize=True)
    settings.load_profile("ci" if os.environ.get("CI") else "house")


def stay_on_this_machine() -> None:
    """From now on, a connection that would leave the loopback fails as an unplugged network does."""
    sys.addaudithook(_refuse_outside)


def _refuse_outside(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        outside = isinstance(address, tuple) and not _is_loopback(address[0])
    elif event == "socket.getaddrinfo":
        outside = not _is_loopback(arguments[0])
    else:
        return
    if outside:
        raise OSError(errno.ENETUNREACH, "tests stay on this machine")


def _is_loopback(host: object) -> bool:
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    return text in (None, "", "localhost", "::1", "0.0.0.0", "::") or str(text).startswith("127.")  # noqa: S104 - compared only
