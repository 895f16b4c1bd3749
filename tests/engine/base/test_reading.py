"""What is read whole has a bound, whatever the system says of its size."""

import io
import os
import threading
from pathlib import Path

import pytest

from engine.base import reading
from engine.base.errors import ChaskiError, FormatError
from engine.base.reading import beginning, decoded, read_file, read_input, read_stream


def test_ordinary_files(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 1000)
    assert read_file(path, 1000) == read_stream(path, 1000) == b"x" * 1000
    for read in (read_file, read_stream):
        with pytest.raises(ChaskiError, match="more than the 999 bytes that are read"):
            read(path, 999)
        with pytest.raises(ChaskiError, match="cannot be read: No such file"):
            read(tmp_path / "none", 9)
        with pytest.raises(ChaskiError, match="cannot be read"):
            read(Path("a\0b"), 9)


def test_what_never_ends_is_refused() -> None:
    for read in (read_file, read_stream, beginning):
        with pytest.raises(ChaskiError, match="no ordinary file|neither a file nor a pipe"):
            read(Path("/dev/zero"), 1 << 40)


def test_what_lies_about_its_size() -> None:
    assert len(read_file(Path("/proc/self/status"), 1 << 16)) > 100
    with pytest.raises(FormatError, match="does not end"):
        read_file(Path("/proc/self/status"), 50)


def test_a_hole_takes_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "hole"
    with path.open("wb") as file:
        file.truncate(1 << 34)
    with pytest.raises(FormatError, match=r"says that it has 17.2 GB, but only .* are there"):
        read_file(path, 1 << 35)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pipes(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(FormatError, match="no ordinary file"):
        read_file(path, 100)
    writer = threading.Thread(target=path.write_bytes, args=(b"hello",))
    writer.start()
    assert read_stream(path, 100) == b"hello"
    writer.join()


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_input(io.BytesIO(b"abc")) == b"abc"
    with Path("/dev/zero").open("rb") as endless:
        monkeypatch.setattr(reading, "PIECE", 1 << 10)
        with pytest.raises(ChaskiError, match="standard input does not end"):
            read_input(endless, 1 << 20)


def test_the_beginning_ends_with_a_whole_letter(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("éé" * 100, encoding="utf-8")
    assert beginning(path, 3) == "é"
    assert beginning(path, 1 << 30) == "éé" * 100
    path.write_bytes("é".encode()[:1])
    with pytest.raises(ChaskiError, match="not UTF-8"):
        beginning(path, 100)
    with pytest.raises(ChaskiError, match=r"x is not UTF-8 text \(byte 1\)"):
        decoded(b"a\xff", "x")
