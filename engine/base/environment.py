"""What surrounds the process. Besides paths.py and kernels/jit.py the only reader of variables."""

import os


def debugging() -> bool:
    """Whether CHASKI_DEBUG asks for tracebacks and details on standard error."""
    return os.environ.get("CHASKI_DEBUG", "") not in ("", "0")
