"""What became of a file made fit to deposit; told apart from the work itself, whose libraries are heavy to load."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a file is, by its first bytes, never by its name."""

    PDF = "pdf"
    IMAGE = "image"
    TEXT = "text"


class Change(StrEnum):
    """What was done to a file, told before it leaves."""

    NONE = "none"
    MADE_ARCHIVABLE = "made-archivable"
    MADE_IMAGES = "made-images"
    IMAGE_TO_PAGE = "image-to-page"
    TEXT_TO_PAGES = "text-to-pages"


@dataclass(frozen=True, slots=True)
class Converted:
    """A file ready to deposit.

    :ivar content: bytes of a PDF/A-1b; ``pages`` of it; ``change``: what was done to it.
    """

    content: bytes = field(repr=False)
    kind: Kind
    pages: int
    change: Change
