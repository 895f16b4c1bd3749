"""Folders whose files describe one tokenizer several times, or in fields that are easily missed."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.data import shared_data
from helpers.trained_tokenizers import (
    BYTE_LEVEL,
    LLAMA3,
    UNDERLINE,
    added,
    byte_fallback,
    byte_level,
    sequence,
    split,
)

from engine.base.errors import ChaskiError, FormatError, UnsupportedError
from engine.text.tokenizer import Tokenizer, make_tokenizer
from engine.workshop.convert.vocabulary.read import read_tokenizer
from engine.workshop.convert.vocabulary.tokenizer_json import read_tokenizer_json

GGML = "tokenizer.ggml."
SIZE = 600
Keys = dict[str, Any]


def write(folder: Path, **files: Any) -> Path:
    """JSON files by their names without the ending."""
    for name, value in files.items():
        (folder / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")
    return folder


def read(folder: Path, size: int = SIZE, **config: Any) -> tuple[Tokenizer, Keys, str]:
    notices: list[str] = []
    keys = read_tokenizer(folder, size, config, notices)
    tokens = keys[GGML + "tokens"]
    keys[GGML + "tokens"] = [t.decode() if isinstance(t, bytes) else t for t in tokens]
    return make_tokenizer(keys), keys, "\n".join(notices)


NAMES = ["hfbpe-norm", "llama3cut-nobos", "metaspace-first", "special-map", "template-other-first"]


@pytest.mark.parametrize(
    "name", [*(f"tokenizers/{each}" for each in NAMES), "convert/json_and_model"]
)
def test_ids_are_those_of_the_tokenizers_library(name: str) -> None:
    folder = shared_data("faults", *name.split("/"))
    config = folder / "config.json"
    settings = json.loads(config.read_text()) if config.is_file() else {}
    whole = json.loads((folder / "tokenizer.json").read_text())
    size = 1 + max([*whole["model"]["vocab"].values(), *(t["id"] for t in whole["added_tokens"])])
    ours, _, _ = read(folder, settings.get("vocab_size", size), **settings)
    for text, ids, bare in json.loads((folder / "hf.json").read_text()):
        assert ours.encode(text, parse_special=True) == ids, text
        assert ours.encode(text, add_special=False, parse_special=True) == bare, text


def test_special_tokens_of_the_map_count() -> None:
    ours, _, _ = read(shared_data("faults", "tokenizers", "special-map"), 50295)
    assert ours.bos_id == ours.eos_id == 50256


def test_mistrals_own_file_is_read_as_sentencepiece_reads_it() -> None:
    import sentencepiece

    folder = shared_data("faults", "tokenizers", "mistral_v3")
    ours, _, _ = read(folder, 32768)
    theirs = sentencepiece.SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))
    for text in ("Hello", " Hello", "  a\n\tb é世🦙 ", "[INST]", "▁a", "", "<s> x</s>"):
        assert ours.encode(text, add_special=False) == theirs.EncodeAsIds(text), text
    # By mistral-common: a user, an assistant, a user.
    chat = "<s>[INST] Hello[/INST] Hi there</s>[INST] More\nlines[/INST]"
    ids = [1, 3, 23325, 4, 16127, 1504, 2, 3, 4532, 781, 8831, 4]
    assert ours.encode(chat, add_special=False, parse_special=True) == ids
    assert ours.encode("Hello")[0] == 1


@pytest.mark.parametrize(
    ("settings", "behind", "start"),
    [  # AutoTokenizer of transformers 5.24 for "</s>Hello"; sentencepiece for " Hello"
        ({}, [2, 15043], [29871, 15043]),
        ({"legacy": True, "tokenizer_class": "LlamaTokenizer"}, [2, 15043], [29871, 15043]),
        ({"legacy": False, "tokenizer_class": "LlamaTokenizer"}, [2, 10994], [29871, 15043]),
        ({"tokenizer_class": "LlamaTokenizerFast"}, [2, 10994], [29871, 15043]),
        ({"add_prefix_space": False}, [2, 10994], [15043]),
    ],
)
def test_legacy_says_where_a_space_is_put(
    settings: Keys, behind: list[int], start: list[int], tmp_path: Path
) -> None:
    shutil.copy(shared_data("tokenizers", "llama2-tokenizer.model"), tmp_path / "tokenizer.model")
    ours, _, _ = read(write(tmp_path, tokenizer_config=settings), 32000)
    assert ours.encode("</s>Hello", add_special=False, parse_special=True) == behind
    assert ours.encode(" Hello", add_special=False) == start


def test_tokenizer_json_comes_first_and_a_difference_is_told(tmp_path: Path) -> None:
    shutil.copy(shared_data("tokenizers", "llama2-tokenizer.model"), tmp_path / "tokenizer.model")
    write(tmp_path, tokenizer=byte_level(), vocab={"other": 0, "words": 1})
    _, keys, notices = read(tmp_path)
    assert keys[GGML + "model"] == "gpt2"
    assert "tokenizer.model was passed over" in notices
    assert "vocab.json was passed over" in notices


@pytest.mark.parametrize("said", [None, True, False])
@pytest.mark.parametrize("make", [byte_level, byte_fallback])
def test_without_a_post_processor_nothing_is_put_in_front(
    make: Any, said: bool | None, tmp_path: Path
) -> None:
    """Whatever tokenizer_config.json says, to which transformers 5 does not listen then."""
    llama3 = sequence("pretokenizers", split(LLAMA3), BYTE_LEVEL | {"use_regex": False})
    case = byte_level(pre_tokenizer=llama3, model={"ignore_merges": True})
    settings = {"bos_token": "<s>", "add_bos_token": said}
    write(tmp_path, tokenizer=case if make is byte_level else make(), tokenizer_config=settings)
    ours, keys, notices = read(tmp_path, bos_token_id=1)
    assert keys[GGML + "add_bos_token"] is False
    assert keys[GGML + "add_eos_token"] is False
    assert ours.encode("hello")[:1] != [1]
    assert ("add_bos_token = true" in notices) is (said is True)


def template(*before: str, after: tuple[str, ...] = ()) -> Keys:
    ids = {"<unk>": 0, "<s>": 1, "</s>": 2, "<|x|>": 590}
    items: list[Keys] = [{"SpecialToken": {"id": text, "type_id": 0}} for text in before]
    items.append({"Sequence": {"id": "A", "type_id": 0}})
    items += [{"SpecialToken": {"id": text, "type_id": 0}} for text in after]
    table = {text: {"id": text, "ids": [ids[text]], "tokens": [text]} for text in before + after}
    return {"type": "TemplateProcessing", "single": items, "pair": [], "special_tokens": table}


@pytest.mark.parametrize(
    ("before", "after", "first", "last"),
    [
        (("<s>",), (), [1], []),
        (("<unk>",), (), [0], []),
        (("<unk>", "<s>"), (), [0, 1], []),
        (("<s>", "<s>"), ("</s>",), [1, 1], [2]),
        ((), ("</s>",), [], [2]),
        ((), ("<unk>",), [], [0]),
        (("</s>",), ("<unk>", "</s>"), [2], [0, 2]),
        (("<|x|>", "<s>"), ("<|x|>",), [1], []),  # the embedding has no row for <|x|>
    ],
)
def test_what_stands_first_and_last_is_what_the_file_says(
    before: tuple[str, ...], after: tuple[str, ...], first: list[int], last: list[int],
    tmp_path: Path,
) -> None:  # fmt: skip
    case = byte_level(post_processor=template(*before, after=after))
    settings = {"bos_token": "<s>", "eos_token": {"content": "</s>"}, "pad_token": None}
    write(tmp_path, tokenizer=case, tokenizer_config=settings)
    ours, keys, notices = read(tmp_path, 580)
    bare = ours.encode("hello", add_special=False)
    assert ours.encode("hello") == first + bare + last
    assert keys[GGML + "eos_token_id"] == 2
    assert ours.end_ids == {2}
    assert ours.vocabulary.template_token("bos") == 1
    assert ("embedding has no rows" in notices) is ("<|x|>" in before)


@pytest.mark.parametrize("ends", [[2], [2, 300], [2, 300, 301], [2, 300, 301, 302, 303]])
@pytest.mark.parametrize("where", ["config", "generation_config", "both"])
def test_every_end_ends(ends: list[int], where: str, tmp_path: Path) -> None:
    write(tmp_path, tokenizer=byte_level(), tokenizer_config={"eos_token": "</s>"})
    config: Keys = {}
    if where != "generation_config":
        config["eos_token_id"] = ends
    if where != "config":
        write(tmp_path, generation_config={"eos_token_id": ends})
    ours, keys, notices = read(tmp_path, **config)
    assert ours.end_ids == set(ends)
    assert keys[GGML + "eos_token_id"] == 2
    assert not notices


def test_one_odd_end_does_not_spoil_the_others(tmp_path: Path) -> None:
    write(tmp_path, tokenizer=byte_level(), generation_config={"eos_token_id": [None, 9**9, 300]})
    ours, keys, notices = read(tmp_path, eos_token_id=[True, "</s>", -1, 2])
    assert ours.end_ids == {300, 2}
    assert "387420489" in notices
    assert keys[GGML + "eos_token_id"] == 2


def test_llamas_end_of_message_gets_its_own_key(tmp_path: Path) -> None:
    marks = [added("<|eom_id|>", 590), added("<|eot_id|>", 591)]
    write(tmp_path, tokenizer=byte_level(added=marks), tokenizer_config={"eos_token": "</s>"})
    write(tmp_path, generation_config={"eos_token_id": [2, 590, 591]})
    _, keys, _ = read(tmp_path)
    assert keys[GGML + "eot_token_id"] == 591
    assert keys[GGML + "eom_token_id"] == 590


def test_a_vocabulary_of_llamas_kind_has_no_ends_that_nobody_named(tmp_path: Path) -> None:
    ours, _, _ = read(write(tmp_path, tokenizer=byte_fallback()))
    assert ours.bos_id is None
    assert ours.eos_id is None
    assert ours.end_ids == {2}  # by its spelling, </s>, not by its number


def marked(keys: Keys, ident: int) -> tuple[str, int]:
    return keys[GGML + "tokens"][ident], int(keys[GGML + "token_type"][ident])


def test_where_special_tokens_are_named(tmp_path: Path) -> None:
    size = len(byte_level()["model"]["vocab"])
    word = list(byte_level()["model"]["vocab"])[-1]
    write(
        tmp_path,
        tokenizer=byte_level(),
        tokenizer_config={
            "eos_token": "<unk>",
            "extra_special_tokens": {"image_token": "<image>"},
            "additional_special_tokens": ["<|p|>", {"content": "<|q|>"}],
            "audio_token": "<audio>",
            "pad_token": word,
        },
        special_tokens_map={"eos_token": {"content": "</s>", "lstrip": False}, "bos_token": "<s>"},
        added_tokens={"<more>": size, "<s>": 77},
    )
    ours, keys, notices = read(tmp_path)
    assert (ours.bos_id, ours.eos_id) == (1, 2)
    assert "special_tokens_map.json counts" in notices
    assert "'<s>' is 1, not 77" in notices
    assert marked(keys, size) == ("<more>", 4)
    new = {marked(keys, size + i)[0] for i in range(1, 5)}
    assert new == {"<image>", "<|p|>", "<|q|>", "<audio>"}
    assert marked(keys, size + 5)[0] == f"[PAD{size + 5}]"
    assert marked(keys, int(keys[GGML + "padding_token_id"])) == (word, 3)


def test_with_a_decoder_the_map_is_passed_over(tmp_path: Path) -> None:
    """As transformers does; the decoder's flags count more than tokenizer.json's."""
    flags = {"content": "<s>", "special": True, "rstrip": True, "lstrip": False}
    write(
        tmp_path,
        tokenizer=byte_level(),
        tokenizer_config={"eos_token": "</s>", "added_tokens_decoder": {"1": flags}},
        special_tokens_map={"eos_token": "<unk>"},
    )
    ours, _, notices = read(tmp_path)
    assert ours.eos_id == 2
    assert "tokenizer_config.json counts" in notices
    ids = ours.encode("<s>  a", parse_special=True)
    assert [ours.text_of(token) for token in ids] == ["<s>", "a"]


def test_special_tokens_without_a_row_are_told(tmp_path: Path) -> None:
    size = len(byte_level()["model"]["vocab"])
    write(tmp_path, tokenizer=byte_level(), tokenizer_config={"pad_token": "<pad>"})
    _, keys, notices = read(tmp_path, size)
    assert GGML + "padding_token_id" not in keys
    assert "<pad>" in notices


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ({"chat_template.jinja": "J"}, {"": "J"}),
        ({"chat_template.json": '{"chat_template": "C"}'}, {"": "C"}),
        ({"chat_template.jinja": "J", "chat_template.json": '{"chat_template": "C"}'}, {"": "J"}),
        (
            {"chat_template.jinja": "J", "additional_chat_templates/tool_use.jinja": "T"},
            {"": "J", ".tool_use": "T"},
        ),
        ({"tokenizer_config.json": '{"chat_template": "S"}'}, {"": "S"}),
        ({"tokenizer_config.json": '{"chat_template": "S"}', "chat_template.jinja": ""}, {"": ""}),
        ({"tokenizer_config.json": '{"chat_template": {"default": "D", "rag": "R"}}'},
         {"": "D", ".rag": "R"}),
        (
            {
                "tokenizer_config.json": '{"chat_template": [{"name": "default", "template": "D"},'
                '{"name": "rag", "template": "R"}, {"name": "odd"}, 3]}'
            },
            {"": "D", ".rag": "R"},
        ),
    ],
)  # fmt: skip
def test_chat_templates(files: dict[str, str], wanted: dict[str, str], tmp_path: Path) -> None:
    write(tmp_path, tokenizer=byte_level())
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    _, keys, _ = read(tmp_path)
    found = {key: value for key, value in keys.items() if key.startswith("tokenizer.chat_template")}
    names = found.pop("tokenizer.chat_templates", [])
    assert found == {f"tokenizer.chat_template{key}": value for key, value in wanted.items()}
    assert names == [key[1:] for key in wanted if key]


def changed(part: str, **values: Any) -> Keys:
    """A byte-level tokenizer whose `part` has these fields, too."""
    case = byte_level(post_processor=template("<s>"))
    case = json.loads(json.dumps(case))
    (case if part == "top" else case[part]).update(values)
    return case


SPLIT = split("[a-z]+")
REFUSED: dict[str, tuple[Keys, str]] = {
    "suffix": (changed("model", end_of_word_suffix="</w>"), "end_of_word_suffix"),
    "prefix": (changed("model", continuing_subword_prefix="##"), "continuing_subword_prefix"),
    "dropout": (changed("model", dropout=0.1), "dropout"),
    "model field": (changed("model", new_habit=True), "new_habit"),
    "top field": (changed("top", remarks={"a": 1}), "remarks"),
    "prefix space": (changed("pre_tokenizer", add_prefix_space=True), "add_prefix_space"),
    "step field": (changed("pre_tokenizer", other=1), "other"),
    "added field": (byte_level(added=[added("<x>", 590) | {"once": True}]), "once"),
    "behind bytes": (
        byte_level(pre_tokenizer=sequence("pretokenizers", BYTE_LEVEL, SPLIT)), "behind ByteLevel"
    ),
    "bytes twice": (
        byte_level(pre_tokenizer=sequence("pretokenizers", BYTE_LEVEL, BYTE_LEVEL)), "ByteLevel"
    ),
    "no bytes": (byte_level(pre_tokenizer=SPLIT), "without ByteLevel"),
    "gaps": (
        byte_level(
            pre_tokenizer=sequence(
                "pretokenizers", split("[a-z]+", "Removed", True), BYTE_LEVEL | {"use_regex": False}
            )
        ),
        "Removed",
    ),
    "removed": (
        byte_level(pre_tokenizer=sequence("pretokenizers", split(LLAMA3, "Removed"), BYTE_LEVEL)),
        "Removed",
    ),
    "merged": (
        byte_level(
            pre_tokenizer=sequence("pretokenizers", split("a", "MergedWithNext"), BYTE_LEVEL)
        ),
        "MergedWithNext",
    ),
    "whitespace": (
        byte_level(
            pre_tokenizer=sequence("pretokenizers", {"type": "WhitespaceSplit"}, BYTE_LEVEL)
        ),
        "WhitespaceSplit",
    ),
    "normalizer": (byte_level(normalizer={"type": "Lowercase"}), "Lowercase"),
    "nested normalizer": (
        byte_level(normalizer=sequence("normalizers", sequence("normalizers", {"type": "Strip"}))),
        "Strip",
    ),
    "prepend before bytes": (byte_level(normalizer={"type": "Prepend", "prepend": "x"}), "Prepend"),
    "other prepend": (
        byte_fallback(
            normalizer=sequence("normalizers", {"type": "Prepend", "prepend": "_"}, UNDERLINE)
        ),
        "Prepend _",
    ),
    "spaces stay": (byte_fallback(normalizer=None), "U\\+2581"),
    "other sign": (
        byte_fallback(normalizer=None, pre_tokenizer={"type": "Metaspace", "replacement": "_"}),
        "Metaspace",
    ),
    "unknown processor": (byte_level(post_processor={"type": "Spell"}), "Spell"),
    "text twice": (
        byte_level(
            post_processor=template() | {"single": [{"Sequence": {"id": "A", "type_id": 0}}] * 2}
        ),
        "2 times",
    ),
    "two that add": (
        byte_level(post_processor=sequence("processors", template("<s>"), template("<unk>"))),
        "2 steps",
    ),
    "unnamed token": (
        byte_level(post_processor=template("<s>") | {"special_tokens": {}}), "does not tell the id"
    ),
    "other model": (byte_level(model={"type": "Unigram"}), "Unigram"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_understood_is_refused(name: str, tmp_path: Path) -> None:
    case, word = REFUSED[name]
    with pytest.raises((FormatError, UnsupportedError), match=word):
        read_tokenizer_json(write(tmp_path, tokenizer=case) / "tokenizer.json")


@pytest.mark.parametrize(
    "folder", ["eow-suffix", "pre-bytelevel-first", "pre-split-invert-removed-lossy"]
)
def test_the_faulty_folders_are_refused(folder: str) -> None:
    with pytest.raises(UnsupportedError, match=r"tokenizer\.json: its .* cannot be expressed"):
        read_tokenizer_json(shared_data("faults", "tokenizers", folder, "tokenizer.json"))


@pytest.mark.parametrize(
    ("case", "word"),
    [
        (changed("top", truncation={"max_length": 8}), "truncation"),
        (changed("top", padding={"pad_id": 0}), "padding"),
        (changed("top", decoder={"type": "BPEDecoder", "suffix": "</w>"}), "BPEDecoder"),
        (byte_level(normalizer={"type": "NFKC"}), "NFKC"),
        (byte_level(pre_tokenizer=sequence("pretokenizers", SPLIT, BYTE_LEVEL)), "no name"),
        (byte_level(model={"merges": [["l", "l"], ["no", "such"]]}), "merges"),
        (byte_fallback(), "scores"),
    ],
)
def test_what_is_left_out_or_not_read_by_others_is_told(
    case: Keys, word: str, tmp_path: Path
) -> None:
    notices: list[str] = []
    read_tokenizer_json(write(tmp_path, tokenizer=case) / "tokenizer.json", notices)
    assert any(word in notice for notice in notices)


def test_a_common_tokenizer_has_no_notices(tmp_path: Path) -> None:
    case = byte_level(post_processor=template("<s>"), normalizer={"type": "NFC"})
    case |= {"truncation": None, "padding": None, "decoder": BYTE_LEVEL}
    write(tmp_path, tokenizer=case, tokenizer_config={"bos_token": "<s>", "eos_token": "</s>"})
    assert read(tmp_path)[2] == ""


def test_holes_among_the_ids_are_no_text(tmp_path: Path) -> None:
    case = byte_level(model={"ignore_merges": True})
    case["model"]["vocab"]["far"] = 550
    _, keys, _ = read(write(tmp_path, tokenizer=case))
    assert marked(keys, 549) == ("[PAD549]", 5)
    assert marked(keys, 550) == ("far", 1)
    with pytest.raises(FormatError, match="do not belong together"):
        read(tmp_path, 500)


def test_merges_with_and_without_header(tmp_path: Path) -> None:
    model = byte_level()["model"]
    (tmp_path / "vocab.json").write_text(json.dumps(model["vocab"]), encoding="utf-8")
    lines = [" ".join(merge) for merge in model["merges"]]
    found = []
    for head, end in (("", "\n"), ("#version: 0.2\n", "\n"), ("", "\r\n")):
        (tmp_path / "merges.txt").write_bytes((head + end.join(lines) + end).encode())
        found.append(read(tmp_path)[1][GGML + "merges"])
    assert found[0] == found[1] == found[2] == lines
    ours, keys, _ = read(write(tmp_path, tokenizer_config={"tokenizer_class": "Qwen2Tokenizer"}))
    assert keys[GGML + "pre"] == "qwen2"
    assert keys[GGML + "add_bos_token"] is False
    with pytest.raises(UnsupportedError, match="add_prefix_space"):
        read(write(tmp_path, tokenizer_config={"add_prefix_space": True}))


def test_named_tokens_of_two_plain_files_are_special(tmp_path: Path) -> None:
    model = byte_level()["model"]
    (tmp_path / "vocab.json").write_text(json.dumps(model["vocab"]), encoding="utf-8")
    (tmp_path / "merges.txt").write_text("l l\n", encoding="utf-8")
    ours, keys, _ = read(write(tmp_path, special_tokens_map={"eos_token": "</s>"}))
    assert marked(keys, 2) == ("</s>", 3)
    assert ours.encode("a</s>", parse_special=True)[-1] == 2


def test_tekken_alone_is_said(tmp_path: Path) -> None:
    with pytest.raises(ChaskiError, match=r"tekken\.json"):
        read(write(tmp_path, tekken={"vocab": []}))


def test_flags_are_written_as_lists(tmp_path: Path) -> None:
    marks = [added("<x>", 590, rstrip=True), added("<y>", 591, single_word=True, lstrip=True)]
    _, keys, _ = read(write(tmp_path, tokenizer=byte_level(added=marks)))
    flags = {key.rpartition(".")[2]: value for key, value in keys.items() if "chaski." in key}
    assert {key: np.asarray(value).tolist() for key, value in flags.items()} == {
        "rstrip_tokens": [590],
        "lstrip_tokens": [591],
        "single_word_tokens": [591],
    }
