"""Makes the golden files of this folder; run by hand, with torch installed.

    PYTHONPATH=tests:. python tests/engine/workshop/make_golden.py

torch_*.bin: the same few tensors as torch saves them; hostile.bin: a pickle that calls os.system.
"""

import collections
import os
from pathlib import Path
from typing import Any

import numpy as np
import torch

GOLDEN = Path(__file__).parent / "golden"


class Hostile:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("touch pwned",)


def main() -> None:
    GOLDEN.mkdir(exist_ok=True)
    torch.manual_seed(0)
    w = torch.randn(6, 8)
    some = collections.OrderedDict(
        plain=w,
        turned=w.t(),
        part=w[2:4, 1:7:2],
        bf16=w.bfloat16(),
        parameter=torch.nn.Parameter(w.half()),
        numbers=torch.arange(5),
        scalar=torch.tensor(3.0),
        mask=torch.ones(2, dtype=torch.bool),
    )
    torch.save(some, GOLDEN / "torch_zip.bin")
    nested = {"state_dict": some, "epoch": 3}
    torch.save(nested, GOLDEN / "torch_old.bin", _use_new_zipfile_serialization=False)
    torch.save({"w": w, "x": Hostile()}, GOLDEN / "hostile.bin")
    np.savez(GOLDEN / "torch.npz", **{k: v.detach().float().numpy() for k, v in some.items()})


if __name__ == "__main__":
    main()
