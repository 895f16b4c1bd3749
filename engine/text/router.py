"""Sorts a reply while it streams: thinking, answer and tool calls go different ways.

What could be the beginning of a tag is held back; the tags themselves are never shown. First the
marks that models use (data), then the router for replies with tags, then the one for replies in
which each part has a header that names its channel (gpt-oss and relatives):
`<|channel|>analysis<|message|>…<|end|><|start|>assistant<|channel|>final<|message|>…`
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.base.events import Channel
from engine.text.detokenizer import partial_end


@dataclass(frozen=True)
class Tag:
    """From `open` to `close` (empty: to the end of the reply) text belongs to a channel."""

    open: str
    close: str
    channel: Channel = "thinking"
    hint: str = ""  # how a template writes it that puts the tag together from parts
    kept: bool = False  # the marks belong to what they hold, which nothing else names

    @property
    def ending(self) -> str:
        """What ends thinking, with the lines around it, so that the answer can begin."""
        return f"\n{self.close}\n\n"

    def is_in(self, template: str) -> bool:
        return self.open in template or bool(self.hint and self.hint in template)


THINK = Tag("<think>", "</think>")
THINKING_TAGS = (
    THINK,
    Tag("<thinking>", "</thinking>"),
    Tag("[THINK]", "[/THINK]"),
    Tag("<seed:think>", "</seed:think>"),
    Tag("<think:opensource>", "</think:opensource>", hint="<think{}>"),
    Tag("<|START_THINKING|>", "<|END_THINKING|>"),
    Tag("<|inner_prefix|>", "<|inner_suffix|>"),
    Tag("<|channel>thought\n", "<channel|>", hint="<|channel>"),
    Tag("<|open|>think<|sep|>", "<|close|>think<|sep|>", hint="<|open|>"),
    Tag("◁think▷", "◁/think▷"),
)
TOOL_TAGS = (
    Tag("<tool_call>", "</tool_call>", "tool"),
    Tag("<minimax:tool_call>", "</minimax:tool_call>", "tool"),
    Tag("<tool_calls:opensource>", "</tool_calls:opensource>", "tool", "<tool_calls{}>"),
    Tag("<|tool_call>", "<tool_call|>", "tool"),
    Tag("<|tool_call_start|>", "<|tool_call_end|>", "tool"),
    Tag("<|tool_calls_section_begin|>", "<|tool_calls_section_end|>", "tool"),
    Tag("<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>", "tool"),
    Tag("<|START_ACTION|>", "<|END_ACTION|>", "tool"),
    Tag("<|tools_prefix|>", "<|tools_suffix|>", "tool"),
    Tag("<|open|>tools<|sep|>", "<|close|>tools<|sep|>", "tool", "<|open|>"),
    Tag("<TOOLCALL>", "</TOOLCALL>", "tool"),
    Tag("<seed:tool_call>", "</seed:tool_call>", "tool"),
    Tag("<｜DSML｜function_calls>", "</｜DSML｜function_calls>", "tool", "｜DSML｜"),
    Tag("<｜DSML｜tool_calls>", "</｜DSML｜tool_calls>", "tool", "｜DSML｜"),
    Tag("<tool_calls>", "</tool_calls>", "tool"),
    Tag("<|tool_call|>", "<|/tool_call|>", "tool"),  # Phi 4; Granite 3 never closes it
    Tag("<|action_start|>", "<|action_end|>", "tool"),
    Tag("<|function_call|>", "", "tool"),
    Tag('<function name="', "</function>", "tool", kept=True),
    Tag("[TOOL_CALLS]", "", "tool"),
    Tag("<|python_tag|>", "", "tool"),
)
# Marks around the plain answer, which nobody wants to read.
FRAMES = (
    "<|START_RESPONSE|>",
    "<|END_RESPONSE|>",
    "<|START_TEXT|>",
    "<|END_TEXT|>",
    "<|open|>response<|sep|>",
    "<|close|>response<|sep|>",
    "<|close|>message<|sep|>",
)
# Words of plain text that frame an answer for some models, with what tells these models.
FRAMES_OF_SOME = (
    (("<answer>", "</answer>"), re.compile(r"</answer>")),
    (("<response>", "</response>"), re.compile(r"<response></response>|</think>[\\n]*<response>")),
)
HEADER_START, HEADER_END = "<|start|>", "<|message|>"
BODY_ENDS = ("<|end|>", "<|eom|>", "<|call|>", "<|return|>", HEADER_START)


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

    @property
    def thought(self) -> Tag | None:
        """The tag of the thinking that is being read."""
        return self._inside if self._inside and self._inside.channel == "thinking" else None

    @property
    def answered(self) -> bool:
        """Whether the answer has begun: no thinking follows."""
        return self._answered

    @property
    def holds(self) -> bool:
        """Whether the end of the text may be the beginning of a tag."""
        return bool(self._held)

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
                if self._inside.kept:
                    yield from self._emit(mark)
                if self._inside.channel == "tool" and self._shown:
                    yield "tool", "\n"
                self._enter(None)
        elif mark in self._frames:
            self._enter(None)
        else:
            self._enter(next(tag for tag in self._tags if tag.open == mark))
            if self._inside is not None and self._inside.kept:
                yield from self._emit(mark)

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
    if has_headers(template_text):
        return HeaderRouter(prompt_tail)
    thinking = [tag for tag in THINKING_TAGS if tag is THINK or tag.is_in(template_text)]
    tools = [tag for tag in TOOL_TAGS if tag.is_in(template_text)]
    frames = frames_of(template_text)
    end = prompt_tail.rstrip()
    opened = next((tag for tag in thinking if end.endswith(tag.open.rstrip())), None)
    return Router(*thinking, *tools, opened=opened, frames=frames)


def has_thinking_tags(template: str) -> bool:
    """Whether it is known how thinking ends in replies to this template."""
    return not has_headers(template) and any(tag.is_in(template) for tag in THINKING_TAGS)


def frames_of(template: str) -> list[str]:
    """The marks around a plain answer that this template's model writes."""
    found = [frame for frame in FRAMES if frame in template or "<|open|>" in template]
    return found + [
        each for frames, told in FRAMES_OF_SOME if told.search(template) for each in frames
    ]


HEADER_BEGINNINGS = ("<|", "to=", "assistant")
THINKING = re.compile(r"analysis|to=self\b")
RECIPIENT = re.compile(r"to=(?!user\b|self\b)[\w.\-]+")


def has_headers(template_text: str) -> bool:
    return HEADER_END in template_text and HEADER_START in template_text


def channel_of(header: str) -> Channel:
    """Whom a part is for: the model itself, a tool, or the user."""
    if THINKING.search(header) and "to=functions" not in header:
        return "thinking"
    return "tool" if RECIPIENT.search(header) else "answer"


class HeaderRouter(Router):
    """Reads a header up to its end mark, then the body up to one of its ends."""

    def __init__(self, prompt_tail: str) -> None:
        super().__init__()
        start = prompt_tail.rfind(HEADER_START)
        opened = prompt_tail[start + len(HEADER_START) :] if start >= 0 else ""
        self._header, ended, _ = opened.partition(HEADER_END)
        self._in_header = not ended
        self._part: Channel = channel_of(self._header)
        self._called = False  # whether a tool was

    def go_on(self, thinking: bool) -> None:
        self._part = "thinking" if thinking else "answer"
        self._header, self._in_header, self._shown = "", False, True

    def flush(self) -> Routed:
        held, self._held = self._held, ""
        if self._in_header:
            return [("answer", held)] if held and not _may_be_header(held) else []
        return _joined(list(self._emit(held)) + self._rest())

    def _rest(self) -> Routed:
        blank, self._blank = self._blank, ""
        return [("answer", blank)] if blank and self._part == "answer" else []

    def _take(self) -> Iterator[tuple[Channel, str]]:
        while self._held:
            if self._in_header:
                if not self._read_header():
                    return
                continue
            found = [(place, end) for end in BODY_ENDS if (place := self._held.find(end)) >= 0]
            if not found:
                ready = len(self._held) - partial_end(self._held, BODY_ENDS)
                text, self._held = self._held[:ready], self._held[ready:]
                yield from self._emit_named(text)
                return
            place, end = min(found)
            text = self._held[:place]
            if self._part == "tool" and not self._shown and not text.strip():
                text = "{}"  # a call without arguments is one, too
            yield from self._emit_named(text)
            self._held = self._held[place + len(end) :]
            self._header, self._in_header, self._blank = "", True, ""

    def _read_header(self) -> bool:
        """Whether a whole header was read (or there is none and the answer begins)."""
        header, ended, rest = self._held.partition(HEADER_END)
        if ended:
            self._held = rest
            self._header += header
            self._part = channel_of(self._header)
        elif not _may_be_header(self._held):
            self._part = "answer"
        else:
            return False
        self._in_header, self._shown = False, False
        return True

    def _emit_named(self, text: str) -> Iterator[tuple[Channel, str]]:
        """The text; a call begins with the name of its tool, which only the header has."""
        if self._part == "tool" and not self._shown and text.strip():
            if self._called:
                yield "tool", "\n"
            self._called = True
            to = None if text.lstrip().startswith("<") else RECIPIENT.search(self._header)
            text = f"{to[0]} {text.lstrip()}" if to else text
        yield from self._emit(text)

    def _channel(self) -> Channel:
        return self._part


def _may_be_header(text: str) -> bool:
    text = text.lstrip()
    if len(text) > 500:
        return False
    return any(text.startswith(word[: len(text)]) for word in HEADER_BEGINNINGS)
