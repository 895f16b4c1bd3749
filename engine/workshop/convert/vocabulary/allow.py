"""Every field of tokenizer.json: known and handled, known to mean nothing here, or refused.

What is not listed must be absent, null, false or empty; nothing is passed over in silence.
"""

from collections.abc import Iterator
from typing import Any

from engine.base.catalogue import Words
from engine.base.errors import FormatError, UnsupportedError

TOP = (
    "version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer",
    "post_processor", "decoder", "model",
)  # fmt: skip
MODEL = ("type", "vocab", "merges", "unk_token", "fuse_unk", "byte_fallback", "ignore_merges")
WORDPIECE = ("type", "vocab", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word")
UNIGRAM = ("type", "vocab", "unk_id", "byte_fallback")
MODELS = {"WordPiece": WORDPIECE, "Unigram": UNIGRAM}  # the others are as BPE
ADDED = ("id", "content", "special", "lstrip", "rstrip", "single_word", "normalized", "__type")
# Steps of each part with the fields that are handled or mean nothing for ids.
NORMALIZERS = {
    "NFC": (), "NFD": (), "NFKC": (), "NFKD": (),
    "Prepend": ("prepend",),
    "Replace": ("pattern", "content"),
    "Precompiled": ("precompiled_charsmap",),
    "BertNormalizer": ("clean_text", "handle_chinese_chars", "strip_accents", "lowercase"),
    "Strip": ("strip_left", "strip_right"),
}  # fmt: skip
PRE_TOKENIZERS = {
    "ByteLevel": ("use_regex", "trim_offsets"),  # add_prefix_space is refused
    "Split": ("pattern", "behavior", "invert"),
    "Digits": ("individual_digits",),
    "Punctuation": ("behavior",),
    "Metaspace": ("replacement", "str_rep", "add_prefix_space", "prepend_scheme", "split"),
    "BertPreTokenizer": (),
    "WhitespaceSplit": (),
}
PROCESSORS = {
    "ByteLevel": ("add_prefix_space", "trim_offsets", "use_regex"),  # move offsets only
    "TemplateProcessing": ("single", "pair", "special_tokens"),
    "BertProcessing": ("sep", "cls"),
    "RobertaProcessing": ("sep", "cls", "trim_offsets", "add_prefix_space"),
}
DECODERS = {
    "ByteLevel": ("add_prefix_space", "trim_offsets", "use_regex"),
    "Replace": ("pattern", "content"),
    "ByteFallback": (),
    "Fuse": (),
    "Strip": ("content", "start", "stop"),
    "Metaspace": ("replacement", "str_rep", "add_prefix_space", "prepend_scheme", "split"),
    "WordPiece": ("prefix", "cleanup"),
}
# Where the steps of a sequence stand.
PARTS = {
    "normalizer": ("normalizers", NORMALIZERS),
    "pre_tokenizer": ("pretokenizers", PRE_TOKENIZERS),
    "post_processor": ("processors", PROCESSORS),
}
NESTED = 16
YES_OR_NO = frozenset(
    {
        "fuse_unk", "byte_fallback", "ignore_merges", "invert", "use_regex", "trim_offsets",
        "add_prefix_space", "individual_digits", "split", "special", "lstrip", "rstrip",
        "single_word", "normalized", "clean_text", "handle_chinese_chars", "strip_accents",
        "lowercase", "strip_left", "strip_right",
    }
)  # fmt: skip


def check_fields(tokenizer: dict[str, Any], name: str, notices: list[str]) -> None:
    """Refuses what is not understood; tells what is left out without changing a text's ids."""
    only(tokenizer, TOP, name)
    model, kind = tokenizer["model"], tokenizer["model"].get("type")
    if kind in MODELS:
        only(model, MODELS[kind], Words("{name}: its model {kind}", name=name, kind=kind))
    else:
        only(model, MODEL, Words("{name}: its model", name=name))
    for part, (_, known) in PARTS.items():
        for step in steps(tokenizer, part, name):
            kind = step.get("type")
            if kind not in known:
                raise refused(name, part, kind)
            where = Words("{name}: its {part} {kind}", name=name, part=part, kind=kind)
            only(step, ("type", *known[str(kind)]), where)
    _tell_left_out(tokenizer, name, notices)


def only(table: dict[str, Any], known: tuple[str, ...], where: str) -> None:
    """Refuses fields beyond the known ones, unless they say nothing."""
    for key, value in table.items():
        if key in YES_OR_NO and not isinstance(value, bool | None):
            raise FormatError(
                "{where} has {key} = {value!r}, not true or false",
                where=where,
                key=key,
                value=str(value)[:40],
            )
        if key not in known and value not in (None, False, "", 0, [], {}):
            raise UnsupportedError(
                "{where} has {key} = {value!r}, which cannot be expressed in a GGUF file",
                where=where,
                key=key[:40],
                value=str(value)[:40],
            )


def _tell_left_out(tokenizer: dict[str, Any], name: str, notices: list[str]) -> None:
    for key in ("truncation", "padding"):
        if tokenizer.get(key):
            notices.append(
                Words(
                    "{name} asks for {key}, which is left out: texts are taken whole",
                    name=name,
                    key=key,
                )
            )
    for step in _flat(
        tokenizer.get("decoder"), "decoders", Words("{name}: its decoder", name=name)
    ):
        kind = str(step.get("type"))
        if kind not in DECODERS or any(key not in ("type", *DECODERS[kind]) for key in step):
            notices.append(
                Words(
                    "{name} has the decoder {kind}, which is not known; replies may be spelled "
                    "differently",
                    name=name,
                    kind=kind[:40],
                )
            )


def steps(tokenizer: dict[str, Any], part: str, name: str) -> list[dict[str, Any]]:
    """The steps of a part in order, those of sequences one after the other."""
    where = Words("{name}: its {part}", name=name, part=part)
    return list(_flat(tokenizer.get(part), PARTS[part][0], where))


def _flat(step: Any, parts: str, where: str, depth: int = 0) -> Iterator[dict[str, Any]]:
    if step is None:
        return
    if not isinstance(step, dict) or not isinstance(step.get("type"), str) or depth > NESTED:
        raise FormatError("{where} is no step that has a type", where=where)
    if step.get("type") != "Sequence":
        yield step
        return
    listed = step.get(parts)
    if not isinstance(listed, list):
        raise FormatError("{where} is a sequence without steps", where=where)
    for each in listed:
        if each is None:
            raise FormatError("{where} has a step that is none", where=where)
        yield from _flat(each, parts, where, depth + 1)


def pattern_of(step: dict[str, Any], where: str) -> tuple[str, bool]:
    """The text or expression of a step, and whether it is an expression."""
    pattern = step.get("pattern")
    for key in ("String", "Regex"):
        if isinstance(pattern, dict) and isinstance(pattern.get(key), str) and pattern[key]:
            return str(pattern[key]), key == "Regex"
    kind = str(step.get("type"))[:40]
    raise refused(where, "pre_tokenizer", Words("{kind} without a pattern", kind=kind))


def refused(name: str, part: str, what: Any) -> UnsupportedError:
    return UnsupportedError(
        "{name}: its {part} is {what}, which cannot be expressed in a GGUF file",
        name=name,
        part=part,
        what=what if isinstance(what, Words) else str(what)[:60],
    )
