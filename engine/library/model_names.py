"""Which files are models, by their names alone."""

import re

PART = re.compile(r"-(\d{5})-of-(\d{5})$")


def is_model_name(name: str) -> bool:
    """Not a later part, not the picture half of a model, not a file that begins with a dot."""
    stem, dot, ending = name.rpartition(".")
    if not dot or ending.lower() != "gguf" or name.startswith("."):
        return False
    part = PART.search(stem)
    return "mmproj" not in stem.lower() and (part is None or int(part[1]) == 1)


def is_pictures_name(name: str) -> bool:
    """The half of a model that reads pictures (mmproj): no model by itself."""
    return name.lower().endswith(".gguf") and "mmproj" in name.lower() and name[0] != "."
