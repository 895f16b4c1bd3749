"""The version of the program, for --version and for figures that name who made them."""

from importlib.metadata import PackageNotFoundError, version


def installed_version() -> str:
    """As installed; 0 where it runs from a folder that never was."""
    try:
        return version("chaski")
    except PackageNotFoundError:
        return "0"
