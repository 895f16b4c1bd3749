"""Models that make vectors of texts: how a graph ends that pools, and what encoders share.

An encoder's tokens see each other both ways. What its file says of pooling counts, unless the
caller says otherwise; a decoder's file that says something of it makes vectors, too.
"""

import re

from engine.architectures.shared.common import Common
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Layer, Model
from engine.architectures.shared.source import Metadata, Rule, Settings
from engine.base.catalogue import Words
from engine.base.errors import FormatError, UnsupportedError
from engine.compute.graph import Activation, Graph, RopeSpec, Value
from engine.weights.formats.config import Config

POOLINGS = ("none", "mean", "cls", "last", "rank")  # as GGUF numbers them
RANKS = re.compile(r"ForSequenceClassification$")
MOST_ROWS = 1 << 20


def pooling_of(keys: Keys) -> str:
    """One of POOLINGS; "" where neither the caller nor the file says."""
    if keys.pooling:
        return keys.pooling
    if not keys.has("pooling_type"):
        return ""
    number = keys.file.need_int(keys.name("pooling_type"))
    if not 0 <= number < len(POOLINGS):
        raise UnsupportedError(
            "{file}: key {key} is {number}; known are {poolings}",
            file=keys.file.path.name,
            key=keys.name("pooling_type"),
            number=number,
            poolings=", ".join(f"{i} ({name})" for i, name in enumerate(POOLINGS)),
        )
    return POOLINGS[number]


def both_ways(keys: Keys) -> None:
    """Refuses a file that wants an encoder's tokens to see only what came before."""
    keys.refuse("attention.causal", False, Words("an encoder that looks back only"))


def ended(
    model: Model, x: Value, *, scored: str = "cls", act: Activation | None = None
) -> tuple[Common, Graph]:
    """What `build` of a family returns that makes vectors of texts: one for each token where
    nothing is said of pooling.

    scored: the pooling of which a score is made; act: within what makes it, instead of tanh.
    """
    graph, pooling = model.graph, pooling_of(model.keys) or "none"
    x = _pooled(graph, x, scored if pooling == "rank" else pooling)
    if pooling == "rank":
        x = _score(model, x, act)
    else:
        for name in ("dense_2", "dense_3"):
            x = model.linear(x, name, _rows(model, name)) if model.has(name) else x
    graph.give("embedding", x)
    return model.common, graph


def written(model: Model, x: Value) -> tuple[Common, Graph]:
    """What `build` of a decoder returns: logits, or vectors where something is said of pooling."""
    keys = model.keys
    if keys.pooling or pooling_of(keys) not in ("", "none"):
        keys.refuse("attention.causal", True, Words("a decoder whose tokens look both ways"))
        return ended(model, model.norm(x, "output_norm"), scored="last")
    return model.finished(model.logits(x))


def _pooled(graph: Graph, x: Value, pooling: str) -> Value:
    if pooling in ("mean", "cls"):
        return graph.pool(x, "mean" if pooling == "mean" else "first")
    return graph.select(x)


def _score(model: Model, x: Value, act: Activation | None) -> Value:
    """How well a question and a passage go together."""
    if not model.has("cls.output"):
        raise FormatError(
            "{file}: tensor cls.output.weight is missing, which a model needs that scores texts "
            "(key {key}); use another pooling",
            file=model.keys.file.path.name,
            key=model.keys.name("pooling_type"),
        )
    graph = model.graph
    if model.has("cls"):
        x = model.linear(x, "cls", _rows(model, "cls"))
        x = graph.activate(x, act) if act else graph.softcap(x, 1.0)  # tanh
        x = model.norm(x, "cls.norm") if model.has("cls.norm") else x
    return model.linear(x, "cls.output", _rows(model, "cls.output"))


def _rows(model: Model, name: str) -> int:
    rows = model.keys.file.tensors[f"{name}.weight"].n_rows
    if not 0 < rows <= MOST_ROWS:
        raise FormatError(
            "{file}: tensor {name}.weight has {rows} rows",
            file=model.keys.file.path.name,
            name=name,
            rows=rows,
        )
    return rows


def embedded(model: Model, *, positions: bool) -> Value:
    """Tokens, their segments where the file tells these apart, learned positions; normed."""
    graph, common, x = model.graph, model.common, model.embed()
    if model.has("token_types"):
        types = graph.embed_segment(
            "token_types.weight", _rows(model, "token_types"), common.n_embd
        )
        x = graph.add(x, types)
    if positions:
        places = graph.embed_position("position_embd.weight", common.n_ctx_train, common.n_embd)
        x = graph.add(x, places)
    return model.norm(x, "token_embd_norm")


def attended(
    L: Layer, x: Value, *, rope: RopeSpec | None = None, window: int = 0, alibi: float = 0.0
) -> Value:
    """Attention both ways."""
    return L.attend(*L.qkv(x), rope=rope, window=window, alibi=alibi, causal=False)


# Conversion


def encoder_settings(config: Config, out: Metadata, found: Settings) -> Settings:
    """Keys that all encoders have; a head that scores is kept where the class has one."""
    out.own(attention__causal=False)
    out["tokenizer.ggml.token_type_count"] = config.int("type_vocab_size", 1)
    found.dims |= {"qkv": found.dims["q"] + 2 * found.dims["kv"]}
    found.dims["types"] = out["tokenizer.ggml.token_type_count"]
    names = config.get("architectures")
    named = names if isinstance(names, list) else [names]
    if any(isinstance(name, str) and RANKS.search(name) for name in named):
        labels = _labels(config)
        found.dims["labels"] = len(labels)
        out.own(pooling_type=POOLINGS.index("rank"), classifier__output_labels=labels)
    else:
        found.dims["labels"] = 1
        found.left_out = r"^(pooler|classifier|head|cls|lm_head|decoder)\."
    return found


def _labels(config: Config) -> list[str]:
    listed = config.get("id2label")
    if isinstance(listed, dict) and listed:
        return [str(text)[:200] for text in listed.values()][:1000]
    return [f"LABEL_{i}" for i in range(config.int("num_labels", 2))]


def score_rules(dense: str, out: str) -> tuple[Rule, ...]:
    """The head of a model that scores: a matrix, then the one whose rows are the labels."""
    return (
        Rule(f"{dense}.weight", "cls.weight", ("embd", "embd"), optional=True),
        Rule(f"{dense}.bias", "cls.bias", ("embd",), optional=True),
        Rule(f"{out}.weight", "cls.output.weight", ("labels", "embd"), optional=True),
        Rule(f"{out}.bias", "cls.output.bias", ("labels",), optional=True),
    )
