"""How the user wants one model to be opened and asked, where nothing else is chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from engine.base.models import ModelInfo
from engine.base.settings import LoadOptions, SamplingParams


@dataclass(frozen=True)
class ModelDefaults:
    """Wishes for one model. Empty and 0: no wish. `sampling` names values of SamplingParams."""

    system: str = ""
    sampling: Mapping[str, Any] = field(default_factory=dict, hash=False)
    n_ctx: int = 0
    threads: int = 0
    cache_type: str = ""

    def opened(
        self,
        options: LoadOptions,
        *,
        usual: LoadOptions = LoadOptions(),  # noqa: B008 (frozen)
    ) -> LoadOptions:
        """The options with these wishes where they leave the choice open, and after them with what
        is `usual` for all models."""
        cache = options.cache_type
        if cache == LoadOptions().cache_type:
            cache = self.cache_type or usual.cache_type
        return replace(
            options,
            n_ctx=options.n_ctx or self.n_ctx or usual.n_ctx,
            threads=options.threads or self.threads or usual.threads,
            cache_type=cache,
        )

    def sampled(self, base: SamplingParams) -> SamplingParams:
        """The model's own values with these wishes."""
        known = {f.name for f in fields(SamplingParams)}
        chosen = {name: value for name, value in self.sampling.items() if name in known}
        # Lists come from JSON; the record has tuples.
        given: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in chosen.items()
        }
        return replace(base, **given)

    def told_in(self, info: ModelInfo) -> ModelInfo:
        """An open model's record with these wishes as its own values."""
        sampling = self.sampled(info.default_sampling)
        return replace(info, default_sampling=sampling, default_system=self.system)


NO_WISHES = ModelDefaults()
