"""What surrounds the process. Besides paths.py and kernels/jit.py the only reader of variables."""

import os

# What a frozen program is started with to be its own helper process (engine/text/apart.py).
HELPER = "--apart"
# And to ask a driver, which may hang; its name follows (engine/hardware/graphics.py).
ASK_DRIVER = "--ask-driver"
# And to compile kernels, whose names follow (engine/compute/kernels/warm.py).
COMPILE = "--compile"


def variable(*names: str) -> str:
    """The first of these variables that says something; "" if none does."""
    return next((text for name in names if (text := os.environ.get(name, "").strip())), "")


def given(name: str) -> str | None:
    """What a variable says, which may be nothing; None if there is no such variable."""
    return os.environ.get(name)


def debugging() -> bool:
    """Whether CHASKI_DEBUG asks for tracebacks and details on standard error."""
    return os.environ.get("CHASKI_DEBUG", "") not in ("", "0")
