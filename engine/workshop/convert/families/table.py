"""The families by the class name that config.json gives."""

from engine.base.errors import FormatError, UnsupportedError
from engine.workshop.convert.config import Config
from engine.workshop.convert.families import gemma, gemma2, gpt2, llama, phi3, qwen2, qwen3
from engine.workshop.convert.families.family import Family

FAMILIES: dict[str, Family] = {
    "LlamaForCausalLM": llama.FAMILY,
    "LLaMAForCausalLM": llama.FAMILY,
    "MistralForCausalLM": llama.FAMILY,
    "YiForCausalLM": llama.FAMILY,
    "Qwen2ForCausalLM": qwen2.FAMILY,
    "Qwen3ForCausalLM": qwen3.FAMILY,
    "GemmaForCausalLM": gemma.FAMILY,
    "Gemma2ForCausalLM": gemma2.FAMILY,
    "Phi3ForCausalLM": phi3.FAMILY,
    "GPT2LMHeadModel": gpt2.FAMILY,
}


def find_family(config: Config) -> Family:
    """The family of a model's configuration."""
    names = config.values.get("architectures")
    if not isinstance(names, list) or not names or not isinstance(names[0], str):
        raise FormatError(
            f"{config.name} names no architecture (key architectures), so the model's family is "
            "not known"
        )
    if names[0] not in FAMILIES:
        raise UnsupportedError(
            f"{config.name}: models of class {names[0][:80]} cannot be converted yet; known are "
            f"{', '.join(sorted(FAMILIES))}"
        )
    return FAMILIES[names[0]]
