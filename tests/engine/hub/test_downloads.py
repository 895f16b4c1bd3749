"""Downloads against a real local hub: resumed, mended, refused; never a byte twice."""

import errno
import json
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers.downloading import WAIT, Downloads, downloads, hasty, noise, order_of, sha256
from helpers.local_hub.repositories import HubFile, Repository
from helpers.local_hub.server import LocalHub

from engine.base.errors import CancelledError, ChaskiError, FormatError, HubError, UsageError
from engine.base.events import Stage, Transfer
from engine.hub import download_part, records
from engine.hub.client import Hub
from engine.hub.download_journal import BusyError
from engine.hub.download_limits import Limits
from engine.hub.download_records import ChangedError, DownloadOrder, Fetched
from engine.hub.settings import NetworkSettings

NAME = "tiny.Q4_K_M.gguf"
SIZE = 600_000
PIECE = 1 << 16


@pytest.fixture
def hub() -> Iterator[LocalHub]:
    with LocalHub() as hub:
        hub.add(Repository("someone/tiny-GGUF")).put(NAME, noise(SIZE))
        yield hub


@pytest.fixture
def down(hub: LocalHub, monkeypatch: pytest.MonkeyPatch) -> Iterator[Downloads]:
    monkeypatch.setattr(download_part, "PIECE", PIECE)
    with downloads(hub) as found:
        yield found


def repository(hub: LocalHub) -> Repository:
    return hub.repositories["someone/tiny-GGUF"]


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT
    while not what():
        assert time.monotonic() < end
        time.sleep(0.005)


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_file_comes_whole_and_right(down: Downloads, tmp_path: Path) -> None:
    found = down.fetch(order_of(repository(down.hub), tmp_path / "new", NAME))
    assert found.paths == (tmp_path / "new" / NAME,)
    assert found.paths[0].read_bytes() == noise(SIZE)
    assert found.fetched_bytes == SIZE
    until(lambda: down.hub.log.sent(NAME) == SIZE)  # the hub counts when it has sent
    assert leftovers(tmp_path) == [NAME]
    told = [event for event in down.heard if isinstance(event, Transfer)]
    assert told[0].stage is Stage.CONNECTING
    assert {event.total for event in told} == {SIZE}


def test_what_is_there_is_not_fetched(down: Downloads, tmp_path: Path) -> None:
    order = order_of(repository(down.hub), tmp_path, NAME)
    down.fetch(order)
    asked = len(down.hub.log.requests)
    assert down.fetch(order).fetched_bytes == 0
    assert len(down.hub.log.requests) == asked


def test_another_file_of_that_name_is_never_replaced(down: Downloads, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"mine")
    with pytest.raises(UsageError, match="exists already"):
        down.fetch(order_of(repository(down.hub), tmp_path, NAME))
    assert (tmp_path / NAME).read_bytes() == b"mine"
    (tmp_path / NAME).unlink()
    (tmp_path / NAME).mkdir()
    with pytest.raises(UsageError, match="no ordinary file"):
        down.fetch(order_of(repository(down.hub), tmp_path, NAME))


@pytest.mark.parametrize("cut", [0, 1, 65_536, 65_537, 299_999])
def test_a_connection_that_breaks_goes_on_where_it_was(
    down: Downloads, tmp_path: Path, cut: int
) -> None:
    down.hub.faults.add(f"*{NAME}", door="cdn", cut_after=cut, times=2)
    found = down.fetch(order_of(repository(down.hub), tmp_path, NAME))
    assert sha256(found.paths[0]) == repository(down.hub).files[NAME].sha256
    assert found.fetched_bytes == SIZE
    until(lambda: down.hub.log.sent(NAME) == SIZE)  # the hub counts when it has sent


def test_paused_and_resumed_without_a_byte_twice(down: Downloads, tmp_path: Path) -> None:
    order = order_of(repository(down.hub), tmp_path, NAME)
    slow = down.hub.faults.add(f"*{NAME}", door="cdn", bytes_per_second=400_000)
    ticket = down.begin(order)
    part = tmp_path / f"{NAME}.part"
    until(lambda: part.exists() and part.stat().st_size > 100_000)
    ticket.cancel()
    with pytest.raises(CancelledError):
        ticket.wait(WAIT)
    there = part.stat().st_size
    assert leftovers(tmp_path) == [f"{NAME}.part", f"{NAME}.part.journal"]
    slow.times = 0
    found = down.fetch(order)
    assert sha256(found.paths[0]) == repository(down.hub).files[NAME].sha256
    assert found.fetched_bytes == SIZE - there


@pytest.fixture
def begun(down: Downloads, tmp_path: Path) -> Any:
    """The first 400,000 bytes are there."""
    order = order_of(repository(down.hub), tmp_path, NAME)
    down.hub.faults.add(f"*{NAME}", door="cdn", stall_after=400_000)
    ticket = down.begin(order)
    part = tmp_path / f"{NAME}.part"
    until(lambda: part.exists() and part.stat().st_size == 400_000)
    ticket.cancel()
    with pytest.raises(CancelledError):
        ticket.wait(WAIT)
    down.hub.faults.clear()
    return order


def test_a_damaged_piece_is_all_that_is_fetched_again(
    down: Downloads, begun: Any, tmp_path: Path
) -> None:
    part = tmp_path / f"{NAME}.part"
    raw = bytearray(part.read_bytes())
    raw[PIECE + 5] ^= 1
    part.write_bytes(raw)
    found = down.fetch(begun)
    assert sha256(found.paths[0]) == repository(down.hub).files[NAME].sha256
    assert found.fetched_bytes == SIZE - 400_000 + PIECE


def test_bytes_that_were_lost_with_the_power_are_found(
    down: Downloads, begun: Any, tmp_path: Path
) -> None:
    """The length was kept, the last bytes were not: only the doubtful piece comes anew."""
    part = tmp_path / f"{NAME}.part"
    raw = bytearray(part.read_bytes())
    raw[6 * PIECE + 100 :] = bytes(len(raw) - 6 * PIECE - 100)
    part.write_bytes(raw)
    found = down.fetch(begun)
    assert sha256(found.paths[0]) == repository(down.hub).files[NAME].sha256
    assert found.fetched_bytes == SIZE - 400_000 + PIECE
    assert "another checksum" in down.notices


def test_a_journal_that_ends_in_the_middle_of_a_line(
    down: Downloads, begun: Any, tmp_path: Path
) -> None:
    journal = tmp_path / f"{NAME}.part.journal"
    journal.write_bytes(journal.read_bytes()[:-9])
    found = down.fetch(begun)
    assert found.fetched_bytes == SIZE - 400_000
    assert sha256(found.paths[0]) == repository(down.hub).files[NAME].sha256


def test_a_journal_full_of_lies(down: Downloads, begun: Any, tmp_path: Path) -> None:
    journal = tmp_path / f"{NAME}.part.journal"
    lies = [[-1, 0, True], [1 << 70, 1, True], ["x", 1, False], {"a": 1}, [0, 1, False], 7]
    with journal.open("ab") as file:
        for lie in lies:
            words = json.dumps(lie).encode()
            file.write(b"%s %08x\n" % (words, zlib.crc32(words)))
        file.write(b"\xff\xfe\n\n")
    found = down.fetch(begun)
    assert sha256(found.paths[0]) == repository(down.hub).files[NAME].sha256
    assert found.fetched_bytes == SIZE - 400_000 + PIECE  # piece 0 is not what the lie says


def test_a_damaged_head_begins_anew_and_says_so(
    down: Downloads, begun: Any, tmp_path: Path
) -> None:
    journal = tmp_path / f"{NAME}.part.journal"
    journal.write_bytes(b"x" + journal.read_bytes())
    found = down.fetch(begun)
    assert found.fetched_bytes == SIZE
    assert "begins anew" in down.notices


def test_a_part_of_somebody_else_is_kept(down: Downloads, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.part").write_bytes(b"of a browser")
    found = down.fetch(order_of(repository(down.hub), tmp_path, NAME))
    assert found.fetched_bytes == SIZE
    assert (tmp_path / f"{NAME}.part.1.kept").read_bytes() == b"of a browser"
    assert "was not ours" in down.notices


def test_another_version_begins_anew_and_says_so(
    down: Downloads, begun: Any, tmp_path: Path
) -> None:
    repository(down.hub).put(NAME, noise(SIZE, 2))
    found = down.fetch(order_of(repository(down.hub), tmp_path, NAME))
    assert found.paths[0].read_bytes() == noise(SIZE, 2)
    assert "has changed on the hub" in down.notices


def test_the_same_bytes_in_another_commit_go_on(
    down: Downloads, begun: Any, tmp_path: Path
) -> None:
    repository(down.hub).put("README.md", b"new words")
    assert repository(down.hub).sha != begun.commit
    found = down.fetch(order_of(repository(down.hub), tmp_path, NAME))
    assert found.fetched_bytes == SIZE - 400_000


def test_an_etag_that_changed_meanwhile_is_told(down: Downloads, begun: Any) -> None:
    down.hub.faults.add(f"*{NAME}", etag="a" * 64)
    with pytest.raises(ChangedError, match="changed on the hub"):
        down.fetch(begun)


@pytest.mark.parametrize("door", ["hub", "cdn"])
@pytest.mark.parametrize("status", [500, 503])
def test_a_hub_with_trouble_is_asked_again(
    down: Downloads, tmp_path: Path, status: int, door: str
) -> None:
    down.hub.faults.add(f"*{NAME}", door=door, status=status, times=2)
    assert down.fetch(order_of(repository(down.hub), tmp_path, NAME)).fetched_bytes == SIZE


def test_retry_after_is_heeded(
    down: Downloads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.hub.download_patience.random.uniform", lambda least, most: least)
    down.hub.faults.add(f"*{NAME}", door="hub", status=429, headers={"Retry-After": "1"}, times=1)
    begun = time.monotonic()
    down.fetch(order_of(repository(down.hub), tmp_path, NAME))
    assert time.monotonic() - begun >= 1.0
    waits = [e for e in down.heard if isinstance(e, Transfer) and e.stage is Stage.WAITING_HUB]
    assert waits[0].words == "the hub is busy, trying again in 1 s"


def test_a_hub_that_wants_hours_of_waiting_is_not_waited_for(
    down: Downloads, tmp_path: Path
) -> None:
    down.hub.faults.add(f"*{NAME}", status=429, headers={"Retry-After": "86400"})
    with pytest.raises(HubError, match="too many requests"):
        down.fetch(order_of(repository(down.hub), tmp_path, NAME))


def test_a_connection_that_falls_silent_is_given_up(down: Downloads, tmp_path: Path) -> None:
    down.means.patience = hasty
    down.hub.faults.add(f"*{NAME}", door="cdn", stall_after=200_000, times=2)
    found = down.fetch(order_of(repository(down.hub), tmp_path, NAME))
    assert found.fetched_bytes == SIZE


def test_a_hub_that_never_answers(down: Downloads, tmp_path: Path) -> None:
    down.means.patience = hasty
    down.hub.faults.add(f"*{NAME}", silent=True)
    with pytest.raises(ChaskiError, match="nothing came for"):
        down.fetch(order_of(repository(down.hub), tmp_path, NAME))


def test_links_that_grow_old_are_asked_for_anew(down: Downloads, tmp_path: Path) -> None:
    down.hub.faults.add(f"*{NAME}", door="cdn", cut_after=200_000, times=1)
    down.hub.faults.add(f"*{NAME}", door="cdn", status=403, times=2)
    assert down.fetch(order_of(repository(down.hub), tmp_path, NAME)).fetched_bytes <= SIZE + 600


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"status": 404, "headers": {"X-Error-Code": "EntryNotFound"}}, "has no file tiny"),
        ({"status": 404}, "has no model someone/tiny-GGUF"),
        ({"status": 403, "headers": {"X-Error-Code": "GatedRepo"}}, "accept the terms"),
        ({"status": 403}, "gives no access"),
        ({"status": 418}, "error 418"),
        ({"html": True}, "sign in there first"),
        ({"reset": True}, "ended the connection early"),
    ],
)
def test_refusals_are_sentences_and_leave_no_model(
    down: Downloads, tmp_path: Path, fault: dict[str, Any], words: str
) -> None:
    down.hub.faults.add(f"*{NAME}", door="hub", **fault)
    with pytest.raises(ChaskiError, match=words):
        down.fetch(order_of(repository(down.hub), tmp_path, NAME))
    assert not (tmp_path / NAME).exists()


def test_a_portal_on_the_way_is_waited_for(down: Downloads, tmp_path: Path) -> None:
    """The computer was carried into a café."""
    down.hub.faults.add(f"*{NAME}", door="cdn", stall_after=100_000, times=1)
    ticket = down.begin(order_of(repository(down.hub), tmp_path, NAME))
    part = tmp_path / f"{NAME}.part"
    until(lambda: part.exists() and part.stat().st_size == 100_000)
    down.hub.faults.add(f"*{NAME}", door="hub", html=True, times=2)
    found = ticket.wait(WAIT)
    assert isinstance(found, Fetched)
    assert found.fetched_bytes == SIZE


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "http://no-such-host.invalid"])
def test_no_network(down: Downloads, tmp_path: Path, address: str) -> None:
    order = order_of(repository(down.hub), tmp_path, NAME)
    with Hub(NetworkSettings(endpoint=address, proxy="none")) as nowhere:
        down.means.hub = nowhere
        with pytest.raises(HubError, match="check that this computer is connected"):
            down.fetch(order)


def test_a_corrupting_network_is_found_out(down: Downloads, tmp_path: Path) -> None:
    fault = down.hub.faults.add(f"*{NAME}", door="cdn", corrupt_at=300_000, times=1)
    found = down.fetch(order_of(repository(down.hub), tmp_path, NAME))
    assert sha256(found.paths[0]) == repository(down.hub).files[NAME].sha256
    assert "fetched anew" in down.notices
    found.paths[0].unlink()
    fault.times = None
    with pytest.raises(ChaskiError, match="twice had another checksum"):
        down.fetch(order_of(repository(down.hub), tmp_path, NAME))
    assert leftovers(tmp_path) == []


def test_a_hub_that_knows_no_ranges(down: Downloads, begun: Any) -> None:
    down.hub.faults.add(f"*{NAME}", no_ranges=True)
    found = down.fetch(begun)
    assert sha256(found.paths[0]) == repository(down.hub).files[NAME].sha256


def test_a_hub_that_sends_another_range(down: Downloads, begun: Any) -> None:
    down.hub.faults.add(f"*{NAME}", door="cdn", wrong_range=True)
    with pytest.raises(ChaskiError, match="another part"):
        down.fetch(begun)


@pytest.mark.parametrize("told", [SIZE - 1000, SIZE + 1000])
def test_a_hub_that_lies_about_sizes(down: Downloads, tmp_path: Path, told: int) -> None:
    repository(down.hub).put("lie.gguf", HubFile(noise(SIZE), told_size=told))
    with pytest.raises(ChaskiError, match=f"lie.gguf has {told:,} bytes, and sends 600,000"):
        down.fetch(order_of(repository(down.hub), tmp_path, "lie.gguf"))
    assert not (tmp_path / "lie.gguf").exists()


def test_two_at_once_on_one_file(down: Downloads, tmp_path: Path) -> None:
    order = order_of(repository(down.hub), tmp_path, NAME)
    down.hub.faults.add(f"*{NAME}", door="cdn", bytes_per_second=100_000)
    first = down.begin(order)
    until(lambda: (tmp_path / f"{NAME}.part").exists())
    with pytest.raises(BusyError, match="being downloaded already"):
        down.fetch(order)
    first.cancel()


def test_shards_come_as_one_order_side_by_side(down: Downloads, tmp_path: Path) -> None:
    names = [f"big/model-{n:05d}-of-00004.gguf" for n in range(1, 5)]
    for n, name in enumerate(names):
        repository(down.hub).put(name, noise(200_000, n + 5))
    down.hub.faults.add("*model-*", door="cdn", bytes_per_second=400_000)
    ticket = down.begin(order_of(repository(down.hub), tmp_path, *names))
    most = 0
    while not ticket.ended:
        most = max(most, sum(0 < r.sent < 200_000 for r in down.hub.log.of("cdn")))
        time.sleep(0.005)
    assert most == 3
    found = ticket.wait(0)
    assert isinstance(found, Fetched)
    assert [path.read_bytes() for path in found.paths] == [noise(200_000, n + 5) for n in range(4)]
    assert found.bytes == found.fetched_bytes == 800_000
    assert {e.total for e in down.heard if isinstance(e, Transfer)} == {800_000}


def test_small_files_are_held_against_gits_checksum(down: Downloads, tmp_path: Path) -> None:
    repository(down.hub).put("config.json", b'{"a": 1}').put("empty.txt", b"")
    order = order_of(repository(down.hub), tmp_path, "config.json", "empty.txt")
    assert order.files[0].blob
    down.fetch(order)
    assert (tmp_path / "config.json").read_bytes() == b'{"a": 1}'
    assert (tmp_path / "empty.txt").read_bytes() == b""


def test_a_folder_that_is_a_file(down: Downloads, tmp_path: Path) -> None:
    (tmp_path / "new").write_bytes(b"")
    with pytest.raises(ChaskiError, match="cannot be written"):
        down.fetch(order_of(repository(down.hub), tmp_path / "new", NAME))


def test_too_little_room_is_told_before_a_byte_comes(
    down: Downloads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.hub.download_order._free", lambda folder: 64 << 20)
    with pytest.raises(ChaskiError, match="make room or choose another folder"):
        down.fetch(order_of(repository(down.hub), tmp_path, NAME))
    assert not down.hub.log.requests


def test_a_disk_that_is_full_on_the_way_keeps_what_is_there(
    down: Downloads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = download_part.DownloadPart._write

    def fills(self: download_part.DownloadPart, at: int, data: bytes) -> None:
        if at > 300_000:
            raise download_part.full(tmp_path, SIZE - at) from OSError(errno.ENOSPC, "full")
        write(self, at, data)

    monkeypatch.setattr(download_part.DownloadPart, "_write", fills)
    order = order_of(repository(down.hub), tmp_path, NAME)
    with pytest.raises(ChaskiError, match="the disk is full"):
        down.fetch(order)
    monkeypatch.undo()
    there = (tmp_path / f"{NAME}.part").stat().st_size
    assert there >= 300_000
    assert down.fetch(order).fetched_bytes == SIZE - there


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 512 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_cannot_be_written(down: Downloads, tiny_disk: Path, tmp_path: Path) -> None:
    order = order_of(repository(down.hub), tiny_disk / "new", NAME)
    subprocess.run(["mount", "-o", "remount,ro,size=80m", str(tiny_disk)], check=True)
    with pytest.raises(ChaskiError, match="cannot be written: Read-only file system; choose"):
        down.fetch(order)
    assert not down.hub.log.requests


def test_a_disk_that_is_really_full(
    down: Downloads, tiny_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = order_of(repository(down.hub), tiny_disk, NAME)
    with pytest.raises(ChaskiError, match="make room or choose another folder"):
        down.fetch(order)
    monkeypatch.setattr("engine.hub.download_order._free", lambda folder: None)
    with pytest.raises(ChaskiError, match="the disk is full: .* more are needed"):
        down.fetch(order)
    there = (tiny_disk / f"{NAME}.part").stat().st_size
    assert there > 300_000
    subprocess.run(["mount", "-o", "remount,size=2m", str(tiny_disk)], check=True)
    found = down.fetch(order)
    assert found.fetched_bytes <= SIZE - there + PIECE
    assert sha256(found.paths[0]) == repository(down.hub).files[NAME].sha256


def test_a_disk_that_is_locked_on_the_way(down: Downloads, tiny_disk: Path) -> None:
    """As a stick whose switch is pushed: what is there stays, and is not fetched again."""
    subprocess.run(["mount", "-o", "remount,size=80m", str(tiny_disk)], check=True)
    slow = down.hub.faults.add(f"*{NAME}", door="cdn", stall_after=400_000)
    order = order_of(repository(down.hub), tiny_disk, NAME)
    part = tiny_disk / f"{NAME}.part"
    ticket = down.begin(order)
    until(lambda: part.exists() and part.stat().st_size == 400_000)
    ticket.cancel()
    with pytest.raises(CancelledError):
        ticket.wait(WAIT)
    slow.times = 0
    subprocess.run(["mount", "-o", "remount,ro", str(tiny_disk)], check=True)
    with pytest.raises(ChaskiError, match="cannot be written: Read-only file system; choose"):
        down.fetch(order)
    subprocess.run(["mount", "-o", "remount,rw", str(tiny_disk)], check=True)
    assert down.fetch(order).fetched_bytes == SIZE - 400_000


def test_a_file_that_another_program_holds_gets_its_name_later(
    down: Downloads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where a scanner of viruses has it open just then."""
    order = order_of(repository(down.hub), tmp_path, NAME)

    def held(*args: object, **options: object) -> None:
        raise PermissionError(errno.EACCES, "The file is used by another process")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(download_part, "give_name", held)
        with pytest.raises(ChaskiError, match=r"part cannot be kept: .*used by another process"):
            down.fetch(order)
    assert leftovers(tmp_path) == [f"{NAME}.part", f"{NAME}.part.journal"]
    assert down.fetch(order).fetched_bytes == 0
    assert leftovers(tmp_path) == [NAME]


def test_a_speed_limit_holds_for_all_together(hub: LocalHub, tmp_path: Path) -> None:
    for n in range(3):
        repository(hub).put(f"{n}.gguf", noise(100_000, n))
    with downloads(hub, Limits(200_000)) as down:
        begun = time.monotonic()
        down.fetch(order_of(repository(hub), tmp_path, "0.gguf", "1.gguf", "2.gguf"))
        assert time.monotonic() - begun > 0.8


@pytest.mark.parametrize(
    "name", ["../../evil.gguf", "/etc/evil.gguf", "a/../../b.gguf", "nul.gguf", "a\\b.gguf", "C:x"]
)
def test_names_that_lead_elsewhere_are_refused(down: Downloads, tmp_path: Path, name: str) -> None:
    order = DownloadOrder("someone/tiny-GGUF", "main", (records.HubFile(name, 3),), tmp_path / "in")
    with pytest.raises(FormatError, match="is not kept"):
        down.fetch(order)
    assert not down.hub.log.requests
    assert leftovers(tmp_path) == []


def test_names_that_differ_in_case_alone_are_refused(down: Downloads, tmp_path: Path) -> None:
    repository(down.hub).put("TINY.Q4_K_M.gguf", b"x")
    with pytest.raises(FormatError, match="same file"):
        down.fetch(order_of(repository(down.hub), tmp_path, NAME, "TINY.Q4_K_M.gguf"))
