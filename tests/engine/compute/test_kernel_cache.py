"""Compiled kernels on disk: whatever happens to the files, kernels run and are right; and nothing
that is not ours is ever touched."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.data import ROOT
from helpers.native import call
from helpers.patience import WAIT

from engine.compute.kernels import kernel_cache
from engine.compute.kernels.abi import Operands
from engine.compute.kernels.jit import Kernel, inline, kernel
from engine.compute.kernels.kernel_cache import ENDING, MARK, ROOM, set_cache_folder
from engine.compute.kernels.machine_code import MachineCode
from engine.compute.simd.memory import load_i64, store_i64

DIGEST = kernel_cache._source_digest()
OTHER = "0123456789abcdef"


@dataclass(frozen=True, kw_only=True)
class _Numbers(Operands):
    out: int
    x: int


_AT = _Numbers.offsets()


def _double(row: int, batch: int, thread: int) -> None:
    store_i64(load_i64(row + _AT.out), 2 * load_i64(load_i64(row + _AT.x)))


def _triple(row: int, batch: int, thread: int) -> None:
    store_i64(load_i64(row + _AT.out), 3 * load_i64(load_i64(row + _AT.x)))


def answer(function: Callable[..., None], number: int) -> int:
    """What a kernel that is loaded anew makes of a number."""
    x, out = np.array([number], np.int64), np.zeros(1, np.int64)
    call(Kernel(function), _Numbers(out=out.ctypes.data, x=x.ctypes.data))
    return int(out[0])


@pytest.fixture(name="room")
def _room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As in a fresh process whose cache folder this is."""
    monkeypatch.setattr(kernel_cache, "_chosen", [])
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    return tmp_path / "cache"


def kept(room: Path) -> list[Path]:
    return sorted(room.rglob(f"*{ENDING}"))


def damaged(files: list[Path], chance: random.Random) -> None:
    """One of the things that disks, copies and people do to files."""
    file = chance.choice(files)
    raw = bytearray(file.read_bytes())
    if not raw:
        return  # emptied before
    match chance.randrange(7):
        case 0:
            raw = raw[: chance.randrange(len(raw))]
        case 1:
            raw.clear()
        case 2:
            raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        case 3:
            raw = bytearray(chance.randbytes(len(raw)))
        case 4:
            raw = bytearray(chance.choice(files).read_bytes())
        case 5:
            raw += b"x"
        case 6:
            start = chance.randrange(len(raw))
            raw[start : start + 4096] = bytes(min(4096, len(raw) - start))
    file.write_bytes(raw)


@pytest.mark.anywhere
def test_no_damage_is_more_than_a_compilation(room: Path) -> None:
    set_cache_folder(room)
    assert (answer(_double, 4), answer(_triple, 4)) == (8, 12)
    sound = {file: file.read_bytes() for file in kept(room)}
    assert len(sound) == 2
    for seed in range(40):
        for file, raw in sound.items():
            file.write_bytes(raw)
        chance = random.Random(seed)
        for _ in range(chance.randint(1, 3)):
            damaged([*sound], chance)
        number = chance.randrange(1000)
        assert (answer(_double, number), answer(_triple, number)) == (2 * number, 3 * number), seed
        assert {file: file.read_bytes()[:32] for file in sound}.keys() == sound.keys()
        assert all(kernel_cache._read(file) is not None for file in sound), seed


def test_sealed_files_that_hold_something_else_are_compiled_anew(room: Path) -> None:
    set_cache_folder(room)
    answer(_double, 1)
    none = b'{"entry": "none", "raises": false}\n'
    payload = kernel_cache._read(kept(room)[0])
    assert payload is not None
    other = none + MachineCode.from_bytes(payload).code
    for payload in (
        b"no code",
        b"[]\nx",
        b'{"entry": 1}\nx',
        b"{}\n",
        none,
        none + b"no code",
        other,
    ):
        kernel_cache._write(kept(room)[0], payload)
        assert answer(_double, 21) == 42


PYTHONS = (b"numba_", b"NRT_", b"PyErr", b"Py_")  # functions of Python's and numba's


def test_code_stands_alone(room: Path) -> None:
    """An object file that calls nothing: LLVM ends the program where a name is not found."""
    set_cache_folder(room)
    answer(_double, 1)
    payload = kernel_cache._read(kept(room)[0])
    assert payload is not None
    code = MachineCode.from_bytes(payload)
    assert not code.raises
    assert [name for name in PYTHONS if name in code.code] == []


def test_what_lies_where_files_should_be_does_not_matter(room: Path) -> None:
    set_cache_folder(room)
    answer(_double, 1)
    file = kept(room)[0]
    file.unlink()
    (file / "inside").mkdir(parents=True)
    assert answer(_double, 21) == 42
    assert (file / "inside").is_dir()


@pytest.mark.parametrize("how", ["full", "closed", "gone"])
def test_a_disk_that_takes_nothing(
    room: Path, how: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    set_cache_folder(room)
    if how == "gone":
        room.rename(tmp_path / "elsewhere")
    else:

        def refuse(self: Path, data: bytes) -> int:
            raise OSError(28 if how == "full" else 30, how)

        monkeypatch.setattr(Path, "write_bytes", refuse)
    assert answer(_double, 21) == 42
    assert not list(room.rglob("*.unfinished"))


@pytest.mark.anywhere
def test_kernels_of_two_processes_and_threads_at_once(room: Path) -> None:
    room.mkdir()
    script = room / "many.py"
    script.write_text(
        "import sys; from pathlib import Path\n"
        "from engine.compute.kernels.jit import set_cache_folder\n"
        "set_cache_folder(Path(sys.argv[1]))\n"
        "from engine.compute.kernels import rope\n"
        "assert rope.rope_rows.address\n"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = [
        subprocess.Popen([sys.executable, str(script), str(room)], env=env) for _ in range(3)
    ]
    assert [each.wait(WAIT) for each in started] == [0, 0, 0]
    assert all(kernel_cache._read(file) for file in kept(room))
    assert not list(room.rglob("*.unfinished"))


# --- the folder ------------------------------------------------------------------------------
def foreign(folder: Path) -> dict[Path, str]:
    """What people keep in a folder: nothing of it may go."""
    words = {}
    for name in ("precious", ".config", OTHER, DIGEST, "chaski", "0" * 40):
        words[folder / name / "thesis.txt"] = name
    words[folder / "loose.txt"] = "loose"
    for file, text in words.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return words


def untouched(words: dict[Path, str]) -> bool:
    return all(file.read_text() == text for file, text in words.items())


def test_a_folder_that_the_user_names_is_only_added_to(
    room: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = tmp_path / "named"
    words = foreign(named) | foreign(named / ROOM)
    old = aged(named / ROOM / ("f" * 16))
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(named))
    set_cache_folder(room)
    assert kernel_cache.cache_folder() == named / ROOM / DIGEST
    assert untouched(words)
    assert old.is_dir()
    assert not room.exists()


def test_our_own_folder_may_hold_other_things_too(room: Path) -> None:
    words = foreign(room) | foreign(room / ROOM)
    set_cache_folder(room)
    assert untouched(words)


def test_an_empty_variable_is_none(
    room: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = foreign(tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")
    set_cache_folder(room)
    assert kernel_cache.cache_folder() == room / ROOM / DIGEST
    assert untouched(words)
    assert not (tmp_path / "here" / ROOM).exists()


def test_a_named_folder_that_cannot_be_used_is_passed_over(
    room: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file" / "inside"))
    set_cache_folder(room)
    assert kernel_cache.cache_folder() == room / ROOM / DIGEST


def aged(folder: Path, days: float = 100) -> Path:
    """Kernels of another version, last used so long ago."""
    folder.mkdir(parents=True)
    for name in (MARK, f"rope.turn-{OTHER}{ENDING}"):
        (folder / name).write_bytes(b"x")
        when = time.time() - days * 86400
        os.utime(folder / name, (when, when))
    return folder


def test_old_versions_go_and_living_ones_stay(room: Path, tmp_path: Path) -> None:
    old, living = aged(room / ROOM / ("a" * 16)), aged(room / ROOM / ("b" * 16), days=2)
    unmarked = aged(room / ROOM / ("c" * 16))
    (unmarked / MARK).unlink()
    mixed = aged(room / ROOM / ("d" * 16))
    (mixed / "letter.txt").write_text("dear")
    elsewhere = aged(tmp_path / "elsewhere" / ("e" * 16))
    (room / ROOM / ("e" * 16)).symlink_to(elsewhere, target_is_directory=True)
    set_cache_folder(room)
    assert not old.exists()
    assert kept(living)
    assert kept(unmarked)
    assert [file.name for file in mixed.iterdir()] == ["letter.txt"]
    assert kept(elsewhere)


def test_two_installs_share_a_folder_and_use_says_that_it_lives(
    room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = aged(room / ROOM / OTHER)
    monkeypatch.setattr(kernel_cache, "_source_digest", lambda: OTHER)
    set_cache_folder(room)  # the other install starts once more
    monkeypatch.setattr(kernel_cache, "_chosen", [])
    monkeypatch.setattr(kernel_cache, "_source_digest", lambda: DIGEST)
    set_cache_folder(room)
    assert kept(other)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no owners here")
def test_kernels_of_another_user_are_never_run(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = room / ROOM / DIGEST
    own.mkdir(parents=True)
    uid = own.stat().st_uid
    if uid == 0:
        os.chown(own, 12345, -1)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: uid + 1)
    with pytest.raises(OSError, match="belongs to another user"):
        set_cache_folder(room)


def test_the_name_of_the_folder_is_that_of_the_sources_not_of_their_dates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So two copies of the program use the same kernels, and each changed line others."""
    engine = tmp_path / "engine"
    for folder in ("compute/kernels", "compute/simd", "weights/blocks"):
        (engine / folder).mkdir(parents=True)
        for file in (ROOT / "engine" / folder).glob("*.py"):
            (engine / folder / file.name).write_bytes(file.read_bytes())
    compute, types = engine / "compute", engine / "weights" / "types.py"
    types.write_bytes((ROOT / "engine" / "weights" / "types.py").read_bytes())
    monkeypatch.setattr(kernel_cache, "__file__", str(compute / "kernels" / "kernel_cache.py"))
    assert kernel_cache._source_digest.__wrapped__() == DIGEST
    with (compute / "kernels" / "team.py").open("a") as file:
        file.write("# of this nothing is compiled\n")
    assert kernel_cache._source_digest.__wrapped__() == DIGEST
    found = {DIGEST}
    for changed in (types, engine / "weights" / "blocks" / "levels.py"):
        with changed.open("a") as file:
            file.write("# another\n")
        found.add(kernel_cache._source_digest.__wrapped__())
    assert len(found) == 3


def test_an_inline_function_made_in_another_needs_a_name_of_its_own() -> None:
    """Else kernels from different processes would call each other's."""

    def made(x: int) -> int:
        return x

    with pytest.raises(TypeError, match="needs a __qualname__"):
        inline(made)
    made.__qualname__ = "made_for_a_test"
    assert inline(made)(3) == 3


# --- nothing gives up half way ---------------------------------------------------------------
def _can_raise(file: Path) -> bool:
    payload = kernel_cache._read(file)
    assert payload is not None
    return MachineCode.from_bytes(payload).raises


def test_no_kernel_that_was_compiled_here_can_raise() -> None:
    """All that the other tests have compiled so far, and some more."""
    from engine.compute.kernels import attention, elementwise, norm, rope

    for known in (norm.norm_rows, norm.norm_heads, rope.rope_rows, rope.rope_and_keep):
        assert known.address
    assert attention.attention_f16.address
    assert elementwise.add_rows.address
    folder = kernel_cache.cache_folder()
    assert folder is not None
    files = [f for f in folder.iterdir() if f.suffix == ENDING and not f.name.startswith("test_")]
    assert len(files) >= 6
    assert [file.name for file in files if _can_raise(file)] == []
    asked = [file.name for file in files if any(name in file.read_bytes() for name in PYTHONS)]
    assert asked == [], "an object file must find all it calls"


def test_a_kernel_that_can_raise_would_be_found(room: Path) -> None:
    set_cache_folder(room)

    @kernel(Operands)
    def stepping(row: Any, batch: Any, thread: Any) -> None:
        for i in range(0, load_i64(row), load_i64(batch)):
            store_i64(row, i)

    assert stepping.address
    assert [_can_raise(file) for file in kept(room)] == [True]


def test_threads_that_ask_for_one_kernel_at_once(room: Path) -> None:
    set_cache_folder(room)
    with ThreadPoolExecutor(4) as pool:
        assert [*pool.map(lambda n: answer(_double, n), range(8))] == [*range(0, 16, 2)]


def test_a_frozen_program_has_a_folder_of_its_own_wherever_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is bytecode alone: what it holds decides, not where it is."""
    digests = []
    for place, values in (("here", b"1"), ("there", b"1"), ("there", b"2")):
        for name in ("compute/kernels/norm", "compute/simd/floats", "weights/types"):
            file = tmp_path / place / "engine" / f"{name}.pyc"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(values + name.encode())
        frozen = tmp_path / place / "engine" / "compute" / "kernels" / "kernel_cache.pyc"
        monkeypatch.setattr(kernel_cache, "__file__", str(frozen))
        digests.append(kernel_cache._source_digest.__wrapped__())
    assert digests[0] == digests[1]
    assert len({*digests, DIGEST}) == 3
