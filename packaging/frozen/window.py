"""What the frozen program `chaski-gui` starts with: the window. Windows gives such a program no
standard streams, where nobody has redirected them; what is written there then goes nowhere."""

import os
import sys

from gui.start import main

if __name__ == "__main__":
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    sys.exit(main())
