"""A day at the desk, by keyboard alone: what does not go straight."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from helpers.window import Window
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dmp_desktop.config import PrinterProfile
from dmp_desktop.domain.dossier import AccessChoice, Authorisation, DossierState, Protection, RepresentativeQuality
from dmp_desktop.domain.events import EventState, Opening
from dmp_desktop.domain.identity import Sex
from dmp_desktop.printing.printer import PrinterRefused
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.faults import Fault, FaultKind, Transaction
from dmp_desktop.services.opening import Stage, StopCause


class LateClock:
    """The true hour, and what was slept through."""

    def __init__(self) -> None:
        self.slept = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.slept


@pytest.fixture
def late() -> LateClock:
    return LateClock()


@pytest.fixture
def late_window(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, sandbox_pki_folder: Path, late: LateClock
) -> Iterator[Window]:
    """The program on a clock that can be moved."""
    made = Window(qtbot, qapp, tmp_path / "post", sandbox_pki_folder, late)
    yield made
    made.close()


def settled(window: Window) -> None:
    """Wait for the papers of the screen."""
    window.until(lambda: window.presenter.tray.slots and not window.presenter.tray.loading)


def answered(window: Window) -> None:
    """Wait for what the store says of the dossier."""
    window.until(lambda: window.flow.existence is not None and window.presenter.errands.work == "")


def opening_of(window: Window) -> Opening:
    """What was sent."""
    assert isinstance(window.event.payload, Opening)
    return window.event.payload


def test_a_minor_is_opened_by_the_keyboard_alone(window: Window) -> None:
    """The representative first, then the two ticks: nothing but keys, from F2 to the store's yes (F62)."""
    window.sign()
    window.choose("famille-corniche", 3)
    window.stage(Stage.CONSENT)
    assert window.focus_name == "Nom de naissance"
    window.type("Corniche")
    window.press("Tab")
    window.type("Gaspard")
    window.press("Tab", "Down", "Down", "Tab", "Down", "Tab", "Space")
    window.press("Tab", "Space", "Tab", "Space")
    window.send()
    assert window.flow.confirmed, window.event.cause
    told = opening_of(window).representative
    assert told is not None
    assert (told.family, told.given, told.quality) == ("Corniche", "Gaspard", RepresentativeQuality.FATHER)
    assert told.agreed


def test_a_protected_adult_is_opened_by_the_keyboard_alone(window: Window) -> None:
    """Alt+M tells the guardianship: the guardian blocks, then agrees, and goes with the opening."""
    window.sign()
    window.choose("ghjulia", 1)
    window.consent()
    window.press("Alt+M")
    assert window.focus_name == "Mesure de protection"
    window.press("Down")
    assert window.flow.form.protection is Protection.GUARDIANSHIP
    window.press("Ctrl+Return")
    assert window.flow.stage is Stage.CONSENT
    assert "Le représentant légal vient d’abord" in window.words()
    window.press("Tab")
    window.type("Leccia")
    window.press("Tab")
    window.type("Anghjula")
    window.tab_to("Pièce présentée")
    window.press("Down", "Tab", "Space")
    window.send()
    assert window.flow.confirmed, window.event.cause
    told = opening_of(window).representative
    assert told is not None
    assert told.quality is RepresentativeQuality.GUARDIAN


def test_a_protection_told_by_mistake_folds_away(window: Window) -> None:
    """Alt+M twice: an ordinary adult again, nothing is asked of a guardian."""
    window.sign()
    window.choose("ghjulia", 1)
    window.consent()
    window.press("Alt+M", "Down", "Alt+M")
    assert window.flow.form.protection is Protection.NONE
    window.send()
    assert window.flow.confirmed
    assert opening_of(window).representative is None


def test_who_refused_is_not_pressed_at_the_next_visit(window: Window) -> None:
    """Alt+R, Alt+F: recorded, nothing leaves; the next opening of the same person says it (F96)."""
    window.sign()
    window.choose("ghjulia", 1)
    window.stage(Stage.CONSENT)
    window.press("Alt+R")
    assert "préfère réfléchir" in window.words()
    window.press("Alt+F")
    window.stage(Stage.STOPPED)
    assert window.flow.stop_cause is StopCause.REFUSED
    assert window.created() == 0
    window.press("Return")
    window.stage(Stage.PERSON)
    window.press("1", "Return")
    window.stage(Stage.CONSENT)
    assert window.flow.earlier_refusal is not None
    assert "n’insistez pas" in window.words()


def test_escape_is_the_safe_answer_to_the_refusal(window: Window) -> None:
    """Alt+R by mistake: Échap gives the form back as it was, and the opening goes on."""
    window.sign()
    window.choose("ghjulia", 1)
    window.consent()
    window.press("Alt+R", "Escape")
    assert window.flow.stage is Stage.CONSENT
    assert window.flow.form.consented_at is not None
    window.send()
    assert window.flow.confirmed


def test_a_person_unknown_to_insi_is_looked_for_by_traits(window: Window) -> None:
    """None found: sex and place are asked, and that the second search found nobody either is said; nothing leaves."""
    window.sign()
    window.choose("theodule", 1)
    window.until(lambda: window.flow.insi is not None and window.presenter.errands.work == "")
    assert "L’INSi ne connaît pas cette personne" in window.words()
    assert window.focus_name == "Féminin"
    first = window.flow.insi
    window.press("Down", "Space", "Return")
    window.until(lambda: window.flow.insi is not first and window.presenter.errands.work == "")
    window.until(lambda: "Ses traits n’ont pas suffi non plus" in window.words())
    assert window.focus_name == "Lieu de naissance, facultatif"
    window.press("Escape")
    window.stage(Stage.STOPPED)
    assert window.created() == 0


def test_several_people_are_told_apart_by_traits(window: Window) -> None:
    """Several found: the traits say so too; a birth place that is no code is refused in words."""
    window.sign()
    window.choose("jeanne", 1)
    window.until(lambda: window.flow.insi is not None and window.presenter.errands.work == "")
    assert "L’INSi connaît plusieurs personnes" in window.words()
    window.press("Space", "Tab")
    window.tab_to("Lieu de naissance, facultatif")
    window.type("Paris")
    window.press("Return")
    assert "Cinq caractères" in window.words()
    assert window.focus_name == "Lieu de naissance, facultatif"
    assert window.flow.stage is Stage.IDENTITY


def test_an_active_dossier_is_authorised_at_the_store(window: Window) -> None:
    """A choice, Ctrl+Entrée: the store holds the authorisation, and the screen says so with the hour."""
    window.sign()
    window.choose("camille-1986", 1)
    answered(window)
    window.press("Ctrl+Return")
    window.tab_to("La personne autorise Dr Aurore Brindille")
    window.press("Space", "Ctrl+Return")
    window.until(lambda: "Autorisation confirmée à" in window.words())
    assert "pas encore autorisé" not in window.words()
    assert window.focus_name == "Ouverture suivante"
    held = window.sandbox.store.authorisation(people.person("camille-1986").ins, [people.BRINDILLE])
    assert held == (Authorisation.VALID, False)
    window.press("F2")
    window.stage(Stage.PERSON)


def test_a_closed_dossier_is_reactivated_by_keys(window: Window) -> None:
    """Entrée proposes it, a fresh consent, Ctrl+Entrée: active again."""
    window.sign()
    window.choose("apolline", 1)
    answered(window)
    window.press("Return")
    window.consent()
    window.send()
    assert window.flow.confirmed, window.event.cause
    assert "Le dossier est réactivé" in window.words()


def test_the_reason_of_a_closing_is_quoted_before_anything_is_proposed(window: Window) -> None:
    """Closed, and not at the person's request: the store's reason stands in the band, with a word of caution."""
    window.sign()
    window.choose("ambroise", 1)
    answered(window)
    words = window.words()
    assert "Motif donné par le DMP\u00a0: «\u00a0DECES\u00a0»" in words
    assert "il peut refuser la réactivation" in words
    assert "Proposez-la" not in words


@pytest.mark.parametrize("card", ["maxence", "blaise"])
def test_no_key_opens_what_is_opposed_or_blocked(window: Window, card: str) -> None:
    """Every key of the other screens: nothing is written, nothing leaves."""
    window.sign()
    window.choose(card, 1)
    answered(window)
    window.press("Ctrl+Return", "Alt+R", "Alt+H", "Alt+C", "Space")
    assert window.flow.event is None
    assert window.created() == 0


def test_a_reading_grows_old_and_is_made_again(late_window: Window, late: LateClock) -> None:
    """Twenty-one minutes at the consent: the button waits and says why; F4 reads the same card, the form is kept."""
    window = late_window
    window.sign()
    window.choose("ghjulia", 1)
    window.consent()
    late.slept = timedelta(minutes=21)
    window.presenter.edited()
    window.press("Ctrl+Return")
    assert window.flow.stage is Stage.CONSENT
    assert "plus de 20\u00a0min" in window.words()
    window.press("F4")
    window.stage(Stage.CONSENT)
    window.until(lambda: not window.flow.blockers)
    window.send()
    assert window.flow.confirmed, window.event.cause


def test_the_same_card_put_back_goes_on(window: Window) -> None:
    """Pulled at the consent: said beside the button; back in its reader, the form goes as it was filled."""
    window.sign()
    window.choose("ghjulia", 1)
    window.consent()
    window.pull_vitale()
    window.until(lambda: not window.flow.card_present)
    assert "Remettez la carte Vitale" in window.words()
    window.press("Ctrl+Return")
    assert window.flow.stage is Stage.CONSENT
    window.vitale("ghjulia")
    window.until(lambda: window.flow.card_present and window.presenter.errands.work == "")
    window.send()
    assert window.flow.confirmed


def test_a_store_that_refuses_is_quoted_in_its_three_parts(window: Window) -> None:
    """Its words, the effect, what to do; F2 goes on with the next person."""
    window.sign()
    window.choose("ghjulia", 1)
    window.consent()
    window.sandbox.faults.order(
        Fault(FaultKind.REFUSE, Transaction.CREATION, code="DMPInvalidData", text="Donnée refusée")
    )
    window.send()
    assert window.event.state is EventState.REFUSED
    words = window.words()
    assert "Donnée refusée" in words
    assert "Que faire" in words
    window.press("F8")
    assert not window.tray.printed
    window.press("F2")
    window.stage(Stage.PERSON)


def test_offline_by_keys_from_the_silence_to_the_attestation(window: Window) -> None:
    """Alt+H, the reason proposed, the receipt by F8; the store back, the attestation by F8 (F16)."""
    window.sign()
    window.sandbox.stop()
    window.choose("ghjulia", 1)
    window.until(lambda: window.flow.insi_failure is not None and window.presenter.errands.work == "")
    window.press("Alt+H")
    window.consent()
    assert "L’INSi ne répondait pas à" in window.flow.form.deferred_reason
    window.send()
    settled(window)
    window.press("F8")
    window.until(lambda: window.tray.titles == ["Récépissé provisoire"])
    window.sandbox.start()
    assert window.program.room is not None
    window.program.room.retry(window.event.id)
    window.until(lambda: window.flow.confirmed)
    settled(window)
    window.until(lambda: "Le dossier est ouvert" in window.words())
    window.press("F8")
    window.until(lambda: window.tray.titles == ["Récépissé provisoire", "Attestation", "Autocollant"])


def test_a_second_copy_has_its_reason_by_keys(window: Window) -> None:
    """F8 twice: a reason is chosen, Entrée prints; without one nothing comes out (F67)."""
    window.sign()
    window.choose("ghjulia", 1)
    window.consent()
    window.send()
    settled(window)
    window.press("1")
    window.until(lambda: window.tray.titles == ["Attestation"])
    window.until(lambda: "Imprimé à" in window.words())
    window.press("1", "Return")
    assert window.tray.titles == ["Attestation"]
    window.press("Space", "Return")
    window.until(lambda: window.tray.titles == ["Attestation", "Attestation"])


class Jammed:
    """A printer that refuses until it is mended."""

    def __init__(self, window: Window) -> None:
        self.window, self.jammed = window, True

    def send(self, pdf: bytes, profile: PrinterProfile, title: str) -> None:
        if self.jammed:
            raise PrinterRefused("no paper")
        self.window.tray.printed.append((title, pdf))


@pytest.fixture
def jammed(window: Window, monkeypatch: pytest.MonkeyPatch) -> Jammed:
    """The window's printer jams."""
    made = Jammed(window)
    monkeypatch.setattr(window.tray, "send", made.send)
    return made


def test_a_printer_that_refuses_is_said_and_tried_again(window: Window, jammed: Jammed) -> None:
    """Its sentence and its chip, no paper registered; mended, F8 prints without asking a reason."""
    window.sign()
    window.choose("ghjulia", 1)
    window.consent()
    window.send()
    settled(window)
    window.press("F8")
    window.until(lambda: "Non imprimé" in window.words())
    assert "imprimante" in window.words()
    jammed.jammed = False
    window.press("F8")
    window.until(lambda: window.tray.titles == ["Attestation", "Autocollant"])
    window.until(lambda: "Non imprimé" not in window.words())


@pytest.mark.parametrize("screen", ["consent", "stopped", "active"])
def test_the_printer_is_heard_wherever_a_paper_is_asked(window: Window, jammed: Jammed, screen: str) -> None:
    """Alt+G before anything is opened: a refusal of the printer is said there too, and the next try clears it."""
    window.sign()
    window.choose("camille-1986" if screen == "active" else "ghjulia", 1)
    answered(window)
    if screen == "stopped":
        window.press("Alt+R", "Alt+H")
        window.stage(Stage.STOPPED)
    settled(window)
    window.press("Alt+G")
    window.until(lambda: "L’imprimante n’a pas pris le papier" in window.words())
    jammed.jammed = False
    window.press("Alt+G")
    window.until(lambda: window.tray.titles == ["Information en gros caractères"])
    window.until(lambda: "L’imprimante n’a pas pris le papier" not in window.words())
    window.until(lambda: "imprimée à" in window.words() or "imprimé en gros caractères" in window.words())


def test_desk_staff_open_without_anything_clinical(window: Window) -> None:
    """Solène Papier's card: no clinical cell, only the structure or nobody as access; the dossier opens."""
    window.sign("papier")
    window.choose("ghjulia", 1)
    window.stage(Stage.CONSENT)
    words = window.words()
    assert "llergie" not in words
    assert "médecin traitant" not in words
    assert "Cabinet des Trois-Tilleuls" in words
    window.consent()
    window.tab_to("Personne pour l’instant")
    window.press("Down")
    assert window.flow.form.access is AccessChoice.STRUCTURE
    window.send()
    assert window.flow.confirmed, window.event.cause
    dossier = window.sandbox.store.dossier(people.person("ghjulia").ins)
    assert dossier is not None
    assert dossier.state is DossierState.ACTIVE


def test_desk_staff_meet_an_active_dossier(window: Window) -> None:
    """Nothing to authorise under that card: the screen leads to the next person."""
    window.sign("papier")
    window.choose("ernest", 1)
    answered(window)
    assert "La personne autorise" not in window.words()
    window.press("Return")
    window.stage(Stage.PERSON)


def test_an_impossible_birth_date_is_opened_as_it_is(window: Window) -> None:
    """Month 19: shown as it is written, nobody corrected; the dossier opens."""
    window.sign()
    window.choose("fatma", 1)
    window.consent()
    assert "01/19/1942" in window.words()
    window.send()
    assert window.flow.confirmed, window.event.cause
    assert window.flow.traits is not None
    assert window.flow.traits.sex is Sex.FEMALE
