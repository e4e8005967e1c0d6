"""Settings: one frozen value, read once at start and handed in.

They live in ``settings.json`` in the profile folder: addresses, paths and choices of the post, never a secret nor an
identity of a patient.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Self, TypeVar, cast

from dmp_desktop.errors import StorageError

SECRET_FROM: Final = 12
"""Age from which a secret connection is offered to a minor (EX_0.1-1115, EX_0.1-1100).

The age is a parameter of the store, and how parameters reach clients is not published (November 2026): 12 is the age
named with the minor's own space, to be set otherwise where the practice is told another.
"""


class BadSettings(StorageError):
    """The settings file cannot be read or holds a value of the wrong kind."""

    code = "bad-settings"


def resource(*parts: str) -> Path:
    """Path of a shipped file: beside the package when installed or frozen, at the project's root in a checkout."""
    inside = Path(__file__).parent / "resources"
    root = inside if inside.is_dir() else Path(__file__).parents[1] / "resources"
    return root.joinpath(*parts)


@dataclass(frozen=True, slots=True)
class StructureSettings:
    """The practice as papers and messages name it.

    :ivar responsible: the professional whom desk staff answer to, named on the papers beside them.
    :ivar medical_regulation: this post is one of a centre of medical regulation (Centre 15): people are looked for by
        their traits (TD0.5), and F12 enters as such; the store checks the right.
    :ivar secret_from: age from which a secret connection is offered to a minor.
    """

    name: str = ""
    address: tuple[str, ...] = ()
    identifier: str = ""
    post: str = "Accueil 1"
    responsible: str = ""
    medical_regulation: bool = False
    secret_from: int = SECRET_FROM


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Where the central store is, and whom to trust there.

    :ivar base_url: up to ``/services``, without a final slash; ``insi_url``: the INSi teleservice.
    :ivar authority: PEM file of the only accepted authorities; checking cannot be switched off.
    :ivar ins_oid: domain of INS numbers on this platform; it tells production from test.
    :ivar insi_billing_id: number under which the practice invoices (``identifiantFacturation`` of INSi); when empty,
        the identifier of the structure stands in, which the real teleservice may refuse.
    :ivar software_oid: OID of this software as sender; ``homologation_file``: holds its number, which is secret
        (EX_GEN-1490) and never stands in the settings themselves.
    :ivar client_certificate: PEM or PKCS#12 of the structure (``ORG_AUTH_CLI``), or ``None`` to use the card's
        authentication key; ``seal_certificate``: the structure's seal (``ORG_SIGN``), in the indirect modes.
    :ivar web_ps_domain: host of the Web-PS, which a browser opens; the production one is not published.
    """

    base_url: str = ""
    insi_url: str = ""
    authority: Path | None = None
    client_certificate: Path | None = None
    seal_certificate: Path | None = None
    web_ps_domain: str = ""
    ins_oid: str = "1.2.250.1.213.1.4.8"
    insi_billing_id: str = ""
    software_name: str = "dmp_desktop"
    software_oid: str = ""
    homologation_file: Path | None = None
    timeout_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class CardSettings:
    """Which module and which readers.

    :ivar pkcs11_module: explicit path, else the usual places of the system are tried.
    :ivar vitale_reader: preferred reader names, ``""`` for whichever holds such a card.
    """

    pkcs11_module: Path | None = None
    vitale_reader: str = ""
    professional_reader: str = ""


@dataclass(frozen=True, slots=True)
class DietSettings:
    """What the copy of documents may hold on this post.

    :ivar days: a record is forgotten so many days after its last legitimate access, unless its patient is booked.
    :ivar quota_mib: beyond so many mebibytes, the least recently used records are forgotten.
    """

    days: int = 30
    quota_mib: int = 2048


@dataclass(frozen=True, slots=True)
class PrinterProfile:
    """How one kind of paper reaches one printer. Lengths in millimetres.

    :ivar stock: ``A4``, ``label-24x12`` (single label) or ``sheet-…`` (A4 sheet of labels).
    :ivar start: first free label of a sheet, from 1.
    """

    printer: str = ""
    tray: str = ""
    stock: str = "A4"
    offset_x: float = 0.0
    offset_y: float = 0.0
    rotation: int = 0
    start: int = 1


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the program is told from outside."""

    structure: StructureSettings = field(default_factory=StructureSettings)
    store: StoreSettings = field(default_factory=StoreSettings)
    cards: CardSettings = field(default_factory=CardSettings)
    attestation_printer: PrinterProfile = field(default_factory=PrinterProfile)
    sticker_printer: PrinterProfile = field(default_factory=lambda: PrinterProfile(stock="label-24x12"))
    diet: DietSettings = field(default_factory=DietSettings)
    theme: str = "system"
    zoom: int = 100
    idle_lock_minutes: int = 5

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the file; a missing one gives the defaults.

        :raises BadSettings: unreadable, or a value of the wrong kind; ``facts["field"]`` names it.
        """
        if not path.exists():
            return cls()
        try:
            raw: dict[str, Any] = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise BadSettings(f"settings: {type(error).__name__}") from None
        return cls(
            structure=_read(StructureSettings, raw, "structure"),
            store=_read(StoreSettings, raw, "store"),
            cards=_read(CardSettings, raw, "cards"),
            attestation_printer=_read(PrinterProfile, raw, "attestation_printer"),
            sticker_printer=_read(PrinterProfile, raw, "sticker_printer", stock="label-24x12"),
            diet=_read(DietSettings, raw, "diet"),
            theme=_scalar(raw, "theme", "system"),
            zoom=_scalar(raw, "zoom", 100),
            idle_lock_minutes=_scalar(raw, "idle_lock_minutes", 5),
        )

    def save(self, path: Path) -> None:
        """Write the file whole or not at all (temporary file, fsync, rename)."""
        text = json.dumps(asdict(self), default=str, ensure_ascii=False, indent=1)
        temporary = path.with_suffix(".tmp")
        with temporary.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)


_PATHS = frozenset({"authority", "client_certificate", "seal_certificate", "homologation_file", "pkcs11_module"})
_T = TypeVar("_T")


def _read(kind: type[_T], raw: dict[str, Any], section: str, **defaults: Any) -> _T:
    values = raw.get(section, {})
    if not isinstance(values, dict):
        raise BadSettings("settings: section is not an object", field=section)
    model = kind(**defaults)
    known = {f.name: getattr(model, f.name) for f in fields(kind)}  # type: ignore[arg-type]  # every kind is a dataclass
    chosen = dict(defaults)
    for name, default in known.items():
        if name in values:
            chosen[name] = _value(values[name], default, name in _PATHS, f"{section}.{name}")
    return kind(**chosen)


def _value(value: Any, default: Any, is_path: bool, name: str) -> Any:
    if is_path:
        if value is None or isinstance(value, str):
            return Path(value) if value else None
    elif isinstance(default, tuple):
        if isinstance(value, list) and all(isinstance(line, str) for line in value):
            return tuple(value)
    elif isinstance(default, float) and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    elif type(value) is type(default):
        return value
    raise BadSettings("settings: wrong kind of value", field=name)


def _scalar(raw: dict[str, Any], name: str, default: _T) -> _T:
    return cast(_T, _value(raw[name], default, False, name)) if name in raw else default
