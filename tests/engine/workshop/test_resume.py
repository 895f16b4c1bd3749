"""A stopped job goes on where it was: what comes out is what one run would have written."""

import os
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from helpers.data import ROOT
from helpers.interrupted import killed, notices, stopped
from helpers.open_tiny import drive
from helpers.tiny_checkpoints import write_folder
from helpers.tiny_models import write_tiny_llama

from engine.base.errors import UsageError
from engine.base.events import Event, Progress, Stage
from engine.weights.formats import gguf_part
from engine.weights.formats.gguf import open_gguf
from engine.weights.formats.gguf_write import GGUFWriter
from engine.weights.formats.imatrix import Entry, ImportanceMatrix, write_imatrix
from engine.weights.types import TensorType
from engine.workshop import quantize_encode
from engine.workshop.convert import convert
from engine.workshop.convert.run import convert_progress
from engine.workshop.quantize import Quantized, quantize_model, quantize_progress
from engine.workshop.quantize_plan import QuantizeOptions

Q5 = QuantizeOptions("Q5_0")  # mixed: some tensors are copied, some encoded


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_tiny_llama(tmp_path / "f32.gguf", n_embd=64, n_ff=128)


@pytest.fixture
def whole(source: Path, tmp_path: Path) -> bytes:
    """What an uninterrupted run writes."""
    drive(quantize_model(source, tmp_path / "whole.gguf", Q5))
    return (tmp_path / "whole.gguf").read_bytes()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out" / "q.gguf"


def is_late(event: Event) -> bool:
    """Nine of ten weights are done."""
    return isinstance(event, Progress) and event.done > 0.9 * event.total > 0


def part_of(out: Path) -> Path:
    return out.with_name(out.name + ".part")


def left(out: Path) -> list[str]:
    return sorted(path.name for path in out.parent.iterdir())


def run(source: Path, out: Path, options: QuantizeOptions = Q5) -> tuple[Quantized, str]:
    events: list[Event] = []
    made = drive(quantize_model(source, out, options), events)
    assert left(out) == sorted(path.name for path in made.paths), "nothing but the result stays"
    return made, notices(events)


def test_stopped_after_every_step(
    source: Path, whole: bytes, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quantize_encode, "CHUNK", 1 << 12)  # so that steps end within tensors
    resumed = []
    for steps in count(1):
        seen = iter(range(1, steps + 1))
        if not stopped(quantize_model(source, out, Q5), lambda _, s=seen, n=steps: next(s) == n):
            break
        assert left(out) in ([], ["q.gguf.part"])
        made, told = run(source, out)
        assert out.read_bytes() == whole
        assert (f"{made.resumed} tensors are written" in told) == (made.resumed > 0)
        resumed.append(made.resumed)
        out.unlink()
    assert resumed == sorted(resumed)
    assert resumed[0] == 0
    assert resumed[-1] >= len(made.types) - 2
    assert len(set(resumed)) > 8


def test_stopped_again_and_again(source: Path, whole: bytes, out: Path) -> None:
    """Each run writes one tensor, the last gives the file its name: nothing is done twice."""

    def writes(event: Event) -> bool:
        stages = (Stage.COPYING, Stage.ENCODING)
        return isinstance(event, Progress) and event.stage in stages

    for runs in count():
        if not stopped(quantize_model(source, out, Q5), writes):
            break
        there = quantize_progress(source, out, Q5)
        assert there is not None
        assert there.tensors == runs + 1
    assert runs == 21
    assert out.read_bytes() == whole


@pytest.mark.parametrize("steps", [3, 9, 17])
def test_a_killed_quantization_goes_on(source: Path, whole: bytes, out: Path, steps: int) -> None:
    assert killed("quantize", source, out, "Q5_0", steps).isdigit()
    assert left(out) == ["q.gguf.part"]
    there = quantize_progress(source, out, Q5)
    made, _ = run(source, out)
    assert out.read_bytes() == whole
    assert made.resumed == (there.tensors if there else 0)
    assert made.resumed > 0 or steps == 3


@pytest.mark.parametrize("steps", [4, 16])
def test_a_killed_conversion_goes_on(tmp_path: Path, out: Path, steps: int) -> None:
    folder = write_folder(tmp_path / "hf", "llama")
    drive(convert(folder, tmp_path / "whole.gguf", out_type="f16"))
    assert killed("convert", folder, out, "f16", steps).isdigit()
    assert left(out) == ["q.gguf.part"]
    there = convert_progress(folder, out, "f16")
    assert there is not None
    events: list[Event] = []
    made = drive(convert(folder, out, out_type="f16"), events)
    assert made.resumed == there.tensors > 0
    assert "continuing from" in notices(events)
    assert out.read_bytes() == (tmp_path / "whole.gguf").read_bytes()
    assert left(out) == ["q.gguf"]


@pytest.mark.parametrize("steps", [4, 7])
def test_killed_in_the_first_or_the_second_of_two_files(
    tmp_path: Path, out: Path, steps: int
) -> None:
    x = np.random.default_rng(0).standard_normal((8, 256)).astype(np.float32)
    for no in range(2):
        with GGUFWriter(tmp_path / f"s-{no + 1:05d}-of-00002.gguf") as writer:
            if no == 0:
                writer.set_all({"general.architecture": "llama", "llama.block_count": 2})
            writer.set_all({"split.no": no, "split.count": 2, "split.tensors.count": 6})
            names = [f"blk.{no}.ffn_{part}.weight" for part in ("up", "down", "gate")]
            for name in names:
                writer.declare(name, x.shape)
            for i, name in enumerate(names):
                writer.write(name, x * (no + 1) + i)
    source = tmp_path / "s-00001-of-00002.gguf"
    options = QuantizeOptions("Q4_0", keep_split=True)
    wholes = drive(quantize_model(source, tmp_path / "whole.gguf", options)).paths
    assert killed("split", source, out, "Q4_0", steps).isdigit()
    assert {path.suffix for path in out.parent.iterdir()} == {".part"}
    made, told = run(source, out, options)
    assert made.resumed > 0
    assert told.count("continuing") == 1
    assert [p.read_bytes() for p in made.paths] == [p.read_bytes() for p in wholes]


def test_stopped_before_it_has_its_name(
    source: Path, whole: bytes, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sealed part only waits for its name."""

    def stop(self: GGUFWriter) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(GGUFWriter, "publish", stop)
        with pytest.raises(KeyboardInterrupt):
            drive(quantize_model(source, out, Q5))
    assert left(out) == ["q.gguf.part"]
    there = quantize_progress(source, out, Q5)
    assert there is not None
    assert there.is_sealed
    made, _ = run(source, out)
    assert made.resumed == len(made.types)
    assert out.read_bytes() == whole


def test_a_part_is_no_model(source: Path, out: Path) -> None:
    assert stopped(quantize_model(source, out, Q5), is_late)
    assert part_of(out).read_bytes()[:4] != b"GGUF"
    assert gguf_part.is_part(part_of(out))
    assert not gguf_part.is_part(source)


def with_matrix(source: Path, path: Path, seed: int) -> QuantizeOptions:
    random = np.random.default_rng(seed)
    with open_gguf(source) as file:
        entries = {
            name: Entry(random.random((1, info.n_cols), np.float32), np.ones(1, np.float32))
            for name, info in file.tensors.items()
            if len(info.shape) > 1
        }
    write_imatrix(path, ImportanceMatrix(entries, ("text.txt",), 5, 128))
    return QuantizeOptions("Q5_0", imatrix=path)


def touched(source: Path, tmp_path: Path) -> QuantizeOptions:
    os.utime(source, ns=(1, 1))
    return Q5


OTHERS: dict[str, Callable[[Path, Path], QuantizeOptions]] = {
    "another type": lambda source, tmp_path: QuantizeOptions("Q5_1"),
    "another name within": lambda s, t: QuantizeOptions("Q5_0", override={"general.name": "x"}),
    "a matrix": lambda source, tmp_path: with_matrix(source, tmp_path / "m.gguf", 1),
    "another source": touched,
}


@pytest.mark.parametrize("name", OTHERS)
def test_another_job_begins_anew_and_says_so(
    name: str, source: Path, tmp_path: Path, out: Path
) -> None:
    assert stopped(quantize_model(source, out, Q5), is_late)
    options = OTHERS[name](source, tmp_path)
    assert quantize_progress(source, out, options) is None
    made, told = run(source, out, options)
    assert made.resumed == 0
    assert "q.gguf.part is of another job" in told
    drive(quantize_model(source, tmp_path / "w.gguf", options))
    assert out.read_bytes() == (tmp_path / "w.gguf").read_bytes()


def test_a_matrix_counts_by_its_figures(source: Path, tmp_path: Path, out: Path) -> None:
    options = with_matrix(source, tmp_path / "m.gguf", 1)
    assert stopped(quantize_model(source, out, options), is_late)
    with_matrix(source, tmp_path / "m.gguf", 1)  # made again: another date, the same figures
    assert quantize_progress(source, out, options) is not None
    with_matrix(source, tmp_path / "m.gguf", 2)
    assert quantize_progress(source, out, options) is None


def test_a_broken_part_is_never_an_error(source: Path, whole: bytes, out: Path) -> None:
    assert stopped(quantize_model(source, out, Q5), is_late)
    sound = part_of(out).read_bytes()
    random = np.random.default_rng(5)
    journal = [*range(0, 200, 9)]
    places = [*journal, *random.integers(200, len(sound), 20).tolist()]
    flipped = [sound[:at] + bytes([sound[at] ^ 0x41]) + sound[at + 1 :] for at in places]
    cut = [sound[:size] for size in (1, 39, 40, 44, 100, 2000, len(sound) // 2, len(sound) - 1)]
    half = len(sound) // 2
    others = [b"x" * 5000, b"GGUF" + sound[4:], sound + b"more", whole, whole[:half]]
    others += [sound[:half] + bytes(len(sound) - half)]  # what a power cut leaves
    for broken in [*flipped, *cut, *others]:
        part_of(out).write_bytes(broken)
        kept = [] if gguf_part.is_part(part_of(out)) else [broken]
        drive(quantize_model(source, out, Q5))
        assert out.read_bytes() == whole
        out.unlink()
        assert [path.read_bytes() for path in out.parent.iterdir()] == kept
        for path in out.parent.iterdir():
            path.unlink()


def test_what_somebody_else_called_so_is_kept(source: Path, whole: bytes, out: Path) -> None:
    """Also twice; and what a stopped job leaves is its own."""
    for number, theirs in enumerate((b"a letter", b"another letter"), 1):
        part_of(out).write_bytes(theirs)
        assert stopped(quantize_model(source, out, Q5), is_late)
        assert out.with_name(f"q.gguf.part.{number}.kept").read_bytes() == theirs
        part_of(out).unlink()
    part_of(out).write_bytes(b"a third one")
    events: list[Event] = []
    drive(quantize_model(source, out, Q5), events)
    assert "q.gguf.part was not of Chaski's making; it is called q.gguf.part.3.kept now" in (
        notices(events)
    )
    assert out.read_bytes() == whole


def test_damage_is_told(source: Path, whole: bytes, out: Path) -> None:
    assert stopped(quantize_model(source, out, Q5), is_late)
    sound = part_of(out).read_bytes()
    half = len(sound) // 2
    part_of(out).write_bytes(sound[:half] + bytes(len(sound) - half))
    made, told = run(source, out)
    assert 0 < made.resumed < len(made.types)
    assert f"damaged behind {made.resumed} of" in told
    assert out.read_bytes() == whole


def test_two_jobs_do_not_write_one_file(source: Path, whole: bytes, out: Path) -> None:
    first = quantize_model(source, out, Q5)
    assert any(is_late(event) for event in first if event is not None)
    with pytest.raises(UsageError, match=r"q\.gguf\.part is being written by another job"):
        run(source, out)
    with pytest.raises(UsageError, match="another job"):
        run(source, out, QuantizeOptions("Q4_0"))
    drive(first)
    assert out.read_bytes() == whole


def test_a_wrong_source_leaves_no_part(tmp_path: Path, out: Path) -> None:
    x = np.zeros((2, 256), np.float32)
    with GGUFWriter(tmp_path / "nan.gguf") as writer:
        writer.set_all({"general.architecture": "llama", "llama.block_count": 1})
        for name in ("blk.0.ffn_up.weight", "blk.0.ffn_down.weight"):
            writer.declare(name, x.shape)
        writer.write("blk.0.ffn_up.weight", x)
        writer.write("blk.0.ffn_down.weight", x + np.nan)
    with pytest.raises(Exception, match="no numbers"):
        run(tmp_path / "nan.gguf", out)
    assert left(out) == []


def test_what_is_there_counts_as_room(
    source: Path, whole: bytes, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert stopped(quantize_model(source, out, Q5), is_late)
    usage = type("usage", (), {"free": (64 << 20) + len(whole) // 3})
    monkeypatch.setattr("engine.workshop.quantize_plan.shutil.disk_usage", lambda path: usage)
    run(source, out)
    assert out.read_bytes() == whole


def test_types_of_whole_bytes_go_on_too(tmp_path: Path, out: Path) -> None:
    """Rows whose bytes need padding; a file of F16 copied as it is."""
    source = write_tiny_llama(tmp_path / "f16.gguf", type=TensorType.F16, n_embd=36)
    copy = QuantizeOptions("COPY")
    drive(quantize_model(source, tmp_path / "w.gguf", copy))
    assert stopped(quantize_model(source, out, copy), is_late)
    assert run(source, out, copy)[0].resumed > 10
    assert out.read_bytes() == (tmp_path / "w.gguf").read_bytes()


FULL = """
import resource, sys
from pathlib import Path
from engine.workshop.quantize import quantize_model
from engine.workshop.quantize_plan import QuantizeOptions
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
try:
    list(quantize_model(sys.argv[1], Path(sys.argv[2]), QuantizeOptions("Q5_0")))
except OSError as error:
    sys.exit(3)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the limit of a file's size is Unix's")
def test_a_full_disk_is_no_loss(source: Path, whole: bytes, out: Path) -> None:
    """The system takes no byte more; once there is room, the job goes on."""
    arguments = [sys.executable, "-c", FULL, str(source), str(out), str(len(whole) // 2)]
    assert subprocess.run(arguments, cwd=ROOT).returncode == 3
    assert left(out) == ["q.gguf.part"]
    made, _ = run(source, out)
    assert made.resumed > 3
    assert out.read_bytes() == whole
