"""The papers of an opening: which may be handed over now, and why another may not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PaperKind(StrEnum):
    """Kinds of paper."""

    ATTESTATION = "attestation"
    RECEIPT = "receipt"
    STICKER = "sticker"
    LEAFLET = "leaflet"


@dataclass(frozen=True, slots=True, repr=False)
class Paper:
    """One paper as the done screen offers it.

    :ivar event: id of the opening it belongs to, ``""`` for one that claims nothing.
    :ivar pdf: its bytes, or ``None`` while it must not exist (an attestation before the store confirmed).
    :ivar disabled_reason: why not, in words; ``""`` when it may be printed.
    """

    kind: PaperKind
    reference: str
    pdf: bytes | None
    disabled_reason: str = ""
    printer: str = ""
    stock: str = ""
    event: str = ""

    def __repr__(self) -> str:
        return f"Paper({self.kind}, {self.reference})"


@dataclass(frozen=True, slots=True, repr=False)
class PreviewImage:
    """A page as pixels, 8-bit RGB."""

    width: int
    height: int
    rgb: bytes

    def __repr__(self) -> str:
        return f"PreviewImage({self.width}x{self.height})"


@dataclass(frozen=True, slots=True, repr=False)
class PageImage:
    """A page drawn for its true size.

    :ivar size_mm: width and height of the paper as it comes out.
    :ivar labels: left, top, width and height in millimetres of every label of a sheet; none on another stock.
    """

    image: PreviewImage
    size_mm: tuple[float, float]
    labels: tuple[tuple[float, float, float, float], ...] = ()

    def __repr__(self) -> str:
        return f"PageImage({self.size_mm[0]:g}x{self.size_mm[1]:g} mm)"
