"""Before anything else in a frozen program on Linux: programs that we start (a browser, a file
manager, a video driver's) get the system's own libraries, not those that lie beside us.

Our own are found all the same: the loader has read the variable when the process began.
"""

import os

ORIGINAL = "_ORIG"
for name in ("LD_LIBRARY_PATH",):
    before = os.environ.pop(name + ORIGINAL, None)
    os.environ.pop(name, None)
    if before:
        os.environ[name] = before
