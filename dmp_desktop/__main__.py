"""Arguments, then :func:`dmp_desktop.app.run`. Nothing heavy is imported here: the window paints first."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dmp_desktop import __version__


def main(arguments: list[str] | None = None) -> int:
    """Start the program, or send one transaction (``wire``), or read PDFs for it; the exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments == ["pdf-worker"]:
        from dmp_desktop.pdfium.worker import main as serve

        return serve()
    if arguments[:1] == ["wire"]:
        from dmp_desktop.services.wire import main as wire

        return wire(arguments[1:])
    if arguments[:1] == ["restore"]:
        from dmp_desktop.app.restoring import main as restore

        return restore(arguments[1:])
    parser = argparse.ArgumentParser(
        prog="dmp-desktop",
        description="Open and read the Dossier Médical Partagé from a practice or a pharmacy.",
        epilog=(
            "dmp-desktop wire --help: send one transaction and print the exchange, identities masked. "
            "dmp-desktop restore FOLDER: put a backup back as this post."
        ),
    )
    parser.add_argument("--version", action="version", version=f"dmp-desktop {__version__}")
    parser.add_argument(
        "--sandbox",
        action="store_true",
        help="use the embedded central store, its fictional people and simulated readers",
    )
    parser.add_argument("--profile", type=Path, help="folder of this post's encrypted store and settings")
    parser.add_argument(
        "--pcsc", action="store_true", help="with --sandbox: read the real PC/SC readers instead of the simulated ones"
    )
    parser.add_argument(
        "--play",
        type=Path,
        metavar="OUT",
        help="with --sandbox: play one opening by itself and leave its papers and screenshots in OUT",
    )
    parser.add_argument("--debug", action="store_true", help="a more talkative log (ids and statuses only, as always)")
    options = parser.parse_args(arguments)
    if (options.play or options.pcsc) and not options.sandbox:
        parser.error("--play and --pcsc go with --sandbox")
    from dmp_desktop.app import Options, run

    return run(Options(options.sandbox, options.profile, options.pcsc, options.play, options.debug))


if __name__ == "__main__":
    sys.exit(main())
