"""The post through the real window: lock, return, other people, bad days, and what is left on the disk."""

import sqlite3

import pytest
from helpers.window import Window
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dmp_desktop.domain.events import EventState
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.cards.readers import LEFT, RIGHT
from dmp_desktop.sandbox.faults import Fault, FaultKind, Transaction
from dmp_desktop.services.opening import Stage


def test_pulling_the_card_hides_everything_and_keeps_the_work(window: Window) -> None:
    """No word about the person remains; the same card and code bring the form back as it was (F17, F18)."""
    window.sign()
    window.choose("famille-corniche", 2)
    window.consent()
    assert "CORNICHE" in window.words()
    window.pull_card()
    window.qtbot.waitUntil(lambda: window.program.shell.locked, timeout=1000)
    assert "CORNICHE" not in window.words()
    assert "CORNICHE" not in window.program.shell.windowTitle()
    window.sign()
    assert window.flow.stage is Stage.CONSENT
    assert window.flow.form.consented_at is not None
    window.send()
    assert window.flow.confirmed


def test_another_person_never_sees_the_work_left(window: Window) -> None:
    """Dr Gabarit signs in after Dr Brindille left: an empty desk; and hers is there when she returns (F18)."""
    window.sign()
    window.choose("famille-corniche", 2)
    window.stage(Stage.CONSENT)
    window.pull_vitale()
    window.until(lambda: not window.flow.card_present)
    window.pull_card()
    window.until(lambda: window.program.shell.locked)
    window.sign("gabarit", situation="1")
    assert window.flow.stage is Stage.CARD
    assert "CORNICHE" not in window.words()
    window.pull_card()
    window.until(lambda: window.program.shell.locked)
    window.sign()
    assert window.flow.stage is Stage.CONSENT


def test_a_wrong_code_is_never_tried_twice(window: Window) -> None:
    """One wrong code: two tries left, said before the next; three: blocked, nothing asked any more (F25)."""
    window.card("brindille")
    for left in (2, 1, 0):
        window.until(lambda: window.focus_name == "Code de la carte" and window.program.session.busy == "")
        window.type("9999")
        window.press("Return" if left else "Ctrl+Return")
        window.until(lambda left=left: window.program.flow.tries == left)
    window.until(lambda: window.program.flow.state == "blocked")
    window.until(lambda: "bloquée" in window.words())
    assert window.program.shell.locked


def test_the_lock_key_asks_the_code_again(window: Window) -> None:
    """F9 with the card still in: everything hides, the code is asked."""
    window.sign()
    window.press("F9")
    window.until(lambda: window.program.shell.locked)
    window.until(lambda: window.focus_name == "Code de la carte")


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("mute", "ne répond pas"),
        ("garbled", "n’est pas lisible"),
        ("pulled", "retirée"),
        ("service", "service de cartes"),
        ("unplugged", "plus branché"),
    ],
)
def test_each_fault_of_the_reader_has_its_sentence(window: Window, trouble: str, said: str) -> None:
    """What happened, what it means, what to do: never a bare code (F22, F23)."""
    window.sign()
    window.press("F2")
    readers = window.sandbox.readers
    if trouble == "mute":
        readers.mute(RIGHT, window.sandbox.card("ernest"))
    elif trouble == "garbled":
        readers.garble(RIGHT, 1, times=20)
        window.vitale("ernest")
    elif trouble == "pulled":
        readers.pull_at(RIGHT, 3)
        window.vitale("ernest")
    elif trouble == "service":
        readers.service(False)
    else:
        readers.plug(RIGHT, False)
    window.until(lambda: said in window.words() or (trouble == "service" and window.program.shell.locked))
    if trouble == "service":
        readers.service(True)
        window.until(lambda: window.program.board.service_up)


def test_a_refusal_of_the_store_is_quoted_and_nothing_is_claimed(window: Window) -> None:
    """The store says no: its words are shown, no attestation exists (SOAP fault)."""
    window.sign()
    window.choose("famille-corniche", 2)
    window.consent()
    fault = Fault(
        FaultKind.REFUSE, Transaction.CREATION, code="DMPAccessDeniedByRightsService", text="Droits insuffisants"
    )
    window.sandbox.faults.order(fault)
    window.send()
    assert window.event.state is EventState.REFUSED
    window.until(lambda: window.presenter.tray.slots and not window.presenter.tray.loading)
    assert all(slot.paper.pdf is None for slot in window.presenter.tray.slots if slot.kind != "leaflet")
    assert window.created() == 0


def test_an_answer_lost_on_the_way_creates_one_dossier(window: Window) -> None:
    """The store created, its answer was cut: asked again before anything is sent again, one dossier (F55)."""
    window.sign()
    window.choose("famille-corniche", 2)
    window.consent()
    window.sandbox.faults.order(Fault(FaultKind.CUT_AFTER, Transaction.CREATION))
    window.send()
    assert window.event.state in (EventState.WAITING, EventState.CONFIRMED)
    room = window.program.room
    assert room is not None
    if window.event.state is EventState.WAITING:
        room.retry(window.event.id)
    window.until(lambda: window.flow.confirmed)
    assert window.created() == 1


def test_a_second_program_is_told_so(window: Window, qtbot: QtBot, qapp: QApplication) -> None:
    """Two programs on one profile: the second says it and opens nothing."""
    from dmp_desktop.app.program import Program
    from dmp_desktop.app.world import Options

    second = Program(qapp, Options(sandbox=True, profile=window.folder))
    second.begin()
    qtbot.waitUntil(lambda: second.session.fault is not None, timeout=15_000)
    assert second.session.fault is not None
    assert second.session.fault.code == "profile-in-use"
    second.shell.close()
    second.close()
    second.shell.deleteLater()
    second.deleteLater()


def test_the_disk_and_the_log_hold_no_identity(window: Window) -> None:
    """After an opening: desk.db is no plain SQLite, and no file of the profile holds name, number or code."""
    window.sign()
    window.choose("famille-corniche", 2)
    window.consent()
    window.send()
    assert window.flow.confirmed
    window.close()
    profile = window.folder / "profile"
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(profile / "desk.db").execute("SELECT count(*) FROM sqlite_master").fetchone()
    ins = people.person("gaspard").ins.value
    needles = [
        ins.encode(),
        ins[:13].encode(),
        b"CORNICHE",
        "CORNICHE".encode("utf-16-le"),
        b"GASPARD",
        b"bac \xc3\xa0 sable",
    ]
    files = [path for path in profile.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"desk.db", "vault"}
    for path in files:
        content = path.read_bytes()
        assert not [n for n in needles if n in content], path.name
        if path.suffix == ".log":
            assert b"1234" not in content


def test_the_reader_slots_are_named_apart(window: Window) -> None:
    """The professional card goes left, the Vitale right; either slot takes either card."""
    window.card("brindille")
    window.until(lambda: window.program.board.professional_slot() is not None)
    slot = window.program.board.professional_slot()
    assert slot is not None
    assert slot.name == LEFT
