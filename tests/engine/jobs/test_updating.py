"""Looking for a newer release, over a real connection: what is believed, what is refused, and that
a file has its name only when it is the one that was announced."""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers.data import ROOT
from helpers.local_hub import server as local_hub
from helpers.patience import WAIT
from helpers.releases_server import NEWEST, Answer, ReleasesServer

from engine.api import Engine, Lane, Paths, discover, jobs
from engine.base import version
from engine.base.errors import CancelledError, ChaskiError, HubError, HubFault, UsageError
from engine.base.events import Done, Event, Progress
from engine.base.version import VERSION, rank
from engine.hub import updates
from engine.jobs import updating

PLACE = updates.Place("https://github.com/chaski-app/chaski")
CERTIFICATES = Path(local_hub.__file__).parent / "certificates"
APP = bytes(range(256)) * 4000


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReleasesServer]:
    for name in ("HF_ENDPOINT", "HF_HUB_OFFLINE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    with ReleasesServer() as server:
        yield server


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(Paths.under(tmp_path / "home")) as engine:
        engine.use_network(discover.NetworkSettings(proxy="none", timeout=5))
        yield engine


def look(engine: Engine, place: jobs.Place, told: list[Event] | None = None) -> jobs.Release:
    listener = None if told is None else told.append
    work = jobs.looking_for_update(engine.paths, place)
    found = engine.run(work, listener, Lane.NETWORK).wait(WAIT)
    assert isinstance(found, jobs.Release)
    return found


def refused(engine: Engine, place: jobs.Place) -> HubError:
    with pytest.raises(HubError) as told:
        look(engine, place)
    assert str(told.value).isprintable()
    assert len(str(told.value)) < 300
    return told.value


# What is found


def test_a_newer_release_is_told_with_its_notes(server: ReleasesServer, engine: Engine) -> None:
    server.put("app.exe", APP)
    server.tell(later="what a later version tells beside it")
    told: list[Event] = []
    found = look(engine, server.place, told)
    assert told == [Done(found)]
    assert (found.version, found.date, found.is_newer) == ("9.0.0", "2030-01-31", True)
    assert found.page == f"{server.place.repository}/releases/tag/v9"
    assert found.notes_in("fr") == ("Plus rapide.", "Plus calme.")
    assert found.notes_in("ja") == ("Faster.", "Calmer.")
    assert found.file_for("linux", "x86_64", "installer") == found.files[0]
    assert found.file_for("linux", "arm64", "installer") is None


def test_nothing_is_said_of_this_machine(server: ReleasesServer, engine: Engine) -> None:
    server.tell()
    look(engine, server.place)
    ((path, headers),) = server.asked
    assert path == NEWEST
    assert headers["user-agent"] == "chaski"
    assert set(headers) <= {"host", "user-agent", "accept", "accept-encoding", "connection"}


@pytest.mark.parametrize("same", [VERSION, "0.0.9", "0.1.0rc1"])
def test_the_same_or_an_older_one_is_no_news(
    server: ReleasesServer, engine: Engine, same: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "VERSION", VERSION)
    server.tell(version=same)
    assert not look(engine, server.place).is_newer


def test_versions_are_ranked_by_their_numbers() -> None:
    rising = ["0.1.0", "0.1.1", "0.2.0a1", "0.2.0b1", "0.2.0rc1", "0.2.0rc2", "0.2.0", "0.10.0"]
    ranks = [rank(each) for each in [*rising, "1.0.0"]]
    assert None not in ranks
    assert ranks == sorted(ranks)  # type: ignore[type-var]
    assert len(set(ranks)) == len(ranks)
    odd = ["", "1", "1.2", "1.2.3.4", "v1.2.3", "1.2.3-rc1", "1.2.3rc", "١.٢.٣", "9" * 99 + ".0.0"]
    assert [rank(each) for each in odd] == [None] * len(odd)
    assert rank(version.installed_version()) is not None


# What is not believed


def changed(**what: Any) -> dict[str, Any]:
    return {
        "version": "9.0.0",
        "date": "2030-01-31",
        "page": "https://github.com/chaski-app/chaski/releases/tag/v9",
        "notes": {"en": ["Faster."]},
        "files": [],
        **what,
    }


def file(**what: Any) -> dict[str, Any]:
    return {
        "form": "installer",
        "system": "linux",
        "machine": "x86_64",
        "url": "https://github.com/chaski-app/chaski/releases/download/v9/app.exe",
        "size": 5,
        "sha256": "0" * 64,
        **what,
    }


def test_what_is_sound_is_read() -> None:
    found = updates.read(json.dumps(changed(files=[file()])).encode(), PLACE)
    assert found.files[0].name == "app.exe"


GARBAGE: list[Any] = [
    [],
    {},
    "text",
    None,
    changed(version="newest"),
    changed(version=9),
    changed(version="9.0.0\n"),
    changed(date=""),
    changed(date="the last day of January"),
    changed(page="https://evil.example/releases"),
    changed(page="http://github.com/chaski-app/chaski/releases"),
    changed(page="https://github.com/chaski-app/chaski.evil/x"),
    changed(page="https://github.com/chaski-app/chaski/../../evil/app"),
    changed(page="https://github.com/chaski-app/chaski/x?y"),
    changed(notes={}),
    changed(notes={"fr": ["Bon."]}),
    changed(notes={"en": []}),
    changed(notes={"en": [1]}),
    changed(notes={"en": ["x" * 501]}),
    changed(notes=[]),
    changed(files=None),
    changed(files=[{}]),
    changed(files=[file(url="https://evil.example/app.exe")]),
    changed(files=[file(url="https://github.com/chaski-app/chaski/releases/download/../x")]),
    changed(files=[file(url="https://github.com/chaski-app/chaski/releases/download/v9/")]),
    changed(files=[file(url="https://github.com/chaski-app/chaski/releases/download/v9/a%2fb")]),
    changed(files=[file(url="https://github.com/chaski-app/chaski/releases/download/v9/NUL.exe")]),
    changed(files=[file(url="https://github.com/chaski-app/chaski/releases/download/v9/a\n")]),
    changed(files=[file(size=0)]),
    changed(files=[file(size=True)]),
    changed(files=[file(size=1 << 40)]),
    changed(files=[file(sha256="zz" * 32)]),
    changed(files=[file(sha256="00")]),
    changed(files=[file(form="")]),
]


@pytest.mark.parametrize("told", GARBAGE, ids=range(len(GARBAGE)))
def test_what_makes_no_sense_is_refused(told: Any) -> None:
    with pytest.raises(HubError, match="what github.com says of the newest release") as error:
        updates.read(json.dumps(told).encode(), PLACE)
    assert error.value.page == "https://github.com/chaski-app/chaski/releases"


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"{", b"[" * 100_000, b"9" * 50_000])
def test_garbage_is_refused(data: bytes) -> None:
    with pytest.raises(HubError, match="makes no sense"):
        updates.read(data, PLACE)


def test_words_that_act_are_shown_as_what_they_are(server: ReleasesServer, engine: Engine) -> None:
    server.tell(notes={"en": ["Good\x1b[2J\u202enews"]})
    (point,) = look(engine, server.place).notes_in("en")
    assert point.isprintable()
    assert "\x1b" not in point


# What can go wrong on the way


def test_an_answer_without_end_is_given_up(server: ReleasesServer, engine: Engine) -> None:
    server.answers[NEWEST] = Answer(b" " * (8 << 20))
    assert refused(engine, server.place).why == HubFault.LIE


def test_an_answer_by_drops_is_given_up(
    server: ReleasesServer, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "LONGEST_S", 0.2)
    server.answers[NEWEST] = Answer(b" " * 4000, slow=0.02)
    assert refused(engine, server.place).why == HubFault.TIMEOUT


def test_no_release_yet(server: ReleasesServer, engine: Engine) -> None:
    no = refused(engine, server.place)
    assert "has no release of Chaski yet" in str(no)
    assert no.page == server.place.page


def test_a_web_page_in_its_place(server: ReleasesServer, engine: Engine) -> None:
    server.answers[NEWEST] = Answer(b"<html>", headers={"Content-Type": "text/html"})
    assert refused(engine, server.place).why == HubFault.PORTAL


def test_somebody_elses_host(server: ReleasesServer, engine: Engine) -> None:
    elsewhere = {"Location": "http://127.0.0.2:9/release.json"}
    server.answers[NEWEST] = Answer(status=302, headers=elsewhere)
    no = refused(engine, server.place)
    assert no.why == HubFault.PORTAL
    assert "127.0.0.2" in str(no)
    assert len(server.asked) == 1


def test_a_redirect_below_its_own_address_is_followed(
    server: ReleasesServer, engine: Engine
) -> None:
    server.tell()
    server.answers["/there"] = server.answers[NEWEST]
    server.answers[NEWEST] = Answer(status=302, headers={"Location": f"{server.url}/there"})
    assert look(engine, server.place).is_newer


def test_circles_end(server: ReleasesServer, engine: Engine) -> None:
    server.answers[NEWEST] = Answer(status=302, headers={"Location": server.url + NEWEST})
    assert refused(engine, server.place).why == HubFault.LIE
    assert len(server.asked) < 30


def test_a_redirect_from_https_to_http_is_refused(engine: Engine) -> None:
    both = (CERTIFICATES / "hub.pem", CERTIFICATES / "hub.key")
    settings = discover.NetworkSettings(
        proxy="none", timeout=5, ca_file=str(CERTIFICATES / "authority.pem")
    )
    engine.use_network(settings)
    with ReleasesServer(both) as server, ReleasesServer() as plain:
        plain.tell()
        server.tell()
        assert look(engine, server.place).is_newer, "over TLS it is read"
        server.answers[NEWEST] = Answer(status=302, headers={"Location": plain.url + NEWEST})
        trusting = jobs.Place(server.place.repository, domains=("127.0.0.1",))
        no = refused(engine, trusting)
        assert no.why == HubFault.PORTAL
        assert not plain.asked


def test_a_certificate_that_nobody_trusts(engine: Engine) -> None:
    both = (CERTIFICATES / "hub.pem", CERTIFICATES / "hub.key")
    with ReleasesServer(both) as server:
        server.tell()
        assert refused(engine, server.place).why == HubFault.CERTIFICATE
        assert not server.asked


def test_no_network(engine: Engine) -> None:
    assert refused(engine, jobs.Place("http://127.0.0.1:9/a/b")).why == HubFault.OFFLINE


def test_nobody_is_asked_where_connections_are_switched_off(
    server: ReleasesServer, engine: Engine
) -> None:
    engine.use_network(discover.NetworkSettings(proxy="none", allowed=False))
    server.tell()
    assert "connections are switched off" in str(refused(engine, server.place))
    assert not server.asked


# Once a week


def test_it_is_due_once_a_week(server: ReleasesServer, engine: Engine) -> None:
    assert jobs.update_is_due(engine.paths), "nobody has looked yet"
    with pytest.raises(HubError):
        look(engine, server.place)
    assert jobs.update_is_due(engine.paths), "what failed was no look"
    server.tell()
    look(engine, server.place)
    assert not jobs.update_is_due(engine.paths)
    looked = json.loads(engine.paths.updates_file.read_text())["looked"]
    assert not jobs.update_is_due(engine.paths, looked + updating.WEEK - 1)
    assert jobs.update_is_due(engine.paths, looked + updating.WEEK)
    assert jobs.update_is_due(engine.paths, looked - 5), "a clock that went back"
    for odd in ("", "[]", '{"looked": "x"}', "\0", '{"looked": null}', "{" * 9000):
        engine.paths.updates_file.write_text(odd)
        assert jobs.update_is_due(engine.paths)


# A file of it


def get(
    engine: Engine, server: ReleasesServer, folder: Path, told: list[Event] | None = None
) -> object:
    file = look(engine, server.place).files[0]
    work = jobs.fetching_update(engine.paths, file, folder, server.place)
    return engine.run(work, None if told is None else told.append, Lane.NETWORK).wait(WAIT)


def test_a_file_is_fetched_and_checked(
    server: ReleasesServer, engine: Engine, tmp_path: Path
) -> None:
    path = server.put("app.exe", APP)
    server.tell()
    told: list[Event] = []
    out = get(engine, server, tmp_path, told)
    assert out == tmp_path / "app.exe"
    assert isinstance(out, Path)
    assert out.read_bytes() == APP
    assert told[-1] == Done(out)
    assert all(isinstance(each, Progress) and each.total == len(APP) for each in told[:-1])
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["app.exe"]

    assert get(engine, server, tmp_path) == out
    assert [asked for asked, _ in server.asked].count(path) == 1, "it is there already"
    out.write_bytes(b"somebody's own")
    assert get(engine, server, tmp_path) == tmp_path / "app (2).exe"
    assert out.read_bytes() == b"somebody's own"


@pytest.mark.parametrize(
    "answer",
    [
        Answer(APP[:-1] + b"x"),
        Answer(APP + b"x"),
        Answer(APP[:-1]),
        Answer(APP, cut=1000),
        Answer(b"no", 404),
        Answer(b"<html>", headers={"Content-Type": "text/html"}),
    ],
    ids=["another", "longer", "shorter", "cut", "gone", "portal"],
)
def test_what_is_not_the_announced_file_leaves_nothing(
    server: ReleasesServer, engine: Engine, tmp_path: Path, answer: Answer
) -> None:
    server.answers[server.put("app.exe", APP)] = answer
    server.tell()
    with pytest.raises(HubError):
        get(engine, server, tmp_path)
    assert not [p for p in tmp_path.iterdir() if p.is_file()]


def test_a_folder_that_is_not_there_is_named(
    server: ReleasesServer, engine: Engine, tmp_path: Path
) -> None:
    server.put("app.exe", APP)
    server.tell()
    with pytest.raises(ChaskiError, match="does not exist"):
        get(engine, server, tmp_path / "none")


def test_stopped_it_leaves_nothing(server: ReleasesServer, engine: Engine, tmp_path: Path) -> None:
    path = server.put("app.exe", APP)
    server.answers[path].slow = 0.001
    server.tell()
    file = look(engine, server.place).files[0]
    told: list[Event] = []
    work = jobs.fetching_update(engine.paths, file, tmp_path, server.place)
    ticket = engine.run(work, told.append, Lane.NETWORK)
    while not any(isinstance(each, Progress) and each.done for each in told):
        assert not ticket.ended
    ticket.cancel()
    with pytest.raises(CancelledError):
        ticket.wait(WAIT)
    until = time.monotonic() + WAIT
    while [p for p in tmp_path.iterdir() if p.is_file()]:
        assert time.monotonic() < until
        time.sleep(0.01)


# How this copy came here


def test_a_copy_of_sources_is_renewed_by_whoever_got_it() -> None:
    found = updates.read(json.dumps(changed(files=[file()])).encode(), PLACE)
    assert updating.form_here() == ""
    assert jobs.file_for_here(found) is None


@pytest.mark.parametrize(
    ("system", "place", "form"),
    [
        ("win32", "app", "installer"),
        ("win32", "app with home", "portable"),
        ("darwin", "app", "dmg"),
        ("linux", "app", "run"),
    ],
)
def test_a_frozen_copy_knows_its_form(
    system: str, place: str, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "chaski-gui"))
    if "home" in place:
        (tmp_path / "home").mkdir()
    assert updating.form_here() == form


def test_a_debian_package_is_renewed_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(sys, "executable", f"{updating.DEBIAN}/chaski-gui")
    assert updating.form_here() == "deb"
    package = (ROOT / "packaging" / "installers" / "linux.py").read_text("utf-8")
    assert 'place = tree / "usr" / "lib" / about.package' in package


# Where it looks


def test_a_copy_that_is_no_release_asks_nobody(engine: Engine) -> None:
    assert updates.Place().repository == ""
    with pytest.raises(UsageError, match="was not built as a release"):
        engine.run(jobs.looking_for_update(engine.paths, updates.Place())).wait(WAIT)


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ("https://example.org/maker/app\n", "https://example.org/maker/app"),
        ("http://example.org/maker/app", ""),
        ("", ""),
    ],
)
def test_a_release_is_told_by_who_built_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str, place: str
) -> None:
    (tmp_path / version.RELEASED).write_text(told)
    monkeypatch.setattr(version, "resource_path", lambda name: tmp_path / name)
    assert updates.Place().repository == place


def test_the_build_writes_what_is_read() -> None:
    building = (ROOT / "packaging" / "installers" / "folder.py").read_text("utf-8")
    assert f'RELEASED = "{version.RELEASED}"' in building
    assert not (ROOT / "resources" / version.RELEASED).exists()
