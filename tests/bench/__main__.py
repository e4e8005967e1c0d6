"""``scripts/bench``: run the cases asked for and print one table."""

from __future__ import annotations

import argparse

from bench import papers, start, vitale
from bench.harness import Result, Unmeasurable, measure, table

CASES = (start.PAINT, start.START, vitale.CASE, papers.CASE)


def main() -> None:
    """Measure and print; a case this machine cannot run says what it lacks."""
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("names", nargs="*", choices=[[], *(case.name for case in CASES)], help="cases, all by default")
    parser.add_argument("--list", action="store_true", help="names of the cases")
    arguments = parser.parse_args()
    chosen = [case for case in CASES if not arguments.names or case.name in arguments.names]
    for case in chosen:
        print(f"{case.name}: {case.ours}, against {case.least}")
    if arguments.list:
        return
    results: list[Result] = []
    for case in chosen:
        try:
            results.append(measure(case))
        except Unmeasurable as lacking:
            print(f"{case.name}: not measured here, for want of {lacking}")
    print()
    print(table(results))


if __name__ == "__main__":
    main()
