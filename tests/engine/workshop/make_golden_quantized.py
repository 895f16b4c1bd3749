"""Writes golden/quantized_*.safetensors and golden/quantized.npz: quantized tensors, and what
PyTorch and transformers make of them.

    python tests/engine/workshop/make_golden_quantized.py

needs torch and transformers (2.13 and 5.24 were used). GPTQ, AWQ and compressed-tensors are packed
here as their libraries do, word by word.
"""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from safetensors.torch import save_file
from transformers.integrations.finegrained_fp8 import Fp8Dequantize
from transformers.integrations.mxfp4 import convert_moe_packed_tensors

GOLDEN = Path(__file__).with_name("golden")
torch.manual_seed(7)


def fp8(*shape: int, dtype: torch.dtype = torch.float8_e4m3fn) -> torch.Tensor:
    return (torch.randn(*shape) * 40).to(dtype)


def by_transformers(weight: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    op = Fp8Dequantize(SimpleNamespace())
    return op._dequantize_one(weight, scale, output_dtype=torch.float32)


def by_blocks(weight: torch.Tensor, scale: torch.Tensor, size: int) -> torch.Tensor:
    """DeepSeek's way where the last blocks are not whole."""
    wide = scale.repeat_interleave(size, 0).repeat_interleave(size, 1)
    return weight.float() * wide[: weight.shape[0], : weight.shape[1]]


def words(codes: torch.Tensor, bits: int) -> torch.Tensor:
    """int32 words of neighbours along the first dimension, lowest bits first (GPTQ)."""
    each = 32 // bits
    out = torch.zeros(-(-codes.shape[0] // each), codes.shape[1], dtype=torch.int64)
    for i in range(codes.shape[0]):
        out[i // each] |= codes[i].long() << bits * (i % each)
    return ((out + 2**31) % 2**32 - 2**31).to(torch.int32)


def awq_words(codes: torch.Tensor) -> torch.Tensor:
    """int32 words of eight columns, in AWQ's order."""
    order = [0, 2, 4, 6, 1, 3, 5, 7]
    out = torch.zeros(codes.shape[0], codes.shape[1] // 8, dtype=torch.int64)
    for column in range(out.shape[1]):
        for place, which in enumerate(order):
            out[:, column] |= codes[:, column * 8 + which].long() << 4 * place
    return ((out + 2**31) % 2**32 - 2**31).to(torch.int32)


def main() -> None:
    files: dict[str, dict[str, torch.Tensor]] = {}
    wanted: dict[str, torch.Tensor] = {}

    tensors = files["fp8"] = {}
    tensors["whole.weight"], tensors["whole.weight_scale_inv"] = fp8(64, 96), torch.rand(2, 3) + 0.1
    wanted["fp8/whole.weight"] = by_transformers(*tensors.values())
    tensors["odd.weight"], tensors["odd.weight_scale_inv"] = fp8(40, 72), torch.rand(2, 3) + 0.1
    wanted["fp8/odd.weight"] = by_blocks(tensors["odd.weight"], tensors["odd.weight_scale_inv"], 32)
    tensors["one.weight"], tensors["one.weight_scale_inv"] = fp8(5, 7), torch.tensor(0.37)
    wanted["fp8/one.weight"] = tensors["one.weight"].float() * 0.37
    tensors["one.input_scale"] = torch.tensor(2.0)
    experts = fp8(3, 64, 32)
    tensors["experts.up_proj"] = experts
    tensors["experts.up_proj_scale_inv"] = torch.rand(3, 2, 1) + 0.1
    wanted["fp8/experts.up_proj"] = torch.stack(
        [
            by_transformers(w, s)
            for w, s in zip(experts, tensors["experts.up_proj_scale_inv"], strict=True)
        ]
    )
    exponents = torch.randint(117, 130, (4, 2), dtype=torch.uint8)
    tensors["power.weight"], tensors["power.weight_scale_inv"] = fp8(4, 64), exponents
    wanted["fp8/power.weight"] = by_transformers(tensors["power.weight"], exponents)
    e8m0 = exponents.clone().view(torch.float8_e8m0fnu)
    tensors["e8m0.weight"], tensors["e8m0.weight_scale_inv"] = fp8(4, 64), e8m0
    wanted["fp8/e8m0.weight"] = by_transformers(tensors["e8m0.weight"], e8m0)
    tensors["plain.weight"] = fp8(4, 8, dtype=torch.float8_e5m2)
    wanted["fp8/plain.weight"] = tensors["plain.weight"].float()

    tensors = files["compressed-tensors"] = {}
    tensors["row.weight"] = fp8(6, 10)
    tensors["row.weight_scale"] = (torch.rand(6, 1) + 0.1).bfloat16()
    wanted["compressed-tensors/row.weight"] = (
        tensors["row.weight"].float() * tensors["row.weight_scale"].float()
    )
    tensors["one.weight"], tensors["one.weight_scale"] = fp8(6, 10), torch.tensor([0.7])
    wanted["compressed-tensors/one.weight"] = tensors["one.weight"].float() * torch.tensor(0.7)
    tensors["int.weight"] = torch.randint(-128, 128, (6, 10), dtype=torch.int8)
    tensors["int.weight_scale"] = torch.rand(6, 1) + 0.1
    wanted["compressed-tensors/int.weight"] = (
        tensors["int.weight"].float() * tensors["int.weight_scale"]
    )
    for bits, name in ((4, "four"), (8, "eight")):
        codes = torch.randint(0, 1 << bits, (8, 64))
        scales = (torch.rand(8, 4) + 0.1).half()
        zeros = torch.randint(0, 1 << bits, (8, 4))
        tensors[f"{name}.weight_packed"] = words(codes.T, bits).T.contiguous()
        tensors[f"{name}.weight_scale"] = scales
        tensors[f"{name}.weight_shape"] = torch.tensor([8, 64])
        tensors[f"{name}.weight_zero_point"] = words(zeros, bits)
        spread = (codes - zeros.repeat_interleave(16, 1)) * scales.float().repeat_interleave(16, 1)
        wanted[f"compressed-tensors/{name}.weight"] = spread

    tensors = files["mxfp4"] = {}
    blocks = torch.randint(0, 256, (2, 6, 3, 16), dtype=torch.uint8)
    scales = torch.randint(110, 135, (2, 6, 3), dtype=torch.uint8)
    tensors["experts.gate_up_proj_blocks"] = blocks
    tensors["experts.gate_up_proj_scales"] = scales
    made = convert_moe_packed_tensors(blocks, scales, dtype=torch.float32)
    wanted["mxfp4/experts.gate_up_proj_blocks"] = made.transpose(1, 2).contiguous()

    for bits in (2, 4, 8):
        tensors = files[f"gptq{bits}"] = {}
        n_in, n_out, n_groups = 64, 48, 4
        codes = torch.randint(0, 1 << bits, (n_in, n_out))
        zeros = torch.randint(1, 1 << bits, (n_groups, n_out))
        scales = (torch.rand(n_groups, n_out) + 0.1).half()
        groups = torch.randperm(n_in).int() % n_groups
        tensors["x.qweight"] = words(codes, bits)
        tensors["x.qzeros"] = words((zeros - 1).T, bits).T.contiguous()
        tensors["x.scales"], tensors["x.g_idx"] = scales, groups
        plain = (codes - zeros[groups.long()]) * scales.float()[groups.long()]
        wanted[f"gptq{bits}/x.weight"] = plain.T.contiguous()

    tensors = files["awq"] = {}
    codes = torch.randint(0, 16, (64, 48))
    zeros, scales = torch.randint(0, 16, (4, 48)), (torch.rand(4, 48) + 0.1).half()
    tensors["x.qweight"], tensors["x.qzeros"] = awq_words(codes), awq_words(zeros)
    tensors["x.scales"] = scales
    plain = (codes - zeros.repeat_interleave(16, 0)) * scales.float().repeat_interleave(16, 0)
    wanted["awq/x.weight"] = plain.T.contiguous()

    for name, found in files.items():
        save_file(found, GOLDEN / f"quantized_{name}.safetensors")
    np.savez_compressed(GOLDEN / "quantized.npz", **{k: v.numpy() for k, v in wanted.items()})


if __name__ == "__main__":
    main()
