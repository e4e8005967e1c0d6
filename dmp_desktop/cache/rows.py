"""How values of the domain lie in columns: moments in UTC, identities as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from dmp_desktop.domain.identifiers import Ins, Nir
from dmp_desktop.domain.identity import BirthDate, Identity, InsAttribute, InsStatus, Sex, Traits


def stamp(moment: datetime) -> str:
    """A moment as stored: UTC, microseconds always there, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment(text: str | None) -> datetime | None:
    """A stored moment back, or ``None``."""
    return datetime.fromisoformat(text) if text else None


def dump_traits(traits: Traits) -> str:
    """Traits as JSON."""
    return json.dumps(asdict(traits), ensure_ascii=False, sort_keys=True)


def read_traits(text: str) -> Traits:
    """Traits back from their JSON.

    :raises KeyError, TypeError, ValueError: when they are none.
    """
    raw: dict[str, Any] = json.loads(text)
    return Traits(
        **{
            **raw,
            "given_names": tuple(raw["given_names"]),
            "sex": Sex(raw["sex"]),
            "birth_date": BirthDate(raw["birth_date"]["raw"]),
        }
    )


def dump_identity(identity: Identity) -> str:
    """An identity as JSON (inside the encrypted store only)."""
    return json.dumps(
        {
            "traits": dump_traits(identity.traits),
            "status": identity.status.value,
            "matricule": identity.ins.value if identity.ins else None,
            "oid": identity.ins.oid if identity.ins else None,
            "attributes": sorted(identity.attributes),
        },
        ensure_ascii=False,
    )


def read_identity(text: str) -> Identity:
    """An identity back from its JSON.

    :raises KeyError, TypeError, ValueError: when it is none.
    """
    raw: dict[str, Any] = json.loads(text)
    return Identity(
        read_traits(raw["traits"]),
        InsStatus(raw["status"]),
        Ins(Nir(raw["matricule"]), raw["oid"]) if raw["matricule"] else None,
        frozenset(InsAttribute(a) for a in raw["attributes"]),
    )
