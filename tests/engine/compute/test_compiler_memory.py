"""The compiler's pages go back, those that were written stay, and it still compiles afterwards."""

import sys

import numba
import pytest

from engine.compute.kernels import warm
from engine.compute.kernels.warm import give_back_compiler

pytestmark = pytest.mark.anywhere

ON_LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux tells mappings")
LISTED = """\
7f00-8f00 r-xp 00000000 08:01 12 /lib/python/llvmlite/binding/libllvmlite.so
Rss:                8 kB
Private_Dirty:      0 kB
Anonymous:          0 kB
8f00-9f00 r--p 00001000 08:01 12 /lib/python/llvmlite/binding/libllvmlite.so
Rss:                4 kB
Private_Dirty:      4 kB
Anonymous:          4 kB
9f00-af00 r--p 00001000 08:01 12 /lib/python/llvmlite/binding/libllvmlite.so
Rss:                4 kB
Private_Dirty:      0 kB
Anonymous:          4 kB
af00-bf00 rw-p 00002000 08:01 12 /lib/python/llvmlite/binding/libllvmlite.so
Rss:                4 kB
Private_Dirty:      0 kB
Anonymous:          0 kB
bf00-cf00 r-xp 00000000 08:01 13 /lib/libc.so.6
Rss:                4 kB
Private_Dirty:      0 kB
Anonymous:          0 kB
cf00-df00 r--p 00000000 08:01 13 /odd/libllvmlite.so
Rss:                4 kB
Private_Dirty:      0 kB
Anonymous:          0 kB
Swap:               4 kB
df00-df80 r--p 00000000 08:01 13 /odd/libllvmlite.so
df80-ef00 r--p 00000000 00:00 0
"""


def test_only_mappings_that_equal_their_file_are_dropped() -> None:
    assert list(warm._clean(LISTED)) == [(0x7F00, 0x1000, 8192)]


@ON_LINUX
def test_the_compiler_works_after_its_pages_went_back() -> None:
    first = numba.njit("int64(int64)")(lambda x: x + 1)
    assert first(1) == 2
    assert give_back_compiler() > 1 << 20
    second = numba.njit("int64(int64)")(lambda x: x + 2)
    assert (first(1), second(1)) == (2, 3)


def test_elsewhere_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert give_back_compiler() == 0
