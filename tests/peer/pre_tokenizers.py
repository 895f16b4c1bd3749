"""Writes tests/engine/text/golden/pre.json.gz: llama.cpp's tokens for each tokenizer.ggml.pre.

    PYTHONPATH=tests:. .venv/bin/python tests/peer/pre_tokenizers.py PEER_PYTHON

A vocabulary of tests/helpers/cut_texts.py is made, and asked again and again under another name. A
name that llama.cpp does not load is left out. In the file: groups of names with the same tokens.
"""

import gzip
import json
import subprocess
import sys
import tempfile
from pathlib import Path

OUT = Path(__file__).resolve().parents[1] / "engine" / "text" / "golden" / "pre.json.gz"
ASK = """
import json, sys
import llama_cpp
path, name = sys.argv[1:]
model = llama_cpp.Llama(path, vocab_only=True, verbose=False,
                        kv_overrides={"tokenizer.ggml.pre": name})
texts = json.load(sys.stdin)
print(json.dumps([model.tokenize(t.encode(), add_bos=False, special=False) for t in texts]))
"""


def main() -> None:
    import gguf
    from helpers.cut_texts import cut_texts, pairs_metadata

    from engine.text.pretokenizers import find_pretokenizer, pretokenizer_names

    texts = cut_texts()
    metadata = pairs_metadata(texts, "gpt-2")
    groups: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "vocabulary.gguf")
        writer = gguf.GGUFWriter(path, "llama")
        for key, value in metadata.items():
            if isinstance(value, str):
                writer.add_string(key, value)
            elif isinstance(value, bool):
                writer.add_bool(key, value)
            elif isinstance(value, int):
                writer.add_uint32(key, value)
            else:
                writer.add_array(key, value)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        for name in pretokenizer_names():
            found = find_pretokenizer(name)
            if found is None or not found.byte_level or found.drops_spaces:
                continue
            asked = subprocess.run(
                [sys.argv[1], "-c", ASK, path, name],
                input=json.dumps(texts), capture_output=True, text=True, check=False,
            )  # fmt: skip
            if asked.returncode:
                print(name, "is not loaded")
                continue
            groups.setdefault(asked.stdout.strip(), []).append(name)
    found_groups = [{"names": names, "ids": json.loads(ids)} for ids, names in groups.items()]
    data = json.dumps(found_groups, separators=(",", ":")).encode()
    OUT.write_bytes(gzip.compress(data, mtime=0))
    print(len(groups), "groups,", OUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
