"""What is shipped is whole."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from helpers.house_world import ROOT


def test_the_wheel_holds_every_module_and_resource(tmp_path: Path) -> None:
    """Each module, migration, font, icon and table of the checkout is in the built package, and no test is."""
    found = (path for folder in ("dmp_desktop", "resources") for path in (ROOT / folder).rglob("*.*"))
    listed = [path.relative_to(ROOT).as_posix() for path in found if "__pycache__" not in path.parts]
    copy = tmp_path / "source"
    for name in ("pyproject.toml", "README.md", *listed):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes((ROOT / name).read_bytes())
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, copy]
    subprocess.run(command, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    shipped = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert shipped == {f"dmp_desktop/{name}" if name.startswith("resources/") else name for name in listed}
