"""A program packed with a model of the test's own, or with none, whatever lies in resources."""

from pathlib import Path

import pytest
from helpers.tiny_models import write_tiny_llama

TEMPLATE = "{% for m in messages %}{{ m.role[0] }}: {{ m.content }}\n{% endfor %}a: "
NAME = "Chaski Guide"


def pack_starter(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    """From now on the program's resources hold a tiny model, in `folder`."""
    folder.mkdir(parents=True)
    (folder / "LICENSE.txt").write_text("free")
    words = {"tokenizer.chat_template": TEMPLATE, "general.name": NAME}
    path = write_tiny_llama(folder / "tiny-guide.gguf", n_ctx=512, extra_metadata=words)
    monkeypatch.setattr("engine.base.starter_file.resource_path", lambda *names: folder)
    return path


def pack_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the program has no starter model."""
    monkeypatch.setattr("engine.base.starter_file.resource_path", lambda *names: None)
