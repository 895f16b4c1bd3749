"""What Qt needs of a Linux system, looked for before Qt is: a missing library ends in a sentence.

Qt's own words for it are wrong as often as not, and it aborts the process. Standard library only,
and plain enough for the Pythons that packaging/start.py runs on: it reads these lists too.
"""

from __future__ import annotations

import ctypes
import sys

# The shared library, and Debian's package with it.
NEEDED = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libzstd.so.1": "libzstd1",
    "libbrotlidec.so.1": "libbrotli1",
}
NEEDED_BY_X = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def missing(with_x: bool) -> dict[str, str]:
    """The libraries that this system lacks, each with Debian's package; empty on other systems."""
    if not sys.platform.startswith("linux"):
        return {}
    wanted = NEEDED | (NEEDED_BY_X if with_x else {})
    return {name: package for name, package in wanted.items() if not _is_there(name)}


def _is_there(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def sentence(lacking: dict[str, str]) -> str:
    return (
        f"The window needs libraries that this system lacks ({', '.join(sorted(lacking))}). "
        f"On Debian and Ubuntu run: sudo apt-get install {' '.join(sorted(lacking.values()))}\n"
    )
