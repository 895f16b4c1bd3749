"""First start: kernels are compiled into the cache folder, by two processes if many are missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.compiling import by_processes
from helpers.patience import WAIT
from helpers.tiny_models import write_tiny_llama

from engine.compute.kernels import elementwise, warm
from engine.compute.kernels.jit import compiler_environment, is_cached
from engine.compute.kernels.kernel_cache import HANDED_OVER

pytestmark = pytest.mark.anywhere

ROOT = Path(__file__).parents[3]
CODE = """
import sys
from pathlib import Path
from engine.compute.kernels.jit import is_cached, set_cache_folder
set_cache_folder(Path(sys.argv[1]))
from engine.compute.kernels import elementwise as e, pack, products, warm
# Some are made of a template, in another file than the one that names them.
kernels = [e.add_rows, e.select_rows, pack.pack_2_bytes, products.WAYS[pack.F32].matmul]
before = [is_cached(k) for k in kernels]
heard = []
turns = list(warm.compile_all(kernels))
heard = [(each.done, each.total) for each in turns if each is not None]
assert len(turns) > 1 and heard == sorted(set(heard))
print(before, [is_cached(k) for k in kernels], heard[:1])
"""


def start(folder):
    env = compiler_environment(ROOT)
    env.pop("NUMBA_CACHE_DIR", None)
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(folder)],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_a_first_start_tells_its_progress_and_a_second_has_nothing_to_do(tmp_path):
    assert start(tmp_path) == f"{[False] * 4} {[True] * 4} [(0, 4)]"
    assert start(tmp_path) == f"{[True] * 4} {[True] * 4} []"


TALK = """
import sys
from engine.cli import main
status = main(["complete", *sys.argv[1:], "-p", "Once", "-n", "8", "--temperature", "0"])
print(status, "numba" in sys.modules)
"""


def test_a_later_start_answers_without_the_compiler(tmp_path):
    """Importing numba takes longer than opening a small model does."""
    model = write_tiny_llama(tmp_path / "tiny.gguf")
    env = {**os.environ, "PYTHONPATH": str(ROOT), "CHASKI_HOME": str(tmp_path / "home")}
    env.pop("NUMBA_CACHE_DIR", None)

    def told():
        command = [sys.executable, "-c", TALK, str(model)]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
        return done.stdout.rpartition("\n0 ")

    text, _, _ = told()
    assert text
    assert told() == (text, "\n0 ", "False\n")


def test_two_processes_begin_at_both_ends(tmp_path, monkeypatch):
    named = []

    def popen(command, **_):
        named.append([name.rpartition(":")[2] for name in command[3:]])
        if len(named) == 2:
            raise OSError("no more processes")
        return "the first"

    monkeypatch.setattr(warm.subprocess, "Popen", popen)
    monkeypatch.setattr(warm, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(warm.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(warm, "MANY", 2)
    kernels = [elementwise.add_rows, elementwise.copy_rows]
    assert by_processes(kernels) == ["the first"]
    assert named == [["add_rows", "copy_rows"], ["copy_rows", "add_rows"]]
    assert by_processes(kernels[:1]) == ["the first"], "one for a few"
    monkeypatch.setattr(warm, "cache_folder", lambda: None)
    assert by_processes(kernels) == [], "what they made would be lost"


class Later:
    """A kernel, and a process that brings it; `here` counts what was compiled in this one."""

    def __init__(self, brings):
        self.compiled, self.is_kept, self.left, self.here = False, False, 3, 0
        self.brings, self.killed = brings, False

    def compile(self):
        self.here += not self.is_kept
        self.compiled = True

    def poll(self):
        self.left -= 1
        self.is_kept = self.is_kept or (self.brings and self.left == 0)
        return None if self.left > 0 or self.is_kept else 1

    def kill(self):
        self.killed = True

    def wait(self):
        assert self.killed


def test_what_another_process_compiles_is_only_loaded_here(monkeypatch):
    for brings in (True, False):
        later = Later(brings)
        monkeypatch.setattr(warm, "is_cached", lambda kernel: kernel.is_kept)
        monkeypatch.setattr(warm, "_processes", lambda missing, one=later: [one])
        list(warm.compile_all([later]))
        assert later.compiled
        assert later.killed
        assert later.here == (not brings), "a process that fails leaves it to us"


def test_what_was_compiled_here_counts_as_cached():
    assert elementwise.add_rows.address
    assert is_cached(elementwise.add_rows)


@pytest.mark.parametrize("entry", ["engine.cli", "gui.start"])
def test_a_frozen_program_is_its_own_compiler(tmp_path, monkeypatch, entry):
    """Whichever of its two programs runs is started again with a flag and the kernels' names."""
    program = tmp_path / "chaski"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path[:] = {[str(ROOT), *sys.path]!r}\n"
        f"from {entry} import main\nsys.exit(main())\n"
    )
    program.chmod(0o755)
    kept = tmp_path / "kept"
    kept.mkdir()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setattr(warm, "cache_folder", lambda: kept)
    monkeypatch.setenv(HANDED_OVER, str(kept))
    monkeypatch.setattr(warm, "compiler_environment", lambda root: dict(os.environ))
    (process,) = by_processes([elementwise.copy_rows])
    assert process.wait(WAIT) == 0
    assert [file.name.split("-")[0] for file in kept.iterdir()] == ["elementwise.copy_rows"]
