"""What the status bar and the freshness mark say."""

from __future__ import annotations

from dmp_desktop.cache.outbox import Counts
from dmp_desktop.domain.clock import PARIS
from dmp_desktop.domain.identity import VitaleReading
from dmp_desktop.services.opening import Stage
from dmp_desktop.services.readers import ReaderBoard
from dmp_desktop.services.session import SessionFlow, SessionState
from dmp_desktop.services.store_watch import StoreWatch
from dmp_desktop.ui.shell import Status

_COLON = "\u00a0: "


def statuses(
    board: ReaderBoard,
    session: SessionFlow,
    watch: StoreWatch,
    counts: Counts,
    reading: VitaleReading | None,
    stage: Stage | None,
) -> tuple[tuple[Status, ...], tuple[str, str, str]]:
    """The states at left of the status bar, and the freshness (icon, words, tone)."""
    return (_vitale(board, reading, stage), _professional(board, session), _outbox(watch, counts)), _freshness(watch)


def _vitale(board: ReaderBoard, reading: VitaleReading | None, stage: Stage | None) -> Status:
    if not board.service_up:
        return Status("reader", f"Lecteurs{_COLON}service arrêté", "warning", strong=True)
    if not board.slots:
        return Status("reader", "Aucun lecteur branché", "warning", strong=True)
    slot = board.vitale_slot()
    if slot is None:
        return Status("card", f"Vitale{_COLON}fente vide")
    if slot.mute:
        return Status("card", f"Vitale{_COLON}muette", "warning", strong=True)
    if stage in (Stage.DONE, Stage.STOPPED):
        return Status("card", f"Vitale{_COLON}à rendre à la personne", "warning", strong=True)
    if reading is not None:
        return Status("card", f"Vitale{_COLON}lue à {reading.read_at.astimezone(PARIS):%H:%M}", "success")
    return Status("card", f"Vitale{_COLON}en place", "success")


def _professional(board: ReaderBoard, session: SessionFlow) -> Status:
    if session.is_open and session.holder is not None:
        holder = session.holder
        name = (
            f"Dr {holder.family.title()}"
            if holder.profession == "10"
            else f"{holder.given[:1]}. {holder.family.title()}"
        )
        return Status("card-pro", f"Carte pro{_COLON}{name}", "success")
    if session.state is SessionState.BLOCKED:
        return Status("card-pro", f"Carte pro{_COLON}bloquée", "danger", strong=True)
    if board.professional_slot() is not None:
        return Status("card-pro", f"Carte pro{_COLON}insérée", "success")
    return Status("card-pro", f"Carte pro{_COLON}fente vide")


def _outbox(watch: StoreWatch, counts: Counts) -> Status:
    mine = counts.held + counts.stuck + counts.refused
    if mine:
        return Status("inbox", f"{mine} à traiter", "warning", strong=True)
    waiting = counts.waiting + counts.sending
    if waiting:
        tone = "offline" if watch.silent_since else "info"
        return Status("send", f"{waiting} envoi{'s' if waiting > 1 else ''} en attente", tone)
    return Status("send", "Rien en attente")


def _freshness(watch: StoreWatch) -> tuple[str, str, str]:
    if watch.silent_since is not None:
        return "offline", f"Hors ligne depuis {watch.silent_since.astimezone(PARIS):%H:%M}", "offline"
    if watch.answered_at is not None:
        return "cloud", f"À jour à {watch.answered_at.astimezone(PARIS):%H:%M}", "success"
    return "cloud", "DMP pas encore interrogé", "text-3"
