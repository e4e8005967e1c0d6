"""Acts on documents and on the administrative file, as the outbox holds them: ids and choices, never a content.

Title, type and bytes of a document to deposit stay in the clinical copy, under its own key; the desk's file holds only
what is needed to put the act in its place in the queue.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Self

from dmp_desktop.domain.document import DocumentStatus, Visibility
from dmp_desktop.domain.dossier import Contact
from dmp_desktop.domain.event_kinds import BadEvent, EventKind
from dmp_desktop.domain.identifiers import BadIdentifier, Ins, Nir


def dump(payload: Any) -> str:
    """A payload of plain values as stored."""
    return json.dumps(asdict(payload), ensure_ascii=False, sort_keys=True)


def read_ins(value: dict[str, Any]) -> Ins:
    """A stored INS."""
    return Ins(Nir(value["matricule"]["value"]), value["oid"])


@dataclass(frozen=True, slots=True, repr=False)
class Deposit:
    """Deposit of a document, alone or in place of another one (TD2.1; TD2.2 from a reception).

    :ivar draft: id of the draft, in the clinical copy, that holds everything else.
    :ivar unique_id: OID of the document, made once: sent twice, the store recognises it, and that confirms it.
    :ivar after: id of the opening it waits for, or ``""``.
    :ivar secret: deposited in a secret connection (EX_0.1-1100).
    """

    ins: Ins
    draft: str
    unique_id: str
    after: str = ""
    secret: bool = False

    def __repr__(self) -> str:
        return "Deposit(…)"

    @property
    def kind(self) -> EventKind:
        """Always a deposit."""
        return EventKind.DEPOSIT

    def to_json(self) -> str:
        """The payload as stored."""
        return dump(self)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a stored payload back.

        :raises BadEvent: when it is not one.
        """
        try:
            d = json.loads(text)
            return cls(read_ins(d["ins"]), d["draft"], d["unique_id"], d["after"], d["secret"])
        except (KeyError, TypeError, ValueError, BadIdentifier) as error:
            raise BadEvent(f"deposit payload: {type(error).__name__}") from None


@dataclass(frozen=True, slots=True, repr=False)
class VisibilityChange:
    """Mask, unmask, make visible (TD3.3a, TD3.3b).

    :ivar entry_uuid: of the description the person saw; ``logical_id``: the same over its versions.
    :ivar before: what the screen showed before, so that a change made elsewhere meanwhile is seen.
    """

    ins: Ins
    entry_uuid: str
    logical_id: str
    before: Visibility
    wanted: Visibility
    secret: bool = False

    def __repr__(self) -> str:
        return "VisibilityChange(…)"

    @property
    def after(self) -> str:
        """Waits for nothing."""
        return ""

    @property
    def kind(self) -> EventKind:
        """Always a change of visibility."""
        return EventKind.VISIBILITY

    def to_json(self) -> str:
        """The payload as stored."""
        return dump(self)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a stored payload back.

        :raises BadEvent: when it is not one.
        """
        try:
            d = json.loads(text)
            before, wanted = Visibility(**d["before"]), Visibility(**d["wanted"])
            return cls(read_ins(d["ins"]), d["entry_uuid"], d["logical_id"], before, wanted, d["secret"])
        except (KeyError, TypeError, ValueError, BadIdentifier) as error:
            raise BadEvent(f"visibility payload: {type(error).__name__}") from None


@dataclass(frozen=True, slots=True, repr=False)
class StatusChange:
    """Archive, take out of the archive (TD3.3d), delete one's own document (TD3.3c)."""

    ins: Ins
    entry_uuid: str
    logical_id: str
    before: DocumentStatus
    wanted: DocumentStatus
    secret: bool = False

    def __repr__(self) -> str:
        return "StatusChange(…)"

    @property
    def after(self) -> str:
        """Waits for nothing."""
        return ""

    @property
    def kind(self) -> EventKind:
        """Always a change of status."""
        return EventKind.STATUS

    def to_json(self) -> str:
        """The payload as stored."""
        return dump(self)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a stored payload back.

        :raises BadEvent: when it is not one.
        """
        try:
            d = json.loads(text)
            before, wanted = DocumentStatus(d["before"]), DocumentStatus(d["wanted"])
            return cls(read_ins(d["ins"]), d["entry_uuid"], d["logical_id"], before, wanted, d["secret"])
        except (KeyError, TypeError, ValueError, BadIdentifier) as error:
            raise BadEvent(f"status payload: {type(error).__name__}") from None


@dataclass(frozen=True, slots=True, repr=False)
class ContactChange:
    """Another mobile or e-mail address in the administrative file (TD1.3b).

    :ivar base: what the store held when the person changed it: a third value found there at sending is a conflict that
        a person decides with both versions in view (F95).
    """

    ins: Ins
    base: Contact
    wanted: Contact

    def __repr__(self) -> str:
        return "ContactChange(…)"

    @property
    def after(self) -> str:
        """Waits for nothing."""
        return ""

    @property
    def kind(self) -> EventKind:
        """Always a change of contact."""
        return EventKind.CONTACT

    def to_json(self) -> str:
        """The payload as stored."""
        return dump(self)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a stored payload back.

        :raises BadEvent: when it is not one.
        """
        try:
            d = json.loads(text)
            return cls(read_ins(d["ins"]), Contact(**d["base"]), Contact(**d["wanted"]))
        except (KeyError, TypeError, ValueError, BadIdentifier) as error:
            raise BadEvent(f"contact payload: {type(error).__name__}") from None
