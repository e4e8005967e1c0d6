"""The words of « Journée »."""

from __future__ import annotations

from datetime import date

from dmp_desktop.domain.appointments import Likeness
from dmp_desktop.domain.clock import PARIS
from dmp_desktop.services.day import Copy, DayRow, Prepared, Untold
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.people.lines import Line
from dmp_desktop.ui.people.words import born_of, name_of, state_of, under_of
from dmp_desktop.ui.sentences import sentence_of

_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

UNTOLD = {
    Untold.NOT_NAMED: "Non préparé\u00a0: personne à désigner",
    Untold.NO_INS: "Non préparé\u00a0: identité sans INS",
    Untold.NO_DOSSIER: "Pas de dossier à préparer",
    Untold.CLOSED: "Dossier fermé",
    Untold.OPPOSED: "La personne s’y oppose",
    Untold.BLOCKED: "Accès bloqué par la personne",
    Untold.NOT_AUTHORISED: "Non préparé\u00a0: sans autorisation",
    Untold.FAILED: "Non préparé\u00a0: échec",
    Untold.STOPPED: "Non préparé\u00a0: arrêt avant",
}


def long_day(day: date) -> str:
    """``mardi 14 avr. 2026``."""
    return f"{_DAYS[day.weekday()]} {texts.plain_day(day.strftime('%Y%m%d'))}"


def expected(count: int) -> str:
    """``12 personnes attendues``."""
    return texts.count(count, "personne attendue", "personnes attendues") if count else "Personne n’est attendu"


def line_of(row: DayRow, prepared: Prepared | None, today: date) -> Line:
    """One line of the list."""
    line, person = row.appointment, row.person
    more = _more(row.copy, prepared, today)
    key = str(line.id)
    if person is not None:
        return Line(key, name_of(person), under_of(person), born_of(person), state_of(person), more, line.hour)
    born = f"Né(e) le {line.birth_date.text}" if line.birth_date is not None else ""
    if row.likeness is Likeness.ASK:
        count = texts.count(len(row.candidates), "personne possible", "personnes possibles")
        return Line(key, line.label, "Telle que l’agenda la nomme", born, ("users", count, "warning"), more, line.hour)
    state = ("user", "Pas connue ici", "text-2")
    return Line(key, line.label, "Telle que l’agenda la nomme", born, state, more, line.hour)


def _more(copy: Copy | None, prepared: Prepared | None, today: date) -> tuple[str, str, str]:
    """What is new in the copy and how fresh it is; why it was not fetched."""
    if prepared is not None and prepared.untold is not None:
        return "minus", UNTOLD[prepared.untold], "text-2"
    if copy is None:
        return "", "", "text-2"
    fresh = ""
    if copy.at is not None:
        local = copy.at.astimezone(PARIS)
        fresh = f"copie de {local:%H:%M}" if local.date() == today else f"copie du {texts.day(copy.at)}"
    if copy.new:
        words = texts.count(copy.new, "nouveau", "nouveaux")
        return "file", ", ".join(part for part in (words, fresh) if part), "action"
    return ("success", f"Rien de nouveau, {fresh}", "text-2") if fresh else ("offline", "Pas de copie", "text-2")


def summary(done: tuple[Prepared, ...]) -> tuple[str, str, str]:
    """State, first sentence and the rest, of a preparation that ended."""
    ready = sum(1 for one in done if one.untold is None)
    documents = sum(one.documents for one in done)
    left = len(done) - ready
    strong = f"{texts.count(ready, 'dossier est prêt', 'dossiers sont prêts')}."
    brought = f"{texts.count(documents, 'document apporté', 'documents apportés')}."
    rest = (
        f" {texts.count(left, 'personne n’a pas', 'personnes n’ont pas')} de copie\u00a0: la raison est sur sa ligne."
    )
    stopped = next((one.cause for one in done if one.untold is Untold.STOPPED and one.cause), "")
    if stopped:
        return "warning", strong, f"{sentence_of(stopped).what} {brought}{rest}"
    return ("success" if ready else "info"), strong, brought + (rest if left else "")
