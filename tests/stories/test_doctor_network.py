"""A doctor's day in the real window: three records in a row, a slow network, then none; by keys and cards only."""

from __future__ import annotations

import sys

import pytest
from helpers.doctor_day import DoctorDay
from helpers.probe import LoopProbe
from helpers.window import Window

from dmp_desktop.sandbox import people

TITLE = "Consultation sans reseau"


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


def test_three_records_in_a_row_then_without_network(day: DoctorDay, capsys: pytest.CaptureFixture[str]) -> None:
    """Hortense by her card, Firmin by three letters, Basile by the day's list; the network slow, then away.

    From the copy all three open again; the report written without network leaves when it is back, once.
    """
    window = day.window
    with LoopProbe() as probe:
        day.slow(0.15)
        day.by_card("hortense")
        day.opened("SAUGE-VERVEINE")
        assert len(day.rows) > 40
        for _ in range(3):
            window.press("Down")
            day.read()
        day.leave()
        window.pull_vitale()
        window.press("F3", "Alt+M")
        window.until(lambda: day.clinic.people.finding.listed)
        day.by_search("chic")
        day.opened("CHICORÉE")
        day.leave()
        day.agenda(agenda_line("9h", "basile"))
        window.until(lambda: all(row.person is not None for row in day.clinic.people.expecting.rows))
        window.until(lambda: window.focus_name == "Personnes attendues")
        window.press("Return")
        window.until(lambda: window.focus_name.startswith("Connexion ordinaire"))
        window.press("1", "Ctrl+Return")
        day.opened("ROMARIN")
        day.idle()

        day.cut()
        asked = [len(day.received(key)) for key in ("hortense", "firmin", "basile")]
        day.by_search("chic")
        day.opened("CHICORÉE")
        day.by_search("romarin bas")
        window.until(lambda: window.focus_name.startswith("Connexion ordinaire"))
        window.press("1", "Ctrl+Return")
        day.opened("ROMARIN")
        day.by_search("sauge")
        day.opened("SAUGE-VERVEINE")
        assert len(day.rows) > 40
        window.until(lambda: day.record.presenter.fault is not None)
        day.begin_report("Vu ce jour. Tension 13/8.")
        day.complete_report(TITLE)
        window.press("Ctrl+Return")
        window.until(lambda: day.clinic.deposit.followed)
        day.idle()
        assert [len(day.received(key)) for key in ("hortense", "firmin", "basile")] == asked
        assert day.deposited("hortense", TITLE) == 0

        day.mend()
        event = day.clinic.deposit.followed[0].event
        assert window.program.room is not None
        window.program.room.retry(event.id)
        window.until(lambda: day.deposited("hortense", TITLE) == 1)
        day.idle()
    window.program.room.deliver()
    day.idle()
    assert day.deposited("hortense", TITLE) == 1
    with capsys.disabled():
        sys.stdout.write(f"\n{probe}\n")


def test_a_card_pulled_while_typing(day: DoctorDay) -> None:
    """The card out, the window shows nobody; whoever signs in next finds no word of it; its author finds every word."""
    window, text = day.window, "Suite a donner"
    day.by_card("hortense")
    day.opened("SAUGE-VERVEINE")
    window.pull_vitale()
    day.begin_report(text)
    window.pull_card()
    window.until(lambda: window.program.shell.locked)
    assert day.clinic.deposit.form is None
    assert text not in window.words()
    window.sign("papier")
    day.idle()
    assert day.whose() == ""
    assert day.clinic.deposit.form is None
    window.pull_card()
    window.until(lambda: window.program.shell.locked)
    window.sign("brindille")
    day.by_search("sauge")
    day.opened("SAUGE-VERVEINE")
    day.begin_report("")
    window.until(lambda: day.clinic.deposit.resumed)
    assert day.clinic.deposit_page.text.toPlainText() == text
