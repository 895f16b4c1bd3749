"""The tests' own hub answers the real client as Hugging Face does, and breaks where told to."""

import threading
import time
from collections.abc import Iterator

import httpx2
import pytest
from helpers.local_hub.repositories import HubFile, Repository
from helpers.local_hub.server import LocalHub
from huggingface_hub import HfApi, get_hf_file_metadata, hf_hub_url, set_client_factory
from huggingface_hub.errors import (
    GatedRepoError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

WEIGHTS = bytes(range(256)) * 1024
NAME = "model.Q4_K_M.gguf"


@pytest.fixture
def hub() -> Iterator[LocalHub]:
    set_client_factory(lambda: httpx2.Client(follow_redirects=True, trust_env=False))
    with LocalHub() as hub:
        for n in range(5):
            hub.add(Repository(f"someone/model-{n}-GGUF", downloads=n, likes=10 - n))
        first = hub.repositories["someone/model-0-GGUF"]
        first.put(NAME, WEIGHTS).put("README.md", b"# A model").put("deep/er/a.json", b"{}")
        first.gguf = {"architecture": "llama", "total": 7}
        hub.add(Repository("closed/model", gated="manual", allowed=("hf_in",))).put(NAME, WEIGHTS)
        hub.add(Repository("secret/model", private=True, allowed=("hf_in",))).put("a.txt", b"a")
        hub.tokens.add("hf_out")
        yield hub


def url(hub: LocalHub, path: str = NAME, repo: str = "someone/model-0-GGUF") -> str:
    return hf_hub_url(repo, path, endpoint=hub.url)


def api(hub: LocalHub, token: str | bool = False) -> HfApi:
    return HfApi(endpoint=hub.url, token=token)


def test_it_searches_sorts_and_pages(hub: LocalHub) -> None:
    hub.page_size = 2
    found = list(api(hub).list_models(search="model gguf", sort="downloads"))
    assert [model.downloads for model in found] == [4, 3, 2, 1, 0]
    assert len(hub.log.of("hub", "/api/models")) == 3
    assert [m.id for m in api(hub).list_models(search="model", sort="likes", limit=1)] == [
        "someone/model-0-GGUF"
    ]
    tagged = api(hub).list_models(filter="gguf", expand=["gguf", "downloads", "gated"])
    assert [(m.id, m.gguf and m.gguf["architecture"]) for m in tagged if not m.gated] == [
        ("someone/model-0-GGUF", "llama")
    ]


def test_it_tells_files_with_their_records(hub: LocalHub) -> None:
    info = api(hub).model_info("someone/model-0-GGUF", files_metadata=True)
    assert info.siblings is not None
    by_name = {each.rfilename: each for each in info.siblings}
    lfs = by_name[NAME].lfs
    assert lfs is not None
    assert (lfs.size, lfs.sha256) == (len(WEIGHTS), HubFile(WEIGHTS).true_sha256)
    assert by_name["README.md"].lfs is None
    assert by_name["README.md"].size == 9
    top = {each.path for each in api(hub).list_repo_tree("someone/model-0-GGUF")}
    assert top == {NAME, "README.md", "deep"}
    deep = {each.path for each in api(hub).list_repo_tree("someone/model-0-GGUF", recursive=True)}
    assert deep == {NAME, "README.md", "deep", "deep/er", "deep/er/a.json"}
    known = api(hub).get_paths_info("someone/model-0-GGUF", [NAME, "absent"])
    assert [each.path for each in known] == [NAME]


def test_it_resolves_through_a_redirect_that_gets_no_token(hub: LocalHub) -> None:
    told = get_hf_file_metadata(url(hub), token=False)
    assert told.size == len(WEIGHTS)
    assert told.etag == HubFile(WEIGHTS).true_sha256
    assert told.location.startswith(hub.cdn_url)
    closed = url(hub, repo="closed/model")
    headers = {"authorization": "Bearer hf_in", "range": "bytes=10-19"}
    answer = httpx2.get(closed, headers=headers, follow_redirects=True)
    assert (answer.status_code, answer.content) == (206, WEIGHTS[10:20])
    assert answer.headers["content-range"] == f"bytes 10-19/{len(WEIGHTS)}"
    assert "authorization" not in hub.log.of("cdn")[-1].headers
    assert hub.log.of("cdn")[-1].sent == 10


def test_it_answers_ranges_and_conditions(hub: LocalHub) -> None:
    with httpx2.Client(follow_redirects=True) as client:
        answer = client.get(url(hub), headers={"range": f"bytes={len(WEIGHTS)}-"})
        assert answer.status_code == 416
        etag = client.head(url(hub)).headers["etag"]
        asked = {"range": "bytes=5-", "if-range": etag}
        assert client.get(url(hub), headers=asked).content == WEIGHTS[5:]
        hub.repositories["someone/model-0-GGUF"].put(NAME, WEIGHTS[::-1])
        answer = client.get(url(hub), headers=asked)
        assert (answer.status_code, answer.content) == (200, WEIGHTS[::-1])
        location = client.get(url(hub), follow_redirects=False).headers["location"]
        hub.expire_links()
        assert client.get(location).status_code == 403


def test_it_refuses_as_the_real_one(hub: LocalHub) -> None:
    with pytest.raises(GatedRepoError) as refused:
        get_hf_file_metadata(url(hub, repo="closed/model"), token=False)
    assert refused.value.response.status_code == 401
    with pytest.raises(GatedRepoError) as refused:
        get_hf_file_metadata(url(hub, repo="closed/model"), token="hf_out")
    assert refused.value.response.status_code == 403
    for token, status in ((False, 401), ("hf_out", 404)):
        with pytest.raises(RepositoryNotFoundError) as unseen:
            api(hub, token).model_info("secret/model")
        assert unseen.value.response.status_code == status
    assert api(hub, "hf_in").model_info("secret/model").private
    with pytest.raises(RevisionNotFoundError):
        api(hub).model_info("someone/model-0-GGUF", revision="absent")
    with pytest.raises(RemoteEntryNotFoundError):
        get_hf_file_metadata(url(hub, "absent.gguf"), token=False)


def test_it_breaks_on_purpose(hub: LocalHub) -> None:
    with httpx2.Client(follow_redirects=True, timeout=20) as client:
        hub.faults.add("*" + NAME, door="cdn", cut_after=100, times=1)
        with pytest.raises(httpx2.RemoteProtocolError):
            client.get(url(hub))
        assert hub.log.of("cdn")[-1].sent == 100
        hub.faults.add("*" + NAME, door="cdn", corrupt_at=7, times=1)
        found = client.get(url(hub)).content
        assert [n for n in range(len(WEIGHTS)) if found[n] != WEIGHTS[n]] == [7]
        for what in ({"stall_after": 10}, {"silent": True}):
            hub.faults.add("/cdn/*", times=1, **what)
            with pytest.raises(httpx2.ReadTimeout):
                client.get(url(hub), timeout=1)
        hub.faults.add("/cdn/*", reset=True, times=1)
        with pytest.raises(httpx2.RemoteProtocolError):
            client.get(url(hub))
        hub.faults.add("/cdn/*", no_ranges=True, times=1)
        assert client.get(url(hub), headers={"range": "bytes=0-1"}).status_code == 200
        hub.faults.add("/api/*", status=503, times=2)
        hub.faults.add("/api/*", html=True)
        answers = [client.get(hub.url + "/api/models") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [503, 503, 200]
        assert "html" in answers[-1].headers["content-type"]
        hub.faults.clear()
        assert client.get(url(hub)).content == WEIGHTS


def test_it_can_be_slow(hub: LocalHub) -> None:
    hub.faults.add("/cdn/*", bytes_per_second=len(WEIGHTS) / 0.2)
    begun = time.monotonic()
    assert httpx2.get(url(hub), follow_redirects=True).content == WEIGHTS
    assert time.monotonic() - begun > 0.15


def test_a_hub_can_lie_about_sizes(hub: LocalHub) -> None:
    hub.repositories["someone/model-0-GGUF"].put(NAME, HubFile(WEIGHTS, told_size=12))
    assert get_hf_file_metadata(url(hub), token=False).size == 12
    info = api(hub).model_info("someone/model-0-GGUF", files_metadata=True)
    assert {s.rfilename: s.size for s in info.siblings or ()}[NAME] == 12


def test_a_range_beyond_the_file_ends_with_it(hub: LocalHub) -> None:
    """A connection that sends nothing for ever would take half a processor from all later tests."""
    hub.faults.add("/cdn/*", wrong_range=True)
    with httpx2.Client(follow_redirects=True) as client, pytest.raises(httpx2.RemoteProtocolError):
        client.get(url(hub), headers={"range": "bytes=5-"})
    begun = time.monotonic()
    while any("process_request" in each.name for each in threading.enumerate()):
        assert time.monotonic() - begun < 10, "it goes on"
        time.sleep(0.01)


def test_its_end_ends_what_stalls(hub: LocalHub) -> None:
    hub.faults.add("/api/*", silent=True)
    with httpx2.Client(timeout=0.5) as client, pytest.raises(httpx2.ReadTimeout):
        client.get(hub.url + "/api/models")
    hub.close()  # it would stall until the test's patience ends
