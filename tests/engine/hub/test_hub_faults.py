"""Every way in which the network fails is one sentence: what, and what to do."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.local_hub import server
from helpers.local_hub.proxies import HttpProxy, SocksProxy
from helpers.local_hub.repositories import Repository
from helpers.local_hub.server import LocalHub

from engine.base.errors import HubError, HubFault, UsageError
from engine.hub.client import Hub
from engine.hub.settings import NetworkSettings, checked, kept, load, save

WEIGHTS = bytes(range(256)) * 1024
REPO, NAME = "someone/model-GGUF", "model.Q4_K_M.gguf"
TOKEN = "hf_abcdefghijklmnop"
CERTIFICATES = Path(server.__file__).parent / "certificates"


@pytest.fixture
def local() -> Iterator[LocalHub]:
    with LocalHub() as local:
        yield filled(local)


def filled(local: LocalHub) -> LocalHub:
    local.add(Repository(REPO)).put(NAME, WEIGHTS)
    local.add(Repository("closed/model", gated="manual", allowed=(TOKEN,))).put(NAME, WEIGHTS)
    local.add(Repository("secret/model", private=True, allowed=(TOKEN,))).put(NAME, WEIGHTS)
    local.tokens.add("hf_somebody_else")
    return local


def asked(
    local: LocalHub | str,
    repo: str = REPO,
    token: str | None = None,
    path: str = "",
    revision: str | None = None,
    **changes: object,
) -> HubError:
    """The error that a question ends with."""
    url = local if isinstance(local, str) else local.url
    settings = NetworkSettings(**{"endpoint": url, "proxy": "none", "timeout": 20.0, **changes})
    with Hub(settings, lambda: token) as hub, pytest.raises(HubError) as refused:
        fetched(hub, repo, path) if path else hub.model_info(repo, revision)
    assert str(refused.value).count("\n") == 0
    assert token is None or token not in str(refused.value)
    return refused.value


def fetched(hub: Hub, repo: str, path: str) -> bytes:
    with hub.stream(hub.address(repo, path, "main"), 0, 100) as answer:
        return b"".join(answer.iter_raw())


def test_what_is_not_there(local: LocalHub) -> None:
    error = asked(local, "someone/else")
    assert error.why is HubFault.MISSING
    assert "no model someone/else that everybody may see" in str(error)
    assert "token" in str(error)
    error = asked(local, "someone/else", "hf_somebody_else")
    assert "no model someone/else, or you may not see it" in str(error)
    assert asked(local, "secret/model").why is HubFault.MISSING
    error = asked(local, path="absent.gguf")
    assert (error.why, error.status) == (HubFault.MISSING, 404)
    assert "no file absent.gguf" in str(error)
    assert "no such revision" in str(asked(local, revision="absent"))


def test_what_asks_for_agreement(local: LocalHub) -> None:
    error = asked(local, "closed/model", path=NAME)
    assert error.why is HubFault.GATED
    assert error.page == f"{local.url}/closed/model"
    assert "accept the terms at" in str(error)
    assert "make a token" in str(error)
    error = asked(local, "closed/model", "hf_somebody_else", NAME)
    assert error.why is HubFault.GATED
    assert "your account" in str(error)
    assert error.page in str(error)


def test_a_token_that_is_not_valid(local: LocalHub) -> None:
    error = asked(local, "closed/model", "hf_revoked", NAME)
    assert error.why is HubFault.TOKEN
    assert "does not accept the token" in str(error)


def test_too_many_requests(local: LocalHub) -> None:
    local.faults.add("*", status=429, headers={"Retry-After": "7"}, times=1)
    error = asked(local)
    assert (error.why, error.retry_after, error.may_pass) == (HubFault.BUSY, 7.0, True)
    assert "in 7 seconds" in str(error)
    limit = {"RateLimit": '"api";r=0;t=55'}
    local.faults.add("*", status=429, headers=limit, times=1)
    assert asked(local).retry_after == 55
    local.faults.add("*", status=429, headers={"Retry-After": "Wed, 21 Oct 2099 07:28:00 GMT"})
    assert asked(local).retry_after == 0


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_an_error_of_the_hub(local: LocalHub, status: int) -> None:
    local.faults.add("*", status=status)
    error = asked(local)
    assert (error.why, error.may_pass) == (HubFault.BROKEN, True)
    assert str(status) in str(error)


def test_a_page_instead_of_an_answer(local: LocalHub) -> None:
    local.faults.add("*", html=True)
    for path in ("", NAME):
        error = asked(local, path=path)
        assert error.why is HubFault.PORTAL
        assert "sign in" in str(error)


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b"7", b'{"siblings": 3}', b"[" * 100_000])
def test_nonsense_instead_of_an_answer(local: LocalHub, body: bytes) -> None:
    local.faults.add("/api/*", status=200, body=body)
    assert asked(local).why is HubFault.LIE


def test_an_endless_answer(local: LocalHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.hub.connection.MOST_ANSWER", 1000)
    local.faults.add("/api/*", status=200, body=b" " * 2000)
    assert asked(local).why is HubFault.LIE


def test_nobody_answers(local: LocalHub) -> None:
    local.faults.add("*", silent=True, times=1)
    error = asked(local, timeout=0.2)
    assert (error.why, error.may_pass) == (HubFault.TIMEOUT, True)
    local.faults.add("*", reset=True, times=1)
    assert asked(local).why is HubFault.CUT
    local.faults.add("/cdn/*", cut_after=10, times=1)
    assert asked(local, path=NAME).why is HubFault.CUT
    local.faults.add("/cdn/*", stall_after=10, times=1)
    assert asked(local, path=NAME, timeout=1.0).why is HubFault.TIMEOUT


def test_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        error = asked(address)
    assert error.why is HubFault.OFFLINE
    assert "cannot be reached" in str(error)

    def unknown(*args: object, **more: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = asked("http://hub.invalid")
    assert error.why is HubFault.OFFLINE
    assert "hub.invalid cannot be found" in str(error)


def test_a_link_that_has_expired(local: LocalHub) -> None:
    with Hub(NetworkSettings(local.url, "none")) as hub:
        with hub.stream(hub.address(REPO, NAME, "main")) as answer:
            place = str(answer.url)
        local.expire_links()
        with pytest.raises(HubError, match="works no more") as refused, hub.stream(place):
            pass
    assert (refused.value.why, refused.value.may_pass) == (HubFault.EXPIRED, True)


def test_certificates() -> None:
    pair = CERTIFICATES / "hub.pem", CERTIFICATES / "hub.key"
    with LocalHub(pair) as local:
        filled(local)
        error = asked(local, timeout=5.0)
        assert error.why is HubFault.CERTIFICATE
        assert "certificate" in str(error)
        trusting = NetworkSettings(local.url, "none", str(CERTIFICATES / "authority.pem"))
        with Hub(trusting) as hub:
            assert hub.model_info(REPO).id == REPO
            with hub.stream(hub.address(REPO, NAME, "main"), 0, 9) as answer:
                assert answer.read() == WEIGHTS[:9]
        odd = asked(local, ca_file=str(CERTIFICATES / "hub.key"))
        assert odd.why is HubFault.CERTIFICATE
        assert "hub.key" in str(odd)


def test_proxies(local: LocalHub) -> None:
    for kind in (HttpProxy, SocksProxy):
        with kind() as proxy, Hub(NetworkSettings(local.url, proxy.url)) as hub:
            assert hub.model_info(REPO).id == REPO
            with hub.stream(hub.address(REPO, NAME, "main"), 0, 9) as answer:
                assert answer.read() == WEIGHTS[:9]
        assert len(proxy.asked) >= 2


def test_a_proxy_in_front_of_tls() -> None:
    pair = CERTIFICATES / "hub.pem", CERTIFICATES / "hub.key"
    with LocalHub(pair) as local, HttpProxy() as proxy:
        filled(local)
        found = NetworkSettings(local.url, proxy.url, str(CERTIFICATES / "authority.pem"))
        with Hub(found) as hub:
            assert hub.model_info(REPO).id == REPO
        assert proxy.asked == [local.url.removeprefix("https://")]


def test_a_proxy_that_is_down_or_wants_a_password(local: LocalHub) -> None:
    for scheme in ("http", "socks5"):
        error = asked(local, proxy=f"{scheme}://user:secret@127.0.0.1:9")
        assert error.why is HubFault.PROXY
        assert "127.0.0.1:9" in str(error)
        assert "secret" not in str(error)
    with HttpProxy("Basic") as proxy:
        error = asked(local, proxy=proxy.url)
        assert error.why is HubFault.PROXY
        assert "name and password" in str(error)
        with Hub(NetworkSettings(local.url, proxy.url.replace("//", "//me:mine@"))) as hub:
            assert hub.model_info(REPO).id == REPO


def test_a_proxy_of_another_kind(local: LocalHub, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "gopher://there")
    with Hub(NetworkSettings(local.url)) as hub, pytest.raises(UsageError, match="proxy"):
        hub.model_info(REPO)
    with pytest.raises(UsageError, match="cannot be the proxy"):
        checked(NetworkSettings(local.url, "gopher://me:mine@there"))


def test_the_systems_proxy(local: LocalHub, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with HttpProxy() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        with Hub(NetworkSettings(local.url)) as hub:
            hub.model_info(REPO)
        assert len(proxy.asked) == 1
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        with Hub(NetworkSettings(local.url)) as hub:
            hub.model_info(REPO)
        assert len(proxy.asked) == 1


@pytest.mark.parametrize(
    "address",
    ["", "huggingface.co", "ftp://a", "http://", "http://a b", "http://u:p@a", "http://a:x",
     "https://a?b", "http://[", "x" * 5000],
)  # fmt: skip
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(UsageError, match="cannot be the hub's address") as refused:
        checked(NetworkSettings(address))
    assert "u:p" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "cannot be read"),
        ("[]", "cannot be read"),
        ('{"allowed": false', "cannot be read"),
        ("[" * 50_000, "cannot be read"),
        ('{"allowed": "no"}', "allowed makes no sense"),
        ('{"allowed": 0}', "allowed makes no sense"),
        ('{"proxy": null}', "proxy makes no sense"),
        ('{"max_rate": NaN}', "max_rate makes no sense"),
        ('{"timeout": -1}', "timeout makes no sense"),
        (f'{{"timeout": {10**400}}}', "timeout makes no sense"),
    ],
)
def test_damaged_settings_open_no_other_way(tmp_path: Path, text: str, why: str) -> None:
    """They may have said that nothing is to be reached, or only through a proxy."""
    file = tmp_path / "network.json"
    file.write_text(text)
    with pytest.raises(UsageError, match=why) as refused:
        load(file)
    assert str(file) in str(refused.value)
    assert isinstance(kept(file), NetworkSettings), "and they can be chosen anew"
    save(NetworkSettings(proxy="none", allowed=False), file)
    assert not load(file).allowed
    copy = tmp_path / "network.damaged.json"
    assert copy.exists() == ("cannot be read" in why)
    assert not copy.exists() or copy.read_text() == text


def test_what_a_later_version_keeps_there_stays(tmp_path: Path) -> None:
    file = tmp_path / "network.json"
    file.write_text(json.dumps({"endpoint": "https://mirror.example", "unheard_of": [1]}))
    assert load(file).endpoint == "https://mirror.example"
    save(NetworkSettings(timeout=7.0), file)
    assert json.loads(file.read_text())["unheard_of"] == [1]


def test_settings_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_ENDPOINT", "HF_HUB_OFFLINE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    file = tmp_path / "config" / "network.json"
    assert load(file) == NetworkSettings()
    mine = NetworkSettings("http://mirror.example/", "socks5://me:mine@there:1080", timeout=7.0)
    save(mine, file)
    assert file.stat().st_mode & 0o077 == 0
    assert load(file) == checked(mine)
    monkeypatch.setenv("HF_ENDPOINT", "https://other.example")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert load(file).endpoint == "https://other.example"
    assert not load(file).allowed
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path))
    assert load(file).ca_file == ""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "authority.pem"))
    assert load(file).ca_file.endswith("authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "absent.pem"))
    with pytest.raises(UsageError, match="absent.pem with certificates"):
        load(file)
    monkeypatch.delenv("SSL_CERT_FILE")
    for odd in ("", "[]", "no json", '{"endpoint": 7, "timeout": true}'):
        file.write_text(odd)
        assert kept(file).proxy == "system"
