"""Makes golden/variants.npz and adapters.npz: what transformers and peft do.

For helpers/checkpoint_variants.py and helpers/adapter_variants.py.

PYTHONPATH=tests:. python tests/engine/workshop/make_variants.py
"""

import tempfile
from pathlib import Path

import numpy as np
import peft
import torch
import transformers
from helpers.adapter_variants import ADAPTERS, write_adapter_variant
from helpers.checkpoint_variants import VARIANTS, write_variant
from helpers.tiny_checkpoints import IDS, write_folder

GOLDEN = Path(__file__).parent / "golden"


def logits_of(folder: Path, adapter: Path | None = None) -> np.ndarray:
    load = transformers.AutoModelForCausalLM.from_pretrained
    model = load(folder, attn_implementation="eager", dtype=torch.float32).eval()
    if adapter is not None:
        model = peft.PeftModel.from_pretrained(model, adapter).eval()
    with torch.no_grad():
        return model(torch.tensor([IDS])).logits[0].numpy().astype(np.float32)


def main() -> None:
    every = {}
    for name, variant in VARIANTS.items():
        with tempfile.TemporaryDirectory() as folder:
            try:
                logits = logits_of(write_variant(Path(folder), variant))
                every[name] = np.stack([logits[4], logits[-1]])  # two positions tell enough
            except Exception as error:  # noqa: BLE001 (to be read by whoever runs this)
                print(f"{name}: {type(error).__name__}: {str(error)[:300]}")
    np.savez_compressed(GOLDEN / "variants.npz", **every)
    changed = {}
    for name, adapter in ADAPTERS.items():
        with tempfile.TemporaryDirectory() as place:
            base = write_folder(Path(place) / "base", adapter.base)
            lora = write_adapter_variant(Path(place) / "lora", adapter)
            try:
                logits = logits_of(base, lora)
                changed[name] = np.stack([logits[4], logits[-1]])
            except Exception as error:  # noqa: BLE001 (to be read by whoever runs this)
                print(f"{name}: {type(error).__name__}: {str(error)[:300]}")
    np.savez_compressed(GOLDEN / "adapters.npz", **changed)


if __name__ == "__main__":
    main()
