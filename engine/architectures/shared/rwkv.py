"""What RWKV-6 and 7 have in common: heads of one size, the token before, bends through low ranks.

No attention, no positions: each layer remembers the row of the token before, twice, and a square of
figures for each head. Checkpoints of RWKV's own kind are not converted.
"""

from engine.architectures.shared.common import Common, read_common
from engine.architectures.shared.keys import MAX_WIDTH, Keys
from engine.architectures.shared.pen import Layer, Model
from engine.base.catalogue import Words
from engine.base.errors import FormatError
from engine.compute.graph import Fixed, StateRef, Value

GROUP_EPSILON = 64e-5  # of the norm of what was recalled; no file says it
SHIFTS = 2  # rows of a layer that are looked back at


def read_rwkv(keys: Keys) -> tuple[Common, int]:
    """The figures of the model, and the columns of a head."""
    common = read_common(keys, norm="layer", hybrid=True)
    size = keys.int("wkv.head_size", 1, MAX_WIDTH)
    if common.n_embd % size:
        raise FormatError(
            "{file}: {n_embd} columns make no heads of {size} (keys {key}, {key_2})",
            file=keys.file.path.name,
            n_embd=common.n_embd,
            size=size,
            key=keys.name("embedding_length"),
            key_2=keys.name("wkv.head_size"),
        )
    keys.refuse("token_shift_count", SHIFTS, Words("another number of shifted rows"))
    return common, size


def read_rank(keys: Keys, key: str) -> int:
    return keys.int(key, 1, MAX_WIDTH)


def embedded(model: Model) -> Value:
    """Rows of the embedding, which have a norm of their own."""
    return model.norm(model.embed(), "token_embd_norm")


def tanh(L: Layer, x: Value) -> Value:
    return L.graph.softcap(x, 1.0)


def heads_state(L: Layer, size: int) -> StateRef[Fixed]:
    """A square of `size` for each head."""
    return L.graph.keep(Fixed((L.common.n_embd // size, size, size)))


def recalled(L: Layer, x: Value, size: int) -> Value:
    """The norm of each head, with weights and biases of the whole row."""
    name = f"{L.prefix}time_mix_ln"
    return L.graph.group_norm(x, f"{name}.weight", f"{name}.bias", GROUP_EPSILON, size)
