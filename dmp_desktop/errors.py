"""Every error the program can raise, by who must act.

::

    DmpError                      a cause, its effect on the dossier, what to do; an id to copy
    ├── UserError                 the person at the desk can act (card, code, choice, form)
    │   ├── CardError             cards and readers
    │   ├── IdentityError         who is in front of us is not settled
    │   ├── FlowError             an act asked at the wrong moment
    │   └── RefusedByStore        the central store answered no, with its code
    ├── WorldError                the surroundings failed; waiting or repairing helps
    │   ├── ServiceUnavailable    card service, network, printer
    │   ├── BadAnswer             the store answered something we cannot trust: nothing was applied
    │   └── StorageError          disk, key, database
    ├── BugError                  ours: a report helps
    └── Cancelled                 asked for by the person; silent

Modules add leaves to these roots, beside the code that raises them; nobody raises a root.
The French sentences shown to the person live in :mod:`dmp_desktop.ui.sentences`, keyed by ``code``;
the message of an exception is for the log and therefore never holds a name, a NIR, a PIN or a secret.
"""

from __future__ import annotations

import secrets
from typing import ClassVar


class DmpError(Exception):
    """Root of the tree.

    :ivar code: stable kebab-case name of the error, the key of its sentence.
    :ivar incident: short id (``7F3A-0414``) shown to the person and written to the log.
    :ivar facts: values the sentence may use (counts, hours, codes), never an identity.
    """

    code: ClassVar[str] = "unknown"

    def __init__(self, message: str = "", **facts: str | int | None) -> None:
        super().__init__(message or self.code)
        self.facts: dict[str, str | int | None] = facts
        self.incident = f"{secrets.token_hex(2)}-{secrets.token_hex(2)}".upper()


class UserError(DmpError):
    """The person at the desk can act."""


class CardError(UserError):
    """A card or a reader needs a gesture."""


class IdentityError(UserError):
    """The identity is not settled."""


class FlowError(UserError):
    """An act was asked before what it needs."""

    code = "flow-order"


class RefusedByStore(UserError):
    """The central store understood and said no.

    :ivar store_code: its code as received (``DMPAccessDeniedByRightsService``…).
    :ivar store_text: its text as received, shown quoted.
    """

    code = "store-refused"

    def __init__(self, store_code: str, store_text: str = "") -> None:
        super().__init__(f"refused by the store: {store_code}", store_code=store_code)
        self.store_code = store_code
        self.store_text = store_text


class WorldError(DmpError):
    """The surroundings failed."""


class ServiceUnavailable(WorldError):
    """A service did not answer; the act may be tried again."""


class BadAnswer(WorldError):
    """An answer that cannot be trusted; nothing of it was applied."""


class StorageError(WorldError):
    """Disk, key or database."""


class BugError(DmpError):
    """A fault of ours."""

    code = "bug"


class Cancelled(DmpError):
    """The person asked to stop; nothing is shown."""

    code = "cancelled"
