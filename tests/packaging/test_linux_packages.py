"""What people install on Linux, made of a stand-in for the frozen folder: a few small files."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import linux
import linux_flatpak
import parts
import pytest
from program import facts

from gui import libraries

ABOUT = facts()
DATA = ".local/share/Chaski"

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="Linux packages"),
    pytest.mark.skipif(shutil.which("xz") is None, reason="needs xz"),
]


def frozen_folder(place: Path, version: str = ABOUT.version) -> Path:
    """Both programs say their version and do nothing else."""
    inside = place / "_internal"
    inside.mkdir(parents=True)
    (inside / "LICENSES.txt").write_text("licences")
    for name in (ABOUT.console, ABOUT.window):
        (place / name).write_text(f'#!/bin/sh\necho "chaski {version}"\n')
        (place / name).chmod(0o755)
    return place


@pytest.fixture(scope="module")
def run_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("PySide6")
    out = tmp_path_factory.mktemp("out")
    return linux.make_run(frozen_folder(out / "chaski"), out, ABOUT)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Somebody who has chats and a model."""
    data = tmp_path / "it's home" / DATA
    (data / "models").mkdir(parents=True)
    (data / "models" / "a.gguf").write_bytes(b"GGUF")
    (data / "chats.sqlite3").write_bytes(b"chats")
    return tmp_path / "it's home"


def sh(
    home: Path, *command: str | Path, said: str | None = None
) -> "subprocess.CompletedProcess[str]":
    bare = {"HOME": str(home), "PATH": os.environ["PATH"]}
    return subprocess.run(
        [str(word) for word in command],
        env=bare,
        capture_output=True,
        text=True,
        input=said,
        check=False,
    )


def is_made_by_desktops(path: Path) -> bool:
    """What they read quickly in place of entries and file types."""
    return path.name == "mimeinfo.cache" or (
        path.parent.name == "mime" and ABOUT.id not in path.name
    )


def test_it_installs_itself_for_one_user(run_file: Path, home: Path) -> None:
    done = sh(home, "sh", run_file)
    assert done.returncode == 0, done.stderr
    place = home / ".local/lib/chaski"
    assert (home / ".local/bin/chaski").resolve() == place / "chaski"
    assert sh(home, home / ".local/bin/chaski-gui").stdout == f"chaski {ABOUT.version}\n"
    entry = (home / ".local/share/applications" / f"{ABOUT.id}.desktop").read_text()
    assert f'Exec="{place}/chaski-gui" %u\n' in entry
    assert f"TryExec={place}/chaski-gui\n" in entry
    icons = home / ".local/share/icons/hicolor"
    assert (icons / f"48x48/apps/{ABOUT.id}.png").read_bytes()[:4] == b"\x89PNG"
    assert [path.name for path in place.parent.iterdir()] == ["chaski"]


def test_uninstalling_leaves_chats_and_models_and_what_is_not_ours(
    run_file: Path, home: Path
) -> None:
    before = {path for path in home.rglob("*") if path.is_file()}
    assert sh(home, "sh", run_file).returncode == 0
    mine = home / ".local/lib/chaski/notes.txt"
    mine.write_text("mine")
    done = sh(home, home / ".local/lib/chaski/uninstall.sh", said="y\n")
    assert done.returncode == 0, done.stderr
    assert str(home / DATA) in done.stdout
    left = {path for path in home.rglob("*") if path.is_file()} - {*before, mine}
    assert [path for path in left if not is_made_by_desktops(path)] == []
    assert mine.exists()
    assert all(path.exists() for path in before)
    assert not (home / ".local/bin/chaski").is_symlink()


def test_a_newer_one_takes_the_place_of_an_older_one(
    run_file: Path, home: Path, tmp_path: Path
) -> None:
    assert sh(home, "sh", run_file).returncode == 0
    newer = linux.make_run(frozen_folder(tmp_path / "chaski", "9.0.0"), tmp_path, ABOUT)
    assert sh(home, "sh", newer).returncode == 0
    assert sh(home, home / ".local/bin/chaski").stdout == "chaski 9.0.0\n"
    assert [path.name for path in (home / ".local/lib").iterdir()] == ["chaski"]


def test_one_that_does_not_start_changes_nothing(
    run_file: Path, home: Path, tmp_path: Path
) -> None:
    assert sh(home, "sh", run_file).returncode == 0
    folder = frozen_folder(tmp_path / "chaski")
    (folder / "chaski").write_text("#!/bin/sh\nexit 1\n")
    done = sh(home, "sh", linux.make_run(folder, tmp_path, ABOUT))
    assert done.returncode != 0
    assert "nothing was changed" in done.stderr
    assert sh(home, home / ".local/bin/chaski").stdout == f"chaski {ABOUT.version}\n"
    assert [path.name for path in (home / ".local/lib").iterdir()] == ["chaski"]


def test_a_damaged_file_says_so(run_file: Path, home: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.run"
    damaged.write_bytes(run_file.read_bytes()[:-100])
    done = sh(home, "sh", damaged)
    assert done.returncode != 0
    assert "damaged" in done.stderr
    assert not (home / ".local/lib").exists() or not list((home / ".local/lib").iterdir())


def test_a_folder_of_somebody_else_stays(run_file: Path, home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("mine")
    done = sh(home, "sh", run_file, "--to", other)
    assert done.returncode != 0
    assert "name another folder" in done.stderr
    assert [path.name for path in other.iterdir()] == ["thesis.txt"]


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="needs dpkg-deb")
def test_the_debian_package(tmp_path: Path) -> None:
    pytest.importorskip("PySide6")
    made = linux.make_deb(frozen_folder(tmp_path / "chaski"), tmp_path, ABOUT)
    told = subprocess.run(["dpkg-deb", "-f", made], capture_output=True, text=True, check=True)
    fields = dict(line.split(": ", 1) for line in told.stdout.splitlines() if line[0] != " ")
    assert fields["Package"] == "chaski"
    assert fields["Version"] == ABOUT.version
    assert "libegl1" in fields["Depends"]
    assert fields["Description"] == ABOUT.summary["en"]
    subprocess.run(["dpkg-deb", "-R", made, tmp_path / "tree"], check=True)
    tree = tmp_path / "tree"
    assert (tree / "usr/bin/chaski").resolve() == tree / "usr/lib/chaski/chaski"
    assert (tree / "usr/share/doc/chaski/copyright").read_text() == "licences"
    assert (tree / f"usr/share/applications/{ABOUT.id}.desktop").is_file()
    assert len(list((tree / "usr/share/icons/hicolor").rglob("*.png"))) >= 10
    for name in ("postinst", "postrm"):
        assert subprocess.run(["sh", "-n", tree / "DEBIAN" / name], check=False).returncode == 0


def test_a_purge_says_where_chats_are_and_keeps_them(home: Path, tmp_path: Path) -> None:
    text = linux.script("postrm", ABOUT)
    body = text[text.index("said()") : text.index("own_home()")]
    done = sh(home, "sh", "-c", body + f'about_chats "$HOME/{DATA}" ask', said="y\n")
    assert str(home / DATA) in done.stdout
    assert "To remove them later" in done.stdout
    assert (home / DATA / "chats.sqlite3").exists()  # nobody at a terminal has said so


def test_who_wants_no_chats_keeps_no_word_of_them(home: Path) -> None:
    """Also of an answer that a kill cut, which lies beside the store until that is opened."""
    (home / DATA / "shown").mkdir()
    (home / DATA / "shown" / "7-2-0.jsonl").write_bytes(b"words")
    text = linux.script("postrm", ABOUT)
    body = text[text.index("said()") : text.index("own_home()")]
    ours, theirs = os.openpty()
    os.write(ours, b"y\n")
    command = ["sh", "-c", body + f'about_chats "{home / DATA}" ask']
    done = subprocess.run(command, stdin=theirs, capture_output=True, text=True, check=True)
    os.close(ours)
    os.close(theirs)
    assert "The chats are deleted." in done.stdout
    assert not list((home / DATA).glob("chats*"))
    assert not (home / DATA / "shown").exists()


def test_the_libc_that_is_needed_is_read_from_what_is_in_the_folder(tmp_path: Path) -> None:
    for name, versions in (("a.so", (17, 34)), ("b.so", (2, 28)), ("no program", (99,))):
        start = b"" if name == "no program" else b"\x7fELF"
        words = b"\0".join(b"GLIBC_2.%d" % n for n in versions)
        (tmp_path / name).write_bytes(start + b"\0" + words + b"\0")
    assert linux._libc_of(tmp_path) == "2.34"


def test_flatpak_takes_the_program_from_the_debian_package(tmp_path: Path) -> None:
    (tmp_path / "a.deb").write_bytes(b"deb")
    manifest = json.loads(linux_flatpak.write(tmp_path, ABOUT, "a.deb").read_text())
    (module,) = manifest["modules"]
    assert module["sources"][0]["url"].endswith(f"/download/v{ABOUT.version}/a.deb")
    assert len(module["sources"][0]["sha256"]) == 64
    assert manifest["id"] == ABOUT.id


def test_what_the_window_needs_of_a_system_comes_along_or_with_the_package() -> None:
    """Libraries of the system that are left out of the folder are there with the package."""
    needed = libraries.NEEDED | libraries.NEEDED_BY_X
    packages = {name for each in linux.NEEDED for name in each.split(" | ")}
    left_out = {name for name in needed if not parts.is_wanted(name)}
    assert "libEGL.so.1" in left_out
    assert "libxcb-cursor.so.0" not in left_out
    assert {needed[name] for name in left_out} <= packages


def test_a_folder_without_what_the_window_asks_for_is_not_packed(tmp_path: Path) -> None:
    folder = frozen_folder(tmp_path / "chaski")
    with pytest.raises(SystemExit, match="libxcb-cursor0"):
        linux.make(folder, tmp_path, ["flatpak"])
    for name in linux.lacks(folder):
        (folder / "_internal" / name).touch()
    assert linux.lacks(folder) == {}
    assert len(linux.make(folder, tmp_path, ["flatpak"])) == 1
