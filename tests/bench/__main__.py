"""``scripts/bench``: run what is asked for and print one table, then the reports that are no ratio of two sides."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from bench import clinical, documents, kills, opening, papers, people, questions, record, start, vitale
from bench.harness import Result, Unmeasurable, measure, table

CASES = (start.PAINT, start.START, vitale.CASE, papers.CASE, documents.DEPOSIT, documents.LIST, questions.CASE)


@dataclass(frozen=True, slots=True)
class Report:
    """Figures of its own shape. ``words``: what it tells; ``run``: measures and gives the lines to print.

    :ivar long: run only when it is named.
    """

    name: str
    words: str
    run: Callable[[], str]
    long: bool = False


REPORTS = (
    Report("opening", "keys and seconds of one opening in the real window", opening.report),
    Report("memory", "a large document in and out, over its size", documents.memory),
    Report("signatures", "how often the card signs for a hundred questions about one patient", questions.signatures),
    Report(
        "record", "key to paint in a record, scroll, search, and the longest stall behind a slow store", record.speed
    ),
    Report("record-memory", "what records opened and closed leave: some minutes", record.memory, long=True),
    Report("kills", "300 kills over mixed acts and a store that misbehaves: acts lost, acts doubled", kills.report),
    Report("clinical", "the clinical copy at 10,000 and 100,000 documents, against no cipher", clinical.report),
    Report("people", "finding a person among 100,000 as one types, against plain sqlite3", people.report),
    Report("people-million", "the same among a million: a quarter of an hour", people.million, long=True),
    Report("million", "the same at a million: several minutes, two gigabytes", clinical.million, long=True),
)


def main() -> None:
    """Measure and print; what this machine cannot run says what it lacks."""
    parser = argparse.ArgumentParser(prog="scripts/bench")
    names = [*(case.name for case in CASES), *(report.name for report in REPORTS)]
    parser.add_argument("names", nargs="*", choices=[[], *names], help="all by default")
    parser.add_argument("--list", action="store_true", help="what can be measured")
    arguments = parser.parse_args()
    usual = [report.name for report in REPORTS if arguments.list or not report.long]
    cases = [case for case in CASES if not arguments.names or case.name in arguments.names]
    reports = [report for report in REPORTS if report.name in (arguments.names or usual)]
    for case in cases:
        print(f"{case.name}: {case.ours}, against {case.least}")
    for report in reports:
        print(f"{report.name}: {report.words}")
    if arguments.list:
        return
    results: list[Result] = []
    for case in cases:
        try:
            results.append(measure(case))
        except Unmeasurable as lacking:
            print(f"{case.name}: not measured here, for want of {lacking}")
    print()
    if results:
        print(table(results))
    for report in reports:
        try:
            print(report.run())
        except Unmeasurable as lacking:
            print(f"{report.name}: not measured here, for want of {lacking}")


if __name__ == "__main__":
    main()
