"""Every error has its sentence: what happened, what it means, what to do (F23)."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import dmp_desktop
from dmp_desktop.errors import DmpError, RefusedByStore
from dmp_desktop.ui.sentences import sentence, sentence_of, table


def every_error() -> Iterator[type[DmpError]]:
    """Every class of error of the program; those that other tests make do not count."""
    for module in pkgutil.walk_packages(dmp_desktop.__path__, "dmp_desktop."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    waiting: list[type[DmpError]] = [DmpError]
    while waiting:
        kind = waiting.pop()
        if kind.__module__.startswith("dmp_desktop."):
            yield kind
        waiting += kind.__subclasses__()


def test_every_error_has_a_sentence_of_three_parts() -> None:
    """No bare code reaches the person."""
    missing = sorted({kind.code for kind in every_error()} - set(table()))
    assert missing == []
    assert not [code for code, parts in table().items() if not all(part.strip() for part in parts)]


@pytest.mark.parametrize("code", sorted(table()))
def test_the_words_follow_the_houses_typography(code: str) -> None:
    """Vous, ’ and not ', no-break spaces before double punctuation, no exclamation, no « erreur » (guide §7)."""
    text = " ".join(table()[code])
    assert "'" not in text
    assert "!" not in text
    assert "erreur" not in text.lower()
    assert "veuillez" not in text.lower()
    assert not re.search(r"[^\u202f]\?|[^\u202f];|[^\u00a0]:(?!//)", text), text
    assert not re.search(r"«[^\u00a0]|[^\u00a0]»", text), text


@pytest.mark.parametrize("code", sorted(table()))
def test_a_cause_kept_as_its_code_is_told_without_holes(code: str) -> None:
    """A row that waits has no facts: the sentence closes over them."""
    told = sentence_of(code)
    assert "{" not in told.text
    assert "()" not in told.text
    assert not re.search(r"[:\u00a0 ]\.", told.what)


def test_the_facts_are_filled_in() -> None:
    """Tries, codes and the store's own words stand in their sentence."""
    told = sentence(RefusedByStore("DMPAccessDeniedByRightsService", "Droits insuffisants"))
    assert "Droits insuffisants" in told.what
    assert "DMPAccessDeniedByRightsService" in told.what
    assert told.incident


def test_an_unforeseen_fault_never_shows_its_own_text() -> None:
    """The text of a foreign exception may hold anything: it is told as a fault of ours."""
    told = sentence(ValueError("CORNICHE 279059990101763"))
    assert "CORNICHE" not in told.text
    assert told.what == table()["bug"][0]
