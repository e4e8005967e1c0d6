"""Labels of professions and specialities, from the dated tables shipped with the program."""

from __future__ import annotations

import json
from functools import cache

from dmp_desktop.config import resource


@cache
def tables() -> dict[str, dict[str, str]]:
    """Code to label, by name of national table (G15, R01, G05)."""
    content: dict[str, dict[str, str]] = json.loads(resource("terminology", "professions.json").read_text("utf-8"))[
        "tables"
    ]
    return content


def profession_label(code: str) -> str:
    """Label of a code of table G15; the code itself when it is not known."""
    return tables()["G15"].get(code, code)


def speciality_label(code: str) -> str:
    """Label of a code of table R01 (savoir-faire) or G05 (pharmacists); the code itself when it is not known."""
    return tables()["R01"].get(code) or tables()["G05"].get(code, code)
