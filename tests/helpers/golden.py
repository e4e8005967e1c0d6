"""Golden profiles: one folder per released version under ``tests/golden``, opened by every later version.

``python -m helpers.golden VERSION`` (from ``tests``) makes the one of the version in the tree, once, right before its
release; a golden profile is never made again afterwards. Until the first release, the one of 0.1 is made anew when a
schema changes. Its people, its passphrase and its code are fictional and stand below: it protects nobody.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from helpers import clinical_world as w
from helpers.clocks import HandClock
from helpers.keys_memory import FileKeyring
from helpers.store_world import BRINDILLE, HORTENSE, ins, opening

from dmp_desktop.cache.database import Database
from dmp_desktop.domain.appointments import Expected
from dmp_desktop.domain.clock import PARIS
from dmp_desktop.domain.dossier import Authorisation, Confirmation, DossierState, ExistenceAnswer, RefusalKind
from dmp_desktop.domain.events import AuthorisationAct, AuthorisationChange
from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.domain.identity import Identity, InsStatus
from dmp_desktop.domain.shelf import ShelfUpdate
from dmp_desktop.services.profile import Access, Profile

FOLDER = Path(__file__).parents[1] / "golden"
COUNTS = "counts.json"
PASSPHRASE = Secret("quatre tilleuls et un banc")
RECOVERY = Secret("BACA-SABE-DEM0-NSTR-ATF1-CT1V-EPAS")


def unlocked(folder: Path) -> Profile:
    """A profile of a golden folder (a copy of it), both stores open, without a system keyring."""
    profile = Profile(folder, HandClock(), FileKeyring(folder / "no-keyring", broken=True))
    assert profile.unlock() is Access.PASSPHRASE
    profile.unlock_with(PASSPHRASE)
    open_clinical(profile)
    return profile


def open_clinical(profile: Profile) -> None:
    """The clinical store too, by the recovery page."""
    keys, _ = profile.vault.unlock_with_code(RECOVERY, profile.clock.now())
    assert keys.clinical is not None
    profile.open_clinical(keys.clinical)


def counts(database: Database) -> dict[str, int]:
    """Rows of each table."""
    names = database.rows(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " AND name NOT LIKE 'people_words_%' ORDER BY name"
    )
    return {row["name"]: database.rows(f"SELECT count(*) FROM {row['name']}")[0][0] for row in names}  # noqa: S608


def both(profile: Profile) -> dict[str, dict[str, int]]:
    """Rows of each table of both stores."""
    assert profile.store is not None and profile.clinical is not None
    return {"desk.db": counts(profile.store.database), "clinical.db": counts(profile.clinical.database)}


def make(folder: Path) -> None:
    """A profile with something in every table."""
    profile = Profile(folder, HandClock(), FileKeyring(folder / "no-keyring", broken=True))
    profile.unlock()
    profile.create(PASSPHRASE, RECOVERY)
    open_clinical(profile)
    _fill_desk(profile)
    _fill_clinical(profile)
    (folder / COUNTS).write_text(json.dumps(both(profile), indent=1) + "\n", "utf-8")
    profile.close()
    (folder / "lock").unlink()


def _fill_desk(profile: Profile) -> None:
    store, now = profile.store, profile.clock.now()
    assert store is not None
    traits = opening().traits
    gaspard = store.patients.remember(Identity(traits, InsStatus.QUALIFIED, ins()))
    store.patients.remember(Identity(traits, InsStatus.RETRIEVED, ins(HORTENSE)))
    store.patients.learned(gaspard, ExistenceAnswer(DossierState.ACTIVE, now, Authorisation.VALID), BRINDILLE)
    sent = store.outbox.add(opening(), BRINDILLE)
    store.outbox.mark_sending(sent.id)
    store.outbox.confirm(sent.id, Confirmation(now, "DMP-1"))
    store.papers.record(store.outbox.get(sent.id), "attestation", "OUV-2026-0414-0001", b"%PDF-1.7", BRINDILLE)
    store.outbox.add(AuthorisationChange(ins(), AuthorisationAct.ADD, secret=True), BRINDILLE)
    store.refusals.record(store.patients.dossier_key(ins(HORTENSE)), RefusalKind.HESITATES, "2026-11", BRINDILLE)
    day = now.astimezone(PARIS).date()
    store.appointments.put([Expected(day, 570, "CORNICHE Gaspard", traits.birth_date, "rdv-1")])


def _fill_clinical(profile: Profile) -> None:
    copy, now = profile.clinical, profile.clock.now()
    assert copy is not None
    copy.shelf.apply(w.HIS, ShelfUpdate((w.kept("1", "Bilan biologique"), w.kept("2", "Lettre de sortie")), until=now))
    copy.shelf.put(w.HIS, w.logical("1"), w.retrieved("1"), "Potassium un peu élevé")
    copy.shelf.mark_read(w.HIS, w.logical("1"))
    copy.drafts.save(w.draft("bare", text="Tension 13/8.", changed_at=now), b"%PDF-1.4")


def main(arguments: list[str]) -> None:
    """Make the golden profile of a version, in place of the one that is there."""
    target = FOLDER / arguments[0]
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "profile"
        make(made)
        target.mkdir(parents=True, exist_ok=True)
        for old in sorted(target.rglob("*"), reverse=True):
            old.rmdir() if old.is_dir() else old.unlink()
        for path in sorted(made.rglob("*")):
            if path.is_file():
                (target / path.relative_to(made)).parent.mkdir(parents=True, exist_ok=True)
                (target / path.relative_to(made)).write_bytes(path.read_bytes())


if __name__ == "__main__":
    main(sys.argv[1:])
