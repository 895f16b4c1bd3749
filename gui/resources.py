"""The files that come with the program (`resources/`), as the window finds them: the one place.

The engine has its own (`base.paths.resource`), which neither theme nor widgets may know.
"""

from importlib.resources import files
from importlib.resources.abc import Traversable


def resource(*names: str) -> Traversable:
    """A file or folder, which also may lie in an archive or not be there."""
    found = files("resources")
    for name in names:  # of a folder without code Python 3.11 takes one name at a time
        found = found / name
    return found
