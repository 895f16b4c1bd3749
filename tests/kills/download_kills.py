"""Kills the real `chaski download` at random moments, and counts every byte that the hub sent.

    .venv/bin/python tests/kills/download_kills.py [--kills 30] [--seed 1] [--megabytes 512]
                                                   [--kind single|shards|make]

The hub is tests/helpers/local_hub, in this process; the program runs in one of its own and is
killed with SIGKILL at any moment: while it starts, looks through what is there, fetches, gives the
file its name. After the kills it is left alone. Then every file must be what the hub has, byte for
byte, in the library, and the hub must have sent at most 1.02 times what they are. Prints the
figures.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from helpers.local_hub.repositories import Repository  # noqa: E402
from helpers.local_hub.server import LocalHub  # noqa: E402

MOST = 1.02  # times the file
PROGRAM = [sys.executable, "-c", "import sys; from engine.cli import main; sys.exit(main())"]
# Seconds of bytes for each kill, which costs what is on its way just then: some milliseconds'. A
# quick connection on purpose (400 MB in 30 kills come at 38 MB/s): that is what costs most.
SPREAD_S = 0.35
START_S = 1.5  # about what the program takes until its first byte
REPO = "someone/killed-GGUF"
PIECE = 1 << 20


@dataclass
class Figures:
    """`sent`: bytes of model files that left the hub; `stages`: where the kills struck."""

    size: int
    sent: int = 0
    kills: int = 0
    early: int = 0  # kills before the first byte of a run
    ended: int = 0  # runs that came to their end before they were killed
    is_right: bool = False
    answers: bool = False  # the model that came of it
    library: list[str] = field(default_factory=list)
    leftovers: list[str] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return self.sent / self.size

    @property
    def passed(self) -> bool:
        right = self.is_right and self.answers and bool(self.library)
        return right and self.ratio <= MOST and not self.leftovers

    def words(self) -> str:
        return (
            f"{self.kills} kills ({self.early} before the first byte, {self.ended} runs ended "
            f"before theirs); {self.size:,} bytes, sent {self.sent:,}: {self.ratio:.4f} times; "
            f"right: {self.is_right}; in the library: {', '.join(self.library) or 'nothing'}, "
            f"answers: {self.answers}; "
            f"left over: {', '.join(self.leftovers) or 'nothing'}"
        )


def kill_downloads(
    home: Path,
    kills: int,
    seed: int,
    megabytes: float,
    kind: str = "single",
    spread_s: float = SPREAD_S,
) -> Figures:
    """All rounds share one home, as a person's starts do. `spread_s`: seconds of bytes a kill."""
    draw = random.Random(seed)
    with LocalHub() as hub:
        wish = filled(hub, home, megabytes, kind, seed)
        files = hub.repositories[REPO].files
        figures = Figures(sum(file.size for file in files.values()))
        seconds = max(1.0, kills * spread_s)  # over which the bytes are spread
        hub.faults.add("*", door="cdn", bytes_per_second=figures.size / seconds / len(files))
        for _ in range(kills):
            before = sent(hub)
            flows = draw.random() < 0.8  # the others are killed while they start or look through
            after = draw.uniform(0.0, 2 * seconds / kills if flows else START_S)
            if not killed(hub, home, wish, after, flows):
                figures.ended += 1
            figures.kills += 1
            figures.early += sent(hub) == before
        hub.faults.clear()
        told = finished(hub, home, wish)
        time.sleep(0.2)  # the hub counts when it has sent
        figures.sent = sent(hub)
        folder = home / "models" / "someone" / "killed-GGUF"
        figures.is_right = (
            all(same(file.content, folder / name) for name, file in files.items())
            and Path(told["path"]).is_file()
        )
        made = {Path(told["path"]).name} if kind == "make" else set[str]()
        figures.leftovers = [
            path.name
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.relative_to(folder).as_posix() not in {*files, *made}
        ]
        figures.library = [told["model"]]
        figures.answers = answers(hub, home, told["model"])
    return figures


def filled(hub: LocalHub, home: Path, megabytes: float, kind: str, seed: int) -> list[str]:
    """The hub has what is to be fetched; the rest of the command line."""
    found, source = hub.add(Repository(REPO)), home / "source"
    source.mkdir(parents=True)
    if kind == "make":
        from helpers.tiny_checkpoints import write_folder

        for path in sorted(write_folder(source / "weights", "llama").iterdir()):
            found.put(path.name, path)
        with_noise(source / "weights" / "vocabulary.txt", b"", megabytes, seed)
        found.put("vocabulary.txt", source / "weights" / "vocabulary.txt")
        return ["download", REPO, "--make", "Q4_K_M"]
    paths = models(source, kind == "shards")
    for number, path in enumerate(paths):
        with_noise(path, path.read_bytes(), megabytes / len(paths), seed + number)
        found.put(path.name, path)
    return ["download", f"{REPO}:Q4_0"]


def models(folder: Path, in_shards: bool) -> list[Path]:
    """GGUF files that open; noise comes behind them, so that every byte is its place's own."""
    from helpers.split_models import split
    from helpers.tiny_models import write_tiny_llama

    path = write_tiny_llama(folder / "tiny-Q4_0.gguf", n_ctx=512)
    return split(path, folder) if in_shards else [path]


def with_noise(path: Path, beginning: bytes, megabytes: float, seed: int) -> None:
    draw = random.Random(seed)
    with path.open("wb") as file:
        file.write(beginning)
        while file.tell() < megabytes * 1e6:
            file.write(draw.randbytes(PIECE))


def sent(hub: LocalHub) -> int:
    """Bytes of files, whichever door they left by."""
    return sum(
        request.sent
        for request in list(hub.log.requests)
        if request.door == "cdn" or ("/resolve/" in request.path and request.status in (200, 206))
    )


def answers(hub: LocalHub, home: Path, model: str) -> bool:
    words = ["complete", model, "-p", "once", "-n", "2", "--backend", "reference"]
    words.append("--ignore-eos")  # weights are by chance: now and then they end at once
    with begun(hub, home, words) as program:
        out, _ = program.communicate(timeout=120)
    return program.returncode == 0 and len(json.loads(out)["ids"]) > 0


def begun(hub: LocalHub, home: Path, words: list[str]) -> "subprocess.Popen[bytes]":
    surroundings = {
        **os.environ,
        "CHASKI_HOME": str(home),
        "HF_ENDPOINT": hub.url,
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
    return subprocess.Popen(
        [*PROGRAM, *words, "--json"],
        cwd=ROOT,
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def killed(hub: LocalHub, home: Path, wish: list[str], after: float, flows: bool) -> bool:
    """So many seconds after its start or, where it `flows`, after its first byte; False where it
    came to its end before."""
    before, patience = sent(hub), time.monotonic() + 60
    with begun(hub, home, wish) as program:
        while flows and sent(hub) == before and program.poll() is None:
            if time.monotonic() > patience:
                raise RuntimeError("not a byte came in a minute")
            time.sleep(0.002)
        try:
            program.wait(after)
            return False
        except subprocess.TimeoutExpired:
            program.send_signal(signal.SIGKILL)
    return True


def finished(hub: LocalHub, home: Path, wish: list[str]) -> dict[str, str]:
    """Left alone it comes to its end; what it says."""
    with begun(hub, home, wish) as program:
        out, err = program.communicate(timeout=600)
    if program.returncode:
        raise RuntimeError(f"the download ended with {program.returncode}: {err.decode()}")
    found: dict[str, str] = json.loads(out)
    return found


def same(content: "bytes | Path", path: Path) -> bool:
    if isinstance(content, bytes):
        return path.read_bytes() == content
    with content.open("rb") as a, path.open("rb") as b:
        while True:
            one, other = a.read(PIECE), b.read(PIECE)
            if one != other:
                return False
            if not one:
                return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--megabytes", type=float, default=512)
    parser.add_argument("--kind", choices=("single", "shards", "make"), default="single")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        figures = kill_downloads(Path(folder), args.kills, args.seed, args.megabytes, args.kind)
        print(f"{args.kind}: {figures.words()}; {time.monotonic() - began:.0f} s")
    return 0 if figures.passed else 1


if __name__ == "__main__":
    sys.exit(main())
