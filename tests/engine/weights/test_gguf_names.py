"""What GGUF's own package knows of names, and where what we write is not in it."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import gguf
import pytest
from helpers.tiny_checkpoints import CONFIGS, write_folder

from engine.weights.formats.gguf_names import is_listed, unlisted
from engine.workshop.convert.detect import open_source

# Names of our files that gguf 0.19.0 does not have, and why.
ELSEWHERE: dict[str, tuple[str, ...]] = {
    # Layers without experts among those with them (mlp_only_layers, decoder_sparse_step).
    "qwen2moe": (r"blk\.\d+\.ffn_(gate|up|down)\.weight",),
    "qwen3moe": (r"blk\.\d+\.ffn_(gate|up|down)\.weight",),
    "qwen3next": (r"blk\.\d+\.ffn_(gate|up|down)\.weight",),
    # A head of its own, which the class allows and no published model has.
    "command-r": (r"output\.weight",),
    "cohere2": (r"output\.weight",),
    # Norms without weights of Falcon Mamba have an epsilon of their own.
    "mamba": (r"mamba\.ssm\.dt_b_c_rms_epsilon",),
    # Biases apart, where llama.cpp has one tensor for all three.
    "nomic-bert": (r"blk\.\d+\.attn_[qkv]\.(weight|bias)",),
    # Which activation a gate has: there is no such key (and no head of its own for bitnet).
    "modern-bert": (r"modern-bert\.hidden_activation",),
    "bitnet": (r"bitnet\.hidden_activation", r"output\.weight"),
    # What config.json may say and llama.cpp tells by the number of experts; the noise of a
    # router, for which there is no key; a list of layers that llama.cpp has read since.
    "llama4": (r"llama4\.attention\.qk_norm",),
    "phimoe": (r"phimoe\.expert_router_jitter",),
    "qwen35": (r"qwen35\.attention\.recurrent_layers",),
}
# Architectures that llama.cpp has had since, and the package not yet.
SINCE = ("muse-glimmer", "cohere2moe", "laguna", "granite_swa")


@pytest.mark.parametrize("name", sorted(CONFIGS))
def test_names_that_conversion_writes_are_in_the_list(name: str, tmp_path: Path) -> None:
    plan = open_source(write_folder(tmp_path / "hf", name))
    try:
        assert is_listed(plan.architecture) or plan.architecture in SINCE
        odd = unlisted(plan.architecture, plan.metadata, plan.tensors)
    finally:
        plan.checkpoint.close()
    known = ELSEWHERE.get(plan.architecture, ())
    assert [each for each in odd if not any(re.fullmatch(way, each) for way in known)] == []


def test_names_of_the_list() -> None:
    assert is_listed("llama")
    assert is_listed("gpt-oss")
    assert not is_listed("of-tomorrow")
    assert unlisted("of-tomorrow", {"of-tomorrow.x": 1}, {"y": 1}) == []
    keys: dict[str, Any] = {"llama.block_count": 1, "general.x": 1, "tokenizer.ggml.pre": 1}
    tensors = ["token_embd.weight", "blk.12.attn_q.bias", "output_norm.weight", "rope_freqs.weight"]
    assert unlisted("llama", keys, dict.fromkeys(tensors)) == []
    odd = {"llama.blocks": 1, "qwen2.block_count": 1}
    assert unlisted("llama", odd, dict.fromkeys(["blk.x.attn_q.weight", "v.weight"])) == [
        *("llama.blocks", "qwen2.block_count", "blk.x.attn_q.weight", "v.weight"),
    ]


def test_the_tables_are_those_of_the_package() -> None:
    for arch, name in gguf.MODEL_ARCH_NAMES.items():
        tensors = [
            gguf.TENSOR_NAMES[each].format(bid=3) + ".weight" for each in gguf.MODEL_TENSORS[arch]
        ]
        assert (
            unlisted(name, {gguf.Keys.LLM.BLOCK_COUNT.format(arch=name): 1}, dict.fromkeys(tensors))
            == []
        )


def test_nothing_of_the_package_is_loaded_for_it() -> None:
    """Not the libraries for YAML and for the network, which the package itself brings."""
    code = (
        "import sys; from engine.weights.formats.gguf_names import is_listed; is_listed('llama');"
        "print([m for m in ('gguf', 'yaml', 'requests', 'sentencepiece') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
