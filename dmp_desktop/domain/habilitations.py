"""Access to dossiers: how one is entered, who may, and which ones.

Sources: TRE_R248-ModeAcces (20241122), functional rights matrices (PDT-INF-526, PDT-INF-606), TD0.4 (dossiers one may
read), TD0.5 (search without INS, medical regulation only), TD1.6 (who may read a dossier).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import BirthDate, Sex
from dmp_desktop.domain.terminology import Code
from dmp_desktop.errors import UserError


class AccessMode(StrEnum):
    """Why a dossier is entered: codes of TRE_R248-ModeAcces."""

    NORMAL = "normal"
    BREAK_GLASS = "bris_de_glace"
    CENTRE_15 = "centre_15"


class IdentityMode(StrEnum):
    """How the person at work proves who they are to the central store."""

    DIRECT = "DIRECTE"
    INDIRECT = "INDIRECTE"
    REINFORCED = "INDIRECTE_RENFORCEE"


class MotiveMissing(UserError):
    """Bris de glace without a motive: the person and the authorities will read it."""

    code = "motive-missing"


@dataclass(frozen=True, slots=True)
class Access:
    """One way of entering a dossier, chosen for the whole time it is open.

    :ivar motive: why the glass is broken, in the professional's own words; compulsory then, empty otherwise.
    :ivar secret: connection that the legal representatives of a minor do not see (EX_0.1-1100).

    :raises MotiveMissing: bris de glace without a motive.
    """

    mode: AccessMode = AccessMode.NORMAL
    motive: str = ""
    secret: bool = False

    def __post_init__(self) -> None:
        if self.mode is AccessMode.BREAK_GLASS and not self.motive.strip():
            raise MotiveMissing("bris de glace needs its motive")

    def __repr__(self) -> str:
        # A motive tells a state of health.
        return f"Access({self.mode}, secret={self.secret})"


NORMAL_ACCESS = Access()


class ListedBy(StrEnum):
    """Which date of TD0.4 is looked at."""

    AUTHORISATION = "LASTAUTORIZATION"
    DOCUMENT = "LASTDOC"


@dataclass(frozen=True, slots=True, repr=False)
class AuthorisedDossier:
    """A dossier that the professional may read (TD0.4). Values are the store's; a missing one is empty.

    :ivar ins: the INS, when the store gave one; ``other_ids``: (OID, number) of the other numbers (old INS-C).
    :ivar treating: whether the professional is its médecin traitant.
    :ivar message: whether the store says that a message waits there.
    :ivar last_access, last_update, last_addition: aware, UTC; ``None`` when not told or not readable.
    """

    ins: Ins | None
    birth_name: str
    used_name: str
    given_name: str
    civility: str
    birth_date: BirthDate
    treating: bool
    message: bool
    last_access: datetime | None = None
    last_update: datetime | None = None
    last_addition: datetime | None = None
    other_ids: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return f"AuthorisedDossier(…, treating={self.treating})"


class AuthorisationFilter(StrEnum):
    """Which professionals TD1.6 lists."""

    ACTIVE = "ACTIVE"
    FORBIDDEN = "INTERDITE"
    ALL = "TOUTE"


@dataclass(frozen=True, slots=True)
class AuthorisedProfessional:
    """A professional or a structure whom a dossier is open to, or closed to (TD1.6).

    :ivar id: national identifier; ``id_type``: OID of its domain.
    :ivar blocked: the person blocked them.
    :ivar treating: médecin traitant of this dossier.
    :ivar since: start of the authorisation; ``last_act``: last act on the dossier; ``None`` when not told.
    """

    id: str
    id_type: str
    family: str
    given: str
    specialities: tuple[Code, ...]
    blocked: bool
    treating: bool
    since: datetime | None = None
    last_act: datetime | None = None


@dataclass(frozen=True, slots=True, repr=False)
class PatientQuery:
    """Who is looked for without an INS (TD0.5): medical regulation only.

    :ivar names: birth name, used name, or both; at least one.
    """

    names: tuple[str, ...]
    given_name: str = ""
    sex: Sex = Sex.UNKNOWN
    birth_date: BirthDate | None = None
    postcode: str = ""
    city: str = ""

    def __repr__(self) -> str:
        return "PatientQuery(…)"


@dataclass(frozen=True, slots=True, repr=False)
class PatientMatch:
    """One person found (TD0.5).

    :ivar percentage: how well they match, 0 to 100; ``None`` when the store does not say.
    :ivar opposed_to_emergency: they oppose the access of medical regulation.
    """

    ins: Ins | None
    birth_name: str
    used_name: str
    given_names: tuple[str, ...]
    sex: Sex
    birth_date: BirthDate
    postcode: str
    city: str
    percentage: int | None
    opposed_to_emergency: bool

    def __repr__(self) -> str:
        return f"PatientMatch(…, {self.percentage} %)"


@dataclass(frozen=True, slots=True)
class PatientMatches:
    """What TD0.5 found.

    :ivar total: how many the store knows of, which may be more than it sent.
    """

    matches: tuple[PatientMatch, ...]
    total: int
