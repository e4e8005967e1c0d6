"""The scripts explain themselves, set up once, and the house rules find what they are meant to find."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.house_world import ROOT

NAMES = ("bench", "check", "lock", "run", "setup", "test")
SCRIPTS = [ROOT / ".ci" / "run", *(ROOT / "scripts" / name for name in NAMES)]
RULES = ROOT / "scripts" / "house_rules.py"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_each_script_explains_itself(script: Path) -> None:
    """``--help`` prints what the script does and how it is called, and does nothing else."""
    said = subprocess.run([script, "--help"], capture_output=True, text=True, check=True)
    assert said.stdout.strip()
    assert script.relative_to(ROOT).as_posix() in said.stdout
    assert not said.stderr
    subprocess.run(["bash", "-n", script], check=True)


def _library(project: Path, command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run ``command`` with the scripts' shared functions, as a script of ``project`` would."""
    line = f'set -euo pipefail; . "{project}/scripts/lib.sh"; {command}'
    return subprocess.run(
        ["bash", "-c", line], capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]} | variables
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what setting up reads, with a virtual environment that only pretends to be filled."""
    for name in ("scripts/lib.sh", "pyproject.toml", "requirements.lock", "requirements-dev.lock"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("version = 3.11\n")
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    _library(tmp_path, 'fingerprint requirements.lock > "$VENV/.setup-run"')
    return tmp_path


def test_what_is_set_up_is_not_set_up_again(project: Path) -> None:
    """Once set up to run, running is ready and testing is not."""
    assert _library(project, "is_ready run").returncode == 0
    assert _library(project, "is_ready test").returncode != 0


@pytest.mark.parametrize("changed", ["requirements.lock", "scripts/lib.sh", ".venv/pyvenv.cfg"])
def test_a_change_asks_for_setting_up_again(project: Path, changed: str) -> None:
    """Another lock, another list of system packages or another interpreter is noticed."""
    with (project / changed).open("a") as file:
        file.write("# changed\n")
    assert _library(project, "is_ready run").returncode != 0


def test_settings_of_the_linters_ask_for_nothing(project: Path) -> None:
    """A new rule of ruff or pytest does not set the machine up again, a new dependency does."""
    file = project / "pyproject.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("line-length = 120", "line-length = 100"), "utf-8")
    assert _library(project, "is_ready run").returncode == 0
    file.write_text(text.replace('"lxml>=6"', '"lxml>=7"'), "utf-8")
    assert _library(project, "is_ready run").returncode != 0


def test_a_dead_interpreter_asks_for_setting_up_again(project: Path) -> None:
    """A virtual environment whose Python went away is not taken for a good one."""
    python = project / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python")
    assert _library(project, "is_ready run").returncode != 0


def test_a_wrong_python_is_refused(project: Path, tmp_path: Path) -> None:
    """An interpreter that is too old, too new or absent is never chosen."""
    old = tmp_path / "old-python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    assert _library(project, "find_python", PYTHON=str(old)).returncode != 0
    assert _library(project, "find_python", PYTHON=sys.executable).stdout.strip() == sys.executable


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="no apt on this system")
def test_only_missing_packages_are_asked_for(project: Path) -> None:
    """A package installed under one of its names is not missing; an unknown one is, under all its names."""
    said = _library(project, "missing_packages 'nonesuch-t64|libc6' 'nonesuch-a|nonesuch-b' dpkg")
    assert said.stdout.split() == ["nonesuch-a|nonesuch-b"]


def test_an_unknown_argument_is_refused() -> None:
    """A misspelt option of set-up stops before anything is done."""
    said = subprocess.run([ROOT / "scripts" / "setup", "--tset"], capture_output=True, text=True, check=False)
    assert said.returncode == 1
    assert "Unknown argument: --tset" in said.stderr


def _rules(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, RULES, "--root", root, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small project that keeps every rule."""
    for name in ("pyproject.toml", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    for folder in ("dmp_desktop/ui/theme", "tests", "scripts"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "dmp_desktop/ui/theme/tokens.py").write_text('INK = "#1b1b1b"\n')
    assert _rules(tmp_path, "--stamp-locks").returncode == 0
    said = _rules(tmp_path)
    assert (said.returncode, said.stdout) == (0, "House rules: all kept.\n")
    return tmp_path


@pytest.mark.parametrize(
    ("file", "text", "reason"),
    [
        ("dmp_desktop/ui/a.py", 'X = "#1b1b1b"', "colours are tokens"),
        ("dmp_desktop/ui/a.py", 'X = "L\'INS est absente"', "French apostrophe"),
        ("dmp_desktop/ui/a.py", 'X = "Continuer ?"', "no-break space"),
        ("dmp_desktop/ui/a.py", 'X = "Une erreur est survenue"', "say what happened"),
        ("dmp_desktop/printing/a.py", 'X = "Dossier ouvert!"', "no exclamation"),
        ("dmp_desktop/a.py", "time.sl" + "eep(1)", "never on time"),
        ("dmp_desktop/a.py", "x = 1  # TO" + "DO", "finish it"),
        ("dmp_desktop/a.py", "x = 1  # type: ig" + "nore", "say which rule"),
        ("dmp_desktop/a.py", "x = 1  # type: ig" + "nore[misc]", "say why after it"),
        ("dmp_desktop/a.py", "x = 1  # no" + "qa", "say which rule"),
        ("dmp_desktop/a.py", "get(verify" + "=False)", "cannot be switched off"),
        ("tests/test_a.py", "def test_x():\n    pass", "docstring says the behaviour"),
    ],
)
def test_a_broken_rule_is_found_with_its_reason(small: Path, file: str, text: str, reason: str) -> None:
    """Each rule names the place and the reason, and the exit code tells."""
    (small / file).parent.mkdir(parents=True, exist_ok=True)
    (small / file).write_text(text + "\n", "utf-8")
    said = _rules(small)
    assert said.returncode == 1
    assert said.stdout.startswith(f"{file}:1: ")
    assert reason in said.stdout


def test_docstrings_may_say_what_sentences_may_not(small: Path) -> None:
    """The words of a docstring are for engineers: rules of French typography leave them alone."""
    (small / "dmp_desktop/ui/a.py").write_text('"""It isn\'t an erreur !"""\n', "utf-8")
    assert _rules(small).returncode == 0


def test_two_test_files_of_one_name_are_found(small: Path) -> None:
    """Test files have different names even in different folders."""
    for folder in ("tests/a", "tests/b"):
        (small / folder).mkdir()
        (small / folder / "test_x.py").touch()
    assert "same file name as tests/a/test_x.py" in _rules(small).stdout


def test_a_long_file_is_an_advice(small: Path) -> None:
    """A file over 400 lines is pointed at and fails nothing."""
    (small / "dmp_desktop/a.py").write_text("x = 1\n" * 401, "utf-8")
    said = _rules(small)
    assert (said.returncode, "two rooms in one" in said.stdout) == (0, True)


def test_a_stale_lock_is_found(small: Path) -> None:
    """A dependency changed without making the locks again, or an address slipped into one, is told."""
    file = small / "pyproject.toml"
    file.write_text(file.read_text("utf-8").replace('"lxml>=6"', '"lxml>=7"'), "utf-8")
    said = _rules(small).stdout
    assert said.count("made from other dependencies") == 2
    assert _rules(small, "--stamp-locks").returncode == 0
    with (small / "requirements.lock").open("a") as lock:
        lock.write("--index-url https" + "://registry.example/simple\n")
    assert "no address of a registry" in _rules(small).stdout
