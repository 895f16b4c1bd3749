"""Chat templates of a model folder: files of their own before what tokenizer_config.json holds."""

from pathlib import Path
from typing import Any

from engine.base.catalogue import Words
from engine.base.reading import read_file
from engine.weights.formats.checkpoint import read_json

KEY = "tokenizer.chat_template"
MORE = "additional_chat_templates"
MOST_BYTES = 1 << 20


def chat_templates(folder: Path, settings: dict[str, Any], notices: list[str]) -> dict[str, Any]:
    """tokenizer.chat_template, and named ones beside it."""
    found = _files(folder, notices) or _named(settings.get("chat_template"))
    if not found and (folder / "chat_template.json").is_file():
        found = _named(read_json(folder / "chat_template.json").get("chat_template"))
    names = [name for name in found if name != "default"]
    out = {f"{KEY}{'' if name == 'default' else '.' + name}": found[name] for name in found}
    return out | ({"tokenizer.chat_templates": names} if names else {})


def _files(folder: Path, notices: list[str]) -> dict[str, str]:
    """chat_template.jinja and the folder of further ones."""
    paths = {"default": folder / "chat_template.jinja"}
    paths |= {path.stem: path for path in sorted((folder / MORE).glob("*.jinja"))}
    found = {}
    for name, path in paths.items():
        if not path.is_file():
            continue
        if path.stat().st_size > MOST_BYTES:
            notices.append(
                Words("{file} is too large for a chat template; it is left out", file=path.name)
            )
        else:
            found[name] = read_file(path, MOST_BYTES).decode("utf-8", "replace")
    return found


def _named(template: Any) -> dict[str, str]:
    """One text, a table of texts, or a list of entries with name and template."""
    if isinstance(template, str):
        return {"default": template}
    if isinstance(template, dict):
        return {str(name): text for name, text in template.items() if isinstance(text, str)}
    found = {}
    for entry in template if isinstance(template, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("template"), str):
            found[str(entry.get("name") or "default")] = entry["template"]
    return found
