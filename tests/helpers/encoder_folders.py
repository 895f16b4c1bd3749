"""Folders of encoders as sentence-transformers writes them: a tiny model of families/*.json, a
WordPiece vocabulary of its size, and the steps behind it."""

import json
from pathlib import Path
from typing import Any

from helpers.tiny_checkpoints import N_VOCAB, Arrays, write_folder, write_safetensors

WORDS = [
    "the", "a", "red", "blue", "ball", "cat", "dog", "sees", "plays", "played", "with", "and",
    "lily", "##s", "##ed", "un", "##able",
]  # fmt: skip
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]


def write_encoder(folder: Path, name: str, pooling: str = "", **dense: Arrays) -> Path:
    """pooling: mean_tokens, cls_token …; none is said of it where it is empty."""
    write_folder(folder, name)
    (folder / "tokenizer.json").unlink()
    letters = [chr(code) for code in range(97, 123)]
    tokens = [*SPECIAL, *WORDS, *letters, *("##" + letter for letter in letters), "?", "."]
    tokens += [f"[unused{i}]" for i in range(N_VOCAB - len(tokens))]
    (folder / "vocab.txt").write_text("".join(f"{token}\n" for token in tokens), encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": True}))
    if pooling:
        _write_steps(folder, pooling, dense)
    return folder


def _write_steps(folder: Path, pooling: str, dense: dict[str, Arrays]) -> None:
    kinds = {"": "Transformer", "1_Pooling": "Pooling", **dict.fromkeys(dense, "Dense")}
    steps = [
        {"idx": i, "path": path, "type": f"sentence_transformers.models.{kind}"}
        for i, (path, kind) in enumerate([*kinds.items(), ("9_Normalize", "Normalize")])
    ]
    (folder / "modules.json").write_text(json.dumps(steps))
    modes = dict.fromkeys(("cls_token", "mean_tokens", "max_tokens", "lasttoken"), False)
    said: dict[str, Any] = {f"pooling_mode_{mode}": mode == pooling for mode in modes}
    (folder / "1_Pooling").mkdir(exist_ok=True)
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(said))
    for path, arrays in dense.items():
        (folder / path).mkdir(exist_ok=True)
        n_out, n_in = arrays["linear.weight"].shape
        settings = {"in_features": n_in, "out_features": n_out, "bias": len(arrays) > 1}
        settings["activation_function"] = "torch.nn.modules.linear.Identity"
        (folder / path / "config.json").write_text(json.dumps(settings))
        write_safetensors(folder / path / "model.safetensors", arrays)
