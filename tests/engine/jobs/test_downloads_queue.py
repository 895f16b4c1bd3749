"""Downloads as jobs of the whole house: chosen, queued, kept over a restart, registered."""

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from helpers.downloading import WAIT, noise, sha256
from helpers.local_hub.repositories import Repository
from helpers.local_hub.server import LocalHub
from helpers.tiny_checkpoints import write_folder
from helpers.tiny_models import write_tiny_llama

from engine.api import Engine, Paths
from engine.base.errors import CancelledError, ChaskiError, HubError, UsageError
from engine.base.events import Stage
from engine.base.jobs import Job, Lane
from engine.hub import download_file
from engine.hub.download_patience import Patience
from engine.hub.download_records import DownloadOrder
from engine.hub.settings import NetworkSettings, save
from engine.jobs import Got, JobKind, JobState, Wish, wish_of
from engine.jobs import downloads as download_jobs

REPO = "someone/tiny-GGUF"
NAME = "tiny-Q4_K_M.gguf"


@pytest.fixture
def model(tmp_path: Path) -> bytes:
    return write_tiny_llama(tmp_path / "tiny.gguf").read_bytes()


@pytest.fixture
def hub(model: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[LocalHub]:
    with LocalHub() as hub:
        hub.add(Repository(REPO)).put(NAME, model).put("tiny-Q8_0.gguf", noise(300_000))
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
        quick = lambda: Patience(tries=4, first_tries=2, first=0.01, stall=1.0)  # noqa: E731
        monkeypatch.setattr(download_file.Means, "patience", staticmethod(quick), raising=False)
        yield hub


@pytest.fixture
def engine(tmp_path: Path, hub: LocalHub) -> Iterator[Engine]:
    with Engine(Paths.under(tmp_path / "home")) as engine:
        yield engine


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT
    while not what():
        assert time.monotonic() < end
        time.sleep(0.005)


def rows(engine: Engine) -> list[tuple[str, str]]:
    """State and failure of what is kept."""
    if not engine.paths.downloads_file.exists():  # nothing was kept yet
        return []
    db = sqlite3.connect(engine.paths.downloads_file)
    try:
        return list(db.execute("SELECT state, failure FROM orders ORDER BY id"))
    except sqlite3.OperationalError:
        return []
    finally:
        db.close()


def test_a_model_comes_into_the_library(engine: Engine, model: bytes) -> None:
    ticket = engine.downloads.get(wish_of(f"{REPO}:Q4_K_M"))
    got = ticket.wait(WAIT)
    assert isinstance(got, Got)
    assert got.path == engine.paths.models / "someone" / "tiny-GGUF" / NAME
    assert (got.bytes, got.fetched_bytes) == (len(model), len(model))
    assert got.sha256 == (sha256(got.path),)
    assert [m.name for m in engine.library.list()] == [got.model] == ["tiny-Q4_K_M"]
    assert engine.library.find(got.model).sha256 == sha256(got.path)
    (record,) = engine.jobs.records()
    assert (record.kind, record.state, record.title) == (
        JobKind.DOWNLOAD,
        JobState.DONE,
        "tiny-GGUF Q4_K_M",
    )
    until(lambda: rows(engine) == [])


def test_without_a_quantization_the_usual_one(engine: Engine) -> None:
    got = engine.downloads.get(wish_of(REPO)).wait(WAIT)
    assert isinstance(got, Got)
    assert got.path.name == NAME


def test_what_asks_for_agreement(
    engine: Engine, hub: LocalHub, model: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = "hf_abcdefghijklmnop"
    hub.add(Repository("closed/tiny", gated="auto", allowed=(token,))).put("t-Q4_0.gguf", model)
    wish = wish_of("closed/tiny:Q4_0")
    with pytest.raises(HubError, match="accept the terms at") as told:
        engine.downloads.get(wish).wait(WAIT)
    assert told.value.page == f"{hub.url}/closed/tiny"
    assert "accept the terms" in engine.jobs.records()[0].failure
    monkeypatch.setenv("HF_TOKEN", token)
    assert isinstance(engine.downloads.get(wish).wait(WAIT), Got)
    seen = [r.headers.get("authorization") for r in hub.log.of("cdn")]
    assert seen == [None]  # where the bytes lie nobody hears of it


def test_a_file_by_name_that_is_no_model(engine: Engine, hub: LocalHub, tmp_path: Path) -> None:
    hub.repositories[REPO].put("README.md", b"# words")
    wish = Wish(REPO, files=("README.md",), folder=tmp_path / "here")
    got = engine.downloads.get(wish).wait(WAIT)
    assert isinstance(got, Got)
    assert (got.path, got.model) == (tmp_path / "here" / "README.md", "")


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish(REPO, "Q5_0"), "has no 'Q5_0'; write someone/tiny-GGUF:QUANT with one of"),
        (Wish(REPO, files=("x.gguf",)), "has no file 'x.gguf'"),
        (Wish(REPO, make="Q4_K_M"), "has no weights"),
        (Wish(REPO, make="Q99"), "Q99"),
        (Wish("someone/nothing"), "no model someone/nothing"),
        (Wish(REPO, revision="nope"), "no such revision"),
    ],
)
def test_what_cannot_be_had_is_told(engine: Engine, wish: Wish, words: str) -> None:
    with pytest.raises(ChaskiError, match=words):
        engine.downloads.get(wish).wait(WAIT)
    assert engine.jobs.records()[0].state is JobState.FAILED
    until(lambda: [state for state, _ in rows(engine)] == ["failed"])
    assert not list(engine.paths.models.rglob("*.gguf"))


@pytest.mark.parametrize("text", ["", "x", "a/b:", "a/b/c", "a b/c", ":Q4"])
def test_what_names_no_repository(text: str) -> None:
    with pytest.raises(UsageError, match="OWNER/NAME"):
        wish_of(text)


def test_paused_it_waits_over_a_restart_and_goes_on(hub: LocalHub, tmp_path: Path) -> None:
    hub.repositories[REPO].put("big-Q4_0.gguf", noise(600_000))
    slow = hub.faults.add("*big*", door="cdn", bytes_per_second=300_000)
    home = Paths.under(tmp_path / "home")
    part = home.models / "someone" / "tiny-GGUF" / "big-Q4_0.gguf.part"
    with Engine(home) as engine:
        ticket = engine.downloads.get(wish_of(f"{REPO}:Q4_0"))
        until(lambda: part.exists() and part.stat().st_size > 100_000)
        engine.jobs.pause(ticket.job_id)
        with pytest.raises(CancelledError):
            ticket.wait(WAIT)
        assert engine.jobs.record(ticket.job_id).state is JobState.PAUSED
        until(lambda: rows(engine) == [("paused", "")])
    slow.times = 0
    there = part.stat().st_size
    with Engine(home) as engine:
        asked = len(hub.log.requests)
        (number,) = engine.downloads.restore()
        assert engine.jobs.record(number).state is JobState.PAUSED
        assert len(hub.log.requests) == asked  # nobody has asked for it
        with pytest.raises(ChaskiError, match="not added"):  # noise is no model
            engine.jobs.resume(number).wait(WAIT)
    assert hub.log.sent("big-Q4_0.gguf") < 600_000 + 200_000
    assert part.with_name("big-Q4_0.gguf").stat().st_size == 600_000
    assert there > 100_000


def test_what_ran_when_the_program_ended_goes_on_by_itself(
    hub: LocalHub, tmp_path: Path, model: bytes
) -> None:
    slow = hub.faults.add("*tiny-Q4*", door="cdn", bytes_per_second=len(model) / 2)
    home = Paths.under(tmp_path / "home")
    part = home.models / "someone" / "tiny-GGUF" / f"{NAME}.part"
    with Engine(home) as engine:
        engine.downloads.get(wish_of(f"{REPO}:Q4_K_M"))
        until(lambda: part.exists() and part.stat().st_size > 1000)
    slow.times = 0
    hub.repositories[REPO].put("README.md", b"another commit")
    with Engine(home) as engine:
        assert rows(engine) == [("running", "")]
        (number,) = engine.downloads.restore()
        ticket = engine.jobs.ticket(number)
        assert ticket is not None
        got = ticket.wait(WAIT)
        assert isinstance(got, Got)
        assert 0 < got.fetched_bytes < len(model)
        assert got.path.read_bytes() == model
        until(lambda: rows(engine) == [])


def test_started_without_a_network_it_waits_for_one(
    hub: LocalHub, tmp_path: Path, model: bytes
) -> None:
    slow = hub.faults.add("*tiny-Q4*", door="cdn", bytes_per_second=len(model) / 2)
    home = Paths.under(tmp_path / "home")
    part = home.models / "someone" / "tiny-GGUF" / f"{NAME}.part"
    with Engine(home) as engine:
        engine.downloads.get(wish_of(f"{REPO}:Q4_K_M"))
        until(lambda: part.exists() and part.stat().st_size > 1000)
    slow.times = 0
    away = hub.faults.add("*", reset=True)
    with Engine(home) as engine:
        (number,) = engine.downloads.restore()
        until(lambda: "ended the connection early" in " ".join(engine.jobs.record(number).notices))
        assert engine.jobs.record(number).state is JobState.RUNNING
        ticket = engine.jobs.ticket(number)
        assert ticket is not None
        away.times = 0
        assert isinstance(ticket.wait(WAIT), Got)


def test_another_version_meanwhile_is_fetched_anew_and_told(
    hub: LocalHub, tmp_path: Path, model: bytes
) -> None:
    slow = hub.faults.add("*tiny-Q4*", door="cdn", bytes_per_second=len(model) / 2)
    home = Paths.under(tmp_path / "home")
    part = home.models / "someone" / "tiny-GGUF" / f"{NAME}.part"
    with Engine(home) as engine:
        engine.downloads.get(wish_of(f"{REPO}:Q4_K_M"))
        until(lambda: part.exists() and part.stat().st_size > 1000)
    slow.times = 0
    newer = write_tiny_llama(tmp_path / "newer.gguf", n_ctx=64).read_bytes()
    gone = hub.repositories[REPO]
    first = gone.sha
    gone.put(NAME, newer)
    del gone.commits[first]  # as after a push with force
    with Engine(home) as engine:
        (number,) = engine.downloads.restore()
        ticket = engine.jobs.ticket(number)
        assert ticket is not None
        got = ticket.wait(WAIT)
        assert isinstance(got, Got)
        assert got.path.read_bytes() == newer
        assert "has changed on the hub" in " ".join(engine.jobs.record(number).notices)


def test_a_failure_is_kept_with_its_sentence(hub: LocalHub, tmp_path: Path) -> None:
    hub.faults.add("*tiny-Q4*", status=404)
    home = Paths.under(tmp_path / "home")
    with Engine(home) as engine:
        with pytest.raises(HubError):
            engine.downloads.get(wish_of(f"{REPO}:Q4_K_M")).wait(WAIT)
        until(lambda: [state for state, _ in rows(engine)] == ["failed"])
        assert not engine.library.list()
    hub.faults.clear()
    with Engine(home) as engine:
        (number,) = engine.downloads.restore()
        record = engine.jobs.record(number)
        assert record.state is JobState.FAILED
        assert "no model" in record.failure
        assert isinstance(engine.jobs.resume(number).wait(WAIT), Got)


def test_stopped_it_is_kept_no_longer(engine: Engine, hub: LocalHub) -> None:
    hub.faults.add("*tiny-Q4*", door="cdn", bytes_per_second=2000)
    ticket = engine.downloads.get(wish_of(f"{REPO}:Q4_K_M"))
    until(lambda: engine.jobs.record(ticket.job_id).stage is Stage.DOWNLOADING)
    engine.jobs.stop(ticket.job_id)
    until(lambda: engine.jobs.record(ticket.job_id).state is JobState.STOPPED)
    until(lambda: rows(engine) == [])


def test_stopped_while_the_hub_names_its_files_it_is_kept_no_longer(
    engine: Engine, hub: LocalHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its thread has the answer just then, and would write down what is not wished any more."""
    named = download_jobs._Download._settled
    answered, stopped = threading.Event(), threading.Event()

    def late(self: download_jobs._Download, order: DownloadOrder) -> None:
        answered.set()
        stopped.wait(WAIT)
        named(self, order)

    monkeypatch.setattr(download_jobs._Download, "_settled", late)
    ticket = engine.downloads.get(wish_of(f"{REPO}:Q4_K_M"))
    assert answered.wait(WAIT)
    engine.jobs.stop(ticket.job_id)
    until(lambda: rows(engine) == [])
    stopped.set()
    until(lambda: ticket.ended)
    engine.run(nothing(), lane=Lane.DISK).wait(WAIT)  # after what it has written
    assert rows(engine) == []
    assert engine.jobs.record(ticket.job_id).state is JobState.STOPPED


def nothing() -> Job:
    yield None
    return None


def test_given_up_nothing_of_it_stays(engine: Engine, hub: LocalHub) -> None:
    hub.faults.add("*tiny-Q4*", door="cdn", bytes_per_second=2000)
    ticket = engine.downloads.get(wish_of(REPO))
    folder = engine.paths.models / "someone" / "tiny-GGUF"
    until(lambda: (folder / f"{NAME}.part").exists())
    (folder / "mine.gguf.part").write_bytes(b"of a browser")
    engine.downloads.discard(ticket.job_id).wait(WAIT)
    assert [path.name for path in folder.iterdir()] == ["mine.gguf.part"]
    assert engine.jobs.records() == ()
    until(lambda: rows(engine) == [])


def test_given_up_it_is_kept_until_its_parts_are_gone(engine: Engine, hub: LocalHub) -> None:
    """Should the program end in between, they do not lie there unlisted."""
    hub.faults.add("*tiny-Q4*", door="cdn", bytes_per_second=2000)
    ticket = engine.downloads.get(wish_of(REPO))
    part = engine.paths.models / "someone" / "tiny-GGUF" / f"{NAME}.part"
    until(part.exists)
    seen, remove = [], download_jobs.remove_parts

    def look(order: DownloadOrder) -> None:
        seen.extend(state for state, _ in rows(engine))
        remove(order)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(download_jobs, "remove_parts", look)
        engine.downloads.discard(ticket.job_id).wait(WAIT)
    assert seen == ["paused"]
    assert (part.exists(), rows(engine), engine.jobs.records()) == (False, [], ())


@pytest.mark.parametrize("with_parts", [True, False])
def test_paused_and_taken_off_the_list_it_never_comes_back(
    engine: Engine, hub: LocalHub, with_parts: bool
) -> None:
    hub.faults.add("*tiny-Q4*", door="cdn", bytes_per_second=2000)
    ticket = engine.downloads.get(wish_of(REPO))
    part = engine.paths.models / "someone" / "tiny-GGUF" / f"{NAME}.part"
    until(part.exists)
    engine.jobs.pause(ticket.job_id)
    until(lambda: ticket.ended and [row[0] for row in rows(engine)] == ["paused"])
    if with_parts:
        engine.downloads.discard(ticket.job_id).wait(WAIT)
    else:
        engine.jobs.forget(ticket.job_id)
    until(lambda: rows(engine) == [])
    assert engine.jobs.records() == ()
    assert part.exists() is not with_parts
    with Engine(engine.paths) as again:
        assert again.downloads.restore() == ()


def test_asked_for_twice_it_is_one_download(engine: Engine, hub: LocalHub) -> None:
    slow = hub.faults.add("*tiny-Q4*", door="cdn", bytes_per_second=2000)
    ticket = engine.downloads.get(wish_of(REPO))
    with pytest.raises(UsageError, match="being downloaded already"):
        engine.downloads.get(wish_of(REPO))
    until(lambda: engine.jobs.record(ticket.job_id).stage is Stage.DOWNLOADING)
    engine.jobs.pause(ticket.job_id)
    until(lambda: ticket.ended)
    slow.times = 0
    again = engine.downloads.get(wish_of(REPO))
    assert again.job_id == ticket.job_id
    assert isinstance(again.wait(WAIT), Got)
    assert len(engine.jobs.records()) == 1


def test_a_family_that_does_not_run_here_is_told_first(engine: Engine, hub: LocalHub) -> None:
    hub.repositories[REPO].gguf = {"architecture": "mamba9", "total": 5}
    ticket = engine.downloads.get(wish_of(REPO))
    ticket.wait(WAIT)
    assert "(mamba9)" in engine.jobs.record(ticket.job_id).notices[0]


def test_two_models_of_one_quantization(engine: Engine, hub: LocalHub) -> None:
    hub.repositories[REPO].put("other/big-Q4_K_M.gguf", noise(1000))
    with pytest.raises(UsageError, match="more than one model in Q4_K_M; name its file"):
        engine.downloads.get(wish_of(f"{REPO}:Q4_K_M")).wait(WAIT)


def test_two_at_once_the_third_waits_for_its_turn(engine: Engine, hub: LocalHub) -> None:
    for n in range(3):
        hub.repositories[REPO].put(f"{n}.txt", noise(60_000, n))
    slow = hub.faults.add("*.txt", bytes_per_second=20_000)
    tickets = [engine.downloads.get(Wish(REPO, files=(f"{n}.txt",))) for n in range(3)]
    last = tickets[2].job_id
    until(lambda: engine.jobs.record(last).stage is Stage.WAITING_TURN)
    slow.times = 0
    engine.jobs.stop(tickets[0].job_id)
    assert isinstance(tickets[2].wait(WAIT), Got)


def test_a_damaged_queue_is_set_aside_and_told(tmp_path: Path, hub: LocalHub) -> None:
    home = Paths.under(tmp_path / "home")
    home.data.mkdir(parents=True)
    home.downloads_file.write_bytes(b"SQLite format 3\0" + noise(5000))
    with Engine(home) as engine:
        assert engine.downloads.restore() == ()
        assert "damaged" in engine.downloads.notice
        assert isinstance(engine.downloads.get(wish_of(REPO)).wait(WAIT), Got)
    assert len(list(home.data.glob("downloads*damaged*"))) == 1


def test_limits_are_settings_and_hold_for_what_runs(engine: Engine, hub: LocalHub) -> None:
    hub.repositories[REPO].put("notes.txt", noise(300_000))
    now = datetime.now()
    away = [(now + timedelta(hours=n)).strftime("%H:%M") for n in (2, 4)]
    file = engine.paths.network_file
    save(NetworkSettings(hub.url, hours_from=away[0], hours_until=away[1]), file)
    engine.downloads.heed_settings()
    ticket = engine.downloads.get(Wish(REPO, files=("notes.txt",)))
    until(lambda: engine.jobs.record(ticket.job_id).stage is Stage.WAITING_HOURS)
    progress = engine.jobs.record(ticket.job_id).progress
    assert progress is not None
    assert progress.words == f"waiting until {away[0]}"
    assert hub.log.sent("notes.txt") == 0
    save(NetworkSettings(hub.url, max_rate=1e6), file)
    engine.downloads.heed_settings()
    assert engine.downloads.limits.max_rate == 1e6
    assert isinstance(ticket.wait(WAIT), Got)
    with pytest.raises(UsageError):
        save(NetworkSettings(hub.url, hours_from="25:00"), file)


def test_limits_of_earlier_days_hold_from_the_first_download_on(
    engine: Engine, hub: LocalHub
) -> None:
    now = datetime.now()
    away = [(now + timedelta(hours=n)).strftime("%H:%M") for n in (2, 4)]
    found = NetworkSettings(hub.url, max_rate=5e6, hours_from=away[0], hours_until=away[1])
    save(found, engine.paths.network_file)
    ticket = engine.downloads.get(wish_of(REPO))
    until(lambda: engine.jobs.record(ticket.job_id).stage is Stage.WAITING_HOURS)
    assert engine.downloads.limits.max_rate == 5e6
    ticket.cancel()


@pytest.mark.parametrize(
    "words",
    [
        "",
        "[]",
        "{}",
        '{"repo": 7}',
        json.dumps({"repo": "a/b", "quant": "", "files": 5, "revision": "", "folder": ""}),
        "[" * 100_000,
    ],
    ids=["nothing", "list", "empty", "number", "no files", "deep"],
)
def test_rows_that_make_no_sense_count_as_none(engine: Engine, words: str) -> None:
    assert engine.downloads.restore() == ()
    db = sqlite3.connect(engine.paths.downloads_file)
    db.execute("INSERT INTO orders (state, words) VALUES ('running', ?)", (words,))
    db.commit()
    db.close()
    assert engine.downloads.restore() == ()


def weights(hub: LocalHub, folder: Path) -> Repository:
    """A repository as its makers publish it: safetensors, and a second copy of them."""
    made = write_folder(folder, "llama")
    found = hub.add(Repository("makers/tiny"))
    for path in sorted(made.iterdir()):
        found.put(path.name, path.read_bytes())
    found.put("pytorch_model.bin", noise(70_000)).put("onnx/model.onnx", noise(70_000))
    return found


def test_weights_become_a_model_in_one_order(engine: Engine, hub: LocalHub, tmp_path: Path) -> None:
    weights(hub, tmp_path / "source")
    ticket = engine.downloads.get(Wish("makers/tiny", make="Q8_0"))
    got = ticket.wait(WAIT)
    assert isinstance(got, Got)
    assert got.path == engine.paths.models / "makers" / "tiny" / "tiny-Q8_0.gguf"
    assert got.sha256 == (sha256(got.path),)
    assert [m.type_name for m in engine.library.list()] == ["Q8_0"]
    assert hub.log.sent("pytorch_model.bin") == hub.log.sent("onnx") == 0
    assert "the weights it was made of stay in" in " ".join(
        engine.jobs.record(ticket.job_id).notices
    )
    with pytest.raises(UsageError, match="exists already"):
        engine.downloads.get(Wish("makers/tiny", make="Q8_0")).wait(WAIT)


def test_stopped_while_it_is_made_it_goes_on(engine: Engine, hub: LocalHub, tmp_path: Path) -> None:
    weights(hub, tmp_path / "source")
    ticket = engine.downloads.get(Wish("makers/tiny", make="Q8_0"))
    until(lambda: engine.jobs.record(ticket.job_id).stage in (Stage.SOURCE, Stage.WRITING))
    engine.jobs.pause(ticket.job_id)
    until(lambda: ticket.ended)
    if engine.jobs.record(ticket.job_id).state is JobState.PAUSED:
        sent = hub.log.sent("model.safetensors")
        assert isinstance(engine.jobs.resume(ticket.job_id).wait(WAIT), Got)
        assert hub.log.sent("model.safetensors") == sent
