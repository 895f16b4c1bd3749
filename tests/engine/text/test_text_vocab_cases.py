"""llama.cpp's own tokenizer cases, on the vocabularies of well-known models."""

import json
from functools import cache

import pytest
from helpers.data import shared_data

from engine.text.detokenizer import Detokenizer
from engine.text.tokenizer import Tokenizer, make_tokenizer
from engine.weights.formats.gguf import open_gguf

NAMES = ["llama-spm", "llama-bpe", "gpt-2", "qwen2"]


@cache
def tokenizer_of(*parts: str) -> Tokenizer:
    return make_tokenizer(open_gguf(shared_data(*parts)).metadata)


def cases(name: str) -> list[tuple[str, list[int]]]:
    texts = shared_data("vocab", f"ggml-vocab-{name}.gguf.inp").read_bytes().decode()
    lines = shared_data("vocab", f"ggml-vocab-{name}.gguf.out").read_text().split("\n")
    parts = texts.split("\n__ggml_vocab_test__\n")
    return [
        (text, [int(token) for token in line.split()])
        for text, line in zip(parts, lines, strict=True)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_ids_are_those_of_llama_cpp(name: str) -> None:
    tokenizer = tokenizer_of("vocab", f"ggml-vocab-{name}.gguf")
    for text, ids in cases(name):
        assert tokenizer.encode(text, add_special=False) == ids, text


@pytest.mark.parametrize("name", NAMES)
def test_the_text_comes_back(name: str) -> None:
    tokenizer = tokenizer_of("vocab", f"ggml-vocab-{name}.gguf")
    for text, ids in cases(name):
        assert tokenizer.decode(ids) == text
        detokenizer = Detokenizer(tokenizer, at_start=True)
        assert "".join(map(detokenizer.push, ids)) + detokenizer.flush() == text


def test_the_prompt_of_the_references() -> None:
    references = json.loads(shared_data("llama_cpp_refs.json").read_text())
    for name, expected in references.items():
        folder = "stories260K-x256" if "x256" in name else "stories260K"
        tokenizer = tokenizer_of(folder, name)
        assert tokenizer.encode(expected["prompt"]) == expected["prompt_ids"], name


def test_known_ends_and_starts() -> None:
    llama3 = tokenizer_of("vocab", "ggml-vocab-llama-bpe.gguf")
    assert llama3.add_bos
    assert llama3.bos_id == 128000
    assert llama3.end_ids == {128001, 128009}
    assert llama3.special_tokens["<|eot_id|>"] == 128009
    qwen2 = tokenizer_of("vocab", "ggml-vocab-qwen2.gguf")
    assert not qwen2.add_bos
    assert qwen2.end_ids == {151643, 151645}


def test_special_spellings_are_text_unless_asked() -> None:
    qwen2 = tokenizer_of("vocab", "ggml-vocab-qwen2.gguf")
    text = "<|im_start|>user\nhi<|im_end|>"
    plain = qwen2.encode(text)
    assert not {151644, 151645} & set(plain)
    assert qwen2.decode(plain) == text
    parsed = qwen2.encode(text, parse_special=True)
    assert parsed[0] == 151644
    assert parsed[-1] == 151645
    assert qwen2.decode(parsed) == "user\nhi"
    assert qwen2.decode(parsed, special=True) == text
