"""What surrounds the process. Besides paths.py and kernels/jit.py the only reader of variables."""

import os
import sys


def debugging() -> bool:
    """Whether CHASKI_DEBUG asks for tracebacks and details on standard error."""
    return os.environ.get("CHASKI_DEBUG", "") not in ("", "0")


def has_display() -> bool:
    """Whether a window could be shown here; only Linux can be without."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(v) for v in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
