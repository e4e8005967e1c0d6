"""Who speaks to the store, with which keys, and how they proved who they are."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from dmp_desktop.domain import oids
from dmp_desktop.domain.events import Author
from dmp_desktop.domain.habilitations import IdentityMode
from dmp_desktop.domain.professional import Professional, Signer, Situation
from dmp_desktop.domain.terminology import Code
from dmp_desktop.sync.errors import AuthenticationNotDeclared, SecondRoleMissing
from dmp_desktop.sync.keyfiles import KeyFile

SMARTCARD: Final = "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI"
"""The person opened their professional card."""
PGSSI_S: Final = "CONF_EXI_PGSSIS"
"""The only primary method that « AIR simplifié » admits (EX_AIR-050): a local one that follows the PGSSI-S."""

_DOCTOR: Final = "10"
_PHARMACIST: Final = "21"


@dataclass(frozen=True, slots=True)
class Authentication:
    """How the person at work proved who they are.

    :ivar method: ``AuthnContextClassRef``: what was done here.
    :ivar declared: ``AuthnContextDecl``: the primary method, said in « indirecte renforcée » only.

    :raises AuthenticationNotDeclared: « indirecte renforcée » without its primary method.
    """

    mode: IdentityMode = IdentityMode.DIRECT
    method: str = SMARTCARD
    declared: str = ""

    def __post_init__(self) -> None:
        if (self.mode is IdentityMode.REINFORCED) != bool(self.declared):
            raise AuthenticationNotDeclared("the primary method goes with the reinforced mode, and only with it")


@dataclass(frozen=True, slots=True)
class Credentials:
    """Keys, and the person who speaks with them (SEL-MP-037).

    :ivar signer: signs the VIHF: the card's signature key in direct mode, else the structure's seal (``ORG_SIGN``).
    :ivar install_tls_key: puts the key of the secure channel into a TLS context: the card's authentication key, or the
        structure's (``ORG_AUTH_CLI``). The two are never swapped: the store refuses it (``DMPInvalidCertificate``).
    """

    professional: Professional
    situation: Situation
    signer: Signer = field(repr=False)
    install_tls_key: Callable[[ssl.SSLContext], None] = field(repr=False)
    authentication: Authentication = Authentication()

    def speaks_for(self, author: Author) -> bool:
        """Whether an event of ``author`` may leave under these keys: same person, same practice situation."""
        return author.professional == self.professional.id.value and author.structure == self.situation.structure.value

    @property
    def second_role(self) -> Code | None:
        """Speciality of a doctor (R01) or section of a pharmacist (G05), as the second role of the VIHF.

        :raises SecondRoleMissing: a doctor or a pharmacist without one: the store would refuse everything.
        """
        person = self.professional
        if not person.speciality:
            if person.profession in {_DOCTOR, _PHARMACIST}:
                raise SecondRoleMissing("no second role", profession=person.profession)
            return None
        # A pharmacist who is a biologist may hold a speciality of R01 (SM…) instead of a section of the Ordre.
        section = person.profession == _PHARMACIST and not person.speciality.startswith("SM")
        system = oids.PHARMACIST_SECTION if section else oids.SPECIALITY
        return Code(person.speciality, system, person.speciality_label)


def structure_credentials(
    professional: Professional, situation: Situation, authentication: Authentication, *, seal: Signer, channel: KeyFile
) -> Credentials:
    """The keys of a structure, in an indirect mode: its seal signs for the person whom it authenticated.

    :raises AuthenticationNotDeclared: in direct mode only the person's own card speaks.
    """
    if authentication.mode is IdentityMode.DIRECT:
        raise AuthenticationNotDeclared("a structure does not speak in direct mode")
    return Credentials(professional, situation, seal, channel.install_tls_key, authentication)
