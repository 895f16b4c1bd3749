"""Ctrl-C at any moment: 130 or done, never a traceback, never forgotten."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from helpers.patience import WAIT
from helpers.tiny_models import write_tiny_llama

from engine.base.errors import CancelledError
from engine.base.events import Event, Listener
from engine.base.jobs import Rest
from engine.cli import interrupt, main
from engine.cli.console import Console
from engine.cli.following import follow
from engine.host import Host, Ticket

PROGRAM = [sys.executable, "-c", "import sys; from engine.cli import main; sys.exit(main())"]
UNIX = pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
# Says when the first module of this program has run: what happens before is Python's affair.
UP = [
    sys.executable,
    "-c",
    "import sys; sys.addaudithook(lambda event, names: print(flush=True) if event == 'import' and "
    "names[0] == 'engine.cli.entry' else None);" + PROGRAM[2],
]


def heeding() -> None:
    """Who runs the tests in the background of a shell has Ctrl-C ignored, and so would a child."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@UNIX
@pytest.mark.parametrize("verb", ["tokenize", "info", "complete", "render"])
def test_at_any_moment(verb: str, tmp_path: Path) -> None:
    model = str(write_tiny_llama(tmp_path / "tiny.gguf", n_ctx=512))
    messages = tmp_path / "m.json"
    messages.write_text('[{"role": "user", "content": "x"}]')
    more = {
        "tokenize": ["hello"],
        "info": [],
        "complete": ["-p", "hello", "-n", "9", "--backend", "reference"],
        "render": ["--messages", str(messages)],
    }
    surroundings = {**os.environ, "CHASKI_HOME": str(tmp_path)}
    running = []
    for moment in range(5):
        child = subprocess.Popen(
            [*UP, verb, model, *more[verb]],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=surroundings,
            preexec_fn=heeding,
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(0.02 + 0.13 * moment)
        for _ in range(1 + moment % 2):  # some press it twice
            child.send_signal(signal.SIGINT)
        running.append(child)
    for child in running:
        _, err = child.communicate(timeout=WAIT)
        assert child.returncode in (0, 130)
        assert b"Traceback" not in err
        assert b"Exception" not in err
    assert running[0].returncode == 130  # it had not even read its modules


@pytest.fixture
def host() -> Iterator[Host]:
    host = Host()
    yield host
    host.shutdown()


def start(host: Host, job: Generator[Event | None, None, object]) -> Callable[[Listener], Ticket]:
    return lambda told: host.submit(job, Ticket(told))


def steps(
    seen: list[str], *, pressed: bool = False, rests: int = 0
) -> Generator[Event | None, None, str]:
    if pressed:
        os.kill(os.getpid(), signal.SIGINT)
    for _ in range(rests):
        yield Rest(0.01)
    yield None
    seen.append("done")
    return "done"


def last() -> Generator[Event | None, None, None]:
    yield None
    os.kill(os.getpid(), signal.SIGINT)


@UNIX
def test_one_in_the_last_step_stops_the_next_job(host: Host) -> None:
    console, seen = Console(), list[str]()
    before = signal.getsignal(signal.SIGINT)
    follow(console, start(host, last()))
    assert console.stop_is_asked
    with pytest.raises(CancelledError):
        follow(console, start(host, steps(seen, rests=6000)))
    assert seen == []
    assert signal.getsignal(signal.SIGINT) is before


@UNIX
def test_one_that_came_too_late_is_forgotten(host: Host) -> None:
    console, seen = Console(), list[str]()
    follow(console, start(host, last()))
    console.result({}, "")
    assert follow(console, start(host, steps(seen))) == "done"
    with pytest.raises(CancelledError):
        follow(console, start(host, steps(seen, pressed=True, rests=6000)))


def test_a_caller_with_arguments_of_its_own_keeps_its_handler(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = signal.getsignal(signal.SIGINT)
    try:
        interrupt.take()
        assert main(["info", "nowhere.gguf"]) == 1
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert "error:" in capsys.readouterr().err
