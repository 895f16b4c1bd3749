"""What this CPU can do, decided once. NUMBA_CPU_NAME and NUMBA_CPU_FEATURES stand in for others."""

from dataclasses import dataclass
from functools import lru_cache

import llvmlite.binding as llvm

from engine.base.environment import given, variable
from engine.compute.simd.arm import arm_features

_CPU_NAME, _CPU_FEATURES = "NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES"

_SSE = frozenset({"sse2", "ssse3", "sse4.1", "sse4.2"})
_AVX2 = _SSE | {"avx", "avx2", "fma", "f16c"}
_AVX512 = _AVX2 | {"avx512f", "avx512bw", "avx512dq", "avx512vl"}

# Only what the kernels ask about; llvmlite cannot list the features of a CPU by name.
_BY_NAME = {
    "x86-64": frozenset({"sse2"}),
    "nehalem": _SSE,
    "sandybridge": _SSE | {"avx"},
    "haswell": _AVX2,
    "skylake": _AVX2,
    "znver1": _AVX2,
    "znver3": _AVX2,
    "alderlake": _AVX2 | {"avxvnni"},
    "skylake-avx512": _AVX512,
    "icelake-client": _AVX512 | {"avx512vnni"},
    "cascadelake": _AVX512 | {"avx512vnni"},
    "znver4": _AVX512 | {"avx512vnni", "avx512bf16"},
    "sapphirerapids": _AVX512 | {"avx512vnni", "avxvnni", "avx512bf16", "avx512fp16"},
    "cortex-a72": frozenset({"neon"}),
    "apple-m1": frozenset({"neon", "dotprod", "fullfp16"}),
    "apple-m2": frozenset({"neon", "dotprod", "fullfp16", "bf16"}),
}


@dataclass(frozen=True)
class Isa:
    """The features the kernels choose by. `dot` names how u8·s8 products are summed."""

    name: str
    features: frozenset[str]
    dot: str  # vnni512 vnni256 maddubs512 maddubs256 maddubs128 sdot generic

    @property
    def registers(self) -> int:
        """How many 16-lane float accumulators fit beside the operands of a tile."""
        return 24 if "avx512f" in self.features else 6

    @property
    def register_class(self) -> str | None:
        """The letter that inline assembly uses for this CPU's vector registers."""
        if "neon" in self.features:
            return "w"
        if "avx512f" in self.features:
            return "v"
        return "x" if "sse2" in self.features else None

    @property
    def f16(self) -> bool:
        """Whether half floats widen in hardware."""
        return bool(self.features & {"f16c", "avx512f", "neon"})

    @property
    def pairs(self) -> bool:
        """Whether 8-bit weights are best multiplied as pairs of int16 (no byte dot product)."""
        return self.dot.startswith("maddubs") or self.dot == "generic"

    @property
    def bfloat(self) -> str:
        """The feature that multiplies bfloat16 and sums it as float32, or nothing."""
        return next((name for name in ("avx512bf16", "bf16") if name in self.features), "")

    def used(self) -> tuple[str, ...]:
        """Features that the kernels make use of, for the hardware report."""
        by_dot = {
            "vnni512": ("avx512f", "avx512bw", "avx512vnni"),
            "vnni256": ("avx2", "avxvnni"),
            "maddubs512": ("avx512f", "avx512bw"),
            "maddubs256": ("avx2",),
            "maddubs128": ("ssse3",),
            "sdot": ("neon", "dotprod"),
            "generic": (),
        }[self.dot]
        return tuple(sorted({*by_dot, *(self.features & {"fma", "f16c", self.bfloat})}))


@dataclass(frozen=True)
class Target:
    """What LLVM is told of the processor that code is for."""

    triple: str
    cpu: str
    features: str  # "+avx2,-avx512f,…"


@lru_cache(maxsize=1)
def target() -> Target:
    """Of this process: the processor that is here, or the one that the variables name."""
    triple, named, told = llvm.get_process_triple(), variable(_CPU_NAME), given(_CPU_FEATURES)
    if told is None:
        told = "" if named else _of_this_processor()
    return Target(triple, named or llvm.get_host_cpu_name(), told)


def _of_this_processor() -> str:
    """What LLVM finds, and what an Arm system tells: LLVM would refuse those instructions."""
    found = str(llvm.get_host_cpu_features().flatten())
    more = sorted(arm_features()) if _is_arm() else []
    return ",".join(part for part in (found, *(f"+{name}" for name in more)) if part)


@lru_cache(maxsize=1)
def isa() -> Isa:
    """The instruction set that is compiled for in this process."""
    features = frozenset({"neon" if _is_arm() else "sse2"})
    if named := variable(_CPU_NAME):
        features = _BY_NAME.get(named, features)
    else:
        features = _changed(features, _of_this_processor())
    features = _changed(features, target().features)
    return Isa(target().cpu, features, _dot(features))


def _changed(features: frozenset[str], changes: str) -> frozenset[str]:
    """With what is written as "+more,-less"."""
    for change in changes.split(","):
        if change.startswith("-"):
            features -= {change[1:]}
        elif change.startswith("+"):
            features |= {change[1:]}
    return features


def _is_arm() -> bool:
    return llvm.get_process_triple().startswith(("aarch64", "arm64"))


def _dot(features: frozenset[str]) -> str:
    if {"avx512vnni", "avx512bw"} <= features:
        return "vnni512"
    if "avxvnni" in features:
        return "vnni256"
    if "avx512bw" in features:
        return "maddubs512"
    if "avx2" in features:
        return "maddubs256"
    if "ssse3" in features:
        return "maddubs128"
    if "dotprod" in features:
        return "sdot"
    return "generic"
