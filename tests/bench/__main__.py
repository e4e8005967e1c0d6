"""``scripts/bench``: run the cases asked for and print one table."""

from __future__ import annotations

import argparse

from bench import documents, opening, papers, questions, start, vitale
from bench.harness import Result, Unmeasurable, measure, table

CASES = (start.PAINT, start.START, vitale.CASE, papers.CASE, documents.DEPOSIT, documents.LIST, questions.CASE)


def main() -> None:
    """Measure and print; a case this machine cannot run says what it lacks."""
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument(
        "names",
        nargs="*",
        choices=[[], *(case.name for case in CASES), "opening", "memory", "signatures"],
        help="cases, all by default",
    )
    parser.add_argument("--list", action="store_true", help="names of the cases")
    arguments = parser.parse_args()
    chosen = [case for case in CASES if not arguments.names or case.name in arguments.names]
    for case in chosen:
        print(f"{case.name}: {case.ours}, against {case.least}")
    with_opening = not arguments.names or "opening" in arguments.names
    if with_opening:
        print("opening: keys and seconds of one opening in the real window")
    with_memory = not arguments.names or "memory" in arguments.names
    if with_memory:
        print("memory: a large document in and out, over its size")
    with_signatures = not arguments.names or "signatures" in arguments.names
    if with_signatures:
        print("signatures: how often the card signs for a hundred questions about one patient")
    if arguments.list:
        return
    results: list[Result] = []
    for case in chosen:
        try:
            results.append(measure(case))
        except Unmeasurable as lacking:
            print(f"{case.name}: not measured here, for want of {lacking}")
    print()
    if results:
        print(table(results))
    if with_opening:
        print(opening.report())
    if with_memory:
        print(documents.memory())
    if with_signatures:
        print(questions.signatures())


if __name__ == "__main__":
    main()
