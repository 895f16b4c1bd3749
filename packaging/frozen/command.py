"""What the frozen program `chaski` starts with: the command line."""

import gc
import sys

from engine.cli import main

if __name__ == "__main__":
    gc.enable()  # see beforehand.py
    sys.exit(main())
