"""Links to a model's page: what they mean, and that nothing else gets through."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.base.errors import UsageError
from engine.hub.deep_link import DeepLink, is_link, parse


@pytest.mark.parametrize(
    ("link", "meant"),
    [
        ("chaski://huggingface.co/Qwen/Qwen3-4B-GGUF", DeepLink("Qwen/Qwen3-4B-GGUF")),
        ("chaski://hf.co/gpt2/", DeepLink("gpt2")),
        (
            "CHASKI://HuggingFace.co/a/b?file=UD-Q4/m-Q4_K_M.gguf&x=1#y",
            DeepLink("a/b", "UD-Q4/m-Q4_K_M.gguf"),
        ),
        ("chaski://huggingface.co/a/b?file=m%C3%BC%20x.gguf", DeepLink("a/b", "mü x.gguf")),
    ],
)
def test_what_they_mean(link: str, meant: DeepLink) -> None:
    assert is_link(link)
    assert parse(link) == meant


@pytest.mark.parametrize(
    "link",
    [
        "", "chaski:", "chaski://", "https://huggingface.co/a/b", "chaski://evil.com/a/b",
        "chaski://huggingface.co", "chaski://huggingface.co/a/b/c", "chaski://huggingface.co/../x",
        "chaski://huggingface.co/a/b?file=../../x", "chaski://huggingface.co/a/b?file=CON",
        "chaski://huggingface.co:80/a/b", "chaski://me@huggingface.co/a/b", "chaski://[",
        "chaski://huggingface.co/a%2Fb%2Fc", "chaski://huggingface.co/a/b?file=" + "x" * 3000,
        "chaski://huggingface.co/a/b?" + "&".join("a=1" for _ in range(50)),
    ],
)  # fmt: skip
def test_what_is_none(link: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse(link)
    assert len(str(refused.value)) < 400


@given(some.text(max_size=60))
def test_anything_else(text: str) -> None:
    for link in (text, f"chaski://huggingface.co/{text}", f"chaski://hf.co/a/b?file={text}"):
        try:
            found = parse(link)
        except UsageError:
            continue
        assert ".." not in found.file.split("/")
        assert found.repo.count("/") <= 1
