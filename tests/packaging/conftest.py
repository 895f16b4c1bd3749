"""The scripts of packaging and its installers, which are no package, within reach."""

import sys
from pathlib import Path

PACKAGING = Path(__file__).parents[2] / "packaging"
sys.path += [str(PACKAGING), str(PACKAGING / "installers")]
