"""First start: kernels are compiled into the cache folder, by two processes if many are missing."""

import subprocess
import sys
from pathlib import Path

from engine.compute.kernels import elementwise, warm
from engine.compute.kernels.jit import compiler_environment, is_cached

ROOT = Path(__file__).parents[3]
CODE = """
import sys
from pathlib import Path
from engine.compute.kernels.jit import is_cached, set_cache_folder
set_cache_folder(Path(sys.argv[1]))
from engine.compute.kernels import elementwise as e, pack, products, warm
# Some are made of a template, in another file than the one that names them.
kernels = [e.add_rows, e.select_rows, pack.pack_2_bytes, products.matmul_f32]
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


def test_the_second_process_begins_at_the_other_end(monkeypatch):
    names = []

    def popen(command, **_):
        names.extend(command[3:])
        raise OSError("no more processes")

    monkeypatch.setattr(warm.subprocess, "Popen", popen)
    kernels = [elementwise.add_rows, elementwise.copy_rows]
    assert warm._second_process(kernels) is None
    assert [n.rpartition(":")[2] for n in names] == ["copy_rows", "add_rows"]


def test_what_was_compiled_here_counts_as_cached():
    assert elementwise.add_rows.address
    assert is_cached(elementwise.add_rows)
