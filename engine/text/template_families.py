"""Which well-known family a model belongs to, when its file brings no chat template.

Looks only at special tokens and names; the templates themselves are files in resources.
"""

from engine.base.errors import TemplateError
from engine.base.paths import resource
from engine.text.metadata import Metadata
from engine.text.vocabulary import Vocabulary

# The first row whose tokens are all in the vocabulary decides.
BY_TOKENS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("gpt-oss", ("<|channel|>", "<|start|>", "<|message|>")),
    ("llama4", ("<|header_start|>", "<|header_end|>")),
    ("llama3", ("<|start_header_id|>", "<|end_header_id|>")),
    ("granite", ("<|start_of_role|>", "<|end_of_role|>")),
    ("command-r", ("<|START_OF_TURN_TOKEN|>", "<|USER_TOKEN|>")),
    ("deepseek", ("<｜User｜>", "<｜Assistant｜>")),
    ("glm4", ("[gMASK]", "<sop>", "<|assistant|>")),
    ("chatglm3", ("[gMASK]", "sop", "<|assistant|>")),
    ("exaone", ("[|assistant|]", "[|endofturn|]")),
    ("chatml", ("<|im_start|>", "<|im_end|>")),
    ("gemma", ("<start_of_turn>", "<end_of_turn>")),
    ("phi3", ("<|user|>", "<|assistant|>", "<|end|>")),
    ("zephyr", ("<|user|>", "<|assistant|>")),
    ("mistral", ("[INST]", "[/INST]")),
)
# Then a word in the model's name, for families that need no special tokens.
BY_NAME = (
    ("vicuna", "vicuna"),
    ("llama-2", "llama2"),
    ("llama2", "llama2"),
    ("llama v2", "llama2"),
    ("codellama", "llama2"),
    ("mistral", "mistral"),
    ("mixtral", "mistral"),
    ("zephyr", "zephyr"),
    ("tinyllama", "zephyr"),
)
# Some files name a template that llama.cpp has built in, instead of bringing one.
BY_TEMPLATE = {
    "rwkv-world": "rwkv",
    "chatml": "chatml",
    "gemma": "gemma",
    "phi3": "phi3",
    "zephyr": "zephyr",
    "vicuna": "vicuna",
    "llama2": "llama2",
    "llama3": "llama3",
    "llama4": "llama4",
    "command-r": "command-r",
    "chatglm3": "chatglm3",
    "chatglm4": "glm4",
    "exaone3": "exaone",
    "granite": "granite",
    "gpt-oss": "gpt-oss",
    "deepseek3": "deepseek",
}
FAMILY_NAMES = {
    "chatglm2": "ChatGLM 2",
    "chatglm3": "ChatGLM 3",
    "chatml": "the ChatML family",
    "command-r": "Command R",
    "deepseek": "DeepSeek",
    "exaone": "EXAONE",
    "gemma": "Gemma",
    "glm4": "GLM 4",
    "gpt-oss": "gpt-oss",
    "granite": "Granite",
    "llama2": "Llama 2",
    "llama3": "Llama 3",
    "llama4": "Llama 4",
    "mistral": "Mistral",
    "phi3": "Phi 3",
    "rwkv": "RWKV World",
    "vicuna": "Vicuna",
    "zephyr": "Zephyr",
}


def find_family(metadata: Metadata, vocabulary: Vocabulary, usual: str = "") -> str | None:
    """The family's name, or None where nothing gives it away; usual: of this architecture."""
    for family, tokens in BY_TOKENS:
        if all(token in vocabulary.ids for token in tokens):
            return family
    name = str(metadata.get("general.name", "")).lower()
    for word, family in BY_NAME:
        if word in name:
            return family
    return usual or None


def named_family(template: str) -> str | None:
    """The family of a template that is nothing but a name."""
    return BY_TEMPLATE.get(template.strip())


def family_template(family: str) -> str:
    """The Jinja source of a family's template."""
    try:
        file = resource("templates", f"{family}.jinja")
        return file.read_text("utf-8")
    except (OSError, ImportError) as error:
        raise TemplateError(
            "The chat template file {family}.jinja is missing.", family=family
        ) from error
