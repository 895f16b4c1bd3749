"""The small model that comes with the program, as a model of the library.

It is never part of the user's list: it cannot be removed, and a model of that name comes first.
"""

from engine.base.starter_file import STARTER, starter_file
from engine.library.files import described
from engine.library.records import LibraryModel


def starter_model() -> LibraryModel | None:
    """The model with the words of its header; None where the program was packed without one."""
    path = starter_file()
    return None if path is None else described(LibraryModel(STARTER, path))
