"""One unit for files and memory: 1 GB is 10^9 bytes; thousands have a separator."""

import re
from pathlib import Path

import pytest

from engine.base import sizes

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("n", "memory", "file", "column"),
    [
        (0, "0 bytes", "0 bytes", "0 bytes"),
        (1, "1 byte", "1 byte", "1 byte"),
        (999.6, "1 kB", "1 kB", "1.00 kB"),
        (12e3, "12 kB", "12 kB", "12.0 kB"),
        (640e6, "640 MB", "640 MB", "640 MB"),
        (999.6e6, "1.0 GB", "1 GB", "1.00 GB"),
        (1.57e9, "1.6 GB", "1.57 GB", "1.57 GB"),
        (99.96e9, "100.0 GB", "100 GB", "100 GB"),
        (999.96e9, "1.0 TB", "1 TB", "1.00 TB"),
        (5e15, "5,000.0 TB", "5,000 TB", "5,000 TB"),
    ],
)
def test_sizes(n: float, memory: str, file: str, column: str) -> None:
    assert (sizes.memory(n), sizes.file(n), sizes.column(n)) == (memory, file, column)


def test_speeds() -> None:
    assert sizes.rate(52.6e9) == "52.6 GB/s"
    assert [sizes.speed(n) for n in (0.25, 2.94, 31.4, 16872.3)] == [
        "0.2 tok/s",
        "2.9 tok/s",
        "31 tok/s",
        "16,872 tok/s",
    ]
    assert sizes.speed(1031.42, is_measured=True) == "1,031.4 tok/s"


def test_counts() -> None:
    assert [sizes.products(n) for n in (4.2e9, 84.6e9, 1240e9)] == ["4.2", "85", "1,240"]
    assert [sizes.parameters(n) for n in (0, 260_000, 596_000_000, 4_022_000_000, 235 * 10**9)] == [
        "",
        "260k",
        "596M",
        "4.0B",
        "235B",
    ]


def test_nobody_else_makes_words_of_sizes() -> None:
    """A second formatter is how two units came onto one page."""
    own = re.compile(r"\} ?([GMk]i?B|bytes/s|tok/s)\b|/ ?\(1 << [23]0\)|/ ?1e[369]:")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for folder in ("engine", "gui")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path.name not in ("sizes.py", "bench.py")  # bench: figures in columns
        for line in path.read_text(encoding="utf-8").splitlines()
        if own.search(line)
    ]
    assert found == []
