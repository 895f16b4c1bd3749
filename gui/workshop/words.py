"""What the workshop says: a plain sentence for every type, times, names of files. No Qt."""

import re
from pathlib import Path

from engine.api import inspect, jobs, sizes
from gui.language import figures, marked, said, tr

USUAL = ("F16", "Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "IQ4_XS", "Q4_0", "Q3_K_M", "Q2_K")
FAVOURITES = ("Q4_K_M", "IQ4_XS", "Q3_K_M", "Q2_K", "Q4_0", "Q8_0")

SENTENCES = {
    "F32": marked("Every weight in full; only needed as a source for further work"),
    "F16": marked("16 bits for each weight: as good as the original"),
    "BF16": marked("16 bits for each weight, as most new models are trained"),
    "Q8_0": marked("Nearly lossless"),
    "Q6_K": marked("Hardly a difference to the original"),
    "Q5_K_M": marked("Very close to the original"),
    "Q5_K_S": marked("Very close to the original, a little smaller"),
    "Q4_K_M": marked("The usual balance of size and quality"),
    "Q4_K_S": marked("A little smaller and a little less exact than Q4_K_M"),
    "IQ4_XS": marked("The smallest of the good 4-bit types"),
    "IQ4_NL": marked("Four bits with finer steps where most weights lie"),
    "Q4_0": marked("An older 4-bit type: simple and fast everywhere"),
    "Q4_1": marked("An older 4-bit type, larger than Q4_0"),
    "Q5_0": marked("An older 5-bit type; Q5_K_M is better"),
    "Q5_1": marked("An older 5-bit type; Q5_K_M is better"),
    "Q3_K_L": marked("Small, with some loss"),
    "Q3_K_M": marked("Small, with some loss that you may notice"),
    "Q3_K_S": marked("Small, with clear loss"),
    "Q2_K": marked("Very small, with clear loss"),
    "Q2_K_S": marked("Very small, with clear loss"),
    "MXFP4_MOE": marked("Four bits for models made of experts"),
    "TQ1_0": marked("Only for models trained with three values for each weight"),
    "TQ2_0": marked("Only for models trained with three values for each weight"),
    "Q1_0": marked("Only for models trained with one bit for each weight"),
    "Q2_0": marked("Only for models trained with two bits for each weight"),
}
FAMILIES = {
    "IQ1": marked("As small as can be; answers suffer much"),
    "IQ2": marked("Very small, better than Q2_K at its size"),
    "IQ3": marked("Small, better than Q3_K at its size"),
}
WEIGHED = ", weighed"
_TYPE_AT_END = re.compile(r"[-._ ](?:i?q\d\w*|bf16|f16|f32|fp16|fp32)$", re.IGNORECASE)


AS_IT_IS = marked("What the weights are now; only the file becomes another")
NEEDS = marked("Needs an importance matrix")


def sentence(target: inspect.Target, source: inspect.SourceFacts) -> str:
    """What a type means, for people who never heard of it."""
    if is_as_it_is(target, source):
        return tr(AS_IT_IS)
    words = SENTENCES.get(target.name) or FAMILIES.get(target.name[:3], "")
    words = tr(words) if words else ""
    return f"{tr(NEEDS)} · {words}" if target.needs_importance else words


def is_as_it_is(target: inspect.Target, source: inspect.SourceFacts) -> bool:
    return target.name == source.type_name and not source.is_gguf


def output_name(source: Path, target: str) -> str:
    """ "Qwen3-4B-F16.gguf" and Q4_K_M → "Qwen3-4B-Q4_K_M.gguf"; folders give their own name."""
    stem = source.stem if source.is_file() else source.name
    return f"{_TYPE_AT_END.sub('', stem) or 'model'}-{target}.gguf"


def made_name(order: jobs.Make) -> str:
    """What the made type is called where its loss is kept, in every language the same; with an
    importance matrix it is another thing."""
    weighed = order.imatrix is not None or order.text is not None
    return f"{order.target}{WEIGHED}" if weighed else order.target


def told_name(name: str) -> str:
    """The same for people."""
    if not name.endswith(WEIGHED):
        return name
    return tr("{type}, weighed", type=name.removesuffix(WEIGHED))


def facts(source: inspect.SourceFacts) -> str:
    """ "Hugging Face folder · llama · 4.0B weights · BF16 · 8.05 GB"."""
    weights = figures(sizes.parameters(source.parameters))
    parts = (
        said(source.what),
        source.architecture,
        tr("{weights} weights", weights=weights) if weights else "",
        source.type_name,
        figures(sizes.file(source.bytes)),
    )
    return " · ".join(part for part in parts if part)


def time_left(seconds: float) -> str:
    """As people say it: "39 s left", "2 min left", "1 h 5 min left"."""
    return tr("{time:duration} left", time=max(1, round(seconds)))


def time_taken(seconds: float) -> str:
    if seconds < 1:
        return tr("less than a second")
    return figures(sizes.duration(round(seconds)))
