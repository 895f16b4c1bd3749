"""Makes the golden files of this folder; run by hand, with torch and transformers installed.

    PYTHONPATH=tests:. python tests/engine/workshop/make_golden.py

logits.npz: what transformers computes for the tiny models of helpers/tiny_checkpoints.py.
torch_*.bin: the same few tensors as torch saves them; hostile.bin: a pickle that calls os.system.
"""

import collections
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from helpers.tiny_checkpoints import CONFIGS, IDS, weights_of

GOLDEN = Path(__file__).parent / "golden"


def model_of(name: str) -> Any:
    values = dict(CONFIGS[name])
    kind = getattr(transformers, values.pop("architectures")[0])
    config = kind.config_class(**values, attn_implementation="eager")
    model = kind(config).float().eval()
    state = {key: torch.from_numpy(value) for key, value in weights_of(name).items()}
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected, unexpected
    assert set(missing) <= {"lm_head.weight"}, missing
    model.tie_weights()
    return model


def logits_of(name: str) -> np.ndarray:
    with torch.no_grad():
        return model_of(name)(torch.tensor([IDS])).logits[0].numpy().astype(np.float32)


class Hostile:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("touch pwned",)


def main() -> None:
    GOLDEN.mkdir(exist_ok=True)
    every = {name: logits_of(name) for name in CONFIGS}
    np.savez_compressed(GOLDEN / "logits.npz", **every)
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
    if len(sys.argv) > 1:  # the models themselves, to convert and compare by hand
        for name in CONFIGS:
            folder = Path(sys.argv[1]) / name
            model_of(name).save_pretrained(folder)
            torch.save(model_of(name).state_dict(), folder / "pytorch_model.bin")


if __name__ == "__main__":
    main()
