"""Pictures of a card: the hub's own and nobody else's, bounded, and only when somebody asks."""

import pytest
from helpers.local_hub.repositories import Repository
from helpers.local_hub.server import LocalHub

from engine.base.errors import HubError
from engine.base.jobs import Job, Rest
from engine.discover.asking import MOST, PictureCame, PicturesCame, pictures
from engine.hub.client import Hub
from engine.hub.pictures import MOST_BYTES, address, fetch, kind_of
from engine.hub.settings import NetworkSettings

PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
REPO = "someone/tiny-GGUF"
HUB = "https://huggingface.co"
INSIDE = f"{HUB}/{REPO}/resolve/abc"


@pytest.mark.parametrize(
    ("reference", "where"),
    [
        ("a.png", f"{INSIDE}/a.png"),
        ("./figures/a b.png", f"{INSIDE}/figures/a%20b.png"),
        ("figures/a%20b.png", f"{INSIDE}/figures/a%20b.png"),
        (f"{HUB}/o/r/resolve/main/x.png", f"{HUB}/o/r/resolve/main/x.png"),
        (f"{HUB}/o/r/blob/main/x.png?raw=true", f"{HUB}/o/r/resolve/main/x.png"),
        ("/datasets/o/r/resolve/main/x.png", f"{HUB}/datasets/o/r/resolve/main/x.png"),
        (
            "https://cdn-uploads.huggingface.co/1/x.png",
            "https://cdn-uploads.huggingface.co/1/x.png",
        ),
        ("https://img.shields.io/badge.svg", ""),
        ("https://huggingface.co.evil.org/a/b/resolve/main/x.png", ""),
        ("https://evilhuggingface.co/a/b/resolve/main/x.png", ""),
        ("http://huggingface.co/a/b/resolve/main/x.png", ""),
        ("http://cdn-uploads.huggingface.co/1/x.png", ""),
        ("https://me:pw@cdn-uploads.huggingface.co/1/x.png", ""),
        ("https://cdn-uploads.huggingface.co:8443/1/x.png", ""),
        ("//img.shields.io/x.png", ""),
        ("data:image/png;base64,AAAA", ""),
        ("file:///etc/passwd", ""),
        ("../../secret.png", ""),
        (f"{HUB}/api/whoami-v2", ""),
        (f"{HUB}/a/b/resolve/main/../../x.png", ""),
        (f"{HUB}/a/b/resolve/main/%2e%2e/%2E%2E/api/whoami-v2", ""),
        (f"{HUB}/%61pi/models/a/b/resolve/x.png", ""),
        (f"{HUB}/../a/b/resolve/main/x.png", ""),
        (f"{HUB}/a/b/resolve/main/x%0d%0aHost: evil.png", ""),
        (f"{HUB}/a/b/resolve/main/%5cx.png", ""),
        (f"{HUB}/a/b/resolve/", ""),
        ("", ""),
        ("https://[::1", ""),
        ("x" * 5000, ""),
    ],
)
def test_where_a_picture_lies(reference: str, where: str) -> None:
    assert address(reference, REPO, "abc", NetworkSettings()) == where


def test_a_mirror_is_asked_and_nobody_else() -> None:
    mirror = NetworkSettings("https://mirror.example")
    assert address(f"{HUB}/o/r/resolve/main/x.png", REPO, "abc", mirror) == (
        "https://mirror.example/o/r/resolve/main/x.png"
    )
    assert address("https://cdn-uploads.huggingface.co/1/x.png", REPO, "abc", mirror) == ""
    assert address("a.png", REPO, "abc", mirror).startswith("https://mirror.example/")
    deep = NetworkSettings("https://mirror.example/hf")
    where = "https://mirror.example/hf/o/r/resolve/main/x.png"
    for reference in (where, f"{HUB}/o/r/resolve/main/x.png", "/o/r/resolve/main/x.png"):
        assert address(reference, REPO, "abc", deep) == where


def test_kinds() -> None:
    found = [kind_of(data) for data in (PNG, b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF0000WEBPVP8 ")]
    assert found == ["png", "jpeg", "gif", "webp"]
    assert kind_of(b"<svg") == kind_of(b"") == ""


def run(job: Job) -> tuple[list[PictureCame], PicturesCame]:
    came: list[PictureCame] = []
    while True:
        try:
            event = next(job)
        except StopIteration as end:
            return came, end.value
        if isinstance(event, PictureCame):
            came.append(event)
        assert not isinstance(event, Rest) or event.seconds < 1


def test_what_the_hub_keeps_comes_and_the_rest_is_counted(local: LocalHub, hub: Hub) -> None:
    made = local.add(Repository(REPO)).put("a.png", PNG).put("text.png", b"no picture at all")
    made.put("large.png", PNG + bytes(MOST_BYTES)).put("big/b.gif", b"GIF89a" + bytes(1 << 17))
    wanted = ["a.png", "text.png", "gone.png", "large.png", "big/b.gif", "https://x.org/y.png"]
    came, told = run(pictures(hub, REPO, made.sha, [*wanted, "a.png"]))
    assert [(each.reference, each.kind) for each in came] == [
        ("a.png", "png"),
        ("big/b.gif", "gif"),
    ]
    assert came[0].data == PNG
    assert (told.came, told.failed) == (2, 3)
    assert "text.png is no picture" in told.problem
    assert local.log.sent("/cdn/") < MOST_BYTES + (1 << 20), "a picture that is too large is left"


def test_there_are_never_too_many(local: LocalHub, hub: Hub) -> None:
    made = local.add(Repository(REPO))
    for n in range(MOST + 5):
        made.put(f"{n}.png", PNG)
    _, told = run(pictures(hub, REPO, made.sha, [f"{n}.png" for n in range(MOST + 5)]))
    assert (told.came, told.failed) == (MOST, 0)


def test_a_login_page_or_another_site_is_no_picture(local: LocalHub, hub: Hub) -> None:
    made = local.add(Repository(REPO)).put("a.png", PNG)
    url = address("a.png", REPO, made.sha, hub.settings)
    local.faults.add("*a.png", html=True, times=1)
    with pytest.raises(HubError, match="web page came instead"):
        fetch(hub, url)
    local.faults.add("*/resolve/*", status=302, headers={"Location": "http://evil.example/a.png"})
    local.log.clear()
    # A mirror may keep its files elsewhere, as its owner likes; Hugging Face may not.
    with pytest.raises(HubError):
        fetch(hub, url)
    assert all(request.door == "hub" for request in local.log.requests)
