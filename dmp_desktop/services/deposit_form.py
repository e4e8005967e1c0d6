"""A deposit being prepared: what is filled in, what is missing. No screen, no storage.

Sources: EX_2.1-1050 (visibility asked each time), EX_0.1-1100 (secret connection), EX_2.1-2000 (vaccination notes),
EX_GEN-1060 (held by hand; nothing empty or unchanged).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

from dmp_desktop.domain.clock import PARIS, Clock
from dmp_desktop.domain.document import DocumentEntry, ForbiddenVisibility, Visibility
from dmp_desktop.domain.draft import Draft
from dmp_desktop.domain.identity import BirthDate
from dmp_desktop.domain.professional import Professional
from dmp_desktop.domain.record import RecordContext
from dmp_desktop.domain.rights import Action
from dmp_desktop.domain.terminology import CLASS, RUBRIQUE, TYPE, Code, table
from dmp_desktop.errors import FlowError
from dmp_desktop.services.rights_view import Ruling, may

MAJORITY: Final = 18
LONGEST_TITLE: Final = 120
VACCINATION_NOTES: Final = frozenset({"87273-9", "96874-3"})
VACCINATORS: Final = frozenset({"10", "21", "60", "69"})
"""Professions that may write a vaccination note (EX_2.1-2000)."""
_NOT_BY_HAND: Final = frozenset({"E1762", "FEUILLE-DE-STYLE", "IMG-KOS", "EXPORT_DUI", "74465-6"})
"""Types that only programs make, or that have a form of their own."""
_NOT_OURS: Final = frozenset({"90", "60"})
"""Classes of the person and of the Assurance Maladie."""


class Blocker(StrEnum):
    """What stands between a deposit and its sending, the first to look at first."""

    RIGHTS = "rights"
    IDENTITY = "identity"
    TRAITS = "traits"
    """A document bears the traits that go with the INS: a person known by a list of the store lacks the birth place."""
    NO_CONTENT = "no-content"
    NO_TITLE = "no-title"
    NO_TYPE = "no-type"
    BAD_DATE = "bad-date"
    VISIBILITY = "visibility"
    FORBIDDEN_PAIR = "forbidden-pair"
    SECRET = "secret"  # noqa: S105 - hidden from a minor's representatives
    UNCHANGED = "unchanged"
    TOO_LARGE = "too-large"


class Audience(StrEnum):
    """Of whom it is asked, each time, whether they see the document."""

    PROFESSIONALS = "professionals"
    PATIENT = "patient"
    REPRESENTATIVES = "representatives"


class DepositNotReady(FlowError):
    """Something is missing before a document may leave. ``facts["blocker"]`` names it."""

    code = "deposit-not-ready"


@dataclass(frozen=True, slots=True)
class TypeGroup:
    """The types of one rubrique that this person may deposit."""

    key: str
    label: str
    types: tuple[Code, ...]


def types_for(professional: Professional) -> tuple[TypeGroup, ...]:
    """Every type that may be deposited by hand, by rubrique; one that two rubriques show stands in the first."""
    rubriques, groups = table(RUBRIQUE), dict[str, list[Code]]()
    for concept in table(TYPE).concepts.values():
        value = concept.code.value
        if concept.renewed_as or concept.parent in _NOT_OURS or value in _NOT_BY_HAND or value.startswith("DOCPAT"):
            continue
        if table(CLASS).concept(concept.parent) is None or not concept.rubriques:
            continue
        if value in VACCINATION_NOTES and professional.profession not in VACCINATORS:
            continue
        groups.setdefault(concept.rubriques[0], []).append(concept.code)
    return tuple(
        TypeGroup(key, rubriques.require(key).text, tuple(sorted(groups[key], key=lambda code: code.text.casefold())))
        for key in rubriques.concepts
        if key in groups
    )


def audiences(birth: BirthDate, today: date) -> tuple[Audience, ...]:
    """Of whom it is asked: the representatives too for a minor, or when the age cannot be told."""
    age = birth.age_on(today)
    everyone = (Audience.PROFESSIONALS, Audience.PATIENT, Audience.REPRESENTATIVES)
    return everyone if age is None or age < MAJORITY else everyone[:2]


@dataclass(slots=True, repr=False)
class DepositForm:
    """One deposit as it stands.

    :ivar hidden: the answer to each question, absent until it is given: there is no default.
    :ivar raw_date: the date as typed when it is none, else ``""``.
    :ivar unchanged: this content was already deposited here, and not refused.
    :ivar like: the older version, whose title, kind and day are proposed; ``None`` for a new document.
    """

    clock: Clock
    context: RecordContext
    draft: Draft
    limit: int
    both_allowed: bool
    hidden: dict[Audience, bool]
    raw_date: str = ""
    unchanged: bool = False
    pages: int = 0
    like: DocumentEntry | None = None

    def __repr__(self) -> str:
        return f"DepositForm({self.draft!r})"

    @property
    def asked(self) -> tuple[Audience, ...]:
        """The questions of this deposit."""
        today = self.clock.now().astimezone(PARIS).date()
        return audiences(self.context.identity.traits.birth_date, today)

    @property
    def rights(self) -> Ruling:
        """Whether the matrix lets this person deposit."""
        action = Action.DEPOSIT_BY_DESK if self.context.professional.is_desk_staff else Action.DEPOSIT
        return may(action, self.context)

    @property
    def forced(self) -> frozenset[Audience]:
        """Answers that the connection gives by itself (EX_0.1-1100)."""
        return frozenset({Audience.REPRESENTATIVES}) if self.context.access.secret else frozenset()

    def answer(self, audience: Audience, hidden: bool) -> None:
        """The answer to one question. What the connection forces stays as it is."""
        if audience not in self.forced:
            self.hidden[audience] = hidden
        self.draft = replace(self.draft, visibility=self.visibility)

    @property
    def visibility(self) -> Visibility | None:
        """Who does not see it, once every question was answered."""
        answers = self.hidden | dict.fromkeys(self.forced, True)
        if any(audience not in answers for audience in self.asked):
            return None
        return Visibility(*(answers.get(audience, False) for audience in Audience))

    def set_date(self, typed: str) -> None:
        """The day of the act, typed ``JJ/MM/AAAA``: today keeps the present hour, another day is told at noon."""
        digits = "".join(c for c in typed if c.isdigit())
        now = self.clock.now()
        try:
            day = date(int(digits[4:8]), int(digits[2:4]), int(digits[:2])) if len(digits) == 8 else None
        except ValueError:
            day = None
        if day is None or day.year < 1900 or day > now.astimezone(PARIS).date():
            self.raw_date, self.draft = typed or " ", replace(self.draft, service_start=None)
            return
        at = now if day == now.astimezone(PARIS).date() else datetime.combine(day, time(12), PARIS)
        self.raw_date, self.draft = "", replace(self.draft, service_start=at)

    @property
    def written(self) -> bool:
        """Whether it is a report typed in place."""
        return not self.draft.sha256 and bool(self.draft.text.strip())

    @property
    def touched(self) -> bool:
        """Whether there is anything to lose."""
        proposed = self.like.title.strip() if self.like is not None else ""
        titled = self.draft.title.strip() not in {"", proposed}
        return bool(self.draft.sha256 or self.draft.text.strip()) or titled

    @property
    def blockers(self) -> tuple[Blocker, ...]:
        """Everything that is missing, in reading order."""
        draft, found = self.draft, []
        if not self.rights.allowed:
            found.append(Blocker.RIGHTS)
        if not self.context.identity.may_send:
            found.append(Blocker.IDENTITY)
        elif not self.context.identity.traits.complete:
            found.append(Blocker.TRAITS)
        if not draft.sha256 and not draft.text.strip():
            found.append(Blocker.NO_CONTENT)
        if not draft.title.strip():
            found.append(Blocker.NO_TITLE)
        if draft.type_code is None or not self.may_deposit(draft.type_code):
            found.append(Blocker.NO_TYPE)
        if draft.service_start is None:
            found.append(Blocker.BAD_DATE)
        visibility = self.visibility
        if visibility is None:
            found.append(Blocker.VISIBILITY)
        else:
            try:
                visibility.check(both_allowed=self.both_allowed)
            except ForbiddenVisibility:
                found.append(Blocker.FORBIDDEN_PAIR)
            if self.context.access.secret and not visibility.from_representatives:
                found.append(Blocker.SECRET)
        if self.unchanged:
            found.append(Blocker.UNCHANGED)
        if draft.size > self.limit:
            found.append(Blocker.TOO_LARGE)
        return tuple(found)

    def may_deposit(self, code: Code) -> bool:
        """Whether this person may deposit this type."""
        return any(code in group.types for group in types_for(self.context.professional))

    def demand_ready(self) -> None:
        """Nothing leaves half filled in.

        :raises DepositNotReady: something is missing.
        """
        if blockers := self.blockers:
            raise DepositNotReady("something is missing", blocker=blockers[0].value)

    @property
    def mark(self) -> str:
        """What tells this content from another in this dossier, without telling anything of it."""
        source = self.draft.sha256
        if self.written or not source:
            words = " ".join(self.draft.text.split())
            source = hashlib.sha256(f"{self.draft.title.strip()}\n{words}".encode()).hexdigest()
        return hashlib.sha256(f"{self.context.dossier}\n{source}".encode()).hexdigest()
