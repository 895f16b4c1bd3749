"""Where compiled code goes: named once by whoever starts the program, asked for by what compiles.

Knows no compiler until then, so that naming the folder costs nothing.
"""

import atexit
from contextlib import suppress
from errno import ENOSPC
from pathlib import Path
from shutil import disk_usage, rmtree
from tempfile import mkdtemp

from engine.base.catalogue import Words
from engine.base.paths import Paths, made

KERNELS_ROOM = 64 << 20

_named: list[Path] = []  # the last one counts, until something is compiled


def keep_kernels_in(folder: Path) -> None:
    """Compiled code of this process goes here; where nobody says so, to the user's usual folder."""
    _named[:] = [folder]


def take_kernel_folder() -> None:
    """Before the first kernel is made; what was taken first stays. Where there is no room in the
    folder, compiled code serves this run only.

    Never numba's own place beside the sources: it does not notice when a part of a kernel changes.
    """
    from engine.compute.kernels.kernel_cache import cache_folder, set_cache_folder

    if cache_folder() is not None:
        return
    folder = _named[-1] if _named else Paths.default().kernels
    try:
        made(folder)
        if disk_usage(folder).free < KERNELS_ROOM:
            raise OSError(ENOSPC, Words("no room for compiled kernels"), str(folder))
        set_cache_folder(folder)
    except OSError:
        with suppress(OSError):  # no folder at all: compiled code is not kept
            passing = Path(mkdtemp(prefix="chaski-kernels-"))
            atexit.register(rmtree, passing, ignore_errors=True)
            set_cache_folder(passing)
