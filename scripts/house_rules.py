"""House rules no linter knows: each is a pattern or a look, and the reason is printed with what it finds.

``scripts/check`` runs it. ``--stamp-locks`` writes into the lock files which dependencies they were made from.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

LOCKS = ("requirements.lock", "requirements-dev.lock")
_STAMP = "# Made by scripts/lock from the dependencies of pyproject.toml, sha256 "
_LONG_FILE = 400
_LONG_CLASS = 250


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that breaks a rule; an advice is printed and fails nothing."""

    place: str
    reason: str
    advice: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """A line that must not stand in the files under ``folders``, save under ``spared``."""

    expression: re.Pattern[str]
    reason: str
    folders: tuple[str, ...] = ("dmp_desktop", "tests")
    spared: tuple[str, ...] = ()


PATTERNS = (
    Pattern(
        re.compile(r"#[0-9a-fA-F]{6}\b"),
        "colours are tokens: ui/theme alone knows their values",
        folders=("dmp_desktop",),
        spared=("dmp_desktop/ui/theme/",),
    ),
    Pattern(re.compile(r"\b(TODO|FIXME|XXX)\b"), "finish it, or write it on the issue"),
    Pattern(re.compile(r"\btime\.sleep\("), "wait on an event or a condition, never on time"),
    # A gallery or a test is its own hand on the loop; the program never is.
    Pattern(re.compile(r"\bprocessEvents\("), "no nested event loop", folders=("dmp_desktop",)),
    Pattern(re.compile(r"\bunittest\.mock\b|\bMagicMock\b"), "no mock of our own code"),
    Pattern(re.compile(r"#\s*type:\s*ignore(?!\[)"), "say which rule is ignored"),
    Pattern(
        re.compile(r"#\s*type:\s*ignore\[[^]]*\](?!\s+#)"),
        "say why after it",
        folders=("dmp_desktop",),
    ),
    Pattern(re.compile(r"#\s*noqa(?!:)"), "say which rule is ignored"),
    Pattern(re.compile(r"\bverify\s*=\s*False|\bCERT_NONE\b"), "certificate checking cannot be switched off"),
)

# Read in the string constants of what a person sees.
SENTENCES = (
    (re.compile(r"[^\W\d_]'[^\W\d_]"), "French apostrophe is ’"),
    (re.compile(r"\w [;:!?»](\s|$)|« \w"), "no-break space before ; : ? » and after «"),
    (re.compile(r"\berreurs?\b", re.IGNORECASE), "say what happened, never “erreur”"),
    (re.compile(r"[^\W\d_][\u00a0\u202f]?!(\s|$)"), "no exclamation mark"),
)


def findings(root: Path) -> Iterator[Finding]:
    """Everything that breaks a rule under ``root``."""
    sources = sorted(chain(*(root.glob(f"{folder}/**/*.py") for folder in ("dmp_desktop", "tests", "scripts"))))
    texts = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in sources}
    for name, text in texts.items():
        yield from _lines(name, text)
        yield from _sizes(name, text)
        if name.startswith(("dmp_desktop/ui/", "dmp_desktop/printing/")):
            yield from _sentences(name, text)
        if Path(name).name.startswith("test_"):
            yield from _silent_tests(name, text)
    yield from _homonyms(texts)
    for lock in LOCKS:
        yield from _lock(root, lock)


def _lines(name: str, text: str) -> Iterator[Finding]:
    patterns = [p for p in PATTERNS if name.startswith(p.folders) and not name.startswith(p.spared or ("//",))]
    for number, line in enumerate(text.splitlines(), 1):
        for pattern in patterns:
            if pattern.expression.search(line):
                yield Finding(f"{name}:{number}", pattern.reason)


def _sizes(name: str, text: str) -> Iterator[Finding]:
    length = text.count("\n")
    if length > _LONG_FILE:
        yield Finding(name, f"{length} lines: two rooms in one?", advice=True)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef) and node.end_lineno is not None:
            length = node.end_lineno - node.lineno + 1
            if length > _LONG_CLASS:
                yield Finding(f"{name}:{node.lineno}", f"class {node.name} has {length} lines", advice=True)


def _sentences(name: str, text: str) -> Iterator[Finding]:
    tree = ast.parse(text)
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            for expression, reason in SENTENCES:
                if expression.search(node.value):
                    yield Finding(f"{name}:{node.lineno}", reason)


def _silent_tests(name: str, text: str) -> Iterator[Finding]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and ast.get_docstring(node) is None:
            yield Finding(f"{name}:{node.lineno}", "a test's docstring says the behaviour")


def _homonyms(texts: dict[str, str]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for name in texts:
        base = Path(name).name
        if base.startswith("test_") and seen.setdefault(base, name) != name:
            yield Finding(name, f"same file name as {seen[base]}: pytest would take one for the other")


def _lock(root: Path, lock: str) -> Iterator[Finding]:
    text = (root / lock).read_text("utf-8")
    if not text.startswith(_stamp(root) + "\n"):
        yield Finding(lock, "made from other dependencies than pyproject.toml names: run scripts/lock")
    for number, line in enumerate(text.splitlines(), 1):
        if "://" in line or line.startswith("-"):
            yield Finding(f"{lock}:{number}", "a lock holds versions and hashes, no address of a registry")


def _stamp(root: Path) -> str:
    project: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    asked = [project["project"]["requires-python"], project["project"]["dependencies"], project["dependency-groups"]]
    return _STAMP + hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def stamp_locks(root: Path) -> None:
    """Write on top of each lock file which dependencies it was made from."""
    for lock in LOCKS:
        path = root / lock
        kept = [line for line in path.read_text("utf-8").splitlines() if not line.startswith(_STAMP)]
        path.write_text("\n".join([_stamp(root), *kept]) + "\n", "utf-8")


def main() -> int:
    """Print the findings; 1 if one of them is more than an advice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stamp-locks", action="store_true")
    parser.add_argument("--root", type=Path, default=Path(__file__).parents[1])
    arguments = parser.parse_args()
    if arguments.stamp_locks:
        stamp_locks(arguments.root)
        return 0
    found = list(findings(arguments.root))
    for one in found:
        print(f"{one.place}: {one.reason}{' (advice)' if one.advice else ''}")
    broken = sum(not one.advice for one in found)
    print(f"House rules: {broken} broken, {len(found) - broken} to look at." if found else "House rules: all kept.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
