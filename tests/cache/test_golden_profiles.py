"""A profile of each released version opens in this one, whole: nothing of it is lost by an upgrade."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from helpers import clinical_world as w
from helpers import golden

VERSIONS = sorted(path.name for path in golden.FOLDER.iterdir() if path.is_dir())


def test_the_first_version_is_kept() -> None:
    """What is not there is not tried: the folder is never empty."""
    assert "0.1" in VERSIONS


@pytest.mark.parametrize("version", VERSIONS)
def test_a_golden_profile_opens_whole(version: str, tmp_path: Path) -> None:
    """Passphrase and recovery page open it; each table has its rows; files and journal check; contents are read."""
    shutil.copytree(golden.FOLDER / version, tmp_path / "profile")
    told = json.loads((tmp_path / "profile" / golden.COUNTS).read_text("utf-8"))
    filled = {table: rows for tables in told.values() for table, rows in tables.items() if table != "meta"}
    assert all(filled.values()), "every table had something in it"
    profile = golden.unlocked(tmp_path / "profile")
    assert profile.store is not None and profile.clinical is not None
    now = golden.both(profile)
    for name, tables in told.items():
        assert {table: now[name].get(table) for table in tables} == tables
    for database in (profile.store.database, profile.clinical.database):
        database.check()
    assert profile.store.journal.verify() == told["desk.db"]["journal"]
    content = profile.clinical.shelf.content(w.HIS, w.logical("1"))
    assert content is not None and content.content == w.retrieved("1").content
    assert profile.clinical.drafts.content(w.draft("bare").id) == b"%PDF-1.4"
    assert len(profile.store.outbox.waiting()) == 1
    profile.close()
