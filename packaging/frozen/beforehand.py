"""Before anything else in a frozen program: what installers/beforehand.py has compiled of
dataclasses is taken in place of compiling it anew; and while the program is imported, which stays,
no garbage is looked for in it (the programs begin with that).
"""

import dataclasses
import gc
import marshal
import os
import sys
from collections.abc import Callable

NAME = "dataclasses.code"


def tables() -> dict[str, bytes]:
    """Of each module; nothing where another Python has made them."""
    try:
        with open(os.path.join(sys._MEIPASS, NAME), "rb") as file:
            version, found = marshal.load(file)
    except (OSError, EOFError, ValueError, TypeError):
        return {}
    return found if version == sys.version else {}


def taking(found: dict[str, bytes]) -> Callable[[str, dict, dict], None]:
    """In place of `exec`: a text is run as the code that it was compiled to, if it was."""
    opened: dict[object, dict] = {}

    def execute(text: str, spaces: dict, names: dict) -> None:
        module = spaces.get("__name__")
        if module not in opened:
            opened[module] = marshal.loads(found[module]) if module in found else {}
        exec(opened[module].get(text, text), spaces, names)

    return execute


gc.disable()
dataclasses.exec = taking(tables())
