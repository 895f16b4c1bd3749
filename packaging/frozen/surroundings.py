"""Before anything else in a frozen program on Linux: programs that we start (a browser, a file
manager, a video driver's) get the system's own libraries, not those that lie beside us.

Our own are found all the same: the loader has read the variable when the process began.
"""

import os

NAME = "LD_LIBRARY_PATH"
before = os.environ.pop(f"{NAME}_ORIG", "")  # where the frozen program's beginning keeps it
os.environ.pop(NAME, None)
if before:
    os.environ[NAME] = before
