"""From an error to what the person reads: what happened, what it means for the dossier, what to do; and an id to copy.

The texts are in ``resources/texts/sentences.json``, one entry per error code; a test demands one for every error class
of the program (F23: no bare code, ever).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache

from dmp_desktop.config import resource
from dmp_desktop.errors import DmpError, RefusedByStore, UserError, WorldError

_UNFILLED = re.compile(
    r"[ \u00a0]*\([^()]*\{[a-z_]+\}[^()]*\)|(?:\u00a0:)?[ \u00a0]*[«»\u00a0 ]*\{[a-z_]+\}[«»\u00a0 ]*"
)
"""A fact of the error that its code alone does not hold: its whole parenthesis, or the guillemets around it."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Three parts and an id (guide §7).

    :ivar what: the cause; :ivar effect: on the dossier; :ivar todo: the next gesture.
    :ivar incident: to copy for support, the same id as in the log.
    """

    what: str
    effect: str
    todo: str
    incident: str = ""

    @property
    def text(self) -> str:
        """The three parts in one paragraph."""
        return " ".join(part for part in (self.what, self.effect, self.todo) if part)


@cache
def table() -> dict[str, tuple[str, str, str]]:
    """Every sentence by error code."""
    raw: dict[str, list[str]] = json.loads(resource("texts", "sentences.json").read_text("utf-8"))
    return {code: (parts[0], parts[1], parts[2]) for code, parts in raw.items()}


def sentence(error: BaseException) -> Sentence:
    """What the person reads for ``error``; an unforeseen one is told as a fault of ours, never by its own text."""
    if not isinstance(error, DmpError):
        error = DmpError("unforeseen")
        code = "bug"
    else:
        code = error.code
    sentences = table()
    if code not in sentences:
        code = "user" if isinstance(error, UserError) else "world" if isinstance(error, WorldError) else "bug"
    facts = {name: "" if value is None else value for name, value in error.facts.items()}
    if isinstance(error, RefusedByStore):
        # The store's own words: for the screen, never for the log.
        facts["store_text"] = error.store_text or error.store_code
    what, effect, todo = (_fill(part, facts) for part in sentences[code])
    return Sentence(what, effect, todo, error.incident)


def sentence_of(code: str) -> Sentence:
    """The sentence of a cause kept as its code; one without a sentence is told as an unknown cause."""
    what, effect, todo = (_UNFILLED.sub("", part) for part in table().get(code, table()["world"]))
    return Sentence(what, effect, todo)


def _fill(template: str, facts: dict[str, str | int]) -> str:
    for name, value in facts.items():
        template = template.replace("{" + name + "}", str(value))
    return template
