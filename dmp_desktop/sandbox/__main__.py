"""The sandbox alone, for a training room: ``python -m dmp_desktop.sandbox --port 8443 --folder …``."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from dmp_desktop.errors import DmpError
from dmp_desktop.sandbox.sandbox import Sandbox

_FAILED = "Le bac à sable n’a pas pu démarrer ({code}). Changez de port ou de dossier, puis relancez."


def main(arguments: list[str] | None = None) -> int:
    """Run until interrupted; the exit status is 1 when it cannot start."""
    parser = argparse.ArgumentParser(
        prog="python -m dmp_desktop.sandbox",
        description="Bac à sable : un dépôt central d’entraînement, avec des personnes fictives seulement.",
    )
    parser.add_argument("--port", type=int, default=8443, help="port d’écoute sur la boucle locale (8443 par défaut)")
    parser.add_argument("--folder", type=Path, required=True, help="dossier des certificats et des données fictives")
    options = parser.parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    sandbox = Sandbox(options.folder, port=options.port)
    try:
        sandbox.start()
    except DmpError as error:
        sys.stderr.write(_FAILED.format(code=error.code) + "\n")
        return 1
    try:
        sys.stdout.write(
            f"Bac à sable prêt.\nDMP : {sandbox.base_url}\nINSi : {sandbox.insi_url}\n"
            f"Autorité à faire reconnaître par le logiciel : {sandbox.authority}\nCtrl+C pour arrêter.\n"
        )
        sys.stdout.flush()
        stop.wait()
    finally:
        sandbox.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
