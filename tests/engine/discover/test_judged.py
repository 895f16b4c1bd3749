"""Models of a hub judged before anything is downloaded: from sizes, and from a head alone."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from helpers.local_hub.repositories import Repository
from helpers.local_hub.server import LocalHub
from helpers.patience import WAIT
from helpers.split_models import split
from helpers.tiny_models import write_tiny_llama

from engine.api import Engine, Fit, Paths, Taken, Verdict, discover
from engine.base.errors import CancelledError, FormatError, HubError, UsageError
from engine.base.events import HardwareReport, Progress
from engine.base.jobs import Job
from engine.base.settings import GenerationParams, LoadOptions
from engine.discover.asking import look, search
from engine.discover.judged import chosen, judging, needs
from engine.discover.offers import Here
from engine.discover.records import Found, Judged, Looked
from engine.discover.remote import opened_remote
from engine.fit import forecast
from engine.hardware.limits import RESERVE, system_memory
from engine.hardware.machine import Machine
from engine.hub.client import Hub
from engine.hub.repository import repository
from engine.weights.formats.gguf import open_gguf
from engine.workshop.quantize_plan import QuantizeOptions, head_of, make_plan

GB = 10**9
MACHINE = Here(HardwareReport("cpu", 8, 16, 8, 0, (), 16 * GB, 14 * GB, 0, (), "Linux", 40e9))
REPO = "someone/tiny-GGUF"
Result = TypeVar("Result")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_llama(tmp_path_factory.mktemp("m") / "tiny.gguf", n_embd=256, n_ff=2048)


def ended(job: Generator[Progress, None, Result]) -> Result:
    while True:
        try:
            assert isinstance(next(job), Progress)
        except StopIteration as end:
            result: Result = end.value
            return result


def found_by(hub: Hub, words: str, **more: bool) -> tuple[Judged, ...]:
    result = told(search(hub, words, MACHINE, **more))[-1]
    assert isinstance(result, tuple)
    return result


def told(job: Job) -> list[object]:
    """The models that a job tells of on its way, and its result."""
    heard = list[object]()
    while True:
        try:
            event = next(job)
        except StopIteration as end:
            return [*heard, end.value]
        if isinstance(event, Found):
            heard.append(event.model)


def test_by_the_head_of_one_file(local: LocalHub, hub: Hub, path: Path) -> None:
    whole = path.read_bytes()
    made = local.add(Repository(REPO)).put("t-Q4_K_M.gguf", whole)
    made.put("t-Q8_0.gguf", whole + bytes(len(whole)))
    judged = ended(judging(hub, repository(hub, REPO), MACHINE))
    with open_gguf(path) as file:
        told, _ = needs(file, LoadOptions())
        plan = make_plan(file, QuantizeOptions("Q8_0", allow_requantize=True))
        other = forecast(head_of(file, plan), LoadOptions())
    by_quant = {offer.quant: offer for offer in judged.offers}
    assert told is not None
    assert by_quant["Q4_K_M"].memory == told.memory
    assert by_quant["Q4_K_M"].exact
    assert by_quant["Q8_0"].memory == other.memory, "by the rules of its mix"
    assert not by_quant["Q8_0"].exact
    assert judged.known
    assert judged.recommended is not None
    assert judged.fetched == local.log.sent("/cdn/") < len(whole) / 10
    assert judged.about.id == REPO


def test_a_model_in_several_files(local: LocalHub, hub: Hub, path: Path, tmp_path: Path) -> None:
    shards = split(path, tmp_path)
    made = local.add(Repository(REPO))
    for shard in shards:
        made.put(f"Q4_K_M/{shard.name}", shard)
    found = repository(hub, REPO)
    (variant,) = found.variants
    with opened_remote(hub, found, variant) as remote, open_gguf(path) as file:
        assert set(remote.file.tensors) == set(file.tensors)
        assert needs(remote.file, LoadOptions()) == needs(file, LoadOptions())
    made.remove(f"Q4_K_M/{shards[1].name}")
    found = repository(hub, REPO)
    with pytest.raises(FormatError, match="missing"), opened_remote(hub, found, found.variants[0]):
        pass


def test_what_the_head_says_counts(local: LocalHub, hub: Hub, path: Path, tmp_path: Path) -> None:
    odd = write_tiny_llama(tmp_path / "odd.gguf", architecture="mamba9")
    made = local.add(Repository(REPO, gguf={"architecture": "llama"}))
    made.put("t-Q8_0.gguf", odd)
    judged = ended(judging(hub, repository(hub, REPO), MACHINE))
    assert judged.known is False
    assert "mamba9" in judged.problem
    assert [offer.problem for offer in judged.offers] == [judged.problem]
    assert judged.recommended is None
    made.put("t-Q8_0.gguf", b"no model at all" * 1000)
    with pytest.raises(FormatError, match="t-Q8_0.gguf"):
        ended(judging(hub, repository(hub, REPO), MACHINE))


def test_it_can_be_stopped(local: LocalHub, hub: Hub, path: Path) -> None:
    local.add(Repository(REPO)).put("t-Q8_0.gguf", path)
    found = repository(hub, REPO)
    job = judging(hub, found, MACHINE)
    next(job)
    with pytest.raises(CancelledError):
        job.throw(CancelledError("stopped"))

    def stop() -> None:
        raise CancelledError("stopped")

    with pytest.raises(CancelledError):
        ended(judging(hub, found, MACHINE, checkpoint=stop))
    assert not local.log.of("cdn")


def test_which_variant_is_meant(local: LocalHub, hub: Hub) -> None:
    made = local.add(Repository(REPO))
    for name in ("a-Q4_K_M.gguf", "a-UD-Q2_K_XL.gguf", "a-Q8_0.gguf", "b-Q8_0.gguf", "odd.gguf"):
        made.put(name, b"x")
    found = repository(hub, REPO)
    assert chosen(found).quant == "Q4_K_M"
    assert chosen(found, "q4_k_m").names == ("a-Q4_K_M.gguf",)
    assert chosen(found, "Q2_K_XL").names == ("a-UD-Q2_K_XL.gguf",)
    assert chosen(found, "odd.gguf").names == ("odd.gguf",)
    assert chosen(found, "b-Q8_0.gguf").names == ("b-Q8_0.gguf",)
    with pytest.raises(UsageError, match="a-Q8_0.gguf, b-Q8_0.gguf"):
        chosen(found, "Q8_0")
    with pytest.raises(UsageError, match="no quantization 'Q6_K'; it has"):
        chosen(found, "Q6_K")


def test_weights_that_can_be_converted(local: LocalHub, hub: Hub) -> None:
    def judged(name: str, classes: list[str], *files: str) -> Judged:
        made = local.add(Repository(name, config={"architectures": classes}))
        for file in files:
            made.put(file, b"{}")
        return next(each for each in found_by(hub, name) if each.about.id == name)

    usual = ("model.safetensors", "config.json", "tokenizer.json")
    good = judged("a/good", ["Qwen3ForCausalLM"], *usual)
    assert (good.convertible, good.known, good.weights_bytes) == (True, True, 6)
    assert {offer.quant for offer in good.makes} == {"Q4_K_M", "Q5_K_M", "Q6_K", "Q8_0", "F16"}
    assert good.runs
    assert good.recommended in good.makes
    with pytest.raises(UsageError, match="can be made into one"):
        chosen(repository(hub, "a/good"))
    assert not judged("a/bare", ["Qwen3ForCausalLM"], "model.safetensors").convertible
    assert found_by(hub, "a/bare", only_fitting=True) == ()
    local.add(Repository("a/alien", config={"architectures": ["Alien"]})).put(usual[0], b"x")
    assert found_by(hub, "a/alien") == ()


def test_one_closed_repository_hides_no_other(local: LocalHub, hub: Hub) -> None:
    for name in ("one", "two"):
        local.add(Repository(f"a/{name}-GGUF")).put("x-Q4_0.gguf", b"x")
    local.faults.add("/api/models/a/one-GGUF", status=403)
    *heard, found = told(search(hub, "a/", MACHINE))
    assert isinstance(found, tuple)
    assert {each.about.id: bool(each.problem) for each in found} == {
        "a/one-GGUF": True,
        "a/two-GGUF": False,
    }
    assert heard == list(found)
    local.faults.add("/api/models/a/two-GGUF", status=503)
    with pytest.raises(HubError, match="problem of its own"):
        found_by(hub, "a/")


def test_a_look_at_one_repository(local: LocalHub, hub: Hub, path: Path) -> None:
    made = local.add(Repository(REPO)).put("t-Q4_K_M.gguf", path)
    made.put("README.md", b"---\na: b\n---\n# Tiny\n")
    rough, looked = told(look(hub, REPO, MACHINE))
    assert isinstance(rough, Judged)
    assert isinstance(looked, Looked)
    assert not rough.offers[0].exact
    assert looked.judged.offers[0].exact
    assert looked.card == "# Tiny\n"
    assert looked.repository.commit == made.sha
    made.gguf = {"architecture": "mamba9"}  # then nothing of the file is fetched
    local.log.clear()
    _, looked = told(look(hub, REPO, MACHINE))
    assert isinstance(looked, Looked)
    assert looked.judged.known is False
    assert not local.log.of("cdn")


def test_through_the_front_door(
    local: LocalHub, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HF_ENDPOINT", "HF_TOKEN", "HF_HUB_OFFLINE", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    local.add(Repository(REPO)).put("t-Q4_K_M.gguf", path)
    with Engine(Paths.under(tmp_path)) as engine:
        engine.use_network(discover.NetworkSettings(local.url, "none"))
        (found,) = engine.run(discover.search(engine.hub, "tiny", MACHINE)).wait(WAIT)  # type: ignore[misc]
        assert found.about.id == REPO
        engine.use_network(discover.NetworkSettings(local.url, "none", allowed=False))
        with pytest.raises(HubError, match="switched off"):
            engine.run(discover.search(engine.hub, "tiny", MACHINE)).wait(WAIT)
    with Engine(Paths.under(tmp_path)) as engine:
        assert not engine.hub.settings.allowed


def test_what_is_open_is_counted(local: LocalHub, path: Path, tmp_path: Path) -> None:
    """What a conversation may still fill is not free, and closing the model would give it back."""
    local.add(Repository(REPO)).put("t-Q4_K_M.gguf", path)
    with Engine(Paths.under(tmp_path)) as engine:
        engine.use_network(discover.NetworkSettings(local.url, "none"))
        report = MACHINE.report

        def fit() -> Fit:
            looked = engine.look_into(REPO, report).wait(WAIT)
            assert isinstance(looked, Looked)
            return looked.judged.offers[0].fit

        assert engine.taken() == Taken()
        assert fit().free == report.ram_available
        info = engine.open_model(path, LoadOptions(n_ctx=512)).wait(WAIT)
        chat = engine.new_chat(info.id)  # type: ignore[attr-defined]
        chat.settings = replace(chat.settings, generation=GenerationParams(max_tokens=2))
        chat.send("once").wait(WAIT)
        taken = engine.taken()
        assert taken.loaded == info.memory.total  # type: ignore[attr-defined]
        assert taken.promised > 0
        assert fit().free == report.ram_available - taken.promised
        half = taken.loaded // 2
        report = replace(report, ram_available=RESERVE + taken.promised + half)
        assert fit().verdict is Verdict.NOT
        assert "closing open models" in fit().text
        engine.close_model(info.id).wait(WAIT)  # type: ignore[attr-defined]
        assert engine.taken() == Taken()


def test_the_memory_counts_that_is_free_now(tmp_path: Path) -> None:
    with Engine(Paths.under(tmp_path)) as engine:
        now = system_memory(Machine())
        old = replace(MACHINE.report, ram_total=now.total, ram_available=1)
        assert engine.report_now(old).ram_available > 1
        assert engine.report_now(MACHINE.report) == MACHINE.report, "that is another machine"


def test_the_file_that_a_link_names_is_the_one_that_is_read(
    local: LocalHub, hub: Hub, path: Path
) -> None:
    made = local.add(Repository(REPO))
    for name in ("a/t-Q8_0.gguf", "b/t-Q4_K_M.gguf"):
        made.put(name, path)

    def read(file: str) -> list[str]:
        looked = told(look(hub, REPO, MACHINE, file=file))[-1]
        assert isinstance(looked, Looked)
        return [offer.quant for offer in looked.judged.offers if offer.exact]

    assert read("") == ["Q4_K_M"]
    assert read("a/t-Q8_0.gguf") == ["Q8_0"]
    assert read("T-q8_0.gguf") == ["Q8_0"]
    assert read("gone.gguf") == ["Q4_K_M"], "what is not there is no reason to show nothing"
