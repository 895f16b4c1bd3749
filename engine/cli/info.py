"""`chaski info`: what is in a model file, and what it will need in memory."""

import argparse
import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from engine.base import sizes
from engine.base.catalogue import Words, and_more, joined
from engine.base.errors import ChaskiError, FormatError, UnsupportedError
from engine.base.events import Progress, Stage
from engine.base.models import Forecast
from engine.base.words import MOST, columns, padded, quoted, shown
from engine.cli.console import EXIT_ERROR, Console, say
from engine.cli.flags import Subparsers, add_load_flags, add_verb, load_options
from engine.cli.following import answer_to
from engine.cli.opening import opened_words
from engine.cli.speaking import printed, printed_figures

if TYPE_CHECKING:
    from engine.hub.records import Variant
    from engine.weights.formats.gguf import GGUFFile

ON_HUB = "hf:"
FEW = 6  # names that are told
SHORT = 16  # arrays up to this length are shown whole
LABEL = 13  # letters that the name of a line takes
LABEL_WORDS = {
    "architecture": "architecture",
    "family": "family",
    "name": "name",
    "type": "type",
    "purpose": "purpose",
    "parameters": "parameters",
    "special": "special",
    "file": "file",
    "memory": "memory",
    "kept": "kept",
    "speed": "speed",
    "loss": "loss",
    "fetched": "fetched",
    "unlisted": "unlisted",
}
PART_WORDS = {
    "weights": "weights",
    "cache": "cache",
    "workspace": "workspace",
    "vocabulary": "vocabulary",
}


def add(subparsers: Subparsers) -> None:
    parser = add_verb(subparsers, "info", "what is in a model file and what it needs", run)
    parser.epilog = "MODEL may be hf:OWNER/NAME or hf:OWNER/NAME:QUANT: its head is read there"
    parser.add_argument("--arrays", action="store_true", help="arrays whole, however long")
    add_load_flags(parser)


def run(args: argparse.Namespace, console: Console) -> int:
    from engine.discover.choices import family_name
    from engine.inspect.inside import unlisted_of
    from engine.model import type_name
    from engine.shelf import most_kept

    with _opened(args, console) as (file, there):
        needs, complaint = _needs(file, args)
        found: dict[str, Any] = {
            "architecture": (architecture := file.told_str("general.architecture")),
            "family": family_name(architecture),
            "name": file.told_str("general.name"),
            "type": type_name(file),
            "parameters": file.n_parameters,
            "file_bytes": file.file_bytes,
            "n_ctx": needs.n_ctx if needs else 0,
            "memory": dataclasses.asdict(needs.memory) if needs else None,
            "kept_at_most": most_kept(),
            "speed": _speeds(needs, console) if needs else None,
            "embeds": _vectors(file) if needs else None,
            "special": list(needs.special) if needs else [],
            "tensors": [_tensor(info) for info in file.tensors.values()],
            "metadata": {key: _plain(value, args.arrays) for key, value in file.metadata.items()},
            "unlisted": unlisted_of(file),
        }
        if there is not None:
            found["loss"] = there.loss(file)
            found["fetched_bytes"] = there.fetched()
        console.result(found, _report(found))
    if complaint is None:
        return 0
    # What could be read is shown all the same; the exit code says that it cannot be run.
    say(Words("error: {what}", what=complaint))
    return EXIT_ERROR


@dataclasses.dataclass(frozen=True)
class OnHub:
    """What is known of a file beside its head: `fetched` bytes came of it."""

    repo: str
    variant: "Variant"
    fetched: Callable[[], int]

    def loss(self, file: "GGUFFile") -> dict[str, Any]:
        """What its type loses; as it was measured, where this model was measured here."""
        from engine.base.paths import Paths
        from engine.cli.search import plain_loss
        from engine.discover.losses import LOSS_WORDS, loss_of, measured_words
        from engine.measure.known_losses import KnownLosses, subject_of

        quant, sha256 = self.variant.quant, self.variant.files[0].sha256
        known = KnownLosses.kept_in(Paths.default().losses_file)
        loss = known.of(subject_of(file, self.repo), quant, self.variant.size, sha256)
        words = LOSS_WORDS[loss_of(quant)] if loss is None else measured_words(loss.worse)
        return {"words": words, "measured": plain_loss(loss)}


@contextmanager
def _opened(
    args: argparse.Namespace, console: Console
) -> "Iterator[tuple[GGUFFile, OnHub | None]]":
    """The file's words; of one on a hub only its head is fetched, and how much that was is told."""
    if not args.model.startswith(ON_HUB):
        with opened_words(args) as file:
            yield file, None
        return
    from engine.base.paths import Paths
    from engine.discover.judged import chosen
    from engine.discover.remote import opened_remote
    from engine.hub.connect import hub_of
    from engine.hub.repository import repository

    repo, _, quant = args.model.removeprefix(ON_HUB).partition(":")
    with hub_of(Paths.default()) as hub:
        console.show(Progress(Stage.ASKING, 0, 0, what=hub.settings.host))
        found = repository(hub, repo)
        variant = chosen(found, quant)
        console.show(Progress(Stage.HEADER, 0, 0, what=variant.names[0]))
        with opened_remote(hub, found, variant) as remote:
            console.clear()
            yield remote.file, OnHub(found.id, variant, lambda: remote.fetched)


def _needs(
    file: "GGUFFile", args: argparse.Namespace
) -> tuple[Forecast | None, ChaskiError | None]:
    """What it needs at the context asked for, or why it cannot be run."""
    from engine.fit import forecast

    try:
        return forecast(file, load_options(args)), None
    except (FormatError, UnsupportedError) as error:
        return None, error


def _speeds(needs: Forecast, console: Console) -> dict[str, Any]:
    """How fast it will be here, by what was measured of this machine."""
    from engine.base.paths import Paths
    from engine.hardware.speeds import speeds
    from engine.jobs import Hardware, hardware

    found = speeds(needs.work, answer_to(console, hardware(Hardware(), Paths.default())))
    return {
        "decode_tok_s": found.decode,
        "prefill_tok_s": found.prefill,
        "ten_pages_s": found.read_s,
        "is_measured": found.is_measured,
    }


def _vectors(file: "GGUFFile") -> dict[str, Any] | None:
    """Of a model that makes vectors of texts: how long they are, and how they are pooled."""
    from engine.architectures import build_graph
    from engine.architectures.shared.encoder import pooling_of
    from engine.architectures.shared.keys import Keys

    graph = build_graph(file)[1]
    if not graph.embeds:
        return None
    pooling = pooling_of(Keys(file, file.architecture)) or "unknown"
    return {"pooling": pooling, "dimensions": graph.result.width}


def _purpose(embeds: dict[str, Any]) -> Words:
    """What a model is for that does not write."""
    if embeds["pooling"] == "rank":
        return Words(
            "scores passages for a question (chaski embed --query); does not write or chat"
        )
    return Words(
        "makes vectors of texts (chaski embed): vectors of {n:,} numbers, pooling {pooling}; does "
        "not write or chat",
        n=embeds["dimensions"],
        pooling=embeds["pooling"],
    )


def _tensor(info: Any) -> dict[str, Any]:
    return {
        "name": info.name,
        "type": info.type.name,
        "shape": list(info.shape),
        "bytes": info.nbytes,
    }


def _plain(value: Any, whole: bool = False) -> Any:
    """A metadata value for JSON; unless they are wanted whole, long arrays as their length and
    first values."""
    if isinstance(value, str | bool | int | float):
        return value
    values = list(value if whole else value[:SHORT])
    plain = [v.item() if hasattr(v, "item") else _plain(v, whole) for v in values]
    return plain if len(plain) == len(value) else {"length": len(value), "first": plain}


def _report(found: dict[str, Any]) -> str:
    names = {key: printed(Words(words)) for key, words in LABEL_WORDS.items()}
    widest = max(LABEL, *map(columns, names.values()))
    facts = [*_of_the_file(found), *_of_this_machine(found), *_of_the_hub(found)]
    lines = [f"{padded(names[key], widest)} {words}" for key, words in facts]
    lines += ["", *(f"{shown(k)} = {_words(v)}" for k, v in found["metadata"].items()), ""]
    for t in found["tensors"]:
        shape = " x ".join(str(n) for n in t["shape"])
        lines.append(f"{shown(t['name']):40s} {t['type']:8s} {shape:>16s} {t['bytes']:>14,}")
    return "\n".join(lines)


def _of_the_file(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "architecture", found["architecture"]
    yield "family", printed(found["family"])
    yield "name", found["name"]
    yield "type", found["type"]
    if found["embeds"]:
        yield "purpose", printed(_purpose(found["embeds"]))
    yield "parameters", printed_figures(f"{found['parameters']:,}")
    for words in found["special"]:
        yield "special", printed(words)
    yield "file", printed_figures(sizes.file(found["file_bytes"]))


def _of_this_machine(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What it takes here, and how fast it is."""
    if found["memory"]:
        parts = [
            Words("{part} {size:memory}", part=Words(PART_WORDS[name]), size=size)
            for name, size in found["memory"].items()
        ]
        words = Words(
            "{size:memory} with a context of {n:,} tokens: {parts}",
            size=sum(found["memory"].values()),
            n=found["n_ctx"],
            parts=joined(parts, ", "),
        )
        yield "memory", printed(words)
        if not found["embeds"]:
            words = Words(
                "at most {size:memory} more, for conversations that may come back",
                size=found["kept_at_most"],
            )
            yield "kept", printed(words)
    if found["speed"]:
        yield "speed", printed(_speed_words(found["speed"], bool(found["embeds"])))


def _speed_words(speed: dict[str, Any], embeds: bool) -> Words:
    written, read = speed["decode_tok_s"], speed["ten_pages_s"]
    words = Words("ten pages are read in {time:duration}", time=read)
    if not embeds:
        words = Words("about {speed:speed}; {reading}", speed=written, reading=words)
    if speed["is_measured"]:
        return words
    return Words("{speed} (not measured yet: chaski hardware --measure)", speed=words)


def _of_the_hub(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if "loss" in found:
        yield "loss", printed(found["loss"]["words"])
    if "fetched_bytes" in found:
        yield "fetched", printed(Words("{size:file} for all this", size=found["fetched_bytes"]))
    if found["unlisted"]:
        odd = and_more([shown(name) for name in found["unlisted"][:FEW]], len(found["unlisted"]))
        words = Words("{names} (no names of GGUF's for this architecture)", names=odd)
        yield "unlisted", printed(words)


def _words(value: Any) -> str:
    """A value for people: texts cut to what can be read."""
    if isinstance(value, dict):
        n = printed(Words("{n:,} values", n=value["length"]))
        return f"{n}: {_words(value['first'])[1:-1]}, …"
    if isinstance(value, list):
        return f"[{', '.join(_words(each) for each in value)}]"
    return quoted(value, MOST)
