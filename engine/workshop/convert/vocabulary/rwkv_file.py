"""RWKV World's vocabulary: rwkv_vocab_v20230424.txt, a line for each token: id, spelling, bytes.

The spelling is that of Python, of a text or of bytes. GGUF writes bytes as Python does, without the
quotes; token 0 has no line, it ends and begins texts.
"""

import ast
import re
import warnings
from pathlib import Path

from engine.base.errors import FormatError
from engine.base.reading import read_file
from engine.workshop.convert.vocabulary.lists import (
    MOST_TOKENS,
    NORMAL,
    Added,
    VocabularyLists,
)

PATTERN = "rwkv_vocab*.txt"
WORLD = "rwkv_vocab_v20230424.txt"
WORLD_SIZES = 65530, 65536  # its tokens, and the rows that every model's embedding has
MAX_SIZE = 64 << 20
LONGEST = 4096  # letters of a line
END = "<s>"
FIRST = re.compile(rb"1 b?(['\"]).{1,64}\1 \d{1,3}\r?\n")
PAUSE = b"\n\n"  # ends what one side says


def is_rwkv_vocabulary(path: Path) -> bool:
    """By its first line: the id 1, a spelling in quotes, its bytes."""
    if not path.is_file():  # opening a pipe would wait for its writer
        return False
    try:
        with path.open("rb") as file:
            return FIRST.match(file.read(128)) is not None
    except OSError:
        return False


def read_rwkv(path: Path) -> VocabularyLists:
    """Tokens in the order of their ids; ends and pauses are named."""
    found = VocabularyLists("rwkv", [], [])
    found.put(Added(0, END, True))  # a folder may call it otherwise
    text = read_file(path, MAX_SIZE).decode("utf-8", "replace")
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        ident, spelling = _line(line.removesuffix("\r"), path.name, number)
        if ident < len(found.tokens):
            raise FormatError(
                "{file}: line {number} has the id {ident}, which came before",
                file=path.name,
                number=number,
                ident=ident,
            )
        found.pad(ident)
        if spelling == PAUSE:
            found.keys["eot_token_id"] = ident
        found.tokens.append(repr(spelling)[2:-1])
        found.types.append(NORMAL)
    found.keys |= {"bos_token_id": 0, "eos_token_id": 0, "unknown_token_id": 0}
    found.ends = ([], [])
    found.keys |= {"add_bos_token": False, "add_eos_token": False}
    return found


def _line(line: str, name: str, number: int) -> tuple[int, bytes]:
    """The id of a line and the bytes of its token, as many as the line says."""
    first, _, rest = line.partition(" ")
    spelled, _, size = rest.rpartition(" ")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = ast.literal_eval(spelled) if len(line) <= LONGEST else None
        spelling = value.encode() if isinstance(value, str) else value
        ident = int(first)
        if isinstance(spelling, bytes) and len(spelling) == int(size) and 0 < ident < MOST_TOKENS:
            return ident, spelling
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        pass
    raise FormatError(
        "{file}: line {number} is no token of RWKV World: an id, a spelling in Python's quotes and "
        "its number of bytes",
        file=name,
        number=number,
    )
