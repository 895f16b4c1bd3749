"""BERT, RoBERTa, XLM-RoBERTa, CamemBERT and DistilBERT: encoders with learned positions and norms
behind each block.

MiniLM, bge, gte, e5 and bge-m3 are of this shape, and the rerankers made of them. DistilBERT knows
no segments, and has names of its own.
"""

from typing import Any

from engine.architectures.shared.common import Common, read_common
from engine.architectures.shared.decoder import (
    both,
    decoder_settings,
    figures_settings,
    norm_rules,
)
from engine.architectures.shared.encoder import (
    RANKS,
    attended,
    both_ways,
    embedded,
    encoder_settings,
    ended,
    score_rules,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.source import Metadata, Rule, Settings, Source
from engine.base.errors import FormatError, UnsupportedError
from engine.compute.graph import Graph
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    """Post-norm: what a block gives is added to what it was given, then normed."""
    both_ways(keys)
    common = read_common(keys, norm="layer")
    model = Model(keys, common)
    x = embedded(model, positions=True)
    for L in model.layers():
        x = L.norm(L.add(x, attended(L, x)), "attn_output_norm")
        x = L.norm(L.add(x, L.plain(x, "gelu")), "layer_output_norm")
    return ended(model, x)


def settings(config: Config, out: Metadata) -> Settings:
    return _settings(config, out, skipped=0)


def roberta_settings(config: Config, out: Metadata) -> Settings:
    """Its positions are counted from behind that of the padding token."""
    return _settings(config, out, skipped=int(config.int("pad_token_id", 1, low=0)) + 1)


def _settings(config: Config, out: Metadata, skipped: int) -> Settings:
    config.expect("hidden_act", "gelu")
    config.expect("position_embedding_type", "absolute", None)
    config.expect("is_decoder", False, None)
    found = decoder_settings(config, out, norm="layer", eps="layer_norm_eps")
    context = config.int("max_position_embeddings") - skipped
    if context < 1:
        raise FormatError(
            "{file}: key max_position_embeddings is {context}, of which {skipped} are not used",
            file=config.name,
            context=context + skipped,
            skipped=skipped,
        )
    out.own(context_length=context)
    found.dims |= {"ctx": context, "skipped": skipped}
    found.biased = r".*"
    return encoder_settings(config, out, found)


def distil_settings(config: Config, out: Metadata) -> Settings:
    config.expect("activation", "gelu")
    names = config.get("architectures")
    if any(RANKS.search(str(name)) for name in (names if isinstance(names, list) else [names])):
        raise UnsupportedError(
            "{file}: the model scores texts with a ReLU before its labels, which the architecture "
            "has no key for; name DistilBertModel in architectures to convert it without that head",
            file=config.name,
        )
    context = config.int("max_position_embeddings")
    found = figures_settings(
        config,
        out,
        n_ctx=context,
        n_embd=config.int("dim"),
        n_layer=config.int("n_layers"),
        n_head=config.int("n_heads"),
        n_ff=config.int("hidden_dim"),
        eps=1e-12,
    )
    found.dims |= {"ctx": context, "skipped": 0}
    found.biased = r".*"
    found = encoder_settings(config, out, found)
    out["tokenizer.ggml.token_type_count"] = 1  # whatever config.json says
    found.left_out = r"^(pre_classifier|classifier|vocab_\w+|qa_outputs)\."
    return found


_AT = "encoder.layer.{i}."
BODY = (
    Rule("embeddings.word_embeddings.weight", "token_embd.weight", ("vocab", "embd")),
    Rule("embeddings.token_type_embeddings.weight", "token_types.weight", ("types", "embd")),
    Rule(
        "embeddings.position_embeddings.weight", "position_embd.weight", ("ctx", "embd"), "skipped"
    ),
    *norm_rules("embeddings.LayerNorm", "token_embd_norm"),
    *both(f"{_AT}attention.self.query", "attn_q", ("q", "embd")),
    *both(f"{_AT}attention.self.key", "attn_k", ("kv", "embd")),
    *both(f"{_AT}attention.self.value", "attn_v", ("kv", "embd")),
    *both(f"{_AT}attention.output.dense", "attn_output", ("embd", "q")),
    *norm_rules(f"{_AT}attention.output.LayerNorm", "blk.{i}.attn_output_norm"),
    *both(f"{_AT}intermediate.dense", "ffn_up", ("ff", "embd")),
    *both(f"{_AT}output.dense", "ffn_down", ("embd", "ff")),
    *norm_rules(f"{_AT}output.LayerNorm", "blk.{i}.layer_output_norm"),
)
DEFAULTS: dict[str, Any] = {
    "vocab_size": 30522,
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
    "hidden_act": "gelu",
    "max_position_embeddings": 512,
    "type_vocab_size": 2,
    "layer_norm_eps": 1e-12,
    "tie_word_embeddings": True,
}
# What training alone uses, and names of before LayerNorm had weight and bias.
NEUTRAL = ("hidden_dropout_prob", "classifier_dropout", "pad_token_id", "add_pooling_layer")
IGNORED = r"(^|\.)(position_ids|token_type_ids)$|^cls\.|^lm_head\."
OLD_NAMES = ((r"\.gamma$", ".weight"), (r"\.beta$", ".bias"))


def _source(kind: str, name: str, prefix: str, head: tuple[Rule, ...], **own: Any) -> Source:
    kinds = ("Model", "ForSequenceClassification", "ForMaskedLM")
    return Source(
        kind,
        tuple(name + each for each in kinds),
        (*BODY, *head),
        own.get("settings", settings),
        DEFAULTS | own.get("defaults", {}),
        rotation=None,
        prefix=prefix,
        ignored=IGNORED + own.get("ignored", ""),
        neutral=NEUTRAL,
        renamed=OLD_NAMES,
    )


DISTIL_NAMES = (
    (r"(^|\.)transformer\.layer\.", r"\1encoder.layer."),
    (r"\.attention\.q_lin\.", ".attention.self.query."),
    (r"\.attention\.k_lin\.", ".attention.self.key."),
    (r"\.attention\.v_lin\.", ".attention.self.value."),
    (r"\.attention\.out_lin\.", ".attention.output.dense."),
    (r"\.sa_layer_norm\.", ".attention.output.LayerNorm."),
    (r"\.ffn\.lin1\.", ".intermediate.dense."),
    (r"\.ffn\.lin2\.", ".output.dense."),
    (r"\.output_layer_norm\.", ".output.LayerNorm."),
)
_DISTIL = Source(
    "distilbert",
    ("DistilBertModel", "DistilBertForMaskedLM", "DistilBertForSequenceClassification"),
    tuple(rule for rule in BODY if rule.target != "token_types.weight"),
    distil_settings,
    {
        "vocab_size": 30522,
        "dim": 768,
        "n_layers": 6,
        "n_heads": 12,
        "hidden_dim": 3072,
        "activation": "gelu",
        "max_position_embeddings": 512,
        "tie_word_embeddings": True,
    },
    rotation=None,
    prefix="distilbert.",
    ignored=IGNORED,
    # The sines are among its weights.
    neutral=("dropout", "qa_dropout", "seq_classif_dropout", "sinusoidal_pos_embds"),
    renamed=DISTIL_NAMES,
)
_BERT_HEAD = score_rules("pooler.dense", "classifier")
_ROBERTA: dict[str, Any] = {
    "head": score_rules("classifier.dense", "classifier.out_proj"),
    "settings": roberta_settings,
    "ignored": r"|^pooler\.",  # which does not stand before the head that scores
}
FAMILY = Family(
    build,
    (
        _source("bert", "Bert", "bert.", _BERT_HEAD),
        _source("roberta", "Roberta", "roberta.", **_ROBERTA, defaults={"vocab_size": 50265}),
        _source("xlm-roberta", "XLMRoberta", "roberta.", **_ROBERTA),
        _source("camembert", "Camembert", "roberta.", **_ROBERTA),
        _DISTIL,
    ),
)
