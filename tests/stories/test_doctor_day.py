"""A doctor's day in the real window, by keys and cards only: drafts, bris de glace, the day prepared; the desk."""

from __future__ import annotations

import pytest
from helpers.doctor_day import DoctorDay
from helpers.raw_scan import remnants
from helpers.window import Window
from PySide6.QtWidgets import QAbstractButton, QApplication, QRadioButton

from dmp_desktop.sandbox import people
from dmp_desktop.services.emergency import Stage


@pytest.fixture
def day(window: Window) -> DoctorDay:
    """Dr Brindille, signed in, before the day's list."""
    window.sign("brindille")
    made = DoctorDay(window)
    made.idle()
    return made


def agenda_line(hour: str, key: str) -> str:
    """A line of the practice's agenda."""
    traits = people.person(key).traits
    return f"{hour} {traits.birth_name} {traits.first_given_name} {traits.birth_date.text}"


def test_changing_patient_with_an_unsent_draft_asks(day: DoctorDay) -> None:
    """« Rester » keeps person and text; « Changer de personne » leaves the draft with its own patient."""
    window = day.window
    window.press("F3", "Alt+M")
    window.until(lambda: day.clinic.people.finding.listed)
    day.by_search("chic")
    day.opened("CHICORÉE")
    day.begin_report("Brouillon de Firmin")
    day.by_search("sauge")
    window.until(lambda: window.focus_name == "Rester")
    assert day.whose() == "CHICORÉE"
    window.press("Return")
    window.until(lambda: window.focus_name != "Rester")
    assert day.whose() == "CHICORÉE"
    assert day.clinic.deposit.form is not None
    assert day.clinic.deposit.form.draft.text == "Brouillon de Firmin"
    day.by_search("sauge")
    window.until(lambda: window.focus_name == "Rester")
    window.press("Alt+O")
    day.opened("SAUGE-VERVEINE")
    day.begin_report("")
    day.idle()
    assert day.clinic.deposit_page.text.toPlainText() == ""


def test_breaking_the_glass_leaves_nothing_on_disk(day: DoctorDay) -> None:
    """From the gate to the signed list by keys; no title of what was read is in any file of the post."""
    window = day.window
    window.vitale("ernest")
    window.press("F3")
    window.until(lambda: window.program.board.vitale_slot() is not None)
    window.press("F4")
    window.until(lambda: day.clinic.record.gate.gate is not None and not day.clinic.record.gate.busy)
    assert "TD3.1" not in day.received("ernest")
    window.press("F12")
    emergency = day.clinic.emergency.presenter
    window.until(lambda: emergency.flow is not None and emergency.flow.stage is Stage.MOTIVE)
    window.until(lambda: isinstance(QApplication.focusWidget(), QRadioButton))
    window.press("Space")
    window.tab_to("Motif en une phrase")
    window.type("Malaise sans temoin ce matin")
    window.press("Tab", "Space", "Ctrl+F12")
    window.until(lambda: day.whose() and day.rows)
    window.press("Down", "Return")
    day.read()
    titles = [row.entry.title for row in day.rows]
    assert titles
    window.until(lambda: emergency.flow is not None and emergency.flow.read)
    window.press("Alt+F12")
    window.until(lambda: window.focus_name == "Signer la liste")
    assert day.clinic.record.record is None
    window.press("Ctrl+Return")
    window.until(lambda: emergency.flow is None)
    day.idle()
    keys = window.program.profile.session_keys()
    assert keys.clinical is not None
    stores = {"desk.db": keys.desk, "clinical.db": keys.clinical}
    assert not remnants(window.folder / "profile", stores, titles)


def test_a_receptionist_has_no_clinical_page(window: Window) -> None:
    """No page of records, no group of documents in the bar, no word of an allergy, no key to the clinical copy."""
    window.sign("papier")
    assert window.program.profile.clinical is None
    entries = window.program.shell.navigation.findChildren(QAbstractButton)
    offered = [entry.accessibleName() for entry in entries if entry.isVisible()]
    assert not {"Dossier", "Déposer", "Accès"} & set(offered)
    window.press("Ctrl+K")
    window.until(lambda: window.focus_name == "Patient ou action")
    window.type("dossier")
    day = DoctorDay(window)
    day.idle()
    assert "Documents" not in window.words().splitlines()
    assert "llergie" not in window.words()
    window.press("Escape", "F12")
    assert day.clinic.emergency.presenter.flow is None


def test_preparing_the_day_asks_for_the_authorised_only(day: DoctorDay) -> None:
    """Two are expected; only the one who authorised the doctor has documents asked for."""
    window = day.window
    window.press("F3", "Alt+M")
    window.until(lambda: day.clinic.people.finding.listed)
    window.vitale("ernest")
    window.until(lambda: window.program.board.vitale_slot() is not None)
    window.press("F4")
    window.until(lambda: day.clinic.record.gate.gate is not None and not day.clinic.record.gate.busy)
    window.press("Escape")
    window.pull_vitale()
    day.agenda(agenda_line("9h", "hortense"), agenda_line("10h", "ernest"))
    expecting = day.clinic.people.expecting
    assert all(row.person is not None for row in expecting.rows)
    window.press("Alt+J")
    window.until(lambda: expecting.done and expecting.progress is None)
    day.idle()
    assert {"TD3.1", "TD3.2"} <= set(day.received("hortense"))
    assert not {"TD3.1", "TD3.2"} & set(day.received("ernest"))
