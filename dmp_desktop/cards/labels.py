"""Labels of professions and specialities, from the dated tables shipped with the program."""

from __future__ import annotations

import json
from functools import cache

from dmp_desktop.config import resource


@cache
def _tables() -> dict[str, dict[str, str]]:
    tables: dict[str, dict[str, str]] = json.loads(resource("terminology", "professions.json").read_text("utf-8"))[
        "tables"
    ]
    return tables


def profession_label(code: str) -> str:
    """Label of a code of table G15; the code itself when it is not known."""
    return _tables()["G15"].get(code, code)


def speciality_label(code: str) -> str:
    """Label of a code of table R01 (savoir-faire) or G05 (pharmacists); the code itself when it is not known."""
    return _tables()["R01"].get(code) or _tables()["G05"].get(code, code)
