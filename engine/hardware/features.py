"""Names of the processor features that matter for speed: one table for all systems' spellings."""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.base.events import SimdFeature


@dataclass(frozen=True)
class Feature:
    """`name` is for people; all words of one of the `spellings` must be there."""

    name: str
    spellings: tuple[str, ...]


_X86 = (
    Feature("SSE4.2", ("sse4_2", "sse4.2")),
    Feature("AVX2", ("avx2", "avx2_0")),
    Feature("FMA", ("fma",)),
    Feature("F16C", ("f16c",)),
    Feature("AVX-VNNI", ("avx_vnni", "avxvnni")),
    Feature("AVX-512", ("avx512f avx512bw avx512vl",)),
    Feature("AVX-512 VNNI", ("avx512_vnni", "avx512vnni")),
    Feature("AVX-512 BF16", ("avx512_bf16", "avx512bf16")),
    Feature("AMX", ("amx_int8 amx_tile", "amx-int8 amx-tile")),
)
_ARM = (
    Feature("NEON", ("asimd", "neon", "advsimd")),
    Feature("FP16", ("asimdhp", "feat_fp16", "fullfp16")),
    Feature("DotProd", ("asimddp", "feat_dotprod", "dotprod")),
    Feature("I8MM", ("i8mm", "feat_i8mm")),
    Feature("BF16", ("bf16", "feat_bf16")),
    Feature("SVE", ("sve",)),
    Feature("SVE2", ("sve2",)),
    Feature("SME", ("sme", "feat_sme")),
)


def simd_features(
    architecture: str, flags: Iterable[str], used: Iterable[str]
) -> tuple[SimdFeature, ...]:
    """Which features of this kind of processor are there, and which of them the kernels use.

    `used` may carry our names, the system's or LLVM's; a feature that is absent is never in use.
    """
    words = frozenset(word.lower() for word in flags)
    in_use = frozenset(_bare(word) for word in used)
    found = [(feature, _is_present(feature, words)) for feature in _table(architecture)]
    return tuple(SimdFeature(f.name, there, there and _is_used(f, in_use)) for f, there in found)


def _table(architecture: str) -> tuple[Feature, ...]:
    kind = architecture.lower()
    if kind in ("x86_64", "amd64", "i386", "i686", "x86"):
        return _X86
    return _ARM if kind.startswith(("arm", "aarch")) else ()


def _is_present(feature: Feature, words: frozenset[str]) -> bool:
    return any(words.issuperset(spelling.split()) for spelling in feature.spellings)


def _is_used(feature: Feature, in_use: frozenset[str]) -> bool:
    if _bare(feature.name) in in_use:
        return True
    return any(_bare(spelling.split()[0]) in in_use for spelling in feature.spellings)


def _bare(word: str) -> str:
    return "".join(letter for letter in word.lower() if letter.isalnum())
