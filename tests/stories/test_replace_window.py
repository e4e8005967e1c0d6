"""A new version of one's own document, by keys in the real window, against the sandbox's store."""

from __future__ import annotations

from helpers.window import Window, words_of

from dmp_desktop.app.clinic_room import ClinicRoom
from dmp_desktop.app.rooms import DEPOSIT, RECORD
from dmp_desktop.sandbox import people
from dmp_desktop.services.deposit_form import Blocker


def opened(window: Window) -> ClinicRoom:
    """Hortense's record, its list refreshed."""
    assert window.program.room is not None
    clinic = window.program.room.clinic
    window.vitale("hortense")
    window.until(window.program.board.vitale_slot)
    window.press("F3", "F4")
    window.until(lambda: clinic.record.record is not None and window.program.shell.page == RECORD)
    presenter = clinic.record.record.presenter  # type: ignore[union-attr]  # waited for above
    window.until(lambda: presenter.all_rows and not presenter.refreshing and not window.program.lanes.busy)
    return clinic


def test_ones_own_document_is_replaced_and_the_older_version_folds(window: Window) -> None:
    """Alt+Entrée, Alt+V: title, kind and day proposed; sent, confirmed, and the older one is under the newer."""
    window.sign("brindille")
    clinic = opened(window)
    record = clinic.record.record
    assert record is not None
    mine = people.profile("brindille").professional.id.value
    presenter = record.presenter
    old = next(
        row
        for row in presenter.rows
        if not row.older and row.act is None and any(author.id == mine for author in row.entry.authors)
    )
    presenter.choose(old.key)
    window.until(lambda: presenter.document.shown is not None and presenter.document.readable is not None)
    window.press("Alt+Return")
    window.until(lambda: record.host.currentWidget() is record.properties)
    assert "Remplacer par une nouvelle version" in words_of(record.properties)
    window.press("Alt+V")
    window.until(lambda: window.program.shell.page == DEPOSIT and clinic.deposit.form is not None)
    form = clinic.deposit.form
    assert form is not None and form.draft.replaces is not None
    assert (form.draft.title, form.draft.type_code) == (old.entry.title, old.entry.type_code)
    assert form.draft.replaces.entry_uuid == old.entry.entry_uuid
    assert not clinic.deposit.unsaved, "what is only proposed is not to be lost"
    assert "Remplacer ce document" in words_of(clinic.deposit_page)
    clinic.deposit.write("Version corrigée\u00a0: la date de contrôle est le 3 mai.")
    for audience in form.asked:
        clinic.deposit.answer(audience, False)
    assert Blocker.NO_TITLE not in form.blockers
    window.press("Ctrl+Return")
    window.until(lambda: presenter.behind and not window.program.lanes.busy)
    asked = [access.act for access in window.sandbox.store.accesses()]
    assert not [act for act in asked[asked.index("TD2.1") :] if act.startswith("TD3.1")], "no search follows a deposit"
    window.press("Esc")
    window.until(lambda: "Votre envoi est au DMP." in words_of(record.page))
    window.press("F5")
    window.until(lambda: old.key not in {row.key for row in presenter.rows} and not presenter.refreshing)
    (new,) = [row for row in presenter.rows if old.key in {kept.entry.logical_id for kept in row.older}]
    assert new.entry.title == old.entry.title
    window.until(lambda: not window.program.lanes.busy)
