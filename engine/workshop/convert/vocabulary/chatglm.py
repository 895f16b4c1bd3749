"""The tokenizer of ChatGLM 2 and 3 and of GLM 4's older folders: what its code says and no file.

Texts begin with [gMASK] and a sop; of ChatGLM the special tokens stand behind those of
tokenizer.model, in an order of their own, of GLM 4 tokenizer_config.json lists them.
"""

from pathlib import Path
from typing import Any

from engine.workshop.convert.vocabulary.lists import Added, VocabularyLists

KIND = "chatglm"  # model_type in config.json
PRE = "chatglm-bpe"
MASKS = ("[MASK]", "[gMASK]", "[sMASK]", "sop", "eop")
ROLES = ("<|system|>", "<|user|>", "<|assistant|>", "<|observation|>")
WITHOUT_ROLES = "chatglm2"  # in the names of models that know none
STARTS = (("[gMASK]", "<sop>"), ("[gMASK]", "sop"))


def is_chatglm(config: dict[str, Any]) -> bool:
    return config.get("model_type") == KIND


def add_chatglm(found: VocabularyLists, folder: Path, config: dict[str, Any]) -> None:
    """Before further added tokens are read: special tokens of sentencepiece's form, and how BPE's
    text is cut."""
    if found.kind == "gpt2":
        found.keys["pre"] = PRE
        return
    called = f"{config.get('_name_or_path')} {folder.resolve().name}".lower()
    texts = MASKS if WITHOUT_ROLES in called else MASKS + ROLES
    found.add(Added(len(found.tokens) + i, text, True) for i, text in enumerate(texts))


def begin_chatglm(found: VocabularyLists) -> None:
    """After all tokens are there: what every text begins with."""
    ids = found.index()
    special = {text: ids[text] for text in (each.text for each in found.added.values())}
    for start in STARTS:
        if all(text in special for text in start):
            found.ends = ([special[text] for text in start], [])
            return
