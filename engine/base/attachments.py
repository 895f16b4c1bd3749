"""What was attached to a message: a file's text, as the model reads it. Standard library only.

Invariant: the text is kept, never the file: a chat reads the same tomorrow, wherever that has gone.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from engine.base.errors import bounded, without_surrogates

MOST = 1 << 53  # of parts and bytes
FENCE = 3  # backticks at least
MOST_NAME = 120  # letters
_TICKS = re.compile("`{3,}")


@dataclass(frozen=True)
class Attachment:
    """A text with a name. `kind` is a row of `engine/attachments/kinds.py`; `parts`: its pages,
    sheets or chapters, 0 where it has none; `n_bytes`: of the file, 0 for what was pasted."""

    name: str
    text: str
    kind: str = "text"
    parts: int = 0
    n_bytes: int = 0

    def __post_init__(self) -> None:
        # A name of several lines would tell the model more than where the text is from; half a
        # character fits into no file and no template.
        object.__setattr__(self, "name", bounded(self.name, MOST_NAME))
        if not self.text.isascii():
            object.__setattr__(self, "text", without_surrogates(self.text))

    @property
    def told(self) -> str:
        """As it stands in a prompt: its name, then its text in a fence that nothing in it ends."""
        longest = max((len(run) for run in _TICKS.findall(self.text)), default=FENCE - 1)
        fence = "`" * max(FENCE, longest + 1)
        return f"Attached: {self.name}\n{fence}\n{self.text.strip(chr(10))}\n{fence}"


def with_attachments(text: str, attachments: Iterable[Attachment]) -> str:
    """A message as a model reads it: what is attached stands first, so that further questions
    about it begin alike."""
    return "\n\n".join([*(each.told for each in attachments), *([text] if text else [])])


def to_json(attachments: Iterable[Attachment]) -> list[dict[str, Any]]:
    """For a store or a file."""
    return [asdict(each) for each in attachments]


def from_json(kept: object) -> tuple[Attachment, ...]:
    """Those of what was kept that can still be attachments; what is damaged is left out."""
    found = []
    for each in kept if isinstance(kept, list) else []:
        if isinstance(each, Mapping) and isinstance(each.get("text"), str):
            usual = Attachment("", "")
            sound = {
                f.name: each[f.name]
                for f in fields(Attachment)
                if _is_sound(each.get(f.name), getattr(usual, f.name))
            }
            found.append(Attachment(**{"name": "", **sound}))
    return tuple(found)


def _is_sound(value: object, usual: object) -> bool:
    return type(value) is type(usual) and (not isinstance(value, int) or 0 <= value < MOST)
