"""What can be attached: a table, nothing else. The window's dialog and the reader look here."""

from dataclasses import dataclass

MOST_LETTERS = 4 << 20  # of one attachment: about a million tokens, more than any context here
MB = 1 << 20
CODE = """
    py pyi js mjs ts tsx jsx c h cc cpp hpp cs java kt go rs rb php swift scala lua pl r jl sh bash
    zsh ps1 bat sql json jsonl yaml yml toml ini cfg conf xml svg css scss less vue dart ex exs erl
    hs ml clj lisp el vim cmake gradle diff patch ipynb
"""


@dataclass(frozen=True)
class Kind:
    """A sort of file: how people call it, the ends of its names, the bytes that are read at most,
    and what one of its parts is called ("" where it has none)."""

    name: str
    title: str
    suffixes: tuple[str, ...]
    most: int
    part: str = ""


KINDS = (
    Kind("text", "Text", ("txt", "text", "log", "rst", "tex", "srt", "vtt"), 16 * MB),
    Kind("markdown", "Markdown", ("md", "markdown", "mdx"), 16 * MB),
    Kind("table", "Table", ("csv", "tsv"), 16 * MB),
    Kind("web", "Web page", ("html", "htm", "xhtml"), 16 * MB),
    Kind("pdf", "PDF", ("pdf",), 128 * MB, "page"),
    Kind("word", "Word document", ("docx", "docm"), 64 * MB),
    Kind("book", "E-book", ("epub",), 128 * MB, "chapter"),
    Kind("sheets", "Spreadsheet", ("xlsx", "xlsm", "xlsb", "xls", "ods"), 64 * MB, "sheet"),
    Kind(
        "code",
        "Code",
        tuple(CODE.split()),
        16 * MB,
    ),
)
BY_NAME = {kind.name: kind for kind in KINDS}
BY_SUFFIX = {suffix: kind for kind in KINDS for suffix in kind.suffixes}
MOST_BYTES = max(kind.most for kind in KINDS)

# Files that people try and that are no text: what they are, by how their bytes begin.
NO_TEXT = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"BM", "a picture"),
    (b"II*\0", "a picture"),
    (b"MM\0*", "a picture"),
    (b"GGUF", "a model"),
    (b"ID3", "sound"),
    (b"OggS", "sound"),
    (b"fLaC", "sound"),
    (b"RIFF", "a picture, sound or a film"),
    (b"\x1a\x45\xdf\xa3", "a film"),
    (b"\x1f\x8b", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"Rar!", "an archive"),
    (b"PK\x03\x04", "an archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)


def kind_of(name: str) -> Kind:
    """By the end of its name; what is not known is taken for text, which its bytes may deny."""
    return BY_SUFFIX.get(name.rpartition(".")[2].lower(), BY_NAME["text"])
