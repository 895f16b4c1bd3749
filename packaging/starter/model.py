"""A plain Llama for training: the shape of the guide, and its tensors under Hugging Face's names.

Query, key and value are one matrix here, gate and up another; `exported` takes them apart.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    """Sizes of the guide. `n_ctx` is what it is told to read at most, a row of training less."""

    n_vocab: int = 4096
    n_embd: int = 256
    n_layer: int = 6
    n_head: int = 4
    n_head_kv: int = 2
    n_ff: int = 704
    n_ctx: int = 2048
    theta: float = 10000.0
    eps: float = 1e-5

    @property
    def head_dim(self) -> int:
        return self.n_embd // self.n_head

    def config(self) -> dict[str, object]:
        """config.json of Hugging Face."""
        return {
            "architectures": ["LlamaForCausalLM"],
            "model_type": "llama",
            "vocab_size": self.n_vocab,
            "hidden_size": self.n_embd,
            "intermediate_size": self.n_ff,
            "num_hidden_layers": self.n_layer,
            "num_attention_heads": self.n_head,
            "num_key_value_heads": self.n_head_kv,
            "head_dim": self.head_dim,
            "max_position_embeddings": self.n_ctx,
            "rms_norm_eps": self.eps,
            "rope_theta": self.theta,
            "hidden_act": "silu",
            "attention_bias": False,
            "mlp_bias": False,
            "tie_word_embeddings": False,
            "torch_dtype": "float32",
        }


class Layer(nn.Module):
    """Attention, then the gated feed-forward part, each behind a norm."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        n_kv = shape.n_head_kv * shape.head_dim
        self.attn_norm = nn.Parameter(torch.ones(shape.n_embd))
        self.ffn_norm = nn.Parameter(torch.ones(shape.n_embd))
        self.qkv = nn.Linear(shape.n_embd, shape.n_embd + 2 * n_kv, bias=False)
        self.output = nn.Linear(shape.n_embd, shape.n_embd, bias=False)
        self.gate_up = nn.Linear(shape.n_embd, 2 * shape.n_ff, bias=False)
        self.down = nn.Linear(shape.n_ff, shape.n_embd, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        s = self.shape
        batch, length, _ = x.shape
        h = self.qkv(F.rms_norm(x, (s.n_embd,), self.attn_norm, s.eps))
        heads = h.view(batch, length, -1, s.head_dim).transpose(1, 2)
        # Queries and keys turn alike, so they turn together.
        turning, v = heads.split((s.n_head + s.n_head_kv, s.n_head_kv), dim=1)
        q, k = _turned(turning, cos, sin).split((s.n_head, s.n_head_kv), dim=1)
        a = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
        x = x + self.output(a.transpose(1, 2).reshape(batch, length, s.n_embd))
        h = self.gate_up(F.rms_norm(x, (s.n_embd,), self.ffn_norm, s.eps))
        gate, up = h.chunk(2, dim=-1)
        out: Tensor = x + self.down(F.silu(gate) * up)
        return out


def _turned(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotary positions in Hugging Face's convention: the halves of a head are the pairs."""
    first, second = x.chunk(2, dim=-1)
    return torch.cat((first * cos - second * sin, second * cos + first * sin), dim=-1)


class Guide(nn.Module):
    """The whole model.

    `subjects` is there for training only: which subject the answer will have, and as the last of
    its outputs whether it will be more about it, told at the last token before the answer. That
    says in two numbers what the answer's words say in many; and since more about a subject is the
    same subject, to answer a follow-up is to say again what the question before it was about.
    """

    GLANCING = 1  # the layer that `glance` trains; the one before it can learn who is speaking

    def __init__(self, shape: Shape, n_subjects: int) -> None:
        super().__init__()
        self.shape = shape
        self.subjects = nn.Linear(shape.n_embd, n_subjects + 1, bias=False)
        self.embedding = nn.Embedding(shape.n_vocab, shape.n_embd)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.n_layer))
        self.norm = nn.Parameter(torch.ones(shape.n_embd))
        self.output = nn.Linear(shape.n_embd, shape.n_vocab, bias=False)
        half = torch.arange(0, shape.head_dim, 2, dtype=torch.float64) / shape.head_dim
        angles = torch.outer(torch.arange(shape.n_ctx, dtype=torch.float64), shape.theta**-half)
        self.register_buffer("cos", angles.cos().float(), persistent=False)
        self.register_buffer("sin", angles.sin().float(), persistent=False)
        for name, weight in self.named_parameters():
            if weight.dim() == 2:
                last = name.startswith("layers") and name.endswith(("output.weight", "down.weight"))
                nn.init.normal_(weight, std=0.02 / (2 * shape.n_layer) ** 0.5 if last else 0.04)
        nn.init.normal_(self.embedding.weight, std=0.1)
        n_kv = shape.n_head_kv * shape.head_dim
        with torch.no_grad():  # nearly equal scores: attention that looks at all alike
            self.layers[self.GLANCING].qkv.weight[:-n_kv] *= 0.25

    def forward(
        self, tokens: Tensor, positions: Tensor, wanted: Tensor, asked: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Logits at the flat indexes `wanted` only, most of the head's work not being needed, and
        those of the subjects at `asked`."""
        x = self.embedding(tokens)
        cos, sin = self.cos[positions].unsqueeze(1), self.sin[positions].unsqueeze(1)
        for layer in self.layers:
            x = layer(x, cos, sin)
        x = x.view(-1, self.shape.n_embd)
        told = self._normed(x[wanted])
        return self.output(told), self.subjects(self._normed(x[asked]))

    def glanced(self) -> list[nn.Linear | nn.Embedding]:
        """What `glance` learns."""
        layer = self.layers[self.GLANCING]
        return [self.embedding, self.subjects, layer.qkv, layer.output]

    def glance(self, tokens: Tensor, ends: Tensor) -> Tensor:
        """Logits of the subjects from the mean of a row's tokens up to `ends`: what the model would
        say if of all its layers one attention did something, and looked at all tokens alike."""
        layer, rows = self.layers[self.GLANCING], torch.arange(len(tokens))
        s, x = self.shape, self.embedding(tokens)
        seen = (torch.arange(tokens.shape[1]) <= ends[:, None]).unsqueeze(-1)
        normed = F.rms_norm(x, (s.n_embd,), layer.attn_norm, s.eps)
        mean = (normed * seen).sum(1) / (ends[:, None] + 1)
        v = F.linear(mean, layer.qkv.weight[-s.n_head_kv * s.head_dim :])
        heads = v.view(-1, s.n_head_kv, 1, s.head_dim).expand(-1, -1, s.n_head // s.n_head_kv, -1)
        looked: Tensor = x[rows, ends] + layer.output(heads.reshape(-1, s.n_embd))
        return self.subjects(self._normed(looked))

    def _normed(self, x: Tensor) -> Tensor:
        return F.rms_norm(x, (self.shape.n_embd,), self.norm, self.shape.eps)


def imported(tensors: dict[str, Tensor], shape: Shape) -> dict[str, Tensor]:
    """What `exported` made, back again; the subjects are not among it."""
    out = {
        "embedding.weight": tensors["model.embed_tokens.weight"],
        "norm": tensors["model.norm.weight"],
        "output.weight": tensors["lm_head.weight"],
    }
    for i in range(shape.n_layer):
        own, theirs = f"layers.{i}.", f"model.layers.{i}."
        qkv = [tensors[f"{theirs}self_attn.{x}_proj.weight"] for x in "qkv"]
        gate_up = [tensors[f"{theirs}mlp.{x}_proj.weight"] for x in ("gate", "up")]
        out |= {
            own + "attn_norm": tensors[theirs + "input_layernorm.weight"],
            own + "qkv.weight": torch.cat(qkv),
            own + "output.weight": tensors[theirs + "self_attn.o_proj.weight"],
            own + "ffn_norm": tensors[theirs + "post_attention_layernorm.weight"],
            own + "gate_up.weight": torch.cat(gate_up),
            own + "down.weight": tensors[theirs + "mlp.down_proj.weight"],
        }
    return out


def exported(weights: dict[str, Tensor], shape: Shape) -> dict[str, Tensor]:
    """The tensors as LlamaForCausalLM names them."""
    n_kv = shape.n_head_kv * shape.head_dim
    out = {"model.embed_tokens.weight": weights["embedding.weight"]}
    for i in range(shape.n_layer):
        own, theirs = f"layers.{i}.", f"model.layers.{i}."
        q, k, v = weights[own + "qkv.weight"].split((shape.n_embd, n_kv, n_kv))
        gate, up = weights[own + "gate_up.weight"].chunk(2)
        out |= {
            theirs + "input_layernorm.weight": weights[own + "attn_norm"],
            theirs + "self_attn.q_proj.weight": q,
            theirs + "self_attn.k_proj.weight": k,
            theirs + "self_attn.v_proj.weight": v,
            theirs + "self_attn.o_proj.weight": weights[own + "output.weight"],
            theirs + "post_attention_layernorm.weight": weights[own + "ffn_norm"],
            theirs + "mlp.gate_proj.weight": gate,
            theirs + "mlp.up_proj.weight": up,
            theirs + "mlp.down_proj.weight": weights[own + "down.weight"],
        }
    out |= {"model.norm.weight": weights["norm"], "lm_head.weight": weights["output.weight"]}
    return {name: tensor.detach().float().contiguous().clone() for name, tensor in out.items()}
