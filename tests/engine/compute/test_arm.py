"""Arm processors: what the system says of them, and the instructions that follow."""

import platform
from types import SimpleNamespace
from typing import Any

import pytest

from engine.compute.kernels.compiler import assembly
from engine.compute.kernels.jit import kernel_of
from engine.compute.simd import arm
from engine.compute.simd.isa import isa

pytestmark = pytest.mark.anywhere

IS_ARM = platform.machine().lower() in ("aarch64", "arm64")
A76 = 1 << 10 | 1 << 20  # asimdhp and asimddp, of Linux' hwcap.h


class Answers(SimpleNamespace):
    """A function of a system's library; ctypes lets its types be set."""

    def __call__(self, *asked: Any) -> int:
        return int(self.told(*asked))


def with_library(monkeypatch: pytest.MonkeyPatch, **functions: Answers) -> None:
    monkeypatch.setattr(arm.ctypes, "CDLL", lambda _: SimpleNamespace(**functions))


@pytest.mark.parametrize(
    ("words", "features"),
    [
        ({16: A76, 26: 0}, {"fullfp16", "dotprod"}),
        ({16: A76, 26: 1 << 14}, {"fullfp16", "dotprod", "bf16"}),
        ({16: 0b11111111, 26: 0}, set()),
    ],
)
def test_linux_tells_in_bits(
    monkeypatch: pytest.MonkeyPatch, words: dict[int, int], features: set[str]
) -> None:
    with_library(monkeypatch, getauxval=Answers(told=words.__getitem__))
    assert arm.arm_features("linux") == features


def test_a_mac_tells_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    there = {b"hw.optional.arm.FEAT_DotProd": 1, b"hw.optional.arm.FEAT_BF16": 0}

    def told(name: bytes, value: Any, *_: Any) -> int:
        value._obj.value = there.get(name, 0)
        return 0 if name in there else -1

    with_library(monkeypatch, sysctlbyname=Answers(told=told))
    assert arm.arm_features("darwin") == {"dotprod"}


def test_a_system_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    with_library(monkeypatch)
    assert arm.arm_features("linux") == arm.arm_features("darwin") == frozenset()
    assert arm.arm_features("plan9") == frozenset()


@pytest.mark.skipif(not IS_ARM, reason="runs on Arm processors alone")
@pytest.mark.parametrize(
    ("product", "feature", "instruction"),
    [("matmul_q4_0", "dotprod", "sdot"), ("matmul_bf16_pairs", "bf16", "bfdot")],
)
def test_the_kernels_use_what_is_there(product: str, feature: str, instruction: str) -> None:
    function = kernel_of("engine.compute.kernels.products", product).function
    assert (instruction in assembly(function)) == (feature in isa().features)
