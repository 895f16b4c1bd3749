"""What the frozen program `chaski-gui` starts with: the window."""

import sys

from gui.start import main

if __name__ == "__main__":
    sys.exit(main())
