"""Replies in which each part has a header that names its channel (gpt-oss and relatives).

`<|channel|>analysis<|message|>…<|end|><|start|>assistant<|channel|>final<|message|>…`
"""

import re
from collections.abc import Iterator

from engine.base.events import Channel
from engine.text.router import Routed, Router, _joined
from engine.text.router_tags import BODY_ENDS, HEADER_END, HEADER_START
from engine.text.stops import partial_end

HEADER_BEGINNINGS = ("<|", "to=", "assistant")
THINKING = re.compile(r"analysis|to=self\b")


def has_headers(template_text: str) -> bool:
    return HEADER_END in template_text and HEADER_START in template_text


def channel_of(header: str) -> Channel:
    """Whom a part is for: the model itself, a tool, or the user."""
    if THINKING.search(header) and "to=functions" not in header:
        return "thinking"
    return "tool" if "to=" in header else "answer"


class HeaderRouter(Router):
    """Reads a header up to its end mark, then the body up to one of its ends."""

    def __init__(self, prompt_tail: str) -> None:
        super().__init__()
        start = prompt_tail.rfind(HEADER_START)
        opened = prompt_tail[start + len(HEADER_START) :] if start >= 0 else ""
        self._header, ended, _ = opened.partition(HEADER_END)
        self._in_header = not ended
        self._part: Channel = channel_of(self._header)

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
                yield from self._emit(text)
                return
            place, end = min(found)
            yield from self._emit(self._held[:place])
            self._held = self._held[place + len(end) :]
            self._header, self._in_header, self._blank = "", True, ""

    def _read_header(self) -> bool:
        """Whether a whole header was read (or there is none and the answer begins)."""
        header, ended, rest = self._held.partition(HEADER_END)
        if ended:
            self._held = rest
            self._part = channel_of(self._header + header)
        elif not _may_be_header(self._held):
            self._part = "answer"
        else:
            return False
        self._in_header, self._shown = False, False
        return True

    def _channel(self) -> Channel:
        return self._part


def _may_be_header(text: str) -> bool:
    text = text.lstrip()
    if len(text) > 500:
        return False
    return any(text.startswith(word[: len(text)]) for word in HEADER_BEGINNINGS)
