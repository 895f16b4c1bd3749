"""Spellings that mean something whatever the file says: ends of generation, channels, thinking.

Facts collected from the vocabularies of well-known models; data, no behaviour.
"""

# Ends a reply wherever it appears in a vocabulary.
END_SURE = frozenset(
    {
        "<|eot_id|>",
        "<|eom_id|>",
        "<|im_end|>",
        "<|end|>",
        "<|return|>",
        "<|call|>",
        "<|calls|>",
        "<|flush|>",
        "<end_of_turn>",
        "<|endoftext|>",
        "<|end_of_text|>",
        "<end_of_utterance>",
        "<turn|>",
        "<|tool_response>",
        "<｜end▁of▁sentence｜>",
        "[e~[",
    }
)
# Ends a reply only where the file marks it as special: these are also plain words or HTML.
END_IF_SPECIAL = frozenset({"</s>", "<eos>", "<EOT>", "_<EOT>", "[EOT]", "[EOS]"})
# Fill-in-the-middle tokens after which a model has nothing left to say.
END_OF_INFILL = frozenset(
    {
        "<|fim_pad|>",
        "<fim-pad>",
        "<fim_pad>",
        "<|fim_repo|>",
        "<|repo_name|>",
        "<fim-repo>",
        "<reponame>",
        "<|file_sep|>",
    }
)
# Where all of one set exist, "<|end|>" only closes a channel and the reply goes on.
END_ONLY_CLOSES = (frozenset({"<|return|>", "<|call|>"}), frozenset({"<|calls|>", "<|flush|>"}))

# Control tokens that carry the structure of a reply: the router must see them as text.
STRUCTURE = frozenset(
    {
        "<|channel|>",
        "<|message|>",
        "<|start|>",
        "<|constrain|>",
        "<|eom|>",
        "<|open|>",
        "<|close|>",
        "<|sep|>",
        "<|inner_prefix|>",
        "<|inner_suffix|>",
        "<|tools_prefix|>",
        "<|tools_suffix|>",
        "<think:opensource>",
        "</think:opensource>",
        "<tool_calls:opensource>",
        "</tool_calls:opensource>",
        "<|channel>",
        "<channel|>",
        "<|tool_call>",
        "<tool_call|>",
        "<think>",
        "</think>",
        "<thinking>",
        "</thinking>",
        "[THINK]",
        "[/THINK]",
        "<seed:think>",
        "</seed:think>",
        "<|START_THINKING|>",
        "<|END_THINKING|>",
        "<|START_RESPONSE|>",
        "<|END_RESPONSE|>",
        "<|START_ACTION|>",
        "<|END_ACTION|>",
        "<|START_TEXT|>",
        "<|END_TEXT|>",
        "<tool_call>",
        "</tool_call>",
        "<minimax:tool_call>",
        "</minimax:tool_call>",
        "[TOOL_CALLS]",
        "[ARGS]",
        "[CALL_ID]",
        "<|python_tag|>",
        "<|tool_call_start|>",
        "<|tool_call_end|>",
        "<|tool_calls_section_begin|>",
        "<|tool_calls_section_end|>",
        "<|tool_call_begin|>",
        "<|tool_call_argument_begin|>",
        "<｜tool▁calls▁begin｜>",
        "<｜tool▁calls▁end｜>",
        "<｜tool▁call▁begin｜>",
        "<｜tool▁call▁end｜>",
        "<｜tool▁sep｜>",
        "｜DSML｜",
        "<seed:tool_call>",
        "</seed:tool_call>",
        "<TOOLCALL>",
        "</TOOLCALL>",
        "<tool_calls>",
        "</tool_calls>",
        "<|tool_call|>",
        "<|/tool_call|>",
        "<|function_call|>",
        "<|action_start|>",
        "<|action_end|>",
        "<|plugin|>",
        '<|"|>',
        "<arg_key>",
        "</arg_key>",
        "<arg_value>",
        "</arg_value>",
        "<tool_call:opensource>",
        "</tool_call:opensource>",
        "<tool_sep:opensource>",
        "<arg_key:opensource>",
        "</arg_key:opensource>",
        "<arg_value:opensource>",
        "</arg_value:opensource>",
        "◁think▷",
        "◁/think▷",
    }
)
# What a model writes around its thinking; an earlier reply may hold it and it stays a token.
THINK_TAGS = frozenset(
    {
        "<think>",
        "</think>",
        "<thinking>",
        "</thinking>",
        "[THINK]",
        "[/THINK]",
        "<seed:think>",
        "</seed:think>",
        "<think:opensource>",
        "</think:opensource>",
        "<|START_THINKING|>",
        "<|END_THINKING|>",
        "<|inner_prefix|>",
        "<|inner_suffix|>",
        "<|channel>",
        "<channel|>",
        "◁think▷",
        "◁/think▷",
    }
)
