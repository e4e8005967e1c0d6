"""The page to lock away: its code whole, nobody's name, the same bytes for the same page."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

from helpers import print_papers as p

from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.printing.recovery import RecoveryPaper, recovery

PAGE = RecoveryPaper(
    Secret("G52R-ZJJZ-YW7B-V7VD-R3QN-QT1C-7QTC"), "A1B2-C3D4", datetime(2026, 11, 22, 9, tzinfo=UTC), True
)


def test_the_page_holds_its_code_its_reference_and_what_to_do_with_it() -> None:
    """Every group of the code, the reference of the vault, the day; and where to type it."""
    said = p.text(recovery(PAGE))
    assert all(group in said for group in PAGE.code.reveal().split("-"))
    for item in ("A1B2-C3D4", "22 novembre 2026", "À garder sous clé", "Page de secours", "DÉMONSTRATION"):
        assert item in said
    assert "DÉMONSTRATION" not in p.text(recovery(dataclasses.replace(PAGE, demonstration=False)))


def test_the_page_is_the_same_each_time_and_its_code_never_shows_elsewhere() -> None:
    """Same page, same bytes; no code in its metadata nor in the value's own representation."""
    assert recovery(PAGE) == recovery(PAGE)
    assert "G52R" not in repr(PAGE)
    assert b"G52R" not in recovery(PAGE)
