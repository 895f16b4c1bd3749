"""Split models: found from any of their files; what is missing or wrong is named."""

from pathlib import Path

import numpy as np
import pytest

from engine.base.errors import FormatError
from engine.weights.formats.gguf import open_gguf
from engine.weights.formats.gguf_values import ValueType
from engine.weights.formats.gguf_write import GGUFWriter


def write_shards(
    folder: Path,
    count: int = 3,
    *,
    total: int | None = None,
    claimed: int | None = None,
    numbers: list[int] | None = None,
    names: list[str] | None = None,
) -> list[Path]:
    paths = []
    for no in range(count):
        path = folder / f"big-{no + 1:05d}-of-{count:05d}.gguf"
        with GGUFWriter(path) as writer:
            if no == 0:
                writer.set("general.architecture", "llama")
            writer.set("split.no", (numbers or list(range(count)))[no], ValueType.UINT16)
            writer.set("split.count", claimed or count, ValueType.UINT16)
            writer.set("split.tensors.count", total or count, ValueType.INT32)
            name = (names or [f"w{no}" for no in range(count)])[no]
            writer.declare(name, (2, 3))
            writer.write(name, np.full((2, 3), no, np.float32))
        paths.append(path)
    return paths


@pytest.mark.parametrize("given", [0, 1, 2])
def test_any_file_will_do(tmp_path: Path, given: int):
    paths = write_shards(tmp_path)
    with open_gguf(paths[given]) as file:
        assert file.architecture == "llama"
        assert file.path == paths[0]
        assert file.paths == tuple(paths)
        assert list(file.tensors) == ["w0", "w1", "w2"]
        assert [file.tensors[f"w{i}"].shard for i in range(3)] == [0, 1, 2]
        assert [file.raw(f"w{i}").view("<f4")[0, 0] for i in range(3)] == [0, 1, 2]
        assert file.file_bytes == sum(path.stat().st_size for path in paths)
        assert file.n_parameters == 18


def test_missing_file_is_named(tmp_path: Path):
    paths = write_shards(tmp_path)
    paths[1].unlink()
    with pytest.raises(FormatError, match=r"1 of them.*missing.*big-00002-of-00003\.gguf"):
        open_gguf(paths[0])


def test_many_missing_files_are_not_all_listed(tmp_path: Path):
    paths = write_shards(tmp_path, 2, claimed=65535)
    path = paths[0].rename(tmp_path / "big-00001-of-65535.gguf")
    with pytest.raises(FormatError, match="65534 of them.*and others") as caught:
        open_gguf(path)
    assert len(str(caught.value)) < 400


def test_renamed_file_says_which_name_it_needs(tmp_path: Path):
    path = write_shards(tmp_path)[0].rename(tmp_path / "model.gguf")
    with pytest.raises(FormatError, match="model.gguf is one of the 3 files.*names back"):
        open_gguf(path)


def test_files_that_were_mixed_up(tmp_path: Path):
    paths = write_shards(tmp_path, numbers=[0, 2, 1])
    with pytest.raises(FormatError, match="big-00002-of-00003.gguf says that it is number 2"):
        open_gguf(paths[0])


def test_tensor_in_two_files(tmp_path: Path):
    paths = write_shards(tmp_path, names=["w0", "w1", "w0"])
    with pytest.raises(FormatError, match="'w0' is both in big-00001.* and in big-00003"):
        open_gguf(paths[0])


def test_number_of_tensors(tmp_path: Path):
    paths = write_shards(tmp_path, total=4)
    with pytest.raises(FormatError, match="split.tensors.count is 4, but.* 3 tensors"):
        open_gguf(paths[0])


def test_broken_shard_is_the_one_named(tmp_path: Path):
    paths = write_shards(tmp_path)
    paths[2].write_bytes(paths[2].read_bytes()[:100])
    with pytest.raises(FormatError, match="big-00003-of-00003.gguf is cut short"):
        open_gguf(paths[0])
