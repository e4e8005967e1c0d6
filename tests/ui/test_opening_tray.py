"""The papers: which go out with one key, and what a second copy asks."""

from __future__ import annotations

from helpers.opening_desk import Desk
from helpers.people import ACTIVE_AT

from dmp_desktop.domain.dossier import DossierState, ExistenceAnswer
from dmp_desktop.domain.events import EventState
from dmp_desktop.errors import Cancelled, ServiceUnavailable
from dmp_desktop.services.papers import PaperKind
from dmp_desktop.ui.opening.tray import PaperState
from dmp_desktop.ui.tasks import Lane


class NoPaper(ServiceUnavailable):
    """The printer has no paper."""

    code = "printer-refused"


def done(state: EventState = EventState.CONFIRMED) -> Desk:
    desk = Desk()
    desk.port.delivered = state
    desk.to_done()
    return desk


def test_one_key_prints_attestation_and_sticker_and_not_the_leaflet() -> None:
    """The two papers of every opening are ticked; the leaflet is for who asks."""
    desk = done()
    desk.presenter.tray.print_ticked()
    desk.lanes.all()
    assert desk.port.printed == [(PaperKind.ATTESTATION, ""), (PaperKind.STICKER, "")]
    assert all(slot.preview is not None for slot in desk.presenter.tray.cards)


def test_while_the_store_has_not_confirmed_only_the_receipt_goes_out() -> None:
    """No paper claims what was not confirmed."""
    desk = done(EventState.WAITING)
    desk.presenter.tray.print_ticked()
    desk.presenter.tray.print_one(PaperKind.ATTESTATION)
    desk.presenter.tray.print_one(PaperKind.STICKER)
    desk.lanes.all()
    assert desk.port.printed == [(PaperKind.RECEIPT, "")]
    attestation = desk.presenter.tray.slot(PaperKind.ATTESTATION)
    assert attestation is not None and attestation.state is PaperState.DISABLED and attestation.paper.disabled_reason


def test_a_disabled_paper_cannot_be_ticked() -> None:
    """The tick follows what may be printed."""
    desk = done(EventState.WAITING)
    desk.presenter.tray.tick(PaperKind.ATTESTATION, True)
    assert [slot.kind for slot in desk.presenter.tray.printable] == [PaperKind.RECEIPT]


def test_a_second_copy_asks_its_reason() -> None:
    """F8 again prints nothing until the reason is given; the reason travels with the copy."""
    desk = done()
    tray = desk.presenter.tray
    tray.print_ticked()
    desk.lanes.all()
    tray.print_ticked()
    desk.lanes.all()
    assert len(desk.port.printed) == 2
    tray.give_reason("Papier abîmé")
    desk.lanes.all()
    assert desk.port.printed[2:] == [(PaperKind.ATTESTATION, "Papier abîmé"), (PaperKind.STICKER, "Papier abîmé")]


def test_a_second_copy_may_be_given_up() -> None:
    """Échap on the reason."""
    desk = done()
    tray = desk.presenter.tray
    tray.print_one(PaperKind.STICKER)
    desk.lanes.all()
    tray.print_one(PaperKind.STICKER)
    tray.withdraw()
    tray.give_reason("trop tard")
    desk.lanes.all()
    assert len(desk.port.printed) == 1


def test_an_empty_reason_prints_nothing() -> None:
    """Spaces are no reason."""
    desk = done()
    tray = desk.presenter.tray
    tray.print_one(PaperKind.STICKER)
    desk.lanes.all()
    tray.print_one(PaperKind.STICKER)
    tray.give_reason("  ")
    desk.lanes.all()
    assert len(desk.port.printed) == 1


def test_a_printer_that_refuses_is_told_on_its_paper_and_may_be_tried_again() -> None:
    """A failed copy is not a copy: no reason is asked."""
    desk = done()
    desk.port.print_failure = NoPaper("no paper")
    desk.presenter.tray.print_one(PaperKind.ATTESTATION)
    desk.lanes.all()
    slot = desk.presenter.tray.slot(PaperKind.ATTESTATION)
    assert slot is not None and isinstance(slot.failure, NoPaper) and slot.state is PaperState.FAILED
    desk.port.print_failure = None
    desk.presenter.tray.print_one(PaperKind.ATTESTATION)
    desk.lanes.all()
    assert desk.port.printed == [(PaperKind.ATTESTATION, "")]


def test_a_print_dialog_dismissed_is_no_failure() -> None:
    """The paper stays ready."""
    desk = done()
    desk.port.print_failure = Cancelled()
    desk.presenter.tray.print_one(PaperKind.ATTESTATION)
    desk.lanes.all()
    slot = desk.presenter.tray.slot(PaperKind.ATTESTATION)
    assert slot is not None and (slot.state, slot.failure) == (PaperState.READY, None)


def test_an_active_dossier_gives_sticker_and_leaflet_an_opposed_one_the_leaflet_a_blocked_one_nothing() -> None:
    """Papers that claim nothing, by outcome."""
    kinds = {}
    for state in (DossierState.ACTIVE, DossierState.OPPOSED, DossierState.BLOCKED):
        desk = Desk()
        desk.port.existence = ExistenceAnswer(state, ACTIVE_AT)
        desk.to_consent()
        kinds[state] = [slot.kind for slot in desk.presenter.tray.slots]
    assert kinds == {
        DossierState.ACTIVE: [PaperKind.STICKER, PaperKind.LEAFLET],
        DossierState.OPPOSED: [PaperKind.LEAFLET],
        DossierState.BLOCKED: [],
    }


def test_papers_of_the_opening_before_never_appear_on_the_next() -> None:
    """Drawn too late: dropped."""
    desk = Desk()
    desk.to_consent()
    desk.consent()
    desk.presenter.submit()
    desk.lanes.all(but=frozenset({Lane.PRINT}))
    desk.presenter.begin()
    desk.presenter.finish()
    desk.lanes.all()
    assert desk.presenter.tray.slots == []
