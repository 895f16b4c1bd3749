"""The version of the program, for --version and for figures that name who made them.

Here it stands, and nowhere else: the package (pyproject.toml), the installers and the look for a
newer release read it from here, so that it is the same in a folder, installed, and frozen.
"""

VERSION = "0.1.0"


def installed_version() -> str:
    """That of the code that runs."""
    return VERSION
