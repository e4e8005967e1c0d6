"""Every French string of the opening's screens, read from the source: the typography and the words of the house."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import dmp_desktop.ui.opening as package
from dmp_desktop.domain.dossier import AccessChoice, DossierState, Protection, RepresentativeQuality
from dmp_desktop.domain.identity import InsStatus, ProofDocument, Sex, Trait
from dmp_desktop.services.opening import StopCause
from dmp_desktop.services.opening_form import Blocker
from dmp_desktop.ui.opening import texts

FILES = sorted(Path(package.__file__).parent.glob("*.py"))

FORBIDDEN = {
    "a straight apostrophe": re.compile(r"\w'\w"),
    "an ordinary space before a colon": re.compile(r" :(?!\d)"),
    "an ordinary space before ; ? or !": re.compile(r" [;?!]"),
    "no space before ? or ;": re.compile(r"[a-zé][?;]"),
    "an exclamation": re.compile("!"),
    "three dots": re.compile(r"\.\.\."),
    "an ordinary space inside guillemets": re.compile("« | »"),
    "a word the house does not use": re.compile(r"\b(erreur|veuillez|patient|OK)\b", re.IGNORECASE),
    "an ordinary space before a unit": re.compile(r"\d (?:s|min|caractères)\b"),
}


def _strings(path: Path) -> list[str]:
    """What may reach the screen: literals that are not docstrings and hold words of French."""
    tree = ast.parse(path.read_text("utf-8"))
    quiet = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            quiet.add(id(node.value))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in quiet:
            words = node.value
            if re.search(r"[A-Za-zÀ-ÿ]{2,} |[À-ÿ’]|[A-Z][a-zé]{2,}", words) and not _is_code(words):
                found.append(words)
    return found


def _is_code(words: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z_.|+*\[\]{}<>\\/0-9:-]+", words)) or words.startswith(("no ", "not ", "gone"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_string_follows_the_typography(path: Path) -> None:
    """Guide 7: no-break spaces, ’, no exclamation, none of the words that accuse or order."""
    for words in _strings(path):
        for fault, pattern in FORBIDDEN.items():
            assert not pattern.search(words), f"{fault}: {words!r}"


def test_every_value_of_the_trade_has_its_words() -> None:
    """A blocker, a status, a document or a cause without words would be a bare code on the screen."""
    tables = {
        Blocker: texts.BLOCKER,
        Sex: texts.SEX,
        InsStatus: texts.INS_STATUS,
        Trait: texts.TRAIT,
        ProofDocument: texts.PROOF,
        RepresentativeQuality: texts.QUALITY,
        Protection: texts.PROTECTION,
        DossierState: texts.STATE_CHIP,
        StopCause: texts.STEP_STOPPED,
    }
    for kind, table in tables.items():
        assert set(table) == set(kind)
    assert AccessChoice.NOBODY in AccessChoice


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Odile", "d’Odile"), ("Capucine", "de Capucine"), ("Élise", "d’Élise"), ("la personne", "de la personne")],
)
def test_elision(name: str, expected: str) -> None:
    """``de`` before a consonant, ``d’`` before a vowel."""
    assert texts.of(name) == expected
