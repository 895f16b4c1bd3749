"""How long a test waits for what is sure to come. Only one that fails waits so long: beside a busy
program, or where kernels are compiled first, all is slow, and not wrong for that."""

WAIT = 240.0  # seconds
WAIT_MS = 240_000
