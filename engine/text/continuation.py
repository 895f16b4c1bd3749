"""An answer that goes on where it was cut: what stands after the prompt for that.

Knows how models set their thinking apart, so that the part that is there reads like their own.
"""

from engine.text.router_headers import has_headers
from engine.text.router_tags import FRAMES, THINK, THINKING_TAGS

FRAME_BEGINS = tuple(frame for frame in FRAMES if "START" in frame or "open" in frame)


def begun_answer(template: str, prompt: str, thinking: str, content: str) -> str:
    """What the model had written after `prompt`, in the form of its own reply.

    Blank space at its end is left out: the model writes it anew, in a token with what follows.
    """
    thinking, content = thinking.strip(), content.rstrip()
    if has_headers(template):
        return _with_headers(thinking, content)
    tags = [tag for tag in THINKING_TAGS if tag.is_in(template)] or [THINK]
    end = prompt.rstrip()
    opened = next((tag for tag in tags if end.endswith(tag.open.rstrip())), None)
    tag, parts = opened or tags[0], []
    if thinking and opened is None:
        parts.append(tag.open.rstrip() + "\n")
    parts.append(thinking)
    if content:
        if thinking or opened is not None:
            parts.append(f"\n{tag.close}\n\n")
        frame = next((frame for frame in FRAME_BEGINS if frame in template), "")
        parts += ["" if end.endswith(frame) else frame, content]
    return "".join(parts)


def _with_headers(thinking: str, content: str) -> str:
    parts = []
    if thinking:
        parts.append(f"<|channel|>analysis<|message|>{thinking}")
    if content:
        parts.append(f"<|channel|>final<|message|>{content}")
    return "<|end|><|start|>assistant".join(parts)
