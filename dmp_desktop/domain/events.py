"""The closed list of what a person can do: what the outbox holds.

An event is a value with a client-made ordered id (UUIDv7), an author, a target and a payload. It is written once and
never changed; its progress is the outbox's business.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self
from uuid import UUID

from dmp_desktop.domain.acts import ContactChange, Deposit, StatusChange, VisibilityChange
from dmp_desktop.domain.conflicts import Found
from dmp_desktop.domain.dossier import AccessChoice, Consent, Contact, Representative, RepresentativeQuality
from dmp_desktop.domain.event_kinds import BadEvent, EventKind
from dmp_desktop.domain.identifiers import BadIdentifier, Ins, Nir
from dmp_desktop.domain.identity import BirthDate, CardTraits, Identity, ProofDocument, Sex, Traits


def uuid7(now: datetime) -> UUID:
    """A time-ordered unique id (RFC 9562): milliseconds of ``now``, then chance."""
    milliseconds = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    chance = int.from_bytes(os.urandom(10), "big")
    value = milliseconds << 80 | 0x7 << 76 | (chance >> 68 & 0xFFF) << 64 | 0b10 << 62 | chance & ((1 << 62) - 1)
    return UUID(int=value)


class EventState(StrEnum):
    """Where an event stands."""

    WAITING = "waiting"
    SENDING = "sending"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    HELD = "held"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Author:
    """Under whose credential an event must leave (direct mode: only that person's card).

    :ivar professional: PS_IdNat; ``structure``: Struct_IdNat of the chosen situation; ``sector``: R02 code.
    """

    professional: str
    structure: str
    sector: str
    display_name: str
    structure_name: str


@dataclass(frozen=True, slots=True, repr=False)
class Opening:
    """Opening (TD1.1) or reactivation (TD1.2) of a dossier, with its evidence.

    :ivar ins: ``None`` when it was captured while INSi did not answer: the identity is then provisional (``traits`` are
        those of the card), and the sync engine asks INSi and compares before anything is sent; a difference holds the
        event for a human decision (EX_GEN-1230).
    :ivar reference: shown on screen and papers (``OUV-2026-0414-0027``); holds no identity.
    :ivar deferred_reason: why the card's data are used later than in the person's presence (EX_1.2-1010), else ``""``.
    :ivar mismatch_proof: the document shown when card and INSi differed and a human went on.
    """

    reference: str
    ins: Ins | None
    traits: Traits
    card: CardTraits
    consent: Consent
    access: AccessChoice
    contact: Contact
    representative: Representative | None = None
    reactivation: bool = False
    deferred_reason: str = ""
    mismatch_proof: ProofDocument | None = None

    def __repr__(self) -> str:
        return f"Opening({self.reference})"

    @property
    def kind(self) -> EventKind:
        """Opening or reactivation."""
        return EventKind.REACTIVATION if self.reactivation else EventKind.OPENING

    def to_json(self) -> str:
        """The payload as stored (inside the encrypted store only)."""
        return json.dumps(asdict(self), default=_plain, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a stored payload back.

        :raises BadEvent: when it is not one.
        """
        try:
            d: dict[str, Any] = json.loads(text)
            traits, card, consent, representative = d["traits"], d["card"], d["consent"], d["representative"]
            return cls(
                reference=d["reference"],
                ins=Ins(Nir(d["ins"]["matricule"]["value"]), d["ins"]["oid"]) if d["ins"] else None,
                traits=Traits(
                    **{
                        **traits,
                        "given_names": tuple(traits["given_names"]),
                        "sex": Sex(traits["sex"]),
                        "birth_date": BirthDate(traits["birth_date"]["raw"]),
                    }
                ),
                card=CardTraits(
                    card["name"],
                    card["given_name"],
                    BirthDate(card["birth_date"]["raw"]),
                    Nir(card["own_nir"]["value"]) if card["own_nir"] else None,
                    Nir(card["insured_nir"]["value"]) if card["insured_nir"] else None,
                    card["birth_rank"],
                ),
                consent=Consent(
                    **{
                        **consent,
                        "informed_at": datetime.fromisoformat(consent["informed_at"]),
                        "given_at": datetime.fromisoformat(consent["given_at"]),
                    }
                ),
                access=AccessChoice(d["access"]),
                contact=Contact(**d["contact"]),
                representative=Representative(
                    **{
                        **representative,
                        "quality": RepresentativeQuality(representative["quality"]),
                        "proof": ProofDocument(representative["proof"]),
                    }
                )
                if representative
                else None,
                reactivation=d["reactivation"],
                deferred_reason=d["deferred_reason"],
                mismatch_proof=ProofDocument(d["mismatch_proof"]) if d["mismatch_proof"] else None,
            )
        except (KeyError, TypeError, ValueError, BadIdentifier) as error:
            raise BadEvent(f"opening payload: {type(error).__name__}") from None


class AuthorisationAct(StrEnum):
    """What TD0.3 does."""

    ADD = "AJOUT"
    REMOVE = "SUPPRESSION"


@dataclass(frozen=True, slots=True, repr=False)
class AuthorisationChange:
    """Authorisation of the author (TD0.3), on an explicit act only (EX_0.3-1010).

    :ivar after: id of the opening it must wait for, or ``""``.
    :ivar secret: made in a secret connection, which the legal representatives of a minor do not see (EX_0.1-1100).
    """

    ins: Ins
    act: AuthorisationAct
    treating: bool = False
    after: str = ""
    secret: bool = False

    def __repr__(self) -> str:
        return f"AuthorisationChange({self.act})"

    @property
    def kind(self) -> EventKind:
        """Always an authorisation."""
        return EventKind.AUTHORISATION

    def to_json(self) -> str:
        """The payload as stored."""
        return json.dumps(asdict(self), default=_plain, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a stored payload back.

        :raises BadEvent: when it is not one.
        """
        try:
            d = json.loads(text)
            ins = Ins(Nir(d["ins"]["matricule"]["value"]), d["ins"]["oid"])
            return cls(ins, AuthorisationAct(d["act"]), d["treating"], d["after"], d.get("secret", False))
        except (KeyError, TypeError, ValueError, BadIdentifier) as error:
            raise BadEvent(f"authorisation payload: {type(error).__name__}") from None


Payload = Opening | AuthorisationChange | Deposit | VisibilityChange | StatusChange | ContactChange


def made_in_secret(payload: Payload) -> bool:
    """Whether an act was made in a secret connection: what is told to the representatives leaves it out."""
    return not isinstance(payload, Opening | ContactChange) and payload.secret


_READERS: Final[dict[EventKind, Callable[[str], Payload]]] = {
    EventKind.OPENING: Opening.from_json,
    EventKind.REACTIVATION: Opening.from_json,
    EventKind.AUTHORISATION: AuthorisationChange.from_json,
    EventKind.DEPOSIT: Deposit.from_json,
    EventKind.VISIBILITY: VisibilityChange.from_json,
    EventKind.STATUS: StatusChange.from_json,
    EventKind.CONTACT: ContactChange.from_json,
}


def read_payload(kind: EventKind, text: str) -> Payload:
    """The payload of a stored event of ``kind``.

    :raises BadEvent: when it cannot be read.
    """
    return _READERS[kind](text)


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the outbox.

    :ivar id: UUIDv7 as text: unique, ordered, made here.
    :ivar dossier: key of the dossier (hash of the INS made by the store, never the matricule): one dossier's events
        leave in order.
    :ivar due_at: not before (aware, UTC); back-off is kept in the row.
    :ivar resolved: identity found by INSi after an opening was captured without it.
    :ivar in_doubt: it was sent and no clear answer came back: the store may have done it.
    :ivar cause: stable code of what stands in the way, ``""`` when nothing does.
    :ivar found: what the store held, when it was neither what the act was made on nor what it wants.
    """

    id: str
    author: Author
    created_at: datetime
    payload: Payload
    state: EventState = EventState.WAITING
    attempts: int = 0
    due_at: datetime | None = None
    cause: str = ""
    cause_text: str = ""
    answered_at: datetime | None = None
    dossier: str = ""
    resolved: Identity | None = None
    in_doubt: bool = False
    found: Found | None = None


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
