"""The workflows of the repository: actions named by commits, little allowed, nothing from outside
put into a script."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from helpers.data import ROOT

FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"^\s*-?\s*uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")


def jobs(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))["jobs"]
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_actions_are_named_by_commits(file: Path) -> None:
    lines = [line for line in file.read_text("utf-8").splitlines() if "uses:" in line]
    assert lines
    others = [line for line in lines if not PINNED.match(line)]
    assert all("uses: ./.github/workflows/" in line for line in others), others


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_jobs_read_and_end(file: Path) -> None:
    whole = yaml.safe_load(file.read_text("utf-8"))
    assert whole["permissions"] == {"contents": "read"}
    writing = [name for name, job in jobs(file).items() if "write" in str(job.get("permissions"))]
    assert writing == (["release"] if file.name == "release.yml" else [])
    assert all("timeout-minutes" in job for job in jobs(file).values() if "uses" not in job)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_nothing_is_put_into_a_script(file: Path) -> None:
    """A name of a branch, or a secret, comes as a variable, which no shell takes apart."""
    steps = [step for job in jobs(file).values() for step in job.get("steps", [])]
    assert [step["run"] for step in steps if "${{" in step.get("run", "")] == []
    kept = [step for step in steps if "checkout" in step.get("uses", "")]
    assert all(step["with"]["persist-credentials"] is False for step in kept)


def test_each_system_is_built_installed_and_tried() -> None:
    steps = jobs(ROOT / ".github" / "workflows" / "release.yml")["installers"]["steps"]
    tried = {step["if"] for step in steps if "smoke.py" in step.get("run", "")}
    assert tried == {f"runner.os == '{name}'" for name in ("Linux", "Windows", "macOS")}
