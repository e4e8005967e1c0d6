"""A document made ready to be shown: plain values, nothing of its markup, nothing that can act.

What it says is kept as it was written; what it points to is a text. Made by the reading room; painted by the viewer and
laid on paper by the printing room.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from dmp_desktop.errors import DmpError


class Abnormal(StrEnum):
    """How a result stands to what is usual (HL7 ObservationInterpretation, gathered)."""

    LOW = "low"
    HIGH = "high"
    OTHER = "abnormal"


class Align(StrEnum):
    """Where the text of a cell stands."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, repr=False)
class Span:
    """A run of text in one hand. ``raised``: 1 above the line, -1 below it."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    struck: bool = False
    raised: int = 0

    def __repr__(self) -> str:
        return f"Span({len(self.text)})"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a line break inside is a ``\\n``. ``caption``: it names what follows."""

    spans: tuple[Span, ...]
    caption: bool = False

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A list; an item is what stands beside its mark, other lists included."""

    items: tuple[tuple[Block, ...], ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table.

    :ivar column: where it begins, from 0: cells that span rows above are counted.
    """

    paragraphs: tuple[Paragraph, ...]
    column: int
    header: bool = False
    colspan: int = 1
    rowspan: int = 1
    align: Align = Align.LEFT

    @property
    def text(self) -> str:
        """Its words."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table; ``abnormal`` when a result told on it is."""

    cells: tuple[Cell, ...]
    header: bool = False
    abnormal: Abnormal | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table, its header rows first. ``columns``: how many its widest row has."""

    rows: tuple[Row, ...]
    columns: int
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the page."""


Block: TypeAlias = "Paragraph | ListBlock | Table | Rule"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a structured document. ``level`` from 1."""

    title: str
    blocks: tuple[Block, ...]
    level: int = 1


@dataclass(frozen=True, slots=True)
class PdfPart:
    """A PDF the document holds.

    :ivar sizes: width and height of each page shown, in points.
    """

    data: bytes = field(repr=False)
    sizes: tuple[tuple[float, float], ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class ImagePart:
    """An image, decoded and brought under the bound of pixels: 8-bit RGB, line after line without padding."""

    width: int
    height: int
    rgb: bytes = field(repr=False)
    title: str = ""


@dataclass(frozen=True, slots=True)
class TextPart:
    """Plain text, paragraph by paragraph."""

    paragraphs: tuple[str, ...] = field(repr=False)
    title: str = ""


Part: TypeAlias = Section | PdfPart | ImagePart | TextPart


@dataclass(frozen=True, slots=True, repr=False)
class Participant:
    """Someone who had a part in the document, as written. ``at``: when, as read (« 09/04/2026 07:40 »)."""

    name: str
    role: str = ""
    organisation: str = ""
    at: str = ""

    @property
    def words(self) -> str:
        """Name, role and place in one line."""
        return ", ".join(part for part in (self.name, self.role, self.organisation) if part)


@dataclass(frozen=True, slots=True, repr=False)
class Patient:
    """The person as the document names them.

    :ivar birth: raw HL7 date (``19790523``), as written; ``""`` when absent.
    """

    family: str = ""
    used: str = ""
    given: str = ""
    birth: str = ""
    sex: str = ""
    matricules: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Header:
    """The header of a CDA (EX_3.2-1030): what is always shown.

    :ivar kind: what the type of the document is called; ``acted``: when the act was done, ``created``: when the
        document was made, both as read.
    :ivar facts: everything else that is told, label and value, in the order it is read.
    """

    title: str = ""
    kind: str = ""
    acted: str = ""
    created: str = ""
    patient: Patient = field(default_factory=Patient)
    authors: tuple[Participant, ...] = ()
    custodian: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def essentials(self) -> tuple[tuple[str, str], ...]:
        """The facts that stand above the text: who wrote it, for whom, and what is out of the ordinary."""
        authors = [value for label, value in self.facts if label == "Auteur"]

        def wanted(label: str, value: str) -> bool:
            if label == "Responsable":
                return not any(value.partition(",")[0] == author.partition(",")[0] for author in authors)
            ordinary = {"Version": "1", "Confidentialité": "normale"}
            return label in {"Auteur", "Destinataire", "Remplace"} or (label in ordinary and value != ordinary[label])

        return tuple(fact for fact in self.facts if wanted(*fact))


@dataclass(frozen=True, slots=True, repr=False)
class Readable:
    """A document ready to be shown.

    :ivar header: ``None`` for what is not a CDA.
    :ivar warnings: what the reader must know before trusting what is shown, the gravest first.
    """

    header: Header | None
    parts: tuple[Part, ...]
    warnings: tuple[DmpError, ...] = ()

    def __repr__(self) -> str:
        return f"Readable({len(self.parts)} parts, {[warning.code for warning in self.warnings]})"
