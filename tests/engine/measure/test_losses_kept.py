"""Losses that were measured: kept per source, bounded, never in the way when the file is broken."""

import json
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from helpers.data import ROOT
from helpers.patience import WAIT

from engine.base.errors import UsageError
from engine.measure.losses import BUILT_IN, LOSSES, SOURCES, Loss, keep_loss, losses_of, mark_of

LOSS = Loss(
    name="Q4_K_M",
    file="a-Q4_K_M.gguf",
    mark="m",
    bytes=1000,
    bits=4.9,
    text="mine.txt",
    text_key="k",
    tokens=600,
    source_ppl=8.0,
    ppl=8.1,
    kl_mean=0.03,
    kl_99=0.4,
    top1=0.95,
)


def test_they_come_back(tmp_path: Path) -> None:
    file = tmp_path / "data" / "losses.json"
    assert losses_of(file, "s") == ()
    assert keep_loss(file, "s", LOSS) == (LOSS,)
    other = replace(LOSS, name="Q8_0", mark="n")
    assert keep_loss(file, "s", other) == losses_of(file, "s") == (LOSS, other)
    assert losses_of(file, "t") == ()
    again = replace(LOSS, kl_mean=0.04)
    assert keep_loss(file, "s", again) == (other, again), "a file measured again is one entry"
    assert other.worse == pytest.approx(0.0125)


def test_the_built_in_text_was_once_kept_in_words(tmp_path: Path) -> None:
    file = tmp_path / "losses.json"
    keep_loss(file, "s", replace(LOSS, text=BUILT_IN))
    file.write_text(file.read_text().replace('"text": ""', '"text": "the built-in text"'))
    (found,) = losses_of(file, "s")
    assert found.text == BUILT_IN
    assert found.text_name == "the built-in text"


def test_they_are_bounded(tmp_path: Path) -> None:
    file = tmp_path / "losses.json"
    for i in range(LOSSES + 5):
        keep_loss(file, "s", replace(LOSS, mark=str(i)))
    assert [x.mark for x in losses_of(file, "s")][0] == "5"
    for i in range(SOURCES):
        keep_loss(file, f"s{i}", LOSS)
    assert losses_of(file, "s") == (), "the source that was asked for longest ago goes"
    assert losses_of(file, "s0") == (LOSS,)
    assert file.stat().st_size < 1 << 20


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b'{"sources": 3}',
        b'{"sources": {"s": 3}}',
        b'{"sources": {"s": [3, {"name": "x"}]}}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_file_counts_as_empty(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "losses.json"
    file.write_bytes(content)
    assert losses_of(file, "s") == ()
    assert keep_loss(file, "s", LOSS) == (LOSS,)
    assert losses_of(file, "s") == (LOSS,)


def test_a_damaged_byte_costs_one_loss(tmp_path: Path) -> None:
    file = tmp_path / "losses.json"
    for source in ("s", "t", "u"):
        for i in range(4):
            keep_loss(file, source, replace(LOSS, mark=f"{source}{i}"))
    data = file.read_bytes()
    for at in range(0, len(data), 7):
        for byte in (data[at] ^ 1, 0x22, 0x5D, 0xFF)[at % 3 :: 3]:
            file.write_bytes(data[:at] + bytes([byte]) + data[at + 1 :])
            found = [x for source in "stu" for x in losses_of(file, source)]
            # The name of a source stands once, over all of its losses.
            assert len(found) >= 12 - 4 - 1, (at, byte)
            for source in "stu":
                others = set("stu") - {source}
                strange = [x for x in losses_of(file, source) if x.mark[:1] in others]
                assert len(strange) <= 1, (at, byte)
    file.write_bytes(data[:-40])
    keep_loss(file, "s", replace(LOSS, mark="new"))
    assert len(losses_of(file, "s")) == 5
    assert (tmp_path / "losses.damaged.json").read_bytes() == data[:-40]


@pytest.mark.parametrize(
    "wrong",
    [
        {"ppl": "8"},
        {"kl_mean": -1},
        {"kl_mean": float("nan")},
        {"top1": True},
        {"source_ppl": 0},
        {"name": 3},
        {"more": 1},
        {"ppl": 10**400},
        {"ppl": 0.5},
        {"bytes": 10**30},
        {"bytes": 1000.5},
        {"tokens": float("inf")},
        {"top1": 2.0},
        {"file": "x" * 5000},
        {"models": ["x"] * 500},
        {"models": ["x" * 5000]},
        {"models": [3]},
    ],
)
def test_an_entry_that_makes_no_sense_is_left_out(tmp_path: Path, wrong: dict[str, object]) -> None:
    file = tmp_path / "losses.json"
    keep_loss(file, "s", LOSS)
    rows = json.loads(file.read_text())
    rows["sources"]["s"].append(rows["sources"]["s"][0] | wrong)
    file.write_text(json.dumps(rows))
    assert losses_of(file, "s") == (LOSS,)


def test_what_a_later_version_wrote_stays(tmp_path: Path) -> None:
    file = tmp_path / "losses.json"
    later = {**asdict(LOSS), "mark": "n", "unheard_of": 3}
    told = {"version": 2, "who": "me", "sources": {"s": [later], "t": "in another form"}}
    file.write_text(json.dumps(told))
    assert keep_loss(file, "s", LOSS) == (LOSS,)
    kept = json.loads(file.read_text())
    assert (kept["version"], kept["who"], kept["sources"]["t"]) == (2, "me", "in another form")
    assert kept["sources"]["s"][0] == later | {"models": []}
    assert not (tmp_path / "losses.damaged.json").exists()


def test_several_programs_lose_nothing(tmp_path: Path) -> None:
    """Each keeps its own losses of the same sources at the same time."""
    file = tmp_path / "losses.json"
    program = f"""
import sys
from dataclasses import replace
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
from engine.measure.losses import Loss
from engine.measure.losses import keep_loss
for i in range(12):
    keep_loss(Path({str(file)!r}), "s", Loss(**{asdict(LOSS)!r} | {{"mark": sys.argv[1] + str(i)}}))
"""
    running = [subprocess.Popen([sys.executable, "-c", program, name]) for name in "abc"]
    assert [each.wait(WAIT) for each in running] == [0, 0, 0]
    assert {x.mark for x in losses_of(file, "s")} == {f"{a}{i}" for a in "abc" for i in range(12)}
    assert sorted(each.name for each in tmp_path.iterdir()) == ["losses.json", "losses.json.lock"]


def test_a_disk_that_refuses_costs_no_answer(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    assert keep_loss(tmp_path / "data" / "losses.json", "s", LOSS) == (LOSS,)


def test_a_mark_tells_contents_apart(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_bytes(bytes(3_000_000))
    second.write_bytes(bytes(3_000_000))
    assert mark_of(first) == mark_of(second)
    second.write_bytes(bytes(3_000_001))
    assert mark_of(first) != mark_of(second)
    assert mark_of(tmp_path) != mark_of(first)
    with pytest.raises(UsageError, match="cannot be read"):
        mark_of(tmp_path / "gone")
