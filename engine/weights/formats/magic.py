"""Says what a file that is no GGUF is, from its first bytes, and what the user can do about it."""

from codecs import getincrementaldecoder

from engine.base.catalogue import Words

CONVERT = Words("convert it to GGUF first (Workshop, or `chaski convert`)")

# First bytes, what the file is, what to do.
SIGNATURES = (
    (b"lmgg", Words("a ggml file from before GGUF (2023)"), CONVERT),
    (b"fmgg", Words("a ggml file from before GGUF (2023)"), CONVERT),
    (b"tjgg", Words("a ggjt file from before GGUF (2023)"), CONVERT),
    (
        b"algg",
        Words("a ggla adapter from before GGUF (2023)"),
        Words("make the adapter again as GGUF"),
    ),
    (b"PK\x03\x04", Words("a PyTorch checkpoint or another zip archive"), CONVERT),
    (b"\x80\x02", Words("an old PyTorch checkpoint"), CONVERT),
    (b"24ka", "a llama2.c checkpoint", CONVERT),
    (
        b"version https://git-lfs",
        Words("a Git LFS pointer, not the model itself"),
        Words("download the file"),
    ),
    (b"\x1f\x8b", Words("a gzip archive"), Words("unpack it first")),
    (b"7z\xbc\xaf", Words("a 7-Zip archive"), Words("unpack it first")),
    (b"\x89HDF", Words("an HDF5 (Keras) file"), Words("get the model as GGUF or safetensors")),
    (
        b"<",
        Words("a web page or XML"),
        Words("download the file again: its place was taken by a web page"),
    ),
    (b"{", Words("a JSON file"), Words("choose the file with the weights")),
    (
        b"\x00\x00\x00\x00",
        Words("only the beginning of a download"),
        Words("download the file again"),
    ),
)


def _is_safetensors(head: bytes, size: int) -> bool:
    return len(head) >= 9 and head[8:9] == b"{" and int.from_bytes(head[:8], "little") < size


def not_gguf(name: str, head: bytes, size: int, *, wanted: str = "GGUF") -> str:
    """One sentence about a file whose first bytes are not those of a `wanted` file."""
    if size == 0:
        return Words("{name} is empty; get the file again", name=name)
    if _is_safetensors(head, size):
        return Words(
            "{name} is a safetensors file, no {wanted} file; {convert}",
            name=name,
            wanted=wanted,
            convert=CONVERT,
        )
    for magic, what, todo in SIGNATURES:
        if head.startswith(magic):
            return f"{name} is {what}, no {wanted} file; {todo}"
    what = Words("a text") if _is_text(head) else Words("of no kind that is known here")
    return Words(
        "{name} is no {wanted} file: by its first bytes it is {what}; choose another file",
        name=name,
        wanted=wanted,
        what=what,
    )


def _is_text(head: bytes) -> bool:
    try:
        text = getincrementaldecoder("utf-8")().decode(head)  # the last letter may be cut
    except UnicodeDecodeError:
        return False
    return bool(text) and all(letter.isprintable() or letter in "\t\r\n\f" for letter in text)
