"""What a conversion will write: metadata and tensors, before anything is read or written.

Tensors come to their names and shapes by the rules of a family (architectures/NAME.py).
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from engine.architectures.shared.source import Metadata, Rule, Scales
from engine.base.catalogue import Words
from engine.base.errors import FormatError, UnsupportedError
from engine.weights.formats import lazy
from engine.weights.formats.checkpoint import Checkpoint
from engine.weights.formats.lazy import LazyTensor
from engine.workshop.convert.bends import Dims, bent, scaled, shape_text

Layers = Mapping[str, Collection[int]]


@dataclass
class ConvertPlan:
    """All that is needed to write the file. `checkpoint` is closed by whoever opened the plan.

    rules, prefix, dims: how the tensors came to their names, where adapters can be merged in.
    """

    what: str
    metadata: Metadata
    tensors: dict[str, LazyTensor]
    checkpoint: Checkpoint
    name: str
    notices: list[str] = field(default_factory=list)
    rules: Sequence[Rule] = ()
    prefix: str = ""
    dims: Dims = field(default_factory=dict)

    @property
    def architecture(self) -> str:
        return self.metadata.architecture

    @property
    def n_parameters(self) -> int:
        return sum(tensor.n_elements for tensor in self.tensors.values())


def apply_rules(
    rules: Sequence[Rule],
    checkpoint: Mapping[str, LazyTensor],
    dims: Dims,
    where: str,
    ignored: str = r"$^",
    layers: Layers = MappingProxyType({}),
    scales: Scales = MappingProxyType({}),
) -> dict[str, LazyTensor]:
    """GGUF tensors in the order of the rules. Every tensor must have its place and its shape.

    layers: which ones the rules mean that are for some of them only, by name; a rule outside the
    layers that names some is for models that have such. scales: the factors of rows that rules
    mean, by name.
    """
    left = dict(checkpoint)
    found: dict[str, LazyTensor] = {}
    forms: dict[str, list[Rule]] = {}  # by target: it has one of several sources
    for rule in _expanded(rules, dims["n_layer"], layers):
        forms.setdefault(rule.target, []).append(rule)
        tensor = _taken(rule, checkpoint, left, dims, where)
        if tensor is not None:
            if tensor.n_rows and not tensor.looked:
                tensor.read(0, 1)  # a type that cannot be read is an error now, not in the middle
            made = bent(rule, tensor, dims, where)
            found[rule.target] = scaled(made, scales[rule.scale]) if rule.scale else made
        elif not rule.optional:
            raise FormatError(
                "{where}: {missing}", where=where, missing=_missing(rule.source, rules, checkpoint)
            )
    for target, several in forms.items():
        if len(several) > 1 and target not in found:
            source = several[0].source.replace("{e}", "0")
            raise FormatError(
                "{where}: {missing}", where=where, missing=_missing(source, rules, checkpoint)
            )
    unknown = [name for name in left if not re.search(ignored, name)]
    if unknown:
        raise UnsupportedError(
            "{where}: tensor {unknown} has no place in this model family; it is a variant that "
            "cannot be converted ({n_unknown} such tensors)",
            where=where,
            unknown=unknown[0][:120],
            n_unknown=len(unknown),
        )
    return found


def _taken(
    rule: Rule,
    there: Mapping[str, LazyTensor],
    left: dict[str, LazyTensor],
    dims: Dims,
    where: str,
) -> LazyTensor | None:
    """What a rule's source stands for; it is no longer left."""
    left.pop(rule.source, None)
    if "{e}" not in rule.source:
        return there.get(rule.source)
    parts = []
    for e in range(dims[rule.count]):
        name = rule.source.replace("{e}", str(e))
        if name not in there:
            return None
        parts.append(there[name])
        left.pop(name, None)
        if (parts[-1].kind, parts[-1].shape) != (parts[0].kind, parts[0].shape):
            raise FormatError(
                "{where}: the tensors {first} ({kind}, {shape}) and {name} ({kind_2}, {shape_2}) "
                "do not fit together, though both become one; get the model again",
                where=where,
                first=rule.source.replace("{e}", "0"),
                kind=parts[0].kind.name,
                shape=shape_text(parts[0].shape),
                name=name,
                kind_2=parts[-1].kind.name,
                shape_2=shape_text(parts[-1].shape),
            )
    return lazy.stacked(parts)


def take_figures(
    rules: Sequence[Rule], tensors: dict[str, LazyTensor], n_layer: int
) -> dict[str, list[float]]:
    """What the rules say are figures, out of the tensors: a value for each layer, by key."""
    found: dict[str, list[float]] = {}
    for rule in rules:
        if rule.bend == "figure":
            key, _, _ = rule.target.rpartition(".")
            names = [rule.target.replace("{i}", str(i)) for i in range(n_layer)]
            found[key] = [float(tensors.pop(name).whole().reshape(-1)[0]) for name in names]
    return found


def _missing(name: str, rules: Sequence[Rule], there: Mapping[str, LazyTensor]) -> str:
    """What to say of a tensor that is not there: what is there in its place, if anything."""
    layer = re.match(r"\w+\.\d+\.", name)
    if layer and not any(other.startswith(layer[0]) for other in there):
        return Words(
            "tensor {name} is missing, and all others of this layer are; the configuration "
            "asks for more layers than the file has, or the model is incomplete",
            name=name,
        )
    known = {rule.source for rule in rules}
    odd = [
        other
        for other in there
        if _home(other) == _home(name) and re.sub(r"\.\d+\.", ".{i}.", other, count=1) not in known
    ]
    if odd:
        return Words(
            "tensor {name} is missing; the file has others in its place, such as {odd}, so it "
            "is of another kind than its configuration says",
            name=name,
            odd=odd[0][:120],
        )
    return Words("tensor {name} is missing; the model is incomplete, get it again", name=name)


def _home(name: str) -> str:
    """The module that holds a tensor's module: layers.0.self_attn of layers.0.self_attn.q.weight"""
    return name.rpartition(".")[0].rpartition(".")[0]


def _expanded(rules: Sequence[Rule], n_layer: int, layers: Layers) -> Iterator[Rule]:
    """Rules with {i} once per layer, layer after layer, where the first of them stands.

    A generator, so that an absurd number of layers ends at the first that is missing.
    """
    layered = [rule for rule in rules if "{i}" in rule.source]
    for rule in rules:
        if rule not in layered:
            if not rule.layers or layers[rule.layers]:
                yield rule
        elif rule is layered[0]:
            for i in range(n_layer):
                here = (each for each in layered if not each.layers or i in layers[each.layers])
                yield from (_of_layer(each, i) for each in here)


def _of_layer(rule: Rule, i: int) -> Rule:
    source, target = rule.source.replace("{i}", str(i)), rule.target.replace("{i}", str(i))
    return replace(rule, source=source, target=target)
