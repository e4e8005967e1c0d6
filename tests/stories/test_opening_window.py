"""A day at the desk, through the real window: every outcome, every person, by the keyboard."""

import pypdfium2
import pytest
from helpers.window import Window

from dmp_desktop.domain.dossier import DossierState, Protection
from dmp_desktop.domain.events import EventState
from dmp_desktop.sandbox import people
from dmp_desktop.services.opening import Stage, StopCause
from dmp_desktop.services.papers import PaperKind


def text_of(pdf: bytes) -> str:
    """The words of a paper."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def test_from_f2_to_printed_in_eight_keys(window: Window) -> None:
    """A simple adult: F2, digit, Enter, Space, Tab, Space, Ctrl+Enter, F8; the attestation and the sticker come out."""
    window.sign()
    window.keys.clear()
    window.choose("famille-corniche", 2)
    window.consent()
    window.send()
    assert window.flow.confirmed, window.event.cause
    window.until(lambda: all(slot.paper.pdf or slot.paper.disabled_reason for slot in window.presenter.tray.slots))
    window.until(lambda: window.presenter.tray.slots and not window.presenter.tray.loading)
    window.press("F8")
    window.until(lambda: len(window.tray.printed) == 2)
    assert len(window.keys) <= 8, window.keys
    assert window.tray.titles == ["Attestation", "Autocollant"]
    assert window.created() == 1
    paper = text_of(window.tray.printed[0][1])
    assert "CORNICHE" in paper
    assert window.event.payload.reference in paper  # type: ignore[union-attr]
    assert people.person("gaspard").ins.value not in paper


def test_nobody_is_preselected_and_enter_alone_does_nothing(window: Window) -> None:
    """Four people on the card: Enter before a digit changes nothing (F15)."""
    window.sign()
    window.press("F2")
    window.vitale("famille-corniche")
    window.stage(Stage.PERSON)
    window.press("Return", "Return")
    assert window.flow.stage is Stage.PERSON
    assert window.flow.person is None


def test_twins_are_told_apart(window: Window) -> None:
    """Two children born the same day: a warning, ranks, and each choice finds its own person at INSi."""
    window.sign()
    window.press("F2")
    window.vitale("famille-corniche")
    window.stage(Stage.PERSON)
    assert "nées le même jour" in window.words()
    window.press("4", "Return")
    window.stage(Stage.CONSENT)
    assert window.flow.identity is not None
    assert window.flow.identity.ins == people.person("clementine").ins


def test_a_minor_needs_a_representative_before_anything_leaves(window: Window) -> None:
    """The representative opens by itself and blocks Ctrl+Entrée (F62); nothing is sent meanwhile."""
    window.sign()
    window.choose("famille-corniche", 3)
    window.stage(Stage.CONSENT)
    assert window.flow.form.protection is Protection.MINOR
    window.flow.form.tick_informed(window.program.clock.now())
    window.flow.form.tick_consent(window.program.clock.now())
    window.presenter.edited()
    window.press("Ctrl+Return")
    assert window.flow.stage is Stage.CONSENT
    assert window.created() == 0


def test_a_corsican_number_opens_like_any_other(window: Window) -> None:
    """2A in the number: read, certified, opened."""
    window.sign()
    window.choose("ghjulia", 1)
    window.consent()
    window.send()
    assert window.flow.confirmed, window.event.cause
    assert window.flow.identity is not None
    assert window.flow.identity.ins is not None
    assert window.flow.identity.ins.value[5:7] == "2A"


def test_a_difference_stops_by_default(window: Window) -> None:
    """Odile's card holds half her name: Enter stops, nothing is created (EX_GEN-1230)."""
    window.sign()
    window.choose("famille-corniche", 1)
    window.until(lambda: window.flow.awaits_decision and window.presenter.errands.work == "")
    assert "LAVANDIN-GENÊT" in window.words()
    window.press("Return")
    assert (window.flow.stage, window.flow.stop_cause) == (Stage.STOPPED, StopCause.DIFFERENCE)
    assert window.created() == 0


def test_a_difference_accepted_on_a_document_opens(window: Window) -> None:
    """A document named, Alt+C: the dossier opens under INSi's name, the card's traits unaltered beside it."""
    window.sign()
    window.choose("famille-corniche", 1)
    window.until(lambda: window.flow.awaits_decision and window.presenter.errands.work == "")
    window.press("1", "Alt+C")
    window.consent()
    window.send()
    assert window.flow.confirmed, window.event.cause
    dossier = window.sandbox.store.dossier(people.person("odile").ins)
    assert dossier is not None
    assert window.event.payload.card.name == "LAVANDIN"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("card", "state", "said"),
    [
        ("ernest", DossierState.ACTIVE, "actif"),
        ("apolline", DossierState.CLOSED, "fermé"),
        ("maxence", DossierState.OPPOSED, "oppos"),
        ("blaise", DossierState.BLOCKED, "bloqué"),
    ],
)
def test_each_other_outcome_has_its_own_screen(window: Window, card: str, state: DossierState, said: str) -> None:
    """Active, closed, opposed, blocked: said in words, and no creation is offered (F2)."""
    window.sign()
    window.choose(card, 1)
    window.until(lambda: window.flow.existence is not None and window.presenter.errands.work == "")
    assert window.flow.existence is not None
    assert window.flow.existence.state is state
    assert said in window.words()
    window.press("Ctrl+Return")
    assert window.created() == 0


def test_a_closed_dossier_is_reactivated_with_a_fresh_consent(window: Window) -> None:
    """TD1.2, on its own consent, with its own attestation."""
    window.sign()
    window.choose("apolline", 1)
    window.until(lambda: window.flow.existence is not None and window.presenter.errands.work == "")
    window.flow.ask_reactivation()
    window.presenter.edited()
    window.consent()
    window.send()
    assert window.flow.confirmed, window.event.cause
    dossier = window.sandbox.store.dossier(people.person("apolline").ins)
    assert dossier is not None
    assert dossier.state is DossierState.ACTIVE
    assert window.event.payload.reference.startswith("REA-")  # type: ignore[union-attr]


def test_another_card_at_sending_is_noticed(window: Window) -> None:
    """The card swapped between choice and sending: the opening stops, nothing leaves (F13)."""
    window.sign()
    window.choose("famille-corniche", 2)
    window.consent()
    window.pull_vitale()
    window.until(lambda: not window.flow.card_present)
    window.vitale("ghjulia")
    window.until(lambda: window.flow.stage is Stage.STOPPED)
    assert window.flow.stop_cause is StopCause.CARD_SWAPPED
    assert window.created() == 0


def test_offline_a_receipt_then_the_attestation(window: Window) -> None:
    """Network cut: only a provisional receipt; once the store confirms, the attestation is offered (F16)."""
    window.sign()
    window.sandbox.stop()
    window.choose("famille-corniche", 2)
    window.until(lambda: window.flow.insi_failure is not None and window.presenter.errands.work == "")
    window.flow.continue_offline()
    window.flow.form.deferred_reason = "le réseau du cabinet est coupé"
    window.presenter.edited()
    window.flow.form.tick_informed(window.program.clock.now())
    window.flow.form.tick_consent(window.program.clock.now())
    window.presenter.edited()
    window.send()
    assert window.event.state is EventState.WAITING
    window.until(lambda: window.presenter.tray.slots and not window.presenter.tray.loading)
    papers = {slot.kind: slot.paper for slot in window.presenter.tray.slots}
    assert papers[PaperKind.ATTESTATION].pdf is None
    receipt = papers[PaperKind.RECEIPT].pdf
    assert receipt is not None
    assert "rovisoire" in text_of(receipt)
    assert "attend le DMP" in window.words()

    window.sandbox.start()
    room = window.program.room
    assert room is not None
    room.retry(window.event.id)
    window.until(lambda: window.flow.confirmed)
    window.until(lambda: {s.kind: s.paper.pdf for s in window.presenter.tray.slots}.get(PaperKind.ATTESTATION))
    assert window.created() == 1


def test_the_attestation_is_looked_at_before_it_is_printed(window: Window) -> None:
    """Alt+V draws the real page at the size of the paper, F8 prints it, Échap goes back to the papers."""
    window.sign()
    window.choose("ghjulia", 1)
    window.consent()
    window.send()
    window.until(lambda: window.presenter.tray.slots and not window.presenter.tray.loading)
    window.press("Alt+V")
    window.until(lambda: window.presenter.viewer.page is not None)
    assert "210 × 297\u00a0mm, taille réelle" in window.words()
    window.press("F8")
    window.until(lambda: window.tray.titles == ["Attestation"])
    window.press("Escape")
    assert "Le dossier est ouvert" in window.words()
