"""The small model that comes with the program, found among its resources.

It is never part of the user's list: it cannot be removed, and a model of that name comes first.
"""

from pathlib import Path

from engine.base.paths import resource_path
from engine.library.files import described, is_model_name
from engine.library.records import LibraryModel

STARTER = "starter"  # this name always works where the program was packed with a model


def starter_model() -> LibraryModel | None:
    """The model with the words of its header; None where the program was packed without one."""
    path = starter_file()
    return None if path is None else described(LibraryModel(STARTER, path))


def starter_file() -> Path | None:
    """Its file: in a clone, beside the code; of an installed wheel, in site-packages."""
    # Inside an archive it is no path, and a model file must be one to be read in pieces.
    folder = resource_path(STARTER)
    if folder is None or not folder.is_dir():
        return None
    return next((item for item in folder.iterdir() if is_model_name(item.name)), None)
