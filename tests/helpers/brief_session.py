"""A tiny model whose template leaves no doubt about turns, and a greedy, short conversation."""

from pathlib import Path

from helpers.open_tiny import open_tiny

from engine.base.settings import GenerationParams, SamplingParams
from engine.model import Model
from engine.session import Session

TEMPLATE = "{% for m in messages %}{{ m.role[0] }}: {{ m.content }}\n{% endfor %}a: "


def model_with_turns(folder: Path) -> Model:
    """Open with a context of 256 tokens; the caller closes it."""
    return open_tiny(folder, n_ctx=256, extra_metadata={"tokenizer.chat_template": TEMPLATE})


def brief_session(model: Model) -> Session:
    """A conversation with a system prompt; each answer is 8 tokens."""
    session = Session(model, "be brief")
    session.sampling = SamplingParams(temperature=0.0)
    session.generation = GenerationParams(max_tokens=8, ignore_eos=True)
    return session
