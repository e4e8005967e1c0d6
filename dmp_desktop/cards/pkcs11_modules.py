"""Where the PKCS#11 module for professional cards may be.

The official Cryptolib CPS of the Agence du Numérique en Santé first (places of its installers, version 5.2), then
OpenSC, whose CPS driver reads CPS3 and later since version 0.22.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from dmp_desktop.domain.readers import ModuleMissing

_LINUX: Final = (
    "/opt/santesocial/CPS/lib/libcps3_pkcs11_lux.so",
    "/usr/lib64/libcps3_pkcs11_lux.so",
    "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so",
    "/usr/lib/aarch64-linux-gnu/opensc-pkcs11.so",
    "/usr/lib64/opensc-pkcs11.so",
    "/usr/lib64/pkcs11/opensc-pkcs11.so",
    "/usr/lib/opensc-pkcs11.so",
    "/usr/lib/pkcs11/opensc-pkcs11.so",
)
_MACOS: Final = (
    "/usr/local/lib/libcps3_pkcs11_osx.dylib",
    "/Library/OpenSC/lib/opensc-pkcs11.so",
    "/opt/homebrew/lib/opensc-pkcs11.so",
)


def usual_places(platform: str = sys.platform) -> tuple[Path, ...]:
    """The places of this system, best first."""
    if platform == "win32":
        windows = Path(os.environ.get("WINDIR", r"C:\Windows"))
        programs = Path(os.environ.get("PROGRAMFILES", r"C:\Program Files"))
        return (
            windows / "System32" / "cps3_pkcs11_w64.dll",
            programs / "OpenSC Project" / "OpenSC" / "pkcs11" / "opensc-pkcs11.dll",
        )
    return tuple(Path(place) for place in (_MACOS if platform == "darwin" else _LINUX))


def find_module(setting: Path | None, places: tuple[Path, ...] | None = None) -> Path:
    """The module to load: the one of the settings, and only that one, else the first present of the usual places.

    :raises ModuleMissing: nothing there; ``facts["setting"]`` tells whether the settings named one.
    """
    candidates = (setting,) if setting is not None else usual_places() if places is None else places
    for place in candidates:
        if place.is_file():
            return place
    raise ModuleMissing("no PKCS#11 module found", setting=int(setting is not None))
