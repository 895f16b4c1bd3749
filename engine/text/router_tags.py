"""The marks that models put around their thinking and their tool calls; data only."""

from dataclasses import dataclass

from engine.base.events import Channel


@dataclass(frozen=True)
class Tag:
    """From `open` to `close` (empty: to the end of the reply) text belongs to a channel."""

    open: str
    close: str
    channel: Channel = "thinking"
    hint: str = ""  # how a template writes it that puts the tag together from parts

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
HEADER_START, HEADER_END = "<|start|>", "<|message|>"
BODY_ENDS = ("<|end|>", "<|eom|>", "<|call|>", "<|return|>", HEADER_START)
