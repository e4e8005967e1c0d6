"""Who speaks to the store, and with which keys."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field

from dmp_desktop.domain.events import Author
from dmp_desktop.domain.professional import Professional, Signer, Situation


@dataclass(frozen=True, slots=True)
class Credentials:
    """An unlocked card: direct mode (SEL-MP-037).

    :ivar signer: the signature key, for the VIHF; ``install_tls_key`` puts the authentication key into a TLS context.
        The two are never swapped: the store refuses it (``DMPInvalidCertificate``).
    """

    professional: Professional
    situation: Situation
    signer: Signer = field(repr=False)
    install_tls_key: Callable[[ssl.SSLContext], None] = field(repr=False)

    def speaks_for(self, author: Author) -> bool:
        """Whether an event of ``author`` may leave under these keys: same person, same practice situation."""
        return author.professional == self.professional.id.value and author.structure == self.situation.structure.value
