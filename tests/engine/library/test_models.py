"""The list of models: adding, names, the models folder, verification, changed and missing files."""

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.tiny_models import write_tiny_llama

from engine.base.errors import UsageError
from engine.base.paths import Paths
from engine.library import Library
from engine.library.files import is_model_name, parts_of, plain_name


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.under(tmp_path / "home 家")


@pytest.fixture
def library(paths: Paths) -> Iterator[Library]:
    found = Library(paths)
    yield found
    found.close()


def tiny(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_tiny_llama(path)
    return path


def names(library: Library) -> list[str]:
    return [model.name for model in library.list()]


def test_add_reads_the_header(library: Library, tmp_path: Path) -> None:
    model = library.add(tiny(tmp_path / "Élan 1B.gguf"))
    assert model.name == "Élan 1B"
    assert model.architecture == "llama"
    assert model.parameters > 0
    assert model.file_bytes == model.path.stat().st_size
    assert model.n_ctx_train == 512
    assert library.list() == [model]


def test_names_mean_the_same_in_any_case(library: Library, tmp_path: Path) -> None:
    path = tiny(tmp_path / "Qwen3-4B-Q4_K_M.gguf")
    library.add(path)
    for spelling in ("qwen3-4b-q4_k_m", "QWEN3-4B-Q4_K_M.GGUF", "qwen3", str(path)):
        assert library.resolve(spelling) == path


def test_the_beginning_of_several_names_is_refused(library: Library, tmp_path: Path) -> None:
    library.add(tiny(tmp_path / "qwen-a.gguf"))
    library.add(tiny(tmp_path / "qwen-b.gguf"))
    with pytest.raises(UsageError, match="qwen-a, qwen-b"):
        library.find("qwen")


def test_unknown_name_offers_the_nearest(library: Library, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="which is empty"):
        library.find("x")
    library.add(tiny(tmp_path / "mistral.gguf"))
    with pytest.raises(UsageError, match="did you mean mistral"):
        library.find("mistrall")


def test_adding_again_changes_nothing(library: Library, tmp_path: Path) -> None:
    path = tiny(tmp_path / "a.gguf")
    library.add(path, "My model")
    library.add(path)
    assert names(library) == ["My model"]


def test_same_file_names_get_numbers(library: Library, tmp_path: Path) -> None:
    library.add(tiny(tmp_path / "one" / "model.gguf"))
    library.add(tiny(tmp_path / "two" / "MODEL.gguf"))
    assert names(library) == ["model", "MODEL (2)"]


@pytest.mark.parametrize("content", [b"", b"hello", b"GGUF\x03\x00\x00\x00" + b"\xff" * 16])
def test_broken_files_are_not_added(library: Library, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.gguf"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"bad\.gguf was not added"):
        library.add(path)
    with pytest.raises(UsageError, match="there is no file"):
        library.add(tmp_path / "absent.gguf")


def test_models_folder_is_seen(library: Library, paths: Paths) -> None:
    tiny(paths.models / "maker" / "small.gguf")
    (paths.models / "mmproj-small.gguf").write_bytes(b"x")
    (paths.models / "small.gguf.part").write_bytes(b"x")
    (paths.models / "broken.gguf").write_bytes(b"x")
    broken, small = library.list()
    assert (small.name, small.problem) == ("small", "")
    assert broken.problem


def test_removed_stays_away_until_added_again(
    library: Library, paths: Paths, tmp_path: Path
) -> None:
    inside, outside = tiny(paths.models / "in.gguf"), tiny(tmp_path / "out.gguf")
    library.add(outside)
    assert names(library) == ["in", "out"]
    library.remove("in")
    library.remove(outside)
    assert names(library) == []
    assert inside.exists()
    assert outside.exists()
    library.add(inside)
    assert names(library) == ["in"]


def test_rename(library: Library, tmp_path: Path) -> None:
    library.add(tiny(tmp_path / "a.gguf"))
    library.add(tiny(tmp_path / "b.gguf"))
    library.rename("A", "Alpha")
    assert names(library) == ["Alpha", "b"]
    library.rename("alpha", "ALPHA")
    assert names(library) == ["ALPHA", "b"]
    with pytest.raises(UsageError, match="called alpha already"):
        library.rename("b", "alpha")
    with pytest.raises(UsageError, match="cannot be a name"):
        library.rename("b", "x/y")


def test_a_file_that_changed_is_read_again(library: Library, tmp_path: Path) -> None:
    path = tiny(tmp_path / "a.gguf")
    before = library.add(path).parameters
    write_tiny_llama(path, n_layer=4)
    os.utime(path, ns=(1, 1))
    assert library.list()[0].parameters > before


def test_a_file_that_is_gone_is_told(library: Library, tmp_path: Path) -> None:
    path = tiny(tmp_path / "a.gguf")
    library.add(path)
    path.unlink()
    assert "is gone" in library.list()[0].problem
    with pytest.raises(UsageError, match="is gone"):
        library.resolve("a")
    assert not library.verify("a").ok


def test_verify(library: Library, tmp_path: Path) -> None:
    path = tiny(tmp_path / "a.gguf")
    library.add(path)
    assert library.verify("a").ok
    deep = library.verify("a", deep=True)
    assert deep.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert library.list()[0].sha256 == deep.sha256
    path.write_bytes(path.read_bytes()[:-1000])
    cut = library.verify("a")
    assert not cut.ok
    assert cut.problems


def test_verify_finds_a_changed_byte(library: Library, tmp_path: Path) -> None:
    path = tiny(tmp_path / "a.gguf")
    library.add(path)
    library.verify("a", deep=True)
    stamp = path.stat()
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))  # as a failing disk would do it
    found = library.verify("a", deep=True)
    assert found.problems == ("its contents have changed since it was last verified",)


def test_verifying_tells_progress(library: Library, tmp_path: Path) -> None:
    library.add(tiny(tmp_path / "a.gguf"))
    steps = list(library.verifying("a"))
    assert steps[-1].done == steps[-1].total > 0


def test_two_libraries_at_once(paths: Paths, tmp_path: Path) -> None:
    one, two = Library(paths), Library(paths)
    one.add(tiny(tmp_path / "a.gguf"))
    two.add(tiny(tmp_path / "b.gguf"))
    assert names(one) == names(two) == ["a", "b"]
    one.close()
    two.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has file names that are no text")
def test_file_names_that_are_no_text(library: Library, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.gguf"))
    tiny(path)
    library.add(path, "cafe")
    assert library.resolve("cafe") == path


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("a.gguf", True),
        ("A.GGUF", True),
        ("a-00001-of-00003.gguf", True),
        ("a-00002-of-00003.gguf", False),
        ("mmproj-a.gguf", False),
        (".a.gguf", False),
        ("a.gguf.part", False),
        ("gguf", False),
    ],
)
def test_which_names_count(name: str, counts: bool) -> None:
    assert is_model_name(name) == counts


def test_parts_belong_together() -> None:
    first = Path("/x/a-00001-of-00003.gguf")
    assert [p.name for p in parts_of(first)] == [f"a-0000{n}-of-00003.gguf" for n in (1, 2, 3)]
    assert plain_name(first) == "a"
