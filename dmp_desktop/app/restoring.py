"""``dmp-desktop restore``: a backup put back without a window, on a post that is not running."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dmp_desktop.app.world import Folders, Options
from dmp_desktop.domain.clock import PARIS, SystemClock
from dmp_desktop.errors import DmpError
from dmp_desktop.services.backup import restore
from dmp_desktop.ui.sentences import sentence


def main(arguments: list[str]) -> int:
    """Put the backup back; the exit status: 0 done, 1 refused, and then nothing changed."""
    parser = argparse.ArgumentParser(
        prog="dmp-desktop restore",
        description="Put a backup back as this post. What was there is kept beside it, in a folder of its own.",
    )
    parser.add_argument("backup", type=Path, metavar="FOLDER", help="a folder named sauvegarde-dmp-…")
    parser.add_argument("--profile", type=Path, help="folder of this post, as given to dmp-desktop --profile")
    options = parser.parse_args(arguments)
    profile = Folders.of(Options(profile=options.profile)).profile
    try:
        made = restore(options.backup, profile, SystemClock())
    except DmpError as error:
        told = sentence(error)
        sys.stderr.write(f"{told.what} {told.effect} {told.todo} Identifiant\u00a0{told.incident}.\n")
        return 1
    sys.stdout.write(
        f"Sauvegarde du {made.made_at.astimezone(PARIS):%d/%m/%Y à %H:%M} remise en place\u00a0: "
        f"{made.files} fichiers. Ouvrez le programme comme d’habitude.\n"
    )
    return 0
