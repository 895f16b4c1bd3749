"""Trying the connection, files of certificates; every request that can be made is told."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.data import ROOT
from helpers.local_hub import server
from helpers.local_hub.repositories import Repository
from helpers.local_hub.server import LocalHub
from helpers.patience import WAIT

from engine.api import Engine, Paths, discover
from engine.base.errors import HubError, UsageError
from engine.base.events import Done, Event
from engine.hub.certificates import check_certificates
from engine.hub.client import Hub
from engine.hub.connections import connections
from engine.hub.settings import NetworkSettings

CERTIFICATES = Path(server.__file__).parent / "certificates"
# Where the hub is asked, and which of the connections that people are told of that is.
ASKED = {
    ("engine/hub/searching.py", "models"): "you search",
    ("engine/hub/repository.py", "model_info"): "you open a model's page",
    ("engine/hub/repository.py", "stream"): "you open a model's page",
    ("engine/hub/pieces.py", "stream"): "you open a model's page",
    ("engine/hub/download_stream.py", "stream"): "you download a model",
    ("engine/hub/pictures.py", "stream"): "you let a page show its pictures",
    ("engine/hub/updates.py", "stream"): "you look for updates",
    ("engine/hub/connect.py", "greet"): "you try the connection",
}


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalHub]:
    for name in ("HF_ENDPOINT", "HF_HUB_OFFLINE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    with LocalHub() as local:
        local.add(Repository("someone/model-GGUF", downloads=9)).put("a.gguf", b"GGUF")
        yield local


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(Paths.under(tmp_path)) as engine:
        yield engine


def test_the_hub_is_asked_one_small_thing(local: LocalHub, engine: Engine) -> None:
    engine.use_network(NetworkSettings(local.url, proxy="none"))
    told: list[Event] = []
    answered = engine.try_network(told.append).wait(WAIT)
    assert isinstance(answered, discover.Answered)
    assert answered.host == local.url.removeprefix("http://")
    assert 0 < answered.seconds < WAIT
    assert answered.proxy == ""
    assert told == [Done(answered)]
    (request,) = local.log.requests
    assert request.path == "/api/models"
    assert "limit=1" in request.query
    assert "authorization" not in request.headers


def test_what_is_wrong_is_one_sentence(local: LocalHub, engine: Engine) -> None:
    engine.use_network(NetworkSettings("http://127.0.0.1:9", proxy="none"))
    with pytest.raises(HubError, match="cannot be reached"):
        engine.try_network().wait(WAIT)
    engine.use_network(NetworkSettings(local.url, proxy="http://127.0.0.1:9"))
    with pytest.raises(HubError, match="the proxy http://127.0.0.1:9 cannot be used"):
        engine.try_network().wait(WAIT)
    engine.use_network(NetworkSettings(local.url, allowed=False))
    with pytest.raises(HubError, match="connections are switched off"):
        engine.try_network().wait(WAIT)
    assert not local.log.requests


def test_certificates_that_can_be_used(engine: Engine) -> None:
    assert check_certificates(str(CERTIFICATES / "authority.pem")) == 1
    wanted = NetworkSettings(ca_file=str(CERTIFICATES / "authority.pem"))
    engine.use_network(wanted)
    assert engine.hub.settings == wanted


def whole() -> bytes:
    return (CERTIFICATES / "authority.pem").read_bytes()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "holds no certificate in text form"),
        (b"just some words", "holds no certificate in text form"),
        (b"\x30\x82\x03\x01" + bytes(700), "it is in binary form \\(DER\\)"),
        ((CERTIFICATES / "hub.key").read_bytes(), "holds no certificate but a private key"),
        (whole().replace(b"M", b"!", 5), "holds a certificate that is damaged"),
        (whole()[:300], "holds a certificate that is damaged"),
        (bytes(20 << 20), "more than the|says that it has"),
    ],
    ids=["nothing", "words", "binary", "key", "damaged", "cut", "too large"],
)
def test_files_that_hold_none(tmp_path: Path, engine: Engine, data: bytes, said: str) -> None:
    file = tmp_path / "company.pem"
    file.write_bytes(data)
    before = engine.hub.settings
    with pytest.raises(UsageError, match=said) as error:
        engine.use_network(NetworkSettings(ca_file=str(file)))
    assert "\n" not in str(error.value)
    assert engine.hub.settings == before, "what was there before stays"
    assert not engine.paths.network_file.exists()


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no file"):
        check_certificates(str(tmp_path / "none.pem"))
    with pytest.raises(UsageError, match="there is no file"):
        check_certificates(str(tmp_path))


def test_every_request_is_told(local: LocalHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks the hub something new has to say so in `connections.py`; a release has the most."""
    told_of = sys.modules[connections.__module__]
    monkeypatch.setattr(told_of, "released_from", lambda: "https://github.com/a/b")
    asks = {"models", "model_info", "stream", "greet"}
    assert asks <= set(vars(Hub))
    found = {
        (path.relative_to(ROOT).as_posix(), node.func.attr)
        for path in (ROOT / "engine").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in asks
        and ast.unparse(node.func.value).endswith("hub")
    }
    assert found == set(ASKED)
    whens = [each.when for each in connections(NetworkSettings())]
    for when in ASKED.values():
        assert any(told.startswith(when) for told in whens), when
