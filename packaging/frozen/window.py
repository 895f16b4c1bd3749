"""What the frozen program `chaski-gui` starts with: the window. Windows gives such a program no
standard streams, where nobody has redirected them; what is written there then goes nowhere."""

import os
import sys

# Windows gives a program without a console no streams, and libraries write to them all the same.
for name in ("stdout", "stderr"):
    if getattr(sys, name) is None:
        setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115

from gui.start import main  # noqa: E402

if __name__ == "__main__":
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    sys.exit(main())
