"""Finding a person: by what is typed, by their card, by the list of the dossiers one may read.

No Qt, no SQL, no HTTP; each method says from which lane it is called.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dmp_desktop.cache.store import DeskStore
from dmp_desktop.domain.clock import PARIS, Clock
from dmp_desktop.domain.dossier import Authorisation, DossierState, ExistenceAnswer
from dmp_desktop.domain.events import Author
from dmp_desktop.domain.habilitations import AuthorisedDossier
from dmp_desktop.domain.identity import (
    Beneficiary,
    CardTraits,
    Identity,
    InsiAnswer,
    InsStatus,
    Sex,
    Traits,
    Verdict,
    VitaleReading,
    compare,
    fold,
)
from dmp_desktop.domain.people import PersonFound
from dmp_desktop.errors import IdentityError

LIMIT = 50
"""Rows of a list: more letters find the rest."""


@dataclass(frozen=True, slots=True, repr=False)
class CardPerson:
    """One person of a Carte Vitale.

    :ivar known: who they are here, when the card proves it: their own number, and the same birth date. A child's card
        bears the insured's number: a child is identified by INSi each time.
    :ivar age: in full years today, ``None`` when it cannot be told; ``quality``: a word for the desk.
    """

    person: Beneficiary
    card: CardTraits
    age: int | None
    quality: str
    known: PersonFound | None = None

    def __repr__(self) -> str:
        return f"CardPerson({self.person.position}, known={self.known is not None})"


@dataclass(frozen=True, slots=True, repr=False)
class CardFinding:
    """Who is on a card, in its order. One person alone is gone to straight; among several somebody chooses."""

    people: tuple[CardPerson, ...]

    def __repr__(self) -> str:
        return f"CardFinding({len(self.people)})"


class NotIdentified(IdentityError):
    """INSi found nobody, or several people, for this card."""

    code = "card-not-identified"


class CardDiffers(IdentityError):
    """INSi's traits are not the card's: a person decides, in an opening (EX_GEN-1230)."""

    code = "card-differs"


class People:
    """The people of this post, for whoever is signed in."""

    def __init__(self, store: DeskStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._index = store.patients.people

    def find(self, words: str, author: Author, limit: int = LIMIT) -> tuple[PersonFound, ...]:
        """Cache lane. Who answers to what is typed; whoever was seen last while nothing is."""
        if not words.strip():
            return self._index.latest(author.professional, limit)
        return self._index.find(words, author.professional, limit)

    def of(self, dossiers: Iterable[str], author: Author) -> dict[str, PersonFound]:
        """Cache lane. These people, by the key of their dossier."""
        return self._index.of(dossiers, author.professional)

    # -- by card ------------------------------------------------------------------------------------------------------

    def by_card(self, reading: VitaleReading, author: Author) -> CardFinding:
        """Cache lane. The people of a card, and who of them is known here."""
        people, today = [], self._clock.now().astimezone(PARIS).date()
        for person in reading.beneficiaries:
            card = reading.card_traits(person)
            age, quality = person.birth_date.age_on(today), reading.quality(person, today)
            people.append(CardPerson(person, card, age, quality, self._known(card, author)))
        return CardFinding(tuple(people))

    def _known(self, card: CardTraits, author: Author) -> PersonFound | None:
        if card.own_nir is None:
            return None
        meant = self._index.with_number(card.own_nir, author.professional)
        same = [one for one in meant if one.birth_date == card.birth_date and fold(card.given_name) in _given(one)]
        if len(same) != 1:
            return None
        # Known by a list of the store alone, a trait may be missing: INSi is asked, and completes it.
        identity = self._store.patients.identity(same[0].dossier)
        return same[0] if identity is not None and identity.traits.complete else None

    def identified(self, card: CardTraits, answer: InsiAnswer) -> str:
        """Cache lane. Keep the identity that INSi gave for a card; give the key of the dossier.

        :raises NotIdentified: it gave none. :raises CardDiffers: it is not the card's; nothing is kept.
        """
        if answer.ins is None or answer.traits is None:
            raise NotIdentified("no identity for this card")
        if any(row.verdict is Verdict.DIFFERENT for row in compare(card, answer.traits, answer.ins)):
            raise CardDiffers("traits differ")
        known = self._store.patients.identity(self._store.patients.dossier_key(answer.ins))
        status = known.status if known is not None and known.traits == answer.traits else InsStatus.RETRIEVED
        attributes = known.attributes if known is not None else frozenset()
        return self._store.patients.remember(Identity(answer.traits, status, answer.ins, attributes))

    # -- by the store's list ------------------------------------------------------------------------------------------

    def merge(self, listed: Iterable[AuthorisedDossier], author: Author) -> tuple[PersonFound, ...]:
        """Cache lane. Make the people of the list known here (TD0.4); give them, in its order.

        Whoever is known already keeps their identity. The others are kept as the store names them, « non vérifiée »
        until INSi or a card says more. An entry without INS cannot be opened: it is left out.
        """
        patients, now = self._store.patients, self._clock.now()
        keys: list[str] = []
        for one in listed:
            if one.ins is None:
                continue
            key = patients.dossier_key(one.ins)
            if patients.identity(key) is None:
                patients.remember(Identity(_traits(one), InsStatus.UNVERIFIED, one.ins))
            told = patients.existence(key, author) or ExistenceAnswer(DossierState.ACTIVE, now)
            valid = replace(
                told,
                state=DossierState.ACTIVE,
                authorisation=Authorisation.VALID,
                treating=one.treating,
                answered_at=now,
            )
            patients.learned(key, valid, author)
            keys.append(key)
        found = self._index.of(keys, author.professional)
        return tuple(found.values())


def _given(person: PersonFound) -> tuple[str, ...]:
    """The given name as a card may bear it."""
    return fold(person.given_name), fold(person.given_name).partition(" ")[0]


def _traits(one: AuthorisedDossier) -> Traits:
    civility = one.civility.strip(" .").upper()
    sex = {"M": Sex.MALE, "MR": Sex.MALE, "MME": Sex.FEMALE, "MLLE": Sex.FEMALE}.get(civility, Sex.UNKNOWN)
    return Traits(one.birth_name, (one.given_name,), sex, one.birth_date, used_name=one.used_name)
