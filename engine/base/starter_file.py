"""The file of the small model that comes with the program, found among its resources: asked at each
start, so nothing is opened, and nothing of the library imported.
"""

from pathlib import Path

from engine.base.paths import resource_path

STARTER = "starter"  # this name always works where the program was packed with a model


def starter_file() -> Path | None:
    """In a clone, beside the code; of an installed wheel, in site-packages."""
    # Inside an archive it is no path, and a model file must be one to be read in pieces.
    folder = resource_path(STARTER)
    if folder is None or not folder.is_dir():
        return None
    return next((item for item in folder.iterdir() if item.suffix == ".gguf"), None)
