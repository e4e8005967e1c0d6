"""What may be wrong with a document that is read: one refusal, and the warnings that stand above what is shown.

A warning is never raised: it is kept in :attr:`Readable.warnings` and told by the sentence of its code.
"""

from __future__ import annotations

from dmp_desktop.errors import BadAnswer, IdentityError


class UnreadableDocument(BadAnswer):
    """A document that is no CDA we can read. ``facts["reason"]`` tells why."""

    code = "document-unreadable"


class UnreadablePage(BadAnswer):
    """A page of a PDF that cannot be drawn within the bounds of time and size."""

    code = "document-page-unreadable"


class OtherPerson(IdentityError):
    """The person named in the document is not the one whose dossier is open."""

    code = "document-other-person"


class NoPerson(BadAnswer):
    """The document names nobody: nothing says it is about the person whose dossier is open."""

    code = "document-no-person"


class NotStructured(BadAnswer):
    """The document is not a CDA: it has no header to show."""

    code = "document-not-cda"


class PartMissing(BadAnswer):
    """A part is damaged or of a kind that is not shown. ``facts["kind"]``: the media type told, or what is known."""

    code = "document-part-missing"


class PartDamaged(BadAnswer):
    """A part was damaged on its way: what could be saved of it is shown."""

    code = "document-part-damaged"


class PartLocked(BadAnswer):
    """A PDF asks for a password nobody here has."""

    code = "document-part-locked"


class PartStopped(BadAnswer):
    """A PDF that takes too long or too much memory to open: it is given up before it holds the post."""

    code = "document-part-stopped"


class OtherKind(BadAnswer):
    """A part is not what it says it is: it is shown as what it is. ``facts["kind"]``, ``facts["found"]``."""

    code = "document-other-kind"


class TooLong(BadAnswer):
    """Only the beginning of a very long table, list, text or PDF is shown. ``facts["shown"]``, ``facts["whole"]``."""

    code = "document-too-long"

    @classmethod
    def of(cls, what: str, shown: int, whole: int | None = None) -> TooLong:
        """``whole`` is not known when the reading stopped before it was counted."""
        told = _thousands(whole) if whole is not None else f"plus de {_thousands(shown)}"
        return cls(what, shown=_thousands(shown), whole=told)


class NothingOutside(BadAnswer):
    """The document points to something outside of itself, or holds a script: neither followed nor run."""

    code = "document-outside"


class MissingDate(BadAnswer):
    """The document has no date, or one that is none."""

    code = "document-no-date"


class FutureDate(BadAnswer):
    """The document is dated after now."""

    code = "document-future-date"


class EmptyDocument(BadAnswer):
    """The document has a header and nothing that can be shown under it."""

    code = "document-empty"


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")
