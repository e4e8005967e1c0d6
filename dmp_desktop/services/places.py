"""Names of birth places from their INSEE code (COG), loaded on the first question."""

from __future__ import annotations

from functools import cache

from dmp_desktop.config import resource


@cache
def _communes() -> dict[str, str]:
    lines = resource("terminology", "communes.tsv").read_text("utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines if line and not line.startswith("#"))


def place_name(code: str) -> str:
    """``Nîmes (30)`` for a commune of today or of yesterday; what is known of any other code; ``""`` for none.

    A birth place is the code INSi gave: a name is only a reading of it, never sent anywhere.
    """
    if not code:
        return ""
    name = _communes().get(code)
    department = code[:3] if code.startswith("97") else code[:2]
    if name is not None:
        return f"{name} ({department})"
    return f"Étranger (code {code})" if code.startswith("99") else f"Code INSEE {code}"
