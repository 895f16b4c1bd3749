"""Chooses a type for every tensor of a model: what the target's rules say, then the user's wishes.

Invariant: the plan depends on names, shapes and metadata alone; no weight is read for it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.base.errors import UsageError
from engine.weights.formats.gguf import GGUFFile, TensorInfo
from engine.weights.types import TensorType
from engine.workshop import mixes_rules as rules
from engine.workshop.mixes_names import (
    EMBEDDINGS,
    OUTPUT,
    Role,
    layer_of,
    may_be_quantized,
    role_of,
)

COPY = "COPY"
ALIASES = {"Q3_K": "Q3_K_M", "Q4_K": "Q4_K_M", "Q5_K": "Q5_K_M"}
TARGETS = (*rules.USUAL, COPY)
# Types in which models are published: no file of theirs has better numbers.
PUBLISHED = (TensorType.MXFP4, TensorType.NVFP4)
COUNTED: tuple[Role, ...] = ("attn_v", "ffn_down", "ffn_gate", "ffn_up")


@dataclass(frozen=True)
class Wishes:
    """What the user wants otherwise than the target's rules."""

    output_type: TensorType | None = None
    embedding_type: TensorType | None = None
    by_pattern: Sequence[tuple[str, TensorType]] = ()  # the first pattern found in a name wins
    pure: bool = False  # every tensor the target's usual type
    leave_output: bool = False  # output.weight stays as it is


@dataclass(frozen=True)
class ModelFacts:
    """What the rules want to know of a model."""

    architecture: str
    n_layer: int
    n_expert: int
    grouped: bool
    seventy: bool  # the 70B shape, whose values are small beside the rest


@dataclass
class _State:
    """How many tensors of each role came by, as the rules count them."""

    facts: ModelFacts
    target: str
    wishes: Wishes
    has_imatrix: bool
    tied: bool
    n_values: int
    seen: dict[Role, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))


def target_name(name: str) -> str:
    """The target that a user's spelling means; an unknown one is an error that lists them."""
    found = ALIASES.get(name.upper(), name.upper())
    if found not in TARGETS:
        raise UsageError(
            "'{name}' is no type to quantize to; choose one of {targets}",
            name=name,
            targets=", ".join(TARGETS),
        )
    return found


def type_named(name: str) -> TensorType:
    """A tensor type by name, as in --tensor-type."""
    try:
        return TensorType[name.upper()]
    except KeyError:
        raise UsageError(
            "'{name}' is no tensor type; examples are Q4_K, Q8_0 and F16", name=name
        ) from None


def parse_patterns(lines: Iterable[str]) -> list[tuple[str, TensorType]]:
    """REGEX=TYPE, one each (--tensor-type, or the lines of --tensor-type-file)."""
    found = []
    for line in filter(None, map(str.strip, lines)):
        pattern, equals, name = line.rpartition("=")
        if not equals or not pattern:
            raise UsageError("'{line}' must be REGEX=TYPE, such as 'ffn_down=Q6_K'", line=line)
        found.append((pattern, type_named(name)))
    return found


def facts_of(file: GGUFFile) -> ModelFacts:
    arch = file.architecture
    n_layer = file.get_int(f"{arch}.block_count", 0)
    heads, shared = (
        _first(file, f"{arch}.attention.{key}") for key in ("head_count", "head_count_kv")
    )
    shared = heads if f"{arch}.attention.head_count_kv" not in file.metadata else shared
    shape_of_70b = n_layer == 80 and arch in ("llama", "qwen2", "deci")
    return ModelFacts(
        architecture=arch,
        n_layer=n_layer,
        n_expert=file.get_int(f"{arch}.expert_count", 0),
        grouped=shared > 0 and heads // shared >= 4,
        seventy=shape_of_70b and (arch != "llama" or heads != shared),
    )


def _first(file: GGUFFile, key: str) -> int:
    """A number, or the first layer's where there is one for each; 0 where there is none."""
    if isinstance(file.metadata.get(key), int):
        return file.need_int(key)
    return next(iter(file.get_ints(key, ())), 0)


def plan_types(
    tensors: Mapping[str, TensorInfo],
    facts: ModelFacts,
    target: str,
    wishes: Wishes = Wishes(),  # noqa: B008 (frozen)
    has_imatrix: bool = False,
) -> dict[str, TensorType]:
    """The type each tensor is to have, in the order of `tensors`."""
    names = sorted(tensors, key=lambda name: (layer_of(name), name))
    state = _State(
        facts,
        target,
        wishes,
        has_imatrix,
        tied=OUTPUT not in tensors,
        n_values=sum(role_of(name) == "attn_v" for name in names),
    )
    patterns = _compiled(wishes.by_pattern)
    planned = {name: _planned(tensors[name], state, patterns) for name in names}
    return {name: planned[name] for name in tensors}


def needs_imatrix(name: str, kind: TensorType, target: str) -> bool:
    """Whether the result would be noise without importance."""
    if name == OUTPUT or name in EMBEDDINGS:
        return False
    return kind.blocks.needs_importance or (kind is TensorType.Q2_K and target == "Q2_K_S")


def _compiled(
    patterns: Sequence[tuple[str, TensorType]],
) -> list[tuple[re.Pattern[str], TensorType]]:
    try:
        return [(re.compile(pattern), kind) for pattern, kind in patterns]
    except re.error as error:
        raise UsageError(
            "'{pattern}' is no regular expression: {reason}",
            pattern=error.pattern,
            reason=error.msg,
        ) from None


def _planned(
    info: TensorInfo, state: _State, patterns: list[tuple[re.Pattern[str], TensorType]]
) -> TensorType:
    wishes, role = state.wishes, role_of(info.name)
    leave = info.name == OUTPUT and wishes.leave_output
    if state.target == COPY or leave or not may_be_quantized(info.name, info.shape):
        return info.type
    if role == "token_embd" and wishes.embedding_type is not None:
        return wishes.embedding_type
    if role == "output" and wishes.output_type is not None:
        return wishes.output_type
    wanted = next((kind for pattern, kind in patterns if pattern.search(info.name)), None)
    usual = rules.USUAL[state.target]
    if wanted is None and not wishes.pure and usual.block > 1:
        wanted = _by_rules(info, role, state, usual)
        if stays(info.type, wanted):
            return info.type
    return fitting(usual if wanted is None else wanted, info.n_cols)


def stays(source: TensorType, wanted: TensorType) -> bool:
    """Whether a tensor is better copied: blocks of a larger type would hold the same numbers, less
    exactly. Floats hold them exactly."""
    larger = wanted.bits_per_weight >= source.bits_per_weight
    return source in PUBLISHED and wanted.block > 1 and larger


def fitting(kind: TensorType, n_cols: int) -> TensorType:
    """The type itself, or one whose blocks fit the rows."""
    if n_cols % kind.block == 0:
        return kind
    other = rules.FALLBACK.get(kind, TensorType.F16)
    return other if n_cols % other.block == 0 else TensorType.F16


def _by_rules(info: TensorInfo, role: Role, state: _State, usual: TensorType) -> TensorType:
    if role == "output" or (state.tied and role == "token_embd"):
        return _output_type(info, state, usual)
    if state.target == "MXFP4_MOE":
        return TensorType.MXFP4 if len(info.shape) > 2 and info.shape[-3] > 1 else TensorType.Q8_0
    if role == "token_embd":
        found = rules.EMBEDDINGS.get(state.target, usual)
        assert isinstance(found, TensorType)
        return found
    rule = _lookup(_rules_for(role, state), state.target, _place(info, role, state))
    kind = usual if rule is None else rule
    if role in state.seen:
        state.seen[role] += 1
    raised = kind in (TensorType.Q3_K, TensorType.Q4_K) and state.target not in rules.LOW
    if role == "attn_v" and state.facts.seventy and raised:
        return TensorType.Q5_K
    return kind


def _output_type(info: TensorInfo, state: _State, usual: TensorType) -> TensorType:
    """The output decides every token: it gets more bits than the rest."""
    if state.wishes.output_type is not None:
        return state.wishes.output_type
    if state.facts.architecture == "falcon" or info.n_cols % usual.block:
        return TensorType.Q8_0
    chosen = rules.OUTPUT.get(state.target)
    if isinstance(chosen, TensorType):
        return chosen
    return usual if usual is TensorType.Q8_0 else TensorType.Q6_K


def _rules_for(role: Role, state: _State) -> list[rules.Rules]:
    """Tables to look into, the most particular first."""
    tables = [rules.BY_ROLE.get(role, {})]
    if state.facts.architecture == "falcon" and role in rules.FALCON:
        return [rules.FALCON[role]]
    if state.facts.n_expert == 8 and role in rules.EIGHT_EXPERTS:
        special = rules.EIGHT_EXPERTS[role]
        return [special] if role == "attn_output" else [special, *tables]
    return tables


def _lookup(
    tables: list[rules.Rules], target: str, place: rules.TensorPosition
) -> TensorType | None:
    for table in tables:
        if target in table:
            rule = table[target]
            return rule if isinstance(rule, TensorType) else rule(place)
    return None


def _place(info: TensorInfo, role: Role, state: _State) -> rules.TensorPosition:
    facts = state.facts
    i, n = state.seen.get(role, 0), state.n_values if role == "attn_v" else facts.n_layer
    # With experts a layer may have several such tensors; the lowest types count them all the same.
    if facts.n_expert > 1 and role != "attn_v" and state.target not in rules.LOW:
        i = layer_of(info.name)
    return rules.TensorPosition(i, n, facts.grouped, facts.n_expert, state.has_imatrix)
