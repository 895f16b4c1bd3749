"""Tiny models that can be talked with: weights by chance, and a template."""

from pathlib import Path

from helpers.tiny_models import write_tiny_llama

# Each turn stays a prefix of the next prompt, so that the cache can be reused.
TEMPLATE = "{% for m in messages %}{{ m.role[0] }}: {{ m.content }}\n{% endfor %}a: "


def write_talker(path: Path, n_ctx: int = 512, name: str = "") -> Path:
    """`name`: what the file says of itself."""
    extra = {"tokenizer.chat_template": TEMPLATE}
    if name:
        extra["general.name"] = name
    return write_tiny_llama(path, n_ctx=n_ctx, extra_metadata=extra)
