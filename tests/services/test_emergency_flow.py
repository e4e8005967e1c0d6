"""Breaking the glass: who may, what it needs, how long it lasts, what it leaves. The store behind is the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.emergency_world import World, entry
from helpers.raw_scan import remnants
from helpers.sandbox_world import sandbox, sandbox_clock, sandbox_pki_folder
from hypothesis import given
from hypothesis import strategies as st

from dmp_desktop.cache.clinical import ClinicalStore
from dmp_desktop.cache.journal import Act
from dmp_desktop.domain.document import RetrievedDocument
from dmp_desktop.domain.habilitations import AccessMode, PatientQuery
from dmp_desktop.domain.identity import Sex
from dmp_desktop.domain.professional import ProfessionalKind
from dmp_desktop.domain.rights import Action, Column
from dmp_desktop.domain.shelf import KeptEntry, ShelfUpdate
from dmp_desktop.errors import FlowError
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.services.emergency import (
    Beat,
    Blocker,
    EmergencyFlow,
    EmergencyNotReady,
    EmergencyOver,
    Ending,
    Situation,
    Stage,
    Why,
)
from dmp_desktop.services.rights_view import column_of, ruling

__all__ = ["sandbox", "sandbox_clock", "sandbox_pki_folder"]


@pytest.fixture
def world(sandbox: Sandbox, sandbox_clock: HandClock, tmp_path: Path) -> Iterator[World]:
    made = World(sandbox, sandbox_clock, tmp_path / "post")
    yield made
    made.close()


def ready(world: World, key: str = "nadege") -> EmergencyFlow:
    """A form filled in."""
    desk = world.desk()
    flow = desk.begin(world.context(key))
    flow.answered(*desk.ask(flow))
    assert flow.stage is Stage.MOTIVE
    flow.situation, flow.sentence, flow.ticked = Situation.UNABLE, "Personne inconsciente à domicile", True
    return flow


def test_the_form_demands_everything_and_proposes_nothing(world: World) -> None:
    """Situation, ten characters, no number in them, the tick: each is missed in turn, none has a default."""
    desk = world.desk()
    flow = desk.begin(world.context("nadege"))
    flow.answered(*desk.ask(flow))
    assert (flow.situation, flow.sentence, flow.ticked) == (None, "", False)
    seen = [flow.blocker]
    flow.situation = Situation.IMMEDIATE
    seen.append(flow.blocker)
    flow.sentence = "  urgent   "
    seen.append(flow.blocker)
    flow.sentence = "Inconsciente, NIR 2 84 06 99 901 120 32"
    seen.append(flow.blocker)
    flow.sentence = "Inconsciente, allergies à connaître"
    seen.append(flow.blocker)
    flow.ticked = True
    assert seen == [
        Blocker.SITUATION,
        Blocker.SHORT_MOTIVE,
        Blocker.SHORT_MOTIVE,
        Blocker.NUMBER_IN_MOTIVE,
        Blocker.TICK,
    ]
    assert flow.blocker is None
    context = flow.open()
    assert context.in_memory
    assert context.access.mode is AccessMode.BREAK_GLASS
    assert context.access.motive == "Risque immédiat pour sa santé\u00a0: Inconsciente, allergies à connaître"


def test_it_cannot_open_before_it_is_ready(world: World) -> None:
    """Neither before the store answered, nor while the form lacks something."""
    desk = world.desk()
    flow = desk.begin(world.context("nadege"))
    with pytest.raises(FlowError):
        flow.open()
    flow.answered(*desk.ask(flow))
    with pytest.raises(EmergencyNotReady):
        flow.open()


def test_nothing_clinical_is_asked_before_the_second_gesture(world: World) -> None:
    """The first gesture asks for the dossier's state and for the oppositions, in normal mode, and nothing else."""
    ready(world)
    assert set(world.asked()) <= {("TD0.2", "normal"), ("TD1.3a", "normal")}


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("camille-1986", Why.OPPOSED),
        ("maxence", Why.OPPOSED),
        ("blaise", Why.BLOCKED),
        ("apolline", Why.CLOSED),
        ("odile", Why.NO_DOSSIER),
    ],
)
def test_the_glass_stays_whole(world: World, key: str, why: Why) -> None:
    """Opposed, blocked, closed, without a dossier: the screen is a refusal and nothing can open it."""
    desk = world.desk()
    flow = desk.begin(world.context(key))
    flow.answered(*desk.ask(flow))
    assert (flow.stage, flow.why) == (Stage.REFUSED, why)
    with pytest.raises(FlowError):
        flow.open()


def test_the_desk_and_occupational_medicine_break_no_glass(world: World) -> None:
    """The matrix says so at once: the store is asked nothing."""
    context = world.context("nadege")
    for changes in ({"kind": ProfessionalKind.CPE, "profession": ""}, {"speciality": "SM25"}):
        someone = replace(context.professional, **changes)  # type: ignore[arg-type]
        flow = world.desk().begin(replace(context, professional=someone))
        assert (flow.stage, flow.why) == (Stage.REFUSED, Why.ROLE)
        assert "25/09/2024" in flow.permission.words
    assert world.asked() == []


def test_the_columns_of_the_matrix_are_those_of_the_store(world: World) -> None:
    """Profession, speciality and mode choose the same column here as in the sandbox, which reads with its own eyes."""
    doctor = world.credentials.professional
    assert column_of(doctor, treating=True) is Column.TREATING
    assert column_of(doctor, treating=True, mode=AccessMode.CENTRE_15) is Column.DOCTOR
    assert column_of(people.profile("officinal").professional, treating=False) is Column.PROFESSIONAL
    assert column_of(people.profile("papier").professional, treating=False) is Column.DESK
    assert column_of(people.profile("chantier").professional, treating=False) is Column.OCCUPATIONAL
    assert ruling(Action.READ, Column.DOCTOR, AccessMode.BREAK_GLASS).allowed


def test_it_ends_by_itself_after_thirty_minutes(world: World) -> None:
    """Warned two minutes before, once; then over: nothing more may be read in it."""
    flow = ready(world)
    flow.open()
    beats = []
    for minutes in (1, 26, 1, 1, 1):
        world.clock.forward(minutes=minutes)
        beats.append(flow.beat())
    assert beats == [Beat.NOTHING, Beat.NOTHING, Beat.WARNED, Beat.NOTHING, Beat.ENDED]
    assert (flow.stage, flow.ending, flow.opened) == (Stage.SIGNING, Ending.TIME_OUT, None)
    with pytest.raises(EmergencyOver):
        world.desk().read(flow, entry("lid-1"))


def test_the_list_to_sign_is_the_trace(world: World) -> None:
    """Each document once, in order, in the list and in the journal; motive, end and signature stand there too."""
    desk, flow = world.desk(), ready(world)
    desk.journal_opened(flow)
    flow.open()
    for name in ("lid-1", "lid-2", "lid-1", "lid-3"):
        flow.note(desk.read(flow, entry(name)))
        world.clock.forward(seconds=20)
    flow.end(Ending.BY_HAND)
    desk.journal_ended(flow)
    desk.journal_signed(flow)
    rows = world.traces.of_access(flow.id)
    assert [line.logical_id for line in flow.read] == [row.reason for row in rows if row.act == Act.READ]
    assert [row.act for row in rows] == [
        Act.EMERGENCY_OPENED,
        Act.READ,
        Act.READ,
        Act.READ,
        Act.ACCESS_ENDED,
        Act.ACCESS_SIGNED,
    ]
    assert rows[0].reason == flow.motive
    assert (rows[-2].reason, rows[-1].reason) == ("by-hand", "3")
    world.store.journal.verify()
    flow.sign()
    assert (flow.sentence, flow.read) == ("", [])


def test_the_store_lets_the_access_through_with_its_motive(world: World) -> None:
    """What the flow opened, the sandbox accepts as a bris de glace of someone not authorised, and keeps its motive."""
    flow = ready(world)
    context = flow.open()
    world.gateway.documents.find(context.ins, access=context.access)
    last = world.sandbox.store.accesses(context.ins)[-1]
    assert (last.mode, last.outcome, last.motive) == ("bris_de_glace", "OK", flow.motive)


def test_nothing_read_in_an_emergency_is_on_the_disk(world: World) -> None:
    """A document read, searched and closed: no page, no file, no frame of the profile holds a word of it."""
    desk, flow = world.desk(), ready(world)
    desk.journal_opened(flow)
    context = flow.open()
    copy = ClinicalStore.in_memory(world.clock)
    kept = KeptEntry(replace(entry("lid-1", "Sérologie améthyste"), entry_uuid="urn:uuid:1"))
    copy.shelf.apply(context.reader, ShelfUpdate((kept,), until=world.clock.now()))
    content = RetrievedDocument("1.2.3.5", "1.2", "text/xml", b"<doc>turmaline</doc>")
    copy.shelf.put(context.reader, "lid-1", content, "turmaline opaline")
    flow.note(desk.read(flow, kept.entry))
    assert copy.shelf.search(context.reader, "opaline")
    flow.end(Ending.BY_HAND)
    copy.close()
    desk.journal_ended(flow)
    stores = {"desk.db": world.keys.desk}
    assert remnants(world.folder, stores, ["améthyste", "turmaline", "opaline"]) == {}
    assert remnants(world.folder, stores, ["inconsciente"])


def test_a_regulation_searches_by_traits_and_never_finds_who_opposes(world: World) -> None:
    """Only where the practice regulates; Camille, who refuses, is absent; Ernest is found, then entered."""
    with pytest.raises(FlowError):
        world.desk().search(PatientQuery(("MIRABELLE",)))
    desk = world.desk(regulation=True)
    assert desk.search(PatientQuery(("TOURNESOL",), "CAMILLE", Sex.MALE)) == ()
    (ernest,) = desk.search(PatientQuery(("MIRABELLE",), "ERNEST"))
    assert ernest.ins == people.person("ernest").ins
    refused = world.desk().begin(world.context("ernest"), AccessMode.CENTRE_15)
    assert refused.why is Why.ROLE
    flow = desk.begin(world.context("ernest"), AccessMode.CENTRE_15)
    flow.answered(*desk.ask(flow))
    assert flow.blocker is Blocker.TICK
    flow.ticked = True
    assert flow.open().access.mode is AccessMode.CENTRE_15


@given(text=st.text(max_size=300))
def test_a_motive_never_holds_a_number_nor_stays_too_short(text: str) -> None:
    """Whatever is typed: what opens has ten characters and no thirteen digits in a row."""
    flow = object.__new__(EmergencyFlow)
    flow.mode, flow.situation, flow.sentence, flow.ticked = AccessMode.BREAK_GLASS, Situation.OTHER, text, True
    if flow.blocker is None:
        assert len(" ".join(text.split())) >= 10
        assert not any(part.isdigit() and len(part) >= 13 for part in text.split())
