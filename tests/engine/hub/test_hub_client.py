"""The client against the tests' own hub: what it asks, never asks, and whom it tells a token."""

import gc
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.data import ROOT
from helpers.local_hub.repositories import HubFile, Repository
from helpers.local_hub.server import LocalHub
from huggingface_hub import HfApi

from engine.base.errors import HubError, HubFault, UsageError
from engine.hub import connections as connections_module
from engine.hub.client import Hub
from engine.hub.connections import connections
from engine.hub.settings import NetworkSettings

WEIGHTS = bytes(range(256)) * 1024
REPO, NAME = "someone/model-GGUF", "model.Q4_K_M.gguf"
TOKEN = "hf_abcdefghijklmnop"


@pytest.fixture
def local() -> Iterator[LocalHub]:
    with LocalHub() as local:
        local.add(Repository(REPO, downloads=9)).put(NAME, WEIGHTS).put("README.md", b"# Hello")
        closed = Repository("closed/model", gated="manual", allowed=(TOKEN,))
        local.add(closed).put(NAME, WEIGHTS)
        yield local


def settings(local: LocalHub, **changes: object) -> NetworkSettings:
    return NetworkSettings(**{"endpoint": local.url, "timeout": 20.0, "proxy": "none", **changes})


def test_it_lists_describes_and_reads(local: LocalHub) -> None:
    with Hub(settings(local)) as hub:
        assert [m.id for m in hub.models("model", sort="downloads", most=5)] == [
            REPO,
            "closed/model",
        ]
        info = hub.model_info(REPO)
        (weights,) = (each for each in info.siblings or () if each.rfilename == NAME)
        assert weights.lfs is not None
        assert (weights.size, weights.lfs.sha256) == (len(WEIGHTS), HubFile(WEIGHTS).true_sha256)
        with hub.stream(hub.address(REPO, NAME, info.sha or ""), 10, 30) as answer:
            assert answer.status_code == 206
            assert b"".join(answer.iter_raw()) == WEIGHTS[10:30]
        with hub.stream(hub.address(REPO, "README.md", "main")) as answer:
            assert b"".join(answer.iter_raw()) == b"# Hello"


def test_nothing_but_the_question_is_told(local: LocalHub, tmp_path: Path) -> None:
    """No telemetry, no agent look-ups, no cookies, no word on this machine, no foreign token."""
    program = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from engine.hub.client import Hub
from engine.hub.settings import NetworkSettings
with Hub(NetworkSettings({local.url!r}, proxy="none")) as hub:
    list(hub.models("model", sort="downloads", most=5))
    place = hub.address({REPO!r}, {NAME!r}, hub.model_info({REPO!r}).sha)
    with hub.stream(place, 0, 5) as answer:
        answer.read()
"""
    home = tmp_path / "hf"
    variables = {
        "HF_HOME": str(home),
        **os.environ,
        "HF_ENDPOINT": local.url,
        "HF_TOKEN": TOKEN,
        "AI_AGENT": "somebody",
        "HF_HUB_USER_AGENT_ORIGIN": "here",
    }
    subprocess.run([sys.executable, "-c", program], env=variables, check=True, timeout=60)
    paths = [request.path for request in local.log.requests]
    assert paths[:3] == ["/api/models", f"/api/models/{REPO}", paths[2]]
    assert paths[2].endswith(NAME)
    assert len(paths) == 4
    for request in local.log.requests:
        told = dict(request.headers)
        told.pop("host")
        assert told.pop("user-agent") == "chaski"
        assert set(told) <= {"accept", "accept-encoding", "connection", "range"}
    assert not home.exists()  # and nothing is kept
    # Left to itself the library does ask, so that this test would see it.
    program = f"from huggingface_hub import HfApi; HfApi(token=False).model_info({REPO!r})"
    subprocess.run([sys.executable, "-c", program], env=variables, check=True, timeout=60)
    assert "/api/agent-harnesses" in local.log.paths()
    assert "hf_hub" in local.log.requests[-1].headers["user-agent"]


def test_small_files_of_closed_repositories(local: LocalHub) -> None:
    """They lie at another address of the hub itself, which wants the token, too."""
    local.repositories["closed/model"].put("config.json", b"{}")
    with Hub(settings(local), lambda: TOKEN) as hub:
        for _ in range(2):
            with hub.stream(hub.address("closed/model", "config.json", "main")) as answer:
                assert answer.read() == b"{}"
    refused = [r for r in local.log.requests if r.status == 401]
    assert len(refused) == 1
    assert not local.log.of("cdn")


def test_a_token_goes_to_the_hub_alone_and_only_where_it_must(
    local: LocalHub, caplog: pytest.LogCaptureFixture
) -> None:
    asked = list[int]()

    def token() -> str:
        asked.append(1)
        return TOKEN

    with caplog.at_level(logging.DEBUG), Hub(settings(local), token) as hub:
        list(hub.models("model", sort="likes", most=5))
        hub.model_info(REPO)
        with hub.stream(hub.address(REPO, NAME, "main"), 0, 5) as answer:
            assert answer.read() == WEIGHTS[:5]
        assert not asked
        before = len(local.log.of("cdn"))
        for _ in range(2):
            with hub.stream(hub.address("closed/model", NAME, "main"), 0, 5) as answer:
                assert answer.read() == WEIGHTS[:5]
    assert len(asked) == 1  # a keyring may ask its user
    told = [r.target for r in local.log.requests if "authorization" in r.headers]
    assert told == [f"/closed/model/resolve/main/{NAME}"] * 2
    assert [r.status for r in local.log.of("hub", "/closed/")] == [401, 302, 302]
    assert len(local.log.of("cdn")) == before + 2
    assert TOKEN not in caplog.text


def test_nothing_is_tried_again_behind_our_back(local: LocalHub) -> None:
    local.faults.add("*", status=503)
    with Hub(settings(local)) as hub:
        for ask in (
            lambda: list(hub.models("model", sort="likes", most=5)),
            lambda: hub.model_info(REPO),
            lambda: hub.stream(hub.address(REPO, NAME, "main")).__enter__(),
        ):
            local.log.clear()
            with pytest.raises(HubError, match="problem of its own"):
                ask()
            assert len(local.log.requests) == 1


def test_one_that_is_not_answered_holds_no_other_up(local: LocalHub) -> None:
    local.faults.add("/api/models/closed/*", silent=True)
    told = list[str]()

    def ask(repo: str, timeout: float) -> None:
        with Hub(settings(local, timeout=timeout)) as hub:
            try:
                told.append(hub.model_info(repo).id)
            except HubError as error:
                told.append(error.why)

    threads = [
        threading.Thread(target=ask, args=each) for each in (("closed/model", 2.0), (REPO, 10.0))
    ]
    for thread in threads:
        thread.start()
        time.sleep(0.1)
    for thread in threads:
        thread.join()
    assert told == [REPO, HubFault.TIMEOUT]


@pytest.mark.parametrize("fault", [{"silent": True}, {"stall_after": 100}, {}])
def test_closed_while_it_is_asked(local: LocalHub, fault: dict[str, bool]) -> None:
    """No socket stays open, which pytest would tell."""
    local.faults.add("/cdn/*", **fault)
    ended = list[object]()

    def read(hub: Hub) -> None:
        try:
            for _ in range(50):
                with hub.stream(hub.address(REPO, NAME, "main")) as answer:
                    answer.read()
            ended.append(None)
        except HubError as error:
            ended.append(error.why)

    with Hub(settings(local, timeout=1.0)) as hub:
        threads = [threading.Thread(target=read, args=(hub,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        while len(local.log.of("cdn")) < 3:
            time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert len(ended) == 3
    assert set(ended) <= {None, HubFault.CUT, HubFault.TIMEOUT}
    with pytest.raises(HubError, match="is asked no more"):
        hub.model_info(REPO)
    gc.collect()


def test_one_that_nobody_closes_leaves_no_socket(local: LocalHub) -> None:
    hub = Hub(settings(local))
    hub.model_info(REPO)
    with hub.stream(hub.address(REPO, NAME, "main"), 0, 9) as answer:
        answer.read()
    del hub, answer
    gc.collect()  # pytest would tell of a socket that is open still


def test_the_library_cannot_ask_behind_our_back(local: LocalHub) -> None:
    with Hub(settings(local)) as hub:
        hub.model_info(REPO)
    with pytest.raises(RuntimeError, match="alone"):
        HfApi(endpoint=local.url, token=False).model_info(REPO)


def test_a_wrong_name_is_no_request(local: LocalHub) -> None:
    with Hub(settings(local)) as hub:
        for name in ("a/b/c", "../etc", "", "a b/c", "x" * 200):
            with pytest.raises(UsageError, match="OWNER/NAME"):
                hub.model_info(name)
    assert not local.log.requests


def test_no_connection_at_all_where_they_are_switched_off(local: LocalHub) -> None:
    with Hub(settings(local, allowed=False)) as hub:
        with pytest.raises(HubError, match="switched off") as refused:
            hub.model_info(REPO)
        assert refused.value.why is HubFault.OFFLINE
    assert not local.log.requests


def test_strangers_are_not_asked(local: LocalHub, tmp_path: Path) -> None:
    with LocalHub() as stranger, Hub(settings(local)) as hub:
        with pytest.raises(HubError, match="does not belong"), hub.stream(stranger.url + "/x"):
            pass
        local.faults.add("/api/*", status=302, headers={"Location": stranger.url + "/login"})
        with pytest.raises(HubError, match="sign in") as refused:
            hub.model_info(REPO)
        assert refused.value.why is HubFault.PORTAL
        assert not stranger.log.requests


def test_importing_the_room_costs_nothing() -> None:
    program = (
        "import sys, engine.hub.client, engine.hub.tokens, engine.hub.settings\n"
        "heavy = {'huggingface_hub', 'httpx2', 'keyring', 'truststore', 'numpy'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=60)


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://huggingface.co/api/models", True),
        ("https://cas-bridge.xethub.hf.co/x", True),
        ("https://cdn-lfs.huggingface.co/x", True),
        ("http://huggingface.co/x", False),
        ("http://cdn-lfs.hf.co/x", False),
        ("https://evilhf.co/x", False),
        ("https://hf.co.evil.com/x", False),
        ("https://user@evil.com/huggingface.co", False),
        ("https://huggingface.co:444/x", True),
        ("https://127.0.0.1/x", False),
    ],
)
def test_whose_addresses_are_the_hubs(url: str, ours: bool) -> None:
    import httpx2

    from engine.hub.connection import Transport

    transport = Transport(NetworkSettings(allowed=True), lambda: None)
    assert transport._is_ours(httpx2.URL(url)) is ours


def test_every_connection_is_named() -> None:
    usual = connections(NetworkSettings())
    assert {each.to for each in usual} == {
        "huggingface.co",
        "huggingface.co, hf.co or what is under them",
        "a proxy that this system names",
    }
    straight = connections(NetworkSettings(proxy="none"))
    assert straight == tuple(each for each in usual if "proxy" not in each.to)
    through = connections(NetworkSettings(proxy="http://ana:secret@proxy:8080"))
    assert through[-1].to == "http://proxy:8080"  # its password stays ours
    mirrored = connections(NetworkSettings("https://mirror.example"))
    assert mirrored[0].to == "mirror.example"
    assert not any("huggingface" in each.to for each in mirrored)
    assert connections(NetworkSettings(allowed=False)) == ()


def test_a_release_names_where_it_looks_for_newer_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    before = connections(NetworkSettings(proxy="none"))
    monkeypatch.setattr(connections_module, "released_from", lambda: "https://github.com/a/b")
    more = connections(NetworkSettings(proxy="none"))[len(before) :]
    assert {each.to for each in more} == {"github.com, githubusercontent.com or what is under them"}
    assert len(more) == 2
