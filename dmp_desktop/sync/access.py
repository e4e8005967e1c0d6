"""Access: does a dossier exist, may I read it, who else may, and which ones (TD0.2 to TD0.5, TD1.6)."""

from __future__ import annotations

from datetime import datetime

from dmp_desktop.domain.dossier import Confirmation, ExistenceAnswer
from dmp_desktop.domain.events import Author, AuthorisationAct
from dmp_desktop.domain.habilitations import (
    NORMAL_ACCESS,
    Access,
    AccessMode,
    AuthorisationFilter,
    AuthorisedDossier,
    AuthorisedProfessional,
    ListedBy,
    PatientMatches,
    PatientQuery,
)
from dmp_desktop.domain.identifiers import Ins, PsId
from dmp_desktop.errors import RefusedByStore
from dmp_desktop.sync import habilitations, hl7v3_existence, hl7v3_search, patient_service
from dmp_desktop.sync.line import Line


class AccessTransactions:
    """Each method is one transaction; it blocks and raises typed errors only."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def existence(self, ins: Ins, access: Access = NORMAL_ACCESS) -> ExistenceAnswer:
        """TD0.2: the state of a dossier and the authorisation of whoever is signed in."""
        with self._line.call() as session:
            frame = session.speaker.frame()
            body = hl7v3_existence.existence_request(frame, ins)
            try:
                answer = self._line.ask(
                    session, "patients", hl7v3_existence.ACTION, hl7v3_existence.ANSWER_ACTION, body, ins, access
                )
                return hl7v3_existence.read_existence(answer, frame, ins)
            except RefusedByStore as error:
                outcome = hl7v3_existence.outcome_of_refusal(error, self._line.answered_at, self._line.disputed)
                if outcome is None:
                    raise
                return outcome

    def set_authorisation(
        self,
        ins: Ins,
        act: AuthorisationAct,
        treating: bool = False,
        author: Author | None = None,
        access: Access = NORMAL_ACCESS,
    ) -> Confirmation:
        """TD0.3 for whoever is signed in.

        :param treating: with ``ADD``: declare oneself médecin traitant too.
        :param author: whose event it is, when it comes from the outbox; refused when it is somebody else's.
        """
        with self._line.call(author, writing=True) as session:
            body = habilitations.authorisation_request(act, treating=treating)
            answer = self._line.ask(
                session, "habilitations", habilitations.ACTION, habilitations.ANSWER_ACTION, body, ins, access
            )
            return habilitations.read_authorisation(answer, self._line.answered_at)

    def cease_treating(self, ins: Ins, author: Author | None = None) -> Confirmation:
        """TD0.3: no longer médecin traitant of this dossier; the authorisation to read it stays."""
        return self.set_authorisation(ins, AuthorisationAct.ADD, treating=False, author=author)

    def authorised_dossiers(
        self, by: ListedBy, since: datetime | None = None, owner: PsId | None = None
    ) -> tuple[AuthorisedDossier, ...]:
        """TD0.4: dossiers that whoever is signed in may read.

        :param since: aware; nothing older in the date that ``by`` names.
        :param owner: a professional of the same structure, whom desk staff ask for.
        """
        with self._line.call() as session:
            answer = self._line.ask(
                session,
                "patients",
                patient_service.LIST_ACTION,
                patient_service.LIST_ANSWER_ACTION,
                patient_service.dossiers_request(by, since, owner),
            )
            return patient_service.read_dossiers(answer)

    def search(self, asked: PatientQuery) -> PatientMatches:
        """TD0.5: look for someone without their INS. Always as a medical regulation; anybody else is refused.

        :raises NothingToSearch: not even a name.
        """
        with self._line.call() as session:
            frame = session.speaker.frame()
            answer = self._line.ask(
                session,
                "patients",
                hl7v3_search.ACTION,
                hl7v3_search.ANSWER_ACTION,
                hl7v3_search.search_request(frame, asked),
                access=Access(AccessMode.CENTRE_15),
            )
            return hl7v3_search.read_search(answer, frame)

    def professionals(
        self, ins: Ins, which: AuthorisationFilter = AuthorisationFilter.ALL
    ) -> tuple[AuthorisedProfessional, ...]:
        """TD1.6: who may read this dossier, and whom the person blocked."""
        with self._line.call() as session:
            answer = self._line.ask(
                session,
                "habilitations",
                habilitations.LIST_ACTION,
                habilitations.LIST_ANSWER_ACTION,
                habilitations.professionals_request(which),
                ins,
            )
            return habilitations.read_professionals(answer)
