"""Every key of config.json: read by the family, known to change nothing, or told.

transformers leaves keys aside that its class does not know; so does conversion, but it says so.
"""

from collections.abc import Sequence
from typing import Any

from engine.base.catalogue import Words, and_more
from engine.weights.formats.config import Config

# Bookkeeping, training, generation, classification heads: nothing a trained model computes.
NEUTRAL = frozenset(
    [
        "architectures",
        "model_type",
        "transformers_version",
        "torch_dtype",
        "dtype",
        "auto_map",
        "name_or_path",
        "use_cache",
        "output_hidden_states",
        "output_attentions",
        "return_dict",
        "torchscript",
        "use_bfloat16",
        "attn_implementation",
        "tokenizer_class",
        "model_max_length",
        "tie_encoder_decoder",
        "is_decoder",
        "initializer_range",
        "attention_dropout",
        "attention_probs_dropout_prob",
        "hidden_dropout",
        "resid_pdrop",
        "embd_pdrop",
        "attn_pdrop",
        "summary_first_dropout",
        "dropout",
        "gradient_checkpointing",
        "pretraining_tp",
        "chunk_size_feed_forward",
        "reorder_and_upcast_attn",
        "use_sliding_window_for_training",
        "id2label",
        "label2id",
        "num_labels",
        "problem_type",
        "finetuning_task",
        "task_specific_params",
        "prefix",
        "summary_type",
        "summary_use_proj",
        "summary_activation",
        "summary_proj_to_labels",
        "bos_token_id",
        "eos_token_id",
        "pad_token_id",
        "sep_token_id",
        "unk_token_id",
        "decoder_start_token_id",
        "max_length",
        "min_length",
        "do_sample",
        "early_stopping",
        "num_beams",
        "temperature",
        "top_k",
        "top_p",
        "typical_p",
        "repetition_penalty",
        "length_penalty",
        "no_repeat_ngram_size",
        "encoder_no_repeat_ngram_size",
        "bad_words_ids",
        "num_return_sequences",
        "output_scores",
        "return_dict_in_generate",
        "output_router_logits",
        "router_aux_loss_coef",
        "router_jitter_noise",
        "forced_bos_token_id",
        "forced_eos_token_id",
        "remove_invalid_values",
        "exponential_decay_length_penalty",
        "suppress_tokens",
        "begin_suppress_tokens",
        "num_beam_groups",
        "diversity_penalty",
        "cache_implementation",
        "n_ctx",
        "cross_attention_hidden_size",
        "quantization_config",
        "unsloth_fixed",
        "unsloth_version",
        "use_flash_attn",
        "use_cache_quantization",
    ]
)
# Keys of any class that would change what is computed: only these values are understood.
UNDERSTOOD: dict[str, tuple[Any, ...]] = {
    "is_encoder_decoder": (False,),
    "add_cross_attention": (False,),
    "per_layer_config": (None, {}),
    "pruned_heads": (None, {}),
    "use_bidirectional_attention": (None, False),
}
# Figures without which a model is another one: that a default was taken for them is told.
TOLD = (
    "vocab_size",
    "hidden_size",
    "intermediate_size",
    "num_hidden_layers",
    "num_attention_heads",
    "max_position_embeddings",
    "rms_norm_eps",
    "n_positions",
    "n_embd",
    "n_layer",
    "n_head",
)
MOST_TOLD = 12


def check_fields(
    config: Config, notices: list[str], neutral: Sequence[str], reads: Sequence[str] = ()
) -> None:
    """After all was read: refuses what would change the model, tells what nobody knows.

    neutral: what the class has beside NEUTRAL; reads: what of UNDERSTOOD it sees to itself.
    """
    for key, values in UNDERSTOOD.items():
        if key not in reads and key not in neutral:
            config.expect(key, *values)
    unknown = config.unasked(NEUTRAL.union(neutral))
    if unknown:
        names = and_more([key[:60] for key in unknown[:MOST_TOLD]], len(unknown))
        notices.append(
            Words(
                "{file} has keys that this kind of model does not know and that were left aside: "
                "{names}",
                file=config.name,
                names=names,
            )
        )
