"""The kernels compiled for other x86 processors: run where this one can, else read as assembly."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from engine.compute.simd.isa import isa

ROOT = Path(__file__).parents[3]
PRODUCTS = [
    *("test_product_is_close_to_the_exact_one[1-F16]", "test_extreme_quants_do_not_saturate"),
    *(f"test_product_is_close_to_the_exact_one[30-{name}]" for name in ("Q4_0", "Q8_0", "F16")),
]

ON_X86 = platform.machine().lower() in ("x86_64", "amd64")
pytestmark = [
    pytest.mark.anywhere,
    pytest.mark.skipif(not ON_X86, reason="x86 processors only"),
]


def run_as(cpu, *command, timeout=600):
    """Another Python that takes this processor for `cpu`."""
    env = {**os.environ, "NUMBA_CPU_NAME": cpu, "NUMBA_CPU_FEATURES": ""}
    env["PYTHONPATH"] = str(ROOT)
    done = subprocess.run(
        [sys.executable, *command],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("cpu", ["x86-64", "nehalem", "haswell"])
def test_products_as_an_older_processor_computes_them(cpu):
    if cpu == "haswell" and isa().dot == "maddubs256":
        pytest.skip("this processor takes the same path; the other tests have run it")
    tests = [f"{Path(__file__).with_name('test_matmul.py')}::{name}" for name in PRODUCTS]
    out = run_as(cpu, "-m", "pytest", *tests, "-p", "no:cacheprovider")
    assert "7 passed" in out  # the extremes are three


READ = """
from engine.compute.kernels.compiler import assembly
from engine.compute.kernels.jit import kernel_of
from engine.compute.simd.isa import isa
function = kernel_of("engine.compute.kernels.products", "matmul_{name}").function
print(isa().dot, assembly(function))
"""


@pytest.mark.parametrize(
    ("cpu", "dot", "product", "instruction", "register"),
    [
        ("znver4", "vnni512", "q4_0", "vpdpbusd", "%zmm"),
        ("alderlake", "vnni256", "q4_0", "vpdpbusd", "%ymm"),
        ("skylake-avx512", "maddubs512", "q4_0", "vpmaddubsw", "%zmm"),
        ("znver4", "vnni512", "bf16_pairs", "vdpbf16ps", "%zmm"),
    ],
)
def test_newer_processors_get_their_instructions(cpu, dot, product, instruction, register):
    out = run_as(cpu, "-c", READ.format(name=product))
    assert out.startswith(dot)
    lines = [line for line in out.splitlines() if instruction in line]
    assert lines
    assert all(register in line for line in lines)
