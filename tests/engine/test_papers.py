"""The papers name files and folders that are there: a map that is wrong is worse than none."""

import re

import pytest
from helpers.data import ROOT

PAPERS = ("ARCHITECTURE.md", "CONTRIBUTING.md", "engine/compute/kernels/README.md")
PAPERS += ("engine/architectures/README.md",)
NAMED = re.compile(r"`([\w./*-]+\.(?:py|toml|json|jinja|qm)|[\w./-]+/)`")
MADE = ("NAME", "FAMILY", "LANG", ".venv", "X/")  # stand for names that a reader chooses
FOLDERS = ("engine", "gui", "resources", "tests", "packaging", ".ci")


@pytest.fixture(scope="module")
def there() -> list[str]:
    """Every file, and every folder with a slash at its end, from the root."""
    found = [path for name in FOLDERS for path in [ROOT / name, *(ROOT / name).rglob("*")]]
    files = [*found, *ROOT.glob("*.*")]
    names = [path.relative_to(ROOT).as_posix() + "/" * path.is_dir() for path in files]
    return ["/" + name for name in names if "__pycache__" not in name]


@pytest.mark.parametrize("paper", PAPERS)
def test_what_a_paper_names_is_there(paper: str, there: list[str]) -> None:
    """A name may leave out the folders above it."""
    text = (ROOT / paper).read_text(encoding="utf-8")
    named = {name for name in NAMED.findall(text) if not any(word in name for word in MADE)}
    assert named
    patterns = {name: re.escape("/" + name.lstrip("/")).replace(r"\*", "[^/]*") for name in named}
    missing = [
        name
        for name, pattern in sorted(patterns.items())
        if not any(re.search(pattern + "$", path) for path in there)
    ]
    assert missing == []
