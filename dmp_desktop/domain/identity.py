"""Traits of a person, what a Carte Vitale says of them, and how the two are compared.

Sources: RNIV (statuses, strict traits), EX_GEN-1230 (compare at least name, first name, birth date; only a human goes
on), EX_GEN-1265 (the traits of the card are never altered).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from dmp_desktop.domain.identifiers import CardNature, Ins, Nir


class Sex(StrEnum):
    """Administrative sex as INSi gives it."""

    FEMALE = "F"
    MALE = "M"
    UNKNOWN = "U"


@dataclass(frozen=True, slots=True)
class BirthDate:
    """A birth date kept exactly as it was given, even when it is on no calendar (lunar dates, month 19).

    :ivar raw: eight characters ``AAAAMMJJ`` as read; never corrected.
    """

    raw: str

    @property
    def calendar(self) -> date | None:
        """The day on the calendar, or ``None`` when there is no such day."""
        try:
            return date(int(self.raw[:4]), int(self.raw[4:6]), int(self.raw[6:8])) if len(self.raw) == 8 else None
        except ValueError:
            return None

    @property
    def text(self) -> str:
        """``JJ/MM/AAAA``, compared with an identity card; the raw text when it does not have eight digits."""
        return (
            f"{self.raw[6:8]}/{self.raw[4:6]}/{self.raw[:4]}" if len(self.raw) == 8 and self.raw.isdigit() else self.raw
        )

    def age_on(self, day: date) -> int | None:
        """Age in full years on ``day``.

        An impossible month or day is read as 31 December: a person is never made older than they may be, so that a
        minor is never taken for an adult.
        """
        if len(self.raw) != 8 or not self.raw[:4].isdigit():
            return None
        born = self.calendar or date(int(self.raw[:4]), 12, 31) if self.raw[:4] != "0000" else None
        if born is None or born > day:
            return 0 if born is not None else None
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@dataclass(frozen=True, slots=True)
class Traits:
    """The five INS traits (RNIV), with the used name beside them.

    :ivar given_names: birth given names, in order; the first is compared with the card.
    :ivar birth_place: COG code of 5 characters, or ``""`` when unknown.
    """

    birth_name: str
    given_names: tuple[str, ...]
    sex: Sex
    birth_date: BirthDate
    birth_place: str = ""
    used_name: str = ""
    used_given_name: str = ""

    @property
    def first_given_name(self) -> str:
        """The first birth given name, or ``""``."""
        return self.given_names[0] if self.given_names else ""

    @property
    def complete(self) -> bool:
        """Whether a document can bear them beside the INS: names, date and place of birth are all known."""
        return bool(
            self.birth_name and self.first_given_name and self.birth_place and self.birth_date.raw[:4].isdigit()
        )

    @property
    def civility(self) -> str:
        """``M.`` or ``Mme``; ``M. ou Mme`` while the sex is not known."""
        return {Sex.FEMALE: "Mme", Sex.MALE: "M."}.get(self.sex, "M. ou Mme")


@dataclass(frozen=True, slots=True, repr=False)
class Beneficiary:
    """One person on a Carte Vitale, as its freely readable files tell (tags 80, 81, 82, 90, 93).

    :ivar position: 1 for the first template of the card.
    :ivar nir: the number in this person's template, or ``None`` when absent or with a wrong key.
    :ivar nir_text: the same, as read (kept even when the key is wrong).
    :ivar raw: tag (hex) → value (hex) of everything the templates hold.
    """

    position: int
    name: str
    given_name: str
    birth_date: BirthDate
    nir: Nir | None
    nir_text: str = ""
    country: str = ""
    raw: dict[str, str] = field(default_factory=dict, compare=False)

    def __repr__(self) -> str:
        return f"Beneficiary({self.position})"

    @property
    def holds_own_nir(self) -> bool:
        """Whether the number may be this person's own: its year and month are those of the birth date.

        A family card repeats the insured's number in every template; it must never become a child's INS.
        """
        return self.nir is not None and self.nir.value[1:5] == self.birth_date.raw[2:6]


@dataclass(frozen=True, slots=True, repr=False)
class CardTraits:
    """The Vitale traits of the chosen person, exactly as read: they travel unaltered (EX_GEN-1265).

    Enough to ask INSi again later, when the teleservice did not answer at the desk.

    :ivar own_nir: this person's own number, when the card holds it; ``insured_nir``: the number of the insured.
    :ivar birth_rank: see :meth:`VitaleReading.birth_rank`.
    """

    name: str
    given_name: str
    birth_date: BirthDate
    own_nir: Nir | None = None
    insured_nir: Nir | None = None
    birth_rank: int = 1

    def __repr__(self) -> str:
        return "CardTraits(…)"

    def provisional(self) -> Traits:
        """Traits of a provisional identity: what the card says, nothing more."""
        return Traits(self.name, (self.given_name,), Sex.UNKNOWN, self.birth_date)


@dataclass(frozen=True, slots=True, repr=False)
class VitaleReading:
    """What one reading of a Carte Vitale gave.

    :ivar fingerprint: hash of the identifying files: two readings of the same card are equal.
    :ivar read_at: when the reading ended (aware, UTC); a reading is good for 20 minutes (INSi 1.02).
    """

    beneficiaries: tuple[Beneficiary, ...]
    fingerprint: str
    read_at: datetime
    reader: str
    nature: CardNature = CardNature.UNKNOWN
    valid_from: str = ""
    files: dict[str, str] = field(default_factory=dict, compare=False)

    def __repr__(self) -> str:
        return f"VitaleReading({len(self.beneficiaries)} people)"

    def insured_nir(self) -> Nir | None:
        """The number of the insured: the first valid one on the card."""
        return next((b.nir for b in self.beneficiaries if b.nir is not None), None)

    def birth_rank(self, person: Beneficiary) -> int:
        """Rank (1…) among those of the card born on the same day, in card order.

        A proposal for INSi's ``RangNaissance``: the card's free files do not give it, so the comparison of traits has
        the last word.
        """
        return sum(1 for b in self.beneficiaries if b.birth_date == person.birth_date and b.position <= person.position)

    def card_traits(self, person: Beneficiary) -> CardTraits:
        """What this reading says of one person, with the numbers INSi asks for."""
        return CardTraits(
            person.name,
            person.given_name,
            person.birth_date,
            person.nir if person.holds_own_nir else None,
            self.insured_nir(),
            self.birth_rank(person),
        )

    def shares_birth_date(self, person: Beneficiary) -> bool:
        """Whether another person of the card was born on the same day (twins: ask the given name in full)."""
        return sum(1 for b in self.beneficiaries if b.birth_date == person.birth_date) > 1

    def quality(self, person: Beneficiary, day: date) -> str:
        """A word for the desk. The free files hold no quality: it is inferred from the number and the age."""
        if person.position == 1 and person.holds_own_nir:
            return "Assuré(e)"
        age = person.birth_date.age_on(day)
        return "Enfant" if age is not None and age < 18 else "Ayant droit"


class InsStatus(StrEnum):
    """Status of an identity (RNIV)."""

    UNVERIFIED = "non-verifiee"
    PROVISIONAL = "provisoire"
    RETRIEVED = "recuperee"
    VALIDATED = "validee"
    QUALIFIED = "qualifiee"


class InsAttribute(StrEnum):
    """Warnings attached to an identity (RNIV); the two last forbid sending."""

    HOMONYM = "homonyme"
    DOUBTFUL = "douteux"
    FICTITIOUS = "fictif"


@dataclass(frozen=True, slots=True)
class Identity:
    """A person's identity as the practice holds it.

    :ivar ins: absent while the status is provisional.
    """

    traits: Traits
    status: InsStatus
    ins: Ins | None = None
    attributes: frozenset[InsAttribute] = frozenset()

    @property
    def may_send(self) -> bool:
        """Whether anything about this person may leave (RNIV: never a doubtful or fictitious identity)."""
        return self.ins is not None and not self.attributes & {InsAttribute.DOUBTFUL, InsAttribute.FICTITIOUS}


class InsiOutcome(StrEnum):
    """What the INSi teleservice found."""

    FOUND = "found"
    NONE = "none"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True, repr=False)
class InsiAnswer:
    """Answer of the INSi teleservice.

    :ivar code: ``CodeCR`` as received; ``label`` its text.
    :ivar history: former matricules of the person (``INSHISTO``).
    """

    outcome: InsiOutcome
    answered_at: datetime
    ins: Ins | None = None
    traits: Traits | None = None
    code: str = ""
    label: str = ""
    history: tuple[Ins, ...] = ()

    def __repr__(self) -> str:
        return f"InsiAnswer({self.outcome})"


class Verdict(StrEnum):
    """Outcome of comparing one trait."""

    SAME = "same"
    DIFFERENT = "different"
    NOT_COMPARABLE = "not-comparable"


class Trait(StrEnum):
    """The rows of the comparison, in their fixed order."""

    BIRTH_NAME = "birth-name"
    GIVEN_NAME = "given-name"
    BIRTH_DATE = "birth-date"
    SEX = "sex"
    BIRTH_PLACE = "birth-place"
    MATRICULE = "matricule"


@dataclass(frozen=True, slots=True, repr=False)
class Comparison:
    """One trait, side by side. The matricule's texts are empty: it is never shown."""

    trait: Trait
    card: str
    insi: str
    verdict: Verdict

    def __repr__(self) -> str:
        return f"Comparison({self.trait}, {self.verdict})"


def fold(text: str) -> str:
    """How two sources of a name are compared: upper case, no accents, ligatures undone, punctuation as spaces."""
    text = text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE").replace("ß", "ss")
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).upper()
    return " ".join("".join(c if c.isalnum() else " " for c in text).split())


def compare(card: CardTraits, traits: Traits, ins: Ins) -> tuple[Comparison, ...]:
    """The card against INSi, trait by trait, the differing rows first (EX_GEN-1230).

    A trait the card does not hold is "not comparable", never "same". Accents, hyphens and case are no difference: the
    card holds upper case without accents.
    """

    def verdict(left: str, right: str) -> Verdict:
        if not left or not right:
            return Verdict.NOT_COMPARABLE
        return Verdict.SAME if left == right else Verdict.DIFFERENT

    name = verdict(fold(card.name), fold(traits.birth_name))
    given = verdict(fold(card.given_name), fold(traits.first_given_name))
    if given is Verdict.DIFFERENT and fold(card.given_name) == fold(" ".join(traits.given_names)):
        given = Verdict.SAME
    number = verdict(card.own_nir.value if card.own_nir else "", ins.value)
    rows = (
        Comparison(Trait.BIRTH_NAME, card.name, traits.birth_name, name),
        Comparison(Trait.GIVEN_NAME, card.given_name, traits.first_given_name, given),
        Comparison(
            Trait.BIRTH_DATE,
            card.birth_date.text,
            traits.birth_date.text,
            verdict(card.birth_date.raw, traits.birth_date.raw),
        ),
        Comparison(Trait.SEX, "", traits.sex.value, Verdict.NOT_COMPARABLE),
        Comparison(Trait.BIRTH_PLACE, "", traits.birth_place, Verdict.NOT_COMPARABLE),
        Comparison(Trait.MATRICULE, "", "", number),
    )
    return tuple(sorted(rows, key=lambda row: row.verdict is not Verdict.DIFFERENT))


class ProofDocument(StrEnum):
    """Identity documents of high trust (RNIV); the driving licence and the Vitale alone do not suffice."""

    IDENTITY_CARD = "carte-identite"
    PASSPORT = "passeport"
    RESIDENCE_PERMIT = "titre-sejour"
    FAMILY_BOOKLET = "livret-famille"
    BIRTH_CERTIFICATE = "acte-naissance"
