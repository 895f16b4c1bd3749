"""Asks AutoTokenizer of transformers how it reads the folders of helpers/tokenizer_folders.py.

Writes tests/engine/workshop/golden/auto_tokenizer.json. Run with transformers 5.24 and tokenizers:

    PYTHONPATH=tests:. python tests/peer/auto_tokenizer.py
"""

import json
import tempfile
from pathlib import Path

from helpers.tokenizer_folders import FOLDERS, TEXTS, write
from transformers import AutoTokenizer

GOLDEN = Path(__file__).parents[1] / "engine" / "workshop" / "golden" / "auto_tokenizer.json"


def main() -> None:
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, files) in enumerate(FOLDERS.items()):
            theirs = AutoTokenizer.from_pretrained(write(Path(folder) / str(number), files))
            found[name] = {
                "ends": [theirs.bos_token, theirs.eos_token, theirs.pad_token],
                "texts": [theirs.convert_ids_to_tokens(theirs.encode(text)) for text in TEXTS],
            }
    text = json.dumps(found, ensure_ascii=False, indent=0)
    GOLDEN.write_text(text.replace("\n", "").replace('"texts"', '\n"texts"') + "\n", "utf-8")


if __name__ == "__main__":
    main()
