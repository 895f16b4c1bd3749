"""ChatGLM's and GLM 4's older tokenizers, whose special tokens stand in code; never run here."""

import base64
import json
import shutil
from pathlib import Path
from typing import Any

from helpers.data import shared_data
from helpers.vocabularies import CONTROL, KEY

from engine.text.template import make_template
from engine.text.tokenizer import make_tokenizer
from engine.workshop.convert.vocabulary.read import read_tokenizer

CONFIG: dict[str, Any] = {"model_type": "chatglm", "eos_token_id": 2}
N_WORDS = 32000  # of the sentencepiece model that stands for theirs
NAMES = ["[MASK]", "[gMASK]", "[sMASK]", "sop", "eop", "<|system|>", "<|user|>", "<|assistant|>"]
TURNS = [{"role": "user", "content": "hello"}]


def folder_of_pieces(tmp_path: Path) -> Path:
    shutil.copy(shared_data("tokenizers", "llama2-tokenizer.model"), tmp_path / "tokenizer.model")
    settings = {"tokenizer_class": "ChatGLMTokenizer", "remove_space": False}
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(settings))
    return tmp_path


def keys_of(folder: Path, n_vocab: int, config: dict[str, Any]) -> dict[str, Any]:
    """As a file has them: texts."""
    keys = read_tokenizer(folder, n_vocab, config, [])
    tokens = keys[KEY + "tokens"]
    return keys | {KEY + "tokens": [t.decode() if isinstance(t, bytes) else t for t in tokens]}


def test_special_tokens_of_chatglm_3(tmp_path: Path) -> None:
    keys = keys_of(folder_of_pieces(tmp_path), N_WORDS + 100, CONFIG)
    tokenizer = make_tokenizer(keys)
    ids = [tokenizer.vocabulary.ids[name] for name in NAMES]
    assert ids == [N_WORDS + i for i in range(len(NAMES))]
    assert all(keys[KEY + "token_type"][i] == CONTROL for i in ids)
    mask, sop = ids[1], ids[3]
    assert tokenizer.first_ids == [mask, sop]
    text = "the philosopher's sop"
    assert tokenizer.decode(tokenizer.encode(text, add_special=False)) == text
    found = make_template(keys)
    assert found.source == "family:chatglm3"
    prompt = tokenizer.encode_prompt(found.render(TURNS))
    assert prompt[:3] == [mask, sop, ids[6]]
    assert prompt.count(sop) == 1
    assert ids[7] in prompt


def test_chatglm_2_knows_no_roles(tmp_path: Path) -> None:
    config = CONFIG | {"_name_or_path": "THUDM/chatglm2-6b"}
    keys = keys_of(folder_of_pieces(tmp_path), N_WORDS + 100, config)
    tokenizer = make_tokenizer(keys)
    assert "<|user|>" not in tokenizer.vocabulary.ids
    assert tokenizer.first_ids == [N_WORDS + 1, N_WORDS + 3]
    found = make_template(keys, usual="chatglm2")
    text = found.render(TURNS).text
    assert text == "[gMASK]sop[Round 1]\n\n问：hello\n\n答："


def test_glm_4s_older_folders(tmp_path: Path) -> None:
    ranks = [bytes([byte]) for byte in range(256)] + [b"he", b"ll", b"hell", b"so", b"sop"]
    lines = (base64.b64encode(word) + b" %d" % rank for rank, word in enumerate(ranks))
    (tmp_path / "tokenizer.model").write_bytes(b"\n".join(lines) + b"\n")
    names = ["<|endoftext|>", "[MASK]", "[gMASK]", "[sMASK]", "<sop>", "<eop>", "<|system|>"]
    names += ["<|user|>", "<|assistant|>", "<|observation|>"]
    decoder = {
        str(len(ranks) + i): {"content": name, "special": True} for i, name in enumerate(names)
    }
    settings = {"added_tokens_decoder": decoder, "eos_token": "<|endoftext|>"}
    settings |= {"tokenizer_class": "ChatGLM4Tokenizer", "pad_token": "<|endoftext|>"}
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(settings))
    first = len(ranks)
    config = CONFIG | {"eos_token_id": [first, first + 7, first + 9]}
    keys = keys_of(tmp_path, first + 20, config)
    assert keys[KEY + "pre"] == "chatglm-bpe"
    tokenizer = make_tokenizer(keys)
    assert tokenizer.first_ids == [first + 2, first + 4]
    assert tokenizer.end_ids >= {first, first + 7, first + 9}
    assert tokenizer.encode("hello sop", add_special=False) == [258, ord("o"), ord(" "), 260]
    found = make_template(keys)
    assert found.source == "family:glm4"
    assert tokenizer.encode_prompt(found.render(TURNS))[:3] == [first + 2, first + 4, first + 7]
