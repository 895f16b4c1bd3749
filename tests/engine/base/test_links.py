"""Links that anybody may write: sound ones name a model, hostile ones are refused in a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.base.errors import UsageError
from engine.base.links import ModelLink, is_link, parse_link


@pytest.mark.parametrize(
    ("text", "repository", "file"),
    [
        ("chaski://huggingface.co/maker/name", "maker/name", ""),
        ("chaski://huggingface.co/maker/name/", "maker/name", ""),
        ("CHASKI://HuggingFace.co/Qwen/Qwen3-4B-GGUF", "Qwen/Qwen3-4B-GGUF", ""),
        ("chaski://huggingface.co/a/b?file=c-Q4_K_M.gguf", "a/b", "c-Q4_K_M.gguf"),
        (
            "chaski://huggingface.co/a/b.v1_2?file=Q4/c-00001-of-00002.gguf",
            "a/b.v1_2",
            "Q4/c-00001-of-00002.gguf",
        ),
        ("chaski://huggingface.co/a/b?file=mod%C3%A8le%20fin.gguf", "a/b", "modèle fin.gguf"),
        ("chaski://model/maker/name", "maker/name", ""),
        ("chaski://Model/maker/name/", "maker/name", ""),
        ("chaski://model/a/b.v1_2/c-Q4_K_M.gguf", "a/b.v1_2", "c-Q4_K_M.gguf"),
        ("chaski://model/a/b/Q4/c-00001-of-00002.gguf", "a/b", "Q4/c-00001-of-00002.gguf"),
        ("chaski://model/a/b/mod%C3%A8le%20fin.gguf", "a/b", "modèle fin.gguf"),
    ],
)
def test_links_that_name_a_model(text: str, repository: str, file: str) -> None:
    link = parse_link(text)
    assert link == ModelLink(repository, file)
    assert parse_link(link.text) == link


HOSTILE = [
    "chaski:",
    "chaski://",
    "chaski:///a/b",
    "chaski:a/b",
    "chaski://huggingface.co",
    "chaski://huggingface.co/",
    "chaski://huggingface.co/a",
    "chaski://huggingface.co/a/b/c",
    "chaski://huggingface.co//a/b",
    "chaski://huggingface.co/a//b",
    "chaski://huggingface.co/../b",
    "chaski://huggingface.co/a/..",
    "chaski://huggingface.co/a/.b",
    "chaski://huggingface.co/a/b.",
    "chaski://huggingface.co/a/b--c",
    "chaski://huggingface.co/a/b..c",
    "chaski://huggingface.co/a/b.git",
    "chaski://huggingface.co/a/%2e%2e",
    "chaski://huggingface.co/a%2fb/c",
    "chaski://huggingface.co/a/b c",
    "chaski://huggingface.co/datasets/a/b",
    "chaski://huggingface.co/a/" + "b" * 97,
    "chaski://huggingface.co/ä/b",
    "chaski://huggingface.co/a/b\n",
    "chaski://huggingface.co/a/b\x1b[2J",
    "chaski://huggingface.co/a/b\u202e",
    "chaski://huggingface.co.evil.com/a/b",
    "chaski://evil.com/huggingface.co/a/b",
    "chaski://huggingface.co@evil.com/a/b",
    "chaski://user@huggingface.co/a/b",
    "chaski://user:word@huggingface.co/a/b",
    "chaski://huggingface.co:8080/a/b",
    "chaski://huggingface.co:/a/b:x",
    "chaski://huggingface.co:99999999/a/b",
    "chaski://[::1/a/b",
    "chaski://127.0.0.1/a/b",
    "chaski://huggingface.co/a/b#x",
    "chaski://huggingface.co/a/b?",
    "chaski://huggingface.co/a/b?x",
    "chaski://huggingface.co/a/b?file=",
    "chaski://huggingface.co/a/b?file=../c.gguf",
    "chaski://huggingface.co/a/b?file=/etc/passwd",
    "chaski://huggingface.co/a/b?file=C:%5Cc.gguf",
    "chaski://huggingface.co/a/b?file=..%2F..%2Fc",
    "chaski://huggingface.co/a/b?file=%252e%252e%252fc",
    "chaski://huggingface.co/a/b?file=a%00.gguf",
    "chaski://huggingface.co/a/b?file=a%0a.gguf",
    "chaski://huggingface.co/a/b?file=%ff.gguf",
    "chaski://huggingface.co/a/b?file=NUL.gguf",
    "chaski://huggingface.co/a/b?file=com1",
    "chaski://huggingface.co/a/b?file=a.",
    "chaski://huggingface.co/a/b?file=a%20",
    "chaski://huggingface.co/a/b?file=-rf",
    "chaski://huggingface.co/a/b?file=a&file=b",
    "chaski://huggingface.co/a/b?file=a&then=x",
    "chaski://huggingface.co/a/b?run=x",
    "chaski://huggingface.co/a/b?file=" + "a" * 3000,
    "chaski://model",
    "chaski://model/",
    "chaski://model/a",
    "chaski://model//a/b",
    "chaski://model/a//b",
    "chaski://model/a/b//c",
    "chaski://model/../a/b",
    "chaski://model/a/..",
    "chaski://model/a/b/../../c",
    "chaski://model/a/b/..%2F..%2Fc",
    "chaski://model/a/b/%252e%252e%252fc",
    "chaski://model/a/b/%2Fetc%2Fpasswd",
    "chaski://model/a/b/C:%5Cc.gguf",
    "chaski://model/a/b/a%00.gguf",
    "chaski://model/a/b/a%0a.gguf",
    "chaski://model/a/b/%ff.gguf",
    "chaski://model/a/b/NUL.gguf",
    "chaski://model/a/b/-rf",
    "chaski://model/a/b/c/",
    "chaski://model/a%2fb/c",
    "chaski://model/a/b?download=1",
    "chaski://model/a/b/c.gguf?file=d.gguf",
    "chaski://model/a/b#run",
    "chaski://model:80/a/b",
    "chaski://x@model/a/b",
    "chaski://model.evil.com/a/b",
    "chaski://models/a/b",
    "chaski://model/a/b/" + "c/" * 9 + "d",
    "chaski://model/a/b/" + "c" * 3000,
    "https://huggingface.co/a/b",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "",
    " ",
]


@pytest.mark.parametrize("text", [h for h in HOSTILE if h != "chaski://huggingface.co/a/b?"])
def test_hostile_links_are_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(UsageError) as told:
        parse_link(text)
    assert str(told.value).isprintable()
    assert len(str(told.value)) < 400


def test_the_host_of_a_mirror_is_right_as_well() -> None:
    link = parse_link("chaski://hf-mirror.com/a/b", "https://hf-mirror.com")
    assert link.repository == "a/b"
    assert parse_link("chaski://localhost:8080/a/b", "http://localhost:8080/x").repository == "a/b"
    assert parse_link("chaski://huggingface.co/a/b", "http://localhost:8080").repository == "a/b"
    for endpoint in ("", "https://hf-mirror.com.evil.org", "http://[", "nonsense"):
        with pytest.raises(UsageError, match="only links to"):
            parse_link("chaski://hf-mirror.com/a/b", endpoint)


def test_what_is_meant_as_a_link() -> None:
    assert is_link("chaski://x")
    assert is_link("CHASKI:x")
    assert not is_link("chaski.gguf")
    assert not is_link("/models/chaski:x")


@given(st.text(max_size=60))
def test_any_text_is_a_link_or_a_sentence(text: str) -> None:
    for whole in (
        text,
        "chaski://huggingface.co/" + text,
        f"chaski://huggingface.co/a/b?file={text}",
        f"chaski://model/a/b/{text}",
    ):
        link = told = None
        try:
            link = parse_link(whole)
        except UsageError as error:
            told = str(error)
        assert told is None or told.isprintable()
        if link is not None:
            assert link.repository.count("/") == 1
            assert ".." not in link.file.split("/")
            assert "\\" not in link.file


def test_whoever_is_refused_hears_of_hubs_alone() -> None:
    with pytest.raises(UsageError, match=r"only links to hf-mirror.com, huggingface.co are opened"):
        parse_link("chaski://evil.example/a/b", "https://hf-mirror.com")
