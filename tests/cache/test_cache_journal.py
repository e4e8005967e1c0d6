"""The journal: it grows, it holds no identity, and whoever alters it is found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.store_world import BRINDILLE, GASPARD, desk_store, keys, opening

from dmp_desktop.cache.database import BrokenRule
from dmp_desktop.cache.errors import TamperedJournal
from dmp_desktop.cache.journal import Act
from dmp_desktop.cache.store import DeskStore

UNLOCK = "DROP TRIGGER journal_rows_stay_as_written"
UNLOCK_DELETE = "DROP TRIGGER journal_rows_stay"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DeskStore]:
    """A store with five journal rows."""
    with desk_store(tmp_path) as made:
        for reason in ("un", "deux", "trois", "quatre", "cinq"):
            made.journal.append(Act.PRINTED, BRINDILLE, event="e", reason=reason)
        yield made


def test_an_untouched_journal_verifies(store: DeskStore) -> None:
    """Every row follows from the one before."""
    assert store.journal.verify() == 5
    assert [row.reason for row in store.journal.last(2)] == ["cinq", "quatre"]


@pytest.mark.parametrize("sql", ["UPDATE journal SET reason = 'x'", "DELETE FROM journal", "DELETE FROM journal_head"])
def test_the_store_refuses_to_alter_it(store: DeskStore, sql: str) -> None:
    """The ordinary ways to change or remove a row fail."""
    with pytest.raises(BrokenRule):
        store.database.execute(sql)
    assert store.journal.verify() == 5


@pytest.mark.parametrize(
    ("tampering", "row"),
    [
        ((UNLOCK, "UPDATE journal SET reason = 'autre' WHERE row = 3"), 3),
        ((UNLOCK, "UPDATE journal SET offset_ms = 0 WHERE row = 2"), 2),
        ((UNLOCK_DELETE, "DELETE FROM journal WHERE row = 2"), 2),
        ((UNLOCK_DELETE, "DELETE FROM journal WHERE row >= 4"), 4),
        ((UNLOCK_DELETE, "DELETE FROM journal"), 1),
        ((UNLOCK, "UPDATE journal SET row = 10 - row WHERE row > 3", "UPDATE journal SET row = row - 1"), 1),
        (("INSERT INTO journal SELECT 6, at, act, event, dossier, professional, structure, 'six', NULL, hash, hash"
          " FROM journal WHERE row = 5",), 6),
    ],
)  # fmt: skip
def test_tampering_is_found_at_its_row(store: DeskStore, tampering: tuple[str, ...], row: int) -> None:
    """Edited, removed, cut off, reordered or forged: the first row that does not hold is named."""
    for sql in tampering:
        store.database.execute(sql)
    with pytest.raises(TamperedJournal) as found:
        store.journal.verify()
    assert found.value.facts["row"] == row


def test_a_row_forged_with_its_own_hash_breaks_the_next(store: DeskStore) -> None:
    """Whoever edits a row and computes its hash again is found one row further."""
    (row,) = store.database.rows("SELECT * FROM journal WHERE row = 3")
    values = [*tuple(row)[:7], "autre", *tuple(row)[8:10]]
    digest = hashlib.sha256(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
    assert tuple(row)[10] != digest
    store.database.execute(UNLOCK)
    store.database.execute("UPDATE journal SET reason = 'autre', hash = ? WHERE row = 3", (digest,))
    with pytest.raises(TamperedJournal) as found:
        store.journal.verify()
    assert found.value.facts["row"] == 4


def test_a_tampered_journal_is_told_at_start(tmp_path: Path) -> None:
    """Opening the store verifies the chain."""
    mine = keys()
    with desk_store(tmp_path, with_keys=mine) as store:
        store.journal.append(Act.PRINTED, BRINDILLE)
        store.database.execute("UPDATE journal_head SET hash = 'x'")
    with pytest.raises(TamperedJournal), desk_store(tmp_path, with_keys=mine):
        pass


def test_no_identity_is_journalled(tmp_path: Path) -> None:
    """A row about an opening holds a pseudonym: no number, no name, no contact."""
    with desk_store(tmp_path) as store:
        store.outbox.add(opening(), BRINDILLE)
        (row,) = store.database.rows("SELECT * FROM journal")
        text = " ".join(str(value) for value in row)
    assert not [word for word in (GASPARD.value, "CORNICHE", "GASPARD", "exemple.test", "1977") if word in text]
