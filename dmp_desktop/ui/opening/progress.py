"""Where the opening stands, step by step: what the step list and the strip show."""

from __future__ import annotations

from dmp_desktop.domain.dossier import DossierState
from dmp_desktop.domain.events import EventState
from dmp_desktop.domain.identity import InsiOutcome
from dmp_desktop.services.opening import OpeningFlow, Stage
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.widgets.steps import Step, StepState

TITLES = ("Carte Vitale", "Personne", "Identité", "Dossier existant\u202f?", "Consentement", "Ouverture, papiers")

_STAGES = (Stage.CARD, Stage.PERSON, Stage.IDENTITY, Stage.EXISTENCE, Stage.CONSENT, Stage.SENDING)

_EXISTENCE = {
    DossierState.NONE: "Aucun dossier trouvé",
    DossierState.ACTIVE: "Dossier actif",
    DossierState.CLOSED: "Dossier fermé",
    DossierState.OPPOSED: "Opposition",
    DossierState.BLOCKED: "Accès bloqué",
}

_END = {
    EventState.CONFIRMED: "Confirmée",
    EventState.REFUSED: "Refusée",
    EventState.HELD: "Retenue",
}


def progress(flow: OpeningFlow) -> tuple[Step, ...]:
    """The six steps as they stand."""
    results: tuple[str, ...] = (
        _card(flow),
        _person(flow),
        _identity(flow),
        _existence(flow),
        _consent(flow),
        _end(flow),
    )
    if flow.stage is Stage.STOPPED and flow.stop_cause is not None:
        at = _stopped_at(flow)
        stop = texts.STEP_STOPPED[flow.stop_cause]
        marks = [StepState.DONE] * at + [StepState.STOPPED] + [StepState.TO_COME] * (5 - at)
        results = tuple(stop if i == at else text if i < at else "" for i, text in enumerate(results))
    elif flow.stage is Stage.DONE:
        marks = [StepState.DONE] * 5 + [_end_mark(flow)]
    elif _ends_at_existence(flow):
        marks = [StepState.DONE] * 3 + [StepState.CURRENT] + [StepState.SKIPPED] * 2
        results = (*results[:4], "Sans objet", "Sans objet")
    else:
        at = _STAGES.index(flow.stage)
        marks = [StepState.DONE] * at + [StepState.CURRENT] + [StepState.TO_COME] * (5 - at)
    return tuple(Step(*row) for row in zip(TITLES, marks, results, strict=True))


def _ends_at_existence(flow: OpeningFlow) -> bool:
    return (
        flow.stage is Stage.EXISTENCE
        and flow.existence is not None
        and flow.existence.state in {DossierState.ACTIVE, DossierState.OPPOSED, DossierState.BLOCKED}
    )


def _stopped_at(flow: OpeningFlow) -> int:
    if flow.person is None:
        return 1 if flow.reading else 0
    if flow.identity is None:
        return 2
    if flow.existence is None and not flow.form.offline:
        return 3
    return 4


def _end_mark(flow: OpeningFlow) -> StepState:
    state = flow.event.state if flow.event else EventState.WAITING
    if state is EventState.CONFIRMED:
        return StepState.DONE
    return StepState.STOPPED if state is EventState.REFUSED else StepState.CURRENT


def _card(flow: OpeningFlow) -> str:
    if flow.reading is None:
        return "À insérer" if flow.stage is Stage.CARD else ""
    people = texts.count(len(flow.reading.beneficiaries), "personne", "personnes")
    return f"Lue à {texts.hour(flow.reading.read_at)}, {people}"


def _person(flow: OpeningFlow) -> str:
    if flow.person is None or flow.reading is None:
        return "À choisir" if flow.stage is Stage.PERSON else ""
    return texts.capital(flow.person.given_name)


def _identity(flow: OpeningFlow) -> str:
    if flow.proof is not None:
        return f"Décidée, {texts.PROOF[flow.proof].lower()}"
    if flow.identity is not None:
        return texts.INS_STATUS[flow.identity.status]
    if flow.stage is not Stage.IDENTITY:
        return ""
    if flow.insi_failure is not None:
        return "INSi ne répond pas"
    if flow.differences:
        return "Une différence" if len(flow.differences) == 1 else f"{len(flow.differences)} différences"
    if flow.insi is not None and flow.insi.outcome is not InsiOutcome.FOUND:
        return "Personne non trouvée" if flow.insi.outcome is InsiOutcome.NONE else "Plusieurs personnes"
    return "INSi interrogé"


def _existence(flow: OpeningFlow) -> str:
    if flow.existence is not None:
        return _EXISTENCE[flow.existence.state]
    if flow.form.offline:
        return "À demander plus tard"
    if flow.stage is not Stage.EXISTENCE:
        return ""
    return "Le DMP ne répond pas" if flow.existence_failure is not None else "DMP interrogé"


def _consent(flow: OpeningFlow) -> str:
    if flow.stage in {Stage.SENDING, Stage.DONE} and flow.form.consented_at is not None:
        return f"Recueilli à {texts.hour(flow.form.consented_at)}"
    if flow.stage is Stage.CONSENT:
        return "À compléter" if flow.form.blockers() else "Complet"
    return ""


def _end(flow: OpeningFlow) -> str:
    if flow.stage is Stage.SENDING:
        return "En attente de la réponse"
    if flow.stage is not Stage.DONE or flow.event is None:
        return ""
    word = _END.get(flow.event.state, "En attente")
    at = flow.event.answered_at if flow.event.state in _END else None
    return f"{word} à {texts.hour(at)}" if at is not None else word
