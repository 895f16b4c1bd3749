"""Sorts a reply while it streams: thinking, answer and tool calls go different ways.

What could be the beginning of a tag is held back; the tags themselves are never shown.
"""

from collections.abc import Iterator, Sequence

from engine.base.events import Channel
from engine.text.router_tags import FRAMES, THINK, THINKING_TAGS, TOOL_TAGS, Tag
from engine.text.stops import partial_end

Routed = list[tuple[Channel, str]]


class Router:
    """Feed text with `push`; `flush` gives the rest.

    Thinking is recognized only before the answer has begun, so that an answer may speak of
    <think>. Blank space between the channels belongs to none of them.
    """

    def __init__(self, *tags: Tag, opened: Tag | None = None, frames: Sequence[str] = ()) -> None:
        self._tags = tags
        self._frames = tuple(frames)
        self._inside = opened  # the tag whose text is being read
        self._held = ""  # perhaps the beginning of a tag
        self._blank = ""  # space that is shown only if more text of its channel follows
        self._shown = False  # whether the channel at hand has shown anything
        self._answered = False

    def go_on(self, thinking: bool) -> None:
        """The reply has begun already: what comes next goes on in its thinking or its answer."""
        self._inside = self._inside or self._tags[0] if thinking else None
        self._shown, self._answered = True, not thinking

    def push(self, text: str) -> Routed:
        """The text that is now sure to belong to a channel."""
        self._held += text
        routed = list(self._take())
        return _joined(routed)

    def flush(self) -> Routed:
        """What was held back; an open tag stays open, its text keeps its channel."""
        held, self._held = self._held, ""
        routed = list(self._emit(held))
        if self._channel() == "answer" and self._blank:
            routed.append(("answer", self._blank))
        self._blank = ""
        return _joined(routed)

    def _take(self) -> Iterator[tuple[Channel, str]]:
        while found := self._first_mark():
            place, mark = found
            before, self._held = self._held[:place], self._held[place:]
            yield from self._emit(before)
            if mark in self._marks():  # text before it may have begun the answer
                self._held = self._held[len(mark) :]
                yield from self._cross(mark)
        kept = partial_end(self._held, self._marks())
        ready = self._held[: len(self._held) - kept]
        self._held = self._held[len(ready) :]
        yield from self._emit(ready)

    def _first_mark(self) -> tuple[int, str] | None:
        found = [(place, mark) for mark in self._marks() if (place := self._held.find(mark)) >= 0]
        # At one place the longest mark counts.
        return min(found, key=lambda hit: (hit[0], -len(hit[1])), default=None)

    def _marks(self) -> list[str]:
        """What would change the channel, or is to be dropped, at this point."""
        if self._inside is None:
            return [tag.open for tag in self._open_tags()] + list(self._frames)
        again = [] if self._shown else [self._inside.open]  # some repeat what the prompt opened
        return [mark for mark in (self._inside.close, *again) if mark]

    def _open_tags(self) -> list[Tag]:
        began = self._answered or bool(self._inside)
        return [tag for tag in self._tags if tag.channel != "thinking" or not began]

    def _cross(self, mark: str) -> Iterator[tuple[Channel, str]]:
        if self._inside is not None:
            if mark == self._inside.close:
                if self._inside.channel == "tool" and self._shown:
                    yield "tool", "\n"
                self._enter(None)
        elif mark in self._frames:
            self._enter(None)
        else:
            self._enter(next(tag for tag in self._tags if tag.open == mark))

    def _enter(self, tag: Tag | None) -> None:
        self._inside = tag
        self._blank = ""
        self._shown = False

    def _channel(self) -> Channel:
        return self._inside.channel if self._inside else "answer"

    def _emit(self, text: str) -> Iterator[tuple[Channel, str]]:
        text = self._blank + text
        if not self._shown:
            text = text.lstrip()  # the line ends after a tag are the tag's, or the prompt's
        body = text.rstrip()
        self._blank = text[len(body) :]
        if body:
            self._shown = True
            self._answered = self._answered or self._inside is None
            yield self._channel(), body


def _joined(routed: Routed) -> Routed:
    """Neighbours of the same channel as one piece."""
    joined: Routed = []
    for channel, text in routed:
        if joined and joined[-1][0] == channel:
            joined[-1] = (channel, joined[-1][1] + text)
        else:
            joined.append((channel, text))
    return joined


def make_router(template_text: str, prompt_tail: str) -> Router:
    """The router for replies to prompts of this template; the tail may have opened a tag."""
    from engine.text.router_headers import HeaderRouter, has_headers

    if has_headers(template_text):
        return HeaderRouter(prompt_tail)
    thinking = [tag for tag in THINKING_TAGS if tag is THINK or tag.is_in(template_text)]
    tools = [tag for tag in TOOL_TAGS if tag.is_in(template_text)]
    frames = [frame for frame in FRAMES if frame in template_text or "<|open|>" in template_text]
    end = prompt_tail.rstrip()
    opened = next((tag for tag in thinking if end.endswith(tag.open.rstrip())), None)
    return Router(*thinking, *tools, opened=opened, frames=frames)
