"""Results never go over what is not ours: devices, pipes, links, other names, other people."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from helpers.open_tiny import drive
from helpers.tiny_checkpoints import write_folder
from helpers.tiny_models import write_tiny_llama

from engine.base.errors import ChaskiError, UsageError
from engine.base.places import check_output, give_name, writing
from engine.cli import main
from engine.weights.formats.gguf_write import GGUFWriter

PRECIOUS = b"a thesis"


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    path = tmp_path / "thesis.txt"
    path.write_bytes(PRECIOUS)
    return path


def linked(out: Path, precious: Path) -> None:
    out.symlink_to(precious)


def dangling(out: Path, precious: Path) -> None:
    out.symlink_to(precious.with_name("new.txt"))


def piped(out: Path, precious: Path) -> None:
    os.mkfifo(out)


def folder(out: Path, precious: Path) -> None:
    out.mkdir()


def ordinary(out: Path, precious: Path) -> None:
    out.write_bytes(PRECIOUS)


ODD = [linked, dangling, piped, folder]


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("make", ODD)
def test_what_is_no_ordinary_file_is_refused(
    make: Callable[[Path, Path], None], overwrite: bool, tmp_path: Path, precious: Path
) -> None:
    out = tmp_path / "out.npy"
    make(out, precious)
    with pytest.raises(UsageError, match=r"out\.npy is (a link|no ordinary file|a folder)"):
        check_output(out, overwrite=overwrite)
    with pytest.raises(UsageError), writing(out, overwrite=overwrite):
        pass
    assert precious.read_bytes() == PRECIOUS
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out.npy", "thesis.txt"]


def test_devices() -> None:
    with pytest.raises(UsageError, match="no ordinary file"):
        check_output(Path("/dev/null"), overwrite=True)


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), writing(tmp_path / "x") as file:  # noqa: PT012
        file.write(b"half")
        raise KeyboardInterrupt
    assert not list(tmp_path.iterdir())
    with pytest.raises(ChaskiError, match="cannot be written"), writing(tmp_path / ("x" * 255)):
        pass
    assert not list(tmp_path.iterdir())


def test_what_somebody_made_meanwhile_stays(tmp_path: Path) -> None:
    out = tmp_path / "x"
    with pytest.raises(UsageError, match="meanwhile"), writing(out) as file:  # noqa: PT012
        file.write(b"ours")
        out.write_bytes(b"theirs")
    assert out.read_bytes() == b"theirs"
    with writing(out, overwrite=True) as file:
        file.write(b"ours")
    assert out.read_bytes() == b"ours"
    assert [p.name for p in tmp_path.iterdir()] == ["x"]


def test_a_link_that_comes_meanwhile_is_not_replaced(tmp_path: Path, precious: Path) -> None:
    part, out = tmp_path / "x.part", tmp_path / "x"
    part.write_bytes(b"ours")
    out.symlink_to(precious)
    for is_new in (False, True):
        with pytest.raises(UsageError, match="is a link"):
            give_name(part, out, is_new=is_new)
    assert precious.read_bytes() == PRECIOUS


@pytest.mark.parametrize("make", [linked, dangling, piped, folder, os.link])
def test_an_unfinished_file_is_never_written_through_a_link(
    make: Callable[[Path, Path], Any], tmp_path: Path, precious: Path
) -> None:
    part = tmp_path / "m.gguf.part"
    if make is os.link:
        os.link(precious, part)
    else:
        make(part, precious)
    with pytest.raises((ChaskiError, OSError)), GGUFWriter(tmp_path / "m.gguf") as writer:
        writer.set("a", 1)
    assert precious.read_bytes() == PRECIOUS
    assert sorted(p.name for p in tmp_path.iterdir()) == ["m.gguf.part", "thesis.txt"]


REFERENCE = ["--backend", "reference", "-t", "1"]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_llama(tmp_path_factory.mktemp("m") / "tiny.gguf", n_layer=1)


def verbs(model: Path, out: str, folder: Path) -> dict[str, list[str]]:
    text = folder / "text.json"
    text.write_text('["once upon a time there was"]')
    return {
        "logits": ["logits", str(model), "--ids", "1,5", "--out", out, *REFERENCE],
        "imatrix": ["imatrix", str(model), "-f", str(text), out, *REFERENCE],
        "quantize": ["quantize", str(model), out, "Q8_0", "-t", "1"],
        "convert": ["convert", str(write_folder(folder / "hf", "llama")), out],
    }


@pytest.mark.parametrize("verb", ["logits", "imatrix", "quantize", "convert"])
def test_verbs(
    verb: str, model: Path, tmp_path: Path, precious: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))
    place = tmp_path / "out"
    for make in [*ODD, ordinary]:
        place.mkdir()
        out = place / "out.gguf"
        make(out, precious)
        command = verbs(model, str(out), tmp_path)[verb]
        for more in ([], ["--overwrite"]):
            code = main([*command, *more])
            if make is ordinary and more:
                assert code == 0, verb
                assert out.read_bytes() != PRECIOUS
                continue
            assert code in (1, 2), (verb, make)
            assert "internal error" not in capsys.readouterr().err
            assert precious.read_bytes() == PRECIOUS
            assert [p.name for p in place.iterdir()] == ["out.gguf"]
        place.rename(tmp_path / f"done-{make.__name__}")


def test_the_text_or_the_folder_that_is_read_is_no_place(model: Path, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "hf", "llama")
    from engine.workshop.convert import convert

    before = (folder / "config.json").read_bytes()
    with pytest.raises(UsageError, match="is the source itself"):
        drive(convert(folder, folder / "config.json", overwrite=True))
    assert (folder / "config.json").read_bytes() == before
