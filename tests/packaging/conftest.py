"""packaging/installers, whose modules are no package, within reach."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "packaging" / "installers"))
