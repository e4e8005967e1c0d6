"""What a session leaves behind in the process and on the disk: no key of the documents, no document."""

from __future__ import annotations

import gc

from helpers.keys_memory import reachable
from helpers.window import Window

from dmp_desktop.ui.record.page import RecordPage


def test_no_key_of_the_documents_outlives_the_session(window: Window) -> None:
    """A doctor reads a record, then the card is pulled: nothing that Python can reach holds the key any more."""
    window.sign("brindille")
    window.press("F3")
    window.vitale("hortense")
    program = window.program
    assert program.room is not None
    clinic = program.room.clinic
    window.until(lambda: clinic.record.record is not None and clinic.record.record.presenter.rows)
    window.until(lambda: not program.lanes.busy)
    backwards = program.session.copy.keys._profile.session_keys().clinical.key[::-1]  # type: ignore[union-attr]
    assert reachable(backwards), "the search finds it while the session is open"
    window.pull_card()
    window.until(lambda: program.shell.locked and not program.lanes.busy)
    assert program.profile.clinical is None
    assert not program.shell.findChildren(RecordPage)
    gc.collect()
    assert not reachable(backwards)
