"""`chaski info`: what is in a model file, and what it will need in memory."""

import argparse
import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from engine.base import sizes
from engine.base.errors import ChaskiError, FormatError, UnsupportedError
from engine.base.events import Progress, Stage
from engine.base.models import Forecast
from engine.base.words import MOST, quoted, shown
from engine.cli.console import EXIT_ERROR, Console, say
from engine.cli.flags import Subparsers, add_load_flags, add_verb, load_options
from engine.cli.following import answer_to
from engine.cli.opening import opened_words

if TYPE_CHECKING:
    from engine.hub.records import Variant
    from engine.weights.formats.gguf import GGUFFile

ON_HUB = "hf:"
FEW = 6  # names that are told
SHORT = 16  # arrays up to this length are shown whole


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
            "special": [str(words) for words in needs.special] if needs else [],
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
    say(f"error: {complaint}")
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


def _purpose(embeds: dict[str, Any]) -> str:
    """What a model is for that does not write."""
    if embeds["pooling"] == "rank":
        return "scores passages for a question (chaski embed --query); does not write or chat"
    said = f"vectors of {embeds['dimensions']:,} numbers, pooling {embeds['pooling']}"
    return f"makes vectors of texts (chaski embed): {said}; does not write or chat"


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
    lines = [f"{key:13s} {found[key]}" for key in ("architecture", "family", "name", "type")]
    if found["embeds"]:
        lines.append(f"{'purpose':13s} {_purpose(found['embeds'])}")
    lines.append(f"{'parameters':13s} {found['parameters']:,}")
    lines += [f"{'special':13s} {words}" for words in found["special"]]
    lines.append(f"{'file':13s} {sizes.file(found['file_bytes'])}")
    if found["memory"]:
        parts = ", ".join(f"{name} {sizes.memory(size)}" for name, size in found["memory"].items())
        total = sizes.memory(sum(found["memory"].values()))
        lines.append(f"{'memory':13s} {total} with a context of {found['n_ctx']:,} tokens: {parts}")
        most = sizes.memory(found["kept_at_most"])
        if not found["embeds"]:
            lines.append(f"{'kept':13s} at most {most} more, for conversations that may come back")
    if found["speed"]:
        speed = found["speed"]
        guess = "" if speed["is_measured"] else " (not measured yet: chaski hardware --measure)"
        written, read = sizes.speed(speed["decode_tok_s"]), sizes.duration(speed["ten_pages_s"])
        about = "" if found["embeds"] else f"about {written}; "
        lines.append(f"{'speed':13s} {about}ten pages are read in {read}{guess}")
    if "loss" in found:
        lines.append(f"{'loss':13s} {found['loss']['words']}")
    if "fetched_bytes" in found:
        lines.append(f"{'fetched':13s} {sizes.file(found['fetched_bytes'])} for all this")
    if found["unlisted"]:
        odd, more = found["unlisted"][:FEW], len(found["unlisted"]) - FEW
        told = ", ".join(map(shown, odd)) + (f" and {more:,} more" if more > 0 else "")
        lines.append(f"{'unlisted':13s} {told} (no names of GGUF's for this architecture)")
    lines += ["", *(f"{shown(k)} = {_words(v)}" for k, v in found["metadata"].items()), ""]
    for t in found["tensors"]:
        shape = " x ".join(str(n) for n in t["shape"])
        lines.append(f"{shown(t['name']):40s} {t['type']:8s} {shape:>16s} {t['bytes']:>14,}")
    return "\n".join(lines)


def _words(value: Any) -> str:
    """A value for people: texts cut to what can be read."""
    if isinstance(value, dict):
        return f"{value['length']:,} values: {_words(value['first'])[1:-1]}, …"
    if isinstance(value, list):
        return f"[{', '.join(_words(each) for each in value)}]"
    return quoted(value, MOST)
