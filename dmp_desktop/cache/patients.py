"""Who the people are and what the central store last said of their dossiers, under a pseudonym that names nobody."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from dmp_desktop.cache.database import Database
from dmp_desktop.cache.errors import BrokenDatabase
from dmp_desktop.cache.people_index import PeopleIndex
from dmp_desktop.cache.rows import dump_identity, moment, read_identity, stamp
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.dossier import Authorisation, DossierState, ExistenceAnswer
from dmp_desktop.domain.event_kinds import EventKind
from dmp_desktop.domain.events import Author, EventState
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import CardTraits, Identity


@dataclass(frozen=True, slots=True)
class ProjectedDossier:
    """A dossier as this desk sees it: the store's last word with what is on its way laid over it.

    :ivar shown: ``none``, ``active``, ``closed``, ``opposed``, ``blocked``, ``unknown``, or kind and state of the act
        on its way: ``opening-waiting``, ``reactivation-held``…
    :ivar act: id of the opening or reactivation on its way, ``""`` when there is none; ``right`` likewise.
    """

    dossier: str
    shown: str
    store_state: DossierState | None = None
    answered_at: datetime | None = None
    authorisation: Authorisation = Authorisation.UNKNOWN
    treating: bool = False
    act: str = ""
    act_kind: EventKind | None = None
    act_state: EventState | None = None
    act_cause: str = ""
    right: str = ""
    right_state: EventState | None = None


class Patients:
    """Identities and server truth. Only answers of INSi and of the central store (and a card read) change them.

    :ivar people: the same people, as they are searched.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        pepper = database.row("SELECT value FROM meta WHERE name = 'dossier-pepper'")
        if pepper is None:
            raise BrokenDatabase("no pepper")
        self._pepper: bytes = pepper["value"]
        self.people = PeopleIndex(database, self._pepper)

    def dossier_key(self, ins: Ins) -> str:
        """Pseudonym of a dossier: the same for the same INS in this store, useless elsewhere."""
        return self._hmac("ins", ins.value, ins.oid)

    def provisional_key(self, card: CardTraits) -> str:
        """Pseudonym of someone whom INSi has not named yet."""
        own, insured = (nir.value if nir else "" for nir in (card.own_nir, card.insured_nir))
        return self._hmac("card", own, insured, card.birth_date.raw, str(card.birth_rank), card.given_name)

    def remember(self, identity: Identity, card: CardTraits | None = None) -> str:
        """Keep an identity, and index it, in one transaction; give its dossier key.

        :param card: for an identity without INS, the card it was read from.
        :raises ValueError: neither an INS nor a card.
        """
        if identity.ins is None and card is None:
            raise ValueError("an identity without INS needs its card")
        dossier = self.dossier_key(identity.ins) if identity.ins else self.provisional_key(card) if card else ""
        now = stamp(self._clock.now())
        with self._database.transaction():
            self._database.execute(
                "INSERT INTO patients VALUES (?, ?, ?) ON CONFLICT (dossier) DO UPDATE SET"
                " identity = excluded.identity, identified_at = excluded.identified_at",
                (dossier, dump_identity(identity), now),
            )
            self.people.put(dossier, identity, now)
        return dossier

    def identity(self, dossier: str) -> Identity | None:
        """The identity kept under that key."""
        row = self._database.row("SELECT identity FROM patients WHERE dossier = ?", (dossier,))
        return read_identity(row["identity"]) if row else None

    def learned(self, dossier: str, answer: ExistenceAnswer, author: Author) -> None:
        """What the store said of this dossier to this professional.

        The latest answer to arrive stands, whatever time it bears: the store's clock may have been wrong before.
        """
        self._database.execute(
            "INSERT INTO dossiers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (dossier, professional) DO UPDATE SET"
            " state = excluded.state, authorisation = excluded.authorisation, treating = excluded.treating,"
            " attached_to_mes = excluded.attached_to_mes, web_account = excluded.web_account,"
            " closed_on = excluded.closed_on, close_reason = excluded.close_reason,"
            " answered_at = excluded.answered_at",
            (
                dossier,
                author.professional,
                answer.state.value,
                answer.authorisation.value,
                answer.treating,
                answer.attached_to_mes,
                answer.web_account,
                answer.closed_on,
                answer.close_reason,
                stamp(answer.answered_at),
            ),
        )

    def existence(self, dossier: str, author: Author) -> ExistenceAnswer | None:
        """The store's last word on this dossier to this professional."""
        row = self._database.row(
            "SELECT * FROM dossiers WHERE dossier = ? AND professional = ?", (dossier, author.professional)
        )
        if row is None:
            return None
        return ExistenceAnswer(
            DossierState(row["state"]),
            datetime.fromisoformat(row["answered_at"]),
            Authorisation(row["authorisation"]),
            bool(row["treating"]),
            bool(row["attached_to_mes"]),
            bool(row["web_account"]),
            row["closed_on"],
            row["close_reason"],
        )

    def projected(self, dossier: str, author: Author) -> ProjectedDossier:
        """The dossier as the screen shows it to this professional."""
        row = self._database.row(
            "SELECT * FROM dossiers_projected WHERE dossier = ? AND professional IN (?, '')"
            " ORDER BY professional DESC LIMIT 1",
            (dossier, author.professional),
        )
        if row is None:
            return ProjectedDossier(dossier, "unknown")
        return ProjectedDossier(
            dossier,
            row["shown"],
            DossierState(row["store_state"]) if row["store_state"] else None,
            moment(row["answered_at"]),
            Authorisation(row["authorisation"] or ""),
            bool(row["treating"]),
            row["act_event"] or "",
            EventKind(row["act_kind"]) if row["act_kind"] else None,
            EventState(row["act_state"]) if row["act_state"] else None,
            row["act_cause"] or "",
            row["right_event"] or "",
            EventState(row["right_state"]) if row["right_state"] else None,
        )

    def _hmac(self, *parts: str) -> str:
        return hmac.new(self._pepper, "\0".join(parts).encode(), hashlib.sha256).hexdigest()
