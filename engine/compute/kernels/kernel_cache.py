"""Keeps compiled kernels on disk: one sealed file each, in a folder of ours alone.

Invariant: nothing is run whose seal does not fit, so a damaged, cut or exchanged file costs
one compilation and nothing else; and nothing is ever deleted that this file did not make.

    FOLDER/chaski-kernels/DIGEST/MODULE.NAME-KEY.kernel    DIGEST: of the sources and the compiler
"""

import hashlib
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import llvmlite
import numpy as np

from engine.compute.kernels.machine_code import MachineCode
from engine.compute.simd.isa import target

ROOM, MARK = "chaski-kernels", "made-by-chaski"
ENDING, UNFINISHED = ".kernel", ".unfinished"
SEAL_BYTES = 32
MOST_BYTES = 64 << 20  # of one file; the largest kernel takes a hundredth
OLD = 30 * 86400  # seconds without a start, after which an earlier version's kernels go
DIGEST_LETTERS = 16
HANDED_OVER = "CHASKI_KERNELS"  # a helper process is told the folder by this variable
# Files of this room of which nothing is compiled into a kernel.
NO_CODE = ("kernel_cache.py", "team.py", "warm.py", "__init__.py")

_chosen: list[Path] = []  # the folder in use; the first one that was set stays


def set_cache_folder(folder: Path) -> None:
    """Where compiled code is kept; the first call that succeeds decides for this process.

    A folder that the user has named in NUMBA_CACHE_DIR is taken instead, if it can be; kernels
    are only ever added to that one. Raises OSError where neither can be used.
    """
    if _chosen:
        return
    named = os.environ.get("NUMBA_CACHE_DIR")
    if named:
        with suppress(OSError):
            _chosen.append(_made(Path(named).absolute() / ROOM))
            return
    room = folder.absolute() / ROOM
    own = _made(room)
    _chosen.append(own)
    with suppress(OSError):  # tidying is no reason not to start
        _sweep(room, own)


def cache_folder() -> Path | None:
    """The folder in use, None where nothing is kept."""
    handed_over = os.environ.get(HANDED_OVER)
    if _chosen:
        return _chosen[0]
    return Path(handed_over) if handed_over else None


def compiler_environment(root: Path) -> dict[str, str]:
    """For another Python process that shall compile from `root` into the same folder."""
    path = os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])
    folder = cache_folder()
    return {**os.environ, "PYTHONPATH": path} | ({HANDED_OVER: str(folder)} if folder else {})


def is_kept(module: str, name: str) -> bool:
    """Whether a file of this kernel lies in the folder."""
    folder = cache_folder()
    return folder is not None and any(folder.glob(f"{_stem(module, name)}-*{ENDING}"))


def load(function: Callable[..., Any]) -> MachineCode | None:
    """What is kept of a function's compiled code for this processor, None where nothing is."""
    path = _path(function)
    payload = _read(path) if path is not None else None
    if path is None or payload is None:
        return None
    try:
        return MachineCode.from_bytes(payload)
    except (ValueError, KeyError, TypeError):  # sealed, yet of no use: it is compiled anew
        _remove(path)
        return None


def save(function: Callable[..., Any], code: MachineCode) -> None:
    """Keep it for the next start; where the disk takes nothing, it is compiled again then."""
    path = _path(function)
    if path is not None:
        with suppress(OSError):
            _write(path, code.to_bytes())


def _path(function: Callable[..., Any]) -> Path | None:
    """None where its code is not kept: what a closure holds looks different in each process."""
    folder = cache_folder()
    if folder is None or function.__closure__:
        return None
    code = function.__code__
    about = (target(), code.co_code, _foreign(code.co_filename))
    key = hashlib.sha256(repr(about).encode()).hexdigest()[:DIGEST_LETTERS]
    return folder / f"{_stem(function.__module__, function.__name__)}-{key}{ENDING}"


def _stem(module: str, name: str) -> str:
    return f"{module.rpartition('.')[2]}.{name}"


# --- sealed files ----------------------------------------------------------------------------
def _seal(path: Path, payload: bytes) -> bytes:
    """Of the contents, the file's name and its folder's: an exchanged file does not fit either."""
    where = f"{path.parent.name}/{path.name}".encode()
    return hashlib.sha256(len(where).to_bytes(8, "little") + where + payload).digest()


def _read(path: Path) -> bytes | None:
    """What a file holds under its seal; None where there is none. A broken one is removed."""
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES)
    except OSError:
        return None
    if len(raw) > SEAL_BYTES and _seal(path, raw[SEAL_BYTES:]) == raw[:SEAL_BYTES]:
        return raw[SEAL_BYTES:]
    _remove(path)
    return None


def _write(path: Path, payload: bytes) -> None:
    """Whole or not at all, also beside another process that writes the same file."""
    unfinished = path.with_name(f"{path.name}.{uuid4().hex}{UNFINISHED}")
    try:
        unfinished.write_bytes(_seal(path, payload) + payload)
        unfinished.replace(path)
    except OSError:
        _remove(unfinished)
        raise


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


# --- the folder ------------------------------------------------------------------------------
def _made(room: Path) -> Path:
    """The folder of this version, made and marked; OSError where it is of no use."""
    own = room / _source_digest()
    room.mkdir(parents=True, exist_ok=True)
    own.mkdir(mode=0o700, exist_ok=True)
    for folder in (room, own):
        _check_owner(folder)
    try:
        (own / MARK).touch()
    except OSError:
        # Nothing can be added, as on a read-only disk; what is there can be used.
        if not any(own.glob(f"*{ENDING}")):
            raise
    return own


def _check_owner(folder: Path) -> None:
    """Compiled code is run, so it is taken from no other user of this computer."""
    if hasattr(os, "geteuid") and folder.stat().st_uid not in (0, os.geteuid()):
        raise PermissionError(f"{folder} belongs to another user")


def _sweep(room: Path, own: Path) -> None:
    """Kernels of versions that nobody has started for long: their folders bear our mark."""
    for folder in room.iterdir():
        if folder == own or not _is_ours(folder):
            continue
        if time.time() - (folder / MARK).stat().st_mtime > OLD:
            _forget(folder)


def _is_ours(folder: Path) -> bool:
    name = folder.name
    hexadecimal = len(name) == DIGEST_LETTERS and all(c in "0123456789abcdef" for c in name)
    real = hexadecimal and folder.is_dir() and not folder.is_symlink()
    return real and (folder / MARK).is_file()


def _forget(folder: Path) -> None:
    """Our files one by one, then the folder if nothing else is in it."""
    for file in folder.iterdir():
        if file.name.endswith((ENDING, UNFINISHED)) or file.name == MARK:
            _remove(file)
    with suppress(OSError):
        folder.rmdir()


# --- what a kernel is made from --------------------------------------------------------------
@cache
def _source_digest() -> str:
    """Of the contents of kernels/, simd/ and the tensor types (the sizes and levels of their blocks
    are compiled in), and of whose code compiles them: the same in each copy of the program.

    A frozen program has bytecode in place of sources. Taken once: files may change while the
    program runs.
    """
    here = Path(__file__).resolve().parent
    versions = (sys.version_info[:2], llvmlite.__version__, np.__version__)
    digest = hashlib.sha256(repr(versions).encode() + _compiler())
    weights = here.parents[1] / "weights"
    rooms = (here, here.parent / "simd", weights / "blocks")
    ending = Path(__file__).suffix
    sources = [path for room in rooms for path in room.glob(f"*{ending}")]
    for source in sorted([*sources, weights / f"types{ending}"]):
        if f"{source.stem}.py" not in NO_CODE:
            digest.update(f"{source.parent.name}/{source.name}".encode())
            digest.update(hashlib.sha256(source.read_bytes()).digest())
    return digest.hexdigest()[:DIGEST_LETTERS]


def _compiler() -> bytes:
    """numba's version, as its file has it: loading numba for it takes longer than all kernels.
    A frozen program has no such file, and its one numba for ever."""
    found = find_spec("numba")
    if found is None or found.origin is None:
        return b""
    try:
        return Path(found.origin).with_name("_version.py").read_bytes()
    except OSError:
        return b""


@cache
def _foreign(file: str) -> str:
    """The digest of a file outside these rooms, whose kernels the folder's name says nothing of.
    A frozen program has none, and does not know where its sources were."""
    if getattr(sys, "frozen", False):
        return ""
    here, path = Path(__file__).resolve().parent, Path(file)
    with suppress(OSError):
        if path.resolve().parent not in (here, here.parent / "simd"):
            return hashlib.sha256(path.read_bytes()).hexdigest()
    return ""
