"""Searches and repositories: sorted into records, with what a hub lies about found out."""

import time

import pytest
from helpers.local_hub.repositories import HubFile, Repository
from helpers.local_hub.server import LocalHub

from engine.base.errors import HubError, HubFault, UsageError
from engine.hub import records
from engine.hub.client import Hub
from engine.hub.names import CODES
from engine.hub.records import Filters
from engine.hub.repository import card, repository, sorted_files
from engine.hub.searching import search

REPO = "someone/model-GGUF"


def some_repositories(local: LocalHub) -> None:
    for n in range(7):
        found = Repository(
            f"a/llama-{n}-GGUF", downloads=n, likes=7 - n, updated=f"2026-0{n + 1}-01T00:00:00.000Z"
        )
        found.gguf = {"architecture": "llama", "total": n * 10**9, "context_length": 4096}
        found.card = {"license": "mit" if n % 2 else "apache-2.0", "language": ["en", "de"]}
        found.card |= {"base_model": f"a/llama-{n}", "tags": ["x"]}
        local.add(found).put("m-Q4_K_M.gguf", b"a").put("m-Q8_0.gguf", b"b")
    plain = Repository("a/llama-plain", downloads=99, gated="auto")
    plain.config = {"architectures": ["LlamaForCausalLM"], "model_type": "llama"}
    plain.safetensors = {"parameters": {"BF16": 5}, "total": 5}
    local.add(plain).put("model.safetensors", b"a").put("config.json", b"{}")


def test_gguf_comes_first(local: LocalHub, hub: Hub) -> None:
    some_repositories(local)
    local.page_size = 3
    found = list(search(hub, "llama"))
    assert [each.id for each in found] == [f"a/llama-{n}-GGUF" for n in range(6, -1, -1)] + [
        "a/llama-plain"
    ]
    one, plain = found[0], found[-1]
    assert (one.architecture, one.n_parameters, one.n_ctx_train) == ("llama", 6 * 10**9, 4096)
    assert (one.licence, one.languages, one.gated) == ("apache-2.0", ("en", "de"), "")
    assert one.base_model == "a/llama-6"
    assert (one.formats, one.quants) == (("gguf",), ("Q4_K_M", "Q8_0"))
    assert one.updated == "2026-07-01T00:00:00Z"
    assert (plain.classes, plain.n_parameters, plain.gated) == (("LlamaForCausalLM",), 5, "auto")


def test_sorted_limited_and_filtered(local: LocalHub, hub: Hub) -> None:
    some_repositories(local)

    def ids(**more: object) -> list[str]:
        return [each.id for each in search(hub, "llama", **more)]

    assert ids(sort="likes", limit=2) == ["a/llama-0-GGUF", "a/llama-1-GGUF"]
    assert ids(sort="updated", limit=1) == ["a/llama-6-GGUF"]
    assert len(ids(filters=Filters(licences=("mit",)))) == 3
    assert len(ids(filters=Filters(licences=("mit", "apache-2.0")))) == 7
    assert ids(filters=Filters(parameters=(2 * 10**9, 3 * 10**9), kinds=("gguf",))) == [
        "a/llama-3-GGUF",
        "a/llama-2-GGUF",
    ]
    assert ids(filters=Filters(gated=True)) == ["a/llama-plain"]
    assert ids(filters=Filters(families=("gemma2",))) == []
    assert ids(filters=Filters(languages=("fr",))) == []
    assert ids(wanted=lambda found: found.downloads == 3) == ["a/llama-3-GGUF"]
    for odd in ({"sort": "beauty"}, {"limit": 0}, {"limit": 10**6}):
        with pytest.raises(UsageError):
            ids(**odd)


def test_pages_are_asked_for_as_they_are_taken(local: LocalHub, hub: Hub) -> None:
    some_repositories(local)
    local.page_size = 2
    rows = search(hub, "llama", limit=7)
    assert not local.log.requests
    for _ in range(3):
        next(rows)
    assert len(local.log.requests) == 2


def test_files_by_quantization(local: LocalHub, hub: Hub) -> None:
    made = local.add(Repository(REPO))
    for no in (2, 1, 3):
        made.put(f"BF16/model-BF16-0000{no}-of-00003.gguf", bytes(100 + no))
    for name in ("model-Q4_K_M.gguf", "model-UD-Q4_K_XL.gguf", "odd.gguf"):
        made.put(name, bytes(50))
    made.put("model-Q8_0-00001-of-00002.gguf", b"a")
    for name in (
        "mmproj-F16.gguf",
        "imatrix.dat",
        "README.md",
        "config.json",
        "../out.gguf",
        "CON.gguf",
    ):
        made.put(name, b"abc")
    found = repository(hub, REPO)
    assert found.commit == made.sha
    shards = next(v for v in found.variants if v.quant == "BF16")
    assert [f.size for f in shards.files] == [101, 102, 103]
    assert (shards.size, shards.missing, shards.model) == (306, 0, "model")
    assert {v.quant for v in found.variants} == {"Q4_K_M", "UD-Q4_K_XL", "", "Q8_0", "BF16"}
    assert next(v for v in found.variants if v.quant == "Q8_0").missing == 1
    assert [f.path for f in found.projectors] == ["mmproj-F16.gguf"]
    assert [f.path for f in found.importances] == ["imatrix.dat"]
    assert {f.path for f in found.others} == {"README.md", "config.json"}
    assert {name for name, _ in found.set_apart} == {"../out.gguf", "CON.gguf"}
    assert shards.files[0].sha256 == HubFile(bytes(101)).true_sha256


def test_weights_with_what_belongs_to_them(local: LocalHub, hub: Hub) -> None:
    made = local.add(Repository("some/checkpoint"))
    for name in ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"):
        made.put(name, b"w")
    for name in ("config.json", "tokenizer.json", "training_args.bin", "sub/config.json", "a.png"):
        made.put(name, b"x")
    found = repository(hub, "some/checkpoint")
    assert {f.path for f in found.weights} == {
        "model-00001-of-00002.safetensors",
        "model-00002-of-00002.safetensors",
        "config.json",
        "tokenizer.json",
    }
    assert not found.variants


@pytest.mark.parametrize("size", [-1, 1 << 60, "many", True, None, 1.5])
def test_sizes_that_cannot_be(local: LocalHub, hub: Hub, size: object) -> None:
    local.add(Repository(REPO)).put("m.gguf", HubFile(b"abc", told_size=size))  # type: ignore[arg-type]
    if size is None:  # then the true one is told
        assert repository(hub, REPO).variants[0].size == 3
        return
    with pytest.raises(HubError, match="m.gguf") as refused:
        repository(hub, REPO)
    assert refused.value.why is HubFault.LIE


def test_other_lies(local: LocalHub, hub: Hub) -> None:
    made = local.add(Repository(REPO))
    made.put("m.gguf", HubFile(b"abc", told_sha256="../../etc"))
    with pytest.raises(HubError, match="checksum"):
        repository(hub, REPO)
    for body in (b'{"id": 5}', b'{"id": "a/b", "sha": "../x"}', b'{"id": "a/b"}'):
        local.faults.clear()
        local.faults.add("/api/*", status=200, body=body)
        with pytest.raises(HubError):
            repository(hub, REPO)


def test_one_authors_card_spoils_no_search(local: LocalHub, hub: Hub) -> None:
    """The library would make an object of it, with these as its arguments."""
    some_repositories(local)
    local.repositories["a/llama-3-GGUF"].card = {"ignore_metadata_errors": 1, "self": 2}
    assert len(list(search(hub, "llama"))) == 8
    with pytest.raises(HubError, match="no description of a model"):
        repository(hub, "a/llama-3-GGUF")


def test_odd_words_are_made_harmless(local: LocalHub, hub: Hub) -> None:
    odd = Repository("a/b-GGUF", downloads=-5, likes=True)
    odd.card = {"license": "m\x1b[31mit", "language": 7}
    odd.gguf = {"architecture": ["llama"], "total": "many", "context_length": 1e9}
    local.add(odd).put("m-Q4_0.gguf", b"")
    (found,) = search(hub, "b")
    assert "\x1b" not in found.licence
    assert (found.architecture, found.n_parameters, found.n_ctx_train) == ("", 0, 0)
    assert (found.downloads, found.likes, found.languages) == (0, 0, ())


def test_a_hundred_languages_in_front_of_the_licence(local: LocalHub, hub: Hub) -> None:
    many = Repository("a/b-GGUF", tags=(*sorted(CODES)[:150], "license:mit"))
    local.add(many).put("m-Q4_0.gguf", b"")
    (found,) = search(hub, "b", filters=Filters(licences=("mit", "apache-2.0")))
    assert (found.licence, len(found.languages)) == ("mit", 150)


def test_thousands_of_files_that_lack_the_rest_of_them() -> None:
    """Nobody counts one by one what is not there."""
    files = [records.HubFile(f"m{i}-00001-of-99999.gguf", 1) for i in range(20_000)]
    begun = time.thread_time()
    found = sorted_files(records.Repository(records.FoundModel("a/b"), "0"), files)
    assert time.thread_time() - begun < 2.0
    assert [each.missing for each in found.variants] == [99_998] * 20_000


def test_the_card(local: LocalHub, hub: Hub) -> None:
    made = local.add(Repository(REPO)).put("README.md", b"---\nlicense: mit\n---\n\n# Hello\n")
    assert card(hub, repository(hub, REPO)) == "# Hello\n"
    made.put("README.md", b"x" * (3 << 20))
    assert len(card(hub, repository(hub, REPO))) == 1 << 20
    made.gated = "manual"
    assert card(hub, repository(hub, REPO)) == ""
    made.remove("README.md")
    local.log.clear()
    assert card(hub, repository(hub, REPO)) == ""
    assert len(local.log.requests) == 1
