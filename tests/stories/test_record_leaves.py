"""A record that was closed is gone: from the screen, from the lanes, and from memory."""

from __future__ import annotations

import gc
import weakref

from helpers.doctor_day import DoctorDay
from helpers.window import Window


def test_a_closed_record_leaves_nothing_in_memory(window: Window) -> None:
    """The list, its viewer and what decides are let go, the last record's too, with nothing else opened after it."""
    window.sign("brindille")
    day = DoctorDay(window)
    day.idle()
    window.press("F3", "Alt+M")
    window.until(lambda: day.clinic.people.finding.listed)
    day.by_search("chic")
    day.opened("CHICORÉE")
    day.idle()
    record = day.record
    parts = (record, record.page, record.viewer, record.presenter, record.presenter.document, record.overview)
    watched = {type(part).__name__: weakref.ref(part) for part in parts}
    del record, parts
    day.leave()
    day.idle()

    def kept() -> list[str]:
        gc.collect()
        return [name for name, part in watched.items() if part() is not None]

    window.until(lambda: not kept())
