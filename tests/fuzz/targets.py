"""What is fuzzed: for each reader how a case is made from a seed, and how it is used.

`use` may raise a ChaskiError and nothing else. It touches everything that a window or a verb
would: every key, every tensor, a text there and back.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from fuzz import (
    document_lies,
    download_lies,
    export_lies,
    family_lies,
    folder_lies,
    gguf_lies,
    hub_lies,
    legacy_lies,
    library_lies,
    machine_lies,
    model_lies,
    pickle_lies,
    quantized_lies,
    rwkv_lies,
    store_lies,
    template_lies,
    tensor_lies,
)

from engine.base.errors import ChaskiError

TEXTS = ("once upon a time", " the  girl\n", "日本語 é", "<s>[INST] a</s>", "a" * 200, "")


@dataclass(frozen=True)
class Target:
    """One reader. `share`: its part of all cases; `seconds`: of its own time that one may take."""

    make: Callable[[Random, Path], Any]
    use: Callable[[Any], object]
    share: float = 1.0
    seconds: float = 10.0
    megabytes: int = 600  # that one case may take beyond what the process has


def _file(name: str, make: Callable[[Random], bytes]) -> Callable[[Random, Path], Path]:
    def made(rng: Random, folder: Path) -> Path:
        path = folder / name
        path.write_bytes(make(rng))
        return path

    return made


def use_gguf(path: Path) -> None:
    from engine.weights.formats.gguf import open_gguf

    with open_gguf(path) as file:
        for key in file.metadata:
            _ = (file.value_types[key], file.metadata[key])
        for name in file.tensors:
            file.raw(name)[:1].tobytes()


def use_contents(path: Path) -> None:
    """What the window's inspector and `chaski info` read."""
    from engine.inspect import contents, histogram, look

    found = contents(path)
    for tensor in found.tensors[:3]:
        try:
            histogram(path, tensor.name)
        except ChaskiError:
            continue
    look(path)


def use_vocabulary(path: Path) -> None:
    from engine.text.tokenizer import make_tokenizer
    from engine.weights.formats.gguf import open_gguf

    with open_gguf(path) as file:
        tokenizer = make_tokenizer(file.metadata)
        for text in TEXTS:
            for flag in (False, True):
                ids = tokenizer.encode(text, parse_special=flag)
                tokenizer.decode(ids)
        for token in range(0, tokenizer.n_vocab, 7):
            tokenizer.piece(token)
        _ = tokenizer.end_ids


def use_checkpoint(opener: str) -> Callable[[Path], None]:
    def use(path: Path) -> None:
        from engine.weights.formats import pytorch, safetensors

        module = {"open_pytorch": pytorch, "open_safetensors": safetensors}[opener]
        checkpoint = getattr(module, opener)(path)
        try:
            for tensor in list(checkpoint.tensors.values())[:20]:
                tensor.floats(0, min(2, tensor.n_rows))
        finally:
            checkpoint.close()

    return use


def use_quantized(path: Path) -> None:
    """Every tensor as the numbers it stands for, whatever the configuration says."""
    from engine.weights.formats.config import Config
    from engine.weights.formats.safetensors import open_safetensors
    from engine.workshop.convert.quantized import READ, Scheme, readable

    config = Config({}, "config.json")
    for method in (None, *READ):
        checkpoint = open_safetensors(path)
        scheme = Scheme(method, {"weight_block_size": [32, 32]}) if method else None
        try:
            with suppress(ChaskiError):
                for tensor in readable(checkpoint.tensors, scheme, config, "m", []).values():
                    tensor.floats(0, tensor.n_rows)
        finally:
            checkpoint.close()


def use_source(path: Path) -> None:
    """Look at it, then convert it as far as it goes."""
    from helpers.open_tiny import drive

    from engine.workshop.convert import convert, inspect_source

    inspect_source(path)
    out = path.parent / "out.gguf"
    drive(convert(path, out, overwrite=True))
    use_vocabulary(out)


def use_converted(path: Path) -> None:
    from helpers.open_tiny import drive

    from engine.weights.formats.gguf import open_gguf
    from engine.workshop.convert import convert

    out = path.parent / "out.gguf"
    drive(convert(path, out, overwrite=True))
    open_gguf(out).close()


def use_imatrix(path: Path) -> None:
    from engine.weights.formats.imatrix import open_imatrix

    matrix = open_imatrix(path)
    for name in matrix.entries:
        matrix.importance(name, 1, 8)


def _beside(
    make: Callable[[Random], bytes], name: str, beside: Callable[[Random, Path], None]
) -> Callable[[Random, Path], Path]:
    """A file of weights, and what has to lie beside it."""

    def made(rng: Random, folder: Path) -> Path:
        for old in folder.iterdir():
            old.unlink()
        beside(rng, folder)
        return _file(name, make)(rng, folder)

    return made


def _inside(make: Callable[[Random, Path], Path]) -> Callable[[Random, Path], Path]:
    """A folder of its own within the target's, so that results lie outside of it."""

    def made(rng: Random, folder: Path) -> Path:
        (folder / "source").mkdir(exist_ok=True)
        return make(rng, folder / "source")

    return made


def use_document(path: Path) -> None:
    """What is attached to a message."""
    from engine.text.attaching import attaching

    for _ in attaching(path):
        pass


def make_template_case(rng: Random, folder: Path) -> tuple[str, list[dict[str, Any]]]:
    return template_lies.template(rng), template_lies.messages(rng)


def use_template(case: tuple[str, list[dict[str, Any]]]) -> None:
    from helpers.vocabularies import spm_metadata

    from engine.text.template import make_template

    text, messages = case
    metadata = spm_metadata() | {"tokenizer.chat_template": text}
    make_template(metadata).render(messages)


def use_chats(path: Path) -> None:
    """Everything a window asks of its chats. No sentence may show the user's words."""
    from engine.base.paths import Paths
    from engine.library import ChatStore

    paths = Paths.under(path.parent.parent)
    assert paths.chats_file == path
    steps: tuple[Callable[[Any], object], ...] = (
        lambda store: store.list(),
        lambda store: [store.read(c.id).tree.path() for c in store.list()],
        lambda store: store.search("word 12"),
        lambda store: [store.as_file(store.read(c.id), "md") for c in store.list()],
        lambda store: [store.as_file(store.read(c.id), "docx") for c in store.list()],
        lambda store: store.create("after"),
    )
    store, told = ChatStore(paths), []
    try:
        for step in steps:
            try:
                step(store)
            except ChaskiError as error:
                told.append(str(error))
        told.append(store.notice)
        assert not any(store_lies.SECRET in words for words in told), "the user's words are told"
    finally:
        store.close()


def make_chats(rng: Random, folder: Path) -> Path:
    data = folder / "data"
    data.mkdir(exist_ok=True)
    for old in data.iterdir():
        old.unlink()
    (data / "chats.sqlite3").write_bytes(store_lies.damaged(rng))
    return data / "chats.sqlite3"


def use_preferences(path: Path) -> None:
    from gui import preferences

    preferences.load(path)


def use_hub(path: Path) -> None:
    """A hub's description of a model becomes records, judged for a machine; no name in them leads
    out of a folder, and all words of them can be shown."""
    import json

    from huggingface_hub import ModelInfo

    from engine.hub import reading
    from engine.hub.client import NONSENSE
    from engine.hub.records import Repository
    from engine.hub.repository import sorted_files

    try:
        info = ModelInfo(**json.loads(path.read_bytes()))
    except NONSENSE:
        return
    about = reading.found_model(info, "hub")
    words = (about.id, about.updated, about.licence, about.gated, about.base_model)
    lists = about.languages + about.classes + about.formats + about.quants
    assert all(each.isprintable() and len(each) <= 300 for each in words + lists)
    found = sorted_files(Repository(about, "0"), reading.files(info, "hub"))
    here = path.parent.resolve()
    for file in found.files:
        assert (here / file.path).resolve().is_relative_to(here)
        assert 0 <= file.size <= reading.MOST_BYTES
    _judge(found)


def _judge(found: Any) -> None:
    """What a search and a page make of it."""
    from math import isfinite

    from engine.base.events import HardwareReport
    from engine.discover.choices import filters_of
    from engine.discover.judged import architecture_of, judged_by_sizes, named_file
    from engine.discover.offers import Here
    from engine.hub.searching import passes
    from engine.jobs.wishes import Wish, chosen

    report = HardwareReport("cpu", 8, 8, 8, 0, (), 16 * 10**9, 10**10, 0, (), "Linux", 4e10)
    judged = judged_by_sizes(found, Here(report))
    for offer in judged.offers + judged.makes:
        assert isfinite(offer.fit.tokens_per_second)
        assert isfinite(offer.fit.read_s)
        told = (offer.arithmetic, offer.reason, offer.problem, offer.loss_words)
        assert all(each.isprintable() and len(each) < 1000 for each in told)
    for size, family in (("4", "llama"), ("15-", "qwen3")):
        passes(found.about, filters_of(size=size, families=(family,)), architecture_of)
    for name in ("Q4_K_M", "../m.gguf", "m-Q4_K_M.gguf", "a/b/c.json"):
        named_file(found, name)
        for wish in (Wish("a/b", name), Wish("a/b", files=(name,)), Wish("a/b", make="Q4_K_M")):
            with suppress(ChaskiError):
                chosen(wish, found, Path("/models"))


TARGETS: dict[str, Target] = {
    "gguf": Target(_file("m.gguf", gguf_lies.case), use_gguf, 4),
    "contents": Target(_file("m.gguf", gguf_lies.case), use_contents, 2),
    "vocabulary": Target(_file("m.gguf", gguf_lies.case), use_vocabulary, 2),
    "safetensors": Target(
        _file("m.safetensors", legacy_lies.safetensors), use_checkpoint("open_safetensors"), 3
    ),
    "quantized": Target(_file("m.safetensors", quantized_lies.case), use_quantized),
    "pytorch": Target(_file("m.pth", pickle_lies.case), use_checkpoint("open_pytorch"), 3),
    "llama2c": Target(_beside(legacy_lies.llama2c, "m.bin", legacy_lies.llama2c_words), use_source),
    "llmc": Target(_beside(legacy_lies.llmc, "m.bin", legacy_lies.llmc_words), use_source),
    "ggml": Target(_file("m.bin", legacy_lies.ggml), use_source),
    "imatrix": Target(_file("m.dat", legacy_lies.imatrix_dat), use_imatrix),
    "folder": Target(_inside(folder_lies.case), use_source, 1, seconds=20),
    "tensors": Target(_inside(tensor_lies.case), use_source, 1, seconds=20),
    "rwkv": Target(_inside(rwkv_lies.case), use_source, 0.5),
    "adapter": Target(_inside(folder_lies.adapter), use_converted),
    "document": Target(document_lies.make, use_document, 0.5, seconds=30),
    "template": Target(make_template_case, use_template, 0.5, seconds=20),
    "chats": Target(make_chats, use_chats, 0.2),
    "exports": Target(_file("conversations.json", export_lies.case), export_lies.use),
    "hub": Target(_file("h.json", hub_lies.case), use_hub, 2),
    "pictures": Target(hub_lies.picture, hub_lies.use_picture, 0.5),
    "link": Target(hub_lies.link, hub_lies.use_link, 0.5),
    "library": Target(library_lies.make, library_lies.use, 0.3, seconds=20),
    "part": Target(_inside(download_lies.part), download_lies.use_part),
    "queue": Target(_inside(download_lies.queue), download_lies.use_queue, 0.2),
    "settings": Target(_file("s.json", store_lies.settings), use_preferences),
    "machine": Target(machine_lies.make, machine_lies.use),
    "families": Target(_file("m.gguf", family_lies.case), family_lies.use, seconds=20),
    "run": Target(model_lies.make, model_lies.use, 0.25, seconds=60, megabytes=2000),
}
