"""adapter_config.json: which matrices PEFT would adapt, and how strongly.

Every key is understood, known to change nothing, or refused; what nobody knows is told.
"""

import math
import re
from collections.abc import Mapping
from typing import Any, TypeVar

from engine.base.catalogue import Words
from engine.base.errors import FormatError, UnsupportedError
from engine.weights.formats.config import Config

# What PEFT takes for a key that is absent.
DEFAULT_RANK, DEFAULT_ALPHA = 8, 8.0
# Keys that would make another computation of an adapter: only these values are understood.
UNDERSTOOD: dict[str, tuple[Any, ...]] = {
    "peft_type": ("LORA",),
    "use_dora": (False,),
    "lora_bias": (False,),
    "use_qalora": (False,),
    "use_bdlora": (None, False),
    "alora_invocation_tokens": (None, []),
    "layer_replication": (None, []),
    "target_parameters": (None, []),
    "trainable_token_indices": (None, [], {}),
    "arrow_config": (None, {}),
    "kasa_config": (None, {}),
    "monteclora_config": (None, {}),
    "velora_config": (None, {}),
    "megatron_config": (None, {}),
}
# How the adapter began. Others take something out of the base model's weights for it, so that
# their product fits another base than the one that is there.
BEGINNINGS = (True, False, "gaussian", "eva", "orthogonal")
NEUTRAL = frozenset(
    (
        "task_type",
        "inference_mode",
        "base_model_name_or_path",
        "base_model_class",
        "parent_library",
        "revision",
        "auto_mapping",
        "peft_version",
        "lora_dropout",
        "megatron_core",
        "qalora_group_size",
        "corda_config",
        "eva_config",
        "loftq_config",
        "lora_ga_config",
        "runtime_config",
        "fan_in_fan_out",  # the matrices' shapes say it
        "merge_weights",
        "enable_lora",
        "bias",  # biases lie in the file, or they do not
    )
)
MOST_PATTERN = 400
D = TypeVar("D")


class AdapterSettings:
    """The settings of one adapter."""

    def __init__(self, config: Config, notices: list[str]) -> None:
        for key, values in UNDERSTOOD.items():
            config.expect(key, *values)
        self._check_beginning(config)
        self._config = config
        self._rank: int | None = config.int("r", None)
        self._alpha: float = config.float("lora_alpha", DEFAULT_ALPHA)
        self._rooted = config.bool("use_rslora", False)
        self._ranks = self._table("rank_pattern")
        self._alphas = self._table("alpha_pattern")
        self._targets = config.get("target_modules")
        self._excluded = config.get("exclude_modules")
        self._saved = config.get("modules_to_save")
        self._layers = config.get("layers_to_transform")
        self._layer_words = config.get("layers_pattern")
        self.ties = config.bool("ensure_weight_tying", False)
        unknown = config.unasked(NEUTRAL)
        if unknown:
            notices.append(
                Words(
                    "{file} has keys that are not known here and were left aside: {unknown}",
                    file=config.name,
                    unknown=", ".join(key[:60] for key in unknown[:12]),
                )
            )

    @staticmethod
    def _check_beginning(config: Config) -> None:
        began = config.get("init_lora_weights", True)
        if not any(began == each and type(began) is type(each) for each in BEGINNINGS):
            raise UnsupportedError(
                "{file}: the adapter began as {began!r}, which takes something out of the base "
                "model's weights; save it as a plain one first (save_pretrained with "
                "path_initial_model_for_weight_conversion)",
                file=config.name,
                began=str(began)[:40],
            )

    def _table(self, key: str) -> Mapping[str, float]:
        found = self._config.part(key)
        if found is None:
            return {}
        return {pattern: found.float(pattern) for pattern in found.values}

    def scale(self, module: str, rank: int) -> float:
        """What B · A is multiplied with, exactly as PEFT has it; `rank` is the file's."""
        alpha = self._of(module, self._alphas, self._alpha)
        said = self._of(module, self._ranks, self._rank)
        if said is not None and said != rank:
            raise FormatError(
                "{file} says that {module} has the rank {said:g}, but the file has {rank}; they "
                "do not belong together",
                file=self._config.name,
                module=module[:120],
                said=said,
                rank=rank,
            )
        return float(alpha / (math.sqrt(rank) if self._rooted else rank))

    def _of(self, module: str, table: Mapping[str, float], usual: D) -> float | D:
        """The first pattern that fits the end of the name, else what all others have."""
        for pattern, value in table.items():
            if self._fits(rf"(.*\.)?({pattern})$", pattern, module):
                return value
        return usual

    def _fits(self, whole: str, pattern: str, module: str) -> bool:
        """re.match with an expression out of a file, which must not be one that takes for ever."""
        if len(pattern) > MOST_PATTERN or re.search(r"\)[*+{]", pattern):
            raise UnsupportedError(
                "{file}: the expression {pattern!r} is too tangled to be tried",
                file=self._config.name,
                pattern=pattern[:60],
            )
        if len(re.findall(r"[*+{]", pattern)) > 4:
            raise UnsupportedError(
                "{file}: the expression {pattern!r} is too tangled to be tried",
                file=self._config.name,
                pattern=pattern[:60],
            )
        try:
            return re.match(whole, module[:300]) is not None
        except re.error as error:
            raise FormatError(
                "{file}: {pattern!r} is no expression: {error}",
                file=self._config.name,
                pattern=pattern[:60],
                error=error,
            ) from None

    def is_adapted(self, module: str) -> bool:
        """Would PEFT make an adapter for this module? Weights of others it leaves aside."""
        if self._among(self._excluded, module) or self.is_saved(module):
            return False
        if self._targets in (None, "all-linear"):
            return True
        return self._among(self._targets, module) and self._in_layers(module)

    def is_saved(self, module: str) -> bool:
        """Is it one of modules_to_save, of which the adapter has one of its own?"""
        return isinstance(self._saved, list) and any(
            isinstance(each, str) and re.search(rf"(^|\.){re.escape(each)}($|\.)", module)
            for each in self._saved
        )

    def _among(self, listed: Any, module: str) -> bool:
        """An expression for whole names, or a list of their ends."""
        if not listed:
            return False
        if isinstance(listed, str):
            return self._fits(f"(?:{listed})$", listed, module)
        if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
            raise FormatError(
                "{file}: a list of modules is no list of names", file=self._config.name
            )
        return any(module == each or module.endswith(f".{each}") for each in listed)

    def _in_layers(self, module: str) -> bool:
        """Only ends of names heed layers_to_transform; expressions and whole names say all."""
        if isinstance(self._targets, str) or module in self._targets or self._layers in (None, []):
            return True
        words = self._layer_words or [r"[^.]*"]
        words = [words] if isinstance(words, str) else words
        if not isinstance(words, list):
            raise FormatError(
                "{file}: key layers_pattern is no list of names", file=self._config.name
            )
        for word in words:
            pattern = word if word == r"[^.]*" else re.escape(str(word))
            found = re.match(rf"(?:^|.*?\.){pattern}\.(\d+)\.", module)
            if found:
                listed = self._layers if isinstance(self._layers, list) else [self._layers]
                return int(found[1]) in listed
        return False
