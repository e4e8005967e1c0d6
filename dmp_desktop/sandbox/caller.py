"""Who speaks to the store, once everything about them has been checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from dmp_desktop.domain import rights
from dmp_desktop.domain.habilitations import AccessMode, IdentityMode
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.rights import Column, Matrix

DOCTOR: Final = "10"
# Occupational medicine: R01 lines of JDV_J01 (20240927).
_OCCUPATIONAL: Final = frozenset({"SM25", "C41", "CAPA11"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who speaks.

    :ivar mode: purpose of use (``normal``, ``bris_de_glace``, ``centre_15``); ``motive``: of a bris de glace.
    :ivar patient: the person the assertion targets, ``None`` when it targets nobody.
    :ivar identity: how they proved who they are; ``organisation``: the certificates are a structure's.
    :ivar secret: connection that the legal representatives do not see.
    """

    professional: str
    structure: str
    mode: str
    desk_staff: bool
    doctor: bool
    patient: Ins | None
    identity: IdentityMode = IdentityMode.DIRECT
    profession: str = ""
    speciality: str = ""
    motive: str = field(default="", repr=False)
    secret: bool = False

    @property
    def grantees(self) -> tuple[str, ...]:
        """Whose authorisations and blocks concern this caller: their own, and those of their structure."""
        return (self.professional, self.structure)

    @property
    def access_mode(self) -> AccessMode:
        """The purpose of use as a value."""
        return AccessMode(self.mode)

    @property
    def matrix(self) -> Matrix:
        """The matrix that applies to them."""
        return rights.matrix(rights.REINFORCED if self.identity is IdentityMode.REINFORCED else rights.DIRECT)

    def column(self, *, treating: bool) -> Column:
        """Their column of the matrix.

        :param treating: médecin traitant of the dossier. The matrix has no such column for medical regulation: whoever
            regulates is a doctor there.
        """
        if self.identity is IdentityMode.INDIRECT:
            return Column.STRUCTURE
        if self.desk_staff:
            return Column.DESK
        if self.identity is IdentityMode.REINFORCED and not self.profession:
            return Column.PERSON
        if not self.doctor:
            return Column.PROFESSIONAL
        if self.speciality in _OCCUPATIONAL:
            return Column.OCCUPATIONAL
        if treating and self.access_mode is not AccessMode.CENTRE_15:
            return Column.TREATING
        return Column.DOCTOR
