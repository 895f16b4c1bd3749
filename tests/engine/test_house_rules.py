"""Rules of the house that no linter knows: who may use threads, sockets, the environment."""

import ast
import functools
import gc
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.data import ROOT

THREAD_MODULES = {"threading", "multiprocessing", "concurrent", "asyncio", "_thread"}
THREAD_ROOMS = (
    "engine/base/turns.py",  # work beside the compute thread, which gives turns away meanwhile
    "engine/host.py",
    "engine/base/tickets.py",  # flags only: who waits for a job, and who asks it to stop
    "engine/jobs/list.py",  # a lock only: any thread may ask what runs
    "engine/library/database.py",  # a lock only: threads that need a store at once open it once
    "engine/compute/kernels/team.py",
    "engine/weights/formats/open_file.py",  # a lock only: one file, read by several threads
    "engine/library/database_log.py",  # who writes waits for no disk, also outside of jobs
    "engine/text/apart",  # the helper process: one side waits for it, the other for its end
    "engine/hub/",
    "engine/server/",
    "gui/workers.py",
)
SOCKET_MODULES = {
    *("socket", "socketserver", "http", "urllib", "ssl", "requests", "httpx"),
    *("httpx2", "huggingface_hub", "truststore", "keyring"),
}
PROCESS_MODULES = {"subprocess", "multiprocessing", "pty"}
PROCESS_ROOMS = (
    "engine/compute/kernels/warm.py",
    "engine/hardware/machine.py",
    "engine/measure/peer.py",
    "engine/text/apart.py",
)
SOCKET_ROOMS = ("engine/hub/", "engine/server/")
ENVIRONMENT_ROOMS = (
    "engine/base/environment.py",
    "engine/base/paths.py",
    "engine/compute/kernels/kernel_cache.py",
    "gui/start.py",  # is there a display?
)
LONGEST = 600  # lines; tables of data are listed here by name
TABLES: tuple[str, ...] = ()
HARMLESS = {"urllib.parse"}  # text, no connection


@functools.cache
def sources() -> list[tuple[str, ast.Module, str]]:
    """Every module of the program: its path from the root, its tree and its text."""
    paths = [p for folder in ("engine", "gui") for p in sorted((ROOT / folder).rglob("*.py"))]
    texts = [path.read_text(encoding="utf-8") for path in paths]
    names = [path.relative_to(ROOT).as_posix() for path in paths]
    gc.disable()  # a million nodes, none of them garbage
    try:
        return [(n, ast.parse(t), t) for n, t in zip(names, texts, strict=True)]
    finally:
        gc.enable()


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def users_of(modules: set[str], rooms: tuple[str, ...]) -> list[str]:
    return [
        f"{name} imports {module}"
        for name, tree, _ in sources()
        for module in imported(tree)
        if module.partition(".")[0] in modules
        and module not in HARMLESS
        and not name.startswith(rooms)
    ]


def test_threads_only_in_the_rooms_that_may() -> None:
    assert users_of(THREAD_MODULES, THREAD_ROOMS) == []


def test_processes_only_from_the_rooms_that_may() -> None:
    assert users_of(PROCESS_MODULES, PROCESS_ROOMS) == []


def test_only_hub_and_server_touch_the_network() -> None:
    assert users_of(SOCKET_MODULES, SOCKET_ROOMS) == []


def test_what_comes_with_the_program_is_found_in_one_place_each() -> None:
    rooms = ("engine/base/paths.py", "gui/resources.py")
    found = users_of({"importlib"}, rooms)
    assert [name for name in found if "importlib.resources" in name] == []


def test_only_kernels_know_the_compiler() -> None:
    rooms = ("engine/compute/kernels/", "engine/compute/simd/")
    assert users_of({"numba", "llvmlite"}, rooms) == []


def test_environment_variables_are_read_in_few_places() -> None:
    readers = [
        name
        for name, tree, _ in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    ]
    assert [name for name in readers if name not in ENVIRONMENT_ROOMS] == []


def test_every_module_says_what_it_is() -> None:
    assert [name for name, tree, _ in sources() if not ast.get_docstring(tree)] == []


def test_no_file_is_longer_than_one_idea() -> None:
    long = [name for name, _, text in sources() if text.count("\n") > LONGEST]
    assert [name for name in long if name not in TABLES] == []


def test_nothing_is_left_for_later() -> None:
    words = ("TODO", "FIXME", "XXX")
    assert [(name, w) for name, _, text in sources() for w in words if w in text] == []
    raised = [
        name
        for name, tree, _ in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and "NotImplementedError" in ast.unparse(node)
    ]
    assert raised == []


def test_nothing_starts_with_the_system() -> None:
    """A guest comes when it is called: no entry where systems look for what they start."""
    places = ("autostart", "LaunchAgents", "LaunchDaemons", "CurrentVersion\\Run", "systemd/user")
    assert [(name, p) for name, _, text in sources() for p in places if p in text] == []


@pytest.mark.parametrize("folder", ["tests", "packaging"])
def test_these_folders_are_no_packages(folder: str) -> None:
    found = [p for p in Path(ROOT / folder).rglob("__init__.py")]
    assert found == []


def test_packages_do_no_work_when_imported() -> None:
    """An __init__ holds a docstring, imports and names; no calls."""
    for name, tree, _ in sources():
        if name.endswith("__init__.py"):
            allowed = (ast.Expr, ast.Import, ast.ImportFrom, ast.Assign, ast.If, ast.AnnAssign)
            assert all(isinstance(node, allowed) for node in tree.body), name
            calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call)]
            assert not calls, name


SENTENCE = re.compile(r"[a-z]{2,} [a-z]{2,}")
LOOKING = ("startswith", "endswith", "replace", "partition", "removeprefix", "find", "index")
OTHERS_WORDS = ("engine/hardware/processor_linux.py",)  # the system's own, in /proc/cpuinfo


def _looks_at_words(node: ast.AST) -> bool:
    """Whether this compares something with a sentence, or cuts one up."""
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        sides = node.args[:1] if node.func.attr in LOOKING else []
    else:
        return False
    texts = [side.value for side in sides if isinstance(side, ast.Constant)]
    return any(isinstance(text, str) and SENTENCE.search(text) for text in texts)


def test_nobody_compares_sentences() -> None:
    """What a program must tell apart has a code (Stage, Verdict, a class of error), not words."""
    found = [
        f"{name}:{node.lineno}"
        for name, tree, _ in sources()
        if name not in OTHERS_WORDS
        for node in ast.walk(tree)
        if isinstance(node, ast.expr) and _looks_at_words(node)
    ]
    assert not found
