"""Names of a repository's files, which others chose: what may become a file on any system.

Invariant: a name that `objection` lets pass stays inside the folder it is put in, and means the
same file on Linux, macOS and Windows.
"""

import re
import unicodedata
from collections.abc import Iterable

from engine.base.catalogue import Words

LONGEST_PART, LONGEST_PATH = 240, 1000  # bytes; systems bear 255 a part
MOST_FOLDERS = 16
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*\ud800-\udfff]')
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)


def objection(path: str) -> str:
    """Why this can be no file of ours, as the end of a sentence; "" if it can."""
    parts = path.split("/")
    if not path or path.startswith("/") or ".." in parts:
        return Words("it would lie outside of its folder")
    if "\\" in path or re.match(r"[A-Za-z]:", path):
        return Words("it is a path of Windows")
    if "" in parts or "." in parts:
        return Words("a folder in it has no name")
    if len(path.encode("utf-8", "replace")) > LONGEST_PATH or len(parts) > MOST_FOLDERS:
        return Words("its name is too long")
    return next((no for part in parts if (no := _objection_to_part(part))), "")


def _objection_to_part(part: str) -> str:
    if _FORBIDDEN.search(part):
        return Words("a letter in its name is forbidden in file names")
    if len(part.encode()) > LONGEST_PART:
        return Words("its name is too long")
    if part[-1] in ". " or part[0] == " ":
        return Words("its name begins or ends with a dot or space")
    if _RESERVED.fullmatch(part.partition(".")[0].rstrip()):
        return Words("Windows keeps this name for itself")
    return ""


def sound(paths: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    """Those that can be files of ours, and why the others cannot; also two names that would be one
    file on a system that does not tell case apart."""
    good, bad = dict[str, str](), dict[str, str]()
    for path in paths:
        same = unicodedata.normalize("NFC", path).casefold()
        if no := objection(path):
            bad[path] = no
        elif same in good:
            bad[path] = Words("on many systems it is the same file as {good}", good=good[same])
        else:
            good[same] = path
    return list(good.values()), bad
