"""Every screen of the opening as pictures. Fictional people only.

``python -m helpers.opening_gallery OUT [light|dark|high_contrast] [1366x768] [100] [part of a scene's name]…``, from
``tests/``, with ``QT_QPA_PLATFORM=offscreen`` and ``TZ=Europe/Paris``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from helpers.opening_desk import Desk
from helpers.people import ACTIVE_AT, CAPUCINE, ODILE, found, reading
from helpers.print_papers import PRINTED, STRUCTURE, opened, waiting
from PySide6.QtWidgets import QApplication, QWidget

from dmp_desktop.config import PrinterProfile
from dmp_desktop.domain.dossier import (
    Authorisation,
    DossierState,
    ExistenceAnswer,
    Representative,
    RepresentativeQuality,
)
from dmp_desktop.domain.events import EventState
from dmp_desktop.domain.identity import InsiAnswer, InsiOutcome, ProofDocument
from dmp_desktop.domain.readers import UnreadableCard
from dmp_desktop.errors import ServiceUnavailable
from dmp_desktop.printing.attestation import attestation
from dmp_desktop.printing.leaflet import leaflet
from dmp_desktop.printing.papers import LeafletPaper, StickerPaper
from dmp_desktop.printing.preview import page_sizes, rasterise
from dmp_desktop.printing.receipt import receipt
from dmp_desktop.printing.sticker import sticker
from dmp_desktop.services.opening import StopCause
from dmp_desktop.services.papers import PageImage, Paper, PaperKind, PreviewImage
from dmp_desktop.ui.opening.page import OpeningPage
from dmp_desktop.ui.shell import Shell, Status
from dmp_desktop.ui.tasks import Lane
from dmp_desktop.ui.theme.appearance import Appearance


class Silent(ServiceUnavailable):
    """A service that does not answer."""

    code = "network-down"


def _odile(desk: Desk) -> None:
    answer = found(ODILE, "LAVANDIN-GENÊT", "ODILE", "19790523")
    assert answer.traits is not None
    desk.port.insi = replace(answer, traits=replace(answer.traits, used_name="CORNICHE"))


def card(desk: Desk) -> None:
    desk.presenter.begin()
    desk.lanes.all()


def card_fault(desk: Desk) -> None:
    desk.port.card = UnreadableCard("garbled")
    desk.presenter.reread()
    desk.lanes.all()


def person(desk: Desk) -> None:
    desk.to_person()


def person_chosen(desk: Desk) -> None:
    desk.to_person()
    desk.presenter.choose(1)


def insi_asked(desk: Desk) -> None:
    desk.to_identity(2)


def difference(desk: Desk) -> None:
    _odile(desk)
    desk.to_consent(1)


def difference_proof(desk: Desk) -> None:
    difference(desk)
    desk.presenter.inquiry.name_proof(ProofDocument.IDENTITY_CARD)


def unfound(desk: Desk) -> None:
    desk.port.insi = InsiAnswer(InsiOutcome.SEVERAL, ACTIVE_AT)
    desk.to_consent(3)


def insi_silent(desk: Desk) -> None:
    desk.port.insi = Silent("down")
    desk.to_consent(2)


def existing(state: DossierState) -> Callable[[Desk], None]:
    def build(desk: Desk) -> None:
        closed = "20240117" if state is DossierState.CLOSED else ""
        desk.port.existence = ExistenceAnswer(state, ACTIVE_AT, Authorisation.NONE, closed_on=closed)
        desk.to_consent(2)

    return build


def authorised(desk: Desk) -> None:
    existing(DossierState.ACTIVE)(desk)
    desk.presenter.inquiry.authorise(treating=False)
    desk.lanes.all()


def store_silent(desk: Desk) -> None:
    desk.port.existence = Silent("down")
    desk.to_consent(2)


def consent(desk: Desk) -> None:
    difference_proof(desk)
    desk.presenter.inquiry.accept_difference()
    desk.lanes.all()


def consent_ticked(desk: Desk) -> None:
    consent(desk)
    desk.consent()
    desk.presenter.flow.form.mobile = "06 00 00 00 12"
    desk.presenter.edited()


def minor(desk: Desk) -> None:
    desk.port.insi = found(CAPUCINE, "CORNICHE", "CAPUCINE", "20160902")
    desk.to_consent(3)


def minor_ready(desk: Desk) -> None:
    minor(desk)
    desk.presenter.flow.form.representative = Representative(
        "CORNICHE", "Gaspard", RepresentativeQuality.FATHER, ProofDocument.PASSPORT, True
    )
    desk.consent()
    desk.presenter.edited()


def offline_consent(desk: Desk) -> None:
    insi_silent(desk)
    desk.presenter.inquiry.continue_offline()
    desk.lanes.all()


def reactivation(desk: Desk) -> None:
    existing(DossierState.CLOSED)(desk)
    desk.presenter.inquiry.ask_reactivation()
    desk.lanes.all()


def sending(desk: Desk) -> None:
    consent_ticked(desk)
    desk.presenter.submit()
    desk.lanes.all(but=frozenset({Lane.SYNC}))


def done(desk: Desk) -> None:
    consent_ticked(desk)
    desk.presenter.submit()
    desk.lanes.all()


def done_printed(desk: Desk) -> None:
    done(desk)
    desk.presenter.tray.print_ticked()
    desk.lanes.all()
    desk.presenter.tray.print_one(PaperKind.ATTESTATION)


def done_waiting(desk: Desk) -> None:
    desk.port.delivered = Silent("down")
    done(desk)


def done_refused(desk: Desk) -> None:
    desk.port.delivered = EventState.REFUSED
    desk.port.cause = ("store-refused", "Droits insuffisants (DMPAccessDenied)")
    done(desk)


def refused(desk: Desk) -> None:
    consent(desk)
    desk.presenter.refuse(StopCause.HESITATES)
    desk.lanes.all()


def swapped(desk: Desk) -> None:
    consent(desk)
    desk.pull()
    desk.insert(reading(desk.clock.now(), "card-b"))
    desk.lanes.all()


def preview(kind: PaperKind) -> Callable[[Desk], None]:
    def build(desk: Desk) -> None:
        done(desk)
        desk.presenter.viewer.show(kind)
        desk.lanes.all()

    return build


SCENES: dict[str, Callable[[Desk], None]] = {
    "01-card": card,
    "02-card-fault": card_fault,
    "03-person": person,
    "04-person-chosen": person_chosen,
    "05-insi-asked": insi_asked,
    "06-difference": difference,
    "07-difference-proof": difference_proof,
    "08-unfound": unfound,
    "09-insi-silent": insi_silent,
    "10-active": existing(DossierState.ACTIVE),
    "11-authorised": authorised,
    "12-closed": existing(DossierState.CLOSED),
    "13-opposed": existing(DossierState.OPPOSED),
    "14-blocked": existing(DossierState.BLOCKED),
    "15-store-silent": store_silent,
    "16-consent": consent,
    "17-consent-ticked": consent_ticked,
    "18-minor": minor,
    "19-minor-ready": minor_ready,
    "20-offline-consent": offline_consent,
    "21-reactivation": reactivation,
    "22-sending": sending,
    "23-done": done,
    "24-done-again": done_printed,
    "25-done-waiting": done_waiting,
    "26-done-refused": done_refused,
    "27-hesitates": refused,
    "28-swapped": swapped,
    "29-preview-attestation": preview(PaperKind.ATTESTATION),
    "30-preview-sticker": preview(PaperKind.STICKER),
}


def shell_around(appearance: Appearance, desk: Desk) -> tuple[Shell, OpeningPage]:
    """The window as the program makes it, around one page."""
    window = Shell(appearance, "Cabinet des Trois-Tilleuls", QWidget(), sandbox=True)
    page = OpeningPage(appearance, desk.presenter)
    page.banner_changed.connect(window.tell_banner)
    page.hints_changed.connect(window.status.list_keys)
    window.add_page("opening", "folder-plus", "Ouverture", page)
    window.go("opening")
    window.status.tell((Status("card", "Vitale\u00a0: en place", "success"), Status("send", "Rien en attente")))
    window.show_work(desk.professional.display_name, "Médecin")
    return window, page


def papers(desk: Desk) -> None:
    """Real papers of another opening."""
    paper = opened(demonstration=True)
    label = PrinterProfile(stock="label-24x12")
    drawn = {
        PaperKind.ATTESTATION: attestation(paper),
        PaperKind.STICKER: sticker(StickerPaper(PRINTED, True), label),
        PaperKind.LEAFLET: leaflet(LeafletPaper(STRUCTURE, "2026-11", PRINTED, demonstration=True)),
        PaperKind.RECEIPT: receipt(waiting(demonstration=True)),
    }

    def paint(data: bytes, width: int) -> PreviewImage:
        raster = rasterise(data, width * 25.4 / page_sizes(data)[0][0])
        return PreviewImage(raster.width, raster.height, raster.data)

    def page(paper: Paper, dpi: float) -> PageImage:
        raster = rasterise(drawn[paper.kind], dpi)
        image = PreviewImage(raster.width, raster.height, raster.data)
        return PageImage(image, page_sizes(drawn[paper.kind])[0])

    desk.port.draw = page
    desk.port.pdf = drawn.__getitem__
    desk.port.paint = paint


def main(arguments: list[str]) -> None:
    """Draw everything, or the scenes whose name contains one of the words given after the zoom."""
    out = Path(arguments[0])
    theme = arguments[1] if len(arguments) > 1 else "light"
    width, height = (int(n) for n in (arguments[2] if len(arguments) > 2 else "1366x768").split("x"))
    zoom = int(arguments[3]) if len(arguments) > 3 else 100
    out.mkdir(parents=True, exist_ok=True)
    application = QApplication([])
    appearance = Appearance(application, theme, zoom)
    for name, build in SCENES.items():
        if arguments[4:] and not any(word in name for word in arguments[4:]):
            continue
        desk = Desk()
        papers(desk)
        window, page = shell_around(appearance, desk)
        window.resize(width, height)
        window.show()
        window.activateWindow()
        build(desk)
        desk.clock.forward(seconds=31)
        page.refresh()
        desk.lanes.all()
        for _ in range(4):
            application.processEvents()
        window.grab().save(str(out / f"{name}.png"))
        window.close()
        window.deleteLater()
        application.processEvents()


if __name__ == "__main__":
    main(sys.argv[1:])
